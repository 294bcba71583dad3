// Package tracing makes spans of the calls that are answered, where
// OpenTelemetry is configured.
package tracing

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Config is what a tracer is made with, beside the environment.
type Config struct {
	Version string
	Console io.Writer // where the exporter "console" writes
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now
}

// Tracer makes spans. It is safe for concurrent use.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	context  propagation.TraceContext
	log      *slog.Logger
	flush    time.Duration // bounds Close
}

// flushTime bounds sending what is left at the end.
const flushTime = 3 * time.Second

// Open makes the tracer that the environment asks for; nil where it asks for
// none. An error says which variable can't be followed, and what it can be. The
// variables are those of OpenTelemetry's SDKs, which Go's reads by itself.
func Open(ctx context.Context, cfg Config) (*Tracer, error) {
	names, err := exporters()
	if err != nil || len(names) == 0 {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	var options []sdk.TracerProviderOption
	for _, name := range names {
		e, err := newExporter(ctx, name, cfg)
		if err != nil {
			return nil, err
		}
		options = append(options, sdk.WithBatcher(&reporter{SpanExporter: e, log: cfg.Log, now: cfg.Now}))
	}
	return newTracer(ctx, cfg, options...), nil
}

func newExporter(ctx context.Context, name string, cfg Config) (sdk.SpanExporter, error) {
	if name == exporterConsole {
		return stdouttrace.New(stdouttrace.WithWriter(cfg.Console))
	}
	return otlptracehttp.New(ctx) // it connects when it first sends
}

func newTracer(ctx context.Context, cfg Config, options ...sdk.TracerProviderOption) *Tracer {
	// What the environment says comes last, and wins.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		semconv.ServiceName("mimus"), semconv.ServiceVersion(cfg.Version), semconv.ServiceInstanceID(uuid.NewString()),
	), resource.WithFromEnv())
	if err != nil {
		cfg.Log.Warn("a part of what describes this service in traces can't be read", slog.String("error", err.Error()))
	}
	provider := sdk.NewTracerProvider(append(options, sdk.WithResource(about))...)
	return &Tracer{
		provider: provider, tracer: provider.Tracer("github.com/mimus-dev/mimus", trace.WithInstrumentationVersion(cfg.Version)),
		log: cfg.Log, flush: flushTime,
	}
}

// Close sends what is left, for at most 3 s. A nil tracer has nothing to send.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), t.flush)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.Warn("the last spans were not sent", slog.String("error", err.Error()))
	}
}

// ID is the trace that a context belongs to, in hexadecimal; "" none.
func ID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.HasTraceID() {
		return c.TraceID().String()
	}
	return ""
}
