package document

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Pointer finds the value that a JSON Pointer names (RFC 6901), which may be
// percent-encoded as in a URI fragment and may begin with '#'. The empty
// pointer is the root.
func Pointer(root *definition.Value, pointer string) (*definition.Value, bool) {
	pointer = strings.TrimPrefix(pointer, "#")
	if root == nil {
		return nil, false
	}
	if pointer == "" {
		return root, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	v := root
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if v = step(v, token); v == nil {
			return nil, false
		}
	}
	return v, true
}

// step finds a child.
func step(v *definition.Value, token string) *definition.Value {
	name, literal := TokenNames(token)
	if child := childNamed(v, name); child != nil || name == literal {
		return child
	}
	return childNamed(v, literal)
}

// TokenNames gives the name that one token of a JSON Pointer stands for, with
// the escapes of pointers and URI fragments undone, and the one that it stands
// for when a percent sign in it is no escape. Mostly they are the same.
func TokenNames(token string) (name, literal string) {
	literal = unescapePointer(token)
	if strings.IndexByte(token, '%') >= 0 {
		if plain, err := url.PathUnescape(token); err == nil {
			return unescapePointer(plain), literal
		}
	}
	return literal, literal
}

func unescapePointer(token string) string {
	if strings.IndexByte(token, '~') < 0 {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

func childNamed(v *definition.Value, name string) *definition.Value {
	switch v.Kind {
	case definition.Object:
		return v.Get(name)
	case definition.Array:
		// RFC 6901, 4: digits without a leading zero.
		if name == "" || len(name) > 1 && name[0] == '0' || digits(name, 0) != len(name) {
			return nil
		}
		if i, err := strconv.Atoi(name); err == nil && i < len(v.Kids) {
			return &v.Kids[i]
		}
	}
	return nil
}
