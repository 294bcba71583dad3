package mimustest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/mimustest"
)

// recorder is a test that writes down how it fails.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	cleanups []func()
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }
func (r *recorder) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }

// end runs the cleanups, as the end of a test does, and gives the failures.
func (r *recorder) end() string {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.errors, "\n")
}

const petstore = "../examples/petstore/openapi.yaml"

func send(t *testing.T, s *mimustest.Server, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestStart_ACallThatBreaksTheContractFailsTheTest(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	s := mimustest.Start(r, petstore)
	send(t, s, "POST", "/pets", `{"name":"Rex","species":"unicorn"}`)
	got := r.end()
	for _, want := range []string{"POST /pets broke the contract of createPet", "body.species", "want: it must be equal to one of the allowed values", `got:  "unicorn"`, "answered with 422"} {
		if !strings.Contains(got, want) {
			t.Errorf("the failure lacks %q:\n%s", want, got)
		}
	}
}

func TestStart_ACallThatNoOperationTakesFailsTheTest(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	s := mimustest.Start(r, petstore)
	send(t, s, "GET", "/petz", "")
	if got := r.end(); !strings.Contains(got, "GET /petz: the contract has no such operation") || !strings.Contains(got, "/pets") {
		t.Errorf("got %q", got)
	}
}

func TestAllowBroken_LetsTheNamedOperationsBreakIt(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]mimustest.Option{
		"all": mimustest.AllowBroken(), "id": mimustest.AllowBroken("createPet"), "path": mimustest.AllowBroken("POST /pets"),
	} {
		r := &recorder{}
		s := mimustest.Start(r, petstore, opt)
		send(t, s, "POST", "/pets", `{}`)
		if got := r.end(); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	r := &recorder{}
	s := mimustest.Start(r, petstore, mimustest.AllowBroken("listPets"))
	send(t, s, "POST", "/pets", `{}`)
	if r.end() == "" {
		t.Error("an operation that wasn't named may break the contract")
	}
}

func TestExpect_CountsCalls(t *testing.T) {
	t.Parallel()
	for times, fails := range map[int]bool{0: true, 1: true, 2: false, 3: true} {
		r := &recorder{}
		s := mimustest.Start(r, petstore)
		s.Expect("listPets", times)
		send(t, s, "GET", "/pets", "")
		send(t, s, "GET", "/pets", "")
		if got := r.end(); (got != "") != fails {
			t.Errorf("two calls, %d expected: %q", times, got)
		}
	}
}

func TestCalls_HasEachCallOnceItsAnswerIsThere(t *testing.T) {
	t.Parallel()
	s := mimustest.Start(t, petstore, mimustest.With(mimus.WithSeed("1")))
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 20 {
				send(t, s, "GET", "/pets/1", "")
			}
		}()
	}
	wg.Wait()
	if got := len(s.CallsTo("getPet")); got != 160 {
		t.Errorf("%d of 160 calls are there", got)
	}
	if got := len(s.CallsTo("GET /pets/{petId}")); got != 160 {
		t.Errorf("%d calls by method and path", got)
	}
}

func TestStart_AnUnreadableDocumentFailsAtOnce(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	mimustest.StartDocument(r, "openapi: [")
	if got := r.end(); !strings.Contains(got, "document:") {
		t.Errorf("got %q", got)
	}
}
