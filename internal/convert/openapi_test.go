package convert

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

var updateBack = flag.Bool("update-back", false, "write the golden files of the way back again")

// readCollection reads a collection from its text.
func readCollection(t *testing.T, text string) *postman.Collection {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": []byte(text)}})
	f, err := l.Open(context.Background(), "c.json")
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := postman.Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// readOpenAPI reads a document that was inferred, which must have no errors.
func readOpenAPI(t *testing.T, v definition.Value) *definition.Definition {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"o.json": v.AppendJSON(nil)}})
	f, err := l.Open(context.Background(), "o.json")
	if err != nil {
		t.Fatal(err)
	}
	def, diags, err := openapi.Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Severity == document.Error {
			t.Errorf("the inferred document: %s", d)
		}
	}
	return def
}

// checkExamples checks every example of a definition against its schema.
func checkExamples(t *testing.T, def *definition.Definition) (checked int) {
	t.Helper()
	set := schema.NewSet(def.Schemas)
	check := func(where string, s *definition.Value, examples []definition.Example, dir schema.Direction) {
		if s == nil {
			return
		}
		compiled := set.Compile(s)
		for _, e := range examples {
			if e.Value == nil {
				continue
			}
			checked++
			for _, bad := range compiled.Validate(e.Value, dir, 3) {
				t.Errorf("%s: example %q: %s %s", where, e.Name, bad.Pointer(), bad.Message)
			}
		}
	}
	for _, op := range def.Operations {
		where := op.Method + " " + op.Path
		for _, p := range op.Parameters {
			check(where+" parameter "+p.Name, p.Schema, p.Examples, schema.Request)
		}
		if op.Body != nil {
			for _, m := range op.Body.Content {
				check(where+" body "+m.Type, m.Schema, m.Examples, schema.Request)
			}
		}
		for _, r := range op.Responses {
			for _, h := range r.Headers {
				check(where+" "+r.Status+" header "+h.Name, h.Schema, h.Examples, schema.Response)
			}
			for _, m := range r.Content {
				check(where+" "+r.Status+" "+m.Type, m.Schema, m.Examples, schema.Response)
			}
		}
	}
	return checked
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "way-back", name)
	if *updateBack {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was made; look at the difference, then run with -update-back\n%s", path, got)
	}
}

func indented(t *testing.T, v definition.Value) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, v.AppendJSON(nil), "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func TestToOpenAPI_Shop_Golden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "way-back", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, diags := ToOpenAPI(readCollection(t, string(text)), OpenAPIOptions{})
	for _, d := range diags {
		t.Errorf("unexpected: %s", d)
	}
	golden(t, "shop.openapi.json", indented(t, v))
	if n := checkExamples(t, readOpenAPI(t, v)); n < 15 {
		t.Errorf("only %d examples were checked", n)
	}
	if strings.Contains(string(v.AppendJSON(nil)), "secret-token") {
		t.Error("the document has the value of a secret variable")
	}
}

// request writes a collection of requests, each as JSON.
func collectionOf(requests ...string) string {
	var items []string
	for _, r := range requests {
		items = append(items, `{"name": "", "request": `+r+`}`)
	}
	return `{"info": {"name": "c"}, "variable": [{"key": "base", "value": "https://h.example/v1"}, {"key": "user", "value": "42"}, {"key": "lang", "value": "en"}, {"key": "two", "value": "a/b"}], "item": [` + strings.Join(items, ",") + `]}`
}

func routes(def *definition.Definition) string {
	var out []string
	for _, op := range def.Operations {
		out = append(out, op.Method+" "+op.Path)
	}
	return strings.Join(out, ", ")
}

