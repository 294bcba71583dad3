package mimus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
)

// Mock answers HTTP requests as the API of a document would. It is immutable
// and safe for concurrent use. Close it when it makes callbacks.
type Mock struct {
	mock     *engine.Mock
	loaded   *server.Loaded
	handler  server.Handler
	outbound *server.Outbound
	limit    int64
}

// Open reads the OpenAPI document at source, a file or an http or https URL,
// with all it refers to. The error tells file, line and column, and what to do.
func Open(ctx context.Context, source string, opts ...Option) (*Mock, error) {
	return build(ctx, server.Source{Location: source}, opts)
}

// Parse is Open for a document in memory. The name is used in diagnostics;
// references to other files are errors.
func Parse(ctx context.Context, name string, data []byte, opts ...Option) (*Mock, error) {
	return build(ctx, server.Source{Location: name, Data: data}, opts)
}

func build(ctx context.Context, source server.Source, opts []Option) (*Mock, error) {
	s := settings{source: source}
	for _, o := range opts {
		o(&s)
	}
	loaded, err := s.source.Load(ctx)
	if err != nil {
		return nil, err
	}
	m := &Mock{mock: engine.Compile(loaded.Definition, s.engine), loaded: loaded, limit: s.engine.BodyLimit}
	if m.limit <= 0 {
		m.limit = 10 << 20
	}
	log := s.log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m.handler.Mock = func() *engine.Mock { return m.mock }
	m.handler.Done = func(_ *http.Request, _ *engine.Request, res *engine.Response, _ time.Duration) {
		if res.Fault != "" {
			log.Error("a fault was contained", slog.String("fault", res.Fault))
		}
	}
	if s.observer != nil {
		m.handler.Before = func(r *http.Request, req *engine.Request, res *engine.Response) {
			s.observer(callOf(r, req, res))
		}
	}
	if s.engine.Callbacks {
		m.outbound = server.NewOutbound(s.callbacks, log)
		m.outbound.Start()
		m.handler.Callbacks = m.outbound.Send
	}
	return m, nil
}

// ServeHTTP answers one request.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m.handler.Before != nil && r.Body != nil {
		// The observer sees the body, also where the answer doesn't need it.
		data, err := io.ReadAll(io.LimitReader(r.Body, m.limit+1))
		r = r.Clone(context.WithValue(r.Context(), bodyKey{}, data))
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(data), failing{err}))
	}
	m.handler.ServeHTTP(w, r)
}

type bodyKey struct{}

// failing repeats the error that reading a body ended with.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

// Close ends the mock's callbacks: those that are waiting get a second. A mock
// without callbacks needs no Close.
func (m *Mock) Close() error {
	if m.outbound == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	m.outbound.Stop(ctx)
	return nil
}

// Title is the title of the document.
func (m *Mock) Title() string { return m.loaded.Definition.Title }

// Operation is one operation of the document.
type Operation struct {
	Method  string
	Path    string // the path template
	ID      string // operationId, may be empty
	Summary string
}

// Operations lists what is served, in the document's order.
func (m *Mock) Operations() []Operation {
	var out []Operation
	for _, op := range m.loaded.Definition.Operations {
		out = append(out, Operation{op.Method, op.Path, op.ID, op.Summary})
	}
	return out
}

// Diagnostic is a problem of the document.
type Diagnostic struct {
	Severity string // "error", "warning" or "info"
	Code     string // kebab-case, stable
	File     string
	Line     int // from 1; 0 where there is none
	Column   int
	Message  string
	Hint     string // what to do
}

// String writes the diagnostic as file:line:column: severity: message; hint.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s; %s", d.File, d.Line, d.Column, d.Severity, d.Message, d.Hint)
}

// Diagnostics lists the problems that were found while the document was read.
func (m *Mock) Diagnostics() []Diagnostic {
	var out []Diagnostic
	for _, d := range m.loaded.Diagnostics {
		out = append(out, diagnosticOf(d))
	}
	return out
}

func diagnosticOf(d document.Diagnostic) Diagnostic {
	return Diagnostic{Severity: d.Severity.String(), Code: d.Code, File: d.File, Line: d.Line, Column: d.Col, Message: d.Message, Hint: d.Hint}
}
