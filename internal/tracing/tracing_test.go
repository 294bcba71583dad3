package tracing

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	pb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/tracing/otlptest"
)

// variables are all that a test may find set in the environment.
var variables = []string{
	"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL",
	"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME",
}

func setEnv(t *testing.T, set ...string) {
	t.Helper()
	for _, name := range variables {
		t.Setenv(name, "")
	}
	for _, s := range set {
		name, value, _ := strings.Cut(s, "=")
		t.Setenv(name, value)
	}
}

// Tracing is on where the environment says so, as with any other program.
func TestExporters_AreWhatTheEnvironmentSays(t *testing.T) {
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318"
	for _, test := range []struct {
		set       string // by spaces
		want, err string
	}{
		{"", "", ""},
		{endpoint, "otlp", ""},
		{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector/traces", "otlp", ""},
		{"OTEL_TRACES_EXPORTER=otlp", "otlp", ""},
		{"OTEL_TRACES_EXPORTER=console", "console", ""},
		{"OTEL_TRACES_EXPORTER=otlp,console,otlp", "otlp,console", ""},
		{"OTEL_TRACES_EXPORTER=none " + endpoint, "", ""},
		{"OTEL_SDK_DISABLED=TRUE " + endpoint, "", ""},
		{"OTEL_SDK_DISABLED=false " + endpoint, "otlp", ""},
		{"OTEL_TRACES_EXPORTER=zipkin", "", "no exporter"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc " + endpoint, "", "gRPC is not supported; set http/protobuf"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json " + endpoint, "otlp", ""},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=thrift " + endpoint, "", "no protocol"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_TRACES_EXPORTER=console", "console", ""},
		{"OTEL_EXPORTER_OTLP_ENDPOINT=user:hunter2@collector:4318", "", "takes a URL"},
		{"OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.1 " + endpoint, "otlp", ""},
		{"OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=NaN " + endpoint, "", "not a share"},
		{"OTEL_TRACES_SAMPLER=jaeger_remote " + endpoint, "", "no sampler"},
	} {
		setEnv(t, strings.Fields(test.set)...)
		names, err := exporters()
		switch {
		case err == nil && (test.err != "" || strings.Join(names, ",") != test.want):
			t.Errorf("%s: %q, want %q %q", test.set, names, test.want, test.err)
		case err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: %v, want %q", test.set, err, test.err)
		}
	}
}

func TestOpen_WithoutAWordOfTraces_IsNone(t *testing.T) {
	setEnv(t)
	tracer, err := Open(t.Context(), Config{})
	if tracer != nil || err != nil {
		t.Errorf("there is a tracer %v, %v", tracer, err)
	}
	tracer.Close() // is for all
}

// traced opens a tracer to a collector.
func traced(t *testing.T, set ...string) (*Tracer, *otlptest.Collector) {
	t.Helper()
	c := otlptest.Start(t)
	setEnv(t, append(set, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL)...)
	tracer, err := Open(t.Context(), Config{Version: "1.2.3"})
	if err != nil || tracer == nil {
		t.Fatalf("%v, %v", tracer, err)
	}
	t.Cleanup(tracer.Close)
	return tracer, c
}

// answers has a mock answer as a test says.
func answers(res engine.Response) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Answered(r.Context(), "pets", &engine.Request{Header: r.Header, RawQuery: r.URL.RawQuery}, &res)
		if res.Break == engine.Whole {
			w.WriteHeader(res.Status)
		}
	})
}

const (
	parentTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	parentSpan  = "00f067aa0ba902b7"
)