func TestToOpenAPI_Paths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		urls []string
		want string
	}{
		{"variables of Postman", []string{"{{base}}/pets/:petId"}, "GET /pets/{petId}"},
		{"variables without a value", []string{"{{host}}/pets/{{pet}}"}, "GET /pets/{pet}"},
		{"a variable with a value is that text", []string{"{{base}}/{{lang}}/pets"}, "GET /en/pets"},
		{"a variable with an id is a parameter", []string{"{{base}}/people/{{user}}"}, "GET /people/{user}"},
		{"a value of two segments", []string{"{{base}}/x/{{two}}"}, "GET /x/a/b"},
		{"a part of a segment", []string{"{{base}}/report.{{format}}"}, "GET /report.{format}"},
		{"OpenAPI's own templates", []string{"{{base}}/pet/a/{b}"}, "GET /pet/a/{b}"},
		{"numbers behind a name", []string{"{{base}}/pets/7", "{{base}}/pets/8"}, "GET /pets/{petId}"},
		{"a name that is said wins", []string{"{{base}}/pets/7", "{{base}}/pets/:id"}, "GET /pets/{id}"},
		{"two ids", []string{"{{base}}/pets/7/toys/3fa85f64-5717-4562-b3fc-2c963f66afa6"}, "GET /pets/{petId}/toys/{toyId}"},
		{"the same name twice", []string{"{{base}}/a/:id/b/:id"}, "GET /a/{id}/b/{id2}"},
		{"names and versions stay", []string{"{{base}}/v2/me", "{{base}}/2024/me"}, "GET /v2/me, GET /2024/me"},
		{"numbers that are no ids", []string{"{{base}}/status/404", "{{base}}/status/200"}, "GET /status/404, GET /status/200"},
		{"hexadecimal", []string{"{{base}}/commits/5d41402abc4b2a76b9719d911017c592", "{{base}}/words/cafe"}, "GET /commits/{commitId}, GET /words/cafe"},
		{"a slash at the end is the same path", []string{"{{base}}/pets", "{{base}}/pets/"}, "GET /pets"},
		{"the base written out", []string{"{{base}}/pets", "https://h.example/v1/owners"}, "GET /pets, GET /owners"},
		{"no scheme", []string{"h.example:8080/pets"}, "GET /pets"},
		{"no host", []string{"http:///pets", "//h.example/cats"}, "GET /pets, GET /cats"},
		{"the root", []string{"{{base}}", "{{base}}/"}, "GET /"},
		{"braces that are no template", []string{"{{base}}/a{b/}c"}, "GET /a%7Bb/%7Dc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var requests []string
			for _, u := range c.urls {
				requests = append(requests, `{"method": "GET", "url": "`+u+`"}`)
			}
			v, _ := ToOpenAPI(readCollection(t, collectionOf(requests...)), OpenAPIOptions{})
			if got := routes(readOpenAPI(t, v)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestToOpenAPI_ExampleOfAnotherPath_IsAnOperationOfItsOwn(t *testing.T) {
	t.Parallel()
	c := readCollection(t, `{"info": {"name": "c"}, "item": [{"name": "Pet", "request": {"method": "GET", "url": "{{base}}/pets/:id"}, "response": [
		{"name": "rex", "code": 200, "body": "{}", "originalRequest": {"method": "GET", "url": "https://h.example/pets/rex"}},
		{"name": "gone", "code": 204, "originalRequest": {"method": "DELETE", "url": "{{base}}/pets/rex"}},
		{"name": "toys", "code": 200, "body": "[]", "originalRequest": {"method": "GET", "url": "{{base}}/pets/rex/toys"}}]}]}`)
	v, _ := ToOpenAPI(c, OpenAPIOptions{})
	def := readOpenAPI(t, v)
	if got, want := routes(def), "GET /pets/{id}, DELETE /pets/rex, GET /pets/rex/toys"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if p := def.Operations[0].Parameters[0]; len(p.Examples) != 1 || p.Examples[0].Value.Text != "rex" {
		t.Errorf("the example's path gives the parameter no example: %+v", p.Examples)
	}
}

func TestToOpenAPI_OtherMethods_NeedNewerVersion(t *testing.T) {
	t.Parallel()
	v, diags := ToOpenAPI(readCollection(t, collectionOf(`{"method": "PURGE", "url": "{{base}}/x"}`, `{"method": "query", "url": "{{base}}/x"}`)), OpenAPIOptions{})
	if got := v.Get("openapi").Str(); got != "3.2.0" || len(diags) != 1 {
		t.Errorf("openapi %s with %v, want 3.2.0 and a diagnostic", got, diags)
	}
	if got := routes(readOpenAPI(t, v)); got != "QUERY /x, PURGE /x" && got != "PURGE /x, QUERY /x" {
		t.Errorf("got %s", got)
	}
}

func TestToOpenAPI_Parameters(t *testing.T) {
	t.Parallel()
	v, _ := ToOpenAPI(readCollection(t, collectionOf(
		`{"method": "GET", "url": {"raw": "{{base}}/p?a=1&b=x&on=true&d=2024-01-31&code=007&n=1.5&t=<integer>&e=&k=z", "host": ["{{base}}"], "path": ["p"]},
		  "header": [{"key": "X-One", "value": "1"}, {"key": "Cookie", "value": "sid=abc; theme=dark"}, {"key": "Content-Type", "value": "x/y"}, {"key": "k", "value": "secret"}],
		  "auth": {"type": "apikey", "apikey": {"key": "k", "value": "secret"}}}`,
		`{"method": "GET", "url": "{{base}}/p?a=2&on=false&d=2024-02-01&code=x&n=2&ids[]=1&k=z&open={{what}}",
		  "header": [{"key": "x-one", "value": "2"}, {"key": "X-Two", "value": "b", "disabled": true}],
		  "auth": {"type": "apikey", "apikey": {"key": "k", "value": "secret"}}}`)), OpenAPIOptions{})
	def := readOpenAPI(t, v)
	checkExamples(t, def)
	var got []string
	for _, p := range def.Operations[0].Parameters {
		line := string(p.In) + " " + p.Name + " " + string(p.Schema.AppendJSON(nil))
		if p.Required {
			line += " required"
		}
		got = append(got, line)
	}
	want := []string{
		`query a {"type":"integer"} required`,
		`query b {"type":"string"}`,
		`query on {"type":"boolean"} required`,
		`query d {"type":"string","format":"date"} required`,
		`query code {"type":"string"} required`,
		`query n {"type":"number"} required`,
		`query t {"type":"integer"}`,
		`query e {"type":"string"}`,
		`query k {"type":"string"} required`,
		`query ids[] {"type":"array","items":{"type":"integer"}}`,
		`query open {"type":"string"}`,
		`header X-One {"type":"integer"} required`,
		`header X-Two {"type":"string"}`,
		`cookie sid {"type":"string"}`,
		`cookie theme {"type":"string"}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestToOpenAPI_Security(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		auth, scheme string
	}{
		{`{"type": "basic"}`, `{"basicAuth":{"type":"http","scheme":"basic"}}`},
		{`{"type": "bearer", "bearer": [{"key": "token", "value": "x"}]}`, `{"bearerAuth":{"type":"http","scheme":"bearer"}}`},
		{`{"type": "digest"}`, `{"digestAuth":{"type":"http","scheme":"digest"}}`},
		{`{"type": "apikey", "apikey": [{"key": "key", "value": "X-Key"}]}`, `{"apiKeyAuth":{"type":"apiKey","name":"X-Key","in":"header"}}`},
		{`{"type": "apikey", "apikey": [{"key": "key", "value": "k"}, {"key": "in", "value": "query"}]}`, `{"apiKeyAuth":{"type":"apiKey","name":"k","in":"query"}}`},
		{`{"type": "oauth2", "oauth2": [{"key": "addTokenTo", "value": "header"}]}`, `{"bearerAuth":{"type":"http","description":"OAuth 2.0 access token","scheme":"bearer"}}`},
		{`{"type": "oauth2", "oauth2": {"grant_type": "client_credentials", "accessTokenUrl": "https://h.example/token", "scope": "read write"}}`,
			`{"oauth2Auth":{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"https://h.example/token","scopes":{"read":"","write":""}}}}}`},
		{`{"type": "oauth2", "oauth2": {"accessTokenUrl": "https://h.example/token", "authUrl": "https://h.example/auth"}}`,
			`{"oauth2Auth":{"type":"oauth2","flows":{"authorizationCode":{"authorizationUrl":"https://h.example/auth","tokenUrl":"https://h.example/token","scopes":{}}}}}`},
		{`{"type": "hawk"}`, `{"hawkAuth":{"type":"http","description":"Hawk authentication","scheme":"Hawk"}}`},
		{`{"type": "noauth"}`, `null`},
	} {
		v, _ := ToOpenAPI(readCollection(t, collectionOf(`{"url": "{{base}}/x", "auth": `+c.auth+`}`)), OpenAPIOptions{})
		if got := string(v.Get("components").Get("securitySchemes").AppendJSON(nil)); got != c.scheme {
			t.Errorf("%s: got %s, want %s", c.auth, got, c.scheme)
		}
		readOpenAPI(t, v)
	}
}

func TestToOpenAPI_SecurityIsInherited(t *testing.T) {
	t.Parallel()
	c := readCollection(t, `{"info": {"name": "c"}, "auth": {"type": "basic"}, "item": [
		{"name": "general", "request": {"url": "{{base}}/general"}},
		{"name": "none", "request": {"url": "{{base}}/none", "auth": {"type": "noauth"}}},
		{"name": "f", "auth": {"type": "digest"}, "item": [{"name": "folder", "request": {"url": "{{base}}/folder"}}]},
		{"name": "either", "request": {"url": "{{base}}/general", "auth": {"type": "bearer"}}}]}`)
	v, _ := ToOpenAPI(c, OpenAPIOptions{})
	for path, want := range map[string]string{
		"/general": `[{"basicAuth":[]},{"bearerAuth":[]}]`, "/none": `[]`, "/folder": `[{"digestAuth":[]}]`,
	} {
		if got := string(v.Get("paths").Get(path).Get("get").Get("security").AppendJSON(nil)); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if got := string(v.Get("security").AppendJSON(nil)); got != `[{"basicAuth":[]}]` {
		t.Errorf("general security is %s", got)
	}
}

func TestShape_Schema(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		samples []string
		promise string
		demand  string
	}{
		{"one object", []string{`{"a": 1}`}, `{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}`, `{"type":"object","properties":{"a":{"type":"integer"}}}`},
		{"what both have", []string{`{"a": 1, "b": 2}`, `{"a": 1.5}`},
			`{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"integer"}},"required":["a"]}`,
			`{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"integer"}},"required":["a"]}`},
		{"nullable", []string{`{"a": null}`, `{"a": "x"}`}, `{"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"]}`, ""},
		{"only null", []string{`{"a": null}`}, `{"type":"object","properties":{"a":{}},"required":["a"]}`, ""},
		{"whole numbers", []string{`1`, `2.0`}, `{"type":"integer"}`, ""},
		{"items", []string{`[{"a": 1}, {"b": true}]`, `[]`}, `{"type":"array","items":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"boolean"}}}}`, ""},
		{"empty list", []string{`[]`}, `{"type":"array","items":{}}`, ""},
		{"types", []string{`"x"`, `1`, `{"a": 1}`, `[]`}, `{"type":["object","array","string","integer"],"properties":{"a":{"type":"integer"}},"required":["a"],"items":{}}`, ""},
		{"format of one", []string{`"2024-01-31"`}, `{"type":"string","format":"date"}`, `{"type":"string"}`},
		{"format of all", []string{`"2024-01-31"`, `"2024-02-01"`}, `{"type":"string","format":"date"}`, `{"type":"string","format":"date"}`},
		{"format of some", []string{`"2024-01-31"`, `"soon"`}, `{"type":"string"}`, `{"type":"string"}`},
		{"formats", []string{`["2024-01-31T10:00:00Z"]`}, `{"type":"array","items":{"type":"string","format":"date-time"}}`, ""},
		{"email", []string{`"a@b.example"`}, `{"type":"string","format":"email"}`, ""},
		{"uuid", []string{`"3fa85f64-5717-4562-b3fc-2c963f66afa6"`}, `{"type":"string","format":"uuid"}`, ""},
		{"uri", []string{`"https://h.example/"`}, `{"type":"string","format":"uri"}`, ""},
		{"no uri", []string{`"note: this"`}, `{"type":"string"}`, ""},
		{"variable in quotes", []string{`{"a": "{{x}}"}`}, `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`, ""},
		{"variable without quotes", []string{`{"a": {{x}}}`}, `{"type":"object","properties":{"a":{}},"required":["a"]}`, ""},
		{"comments", []string{"{\n// why\n\"a\": \"//\"}"}, `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`, ""},
		{"placeholders", []string{`{"a": "<integer>", "b": "<string>", "c": "<dateTime>"}`}, `{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"},"c":{"type":"string","format":"date-time"}},"required":["a","b","c"]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var s shape
			var values []definition.Value
			for _, text := range c.samples {
				v, ok := readJSON(text)
				if !ok {
					t.Fatalf("%s is not read", text)
				}
				s.add(&v)
				values = append(values, v)
			}
			promise, demand := s.promise(), s.demand()
			if got := string(promise.AppendJSON(nil)); got != c.promise {
				t.Errorf("promise\n got %s\nwant %s", got, c.promise)
			}
			if got := string(demand.AppendJSON(nil)); c.demand != "" && got != c.demand {
				t.Errorf("demand\n got %s\nwant %s", got, c.demand)
			}
			for i := range values {
				for _, v := range []*definition.Value{&promise, &demand} {
					if !schema.NewSet(nil).Compile(v).Valid(&values[i], schema.Neither) {
						t.Errorf("%s is not valid by %s", c.samples[i], v.AppendJSON(nil))
					}
				}
			}
		})
	}
}

