package engine

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

// HeaderValue is a header field of an answer that somebody wrote.
type HeaderValue struct{ Name, Value string }

// Canned is an answer to every call (Postman: the active server response).
type Canned struct {
	ID, Name string
	Status   int
	Header   []HeaderValue
	Body     string
	Language string // json, javascript, html, xml, text: the media type, where no header gives it
}

// Pin decides how an operation answers. What a call asks for itself outranks
// it.
type Pin struct {
	// Operation is an operationId, or method and path: "GET /pets/{id}". For
	// saved examples it is the name of one, or method and path.
	Operation string
	Step              // where Sequence is empty
	Sequence  []Step  // one after the other, and again
	Times     int     // how many calls, or runs through the sequence, it holds for; 0: for all
	calls     int     // the same in calls
	at        *target // what it is for; nil where there is no such operation
	key       string
}

// Step is one answer of a pin. Zero values leave the choice as it is.
type Step struct {
	Status  int
	Example string
	Dynamic *bool
}

// FaultKind is a way for an answer to go wrong.
type FaultKind string

// The kinds of faults.
const (
	FaultError     FaultKind = "error"     // an error status, a declared one where there is one
	FaultTimeout   FaultKind = "timeout"   // no answer for Duration, then the connection ends
	FaultReset     FaultKind = "reset"     // the connection is reset
	FaultEmpty     FaultKind = "empty"     // the connection ends without an answer
	FaultTruncated FaultKind = "truncated" // the connection ends in the middle of the body
)

// Fault has a share of the calls go wrong. Which ones is drawn from the seed
// and the number of the call, so that a run repeats.
type Fault struct {
	Operation string // as of a Pin; "" is all
	Kind      FaultKind
	Share     float64       // 0 to 1
	Status    int           // of FaultError; 0: the first declared 5xx, else 4xx, else 500
	Duration  time.Duration // of FaultTimeout; 0: 30 s
	at        *target
}

// target is what a pin or fault is for: an operation, or the examples of a
// saved request.
type target struct {
	op    *operation
	group []int // numbers of saved examples
}

// Breakage is what the adapter does to the connection in place of, or while,
// sending an answer.
type Breakage uint8

// The breakages: after the delay of the answer, the connection is reset, or
// ended without an answer; or the answer ends after half of its body, with the
// length of all of it told.
const (
	Whole Breakage = iota
	BreakReset
	BreakEmpty
	BreakTruncated
)

// maxHold bounds how long a timeout holds a call, and is its default.
const (
	maxHold     = 5 * time.Minute
	defaultHold = 30 * time.Second
)

// prepareSteering finds what pins and faults are for, and tells of those whose
// operation, status or example there is not.
func (m *Mock) prepareSteering() {
	if m.cfg.Counters == nil {
		m.cfg.Counters = NewCounters()
	}
	m.pins, m.faults = append([]Pin(nil), m.cfg.Pins...), append([]Fault(nil), m.cfg.Faults...)
	for i := range m.pins {
		p := &m.pins[i]
		p.key = strconv.Itoa(i) + " " + p.Operation
		if p.at = m.target(p.Operation); p.at == nil {
			m.unfit("pin-no-operation", "The pin for "+p.Operation+" has no effect: there is no such operation.", m.someOperations())
			continue
		}
		p.calls = p.Times * max(1, len(p.Sequence))
		m.checkSteps(p)
	}
	for i := range m.faults {
		f := &m.faults[i]
		if f.Operation == "" {
			continue
		}
		if f.at = m.target(f.Operation); f.at == nil {
			m.unfit("fault-no-operation", "The fault for "+f.Operation+" has no effect: there is no such operation.", m.someOperations())
			continue
		}
		if f.Status != 0 && !m.hasStatus(f.at, f.Status) {
			m.unfit("fault-no-status", "The fault for "+f.Operation+" asks for the status "+strconv.Itoa(f.Status)+", which the operation does not have: it is answered with an error of the mock's own.",
				"declare it in the document, save an example with it, or ask for another")
		}
	}
}

func (m *Mock) unfit(code, message, hint string) {
	m.steering = append(m.steering, Problem{Code: code, Message: message, Hint: hint})
}

// CheckSettings are the pins and faults that do not fit the definition.
func (m *Mock) CheckSettings() []Problem { return m.steering }

