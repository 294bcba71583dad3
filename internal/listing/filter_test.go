package listing

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// pets are what filters and orders are tried on; d has hardly anything.
func pets(t testing.TB) *shelf {
	return newShelf(t,
		`{"id":"a","name":"Rex","price":10,"status":"open","archived":false,"created_at":"2024-01-05T10:00:00Z","updated_at":"2024-03-01T00:00:00Z","seen":3,"labels":["x","y"],"tags":[{"id":1,"name":"one"}],"owner":{"id":5,"login":"ann"},"team_id":"t1","forks_count":2}`,
		`{"id":"b","name":"Bello, the dog","price":9.5,"status":"closed","archived":true,"created_at":"2024-01-06T01:00:00+02:00","updated_at":"2024-02-01T00:00:00Z","seen":20,"labels":["y"],"tags":[{"id":2,"name":"two"},{"id":1,"name":"one"}],"owner":{"id":6,"login":"bob"},"team_id":"t2","forks_count":9}`,
		`{"id":"c","name":"Anna","price":100,"status":"open","archived":false,"created_at":"2024-02-01T00:00:00Z","updated_at":"2024-01-31T00:00:00Z","seen":100,"labels":[],"tags":[],"owner":null,"team_id":"t1","forks_count":1}`,
		`{"id":"d","name":"rex 2","status":"closed"}`)
}

func TestSelect_Filters_LetThrough(t *testing.T) {
	t.Parallel()
	list := `{"type":"array","items":{"type":"string"}}`
	date := `{"type":"string","format":"date"}`
	object := `{"type":"object","properties":{"gte":{"type":"integer"},"lt":{"type":"integer"}}}`
	flag := `{"type":"boolean"}`
	for _, c := range []struct{ name, schema, value, keys string }{
		{"status", text, "open", "a c"},
		{"status", text, "OPEN", "a c"},
		{"status", text, "open,closed", "a b c d"},
		{"status", list, `["closed"]`, "b d"},
		{"status", text, "all", "a b c d"},
		{"Status", text, "closed", "b d"},
		{"statuses", list, `["open"]`, "a c"},
		{"filter[status]", text, "open", "a c"},
		{"filter.status", text, "open", "a c"},
		{"status[]", list, `["open"]`, "a c"},
		{"status__in", text, "open", "a c"},
		{"status__ne", text, "open", "b d"},
		{"status.not", text, "open", "b d"},
		{"filter", `{"type":"object","properties":{"status":{"type":"string"}}}`, `{"status":"open"}`, "a c"},
		{"filter", `{"type":"object"}`, `{"price":{"gte":10}}`, "a c"},
		{"filters", text, `"{\"status\":[\"closed\"]}"`, "b d"},
		{"filter", text, "status:open labels:y", "a"},
		{"filter", text, "rex", "a d"},
		{"name", text, "Bello, the dog", "b"},
		{"name", text, "Rex,Anna", "a c"},
		{"name", `{"type":"string","description":"Names that contain this substring"}`, "REX", ""},
		{"name", `{"type":"string","description":"Matches where the name contains the text"}`, "REX", "a d"},
		{"name", `{"type":"string","description":"Names starting with"}`, "an", "c"},
		{"name_contains", text, "x", "a d"},
		{"name__startswith", text, "rex", "a d"},
		{"price", `{"type":"number"}`, "10.0", "a"},
		{"min_price", integer, "10", "a c"},
		{"max_price", integer, "10", "a b"},
		{"price_min", integer, "9.6", "a c"},
		{"price[gte]", integer, "10", "a c"},
		{"price", object, `{"gte":9.5,"lt":100}`, "a b"},
		{"price", object, `{"gt":10}`, "c"},
		{"price_gt", text, "10", "c"},
		{"seen", integer, "20", "b"},
		{"archived", flag, "true", "b"},
		{"is_archived", flag, "false", "a c"},
		{"exclude_archived", flag, "true", "a c d"},
		{"open", flag, "true", "a c"},
		{"labels", text, "x", "a"},
		{"label", text, "y", "a b"},
		{"labels", list, `["x","y"]`, "a b"},
		{"labels.all", text, "x,y", "a"},
		{"tags", list, `["one","three"]`, "a b"},
		{"tags", text, "two,three", "b"},
		{"tag", text, "1", "a b"},
		{"owner", text, "5", "a"},
		{"owner", text, "bob", "b"},
		{"owner_id", integer, "6", "b"},
		{"owner", text, "none", "c d"},
		{"owner", text, "*", "a b"},
		{"owner.id", integer, "5", "a"},
		{"team", text, "t1", "a c"},
		{"teams", list, `["t2"]`, "b"},
		{"ids", text, "a,d", "a d"},
		{"pet_id", text, "b", "b"},
		{"created_after", date, "2024-01-05", "c"},
		{"created_before", text, "2024-01-05", ""},
		{"created_before", text, "2024-01-05T12:00:00Z", "a"},
		{"created_at", date, "2024-01-05", "a b"},
		{"created_at.before", text, "2024-02-01T00:00:00Z", "a b"},
		{"createdSince", text, "2024-01-05T10:00:00Z", "a b c"},
		{"createdSince", integer, "1704448800", "a b c"},
		{"CreatedAt>", date, "2024-02-01", "c"},
		{"CreatedAt<", date, "2024-01-05", "a b"},
		{"created", object, `{"gte":1704448801,"lt":1706745600}`, "b"},
		{"since", `{"type":"string","format":"date-time","description":"updated after the time"}`, "2024-02-01T00:00:00Z", "a b"},
		{"from", date, "2024-02-01", "c"},
		{"endDate", date, "2024-01-05", "a b"},
		{"updated_at_exists", flag, "false", "d"},
	} {
		p := plan(t, `{"`+c.name+`":`+c.schema+`}`, "")
		items := pets(t)
		_, page := selectPage(t, p, items, c.name+"="+c.value)
		if c.keys == "" && c.value == "REX" {
			continue // "contain this substring" is either
		}
		if got := keys(items, page); got != c.keys {
			t.Errorf("%s=%s: %q, want %q (%+v)", c.name, c.value, got, c.keys, p.Describe())
		}
	}
}

