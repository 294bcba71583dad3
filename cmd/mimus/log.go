package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	neturl "net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
)

// logger prints what people and programs read of a running server: what is
// served, a line per call, problems.
type logger struct {
	*slog.Logger
	json  bool
	level string
	out   *lines
	// traceID gives the trace of a call, where calls are traced; else nil.
	traceID func(context.Context) string
	redact  []string // names whose values are not printed, beside the usual ones
}

// lines writes whole lines, gathered for a moment: a call does not wait for a
// terminal.
type lines struct {
	mu    sync.Mutex
	w     *bufio.Writer
	dirty bool
	stop  chan struct{}
	done  chan struct{}
}

const flushEvery = 20 * time.Millisecond

func newLines(w io.Writer) *lines {
	l := &lines{w: bufio.NewWriterSize(w, 32<<10), stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		t := time.NewTicker(flushEvery)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				l.mu.Lock()
				if l.dirty {
					_ = l.w.Flush()
					l.dirty = false
				}
				l.mu.Unlock()
			case <-l.stop:
				return
			}
		}
	}()
	return l
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dirty = true
	return l.w.Write(p)
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.w.Flush()
	l.dirty = false
}

func (l *lines) close() {
	close(l.stop)
	<-l.done
	l.flush()
}

func newLog(form, level string, out, errw io.Writer) *logger {
	l := &logger{json: form == "json", level: level, out: newLines(out)}
	if l.json {
		l.Logger = slog.New(slog.NewJSONHandler(l.out, &slog.HandlerOptions{Level: slogLevel(level)}))
		return l
	}
	l.Logger = slog.New(&textLog{out: l.out, problems: errw, level: slogLevel(level), before: l.out.flush})
	return l
}