func TestToOpenAPI_BodyThatIsNotWhatItSays_IsKeptAsText(t *testing.T) {
	t.Parallel()
	c := readCollection(t, `{"info": {"name": "c"}, "item": [{"name": "x", "request": {"url": "{{base}}/x"}, "response": [
		{"name": "broken", "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "{\"a\": "},
		{"name": "no status", "body": "x"}]}]}`)
	v, diags := ToOpenAPI(c, OpenAPIOptions{})
	media := v.Get("paths").Get("/x").Get("get").Get("responses").Get("200").Get("content").Get("application/json")
	if got, want := string(media.AppendJSON(nil)), `{"examples":{"broken":{"value":"{\"a\": "}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var codes []string
	for _, d := range diags {
		codes = append(codes, d.Code)
		if d.Line == 0 {
			t.Errorf("no place: %s", d)
		}
	}
	if got := strings.Join(codes, " "); got != "example-not-json example-status" {
		t.Errorf("diagnostics %s", got)
	}
}

func TestOperationID(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"List all pets": "listAllPets", "2. Create quote": "createQuote", "5a. Create transfer": "createTransfer", "URL list": "urlList",
		"GET /pets": "getPetsByPetID", "": "getPetsByPetID", "Список": "getPetsByPetID", "404": "getPetsByPetID", "Don't": "dont",
	} {
		c := readCollection(t, `{"info": {"name": "c"}, "item": [{"name": "`+name+`", "request": {"url": "{{base}}/pets/:petID"}}]}`)
		v, _ := ToOpenAPI(c, OpenAPIOptions{})
		if got := v.Get("paths").Get("/pets/{petID}").Get("get").Get("operationId").Str(); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// corpusCollections gives the collections of the shared corpus.
func corpusCollections(t *testing.T) []string {
	t.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not read")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "postman", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no collections in the corpus: %v", err)
	}
	return files
}

func openCollection(t *testing.T, path string) *postman.Collection {
	t.Helper()
	l := document.NewLoader(document.Config{Root: filepath.Dir(path)})
	f, err := l.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := postman.Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCorpusToOpenAPI(t *testing.T) {
	t.Parallel()
	for _, path := range corpusCollections(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			c := openCollection(t, path)
			v, _ := ToOpenAPI(c, OpenAPIOptions{})
			again, _ := ToOpenAPI(openCollection(t, path), OpenAPIOptions{})
			if !bytes.Equal(v.AppendJSON(nil), again.AppendJSON(nil)) {
				t.Error("a second conversion differs")
			}
			def := readOpenAPI(t, v)
			ids := map[string]bool{}
			shown := 0
			for _, op := range def.Operations {
				if op.ID == "" || ids[op.ID] {
					t.Errorf("%s %s: operationId %q is empty or not unique", op.Method, op.Path, op.ID)
				}
				ids[op.ID] = true
				for _, r := range op.Responses {
					for _, m := range r.Content {
						shown += len(m.Examples)
					}
				}
			}
			saved := savedBodies(c)
			if shown != saved {
				t.Errorf("%d saved bodies are %d examples", saved, shown)
			}
			t.Logf("%d operations, %d saved bodies, %d examples are valid", len(def.Operations), saved, checkExamples(t, def))
		})
	}
}

// savedBodies counts the saved responses with a status, a URL and a body.
func savedBodies(c *postman.Collection) int {
	var w collector
	w.collect(c, nil)
	n := 0
	for _, s := range w.samples {
		if e := s.example; e != nil && e.StatusCode() != 0 && (e.Body != nil && *e.Body != "" || e.Stream != nil) {
			n++
		}
	}
	return n
}
