package engine

import (
	"strings"
	"testing"
)

// typesDocument declares one response of several media types.
func typesDocument(types ...string) string {
	var b strings.Builder
	for _, x := range types {
		b.WriteString(`"` + x + `": {example: x}, `)
	}
	return `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {` + strings.TrimSuffix(b.String(), ", ") + `}}}}}}}`
}

// Qualities are those of the range that names a type most closely
// (RFC 9110, 12.5.1).
func TestNegotiate_QualitiesAndPrecedence(t *testing.T) {
	t.Parallel()
	json, xml, both := []string{"application/json"}, []string{"application/xml"}, []string{"application/json", "application/xml"}
	cases := []struct {
		declared []string
		accept   string
		want     string // "" for 406
	}{
		{both, "application/json;q=0, */*", "application/xml"}, {json, "application/json;q=0, */*", ""}, {both, "application/json;q=0.5, */*;q=0.8", "application/xml"}, {both, "application/*;q=0.5, application/xml", "application/xml"},
		{both, "*/*, application/xml", "application/xml"}, {both, "application/json; q=0.1, application/xml; q=0.2", "application/xml"}, {both, "text/html, application/*", "application/json"}, {json, "*/*;q=0", ""},
		{both, "application/json;Q=0.1, application/xml;Q=0.2", "application/xml"}, {json, "application/json;q=abc", "application/json"}, {json, "application/json;q=", "application/json"}, {json, "application/json;q=0.001", "application/json"}, {json, "application/json;q=0.0001", ""},
		{json, "APPLICATION/JSON", "application/json"}, {json, "application/vnd.a+json;q=0", ""}, {xml, "application/json, application/atom+xml;q=0.1", "application/xml"}, {json, "/", ""}, {json, `application/json;v="`, "application/json"},
		{[]string{"a/b; v=1", "a/b; v=2"}, "a/b", "a/b; v=1"}, {[]string{"a/b; v=1", "a/c"}, "a/b; v=2, a/c", "a/c"}, {[]string{"text/*", "application/json"}, "text/css;q=0.9, application/json;q=0.8", "text/css"}, {[]string{"*/*"}, "text/css", "text/css"},
		{json, strings.Repeat("a/b, ", 10_000) + "application/json", ""},
	}
	for _, c := range cases {
		res := ask(mockOf(t, typesDocument(c.declared...), Config{}), sent{target: "/x", header: []string{"Accept: " + c.accept}})
		if c.want == "" && res.Status != 406 || c.want != "" && (res.Status != 200 || res.Get("Content-Type") != c.want) {
			t.Errorf("declared %v, Accept %.60q: %d %s, want %q", c.declared, c.accept, res.Status, res.Get("Content-Type"), c.want)
		}
	}
}

func TestNegotiate_SeveralFieldsAreOne(t *testing.T) {
	t.Parallel()
	res := ask(mockOf(t, typesDocument("application/json", "application/xml"), Config{}), sent{target: "/x", header: []string{"Accept: application/json;q=0.1", "Accept: application/xml"}})
	if res.Get("Content-Type") != "application/xml" {
		t.Errorf("got %s", res.Get("Content-Type"))
	}
}
