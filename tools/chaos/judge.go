package main

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"
)

// What is promised. Calls that a node answered in its last second before it was
// killed may be missing in the log; a change is served by all nodes within a
// second, and within two while there is trouble.
const (
	lastSecond  = time.Second
	lag         = time.Second
	lagTroubled = 2 * time.Second
	trouble     = 5 * time.Second // how long a kill or outage counts as one
)

// never is the end of what has not ended.
const never = time.Duration(1<<63 - 1)

// downtime is the time of a node from a kill until it was ready again.
type downtime struct {
	node          int
	killed, ready time.Duration
}

// outage is the time without a database, until both nodes served changes again.
type outage struct{ down, recovered time.Duration }

// history is what was done, and what the clients saw of it.
type history struct {
	calls   []call  // by number
	writes  []write // by version, from 1
	downs   []downtime
	outages []outage
}

// tally is what was found for the calls of one phase.
type tally struct {
	answered   int
	logged     int // of the answered ones
	allowed    int // missing in the log, and may be
	missing    int // missing in the log, and must not be
	doubled    int
	wrong      int // answers
	torn       int // answers, or what the API gave back, of half a change
	unanswered int // by a node that lives
	refused    int // changes, by a node that lives and has its database
	lost       int // acknowledged changes that another node did not find
	slow       int // answers during an outage, above a second
	slowest    time.Duration
	said       []string // what was wrong, the first few
}

