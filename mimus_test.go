package mimus_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus"
)

const document = `
openapi: 3.0.3
info: {title: Notes, version: "1"}
servers: [{url: https://example.com/v1}]
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string}}}
      responses:
        "201":
          description: Added
          headers: {Location: {schema: {type: string}, example: /notes/1}}
          content:
            application/json:
              schema: {type: object, properties: {id: {type: integer}, text: {type: string}}}
              example: {id: 1, text: hello}
    get:
      operationId: listNotes
      responses:
        "200":
          description: All
          content:
            application/json:
              example: 5
              schema: {type: array, items: {type: string}}
`

func parse(t *testing.T, opts ...mimus.Option) *mimus.Mock {
	t.Helper()
	m, err := mimus.Parse(context.Background(), "notes.yaml", []byte(document), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func call(m http.Handler, method, target, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	m.ServeHTTP(rec, req)
	return rec
}

func TestMock_AnswersThroughARecorder(t *testing.T) {
	t.Parallel()
	rec := call(parse(t), "POST", "/notes", `{"text":"hi"}`)
	if rec.Code != 201 || rec.Header().Get("Content-Type") != "application/json" || rec.Header().Get("Location") != "/notes/1" {
		t.Errorf("status %d, header %v", rec.Code, rec.Header())
	}
}

func TestOptions_ChangeHowAMockAnswers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		opts   []mimus.Option
		method string
		target string
		body   string
		status int
	}{
		{"strict", nil, "POST", "/notes", `{}`, 422},
		{"warn", []mimus.Option{mimus.WithValidation(mimus.Warn)}, "POST", "/notes", `{}`, 201},
		{"off", []mimus.Option{mimus.WithValidation(mimus.Off)}, "POST", "/notes", `{}`, 201},
		{"errors", []mimus.Option{mimus.WithErrors()}, "GET", "/notes", "", 500},
		{"ignore examples", []mimus.Option{mimus.WithErrors(), mimus.WithIgnoreExamples()}, "GET", "/notes", "", 200},
		{"server's base path", nil, "GET", "/v1/notes", "", 200},
		{"base path, missing", []mimus.Option{mimus.WithBasePath("/api")}, "GET", "/notes", "", 404},
		{"base path", []mimus.Option{mimus.WithBasePath("/api")}, "GET", "/api/notes", "", 200},
		{"body limit", []mimus.Option{mimus.WithBodyLimit(4)}, "POST", "/notes", `{"text":"hi"}`, 413},
	}
	for _, c := range cases {
		if rec := call(parse(t, c.opts...), c.method, c.target, c.body); rec.Code != c.status {
			t.Errorf("%s: %s %s gives %d, want %d: %s", c.name, c.method, c.target, rec.Code, c.status, rec.Body)
		}
	}
	if rec := call(parse(t, mimus.WithoutCORS()), "GET", "/notes", ""); rec.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("CORS header fields are sent without CORS")
	}
}

func TestObserver_HasTheCallBeforeTheClientHasTheAnswer(t *testing.T) {
	t.Parallel()
	var seen []mimus.Call
	m := parse(t, mimus.WithObserver(func(c mimus.Call) { seen = append(seen, c) }))
	server := httptest.NewServer(m)
	defer server.Close()
	res, err := http.Post(server.URL+"/notes?x=1", "application/json", strings.NewReader(`{"text":5}`))
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if len(seen) != 1 {
		t.Fatalf("%d calls were seen", len(seen))
	}
	c := seen[0]
	if c.Operation != "addNote" || c.Status != 422 || string(c.Body) != `{"text":5}` || string(c.ResponseBody) != string(answer) || c.Query.Get("x") != "1" {
		t.Errorf("seen %+v", c)
	}
	if b := c.Broken(); len(b) != 1 || b[0].Code != "type" || strings.Join(b[0].Location, "/") != "body/text" {
		t.Errorf("broken: %+v", b)
	}
}

func TestOpen_ErrorsSayWhereAndWhat(t *testing.T) {
	t.Parallel()
	if _, err := mimus.Open(context.Background(), "no/such/file.yaml"); err == nil || !strings.Contains(err.Error(), "no/such/file.yaml") {
		t.Errorf("error %v", err)
	}
	_, err := mimus.Parse(context.Background(), "bad.yaml", []byte("openapi: 3.0.0\npaths:\n  a: [1\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "bad.yaml:") {
		t.Errorf("error %v", err)
	}
	broken := strings.Replace(document, "schema: {type: array", "schema: {$ref: '#/components/schemas/No'", 1)
	m, err := mimus.Parse(context.Background(), "notes.yaml", []byte(broken))
	if err != nil || len(m.Diagnostics()) != 1 || m.Diagnostics()[0].Code != "reference-not-found" || m.Diagnostics()[0].Line == 0 {
		t.Errorf("error %v, diagnostics %v", err, m.Diagnostics())
	}
	if _, err := mimus.Parse(context.Background(), "notes.yaml", []byte(broken), mimus.WithStrictDocument()); err == nil {
		t.Error("a strict document with an error is served")
	}
}

func TestCallbacks_GoOutAfterTheAnswer(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + string(body)
	}))
	defer target.Close()
	const doc = `
openapi: 3.0.3
paths:
  /subscribe:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"202": {description: Accepted}}
      callbacks:
        event:
          '{$request.body#/url}/events':
            post:
              requestBody: {content: {application/json: {example: {kind: created}}}}
              responses: {"200": {description: Thanks}}
`
	m, err := mimus.Parse(context.Background(), "c.yaml", []byte(doc), mimus.WithCallbacks())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	if rec := call(m, "POST", "/subscribe", `{"url":"`+target.URL+`"}`); rec.Code != 202 {
		t.Fatalf("status %d: %s", rec.Code, rec.Body)
	}
	select {
	case g := <-got:
		if g != `POST /events {"kind":"created"}` {
			t.Errorf("the callback was %s", g)
		}
	case <-time.After(10 * time.Second):
		t.Error("no callback came")
	}
}
