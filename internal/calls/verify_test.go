package calls

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// verified judges the calls of mock m and gives the messages of the failures.
func verified(t *testing.T, l Log, verification string) string {
	t.Helper()
	v, err := ParseVerification([]byte(verification))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Verify(t.Context(), l, "m", v)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprint(r.Checked)}
	for i := range r.Failures {
		out = append(out, r.Failures[i].Message)
	}
	return strings.Join(out, "\n")
}

// order is the i-th call to POST /orders, a second after the one before.
func order(i int, body string) *Record {
	return &Record{
		At: start.Add(time.Duration(i) * time.Second), Mock: "m", Method: "POST", Path: "/orders", Operation: "POST /orders", Status: 201, Type: Success,
		RequestHeader: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer secret"}},
		RequestBody:   []byte(body), RequestSize: int64(len(body)), Session: fmt.Sprintf("s%d", i%2),
	}
}

func TestVerify_ReadsAllPagesOfOneMock(t *testing.T) {
	t.Parallel()
	logs(t, func(t *testing.T, l Log) {
		for i := range 730 {
			l.Add(order(i, fmt.Sprintf(`{"number":%d}`, i)))
		}
		other := order(731, `{"number":7}`)
		other.Mock = "n"
		l.Add(other)
		for _, c := range []struct{ verification, want string }{
			{`{"calls":[{"method":"POST","path":"/orders","times":730}]}`, "730"},
			{`{"calls":[{"body":{"contains":{"number":7}},"times":1}],"only":false}`, "730"},
			{`{"calls":[{"body":{"equals":{"number":100}}},{"body":{"equals":{"number":101}}},{"body":{"equals":{"number":102}}}],"order":"strict"}`, "730"},
			{`{"calls":[{"body":{"equals":{"number":729}}},{"name":"it","body":{"equals":{"number":0}}}],"order":"relative"}`,
				"730\nit was called 0 times after any operation with body {\"number\":729}, wanted at least 1; it was called 1 time in all"},
			{`{"calls":[{"operation":"POST /orders","times":365}],"session":"s1"}`, "365"},
			{`{"calls":[{"operation":"POST /orders","times":30}],"since":"2026-01-01T00:11:40Z"}`, "30"},
			{`{"calls":[{"operation":"POST /orders","times":15}],"since":"2026-01-01T00:11:40Z","session":"s0","only":true}`, "15"},
			{`{"calls":[{"operation":"POST /orders","times":0}],"since":"2026-01-02T00:00:00Z"}`, "0"},
		} {
			if got := verified(t, l, c.verification); got != c.want {
				t.Errorf("%s\n got:  %s\n want: %s", c.verification, got, c.want)
			}
		}
	})
}

// The id of a call stands for what came after it: what a test begins with.
func TestVerify_SinceACall(t *testing.T) {
	t.Parallel()
	logs(t, func(t *testing.T, l Log) {
		for i := range 5 {
			l.Add(order(i, `{}`))
		}
		page, err := l.List(t.Context(), Filter{Mocks: []string{"m"}, Ascending: true, Limit: 3})
		if err != nil || len(page.Calls) != 3 {
			t.Fatal(page, err)
		}
		if got := verified(t, l, `{"calls":[{"times":2}],"since":"`+page.Calls[2].ID+`"}`); got != "2" {
			t.Error(got)
		}
	})
}

// A body that isn't there as it was sent gives no verdict.
func TestVerify_WhatIsNotKept(t *testing.T) {
	t.Parallel()
	const cannot = "1\nit was called 0 times, wanted %s; of 1 more it can't be told: %s"
	for name, c := range map[string]struct {
		change func(*Record)
		match  string
		why    string // "" it can be told
	}{
		"a body that is kept":         {func(*Record) {}, `"body":{"contains":{"a":1}}`, ""},
		"bodies are not kept":         {func(r *Record) { r.RequestBody = nil }, `"body":{"contains":{"a":1}}`, "its body was not kept whole"},
		"a long body":                 {func(r *Record) { r.RequestSize = MaxBody + 1 }, `"body":{"text":"a"}`, "its body was not kept whole"},
		"a long body, not looked at":  {func(r *Record) { r.RequestSize = MaxBody + 1 }, `"status":201`, ""},
		"no body":                     {func(r *Record) { r.RequestBody, r.RequestSize = nil, 0 }, `"body":{"equals":""}`, ""},
		"bytes that are no UTF-8":     {func(r *Record) { r.RequestBody, r.RequestSize = []byte("a\xff"), 2 }, `"body":{"text":"a"}`, ""},
		"a long body that grows":      {func(r *Record) { r.RequestBody, r.RequestSize = bytes.Repeat([]byte("a\xff"), MaxBody/2), MaxBody+1 }, `"body":{"text":"b"}`, "its body was not kept whole"},
		"a secret header":             {func(*Record) {}, `"headers":{"Authorization":"Bearer secret"}`, "the value of its header authorization was not kept"},
		"a secret header is there":    {func(*Record) {}, `"headers":{"Authorization":{"matches":"."}}`, ""},
		"a secret query parameter":    {func(r *Record) { r.Query = "x-api-key=k" }, `"query":{"x-api-key":"k"}`, "the value of its query x-api-key was not kept"},
		"a key in a query is unasked": {func(r *Record) { r.Query = "x-api-key=k&a=b" }, `"query":{"a":"b"}`, ""},
	} {
		l := NewRing()
		r := order(0, `{"a":1}`)
		c.change(r)
		l.Add(r)
		for times, wanted := range map[string]string{`{"atLeast":1}`: "at least 1", "0": "0"} {
			got, want := verified(t, l, `{"calls":[{"name":"it",`+c.match+`,"times":`+times+`}]}`), "1"
			switch {
			case c.why != "":
				want = fmt.Sprintf(cannot, wanted, c.why)
			case times == "0":
				want = "1\nit was called 1 time, wanted 0"
			}
			if got != want {
				t.Errorf("%s, %s:\n got:  %s\n want: %s", name, times, got, want)
			}
		}
	}
}

