package postman

import (
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// ParseURL reads a URL's text into its parts.
func ParseURL(raw string) *URL {
	u := &URL{Raw: raw, Text: true}
	split(u)
	u.Text = false
	return u
}

// split fills the parts of a URL in from its raw text, but for those that it
// has. Variables may stand anywhere in it.
func split(u *URL) {
	rest := u.Raw
	rest, hash, _ := cutOutside(rest, '#')
	rest, query, hasQuery := cutOutside(rest, '?')
	if u.Hash == "" {
		u.Hash = hash
	}
	if hasQuery {
		u.Query = append(queryFields(query), u.Query...)
	}
	base, path := splitBase(rest)
	if scheme, after, ok := strings.Cut(base, "://"); ok {
		u.Protocol, base = scheme, after
	}
	if i := strings.LastIndexByte(base, ':'); i > strings.LastIndexByte(base, '}') && i >= 0 && !strings.Contains(base, "@") {
		base, u.Port = base[:i], base[i+1:]
	}
	if base != "" {
		u.Host = splitHost(base)
	}
	if path != "" {
		for s := range strings.SplitSeq(path[1:], "/") {
			u.Path = append(u.Path, Segment{Value: s})
		}
	}
}

// splitHost splits at dots outside of {{…}}.
func splitHost(s string) []string {
	var out []string
	for {
		before, after, ok := cutOutside(s, '.')
		out = append(out, before)
		if !ok {
			return out
		}
		s = after
	}
}

// splitBase divides a URL without query into what stands before its path, and
// the path, which begins with a slash or is empty.
func splitBase(s string) (base, path string) {
	from := 0
	if i := strings.Index(s, "://"); i >= 0 && !strings.ContainsAny(s[:i], "/") {
		from = i + len("://")
	}
	before, after, ok := cutOutside(s[from:], '/')
	if !ok {
		return s, ""
	}
	return s[:from] + before, "/" + after
}

// cutOutside is strings.Cut at a byte that stands outside of {{…}}.
func cutOutside(s string, sep byte) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
		if s[i] == '{' && strings.HasPrefix(s[i:], "{{") {
			if end := strings.Index(s[i:], "}}"); end > 0 {
				i += end + 1
			}
		}
	}
	return s, "", false
}

// queryFields reads a raw query. Values stay as they are written.
func queryFields(query string) []*Field {
	var out []*Field
	for query != "" {
		var part string
		part, query, _ = cutOutside(query, '&')
		if part == "" {
			continue
		}
		f := &Field{}
		var ok bool
		f.Key, f.Value, ok = cutOutside(part, '=')
		if !ok {
			null := definition.NewNull()
			f.Literal = &null
		}
		out = append(out, f)
	}
	return out
}

// decodeQuery undoes percent-encoding and plus signs of a query's text, and
// leaves what is not well-formed as it is.
func decodeQuery(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}
