package engine

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// styleCase writes one value in one style, as a client of OpenAPI's Style
// Values does. esc encodes what stands between the delimiters.
type styleCase struct {
	in, style string
	explode   bool
	write     func(kind string, esc func(string) string) string
}

// Each kind of value, its schema, and what it decodes to. The texts hold the
// delimiters of every style.
const hard = "a,b|c d.e;f=g&h/é+%"

var styleKinds = []struct{ kind, schema, want string }{
	{"integer", `{type: integer}`, `7`}, {"number", `{type: number}`, `1.5`}, {"boolean", `{type: boolean}`, `true`}, {"string", `{type: string}`, `"` + hard + `"`},
	{"array", `{type: array, items: {type: string}}`, `["` + hard + `","y"]`}, {"object", `{type: object, properties: {r: {type: string}, g: {type: integer}}}`, `{"r":"` + hard + `","g":7}`},
}

func scalarOf(kind string) string {
	return map[string]string{"integer": "7", "number": "1.5", "boolean": "true", "string": hard}[kind]
}

// joinedBy writes a value with a prefix, and lists and objects with delimiters;
// equals stands between the name and the value of a property.
func joinedBy(prefix, delimiter, equals string) func(string, func(string) string) string {
	return func(kind string, esc func(string) string) string {
		switch kind {
		case "array":
			return prefix + esc(hard) + delimiter + "y"
		case "object":
			return prefix + "r" + equals + esc(hard) + delimiter + "g" + equals + "7"
		}
		return prefix + esc(scalarOf(kind))
	}
}

// byKind takes a writer for each kind, and one for the rest.
func byKind(list, object, scalar func(string, func(string) string) string) func(string, func(string) string) string {
	return func(kind string, esc func(string) string) string {
		switch kind {
		case "array":
			return list(kind, esc)
		case "object":
			return object(kind, esc)
		}
		return scalar(kind, esc)
	}
}

func TestParameters_EveryStyleReadsBackWhatAClientWrites(t *testing.T) {
	t.Parallel()
	list := func(text string) func(string, func(string) string) string {
		return func(_ string, esc func(string) string) string { return strings.ReplaceAll(text, "*", esc(hard)) }
	}
	cases := []styleCase{
		{"path", "simple", false, joinedBy("", ",", ",")}, {"path", "simple", true, joinedBy("", ",", "=")}, {"path", "label", false, joinedBy(".", ",", ",")},
		{"path", "label", true, byKind(list(".*.y"), list(".r=*.g=7"), joinedBy(".", "", ""))}, {"path", "matrix", false, joinedBy(";p=", ",", ",")}, {"path", "matrix", true, byKind(list(";p=*;p=y"), list(";r=*;g=7"), joinedBy(";p=", "", ""))},
		{"query", "form", false, joinedBy("p=", ",", ",")}, {"query", "form", true, byKind(list("p=*&p=y"), list("r=*&g=7"), joinedBy("p=", "", ""))},
		{"query", "spaceDelimited", false, byKind(list("p=*%20y"), nil, nil)}, {"query", "pipeDelimited", false, byKind(list("p=*|y"), nil, nil)}, {"query", "spaceDelimited", true, byKind(list("p=*&p=y"), nil, nil)}, {"query", "pipeDelimited", true, byKind(list("p=*&p=y"), nil, nil)},
		{"query", "deepObject", true, byKind(nil, list("p[r]=*&p%5Bg%5D=7"), nil)},
	}
	for _, c := range cases {
		for _, k := range styleKinds {
			listsOnly := strings.HasSuffix(c.style, "Delimited")
			if listsOnly && k.kind != "array" || c.style == "deepObject" && k.kind != "object" {
				continue
			}
			esc := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
			if c.style == "label" { // a dot is never encoded by clients, and can't be where it delimits
				esc = func(s string) string {
					return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "+", "%20"), ".", "%2E")
				}
			}
			target := "/x/" + c.write(k.kind, esc)
			if c.in == "query" {
				target = "/x?" + c.write(k.kind, esc)
			}
			if strings.HasPrefix(c.style, "space") && !c.explode {
				target = strings.ReplaceAll(target, esc(hard), strings.ReplaceAll(esc(hard), "%20", "")) // a space can't be told from the delimiter
				if got, want := decoded(t, c.in, c.style, c.explode, k.schema, target), strings.ReplaceAll(k.want, " ", ""); got != want {
					t.Errorf("%s %s explode=%v %s, %s:\n got %s\nwant %s", c.in, c.style, c.explode, k.kind, target, got, want)
				}
				continue
			}
			if c.style == "pipeDelimited" && !c.explode {
				target = strings.ReplaceAll(target, "%7C", "%2F")
				k.want = strings.ReplaceAll(k.want, "|", "/")
			}
			if got := decoded(t, c.in, c.style, c.explode, k.schema, target); got != k.want {
				t.Errorf("%s %s explode=%v %s, %s:\n got %s\nwant %s", c.in, c.style, c.explode, k.kind, target, got, k.want)
			}
		}
	}
}

func TestParameters_WhatCannotBeDecodedIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []struct{ in, style, schema string }{
		{"query", "form", `{type: string}`}, {"query", "form", `{type: array, items: {type: string}}`}, {"query", "deepObject", `{type: object}`}, {"query", "form", `{type: object, additionalProperties: true}`}, {"query", "pipeDelimited", `{type: array, items: {type: string}}`},
	} {
		for _, bad := range []string{"p=%", "p=%zz", "p=%f", "p=%ff", "p=%c0%af", "p=%ed%a0%80", "%zz=1", "%ff=1", "p[a]=%zz", "other=%zz", "p=\xff"} {
			got := decoded(t, in.in, in.style, true, in.schema, "/x?"+bad)
			if !strings.Contains(got, "percent-encoded UTF-8") {
				t.Errorf("%s %s, %q: %s", in.style, in.schema, bad, got)
			}
		}
	}
	for _, style := range []string{"simple", "label", "matrix"} {
		prefix := map[string]string{"label": ".", "matrix": ";p="}[style]
		for _, schema := range []string{`{type: string}`, `{type: array, items: {type: string}}`, `{type: object}`} {
			for _, bad := range []string{"%zz", "%ff", "%c0%af", "\xff"} {
				text := bad
				if strings.Contains(schema, "object") {
					text = "a," + bad
				}
				if got := decoded(t, "path", style, false, schema, "/x/"+prefix+text); !strings.Contains(got, "percent-encoded UTF-8") {
					t.Errorf("%s %s, %q: %s", style, schema, text, got)
				}
			}
		}
	}
}

func TestParameters_TooManyNamesAreRefused(t *testing.T) {
	t.Parallel()
	got := decoded(t, "query", "form", true, `{type: array, items: {type: integer}}`, "/x?"+strings.Repeat("p=1&", maxPairs)+"p=x")
	if !strings.Contains(got, "must not have more than 10000 names and values") {
		t.Errorf("%.200s", got)
	}
}

func TestParameters_AFreeFormObjectTakesWhatNobodyElseDeclares(t *testing.T) {
	t.Parallel()
	const doc = `
openapi: 3.0.0
components: {securitySchemes: {k: {type: apiKey, in: query, name: key}}}
paths:
  /x:
    get:
      security: [{k: []}]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: deep, in: query, style: deepObject, schema: {type: object}}
        - {name: filter, in: query, schema: %s}
      responses: {"200": {description: d}}
`
	for schema, want := range map[string]string{
		`{type: object, additionalProperties: {type: integer}}`: `{"a":1,"b":2}`,
		`{type: object}`: `{"a":"1","b":"2"}`,
		`{type: object, properties: {a: {type: integer}}}`:                                       `{"a":1}`,
		`{type: object, properties: {a: {type: integer}}, additionalProperties: {type: number}}`: `{"a":1,"b":2}`,
		`{type: object, properties: {a: {type: integer}}, additionalProperties: false}`:          `{"a":1}`,
	} {
		m := mockOf(t, fmt.Sprintf(doc, schema), Config{})
		res := ask(m, sent{target: "/x?limit=3&a=1&key=k&b=2&deep[z]=1&__seed=7"})
		got := ""
		for _, p := range res.x.params {
			if p.param.Name == "filter" {
				got = string(p.value.AppendJSON(nil))
			}
		}
		if got != want || res.Status != 200 {
			t.Errorf("%s: got %s (%d), want %s", schema, got, res.Status, want)
		}
	}
	res := ask(mockOf(t, fmt.Sprintf(doc, `{type: object, additionalProperties: {type: integer}}`), Config{}), sent{target: "/x?key=k&a=x"})
	if res.Status != 422 || !strings.Contains(text(res), "query parameter filter.a must be integer") {
		t.Errorf("%d %s", res.Status, text(res))
	}
}

func TestParameters_DeepObjectsThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"p[a]=1&p[a][b]=2", "p[a][b]=2&p[a]=1", "p[a", "p[a]x=1", "p[a]=1&p[]=2", "p" + strings.Repeat("[a]", 10_000) + "=1"} {
		if got := decoded(t, "query", "deepObject", true, `{type: object}`, "/x?"+query); !strings.HasPrefix(got, "! ") {
			t.Errorf("%.60s: %.200s", query, got)
		}
	}
}
