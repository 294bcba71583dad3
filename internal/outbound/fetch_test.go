package outbound

import (
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func newDocuments(t *testing.T) *httptest.Server {
	t.Helper()
	zip := func(w http.ResponseWriter, r *http.Request, text string) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("gzip is not asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		g := gzip.NewWriter(w)
		_, _ = g.Write([]byte(text))
		_ = g.Close()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/a.yaml", func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "mimus" {
			t.Errorf("user agent %q", r.UserAgent())
		}
		_, _ = w.Write([]byte("openapi"))
	})
	mux.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) { // of a length that is not told
		_, _ = w.Write([]byte("open"))
		w.(http.Flusher).Flush()
		_, _ = w.Write([]byte("api"))
	})
	mux.HandleFunc("/zipped", func(w http.ResponseWriter, r *http.Request) { zip(w, r, "openapi") })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) { zip(w, r, strings.Repeat("a", 1<<20)) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte("openapi: 3.1.0, not zipped"))
	})
	mux.HandleFunc("/hangup", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 1<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/announced", func(w http.ResponseWriter, r *http.Request) { // and not sent
		w.Header().Set("Content-Length", "1000000000")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/forbidden", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, strings.Repeat("long ", 100), http.StatusForbidden)
	})
	mux.HandleFunc("/unreadable", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://user:hunter2@[::1/")
		w.WriteHeader(http.StatusFound)
	})
	mux.Handle("/away", http.RedirectHandler("http://user:hunter2@10.0.0.1/?token=hunter2", http.StatusFound))
	mux.Handle("/circle", http.RedirectHandler("/circle", http.StatusFound))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestFetch_GivesTheDocument(t *testing.T) {
	t.Parallel()
	s := newDocuments(t)
	c := newCaller(t, Rules{Allow: []string{"127.0.0.1"}})
	for _, path := range []string{"/a.yaml", "/stream", "/zipped"} {
		if got, err := c.Fetch(t.Context(), s.URL+path, 7); err != nil || string(got) != "openapi" {
			t.Errorf("%s: got %q, %v", path, got, err)
		}
	}
}

// An error is shown in the console and kept in logs: it says what is wrong, and
// nothing that only the caller may know.
func TestFetch_Errors_SayWhyWithoutCredentials(t *testing.T) {
	t.Parallel()
	s := newDocuments(t)
	withPassword := strings.Replace(s.URL, "http://", "http://hunter2:hunter2@", 1)
	c := newCaller(t, Rules{Allow: []string{"127.0.0.1"}})
	for _, test := range []struct {
		url  string
		want []string
	}{
		{withPassword + "/forbidden?token=hunter2#hunter2", []string{s.URL + "/forbidden can't be fetched", "answers 403 Forbidden"}},
		{withPassword + "/missing?token=hunter2", []string{"404 Not Found"}},
		{withPassword + "/circle?token=hunter2", []string{"more than 5 redirects"}},
		{withPassword + "/away?token=hunter2", []string{"10.0.0.1 is a private address"}},
		{withPassword + "/unreadable?token=hunter2", []string{"redirect that can't be read"}},
		{withPassword + "/hangup?token=hunter2", []string{"/hangup can't be fetched: EOF"}},
		{withPassword + "/broken?token=hunter2", []string{"gzip"}},
		{"http://hunter2:hunter2@127.0.0.1:1/?token=hunter2", []string{"http://127.0.0.1:1/ can't be fetched", "refused"}},
		{"http://hunter2:hunter2@10.0.0.1/?token=hunter2", []string{"10.0.0.1 is a private address", "--allow-outbound"}},
		{"http://hunter2:hunter2@[::1", []string{"http or https"}},
		{"file:///etc/passwd", []string{"http or https"}},
		{"ftp://hunter2:hunter2@127.0.0.1/", []string{"http or https"}},
		{"/etc/passwd", []string{"http or https"}},
		{"http:///x", []string{"http or https"}},
	} {
		_, err := c.Fetch(t.Context(), test.url, 1000)
		if err == nil {
			t.Errorf("%s is fetched", test.url)
			continue
		}
		for _, w := range test.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", test.url, err, w)
			}
		}
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "long") {
			t.Errorf("%s: %q says too much", test.url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Fetch(ctx, s.URL+"/a.yaml", 1000); err == nil {
		t.Error("a context that has ended is not honoured")
	}
}

// The limit bounds memory and time, so that no more is read than it takes to
// tell.
func TestFetch_TheLimit_CountsWhatIsUnpacked(t *testing.T) {
	t.Parallel()
	s := newDocuments(t)
	c := newCaller(t, Rules{Allow: []string{"127.0.0.1"}})
	for path, limit := range map[string]int64{"/a.yaml": 6, "/stream": 6, "/zipped": 6, "/bomb": 1<<20 - 1, "/endless": 1000, "/announced": 1000} {
		if got, err := c.Fetch(t.Context(), s.URL+path, limit); err == nil || !strings.Contains(err.Error(), "bytes that are allowed") {
			t.Errorf("%s: %d bytes, %v", path, len(got), err)
		}
	}
}