func TestHandler_ACall_IsASpanOfTheClientsTrace(t *testing.T) {
	tracer, c := traced(t, "OTEL_SERVICE_NAME=shop", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=ci,service.version=9", "OTEL_EXPORTER_OTLP_HEADERS=x-tenant=blue")
	r := httptest.NewRequest("GET", "http://mimus.local:4010/shop/pets/7?token=hunter2", nil)
	r.Header.Set("Traceparent", "00-"+parentTrace+"-"+parentSpan+"-01")
	r.Header.Set("Tracestate", "vendor=1")
	id := ""
	next := answers(engine.Response{Status: 200, Route: "/pets/{id}", Operation: "getPet", Example: "rex", Responder: "contract", Trace: []engine.TraceLine{
		{Responder: "route", Why: "getPet has this path"}, {Responder: "contract", Why: "the first example"},
	}})
	tracer.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id = ID(r.Context())
		next.ServeHTTP(w, r)
	})).ServeHTTP(httptest.NewRecorder(), r)
	tracer.Close()

	s := c.Named(t, "GET /pets/{id}")
	if id != parentTrace || hex.EncodeToString(s.TraceId) != parentTrace || hex.EncodeToString(s.ParentSpanId) != parentSpan || s.TraceState != "vendor=1" {
		t.Errorf("it belongs to %s (%x), %x, %s", id, s.TraceId, s.ParentSpanId, s.TraceState)
	}
	if s.Kind != pb.Span_SPAN_KIND_SERVER || s.Status.GetCode() != pb.Status_STATUS_CODE_UNSET {
		t.Errorf("it is of the kind %v, and %v", s.Kind, s.Status)
	}
	want := map[string]any{
		"http.request.method": "GET", "url.scheme": "http", "url.path": "/shop/pets/7", "http.route": "/pets/{id}", "http.response.status_code": int64(200),
		"server.address": "mimus.local", "server.port": int64(4010), "network.protocol.version": "1.1",
		"mimus.mock": "pets", "mimus.operation": "getPet", "mimus.responder": "contract", "mimus.example": "rex",
		"mimus.trace": []string{"route: getPet has this path", "contract: the first example"},
	}
	if fmt.Sprint(s.Attrs) != fmt.Sprint(want) {
		t.Errorf("it has\n%v, want\n%v", s.Attrs, want)
	}
	if about := c.Resource(); about["service.name"] != "shop" || about["service.version"] != "9" || about["deployment.environment.name"] != "ci" || about["service.instance.id"] == nil {
		t.Errorf("it comes from %v", about)
	}
	if c.Header().Get("X-Tenant") != "blue" {
		t.Errorf("it came with %v", c.Header())
	}
}

func TestHandler_WithoutAName_TheServiceIsMimus(t *testing.T) {
	tracer, c := traced(t)
	tracer.Handler(answers(engine.Response{Status: 404, Mistake: "no operation has this path"})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PURGE", "/a%ff", nil))
	tracer.Close()
	s := c.Named(t, "HTTP") // no path that was made up, and no method, makes another name
	if s.Attrs["http.request.method"] != "_OTHER" || s.Attrs["http.route"] != nil {
		t.Errorf("it has %v", s.Attrs)
	}
	if about := c.Resource(); about["service.name"] != "mimus" || about["service.version"] != "1.2.3" {
		t.Errorf("it comes from %v", about)
	}
}

// An error that the API declares is what the mock is for; one of its own is not.
func TestHandler_OnlyAFailureOfTheMockItself_IsAnError(t *testing.T) {
	tracer, c := traced(t)
	broken := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, test := range map[string]struct {
		next http.Handler
		kind string // "": no error
	}{
		"declared": {answers(engine.Response{Status: 503, Route: "/declared"}), ""},
		"client":   {answers(engine.Response{Status: 422, Route: "/client", Mistake: "the body is wrong"}), ""},
		"own":      {answers(engine.Response{Status: 502, Route: "/own", Responder: "problem", Mistake: "the upstream can't be asked"}), "502"},
		"asked":    {answers(engine.Response{Status: 500, Route: "/asked", Responder: "faults", Mistake: "a fault was drawn"}), ""},
		"panic":    {answers(engine.Response{Status: 500, Route: "/panic", Fault: "index out of range"}), "500"},
		"silent":   {answers(engine.Response{Status: 502, Route: "/silent", Responder: "faults", Mistake: "a fault was drawn", Break: engine.BreakReset}), ""},
		"plain":    {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Routed(r.Context(), "/plain"); w.WriteHeader(500) }), "500"},
		"broken":   {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Routed(r.Context(), "/broken"); broken(w, r) }), "broken off"},
		"empty":    {http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { Routed(r.Context(), "/empty") }), ""},
	} {
		func() {
			defer func() {
				if p := recover(); p != nil && name != "broken" {
					t.Errorf("%s: %v", name, p)
				}
			}()
			tracer.Handler(test.next).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
		if err := tracer.provider.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := c.Named(t, "GET /"+name)
		if failed := s.Status.GetCode() == pb.Status_STATUS_CODE_ERROR; failed != (test.kind != "") || failed && s.Attrs["error.type"] != test.kind {
			t.Errorf("%s: is %v, %v", name, s.Status, s.Attrs)
		}
		if s.Status.GetMessage() != "" {
			t.Errorf("%s: a description may quote the request: %q", name, s.Status.GetMessage())
		}
	}
	if s := c.Named(t, "GET /silent"); s.Attrs["http.response.status_code"] != nil {
		t.Errorf("nothing was sent, but the span has a status: %v", s.Attrs)
	}
	if s := c.Named(t, "GET /empty"); s.Attrs["http.response.status_code"] != int64(200) {
		t.Errorf("net/http sends 200 where nobody else does: %v", s.Attrs)
	}
}

