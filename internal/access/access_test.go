package access

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestNewKey_IsWellFormedAndNeverTheSame(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		k := NewKey()
		if !WellFormed(k) || seen[k] {
			t.Fatalf("%s is not well formed, or was made before", k)
		}
		seen[k] = true
	}
}

func TestWellFormed_AMistypedKey_IsTold(t *testing.T) {
	t.Parallel()
	k := NewKey()
	changed := []byte(k)
	changed[10] ^= 1
	for name, bad := range map[string]string{"cut": k[:len(k)-1], "longer": k + "a", "one letter": string(changed), "no prefix": k[len(Prefix):], "empty": ""} {
		if WellFormed(bad) {
			t.Errorf("%s: %q is taken for a key", name, bad)
		}
	}
}

func TestTake_OursIsTakenOut_TheirsStays(t *testing.T) {
	t.Parallel()
	k := NewKey()
	for name, c := range map[string]struct {
		sent, left http.Header
		want       string
	}{
		"x-api-key":       {http.Header{"X-Api-Key": {k}}, http.Header{}, k},
		"x-mimus-key":     {http.Header{"X-Mimus-Key": {k}}, http.Header{}, k},
		"bearer":          {http.Header{"Authorization": {"bearer  " + k}}, http.Header{}, k},
		"theirs":          {http.Header{"X-Api-Key": {"PMAK-1"}, "Authorization": {"Bearer x"}}, http.Header{"X-Api-Key": {"PMAK-1"}, "Authorization": {"Bearer x"}}, ""},
		"both":            {http.Header{"X-Api-Key": {"PMAK-1", k}, "Authorization": {"Basic " + k}}, http.Header{"X-Api-Key": {"PMAK-1"}, "Authorization": {"Basic " + k}}, k},
		"two of ours":     {http.Header{"X-Api-Key": {k}, "X-Mimus-Key": {"mimus_other"}}, http.Header{}, k},
		"broken but ours": {http.Header{"X-Api-Key": {"mimus_broken"}}, http.Header{}, "mimus_broken"},
		"none":            {http.Header{"Accept": {"*/*"}}, http.Header{"Accept": {"*/*"}}, ""},
	} {
		got := Take(c.sent)
		if got != c.want || len(c.sent) != len(c.left) {
			t.Errorf("%s: took %q and left %v, want %q and %v", name, got, c.sent, c.want, c.left)
			continue
		}
		for field, values := range c.left {
			if strings.Join(c.sent[field], "|") != strings.Join(values, "|") {
				t.Errorf("%s: %s is %q, want %q", name, field, c.sent[field], values)
			}
		}
	}
}

