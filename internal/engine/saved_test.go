package engine

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/saved"
)

// collection makes a mock of a collection's text.
func collection(t testing.TB, text string, cfg Config) *Mock {
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
	def, _ := c.Definition()
	return Compile(def, cfg)
}

// call asks a mock; header are names and values in turn.
func call(m *Mock, method, target, body string, header ...string) *Response {
	path, query, _ := strings.Cut(target, "?")
	req := &Request{Method: method, Path: path, RawQuery: query, Header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	if body != "" {
		req.Body, req.Length = strings.NewReader(body), int64(len(body))
	}
	res := &Response{}
	m.Answer(req, res)
	return res
}

const shop = `{
  "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
  "variable": [{"key": "kind", "value": "dog"}, {"key": "off", "value": "x", "disabled": true}, {"key": "who", "value": "collection"}],
  "item": [{"name": "Pets", "variable": [{"key": "who", "value": "folder"}], "item": [
    {"name": "Get", "request": {"method": "GET", "url": "{{baseUrl}}/pets/:id"}, "response": [
      {"id": "a1", "name": "OK", "code": 200, "header": [
        {"key": "Content-Type", "value": "application/json"}, {"key": "X-Pet", "value": "{{id}}"}, {"key": "Content-Length", "value": "7"},
        {"key": "Content-Encoding", "value": "gzip"}, {"key": "Transfer-Encoding", "value": "chunked"}, {"key": "Connection", "value": "close"},
        {"key": "Set-Cookie", "value": "a=1"}, {"key": "Set-Cookie", "value": "b=2"}],
       "body": "{\"id\": {{id}}, \"kind\": \"{{kind}}\", \"who\": \"{{who}}\", \"off\": \"{{off}}\"}"},
      {"id": "a2", "name": "None", "code": 404, "body": "gone"}]},
    {"name": "Echo", "request": {"method": "POST", "url": "/echo"}, "response": [
      {"id": "e1", "name": "Echo", "code": 201, "header": [{"key": "Content-Type", "value": "application/json"}],
       "body": "{\"name\": \"{{$body 'user.name'}}\", \"page\": {{$queryParams 'page' '1'}}, \"agent\": \"{{$headers 'x-agent'}}\", \"first\": \"{{$pathSegments '0'}}\"}"}]},
    {"name": "Draw", "request": {"method": "GET", "url": "/draw"}, "response": [
      {"id": "d1", "name": "Draw", "code": 200, "body": "{\"a\": \"{{$guid}}\", \"b\": \"{{$guid}}\", \"at\": \"{{$isoTimestamp}}\"}"}]}
  ]}]}`

func TestSaved_VariablesAndCaptures_FillTheAnswer(t *testing.T) {
	t.Parallel()
	res := call(collection(t, shop, Config{}), "GET", "/pets/12", "")
	if want := `{"id": 12, "kind": "dog", "who": "folder", "off": "{{off}}"}`; string(res.Body) != want {
		t.Errorf("got %s, want %s", res.Body, want)
	}
	if res.Get("X-Pet") != "12" {
		t.Errorf("X-Pet is %q", res.Get("X-Pet"))
	}
	for _, name := range []string{"Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection"} {
		if got := res.Get(name); got != "" {
			t.Errorf("%s: %s belongs to the saved message and was sent", name, got)
		}
	}
	for _, f := range res.Fields {
		if f.Name == "Set-Cookie" && strings.Join(f.Values, " ") != "a=1 b=2" {
			t.Errorf("Set-Cookie is %q", f.Values)
		}
	}
	res = call(collection(t, shop, Config{}), "GET", "/pets/r%22x", "")
	if want := `{"id": "r\"x", `; !strings.HasPrefix(string(res.Body), want) {
		t.Errorf("got %s, want %s…", res.Body, want)
	}
}

func TestSaved_Environment_StandsOverTheCollection(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{Environment: []definition.Variable{{Name: "who", Value: "environment"}, {Name: "kind", Value: "cat", Disabled: true}}})
	if body := string(call(m, "GET", "/pets/1", "").Body); !strings.Contains(body, `"who": "environment"`) || !strings.Contains(body, `"kind": "dog"`) {
		t.Errorf("got %s", body)
	}
}

