package engine

import (
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

// written writes changes as a miss tells them.
func written(changes []Change) string {
	list := definition.NewArray()
	for i := range changes {
		list.Kids = append(list.Kids, changes[i].Value())
	}
	return string(list.AppendJSON(nil))
}

const places = `{openapi: 3.0.0, servers: [{url: "https://x.example/api/v1"}], paths: {
	/pets: {get: {responses: {"204": {description: d}}}, post: {responses: {"204": {description: d}}}},
	/pets/mine: {get: {responses: {"204": {description: d}}}},
	"/pets/{id}": {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer, enum: [42]}}], responses: {"204": {description: d}}}, delete: {responses: {"204": {description: d}}}},
	"/pets/{id}/toys": {get: {responses: {"204": {description: d}}}},
	"/files/{name}.{ext}": {get: {parameters: [{name: ext, in: path, required: true, schema: {type: string, default: txt}}], responses: {"204": {description: d}}}},
	"/colours/{c}": {get: {parameters: [{name: c, in: path, required: true, style: matrix, example: red, schema: {type: string}}], responses: {"204": {description: d}}}},
	"/tree/{path*}": {get: {responses: {"204": {description: d}}}},
	"/search?kind=cat": {get: {operationId: cats, responses: {"204": {description: d}}}},
	"/search?kind=dog": {get: {operationId: dogs, responses: {"204": {description: d}}}},
	"/a b/c": {get: {responses: {"204": {description: d}}}}}}`

func TestSuggest_ForAnOperation_KeepsWhatTheRequestHas(t *testing.T) {
	t.Parallel()
	m := mockOf(t, places, Config{})
	op := func(name string) *operation {
		for _, o := range m.ops {
			if o.label == name {
				return o
			}
		}
		t.Fatalf("there is no %s", name)
		return nil
	}
	for _, c := range []struct{ target, op, want string }{
		{"/pet/7", "GET /pets/{id}", "path /pets/7"},
		{"DELETE /pet/7", "GET /pets/{id}", "method GET, path /pets/7"},
		{"PUT /pets/7", "DELETE /pets/{id}", "method DELETE"},
		{"HEAD /pet/7", "GET /pets/{id}", "path /pets/7"},
		{"/pets//toys", "GET /pets/{id}/toys", "path /pets/*/toys"},
		{"/pet//7", "GET /pets/{id}", "path /pets/7"},
		{"/pets/7/toys/1", "GET /pets/{id}/toys", "path /pets/7/toys"},
		{"/pet/mine", "GET /pets/{id}", "path /pets/42"}, // a literal has the value
		{"/api/v1/pet/7", "GET /pets/{id}", "path /api/v1/pets/7"},
		{"/api/v2/pets/7", "GET /pets/{id}", "path /api/v1/pets/7"},
		{"/files/report", "GET /files/{name}.{ext}", "path /files/report.txt"},
		{"/colour", "GET /colours/{c}", "path /colours/;c=red"},
		{"/tree", "GET /tree/{path*}", "path /tree/"},
		{"/three/a/b", "GET /tree/{path*}", "path /tree/a/b"},
		{"/search?kind=cat", "dogs", "query kind=dog"},
		{"/serch", "dogs", "path /search, query kind=dog"},
		{"/ab/c", "GET /a b/c", "path /a%20b/c"},
	} {
		req := requestOf(sent{target: c.target})
		got := plainly(m.suggest(req, op(c.op)))
		if before, after, ok := strings.Cut(c.want, "*"); ok && strings.HasPrefix(got, before) && strings.HasSuffix(got, after) {
			continue
		}
		if got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.target, c.op, got, c.want)
		}
	}
}

