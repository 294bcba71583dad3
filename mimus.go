package mimus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
)

// Mock answers HTTP requests as the API of a document would. It never changes
// and is safe for concurrent use. Close it when the document has callbacks.
type Mock struct {
	mock    *engine.Mock
	loaded  *server.Loaded
	handler server.Handler
	log     *slog.Logger

	observers []func(Call)
	bodyLimit int64

	callbacks *server.Outbound // nil where none are made
	mu        sync.Mutex
	sending   bool
	closed    bool
}

// Open reads the document at source, which is a path, a folder that holds
// exactly one document, or an http or https URL, and all files that it refers
// to: an OpenAPI document of 2.0 to 3.2 in JSON or YAML, a Postman collection of
// 1.0.0 to 2.1.0 or the folder of one of 3.0.0, or a recording (HAR).
//
// An operation that can't be served is left out, and [Mock.Diagnostics] tells
// why. A document that can't be read at all, or has nothing to serve, is an
// error; where its place is known the error is a *[SourceError]. Reading takes
// 10 s at most.
func Open(ctx context.Context, source string, opts ...Option) (*Mock, error) {
	found, err := server.Expand([]string{source})
	if err != nil {
		return nil, notFound(source, err)
	}
	if len(found) > 1 {
		return nil, fmt.Errorf("%s holds %d documents and a Mock is made of one; open %s", source, len(found), alternatives(found))
	}
	return build(ctx, server.Source{Location: found[0]}, opts)
}

// Parse is [Open] for a document in memory. The name stands for it in
// diagnostics. Nothing else is read: what the document refers to in other files
// is missing, and diagnosed.
func Parse(ctx context.Context, name string, data []byte, opts ...Option) (*Mock, error) {
	if data == nil {
		data = []byte{}
	}
	return build(ctx, server.Source{Location: name, Data: data}, opts)
}

// notFound gives the error of a source that holds no document the form that
// callers know.
func notFound(source string, err error) error {
	d := Diagnostic{Severity: SeverityError, Code: "file-folder", File: source, Message: strings.TrimPrefix(err.Error(), source+": ")}
	_, missing := os.Stat(source)
	if missing != nil {
		d.Code = "file-missing"
	}
	return &SourceError{Diagnostic: d, cause: missing}
}

// alternatives names the first of some documents.
func alternatives(names []string) string {
	const most = 5
	text := strings.Join(names[:min(len(names), most)], " or ")
	if len(names) > most {
		text += " or another"
	}
	return text
}

func build(ctx context.Context, source server.Source, opts []Option) (*Mock, error) {
	s := settings{source: source}
	for _, o := range opts {
		o(&s)
	}
	if s.err != nil {
		return nil, s.err
	}
	loaded, err := s.source.Load(ctx)
	if err != nil {
		return nil, sourceError(err)
	}
	if err := servable(loaded, s.strict); err != nil {
		return nil, err
	}
	if s.source.Contract && s.engine.State == engine.LivingAuto {
		s.engine.State = engine.LivingOff
	}
	s.engine.Callbacks = s.callbacks != server.CallbacksOff
	m := &Mock{
		mock: loaded.Compile(s.engine), loaded: loaded, log: s.log,
		observers: s.observers, bodyLimit: s.engine.BodyLimit,
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.bodyLimit == 0 {
		m.bodyLimit = defaultBodyLimit
	}
	if m.mock.MakesCallbacks() {
		m.callbacks = server.NewOutbound(s.callbacks, m.log)
	}
	m.handler = server.Handler{Mock: func() *engine.Mock { return m.mock }, Done: m.answered}
	if m.observers != nil {
		m.handler.Before = m.observe
	}
	return m, nil
}

// servable refuses a document without operations and, if strict, one with any
// error.
func servable(loaded *server.Loaded, strict bool) error {
	var first *SourceError
	errorCount := 0
	for _, d := range loaded.Diagnostics {
		if own := diagnosticOf(d); own.Severity == SeverityError {
			if errorCount++; first == nil {
				first = &SourceError{Diagnostic: own}
			}
		}
	}
	switch {
	case !loaded.Serves() && first != nil:
		return fmt.Errorf("%s has no operation that could be served: %w", loaded.Name, first)
	case !loaded.Serves():
		return fmt.Errorf("%s has nothing to serve: add an operation under paths, or a saved response to a request", loaded.Name)
	case strict && errorCount == 1:
		return fmt.Errorf("%w (refused by WithStrictDocument)", first)
	case strict && errorCount > 1:
		return fmt.Errorf("%w (the first of %d errors; refused by WithStrictDocument)", first, errorCount)
	}
	return nil
}

// ServeHTTP answers one request. The path is that of r.URL, so that
// [http.StripPrefix] mounts a Mock below others.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r = asRouted(r); m.observers != nil {
		r = withRecordedBody(r, m.bodyLimit)
	}
	m.handler.ServeHTTP(w, r)
}