func TestSaved_RequestHelpers_ReadTheRequest(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{})
	res := call(m, "POST", "/echo?page=7", `{"user":{"name":"A \"B\""}}`, "Content-Type", "application/json", "X-Agent", "z")
	if want := `{"name": "A \"B\"", "page": 7, "agent": "z", "first": "echo"}`; res.Status != 201 || string(res.Body) != want {
		t.Errorf("got %d %s, want %s", res.Status, res.Body, want)
	}
}

func TestSaved_DynamicVariables_DifferByCallAndRepeatAfterARestart(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	var runs [2][]string
	for i := range runs {
		m := collection(t, shop, Config{Now: now})
		for range 3 {
			runs[i] = append(runs[i], string(call(m, "GET", "/draw", "").Body))
		}
	}
	if runs[0][0] == runs[0][1] || runs[0][1] == runs[0][2] {
		t.Errorf("repeated calls give the same: %q", runs[0])
	}
	if strings.Join(runs[0], " ") != strings.Join(runs[1], " ") {
		t.Errorf("a restart gives others: %q", runs)
	}
	if !strings.Contains(runs[0][0], "2026-01-02T03:04:05") {
		t.Errorf("the timestamp is not the clock's: %s", runs[0][0])
	}
	other := collection(t, shop, Config{Now: now, Seed: "other"})
	if string(call(other, "GET", "/draw", "").Body) == runs[0][0] {
		t.Error("another seed gives the same")
	}
}

func TestSaved_SteeringHeaders(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{})
	for _, c := range []struct {
		name, value string
		status      int
		body        string
	}{
		{"X-Mock-Response-Code", "404", 404, "gone"},
		{"X-Mock-Response-Id", "a2", 404, "gone"},
		{"X-Mock-Response-Name", "None", 404, "gone"},
		{"X-Mock-Response-Code", "500", 404, `"failed":"x-mock-response-code: its status is 200, not 500"`},
		{"X-Mock-Response-Code", "many", 404, `"reason":"x-mock-response-code is \"many\"`},
		{"X-Mock-Response-Id", "zz", 404, `"reason":"no example has the id \"zz\""`},
		{"X-Mock-Response-Id", "e1", 404, `"reason":"the example with the id \"e1\" has another method or path"`},
		{"X-Mock-Response-Name", "Nope", 404, `"reason":"no example has the name \"Nope\""`},
		{"X-Mock-Match-Request-Headers", "x-none", 200, `"id": 5`},
		{"X-Mock-Match-Request-Body", "true", 200, `"id": 5`},
	} {
		res := call(m, "GET", "/pets/5", "", c.name, c.value)
		if res.Status != c.status || !strings.Contains(string(res.Body), c.body) {
			t.Errorf("%s: %s: got %d %s, want %d with %s", c.name, c.value, res.Status, res.Body, c.status, c.body)
		}
	}
}

func TestSaved_Miss_IsPostmansErrorWithTheNearest(t *testing.T) {
	t.Parallel()
	res := call(collection(t, shop, Config{}), "DELETE", "/pets/5", "")
	for _, want := range []string{
		`{"error":{"name":"mockRequestNotFoundError","header":"No matching requests","message":"Double check your method and the request path and try again."`,
		`"details":{"nearest":[{"name":"OK","id":"a1","example":"Pets / Get / OK","method":"GET","path":"/pets/:id","status":200,"score":90,"failed":"method: it is GET, not DELETE","changes":[{"in":"method","op":"set","have":"DELETE","want":"GET"}]}`,
	} {
		if !strings.Contains(string(res.Body), want) {
			t.Errorf("got %s, want %s", res.Body, want)
		}
	}
	if res.Status != 404 || res.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got %d, CORS %q", res.Status, res.Get("Access-Control-Allow-Origin"))
	}
}

func TestSaved_Head_IsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	res := call(collection(t, shop, Config{}), "HEAD", "/pets/5", "")
	if res.Status != 200 || !res.NoBody || res.Get("X-Pet") != "5" {
		t.Errorf("got %d, without a body %t, X-Pet %q", res.Status, res.NoBody, res.Get("X-Pet"))
	}
}

