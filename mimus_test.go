package mimus_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	m, err := mimus.Parse(context.Background(), "c.yaml", []byte(doc), mimus.WithCallbacks(mimus.CallbacksLocal))
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

func TestOptions_WhatCantBeIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opt  mimus.Option
		says string
	}{
		"delay, negative":      {mimus.WithDelay(-1, 1), "the smaller first"},
		"delay, the wrong way": {mimus.WithDelay(2, 1), "the smaller first"},
		"delay, too long":      {mimus.WithDelay(0, time.Hour), "5m0s"},
		"body limit":           {mimus.WithBodyLimit(0), "1 byte or more"},
		"validation":           {mimus.WithValidation(7), "Strict, Warn and Off"},
		"callbacks":            {mimus.WithCallbacks(7), "CallbacksOff"},
	} {
		m, err := mimus.Parse(context.Background(), "notes.yaml", []byte(document), c.opt)
		if m != nil || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.says)
		}
	}
}

func TestWithDelay_HoldsTheAnswerBack(t *testing.T) {
	t.Parallel()
	const least = 30 * time.Millisecond
	start := time.Now()
	call(parse(t, mimus.WithDelay(least, least)), "GET", "/notes", "")
	if took := time.Since(start); took < least {
		t.Errorf("the answer came after %s", took)
	}
}

func TestMock_IsMountedWithStripPrefix(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/notebook/", http.StripPrefix("/notebook", parse(t)))
	server := httptest.NewServer(mux)
	defer server.Close()
	res, err := http.Get(server.URL + "/notebook/v1/notes")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("status %d: the prefix was not taken off", res.StatusCode)
	}
}

func TestOpen_TakesAFolderWithOneDocument(t *testing.T) {
	t.Parallel()
	m, err := mimus.Open(context.Background(), "examples/petstore")
	if err != nil || m.Title() != "Petstore" {
		t.Fatalf("error %v", err)
	}
	_, err = mimus.Open(context.Background(), "examples")
	if err == nil || !strings.Contains(err.Error(), "examples/petstore/openapi.yaml") {
		t.Errorf("a folder of several: error %v, want one that names them", err)
	}
}

func TestOpen_ErrorsAreSourceErrors(t *testing.T) {
	t.Parallel()
	_, err := mimus.Open(context.Background(), "examples/petstore/petstore.yaml")
	var at *mimus.SourceError
	if !errors.As(err, &at) || !errors.Is(err, fs.ErrNotExist) || at.Code != "file-missing" || !strings.Contains(err.Error(), "examples/petstore/openapi.yaml") {
		t.Errorf("a missing file: error %v, want one that names its neighbour", err)
	}
	_, err = mimus.Parse(context.Background(), "bad.yaml", []byte("openapi: 3.0.0\npaths:\n  a: [1\n"))
	if !errors.As(err, &at) || at.File != "bad.yaml" || at.Line == 0 {
		t.Errorf("bad YAML: error %#v", err)
	}
	_, err = mimus.Open(context.Background(), "examples/petstore/openapi.yaml", mimus.WithRoot("no/such/folder"))
	if err == nil || !strings.Contains(err.Error(), "mimus.WithRoot") || strings.Contains(err.Error(), "--") {
		t.Errorf("a missing root: error %v, want a hint in words of Go", err)
	}
	_, err = mimus.Parse(context.Background(), "none.yaml", []byte("openapi: 3.0.0\npaths: {}\n"))
	if err == nil || !strings.Contains(err.Error(), "none.yaml") || !strings.Contains(err.Error(), "operation") {
		t.Errorf("no operations: error %v", err)
	}
	_, err = mimus.Parse(context.Background(), "empty.yaml", nil)
	if err == nil || !strings.Contains(err.Error(), "empty.yaml") {
		t.Errorf("no bytes: error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := mimus.Open(ctx, "examples/petstore/openapi.yaml"); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: error %v", err)
	}
}

// observed gives a mock with what it showed to an observer.
func observed(t *testing.T, doc string, opts ...mimus.Option) (*mimus.Mock, *[]mimus.Call) {
	t.Helper()
	var seen []mimus.Call
	m, err := mimus.Parse(context.Background(), "doc.yaml", []byte(doc), append(opts, mimus.WithObserver(func(c mimus.Call) { seen = append(seen, c) }))...)
	if err != nil {
		t.Fatal(err)
	}
	return m, &seen
}

