package main

import (
	"os"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t *testing.T, text string) *value {
	t.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &v
}

func TestAt_DottedPath_FindsMembers(t *testing.T) {
	t.Parallel()
	item := parse(t, `{"a":{"b":1,"c.d":2},"tags":[{"id":3},{"id":4}],"e.f":5}`)
	for path, want := range map[string]string{"a.b": "1", "a.c.d": "2", "e.f": "5", "a.x": "nothing", "tags.id": "nothing"} {
		if got := show(at(item, path)); got != want {
			t.Errorf("%s is %s, expected %s", path, got, want)
		}
	}
	if got := showAll(allAt(item, "tags.id")); got != "3, 4" {
		t.Errorf("all at tags.id are %s", got)
	}
	if got := show(pointed(item, "/tags/1/id")); got != "4" {
		t.Errorf("/tags/1/id is %s", got)
	}
}

func TestDiffer_Views_CompareWhatBothHave(t *testing.T) {
	t.Parallel()
	tests := []struct{ a, b, path string }{
		{`{"a":1,"b":2}`, `{"a":1.0}`, ""},
		{`{"a":1}`, `{"a":2}`, "a"},
		{`{"a":"1"}`, `{"a":1}`, ""},
		{`{"a":null}`, `{"a":1}`, "a"},
		{`{"a":[{"b":1}]}`, `{"a":[{"b":1,"c":2}]}`, ""},
		{`{"a":[{"b":1}]}`, `{"a":[{"b":2,"c":2}]}`, "a.0.b"},
		{`{"a":[1]}`, `{"a":[1,2]}`, "a"},
		{`{"owner":{"id":"u1","name":"x"}}`, `{"owner":"u1"}`, ""},
		{`{"owner":{"id":"u1"}}`, `{"owner":"u2"}`, "owner"},
	}
	for _, test := range tests {
		got := ""
		if d := differ(parse(t, test.a), parse(t, test.b), ""); d != nil {
			got = d.path
		}
		if got != test.path {
			t.Errorf("%s and %s differ at %q, expected %q", test.a, test.b, got, test.path)
		}
	}
}

func TestPairsOf_Styles_WriteTheQuery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		parameter definition.Parameter
		v, want   string
	}{
		{definition.Parameter{Style: "form", Explode: true}, `"a b&c"`, "?p=a%20b%26c"},
		{definition.Parameter{Style: "form", Explode: true}, `["a","b"]`, "?p=a&p=b"},
		{definition.Parameter{Style: "form"}, `["a,","b"]`, "?p=a%2C,b"},
		{definition.Parameter{Style: "pipeDelimited"}, `["a","b"]`, "?p=a%7Cb"},
		{definition.Parameter{Style: "form", Explode: true}, `{"x":1,"y":true}`, "?x=1&y=true"},
		{definition.Parameter{Style: "form"}, `{"x":1}`, "?p=x,1"},
		{definition.Parameter{Style: "deepObject", Explode: true}, `{"x":1}`, "?p%5Bx%5D=1"},
		{definition.Parameter{Content: &definition.Media{}}, `{"x":1}`, "?p=%7B%22x%22%3A1%7D"},
	}
	for _, test := range tests {
		p := test.parameter
		p.Name = "p"
		if got := encode(pairsOf(&p, parse(t, test.v))); got != test.want {
			t.Errorf("%s of %s is %s, expected %s", test.v, p.Style, got, test.want)
		}
	}
}

func TestTemplate_Inherit_GoesByPosition(t *testing.T) {
	t.Parallel()
	item := newTemplate("/v1/accounts/{sid}.json")
	list := newTemplate("/v1/accounts/{account_sid}/calls.json")
	if !list.below(item) || item.below(list) {
		t.Error("the list isn't below the item")
	}
	values := list.inherit(item, map[string]string{"sid": "a/1"})
	if path, missing := list.fill(values); path != "/v1/accounts/a%2F1/calls.json" || missing != nil {
		t.Errorf("the path is %s, without %v", path, missing)
	}
}

