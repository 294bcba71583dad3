package tracing

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/mimus-dev/mimus/internal/engine"
)

// Bounds of what a span has of a call.
const (
	maxLines = 16   // of the trace
	maxLine  = 200  // bytes of one
	maxText  = 1000 // bytes of any other text
)

// call is a call with its span, as long as it is answered.
type call struct {
	http.ResponseWriter
	span   trace.Span
	method string
	route  string
	status int
	// answered is that a mock answered: it may send nothing all the same.
	answered bool
	// fine is an answer that the mock was made to give, whatever its status.
	fine bool
}

type callKey struct{}

// of is the call of a context; nil where it is not recorded.
func of(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// Handler has a span made of each call that is answered, but for those that ask
// how the server is.
func (t *Tracer) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asksHow(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		ctx := t.context.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		method, attrs := request(r)
		ctx, span := t.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attrs...))
		if !span.IsRecording() {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		c := &call{ResponseWriter: w, span: span, method: method}
		whole := false
		defer func() { c.end(whole) }() // the handler may panic to break the connection
		next.ServeHTTP(c, r.WithContext(context.WithValue(ctx, callKey{}, c)))
		whole = true
	})
}

// asksHow reports whether a path is asked again and again by what watches over
// the server.
func asksHow(path string) bool {
	switch path {
	case "/_mimus/health", "/_mimus/ready", "/_mimus/metrics":
		return true
	}
	return false
}

// request is what is known of a call at its beginning, which samplers see too:
// nothing of its fields or its query, which may be secret.
func request(r *http.Request) (method string, attrs []attribute.KeyValue) {
	method, attr := methodOf(r.Method)
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	attrs = append(make([]attribute.KeyValue, 0, 6), attr, semconv.URLScheme(scheme), semconv.URLPath(clip(r.URL.EscapedPath(), maxText)),
		semconv.NetworkProtocolVersion(strings.TrimPrefix(strings.TrimSuffix(r.Proto, ".0"), "HTTP/")))
	return method, append(attrs, server(r.Host)...)
}

// server tells of a host as it stands in a URL.
func server(host string) []attribute.KeyValue {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if name == "" {
		return nil
	}
	attrs := []attribute.KeyValue{semconv.ServerAddress(clip(name, maxText))}
	if n, err := strconv.ParseUint(port, 10, 16); err == nil {
		attrs = append(attrs, semconv.ServerPort(int(n)))
	}
	return attrs
}

// methodOf gives a method for the name of a span, and its attribute: one that
// no standard knows is "HTTP" and "_OTHER", so that both stay few.
func methodOf(method string) (string, attribute.KeyValue) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY":
		return method, semconv.HTTPRequestMethodKey.String(method)
	}
	return "HTTP", semconv.HTTPRequestMethodOther
}

// Answered tells the span of a call what a mock answered, before it is written.
func Answered(ctx context.Context, mock string, req *engine.Request, res *engine.Response) {
	c := of(ctx)
	if c == nil {
		return
	}
	c.answered, c.route = true, clip(res.Route, maxText)
	// A fault that was asked for is no error of the mock's.
	c.fine = res.Fault == "" && (res.Mistake == "" || res.Responder == "faults")
	attrs := append(make([]attribute.KeyValue, 0, 6), attribute.String("mimus.mock", clip(mock, maxText)), attribute.String("mimus.responder", res.Responder))
	if res.Operation != "" {
		attrs = append(attrs, attribute.String("mimus.operation", clip(res.Operation, maxText)))
	}
	if res.Example != "" {
		attrs = append(attrs, attribute.String("mimus.example", clip(res.Example, maxText)))
	}
	if len(res.Trace) > 0 {
		attrs = append(attrs, attribute.StringSlice("mimus.trace", lines(req, res)))
	}
	c.span.SetAttributes(attrs...)
}

// lines is the trace of an answer, its last lines where there are too many.
func lines(req *engine.Request, res *engine.Response) []string {
	all := res.Trace[max(0, len(res.Trace)-maxLines):]
	v := newVeil(req)
	out := make([]string, len(all))
	for i := range all {
		out[i] = clip(v.hide(all[i].Responder+": "+all[i].Why), maxLine)
	}
	return out
}

// Routed tells the span of a call which route of the management it takes.
func Routed(ctx context.Context, route string) {
	if c := of(ctx); c != nil {
		c.route = route
	}
}

// end ends the span of a call. One that is not whole was broken off.
func (c *call) end(whole bool) {
	if c.status == 0 && whole && !c.answered {
		c.status = http.StatusOK // net/http sends it by itself
	}
	if c.route != "" {
		c.span.SetName(c.method + " " + c.route)
		c.span.SetAttributes(semconv.HTTPRoute(c.route))
	}
	if c.status != 0 {
		c.span.SetAttributes(semconv.HTTPResponseStatusCode(c.status))
	}
	switch {
	case c.fine:
	case c.status >= 500:
		c.fail(strconv.Itoa(c.status))
	case !whole:
		c.fail("broken off")
	}
	c.span.End()
}

// fail says that a call failed. There is no description: it would quote the
// request.
func (c *call) fail(kind string) {
	c.span.SetStatus(codes.Error, "")
	c.span.SetAttributes(semconv.ErrorTypeKey.String(kind))
}

// WriteHeader notes the status of the answer.
func (c *call) WriteHeader(status int) {
	if c.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the answer.
func (c *call) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	return c.ResponseWriter.Write(p)
}

// Flush sends what was written; who can't be flushed gets it later.
func (c *call) Flush() { _ = c.FlushError() }

// FlushError sends what was written, and tells where it can't.
func (c *call) FlushError() error { return http.NewResponseController(c.ResponseWriter).Flush() }

// Unwrap gives the writer below, for http.ResponseController.
func (c *call) Unwrap() http.ResponseWriter { return c.ResponseWriter }