func TestHandler_WhoAsksHowTheServerIs_MakesNoSpans(t *testing.T) {
	tracer, c := traced(t)
	for _, path := range []string{"/_mimus/health", "/_mimus/ready", "/_mimus/metrics"} {
		tracer.Handler(answers(engine.Response{Status: 200})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	tracer.Close()
	if len(c.Spans()) != 0 {
		t.Errorf("there are %v", c.Spans())
	}
}

func TestHandler_WhatIsNotSampled_StillHasATrace(t *testing.T) {
	tracer, c := traced(t, "OTEL_TRACES_SAMPLER=always_off")
	id := ""
	tracer.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id = ID(r.Context())
		answers(engine.Response{Status: 200}).ServeHTTP(w, r)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	tracer.Close()
	if len(id) != 32 || len(c.Spans()) != 0 {
		t.Errorf("the trace is %q, and there are %v", id, c.Spans())
	}
}

// Spans go to people who may see no secrets of those who call.
func TestHandler_TheTrace_IsBoundedAndHasNoSecrets(t *testing.T) {
	tracer, c := traced(t)
	res := engine.Response{Status: 200, Route: "/a"}
	for i := range 40 {
		res.Trace = append(res.Trace, engine.TraceLine{Responder: "saved", Why: fmt.Sprintf("%d \xff hunter2 tok%%20en tok en abcdefghij secretcookie application/json %s", i, strings.Repeat("ü", 200))})
	}
	r := httptest.NewRequest("GET", "/a?password=hunter2&t=tok%20en&x=1", nil)
	r.Header.Set("Authorization", "Bearer abcdefghij")
	r.Header.Set("Cookie", "session=secretcookie; b=2")
	r.Header.Set("Accept", "application/json")
	tracer.Handler(answers(res)).ServeHTTP(httptest.NewRecorder(), r)
	tracer.Close()
	s := c.Named(t, "GET /a")
	lines := s.Attrs["mimus.trace"].([]string)
	if len(lines) != maxLines || !strings.HasPrefix(lines[maxLines-1], "saved: 39 ? … … … … … application/json ü") {
		t.Errorf("the last of %d lines is %q", len(lines), lines[len(lines)-1])
	}
	for _, line := range lines {
		if len(line) > maxLine || !utf8.ValidString(line) {
			t.Errorf("a line has %d bytes: %q", len(line), line)
		}
	}
	for _, secret := range []string{"hunter2", "abcdefghij", "secretcookie"} {
		if strings.Contains(fmt.Sprint(s.Attrs), secret) {
			t.Errorf("%s is in %v", secret, s.Attrs)
		}
	}
}

func TestTransport_AnUpstream_IsToldTheTrace(t *testing.T) {
	tracer, c := traced(t)
	var got http.Header
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(404)
	}))
	t.Cleanup(upstream.Close)
	client := &http.Client{Transport: tracer.Transport(http.DefaultTransport)}
	tracer.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		Routed(r.Context(), "/outer")
		req, _ := http.NewRequestWithContext(r.Context(), "GET", strings.Replace(upstream.URL, "http://", "http://user:hunter2@", 1)+"/pets?token=hunter2", nil)
		req.Header.Set("Traceparent", "00-"+parentTrace+"-"+parentSpan+"-01")
		req.Header.Set("Tracestate", "of=another")
		res, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		res.Body.Close()
		if _, err := client.Get("http://127.0.0.1:1/"); err == nil { // of no call
			t.Error("somebody listens on port 1")
		}
		req, _ = http.NewRequestWithContext(r.Context(), "POST", "http://127.0.0.1:1/", nil)
		if _, err := client.Do(req); err == nil {
			t.Error("somebody listens on port 1")
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	tracer.Close()

	outer, inner := c.Named(t, "GET /outer"), c.Named(t, "GET")
	if !bytes.Equal(inner.ParentSpanId, outer.SpanId) || inner.Kind != pb.Span_SPAN_KIND_CLIENT || inner.Attrs["url.full"] != upstream.URL+"/pets" || inner.Attrs["http.response.status_code"] != int64(404) {
		t.Errorf("the call is %v", inner)
	}
	if want := fmt.Sprintf("00-%x-%x-01", outer.TraceId, inner.SpanId); got.Get("Traceparent") != want || got.Get("Tracestate") != "" {
		t.Errorf("it was told %q %q, want %q", got.Get("Traceparent"), got.Get("Tracestate"), want)
	}
	if failed := c.Named(t, "POST"); failed.Status.GetCode() != pb.Status_STATUS_CODE_ERROR || failed.Attrs["error.type"] != "*net.OpError" {
		t.Errorf("a call that failed is %v", failed)
	}
}