func TestVerify_Contract(t *testing.T) {
	t.Parallel()
	violations := func(severity string) func(*Record) {
		return func(r *Record) {
			r.ResponseHeader = []engine.Field{{Name: "Sl-Violations", Values: []string{`[{"location":["request","body","a"],"severity":"` + severity + `","code":"type","message":"must be integer"}]`}}}
		}
	}
	for name, c := range map[string]struct {
		change func(*Record)
		broken string
	}{
		"kept":                  {func(*Record) {}, ""},
		"a declared error":      {func(r *Record) { r.Status = 404 }, ""},
		"the mock's own error":  {func(r *Record) { r.Type, r.Name = Error, "no such path" }, "no such path"},
		"violations":            {violations("Error"), "request body a must be integer"},
		"warnings":              {violations("Warning"), ""},
		"a header that is none": {func(r *Record) { r.ResponseHeader = []engine.Field{{Name: "sl-violations", Values: []string{"?"}}} }, "?"},
	} {
		l := NewRing()
		r := order(0, `{"a":1}`)
		c.change(r)
		l.Add(r)
		if kept := verified(t, l, `{"calls":[{"contract":true}]}`) == "1"; kept != (c.broken == "") {
			t.Errorf("%s: the contract is kept: %t", name, kept)
		}
		if broken := verified(t, l, `{"calls":[{"contract":false}]}`) == "1"; broken == (c.broken == "") {
			t.Errorf("%s: the contract is broken: %t", name, broken)
		}
		page, err := l.List(t.Context(), Filter{Limit: 1, Full: true})
		if err != nil || page.Calls[0].broken() != c.broken {
			t.Errorf("%s: it is broken by %q, %v", name, page.Calls[0].broken(), err)
		}
	}
}

// endless has calls without an end; each page takes a while.
type endless struct {
	Log
	wait time.Duration
}

func (l endless) List(ctx context.Context, f Filter) (Page, error) {
	if l.wait > 0 {
		select {
		case <-ctx.Done():
			return Page{}, ctx.Err()
		case <-time.After(l.wait):
		}
	}
	page := Page{Next: "more"}
	for range f.Limit {
		page.Calls = append(page.Calls, &Entry{Method: "GET", Path: "/"})
	}
	return page, nil
}

func TestVerify_TooManyCalls_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	v, err := ParseVerification([]byte(`{"only":true}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Verify(t.Context(), endless{}, "m", v)
	if !errors.Is(err, ErrTooManyCalls) || err.Error() != `there are more than 100000 calls; narrow it down: "since" leaves out what came before a time or a call, "session" what others called` {
		t.Error(err)
	}
	synctest.Test(t, func(t *testing.T) {
		_, err := Verify(t.Context(), endless{wait: 3 * time.Second}, "m", v)
		if !errors.Is(err, ErrTooManyCalls) || !strings.HasPrefix(err.Error(), "700 calls were looked at in 10s, and there are more; narrow it down") {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = Verify(ctx, endless{wait: time.Minute}, "m", v); !errors.Is(err, context.Canceled) || errors.Is(err, ErrTooManyCalls) {
		t.Errorf("whoever asked has gone: %v", err)
	}
}

func TestNextLimit_FollowsTheSizeOfCalls(t *testing.T) {
	t.Parallel()
	page := func(n, size int) *Page {
		p := &Page{}
		for range n {
			p.Calls = append(p.Calls, &Entry{Request: Message{Body: strings.Repeat("a", size)}})
		}
		return p
	}
	for _, c := range []struct{ limit, size, want int }{
		{100, 100, 200}, {2000, 100, 2000}, {100, 60 << 10, 100}, {1000, 60 << 10, 250}, {40, 1 << 20, 25},
	} {
		if got := nextLimit(c.limit, page(c.limit, c.size)); got != c.want {
			t.Errorf("after %d calls of %d bytes: %d, want %d", c.limit, c.size, got, c.want)
		}
	}
}
