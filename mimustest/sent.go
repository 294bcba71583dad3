package mimustest

import (
	"encoding/json"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus"
)

// sent finds what a call had at the place of a violation.
func sent(c mimus.Call, location []string) (string, bool) {
	if len(location) == 0 {
		return "", false
	}
	name := ""
	if len(location) > 1 {
		name = location[1]
	}
	switch location[0] {
	case "query":
		if name == "" {
			return "?" + c.Query.Encode(), true
		}
		return strings.Join(c.Query[name], ", "), true
	case "header":
		if name == "" {
			return "the header names " + strings.Join(names(c.Header), ", "), true
		}
		return c.Header.Get(name), true
	case "path":
		return c.Path, true
	case "body":
		return inBody(c.Body, location[1:])
	}
	return "", false
}

func names(h http.Header) []string {
	var out []string
	for n := range h {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// inBody finds a place in a JSON body; of any other body it gives the whole.
func inBody(body []byte, path []string) (string, bool) {
	if len(body) == 0 {
		return "no body", true
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		return string(body), true
	}
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(x) {
				return string(body), true
			}
			v = x[i]
		default:
			return string(body), true
		}
	}
	text, err := json.Marshal(v)
	return string(text), err == nil
}

func clip(s string) string {
	const most = 500
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
