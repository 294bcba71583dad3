package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// watched is output that a test waits for.
type watched struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newWatched() *watched { return &watched{changed: make(chan struct{}, 1)} }

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return w.text.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func (w *watched) await(t *testing.T, text string) {
	t.Helper()
	late := time.After(30 * time.Second)
	for !strings.Contains(w.String(), text) {
		select {
		case <-w.changed:
		case <-late:
			t.Fatalf("it did not print %q; it printed\n%s", text, w)
		}
	}
}

// following is a command that follows.
type following struct {
	out, err *watched
	stop     context.CancelFunc
	ended    chan int
}

func follow(t *testing.T, f *fakeServer, args ...string) *following {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &following{newWatched(), newWatched(), cancel, make(chan int, 1)}
	go func() {
		w.ended <- run(ctx, append([]string{"calls", "--follow", "--server", f.url}, args...), strings.NewReader(""), w.out, w.err)
	}()
	t.Cleanup(func() {
		cancel()
		w.ended <- <-w.ended
	})
	return w
}

// interrupt is the user's Ctrl+C; it gives the exit code.
func (w *following) interrupt(t *testing.T) int {
	t.Helper()
	w.stop()
	code := <-w.ended
	w.ended <- code
	return code
}

func TestCalls_Follow_PrintsWhatComes(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: twoMocks, calls: petCalls()[:1], stream: func(_ int, w *fakeStream, r *http.Request) {
		w.write(": calls follow\n\n")
		for _, c := range petCalls()[1:] {
			w.call(c)
		}
		w.write("event: left\ndata: {\"left\":3}\n\n")
		<-r.Context().Done()
	}})
	w := follow(t, f)
	w.err.await(t, "3 calls left out: they came too fast")
	const want = "12:00:02 petstore GET /pest  404 0.10ms  The route /pest hasn't been found.\n12:00:03 shop POST /orders  201 12.00ms  createOrder: a large order\n"
	w.out.await(t, "createOrder")
	if code := w.interrupt(t); code != exitOK || w.out.String() != want {
		t.Errorf("it ended with %d and printed\n%s%s\nwant\n%s", code, w.out, w.err, want)
	}
}

// What came while the connection was broken is asked for, and nothing is
// printed twice.
func TestCalls_Follow_GoesOnAfterABreak(t *testing.T) {
	t.Parallel()
	calls := petCalls()
	var mu sync.Mutex
	var last []string
	f := startFake(t, &fakeServer{mocks: onePet, calls: calls[:1]})
	f.stream = func(n int, w *fakeStream, r *http.Request) {
		mu.Lock()
		last = append(last, r.Header.Get("Last-Event-Id"))
		mu.Unlock()
		switch n {
		case 1:
			w.call(calls[1]) // then it breaks off, in the middle of an event
			w.write("event: call\nid: c3\ndata: {\"id\"")
		case 2:
			panic(http.ErrAbortHandler)
		case 3:
			w.w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w.w, `{"title":"Too Many Streams","detail":"At most 100 streams."}`)
		default:
			w.call(calls[1])
			w.call(calls[2])
			<-r.Context().Done()
		}
	}
	w := follow(t, f, "--limit", "10")
	w.out.await(t, "POST /orders")
	code := w.interrupt(t)
	if out := w.out.String(); code != exitOK || strings.Count(out, "\n") != 3 || !strings.HasPrefix(out, "12:00:01 GET /pets?limit=1 ") {
		t.Errorf("it ended with %d and printed\n%s", code, out)
	}
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(last, " "); got != "c1 c2 c2 c2" {
		t.Errorf("it went on after %q, want c1 c2 c2 c2", got)
	}
	errs := w.err.String()
	if strings.Count(errs, "warning: the connection to "+f.url+" broke") != 1 || strings.Count(errs, "connected again") != 1 {
		t.Errorf("of the break it said\n%s", errs)
	}
}

// A server that is no longer reached in this way is no break.
func TestCalls_Follow_EndsWhereItIsRefused(t *testing.T) {
	t.Parallel()
	f := startFake(t, &fakeServer{mocks: onePet, stream: func(_ int, w *fakeStream, _ *http.Request) {
		w.w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w.w, `{"error":{"name":"forbiddenError","message":"It needs a key with the scope view."}}`)
	}})
	w := follow(t, f)
	w.err.await(t, "mimus: It needs a key")
	code := <-w.ended
	w.ended <- code
	if code != exitError || !strings.Contains(w.err.String(), "mimus: It needs a key with the scope view\n") {
		t.Errorf("it ended with %d and printed %s", code, w.err)
	}
}

func TestCalls_Follow_SilenceIsABreak(t *testing.T) {
	t.Parallel()
	calls := petCalls()
	f := startFake(t, &fakeServer{mocks: onePet, stream: func(n int, w *fakeStream, r *http.Request) {
		w.write(": calls follow\n\n")
		if n > 1 {
			w.call(calls[0])
		}
		<-r.Context().Done()
	}})
	server, err := newRemote(f.url, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, errs := newWatched(), newWatched()
	fo := &follower{
		callReader: &callReader{remote: server, err: errs, only: true}, printer: &callPrinter{w: out, now: time.Now},
		wait: time.Millisecond, silence: 300 * time.Millisecond,
	}
	ended := make(chan error, 1)
	go func() { ended <- fo.run(ctx, 0) }()
	out.await(t, "GET /pets?limit=1")
	cancel()
	if err := <-ended; err != nil || !strings.Contains(errs.String(), "broke: nothing came for a while; trying again") {
		t.Errorf("it ended with %v and said\n%s", err, errs)
	}
}

func TestReadEvents(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, want string }{
		"one":             {"event: call\nid: 1\ndata: {}\n\n", "call={}|"},
		"comments":        {": here\n\ndata:x\n\n: still\n\n", "=x|"},
		"lines":           {"event: a\ndata: 1\ndata: 2\n\n", "a=1\n2|"},
		"carriage":        {"event: a\r\ndata: 1\r\n\r\n", "a=1|"},
		"no data":         {"event: a\nid: 5\n\n", ""},
		"cut":             {"event: a\ndata: 1\n", ""},
		"name is its own": {"event: a\ndata: 1\n\ndata: 2\n\n", "a=1|=2|"},
	} {
		var got strings.Builder
		_ = readEvents(strings.NewReader(tt.in), func() {}, func(e serverEvent) error {
			fmt.Fprintf(&got, "%s=%s|", e.name, e.data)
			return nil
		})
		if got.String() != tt.want {
			t.Errorf("%s: %q, want %q", name, got.String(), tt.want)
		}
	}
}

func TestRecentIDs_AreBounded(t *testing.T) {
	t.Parallel()
	var r recentIDs
	for i := range 3 * maxRecent {
		if id := fmt.Sprint(i); !r.add(id) || r.add(id) {
			t.Fatalf("%s is not told from others", id)
		}
	}
	if len(r.have) != maxRecent || len(r.list) != maxRecent {
		t.Errorf("%d ids are kept, want %d", len(r.have), maxRecent)
	}
}