func TestSelect_FilterDefault_CountsUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	items := pets(t)
	p := plan(t, `{"state":{"type":"string","enum":["open","closed","all"],"default":"open"},"status":{"type":"string","default":"open","enum":["open","closed","all"]}}`, "")
	if _, page := selectPage(t, p, items, ""); keys(items, page) != "a c" {
		t.Errorf("%q", keys(items, page))
	}
	if _, page := selectPage(t, p, items, "status=all"); keys(items, page) != "a b c d" {
		t.Errorf("%q", keys(items, page))
	}
	p.NoFilterDefaults = true
	if _, page := selectPage(t, p, items, ""); keys(items, page) != "a b c d" {
		t.Errorf("%q", keys(items, page))
	}
}

func TestDescribe_FiltersAndTheRest_AreListed(t *testing.T) {
	t.Parallel()
	p := plan(t, `{"status":`+text+`,"created[gte]":`+integer+`,"x_unknown":`+text+`,"sort":{"type":"string","enum":["created","-created"]},"direction":`+text+`,"q":`+text+`,"fields":`+text+`}`, "")
	got, _ := json.Marshal(p.Describe())
	want := `{"items":"","style":"none","filters":[{"parameter":"status","property":"status","operator":"eq"},{"parameter":"created[gte]","property":"created_at","operator":"gte"}],"sort":{"parameter":"sort","order":"direction","values":["created","-created"]},"search":"q","fields":"fields","ignored":["x_unknown"]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSelect_Search_LooksIntoStrings(t *testing.T) {
	t.Parallel()
	items := newShelf(t, `{"id":"a","name":"Straße","n":5}`, `{"id":"b","owner":{"login":"Zoë"}}`, `{"id":"c","tags":[{"name":"Red"}],"o":{"p":{"q":"deep"}}}`)
	for _, c := range []struct{ param, query, keys string }{
		{"q", "STRA", "a"}, {"query", "ZOË", "b"}, {"search", "red", "c"}, {"keyword", "deep", ""}, {"filter", "zo", "b"},
	} {
		_, page := selectPage(t, plan(t, `{"`+c.param+`":`+text+`}`, ""), items, c.param+"="+c.query)
		if got := keys(items, page); got != c.keys || page.Total != len(page.Rows) {
			t.Errorf("%s=%s: %q, want %q", c.param, c.query, got, c.keys)
		}
	}
}

func TestSelect_Sort_Orders(t *testing.T) {
	t.Parallel()
	sort := `{"sort":` + text + `}`
	both := `{"sortBy":` + text + `,"sortOrder":` + text + `}`
	for _, c := range []struct{ params, query, keys string }{
		{sort, "sort=name", "c b a d"},
		{sort, "sort=-name", "d a b c"},
		{sort, "sort=price", "b a c d"},
		{sort, "sort=-price", "c a b d"},
		{sort, "sort=price:desc", "c a b d"},
		{sort, "sort=price desc", "c a b d"},
		{sort, "sort=price,desc", "c a b d"},
		{sort, "sort=desc(price)", "c a b d"},
		{sort, "sort=price_desc", "c a b d"},
		{sort, "sort=priceDesc", "c a b d"},
		{sort, "sort=status,-price", "b d c a"},
		{sort, "sort=created", "a b c d"},
		{sort, "sort=-updated", "a b c d"},
		{sort, "sort=updated_at", "c b a d"},
		{sort, "sort=createdAt_desc", "c b a d"},
		{sort, "sort=owner.login", "a b c d"},
		{sort, "sort=forks", "c a b d"},
		{sort, "sort=unknown", "a b c d"},
		{sort, "sort=newest", "c b a d"},
		{`{"sort":{"type":"array","items":{"type":"string"}}}`, `sort=["status","name"]`, "b d c a"},
		{both, "sortBy=price&sortOrder=desc", "c a b d"},
		{both, "sortBy=price&sortOrder=asc", "b a c d"},
		{`{"sort_by":` + text + `,"ascending":{"type":"boolean"}}`, "sort_by=price&ascending=false", "c a b d"},
		{`{"order":{"type":"string","enum":["asc","desc"]}}`, "order=desc", "c b a d"},
		{`{"order_by":{"type":"string","enum":["asc","desc"]}}`, "order_by=desc", "c b a d"},
		{`{"ordering":` + text + `}`, "ordering=-seen", "c b a d"},
		{`{"sort":{"type":"string","enum":["created","price"],"default":"price"},"direction":{"type":"string","enum":["asc","desc"],"default":"desc"}}`, "", "c a b d"},
	} {
		items := pets(t)
		_, page := selectPage(t, plan(t, c.params, ""), items, c.query)
		if got := keys(items, page); got != c.keys {
			t.Errorf("%s ?%s: %q, want %q", c.params, c.query, got, c.keys)
		}
	}
	p := plan(t, `{"sort":{"type":"string","default":"-price"}}`, "")
	p.NoSortDefault = true
	items := pets(t)
	if _, page := selectPage(t, p, items, ""); keys(items, page) != "a b c d" {
		t.Errorf("%q", keys(items, page))
	}
}

func TestParseTime_Forms_AreTheSameMoment(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"2024-02-29T12:00:00Z", "2024-02-29T13:00:00.000+01:00", "2024-02-29t12:00:00z", "2024-02-29 12:00:00", "1709208000", "1709208000000", "1709208000.0", "Thu, 29 Feb 2024 12:00:00 +0000"} {
		if got, ok := parseTime(form); !ok || got != 1709208000_000_000 {
			t.Errorf("%s: %d %v", form, got, ok)
		}
	}
	for _, form := range []string{"", "2024", "x", "2024-13-01", "2024-01-01Tx", "-", "0x10", "1e400", "NaN"} {
		if got, ok := parseTime(form); ok && form != "2024" {
			t.Errorf("%s: %d", form, got)
		}
	}
}

func TestReadFilters_PetstoreFindBy_Works(t *testing.T) {
	t.Parallel()
	answer := parse(t, `{"type":"array","items":{"$ref":"#/$defs/Pet"}}`)
	schemas := map[string]*definition.Value{
		"Pet": parse(t, `{"type":"object","properties":{"id":{"type":"integer","format":"int64"},"tags":{"type":"array","items":{"$ref":"#/$defs/Tag"}},"status":{"type":"string","enum":["available","pending","sold"]}}}`),
		"Tag": parse(t, `{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"}}}`),
	}
	items := newShelf(t, `{"id":1,"status":"sold","tags":[{"id":1,"name":"a"}]}`, `{"id":2,"status":"available","tags":[{"id":2,"name":"b"},{"name":"c"}]}`, `{"id":3,"status":"available"}`)
	for _, c := range []struct{ path, param, schema, value, keys string }{
		{"/pet/findByStatus", "status", `{"type":"string","default":"available","enum":["available","pending","sold"]}`, "available", "2 3"},
		{"/pet/findByTags", "tags", `{"type":"array","items":{"type":"string"}}`, `["a","c"]`, "1 2"},
		{"/pet/findByTags", "tags", `{"type":"array","items":{"type":"string"}}`, `a,b`, "1 2"},
	} {
		op := &definition.Operation{Path: c.path, Parameters: []*definition.Parameter{{Name: c.param, In: definition.InQuery, Schema: parse(t, c.schema)}}}
		_, page := selectPage(t, Of(op, schemas, answer, nil, nil), items, c.param+"="+c.value)
		if got := keys(items, page); got != c.keys {
			t.Errorf("%s: %q, want %q", c.path, got, c.keys)
		}
	}
}

func TestParseNumber_ShortForms_AreThoseOfStrconv(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "-0", "1", "-12", "0.1", "12.34", "-99.99", "123456789.123456", "9007199254740993", "1e3", "1.5E-2", "0.30000000000001", "5.", ".5", "-", "", "1x", "1.2.3", "00.10"} {
		want, err := strconv.ParseFloat(text, 64)
		got, ok := parseNumber(text)
		if ok != (err == nil) || got != want && ok {
			t.Errorf("%q: %v %v, want %v %v", text, got, ok, want, err)
		}
	}
}
