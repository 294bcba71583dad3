package api

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
)

// route is an operation of the API.
type route struct {
	method string
	path   string // "/mocks/{mockId}"; a last "{name...}" takes the rest
	scope  access.Scope
	handle func(*call) error
	// jsonErrors are the statuses whose errors are application/json; the others
	// are application/problem+json.
	jsonErrors string

	parts []string
	names []string
}

func (r *route) asJSON(status int) bool {
	return strings.Contains(r.jsonErrors, strconv.Itoa(status))
}

// table finds the route of a request. Literal segments come before parameters,
// from the left.
type table struct{ routes []*route }

func (t *table) add(r route) {
	r.parts = strings.Split(strings.TrimPrefix(r.path, "/"), "/")
	for _, p := range r.parts {
		if strings.HasPrefix(p, "{") {
			r.names = append(r.names, strings.Trim(p, "{}."))
		}
	}
	t.routes = append(t.routes, &r)
}

// sort puts literal segments first, once all routes are there.
func (t *table) sort() {
	slices.SortStableFunc(t.routes, func(a, b *route) int { return slices.CompareFunc(a.parts, b.parts, literalFirst) })
}

func literalFirst(a, b string) int {
	ap, bp := strings.HasPrefix(a, "{"), strings.HasPrefix(b, "{")
	switch {
	case ap == bp && ap:
		return 0
	case ap == bp:
		return strings.Compare(a, b)
	case ap:
		return 1
	}
	return -1
}

// find gives the route of a path, with the values of its parameters; where
// only other methods have it, those.
func (t *table) find(method, path string) (found *route, params, allowed []string) {
	parts := strings.Split(strings.TrimPrefix(strings.TrimSuffix(path, "/"), "/"), "/")
	for _, r := range t.routes {
		values, ok := r.match(parts)
		if !ok {
			continue
		}
		if r.method == method || method == "HEAD" && r.method == "GET" {
			return r, values, nil
		}
		if !slices.Contains(allowed, r.method) {
			allowed = append(allowed, r.method)
		}
	}
	return nil, nil, allowed
}

func (r *route) match(parts []string) (values []string, ok bool) {
	for i, p := range r.parts {
		if i >= len(parts) {
			return nil, false
		}
		switch {
		case strings.HasSuffix(p, "...}"):
			rest, err := url.PathUnescape(strings.Join(parts[i:], "/"))
			return append(values, rest), err == nil && rest != ""
		case strings.HasPrefix(p, "{"):
			v, err := url.PathUnescape(parts[i])
			if err != nil || v == "" {
				return nil, false
			}
			values = append(values, v)
		case p != parts[i]:
			return nil, false
		}
	}
	return values, len(parts) == len(r.parts)
}

func encodeCursor(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func decodeCursor(s string) (string, bool) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	return string(b), err == nil
}
