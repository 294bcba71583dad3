package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeCall is a call as the API shows it.
type fakeCall struct {
	ID        string  `json:"id"`
	At        string  `json:"at"`
	Mock      string  `json:"mock"`
	Method    string  `json:"method"`
	Path      string  `json:"path"`
	Query     string  `json:"query,omitempty"`
	Status    int     `json:"status"`
	Type      string  `json:"type"`
	Name      string  `json:"name"`
	Operation string  `json:"operation,omitempty"`
	Duration  float64 `json:"duration"`
	Client    string  `json:"client,omitempty"`
}

// fakeServer speaks the management API of calls.
type fakeServer struct {
	url   string
	mocks string // JSON
	key   string // needed where it is not ""
	calls []fakeCall
	page  int // the most of a page; 0: what is asked for
	// stream answers one connection; nil: the API has none.
	stream func(n int, w *fakeStream, r *http.Request)

	mu      sync.Mutex
	asked   []string // path and query of each request
	streams int
}

const (
	onePet   = `[{"id":"m1","uid":"1-m1","name":"Petstore","slug":"petstore"}]`
	twoMocks = `[{"id":"m1","uid":"1-m1","name":"Petstore","slug":"petstore"},{"id":"m2","uid":"1-m2","name":"Shop","slug":"shop"},{"id":"m3","uid":"1-m3","name":"shop","slug":"shop-2"}]`
)

func startFake(t *testing.T, f *fakeServer) *fakeServer {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	f.url = srv.URL
	return f
}

func (f *fakeServer) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

func (f *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.URL.String())
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	path := strings.TrimPrefix(r.URL.Path, "/_mimus/api")
	switch {
	case f.key != "" && r.Header.Get("X-Api-Key") != f.key:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":{"name":"AuthenticationError","message":"Invalid API Key."}}`)
	case path == "/mocks":
		fmt.Fprintf(w, `{"mocks":%s}`, f.mocks)
	case strings.HasSuffix(path, "/stream"):
		f.mu.Lock()
		f.streams++
		n := f.streams
		f.mu.Unlock()
		w.Header().Set("Content-Type", "text/event-stream")
		f.stream(n, &fakeStream{w}, r)
	case strings.HasSuffix(path, "/calls/har"):
		fmt.Fprint(w, `{"log":{"version":"1.2","entries":[]}}`)
	case strings.HasSuffix(path, "/calls"):
		f.list(w, r, strings.TrimSuffix(strings.TrimPrefix(path, "/mocks/"), "/calls"))
	case path == "/mocks/m1/calls/c2/explain":
		fmt.Fprint(w, explainedMiss)
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error":{"name":"instanceNotFoundError","message":"The specified call does not exist.","details":{}}}`)
	}
}

