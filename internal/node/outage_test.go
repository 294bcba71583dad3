package node

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

// waitMost bounds what a test waits for on a machine that is busy.
const waitMost = 15 * time.Second

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

// outage is two nodes on one database, of which the first reaches it by a proxy.
type outage struct {
	*proxy
	a, b       *Node
	log        *lines
	collection string       // its uid; the mocks pets, hidden (private) and cold are made of it
	secret     string       // of a key that may do everything
	ahead      atomic.Int64 // of the first node's clock
}

func newOutage(t *testing.T) *outage {
	t.Helper()
	p, direct, proxied := throughProxy(t)
	o := &outage{proxy: p, log: &lines{}}
	o.a = open(t, Config{
		Location: proxied, Log: slog.New(slog.NewTextHandler(o.log, nil)), Now: func() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) },
	})
	o.b = open(t, Config{Location: direct})
	must := func(path, body, key string) string {
		t.Helper()
		status, answer := ask(o.a, "POST", path, body, key)
		if status >= 300 {
			t.Fatalf("%s: %d %s", path, status, answer)
		}
		return answer
	}
	o.collection = between(must("/_mimus/api/collections", fmt.Sprintf(pets, "Rex"), ""), `"uid":"`, `"`)
	for _, slug := range []string{"pets", "hidden", "cold"} {
		must("/_mimus/api/mocks", fmt.Sprintf(`{"mock": {"collection": %q, "slug": %q, "private": %v}}`, o.collection, slug, slug == "hidden"), "")
	}
	o.secret = between(must("/_mimus/api/keys", `{"key": {"name": "k", "scope": "admin"}}`, ""), `"key":"`, `"`)
	for _, slug := range []string{"pets", "hidden"} {
		if status, answer := ask(o.a, "GET", "/m/"+slug+"/pets", "", o.secret); status != 200 {
			t.Fatalf("%s answers %d %s", slug, status, answer)
		}
	}
	within(t, waitMost, "the key on the other node", func() bool { status, _ := ask(o.b, "GET", "/_mimus/api/me", "", o.secret); return status == 200 })
	return o
}

// each runs a test with each way to lose a database.
func each(t *testing.T, test func(t *testing.T, o *outage, lose mode)) {
	t.Helper()
	for name, lose := range map[string]mode{"cut": cut, "hang": hang} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newOutage(t), lose)
		})
	}
}

// inTime checks that something took no longer than it may.
func inTime(t *testing.T, what string, most time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > most {
		t.Errorf("%s took %s, want at most %s", what, took, most)
	}
}

func TestOutage_MocksAnswerOn_AndTheManagementSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		o.set(lose)
		inTime(t, "500 calls of compiled mocks", time.Second, func() {
			for range 250 {
				for _, slug := range []string{"pets", "hidden"} {
					if status, answer := ask(o.a, "GET", "/m/"+slug+"/pets", "", o.secret); status != 200 || answer != "Rex" {
						t.Fatalf("%s answers %d %s", slug, status, answer)
					}
				}
			}
		})
		for _, c := range [][3]string{{"GET", "/_mimus/api/mocks", ""}, {"POST", "/_mimus/api/workspaces", `{"workspace": {"name": "w", "type": "team"}}`}, {"GET", "/_mimus/api/specs/" + store.NewID(), ""}} {
			inTime(t, c[0]+" "+c[1], 4*time.Second, func() {
				r := httptest.NewRequest(c[0], "http://localhost"+c[1], strings.NewReader(c[2]))
				r.Header.Set("X-Api-Key", o.secret)
				w := httptest.NewRecorder()
				o.a.ServeHTTP(w, r)
				if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "storeUnavailableError") {
					t.Errorf("%s %s answers %d %s", c[0], c[1], w.Code, w.Body)
				}
			})
		}
		away(t, o.a.store)
		for name, c := range map[string]struct {
			key  string
			want int
		}{"unknown": {access.NewKey(), 503}, "mistyped": {access.NewKey() + "x", 401}} {
			if status, answer := ask(o.a, "GET", "/_mimus/api/me", "", c.key); status != c.want {
				t.Errorf("the management answers an %s key with %d %s, want %d", name, status, answer, c.want)
			}
			if status, answer := ask(o.a, "GET", "/m/hidden/pets", "", c.key); status != c.want {
				t.Errorf("a private mock answers an %s key with %d %s, want %d", name, status, answer, c.want)
			}
		}

		o.set(pass)
		within(t, waitMost, "the management", func() bool { status, _ := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret); return status == 200 })
		within(t, waitMost, "a mock that was not compiled", func() bool { _, answer := ask(o.a, "GET", "/m/cold/pets", "", ""); return answer == "Rex" })
	})
}

func TestOutage_ManyCallsOfAMockThatIsNotCompiled_FailSoon(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		o.set(lose)
		inTime(t, "200 calls at once", 5*time.Second, func() {
			var wg sync.WaitGroup
			for range 200 {
				wg.Go(func() {
					w := httptest.NewRecorder()
					o.a.Mocks().Serve(w, httptest.NewRequest("GET", "http://localhost/m/cold/pets", nil), "/m/cold/pets", false)
					if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "mockUnavailableError") {
						t.Errorf("it answers %d %s", w.Code, w.Body)
					}
				})
			}
			wg.Wait()
		})
		if n := o.log.count("could not be built"); n > 0 {
			t.Errorf("the log has %d lines of it; that the store is away is told once", n)
		}
	})
}

