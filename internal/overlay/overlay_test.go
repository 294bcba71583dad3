package overlay

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// file makes a file of a text that is JSON or YAML.
func file(tb testing.TB, name, text string) *document.File {
	tb.Helper()
	root, warnings, err := document.Parse(text, name, 1, document.Limits{})
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return &document.File{Number: 1, Name: name, Text: text, Root: root, Warnings: warnings}
}

// over makes an overlay's text of its actions.
func over(version, actions string) string {
	return "overlay: " + version + "\ninfo: {title: T, version: '1'}\nactions:\n" + actions
}

func read(tb testing.TB, text string) *Overlay {
	tb.Helper()
	o, diags := Read(file(tb, "overlay.yaml", text))
	if len(diags) > 0 {
		tb.Fatalf("the overlay has problems: %v", diags)
	}
	return o
}

func texts(diags []document.Diagnostic) []string {
	var out []string
	for _, d := range diags {
		out = append(out, d.String())
	}
	return out
}

// applied applies an overlay, checks that the document stays as it is, and
// gives the result as compact JSON.
func applied(tb testing.TB, doc, overlay string) (string, []document.Diagnostic) {
	tb.Helper()
	f := file(tb, "api.yaml", doc)
	before := f.Root.Clone()
	out, diags := read(tb, overlay).Apply(&f.Root)
	if diff := cmp.Diff(before, f.Root); diff != "" {
		tb.Errorf("the document was changed:\n%s", diff)
	}
	return string(out.AppendJSON(nil)), diags
}

// compact is a YAML text as JSON, in its order.
func compact(tb testing.TB, text string) string {
	tb.Helper()
	f := file(tb, "want.yaml", text)
	return string(f.Root.AppendJSON(nil))
}

const shop = `
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
servers: [{url: https://shop.example}]
tags: [{name: b}, {name: a}]
paths:
  /pets:
    get:
      deprecated: true
      parameters:
        - {name: filter, in: query}
        - {name: dummy, in: query}
        - {name: filter, in: header}
      responses: {'200': {description: OK}, '500': {description: Oh}}
    post:
      responses: {'201': {description: Made}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true}]
      responses: {'200': {description: OK}, '500': {description: Oh}}
`

