package engine

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
)

func TestNegotiate_TheBestDeclaredTypeIsSent(t *testing.T) {
	t.Parallel()
	content := func(types ...string) string {
		var b strings.Builder
		for _, x := range types {
			b.WriteString(`"` + x + `": {example: x}, `)
		}
		return `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {` + strings.TrimSuffix(b.String(), ", ") + `}}}}}}}`
	}
	cases := []struct {
		declared []string
		accept   string
		want     string // "" for 406
	}{
		{[]string{"application/xml", "application/json"}, "", "application/json"}, {[]string{"application/xml", "application/json"}, "*/*", "application/xml"},
		{[]string{"application/json", "application/xml"}, "application/json;q=0.8, application/xml", "application/xml"}, {[]string{"text/plain"}, "application/json;q=0.8, application/xml, text/plain;q=0.5", "text/plain"},
		{[]string{"application/json"}, "text/html", ""}, {[]string{"application/json"}, "text/html, */*;q=0.1", "application/json"}, {[]string{"application/json"}, "application/json;q=0", ""}, {[]string{"application/json"}, "application/*", "application/json"},
		{[]string{"application/vnd.a+json"}, "application/vnd.a+json; version=1", "application/vnd.a+json"}, {[]string{"a/b; v=1", "a/b; v=2"}, "a/b; v=2", "a/b; v=2"}, {[]string{"application/json"}, "application/vnd.github.v3+json", "application/json"},
		{[]string{"application/json", "application/vnd.github.v3+json"}, "application/vnd.github.v3+json", "application/vnd.github.v3+json"}, {[]string{"application/xml"}, "application/atom+xml", "application/xml"},
		{[]string{"application/problem+json"}, "application/json", "application/problem+json"}, {[]string{"text/*"}, "text/css", "text/css"}, {[]string{"image/*"}, "", "image/png"}, {[]string{"application/json; charset=utf-8"}, "application/json", "application/json; charset=utf-8"},
		{[]string{"Application/JSON"}, "application/json", "Application/JSON"}, {[]string{"application/json"}, "*", "application/json"}, {[]string{"application/json"}, ",;q=1,", ""},
	}
	for _, c := range cases {
		m := mockOf(t, content(c.declared...), Config{})
		var h []string
		if c.accept != "" {
			h = []string{"Accept: " + c.accept}
		}
		res := ask(m, sent{target: "/x", header: h})
		if c.want == "" && (res.Status != 406 || !strings.Contains(text(res), "NOT_ACCEPTABLE")) || c.want != "" && res.Get("Content-Type") != c.want {
			t.Errorf("declared %v, Accept %q: %d %s, want %q", c.declared, c.accept, res.Status, res.Get("Content-Type"), c.want)
		}
	}
}

const preferDocument = `
openapi: 3.0.0
paths:
  /x:
    get:
      parameters: [{name: p, in: query, schema: {type: string}, examples: {one: {value: "1"}, two: {value: "2"}}}]
      responses:
        "201": {description: d, content: {application/json: {examples: {one: {value: first}, two: {value: second}}, schema: {type: string}}}}
        "404": {description: d, content: {application/json: {example: gone}}}
        5XX: {description: d, content: {application/json: {example: down}}}
  /y: {get: {responses: {"200": {description: d}, default: {description: d, content: {application/json: {example: other}}}}}}
  /z: {get: {responses: {4XX: {description: d, content: {application/json: {example: only}}}}}}
`