func TestSaved_BodyAboveTheLimit_IsRefusedWhereItIsCompared(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{BodyLimit: 4, Matching: saved.Config{Body: true}})
	if res := call(m, "POST", "/echo", "too long"); res.Status != 413 {
		t.Errorf("got %d %s", res.Status, res.Body)
	}
}

func TestSaved_BasePath_IsRequired(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{BasePath: "/v2"})
	for target, status := range map[string]int{"/v2/pets/5": 200, "/pets/5": 404, "/v22/pets/5": 404} {
		if res := call(m, "GET", target, ""); res.Status != status {
			t.Errorf("%s: got %d %s", target, res.Status, res.Body)
		}
	}
}

func TestSaved_ACapture_StandsOverAVariableOfItsName(t *testing.T) {
	t.Parallel()
	m := collection(t, `{"info": {"name": "x"}, "variable": [{"key": "id", "value": "100"}, {"key": "h", "value": "X-Named"}], "item": [{"request": "/u/:id", "response": [{"name": "OK", "code": 200, "body": "{{id}}", "header": [{"key": "{{h}}", "value": "1"}, {"key": "Date", "value": "Mon, 01 Jan 2024 00:00:00 GMT"}]}]}]}`, Config{})
	res := call(m, "GET", "/u/5", "")
	if string(res.Body) != "5" || res.Get("X-Named") != "1" || res.Get("Date") != "" {
		t.Errorf("got %s with X-Named %q, Date %q", res.Body, res.Get("X-Named"), res.Get("Date"))
	}
}

func TestSaved_DelayHeader_HoldsTheAnswerBack(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{Delay: Delay{Min: time.Second, Max: time.Second}})
	if d := call(m, "GET", "/pets/1", "").Delay; d != time.Second {
		t.Errorf("the setting gives %s", d)
	}
	if d := call(m, "GET", "/pets/1", "", "X-Mock-Response-Delay", "30").Delay; d != 30*time.Millisecond {
		t.Errorf("the header gives %s", d)
	}
}