func slogLevel(level string) slog.Level {
	switch level {
	case "silent", "fatal":
		return slog.LevelError + 4
	case "error":
		return slog.LevelError
	case "warn":
		return slog.LevelWarn
	case "debug", "trace":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (l *logger) close() { l.out.close() }

func (l *logger) prints() bool { return slogLevel(l.level) <= slog.LevelInfo }

// calls is the log of calls; nil where they are not printed.
func (l *logger) calls() server.CallLog {
	if !l.prints() {
		return nil
	}
	return callLines{l}
}

// mounted tells what is served.
func (l *logger) mounted(m *server.Mount, url string) {
	loaded := m.Loaded()
	name := loaded.Definition.Title
	if name == "" {
		name = loaded.Name
	}
	ops, examples := len(loaded.Definition.Operations), len(loaded.Definition.Exchanges)
	errors, warnings := count(loaded.Diagnostics)
	if l.json {
		l.Info("serving", slog.String("name", name), slog.String("source", m.Source.Location), slog.String("url", url+m.Prefix+m.Config.BasePath),
			slog.String("format", loaded.Definition.Format), slog.Int("operations", ops), slog.Int("errors", errors), slog.Int("warnings", warnings), slog.Int("examples", examples))
		return
	}
	if !l.prints() {
		return
	}
	var b strings.Builder
	b.WriteString(name + "  " + url + m.Prefix + m.Config.BasePath + "\n  " + loaded.Definition.Format + ", " + served(ops, examples, loaded.Definition.NoContract))
	if errors+warnings > 0 {
		b.WriteString(", " + plural(errors, "error") + " and " + plural(warnings, "warning") + " in the document" + checkHint(m.Source.Location))
	}
	b.WriteString("\n")
	if paths, credentials := m.Mock().Living(maxLiving); len(paths) > 0 {
		b.WriteString("  what is written can be read back (mimus resources tells what lives); try")
		for i, p := range paths {
			b.WriteString("\n    curl " + credentials[i] + url + m.Prefix + m.Config.BasePath + p)
		}
		b.WriteString("\n")
	}
	switch {
	case ops+examples > 0:
	case loaded.Definition.NoContract:
		b.WriteString("  every call is answered with 404: save responses as examples in Postman, or serve it with --contract\n")
	default:
		b.WriteString("  every call is answered with 404: add operations under \"paths\"\n")
	}
	shown := 0
	for _, d := range loaded.Diagnostics {
		if d.Severity == document.Error && shown < 5 {
			b.WriteString("  " + d.String() + "\n")
			shown++
		}
	}
	_, _ = io.WriteString(l.out, b.String())
}

// maxLiving is how many resources are named when a document is served.
const maxLiving = 3

// served counts what there is to answer with.
func served(ops, examples int, noContract bool) string {
	switch {
	case noContract:
		return plural(examples, "saved example")
	case examples == 0:
		return plural(ops, "operation")
	}
	return plural(ops, "operation") + ", " + plural(examples, "saved example")
}

// badExamples tells how many of a document's examples break their schemas.
func (l *logger) badExamples(location string, n int) {
	if l.json {
		l.Info("examples break their schemas", slog.String("source", location), slog.Int("count", n))
		return
	}
	verb := "break their schemas"
	if n == 1 {
		verb = "breaks its schema"
	}
	l.Info(plural(n, "example") + " of " + location + " " + verb + checkHint(location))
}

// noEffect tells of a flag that changes nothing.
func (l *logger) noEffect(flag, why string) {
	if l.json {
		l.Warn("a flag has no effect", slog.String("flag", flag), slog.String("reason", why))
		return
	}
	l.Warn(flag + " has no effect: " + why)
}

// diagnostic tells of a problem in a document.
func (l *logger) diagnostic(d document.Diagnostic) {
	if l.json {
		l.Warn("a document has a problem", slog.String("code", d.Code), slog.String("problem", d.String()))
		return
	}
	l.Warn(d.String())
}

// ended tells why serving ended, where programs read the log: they find it
// where they find everything else. It gives what is left to tell.
func (l *logger) ended(err error) error {
	if err == nil || !l.json || !l.Enabled(context.Background(), slog.LevelError) {
		return err
	}
	code := exitCode{code: exitError}
	errors.As(err, &code)
	if err.Error() != "" {
		l.Error("serving ended", slog.String("error", explained(err)))
	}
	return exitCode{code: code.code}
}

// checkHint names the command that lists a document's problems; standard input
// can't be read again.
func checkHint(location string) string {
	if location == "-" {
		return ""
	}
	return " (mimus check " + location + " lists them)"
}

func (l *logger) ready(url string, mounts int) {
	if l.json {
		l.Info("ready", slog.String("url", url), slog.Int("mocks", mounts))
	} else if l.prints() {
		_, _ = io.WriteString(l.out, "Ready: "+url+"  (stop with Ctrl+C)\n")
	}
	l.out.flush()
}

func count(diags []document.Diagnostic) (errors, warnings int) {
	for _, d := range diags {
		switch d.Severity {
		case document.Error:
			errors++
		case document.Warning:
			warnings++
		}
	}
	return errors, warnings
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// callLines prints a line for each call: when, method, path, status, time, what
// answered.
type callLines struct{ l *logger }

// Call prints one line.
func (c callLines) Call(r *http.Request, res *engine.Response, took time.Duration) {
	why, target := calls.HideText(answered(res)), calls.HideTarget(r.RequestURI, c.l.redact)
	out := c.l.out
	out.mu.Lock()
	defer out.mu.Unlock()
	out.dirty = true
	b := out.w.AvailableBuffer() // written in place: a line allocates nothing
	now := time.Now()
	if c.l.json {
		b = append(b, `{"time":"`...)
		b = now.AppendFormat(b, time.RFC3339Nano)
		b = append(b, `","level":"INFO","msg":"call","method":`...)
		b = appendJSONText(b, calls.HideText(r.Method))
		b = append(b, `,"path":`...)
		b = appendJSONText(b, target)
		b = append(b, `,"status":`...)
		b = strconv.AppendInt(b, int64(res.Status), 10)
		b = append(b, `,"ms":`...)
		b = strconv.AppendFloat(b, float64(took.Microseconds())/1000, 'f', 3, 64)
		b = append(b, `,"operation":`...)
		b = appendJSONText(b, res.Operation)
		b = append(b, `,"answered":`...)
		b = appendJSONText(b, why)
		if c.l.traceID != nil {
			b = append(b, `,"trace_id":"`...)
			b = append(append(b, c.l.traceID(r.Context())...), '"')
		}
		b = append(b, "}\n"...)
	} else {
		b = append(appendClock(b, now), ' ')
		b = appendPlain(b, calls.HideText(r.Method))
		b = append(b, ' ')
		b = appendPlain(b, target)
		b = append(b, "  "...)
		b = strconv.AppendInt(b, int64(res.Status), 10)
		b = append(b, ' ')
		b = strconv.AppendFloat(b, float64(took.Microseconds())/1000, 'f', 2, 64)
		b = append(b, "ms  "...)
		if res.Operation != "" {
			b = appendPlain(b, res.Operation)
			b = append(b, ": "...)
		}
		b = appendPlain(b, why)
		b = append(b, '\n')
	}
	_, _ = out.w.Write(b)
}

// appendClock appends the time of day as hh:mm:ss.
func appendClock(b []byte, t time.Time) []byte {
	hour, minute, second := t.Clock()
	for i, n := range [...]int{hour, minute, second} {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, byte('0'+n/10), byte('0'+n%10))
	}
	return b
}

// answered is the last line of the trace: what gave the answer. Where the
// request or the answer breaks the contract, the first violation is told too.
func answered(res *engine.Response) string {
	why := res.Responder
	if n := len(res.Trace); n > 0 {
		why = res.Trace[n-1].Why
		for _, l := range res.Trace { // what came after the answer is no reason for it
			if l.Answered {
				why = l.Why
			}
		}
	}
	for i := range res.Found {
		v := &res.Found[i]
		if v.Severity != "Error" {
			continue
		}
		if res.Responder == "problem" {
			why, _, _ = strings.Cut(why, ":") // the name; its text says nothing of this call
		}
		more := ""
		if n := len(res.Found) - 1; n > 0 {
			more = " (and " + strconv.Itoa(n) + " more)"
		}
		place := strings.TrimSpace(v.Side + " " + strings.Join(v.Location, "."))
		if v.Message != "" && v.Message[0] >= 'A' && v.Message[0] <= 'Z' {
			place += ":" // the message is a sentence of its own
		}
		return why + "; " + place + " " + v.Message + more
	}
	return why
}

const maxLogged = 2000

// appendPlain appends text that can't break the line or the terminal.
func appendPlain(b []byte, s string) []byte {
	if len(s) > maxLogged {
		s = s[:maxLogged] + "…"
	}
	if printable(s) {
		return append(b, s...)
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			b = append(b, '?')
			continue
		}
		b = append(b, string(r)...)
	}
	return b
}

// printable reports whether a text is of printable ASCII only.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func appendJSONText(b []byte, s string) []byte {
	if len(s) > maxLogged {
		s = s[:maxLogged] + "…"
	}
	t, _ := json.Marshal(s) // a text always marshals
	return append(b, t...)
}

// managed tells where the management is, and the first key where it was made.
func (l *logger) managed(url, location, key string) {
	if u, err := neturl.Parse(location); err == nil && u.User != nil {
		location = u.Redacted()
	}
	if l.json {
		attrs := []any{slog.String("url", url), slog.String("data", location)}
		if key != "" {
			attrs = append(attrs, slog.String("key", key))
		}
		l.Info("management", attrs...)
		return
	}
	var b strings.Builder
	if location == "" {
		location = "memory"
	}
	if l.prints() {
		b.WriteString("Management API  " + url + "\n  data in " + location + "\n")
	}
	if key != "" {
		b.WriteString("The first key, not shown again: " + key + "\n  it may do everything; send it as x-api-key\n")
	}
	_, _ = io.WriteString(l.out, b.String())
}