// failing is an exporter that fails as long as it is told to.
type failing struct {
	sdk.SpanExporter
	err error
}

func (f *failing) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return f.err }

func TestReporter_TellsOnceAMinute(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now := time.Unix(0, 0)
	e := &failing{err: errors.New("connection refused")}
	r := &reporter{SpanExporter: e, log: slog.New(slog.NewTextHandler(&log, nil)), now: func() time.Time { return now }}
	send := func(d time.Duration) string {
		log.Reset()
		now = now.Add(d)
		if err := r.ExportSpans(t.Context(), make([]sdk.ReadOnlySpan, 2)); err != nil {
			t.Errorf("the SDK would tell the whole process: %v", err)
		}
		return log.String()
	}
	if got := send(0); !strings.Contains(got, `level=WARN msg="spans can't be sent" lost=2 error="connection refused"`) {
		t.Errorf("the first time: %s", got)
	}
	if got := send(59 * time.Second); got != "" {
		t.Errorf("within a minute: %s", got)
	}
	if got := send(time.Second); !strings.Contains(got, "lost=4") {
		t.Errorf("after a minute: %s", got)
	}
	send(time.Second)
	e.err = nil
	if got := send(0); !strings.Contains(got, `msg="spans are sent again" lost=2`) {
		t.Errorf("then: %s", got)
	}
	if got := send(0); got != "" {
		t.Errorf("when all is well: %s", got)
	}
}

// hanging is an exporter that never answers.
type hanging struct{ calls chan struct{} }

func (h hanging) ExportSpans(ctx context.Context, _ []sdk.ReadOnlySpan) error {
	<-h.calls
	return ctx.Err()
}
func (hanging) Shutdown(context.Context) error { return nil }

// Whatever becomes of the collector, calls are answered, and a server ends.
func TestTracer_ACollectorThatHangs_HoldsNothingUp(t *testing.T) {
	setEnv(t)
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		var log bytes.Buffer
		cfg := Config{Log: slog.New(slog.NewTextHandler(&log, nil))}
		tracer := newTracer(t.Context(), cfg, sdk.WithBatcher(hanging{end}))
		h := tracer.Handler(answers(engine.Response{Status: 200, Route: "/a"}))
		start := time.Now() // of the test's own clock, which stands still while anything runs
		for range 5000 {    // more than the queue takes
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("calls waited for %s", took)
		}
		tracer.Close()
		if took := time.Since(start); took != flushTime {
			t.Errorf("the end took %s, want %s", took, flushTime)
		}
		if !strings.Contains(log.String(), "the last spans were not sent") {
			t.Errorf("the log says %s", log.String())
		}
		close(end)
	})
}

func TestOpen_Console_WritesSpans(t *testing.T) {
	setEnv(t, "OTEL_TRACES_EXPORTER=console")
	var out bytes.Buffer
	tracer, err := Open(t.Context(), Config{Console: &out})
	if err != nil {
		t.Fatal(err)
	}
	tracer.Handler(answers(engine.Response{Status: 200, Route: "/a"})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	tracer.Close()
	if strings.Count(out.String(), "\n") != 1 || !strings.Contains(out.String(), `"Name":"GET /a"`) {
		t.Errorf("it wrote %s", out.String())
	}
}

// drop is an exporter that sends nothing.
type drop struct{}

func (drop) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return nil }
func (drop) Shutdown(context.Context) error                        { return nil }

// What a span costs the call that it is of; without a tracer there is nothing
// to measure.
func BenchmarkHandler(b *testing.B) {
	tracer := newTracer(b.Context(), Config{Log: slog.New(slog.DiscardHandler)}, sdk.WithBatcher(drop{}))
	defer tracer.Close()
	h := tracer.Handler(answers(engine.Response{Status: 200, Route: "/pets/{id}", Operation: "getPet", Responder: "contract", Trace: []engine.TraceLine{
		{Responder: "route", Why: "getPet has this path"}, {Responder: "contract", Why: "the first example"},
	}}))
	r := httptest.NewRequest("GET", "/pets/7?limit=2&token=abcdef", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Authorization", "Bearer abcdefghij")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
