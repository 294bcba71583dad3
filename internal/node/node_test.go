package node

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/outbound"
	"github.com/mimus-dev/mimus/internal/store"
)

// engines runs a test on SQLite and, where there is one, on PostgreSQL.
func engines(t *testing.T, test func(t *testing.T, location string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, t.TempDir())
	})
	base := os.Getenv("MIMUS_TEST_POSTGRES")
	if base == "" {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, schemaOf(t, base))
	})
}

// schemaOf makes a schema that a test has to itself.
func schemaOf(t *testing.T, base string) (location string) {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	name := "mimus_test_" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.Background(), `DROP SCHEMA `+name+` CASCADE`)
		_ = db.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t *testing.T, cfg Config) *Node {
	t.Helper()
	out, err := outbound.New(outbound.Rules{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Outbound, cfg.Base = out, func() string { return "http://127.0.0.1:4010" }
	n, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	n.Start(t.Context())
	t.Cleanup(func() { _ = n.Close() })
	return n
}

// ask calls a node: its management, or a mock.
func ask(n *Node, method, path, body, key string) (int, string) {
	var r *http.Request
	if body == "" {
		r = httptest.NewRequest(method, "http://localhost"+path, nil)
	} else {
		r = httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("X-Api-Key", key)
	}
	w := httptest.NewRecorder()
	if strings.HasPrefix(path, "/_mimus") {
		n.ServeHTTP(w, r)
	} else if !n.Mocks().Serve(w, r, r.URL.EscapedPath(), false) {
		return 0, ""
	}
	answer, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(answer)
}

// within waits for something that another node does.
func within(t *testing.T, d time.Duration, what string, done func() bool) {
	t.Helper()
	end := time.NewTimer(d)
	defer end.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-end.C:
			t.Fatalf("%s: not within %s", what, d)
		case <-look.C:
		}
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

const pets = `{"collection": {"info": {"name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "item": [{"name": "List", "request": {"method": "GET", "url": "/pets"}, "response": [{"name": "all", "code": 200, "body": "%s"}]}]}}`

func TestNodes_AChangeOnOne_IsServedByTheOther(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, location string) {
		a, b := open(t, Config{Location: location}), open(t, Config{Location: location})
		_, made := ask(a, "POST", "/_mimus/api/collections", fmt.Sprintf(pets, "Rex"), "")
		id := between(made, `"uid":"`, `"`)
		if status, answer := ask(a, "POST", "/_mimus/api/mocks", `{"mock": {"collection": "`+id+`", "slug": "pets"}}`, ""); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		if status, answer := ask(a, "GET", "/m/pets/pets", "", ""); answer != "Rex" {
			t.Errorf("the node that made it answers %d %s", status, answer)
		}
		within(t, time.Second, "a new mock", func() bool { _, answer := ask(b, "GET", "/m/pets/pets", "", ""); return answer == "Rex" })
		if status, answer := ask(b, "PUT", "/_mimus/api/collections/"+id, fmt.Sprintf(pets, "Luna"), ""); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		if _, answer := ask(b, "GET", "/m/pets/pets", "", ""); answer != "Luna" {
			t.Errorf("the node that changed it answers %s", answer)
		}
		within(t, time.Second, "a change", func() bool { _, answer := ask(a, "GET", "/m/pets/pets", "", ""); return answer == "Luna" })

		_, key := ask(a, "POST", "/_mimus/api/keys", `{"key": {"name": "k", "scope": "edit"}}`, "")
		secret, keyID := between(key, `"key":"`, `"`), between(key, `"id":"`, `"`)
		if !access.WellFormed(secret) {
			t.Fatalf("the key is %s", key)
		}
		within(t, time.Second, "a new key", func() bool { status, _ := ask(b, "GET", "/_mimus/api/me", "", secret); return status == 200 })
		ask(a, "DELETE", "/_mimus/api/keys/"+keyID, "", "")
		within(t, time.Second, "a revoked key", func() bool { status, _ := ask(b, "GET", "/_mimus/api/me", "", secret); return status == 401 })
	})
}

func TestNode_StartedAgain_HasWhatItHad(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, location string) {
		first := open(t, Config{Location: location})
		_, made := ask(first, "POST", "/_mimus/api/collections", fmt.Sprintf(pets, "Rex"), "")
		_, mock := ask(first, "POST", "/_mimus/api/mocks", `{"mock": {"collection": "`+between(made, `"uid":"`, `"`)+`", "slug": "pets"}}`, "")
		ask(first, "GET", "/m/pets/pets", "", "")
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		second := open(t, Config{Location: location})
		if _, answer := ask(second, "GET", "/m/pets/pets", "", ""); answer != "Rex" {
			t.Errorf("the mock answers %s", answer)
		}
		_, log := ask(second, "GET", "/_mimus/api/mocks/"+between(mock, `"id":"`, `"`)+"/call-logs", "", "")
		if n := strings.Count(log, `"responseName":"all"`); n != 2 {
			t.Errorf("the log has %d calls, want 2: %s", n, log)
		}
	})
}

func TestFirstKey_IsMadeOnce(t *testing.T) {
	t.Parallel()
	location := t.TempDir()
	n := open(t, Config{Location: location, NeedKey: true})
	if status, _ := ask(n, "GET", "/_mimus/api/me", "", ""); status != 401 {
		t.Errorf("without a key: %d", status)
	}
	secret, err := n.FirstKey(t.Context())
	if err != nil || !access.WellFormed(secret) {
		t.Fatalf("the first key is %q, %v", secret, err)
	}
	if again, err := n.FirstKey(t.Context()); again != "" || err != nil {
		t.Errorf("a second first key: %q, %v", again, err)
	}
	if status, answer := ask(n, "GET", "/_mimus/api/keys", "", secret); status != 200 {
		t.Errorf("with it: %d %s", status, answer)
	}
	if status, _ := ask(n, "GET", "/_mimus/metrics", "", ""); status != 401 {
		t.Errorf("metrics without a key: %d", status)
	}
	if status, answer := ask(n, "GET", "/_mimus/ready", "", ""); status != 200 || !strings.Contains(answer, `"ready":true`) {
		t.Errorf("ready: %d %s", status, answer)
	}
}

func TestReady_WithoutTheStore_SaysWhy(t *testing.T) {
	t.Parallel()
	n := open(t, Config{Calls: calls.NewRing()})
	if err := n.store.Close(); err != nil {
		t.Fatal(err)
	}
	if status, answer := ask(n, "GET", "/_mimus/ready", "", ""); status != 503 || !strings.Contains(answer, "the store can't be reached") {
		t.Errorf("ready: %d %s", status, answer)
	}
}
