package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// second is a time since the start of a trial.
func second(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// fourMocks is a world of a mock of a collection and three more, the last of a spec.
func fourMocks() *world {
	return &world{mocks: []mock{{slug: "a"}, {slug: "b"}, {slug: "c"}, {slug: "d", ofSpec: true}}}
}

// past is a history of calls that node 1 answered, one each 100 ms from 0 s on,
// and of node 1 being killed at 3 s, ready again at 4 s.
func past(w *world) *history {
	h := &history{
		writes: []write{{version: 1, acknowledged: true}},
		downs:  []downtime{{node: 0, killed: second(3), ready: second(4)}},
	}
	for n := range 60 {
		at := second(float64(n) / 10)
		c := call{number: n, mock: w.mockOf(n), sent: at, done: at + time.Millisecond, outcome: answered, status: 200, version: 1}
		if h.down(0, c.sent, c.done) {
			c.outcome, c.status, c.version = unsent, 0, 0
		}
		h.calls = append(h.calls, c)
	}
	return h
}

// logOf is a log that has every call that was answered once.
func logOf(h *history, w *world) (log []logged) {
	for _, c := range h.calls {
		if c.outcome == answered {
			log = append(log, logged{id: w.path(c.number), mock: c.mock, path: w.path(c.number), status: c.status})
		}
	}
	return log
}

func without(log []logged, number int) []logged {
	return slices.DeleteFunc(log, func(l logged) bool { return l.number() == number })
}

func TestJudgeLog(t *testing.T) {
	t.Parallel()
	w := fourMocks()
	for _, c := range []struct {
		name    string
		change  func(h *history, log []logged) []logged
		want    tally // what was found, without what was answered
		unknown string
	}{
		{"every call once", func(_ *history, log []logged) []logged { return log }, tally{}, ""},
		{"one twice", func(_ *history, log []logged) []logged { return append(log, log[7]) }, tally{doubled: 1}, ""},
		{"one missing long before the kill", func(_ *history, log []logged) []logged { return without(log, 7) }, tally{missing: 1}, ""},
		{"one missing just more than a second before the kill", func(h *history, log []logged) []logged {
			h.calls[20].sent, h.calls[20].done = second(1.99), second(1.999)
			return without(log, 20)
		}, tally{missing: 1}, ""},
		{"one missing in the last second before the kill", func(_ *history, log []logged) []logged { return without(log, 21) }, tally{allowed: 1}, ""},
		{"one missing after the node was back", func(_ *history, log []logged) []logged { return without(log, 45) }, tally{missing: 1}, ""},
		{"one of the other node missing in that second", func(h *history, log []logged) []logged {
			h.calls[21].node = 1
			return without(log, 21)
		}, tally{missing: 1}, ""},
		{"one that was cut by the kill is in the log", func(h *history, log []logged) []logged {
			h.calls[29].outcome = cut
			return log
		}, tally{}, ""},
		{"one that was cut is in the log twice", func(h *history, log []logged) []logged {
			h.calls[29].outcome = cut
			return append(log, log[29])
		}, tally{doubled: 1}, ""},
		{"one that was never made", func(_ *history, log []logged) []logged {
			return append(log, logged{mock: w.mockOf(60), path: w.path(60), status: 200})
		}, tally{}, "never sent"},
		{"one that nobody took", func(_ *history, log []logged) []logged {
			return append(log, logged{mock: w.mockOf(33), path: w.path(33), status: 200})
		}, tally{}, "never sent"},
		{"one in the log of another mock", func(_ *history, log []logged) []logged {
			log[7].mock = 0
			return log
		}, tally{missing: 1}, "never sent"},
		{"one with another path", func(_ *history, log []logged) []logged {
			log[7].path = "/pets/7"
			return log
		}, tally{missing: 1}, "never sent"},
		{"one with another status", func(_ *history, log []logged) []logged {
			log[7].status = 500
			return log
		}, tally{wrong: 1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := past(w)
			phases := make([]tally, 1)
			unknown := h.judgeLog(w, c.change(h, logOf(h, w)), phases)
			if text := strings.Join(unknown, "\n"); c.unknown == "" && text != "" || !strings.Contains(text, c.unknown) {
				t.Errorf("unknown calls: %q, want %q", text, c.unknown)
			}
			got := phases[0]
			got.logged, got.said = 0, nil
			if !same(got, c.want) {
				t.Errorf("found %+v, want %+v", got, c.want)
			}
			if bad := phases[0].summary() != ""; bad != (c.want.missing+c.want.doubled+c.want.wrong > 0) {
				t.Errorf("the summary is %q", phases[0].summary())
			}
		})
	}
}

func same(a, b tally) bool {
	return a.missing == b.missing && a.allowed == b.allowed && a.doubled == b.doubled && a.wrong == b.wrong &&
		a.torn == b.torn && a.unanswered == b.unanswered && a.refused == b.refused && a.lost == b.lost
}

func TestJudgeAnswers(t *testing.T) {
	t.Parallel()
	w := fourMocks()
	written := func(h *history) { // version 2 at 1 s, 3 not acknowledged, 4 at 2 s
		h.writes = append(h.writes,
			write{version: 2, began: second(0.9), ended: second(1), acknowledged: true},
			write{version: 3, began: second(1.4), ended: second(1.5)},
			write{version: 4, began: second(1.9), ended: second(2), acknowledged: true})
		for i := range h.calls {
			switch c := &h.calls[i]; {
			case c.outcome != answered, c.sent < second(1):
			case c.sent < second(2):
				c.version = 2
			default:
				c.version = 4
			}
		}
	}
	for _, c := range []struct {
		name   string
		change func(h *history)
		want   tally
	}{
		{"all right", func(*history) {}, tally{}},
		{"versions as they are written", written, tally{}},
		{"one that was not acknowledged", func(h *history) { written(h); h.calls[16].version = 3 }, tally{}},
		{"one before it was written", func(h *history) { written(h); h.calls[5].version = 2 }, tally{wrong: 1}},
		{"one that was never written", func(h *history) { h.calls[5].version = 9 }, tally{wrong: 1}},
		{"an old one within a second", func(h *history) { written(h); h.calls[29].version = 2 }, tally{}},
		{"an old one within two seconds after a kill", func(h *history) {
			written(h)
			h.writes[3].began, h.writes[3].ended = second(2.2), second(2.5)
			for _, n := range []int{20, 21, 44} { // 20 and 21 are before that write
				h.calls[n].version = 2
			}
		}, tally{}},
		{"an old one after that", func(h *history) { written(h); h.calls[44].version = 2 }, tally{wrong: 1}},
		{"an old one in an outage", func(h *history) {
			written(h)
			h.outages = []outage{{down: second(2.2), recovered: second(5)}}
			h.calls[50].version = 2
		}, tally{}},
		{"one that is older than the outage explains", func(h *history) {
			written(h)
			h.outages = []outage{{down: second(4.2), recovered: never}}
			h.calls[50].version = 2
		}, tally{wrong: 1}},
		{"another status", func(h *history) { h.calls[5].status, h.calls[5].fault = 500, "the status is 500" }, tally{wrong: 1}},
		{"two versions in one", func(h *history) { h.calls[5].torn = true }, tally{torn: 1}},
		{"no answer of a node that lives", func(h *history) { h.calls[5].outcome = cut }, tally{unanswered: 1}},
		{"no answer at the kill", func(h *history) { h.calls[29].outcome, h.calls[29].done = cut, second(3.01) }, tally{}},
		{"no answer of the other node at the kill", func(h *history) { h.calls[30].node = 1 }, tally{unanswered: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := past(w)
			c.change(h)
			phases := make([]tally, 1)
			h.judgeAnswers(phases)
			if !same(phases[0], c.want) {
				t.Errorf("found %+v, want %+v", phases[0], c.want)
			}
		})
	}
}

func TestJudgeWrites(t *testing.T) {
	t.Parallel()
	h := past(fourMocks())
	h.outages = []outage{{down: second(10), recovered: second(22)}}
	h.writes = []write{
		{version: 1, acknowledged: true},
		{version: 2, node: 0, began: second(1), ended: second(1.1)},                                                    // refused
		{version: 3, node: 0, began: second(2.9), ended: second(3)},                                                    // its node was killed
		{version: 4, node: 1, began: second(12), ended: second(12.1)},                                                  // in the outage
		{version: 5, node: 1, began: second(30), ended: second(30.1), acknowledged: true, check: readback{torn: true}}, // torn
		{version: 6, node: 0, began: second(31), ended: second(31.1), acknowledged: true, check: readback{lost: true}}, // lost
		{version: 7, node: 0, began: second(32), ended: second(32.1), acknowledged: true, phase: 1, check: readback{}}, // fine
	}
	phases := make([]tally, 2)
	h.judgeWrites(phases)
	if want := (tally{refused: 1, torn: 1, lost: 1}); !same(phases[0], want) {
		t.Errorf("found %+v, want %+v", phases[0], want)
	}
	if !same(phases[1], tally{}) {
		t.Errorf("found %+v in another phase", phases[1])
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	w := fourMocks()
	h := past(w)
	log := logOf(h, w)
	if !h.complete(w, without(slices.Clone(log), 21)) {
		t.Error("a log without a call that may be missing is not complete")
	}
	if h.complete(w, without(log, 7)) {
		t.Error("a log without a call that must be there is complete")
	}
	if empty := (&history{}); !empty.complete(w, nil) {
		t.Error("no log of no calls is complete")
	}
}

func TestDifference(t *testing.T) {
	t.Parallel()
	w := fourMocks()
	log := logOf(past(w), w)
	other := slices.Clone(log)
	if d := (&callLogs{log, other}).difference(); d != "" {
		t.Errorf("the same logs differ: %s", d)
	}
	if (&callLogs{log, other[1:]}).difference() == "" || (&callLogs{log, other[:3]}).difference() == "" {
		t.Error("a call that one node doesn't show is no difference")
	}
}