// asRouted makes the server's handler look at r.URL where somebody changed it:
// it prefers the request line, which keeps the path as it was sent.
func asRouted(r *http.Request) *http.Request {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	if r.RequestURI == "" || path == r.URL.EscapedPath() && query == r.URL.RawQuery {
		return r
	}
	changed := *r
	changed.RequestURI = ""
	return &changed
}

// observe shows a call to the observers.
func (m *Mock) observe(r *http.Request, req *engine.Request, res *engine.Response, _ time.Duration) {
	for _, f := range m.observers {
		f(m.callOf(r, req, res))
	}
}

// answered does what follows an answer: it reports a fault, and makes callbacks.
func (m *Mock) answered(r *http.Request, _ *engine.Request, res *engine.Response, _ time.Duration) {
	if res.Fault != "" {
		m.log.Error("a fault was contained", slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("fault", res.Fault))
	}
	if m.callbacks == nil || len(res.Callbacks) == 0 {
		return
	}
	if own, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		m.callbacks.Own(own)
	}
	m.mu.Lock()
	if !m.sending && !m.closed {
		m.sending = true
		m.callbacks.Start()
	}
	m.mu.Unlock()
	m.callbacks.Send(res.Callbacks)
}

// Close ends the callbacks: those that are waiting have a second to go out. It
// can be called again, and returns nil. A Mock whose document has no callbacks
// holds nothing that has to be closed. After Close the Mock still answers, and
// makes no callbacks.
func (m *Mock) Close() error {
	if m.callbacks == nil {
		return nil
	}
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	m.callbacks.Stop(ctx)
	return nil
}

// Title is the title of the document; it may be empty.
func (m *Mock) Title() string { return m.loaded.Definition.Title }

// Operation is one operation of a document.
type Operation struct {
	Method   string // upper case
	Path     string // the path template: "/pets/{petId}"
	ID       string // the operationId; may be empty
	Summary  string // may be empty
	Position string // in the document: "petstore.yaml:24:5"
}

// Operations lists what is served, in the document's order.
func (m *Mock) Operations() []Operation {
	out := make([]Operation, 0, len(m.loaded.Definition.Operations))
	for _, op := range m.loaded.Definition.Operations {
		out = append(out, Operation{op.Method, op.Path, op.ID, op.Summary, position(op.Pos)})
	}
	return out
}

func position(p definition.Position) string {
	if p.File == "" || p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}

// Diagnostics lists the problems that were found while the document was read;
// none of them kept it from being served.
func (m *Mock) Diagnostics() []Diagnostic {
	out := make([]Diagnostic, 0, len(m.loaded.Diagnostics))
	for _, d := range m.loaded.Diagnostics {
		out = append(out, diagnosticOf(d))
	}
	return out
}

// sourceError gives an error of reading the form that callers know.
func sourceError(err error) error {
	if own := asSourceError(err); own != nil {
		return own
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("reading the document was stopped: %w", err)
	}
	return err
}
