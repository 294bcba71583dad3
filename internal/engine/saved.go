package engine

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/template"
)

// answerSaved answers with the saved example that matches best.
func (m *Mock) answerSaved(x *exchange) bool {
	if m.examples == nil {
		return false
	}
	if x.generates {
		return x.pass("saved", "a generated body is pinned")
	}
	req := x.savedRequest()
	match, ok := m.matchSaved(x, req)
	if x.bodyErr != nil && x.op == nil {
		return x.problem(x.bodyErr.status, x.bodyErr.name, x.bodyErr.title, x.bodyErr.detail)
	}
	if !ok {
		return x.missSaved(req)
	}
	a := m.examples.answers[match.Index]
	x.won = match.Index + 1
	if x.purpose == rehearsing {
		return true
	}
	x.answer("saved", "scores "+strconv.Itoa(match.Score)+": the path is "+match.Step.String())
	if x.explains {
		x.tellSaved(req, &match)
	}
	x.sendSaved(a, req, match.Captured)
	x.checkSaved(a)
	return true
}

// matchSaved finds the example that matches, below the base path of a
// collection's mock. HEAD is answered as GET, without the body (RFC 9110,
// 9.3.2). req becomes what was found.
func (m *Mock) matchSaved(x *exchange, req *saved.Request) (saved.Match, bool) {
	if base := m.cfg.BasePath; base != "" && len(m.ops) == 0 {
		rest, ok := strings.CutPrefix(req.Path, base)
		if !ok || rest != "" && rest[0] != '/' {
			return saved.Match{}, false
		}
		req.Path = rest
	}
	match, ok := m.findSaved(x, req)
	if !ok && x.req.Method == http.MethodHead {
		asGet := *req
		asGet.Method = http.MethodGet
		if match, ok = m.findSaved(x, &asGet); ok {
			*req = asGet
		}
	}
	return match, ok
}

// findSaved looks for the path as it was sent, and without the base path of a
// contract's server.
func (m *Mock) findSaved(x *exchange, req *saved.Request) (saved.Match, bool) {
	match, ok := m.examples.index.Find(req)
	if x.op == nil || strings.TrimPrefix(req.Path, "/") == x.path {
		return match, ok
	}
	short := *req
	short.Path = "/" + x.path
	if other, found := m.examples.index.Find(&short); found && (!ok || other.Score > match.Score) {
		*req = short
		return other, true
	}
	return match, ok
}

// savedRequest makes what the index is asked with.
func (x *exchange) savedRequest() *saved.Request {
	header := x.req.Header
	req := &saved.Request{
		Method: x.req.Method, Path: x.req.Path, Header: x.headerValue,
		Body: func() []byte { b, _ := x.readBody(); return b },
		ID:   header.Get("X-Mock-Response-Id"), Name: header.Get("X-Mock-Response-Name"),
	}
	for _, p := range x.queryPairs() {
		if x.op != nil && strings.HasPrefix(p.name, "__") {
			continue // a preference, where there is a contract
		}
		req.Query = append(req.Query, definition.Pair{Name: p.name, Value: p.value})
	}
	if text := header.Get("X-Mock-Response-Code"); text != "" {
		code, ok := statusCode(strings.TrimSpace(text))
		if !ok {
			code = noStatus
		}
		req.Code = code
	}
	if text := header.Get("X-Mock-Match-Request-Body"); text != "" {
		on := strings.EqualFold(strings.TrimSpace(text), "true")
		req.MatchBody = &on
	}
	if text := header.Get("X-Mock-Match-Request-Headers"); text != "" {
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				req.MatchHeaders = append(req.MatchHeaders, name)
			}
		}
	}
	if x.op != nil || x.mock.pins != nil { // what a caller prefers of the contract, or a pin decides, goes for examples, too
		if req.Code == 0 {
			req.Code = x.prefs.code
		}
		if req.Name == "" && x.prefs.hasExample {
			req.Name = x.prefs.example
		}
	}
	return req
}

// noStatus is a status that no example has: a filter that can't be read lets
// nothing through.
const noStatus = -1

// headerValue gives a header of the request, several values joined by commas.
func (x *exchange) headerValue(name string) (string, bool) {
	list := x.req.Header[http.CanonicalHeaderKey(name)]
	switch len(list) {
	case 0:
		return "", false
	case 1:
		return list[0], true
	}
	return strings.Join(list, ", "), true
}

// sendSaved writes a saved answer.
func (x *exchange) sendSaved(a *savedAnswer, req *saved.Request, captured []definition.Pair) {
	res := x.res
	res.Status = a.x.Response.Status
	res.Operation, res.Route, res.Example = a.label, a.route, a.x.Name
	for i := range a.fields {
		res.Set(a.fields[i].Name, a.fields[i].Values)
	}
	if a.body == nil && a.filled == nil {
		if bodyAllowed(res.Status) {
			res.Body, res.Length = a.static, a.length
		}
		return
	}
	in := x.templateInput(a, req, captured)
	for i := range a.filled {
		f := &a.filled[i]
		in.First = f.first
		res.add(f.name, string(f.value.AppendHeader(nil, in)))
	}
	if !bodyAllowed(res.Status) {
		return
	}
	if a.body == nil {
		res.Body, res.Length = a.static, a.length
		return
	}
	in.First = a.draws
	res.buf = a.body.Append(res.buf[:0], in)
	res.Body = res.buf
}

func bodyAllowed(status int) bool { return status >= 200 && status != 204 && status != 304 }

// templateInput is what the holes of an answer are filled from.
func (x *exchange) templateInput(a *savedAnswer, req *saved.Request, captured []definition.Pair) *template.Input {
	in := &template.Input{
		Seed: x.mock.examples.seed, Method: x.req.Method, Path: x.req.Path, Now: x.mock.examples.now(),
		Body: req.Body, Query: req.Query, Segments: pathSegments(req.Path), Header: x.headerValue, Headers: x.headerPairs,
		Captured: func(name string) (string, bool) {
			for i := range captured {
				if captured[i].Name == name {
					return captured[i].Value, true
				}
			}
			return "", false
		},
	}
	if x.prefs.hasSeed {
		in.Seed = x.prefs.seed
	}
	if a.dynamic {
		in.Count = x.callsBefore()
	}
	return in
}

func pathSegments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	list := strings.Split(path, "/")
	for i, s := range list {
		if d, err := url.PathUnescape(s); err == nil {
			list[i] = d
		}
	}
	return list
}

// headerPairs gives the request's headers in order of name.
func (x *exchange) headerPairs() []definition.Pair {
	var out []definition.Pair
	for name, list := range x.req.Header {
		out = append(out, definition.Pair{Name: strings.ToLower(name), Value: strings.Join(list, ", ")})
	}
	slices.SortFunc(out, func(a, b definition.Pair) int { return strings.Compare(a.Name, b.Name) })
	return out
}
