package mimustest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/mimustest"
)

// fakeT is a test that writes down how it fails.
type fakeT struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	cleanups []func()
}

func (f *fakeT) Helper()          {}
func (f *fakeT) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }

func (f *fakeT) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fakeT) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// failures runs a test as package testing does, its cleanups last and in
// reverse, and gives what it failed with.
func failures(test func(t testing.TB)) string {
	f := &fakeT{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(f)
	}()
	<-done
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		f.cleanups[i]()
	}
	return strings.Join(f.errors, "\n")
}

const (
	petstore = "../examples/petstore/openapi.yaml"

	shop = `
openapi: 3.0.3
info: {title: Shop}
paths:
  /orders/{id}:
    post:
      operationId: order
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: size, in: query, required: true, schema: {type: integer}}
        - {name: tags, in: query, schema: {type: array, items: {type: integer}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: basket, in: cookie, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [items]
              properties:
                items: {type: array, items: {type: object, properties: {count: {type: integer}}}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {count: {type: integer}}}
      responses:
        "201": {description: Ordered}
  /account:
    get:
      security: [{token: []}]
      responses:
        "200": {description: Yes}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
`
)

// send makes a call; fields are header fields, "Name: value".
func send(t testing.TB, s *mimustest.Server, method, path, body string, fields ...string) int {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range fields {
		name, v, _ := strings.Cut(f, ": ")
		req.Header.Set(name, v)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatalf("%v", err)
	}
	return res.StatusCode
}

func TestStart_ABrokenCallFailsTheTestWithADiff(t *testing.T) {
	t.Parallel()
	const trace = "X-Trace: 0c3f1e5e-8c7a-4a69-9d58-0d2b8a6f2d11"
	cases := []struct {
		name, method, path, body string
		fields                   []string
		want                     string
	}{
		{"body", "POST", "/orders/1?size=2", `{"items": [{"count": 1}, {"count": "<two>"}]}`, []string{trace}, `
POST /orders/1?size=2 broke the contract of order (document:7:7) and was answered with 422:
  body items.1.count
    - want: must be integer
    + got:  "<two>"
If the test means it: mimustest.AllowBroken("order")`},
		{"missing property", "POST", "/orders/1?size=2", `{"item": []}`, []string{trace}, `
POST /orders/1?size=2 broke the contract of order (document:7:7) and was answered with 422:
  body
    - want: must have required property 'items'
    + got:  {"item":[]}
If the test means it: mimustest.AllowBroken("order")`},
		{"no body", "POST", "/orders/1?size=2", ``, []string{trace}, `
POST /orders/1?size=2 broke the contract of order (document:7:7) and was answered with 422:
  body
    - want: Body parameter is required
    + got:  no body
If the test means it: mimustest.AllowBroken("order")`},
		{"content type", "POST", "/orders/1?size=2", `<order/>`, []string{trace, "Content-Type: application/xml"}, `
POST /orders/1?size=2 broke the contract of order (document:7:7) and was answered with 415:
  body
    - want: Supported content types: application/json,application/x-www-form-urlencoded
    + got:  Content-Type: application/xml
If the test means it: mimustest.AllowBroken("order")`},
		{"form", "POST", "/orders/1?size=2", `count=two`, []string{trace, "Content-Type: application/x-www-form-urlencoded"}, `
POST /orders/1?size=2 broke the contract of order (document:7:7) and was answered with 422:
  body count
    - want: must be integer
    + got:  two
If the test means it: mimustest.AllowBroken("order")`},
		{"parameters", "POST", "/orders/one?tags=1&tags=x", `{"items": []}`, []string{"X-Trace: 7", "Cookie: basket=red; other=1"}, `
POST /orders/one?tags=1&tags=x broke the contract of order (document:7:7) and was answered with 422:
  path id
    - want: must be integer
    + got:  one
  query
    - want: must have required property 'size'
    + got:  ?tags=1&tags=x
  query tags.1
    - want: must be integer
    + got:  tags=1&tags=x
  header x-trace
    - want: must match format "uuid"
    + got:  7
  cookie basket
    - want: must be integer
    + got:  red
If the test means it: mimustest.AllowBroken("order")`},
		{"credentials, which are kept out of the log", "GET", "/account", ``, []string{"Authorization: Basic c2VjcmV0OnNlY3JldA=="}, `
GET /account broke the contract of GET /account (document:29:7) and was answered with 401:
  security
    - want: must carry a bearer token
    + got:  Authorization: Basic …
If the test means it: mimustest.AllowBroken("GET /account")`},
		{"unknown path", "GET", "/acount", ``, nil, `
GET /acount broke the contract of Shop and was answered with 404:
  path
    - want: GET /account is nearest: "acount" would have to be "account"
    + got:  GET /acount
If the test means it: mimustest.AllowBroken("GET /acount")`},
		{"unknown method", "DELETE", "/account", ``, nil, `
DELETE /account broke the contract of Shop and was answered with 405:
  method
    - want: must be one of GET, HEAD, OPTIONS
    + got:  DELETE
If the test means it: mimustest.AllowBroken("DELETE /account")`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := failures(func(ft testing.TB) {
				send(ft, mimustest.StartDocument(ft, shop), c.method, c.path, c.body, c.fields...)
			})
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), got); diff != "" {
				t.Errorf("the failure differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStart_ACallThatKeepsTheContractFailsNothing(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore)
		send(ft, s, "GET", "/pets?limit=2", "")
		send(ft, s, "HEAD", "/v1/pets", "")
		send(ft, s, "OPTIONS", "/pets", "")
		send(ft, s, "POST", "/pets", `{"name":"Rex","species":"dog"}`)
		if status := send(ft, s, "GET", "/pets/1", "", "Prefer: code=404"); status != 404 {
			ft.Errorf("an error that was asked for: status %d", status)
		}
	})
	if got != "" {
		t.Error(got)
	}
}