// Each case breaks when its rule is taken out of Local.
func TestLocal_WithoutKeys_OnlyThisMachinesOwnClients(t *testing.T) {
	t.Parallel()
	type change func(*http.Request)
	set := func(name, value string) change { return func(r *http.Request) { r.Header.Set(name, value) } }
	host := func(h string) change { return func(r *http.Request) { r.Host = h } }
	asJSON := set("Content-Type", "application/json")
	for name, c := range map[string]struct {
		method string
		with   []change
		want   int // 0: let in
	}{
		"localhost":                {"GET", []change{host("localhost:4010")}, 0},
		"127.0.0.1":                {"GET", []change{host("127.0.0.1:4010")}, 0},
		"[::1]":                    {"GET", []change{host("[::1]:4010")}, 0},
		"in capitals, with a dot":  {"GET", []change{host("LOCALHOST.")}, 0},
		"rebinding":                {"GET", []change{host("evil.example.com:4010")}, 403},
		"a name that looks alike":  {"GET", []change{host("localhost.evil.com")}, 403},
		"another loopback address": {"GET", []change{host("127.0.0.2")}, 403},
		"no host":                  {"GET", []change{host("")}, 403},
		"a foreign origin":         {"GET", []change{set("Origin", "https://evil.example.com")}, 403},
		"a null origin":            {"GET", []change{set("Origin", "null")}, 403},
		"the same origin":          {"GET", []change{set("Origin", "http://localhost:4010")}, 0},
		"another port's origin":    {"GET", []change{set("Origin", "http://localhost:3000")}, 403},
		"another scheme's origin":  {"GET", []change{set("Origin", "https://localhost:4010")}, 403},
		"a cross-site request":     {"GET", []change{set("Sec-Fetch-Site", "cross-site")}, 403},
		"a proxy, Forwarded":       {"GET", []change{set("Forwarded", "for=1.2.3.4")}, 403},
		"a proxy, X-Forwarded-For": {"GET", []change{set("X-Forwarded-For", "1.2.3.4")}, 403},
		"a proxy, Via":             {"GET", []change{set("Via", "1.1 proxy")}, 403},
		"a proxy, X-Real-IP":       {"GET", []change{set("X-Real-IP", "1.2.3.4")}, 403},
		"a proxy, its prefix":      {"GET", []change{set("X-Forwarded-Prefix", "/x")}, 403},
		"a write in JSON":          {"POST", []change{asJSON}, 0},
		"a write in a kind of it":  {"PATCH", []change{set("Content-Type", "application/json-patch+json; charset=utf-8")}, 0},
		"a write as a form":        {"POST", []change{set("Content-Type", "application/x-www-form-urlencoded")}, 415},
		"a write as text":          {"POST", []change{set("Content-Type", "text/plain")}, 415},
		"an upload":                {"POST", []change{set("Content-Type", "multipart/form-data; boundary=x")}, 415},
		"an upload with our field": {"POST", []change{set("Content-Type", "multipart/form-data; boundary=x"), set("X-Mimus-Import", "true")}, 0},
		"a write without a type":   {"POST", nil, 415},
	} {
		body := strings.NewReader("{}")
		r := httptest.NewRequest(c.method, "/mocks", body)
		r.Host = "localhost:4010"
		for _, f := range c.with {
			f(r)
		}
		got := 0
		if refusal := Local(r); refusal != nil {
			got = refusal.Status
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	empty := httptest.NewRequest("POST", "/mocks/1/publish", nil)
	empty.Host = "localhost"
	if refusal := Local(empty); refusal != nil {
		t.Errorf("a write without a body: %v", refusal)
	}
}

func TestFind_WithoutTheStore_KeysAreHonouredForFiveMinutes(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	secret := NewKey()
	err = s.Update(t.Context(), store.Actor{User: 1}, func(tx *store.Tx) error {
		return tx.CreateKey(&store.Key{ID: store.NewID(), Name: "k", Hash: Hash(secret), Scope: "edit"})
	})
	if err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	now, away := since, error(nil)
	k, err := NewKeys(t.Context(), s, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	k.healthy = func() (time.Time, error) { return since, away }
	for _, c := range []struct {
		after time.Duration
		away  error
		want  bool
	}{{0, nil, true}, {time.Hour, nil, true}, {4 * time.Minute, errors.New("away"), true}, {6 * time.Minute, errors.New("away"), false}} {
		now, away = since.Add(c.after), c.away
		if who, ok := k.Find(secret); ok != c.want || ok && (who.Scope != Edit || who.User != 2) {
			t.Errorf("after %s, %v: %v, %v", c.after, c.away, ok, who)
		}
		// Who is not let in only because the store is away is to come again.
		if unsure := k.Unsure(secret); unsure != (c.away != nil && !c.want) {
			t.Errorf("after %s, %v: unsure of a known key: %v", c.after, c.away, unsure)
		}
		if unsure := k.Unsure(NewKey()); unsure != (c.away != nil) || k.Unsure("mimus_mistyped") {
			t.Errorf("after %s, %v: unsure of an unknown key: %v", c.after, c.away, unsure)
		}
	}
}

func TestFlush_ThatFails_IsMadeUpForByTheNext(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	secret, id := NewKey(), store.NewID()
	err = s.Update(t.Context(), store.Actor{User: 1}, func(tx *store.Tx) error {
		return tx.CreateKey(&store.Key{ID: id, Name: "k", Hash: Hash(secret), Scope: "edit"})
	})
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewKeys(t.Context(), s, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	k.Find(secret)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Flush(gone); err == nil {
		t.Fatal("a flush without time for it succeeds")
	}
	if err := k.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if (*k.byHash.Load())[Hash(secret)].Used.IsZero() {
		t.Error("when the key was used was lost with the flush that failed")
	}
}

func TestAccess_May(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who       Access
		scope     Scope
		workspace string
		want      bool
	}{
		"enough":                {Access{Scope: Edit}, View, "w", true},
		"too little":            {Access{Scope: View}, Edit, "w", false},
		"its workspace":         {Access{Scope: Edit, Workspace: "w"}, Edit, "w", true},
		"another workspace":     {Access{Scope: Admin, Workspace: "w"}, View, "v", false},
		"all workspaces":        {Access{Scope: Admin, Workspace: "w"}, Admin, "", false},
		"one mock can't manage": {Access{Scope: Admin, Mock: "m"}, View, "w", false},
		"one mock can call":     {Access{Scope: Call, Mock: "m"}, Call, "w", true},
	} {
		if got := c.who.May(c.scope, c.workspace); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestClear_AKeyInClear_IsToldOnceAMinute(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := &Clear{Log: slog.New(slog.NewTextHandler(&out, nil))}
	now := time.Now()
	call := func(from string, after time.Duration, secure bool) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = from
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		c.Key(r, now.Add(after))
		return strings.Count(out.String(), "sent in clear")
	}
	for _, s := range []struct {
		name, from string
		after      time.Duration
		secure     bool
		want       int
	}{
		{"loopback", "127.0.0.1:1", 0, false, 0}, {"loopback, IPv6", "[::1]:1", 0, false, 0}, {"TLS", "192.0.2.1:1", 0, true, 0},
		{"the network", "192.0.2.1:1", 0, false, 1}, {"again", "192.0.2.1:1", 10 * time.Second, false, 1}, {"later", "192.0.2.1:1", 2 * time.Minute, false, 2},
	} {
		if got := call(s.from, s.after, s.secure); got != s.want {
			t.Errorf("%s: told %d times, want %d", s.name, got, s.want)
		}
	}
}
