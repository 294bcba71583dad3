package listing

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func parse(t testing.TB, text string) *definition.Value {
	t.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &v
}

// itemSchema is what most tests list.
const itemSchema = `{"type":"object","properties":{
	"id":{"type":"string"},"name":{"type":"string"},"price":{"type":"number"},
	"status":{"type":"string","enum":["open","closed"]},"archived":{"type":"boolean"},
	"created_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"},
	"seen":{"type":"integer"},"labels":{"type":"array","items":{"type":"string"}},
	"tags":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"}}}},
	"owner":{"type":"object","properties":{"id":{"type":"integer"},"login":{"type":"string"}}},
	"team_id":{"type":"string"},"forks_count":{"type":"integer"}}}`

// plan reads an operation at /pets: params is a JSON object of the schemas of
// its query parameters, each with a "description" for the parameter; extra are
// the further members of the answer, "" for an answer that is the array.
func plan(t testing.TB, params, extra string) *Plan {
	t.Helper()
	op := &definition.Operation{Method: "GET", Path: "/pets"}
	list := parse(t, params)
	for i := range list.Kids {
		kid := &list.Kids[i]
		op.Parameters = append(op.Parameters, &definition.Parameter{
			Name: kid.Key, In: definition.InQuery, Schema: kid, Description: kid.Get("description").Str(),
		})
	}
	if extra == "" {
		return Of(op, nil, parse(t, `{"type":"array","items":`+itemSchema+`}`), nil, nil)
	}
	answer := parse(t, `{"type":"object","properties":{"data":{"type":"array","items":`+itemSchema+`},`+extra+`}}`)
	return Of(op, nil, answer, []string{"data"}, nil)
}

// shelf is Items of JSON texts; with serials it is Ordered, too.
type shelf struct{ items []*definition.Value }

func (s *shelf) Len() int                   { return len(s.items) }
func (s *shelf) At(i int) *definition.Value { return s.items[i] }
func (s *shelf) Key(i int) string           { return s.items[i].Get("id").Text }
func (s *shelf) Texts(property string) []string {
	texts := make([]string, len(s.items))
	for i, item := range s.items {
		texts[i] = Absent
		if v := dig(item, strings.Split(property, ".")); v != nil && v.Kind != definition.Null {
			texts[i] = v.Text
		}
	}
	return texts
}

func newShelf(t testing.TB, items ...string) *shelf {
	s := &shelf{}
	for _, text := range items {
		s.items = append(s.items, parse(t, text))
	}
	return s
}

// rows is a shelf of n items whose ids are "1" to n.
func rows(t testing.TB, n int) *shelf {
	s := &shelf{}
	for i := range n {
		s.items = append(s.items, parse(t, fmt.Sprintf(`{"id":"%d","name":"pet %d","price":%d}`, i+1, i+1, i%7)))
	}
	return s
}

// args reads "name=JSON&…"; what is no JSON is a string.
func args(t testing.TB, query string) []Argument {
	var list []Argument
	for _, pair := range strings.Split(query, "&") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			v, err := document.ParseJSON(value, 0, document.Limits{})
			if err != nil {
				v = definition.NewString(value)
			}
			list = append(list, Argument{name, &v})
		}
	}
	return list
}

