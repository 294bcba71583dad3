package template

import (
	"encoding/json"
	"strings"
)

// maxMark is the most bytes between {{ and }}. It bounds what one unclosed quote
// can make the scanner read.
const maxMark = 4096

// mark is a {{…}} as it stands in a text.
type mark struct {
	start, end int // of the text, braces included
	name       string
	args       []string
	call       bool // the name starts with $
	malformed  bool // it is a call that can't be read
}

// nextMark finds the first mark at or after from. Postman's own pattern is
// {{[^{}]*}}: of "{{{a}}}" the inner braces count.
func nextMark(text string, from int) (mark, bool) {
	for {
		i := strings.Index(text[from:], "{{")
		if i < 0 {
			return mark{}, false
		}
		from += i
		m, next, ok := markAt(text, from)
		if ok || next < 0 {
			return m, ok
		}
		from = next
	}
}

// markAt reads the mark that starts at text[at:], which begins with "{{". If
// there is none it gives where to look on, or -1 if no mark can follow.
func markAt(text string, at int) (m mark, next int, ok bool) {
	open := at + 2
	n := strings.IndexAny(text[open:], "{}")
	if n < 0 {
		return mark{}, -1, false
	}
	stop := open + n
	if n == 0 && text[stop] == '{' {
		return mark{}, at + 1, false
	}
	inner := text[open:stop]
	closed := strings.HasPrefix(text[stop:], "}}") && n <= maxMark
	if strings.HasPrefix(strings.TrimLeft(inner, " \t\r\n"), "$") {
		return callAt(text, at, inner, closed)
	}
	name := strings.TrimSpace(inner)
	if !closed || !isName(name) {
		return mark{}, stop, false
	}
	return mark{start: at, end: stop + 2, name: name}, 0, true
}

// callAt reads the call at text[at:]. The shortest reading that is well formed
// counts; only if there is none may quoted arguments hold braces.
func callAt(text string, at int, inner string, closed bool) (m mark, next int, ok bool) {
	open := at + 2
	stop := open + len(inner)
	if closed {
		if name, args, ok := readCall(inner); ok {
			return mark{start: at, end: stop + 2, name: name, args: args, call: true}, 0, true
		}
	}
	if strings.ContainsAny(inner, `'"`) {
		if n := quotedEnd(text[open:]); n >= 0 {
			if name, args, ok := readCall(text[open : open+n]); ok {
				return mark{start: at, end: open + n + 2, name: name, args: args, call: true}, 0, true
			}
		}
	}
	if !closed {
		return mark{}, stop, false
	}
	return mark{start: at, end: stop + 2, name: firstWord(inner), call: true, malformed: true}, 0, true
}

// isName reports whether name can be a variable's. A quote can't: it would be
// {"a":"{{","b":"}}"}, which is no hole.
func isName(name string) bool {
	if name == "" {
		return false
	}
	for i := 0; i < len(name); i++ {
		if name[i] < ' ' || name[i] == '"' {
			return false
		}
	}
	return true
}

func firstWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return ""
	}
	return f[0]
}

// quotedEnd is where the "}}" stands that closes a call whose quoted arguments
// may hold braces, or -1.
func quotedEnd(s string) int {
	for i := 0; i < len(s) && i < maxMark; {
		if strings.HasPrefix(s[i:], "}}") {
			return i
		}
		if s[i] == '{' || s[i] == '}' {
			return -1
		}
		if q := quoteAt(s, i); q != "" {
			end := closingQuote(s, i+len(q), q)
			if end < 0 {
				return -1
			}
			i = end + len(q)
			continue
		}
		i++
	}
	return -1
}

// quoteAt is the quote that s[i:] begins with: ', " or the \" that a double quote
// is inside a string of JSON; else "".
func quoteAt(s string, i int) string {
	switch {
	case s[i] == '\'' || s[i] == '"':
		return s[i : i+1]
	case strings.HasPrefix(s[i:], `\"`):
		return s[i : i+2]
	}
	return ""
}

// closingQuote is where the quote stands that ends an argument, or -1. A
// backslash before a plain quote makes it part of the argument.
func closingQuote(s string, from int, quote string) int {
	for i := from; i < len(s) && i-from <= maxMark; i++ {
		switch {
		case s[i] == '\n' || s[i] == '\r':
			return -1
		case strings.HasPrefix(s[i:], quote):
			return i
		case s[i] == '\\':
			i++
		}
	}
	return -1
}

// readCall reads $name 'argument' "argument" ….
func readCall(inner string) (name string, args []string, ok bool) {
	s := strings.TrimSpace(inner)
	name = s
	if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
		name = s[:i]
	}
	if len(name) < 2 || strings.ContainsAny(name, `'"\`) {
		return "", nil, false
	}
	for rest := s[len(name):]; ; {
		trimmed := strings.TrimLeft(rest, " \t\r\n")
		if trimmed == "" {
			return name, args, true
		}
		quote := quoteAt(trimmed, 0)
		if quote == "" || len(trimmed) == len(rest) {
			return "", nil, false
		}
		end := closingQuote(trimmed, len(quote), quote)
		if end < 0 {
			return "", nil, false
		}
		arg := trimmed[len(quote):end]
		if len(quote) == 1 {
			arg = strings.ReplaceAll(arg, `\`+quote, quote)
		}
		args = append(args, arg)
		rest = trimmed[end+len(quote):]
	}
}

// decodeArgument undoes JSON's escapes in an argument that stands inside a
// string of JSON, where the author may have written the path a\.b as "a\\.b".
// What isn't JSON's stays as it is.
func decodeArgument(arg string) string {
	if !strings.Contains(arg, `\`) {
		return arg
	}
	var s string
	if json.Unmarshal([]byte(`"`+arg+`"`), &s) != nil {
		return arg
	}
	return s
}

// splitPath splits an object path at its dots. A dot in a key is written \. and
// a backslash before one \\.
func splitPath(path string) []string {
	var keys []string
	var key []byte
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == '\\' && i+1 < len(path) && (path[i+1] == '.' || path[i+1] == '\\'):
			i++
			key = append(key, path[i])
		case path[i] == '.':
			keys = append(keys, string(key))
			key = key[:0]
		default:
			key = append(key, path[i])
		}
	}
	return append(keys, string(key))
}
