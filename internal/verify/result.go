package verify

import (
	"strconv"
	"strings"
)

// Result is what came of a verification.
type Result struct {
	Verified bool      `json:"verified"`
	Failures []Failure `json:"failures"` // never nil
	Checked  int       `json:"checked"`  // calls that were looked at
}

// Failure tells how calls were not as they were wanted.
type Failure struct {
	Call    int    `json:"call"` // the number of the matcher, from 0; -1: calls that no matcher takes
	Name    string `json:"name,omitempty"`
	Message string `json:"message"` // "POST /orders was called 1 time, wanted 2"
	Wanted  Times  `json:"wanted"`
	Got     int    `json:"got"`
	// Nearest are calls that tell more, at most 3: those that nearly match where
	// too few came, those that are too many where too many came.
	Nearest []Near `json:"nearest"`

	// What the message is made of.
	What   string `json:"-"` // "POST /orders with status 201"
	When   string `json:"-"` // "directly after listPets"; may be empty
	Remark string `json:"-"` // what else is to be said; may be empty
}

// Result tells what came of the calls so far.
func (j *Judge) Result() Result {
	r := Result{Failures: []Failure{}, Checked: j.checked}
	for i := range j.tallies {
		t := &j.tallies[i]
		if j.sequence != nil && !t.matcher.Times.never() {
			continue
		}
		if why, failed := t.judge(); failed {
			r.Failures = append(r.Failures, t.failure(i, t.sure, "", why))
		}
	}
	if j.sequence != nil {
		r.Failures = append(r.Failures, j.orderFailures()...)
	}
	if j.strangers.sure+j.strangers.doubt > 0 {
		r.Failures = append(r.Failures, j.strangerFailure())
	}
	r.Verified = len(r.Failures) == 0
	return r
}

// judge compares how often was called with how often was wanted. What can't be
// told is a failure, too, unless it makes no difference.
func (t *tally) judge() (remark string, failed bool) {
	least, most := t.matcher.Times.Bounds()
	if t.sure >= least && t.sure+t.doubt <= most {
		return "", false
	}
	return t.doubts(), true
}

// doubts says of how many calls it can't be told whether they match.
func (t *tally) doubts() string {
	if t.doubt == 0 {
		return ""
	}
	return "of " + strconv.Itoa(t.doubt) + " more it can't be told: " + t.why
}

func (t *tally) failure(i, got int, when, remark string) Failure {
	f := Failure{
		Call: i, Name: t.matcher.Name, Wanted: t.matcher.Times, Got: got,
		What: t.matcher.String(), When: when, Remark: remark, Nearest: []Near{},
	}
	least, most := f.Wanted.Bounds()
	switch {
	case got > most:
		f.Nearest = append(f.Nearest, t.beyond...)
	case got < least || t.doubt > 0:
		f.Nearest = append(f.Nearest, t.nearest.calls...)
	}
	f.Message = f.What + " was called " + times(got)
	if when != "" {
		f.Message += " " + when
	}
	f.Message += ", wanted " + f.Wanted.String()
	if remark != "" {
		f.Message += "; " + remark
	}
	return f
}

// orderFailures tells what is missing altogether or, if nothing is, where the
// order was broken.
func (j *Judge) orderFailures() []Failure {
	if j.sequence.end() {
		return j.orderDoubts()
	}
	var out []Failure
	for _, s := range j.sequence.steps {
		if t := &j.tallies[s.matcher]; t.sure == 0 && s.least > 0 {
			out = append(out, t.failure(s.matcher, 0, "", t.doubts()))
		}
	}
	if out == nil {
		out = append(out, j.broken())
	}
	return out
}

// orderDoubts tells of calls that would break the order if they matched.
func (j *Judge) orderDoubts() []Failure {
	var out []Failure
	for _, s := range j.sequence.steps {
		if t := &j.tallies[s.matcher]; t.doubt > 0 && s.most != unlimited {
			out = append(out, t.failure(s.matcher, t.sure, "", t.doubts()))
		}
	}
	return out
}

// broken tells where the order was broken.
func (j *Judge) broken() Failure {
	s, at := j.sequence, j.sequence.furthest
	if len(s.steps) == 0 || s.complete(at.place) {
		return Failure{
			Call: -1, What: "calls after the last that is wanted", Got: 1, Wanted: Exactly(0), Nearest: []Near{}, Remark: at.line,
			Message: at.line + " came after the last call that is wanted",
		}
	}
	step := s.steps[at.step]
	for at.count >= step.least && at.count <= step.most { // it is the next that is missing
		at.step, at.count = at.step+1, 0
		step = s.steps[at.step]
	}
	t := &j.tallies[step.matcher]
	when := ""
	if at.step > 0 {
		when = "after "
		if s.order == Strict || s.closed {
			when = "directly after "
		}
		when += j.tallies[s.steps[at.step-1].matcher].matcher.String()
	}
	return t.failure(step.matcher, at.count, when, j.remark(t, at))
}

func (j *Judge) remark(t *tally, at stop) string {
	var out []string
	if at.line != "" && at.count < j.sequence.steps[at.step].least {
		out = append(out, at.line+" came instead")
	}
	if t.sure > at.count {
		out = append(out, "it was called "+times(t.sure)+" in all")
	}
	if d := t.doubts(); d != "" {
		out = append(out, d)
	}
	return strings.Join(out, "; ")
}

// strangerFailure tells of calls that no matcher takes.
func (j *Judge) strangerFailure() Failure {
	s := &j.strangers
	f := Failure{Call: -1, What: "calls that are not wanted", Got: s.sure, Wanted: Exactly(0), Remark: s.doubts(), Nearest: append([]Near{}, s.beyond...)}
	var lines []string
	for i := range s.beyond {
		lines = append(lines, s.beyond[i].Line())
	}
	if s.sure == 0 {
		f.Message = "whether all calls are wanted can't be told: " + s.why
		return f
	}
	f.Message = strconv.Itoa(s.sure) + " calls were not wanted: "
	if s.sure == 1 {
		f.Message = "1 call was not wanted: "
	}
	f.Message += strings.Join(lines, ", ")
	if more := s.sure - len(lines); more > 0 {
		f.Message += " and " + strconv.Itoa(more) + " more"
	}
	if f.Remark != "" {
		f.Message += "; " + f.Remark
	}
	return f
}
