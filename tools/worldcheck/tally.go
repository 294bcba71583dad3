package main

import "fmt"

// check names what is judged, in the order of the report.
type check string

const (
	checkStart     check = "start"     // the document is understood and served
	checkAnswer    check = "answer"    // answers are JSON objects or arrays, and no faults
	checkItem      check = "item"      // an item in a list is the one at its path
	checkPaging    check = "paging"    // pages hold each item once
	checkParent    check = "parent"    // children belong to their parents
	checkFilter    check = "filter"    // a filter selects what it says
	checkSort      check = "sort"      // a list is in the order that was asked for
	checkReference check = "reference" // what a property names can be read
	checkCount     check = "count"     // a count is the number of children
	checkAgain     check = "again"     // a second GET gives the same body
	checkRestart   check = "restart"   // the same seed gives the same world
	checkSeed      check = "seed"      // another seed gives another world
	checkTimes     check = "times"     // created before updated
	checkAlso      check = "also"      // an object is the same by all its paths
)

var allChecks = []check{
	checkStart, checkAnswer, checkItem, checkPaging, checkParent, checkFilter, checkSort, checkReference,
	checkCount, checkAgain, checkRestart, checkSeed, checkTimes, checkAlso,
}

// count is what became of one check.
type count struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// finding is one failed check, or what was skipped and why.
type finding struct {
	Check    check  `json:"check"`
	Resource string `json:"resource,omitempty"`
	Why      string `json:"why"`
}

// tally counts the checks of one document.
type tally struct {
	checks   map[check]*count
	failures []finding
	skips    []finding
	stopped  func() bool // what fails now fails because the time is over; nil never
}

func newTally() *tally { return &tally{checks: map[check]*count{}} }

func (t *tally) of(c check) *count {
	if t.checks[c] == nil {
		t.checks[c] = &count{}
	}
	return t.checks[c]
}

// maxFindings bounds what is kept of one document.
const maxFindings = 500

func (t *tally) pass(c check) { t.of(c).Passed++ }

func (t *tally) fail(c check, r *resource, format string, args ...any) {
	if t.stopped != nil && t.stopped() {
		t.skip(c, r, "the time was over")
		return
	}
	t.of(c).Failed++
	if len(t.failures) < maxFindings {
		t.failures = append(t.failures, finding{Check: c, Resource: nameOf(r), Why: fmt.Sprintf(format, args...)})
	}
}

func (t *tally) skip(c check, r *resource, format string, args ...any) {
	t.of(c).Skipped++
	if len(t.skips) < maxFindings {
		t.skips = append(t.skips, finding{Check: c, Resource: nameOf(r), Why: fmt.Sprintf(format, args...)})
	}
}

// judge passes a check, or fails it for the reason why, "" for none.
func (t *tally) judge(c check, r *resource, why string) {
	if why == "" {
		t.pass(c)
		return
	}
	t.fail(c, r, "%s", why)
}

func nameOf(r *resource) string {
	if r == nil {
		return ""
	}
	if r.Collection == "" {
		return r.Name + " " + r.Item
	}
	return r.Name + " " + r.Collection
}
