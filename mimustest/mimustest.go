// Package mimustest serves an API document to one test. A call that breaks the
// contract fails the test, with what was expected and what was sent; the calls
// are recorded and can be looked at.
package mimustest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/mimus-dev/mimus"
)

// Option is a setting of a Server.
type Option func(*Server)

// With passes settings on to the mock.
func With(opts ...mimus.Option) Option {
	return func(s *Server) { s.opts = append(s.opts, opts...) }
}

// AllowBroken lets calls break the contract without failing the test: those of
// the operations that are named, by operationId or as "GET /path", or all where
// none is named. Calls that no operation takes have the name "".
func AllowBroken(operations ...string) Option {
	return func(s *Server) {
		if len(operations) == 0 {
			s.allowAll = true
		}
		for _, o := range operations {
			s.allowed[o] = true
		}
	}
}

// Server is a mock on a port of its own, for one test.
type Server struct {
	URL string // without a trailing slash

	t        testing.TB
	opts     []mimus.Option
	allowAll bool
	allowed  map[string]bool
	http     *httptest.Server

	mu       sync.Mutex
	calls    []mimus.Call
	expected []expectation
	over     bool
}

type expectation struct {
	operation string
	times     int
}

// Start serves the document at source, a file or a URL, until the test ends. A
// document that can't be read fails the test at once.
func Start(t testing.TB, source string, opts ...Option) *Server {
	t.Helper()
	return start(t, opts, func(o []mimus.Option) (*mimus.Mock, error) { return mimus.Open(context.Background(), source, o...) })
}

// StartDocument is Start for a document in memory.
func StartDocument(t testing.TB, document string, opts ...Option) *Server {
	t.Helper()
	return start(t, opts, func(o []mimus.Option) (*mimus.Mock, error) {
		return mimus.Parse(context.Background(), "document", []byte(document), o...)
	})
}

func start(t testing.TB, opts []Option, open func([]mimus.Option) (*mimus.Mock, error)) *Server {
	t.Helper()
	s := &Server{t: t, allowed: map[string]bool{}}
	for _, o := range opts {
		o(s)
	}
	mock, err := open(append(s.opts, mimus.WithObserver(s.observe)))
	if err != nil {
		t.Fatalf("mimustest: %v", err)
		return s
	}
	s.http = httptest.NewServer(mock)
	s.URL = s.http.URL
	t.Cleanup(func() {
		t.Helper()
		s.http.Close()
		_ = mock.Close() // it has no error to tell
		s.finish()
	})
	return s
}

// Client is a client for the server. It follows no redirects, so that a test
// sees the answer that was given.
func (s *Server) Client() *http.Client {
	c := *s.http.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// observe records a call, and fails the test if it broke the contract. It runs
// before the client has the answer.
func (s *Server) observe(c mimus.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	if s.over || s.allowAll || s.allowed[c.Operation] || s.allowed[c.Method+" "+c.Route] {
		return
	}
	switch broken := c.Broken(); {
	case len(broken) > 0:
		s.t.Errorf("%s", report(c, broken))
	case c.Operation == "" && c.Method != http.MethodOptions:
		s.t.Errorf("%s %s: the contract has no such operation\n  answer: %s", c.Method, c.Path, clip(string(c.ResponseBody)))
	}
}

// report is the text of a call that broke the contract: what was expected at
// each place, and what was sent.
func report(c mimus.Call, broken []mimus.Violation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s broke the contract of %s:\n", c.Method, c.Path, c.Operation)
	for _, v := range broken {
		place := strings.Join(v.Location, ".")
		if place == "" {
			place = "credentials"
		}
		fmt.Fprintf(&b, "  %s\n    want: it %s\n", place, strings.TrimPrefix(v.Message, "Body parameter "))
		if got, ok := sent(c, v.Location); ok {
			fmt.Fprintf(&b, "    got:  %s\n", clip(got))
		}
	}
	fmt.Fprintf(&b, "  answered with %d", c.Status)
	return b.String()
}

// Calls are the calls so far, in the order in which they were answered. Once a
// client has an answer, its call is among them.
func (s *Server) Calls() []mimus.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]mimus.Call(nil), s.calls...)
}

// CallsTo are the calls of one operation, named by operationId or as
// "GET /path".
func (s *Server) CallsTo(operation string) []mimus.Call {
	var out []mimus.Call
	for _, c := range s.Calls() {
		if c.Operation == operation || c.Method+" "+c.Route == operation {
			out = append(out, c)
		}
	}
	return out
}

// Expect fails the test at its end unless the operation was called that many
// times.
func (s *Server) Expect(operation string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected = append(s.expected, expectation{operation, times})
}

func (s *Server) finish() {
	s.t.Helper()
	s.mu.Lock()
	expected := s.expected
	s.over = true
	s.mu.Unlock()
	for _, e := range expected {
		if got := len(s.CallsTo(e.operation)); got != e.times {
			s.t.Errorf("%s was called %d times\n  want: %d\n  calls: %s", e.operation, got, e.times, s.summary())
		}
	}
}

// summary lists what was called.
func (s *Server) summary() string {
	var lines []string
	for _, c := range s.Calls() {
		lines = append(lines, fmt.Sprintf("%s %s (%d)", c.Method, c.Path, c.Status))
	}
	if lines == nil {
		return "none"
	}
	return strings.Join(lines, ", ")
}