func TestApply_ExamplesOfTheSpecification(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, doc, overlay, want string
	}{
		{
			name: "structured",
			doc:  "{info: {title: A}, paths: {/: {get: {summary: old, operationId: o}}}, components: {schemas: {A: {}}}, tags: [{name: a}]}",
			overlay: over("1.0.0", `
  - target: '$'
    update:
      info: {x-overlay-applied: structured}
      paths:
        /: {summary: The root, get: {summary: Retrieve the root, x-rate-limit: 100}}
        /pets: {get: {summary: Retrieve pets}}
      components:
      tags:
`),
			want: "{info: {title: A, x-overlay-applied: structured}, paths: {/: {get: {summary: Retrieve the root, operationId: o, x-rate-limit: 100}, summary: The root}, /pets: {get: {summary: Retrieve pets}}}, components: {schemas: {A: {}}}, tags: [{name: a}]}",
		},
		{
			name: "targeted",
			doc:  "{paths: {/foo: {get: {description: a, tags: [x]}}, /bar: {get: {}}}}",
			overlay: over("1.0.0", `
  - target: $.paths['/foo'].get
    update: {description: new}
  - target: $.paths['/bar'].get
    update: {description: updated}
  - target: $.paths['/bar']
    update: {post: {description: child, x-safe: false}}
`),
			want: "{paths: {/foo: {get: {description: new, tags: [x]}}, /bar: {get: {description: updated}, post: {description: child, x-safe: false}}}}",
		},
		{
			name: "wildcards and filters",
			doc:  "{paths: {/a: {get: {parameters: [{name: filter, in: query, schema: {type: string}}, {name: filter, in: header}]}}, /b: {post: {}}, /c: {get: {}}}}",
			overlay: over("1.0.0", `
  - target: $.paths.*.get
    update: {x-safe: true}
  - target: $.paths.*.get.parameters[?@.name=='filter' && @.in=='query']
    update: {schema: {$ref: '#/components/schemas/filterSchema'}}
`),
			want: "{paths: {/a: {get: {parameters: [{name: filter, in: query, schema: {type: string, $ref: '#/components/schemas/filterSchema'}}, {name: filter, in: header}], x-safe: true}}, /b: {post: {}}, /c: {get: {x-safe: true}}}}",
		},
		{
			name: "an array element is added",
			doc:  "{paths: {/a: {get: {parameters: [{name: a}]}}, /b: {get: {parameters: []}}}}",
			overlay: over("1.0.0", `
  - target: $.paths.*.get.parameters
    update: {name: newParam, in: query}
`),
			want: "{paths: {/a: {get: {parameters: [{name: a}, {name: newParam, in: query}]}}, /b: {get: {parameters: [{name: newParam, in: query}]}}}}",
		},
		{
			name: "array elements are removed",
			doc:  "{paths: {/a: {get: {parameters: [{name: dummy}, {name: a}, {name: dummy}]}}, /b: {get: {parameters: [{name: dummy}]}}}}",
			overlay: over("1.0.0", `
  - target: $.paths.*.get.parameters[?@.name == 'dummy']
    remove: true
`),
			want: "{paths: {/a: {get: {parameters: [{name: a}]}}, /b: {get: {parameters: []}}}}",
		},
		{
			name: "traits",
			doc:  "{paths: {/items: {get: {x-oai-traits: [paged], responses: {}}}, /sub: {get: {x-oai-traits: [paged], parameters: [{name: id}]}}, /other: {get: {}}}}",
			overlay: over("1.0.0", `
  - target: $.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get
    update:
      parameters: [{name: top, in: query}, {name: skip, in: query}]
`),
			want: "{paths: {/items: {get: {x-oai-traits: [paged], responses: {}, parameters: [{name: top, in: query}, {name: skip, in: query}]}}, /sub: {get: {x-oai-traits: [paged], parameters: [{name: id}, {name: top, in: query}, {name: skip, in: query}]}}, /other: {get: {}}}}",
		},
		{
			name: "1.1: primitive targets, lists and copies",
			doc:  "{a: {text: old, tags: [x, dummy]}, b: {get: {summary: s}}, c: {}}",
			overlay: over("1.1.0", `
  - {target: $.a.text, update: new}
  - {target: "$.a.tags[?@ == 'dummy']", remove: true}
  - {target: $.a.tags, update: [y, z]}
  - {target: $.c, copy: $.b}
  - {target: $.b, remove: true}
`),
			want: "{a: {text: new, tags: [x, y, z]}, c: {get: {summary: s}}}",
		},
		{
			name: "an object is removed and made again",
			doc:  "{servers: [{url: a}], info: {}}",
			overlay: over("1.0.0", `
  - {target: $.servers, remove: true}
  - {target: $, update: {servers: [{url: b}]}}
`),
			want: "{info: {}, servers: [{url: b}]}",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, diags := applied(t, c.doc, c.overlay)
			if len(diags) > 0 {
				t.Errorf("problems: %v", diags)
			}
			if diff := cmp.Diff(compact(t, c.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestApply_Targets(t *testing.T) {
	t.Parallel()
	// What is selected is marked; the marks are found again by their places.
	for target, want := range map[string][]string{
		`$`:                            {"$"},
		`$.info`:                       {"$.info"},
		`$.tags[0]`:                    {"$.tags[0]"},
		`$.tags[-1]`:                   {"$.tags[1]"},
		`$.tags[::-1]`:                 {"$.tags[1]", "$.tags[0]"},
		`$.tags[1,0,1]`:                {"$.tags[1]", "$.tags[0]"},
		`$.tags[0:9223372036:2]`:       {"$.tags[0]"},
		`$.paths['/pets','/none'].get`: {"$.paths['/pets'].get"},
		`$..['500']`:                   {"$.paths['/pets'].get.responses['500']", "$.paths['/pets/{id}'].get.responses['500']"},
		`$..*..['500']`:                {"$.paths['/pets'].get.responses['500']", "$.paths['/pets/{id}'].get.responses['500']"},
		`$.paths.*[?@.deprecated]`:     {"$.paths['/pets'].get"},
		`$.paths.*[?!@.deprecated]`:    {"$.paths['/pets'].post", "$.paths['/pets/{id}'].get"},
		`$.paths.*.get.parameters[?length(@.name) < 3]`:                 {"$.paths['/pets/{id}'].get.parameters[0]"},
		`$.paths.*.get.parameters[?match(@.name, 'd.*|x')]`:             {"$.paths['/pets'].get.parameters[1]"},
		`$..parameters[?!match(@.required, 'x') && search(@.in, 'at')]`: {"$.paths['/pets/{id}'].get.parameters[0]"},
		`$..parameters[?@.required == true || match(@.none, 'x')]`:      {"$.paths['/pets/{id}'].get.parameters[0]"},
		`$.servers[?@.url == $.servers[0].url]`:                         {"$.servers[0]"},
		`$.paths[?count(@.*) > 1]`:                                      {"$.paths['/pets']"},
		`$.paths[?@..parameters[?@.in=='path']]`:                        {"$.paths['/pets/{id}']"},
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			f := file(t, "api.yaml", shop)
			q, err := parseQuery(target)
			if err != nil {
				t.Fatal(err)
			}
			e := newEditor(&f.Root, maxWork, maxGrown)
			var got []string
			for _, n := range e.find(q) {
				got = append(got, n.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestApply_AFilterSeesWhatEarlierActionsDid(t *testing.T) {
	t.Parallel()
	got, diags := applied(t, "{a: [{n: 1}, {n: 2}], b: {k: {n: 1}}}", over("1.0.0", `
  - {target: '$.a[?@.n == 1]', update: {n: 2}}
  - {target: '$.a[?@.n == 2]', update: {seen: true}}
  - {target: '$.a[?@.n == 2]', remove: true}
  - {target: '$[?@.k.n == 1].k', update: {n: 3}}
  - {target: '$[?@.k.n == 3]', update: {found: true}}
`))
	if want := compact(t, "{a: [], b: {k: {n: 3}, found: true}}"); got != want || diags != nil {
		t.Errorf("got %s %v, want %s", got, diags, want)
	}
}

func TestApply_AFilterSeesAValueThatWasReplacedTwice(t *testing.T) {
	t.Parallel()
	got, diags := applied(t, "{a: [{n: 1}]}", over("1.0.0", `
  - {target: '$.a[?@.n == 1]', update: {n: 2}}
  - {target: '$.a[?@.n == 2]', update: {n: 3}}
  - {target: '$.a[?@.n == 3]', update: {n: 4}}
  - {target: '$.a[?$.a[0].n == 4]', update: {n: 5}}
`))
	if want := `{"a":[{"n":5}]}`; got != want || diags != nil {
		t.Errorf("got %s %v, want %s", got, diags, want)
	}
}

func TestApply_NestedTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ doc, actions, want string }{
		{"{a: {x: 1, a: {x: 2, a: {}}}}", "  - {target: $..a, update: {y: 3}}", "{a: {x: 1, a: {x: 2, a: {y: 3}, y: 3}, y: 3}}"},
		{"{a: [{a: [1]}, {a: [2]}], b: 1}", "  - {target: $..a, remove: true}", "{b: 1}"},
		{"{a: [[1, 2], [3, 4], 5]}", "  - {target: '$.a[0, 2, 0][0]', remove: true}\n  - {target: '$.a[1, 2]', remove: true}", "{a: [[2]]}"},
		{"{a: {b: {c: 1}}}", "  - {target: '$[\"a\"][\"b\"]', remove: true, update: {d: 1}}", "{a: {}}"},
	} {
		got, diags := applied(t, c.doc, over("1.0.0", c.actions))
		if want := compact(t, c.want); got != want || diags != nil {
			t.Errorf("%s\n%s\n got %s %v\nwant %s", c.doc, c.actions, got, diags, want)
		}
	}
}

func TestApply_NumbersAndPositionsOfTheDocumentStay(t *testing.T) {
	t.Parallel()
	f := file(t, "api.json", `{"a": {"n": 1.50e3, "m": 12345678901234567890}, "b": {}}`)
	place := f.Root.Get("a").Get("n").Pos
	b := f.Root.Get("b").Pos
	out, _ := read(t, over("1.0.0", "  - {target: $.a, update: {k: 1}}\n  - {target: $.b, update: {k: {l: 1}}}")).Apply(&f.Root)
	if got := string(out.AppendJSON(nil)); got != `{"a":{"n":1.50e3,"m":12345678901234567890,"k":1},"b":{"k":{"l":1}}}` {
		t.Errorf("got %s", got)
	}
	if n := out.Get("a").Get("n"); n.Pos != place || n.File != 1 {
		t.Errorf("a kept value moved to %d in file %d", n.Pos, n.File)
	}
	// References in what is added are resolved from the document, not from the overlay.
	if l := out.Get("b").Get("k").Get("l"); l.Pos != b || l.File != 1 {
		t.Errorf("an added value stands at %d in file %d, want %d in 1", l.Pos, l.File, b)
	}
}

func TestApply_ProblemsAreTold(t *testing.T) {
	t.Parallel()
	const doc = "{info: {title: T}, tags: [a], paths: {/a: {get: {x: {}}}, /b: {get: {x: {}}}}}"
	for _, c := range []struct{ version, action, want, code string }{
		{"1.0.0", "{target: \"$.paths['/c'].get\", update: {}}", "overlay.yaml:4:14: warning: the overlay's action 1 selects nothing any more: $.paths['/c'].get;", codeNoMatch},
		{"1.0.0", "{target: $.none, remove: true}", "4:14: warning: the overlay's action 1 selects nothing any more: $.none", codeNoMatch},
		{"1.0.0", "{target: $.info, update: text}", "4:30: error: action 1 gives a string for the target, which is an object in the document; it stays as it is (at $.info); write an object", codeMismatch},
		{"1.0.0", "{target: $.paths.*.get, update: {x: [1]}}", "error: action 1 gives an array for \"x\", which is an object in the document; it stays as it is (at $.paths['/a'].get and 1 more places)", codeMismatch},
		{"1.0.0", "{target: $.tags, update: [b]}", "warning: action 1 appends a list to a list, which Overlay 1.0 does as one element", codeMismatch},
		{"1.1.0", "{target: $.info.title, update: {}}", "error: action 1 gives an object for the target, which is a string", codeMismatch},
		{"1.1.0", "{target: '$[\"info\", \"tags\"]', update: {}}", "error: action 1 selects values of different kinds, such as an object and an array", codeMismatch},
		{"1.1.0", "{target: $.info, copy: $.paths.*}", "error: \"copy\" of action 1 selects 2 values, not one: $.paths.*", codeNoMatch},
	} {
		_, diags := applied(t, doc, over(c.version, "  - "+c.action))
		if len(diags) != 1 || diags[0].Code != c.code || !strings.Contains(diags[0].String(), c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.action, texts(diags), c.want)
		}
	}
}

func TestApply_A10List_IsOneElement(t *testing.T) {
	t.Parallel()
	got, _ := applied(t, "{tags: [a]}", over("1.0.0", "  - {target: $.tags, update: [b, c]}"))
	if want := `{"tags":["a",["b","c"]]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRead_ProblemsAreTold(t *testing.T) {
	t.Parallel()
	const head = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
	for _, c := range []struct {
		text, want string
		actions    int
	}{
		{"[]", "overlay.yaml:1:1: error: an overlay is an object, not an array", 0},
		{"info: {title: T, version: '1'}\nactions: [{target: $, update: {}}]", "1:1: error: the overlay has no \"overlay\", which is its version; it is read as 1.0; add \"overlay: 1.0.0\"", 1},
		{"overlay: 2.0.0\nactions: []", "1:10: error: version \"2.0.0\" is not known; the overlay is not applied", 0},
		{"overlay: 1.2.0\ninfo: {title: T, version: '1'}\nactions: [{target: $, update: {}}]", "warning: version \"1.2.0\" is not known; it is read as 1.1", 1},
		{"overlay: 1.0.0\nactions: [{target: $, update: {}}]", "warning: the overlay has no \"info\" object", 1},
		{"overlay: 1.0.0\ninfo: {title: T}\nactions: [{target: $, update: {}}]", "2:7: warning: the overlay's \"info\" has no \"version\"", 1},
		{head, "error: the overlay has no actions", 0},
		{head + "actions: {}", "3:10: error: the overlay has no actions", 0},
		{head + "extends: 1\nactions: [{target: $, update: {}}]", "3:10: error: \"extends\" is a number, not a string", 1},
		{head + "action: 1\nactions: [{target: $, update: {}}]", "3:9: warning: \"action\" means nothing in the overlay", 1},
		{head + "actions: [a, {target: $, update: {}}]", "3:11: error: action 1 is a string, not an object", 1},
		{head + "actions: [{update: {}}]", "3:11: error: action 1 has no \"target\"", 0},
		{head + "actions: [{target: 1, update: {}}]", "3:20: error: \"target\" of action 1 is a number, not a string", 0},
		{head + "actions: [{target: $.a}]", "3:11: error: action 1 has neither \"update\" nor \"remove\"", 0},
		{head + "actions: [{target: $.a, remove: false}]", "error: action 1 has neither \"update\" nor \"remove\"", 0},
		{head + "actions: [{target: $.a, remove: 1}]", "3:33: error: \"remove\" of action 1 is a number, not a boolean", 0},
		{head + "actions: [{target: $, remove: true}]", "error: action 1 removes the whole document", 0},
		{head + "actions: [{target: $.a, update: {}, copy: $.b}]", "error: action 1 has both \"update\" and \"copy\"", 0},
		{head + "actions: [{target: $.a, copy: $.b}]", "warning: \"copy\" of action 1 is not of Overlay 1.0 but of 1.1", 1},
		{head + "actions: [{target: $.a, updates: {}, update: {}}]", "3:34: warning: \"updates\" means nothing in action 1", 1},
		{head + "actions: [{target: $.paths./pets, update: {}}]", "error: \"target\" of action 1 is no JSONPath: $.paths./pets: unexpected '/' at position 9; write it as RFC 9535 has it; names with other characters", 0},
		{head + "actions: [{target: '', update: {}}]", "error: \"target\" of action 1 is no JSONPath: : it is empty", 0},
		{head + "actions: [{target: \"$.a[?match(@.b, '(')]\", update: {}}]", "missing closing ): `(` at position", 0},
		{head + "actions: [{target: '$." + strings.Repeat("a", maxQuery) + "', update: {}}]", "it is longer than 4096 bytes", 0},
	} {
		o, diags := Read(file(t, "overlay.yaml", c.text))
		if len(o.Actions) != c.actions || !slices.ContainsFunc(texts(diags), func(s string) bool { return strings.Contains(s, c.want) }) {
			t.Errorf("%s\n got %d actions, %q\nwant %d, %q", clip(c.text), len(o.Actions), texts(diags), c.actions, c.want)
		}
	}
}

func TestRead_WhatAnOverlaySaysOfItself(t *testing.T) {
	t.Parallel()
	o := read(t, "overlay: 1.0.0\ninfo: {title: Sandbox, version: 2}\nextends: ./api.yaml\nactions: [{target: $.info, description: why, update: {a: 1}, x-note: 1}]")
	if o.Version != "1.0.0" || o.Title != "Sandbox" || o.Extends != "./api.yaml" || o.Actions[0].Description != "why" || o.Actions[0].Target != "$.info" || o.Actions[0].Update.Get("a") == nil {
		t.Errorf("got %+v", o)
	}
}

// hostile are overlays that would take forever, or all memory.
var hostile = []struct{ name, version, actions string }{
	{"descendants of descendants", "1.0.0", "  - {target: '$" + strings.Repeat("..*", 200) + "', update: {a: 1}}"},
	{"selectors many times", "1.0.0", "  - {target: '$" + strings.Repeat("[*,*,*]", 400) + "', update: {a: 1}}"},
	{"a filter with descendants", "1.0.0", "  - {target: '$..[?@" + strings.Repeat("..*", 50) + "]', update: {a: 1}}"},
	{"a filter with selectors", "1.0.0", "  - {target: '$..[?@" + strings.Repeat("[*,*,*]", 50) + "]', update: {a: 1}}"},
	{"filters from the root in filters", "1.0.0", "  - {target: '$..[?$..[?$..[?$..[?@.none]]]]', update: {a: 1}}"},
	{"the document doubles", "1.1.0", strings.Repeat("  - {target: $.deep, update: {a: {}, b: {}}}\n  - {target: $..a, update: {a: {}, b: {}}}\n  - {target: $..b, update: {a: {}, b: {}}}\n", 60)},
	{"the document copies itself", "1.1.0", strings.Repeat("  - {target: $.deep, copy: $}\n", 60)},
	{"the document grows deeper", "1.0.0", strings.Repeat("  - {target: '$..deep', update: {deep: {}}}\n", 40) + strings.Repeat("  - {target: $.deep, copy: $}\n", 20)},
}

const hostileDoc = "{deep: {a: {b: {c: {d: {e: {f: {}}}}}}, list: [[[[[1, 2, 3, 4, 5, 6]]]], [[[]]]]}, wide: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: {}}}"

func TestApply_Hostile_EndsWithinBounds(t *testing.T) {
	t.Parallel()
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, _ := Read(file(t, "overlay.yaml", over(c.version, c.actions)))
			f := file(t, "api.yaml", hostileDoc)
			out, diags := o.Apply(&f.Root)
			size, depth := extent(out)
			if size > 2*maxGrown || depth > maxDepth+1 {
				t.Errorf("the document has grown to %d values, %d deep", size, depth)
			}
			if len(diags) > 2*maxNotes {
				t.Errorf("%d problems", len(diags))
			}
		})
	}
}

func TestApply_TooMuchWork_IsToldWithItsAction(t *testing.T) {
	t.Parallel()
	_, diags := applied(t, hostileDoc, over("1.0.0", "  - {target: '$..[?@"+strings.Repeat("..*", 50)+"]', update: {a: 1}}\n  - {target: $.none, remove: true}"))
	if len(diags) != 1 || diags[0].Code != codeLimit || diags[0].Line != 4 || !strings.Contains(diags[0].Message, "action 1 takes too much work") {
		t.Errorf("got %q", texts(diags))
	}
}

func TestApply_Nothing(t *testing.T) {
	t.Parallel()
	o, _ := Read(file(t, "overlay.yaml", "[]"))
	doc := definition.NewObject()
	if out, diags := o.Apply(&doc); out != &doc || diags != nil {
		t.Error("an overlay without actions changes something")
	}
	if out, _ := o.Apply(nil); out != nil {
		t.Error("a document appeared")
	}
}
