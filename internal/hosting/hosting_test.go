package hosting

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/store"
)

const pets = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200": {description: all, content: {application/json: {schema: {type: array}, example: [NAME]}}}
`

const echo = `{"info": {"name": "Echo", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "item": [{"name": "Echo", "request": {"method": "GET", "url": "{{base}}/echo"}, "response": [
   {"id": "e", "name": "echo", "code": 200, "body": "{{where}} {{$headers}}"}]}]}`

// world is a store with mocks that are served.
type world struct {
	t     *testing.T
	store *store.Store
	keys  *access.Keys
	mocks *Mocks
	ring  *calls.Ring
	now   time.Time
	space string
}

func newWorld(t *testing.T, change func(*Config)) *world {
	t.Helper()
	w := &world{t: t, ring: calls.NewRing(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.now }
	var err error
	if w.store, err = store.Open(t.Context(), store.Config{Now: now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	w.update(func(tx *store.Tx) error {
		ws, err := tx.EnsureWorkspace()
		w.space = ws.ID
		return err
	})
	if w.keys, err = access.NewKeys(t.Context(), w.store, now); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Store: w.store, Keys: w.keys, Calls: w.ring, Now: now, Base: func() string { return "http://127.0.0.1:4010" }, Client: http.DefaultClient}
	if change != nil {
		change(&cfg)
	}
	if w.mocks, err = New(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	w.store.OnChange(func(ctx context.Context, changes []store.Change) {
		if err := w.keys.Sync(ctx); err != nil {
			t.Error(err)
		}
		if err := w.mocks.Changed(ctx, changes); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) update(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), store.Actor{User: 1}, f); err != nil {
		w.t.Fatal(err)
	}
}

// spec stores a spec whose list of pets has one name.
func (w *world) spec(name string) string {
	w.t.Helper()
	s := store.Spec{ID: store.NewID(), Workspace: w.space, Name: "Pets", Type: "OPENAPI:3.0"}
	w.update(func(tx *store.Tx) error {
		if err := tx.CreateSpec(&s); err != nil {
			return err
		}
		return tx.CreateSpecFile(&store.SpecFile{ID: store.NewID(), Spec: s.ID, Path: "openapi.yaml", Root: true, Content: []byte(strings.Replace(pets, "NAME", name, 1))})
	})
	return s.ID
}

// edit changes the file of a spec.
func (w *world) edit(spec, from, to string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		f, err := tx.SpecFile(spec, "openapi.yaml")
		if err != nil {
			return err
		}
		f.Content = []byte(strings.ReplaceAll(string(f.Content), from, to))
		if err := tx.UpdateSpecFile(&f); err != nil {
			return err
		}
		s, err := tx.Spec(spec)
		if err != nil {
			return err
		}
		return tx.UpdateSpec(&s)
	})
}

func (w *world) mock(m store.Mock) store.Mock {
	w.t.Helper()
	m.ID, m.Workspace = store.NewID(), w.space
	if m.Config == nil {
		m.Config = []byte("{}")
	}
	w.update(func(tx *store.Tx) error { return tx.CreateMock(&m) })
	return m
}

// get calls an address; header fields are names and values in turn.
func (w *world) get(url string, header ...string) *http.Response {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), "GET", url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	if !w.mocks.Serve(rec, r, r.URL.EscapedPath(), false) {
		rec.WriteHeader(http.StatusTeapot) // not a mock's
	}
	return rec.Result()
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestServe_AMock_IsAtAllOfItsAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Domain = "mocks.example.com" })
	m := w.mock(store.Mock{Slug: "pets", Spec: w.spec("Rex"), Host: "api.pets.test", Prefix: "/shop/v1"})
	for _, url := range []string{
		"http://localhost/m/" + m.ID + "/pets", "http://localhost/m/1-" + m.ID + "/pets", "http://localhost/m/pets/pets",
		"http://pets.mocks.example.com/pets", "http://PETS.mocks.example.com:8080/pets", "http://" + m.ID + ".mocks.example.com/pets",
		"http://api.pets.test:4010/pets", "http://localhost/shop/v1/pets",
	} {
		if res := w.get(url); res.StatusCode != 200 || text(t, res) != `["Rex"]` {
			t.Errorf("%s: %d", url, res.StatusCode)
		}
	}
	for url, want := range map[string]int{
		"http://localhost/m/none/pets": 404, "http://none.mocks.example.com/pets": 404,
		"http://localhost/shop/v2/pets": http.StatusTeapot, "http://localhost/pets": http.StatusTeapot, "http://mocks.example.com/pets": http.StatusTeapot,
	} {
		res := w.get(url)
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", url, res.StatusCode, want)
		}
		if want == 404 && !strings.Contains(text(t, res), `"mockNotFoundError"`) {
			t.Errorf("%s: the error has not Postman's shape", url)
		}
	}
	if got := w.mocks.URL(&m); got != "http://127.0.0.1:4010/shop/v1" {
		t.Errorf("its URL is %s", got)
	}
}

func TestServe_ARootPrefix_TakesWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.mock(store.Mock{Slug: "root", Spec: w.spec("Root"), Prefix: "/"})
	other := w.mock(store.Mock{Slug: "other", Spec: w.spec("Other"), Prefix: "/other"})
	for url, want := range map[string]string{"http://localhost/pets": `["Root"]`, "http://localhost/other/pets": `["Other"]`, "http://localhost/m/other/pets": `["Other"]`} {
		if got := text(t, w.get(url)); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
	w.update(func(tx *store.Tx) error { return tx.DeleteMock(other.ID) })
	if res := w.get("http://localhost/m/other/pets"); res.StatusCode != 404 {
		t.Errorf("a deleted mock answers %d", res.StatusCode)
	}
}

func TestChange_OfASpec_ReachesAllOfItsMocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	spec := w.spec("Rex")
	w.mock(store.Mock{Slug: "a", Spec: spec})
	w.mock(store.Mock{Slug: "b", Spec: spec, Config: []byte(`{"pins": [{"operation": "listPets", "status": 200}]}`)})
	for _, slug := range []string{"a", "b"} {
		if got := text(t, w.get("http://localhost/m/"+slug+"/pets")); got != `["Rex"]` {
			t.Errorf("before: %s", got)
		}
	}
	w.edit(spec, "Rex", "Luna")
	for _, slug := range []string{"a", "b"} {
		if got := text(t, w.get("http://localhost/m/"+slug+"/pets")); got != `["Luna"]` {
			t.Errorf("after: %s", got)
		}
	}
	w.edit(spec, "listPets", "getPets")
	rows := w.rows()
	found, err := w.mocks.Diagnostics(t.Context(), rows["b"])
	if err != nil || len(found) != 1 || found[0].Code != "pin-no-operation" {
		t.Errorf("a pin that no longer fits gives %v, %v", found, err)
	}
}

func TestChange_ASpecThatCanNotBeRead_LeavesWhatWasThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	spec := w.spec("Rex")
	m := w.mock(store.Mock{Slug: "a", Spec: spec})
	w.get("http://localhost/m/a/pets")
	w.edit(spec, "openapi: 3.0.3", "openapi: [")
	for range 2 {
		if res := w.get("http://localhost/m/a/pets"); res.StatusCode != 200 {
			t.Fatalf("the mock answers %d %s", res.StatusCode, text(t, res))
		}
		w.edit(spec, "[Rex]", "[Max]") // still broken
	}
	found, err := w.mocks.Diagnostics(t.Context(), m.ID)
	if err != nil || len(found) == 0 || found[0].Code != "unreadable" {
		t.Errorf("it tells %v, %v", found, err)
	}
	w.edit(spec, "openapi: [", "openapi: 3.0.3")
	if got := text(t, w.get("http://localhost/m/a/pets")); got != `["Max"]` {
		t.Errorf("mended, it answers %s", got)
	}
}

// rows are the ids of the mocks by slug.
func (w *world) rows() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		all, err := tx.MockAddresses()
		for _, a := range all {
			out[a.Slug] = a.ID
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) key(k store.Key) string {
	w.t.Helper()
	secret := access.NewKey()
	k.ID, k.Hash = store.NewID(), access.Hash(secret)
	w.update(func(tx *store.Tx) error { return tx.CreateKey(&k) })
	return secret
}

func TestServe_APrivateMock_TakesAKeyThatMayCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	m := w.mock(store.Mock{Slug: "secret", Spec: w.spec("Rex"), Private: true})
	other := w.mock(store.Mock{Slug: "other", Spec: w.spec("Rex"), Private: true})
	key := w.key(store.Key{Scope: "call"})
	expired := w.key(store.Key{Scope: "admin", Expires: w.now.Add(-time.Second)})
	one := w.key(store.Key{Scope: "call", Mock: m.ID})
	const url = "http://localhost/m/secret/pets"
	for name, header := range map[string][]string{
		"none": nil, "another's": {"X-Api-Key", "PMAK-1"}, "a wrong one": {"X-Api-Key", access.NewKey()}, "an expired one": {"X-Api-Key", expired},
	} {
		res := w.get(url, header...)
		if body := text(t, res); res.StatusCode != 401 || !strings.Contains(body, `"invalidCredentialsError"`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
	refused, err := listed(w.ring.List(t.Context(), calls.Filter{Mocks: []string{m.ID}, Type: calls.Error, Status: 401, Limit: 10}))
	if err != nil || len(refused) != 4 || refused[0].Path != "/pets" {
		t.Errorf("the log has %d refused calls, %v; want 4", len(refused), err)
	}
	for name, header := range map[string][]string{
		"x-api-key": {"X-Api-Key", key}, "bearer": {"Authorization", "Bearer " + key}, "x-mimus-key": {"X-Mimus-Key", key}, "of this mock": {"X-Api-Key", one},
	} {
		if res := w.get(url, header...); res.StatusCode != 200 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res := w.get("http://localhost/m/"+other.Slug+"/pets", "X-Api-Key", one); res.StatusCode != 401 {
		t.Errorf("a key for one mock opens another: %d", res.StatusCode)
	}
}

func TestServe_OurKey_ReachesNeitherTheMockNorTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := store.Collection{ID: store.NewID(), Workspace: w.space, Name: "Echo", Body: []byte(echo)}
	e := store.Environment{ID: store.NewID(), Workspace: w.space, Name: "E", Body: []byte(`{"name":"E","values":[{"key":"where","value":"there","enabled":true}]}`)}
	w.update(func(tx *store.Tx) error {
		if err := tx.CreateCollection(&c); err != nil {
			return err
		}
		return tx.CreateEnvironment(&e)
	})
	m := w.mock(store.Mock{Slug: "echo", Collection: c.ID, Environment: e.ID})
	key := w.key(store.Key{Scope: "call"})
	got := text(t, w.get("http://localhost/m/echo/echo", "X-Api-Key", key, "Authorization", "Bearer theirs"))
	if strings.Contains(got, "mimus_") || !strings.Contains(got, "Bearer theirs") || !strings.HasPrefix(got, "there ") {
		t.Errorf("the mock saw %s", got)
	}
	list, err := listed(w.ring.List(t.Context(), calls.Filter{Mocks: []string{m.ID}, Limit: 1}))
	if err != nil || len(list) != 1 || list[0].Name != "echo" || list[0].Type != calls.Success {
		t.Fatalf("the log has %v, %v", list, err)
	}
	if all := fmt.Sprint(*list[0]); strings.Contains(all, "mimus_") {
		t.Errorf("the log keeps a key: %s", all)
	}
	if sent := fmt.Sprint(list[0].Request); strings.Contains(sent, "theirs") {
		t.Errorf("the log keeps a credential: %s", sent)
	}
	w.update(func(tx *store.Tx) error { return tx.DeleteEnvironment(e.ID) })
	res := w.get("http://localhost/m/echo/echo")
	if body := text(t, res); res.StatusCode != 403 || !strings.Contains(body, `"mockDeactivatedError"`) {
		t.Errorf("without its environment the mock answers %d %s", res.StatusCode, body)
	}
}

func TestServe_RateLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.mock(store.Mock{Slug: "slow", Spec: w.spec("Rex"), Config: []byte(`{"rateLimit": {"requests": 2, "per": "minute"}}`)})
	var got []int
	var last *http.Response
	for range 3 {
		last = w.get("http://localhost/m/slow/pets")
		got = append(got, last.StatusCode)
	}
	if fmt.Sprint(got) != "[200 200 429]" || last.Header.Get("Retry-After") != "30" || last.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("statuses %v, fields %v", got, last.Header)
	}
	if !strings.Contains(text(t, last), `"rateLimitError"`) {
		t.Error("the error has not Postman's shape")
	}
	w.now = w.now.Add(31 * time.Second)
	if res := w.get("http://localhost/m/slow/pets"); res.StatusCode != 200 {
		t.Errorf("half a minute later: %d", res.StatusCode)
	}
}

func TestServe_AnAnswer_HasNoRightsOnTheOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.mock(store.Mock{Slug: "pets", Spec: w.spec("Rex")})
	var got []string
	for name, values := range w.get("http://localhost/m/pets/pets").Header { // in lower case, as on a connection
		if strings.EqualFold(name, "Content-Security-Policy") {
			got = append(got, values...)
		}
	}
	if len(got) != 1 || got[0] != "sandbox allow-scripts allow-forms" {
		t.Errorf("Content-Security-Policy is %q", got)
	}
}

func TestSweep_DropsWhatIsNotCalled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	spec := w.spec("Rex")
	for _, slug := range []string{"a", "b"} {
		w.mock(store.Mock{Slug: slug, Spec: spec, Config: []byte(`{"pins":[{"operation":"listPets","status":404,"times":1}]}`)})
		w.get("http://localhost/m/" + slug + "/pets")
	}
	w.now = w.now.Add(10 * time.Minute)
	w.get("http://localhost/m/b/pets")
	w.now = w.now.Add(10 * time.Minute)
	w.mocks.Sweep()
	if n := w.mocks.Compiled(); n != 1 {
		t.Errorf("%d mocks are compiled, want 1", n)
	}
	if len(w.mocks.definitions.byKey) != 1 {
		t.Errorf("%d definitions are kept, want the one that is used", len(w.mocks.definitions.byKey))
	}
	if res := w.get("http://localhost/m/a/pets"); res.StatusCode != 200 {
		t.Errorf("a pin that was spent before the mock was dropped answers again: %d", res.StatusCode)
	}
}

func TestCheckSlug(t *testing.T) {
	t.Parallel()
	for slug, ok := range map[string]bool{
		"pets": true, "a": true, "a-1": true, strings.Repeat("a", 63): true,
		"": false, "-a": false, "a-": false, "A": false, "a.b": false, "a_b": false, "ä": false, strings.Repeat("a", 64): false,
		"6634a1a0-2050-4971-9f4f-f6847e98ced6": false, "1-6634a1a0-2050-4971-9f4f-f6847e98ced6": false,
	} {
		if err := CheckSlug(slug); (err == nil) != ok {
			t.Errorf("%q: %v", slug, err)
		}
	}
}

func TestCleanPrefix(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"/": "/", "/pets": "/pets", "/pets/v1/": "/pets/v1",
		"pets": "", "": "", "/_mimus": "", "/_mimus/x": "", "/_MIMUS": "", "/m": "", "/m/x": "", "/../a": "", "/a/../b": "", "/a//b": "", "/a b": "", "/a%2f": "", "/a?b": "",
	} {
		got, err := CleanPrefix(prefix)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", prefix, got, err)
		}
	}
}

func TestCheckHost_NeverOneOfTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) {
		c.Domain, c.AdminHost = "mocks.example.com", "admin.example.com"
		c.Base = func() string { return "https://www.example.com:8443/x" }
	})
	for host, want := range map[string]string{
		"Pets.Example.com": "pets.example.com", "pets.example.com.": "pets.example.com",
		"localhost": "", "127.0.0.1": "", "[::1]": "", "::1": "", "a.mocks.example.com": "", "mocks.example.com": "", "admin.example.com": "",
		"www.example.com": "", "a:80": "", "a/b": "", "a b": "", "": "", "-a.com": "",
		"127.1": "", "2130706433": "", "0x7f.1": "", "0x": "", "127.0.0.1.": "", "v1.0x.example.com": "v1.0x.example.com", "1.example.com": "1.example.com",
	} {
		if got, err := w.mocks.CheckHost(host); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", host, got, err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := &Mocks{domain: ".mocks.example.com", live: map[*entry]struct{}{}}
			m.prefix.Store(&map[string]*entry{})
			for i := range n {
				m.place(store.MockAddress{ID: store.NewID(), Slug: fmt.Sprintf("mock-%d", i)})
			}
			b.ReportAllocs()
			for b.Loop() {
				if e, _, _ := m.find("localhost:4010", "/m/mock-5/pets/1"); e == nil {
					b.Fatal("not found")
				}
			}
		})
	}
}

func listed(p calls.Page, err error) ([]*calls.Entry, error) { return p.Calls, err }
