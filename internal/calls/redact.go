package calls

// This file is on the hot path.

import (
	"bytes"
	"net/url"
	"strings"
)

// Redacted stands for what is secret.
const Redacted = "redacted"

// keyMark is what the keys of the management begin with.
const keyMark = "mimus_"

// secretName reports whether the values of a header or query parameter are
// never kept.
func secretName(name string, more []string) bool {
	switch len(name) {
	case len("cookie"):
		if strings.EqualFold(name, "cookie") {
			return true
		}
	case len("x-api-key"):
		if strings.EqualFold(name, "x-api-key") {
			return true
		}
	case len("set-cookie"):
		if strings.EqualFold(name, "set-cookie") {
			return true
		}
	case len("x-mimus-key"):
		if strings.EqualFold(name, "x-mimus-key") {
			return true
		}
	case len("authorization"):
		if strings.EqualFold(name, "authorization") {
			return true
		}
	case len("proxy-authorization"):
		if strings.EqualFold(name, "proxy-authorization") {
			return true
		}
	}
	for _, m := range more {
		if strings.EqualFold(name, m) {
			return true
		}
	}
	return false
}

// keyInside reports whether a value is or has a key of ours. What stands before
// it does not matter: in %3Dmimus_ and \nmimus_ an escape does.
func keyInside(value string) bool { return strings.Contains(value, keyMark) }

// word reports whether a character may be part of a key.
func word(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// hideQuery takes the values of secret names, and keys, out of a query.
func hideQuery(query string, more []string) string {
	for rest := query; rest != ""; {
		var part string
		part, rest, _ = strings.Cut(rest, "&")
		if secretPart(part, more) {
			return hideParts(query, more)
		}
	}
	return query
}

func hideParts(query string, more []string) string {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		if secretPart(p, more) {
			name, _, _ := strings.Cut(p, "=")
			if keyInside(unescaped(name)) { // a key that stands alone
				name = Redacted
			}
			parts[i] = name + "=" + Redacted
		}
	}
	return strings.Join(parts, "&")
}

// secretPart reports whether the value of a part of a query is not kept.
func secretPart(part string, more []string) bool {
	name, value, _ := strings.Cut(part, "=")
	name, value = unescaped(name), unescaped(value)
	return value != "" && secretName(name, more) || keyInside(value) || keyInside(name)
}

// unescaped is a text of a query as it is meant, or as it is where it can't be
// read.
func unescaped(s string) string {
	if strings.ContainsAny(s, "%+") {
		if d, err := url.QueryUnescape(s); err == nil {
			return d
		}
	}
	return s
}

// HideTarget takes what is secret out of the path and query of a request.
func HideTarget(target string, more []string) string {
	path, query, ok := strings.Cut(target, "?")
	if hidden := hidePath(HideText(path)); !ok {
		return hidden
	} else if shown := hideQuery(query, more); hidden != path || shown != query {
		return hidden + "?" + shown
	}
	return target
}

// hidePath takes the segments out that have a key of ours which is written with
// escapes.
func hidePath(path string) string {
	if strings.IndexByte(path, '%') < 0 || !keyInside(unescapedPath(path)) {
		return path
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if keyInside(unescapedPath(s)) {
			segments[i] = Redacted
		}
	}
	return strings.Join(segments, "/")
}

func unescapedPath(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// HideText takes keys out of a text that may quote a request.
func HideText(s string) string {
	if !strings.Contains(s, keyMark) {
		return s
	}
	return string(hideKeys([]byte(s)))
}

// hideKeys takes everything that begins like a key out of a body. What is given
// is not changed.
func hideKeys(body []byte) []byte {
	if !bytes.Contains(body, []byte(keyMark)) {
		return body
	}
	var out []byte
	for at := 0; ; {
		i := bytes.Index(body[at:], []byte(keyMark))
		if i < 0 {
			return append(out, body[at:]...)
		}
		start := at + i
		end := start
		for end < len(body) && word(body[end]) {
			end++
		}
		out = append(append(out, body[at:start]...), Redacted...)
		at = end
	}
}
