// Package mimustest serves an OpenAPI document to one test. A call that breaks
// the contract fails the test and shows what was wanted and what was sent. The
// calls are recorded, to be looked at and counted.
package mimustest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/internal/verify"
)

// Call is one call that the server answered.
type Call = mimus.Call

// Option is a setting of a [Server], for [Start] and [StartDocument].
type Option func(*Server)

// With passes settings on to the mock: With(mimus.WithSeed("1")).
func With(opts ...mimus.Option) Option {
	return func(s *Server) { s.opts = append(s.opts, opts...) }
}

// AllowBroken lets calls break the contract without failing the test: those to
// the operations that are named, or all where none is named. An operation is
// named by its operationId or by method and path, either as the document has
// it, "GET /pets/{petId}", or as it is called, "GET /pets/1"; a call that no
// operation takes has only the latter name.
func AllowBroken(operations ...string) Option {
	return func(s *Server) {
		s.allowAll = s.allowAll || len(operations) == 0
		s.allowed = append(s.allowed, operations...)
	}
}

// Server is a mock that listens on a free port of 127.0.0.1 until its test
// ends. It is safe for concurrent use.
type Server struct {
	URL string // "http://127.0.0.1:49152", without a trailing slash

	t        testing.TB
	opts     []mimus.Option
	allowAll bool
	allowed  []string
	mock     *mimus.Mock
	http     *httptest.Server

	mu       sync.Mutex
	calls    []Call
	expected []expectation
}

type expectation struct {
	operation string
	times     int
}

// Start serves the document at source until the test and its subtests have
// ended. The source is what [mimus.Open] takes; a path begins at the folder of
// the test's package. A document that can't be served fails the test at once.
//
// A call that breaks the contract, or that no operation takes, is answered as
// the contract says and fails the test, unless [AllowBroken] says otherwise. At
// the end of the test calls that are under way are cut off.
func Start(t testing.TB, source string, opts ...Option) *Server {
	t.Helper()
	return start(t, opts, func(opts []mimus.Option) (*mimus.Mock, error) {
		return mimus.Open(context.Background(), source, opts...)
	})
}

// StartDocument is [Start] for a document in the test itself, in YAML or JSON.
func StartDocument(t testing.TB, document string, opts ...Option) *Server {
	t.Helper()
	return start(t, opts, func(opts []mimus.Option) (*mimus.Mock, error) {
		return mimus.Parse(context.Background(), "document", []byte(document), opts...)
	})
}

func start(t testing.TB, opts []Option, open func([]mimus.Option) (*mimus.Mock, error)) *Server {
	t.Helper()
	s := &Server{t: t}
	for _, o := range opts {
		o(s)
	}
	mock, err := open(append(s.opts, mimus.WithObserver(s.observe)))
	if err != nil {
		t.Fatalf("mimustest: %v", err)
		return nil
	}
	s.mock = mock
	for _, name := range s.allowed {
		s.known(name)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.http = httptest.NewUnstartedServer(mock)
	s.http.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	s.http.Start()
	s.URL = s.http.URL
	t.Cleanup(func() {
		t.Helper()
		s.http.CloseClientConnections()
		cancel() // ends delays
		s.http.Close()
		_ = mock.Close() // is always nil
		s.checkExpected()
	})
	return s
}

// Client is an HTTP client for the server. It follows no redirects: a test sees
// the answer that was given. Any other client will do as well.
func (s *Server) Client() *http.Client {
	c := *s.http.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// Mock is the mock that is served.
func (s *Server) Mock() *mimus.Mock { return s.mock }

// observe records a call, and fails the test if it broke the contract. It has
// returned before the client gets the first byte of the answer.
func (s *Server) observe(c Call) {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	if c.Fault != "" {
		s.t.Errorf("mimustest: %s failed inside of the mock, which is a fault of Mimus; please report it:\n%s", line(c), c.Fault)
	}
	if broken := c.Broken(); len(broken) > 0 && !s.allows(c) {
		s.t.Errorf("%s", s.report(c, broken))
	}
}

func (s *Server) allows(c Call) bool {
	for _, name := range s.allowed {
		if named(c, name) {
			return true
		}
	}
	return s.allowAll
}

// named reports whether a name of an operation stands for the call's.
func named(c Call, name string) bool {
	return name != "" && (name == c.Operation || name == c.Method+" "+c.Path || c.Route != "" && name == c.Method+" "+c.Route)
}

// known fails the test when there is no operation with an ID. It reports
// nothing of method and path: those of a call are unknown until it is made.
func (s *Server) known(name string) {
	s.t.Helper()
	if strings.Contains(name, " ") {
		return
	}
	var ids []string
	for _, op := range s.mock.Operations() {
		if op.ID == name {
			return
		}
		if op.ID != "" {
			ids = append(ids, op.ID)
		}
	}
	s.t.Errorf("mimustest: there is no operation %q in %s; write an operationId (%s), or method and path like \"GET /pets\"", name, s.title(), verify.List(ids, 10))
}

// Calls are the calls so far, in the order in which they were answered. It
// waits for nothing: a call is there before the client gets the first byte of
// its answer, and before any delay.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// CallsTo are the calls to one operation, which is named as for [AllowBroken].
// An operationId that the document doesn't have fails the test.
func (s *Server) CallsTo(operation string) []Call {
	s.t.Helper()
	s.known(operation)
	return s.callsTo(operation)
}

func (s *Server) callsTo(operation string) []Call {
	var out []Call
	for _, c := range s.Calls() {
		if named(c, operation) {
			out = append(out, c)
		}
	}
	return out
}

// Last is the latest call. Where there is none the test fails at once, so that
// it has to be used from the test's own goroutine.
func (s *Server) Last() Call {
	s.t.Helper()
	calls := s.Calls()
	if len(calls) == 0 {
		s.t.Fatalf("mimustest: no call was made to %s", s.URL)
		return Call{}
	}
	return calls[len(calls)-1]
}

// Expect fails the test at its end unless the operation was called that many
// times, 0 meaning never. It is named as for [AllowBroken].
func (s *Server) Expect(operation string, times int) {
	s.t.Helper()
	s.known(operation)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected = append(s.expected, expectation{operation, times})
}

func (s *Server) checkExpected() {
	s.t.Helper()
	s.mu.Lock()
	expected := s.expected
	s.mu.Unlock()
	for _, e := range expected {
		if got := len(s.callsTo(e.operation)); got != e.times {
			s.t.Errorf("calls to %s:\n  - want: %d\n  + got:  %d\nall calls: %s", e.operation, e.times, got, s.summary())
		}
	}
}