func TestOutage_AChangeThatCanNotBeRead_IsServedWhenItCan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		o.set(lose)
		away(t, o.a.store)
		if status, answer := ask(o.b, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, "Luna"), o.secret); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		_, id, _ := strings.Cut(o.collection, "-")
		o.a.changed(t.Context(), []store.Change{{Kind: store.KindCollection, ID: id}}, false)
		if o.a.mocks.Compiled() > 0 {
			t.Fatal("the mock is compiled; the test is to show what it does when it is not")
		}
		for range 3 {
			if status, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); answer != "Rex" {
				t.Errorf("the mock answers %d %s, want what it answered before", status, answer)
			}
		}
		o.set(pass)
		within(t, waitMost, "the change", func() bool { _, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); return answer == "Luna" })
	})
}

func TestOutage_ANodesOwnChangeThatItCanNotFollow_IsFollowedLater(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	o.set(cut)
	away(t, o.a.store)
	// The watch takes it for one that was followed.
	o.a.mu.Lock()
	seq, err := o.b.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.a.own[seq+1] = true
	o.a.mu.Unlock()
	status, made := ask(o.b, "POST", "/_mimus/api/mocks", fmt.Sprintf(`{"mock": {"collection": %q, "slug": "new"}}`, o.collection), o.secret)
	if status != 200 {
		t.Fatalf("%d %s", status, made)
	}
	o.a.changed(t.Context(), []store.Change{{Seq: seq + 1, Kind: store.KindMock, ID: between(made, `"id":"`, `"`)}}, false)
	o.set(pass)
	within(t, waitMost, "the new mock", func() bool { _, answer := ask(o.a, "GET", "/m/new/pets", "", ""); return answer == "Rex" })
}

func TestOutage_AfterIt_ChangesOfOthersAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		for round, name := range []string{"Luna", "Milo"} {
			o.set(lose)
			within(t, waitMost, "the line that the store is away", func() bool { return o.log.count("the store is out of reach") == round+1 })
			o.set(pass)
			within(t, waitMost, "the line that the store is back", func() bool { return o.log.count("the store is back") == round+1 })
			ask(o.b, "PUT", "/_mimus/api/collections/"+o.collection, fmt.Sprintf(pets, name), o.secret)
			within(t, 2*time.Second, "a change", func() bool { _, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); return answer == name })
		}
		for _, line := range []string{"changes could not be followed", "something that is due could not be done", "a mock could not be built"} {
			if n := o.log.count(line); n > 0 {
				t.Errorf("the log has %d lines that %s; that the store is away is told once", n, line)
			}
		}
	})
}

func TestOutage_ANodeEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		o.set(lose)
		ask(o.a, "GET", "/m/pets/pets", "", "")
		inTime(t, "Close", 10*time.Second, func() { _ = o.a.Close() })
	})
}

func TestOutage_Sweep_ThrowsNothingAway(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	before := o.a.mocks.Compiled()
	o.set(cut)
	away(t, o.a.store)
	o.ahead.Store(int64(time.Hour))
	o.a.mocks.Sweep()
	if after := o.a.mocks.Compiled(); after != before || after == 0 {
		t.Errorf("%d mocks are compiled after a sweep, %d before", after, before)
	}
}

func TestOutage_KnownKeys_AreHonouredForFiveMinutes(t *testing.T) {
	t.Parallel()
	o := newOutage(t)
	o.set(cut)
	away(t, o.a.store)
	for _, c := range []struct {
		ahead time.Duration
		want  int
	}{{0, 200}, {4 * time.Minute, 200}, {6 * time.Minute, 503}} {
		o.ahead.Store(int64(c.ahead))
		if status, answer := ask(o.a, "GET", "/m/hidden/pets", "", o.secret); status != c.want {
			t.Errorf("after %s a private mock answers %d %s, want %d", c.ahead, status, answer, c.want)
		}
		if status, answer := ask(o.a, "GET", "/m/pets/pets", "", ""); status != 200 {
			t.Errorf("after %s a mock that is not private answers %d %s", c.ahead, status, answer)
		}
		if status, answer := ask(o.a, "GET", "/_mimus/api/mocks", "", o.secret); status != 503 {
			t.Errorf("after %s the management answers %d %s, want 503", c.ahead, status, answer)
		}
	}
	o.set(pass)
	within(t, waitMost, "the key", func() bool { status, _ := ask(o.a, "GET", "/m/hidden/pets", "", o.secret); return status == 200 })
}

func TestOutage_WhatIsOnItsWay_Ends(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *outage, lose mode) {
		inTime(t, "a change that had begun", 10*time.Second, func() {
			err := o.a.store.Update(t.Context(), store.Actor{}, func(tx *store.Tx) error {
				o.set(lose)
				return tx.SetValue("name", "value")
			})
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("Update gives %v, want ErrUnavailable", err)
			}
		})
	})
}
