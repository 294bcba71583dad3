package node

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// hold opens transactions that read, all at once, until they are let go.
func (o *outage) hold(t *testing.T, n int) (letGo func() []error) {
	t.Helper()
	var wg, all sync.WaitGroup
	all.Add(n)
	end := make(chan struct{})
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			errs[i] = o.a.store.View(t.Context(), func(tx *store.Tx) error {
				all.Done()
				<-end
				_, err := tx.Value("name")
				return err
			})
		})
	}
	all.Wait()
	return func() []error {
		close(end)
		wg.Wait()
		return errs
	}
}

func TestOutage_ConnectionsThatDiedWithoutAWord_AreReplaced(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	o.hold(t, 16)() // leaves as many connections as are kept
	o.set(lose)
	before := o.lost.Load()
	within(t, waitMost, "that a node has asked twice", func() bool { return o.lost.Load() >= before+2 })
	o.set(pass)
	inTime(t, "the first call after it", 3*time.Second, func() {
		if status, answer := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret); status != 200 {
			t.Errorf("the first call after it answers %d %s", status, answer)
		}
	})
	if status, answer := ask(o.b, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, "Luna"), o.secret); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	within(t, 2*time.Second, "a change of another node", func() bool { _, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); return answer == "Luna" })
}

func TestOutage_ABusyNode_HasNone(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	start := time.Now()
	letGo := o.hold(t, 16)
	within(t, waitMost, "looks for changes while all connections are in use", func() bool {
		since, err := o.a.store.Healthy()
		if err != nil {
			t.Fatalf("the store is taken for out of reach: %v", err)
		}
		return since.Sub(start) > 4*time.Second // as long as it takes to tell a database that hangs
	})
	if r := o.a.readiness(t.Context()); !r.Ready {
		t.Errorf("it is not ready: %s", r.Reason)
	}
	if status, answer := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret); status != 503 {
		t.Errorf("with no connection free the management answers %d %s", status, answer)
	}
	for _, err := range letGo() {
		if err != nil {
			t.Errorf("a transaction that takes long was broken off: %v", err)
		}
	}
	if status, answer := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret); status != 200 {
		t.Errorf("after it the management answers %d %s", status, answer)
	}
	if n := o.log.count("out of reach"); n > 0 {
		t.Errorf("the log says %d times that the store is out of reach", n)
	}
}

func TestOutage_AMockThatIsNotCompiled_IsRefusedSoon(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		o.set(lose)
		inTime(t, "a mock that is not compiled", 2500*time.Millisecond, func() {
			w := httptest.NewRecorder()
			o.a.Mocks().Serve(w, httptest.NewRequest("GET", "http://localhost/m/cold/pets", nil), "/m/cold/pets", false)
			if w.Code != 503 || w.Header().Get("Retry-After") == "" {
				t.Errorf("it answers %d %s", w.Code, w.Body)
			}
		})
	})
}

func TestOutage_ContractsAndRateLimits_GoOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		const contract = `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "d",` +
			` "content": {"application/json": {"schema": {"type": "object", "required": ["n"], "properties": {"n": {"const": 7}}}}}}}}}}}`
		body, _ := json.Marshal(map[string]any{"name": "T", "type": "OPENAPI:3.1", "files": []map[string]string{{"path": "index.json", "type": "ROOT", "content": contract}}})
		status, answer := ask(o.a, "POST", "/_mimus/api/specs", string(body), o.secret)
		spec := between(answer, `"id":"`, `"`)
		if spec == "" {
			t.Fatalf("%d %s", status, answer)
		}
		if status, answer := ask(o.a, "POST", "/_mimus/api/mocks", `{"mock": {"name": "T", "spec": "`+spec+`", "slug": "contract", "config": {"rateLimit": {"requests": 3, "per": "hour"}}}}`, o.secret); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		for i, want := range []int{200, 200, 200, 429} {
			if i == 1 {
				o.set(lose)
				away(t, o.a.store)
			}
			if status, answer := ask(o.a, "GET", "/m/contract/a", "", ""); status != want || status == 200 && !strings.Contains(answer, "7") {
				t.Errorf("call %d answers %d %s, want %d", i+1, status, answer, want)
			}
		}
	})
}

func TestOutage_EveryOperation_SaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		_, text := ask(o.a, "GET", "/_mimus/api/openapi.json", "", o.secret)
		var doc struct {
			Paths map[string]map[string]json.RawMessage `json:"paths"`
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil || len(doc.Paths) < 50 {
			t.Fatalf("%d paths, %v", len(doc.Paths), err)
		}
		o.set(lose)
		away(t, o.a.store)
		parameter, refused := regexp.MustCompile(`\{[^}]*\}`), 0
		for template, operations := range doc.Paths {
			if strings.HasSuffix(template, "/stream") || strings.HasPrefix(template, "/openapi.") || strings.HasPrefix(template, "/context/instructions") {
				continue // they need no store, or wait for calls
			}
			path := "/_mimus/api" + parameter.ReplaceAllString(template, store.NewID())
			for method := range operations {
				method, body := strings.ToUpper(method), ""
				switch method {
				case "POST", "PUT", "PATCH":
					body = "{}"
				case "GET", "DELETE":
				default:
					continue // no operation
				}
				inTime(t, method+" "+path, 4*time.Second, func() {
					status, answer := ask(o.a, method, path, body, o.secret)
					switch {
					case status == 503 && strings.Contains(answer, "storeUnavailableError"):
						refused++
					case status < 400 || status == 500 || status == 503:
						t.Errorf("%s %s answers %d %s", method, template, status, answer)
					}
				})
			}
		}
		if refused < 80 {
			t.Errorf("%d operations say that the store is out of reach; most need it", refused)
		}
	})
}

func TestSlow_ADatabaseFarAway_IsNotOutOfReach(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	o.set(slow)
	for _, name := range []string{"Luna", strings.Repeat("x", 1<<20), "Milo"} {
		if status, answer := ask(o.a, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, name), o.secret); status != 200 {
			t.Fatalf("%d %.200s", status, answer)
		}
		if status, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); answer != name {
			t.Errorf("it answers %d %.200s", status, answer)
		}
	}
	if status, answer := ask(o.b, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, "Rex"), o.secret); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	within(t, waitMost, "a change of another node", func() bool { _, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); return answer == "Rex" })
	if n := o.log.count("out of reach"); n > 0 {
		t.Errorf("the log says %d times that the store is out of reach", n)
	}
}
