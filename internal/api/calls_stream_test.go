package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/store"
)

// event is one of a stream; a comment has only data.
type event struct{ name, id, data string }

// follower reads a stream. Nothing waits for longer than patience.
type follower struct {
	t      *testing.T
	header http.Header
	events chan event // closed at the end of the stream
	close  func() error
}

const patience = 20 * time.Second

func (c *client) follow(path string, header ...string) *follower {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), "GET", c.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
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
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		c.t.Fatalf("%s: %d %s", path, res.StatusCode, body)
	}
	f := &follower{t: c.t, header: res.Header, events: make(chan event, 4096), close: res.Body.Close}
	c.t.Cleanup(func() { _ = f.close() })
	go f.read(res.Body)
	f.next() // it is open: what comes from now on is not missed
	return f
}

func (f *follower) read(body io.Reader) {
	defer close(f.events)
	var e event
	for s := bufio.NewScanner(body); s.Scan(); {
		switch name, value, _ := strings.Cut(s.Text(), ":"); name {
		case "event":
			e.name = strings.TrimSpace(value)
		case "id":
			e.id = strings.TrimSpace(value)
		case "data":
			e.data = strings.TrimSpace(value)
		case "":
			if s.Text() == "" {
				f.events <- e
				e = event{}
			}
		}
	}
}

// next is the next event; false: the stream ended.
func (f *follower) next() (event, bool) {
	f.t.Helper()
	select {
	case e, ok := <-f.events:
		return e, ok
	case <-time.After(patience):
		f.t.Fatal("no event came")
		return event{}, false
	}
}

// calls are the paths of the next calls; what says nothing is passed over.
func (f *follower) calls(n int) string {
	f.t.Helper()
	var out []string
	for len(out) < n {
		e, ok := f.next()
		if !ok {
			f.t.Fatalf("the stream ended after %v", out)
		}
		if e.name == "" {
			continue
		}
		if e.name != "call" {
			out = append(out, e.name+e.data)
			continue
		}
		var v struct{ ID, Path string }
		if err := json.Unmarshal([]byte(e.data), &v); err != nil || v.ID != e.id {
			f.t.Fatalf("%v: %+v", err, e)
		}
		out = append(out, strings.TrimPrefix(v.Path, "/pets/"))
	}
	return strings.Join(out, " ")
}

func (f *follower) ends() {
	f.t.Helper()
	for {
		if e, ok := f.next(); !ok {
			return
		} else if e.name != "" {
			f.t.Fatalf("%+v came, want the end", e)
		}
	}
}

func TestStream_CallsThatCome(t *testing.T) {
	t.Parallel()
	withCalls(t, 3, func(t *testing.T, c *judge, log calls.Log, mock string) {
		one, all := c.follow("/mocks/"+mock+"/calls/stream"), c.follow("/calls/stream?status=4xx&include=none")
		for i := 10; i < 14; i++ {
			log.Add(callOf(mock, i))
		}
		log.Add(callOf(store.NewID(), 15))
		if got := one.calls(4); got != "10 11 12 13" {
			t.Errorf("of one mock came %s", got)
		}
		if got := all.calls(3); got != "11 13 15" {
			t.Errorf("of all mocks came %s, want the misses", got)
		}
		if h := one.header; h.Get("Content-Type") != "text/event-stream; charset=utf-8" || h.Get("Cache-Control") != "no-store" || h.Get("X-Accel-Buffering") != "no" {
			t.Errorf("the header is %v", h)
		}
		whole, bare := c.follow("/calls/stream"), c.follow("/calls/stream?include=none")
		log.Add(callOf(mock, 20))
		if e, _ := whole.next(); !strings.Contains(e.data, "Question 20") || !strings.Contains(e.data, `"trace":[`) {
			t.Errorf("messages are left out: %s", e.data)
		}
		if e, _ := bare.next(); strings.Contains(e.data, "Question") {
			t.Errorf("messages were not asked for: %s", e.data)
		}
	})
}

func TestStream_AfterACall_NeitherMissesNorDoubles(t *testing.T) {
	t.Parallel()
	withCalls(t, 0, func(t *testing.T, c *judge, log calls.Log, mock string) {
		const before, all = 500, 3000
		for i := range before {
			log.Add(callOf(mock, i))
		}
		after := c.client.do("GET", "/mocks/"+mock+"/calls?sort=asc&limit=1", nil).want(200).text("calls", 0, "id")
		added := make(chan struct{})
		go func() { // while the log is read, calls come
			defer close(added)
			for i := before; i < 700; i++ {
				log.Add(callOf(mock, i))
			}
		}()
		header, query := c.follow("/mocks/"+mock+"/calls/stream", "Last-Event-ID", after), c.follow("/mocks/"+mock+"/calls/stream?after="+after)
		<-added
		for name, f := range map[string]*follower{"Last-Event-ID": header, "after": query} {
			for i := 1; i < 700; i++ {
				if got := f.calls(1); got != fmt.Sprint(i) {
					t.Fatalf("%s: %s came, want %d", name, got, i)
				}
			}
		}
		log.Add(callOf(mock, all))
		for _, f := range []*follower{header, query} {
			if got := f.calls(1); got != fmt.Sprint(all) {
				t.Errorf("after them came %s", got)
			}
		}
	})
}

