package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// remoteCall is a call as the management API shows it; raw is all of it.
type remoteCall struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Mock      string    `json:"mock"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query"`
	Status    int       `json:"status"`
	Type      string    `json:"type"`
	Name      string    `json:"name"`
	Operation string    `json:"operation"`
	Duration  float64   `json:"duration"` // milliseconds

	raw json.RawMessage
}

// UnmarshalJSON reads a call and keeps all of it.
func (c *remoteCall) UnmarshalJSON(data []byte) error {
	type bare remoteCall
	if err := json.Unmarshal(data, (*bare)(c)); err != nil {
		return err
	}
	c.raw = bytes.Clone(data)
	return nil
}

// callPrinter prints calls, one a line.
type callPrinter struct {
	mu     sync.Mutex
	w      io.Writer
	json   bool
	colour bool
	mock   func(id string) string // what a mock is called; nil where there is but one
	now    func() time.Time
}

// colours reports whether a writer takes them: a terminal whose user has not
// said no (no-color.org).
func colours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isTerminal(f) && os.Getenv("NO_COLOR") == ""
}

// print prints a call.
func (p *callPrinter) print(c *remoteCall) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := make([]byte, 0, 256)
	if p.json {
		b = appendOneLine(b, c.raw)
	} else {
		b = p.appendLine(b, c)
	}
	_, err := p.w.Write(append(b, '\n'))
	return err
}

// appendLine appends a call in the form of the lines that serve prints: when,
// mock, method, path, status, time, what answered.
func (p *callPrinter) appendLine(b []byte, c *remoteCall) []byte {
	b = append(p.appendTime(b, c.At.Local()), ' ')
	if p.mock != nil {
		b = append(appendPlain(b, p.mock(c.Mock)), ' ')
	}
	b = append(appendPlain(b, c.Method), ' ')
	target := c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	b = append(appendPlain(b, target), "  "...)
	b = p.coloured(b, statusColour(c.Status), strconv.Itoa(c.Status))
	b = append(b, ' ')
	b = strconv.AppendFloat(b, c.Duration, 'f', 2, 64)
	b = append(b, "ms  "...)
	if c.Operation != "" {
		b = appendPlain(b, c.Operation)
	}
	if c.Name == "" || c.Name == c.Operation {
		return b
	}
	if c.Operation != "" {
		b = append(b, ": "...)
	}
	colour := ""
	if c.Type == "error" {
		colour = red
	}
	return p.coloured(b, colour, c.Name)
}

// appendTime appends the time of day, with the date where it isn't today.
func (p *callPrinter) appendTime(b []byte, t time.Time) []byte {
	y, m, d := t.Date()
	if ny, nm, nd := p.now().Date(); y != ny || m != nm || d != nd {
		b = t.AppendFormat(b, "2006-01-02 ")
	}
	return appendClock(b, t)
}

// The colours of a terminal (ECMA-48, 8.3.117).
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func statusColour(status int) string {
	switch status / 100 {
	case 2:
		return green
	case 3:
		return cyan
	case 4:
		return yellow
	case 5:
		return red
	}
	return ""
}

func (p *callPrinter) coloured(b []byte, colour, text string) []byte {
	if !p.colour || colour == "" {
		return appendPlain(b, text)
	}
	b = append(append(append(b, "\x1b["...), colour...), 'm')
	return append(appendPlain(b, text), "\x1b[0m"...)
}

// appendOneLine appends JSON as one line. What a terminal would take for a
// command is escaped, which JSON allows wherever it can stand.
func appendOneLine(b []byte, raw json.RawMessage) []byte {
	var line bytes.Buffer
	if json.Compact(&line, raw) != nil { // else it was read before
		return append(b, "null"...)
	}
	const digits = "0123456789abcdef"
	for s := line.Bytes(); len(s) > 0; {
		r, n := utf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(b, `\ufffd`...)
		case r == 0x7f || r >= 0x80 && r < 0xa0:
			b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		default:
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return b
}
