package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

// target is what a pin or fault is for: an operation, or the examples of a
// saved request.
type target struct {
	op    *operation
	group []int // numbers of saved examples
}

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

// CheckSettings are the settings that name what the definition doesn't have:
// pins, faults, operations that keep no state.
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
