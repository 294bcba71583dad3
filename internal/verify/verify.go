// Package verify judges calls against what a test expects of them: how often
// they were made, in which order, with what in them. Calls are shown to a
// [Judge] one after the other, so that a long log is never in memory as a whole.
package verify

import "time"

// Verification is what a test expects of the calls to a mock. It is never
// changed by those who judge by it, and may be shared.
type Verification struct {
	Calls []Matcher
	Order Order
	// Only forbids calls that no matcher takes. Together with an order it wants
	// the calls in that order, and none before, between and after them.
	Only bool

	// Which calls are looked at is for the caller to follow.
	Session string    // of this session; "" of all
	Since   time.Time // from then on; zero: of all times
	After   string    // later than the call with this id; "" of all
}

// Order says in which order the calls have to come.
type Order uint8

// The orders. A matcher that wants no call is judged over all calls whatever
// the order is; it has no place in it.
const (
	// Any is no order: each matcher counts all calls.
	Any Order = iota
	// Relative lets other calls come in between. A matcher counts from its first
	// call after the run before it to the first call of the run after it.
	Relative
	// Strict wants the runs directly one after the other.
	Strict
)

// The bounds of a verification.
const (
	maxMatchers    = 100
	maxNearest     = 3
	maxDifferences = 10
	maxTimes       = 100_000
)

// Judge looks at calls and tells whether they are as a verification wants them.
// It is for one goroutine.
type Judge struct {
	v        Verification
	tallies  []tally
	sequence *sequence // nil where there is no order
	matches  []bool    // of the call that is looked at
	checked  int

	strangers tally // what no matcher takes, where that matters
}

// tally is what came of one matcher.
type tally struct {
	matcher matcher
	sure    int    // calls that match
	doubt   int    // calls of which it can't be told
	why     string // the first reason for that

	nearest nearest // calls that don't match
	beyond  []Near  // the first calls that are more than wanted
}

// New makes a judge.
func New(v Verification) *Judge {
	j := &Judge{v: v, tallies: make([]tally, len(v.Calls)), matches: make([]bool, len(v.Calls))}
	for i := range v.Calls {
		j.tallies[i].matcher = compile(v.Calls[i])
	}
	if v.Order != Any {
		j.sequence = newSequence(&v)
	}
	return j
}

// Checked is how many calls were looked at.
func (j *Judge) Checked() int { return j.checked }

// Add looks at the next call. Nothing of it is used after the return.
func (j *Judge) Add(c *Call) {
	j.checked++
	taken, doubt := false, ""
	for i := range j.tallies {
		t := &j.tallies[i]
		found := t.matcher.compare(c)
		j.matches[i] = found.verdict() == yes
		switch found.verdict() {
		case yes:
			taken = true
			t.sure++
			if _, most := t.matcher.Times.Bounds(); t.sure > most && len(t.beyond) < maxNearest {
				t.beyond = append(t.beyond, nearOf(c, nil))
			}
		case unsure:
			doubt = found.doubt
			t.doubtful(doubt)
			t.nearest.offer(c, &found)
		case no:
			t.nearest.offer(c, &found)
		}
	}
	switch {
	case j.sequence != nil:
		j.sequence.add(j.matches, c.Line())
	case j.v.Only && !taken && doubt == "":
		j.stranger(c)
	case j.v.Only && !taken:
		j.strangers.doubtful(doubt)
	}
}

func (t *tally) doubtful(why string) {
	if t.doubt++; t.doubt == 1 {
		t.why = why
	}
}

// stranger takes a call that nobody wants.
func (j *Judge) stranger(c *Call) {
	if j.strangers.sure++; len(j.strangers.beyond) == maxNearest {
		return
	}
	var closest comparison
	for i := range j.tallies {
		if found := j.tallies[i].matcher.compare(c); found.distance < far && (closest.distance == 0 || found.distance < closest.distance) {
			closest = found
		}
	}
	j.strangers.beyond = append(j.strangers.beyond, nearOf(c, closest.differs))
}
