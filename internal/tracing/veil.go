package tracing

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/engine"
)

// veil hides what a request has in its query and its header: lines of a trace
// may quote it.
type veil []string

// What is looked for. A shorter value is no secret, and would be found
// everywhere.
const (
	maxSecrets  = 64
	shortSecret = 4 // bytes of a value
	shortWord   = 8 // bytes of a word in a value, such as the token after a scheme
)

func newVeil(req *engine.Request) veil {
	var v veil
	for name, values := range req.Header {
		if plain(name) {
			continue
		}
		for _, value := range values {
			v.add(value, shortSecret)
			for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(` ,;="`, r) }) {
				v.add(word, shortWord)
			}
		}
	}
	for part := range strings.SplitSeq(req.RawQuery, "&") {
		_, value, _ := strings.Cut(part, "=")
		v.add(value, shortSecret)
		if decoded, err := url.QueryUnescape(value); err == nil && decoded != value {
			v.add(decoded, shortSecret)
		}
	}
	return v
}

func (v *veil) add(value string, shortest int) {
	if len(value) >= shortest && len(*v) < maxSecrets {
		*v = append(*v, value)
	}
}

// plain reports whether a header field speaks of the exchange only, in words
// that a trace needs.
func plain(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Host", "Prefer",
		"Access-Control-Request-Method", "Access-Control-Request-Headers", "Traceparent", "Tracestate", "User-Agent":
		return true
	}
	return false
}

func (v veil) hide(line string) string {
	for _, secret := range v {
		if strings.Contains(line, secret) {
			line = strings.ReplaceAll(line, secret, "…")
		}
	}
	return line
}

// clip bounds a text, in bytes, and has it be UTF-8: one span that isn't would
// take its whole batch with it.
func clip(s string, most int) string {
	if len(s) > most {
		const more = "…"
		cut := most - len(more)
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + more
	}
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "?")
}
