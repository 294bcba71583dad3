package openapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

var update = flag.Bool("update", false, "write the golden files")

// reading is what a test looks at.
type reading struct {
	*definition.Definition
	t     testing.TB
	diags []document.Diagnostic
}

// read reads a document of one file.
func read(t testing.TB, text string) reading {
	t.Helper()
	return readFiles(t, map[string]string{"api.yaml": text})
}

// readFiles reads a document of several files, of which api.yaml is the entry.
func readFiles(t testing.TB, files map[string]string) reading {
	t.Helper()
	def, diags, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return reading{def, t, diags}
}

func load(files map[string]string) (*definition.Definition, []document.Diagnostic, error) {
	memory := map[string][]byte{}
	for name, text := range files {
		memory[name] = []byte(text)
	}
	l := document.NewLoader(document.Config{Files: memory})
	f, err := l.Open(context.Background(), "api.yaml")
	if err != nil {
		return nil, nil, err
	}
	return Read(context.Background(), l, f)
}

// op is the operation of a method and path.
func (x reading) op(name string) *definition.Operation {
	x.t.Helper()
	for _, op := range x.Operations {
		if op.Method+" "+op.Path == name {
			return op
		}
	}
	x.t.Fatalf("there is no operation %s among %v", name, x.routes())
	return nil
}

func (x reading) routes() []string {
	var out []string
	for _, op := range x.Operations {
		out = append(out, op.Method+" "+op.Path)
	}
	return out
}

// schema is a reusable schema as JSON.
func (x reading) schema(name string) string { return jsonOf(x.Schemas[name]) }

// codes are the codes of the diagnostics, in order.
func (x reading) codes() []string {
	out := []string{}
	for _, d := range x.diags {
		out = append(out, d.Code)
	}
	return out
}

// sound fails the test where anything is said against the document.
func (x reading) sound() reading {
	x.t.Helper()
	for _, d := range x.diags {
		x.t.Errorf("unexpected diagnostic: %s", d)
	}
	return x
}

// says fails the test unless a diagnostic has the code and a text.
func (x reading) says(code, text string) reading {
	x.t.Helper()
	for _, d := range x.diags {
		if d.Code == code && strings.Contains(d.String(), text) {
			return x
		}
	}
	x.t.Errorf("no diagnostic %s with %q among:\n%s", code, text, x.listing())
	return x
}

func (x reading) listing() string {
	var b strings.Builder
	for _, d := range x.diags {
		fmt.Fprintf(&b, "%s [%s]\n", d, d.Code)
	}
	return b.String()
}

func jsonOf(v *definition.Value) string {
	if v == nil {
		return ""
	}
	return string(v.AppendJSON(nil))
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// head begins a document of a version.
func head(version string) string {
	key := "openapi"
	if version == "2.0" {
		key = "swagger"
	}
	return key + ": \"" + version + "\"\ninfo: {title: T, version: \"1\"}\n"
}

func TestRead_Version_IsTakenFromTheContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, format, code string }{
		{`swagger: "2.0"`, "OpenAPI 2.0", ""},
		{`swagger: 2.0`, "OpenAPI 2.0", ""},
		{`openapi: 3.0.4`, "OpenAPI 3.0.4", ""},
		{`openapi: 3.0`, "OpenAPI 3.0", ""},
		{`openapi: "3"`, "OpenAPI 3", ""},
		{`{"openapi":"3.1.1"}`, "OpenAPI 3.1.1", ""},
		{`openapi: 3.2.0`, "OpenAPI 3.2.0", ""},
		{`openapi: 3.10.0`, "OpenAPI 3.10.0", "unknown-version"},
		{`openapi: 4.0.0`, "OpenAPI 4.0.0", "unknown-version"},
		{`swagger: "1.2"`, "OpenAPI 1.2", "unknown-version"},
		{`openapi: {}`, "OpenAPI ", "unknown-version"},
		{`openapi: null`, "OpenAPI ", "unknown-version"},
	} {
		x := read(t, c.text)
		equal(t, c.text, x.Format, c.format)
		if told := slices.Contains(x.codes(), "unknown-version"); told != (c.code != "") {
			t.Errorf("%s: diagnostics are %v", c.text, x.codes())
		}
	}
}