func TestPrefer_ChoosesStatusAndExample(t *testing.T) {
	t.Parallel()
	m := mockOf(t, preferDocument, Config{})
	cases := []struct {
		target, prefer string
		status         int
		body           string
		applied        string
	}{
		{"/x", "", 201, `"first"`, ""}, {"/x", "code=404", 404, `"gone"`, "code=404"}, {"/x", "code=503", 503, `"down"`, "code=503"}, {"/x", "example=two", 201, `"second"`, "example=two"}, {"/x?__code=404", "", 404, `"gone"`, "code=404"},
		{"/x?__example=two", "", 201, `"second"`, "example=two"}, {"/x?__code=404", "example=two", 201, `"second"`, "example=two"}, {"/x?p=2", "", 201, `"second"`, ""}, {"/x?p=3", "", 201, `"first"`, ""}, {"/y", "code=418", 418, `"other"`, "code=418"},
		{"/y", "", 200, ``, ""}, {"/z", "", 400, `"only"`, ""}, {"/x", `code="404"; example=`, 404, ``, "-"}, {"/x", "foo=bar, code=404", 404, `"gone"`, "code=404"},
	}
	for _, c := range cases {
		var h []string
		if c.prefer != "" {
			h = []string{"Prefer: " + c.prefer}
		}
		res := ask(m, sent{target: c.target, header: h})
		if res.Status != c.status || c.applied != "-" && (text(res) != c.body || res.Get("Preference-Applied") != c.applied) {
			t.Errorf("%s, Prefer %q: %d %s, applied %q; want %d %s, %q", c.target, c.prefer, res.Status, text(res), res.Get("Preference-Applied"), c.status, c.body, c.applied)
		}
	}
	for prefer, want := range map[string]string{"code=302": "Requested status code 302 is not defined in the document.", "example=no": "exampleKey: no does not exist"} {
		if res := ask(m, sent{target: "/x", header: []string{"Prefer: " + prefer}}); res.Status != 404 || !strings.Contains(text(res), want) {
			t.Errorf("%s: %d %s", prefer, res.Status, text(res))
		}
	}
	for _, bad := range []string{"code=abc", "code=99", "code=1000", "dynamic=maybe"} {
		if res := ask(m, sent{target: "/x", header: []string{"Prefer: " + bad}}); res.Status != 422 {
			t.Errorf("%s: %d", bad, res.Status)
		}
	}
}

func TestPrefer_IsReadWithQuotesAndRefusedWithAPlace(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {application/json: {examples: {one: {value: 1}, "a, b; c": {value: 2}}}}}}}}}}`, Config{})
	for prefer, want := range map[string]string{`example="a, b; c"`: "2", `Example="a, b; c", seed=1`: "2", `seed="x,y"; example=one`: "1", `respond-async, ,; wait=5`: "1", `example="one`: "1", `=;=,code`: "!"} {
		res := ask(m, sent{target: "/x", header: []string{"Prefer: " + prefer}})
		if want == "!" && res.Status != 422 || want != "!" && text(res) != want {
			t.Errorf("Prefer %s: %d %s, want %s", prefer, res.Status, text(res), want)
		}
	}
	for target, place := range map[string]string{"/x?__code=9": `["query","__code"]`, "/x?__dynamic=maybe": `["query","__dynamic"]`} {
		if res := ask(m, sent{target: target}); res.Status != 422 || !strings.Contains(text(res), `"location":`+place) {
			t.Errorf("%s: %d %s", target, res.Status, text(res))
		}
	}
	if res := ask(m, sent{target: "/x?__seed=%0d%0aX-Evil:%201%00"}); res.Get("Preference-Applied") != "seed=X-Evil: 1" {
		t.Errorf("a field value with control characters: %q", res.Get("Preference-Applied"))
	}
	if res := ask(m, sent{target: "/x", header: []string{"Prefer: code=" + strings.Repeat("9", 100_000)}}); res.Status != 422 || len(res.Body) > 1000 {
		t.Errorf("a long code: %d, %d bytes", res.Status, len(res.Body))
	}
}

