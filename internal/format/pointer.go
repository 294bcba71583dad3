package format

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/pattern"
)

// isJSONPointer checks an RFC 6901, 3 pointer.
func isJSONPointer(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != '/' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// isPointerFragment checks a pointer in a URI fragment (RFC 6901, 6).
func isPointerFragment(s string) bool {
	fragment, ok := strings.CutPrefix(s, "#")
	return ok && isJSONPointer(fragment) && isPart(fragment, queryChar, false)
}

// isRelativeJSONPointer checks draft-bhutton-relative-json-pointer-00, 3.
func isRelativeJSONPointer(s string) bool {
	end, ok := plainNumber(s)
	if !ok {
		return false
	}
	s = s[end:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if end, ok = plainNumber(s[1:]); !ok {
			return false
		}
		s = s[1+end:]
	}
	return s == "#" || isJSONPointer(s)
}

// plainNumber finds the end of a number without needless zeros in front.
func plainNumber(s string) (end int, ok bool) {
	end = digitsFrom(s, 0)
	return end, end > 0 && (s[0] != '0' || end == 1)
}

// isRegex checks an expression as package pattern reads it.
func isRegex(s string) bool {
	_, err := pattern.Compile(s)
	return err == nil
}

func makeJSONPointer(s source) string {
	return fmt.Sprintf("/%s/%d/%s", s.thing(), s.below(10), s.oneOf("id", "name", "title"))
}

func makeRelativeJSONPointer(s source) string {
	return fmt.Sprintf("%d/%s", s.below(4), s.oneOf("id", "name", "title"))
}

func makePointerFragment(s source) string { return "#" + makeJSONPointer(s) }

func makeRegex(s source) string {
	return s.oneOf(`^[a-z]+$`, `^[A-Z]{2}\d{4}$`, `^\d{3}-\d{4}$`, `^\w+@\w+\.com$`, `^(yes|no)$`)
}