// summary is what is wrong, in figures and the first few examples; "" nothing.
func (t *tally) summary() string {
	var figures []string
	for _, f := range []struct {
		n    int
		what string
	}{
		{t.missing, "missing in the log"}, {t.doubled, "doubled in the log"}, {t.wrong, "wrong"}, {t.torn, "torn"},
		{t.unanswered, "unanswered by a living node"}, {t.refused, "changes refused"}, {t.lost, "changes lost"},
	} {
		if f.n > 0 {
			figures = append(figures, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	if figures == nil {
		return ""
	}
	return strings.Join(append([]string{strings.Join(figures, ", ")}, t.said...), "\n    ")
}

// say keeps the first few sentences of a tally.
func (t *tally) say(format string, args ...any) {
	if len(t.said) < 5 {
		t.said = append(t.said, fmt.Sprintf(format, args...))
	}
}

// down tells whether a node was away at some time of a span.
func (h *history) down(node int, from, to time.Duration) bool {
	return slices.ContainsFunc(h.downs, func(d downtime) bool {
		return d.node == node && d.killed <= to && from <= d.ready
	})
}

// out tells whether the database was away, or its nodes had not yet taken up
// again, at some time of a span.
func (h *history) out(from, to time.Duration) bool {
	return slices.ContainsFunc(h.outages, func(o outage) bool { return o.down <= to && from <= o.recovered })
}

// judgeAnswers looks at what the clients were answered.
func (h *history) judgeAnswers(phases []tally) {
	for i := range h.calls {
		c := &h.calls[i]
		t := &phases[c.phase]
		away := h.down(c.node, c.sent, c.done)
		switch {
		case c.outcome != answered && !away:
			t.unanswered++
			t.say("node %d did not answer call %d at %.3f s: %s", c.node+1, c.number, c.sent.Seconds(), c.fault)
		case c.outcome != answered, away && c.status >= http.StatusInternalServerError:
		default:
			t.answered++
			h.judgeAnswer(c, t)
		}
		if took := c.done - c.sent; c.outcome == answered && h.out(c.sent, c.done) {
			t.slowest = max(t.slowest, took)
			if took > time.Second {
				t.slow++
			}
		}
	}
}

func (h *history) judgeAnswer(c *call, t *tally) {
	fault := c.fault
	if fault == "" && c.version > 0 {
		fault = h.versionFault(c)
	}
	switch {
	case c.torn:
		t.torn++
		t.say("call %d at %.3f s: the answer is of two versions", c.number, c.sent.Seconds())
	case fault != "":
		t.wrong++
		t.say("call %d of node %d at %.3f s: %s", c.number, c.node+1, c.sent.Seconds(), fault)
	}
}

// versionFault is what is wrong with the version of an answer: it was not
// written yet, or a newer one should be served.
func (h *history) versionFault(c *call) string {
	if c.version > len(h.writes) || h.writes[c.version-1].began > c.done {
		return fmt.Sprintf("version %d was not written yet", c.version)
	}
	if due := h.due(c.sent); c.version < due {
		return fmt.Sprintf("version %d is served, %d was acknowledged at %.3f s", c.version, due, h.writes[due-1].ended.Seconds())
	}
	return ""
}

// due is the oldest version that a node may still answer with at a time.
func (h *history) due(at time.Duration) int {
	tolerance := lag
	for _, d := range h.downs {
		if d.killed <= at && (d.ready == never || at < d.ready+trouble) {
			tolerance = lagTroubled
		}
	}
	limit := at - tolerance
	for _, o := range h.outages {
		switch {
		case at < o.down || o.recovered != never && at >= o.recovered+trouble:
		case o.recovered == never || at < o.recovered+lagTroubled:
			// What was written right before has not reached all nodes, and
			// can't until the database is back.
			limit = min(limit, o.down-lagTroubled)
		default:
			limit = min(limit, at-lagTroubled)
		}
	}
	// Writes follow each other: their ends are in order.
	n := sort.Search(len(h.writes), func(i int) bool { return h.writes[i].ended > limit })
	for n > 1 && !h.writes[n-1].acknowledged {
		n--
	}
	return max(n, 1)
}

// judgeWrites looks at what the writer saw.
func (h *history) judgeWrites(phases []tally) {
	for _, w := range h.writes {
		t := &phases[w.phase]
		if !w.acknowledged && !h.down(w.node, w.began, w.ended) && !h.out(w.began, w.ended) {
			t.refused++
			t.say("node %d refused the change to version %d at %.3f s: %s", w.node+1, w.version, w.began.Seconds(), w.why)
		}
		if w.check.torn {
			t.torn++
			t.say("after the change to version %d at %.3f s, the collection is of two versions", w.version, w.ended.Seconds())
		}
		if w.check.lost {
			t.lost++
			t.say("after the change to version %d at %.3f s, node %d reads an older one than was acknowledged", w.version, w.ended.Seconds(), (w.node+1)%nodeCount+1)
		}
	}
}

// mayMiss tells whether a call may be missing in the log: it was not answered,
// or only by a node that was killed within a second, or that said it can't.
func (h *history) mayMiss(c *call) bool {
	if c.outcome != answered {
		return true
	}
	if c.status >= http.StatusInternalServerError && h.down(c.node, c.sent, c.done) {
		return true
	}
	return slices.ContainsFunc(h.downs, func(d downtime) bool {
		return d.node == c.node && c.sent <= d.killed && c.done >= d.killed-lastSecond
	})
}

// judgeLog compares a log with the calls that were made. It gives what is in it
// that nobody sent.
func (h *history) judgeLog(w *world, log []logged, phases []tally) (unknown []string) {
	times := make([]int, len(h.calls))
	for _, l := range log {
		n := l.number()
		if n < 0 || n >= len(h.calls) || h.calls[n].outcome == unsent || h.calls[n].mock != l.mock || w.path(n) != l.path {
			unknown = append(unknown, fmt.Sprintf("%s in the log of %s (%s) was never sent", l.path, w.mocks[l.mock].slug, l.id))
			continue
		}
		times[n]++
		if c := &h.calls[n]; c.outcome == answered && c.status != l.status {
			phases[c.phase].wrong++
			phases[c.phase].say("call %d was answered with %d, and is logged with %d", n, c.status, l.status)
		}
	}
	for i := range h.calls {
		h.judgeTimes(&h.calls[i], times[i], &phases[h.calls[i].phase])
	}
	return unknown
}

// judgeTimes judges how often a call is in the log.
func (h *history) judgeTimes(c *call, times int, t *tally) {
	switch {
	case times > 1:
		t.doubled++
		t.say("call %d of node %d, sent at %.3f s, is in the log %d times", c.number, c.node+1, c.sent.Seconds(), times)
	case times == 0 && c.outcome == answered && h.mayMiss(c):
		t.allowed++
	case times == 0 && c.outcome == answered:
		t.missing++
		t.say("call %d of node %d, answered at %.3f s, is not in the log", c.number, c.node+1, c.done.Seconds())
	}
	if times > 0 && c.outcome == answered {
		t.logged++
	}
}

// complete tells whether a log holds every call that has to be in it.
func (h *history) complete(w *world, log []logged) bool {
	phases := make([]tally, h.phases())
	h.judgeLog(w, log, phases)
	return !slices.ContainsFunc(phases, func(t tally) bool { return t.missing > 0 })
}

// phases is how many phases the calls were made in.
func (h *history) phases() (n int) {
	for i := range h.calls {
		n = max(n, h.calls[i].phase+1)
	}
	return n
}
