package patch

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Kind tells what to do about an [Error].
type Kind uint8

// The kinds of errors.
const (
	// Malformed: the patch is none, whatever the target is (400).
	Malformed Kind = iota
	// TestFailed: a test found another value, or none (409).
	TestFailed
	// NotFound: a path leads nowhere in this target (422 or 409).
	NotFound
	// TooLarge: the target, the result or the work is beyond the bounds (413
	// or 422).
	TooLarge
)

// Error tells why a JSON Patch isn't applied.
type Error struct {
	Index   int    // of the operation, from 0; -1: it is about the whole patch or the target
	Op      string // the operation's name, empty where it has none
	Path    string // the operation's path, empty where it has none
	Kind    Kind
	Message string // what is wrong, without the place
}

// Error gives the place and what is wrong.
func (e *Error) Error() string {
	if e.Index < 0 {
		return e.Message
	}
	at := "operations[" + strconv.Itoa(e.Index) + "]"
	if e.Op != "" {
		at += ": " + short(e.Op) + " " + quote(e.Path)
	}
	return at + ": " + e.Message
}

// fail makes an error that doesn't know its place yet.
func fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// describe names a value for a person: scalars as they are written.
func describe(v *definition.Value) string {
	switch v.Kind {
	case definition.Array:
		return "an array"
	case definition.Object:
		return "an object"
	case definition.String:
		return quote(v.Text)
	case definition.Invalid:
		return "nothing"
	}
	return short(string(v.AppendJSON(nil)))
}

// quote writes a text as JSON, cut to a length that reads well.
func quote(s string) string { return string(definition.AppendString(nil, short(s))) }

// short cuts a text at a length that reads well.
func short(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
