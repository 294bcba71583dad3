package template

import (
	"strconv"
	"strings"
)

// maxPath is the most keys that the path into a body has.
const maxPath = 64

// helper is a part of the request that a template may ask for.
type helper uint8

const (
	askBody helper = iota
	askQuery
	askSegments
	askHeaders
)

func helperOf(name string) (helper, bool) {
	switch name {
	case "$body":
		return askBody, true
	case "$queryParams":
		return askQuery, true
	case "$pathSegments":
		return askSegments, true
	case "$headers":
		return askHeaders, true
	}
	return 0, false
}

// request is a request helper with its arguments.
type request struct {
	helper      helper
	path        []string // nil: all of it
	name        string   // the path as one name
	fallback    string
	hasFallback bool
}

// ask appends the part of the request that q asks for, or its default. ok is
// false if there is neither.
func (r *run) ask(dst []byte, q *request) (out []byte, ok bool) {
	switch q.helper {
	case askBody:
		dst, ok = r.askBody(dst, q)
	case askQuery:
		dst, ok = r.askQuery(dst, q)
	case askSegments:
		dst, ok = r.askSegments(dst, q)
	case askHeaders:
		dst, ok = r.askHeaders(dst, q)
	}
	if !ok && q.hasFallback {
		return append(dst, q.fallback...), true
	}
	return dst, ok
}

// askBody looks into a body of JSON by path, or into an urlencoded one by name.
func (r *run) askBody(dst []byte, q *request) ([]byte, bool) {
	v := &r.body
	v.read(r.in)
	if q.path == nil {
		return append(dst, v.raw...), len(v.raw) > 0
	}
	if v.root == nil {
		return appendRepeated(dst, q, v.form[q.name], func(name string) []string { return v.form[name] })
	}
	at := v.root
	for _, key := range q.path {
		if at = at.member(key); at == nil {
			return dst, false
		}
	}
	return append(dst, at.plain()...), true
}

// appendRepeated appends the value of a name, or an array of JSON where it has
// several. One of several is asked for by its index: 'tag.0'.
func appendRepeated(dst []byte, q *request, values []string, all func(name string) []string) ([]byte, bool) {
	switch len(values) {
	case 0:
	case 1:
		return append(dst, values[0]...), true
	default:
		return appendArray(dst, values), true
	}
	last := len(q.path) - 1
	if last < 1 {
		return dst, false
	}
	i, err := strconv.ParseUint(q.path[last], 10, 31)
	values = all(strings.Join(q.path[:last], "."))
	if err != nil || i >= uint64(len(values)) {
		return dst, false
	}
	return append(dst, values[i]...), true
}

func (r *run) askQuery(dst []byte, q *request) ([]byte, bool) {
	if q.path != nil {
		return appendRepeated(dst, q, r.queryValues(q.name), r.queryValues)
	}
	values := map[string][]string{}
	var names []string
	for _, p := range r.in.Query {
		if _, ok := values[p.Name]; !ok {
			names = append(names, p.Name)
		}
		values[p.Name] = append(values[p.Name], p.Value)
	}
	dst = append(dst, '{')
	for i, name := range names {
		dst = appendName(dst, i, name)
		if v := values[name]; len(v) == 1 {
			dst = appendString(dst, v[0])
		} else {
			dst = appendArray(dst, v)
		}
	}
	return append(dst, '}'), true
}

func (r *run) queryValues(name string) []string {
	var values []string
	for _, p := range r.in.Query {
		if p.Name == name {
			values = append(values, p.Value)
		}
	}
	return values
}

// askSegments counts from 0. The whole is an object with the numbers as names.
func (r *run) askSegments(dst []byte, q *request) ([]byte, bool) {
	if q.path != nil {
		i, err := strconv.ParseUint(q.name, 10, 31)
		if err != nil || i >= uint64(len(r.in.Segments)) {
			return dst, false
		}
		return append(dst, r.in.Segments[i]...), true
	}
	dst = append(dst, '{')
	for i, s := range r.in.Segments {
		dst = appendName(dst, i, strconv.Itoa(i))
		dst = appendString(dst, s)
	}
	return append(dst, '}'), true
}

// askHeaders gives the whole with names in lower case, and joins the values of a
// name that comes several times with commas (RFC 9110, 5.3).
func (r *run) askHeaders(dst []byte, q *request) ([]byte, bool) {
	if q.path != nil {
		if r.in.Header == nil {
			return dst, false
		}
		v, ok := r.in.Header(q.name)
		return append(dst, v...), ok
	}
	values := map[string]string{}
	var names []string
	if r.in.Headers != nil {
		for _, p := range r.in.Headers() {
			name := strings.ToLower(p.Name)
			if old, ok := values[name]; ok {
				values[name] = old + ", " + p.Value
				continue
			}
			names = append(names, name)
			values[name] = p.Value
		}
	}
	dst = append(dst, '{')
	for i, name := range names {
		dst = appendName(dst, i, name)
		dst = appendString(dst, values[name])
	}
	return append(dst, '}'), true
}

func appendName(dst []byte, i int, name string) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return append(appendString(dst, name), ':')
}

func appendString(dst []byte, s string) []byte {
	return append(appendEscaped(append(dst, '"'), s), '"')
}

func appendArray(dst []byte, values []string) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, v)
	}
	return append(dst, ']')
}
