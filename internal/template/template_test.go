package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 570_000_000, time.UTC)

// lookupIn is a Lookup in a map.
func lookupIn(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	}
}

// input is a request with something of everything.
func input() *Input {
	headers := []definition.Pair{
		{Name: "Content-Type", Value: "application/json"},
		{Name: "X-Request-Id", Value: `r"1`},
		{Name: "X-Tag", Value: "a"},
		{Name: "x-tag", Value: "b"},
	}
	return &Input{
		Seed: "s", Method: "POST", Path: "/pets/12", Count: 1, Now: noon,
		Body: func() []byte {
			return []byte(`{"a":{"b":["x",{"c":"say \"hi\"\n"}, 12, {"z":1, "y": [true]}],"n":null,"e":""},"d.e":1.50,"s":"007"}`)
		},
		Query:    []definition.Pair{{Name: "page", Value: "2"}, {Name: "tag", Value: "a"}, {Name: "tag", Value: `b"`}, {Name: "f.x", Value: "dot"}},
		Segments: []string{"pets", "12"},
		Header: func(name string) (string, bool) {
			for _, p := range headers {
				if strings.EqualFold(p.Name, name) {
					return p.Value, true
				}
			}
			return "", false
		},
		Headers:  func() []definition.Pair { return headers },
		Captured: lookupIn(map[string]string{"id": "12", "bond": "007", "word": "abc", "quote": `a"b\` + "\n", "object": `{"k":1}`, "none": "", "bad": "\xff"}),
	}
}

func TestAppend_PlainText_FillsEveryKindOfHole(t *testing.T) {
	t.Parallel()
	lookup := lookupIn(map[string]string{"host": "api.test", "url": "https://{{host}}/{{id}}", "$weird": "no", "spaced name": "ok"})
	for _, tt := range []struct{ name, text, want string }{
		{"static", "{{host}}", "api.test"},
		{"white space in the braces", "{{ host }} {{\thost\n}}", "api.test api.test"},
		{"a name with a space", "{{spaced name}}", "ok"},
		{"nested, down to a wildcard", "go {{url}}!", "go https://api.test/12!"},
		{"captured", "{{id}}-{{ word }}", "12-abc"},
		{"unknown stays", "{{nobody}} {{ nobody }}", "{{nobody}} {{ nobody }}"},
		{"empty braces stay", "{{}} {{ }} {{", "{{}} {{ }} {{"},
		{"of three braces the inner two count", "{{{host}}}", "{api.test}"},
		{"single braces are text", "{a} }} {{a{b}}", "{a} }} {{a{b}}"},
		{"empty capture", "[{{none}}]", "[]"},
		{"timestamp", "{{$timestamp}}", "1795435200"},
		{"iso timestamp", "{{$isoTimestamp}}", "2026-11-23T12:00:00.570Z"},
		{"body path", "{{$body 'a.b.0'}}", "x"},
		{"body path in double quotes", `{{$body "a.b.2"}}`, "12"},
		{"body path in escaped quotes", `{{$body \"a.b.2\"}}`, "12"},
		{"body string", "{{$body 'a.b.1.c'}}", "say \"hi\"\n"},
		{"body object", "{{$body 'a.b.3'}}", `{"z":1,"y":[true]}`},
		{"body number keeps its text", `{{$body 'd\.e'}}`, "1.50"},
		{"body null", "{{$body 'a.n' 'x'}}", "null"},
		{"body missing", "[{{$body 'a.q'}}]", "[]"},
		{"body fallback", "{{$body 'a.q' 'none of it'}}", "none of it"},
		{"fallback with braces", "{{$body 'q' '{\"a\":{}}'}}", `{"a":{}}`},
		{"fallback with a quote", `{{$body 'q' 'it\'s'}}`, "it's"},
		{"present empty text needs no fallback", "[{{$body 'a.e' 'x'}}]", "[]"},
		{"query", "{{$queryParams 'page'}}", "2"},
		{"query repeated", "{{$queryParams 'tag'}} {{$queryParams 'tag.1'}}", `["a","b\""] b"`},
		{"query with a dot", `{{$queryParams 'f.x'}}{{$queryParams 'f\.x'}}`, "dotdot"},
		{"query all", "{{$queryParams}}", `{"page":"2","tag":["a","b\""],"f.x":"dot"}`},
		{"segment", "{{$pathSegments '1'}}{{$pathSegments '2' '!'}}{{$pathSegments '-1'}}", "12!"},
		{"segments", "{{$pathSegments}}", `{"0":"pets","1":"12"}`},
		{"header", "{{$headers 'x-request-id'}}", `r"1`},
		{"headers", "{{$headers}}", `{"content-type":"application/json","x-request-id":"r\"1","x-tag":"a, b"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tmpl, problems := Parse(tt.text, Options{Lookup: lookup})
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if got := string(tmpl.Append([]byte("> "), input())); got != "> "+tt.want {
				t.Errorf("got %q, want %q", got, "> "+tt.want)
			}
		})
	}
}

func TestAppend_JSON_WritesEachValueSoThatTheTextStaysJSON(t *testing.T) {
	t.Parallel()
	lookup := lookupIn(map[string]string{
		"n": "3", "text": `say "hi"`, "object": `{"a":{{id}},"b":"{{word}}"}`, "alias": "{{object}}", "ids": "1, 2,{{id}}",
		"members": `"x": 1, "y": {{n}}`, "greet": "hello {{word}}", "glue": "1{{id}}", "empty": "", "key": "k", "quoted": `"q"`,
		"zero": "007", "tr": "tr", "inner": `"{{quote}}"`,
	})
	for _, tt := range []struct{ name, text, want string }{
		{"number", `{"id": {{id}}}`, `{"id": 12}`},
		{"no number of JSON", `{"id": {{bond}}}`, `{"id": "007"}`},
		{"word", `{"id": {{word}}}`, `{"id": "abc"}`},
		{"escapes in a string", `{"id": "{{quote}}"}`, `{"id": "a\"b\\\n"}`},
		{"escapes outside", `{"id": {{quote}}}`, `{"id": "a\"b\\\n"}`},
		{"object in a string", `{"id": "{{object}}"}`, `{"id": "{\"a\":12,\"b\":\"abc\"}"}`},
		{"bytes that are not UTF-8", `["{{bad}}", {{bad}}]`, "[\"\ufffd\", \"\ufffd\"]"},
		{"a wildcard's object", `[{{o}}]`, `[{{o}}]`},
		{"empty outside", `[{{none}}]`, `[""]`},
		{"as a name", `{ {{id}} : 1, {{word}}:2, "{{id}}b": 3}`, `{ "12" : 1, "abc":2, "12b": 3}`},
		{"holes side by side", `[{{id}}{{id}}, {{id}}{{word}}, 1{{id}}, -{{id}}e{{id}}, {{bond}}1]`, `[1212, "12abc", 112, -12e12, "0071"]`},
		{"static value", `{"n":{{n}},"t":{{text}},"s":"{{text}}"}`, `{"n":3,"t":"say \"hi\"","s":"say \"hi\""}`},
		{"static value of JSON with holes", `{"o":{{object}},"a":{{alias}}}`, `{"o":{"a":12,"b":"abc"},"a":{"a":12,"b":"abc"}}`},
		{"static text with holes", `{"g":{{greet}},"h":"{{greet}}"}`, `{"g":"hello abc","h":"hello abc"}`},
		{"static word", `[{{glue}}, {{tr}}ue, {{zero}}]`, `[112, true, "007"]`},
		{"static elements", `[0, {{ids}}]`, `[0, 1, 2,12]`},
		{"static members", `{"a":0, {{members}} }`, `{"a":0, "x": 1, "y": 3 }`},
		{"static empty", `{"a":{{empty}},"b":"{{empty}}"}`, `{"a":"","b":""}`},
		{"static name", `{ {{key}}:1, {{quoted}}:2, {{n}}:3}`, `{ "k":1, "q":2, "3":3}`},
		{"a wildcard in a string in a variable", `[{{inner}}, "{{inner}}"]`, `["a\"b\\\n", "\"a\"b\\\n\""]`},
		{"request", `{"a":{{$body 'a'}},"z":{{$body 'zz'}},"y":"{{$body 'zz'}}","x":{{$body 'a.b.1.c'}}}`,
			`{"a":{"b":["x",{"c":"say \"hi\"\n"},12,{"z":1,"y":[true]}],"n":null,"e":""},"z":null,"y":"","x":"say \"hi\"\n"}`},
		{"request in a string", `{"a":"{{$body \"a.b.1.c\"}} {{$body "a.b.0"}} {{$body 'd\\.e'}} {{$body 'd\.e'}} {{$body 'q' \"a\nb\"}}"}`,
			`{"a":"say \"hi\"\n x 1.50 1.50 a\nb"}`},
		{"object of the request in a string", `{"a":"{{$body 'a.b.3'}}"}`, `{"a":"{\"z\":1,\"y\":[true]}"}`},
		{"braces of JSON are no holes", `{"a":{"b":{}},"c":"{{","d":"}}"}`, `{"a":{"b":{}},"c":"{{","d":"}}"}`},
		{"unknown stays", `{"a": {{nobody}}, "b": "{{nobody}}"}`, `{"a": {{nobody}}, "b": "{{nobody}}"}`},
		{"unknown in a word stays", `[1{{nobody}}{{id}}]`, `[1{{nobody}}12]`},
		{"after escapes", `{"a\"": "\\{{id}}", "b": {{id}}}`, `{"a\"": "\\12", "b": 12}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tmpl, problems := Parse(tt.text, Options{JSON: true, Lookup: lookup})
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if got := string(tmpl.Append(nil, input())); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAppend_UrlencodedBody_FindsFieldsByName(t *testing.T) {
	t.Parallel()
	in := input()
	in.Body = func() []byte { return []byte("user.name=J%C3%BCrgen+B&tag=a&tag=b&x=%zz") }
	in.Header = func(string) (string, bool) { return "Application/x-www-form-urlencoded; charset=utf-8", true }
	tmpl, _ := Parse("{{$body 'user.name'}} {{$body 'tag'}} {{$body 'tag.1'}} [{{$body 'x'}}] {{$body}}", Options{})
	want := "Jürgen B [\"a\",\"b\"] b [] user.name=J%C3%BCrgen+B&tag=a&tag=b&x=%zz"
	if got := string(tmpl.Append(nil, in)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	in.Header = func(string) (string, bool) { return "text/plain", true }
	if got := string(tmpl.Append(nil, in)); !strings.HasPrefix(got, "   [] ") {
		t.Errorf("a field was found in plain text: %q", got)
	}
}

func TestAppend_NothingKnownOfTheRequest_FillsNothing(t *testing.T) {
	t.Parallel()
	text := `[{{a}},{{$body}},{{$body 'a'}},{{$queryParams}},{{$queryParams 'a'}},{{$pathSegments}},{{$pathSegments '0'}},{{$headers}},{{$headers 'a'}}]`
	want := `[{{a}},null,null,{},null,{},null,{},null]`
	tmpl, _ := Parse(text, Options{JSON: true})
	for _, in := range []*Input{nil, {}} {
		if got := string(tmpl.Append(nil, in)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAppend_BodyNotNeeded_IsNotAskedFor(t *testing.T) {
	t.Parallel()
	in := input()
	in.Body = func() []byte { t.Error("the body was asked for"); return nil }
	tmpl, _ := Parse("{{id}} {{$randomInt}} {{$headers}}", Options{})
	tmpl.Append(nil, in)

	times := 0
	in.Body = func() []byte { times++; return []byte(`{"a":1}`) }
	tmpl, _ = Parse("{{$body 'a'}} {{$body 'b'}} {{$body}}", Options{})
	tmpl.Append(nil, in)
	if times != 1 {
		t.Errorf("the body was asked for %d times, want once", times)
	}
}

func TestParse_WhatCantBeFilled_StaysAndIsReported(t *testing.T) {
	t.Parallel()
	lookup := lookupIn(map[string]string{"self": "{{self}}", "a": "x{{b}}", "b": "{{ c }}", "c": "{{a}}", "uses": "{{$randomIt}}"})
	for _, tt := range []struct {
		name, text string
		want       []Problem
	}{
		{"unknown", "é {{$randomInteger}}", []Problem{{3, "$randomInteger", "there is no dynamic variable $randomInteger", "did you mean {{$randomInt}}?"}}},
		{"wrong case", "{{$GUID}}", []Problem{{0, "$GUID", "there is no dynamic variable $GUID", "did you mean {{$guid}}?"}}},
		{"nothing like it", "{{$somethingElseEntirely}}", []Problem{{0, "$somethingElseEntirely", "there is no dynamic variable $somethingElseEntirely", "see the list of dynamic variables in the documentation"}}},
		{"argument not quoted", "{{$body a.b}}", []Problem{{0, "$body", "{{$body …}} can't be read", "write arguments in quotes, with a space before each: {{$body 'user.name' 'nobody'}}"}}},
		{"quote left open", "{{$body 'a}}", []Problem{{0, "$body", "{{$body …}} can't be read", "write arguments in quotes, with a space before each: {{$body 'user.name' 'nobody'}}"}}},
		{"argument to a variable", "{{$randomInt '3'}}", []Problem{{0, "$randomInt", "$randomInt takes no argument", "write {{$randomInt}}"}}},
		{"too many arguments", "{{$headers 'a' 'b' 'c'}}", []Problem{{0, "$headers", "$headers takes a path and a default, but has 3 arguments", "write {{$headers 'path' 'default'}}"}}},
		{"only a dollar", "{{$}}", []Problem{{0, "$", "{{$ …}} can't be read", "write arguments in quotes, with a space before each: {{$body 'user.name' 'nobody'}}"}}},
		{"variable of itself", "{{self}}", []Problem{{0, "self", `variable "self" leads back to itself`, "give one of the variables that it refers to a value without {{…}}"}}},
		{"circle", " {{b}}", []Problem{{1, "b", `variable "b" leads back to itself`, "give one of the variables that it refers to a value without {{…}}"}}},
	} {
		for _, isJSON := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, isJSON), func(t *testing.T) {
				t.Parallel()
				tmpl, problems := Parse(tt.text, Options{JSON: isJSON, Lookup: lookup})
				if diff := cmp.Diff(tt.want, problems); diff != "" {
					t.Error(diff)
				}
				if got, ok := tmpl.Static(); !ok || got != tt.text {
					t.Errorf("got %q, %v; want the text as it is written", got, ok)
				}
			})
		}
	}
	if tmpl, problems := Parse("1 {{uses}}", Options{Lookup: lookup}); len(problems) != 1 || problems[0].Offset != 2 {
		t.Errorf("a problem in a variable's value stands where the variable is used: got %v", problems)
	} else if got, _ := tmpl.Static(); got != "1 {{$randomIt}}" {
		t.Errorf("got %q", got)
	}
}

func TestParse_ManyProblems_ReportsTheFirstHundred(t *testing.T) {
	t.Parallel()
	if _, problems := Parse(strings.Repeat("{{$nope}}", 5000), Options{}); len(problems) != maxProblems {
		t.Errorf("got %d problems, want %d", len(problems), maxProblems)
	}
}

func TestParse_VariablesThatGrow_AreBounded(t *testing.T) {
	t.Parallel()
	laughs := map[string]string{"l0": strings.Repeat("ha", 10), "void0": ""}
	for i := 1; i < 18; i++ {
		laughs[fmt.Sprint("l", i)] = strings.Repeat(fmt.Sprintf("{{l%d}}", i-1), 10)
		laughs[fmt.Sprint("void", i)] = strings.Repeat(fmt.Sprintf("{{void%d}}", i-1), 10)
	}
	for i := range 100000 {
		laughs[fmt.Sprint("chain", i)] = fmt.Sprintf("{{chain%d}}", i+1)
	}
	for i := range 18 {
		laughs[fmt.Sprint("fine", i)] = fmt.Sprintf("{{fine%d}}", i+1)
	}
	laughs["fine18"] = "fine"
	for _, name := range []string{"l17", "void17", "chain0", "chain50000"} {
		for _, isJSON := range []bool{false, true} {
			text := "[" + strings.Repeat("{{"+name+"}},", 1000) + "1]"
			tmpl, problems := Parse(text, Options{JSON: isJSON, Lookup: lookupIn(laughs)})
			if len(problems) == 0 {
				t.Errorf("%s: no problem is reported", name)
			}
			if got, ok := tmpl.Static(); !ok || got != text {
				t.Errorf("%s: does not stay as it is written", name)
			}
		}
	}
	if got, problems := Resolve("{{fine0}}", lookupIn(laughs)); got != "fine" || len(problems) > 0 {
		t.Errorf("got %q, %v; want 19 levels to be resolved", got, problems)
	}
	tmpl, problems := Parse(strings.Repeat("{{l3}}", 1000), Options{Lookup: lookupIn(laughs)})
	if got, _ := tmpl.Static(); len(got) > maxExpansion || len(problems) == 0 {
		t.Errorf("%d bytes and %d problems, want all variables together to be bounded", len(got), len(problems))
	}
}

func TestStatic_NothingLeftToFill_IsTheFinishedText(t *testing.T) {
	t.Parallel()
	lookup := lookupIn(map[string]string{"a": `x"`})
	for _, tt := range []struct {
		text, want      string
		static, dynamic bool
	}{
		{`{"a": 1}`, `{"a": 1}`, true, false},
		{`{"a": "{{a}}", "b": {{a}}}`, `{"a": "x\"", "b": "x\""}`, true, false},
		{`["{{id}}"]`, "", false, false},
		{`["{{$timestamp}}"]`, "", false, false},
		{`["{{$body}}"]`, "", false, false},
		{`["{{$guid}}"]`, "", false, true},
		{`[1{{$guid}}]`, "", false, true},
	} {
		tmpl, _ := Parse(tt.text, Options{JSON: true, Lookup: lookup})
		if got, ok := tmpl.Static(); got != tt.want || ok != tt.static || tmpl.Dynamic() != tt.dynamic {
			t.Errorf("%s: got %q, static %v, dynamic %v", tt.text, got, ok, tmpl.Dynamic())
		}
	}
}

func TestAppend_SameInput_RepeatsAndOthersDiffer(t *testing.T) {
	t.Parallel()
	tmpl, _ := Parse("{{$guid}} {{$guid}}", Options{})
	fill := func(change func(in *Input)) string {
		in := input()
		change(in)
		return string(tmpl.Append(nil, in))
	}
	plain := fill(func(*Input) {})
	if plain != fill(func(*Input) {}) {
		t.Error("the same input gave different values")
	}
	// Other machines must give this too, so it may not change by accident.
	if want := "426cbaab-08c9-4a55-9838-e77754cc645e 7164b117-ebb6-4eab-ac01-285dd61c8cd9"; plain != want {
		t.Errorf("got %s, want %s", plain, want)
	}
	if one, two, _ := strings.Cut(plain, " "); one == two {
		t.Error("two holes gave the same value")
	}
	for name, change := range map[string]func(in *Input){
		"seed":   func(in *Input) { in.Seed = "t" },
		"method": func(in *Input) { in.Method = "GET" },
		"path":   func(in *Input) { in.Path = "/pets/13" },
		"count":  func(in *Input) { in.Count = 2 },
		"first":  func(in *Input) { in.First = tmpl.Draws() },
	} {
		if fill(change) == plain {
			t.Errorf("another %s gave the same values", name)
		}
	}
}

func TestAppend_OverTheLimit_LeavesValuesOutAndStaysJSON(t *testing.T) {
	t.Parallel()
	in := input()
	big := `"` + strings.Repeat("x", 100) + `"`
	in.Body = func() []byte { return []byte(big) }
	in.Limit = 200
	text := `{"a":{{$body}},"b":{{$body}},"c":"{{$body}}","d":{{id}},"e":1{{id}}}`
	tmpl, _ := Parse(text, Options{JSON: true})
	want := `{"a":` + big + `,"b":null,"c":"","d":null,"e":null}`
	if got := string(tmpl.Append(nil, in)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	in.Limit = 1
	if got := string(tmpl.Append(nil, in)); !json.Valid([]byte(got)) || len(got) > len(text) {
		t.Errorf("got %s", got)
	}
	in.Limit = 0
	big = strings.Repeat("y", 300_000)
	if got := tmpl.Append(nil, in); len(got) > defaultLimit || !json.Valid(got) {
		t.Errorf("got %d bytes, want at most %d of JSON", len(got), defaultLimit)
	}
}

func TestAppendHeader_ControlCharacters_AreDropped(t *testing.T) {
	t.Parallel()
	in := input()
	in.Captured = func(string) (string, bool) { return "a\r\nSet-Cookie: x\x00\x7f\tä", true }
	tmpl, _ := Parse("v={{id}}", Options{})
	if got, want := string(tmpl.AppendHeader([]byte("\n"), in)), "\nv=aSet-Cookie: x\tä"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestResolve_StaticVariables_OthersStay(t *testing.T) {
	t.Parallel()
	lookup := lookupIn(map[string]string{"host": "api.test", "base": "https://{{ host }}/{{v}}", "loop": "{{loop}}"})
	got, problems := Resolve("{{base}}/{{id}}/{{$guid}}/{{$nope}}/{{loop}}", lookup)
	if want := "https://api.test/{{v}}/{{id}}/{{$guid}}/{{$nope}}/{{loop}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(problems) != 1 || problems[0].Name != "loop" || problems[0].Offset != 36 {
		t.Errorf("problems: %v", problems)
	}
	if got, problems := Resolve("{{base}}", nil); got != "{{base}}" || problems != nil {
		t.Errorf("got %s, %v", got, problems)
	}
}

func TestParse_Unclosed_IsAProblemAndStays(t *testing.T) {
	t.Parallel()
	tmpl, problems := Parse(`{"a": "{{$guid}}", "b": "{{$body 'x'"}`, Options{JSON: true})
	if len(problems) != 1 || problems[0].Name != "$body" || problems[0].Offset != 25 {
		t.Errorf("problems: %+v", problems)
	}
	if got := string(tmpl.Append(nil, input())); !strings.HasSuffix(got, `"b": "{{$body 'x'"}`) {
		t.Errorf("got %s", got)
	}
	if _, problems := Parse("{{name", Options{}); problems != nil {
		t.Errorf("braces of another meaning are a problem: %+v", problems)
	}
}

func BenchmarkAppend_Static(b *testing.B) {
	tmpl, _ := Parse(`{"id": 1, "name": "{{name}}"}`, Options{JSON: true, Lookup: lookupIn(map[string]string{"name": "Rex"})})
	in := input()
	dst := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		dst = tmpl.Append(dst[:0], in)
	}
}

func BenchmarkAppend_Dynamic(b *testing.B) {
	tmpl, _ := Parse(`{"id": {{id}}, "guid": "{{$guid}}", "n": {{$randomInt}}, "name": "{{$randomFullName}}", "at": "{{$isoTimestamp}}"}`, Options{JSON: true})
	in := input()
	dst := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		dst = tmpl.Append(dst[:0], in)
	}
}

func BenchmarkAppend_Body(b *testing.B) {
	tmpl, _ := Parse(`{"c": {{$body 'a.b.1.c'}}, "d": "{{$body 'a.b.0'}}"}`, Options{JSON: true})
	in := input()
	dst := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		dst = tmpl.Append(dst[:0], in)
	}
}