// list gives the newest first.
func (f *fakeServer) list(w http.ResponseWriter, r *http.Request, mock string) {
	q := r.URL.Query()
	if q.Get("status") == "x" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"name":"invalidParamsError","message":"status: write a status such as 404, or a class such as 4xx"}}`)
		return
	}
	var found []fakeCall
	for i := len(f.calls) - 1; i >= 0; i-- {
		c := f.calls[i]
		if (mock == c.Mock || r.URL.Path == "/_mimus/api/calls") && (q.Get("status") == "" || q.Get("status") == strconv.Itoa(c.Status)) {
			found = append(found, c)
		}
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if f.page > 0 {
		limit = min(limit, f.page)
	}
	from, _ := strconv.Atoi(q.Get("cursor"))
	part := found[min(from, len(found)):min(from+limit, len(found))]
	var next any
	if from+limit < len(found) {
		next = strconv.Itoa(from + limit)
	}
	if part == nil {
		part = []fakeCall{}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"calls": part, "meta": map[string]any{"nextCursor": next, "scannedTo": nil}})
}

// fakeStream writes server-sent events.
type fakeStream struct{ w http.ResponseWriter }

func (s *fakeStream) write(text string) {
	_, _ = fmt.Fprint(s.w, text)
	s.w.(http.Flusher).Flush()
}

func (s *fakeStream) call(c fakeCall) {
	data, _ := json.Marshal(c)
	s.write(fmt.Sprintf("event: call\nid: %s\ndata: %s\n\n", c.ID, data))
}

// today is a time of day of today, as the API writes it.
func today(clock string) string {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", time.Now().Format("2006-01-02 ")+clock, time.Local)
	if err != nil {
		panic(err)
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func petCalls() []fakeCall {
	return []fakeCall{
		{ID: "c1", At: today("12:00:01"), Mock: "m1", Method: "GET", Path: "/pets", Query: "limit=1", Status: 200, Type: "success", Name: "listPets", Operation: "listPets", Duration: 0.153, Client: "127.0.0.1:1"},
		{ID: "c2", At: today("12:00:02"), Mock: "m1", Method: "GET", Path: "/pest", Status: 404, Type: "error", Name: "The route /pest hasn't been found.", Duration: 0.1},
		{ID: "c3", At: today("12:00:03"), Mock: "m2", Method: "POST", Path: "/orders", Status: 201, Type: "success", Name: "a large order", Operation: "createOrder", Duration: 12},
	}
}

// mimus runs the command and gives its output and its end.
func mimus(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var out, errw bytes.Buffer
	code = run(ctx, args, strings.NewReader(""), &out, &errw)
	return out.String(), errw.String(), code
}

func TestCalls_Lines_AreThoseOfServe_NewestLast(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: twoMocks, calls: petCalls()})
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"all, with the mock": {nil, "12:00:01 petstore GET /pets?limit=1  200 0.15ms  listPets\n12:00:02 petstore GET /pest  404 0.10ms  The route /pest hasn't been found.\n12:00:03 shop POST /orders  201 12.00ms  createOrder: a large order\n"},
		"of one mock":        {[]string{"--mock", "petstore", "--limit", "1"}, "12:00:02 GET /pest  404 0.10ms  The route /pest hasn't been found.\n"},
		"by id":              {[]string{"--mock", "m2"}, "12:00:03 POST /orders  201 12.00ms  createOrder: a large order\n"},
		"by uid":             {[]string{"--mock", "1-m2"}, "12:00:03 POST /orders  201 12.00ms  createOrder: a large order\n"},
		"by name":            {[]string{"--mock", "Petstore", "--status", "200"}, "12:00:01 GET /pets?limit=1  200 0.15ms  listPets\n"},
		"the newest":         {[]string{"--limit", "2"}, "12:00:02 petstore GET /pest  404 0.10ms  The route /pest hasn't been found.\n12:00:03 shop POST /orders  201 12.00ms  createOrder: a large order\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, errs, code := mimus(t, append([]string{"calls", "--server", f.url}, tt.args...)...)
			if out != tt.want || errs != "" || code != exitOK {
				t.Errorf("it ended with %d and printed\n%s%s\nwant\n%s", code, out, errs, tt.want)
			}
		})
	}
}

func TestCalls_JSON_IsAllOfEachCallOnALine(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet, calls: petCalls()})
	out, errs, code := mimus(t, "calls", "--server", f.url, "--json", "--limit", "3")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitOK || len(lines) != 3 || !strings.Contains(lines[0], `"id":"c1"`) || !strings.Contains(lines[0], `"client":"127.0.0.1:1"`) {
		t.Errorf("it ended with %d and printed\n%s%s", code, out, errs)
	}
	if asked := f.requests(); !strings.Contains(asked[len(asked)-1], "include=messages") {
		t.Errorf("it asked for %q, without messages", asked)
	}
}

func TestCalls_Filters_ReachTheServer(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet})
	_, errs, code := mimus(t, "calls", "--server", f.url, "--status", "4xx", "--method", "post", "--path", "/a b", "--session", "s&1", "--text", "x=y", "--since", "2026-01-31T12:00:00+02:00", "--limit", "7")
	asked := f.requests()
	const want = "/_mimus/api/calls?limit=7&method=post&path=%2Fa+b&session=s%261&since=2026-01-31T10%3A00%3A00.000Z&status=4xx&text=x%3Dy"
	if code != exitOK || asked[len(asked)-1] != want {
		t.Errorf("it ended with %d and asked for\n%s, want\n%s", code, asked[len(asked)-1], want)
	}
	if !strings.Contains(errs, "No call is like that") {
		t.Errorf("it said %q of no calls", errs)
	}
}

// A search for a text comes in parts, and the server may give less than asked.
func TestCalls_Pages_AreReadToTheLimit(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet, page: 3})
	for i := range 10 {
		f.calls = append(f.calls, fakeCall{ID: fmt.Sprintf("c%02d", i), At: today("12:00:00"), Mock: "m1", Method: "GET", Path: fmt.Sprintf("/%d", i), Status: 200})
	}
	out, _, _ := mimus(t, "calls", "--server", f.url, "--limit", "8")
	if n := strings.Count(out, "\n"); n != 8 || !strings.Contains(out, " /9  200 ") || strings.Contains(out, " /1  200 ") {
		t.Errorf("%d calls, want the newest 8:\n%s", n, out)
	}
}

func TestCalls_Mistakes_SayTheNextStep(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: twoMocks, calls: petCalls()})
	locked := startFake(t, &fakeServer{mocks: twoMocks, key: "mimus_secret"})
	stranger := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(stranger.Close)
	leads := httptest.NewServer(http.RedirectHandler("https://other.example/x", http.StatusFound))
	t.Cleanup(leads.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no server":      {[]string{"--server", gone.URL}, exitError, "start one with mimus serve, or name it with --server URL"},
		"another server": {[]string{"--server", stranger.URL}, exitError, "answers with 404, but not as mimus does"},
		"redirect":       {[]string{"--server", leads.URL, "--key", "mimus_secret"}, exitError, "leads to https://other.example/x; name that with --server"},
		"no key":         {[]string{"--server", locked.url}, exitError, "needs a key: mimus keys create NAME --scope view makes one"},
		"wrong key":      {[]string{"--server", locked.url, "--key", "mimus_other"}, exitError, "doesn't take this key"},
		"broken key":     {[]string{"--server", locked.url, "--key", "mimus_a\nb"}, exitUnreadable, "the key has a character that no key has"},
		"unknown mock":   {[]string{"--server", f.url, "--mock", "pets"}, exitError, "there is no mock pets; there are petstore, shop, shop-2"},
		"two of a name":  {[]string{"--server", f.url, "--mock", "SHOP"}, exitError, "2 mocks have the name SHOP; give one of shop, shop-2"},
		"filter":         {[]string{"--server", f.url, "--status", "x"}, exitError, "status: write a status such as 404, or a class such as 4xx"},
		"since":          {[]string{"--server", f.url, "--since", "yesterday"}, exitUnreadable, "--since yesterday: write how long ago"},
		"limit":          {[]string{"--server", f.url, "--limit", "10001"}, exitUnreadable, "--limit takes a number from 1 to 10000"},
		"address":        {[]string{"--server", "ftp://x"}, exitUnreadable, "--server takes a URL such as http://127.0.0.1:4010"},
		"har of many":    {[]string{"--server", f.url, "--har", "-"}, exitUnreadable, "--har writes the calls of one mock; name it with --mock: petstore, shop, shop-2"},
		"har, followed":  {[]string{"--server", f.url, "--har", "-", "--follow"}, exitUnreadable, "can't be used together"},
		"unknown call":   {[]string{"--server", f.url, "--explain", "nope"}, exitError, "there is no call nope; mimus calls --json shows the ids"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, errs, code := mimus(t, append([]string{"calls"}, tt.args...)...)
			if code != tt.code || out != "" || !strings.Contains(errs, tt.want) {
				t.Errorf("it ended with %d and printed\n%s%s\nwant %d and\n%s", code, out, errs, tt.code, tt.want)
			}
			if strings.Contains(errs, "mimus_") {
				t.Errorf("a key is printed: %s", errs)
			}
		})
	}
}

func TestCalls_Key_IsSent(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet, calls: petCalls(), key: "mimus_secret"})
	out, errs, code := mimus(t, "calls", "--server", f.url+"/_mimus/api/", "--key", " mimus_secret\n")
	if code != exitOK || strings.Count(out, "\n") != 3 || strings.Contains(out+errs, "mimus_") {
		t.Errorf("it ended with %d and printed\n%s%s", code, out, errs)
	}
}

// What a client sent must not steer the terminal of who reads it.
func TestCalls_ControlCharacters_AreNotWritten(t *testing.T) {
	t.Parallel()
	const evil = "a\x1b[2Jb\u009bc\x7fd\ne"
	f := startFake(t, &fakeServer{mocks: onePet, calls: []fakeCall{{ID: "c1", At: today("12:00:00"), Mock: "m1", Method: "GET", Path: "/" + evil, Query: evil, Status: 404, Type: "error", Name: evil, Operation: evil}}})
	for _, form := range []string{"--json", "--limit=5"} {
		out, _, _ := mimus(t, "calls", "--server", f.url, form)
		if strings.ContainsAny(out, "\x1b\x7f\u009b") || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: %q", form, out)
		}
		if form == "--json" {
			var c fakeCall
			if err := json.Unmarshal([]byte(out), &c); err != nil || c.Name != evil {
				t.Errorf("%q reads as %q: %v", out, c.Name, err)
			}
		}
	}
}

func TestCalls_Line_ColoursOnlyWhereAsked(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.Local) }
	c := remoteCall{At: time.Date(2026, 1, 30, 9, 5, 1, 0, time.Local), Method: "GET", Path: "/x", Status: 404, Type: "error", Name: "no route"}
	for colour, want := range map[bool]string{
		false: "2026-01-30 09:05:01 GET /x  404 0.00ms  no route",
		true:  "2026-01-30 09:05:01 GET /x  \x1b[33m404\x1b[0m 0.00ms  \x1b[31mno route\x1b[0m",
	} {
		p := &callPrinter{colour: colour, now: now}
		if got := string(p.appendLine(nil, &c)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCalls_HAR_IsWrittenForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet})
	name := filepath.Join(t.TempDir(), "calls.har")
	out, errs, code := mimus(t, "calls", "--server", f.url, "--har", name, "--status", "404")
	data, err := os.ReadFile(name)
	if err != nil || code != exitOK || out != "" || string(data) != `{"log":{"version":"1.2","entries":[]}}` || !strings.Contains(errs, "calls.har: the calls of petstore") {
		t.Errorf("it ended with %d, %v and printed\n%s%s\n%s", code, err, out, errs, data)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	out, _, _ = mimus(t, "calls", "--server", f.url, "--har", "-")
	if out != string(data) {
		t.Errorf("standard output has %s", out)
	}
	if asked := strings.Join(f.requests(), "\n"); !strings.Contains(asked, "/mocks/m1/calls/har?status=404") {
		t.Errorf("it asked for\n%s", asked)
	}
}

func TestReadTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"10m": "2026-01-31T11:50:00Z", "2h30m": "2026-01-31T09:30:00Z", "3d": "2026-01-28T12:00:00Z", "0s": "2026-01-31T12:00:00Z",
		"09:15": "2026-01-31T09:15:00Z", "09:15:30": "2026-01-31T09:15:30Z", "2026-01-02": "2026-01-02T00:00:00Z",
		"2026-01-02 03:04": "2026-01-02T03:04:00Z", "2026-01-02T03:04:05": "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5+01:00": "2026-01-02T02:04:05.5Z",
		"-10m": "", "": "", "d": "", "tomorrow": "", "25:00": "",
	} {
		got, err := readTime(text, now)
		if want == "" {
			if err == nil {
				t.Errorf("%q is read as %v", text, got)
			}
		} else if err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
}
