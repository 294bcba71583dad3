package tracing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Transport has a span made of each call to the outside that belongs to a call,
// and sends its trace along.
func (t *Tracer) Transport(next http.RoundTripper) http.RoundTripper {
	return &transport{t, next}
}

type transport struct {
	tracer *Tracer
	next   http.RoundTripper
}

// RoundTrip makes one call; its span ends when the answer begins.
func (x *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return x.next.RoundTrip(req)
	}
	method, attr := methodOf(req.Method)
	where := *req.URL // without what may be secret
	where.User, where.RawQuery, where.Fragment = nil, "", ""
	ctx, span := x.tracer.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(append(server(req.URL.Host), attr, semconv.URLFull(clip(where.String(), maxText)))...))
	defer span.End()
	req = req.Clone(ctx)
	req.Header.Del("Tracestate") // the client's, which goes on where the trace does
	x.tracer.context.Inject(ctx, propagation.HeaderCarrier(req.Header))
	res, err := x.next.RoundTrip(req)
	switch {
	case err != nil:
		span.SetStatus(codes.Error, "") // the error's text has the URL
		span.SetAttributes(semconv.ErrorTypeKey.String(kindOf(err)))
	case res.StatusCode >= 400:
		span.SetStatus(codes.Error, "")
		span.SetAttributes(semconv.HTTPResponseStatusCode(res.StatusCode), semconv.ErrorTypeKey.String(fmt.Sprint(res.StatusCode)))
	default:
		span.SetAttributes(semconv.HTTPResponseStatusCode(res.StatusCode))
	}
	return res, err
}

// kindOf is the kind of an error, of which there are few.
func kindOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return fmt.Sprintf("%T", err)
}
