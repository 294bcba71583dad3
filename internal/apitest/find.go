package apitest

import (
	"net/url"
	"strings"
)

// find gives the operation of a method and an escaped path. Of several the one
// with the most literal segments from the left answers; a file's path may have
// slashes in it, escaped or not.
func (c *Contract) find(method, path string) *operation {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = plain
		}
	}
	var best *operation
	for _, op := range c.operations {
		if op.Method == strings.ToUpper(method) && op.matches(segments) && (best == nil || op.moreLiteral(best)) {
			best = op
		}
	}
	return best
}

func (op *operation) matches(segments []string) bool {
	n := len(op.segments)
	if op.segments[n-1] == "{filePath}" && len(segments) > n {
		segments = segments[:n]
	}
	if len(segments) != n {
		return false
	}
	for i, s := range op.segments {
		if !isParameter(s) && s != segments[i] || isParameter(s) && segments[i] == "" {
			return false
		}
		if values := op.enum(s); values != nil && !values[segments[i]] {
			return false
		}
	}
	return true
}

// enum gives the values that a path parameter may have, nil where any will do.
// A template that begins with a parameter needs it, to leave other paths alone.
func (op *operation) enum(segment string) map[string]bool {
	if !isParameter(segment) {
		return nil
	}
	for _, p := range op.Parameters {
		if p.In != "path" || "{"+p.Name+"}" != segment || p.Schema.Get("enum").Len() == 0 {
			continue
		}
		values := map[string]bool{}
		for _, v := range p.Schema.Get("enum").Kids {
			values[v.Text] = true
		}
		return values
	}
	return nil
}

func (op *operation) moreLiteral(than *operation) bool {
	for i := range min(len(op.segments), len(than.segments)) {
		a, b := isParameter(op.segments[i]), isParameter(than.segments[i])
		if a != b {
			return b
		}
	}
	return len(op.segments) > len(than.segments)
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }
