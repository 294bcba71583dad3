package engine

import (
	"net/url"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

// exchange is one request on its way through the chain.
type exchange struct {
	mock *Mock
	req  *Request
	res  *Response

	op    *operation
	path  string // the path without the server's base
	prefs preferences

	query  []pair
	parsed bool
	vars   []pair // the variables of the path, still encoded

	body      []byte // decoded from its Content-Encoding
	bodyRead  bool
	bodyErr   *bodyError
	bodyValue *value // the decoded body; nil where there is none or it has no schema
	bodyMedia *media
	params    []paramValue

	held      time.Duration // by a fault, in place of the delay
	generates bool          // a pin has the body generated: no saved example answers

	prefer   []string // the Prefer header
	purpose  purpose
	explains bool    // the answer is to be explained
	asked    bool    // by a preference
	rivals   []rival // what else might have answered, where it is to be told
	nearest  []Near
	won      int                 // one more than the number of the saved example that answers
	mistake  mistake             // what a declared error tells
	erring   *mistake            // the same, while the body of an error is made
	shown    *definition.Example // the example of the contract that answers
	answerer int                 // one more than the number of the line that answered
}

// purpose tells what becomes of an answer. Only what is sent counts calls, asks
// an upstream or holds back.
type purpose uint8

const (
	sending    purpose = iota
	explaining         // nothing is sent
	rehearsing         // of a suggestion: only which example or operation answers is looked at
)

type pair struct{ name, value, raw string }

type paramValue struct {
	param *definition.Parameter
	value value
}

// pass records why a responder did not answer.
func (x *exchange) pass(responder, why string) bool {
	x.res.Trace = append(x.res.Trace, TraceLine{Responder: responder, Why: why})
	return false
}

// answer records what a responder answered with. What another did before it no
// longer counts.
func (x *exchange) answer(responder, why string) bool {
	x.pass(responder, why)
	x.answeredBy(len(x.res.Trace) - 1)
	return true
}

// answeredBy makes a line the one that answered.
func (x *exchange) answeredBy(line int) {
	trace := x.res.Trace
	if x.answerer > 0 {
		trace[x.answerer-1].Answered = false
	}
	trace[line].Answered = true
	x.answerer = line + 1
	x.res.Responder = trace[line].Responder
}

// queryPairs parses the query once, in its order. What can't be decoded stays
// as it was sent.
func (x *exchange) queryPairs() []pair {
	if x.parsed {
		return x.query
	}
	x.parsed = true
	x.query = appendPairs(x.query[:0], x.req.RawQuery)
	return x.query
}

const maxPairs = 10_000

func appendPairs(out []pair, raw string) []pair {
	for raw != "" && len(out) < maxPairs {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		if part == "" {
			continue
		}
		k, v, _ := strings.Cut(part, "=")
		out = append(out, pair{unescape(k), unescape(v), v})
	}
	return out
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

// route finds the operation: with a server's base path taken off, else with
// the whole path; as it is, else without a trailing slash.
func (m *Mock) route(x *exchange) bool {
	if strings.Contains(x.req.RawQuery, "__server=") && m.refuseServer(x) {
		return true
	}
	l := lookup{method: x.req.Method, rawQuery: x.req.RawQuery}
	if m.find(x, &l) {
		return x.found()
	}
	x.pass("route", unrouted(l.matched))
	if m.examples != nil && m.cfg.Validation != Strict && m.answerSaved(x) {
		return true
	}
	return m.noMatch(x, l.matched)
}

// unrouted says why no operation was found.
func unrouted(pathKnown bool) string {
	if pathKnown {
		return "the path is there, but not with this method"
	}
	return "no operation has this path"
}

// routed finds the operation of a request.
func (m *Mock) routed(x *exchange) bool {
	return m.find(x, &lookup{method: x.req.Method, rawQuery: x.req.RawQuery})
}

func (m *Mock) find(x *exchange, l *lookup) bool {
	path := strings.TrimPrefix(x.req.Path, "/")
	try := func(p string) bool {
		if op := m.routes.find(l, p); op != nil {
			x.op, x.path = op, p
			return true
		}
		if n := len(p); n > 1 && p[n-1] == '/' {
			if op := m.routes.find(l, p[:n-1]); op != nil {
				x.op, x.path = op, p[:n-1]
				return true
			}
		}
		return false
	}
	for _, b := range m.bases {
		if rest, ok := b.strip(path); ok && try(rest) {
			return true
		}
	}
	return m.cfg.BasePath == "" && try(path)
}

func (x *exchange) found() bool {
	x.res.Operation, x.res.Route = x.op.label, x.op.def.Path
	x.pass("route", x.op.found)
	if x.explains {
		x.tellTwins()
	}
	return false
}