func TestStart_ReportsWhereViolationsAreOnlyReported(t *testing.T) {
	t.Parallel()
	status := 0
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore, mimustest.With(mimus.WithValidation(mimus.Warn)))
		status = send(ft, s, "POST", "/pets", `{}`)
	})
	if status != 201 || !strings.Contains(got, "'name'") || !strings.Contains(got, "answered with 201") {
		t.Errorf("status %d, failures %q", status, got)
	}
}

func TestAllowBroken_LetsTheNamedOperationsBreakIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		opt   mimustest.Option
		fails string // part of the failure; "" is none
	}{
		{"all", mimustest.AllowBroken(), ""},
		{"ids", mimustest.AllowBroken("createPet", "getPet", "GET /nowhere"), ""},
		{"method and template", mimustest.AllowBroken("POST /pets", "GET /pets/{petId}", "GET /nowhere"), ""},
		{"method and path", mimustest.AllowBroken("POST /pets", "GET /pets/x", "GET /nowhere"), ""},
		{"one is left out", mimustest.AllowBroken("createPet", "getPet"), "GET /nowhere"},
		{"another operation", mimustest.AllowBroken("listPets", "getPet", "GET /nowhere"), "POST /pets"},
		{"an unknown id", mimustest.AllowBroken("makePet", "createPet", "getPet", "GET /nowhere"), `no operation "makePet" in Petstore; write an operationId (listPets, createPet`},
	} {
		got := failures(func(ft testing.TB) {
			s := mimustest.Start(ft, petstore, c.opt)
			send(ft, s, "POST", "/pets", `{}`)
			send(ft, s, "GET", "/pets/x", "")
			send(ft, s, "GET", "/nowhere", "")
		})
		if (got == "") != (c.fails == "") || !strings.Contains(got, c.fails) || strings.Count(got, "broke the contract") > 1 {
			t.Errorf("%s: failures %q, want one with %q", c.name, got, c.fails)
		}
	}
}

func TestExpect_CountsCalls(t *testing.T) {
	t.Parallel()
	for times, fails := range map[int]bool{0: true, 1: true, 2: false, 3: true} {
		got := failures(func(ft testing.TB) {
			s := mimustest.Start(ft, petstore)
			s.Expect("listPets", times)
			s.Expect("deletePet", 0)
			s.Expect("GET /pets", 2)
			send(ft, s, "GET", "/pets", "")
			send(ft, s, "GET", "/pets?limit=1", "")
		})
		want := ""
		if fails {
			want = fmt.Sprintf("calls to listPets:\n  - want: %d\n  + got:  2\nall calls: GET /pets (200), GET /pets?limit=1 (200)", times)
		}
		if got != want {
			t.Errorf("two calls, %d expected: %q, want %q", times, got, want)
		}
	}
}

func TestServer_UnknownOperationsFailTheTest(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore)
		s.Expect("lisPets", 0)
		s.CallsTo("listPet")
	})
	if strings.Count(got, "there is no operation") != 2 {
		t.Errorf("a mistyped operationId is taken for one without calls: %q", got)
	}
}

