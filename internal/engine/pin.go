package engine

import (
	"slices"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
)

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
		n, ok := x.pinUse(p)
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
	return x.pass("pins", "no more pin is for this call")
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
