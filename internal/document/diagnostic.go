package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Severity tells how much a diagnostic matters.
type Severity uint8

// The severities. An Error means that something can't be used as it stands, a
// Warning that it was used in a way its author may not expect.
const (
	Error Severity = iota
	Warning
	Info
)

// String gives "error", "warning" or "info".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}

// MarshalText writes the severity as its name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Error, Warning, Info} {
		if string(text) == known.String() {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: use error, warning or info", text)
}

// Diagnostic is one problem in somebody's document: where it is, what it is
// and what to do about it. Lines and columns count from 1, columns in
// characters; 0 means unknown.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // kebab-case, stable
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Col      int      `json:"column,omitempty"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
}

// String gives "file:line:col: severity: message; hint" without the parts that
// are not known.
func (d Diagnostic) String() string {
	var b strings.Builder
	if d.File != "" {
		b.WriteString(d.File)
		b.WriteByte(':')
	}
	if d.Line > 0 {
		b.WriteString(strconv.Itoa(d.Line))
		b.WriteByte(':')
		if d.Col > 0 {
			b.WriteString(strconv.Itoa(d.Col))
			b.WriteByte(':')
		}
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(d.Severity.String())
	b.WriteString(": ")
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString("; ")
		b.WriteString(d.Hint)
	}
	return b.String()
}

// FileError is what [Loader.Open] and [Loader.Follow] return when a file can't
// be had or read. It wraps its cause, so that errors.Is finds fs.ErrNotExist
// and context.Canceled.
type FileError struct {
	Diagnostic
	cause error
}

// Error gives the diagnostic's text.
func (e *FileError) Error() string { return e.String() }

// Unwrap gives the cause, nil where the diagnostic says all.
func (e *FileError) Unwrap() error { return e.cause }

// SyntaxError tells why a text is no JSON or YAML, or which limit it breaks.
// Line and Col count from 1, Col in characters.
type SyntaxError struct {
	Code    string // json-invalid, yaml-invalid, limit-depth, limit-nodes, limit-aliases, limit-time, limit-bytes
	Offset  int    // in bytes
	Line    int
	Col     int
	Message string
	Hint    string
}

// The codes of a SyntaxError.
const (
	codeJSON         = "json-invalid"
	codeYAML         = "yaml-invalid"
	codeLimitDepth   = "limit-depth"
	codeLimitNodes   = "limit-nodes"
	codeLimitAliases = "limit-aliases"
	codeLimitTime    = "limit-time"
	codeLimitBytes   = "limit-bytes"
)

// Error gives "line:col: message".
func (e *SyntaxError) Error() string {
	return strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Col) + ": " + e.Message
}

// limit reports whether the text was refused for its size or form rather than
// for its grammar, so that another grammar is no way out.
func (e *SyntaxError) limit() bool { return strings.HasPrefix(e.Code, "limit-") }

// newSyntaxError makes an error at a byte offset of the text.
func newSyntaxError(text string, offset int, code, message, hint string) *SyntaxError {
	offset = min(max(offset, 0), len(text))
	line := 1 + strings.Count(text[:offset], "\n")
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	return &SyntaxError{
		Code: code, Offset: offset, Message: message, Hint: hint,
		Line: line, Col: 1 + utf8.RuneCountInString(text[start:offset]),
	}
}