// TestCorpus_SavedExamples_AnswerTheirRequests asks for each saved example of
// the corpus with the request that it was saved with.
func TestCorpus_SavedExamples_AnswerTheirRequests(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	files, _ := filepath.Glob(filepath.Join(shared, "corpus", "postman", "*.json"))
	asked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := collection(t, string(text), Config{})
		for i, a := range m.examples.answers {
			asked++
			req := m.requestOf(i, a.x)
			if a.x.ID != "" {
				req.Header.Set("X-Mock-Response-Id", a.x.ID)
			} else {
				req.Header.Set("X-Mock-Response-Name", a.x.Name)
			}
			res := &Response{}
			m.Answer(req, res)
			if a.x.ID == "" && unnamed(m, a) {
				continue // another example has its name, method and path
			}
			if res.Status != a.x.Response.Status || a.body == nil && string(res.Body) != string(a.static) && bodyAllowed(res.Status) {
				t.Errorf("%s: %s: got %d %.200s", filepath.Base(file), a.x.Place, res.Status, res.Body)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d examples were asked for", asked)
	}
	t.Logf("%d saved examples of %d collections", asked, len(files))
}

func unnamed(m *Mock, a *savedAnswer) bool {
	for _, b := range m.examples.answers {
		if b != a && b.x.Name == a.x.Name {
			return true
		}
	}
	return false
}

const petContract = `openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: OK, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}, example: {id: 7}}}}
        "404": {description: None, content: {application/json: {schema: {type: object}, example: {code: 4}}}}
`

// both makes a mock of the contract with the examples of a collection over it.
func both(t *testing.T, text string, cfg Config) *Mock {
	t.Helper()
	def := read(t, petContract)
	c := collection(t, text, Config{})
	def.AddExchanges(c.def)
	return Compile(def, cfg)
}

func petExample(path, code, body string) string {
	return `{"info": {"name": "x"}, "item": [{"name": "i", "request": {"method": "GET", "url": "` + path + `"}, "response": [{"id": "s1", "name": "Saved", "code": ` + code + `, "header": [{"key": "Content-Type", "value": "application/json"}], "body": ` + body + `}]}]}`
}

func TestSaved_BeforeAContract(t *testing.T) {
	t.Parallel()
	m := both(t, petExample("/pets/1", "200", `"{\"id\": 100}"`), Config{})
	for _, c := range []struct {
		target string
		header []string
		status int
		body   string
	}{
		{"/pets/1", nil, 200, `{"id": 100}`},                                       // the saved example
		{"/pets/2", nil, 200, `{"id": 100}`},                                       // by its id, taken out
		{"/pets/rex", nil, 422, "UNPROCESSABLE_ENTITY"},                            // the contract checks first
		{"/pets/1", []string{"X-Mock-Response-Code", "404"}, 404, `{"code":4}`},    // no saved one: the contract's
		{"/pets/1", []string{"Prefer", "code=404"}, 404, `{"code":4}`},             // the same, asked as of a contract
		{"/pets/1", []string{"X-Mock-Response-Id", "none"}, 404, "mockRequestNot"}, // an error where there is none
		{"/none", nil, 404, "NO_PATH_MATCHED_ERROR"},
	} {
		res := call(m, "GET", c.target, "", c.header...)
		if res.Status != c.status || !strings.Contains(string(res.Body), c.body) {
			t.Errorf("%s %v: got %d %s, want %d with %s", c.target, c.header, res.Status, res.Body, c.status, c.body)
		}
	}
	warn := both(t, petExample("/extra", "200", `"{}"`), Config{Validation: Warn})
	if res := call(warn, "GET", "/extra", ""); res.Status != 200 {
		t.Errorf("in warn, a saved example that no operation covers gives %d", res.Status)
	}
}

func TestSaved_BreaksTheContract_IsServedAndReported(t *testing.T) {
	t.Parallel()
	m := both(t, petExample("/pets/1", "200", `"{\"id\": \"x\"}"`), Config{})
	res := call(m, "GET", "/pets/1", "")
	if res.Status != 200 || !strings.Contains(res.Get("Sl-Violations"), "must be integer") {
		t.Errorf("got %d with sl-violations %q", res.Status, res.Get("Sl-Violations"))
	}
	found := m.CheckSaved(context.Background())
	if len(found) != 1 || found[0].Code != "saved-response" || !strings.Contains(found[0].Message, "i / Saved: the saved response breaks the contract of GET /pets/{id}: Response body property id must be integer") {
		t.Errorf("the response's diagnostic is %+v", found)
	}
	found = both(t, petExample("/pets/rex", "200", `"{\"id\": 1}"`), Config{}).CheckSaved(context.Background())
	if len(found) != 1 || found[0].Code != "saved-request" {
		t.Errorf("the request's diagnostic is %+v", found)
	}
	if found := both(t, petExample("/pets/:id", "200", `"{\"id\": 1}"`), Config{}).CheckSaved(context.Background()); len(found) != 0 {
		t.Errorf("a wildcard is reported: %+v", found)
	}
	errs := both(t, petExample("/pets/1", "200", `"{\"id\": \"x\"}"`), Config{Errors: true})
	if res := call(errs, "GET", "/pets/1", ""); res.Status != 500 {
		t.Errorf("with errors on, got %d", res.Status)
	}
}

func TestSaved_Settings_ReachTheIndex(t *testing.T) {
	t.Parallel()
	m := collection(t, shop, Config{Matching: saved.Config{NoWildcards: true, NoFuzzy: true}})
	if res := call(m, "GET", "/pets/rex", ""); res.Status != 404 {
		t.Errorf("got %d", res.Status)
	}
}

func BenchmarkAnswer_Saved(b *testing.B) {
	m := collection(b, shop, Config{})
	for name, target := range map[string]string{"filled": "/pets/12", "dynamic": "/draw"} {
		b.Run(name, func(b *testing.B) {
			req := &Request{Method: "GET", Path: target, Header: http.Header{}}
			res := &Response{}
			b.ReportAllocs()
			for b.Loop() {
				res.Reset()
				m.Answer(req, res)
			}
		})
	}
}
