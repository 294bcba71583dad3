package har

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// target is the URL of a recorded request in its parts.
type target struct {
	scheme string // in lower case, "" where it is a path only
	base   string // "https://host:port" without user and default port, "" for none
	path   string // escaped as written, with a leading slash
	query  string // as written
	asked  bool   // there is a "?"
}

// parseTarget reads a URL as recorders write them, which may have what should
// be escaped. It is not ok where there is no host or path to find.
func parseTarget(s string) (t target, ok bool) {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "#")
	s, t.query, t.asked = strings.Cut(s, "?")
	var rest string
	if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
		t.scheme = strings.ToLower(s[:i])
		if rest, ok = strings.CutPrefix(s[i+1:], "//"); !ok {
			t.path = s[i+1:]
			return t, t.scheme != "http" && t.scheme != "https"
		}
	} else if rest, ok = strings.CutPrefix(s, "//"); !ok {
		t.path = s
		return t, strings.HasPrefix(s, "/")
	}
	host, path, _ := strings.Cut(rest, "/")
	t.path = "/" + path
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	if t.web() && (host == "" || host[0] == ':' || strings.ContainsAny(host, " \\<>\"{}|^`")) {
		return t, false
	}
	t.base = baseOf(t.scheme, host)
	return t, true
}

func baseOf(scheme, host string) string {
	if host == "" {
		return ""
	}
	if scheme == "" {
		scheme = "http"
	}
	host = strings.ToLower(host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host
}

// web reports whether the URL is one of HTTP, or a path.
func (t *target) web() bool { return t.scheme == "" || t.scheme == "http" || t.scheme == "https" }

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z') && (i == 0 || !(s[i] >= '0' && s[i] <= '9') && s[i] != '+' && s[i] != '-' && s[i] != '.') {
			return false
		}
	}
	return s != ""
}

// target gives the URL of a request. One without a host gets that of the
// header.
func (r *Request) target() (target, bool) {
	t, ok := parseTarget(r.URL)
	if !ok || t.base != "" || !t.web() {
		return t, ok
	}
	host, scheme := "", ""
	for _, h := range r.Header {
		switch strings.ToLower(h.Name) {
		case ":authority":
			host = h.Value
		case "host":
			if host == "" {
				host = h.Value
			}
		case ":scheme":
			scheme = h.Value
		}
	}
	if scheme != "https" {
		scheme = "http"
	}
	if !strings.ContainsAny(host, " /\\<>\"{}|^`@") {
		t.base = baseOf(scheme, host)
	}
	return t, ok
}

// queryPairs gives the parameters of a request's query, decoded, without
// credentials. Recorders differ in whether they decode their list of them, so
// that the URL is asked first.
func (r *Request) queryPairs(t target) []definition.Pair {
	var out []definition.Pair
	add := func(name, value string) {
		if !secretParameter(name, value) {
			out = append(out, definition.Pair{Name: name, Value: value})
		}
	}
	if !t.asked {
		for _, q := range r.Query {
			add(q.Name, q.Value)
		}
		return out
	}
	for p := range strings.SplitSeq(t.query, "&") {
		if p == "" {
			continue
		}
		name, value, _ := strings.Cut(p, "=")
		add(unescape(name), unescape(value))
	}
	return out
}