func selectPage(t testing.TB, p *Plan, items Items, query string) (Query, Page) {
	t.Helper()
	q, err := p.Read(args(t, query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	page := q.Select(items)
	return q, page
}

func keys(items Items, page Page) string {
	var list []string
	for _, row := range page.Rows {
		list = append(list, items.Key(row))
	}
	return strings.Join(list, " ")
}

const (
	integer = `{"type":"integer"}`
	text    = `{"type":"string"}`
)

func TestOf_PagingParameters_AreRecognised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ params, extra, want string }{
		{`{"page":` + integer + `,"per_page":{"type":"integer","default":30,"maximum":100}}`, "",
			`{"items":"","style":"page","page":"page","size":"per_page","first":1,"defaultSize":30,"maxSize":100}`},
		{`{"page[number]":` + integer + `,"page[size]":` + integer + `}`, "",
			`{"items":"","style":"page","page":"page[number]","size":"page[size]","first":1,"defaultSize":25}`},
		{`{"pageNumber":{"type":"integer","minimum":0},"pageSize":` + integer + `}`, "",
			`{"items":"","style":"page","page":"pageNumber","size":"pageSize","first":0,"defaultSize":25}`},
		{`{"page":{"type":"integer","description":"Zero-based page index (0..N)"},"size":{"type":"integer","description":"defaults to 20, max 50"}}`, "",
			`{"items":"","style":"page","page":"page","size":"size","first":0,"defaultSize":20,"maxSize":50}`},
		{`{"limit":` + integer + `,"offset":` + integer + `}`, "",
			`{"items":"","style":"offset","size":"limit","offset":"offset","defaultSize":25}`},
		{`{"$top":` + integer + `,"$skip":` + integer + `}`, "",
			`{"items":"","style":"offset","size":"$top","offset":"$skip","defaultSize":25}`},
		{`{"skip":` + integer + `,"take":` + integer + `}`, "",
			`{"items":"","style":"offset","size":"take","offset":"skip","defaultSize":25}`},
		{`{"start":` + integer + `,"count":` + integer + `}`, "",
			`{"items":"","style":"offset","size":"count","offset":"start","defaultSize":25}`},
		{`{"from":` + integer + `,"size":` + integer + `}`, "",
			`{"items":"","style":"offset","size":"size","offset":"from","defaultSize":25}`},
		{`{"limit":` + integer + `,"offset":` + text + `}`, `"next_page":{"type":["object","null"],"properties":{"offset":{"type":"string"},"uri":{"type":"string","format":"uri"}}}`,
			`{"items":"/data","style":"token","size":"limit","token":"offset","defaultSize":25,"next":"/next_page/offset"}`},
		{`{"cursor":` + text + `,"limit":` + integer + `}`, `"response_metadata":{"properties":{"next_cursor":{"type":"string"}}}`,
			`{"items":"/data","style":"cursor","size":"limit","token":"cursor","defaultSize":25,"next":"/response_metadata/next_cursor"}`},
		{`{"after":` + text + `,"before":` + text + `,"first":` + integer + `,"last":` + integer + `}`, "",
			`{"items":"","style":"cursor","size":"first","after":"after","before":"before","defaultSize":25}`},
		{`{"starting_after":` + text + `,"ending_before":` + text + `,"limit":` + integer + `}`, `"has_more":{"type":"boolean"}`,
			`{"items":"/data","style":"after","size":"limit","after":"starting_after","before":"ending_before","defaultSize":25,"more":"/has_more"}`},
		{`{"since_id":` + text + `,"max_id":` + text + `,"count":` + integer + `}`, "",
			`{"items":"","style":"after","after":"max_id","before":"since_id","defaultSize":25,"ignored":["count"]}`},
		{`{"pageToken":` + text + `,"maxResults":` + integer + `}`, `"nextPageToken":{"type":"string"}`,
			`{"items":"/data","style":"token","size":"maxResults","token":"pageToken","defaultSize":25,"next":"/nextPageToken"}`},
		{`{"Page":{"type":"integer","minimum":0},"PageSize":` + integer + `,"PageToken":` + text + `}`, `"next_page_uri":{"type":["string","null"],"format":"uri"}`,
			`{"items":"/data","style":"page","page":"Page","size":"PageSize","token":"PageToken","first":0,"defaultSize":25,"next":"/next_page_uri"}`},
		{`{"page":` + integer + `}`, `"meta":{"properties":{"total":{"type":"integer"}}},"links":{"properties":{"next":{"type":"string"}}}`,
			`{"items":"/data","style":"page","page":"page","first":1,"defaultSize":25,"total":"/meta/total","next":"/links/next"}`},
		{`{"page":{"type":"object","properties":{"number":{"type":"integer"},"size":{"type":"integer","maximum":10}}}}`, "",
			`{"items":"","style":"page","page":"page[number]","size":"page[size]","first":1,"defaultSize":10,"maxSize":10}`},
		{`{"after":{"type":"string","format":"date-time","description":"created after"},"limit":` + integer + `}`, "",
			`{"items":"","style":"none","size":"limit","defaultSize":25,"filters":[{"parameter":"after","property":"created_at","operator":"gt"}]}`},
		{`{}`, "", `{"items":"","style":"none"}`},
	} {
		got, _ := json.Marshal(plan(t, c.params, c.extra).Describe())
		if string(got) != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.params, got, c.want)
		}
	}
}