func TestExamples_ThatBelongToAListAreFound(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {parameters: [{name: p, in: query, schema: {type: array, items: {type: integer}}, examples: {one: {value: [1]}, two: {value: [1, 2]}}}], responses: {"200": {description: d, content: {application/json: {examples: {one: {value: first}, two: {value: second}}}}}}}}}}`, Config{})
	for query, want := range map[string]string{"p=1": `"first"`, "p=1&p=2": `"second"`, "p=3": `"first"`} {
		if res := ask(m, sent{target: "/x?" + query}); text(res) != want {
			t.Errorf("%s: %s, want %s", query, text(res), want)
		}
	}
}

const generatedDocument = `
openapi: 3.1.0
paths:
  /people/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: d
          headers: {X-Rate: {schema: {type: integer, minimum: 3, maximum: 3}}, X-Shown: {example: shown, schema: {type: string}}, Connection: {example: close}, Content-Length: {example: 5}, Set-Cookie: {example: [a=1, b=2]}}
          content:
            application/json: {schema: {type: object, properties: {firstName: {type: string}, email: {type: string, format: email}}}}
            application/xml: {schema: {$ref: "#/components/schemas/Person"}}
            text/csv: {schema: {type: array, items: {type: object, properties: {a: {type: integer}, b: {const: 'x,"y"'}}}}}
            multipart/form-data: {schema: {type: object, properties: {name: {type: string}, photo: {type: string, format: binary}}}, encoding: {photo: {contentType: image/png}}}
            application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {const: "x y"}, l: {type: array, minItems: 2, items: {const: z}, maxItems: 2}}}}
            image/png: {schema: {type: string, format: binary}}
            application/pdf: {}
            text/event-stream: {itemSchema: {type: object, required: [data], properties: {id: {type: string}, event: {const: tick}, data: {type: string, contentMediaType: application/json, contentSchema: {type: object}}}}}
            application/x-ndjson: {itemSchema: {type: object, properties: {n: {type: integer}}}}
            application/json-seq: {schema: {type: array, items: {type: integer}, minItems: 2}}
            text/plain: {schema: {type: object, properties: {a: {const: 1}}}}
components:
  schemas:
    Person:
      type: object
      xml: {name: person, namespace: "https://e.example/ns"}
      properties:
        id: {const: 7, xml: {attribute: true}}
        label: {const: "a<b", xml: {name: name}}
        tags: {type: array, minItems: 2, maxItems: 2, xml: {name: tags, wrapped: true}, items: {const: t, xml: {name: tag}}}
        loose: {type: array, minItems: 2, maxItems: 2, items: {const: l}}
