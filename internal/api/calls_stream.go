package api

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/store"
)

// The bounds of streams.
const (
	maxStreams  = 100              // at a time
	maxReplayed = 1000             // calls that are sent again after a break
	streamBeat  = 15 * time.Second // how often one that is silent shows that it lives
	writeTime   = 30 * time.Second // for one event: who takes none for so long has gone
	lookAgain   = time.Second      // which mocks a key reaches is not read more often
)

// streams are those that are open.
type streams struct {
	open atomic.Int64
	beat time.Duration
}

// streamCalls sends the calls that come as server-sent events (HTML, 9.2). A
// client that names the last one that it saw gets first what came after that.
func (a *API) streamCalls(c *call) error {
	f, after, err := c.streamFilter()
	if err != nil {
		return err
	}
	full, err := c.withMessages(true)
	if err != nil {
		return err
	}
	if f.Mocks, err = c.mocksOfCalls(); err != nil {
		return err
	}
	if a.streams.open.Add(1) > maxStreams {
		a.streams.open.Add(-1)
		c.w.Header().Set("Retry-After", "5")
		return named(http.StatusServiceUnavailable, "tooManyStreamsError",
			fmt.Sprintf("%d streams of calls are open, and no more can be. Close one, or read the calls with GET /calls.", maxStreams), nil)
	}
	defer a.streams.open.Add(-1)
	s := &stream{c: c, out: http.NewResponseController(c.w), view: viewCall, sent: map[string]bool{}}
	if full {
		s.view = viewWhole
	}
	feed := a.cfg.Calls.Follow(s.widen(f)) // before the log is read: nothing is missed between the two
	defer feed.Close()
	if s.begin(); c.Method == http.MethodHead {
		return nil
	}
	if after != "" {
		s.replay(f, after)
	}
	s.run(feed)
	return nil
}

// streamFilter reads which calls are wanted, and what they come after.
func (c *call) streamFilter() (f calls.Filter, after string, err error) {
	if f, err = c.callsFilter(); err != nil {
		return f, "", err
	}
	for _, name := range [...]string{"until", "cursor"} {
		if c.query(name) != "" {
			return f, "", wrongParameter(name, "A stream has what comes from now on, or with after=<id of a call> what came after that.")
		}
	}
	if after = c.query("after"); after != "" && !isCallID(after) {
		return f, "", wrongParameter("after", "Write the id of a call, or 0 for what is before all.")
	}
	if last := c.Header.Get("Last-Event-ID"); isCallID(last) { // it is later than after
		after = last
	}
	return f, after, nil
}

// beforeAll stands for a call before all others.
const beforeAll = "0"

func isCallID(s string) bool {
	_, ok := calls.TimeOf(s)
	return (ok || s == beforeAll) && len(s) <= maxCallID
}

// stream is a client that follows.
type stream struct {
	c    *call
	out  *http.ResponseController
	view func(*calls.Entry) callView
	sent map[string]bool // calls that the log gave; the feed may give them again
	left int64
	err  error // of writing: the client has gone

	// Of a key for a workspace: the mocks that it reaches; nil: all that come.
	reached map[string]bool
	looked  time.Time
}

// begin sends the header.
func (s *stream) begin() {
	h := s.c.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a proxy must not gather it
	s.c.wrote = true
	s.c.w.WriteHeader(http.StatusOK)
	if s.c.Method != http.MethodHead {
		s.send([]byte("retry: 2000\n\n"))
	}
}

// widen has the calls of all mocks come for a key of a workspace: mocks may be
// made there later. Which calls it gets is looked at for each.
func (s *stream) widen(f calls.Filter) calls.Filter {
	if len(s.c.route.names) == 0 && f.Mocks != nil {
		s.reached = map[string]bool{}
		for _, id := range f.Mocks {
			s.reached[id] = true
		}
		f.Mocks = nil
	}
	return f
}

// reaches reports whether the key reaches a mock.
func (s *stream) reaches(mock string) bool {
	if s.reached == nil || s.reached[mock] {
		return true
	}
	if time.Since(s.looked) < lookAgain {
		return false
	}
	s.looked = time.Now()
	if ids, err := s.c.mocksOfCalls(); err == nil {
		clear(s.reached)
		for _, id := range ids {
			s.reached[id] = true
		}
	}
	return s.reached[mock]
}

// replay sends what came after a call.
func (s *stream) replay(f calls.Filter, after string) {
	a := s.c.api
	f.After = after
	part, err := a.newest(s.c.Context(), f, maxReplayed)
	if err == nil {
		if part.left > 0 || !part.seen.IsZero() {
			s.event("left", "", object{"left": max(part.left, 1)}) // at least
		}
		err = a.each(s.c.Context(), f, part, func(e *calls.Entry) error {
			s.sent[e.ID] = true
			s.event("call", e.ID, s.view(e))
			return s.err
		})
	}
	if err != nil && s.err == nil {
		s.err = err // a client that asks again gets what is missing
	}
}

// run sends what comes, until the client or the server ends it.
func (s *stream) run(feed *calls.Feed) {
	beat := time.NewTicker(s.c.api.streams.beat)
	defer beat.Stop()
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for s.err == nil {
		select {
		case <-s.c.Context().Done():
			return
		case <-s.c.api.cfg.Ending:
			return
		case <-beat.C:
			s.send([]byte(":\n\n"))
		case <-look.C:
			if !s.may() {
				return
			}
		case e := <-feed.C:
			if !s.sent[e.ID] && s.reaches(e.Mock) {
				s.event("call", e.ID, s.view(e))
			}
		}
		if left := feed.Left(); left > s.left {
			s.event("left", "", object{"left": left - s.left})
			s.left = left
		}
	}
}

// may reports whether who follows still may: the key wasn't ended, the mock is
// still there. Where the store can't tell, it goes on.
func (s *stream) may() bool {
	c := s.c
	if c.who.Key == "" && (c.api.cfg.NeedKey || c.api.cfg.Keys.Admin()) {
		return false
	}
	err := c.view(func(t *store.Tx) error {
		if c.who.Key != "" {
			k, err := t.Key(c.who.Key)
			if err != nil {
				return err
			}
			if !k.Revoked.IsZero() || !k.Expires.IsZero() && !c.api.cfg.Now().Before(k.Expires) {
				return store.ErrNotFound
			}
		}
		if slices.Contains(c.route.names, "mockId") {
			_, err := c.readMock(t)
			return err
		}
		return nil
	})
	f := asFailure(err)
	return f == nil || f.Status != http.StatusNotFound
}

func (s *stream) event(name, id string, v any) {
	data, err := marshal(v)
	if err != nil {
		s.err = err
		return
	}
	b := append(make([]byte, 0, len(data)+100), "event: "+name+"\n"...)
	if id != "" {
		b = append(b, "id: "+id+"\n"...)
	}
	s.send(append(append(append(b, "data: "...), data...), "\n\n"...))
}

func (s *stream) send(b []byte) {
	if s.err != nil {
		return
	}
	_ = s.out.SetWriteDeadline(time.Now().Add(writeTime)) // in place of what bounds the whole of other answers
	if _, s.err = s.c.w.Write(b); s.err == nil {
		s.err = s.out.Flush()
	}
}
