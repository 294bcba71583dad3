package patch

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// The paths of a patch are JSON Pointers (RFC 6901) in their plain form: unlike
// document.Pointer nothing here undoes the escapes of URIs, and what isn't
// well-formed is refused. They are followed token by token from their text,
// which bounds what a path of many tokens costs.

// wellFormed tells whether a path is a JSON Pointer (RFC 6901, 3).
func wellFormed(path string) bool {
	if path != "" && path[0] != '/' {
		return false
	}
	for rest := path; ; {
		_, after, found := strings.Cut(rest, "~")
		if !found {
			return true
		}
		if after == "" || after[0] != '0' && after[0] != '1' {
			return false
		}
		rest = after
	}
}

// unescape undoes the escapes of a token (RFC 6901, 4).
func unescape(token string) string {
	if strings.IndexByte(token, '~') < 0 {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// index reads the index of one of n elements: digits without leading zeros.
func index(token string, n int) (i int, ok bool) {
	if token == "" || len(token) > 1 && token[0] == '0' {
		return 0, false
	}
	for i := range len(token) {
		if token[i] < '0' || token[i] > '9' {
			return 0, false
		}
	}
	i, err := strconv.Atoi(token)
	return i, err == nil && i < n
}

// find follows a path, to nil where it leads nowhere.
func (e *edit) find(path string) *definition.Value {
	if e.root.Kind == definition.Invalid {
		return nil
	}
	if path == "" {
		return &e.root
	}
	v := &e.root
	for token := range strings.SplitSeq(path[1:], "/") {
		at := e.place(v, unescape(token))
		if at < 0 {
			return nil
		}
		v = &v.Kids[at]
	}
	return v
}

// parent finds what the last token of a path, which is returned, is looked up
// in.
func (e *edit) parent(path string) (parent *definition.Value, name string) {
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return nil, ""
	}
	return e.find(path[:slash]), unescape(path[slash+1:])
}

// place finds a child by name or index, -1 where there is none.
func (e *edit) place(parent *definition.Value, name string) int {
	switch {
	case parent.Is(definition.Object):
		at := place(parent.Kids, name)
		passed := at + 1
		if at < 0 {
			passed = len(parent.Kids)
		}
		e.steps -= passed * (1 + len(name)/64) // long names take longer to compare
		return at
	case parent.Is(definition.Array):
		if at, ok := index(name, len(parent.Kids)); ok {
			return at
		}
	}
	return -1
}

func (e *edit) nothingAt(path string) *Error {
	return fail(NotFound, "there is nothing at %s", quote(path))
}

func (e *edit) noParent(path string) *Error {
	above := path[:strings.LastIndexByte(path, '/')]
	return fail(NotFound, "there is no object or array at %s to add to", quote(above))
}