func TestRead_OtherDocument_IsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`asyncapi: 3.0.0`:                    "AsyncAPI",
		`arazzo: 1.0.0`:                      "Arazzo",
		`{"info":{"_postman_id":"x"}}`:       "Postman",
		`{"log":{"entries":[]}}`:             "HAR",
		`{"$schema":"https://json-schema/"}`: "JSON Schema",
		`{"a":1}`:                            "neither",
		`[1]`:                                "an array",
		`hello`:                              "a string",
		`null`:                               "a null",
	} {
		_, _, err := load(map[string]string{"api.yaml": text})
		if !errors.Is(err, ErrNotOpenAPI) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "api.yaml: ") {
			t.Errorf("%s: got %v, want an error with %q", text, err, want)
		}
	}
}

func TestRead_Order_IsThatOfTheDocument(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths:
  /z: {put: {responses: {default: {description: d}, "404": {description: d}, "200": {description: d, content: {text/z: {}, text/a: {}}}}}, get: {responses: {"200": {description: d}}}}
  /a: {get: {responses: {"200": {description: d}}}}
components:
  schemas:
    S: {type: object, properties: {z: true, a: true, m: true}}
`).sound()
	equal(t, "operations", x.routes(), []string{"PUT /z", "GET /z", "GET /a"})
	var statuses, types []string
	for _, r := range x.Operations[0].Responses {
		statuses = append(statuses, r.Status)
		for _, m := range r.Content {
			types = append(types, m.Type)
		}
	}
	equal(t, "statuses", statuses, []string{"default", "404", "200"})
	equal(t, "media types", types, []string{"text/z", "text/a"})
	equal(t, "schema", x.schema("S"), `{"type":"object","properties":{"z":true,"a":true,"m":true}}`)
}

func TestRead_PathItem_SharesParametersAndServers(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
servers: [{url: /v1}]
paths:
  /a/{id}:
    servers: [{url: /path}]
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: q, in: query, schema: {type: string}}
    get:
      parameters: [{name: q, in: query, schema: {type: integer}}]
      responses: {"200": {description: d}}
    post:
      servers: [{url: /op}]
      responses: {"200": {description: d}}
`).sound()
	get, post := x.op("GET /a/{id}"), x.op("POST /a/{id}")
	equal(t, "parameters", []string{get.Parameters[0].Name, get.Parameters[1].Name, jsonOf(get.Parameters[1].Schema)}, []string{"id", "q", `{"type":"integer"}`})
	equal(t, "servers", []string{x.Servers[0].URL, get.Servers[0].URL, post.Servers[0].URL}, []string{"/v1", "/path", "/op"})
	if !get.Parameters[0].Required {
		t.Error("a path parameter must be required")
	}
}

func TestRead_Security_OfTheOperationReplacesThatOfTheDocument(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
security: [{k: []}]
paths:
  /a:
    get: {responses: {"200": {description: d}}}
    put: {security: [], responses: {"200": {description: d}}}
    post: {security: [{o: [r, w], k: []}, {}], responses: {"200": {description: d}}}
    delete: {security: null, responses: {"200": {description: d}}}
    patch: {security: [{nope: []}], responses: {"200": {description: d}}}
components:
  securitySchemes:
    k: {type: apiKey, in: header, name: X-Key}
    o: {type: oauth2, flows: {}}
`)
	name := func(op string) string {
		var out []string
		for _, req := range x.op(op).Security {
			for _, s := range req {
				out = append(out, fmt.Sprint(s.Name, s.Scopes, s.Scheme != nil))
			}
			out = append(out, "|")
		}
		return strings.Join(out, "")
	}
	equal(t, "get", name("GET /a"), "k[] true|")
	equal(t, "put", name("PUT /a"), "")
	equal(t, "post", name("POST /a"), "o[r w] truek[] true||")
	// nothing is as if it were not there: it must not open what the document closes
	equal(t, "delete", name("DELETE /a"), "k[] true|")
	equal(t, "patch", name("PATCH /a"), "nope[] false|")
	x.says("null-value", `api.yaml:10:24: warning: "security" of DELETE /a is null`).says("unknown-security-scheme", "nope")
}

func TestRead_SecurityScheme_ThatSaysTooLittle_IsNotChecked(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
security: [{a: []}, {e: []}, {g: []}]
paths: {/a: {get: {responses: {"200": {description: d}}}}}
components:
  securitySchemes:
    a: {type: apiKey, name: x}
    b: {type: http}
    c: {type: foo}
    d: {}
    e: 5
    f: {type: http, scheme: Bearer}
    g: {$ref: '#/nowhere'}
`)
	equal(t, "codes", x.codes(), []string{"bad-security-scheme", "bad-security-scheme", "bad-security-scheme", "bad-security-scheme", "bad-type", "reference-not-found"})
}