func TestPasses_Operators_TellWhatIsOpen(t *testing.T) {
	t.Parallel()
	item := parse(t, `{"n":5,"at":"2024-03-04T10:00:00Z","unix":1709546400,"tags":["a","b"],"name":"Rex","no":null}`)
	tests := []struct {
		property, operator, asked string
		want                      verdict
	}{
		{"n", "gte", "5", yes}, {"n", "gt", "5", no}, {"n", "lt", "10", yes}, {"n", "eq", `"5"`, yes},
		{"at", "gt", `"2024-03-04"`, unsure}, {"at", "gt", `"2024-03-03"`, yes}, {"at", "lte", `"2024-03-04T12:00:00+02:00"`, yes},
		{"at", "eq", `"2024-03-04"`, unsure}, {"at", "gte", `1709546401`, no}, {"unix", "gte", `"2024-03-04T10:00:00Z"`, yes},
		{"tags", "eq", `"b"`, yes}, {"tags", "in", `"c"`, no}, {"name", "eq", `"rex"`, unsure}, {"name", "prefix", `"Re"`, yes},
		{"name", "ne", `"Bo"`, yes}, {"name", "contains", `"x"`, yes}, {"no", "exists", `true`, no}, {"name", "exists", `true`, yes},
	}
	for _, test := range tests {
		f := filter{Property: test.property, Operator: test.operator}
		if got := passes(item, f, []*value{parse(t, test.asked)}); got != test.want {
			t.Errorf("%s %s %s is %d, expected %d", test.property, test.operator, test.asked, got, test.want)
		}
	}
}

func TestMonotone_Values_AllowCollationsAndNulls(t *testing.T) {
	t.Parallel()
	tests := []struct {
		values    string
		direction int
		want      bool
	}{
		{`[1,2,2,10]`, 1, true}, {`[1,10,2]`, 1, false}, {`[3,2,1]`, -1, true}, {`[null,1,2]`, 1, true}, {`[1,2,null]`, 1, true}, {`[1,null,2]`, 1, false},
		{`["B","a"]`, 1, true}, {`["a","B"]`, 1, true}, {`["a","B","A"]`, 1, false}, {`["2024-01-01T01:00:00+02:00","2024-01-01T00:00:00Z"]`, 1, true},
		{`[false,true]`, 1, true}, {`["a","b"]`, -1, false},
	}
	for _, test := range tests {
		v := parse(t, test.values)
		values := make([]*value, len(v.Kids))
		for i := range v.Kids {
			values[i] = &v.Kids[i]
		}
		if got := monotone(values, test.direction); got != test.want {
			t.Errorf("%s in direction %d: %t", test.values, test.direction, got)
		}
	}
}

func TestParseSort_Texts_TellTheDirection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, name string
		direction  int
	}{
		{"created", "created", 0}, {"-created", "created", -1}, {"created_desc", "created", -1}, {"created:asc", "created", 1},
		{"createdDesc", "created", -1}, {"created_at desc", "created_at", -1}, {"desc", "desc", 0}, {"NAME_ASC", "NAME", 1},
	}
	for _, test := range tests {
		if name, direction := parseSort(test.text); name != test.name || direction != test.direction {
			t.Errorf("%q sorts by %q in direction %d, expected %q, %d", test.text, name, direction, test.name, test.direction)
		}
	}
	items := []*value{parse(t, `{"id":1,"createdAt":"2024-01-01","full_name":"x"}`)}
	for name, want := range map[string]string{"created": "createdAt", "created_at": "createdAt", "fullName": "full_name", "popularity": ""} {
		if got := propertyLike(name, items); got != want {
			t.Errorf("%s is like %q, expected %q", name, got, want)
		}
	}
}

func TestReport_Print_EndsWithTheFigure(t *testing.T) {
	t.Parallel()
	good := newTally()
	for range 2999 {
		good.pass(checkItem)
	}
	good.fail(checkSort, nil, "it is not sorted")
	good.skip(checkSeed, nil, "there is nothing")
	r := good.result()
	r.Document, r.Resources = "a.yaml", 3
	var out strings.Builder
	newReport([]*result{r}).print(&out, 10)
	if !strings.HasSuffix(out.String(), "\nworld 99.9% (2999/3000 checks; 3 resources; 1 skipped)\n") || !strings.Contains(out.String(), "a.yaml: sort: : it is not sorted\n") {
		t.Error(out.String())
	}
}