func (m *Mock) someOperations() string {
	var names []string
	for _, op := range m.ops[:min(len(m.ops), 5)] {
		names = append(names, op.label)
	}
	if len(names) == 0 {
		return "name it by its method and path, such as GET /pets"
	}
	return "there are " + strings.Join(names, ", ")
}

// target finds an operation by its id, or by method and path; else the examples
// of a saved request, by its method and path as they were saved, or by its name
// or that of an example, with or without the folders before it.
func (m *Mock) target(name string) *target {
	if op := m.byID[name]; op != nil {
		return &target{op: op}
	}
	method, path, ok := strings.Cut(name, " ")
	ok = ok && strings.HasPrefix(path, "/")
	if ok {
		method = strings.ToUpper(method)
		for _, op := range m.ops {
			if op.def.Method == method && sameTemplate(op.def.Path, path) {
				return &target{op: op}
			}
		}
	}
	if m.examples == nil {
		return nil
	}
	t := &target{}
	for i, a := range m.examples.answers {
		x := a.x
		if ok && x.Request.Method == method && sameTemplate(orSlash(x.Request.Path), path) || x.Name == name || isPlace(requestPlace(x), name) {
			t.group = append(t.group, i)
		}
	}
	if t.group == nil {
		return nil
	}
	return t
}

// requestPlace is the place of the request that an example was saved under.
func requestPlace(x *definition.Exchange) string { return strings.TrimSuffix(x.Place, " / "+x.Name) }

// isPlace reports whether a place is named, with or without its folders.
func isPlace(place, name string) bool { return place == name || strings.HasSuffix(place, " / "+name) }

// sameTemplate compares path templates without regard to the names of their
// parameters.
func sameTemplate(a, b string) bool {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	if len(as) != len(bs) {
		return false
	}
	for i := range as {
		if as[i] != bs[i] && (!isVariable(as[i]) || !isVariable(bs[i])) {
			return false
		}
	}
	return true
}

func isVariable(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") || strings.HasPrefix(segment, ":")
}

func (t *target) isFor(x *exchange, example int) bool {
	if t.op != nil {
		return x.op == t.op
	}
	return slices.Contains(t.group, example)
}

// savedAt is the number of the saved example that answers a call which asks for
// none, with what it matched; -1 where none does.
func (m *Mock) savedAt(x *exchange) (int, *saved.Request, saved.Match) {
	if m.examples == nil {
		return -1, nil, saved.Match{}
	}
	req := x.savedRequest()
	req.Code, req.ID, req.Name = 0, "", ""
	match, ok := m.matchSaved(x, req)
	if !ok {
		return -1, req, match
	}
	return match.Index, req, match
}

func (m *Mock) checkSteps(p *Pin) {
	for _, s := range append([]Step{p.Step}, p.Sequence...) {
		if s.Status != 0 && !m.hasStatus(p.at, s.Status) {
			m.unfit("pin-no-status", "The pin for "+p.Operation+" asks for the status "+strconv.Itoa(s.Status)+", which the operation does not have.",
				"declare it in the document, save an example with it, or pin another")
		}
		if s.Example != "" && !m.hasExample(p.at, s.Example) {
			m.unfit("pin-no-example", "The pin for "+p.Operation+" asks for the example "+strconv.Quote(s.Example)+", which the operation does not have.",
				"add it to the document, or pin another")
		}
	}
}

// hasStatus reports whether a target can answer with a status. Beside a
// contract any saved example counts: which operation it belongs to is only
// known of a call.
func (m *Mock) hasStatus(t *target, status int) bool {
	if t.op != nil {
		t.op.ready()
		if t.op.byStatus(status) != nil {
			return true
		}
	}
	return m.anySaved(t, func(x *definition.Exchange) bool { return x.Response.Status == status })
}

func (m *Mock) hasExample(t *target, name string) bool {
	if t.op != nil {
		t.op.ready()
		if t.op.hasExample(name) {
			return true
		}
	}
	return m.anySaved(t, func(x *definition.Exchange) bool { return x.Name == name })
}

func (m *Mock) anySaved(t *target, is func(*definition.Exchange) bool) bool {
	if m.examples == nil {
		return false
	}
	for i, a := range m.examples.answers {
		if (t.op != nil || slices.Contains(t.group, i)) && is(a.x) {
			return true
		}
	}
	return false
}

func (op *operation) hasExample(name string) bool {
	for _, r := range op.responses {
		for _, c := range r.content {
			if exampleNamed(c, name) >= 0 {
				return true
			}
		}
	}
	return false
}