func TestRead_Callbacks_AreReadWithTheirOperations(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths:
  /a:
    post:
      responses: {"200": {description: d}}
      callbacks:
        done:
          '{$request.body#/url}?x=1': {post: {requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {"200": {description: d}}}}
`).sound()
	cb := x.op("POST /a").Callbacks
	if len(cb) != 1 || cb[0].Name != "done" || cb[0].Expression != "{$request.body#/url}?x=1" || len(cb[0].Operations) != 1 || cb[0].Operations[0].Body == nil {
		t.Errorf("callbacks are %+v", cb)
	}
}

func TestRead_Webhooks_AreNoOperations(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`webhooks: {new: {post: {responses: {"200": {description: d}}}}}`).sound()
	if len(x.Operations) != 0 || len(x.Webhooks) != 1 || x.Webhooks[0].Path != "new" {
		t.Errorf("webhooks are %+v", x.Webhooks)
	}
}

func TestRead_Parameter_StyleAndExplodeHaveTheirDefaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, more, style string
		explode         bool
	}{
		{"path", "", "simple", false},
		{"query", "", "form", true},
		{"header", "", "simple", false},
		{"cookie", "", "form", true},
		{"cookie", "style: cookie, ", "cookie", true},
		{"query", "style: spaceDelimited, ", "spaceDelimited", false},
		{"query", "style: deepObject, explode: true, ", "deepObject", true},
		{"query", "explode: false, ", "form", false},
		{"path", "style: matrix, explode: true, ", "matrix", true},
	} {
		x := read(t, head("3.2.0")+"paths: {'/a/{p}': {get: {parameters: [{name: p, "+c.more+"in: "+c.in+"}], responses: {'200': {}}}}}")
		p := x.Operations[0].Parameters[0]
		if p.Style != c.style || p.Explode != c.explode {
			t.Errorf("%s %s: style %s, explode %v", c.in, c.more, p.Style, p.Explode)
		}
	}
	read(t, head("3.0.0")+"paths: {/a: {get: {parameters: [{name: p, in: query, style: matrix}], responses: {'200': {}}}}}").says("bad-style", "matrix")
}

func TestRead_Examples_AreNamedInOrderWithTheUnnamedFirst(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths:
  /a:
    get:
      responses:
        "200":
          description: d
          content:
            application/json:
              examples:
                b: {summary: B, value: null}
                a: {value: {"$ref": "#/is/data"}}
                c: {externalValue: "https://x/y"}
                d: {plain: true}
                e: {summary: only}
              example: 1
            text/plain:
              examples: [x, y]
`)
	m := x.op("GET /a").Responses[0].Content
	var got []string
	for _, e := range append(m[0].Examples, m[1].Examples...) {
		got = append(got, e.Name+"="+jsonOf(e.Value)+e.External)
	}
	equal(t, "examples", got, []string{"=1", "b=null", `a={"$ref":"#/is/data"}`, "c=https://x/y", `d={"plain":true}`, `="x"`, `="y"`})
	equal(t, "codes", x.codes(), []string{"example-without-value", "examples-list"})
}

func TestRead_BrokenDocument_TellsAllProblemsAndServesWhatIsSound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "broken.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	x := read(t, string(text))
	var b bytes.Buffer
	b.WriteString(x.listing())
	for _, op := range x.Operations {
		fmt.Fprintf(&b, "%s %s:", op.Method, op.Path)
		for _, p := range op.Parameters {
			fmt.Fprintf(&b, " %s:%s", p.In, p.Name)
		}
		for _, r := range op.Responses {
			fmt.Fprintf(&b, " %s", r.Status)
			for _, m := range r.Content {
				fmt.Fprintf(&b, "(%s %s)", m.Type, jsonOf(m.Schema))
			}
		}
		b.WriteByte('\n')
	}
	golden(t, "broken.golden", b.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, path, string(got), string(want))
}