func TestObserver_SeesWhatWasSentAndOnlyThat(t *testing.T) {
	t.Parallel()
	m, seen := observed(t, document, mimus.WithBodyLimit(8))
	call(m, "HEAD", "/notes", "")
	call(m, "GET", "/notes?a=%zz", "no body is declared")
	call(m, "POST", "/notes", `{"text":"too long"}`)
	call(m, "GET", "/nowhere", "")
	call(m, "DELETE", "/notes", "")
	head, get, post, nowhere, wrong := (*seen)[0], (*seen)[1], (*seen)[2], (*seen)[3], (*seen)[4]
	if head.ResponseBody != nil || head.Status != 200 {
		t.Errorf("HEAD: %d with the body %q", head.Status, head.ResponseBody)
	}
	if string(get.Body) != "no body i" || get.RawQuery != "a=%zz" || string(get.ResponseBody) != "5" {
		t.Errorf("GET: body %q, query %q, answer %q", get.Body, get.RawQuery, get.ResponseBody)
	}
	if post.Status != 413 || len(post.Broken()) != 1 {
		t.Errorf("POST: %d, %v", post.Status, post.Broken())
	}
	if b := nowhere.Broken(); nowhere.Operation != "" || len(b) != 1 || b[0].Code != "path" {
		t.Errorf("an unknown path: %+v", nowhere)
	}
	if b := wrong.Broken(); len(b) != 1 || b[0].Code != "method" || b[0].Message != "must be one of GET, HEAD, OPTIONS, POST" {
		t.Errorf("an unknown method: %+v", b)
	}
}

func TestObserver_CORSPreflightBreaksNothing(t *testing.T) {
	t.Parallel()
	m, seen := observed(t, document)
	req := httptest.NewRequest("OPTIONS", "/notes", nil)
	req.Header.Set("Origin", "https://example.com")
	req.Header.Set("Access-Control-Request-Method", "POST")
	m.ServeHTTP(httptest.NewRecorder(), req)
	call(m, "OPTIONS", "/notes", "")
	for _, c := range *seen {
		if c.Status != 204 || len(c.Broken()) != 0 {
			t.Errorf("status %d, %v", c.Status, c.Broken())
		}
	}
}

func TestObserver_SaysWhichCredentialsAreMissing(t *testing.T) {
	t.Parallel()
	m, seen := observed(t, `
openapi: 3.0.3
paths:
  /secret:
    get:
      security: [{key: [], login: []}, {token: []}]
      responses: {"200": {description: Yes}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
    token: {type: http, scheme: bearer}
`)
	call(m, "GET", "/secret", "")
	const want = "must carry the header X-Key and HTTP basic credentials, or a bearer token"
	if b := (*seen)[0].Broken(); len(b) != 1 || b[0].Message != want || b[0].Location[0] != "security" {
		t.Errorf("got %+v, want %q", b, want)
	}
}

func TestObserver_MayKeepACall(t *testing.T) {
	t.Parallel()
	m, seen := observed(t, document)
	call(m, "POST", "/notes", `{"text":"hi"}`)
	first := (*seen)[0]
	copy(first.ResponseBody, "overwritten")
	first.ResponseHeader["Location"][0] = "overwritten"
	if rec := call(m, "POST", "/notes", `{"text":"hi"}`); rec.Body.String() != `{"id":1,"text":"hello"}` || rec.Header().Get("Location") != "/notes/1" {
		t.Errorf("the mock's own answer was changed: %s %v", rec.Body, rec.Header())
	}
}

const subscriptions = `
openapi: 3.0.3
paths:
  /subscribe:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"202": {description: Accepted}}
      callbacks:
        event:
          '{$request.body#/url}':
            post:
              requestBody: {content: {application/json: {example: {kind: created}}}}
              responses: {"200": {description: Thanks}}
`