func TestLast_WithoutCallsEndsTheTest(t *testing.T) {
	t.Parallel()
	got := failures(func(ft testing.TB) {
		mimustest.Start(ft, petstore).Last()
		ft.Errorf("the test went on")
	})
	if !strings.Contains(got, "no call was made") || strings.Contains(got, "went on") {
		t.Errorf("got %q", got)
	}
}

// A client that has any of the answer finds its call, whatever else goes on.
func TestCalls_HasACallWhenItsAnswerBegins(t *testing.T) {
	t.Parallel()
	s := mimustest.Start(t, petstore)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 40 {
				query := "offset=" + strconv.Itoa(n*1000+i)
				res, err := http.Get(s.URL + "/pets?" + query)
				if err != nil {
					t.Error(err)
					return
				}
				if !has(s.CallsTo("listPets"), query) {
					t.Errorf("the call with %s has an answer and is not there", query)
				}
				_ = res.Body.Close()
			}
		})
	}
	wg.Wait()
	if got := len(s.Calls()); got != 320 {
		t.Errorf("%d of 320 calls are there", got)
	}
}

func has(calls []mimustest.Call, query string) bool {
	for _, c := range calls {
		if c.RawQuery == query {
			return true
		}
	}
	return false
}

func TestCalls_HasWhatWasExchanged(t *testing.T) {
	t.Parallel()
	s := mimustest.Start(t, petstore)
	send(t, s, "POST", "/v1/pets?__seed=1", `{"name":"Rex","species":"dog"}`, "X-API-Key: k")
	c := s.Last()
	if c.Method != "POST" || c.Path != "/v1/pets" || c.Query.Get("__seed") != "1" || c.Header.Get("X-API-Key") != "k" || string(c.Body) != `{"name":"Rex","species":"dog"}` {
		t.Errorf("the request: %+v", c)
	}
	if c.Status != 201 || c.Operation != "createPet" || c.Route != "/pets" || c.ResponseHeader.Get("Location") != "/v1/pets/4" || !strings.HasPrefix(string(c.ResponseBody), `{"id":4,`) || len(c.Trace) == 0 {
		t.Errorf("the answer: %+v", c)
	}
	s.Calls()[0].Method = "changed"
	if s.Last().Method != "POST" {
		t.Error("the caller's list is the server's own")
	}
}

// A client with a deadline gives up; its call was made all the same, and the
// test doesn't wait for the answer.
func TestCalls_HasACallWhoseClientGaveUp(t *testing.T) {
	t.Parallel()
	start := time.Now()
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore, mimustest.With(mimus.WithDelay(time.Minute, time.Minute)))
		ctx, cancel := context.WithCancel(context.Background())
		req, _ := http.NewRequestWithContext(ctx, "GET", s.URL+"/pets", nil)
		ended := make(chan error, 1)
		go func() {
			_, err := s.Client().Do(req)
			ended <- err
		}()
		arrived(ft, s, 1)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			ft.Errorf("the call ended with %v", err)
		}
		go func() { // still waits for its answer when the test ends
			_, err := http.Post(s.URL+"/pets", "application/json", strings.NewReader(`{"name":"Rex","species":"dog"}`))
			ended <- err
		}()
		arrived(ft, s, 2)
	})
	if took := time.Since(start); got != "" || took > 30*time.Second {
		t.Errorf("after %s: %s", took, got)
	}
}

// arrived lets others run until there are n calls.
func arrived(t testing.TB, s *mimustest.Server, n int) {
	for deadline := time.Now().Add(10 * time.Second); len(s.Calls()) < n; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d calls have arrived", len(s.Calls()), n)
		}
	}
}

func TestStart_AnUnreadableDocumentEndsTheTest(t *testing.T) {
	t.Parallel()
	for _, start := range []func(testing.TB){
		func(ft testing.TB) { mimustest.StartDocument(ft, "openapi: [") },
		func(ft testing.TB) { mimustest.Start(ft, "no/such/file.yaml") },
	} {
		got := failures(func(ft testing.TB) {
			start(ft)
			ft.Errorf("the test went on")
		})
		if !strings.HasPrefix(got, "mimustest: ") || strings.Contains(got, "went on") {
			t.Errorf("got %q", got)
		}
	}
}

func TestStart_ServesUntilTheEndOfTheTest(t *testing.T) {
	t.Parallel()
	var url string
	got := failures(func(ft testing.TB) {
		s := mimustest.Start(ft, petstore)
		url = s.URL
		send(ft, s, "GET", "/pets", "")
	})
	if res, err := http.Get(url + "/pets"); err == nil {
		_ = res.Body.Close()
		t.Error("the server goes on after its test")
	}
	if got != "" {
		t.Error(got)
	}
}