// applyPins has the first pin that is for this call decide what it leaves
// open.
func (m *Mock) applyPins(x *exchange) bool {
	example := -1
	if m.examples != nil && slices.ContainsFunc(m.pins, func(p Pin) bool { return p.at != nil && p.at.op == nil }) {
		example, _, _ = m.savedAt(x)
	}
	for i := range m.pins {
		p := &m.pins[i]
		if p.at == nil || !p.at.isFor(x, example) {
			continue
		}
		if x.asks() || x.prefs.dynamic != nil && p.choosesBody() {
			return x.pass("pins", "the call itself asks for an answer")
		}
		n, ok := m.cfg.Counters.pin(p.key, p.calls)
		if !ok {
			x.pass("pins", "the pin for "+p.Operation+" is spent")
			continue
		}
		step := p.Step
		if len(p.Sequence) > 0 {
			step = p.Sequence[n%len(p.Sequence)]
		}
		if step.Status != 0 {
			x.prefs.code = step.Status
		}
		if step.Example != "" {
			x.prefs.example, x.prefs.hasExample = step.Example, true
			x.pickStatus(step)
		}
		if step.Dynamic != nil && x.prefs.dynamic == nil {
			x.prefs.dynamic = step.Dynamic
			x.generates = *step.Dynamic && step.Example == "" && x.op != nil
		}
		return x.pass("pins", "call "+strconv.Itoa(n+1)+" of the pin for "+p.Operation)
	}
	return false
}

// asks reports whether a call asks for an answer itself: it outranks pins, and
// does not use them up.
func (x *exchange) asks() bool {
	if x.prefs.code != 0 || x.prefs.hasExample {
		return true
	}
	h := x.req.Header
	return x.mock.examples != nil && len(h["X-Mock-Response-Code"])+len(h["X-Mock-Response-Id"])+len(h["X-Mock-Response-Name"]) > 0
}

// choosesBody reports whether a pin decides more than the status.
func (p *Pin) choosesBody() bool {
	more := func(s Step) bool { return s.Example != "" || s.Dynamic != nil }
	return more(p.Step) || slices.ContainsFunc(p.Sequence, more)
}

// pickStatus has an example that only another status than the usual one has
// come with that status.
func (x *exchange) pickStatus(step Step) {
	if x.op == nil || step.Status != 0 {
		return
	}
	usual, _ := x.op.success()
	for _, first := range [...]bool{true, false} {
		for _, r := range x.op.responses {
			if (r == usual) != first {
				continue
			}
			for _, c := range r.content {
				if exampleNamed(c, step.Example) >= 0 {
					x.prefs.code = codeOf(r.def.Status)
					return
				}
			}
		}
	}
}

// applyFaults has this call go wrong where one of the faults is drawn for it.
func (m *Mock) applyFaults(x *exchange) bool {
	call := m.cfg.Counters.call()
	m.routed(x)
	example := -1
	if x.op == nil {
		example, _, _ = m.savedAt(x)
	}
	for i := range m.faults {
		f := &m.faults[i]
		if f.Operation != "" && (f.at == nil || !f.at.isFor(x, example)) || m.draw("fault", i, call) >= f.Share {
			continue
		}
		if x.op != nil {
			x.res.Operation, x.res.Route = x.op.label, x.op.def.Path
		}
		why := "the fault " + string(f.Kind) + " was drawn for call " + strconv.FormatUint(call, 10)
		switch f.Kind {
		case FaultError:
			x.pass("faults", why)
			m.answerFault(x, f)
			x.res.Responder = "faults"
			return true
		case FaultTimeout:
			x.held = defaultHold
			if f.Duration > 0 {
				x.held = min(f.Duration, maxHold)
			}
			return x.broken(BreakEmpty, why)
		case FaultReset:
			return x.broken(BreakReset, why)
		case FaultEmpty:
			return x.broken(BreakEmpty, why)
		case FaultTruncated:
			x.res.Break = BreakTruncated
			x.op, x.path = nil, "" // the route follows, with its line in the trace
			return x.pass("faults", why)
		}
	}
	x.op, x.path = nil, ""
	return x.pass("faults", "none was drawn")
}

// broken ends a call without an answer.
func (x *exchange) broken(b Breakage, why string) bool {
	x.res.Break, x.res.Status, x.res.Responder, x.res.Mistake = b, http.StatusBadGateway, "faults", why
	x.pass("faults", why)
	return true
}

