package mimus

import (
	"errors"
	"strings"

	"github.com/mimus-dev/mimus/internal/document"
)

// Severity tells how much a [Diagnostic] or a [Violation] matters.
type Severity string

// The severities. Of a document: something can't be used as it stands, was used
// in a way that its author may not expect, or is worth knowing. Of a call: it
// broke the contract, or kept it in a way that is discouraged.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Diagnostic is one problem in a document: where it is, what it is and what to
// do about it.
type Diagnostic struct {
	Severity Severity
	Code     string // kebab-case, stable: "reference-not-found"
	File     string // as it was opened, or relative to that; may be empty
	Line     int    // from 1; 0: not known
	Column   int    // from 1, in characters; 0: not known
	Message  string
	Hint     string // what to do; may be empty
}

// String gives "file:line:column: severity: message; hint" without the parts
// that are not known.
func (d Diagnostic) String() string {
	severity := document.Info
	switch d.Severity {
	case SeverityError:
		severity = document.Error
	case SeverityWarning:
		severity = document.Warning
	}
	return document.Diagnostic{
		Severity: severity, File: d.File, Line: d.Line, Col: d.Column, Message: d.Message, Hint: d.Hint,
	}.String()
}

// SourceError says where a document can't be read, why, and what to do. It
// wraps its cause, so that errors.Is finds fs.ErrNotExist and context.Canceled.
type SourceError struct {
	Diagnostic
	cause error
}

// Error gives the diagnostic's text.
func (e *SourceError) Error() string { return e.String() }

// Unwrap gives the cause, nil where the diagnostic says all.
func (e *SourceError) Unwrap() error { return e.cause }

// asSourceError finds the place that an error of reading tells; nil where it
// tells none.
func asSourceError(err error) *SourceError {
	var fe *document.FileError
	if !errors.As(err, &fe) {
		return nil
	}
	return &SourceError{Diagnostic: diagnosticOf(fe.Diagnostic), cause: fe.Unwrap()}
}

// inGo says hints for the command line in this package's words.
var inGo = strings.NewReplacer("--allow-remote-refs", "mimus.WithRemoteRefs", "--root", "mimus.WithRoot")

func diagnosticOf(d document.Diagnostic) Diagnostic {
	return Diagnostic{
		Severity: Severity(d.Severity.String()), Code: d.Code, File: d.File, Line: d.Line, Column: d.Col,
		Message: d.Message, Hint: inGo.Replace(d.Hint),
	}
}
