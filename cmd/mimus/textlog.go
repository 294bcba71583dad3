package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// textLog prints events as lines for people: the time, what happened, the
// facts. Problems go to a writer of their own.
type textLog struct {
	out, problems io.Writer
	level         slog.Level
	before        func() // called before a problem is printed
	attrs         []slog.Attr
}

// Enabled reports whether events of a level are printed.
func (t *textLog) Enabled(_ context.Context, level slog.Level) bool { return level >= t.level }

// Handle prints one event.
func (t *textLog) Handle(_ context.Context, r slog.Record) error {
	b := r.Time.AppendFormat(nil, "15:04:05 ")
	w := t.out
	switch {
	case r.Level >= slog.LevelError:
		b, w = append(b, "error: "...), t.problems
	case r.Level >= slog.LevelWarn:
		b, w = append(b, "warning: "...), t.problems
	}
	b = append(b, r.Message...)
	reason := ""
	fact := func(a slog.Attr) bool {
		switch v := a.Value.Resolve().String(); a.Key {
		case "error", "reason", "next":
			reason = v
		case "source":
			b = appendPlain(append(b, ' '), v)
		default:
			b = append(append(append(b, ' '), a.Key...), '=')
			if strings.ContainsAny(v, " \t") {
				b = append(appendPlain(append(b, '"'), v), '"')
			} else {
				b = appendPlain(b, v)
			}
		}
		return true
	}
	for _, a := range t.attrs {
		fact(a)
	}
	r.Attrs(fact)
	if reason != "" {
		b = appendPlain(append(b, ": "...), reason)
	}
	if w == t.problems && t.before != nil {
		t.before() // the calls before it stand before it
	}
	_, err := w.Write(append(b, '\n'))
	return err
}

// WithAttrs gives a log that prints facts with every event.
func (t *textLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	own := *t
	own.attrs = append(t.attrs[:len(t.attrs):len(t.attrs)], attrs...)
	return &own
}

// WithGroup is without groups: lines for people have none.
func (t *textLog) WithGroup(string) slog.Handler { return t }