// answerFault answers with an error, as it is declared where it is.
func (m *Mock) answerFault(x *exchange, f *Fault) bool {
	status := f.Status
	const title, told = "Simulated error", "The mock server was told to let this call fail."
	if x.op == nil {
		if at, req, match := m.savedAt(x); at >= 0 {
			if i := m.examples.errorBeside(at, status); i >= 0 {
				x.sendSaved(m.examples.answers[i], req, match.Captured)
				return true
			}
		}
		if status == 0 {
			status = http.StatusInternalServerError
		}
		if len(m.ops) > 0 {
			return x.problem(status, "FAULT", title, told)
		}
		return x.savedError(status, "faultError", title, told, nil)
	}
	x.op.ready()
	if status == 0 {
		status = x.op.errorStatus()
	}
	if r := x.op.byStatus(status); r != nil {
		x.prefs.code, x.prefs.hasExample = status, false
		return x.reply(r, status, true)
	}
	return x.problem(status, "FAULT", title, told)
}

// errorBeside finds an error among the examples of the same saved request: of
// that status; or, for 0, the first 5xx, else the first 4xx. It is -1 where
// there is none. It looks at all examples: only a call that fails pays.
func (e *examples) errorBeside(example, status int) int {
	place := requestPlace(e.answers[example].x)
	first := [6]int{4: -1, 5: -1}
	for i, a := range e.answers {
		if requestPlace(a.x) != place {
			continue
		}
		s := a.x.Response.Status
		switch {
		case status != 0 && s == status:
			return i
		case status == 0 && s >= 400 && first[s/100] < 0:
			first[s/100] = i
		}
	}
	if first[5] >= 0 {
		return first[5]
	}
	return first[4]
}

// errorStatus is the status of a fault: the first declared 5xx, else 4xx, else
// 500.
func (op *operation) errorStatus() int {
	for _, class := range [...]byte{'5', '4'} {
		for _, r := range op.responses {
			if r.def.Status[0] == class {
				return codeOf(r.def.Status)
			}
		}
	}
	return http.StatusInternalServerError
}

// answerCanned answers every call with the active server response.
func (m *Mock) answerCanned(x *exchange) bool {
	c, res := m.cfg.ServerResponse, x.res
	res.Status, res.Example = c.Status, c.Name
	typed := false
	for _, h := range c.Header {
		name := http.CanonicalHeaderKey(h.Name)
		if name == "Content-Length" || name == "Transfer-Encoding" || name == "Connection" {
			continue
		}
		typed = typed || name == "Content-Type"
		res.add(name, h.Value)
	}
	if !typed && c.Body != "" {
		res.Set("Content-Type", []string{languageType(c.Language)})
	}
	res.Body = []byte(c.Body)
	x.pass("server response", c.Name+" answers every call")
	res.Responder = "server response"
	return true
}

func languageType(language string) string {
	switch language {
	case "json":
		return "application/json; charset=utf-8"
	case "javascript":
		return "application/javascript; charset=utf-8"
	case "html":
		return "text/html; charset=utf-8"
	case "xml":
		return "application/xml; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// Forward is a call that nothing of the mock answers.
type Forward struct {
	Method, Path, RawQuery string
	Header                 http.Header // its own, without the encoding and the length of the body
	Body                   []byte      // decoded
}

// Forwarded is what an upstream answers to it.
type Forwarded struct {
	Status int
	Header http.Header
	Body   []byte
}

// forward asks the upstream; false where there is none.
func (x *exchange) forward() bool {
	if x.mock.cfg.Upstream == nil {
		return false
	}
	x.res.Found = nil
	body, bad := x.readBody()
	if bad != nil {
		return x.problem(bad.status, bad.name, bad.title, bad.detail)
	}
	header := x.req.Header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	answer, err := x.mock.cfg.Upstream(Forward{x.req.Method, x.req.Path, x.req.RawQuery, header, body})
	if err != nil {
		detail := "Nothing of the mock answers this call, and its upstream can't be asked: " + err.Error()
		if len(x.mock.ops) == 0 {
			return x.savedError(http.StatusBadGateway, "upstreamError", "Upstream failed", detail, nil)
		}
		return x.problem(http.StatusBadGateway, "UPSTREAM", "Upstream failed", detail)
	}
	res := x.res
	res.Status, res.Body, res.Responder = answer.Status, answer.Body, "upstream"
	for name, values := range answer.Header {
		res.Set(name, values)
	}
	x.pass("upstream", "nothing of the mock answers; the upstream does")
	return true
}
