package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// target is a server on loopback that counts its calls. It answers /redirect/3
// with a redirect to /redirect/2, and so on to /redirect/0.
type target struct {
	*httptest.Server
	calls atomic.Int32
}

func newTarget(t *testing.T) *target {
	t.Helper()
	s := &target{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.Add(1)
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		if n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/redirect/")); n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/redirect/%d", n-1), http.StatusFound)
			return
		}
		fmt.Fprintf(w, "key=%s referer=%s", r.Header.Get("X-Api-Key")+r.Header.Get("Authorization"), r.Referer())
	}))
	t.Cleanup(s.Close)
	return s
}

// named is the target's URL by a name that resolves to loopback.
func (s *target) named() string { return strings.Replace(s.URL, "127.0.0.1", "localhost", 1) }

func get(t *testing.T, c *Caller, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", "secret")
	req.Header.Set("Authorization", "Bearer secret")
	res, err := c.Client(10 * time.Second).Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(res.Body)
	return body.String(), err
}

func wantRefusal(t *testing.T, err error, words ...string) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal", err)
	}
	for _, w := range words {
		if !strings.Contains(refusal.Error(), w) {
			t.Errorf("%q does not say %q", refusal, w)
		}
	}
}

func TestClient_RefusesLoopback_ByAddressAndByName(t *testing.T) {
	t.Parallel()
	s := newTarget(t)
	var logged bytes.Buffer
	c, err := New(Rules{}, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = get(t, c, s.URL)
	wantRefusal(t, err, "127.0.0.1 is a loopback address", "--allow-outbound 127.0.0.1 ")
	if !strings.Contains(logged.String(), "level=WARN") || !strings.Contains(logged.String(), "host=127.0.0.1") {
		t.Errorf("no line tells of the refusal: %q", &logged)
	}
	_, err = get(t, newCaller(t, Rules{}), s.named())
	wantRefusal(t, err, "localhost (", "loopback", "--allow-outbound localhost ")
	if n := s.calls.Load(); n != 0 {
		t.Errorf("%d calls have arrived", n)
	}
}

func TestClient_TheAllowList_ByCIDRAndByHost(t *testing.T) {
	t.Parallel()
	s := newTarget(t)
	if _, err := get(t, newCaller(t, Rules{Allow: []string{"127.0.0.0/8"}}), s.URL); err != nil {
		t.Errorf("by CIDR: %v", err)
	}
	byName := newCaller(t, Rules{Allow: []string{"LOCALHOST."}})
	if _, err := get(t, byName, s.named()); err != nil {
		t.Errorf("by name: %v", err)
	}
	_, err := get(t, byName, s.URL) // a name allows requests to that name only
	wantRefusal(t, err, "127.0.0.1")
}

func TestClient_ARedirectToLoopback_IsRefused(t *testing.T) {
	t.Parallel()
	first, second := newTarget(t), newTarget(t)
	c := newCaller(t, Rules{Allow: []string{"localhost"}}) // the first is allowed, the second is not
	_, err := get(t, c, first.named()+"/?to="+second.URL)
	wantRefusal(t, err, "loopback")
	if first.calls.Load() != 1 || second.calls.Load() != 0 {
		t.Errorf("%d and %d calls have arrived, want 1 and 0", first.calls.Load(), second.calls.Load())
	}
	if _, err := get(t, c, first.named()+"/?to=ftp://localhost/"); err == nil || !strings.Contains(err.Error(), "not http or https") {
		t.Errorf("another scheme: %v", err)
	}
}

func TestClient_FollowsFiveRedirects(t *testing.T) {
	t.Parallel()
	s := newTarget(t)
	c := newCaller(t, Rules{Allow: []string{"127.0.0.1"}})
	if _, err := get(t, c, s.URL+"/redirect/5"); err != nil {
		t.Errorf("5: %v", err)
	}
	if _, err := get(t, c, s.URL+"/redirect/6"); err == nil || !strings.Contains(err.Error(), "more than 5 redirects") {
		t.Errorf("6: %v", err)
	}
}

// A header that was meant for one server is not shown to another, whichever
// port or name it is behind.
func TestClient_ARedirectToAnotherOrigin_LeavesCredentialsBehind(t *testing.T) {
	t.Parallel()
	first, second := newTarget(t), newTarget(t)
	c := newCaller(t, Rules{Allow: []string{"127.0.0.1", "localhost"}})
	if got, err := get(t, c, first.URL+"/?to="+second.URL+"/"); err != nil || got != "key= referer=" {
		t.Errorf("another origin: got %q, %v", got, err)
	}
	if got, err := get(t, c, first.URL+"/redirect/1"); err != nil || !strings.HasPrefix(got, "key=secretBearer secret ") {
		t.Errorf("the same origin: got %q, %v", got, err)
	}
}

func TestClient_OurOwnListener_IsNotCalled(t *testing.T) {
	t.Parallel()
	s := newTarget(t)
	c := newCaller(t, Rules{Allow: []string{"0.0.0.0/0", "::/0", "localhost"}})
	c.Own(s.Listener.Addr())
	for _, url := range []string{s.URL, s.named(), strings.Replace(s.URL, "127.0.0.1", "0.0.0.0", 1)} {
		_, err := get(t, c, url)
		wantRefusal(t, err, "own address")
	}
	if n := s.calls.Load(); n != 0 {
		t.Errorf("%d calls have arrived", n)
	}
}

// Behind a proxy only the proxy's address would be judged.
func TestClient_HasNoProxy(t *testing.T) {
	t.Parallel()
	if c := newCaller(t, Rules{}); c.transport.Proxy != nil {
		t.Error("there is a proxy")
	}
}

func TestClient_TheTimeout(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // for when the client has none
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := newCaller(t, Rules{Allow: []string{"127.0.0.1"}}).Client(time.Millisecond).Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	if ctx.Err() != nil || err == nil {
		t.Errorf("got %v, want the client's own timeout", err)
	}
}