// plainly tells changes in few words.
func plainly(changes []Change) string {
	var out []string
	for _, c := range changes {
		s := string(c.In) + " "
		if c.Name != "" {
			s += c.Name + "="
		}
		if c.Want != nil {
			s += scalarText(c.Want)
		} else {
			s += "(none)"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestSuggest_ARequiredBasePath_IsPutBefore(t *testing.T) {
	t.Parallel()
	m := mockOf(t, places, Config{BasePath: "/v9"})
	for target, want := range map[string]string{"/pets": `"want":"/v9/pets"`, "/v8/pets": `"want":"/v9/pets"`, "/pet/7": `"want":"/v9/pets/7"`} {
		if got := text(ask(m, sent{target: target})); !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
	c := collection(t, shop, Config{BasePath: "/v9"})
	if got := text(ask(c, sent{target: "/pets/5"})); !strings.Contains(got, `"changes":[{"in":"path","op":"set","have":"/pets/5","want":"/v9/pets/5"}]`) {
		t.Errorf("a collection: %s", got)
	}
}

func TestWrongMethod_TellsTheMethodsAsChanges(t *testing.T) {
	t.Parallel()
	res := ask(mockOf(t, places, Config{}), sent{target: "PATCH /pets/mine"})
	for _, want := range []string{
		`{"method":"GET","path":"/pets/mine","differs":"the path matches; the method is GET","changes":[{"in":"method","op":"set","have":"PATCH","want":"GET"}]}`,
		`{"method":"DELETE","path":"/pets/{id}",`,
	} {
		if res.Status != 405 || !strings.Contains(text(res), want) {
			t.Errorf("got %d %s, want %s", res.Status, text(res), want)
		}
	}
	if strings.Contains(text(res), `"GET","path":"/pets/{id}"`) {
		t.Errorf("GET leads to another operation than %s", text(res))
	}
}

// matched is a collection whose examples differ in all that can be matched.
const matched = `{"info": {"name": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "variable": [{"key": "token", "value": "s3cret", "type": "secret"}],
 "item": [
  {"name": "Make", "request": {"method": "POST", "url": "/orders", "header": [{"key": "X-Kind", "value": "new"}, {"key": "X-Secret", "value": "{{token}}"}, {"key": "Authorization", "value": "Bearer a"}],
    "body": {"mode": "raw", "raw": "{\"a\": {\"b\": [1, 2.50, {\"c/d\": true}]}, \"e\": null}"}}, "response": [
    {"id": "o1", "name": "Made", "code": 201, "originalRequest": {"method": "POST", "url": "/orders", "header": [{"key": "X-Kind", "value": "new"}, {"key": "X-Secret", "value": "{{token}}"}, {"key": "Authorization", "value": "Bearer a"}],
      "body": {"mode": "raw", "raw": "{\"a\": {\"b\": [1, 2.50, {\"c/d\": true}]}, \"e\": null}"}}}]},
  {"name": "Form", "request": {"method": "POST", "url": "/form"}, "response": [
    {"id": "f1", "name": "Sent", "code": 200, "originalRequest": {"method": "POST", "url": "/form", "body": {"mode": "urlencoded", "urlencoded": [{"key": "x", "value": "1"}, {"key": "y", "value": "2"}, {"key": "y", "value": "3"}]}}}]},
  {"name": "Text", "request": {"method": "POST", "url": "/text"}, "response": [
    {"id": "t1", "name": "Said", "code": 200, "originalRequest": {"method": "POST", "url": "/text", "body": {"mode": "raw", "raw": "hello"}}}]},
  {"name": "File", "request": {"method": "POST", "url": "/file"}, "response": [
    {"id": "p1", "name": "Kept", "code": 200, "originalRequest": {"method": "POST", "url": "/file", "body": {"mode": "formdata", "formdata": [{"key": "x", "value": "1"}, {"key": "f", "type": "file", "src": "a.png"}]}}}]},
  {"name": "Ask", "request": {"method": "POST", "url": "/graphql"}, "response": [
    {"id": "g1", "name": "Asked", "code": 200, "originalRequest": {"method": "POST", "url": "/graphql", "body": {"mode": "graphql", "graphql": {"query": "{ pets { id } }", "variables": "{\"n\": 1}"}}}}]},
  {"name": "List", "request": {"method": "GET", "url": "/pets"}, "response": [
    {"id": "l1", "name": "Cats", "code": 200, "originalRequest": {"method": "GET", "url": "/pets?kind=cat&page={{n}}"}},
    {"id": "l2", "name": "Dogs", "code": 200, "originalRequest": {"method": "GET", "url": "/pets?kind=dog"}},
    {"id": "l3", "name": "None", "code": 404, "originalRequest": {"method": "GET", "url": "/pets?kind=dog"}}]},
  {"name": "One", "request": {"method": "GET", "url": "/owners/:who/pets/{{id}}"}, "response": [{"id": "w1", "name": "Found", "code": 200}]}
 ]}`

func TestSuggest_ForASavedExample_TellsEachPart(t *testing.T) {
	t.Parallel()
	m := collection(t, matched, Config{Matching: saved.Config{Body: true, NoFuzzy: true}})
	const order = `{"a":{"b":[1,2.5,{"c/d":true}]},"e":null}`
	for _, c := range []struct {
		target, header, body string
		example, want        string
	}{
		{"GET /orders", "", order, "Made", `[{"in":"method","op":"set","have":"GET","want":"POST"}]`},
		{"POST /order", "", order, "Made", `[{"in":"path","op":"set","have":"/order","want":"/orders"}]`},
		{"POST /orders", "", `{"a":{"b":[1,2.5,{"c/d":false}]},"e":null}`, "Made", `[{"in":"body","name":"/a/b/2/c~1d","op":"set","have":false,"want":true}]`},
		{"POST /orders", "", `{"a":{"b":[1,1.5,2.5,{"c/d":true}]},"f":0}`, "Made", `[{"in":"body","name":"/a/b/1","op":"remove","have":1.5},{"in":"body","name":"/e","op":"set","want":null},{"in":"body","name":"/f","op":"remove","have":0}]`},
		{"POST /orders", "", `{"a":{"b":[1]},"e":null}`, "Made", `[{"in":"body","name":"/a/b/1","op":"set","want":2.50},{"in":"body","name":"/a/b/2","op":"set","want":{"c/d":true}}]`},
		{"POST /orders", "", `no JSON`, "Made", `[{"in":"body","name":"","op":"set","have":"no JSON","want":{"a":{"b":[1,2.50,{"c/d":true}]},"e":null}}]`},
		{"POST /orders", "", "", "Made", `[{"in":"body","name":"","op":"set","want":{"a":{"b":[1,2.50,{"c/d":true}]},"e":null}}]`},
		{"POST /orders", "X-Mock-Match-Request-Headers: X-Kind", order, "Made", `[{"in":"header","name":"x-kind","op":"set","want":"new"}]`},
		{"POST /orders", "X-Mock-Match-Request-Headers: X-None, X-Kind|X-None: 1|X-Kind: old", order, "Made", `[{"in":"header","name":"x-none","op":"remove","have":"1"},{"in":"header","name":"x-kind","op":"set","have":"old","want":"new"}]`},
		{"POST /orders", "X-Mock-Match-Request-Headers: X-Secret", order, "Made", `[]`},
		{"POST /orders", "X-Mock-Match-Request-Headers: Authorization", order, "Made", `[]`},
		{"POST /orders", "X-Mock-Response-Code: many", order, "Made", `[{"in":"header","name":"x-mock-response-code","op":"set","have":"many","want":"201"}]`},
		{"POST /orders", "X-Mock-Response-Id: o2", order, "Made", `[{"in":"header","name":"x-mock-response-id","op":"set","have":"o2","want":"o1"}]`},
		{"POST /orders", "X-Mock-Response-Name: Mad", order, "Made", `[{"in":"header","name":"x-mock-response-name","op":"set","have":"Mad","want":"Made"}]`},
		{"POST /form", "Content-Type: application/x-www-form-urlencoded", "x=2&y=3&y=2&z=1", "Sent", `[{"in":"body","name":"x","op":"set","have":"2","want":"1"},{"in":"body","name":"z","op":"remove","have":"1"}]`},
		{"POST /form", "Content-Type: application/x-www-form-urlencoded", "x=1&y=2", "Sent", `[{"in":"body","name":"y","op":"set","have":"2","want":["2","3"]}]`},
		{"POST /form", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n", "Sent", `[{"in":"body","name":"y","op":"set","want":["2","3"]}]`},
		{"POST /form", "Content-Type: application/json", `{"x":1}`, "Sent", `[{"in":"body","name":"","op":"set","have":"{\"x\":1}","want":"x=1&y=2&y=3"}]`},
		{"POST /text", "", "hello!", "Said", `[{"in":"body","name":"","op":"set","have":"hello!","want":"hello"}]`},
		{"POST /file", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n1\r\n--b--\r\n", "Kept", `[{"in":"body","name":"x","op":"set","want":"1"}]`},
		{"POST /file", "Content-Type: text/plain", "x", "Kept", `[{"in":"header","name":"content-type","op":"set","have":"text/plain","want":"multipart/form-data; boundary=mimus"},{"in":"body","name":"","op":"set","have":"x","want":"--mimus\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--mimus\r\nContent-Disposition: form-data; name=\"f\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--mimus--\r\n"}]`},
		{"POST /graphql", "", `{"query":"{pets{id}}","variables":{"n":2}}`, "Asked", `[{"in":"body","name":"/variables/n","op":"set","have":2,"want":1}]`},
		{"POST /graphql", "", `{"query":"{pets{name}}","variables":{"n":1}}`, "Asked", `[{"in":"body","name":"/query","op":"set","have":"{pets{name}}","want":"{ pets { id } }"}]`},
		{"GET /pets?kind=dog", "", "body", "Dogs", `[{"in":"body","name":"","op":"remove","have":"body"}]`},
		{"PUT /pets?kind=dog", "", "", "Cats", `[{"in":"method","op":"set","have":"PUT","want":"GET"},{"in":"header","name":"x-mock-response-id","op":"set","want":"l1"}]`},
		{"PUT /pets?kind=dog&page=1", "", "", "Cats", `[{"in":"method","op":"set","have":"PUT","want":"GET"},{"in":"query","name":"kind","op":"set","have":"dog","want":"cat"}]`},
		{"PUT /pets?kind=dog", "", "", "None", `[{"in":"method","op":"set","have":"PUT","want":"GET"},{"in":"header","name":"x-mock-response-code","op":"set","want":"404"}]`},
		{"GET /owner/rex/pets/7", "", "", "Found", `[{"in":"path","op":"set","have":"/owner/rex/pets/7","want":"/owners/rex/pets/7"}]`},
	} {
		var header []string
		if c.header != "" {
			header = strings.Split(c.header, "|")
		}
		res := ask(m, sent{c.target, header, c.body})
		got := "no such example"
		for _, n := range res.x.nearest {
			if n.Name == c.example {
				got = written(n.Changes)
			}
		}
		if before, after, ok := strings.Cut(c.want, "*"); ok && strings.HasPrefix(got, before) && strings.HasSuffix(got, after) {
			continue
		}
		if got != c.want {
			t.Errorf("%s %s %s: got  %s\nwant %s", c.target, c.header, c.body, got, c.want)
		}
	}
}

// A body that differs in more than can be listed is wanted as a whole.
func TestSuggest_ManyDifferences_AreTheWholeBody(t *testing.T) {
	t.Parallel()
	long := "[" + strings.Repeat("1,", saved.MaxChanges) + "1]"
	m := collection(t, `{"info": {"name": "x"}, "item": [{"name": "i", "request": {"method": "POST", "url": "/x"}, "response": [{"name": "OK", "code": 200, "originalRequest": {"method": "POST", "url": "/x", "body": {"mode": "raw", "raw": "`+long+`"}}}]}]}`, Config{Matching: saved.Config{Body: true}})
	res := ask(m, sent{"POST /x", nil, strings.ReplaceAll(long, "1", "2")})
	if got := written(res.x.nearest[0].Changes); !strings.HasPrefix(got, `[{"in":"body","name":"","op":"set",`) || !strings.Contains(got, `"want":`+long) {
		t.Errorf("got %s", got)
	}
}

// A body that takes long to compare is not tried again and again.
func TestSuggest_ALongBody_IsNotTried(t *testing.T) {
	t.Parallel()
	m := collection(t, matched, Config{Matching: saved.Config{Body: true}})
	res := ask(m, sent{"POST /text", nil, strings.Repeat("x", maxTried+1)})
	if res.Status != 404 || len(res.Body) > 10_000 {
		t.Fatalf("got %d, %d bytes", res.Status, len(res.Body))
	}
	for _, n := range res.x.nearest {
		if n.Changes != nil {
			t.Errorf("%s has changes", n.Name)
		}
	}
	res = ask(m, sent{"POST /text", nil, strings.Repeat("x", longBody+1)})
	if c := res.x.nearest[0].Changes; len(c) != 1 || len(written(c)) > 500 {
		t.Errorf("of a body of %d bytes: %.500s", longBody+1, written(c))
	}
}

// What the contract refuses is no suggestion.
func TestSuggest_BesideAContract_KeepsTheContract(t *testing.T) {
	t.Parallel()
	m := both(t, petExample("/pets/1", "200", `"{\"id\": 1}"`), Config{})
	res := call(m, "GET", "/pets/2", "", "X-Mock-Response-Id", "none")
	if got := written(res.x.nearest[0].Changes); got != `[{"in":"header","name":"x-mock-response-id","op":"set","have":"none","want":"s1"}]` {
		t.Errorf("got %s", got)
	}
	m = both(t, petExample("/pets/rex", "200", `"{\"id\": 1}"`), Config{})
	res = call(m, "GET", "/pets/2", "", "X-Mock-Response-Id", "none")
	for _, n := range res.x.nearest {
		if n.Changes != nil {
			t.Errorf("the contract refuses /pets/rex, yet %s is told", written(n.Changes))
		}
	}
}

func TestApply_RefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	one := definition.NewString("1")
	req := requestOf(sent{target: "POST /x?a=1&b=2&a=3", header: []string{"Content-Encoding: gzip"}, body: "{}"})
	for _, c := range []Change{
		{In: saved.InPath, Op: saved.Remove}, {In: saved.InMethod, Op: saved.Remove}, {In: "cookie", Op: saved.Set, Want: &one}, {In: saved.InQuery, Op: "add", Want: &one}, {In: saved.InQuery, Op: saved.Set},
		{In: saved.InBody, Name: "/a/b", Op: saved.Set, Want: &one}, {In: saved.InBody, Name: "/a", Op: saved.Remove}, {In: saved.InBody, Name: "a", Op: saved.Set, Want: &one},
	} {
		if _, _, err := Apply(req, []byte("{}"), []Change{c}); err == nil {
			t.Errorf("%s is applied", written([]Change{c}))
		}
	}
	got, body, err := Apply(req, []byte("{}"), []Change{{In: saved.InQuery, Name: "a", Op: saved.Set, Want: &one}, {In: saved.InBody, Name: "/x", Op: saved.Set, Want: &one}})
	if err != nil || got.RawQuery != "b=2&a=1" || string(body) != `{"x":"1"}` || got.Length != 9 || got.Header.Get("Content-Encoding") != "" {
		t.Errorf("got ?%s %s, %v", got.RawQuery, body, err)
	}
	if req.RawQuery != "a=1&b=2&a=3" || req.Header.Get("Content-Encoding") == "" {
		t.Error("the request was changed")
	}
}