func TestSelect_Paging_GivesThePage(t *testing.T) {
	t.Parallel()
	items := rows(t, 10)
	page := `{"page":` + integer + `,"per_page":{"type":"integer","default":3,"maximum":5}}`
	offset := `{"limit":{"type":"integer","default":4},"offset":` + integer + `}`
	ids := `{"starting_after":` + text + `,"ending_before":` + text + `,"limit":` + integer + `}`
	timeline := `{"since_id":` + text + `,"max_id":` + text + `,"limit":` + integer + `}`
	for _, c := range []struct {
		params, query, keys string
		number              int
		previous, more      bool
	}{
		{page, "", "1 2 3", 1, false, true},
		{page, "page=2", "4 5 6", 2, true, true},
		{page, "page=4", "10", 4, true, false},
		{page, "page=9", "", 9, true, false},
		{page, "per_page=100", "1 2 3 4 5", 1, false, true},
		{page, "page=x&per_page=-1", "1 2 3", 1, false, true},
		{page, `page="2"`, "4 5 6", 2, true, true},
		{`{"page":{"type":"integer","minimum":0},"size":{"type":"integer","default":4}}`, "page=2", "9 10", 2, true, false},
		{`{"page":{"type":"object","properties":{"number":{"type":"integer"},"size":{"type":"integer"}}}}`, `page={"number":2,"size":4}`, "5 6 7 8", 2, true, true},
		{offset, "offset=3", "4 5 6 7", 1, true, true},
		{offset, "offset=8&limit=7", "9 10", 2, true, false},
		{offset, "offset=99", "", 25, true, false},
		{`{}`, "", "1 2 3 4 5 6 7 8 9 10", 1, false, false},
		{ids, "starting_after=\"7\"&limit=2", "8 9", 4, true, true},
		{ids, "ending_before=\"7\"&limit=2", "5 6", 3, true, true},
		{ids, "ending_before=\"2\"&limit=2", "1", 1, false, true},
		{ids, "starting_after=\"2\"&ending_before=\"5\"", "3 4", 1, true, false},
		{timeline, "limit=3", "10 9 8", 1, false, true},
		{timeline, "limit=3&max_id=8", "7 6 5", 2, true, true},
		{timeline, "since_id=8", "10 9", 1, false, false},
		{timeline, "limit=3&since_id=4&max_id=7", "6 5", 2, true, false},
	} {
		_, got := selectPage(t, plan(t, c.params, ""), items, c.query)
		if k := keys(items, got); k != c.keys || got.Number != c.number || got.HasMore != c.more || got.HasPrevious != c.previous || got.Total != 10 {
			t.Errorf("%s ?%s: %q, page %d, previous %v, more %v, total %d", c.params, c.query, k, got.Number, got.HasPrevious, got.HasMore, got.Total)
		}
	}
}

func TestSelect_UnknownID_SaysSo(t *testing.T) {
	t.Parallel()
	items := newShelf(t, `{"id":"a"}`, `{"id":"b"}`)
	p := plan(t, `{"starting_after":`+text+`,"limit":`+integer+`}`, "")
	if _, page := selectPage(t, p, items, "starting_after=zzz"); page.Unknown != "starting_after" || len(page.Rows) != 0 {
		t.Errorf("%+v", page)
	}
	// Ids that are numbers have an order of their own: Discord's ?after=0.
	numbers := rows(t, 3)
	if _, page := selectPage(t, p, numbers, "starting_after=0"); keys(numbers, page) != "1 2 3" {
		t.Errorf("%+v", page)
	}
}

func TestRead_CursorBeyondItsBound_IsAnError(t *testing.T) {
	t.Parallel()
	p := plan(t, `{"cursor":`+text+`,"limit":`+integer+`}`, "")
	for _, cursor := range []string{strings.Repeat("A", 20_000)} {
		_, err := p.Read([]Argument{{"cursor", parse(t, strconv.Quote(cursor))}})
		if e := new(ArgumentError); !errors.As(err, &e) || e.Parameter != "cursor" {
			t.Errorf("%.20s: %v", cursor, err)
		}
	}
}

func TestCursor_DeclaredForm_IsKept(t *testing.T) {
	t.Parallel()
	items := newShelf(t, `{"id":"6f2c1b1e-0000-4000-8000-000000000001"}`, `{"id":"6f2c1b1e-0000-4000-8000-000000000002"}`)
	for _, c := range []struct{ schema, want string }{
		{`{"type":"integer"}`, "1"},
		{`{"type":"string","format":"uuid"}`, items.Key(0)},
		{`{"type":"string","pattern":"^[0-9a-f-]{36}$"}`, items.Key(0)},
		{`{"type":"string","maxLength":10}`, "1"},
	} {
		p := plan(t, `{"cursor":`+c.schema+`,"limit":`+integer+`}`, "")
		_, first := selectPage(t, p, items, "limit=1")
		if first.Next != c.want {
			t.Errorf("%s: %q", c.schema, first.Next)
		}
		_, second := selectPage(t, p, items, "limit=1&cursor="+first.Next)
		if keys(items, second) != items.Key(1) || second.HasMore {
			t.Errorf("%s: %+v", c.schema, second)
		}
	}
}

