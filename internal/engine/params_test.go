package engine

import (
	"fmt"
	"strings"
	"testing"
)

// decoded says how a parameter of a style was read: its value as JSON, or the
// first violation.
func decoded(t *testing.T, in, style string, explode bool, schema, target string, header ...string) string {
	t.Helper()
	path := "/x"
	if in == "path" {
		path = "/x/{p}"
	}
	doc := fmt.Sprintf(`
openapi: 3.2.0
paths:
  %s:
    get:
      parameters: [{name: p, in: %s, required: true, %s explode: %v, schema: %s}]
      responses: {"200": {description: d}}
`, path, in, styleKey(style), explode, schema)
	m := mockOf(t, doc, Config{Validation: Warn})
	res := ask(m, sent{target: target, header: header})
	if len(res.x.params) == 1 {
		return string(res.x.params[0].value.AppendJSON(nil))
	}
	if len(res.Found) > 0 {
		return "! " + res.Found[0].sentence()
	}
	return "absent"
}

func styleKey(s string) string {
	if s == "" {
		return ""
	}
	return "style: " + s + ","
}

func TestParameters_EveryStyleIsRead(t *testing.T) {
	t.Parallel()
	const scalar, list, object = `{type: integer}`, `{type: array, items: {type: integer}}`, `{type: object, properties: {r: {type: integer}, g: {type: string}}}`
	cases := []struct {
		in, style string
		explode   bool
		schema    string
		target    string
		want      string
	}{
		{"path", "simple", false, scalar, "/x/5", `5`}, {"path", "simple", false, list, "/x/3,4", `[3,4]`}, {"path", "simple", false, object, "/x/r,100,g,a%2Cb", `{"r":100,"g":"a,b"}`}, {"path", "simple", true, object, "/x/r=100,g=x", `{"r":100,"g":"x"}`},
		{"path", "label", false, scalar, "/x/.5", `5`}, {"path", "label", false, list, "/x/.3,4", `[3,4]`}, {"path", "label", true, list, "/x/.3.4", `[3,4]`}, {"path", "label", true, object, "/x/.r=1.g=x", `{"r":1,"g":"x"}`}, {"path", "label", false, scalar, "/x/5", `! Request path parameter p must begin with a dot (style label)`},
		{"path", "matrix", false, scalar, "/x/;p=5", `5`}, {"path", "matrix", false, list, "/x/;p=3,4", `[3,4]`}, {"path", "matrix", true, list, "/x/;p=3;p=4", `[3,4]`}, {"path", "matrix", false, object, "/x/;p=r,1,g,x", `{"r":1,"g":"x"}`}, {"path", "matrix", true, object, "/x/;r=1;g=x", `{"r":1,"g":"x"}`},
		{"path", "simple", false, `{type: string}`, "/x/a%20b%2Fc", `"a b/c"`}, {"path", "simple", false, `{type: string}`, "/x/%zz", `! Request path parameter p must be percent-encoded UTF-8: %zz`},
		{"query", "form", true, scalar, "/x?p=5", `5`}, {"query", "form", true, list, "/x?p=3&p=4", `[3,4]`}, {"query", "form", true, list, "/x?p=3", `[3]`}, {"query", "form", false, list, "/x?p=3,4", `[3,4]`}, {"query", "form", false, list, "/x?p=3%2C4", `[3,4]`}, {"query", "form", true, list, "/x?p[]=3&p[]=4", `[3,4]`},
		{"query", "form", false, object, "/x?p=r,1,g,x", `{"r":1,"g":"x"}`}, {"query", "form", true, object, "/x?r=1&g=x&other=2", `{"r":1,"g":"x"}`},
		{"query", "spaceDelimited", false, list, "/x?p=3%204", `[3,4]`}, {"query", "spaceDelimited", false, list, "/x?p=3+4", `[3,4]`}, {"query", "pipeDelimited", false, list, "/x?p=3|4", `[3,4]`}, {"query", "pipeDelimited", false, list, "/x?p=3%7C4", `[3,4]`},
		{"query", "deepObject", true, object, "/x?p[r]=1&p[g]=x", `{"r":1,"g":"x"}`}, {"query", "deepObject", true, `{type: object, properties: {a: {type: object, properties: {b: {type: array, items: {type: integer}}}}}}`, "/x?p[a][b][]=1&p[a][b][]=2", `{"a":{"b":[1,2]}}`},
		{"query", "deepObject", true, object, "/x?p[r=1", `! Request query parameter p must be written as name[property]=value`}, {"query", "deepObject", true, `{type: object, properties: {l: {type: array, items: {type: integer}}}}`, "/x?p[l]=1&p[l]=2", `{"l":[1,2]}`},
		{"query", "form", true, `{type: boolean}`, "/x?p=true", `true`}, {"query", "form", true, `{type: [integer, "null"]}`, "/x?p=null", `null`}, {"query", "form", true, `{type: string}`, "/x?p=a+b%26c", `"a b&c"`}, {"query", "form", true, scalar, "/x", `! Request query must have required property 'p'`},
		{"query", "form", true, `{anyOf: [{type: integer}, {type: string, enum: [all]}]}`, "/x?p=all", `"all"`}, {"query", "form", true, `{}`, "/x?p=5", `"5"`},
	}
	for _, c := range cases {
		if got := decoded(t, c.in, c.style, c.explode, c.schema, c.target); got != c.want {
			t.Errorf("%s %s explode=%v %s, %s:\n got %s\nwant %s", c.in, c.style, c.explode, c.schema, c.target, got, c.want)
		}
	}
	headers := []struct {
		in      string
		explode bool
		schema  string
		header  string
		want    string
	}{
		{"header", false, scalar, "P: 5", `5`}, {"header", false, list, "P: 3, 4", `[3,4]`}, {"header", false, object, "P: r,1,g,x", `{"r":1,"g":"x"}`}, {"header", true, object, "P: r=1,g=x", `{"r":1,"g":"x"}`},
		{"cookie", true, scalar, "Cookie: a=b; p=5", `5`}, {"cookie", false, list, "Cookie: p=3,4", `[3,4]`}, {"cookie", true, list, "Cookie: p=3; p=4", `[3,4]`}, {"cookie", false, object, "Cookie: p=r,1,g,x", `{"r":1,"g":"x"}`}, {"cookie", true, object, "Cookie: r=1; g=x", `{"r":1,"g":"x"}`},
	}
	for _, c := range headers {
		if got := decoded(t, c.in, "", c.explode, c.schema, "/x", c.header); got != c.want {
			t.Errorf("%s explode=%v %s, %s: got %s, want %s", c.in, c.explode, c.schema, c.header, got, c.want)
		}
	}
}