`

func accept(t *testing.T, m *Mock, typ string) *Response {
	t.Helper()
	res := ask(m, sent{target: "/people/1", header: []string{"Accept: " + typ}})
	if res.Status != 200 || !strings.HasPrefix(res.Get("Content-Type"), typ) {
		t.Fatalf("%s: %d %s %s", typ, res.Status, res.Get("Content-Type"), text(res))
	}
	return res
}

func TestGenerate_EveryMediaTypeHasItsForm(t *testing.T) {
	t.Parallel()
	m := mockOf(t, generatedDocument, Config{})
	if b := text(accept(t, m, "application/json")); !json.Valid([]byte(b)) || !strings.Contains(b, "@") {
		t.Errorf("JSON: %s", b)
	}
	const want = `<person xmlns="https://e.example/ns" id="7"><name>a&lt;b</name><tags><tag>t</tag><tag>t</tag></tags><loose>l</loose><loose>l</loose></person>`
	if b := text(accept(t, m, "application/xml")); b != want || xml.Unmarshal([]byte(b), new(struct{})) != nil {
		t.Errorf("XML: %s", b)
	}
	rows, err := csv.NewReader(strings.NewReader(text(accept(t, m, "text/csv")))).ReadAll()
	if err != nil || len(rows) < 2 || rows[0][0] != "a" || rows[1][1] != `x,"y"` {
		t.Errorf("CSV: %v %v", rows, err)
	}
	res := accept(t, m, "multipart/form-data")
	_, params, err := mime.ParseMediaType(res.Get("Content-Type"))
	form, err2 := multipart.NewReader(strings.NewReader(text(res)), params["boundary"]).ReadForm(1 << 20)
	if err != nil || err2 != nil || len(form.Value["name"]) != 1 || len(form.File["photo"]) != 1 {
		t.Errorf("multipart: %v %v %+v", err, err2, form)
	}
	if b := text(accept(t, m, "application/x-www-form-urlencoded")); b != "a=x+y&l=z&l=z" {
		t.Errorf("form: %s", b)
	}
	if b := text(accept(t, m, "image/png")); !strings.HasPrefix(b, "\x89PNG") {
		t.Errorf("PNG: %.20q", b)
	}
	if b := text(accept(t, m, "application/pdf")); !strings.HasPrefix(b, "%PDF-") {
		t.Errorf("PDF: %.20q", b)
	}
	if b := text(accept(t, m, "text/plain")); b != `{"a":1}` {
		t.Errorf("text: %s", b)
	}
	events := accept(t, m, "text/event-stream")
	if len(events.Items) != 3 || !strings.Contains(string(events.Items[0]), "event: tick\n") || !strings.Contains(string(events.Items[0]), "\ndata: {") || !strings.HasSuffix(string(events.Items[0]), "\n\n") {
		t.Errorf("events: %q", events.Items)
	}
	lines := accept(t, m, "application/x-ndjson")
	if len(lines.Items) != 3 || !json.Valid(lines.Items[0]) || !strings.HasSuffix(string(lines.Items[0]), "}\n") {
		t.Errorf("lines: %q", lines.Items)
	}
	seq := accept(t, m, "application/json-seq")
	if len(seq.Items) < 2 || seq.Items[0][0] != 0x1e {
		t.Errorf("sequence: %q", seq.Items)
	}
}

func TestHeaders_ComeFromExamplesAndSchemas(t *testing.T) {
	t.Parallel()
	res := accept(t, mockOf(t, generatedDocument, Config{}), "application/json")
	if res.Get("X-Rate") != "3" || res.Get("X-Shown") != "shown" || res.Get("Connection") != "" || res.Get("Content-Length") != "" {
		t.Errorf("fields %v", res.Fields)
	}
	for _, f := range res.Fields {
		if f.Name == "Set-Cookie" && len(f.Values) != 2 {
			t.Errorf("Set-Cookie %v", f.Values)
		}
	}
}

func TestGenerate_IsAFunctionOfTheRequestAndTheSeed(t *testing.T) {
	t.Parallel()
	a, b, other := mockOf(t, generatedDocument, Config{Dynamic: true}), mockOf(t, generatedDocument, Config{Dynamic: true}), mockOf(t, generatedDocument, Config{Dynamic: true, Seed: "2"})
	get := func(m *Mock, target string, h ...string) string { return text(ask(m, sent{target: target, header: h})) }
	first := get(a, "/people/1")
	get(b, "/people/9") // what was asked before doesn't matter
	if first != get(b, "/people/1") {
		t.Error("two processes give two answers to one request")
	}
	for name, got := range map[string]string{
		"path": get(a, "/people/2"), "query": get(a, "/people/1?x=1"), "seed": get(other, "/people/1"), "preferred seed": get(a, "/people/1", "Prefer: seed=7"),
	} {
		if got == first {
			t.Errorf("another %s gives the same answer", name)
		}
	}
	if get(a, "/people/1", "Prefer: seed=7") != get(other, "/people/1", "Prefer: seed=7") {
		t.Error("a preferred seed depends on the mock's")
	}
}

func TestGenerate_AnItemHasTheIdentityThatThePathNames(t *testing.T) {
	t.Parallel()
	const doc = `{openapi: 3.0.0, paths: {"/pets/{petId}": {get: {responses: {"200": {description: d, content: {application/json: {schema: {type: object, properties: {id: {type: integer, example: 1}, name: {type: string}}}}}}}}},
		"/codes/{code}": {get: {responses: {"200": {description: d, content: {application/json: {schema: {type: object, properties: {code: {type: string, maxLength: 3}}}}}}}}}}}`
	for _, cfg := range []Config{{}, {Dynamic: true}} {
		m := mockOf(t, doc, cfg)
		if got := text(ask(m, sent{target: "/pets/77"})); !strings.Contains(got, `"id":77,`) {
			t.Errorf("/pets/77 is %s", got)
		}
		if got := text(ask(m, sent{target: "/codes/a%20b"})); got != `{"code":"a b"}` {
			t.Errorf("/codes/a%%20b is %s", got)
		}
		if got := text(ask(m, sent{target: "/codes/toolong"})); strings.Contains(got, "toolong") {
			t.Errorf("an identity that the schema refuses is given: %s", got)
		}
	}
}

func TestAnswer_GoldenBodyOfTheDefaultSeed(t *testing.T) {
	t.Parallel()
	const want = `{"firstName":"Naomi","email":"nthompson@example.net"}`
	if got := text(ask(mockOf(t, generatedDocument, Config{}), sent{target: "/people/1", header: []string{"Accept: application/json"}})); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestConditional_TheCurrentRepresentationIsNotSentAgain(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {application/json: {example: hello}}}}}}}}`, Config{})
	first := ask(m, sent{target: "/x"})
	etag := first.Get("Etag")
	if etag == "" {
		t.Fatal("a static answer has no ETag")
	}
	for header, want := range map[string]int{etag: 304, "W/" + etag: 304, `"x", ` + etag: 304, "*": 304, `"x"`: 200} {
		if res := ask(m, sent{target: "/x", header: []string{"If-None-Match: " + header}}); res.Status != want || want == 304 && len(res.Body) > 0 {
			t.Errorf("If-None-Match %s: %d, want %d", header, res.Status, want)
		}
	}
	head := ask(m, sent{target: "HEAD /x"})
	if head.Status != 200 || !head.NoBody || string(head.Body) != `"hello"` || head.Get("Etag") != etag {
		t.Errorf("HEAD: %d, NoBody %v, body %s", head.Status, head.NoBody, head.Body)
	}
}