func TestCallbacks_NoneAfterCloseAndNoneWhenOff(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := 0
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got++
	}))
	defer target.Close()
	for _, opt := range []mimus.Option{mimus.WithCallbacks(mimus.CallbacksOff), mimus.WithCallbacks(mimus.CallbacksLocal)} {
		m, err := mimus.Parse(context.Background(), "c.yaml", []byte(subscriptions), opt)
		if err != nil {
			t.Fatal(err)
		}
		call(m, "POST", "/subscribe", `{"url":"`+target.URL+`"}`)
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if rec := call(m, "POST", "/subscribe", `{"url":"`+target.URL+`"}`); rec.Code != 202 {
			t.Errorf("after Close: status %d", rec.Code)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if got != 1 {
		t.Errorf("%d callbacks came, want the one before Close of the mock that makes them", got)
	}
}

func TestCallbacks_NeverCallTheMockItself(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	calls := 0
	m, err := mimus.Parse(context.Background(), "c.yaml", []byte(subscriptions), mimus.WithObserver(func(mimus.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls++
	}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(m)
	res, err := http.Post(server.URL+"/subscribe", "application/json", strings.NewReader(`{"url":"`+server.URL+`/subscribe"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	_ = m.Close() // waits for the callback
	server.Close()
	mu.Lock()
	defer mu.Unlock()
	if calls != 1 {
		t.Errorf("the mock was called %d times, want once: its callback came back to it", calls)
	}
}

func TestMock_AnswersManyAtOnce(t *testing.T) {
	t.Parallel()
	m := parse(t, mimus.WithObserver(func(mimus.Call) {}), mimus.WithIgnoreExamples())
	want := call(m, "GET", "/notes", "").Body.String()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := call(m, "GET", "/notes", "").Body.String(); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestWithSeed_GivesTheSameValuesAgain(t *testing.T) {
	t.Parallel()
	body := func(seed string) string {
		return call(parse(t, mimus.WithSeed(seed), mimus.WithDynamic()), "POST", "/notes", `{"text":"hi"}`).Body.String()
	}
	first, again := body("1"), body("1")
	if first != again {
		t.Error("one seed gives two answers")
	}
	if body("1") == body("2") {
		t.Error("two seeds give one answer")
	}
}

const shopCollection = `{"info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "variable": [{"key": "stage", "value": "none"}],
 "item": [{"name": "Get", "request": {"method": "GET", "url": "{{baseUrl}}/pets/:id?full=true"},
  "response": [{"name": "OK", "code": 200, "body": "{\"id\": {{id}}, \"stage\": \"{{stage}}\"}"}, {"name": "Bad", "code": 200, "body": "{{$nope}}"}]}]}`

func TestOpen_ACollection_AnswersWithItsExamples(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("shop.postman_collection.json", shopCollection)
	env := write("env.json", `{"name": "e", "values": [{"key": "stage", "value": "test", "enabled": true}]}`)
	get := func(m *mimus.Mock, target string) (int, string) {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		return w.Code, w.Body.String()
	}
	m, err := mimus.Open(t.Context(), file, mimus.WithEnvironment(env))
	if err != nil {
		t.Fatal(err)
	}
	if code, body := get(m, "/pets/3?full=true"); code != 200 || body != `{"id": 3, "stage": "test"}` {
		t.Errorf("got %d %s", code, body)
	}
	if d := m.Diagnostics(); len(d) != 1 || !strings.Contains(d[0].Message, "Get / Bad") {
		t.Errorf("the unknown variable's diagnostic is %v", d)
	}
	if m, err = mimus.Parse(t.Context(), "shop.json", []byte(shopCollection), mimus.WithEnvironment(env), mimus.WithMatching(mimus.Matching{NoWildcards: true, NoFuzzyPaths: true})); err != nil {
		t.Fatal(err)
	}
	if code, body := get(m, "/pets/3"); code != 404 || !strings.Contains(body, "mockRequestNotFoundError") {
		t.Errorf("without wildcards: got %d %s", code, body)
	}
	if m, err = mimus.Open(t.Context(), file, mimus.WithContract()); err != nil {
		t.Fatal(err)
	}
	if len(m.Operations()) != 1 {
		t.Errorf("the contract has %d operations", len(m.Operations()))
	}
}
