package calls

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// call is the i-th of a test, a second after the one before.
func call(i int) *Record {
	r := &Record{
		At: start.Add(time.Duration(i) * time.Second), Mock: "m", Client: "192.0.2.1:1", Method: "GET", Path: fmt.Sprintf("/Pets/%d", i%3), Query: "a=b",
		RequestHeader: http.Header{"Accept": {"a", "b"}, "Authorization": {"Bearer secret"}, "X-Own": {"has mimus_key inside"}}, RequestBody: []byte("in"), RequestSize: 2,
		Status: 200, ResponseHeader: []engine.Field{{Name: "Set-Cookie", Values: []string{"s=1"}}, {Name: "Etag", Values: []string{"x"}}},
		ResponseBody: []byte("out\xff"), ResponseSize: 4, Took: 5 * time.Millisecond, Type: Success, Name: "ok", Responder: "saved", Operation: "getPet",
		Trace: []engine.TraceLine{{Responder: "route", Why: "none"}, {Responder: "saved", Why: "equal", Answered: true}},
	}
	if i%2 == 1 {
		r.Method, r.Status, r.Type = "POST", 404, Error
	}
	return r
}

// logs runs a test on both kinds of log.
func logs(t *testing.T, test func(t *testing.T, l Log)) {
	t.Helper()
	t.Run("ring", func(t *testing.T) { test(t, NewRing()) })
	t.Run("writer", func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		w := NewWriter(WriterConfig{Store: s, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return start }})
		t.Cleanup(func() {
			w.Close()
			_ = s.Close()
		})
		test(t, w)
	})
}

func TestList_WhatWasAdded_IsThereAtOnce(t *testing.T) {
	t.Parallel()
	logs(t, func(t *testing.T, l Log) {
		l.Add(call(0))
		page, err := l.List(t.Context(), Filter{Mocks: []string{"m"}, Limit: 10, Full: true})
		list := page.Calls
		if err != nil || len(list) != 1 || page.Next != "" {
			t.Fatalf("the log has %v, %v", page, err)
		}
		want := &Entry{
			ID: list[0].ID, At: start, Mock: "m", Method: "GET", Path: "/Pets/0", Status: 200, Type: Success,
			Query: "a=b", Name: "ok", Client: "192.0.2.1:1", Took: 5 * time.Millisecond, Responder: "saved", Operation: "getPet",
			Trace:    []Step{{Responder: "route", Why: "none"}, {Responder: "saved", Answered: true, Why: "equal"}},
			Request:  Message{Headers: []Header{{"accept", "a"}, {"accept", "b"}, {"authorization", Redacted}, {"x-own", Redacted}}, Body: "in", Size: 2},
			Response: Message{Headers: []Header{{"set-cookie", Redacted}, {"etag", "x"}}, Body: "out\ufffd", Size: 4},
		}
		if diff := cmp.Diff(want, list[0]); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		one, err := l.Get(t.Context(), "m", want.ID)
		if err != nil || one == nil || one.ID != want.ID {
			t.Errorf("by its id: %v, %v", one, err)
		}
		if other, err := l.Get(t.Context(), "other", want.ID); other != nil || err != nil {
			t.Errorf("of another mock: %v, %v", other, err)
		}
	})
}

