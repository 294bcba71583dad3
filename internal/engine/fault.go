package engine

import (
	"net/http"
	"strconv"
	"time"
)

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

// applyFaults has this call go wrong where one of the faults is drawn for it.
func (m *Mock) applyFaults(x *exchange) bool {
	if x.purpose == rehearsing {
		return false
	}
	call := x.callNumber()
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
			line := len(x.res.Trace) - 1
			m.answerFault(x, f)
			x.answeredBy(line)
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
	x.res.Break, x.res.Status, x.res.Mistake = b, http.StatusBadGateway, why
	return x.answer("faults", why)
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