func TestCORS_IsOpenUnlessItIsOff(t *testing.T) {
	t.Parallel()
	const doc = `{openapi: 3.0.0, components: {securitySchemes: {k: {type: apiKey, in: header, name: K}}}, security: [{k: []}], paths: {/x: {get: {responses: {"200": {description: d}}}, options: {security: [], responses: {"203": {description: d}}}}}}`
	m := mockOf(t, doc, Config{})
	pre := ask(m, sent{target: "OPTIONS /x", header: []string{"Origin: https://a.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-a"}})
	if pre.Status != 204 || pre.Get("Access-Control-Allow-Origin") != "https://a.example" || pre.Get("Access-Control-Allow-Methods") != "PUT" || pre.Get("Access-Control-Allow-Headers") != "x-a" || pre.Get("Vary") != "Origin" {
		t.Errorf("preflight: %d %v", pre.Status, pre.Fields)
	}
	if res := ask(m, sent{target: "OPTIONS /x"}); res.Status != 203 {
		t.Errorf("a declared OPTIONS that is no preflight gives %d", res.Status)
	}
	if res := ask(m, sent{target: "/x"}); res.Status != 401 || res.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("an error: %d %v", res.Status, res.Fields)
	}
	vary := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, headers: {Vary: {example: Accept}}}}}}}}`, Config{})
	if res := ask(vary, sent{target: "/x", header: []string{"Origin: https://a.example"}}); res.Get("Vary") != "Accept, Origin" {
		t.Errorf("Vary of the document and of the origin: %q", res.Get("Vary"))
	}
	off := ask(mockOf(t, doc, Config{NoCORS: true}), sent{target: "/x", header: []string{"Origin: https://a.example"}})
	if off.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("CORS is off: %v", off.Fields)
	}
}

func TestDelay_ComesFromTheSettingOrTheCall(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"200ms": "200ms 200ms", "100ms..400ms": "100ms 400ms", "150": "150ms 150ms", "2s": "2s 2s", "": "0s 0s", "3g": "100ms 500ms"} {
		d, err := ParseDelay(text)
		if got := d.Min.String() + " " + d.Max.String(); err != nil || got != want {
			t.Errorf("%q: %s %v, want %s", text, got, err, want)
		}
	}
	for _, bad := range []string{"x", "-1", "5m..1s", "9h", "1..", "..1"} {
		if _, err := ParseDelay(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	d, _ := ParseDelay("100ms..400ms")
	m := mockOf(t, preferDocument, Config{Delay: d})
	if res := ask(m, sent{target: "/y"}); res.Delay < d.Min || res.Delay > d.Max {
		t.Errorf("delay %s", res.Delay)
	}
	if res := ask(m, sent{target: "/y", header: []string{"X-Mock-Response-Delay: 7"}}); res.Delay.Milliseconds() != 7 {
		t.Errorf("the call's own delay is %s", res.Delay)
	}
}

func TestCallbacks_RuntimeExpressions(t *testing.T) {
	t.Parallel()
	expressions := map[string]string{
		`$request.body#/url`: "http://cb/", `{$request.body#/url}x?e={$request.query.e}`: "http://cb/x?e=9", `http://h/{$request.header.X-Id}`: "http://h/42", `http://h/{$request.path.id}`: "http://h/7",
		`http://h/{$response.body#/a/0}`: "http://h/first", `http://h/{$response.header.X-Back}`: "http://h/back", `http://h/{$method}/{$statusCode}`: "http://h/POST/201", `$url`: "http://self/things/7?e=9",
	}
	for expression, want := range expressions {
		doc := `
openapi: 3.0.0
paths:
  /things/{id}:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: d, headers: {X-Back: {example: back}}, content: {application/json: {example: {a: [first]}}}}}
      callbacks: {done: {'` + expression + `': {put: {requestBody: {content: {application/json: {schema: {type: object, properties: {ok: {const: true}}}}}}}}}}
`
		m := mockOf(t, doc, Config{Callbacks: true})
		res := &Response{}
		req := requestOf(sent{"POST /things/7?e=9", []string{"Content-Type: application/json", "X-Id: 42"}, `{"url":"http://cb/"}`})
		req.Base = "http://self"
		m.Answer(req, res)
		if len(res.Callbacks) != 1 || res.Callbacks[0].URL != want || res.Callbacks[0].Method != "PUT" || string(res.Callbacks[0].Body) != `{"ok":true}` {
			t.Errorf("%s: %+v, want %s", expression, res.Callbacks, want)
		}
	}
}