// What a client missed for long is bounded: the last calls come, and the number
// of the others.
func TestStream_AfterACallOfLongAgo_TellsWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	withCalls(t, 2500, func(t *testing.T, c *judge, log calls.Log, mock string) {
		after := c.client.do("GET", "/mocks/"+mock+"/calls?sort=asc&limit=11", nil).want(200).text("calls", 10, "id")
		f := c.follow("/mocks/"+mock+"/calls/stream?after="+after+"&operation=getPet", "Last-Event-ID", "from another server")
		if got := f.calls(2); got != `left{"left":244} 500` {
			t.Errorf("it begins with %s; 1244 calls came after it, want the last 1000", got)
		}
		f.calls(999)
		log.Add(callOf(mock, 3000))
		if got := f.calls(1); got != "3000" {
			t.Errorf("then came %s", got)
		}
	})
}

// A key for a workspace follows its own mocks, also those that are made later.
func TestStream_AKeyForAWorkspace_SeesItsOwn(t *testing.T) {
	t.Parallel()
	withCalls(t, 1, func(t *testing.T, c *judge, log calls.Log, mock string) {
		theirs := c.workspaceOf("team", "Theirs")
		own := c.callsMock(theirs)
		c.key = c.newKey(store.Key{Scope: "view", Workspace: theirs})
		f := c.follow("/calls/stream")
		later := c.callsMock(theirs)
		log.Add(callOf(later, 6))
		log.Add(callOf(mock, 4))
		log.Add(callOf(own, 5))
		if got := f.calls(2); got != "6 5" {
			t.Errorf("%s came", got)
		}
	})
}

func TestStream_Ends(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *client, mock string){
		"with the server": func(c *client, _ string) {},
		"with its key": func(c *client, _ string) {
			c.put(func(t *store.Tx) error {
				keys, err := t.Keys(store.Page{})
				if err != nil {
					return err
				}
				return t.RevokeKey(keys[0].ID)
			})
		},
		"with its mock": func(c *client, mock string) {
			c.put(func(t *store.Tx) error { return t.DeleteMock(mock) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			ending := make(chan struct{})
			c.api.cfg.Ending, c.api.streams.beat = ending, time.Millisecond
			mock := c.callsMock("")
			c.key = c.newKey(store.Key{Scope: "view"})
			f := c.follow("/mocks/" + mock + "/calls/stream")
			f.next() // it goes on for as long as nothing ends it
			if end(c, mock); name == "with the server" {
				close(ending)
			}
			f.ends()
		})
	}
}

// A shutdown does not wait for streams, and no timeout of the server cuts one.
func TestStream_OfAServerWithTimeouts_GoesOnUntilTheShutdown(t *testing.T) {
	t.Parallel()
	c := start(t)
	ending := make(chan struct{})
	c.api.cfg.Ending, c.api.streams.beat = ending, 10*time.Millisecond
	srv := httptest.NewUnstartedServer(c.api)
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	srv.Config.RegisterOnShutdown(func() { close(ending) })
	srv.Start()
	t.Cleanup(srv.Close)
	c.url = srv.URL
	f := c.follow("/calls/stream")
	for range 20 { // 200 ms
		if _, ok := f.next(); !ok {
			t.Fatal("the stream was cut")
		}
	}
	if err := srv.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.ends()
}

func TestStream_AtMostSoMany(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	c.api.streams.open.Store(maxStreams - 1)
	c.api.streams.beat = time.Millisecond
	last := c.follow("/calls/stream")
	a := c.do("GET", "/calls/stream", nil).want(503)
	if a.text("error", "name") != "tooManyStreamsError" || a.header.Get("Retry-After") == "" {
		t.Errorf("%v %s", a.header, a.body)
	}
	_ = last.close()
	for deadline := time.Now().Add(patience); c.api.streams.open.Load() >= maxStreams; {
		if time.Now().After(deadline) {
			t.Fatal("a stream whose client has gone counts for ever")
		}
	}
	c.follow("/calls/stream")
}

// Who doesn't read fast enough is told how many calls are missing.
func TestStream_TooManyCalls_AreCounted(t *testing.T) {
	t.Parallel()
	withCalls(t, 0, func(t *testing.T, c *judge, log calls.Log, mock string) {
		const n = 60_000
		f := c.follow("/calls/stream?include=none")
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := range n {
				log.Add(callOf(mock, i))
			}
		}()
		got, left := 0, 0
		for got+left < n {
			e, ok := f.next()
			if !ok {
				t.Fatal("the stream ended")
			}
			switch e.name {
			case "call":
				got++
			case "left":
				var v struct{ Left int }
				if err := json.Unmarshal([]byte(e.data), &v); err != nil || v.Left < 1 {
					t.Fatalf("%v: %s", err, e.data)
				}
				left += v.Left
			}
		}
		<-done
		if got+left != n {
			t.Errorf("%d calls came, and %d were left out; want %d in all", got, left, n)
		}
	})
}
