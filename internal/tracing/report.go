package tracing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// reportEvery is how often the log hears that spans can't be sent.
const reportEvery = time.Minute

// reporter tells the log which spans can't be sent. The SDK would tell the one
// handler of errors that the whole process shares, which belongs to nobody: so
// it hears of none.
type reporter struct {
	sdk.SpanExporter
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	last time.Time // when the log was told; zero: not since spans were sent
	lost int       // spans since then
}

// ExportSpans sends spans, or tells that it can't.
func (e *reporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err == nil {
		if !e.last.IsZero() {
			e.log.Info("spans are sent again", slog.Int("lost", e.lost))
		}
		e.last, e.lost = time.Time{}, 0
		return nil
	}
	e.lost += len(spans)
	if now := e.now(); e.last.IsZero() || now.Sub(e.last) >= reportEvery {
		e.log.Warn("spans can't be sent", slog.Int("lost", e.lost), slog.String("error", err.Error()))
		e.last, e.lost = now, 0
	}
	return nil
}