func TestAnswer_APanicIsContainedAndCounted(t *testing.T) {
	t.Parallel()
	m := mockOf(t, preferDocument, Config{})
	m.chain = []responder{{"broken", func(*exchange) bool { panic("on purpose") }}}
	res := ask(m, sent{target: "/x"})
	if res.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("a page can't read the answer")
	}
	if res.Status != 500 || !strings.Contains(res.Fault, "on purpose") || strings.Contains(text(res), "on purpose") || m.Panics() != 1 {
		t.Errorf("%d, fault %q, %d panics: %s", res.Status, res.Fault, m.Panics(), text(res))
	}
}

func TestCheckExamples_FindsWhatBreaksItsSchema(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {operationId: getX, responses: {"200": {description: d, content: {application/json: {schema: {type: integer}, examples: {good: {value: 1}, bad: {value: x}}}}}}}}}}`, Config{})
	found := m.CheckExamples(t.Context())
	if len(found) != 1 || !strings.Contains(found[0].Message, `example "bad" of response 200 of getX breaks its schema: / must be integer`) {
		t.Errorf("found %+v", found)
	}
	if c := m.Coverage(); c.Example != 1 || c.Schema+c.Empty+c.Nothing != 0 {
		t.Errorf("coverage %+v", c)
	}
}