func TestRead_Null_IsAsIfItWereNotThere(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
servers:
security:
tags:
paths:
  /a:
    parameters:
    servers:
    get:
      tags:
      parameters:
      requestBody:
      security:
      callbacks:
      responses:
        "200":
          description:
          headers:
          links:
          content:
        "404":
        default: {description: d, content: {application/json: }}
  /b:
  /c: {get: , put: {responses: }}
components:
  schemas:
  responses:
`)
	equal(t, "routes", x.routes(), []string{"GET /a", "PUT /c"})
	for _, d := range x.diags {
		if d.Code != "null-value" || d.Line == 0 || d.Hint == "" {
			t.Errorf("diagnostic %s [%s]", d, d.Code)
		}
	}
	equal(t, "responses", len(x.op("GET /a").Responses), 3)
}

func TestRead_Diagnostics_AreBoundedForEachSeverity(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"openapi":"3.0.0","info":{},"paths":{"/a":{"get":{"responses":{`)
	for i := range 3000 {
		fmt.Fprintf(&b, `"x%d":{},`, i)
	}
	b.WriteString(`"200":{}}}}`)
	for i := range 3000 {
		fmt.Fprintf(&b, `,"b%d":{}`, i)
	}
	b.WriteString(`}}`)
	x := read(t, b.String())
	if len(x.diags) != 2*maxDiagnostics+1 {
		t.Fatalf("%d diagnostics", len(x.diags))
	}
	if last := x.diags[2*maxDiagnostics]; last.Code != "more-problems" || last.Message != "4000 more problems are not listed" {
		t.Errorf("the last is %s", last)
	}
}

func TestRead_ManyTimesTheSameProblem_IsToldOnce(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths:
  /a: {get: {responses: {"200": {$ref: '#/components/responses/R'}}}, put: {responses: {"200": {$ref: '#/components/responses/R'}}}}
components: {responses: {R: {description: d, content: {application/json: {schema: {type: foo}}}}}}
`)
	equal(t, "codes", x.codes(), []string{"unknown-type"})
}

func TestRead_PathItem_ThatRefersToAnother_KeepsItsOwnFields(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths:
  /a/{id}:
    $ref: '#/components/pathItems/Shared'
    parameters: [{name: id, in: path, required: true}, {name: q, in: query, description: own}]
    get: {summary: own, responses: {"200": {description: d}}}
  /b/{id}:
    $ref: '#/components/pathItems/Shared'
    parameters: [{name: id, in: path, required: true}]
components:
  pathItems:
    Shared:
      parameters: [{name: q, in: query, description: shared}]
      get: {summary: shared, responses: {"200": {description: d}}}
      put: {summary: shared, responses: {"200": {description: d}, teapot: {}}}
`)
	equal(t, "routes", x.routes(), []string{"GET /a/{id}", "PUT /a/{id}", "GET /b/{id}", "PUT /b/{id}"})
	equal(t, "summaries", []string{x.op("GET /a/{id}").Summary, x.op("PUT /a/{id}").Summary, x.op("GET /b/{id}").Summary}, []string{"own", "shared", "shared"})
	var got []string
	for _, p := range x.op("PUT /a/{id}").Parameters {
		got = append(got, p.Name+" "+p.Description)
	}
	equal(t, "parameters", got, []string{"id ", "q own"})
}

func TestRead_PartsUsedTwice_AreToldOnce(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths: {/a: {$ref: '#/components/pathItems/Shared'}, /b: {$ref: '#/components/pathItems/Shared'}}
components: {pathItems: {Shared: {get: {parameters: [{$ref: '#/nowhere'}, 5], responses: {"200": {content: {application/json: {schema: {type: foo}}}}}}}}}
`)
	equal(t, "codes", x.codes(), []string{"reference-not-found", "bad-type", "unknown-type"})
}

func TestRead_Context_EndsReading(t *testing.T) {
	t.Parallel()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"api.yaml": []byte(head("3.0.3") + "paths: {/a: {get: {responses: {}}}}")}})
	f, err := l.Open(context.Background(), "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Read(ctx, l, f); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	if !Detect([]string{"info", "swagger"}) || !Detect([]string{"openapi"}) || Detect([]string{"asyncapi"}) || Detect(nil) {
		t.Error("wrong")
	}
}

// The definition can be stored and compared: it is plain data.
func TestRead_Definition_IsPlainData(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+"paths: {/a: {get: {responses: {'200': {description: d}}}}}")
	if _, err := json.Marshal(x.Definition); err != nil {
		t.Error(err)
	}
}
