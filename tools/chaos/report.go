package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// slowLimit is what an answer may take while the database is away.
const slowLimit = 1500 * time.Millisecond

// check is one of the things that pass or fail; why is "" where it passed.
type check struct{ name, why string }

// report is the judgement of a trial.
type report struct {
	*trial
	checks []check
	phases []tally
}

// newReport judges what the clients and the writer saw. broken is why not all
// kills and outages were gone through.
func newReport(t *trial, broken error) *report {
	r := &report{trial: t, phases: make([]tally, t.kills+outages)}
	if broken != nil {
		r.check("all kills and outages are gone through", broken.Error())
	}
	t.history.judgeAnswers(r.phases)
	t.history.judgeWrites(r.phases)
	return r
}

func (r *report) check(name, why string) { r.checks = append(r.checks, check{name, why}) }

// judge judges the logs, where they could be read, and makes the checks.
func (r *report) judge(logs *callLogs, err error) {
	var unknown []string
	if err == nil {
		unknown = r.judgeLogs(logs)
	}
	for i := range r.phases {
		if i >= r.kills {
			r.judgeOutage(i)
		}
		why := r.phases[i].summary()
		if r.phases[i].answered == 0 {
			why = "it did not come to it"
		}
		r.check(r.phaseName(i)+": answers, changes and log are right", why)
	}
	if err != nil {
		r.check("logs: they can be read", err.Error())
		return
	}
	r.check("logs: nothing is in them that was never sent", strings.Join(unknown[:min(len(unknown), 5)], "\n    "))
	r.check("logs: both nodes show the same", logs.difference())
}

// judgeLogs judges both logs; what one node doesn't show counts.
func (r *report) judgeLogs(logs *callLogs) (unknown []string) {
	both := [nodeCount][]tally{}
	for n := range logs {
		both[n] = slices.Clone(r.phases)
		unknown = append(unknown, r.history.judgeLog(r.load.world, logs[n], both[n])...)
	}
	for i := range r.phases {
		a, b := &both[0][i], &both[1][i]
		worse := *a
		if b.missing+b.doubled > a.missing+a.doubled {
			worse = *b
		}
		r.phases[i] = worse
	}
	slices.Sort(unknown)
	return slices.Compact(unknown)
}

// difference is the first difference of the logs; "" there is none.
func (l *callLogs) difference() string {
	a, b := l[0], l[1]
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("node 1 has %d calls, node 2 %d; the first difference: %v, %v", len(a), len(b), a[i], b[i])
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("node 1 has %d calls, node 2 %d", len(a), len(b))
	}
	return ""
}

// judgeOutage makes the checks that an outage has and a kill has not.
func (r *report) judgeOutage(phase int) {
	name, t, o := r.phaseName(phase), &r.phases[phase], &r.outages[phase-r.kills]
	if !o.happened {
		return
	}
	unavailable, why := strconv.Itoa(http.StatusServiceUnavailable), ""
	if t.slowest > slowLimit {
		why = fmt.Sprintf("%d calls took longer than a second, the slowest %.2f s", t.slow, t.slowest.Seconds())
	}
	r.check(name+": calls are answered within a second or so", why)
	why = ""
	if !o.management.only(unavailable) {
		why = "it answers: " + o.management.String()
	}
	r.check(name+": management answers 503", why)
	why = ""
	if !o.ready.only(unavailable) || o.mute > 0 {
		why = fmt.Sprintf("it answers: %s; %d times without a reason", o.ready, o.mute)
	}
	r.check(name+": /_mimus/ready answers 503 with a reason", why)
	r.check(fmt.Sprintf("%s: all works within %s of the database's return", name, recoverTime), o.missed)
}

func (r *report) failed() bool {
	return slices.ContainsFunc(r.checks, func(c check) bool { return c.why != "" })
}

// print prints the checks that failed, the table and the counts.
func (r *report) print(w io.Writer) {
	failed := 0
	for _, c := range r.checks {
		if c.why != "" {
			failed++
			fmt.Fprintf(w, "FAILED %s:\n    %s\n", c.name, c.why)
		}
	}
	fmt.Fprintln(w)
	r.table(w)
	fmt.Fprintf(w, "%d passed, %d failed\n", len(r.checks)-failed, failed)
}

// table prints a column for all kills, for each outage, and for everything.
func (r *report) table(w io.Writer) {
	columns := []tally{sum(r.phases[:r.kills])}
	heads := []string{"", fmt.Sprintf("%d kills", r.kills)}
	for i := range outages {
		columns = append(columns, r.phases[r.kills+i])
		heads = append(heads, r.phaseName(r.kills+i))
	}
	columns = append(columns, sum(r.phases))
	heads = append(heads, "all")
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, strings.Join(heads, "\t"))
	for _, row := range []struct {
		name  string
		value func(*tally) int
	}{
		{"calls answered", func(t *tally) int { return t.answered }},
		{"of them in the log", func(t *tally) int { return t.logged }},
		{"missing, allowed", func(t *tally) int { return t.allowed }},
		{"missing, NOT allowed", func(t *tally) int { return t.missing }},
		{"doubled", func(t *tally) int { return t.doubled }},
		{"wrong answers", func(t *tally) int { return t.wrong }},
		{"unanswered by a living node", func(t *tally) int { return t.unanswered }},
		{"torn writes", func(t *tally) int { return t.torn }},
		{"lost writes", func(t *tally) int { return t.lost }},
		{"refused writes", func(t *tally) int { return t.refused }},
		{"answers above 1 s in an outage", func(t *tally) int { return t.slow }},
		{"slowest answer in an outage, ms", func(t *tally) int { return int(t.slowest.Milliseconds()) }},
	} {
		cells := []string{row.name}
		for i := range columns {
			cells = append(cells, strconv.Itoa(row.value(&columns[i])))
		}
		fmt.Fprintln(tab, strings.Join(cells, "\t"))
	}
	_ = tab.Flush()
	for i, o := range r.outages {
		if o.happened {
			fmt.Fprintf(w, "%s: management: %s; ready: %s, because %.150q; all works after %.2f s\n",
				r.phaseName(r.kills+i), o.management, o.ready, o.reason, o.recovered.Seconds())
		}
	}
	for _, complaint := range r.db.complaints() {
		fmt.Fprintf(w, "the database complained %s\n", complaint)
	}
	fmt.Fprintf(w, "this process was held up for %d ms at most, at %.3f s; where that is long, the machine has too little time for it\n",
		r.pulse.longest.Milliseconds(), r.pulse.at.Seconds())
}

// sum adds tallies up.
func sum(phases []tally) (all tally) {
	for _, t := range phases {
		all.answered += t.answered
		all.logged += t.logged
		all.allowed += t.allowed
		all.missing += t.missing
		all.doubled += t.doubled
		all.wrong += t.wrong
		all.torn += t.torn
		all.unanswered += t.unanswered
		all.refused += t.refused
		all.lost += t.lost
		all.slow += t.slow
		all.slowest = max(all.slowest, t.slowest)
	}
	return all
}