func TestSelect_TokenWithPageNumber_WhatIsSentDecides(t *testing.T) {
	t.Parallel()
	items := rows(t, 10)
	p := plan(t, `{"page":`+integer+`,"per_page":{"type":"integer","default":3},"after":`+text+`}`, "")
	_, first := selectPage(t, p, items, "")
	_, second := selectPage(t, p, items, "after="+first.EndCursor)
	_, third := selectPage(t, p, items, "page=3")
	if keys(items, second) != "4 5 6" || keys(items, third) != "7 8 9" {
		t.Errorf("%q %q", keys(items, second), keys(items, third))
	}
	if second.Style != StyleCursor || third.Style != StylePage {
		t.Errorf("%v %v", second.Style, third.Style)
	}
}

func TestProject_Fields_LeavesTheRest(t *testing.T) {
	t.Parallel()
	keep := func(name string) bool { return name == "id" }
	for _, c := range []struct{ params, query, item, want string }{
		{`{"fields":` + text + `}`, "fields=name,price", `{"id":1,"name":"a","price":2,"x":3}`, `{"id":1,"name":"a","price":2}`},
		{`{"fields":{"type":"array","items":{"type":"string"}}}`, `fields=["name"]`, `{"id":1,"name":"a","x":3}`, `{"id":1,"name":"a"}`},
		{`{"opt_fields":{"type":"array","items":{"type":"string"}}}`, `opt_fields=["owner.login","tags.name"]`,
			`{"id":1,"owner":{"gid":"5","login":"x","mail":"m"},"tags":[{"name":"n","color":"c"}]}`,
			`{"id":1,"owner":{"gid":"5","login":"x"},"tags":[{"name":"n"}]}`},
		{`{"fields":{"type":"object"}}`, `fields={"pets":"name"}`, `{"id":1,"type":"pets","attributes":{"name":"a","x":3}}`, `{"id":1,"attributes":{"name":"a"}}`},
		{`{"fields[pets]":` + text + `}`, "fields[pets]=name", `{"id":1,"name":"a","x":3}`, `{"id":1,"name":"a"}`},
		{`{"fields":` + text + `}`, "", `{"id":1,"x":3}`, `{"id":1,"x":3}`},
	} {
		q, err := plan(t, c.params, "").Read(args(t, c.query))
		if err != nil {
			t.Fatal(err)
		}
		item := parse(t, c.item)
		got := q.Project(item, keep)
		if string(got.AppendJSON(nil)) != c.want || string(item.AppendJSON(nil)) != c.item {
			t.Errorf("%s: %s", c.query, got.AppendJSON(nil))
		}
	}
}

func TestOf_AnswerOfSeveralParts_KnowsTheItems(t *testing.T) {
	t.Parallel()
	schemas := map[string]*definition.Value{
		"List": parse(t, `{"type":"object","properties":{"data":{"type":"array","items":{"type":"object"}},"links":{"type":"object"}}}`),
		"Pet":  parse(t, `{"allOf":[{"$ref":"#/$defs/Base"},{"properties":{"parent":{"$ref":"#/$defs/Pet"}}}]}`),
		"Base": parse(t, `{"type":"object","properties":{"id":{"type":"string"},"status":{"type":"string"}}}`),
	}
	answer := parse(t, `{"allOf":[{"$ref":"#/$defs/List"},{"properties":{"data":{"type":"array","items":{"$ref":"#/$defs/Pet"}},"links":{"properties":{"next":{"type":"string","format":"uri"}}}}}]}`)
	op := &definition.Operation{Path: "/pets", Parameters: []*definition.Parameter{
		{Name: "status", In: definition.InQuery, Schema: parse(t, text)},
		{Name: "page", In: definition.InQuery, Schema: parse(t, integer)},
	}}
	asked := map[string]bool{}
	p := Of(op, schemas, answer, []string{"data"}, func(name string) *definition.Value {
		asked[name] = true
		return shapes{schemas}.at(schemas["Pet"], strings.Split(name, "."))
	})
	got, _ := json.Marshal(p.Describe())
	want := `{"items":"/data","style":"page","page":"page","first":1,"defaultSize":25,"next":"/links/next","filters":[{"parameter":"status","property":"status","operator":"eq"}]}`
	if string(got) != want || !asked["status"] {
		t.Errorf("got %s", got)
	}
	if i := slices.Index(p.props.paths, "parent.status"); i < 0 {
		t.Errorf("%v", p.props.paths)
	}
}
