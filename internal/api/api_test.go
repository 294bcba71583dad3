package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// client calls the API of a test.
type client struct {
	t     *testing.T
	url   string
	store *store.Store
	api   *API
	keys  *access.Keys
	key   string
}

// start serves the API over a store in memory.
func start(t *testing.T) *client {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Update(t.Context(), store.Actor{User: 1}, func(tx *store.Tx) error { _, err := tx.EnsureWorkspace(); return err }); err != nil {
		t.Fatal(err)
	}
	keys, err := access.NewKeys(t.Context(), s, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ring := calls.NewRing()
	mocks, err := hosting.New(t.Context(), hosting.Config{
		Store: s, Keys: keys, Calls: ring, Base: func() string { return "http://127.0.0.1:4010" }, Client: http.DefaultClient,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.OnChange(func(ctx context.Context, changes []store.Change) {
		if err := keys.Sync(ctx); err != nil {
			t.Error(err)
		}
		if err := mocks.Changed(ctx, changes); err != nil {
			t.Error(err)
		}
	})
	a := New(Config{Store: s, Keys: keys, Mocks: mocks, Calls: ring, Version: "test"})
	srv := httptest.NewServer(a)
	t.Cleanup(srv.Close)
	return &client{t: t, url: srv.URL, store: s, api: a, keys: keys}
}

// answer is what the API answered.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do calls the API; a body that is no text is sent as JSON.
func (c *client) do(method, path string, body any, header ...string) answer {
	c.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, r)
	if err != nil {
		c.t.Fatal(err)
	}
	if r != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		req.Header.Set("X-Api-Key", c.key)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{c.t, res.StatusCode, res.Header, data}
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// at is the value at a path of members and indices, nil where there is none.
func (a answer) at(path ...any) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("the answer is no JSON: %v: %s", err, a.body)
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// text is a text at a path; it must be there.
func (a answer) text(path ...any) string {
	a.t.Helper()
	s, ok := a.at(path...).(string)
	if !ok {
		a.t.Fatalf("there is no text at %v: %s", path, a.body)
	}
	return s
}

// shared is a file of the reference, for tests that need it.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("MIMUS_SHARED")
	if root == "" {
		t.Skip("MIMUS_SHARED is not set: the reference is not there")
	}
	return filepath.Join(root, name)
}

func TestMe_WithoutKeys_IsTheLocalUser(t *testing.T) {
	t.Parallel()
	c := start(t)
	if id := c.do("GET", "/me", nil).want(200).at("user", "id"); id != 1.0 {
		t.Errorf("the user's id is %v, want 1", id)
	}
}

func TestUnknownPath_IsNotFound(t *testing.T) {
	t.Parallel()
	if name := start(t).do("GET", "/nothing", nil).want(404).text("error", "name"); name != "notFound" {
		t.Errorf("the error's name is %q", name)
	}
}

func TestFail_OfTheStore_SaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{store.ErrUnavailable, "Try again"},
		{errors.Join(store.ErrUnavailable, store.ErrInDoubt), "it is not known whether"},
		{fmt.Errorf("the disk: %w", store.ErrFull), "nothing of this change was stored"},
	} {
		for _, r := range []*route{{jsonErrors: "503"}, {}} {
			w := httptest.NewRecorder()
			(&call{Request: httptest.NewRequest("PUT", "/", nil), w: w, api: New(Config{}), route: r}).fail(c.err)
			if w.Code != 503 || w.Header().Get("Retry-After") != "5" || !strings.Contains(w.Body.String(), "storeUnavailableError") || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%v answers %d %v %s, want that %q", c.err, w.Code, w.Header(), w.Body, c.want)
			}
		}
	}
}