func TestList_Filters(t *testing.T) {
	t.Parallel()
	logs(t, func(t *testing.T, l Log) {
		for i := range 10 {
			l.Add(call(i))
		}
		other := call(3)
		other.Mock = "n"
		l.Add(other)
		for name, c := range map[string]struct {
			f    Filter
			want string // the seconds
		}{
			"all, the last first": {Filter{}, "9 8 7 6 5 4 3 2 1 0"},
			"ascending":           {Filter{Ascending: true}, "0 1 2 3 4 5 6 7 8 9"},
			"a status":            {Filter{Status: 404}, "9 7 5 3 1"},
			"a type":              {Filter{Type: Success}, "8 6 4 2 0"},
			"a method":            {Filter{Method: "POST"}, "9 7 5 3 1"},
			"a path":              {Filter{Path: "/pets/1"}, "7 4 1"},
			"since":               {Filter{Since: start.Add(7 * time.Second)}, "9 8 7"},
			"until":               {Filter{Until: start.Add(2 * time.Second)}, "2 1 0"},
			"between":             {Filter{Since: start.Add(2 * time.Second), Until: start.Add(4 * time.Second), Ascending: true}, "2 3 4"},
			"nothing":             {Filter{Status: 500}, ""},
		} {
			var got []string
			f := c.f
			f.Mocks, f.Limit = []string{"m"}, 3
			for { // page by page
				page, err := l.List(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Calls {
					got = append(got, fmt.Sprint(int(e.At.Sub(start).Seconds())))
				}
				if page.Next == "" {
					break
				}
				f.After = page.Next
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: %v, want %s", name, got, c.want)
			}
		}
	})
}

func TestRing_KeepsTheLast(t *testing.T) {
	t.Parallel()
	l := NewRing()
	for i := range ringCalls + 500 {
		l.Add(call(i))
	}
	page, err := l.List(t.Context(), Filter{Mocks: []string{"m"}, Ascending: true, Limit: 1})
	list := page.Calls
	if err != nil || len(list) != 1 || list[0].At != start.Add(500*time.Second) || l.n != ringCalls {
		t.Errorf("the first of %d is %v, %v; want that of second 500 of %d", l.n, list, err, ringCalls)
	}
	big := call(0)
	big.ResponseBody = make([]byte, MaxBody)
	for range 2000 {
		l.Add(big)
	}
	if l.bytes > ringBytes {
		t.Errorf("the ring has %d bytes, at most %d are allowed", l.bytes, ringBytes)
	}
	held := 0
	for _, c := range l.calls {
		held += cap(c)
	}
	if held > ringBytes+ringBytes/2 {
		t.Errorf("the ring holds %d bytes of memory for %d bytes", held, l.bytes)
	}
}

// Calls that come at once are not added in the order of their times.
func TestRing_Pages_LoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	l := NewRing()
	const n = 50
	for i := range n {
		if i%5 == 0 {
			other := call(i)
			other.Mock = "other"
			l.Add(other)
		}
		l.Add(call((i * 7) % n))
	}
	if err := l.Purge(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	for _, ascending := range []bool{false, true} {
		seen := map[string]int{}
		for _, e := range allPages(t, l, Filter{Mocks: []string{"m"}, Limit: 7, Ascending: ascending}) {
			seen[e.ID]++
			if seen[e.ID] > 1 {
				t.Errorf("ascending %v: %s is on two pages", ascending, e.ID)
			}
		}
		if len(seen) != n {
			t.Errorf("ascending %v: %d calls are found, want %d", ascending, len(seen), n)
		}
	}
}

func TestWriter_Close_StoresAllThatWasHandedOver(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Config{Location: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := NewWriter(WriterConfig{Store: s, Retain: Retention{Calls: 1000}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return start }})
	for i := range 3000 {
		w.Add(call(i))
	}
	w.settle(t.Context())
	w.Tidy()
	if n := kept(t, s); n < 1000 || n > 1000+blockCalls {
		t.Errorf("%d calls are kept; want the last 1,000 and at most a block more", n)
	}
	for i := range 500 {
		w.Add(call(3000 + i))
	}
	before := kept(t, s)
	w.Close()
	w.Add(call(1)) // too late, and counted
	if st := w.Stats(); st.Lost != 1 || st.Stored != 3500 {
		t.Errorf("%+v, want 1 lost and 3,500 stored", st)
	}
	if n := kept(t, s); n < before || n != before+500 && n > 1000+blockCalls+500 {
		t.Errorf("%d calls are kept after %d, want 500 more", n, before)
	}
}

func kept(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	err := s.View(context.Background(), func(tx *store.Tx) (err error) {
		n, err = tx.CountCalls("m")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestHideKeys(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"": "", "mimus": "mimus", "mimus_1a, mimus_2": "redacted, redacted", `{"a":"x\nmimus_1"}`: `{"a":"x\nredacted"}`, "u=%3Fkey%3Dmimus_1&a": "u=%3Fkey%3Dredacted&a",
	} {
		if got := string(hideKeys([]byte(body))); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestHideQuery(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"": "", "a=b&c": "a=b&c", "x-api-key=1&a=b": "x-api-key=redacted&a=b", "X%2DApi-Key=1": "X%2DApi-Key=redacted", "key=mimus_1": "key=redacted",
		"key=mimus%5F1": "key=redacted", "mimus_1": "redacted=redacted", "u=x%3Fkey%3Dmimus_1": "u=redacted", "mimus%5F1=2&a": "redacted=redacted&a", "x-api-key=": "x-api-key=",
	} {
		if got := hideQuery(query, nil); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// A key of ours is kept nowhere, however it is written where it may stand.
func TestRecord_WithKeys_KeepsNone(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/x%6Dimus_SECRET/y?mimus_SECRET&k=%6dimus_SECRET&n%3Dmimus_SECRET", strings.NewReader(`{"a":"\nmimus_SECRET"}`))
	r.Method = "mimus_SECRET"
	r.Header.Set("X-Mimus-Session", "mimus_SECRET")
	r.Header.Set("X-Own", "Bearer mimus_SECRET")
	CaptureBody(r, true)
	req := &engine.Request{Method: r.Method, Path: "/x%6Dimus_SECRET/y", RawQuery: r.URL.RawQuery}
	res := &engine.Response{Status: 404, Mistake: "no mimus_SECRET", Body: []byte("<mimus_SECRET>"), Trace: []engine.TraceLine{{Responder: "route", Why: "mimus_SECRET is none"}}}
	b := appendCompact(nil, Of("m", Keep{Bodies: true}, r, req, res, 0, start))
	if bytes.Contains(b, []byte("SECRET")) {
		t.Errorf("%q", b)
	}
	if e := readCompact(b).entry("n"); e.Path != "/redacted/y" || e.Request.Size == 0 || e.Response.Body != "<redacted>" {
		t.Errorf("%+v", e)
	}
}

func TestOf_ABodyThatNobodyRead_IsKeptToTheLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size     int
		encoding string
		want     int
	}{"short": {100, "", 100}, "long": {MaxBody + 5000, "", MaxBody}, "compressed": {100, "gzip", 0}, "plain by name": {100, "identity", 100}} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", c.size)))
		r.Header.Set("Content-Encoding", c.encoding)
		CaptureBody(r, true)
		got := Of("m", Keep{Bodies: true}, r, &engine.Request{Method: "POST"}, &engine.Response{Status: 404}, 0, start)
		if len(got.RequestBody) != c.want || got.RequestSize != int64(c.size) {
			t.Errorf("%s: %d bytes are kept of %d, want %d", name, len(got.RequestBody), got.RequestSize, c.want)
		}
	}
}
