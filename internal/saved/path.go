package saved

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/format"
)

// normal undoes the percent-encoding of a path, but for that of slashes: two
// spellings of one path are one. An empty path is "/".
func normal(path string) string {
	if path == "" {
		return "/"
	}
	if !strings.Contains(path, "%") {
		return path
	}
	out := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			hi, lo := unhex(path[i+1]), unhex(path[i+2])
			if c := hi<<4 | lo; hi < 16 && lo < 16 && c != '/' {
				out = append(out, c)
				i += 2
				continue
			}
		}
		out = append(out, path[i])
	}
	return string(out)
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// trimmed is a path without its trailing slashes.
func trimmed(path string) string { return strings.TrimRight(path, "/") }

// segments splits a path that begins with a slash.
func segments(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// wildcard gives the name of a segment that stands for any: "{{name}}" or
// ":name", the whole of it.
func wildcard(segment string) (name string, ok bool) {
	if inner, ok := strings.CutPrefix(segment, "{{"); ok {
		inner, ok = strings.CutSuffix(inner, "}}")
		inner = strings.TrimSpace(inner)
		return inner, ok && inner != "" && !strings.ContainsAny(inner, "{}")
	}
	if len(segment) > 1 && segment[0] == ':' {
		return segment[1:], true
	}
	return "", false
}

// isID tells whether a segment is an alphanumeric id: it has a digit and is a
// number, a UUID, hexadecimal digits, or letters and digits mixed, which hyphens
// and underscores may divide; a version such as v1 or v2.1 is none.
func isID(s string) bool {
	digits, letters, marks := 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters++
		case c == '-' || c == '_':
			marks++
		default:
			return isNumber(s)
		}
	}
	switch {
	case digits == 0, isVersion(s):
		return false
	case marks == 0, letters > 0:
		return true
	default:
		return isNumber(s) || format.Check("uuid", s)
	}
}

// isVersion tells v1, v2.1 and v1beta1.
func isVersion(s string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(s), "v")
	if !ok || rest == "" || rest[0] < '0' || rest[0] > '9' {
		return false
	}
	rest = strings.TrimLeft(rest, "0123456789.")
	for _, stage := range [...]string{"alpha", "beta", "rc"} {
		if after, ok := strings.CutPrefix(rest, stage); ok {
			rest = strings.TrimLeft(after, "0123456789")
			break
		}
	}
	return rest == ""
}

// isNumber tells a decimal number with a sign or a point.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	before, after, point := strings.Cut(s, ".")
	all := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return all(before) && (!point || all(after))
}
