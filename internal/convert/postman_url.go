package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/postman"
)

// doubleBraces makes {{name}} of {name}; names hold no brace or slash, and
// what has two braces already stays.
func doubleBraces(url string) string {
	var b strings.Builder
	for i := 0; i < len(url); {
		if url[i] != '{' {
			b.WriteByte(url[i])
			i++
			continue
		}
		end := i + 1
		for end < len(url) && url[end] != '{' && url[end] != '}' && url[end] != '/' {
			end++
		}
		if end == i+1 || end >= len(url) || url[end] != '}' {
			b.WriteByte('{')
			i++
			continue
		}
		variable := url[i : end+1]
		if i > 0 && url[i-1] == '{' && (end+1 >= len(url) || url[end+1] == '}') {
			b.WriteString(variable)
		} else {
			b.WriteString("{" + variable + "}")
		}
		i = end + 1
	}
	return b.String()
}

// colons makes ":name" of each segment that is a {name} as a whole, and
// {{name}} of the other variables.
func colons(path string) string {
	if !strings.Contains(path, "{") {
		return path
	}
	segments := strings.Split(doubleBraces(path), "/")
	for i, s := range segments {
		if i == 0 {
			continue
		}
		if name, ok := strings.CutPrefix(s, "{{"); ok {
			if name, ok = strings.CutSuffix(name, "}}"); ok && name != "" && !strings.ContainsAny(name, "{}") {
				segments[i] = ":" + name
			}
		}
	}
	return strings.Join(segments, "/")
}

// hostAndPath divides a server's URL before its path.
func hostAndPath(url string) (host, path string) {
	from := 0
	if i := strings.Index(url, "://"); i >= 0 {
		from = i + len("://")
	}
	if i := strings.IndexByte(url[from:], '/'); i >= 0 {
		return url[:from+i], url[from+i:]
	}
	return url, ""
}

// braced lists the names that stand in double braces in a URL.
func braced(url string) map[string]bool {
	var out map[string]bool
	for {
		_, after, ok := strings.Cut(url, "{{")
		if !ok {
			return out
		}
		name, rest, ok := strings.Cut(after, "}}")
		if !ok {
			return out
		}
		if out == nil {
			out = map[string]bool{}
		}
		out[name] = true
		url = rest
	}
}

// address is a copy of a URL with its own query, and its raw text to match.
func address(base *postman.URL, raw string, query []*postman.Field, params []*postman.Variable) *postman.URL {
	u := *base
	if len(query) > 0 {
		u.Query = append(u.Query[:len(u.Query):len(u.Query)], query...)
	}
	u.Params = params
	var b strings.Builder
	b.WriteString(raw)
	sep := byte('?')
	if strings.ContainsRune(raw, '?') {
		sep = '&'
	}
	for _, f := range query {
		if f.Disabled {
			continue
		}
		b.WriteByte(sep)
		sep = '&'
		b.WriteString(f.Key)
		b.WriteByte('=')
		b.WriteString(f.Value)
	}
	u.Raw = b.String()
	return &u
}