func TestParameters_ContentIsParsed(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `
openapi: 3.2.0
paths:
  /x:
    get:
      parameters:
        - {name: f, in: query, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}}
      responses: {"200": {description: d}}
  /whole:
    get:
      parameters:
        - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object, required: [n], properties: {n: {type: integer}, l: {type: array, items: {type: string}}}}}}}
      responses: {"200": {description: d}}
`, Config{})
	for target, want := range map[string]int{
		`/x?f=%7B%22a%22:1%7D`: 200, `/x?f=%7B%22a%22:%22x%22%7D`: 422, `/x?f=%7B`: 422, `/x`: 200,
		`/whole?n=1&l=a&l=b`: 200, `/whole?n=x`: 422, `/whole?l=a`: 422,
	} {
		if res := ask(m, sent{target: target}); res.Status != want {
			t.Errorf("%s: %d, want %d: %s", target, res.Status, want, text(res))
		}
	}
}

func TestParameters_CollectionFormatsOf20(t *testing.T) {
	t.Parallel()
	for format, query := range map[string]string{"csv": "p=1,2", "ssv": "p=1%202", "tsv": "p=1%092", "pipes": "p=1|2", "multi": "p=1&p=2"} {
		m := mockOf(t, `{swagger: "2.0", paths: {/x: {get: {parameters: [{name: p, in: query, type: array, minItems: 2, items: {type: integer}, collectionFormat: `+format+`}], responses: {200: {description: d}}}}}}`, Config{})
		if res := ask(m, sent{target: "/x?" + query}); res.Status != 200 {
			t.Errorf("%s: %d: %s", format, res.Status, text(res))
		}
		if res := ask(m, sent{target: "/x?p=1;2"}); res.Status != 422 {
			t.Errorf("%s: another delimiter gives %d", format, res.Status)
		}
	}
}

func TestParameters_DeprecatedIsAWarning(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {deprecated: true, parameters: [{name: p, in: query, deprecated: true}], responses: {"200": {description: d}}}}}}`, Config{})
	res := ask(m, sent{target: "/x?p=1"})
	if res.Status != 200 || res.Get("Sl-Violations") != `[{"location":["request","query","p"],"severity":"Warning","code":"deprecated","message":"Query param p is deprecated"}]` || res.Get("Deprecation") != "true" {
		t.Errorf("%d, %q, Deprecation %q", res.Status, res.Get("Sl-Violations"), res.Get("Deprecation"))
	}
}

// FuzzParameters sends anything: it is answered with a success or a refusal.
func FuzzParameters(f *testing.F) {
	m := mockOf(f, `
openapi: 3.2.0
paths:
  /x/{a}:
    get:
      parameters:
        - {name: a, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
        - {name: d, in: query, style: deepObject, schema: {type: object, properties: {k: {type: array, items: {type: object}}}}}
        - {name: o, in: query, schema: {type: object, additionalProperties: {type: integer}}}
        - {name: s, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: number}}}
        - {name: H, in: header, schema: {type: object, properties: {x: {type: boolean}}}}
        - {name: c, in: cookie, schema: {type: array, items: {type: string, format: date}}}
        - {name: j, in: query, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: d}}
`, Config{})
	f.Add(";a=1;a=2", "d[k][0][x]=1&s=1|2&j={}", "x,true", "c=2024-01-01")
	f.Add("%", "d[[[]]]=&d[=1&%=%", ",,,", ";;=")
	f.Fuzz(func(t *testing.T, path, query, header, cookie string) {
		if strings.ContainsAny(path, "/") {
			return
		}
		res := ask(m, sent{target: "/x/" + strings.ReplaceAll(path, "?", "") + "?" + query, header: []string{"H: " + header, "Cookie: " + cookie}})
		if res.Fault != "" || res.Status != 200 && (res.Status < 400 || res.Status > 499) {
			t.Errorf("status %d, fault %s", res.Status, res.Fault)
		}
	})
}
