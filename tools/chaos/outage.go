package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The times of an outage of the database.
const (
	outageTime  = 10 * time.Second
	probeAfter  = 2 * time.Second // until a node has to know that its database is away
	probeEvery  = time.Second
	recoverTime = 15 * time.Second // from the database's return until everything works
)

// outageReport is what was seen of an outage.
type outageReport struct {
	happened   bool
	management tallyOf // what management answered while the database was away
	ready      tallyOf // what /_mimus/ready answered
	reason     string  // of a readiness that is not given
	mute       int     // answers "not ready" without a reason
	recovered  time.Duration
	missed     string // what didn't work again in time; "" nothing
}

// tallyOf counts answers by what they were: "503", "none".
type tallyOf map[string]int

func (t tallyOf) add(status int) {
	if status == 0 {
		t["none"]++
		return
	}
	t[fmt.Sprint(status)]++
}

// only tells whether there were answers, and all of them this one.
func (t tallyOf) only(status string) bool { return t[status] > 0 && len(t) == 1 }

func (t tallyOf) String() string {
	if len(t) == 0 {
		return "not asked"
	}
	var out []string
	for _, status := range slices.Sorted(maps.Keys(t)) {
		out = append(out, fmt.Sprintf("%s × %d", status, t[status]))
	}
	return strings.Join(out, ", ")
}

// outage takes the database away for a while. In the second one all of its
// processes are killed, and a node, too, which starts again when the database
// is back.
func (t *trial) outage(ctx context.Context, i int) error {
	answered, failed := t.load.answered.Load(), t.load.failed.Load()
	if !pause(ctx, t.between(2*time.Second, 3*time.Second)) {
		return ctx.Err()
	}
	r := &t.outages[i]
	*r = outageReport{happened: true, management: tallyOf{}, ready: tallyOf{}}
	killed := -1
	if i > 0 {
		killed = (t.kills + i) % nodeCount
	}
	o := outage{down: t.load.now(), recovered: never}
	t.history.outages = append(t.history.outages, o)
	if i == 0 {
		t.db.stopAtOnce()
	} else {
		t.db.killAll()
	}
	if err := t.without(ctx, r, killed); err != nil {
		return err
	}
	if err := t.db.start(ctx); err != nil {
		return err
	}
	back := time.Now()
	before := t.writer.acked.Load()
	if killed >= 0 {
		if _, err := t.startNode(ctx, killed); err != nil {
			return err
		}
	}
	r.missed = t.recovers(ctx, before, back.Add(recoverTime))
	r.recovered = time.Since(back)
	t.history.outages[i].recovered = t.load.now()
	if !pause(ctx, 2*time.Second) {
		return ctx.Err()
	}
	fmt.Printf("%-10s from %.3f s, all works %.2f s after the database is back; management: %s; ready: %s; %d calls answered, %d unanswered by a living node\n",
		t.phaseName(t.kills+i), o.down.Seconds(), r.recovered.Seconds(), r.management, r.ready, t.load.answered.Load()-answered, t.load.failed.Load()-failed)
	return nil
}

// without is the time without a database: the nodes are asked how they are, and
// one is killed where its index is given.
func (t *trial) without(ctx context.Context, r *outageReport, killed int) error {
	began := time.Now()
	var asking sync.WaitGroup
	defer asking.Wait()
	var mu sync.Mutex
	for _, n := range t.nodes {
		asking.Go(func() {
			// Answers after the database is back tell nothing of its absence.
			ctx, cancel := context.WithDeadline(ctx, began.Add(outageTime-100*time.Millisecond))
			defer cancel()
			for wait := probeAfter; pause(ctx, wait) && n.up.Load(); wait = probeEvery {
				n.probe(ctx, r, &mu)
			}
		})
	}
	if killed >= 0 {
		if !pause(ctx, t.between(outageTime/3, 2*outageTime/3)) {
			return ctx.Err()
		}
		if err := t.killNode(killed); err != nil {
			return err
		}
	}
	if !pause(ctx, time.Until(began.Add(outageTime))) {
		return ctx.Err()
	}
	for _, n := range t.nodes {
		if err := n.ended(); err != nil {
			return err
		}
	}
	return nil
}

// probe asks a node how it is. A question that is broken off, because the node
// is killed or the time is over, counts only where it has waited too long.
func (n *node) probe(ctx context.Context, r *outageReport, mu *sync.Mutex) {
	const patience = 2 * time.Second
	began := time.Now()
	managed, _ := n.manage(ctx, management, http.MethodGet, "/collections", nil, nil)
	counts := managed != 0 || n.up.Load() && (ctx.Err() == nil || time.Since(began) > patience)
	mu.Lock()
	if counts {
		r.management.add(managed)
	}
	mu.Unlock()

	began = time.Now()
	status, reason := n.ready(ctx)
	counts = status != 0 || n.up.Load() && (ctx.Err() == nil || time.Since(began) > patience)
	mu.Lock()
	defer mu.Unlock()
	if !counts {
		return
	}
	r.ready.add(status)
	switch {
	case reason != "":
		r.reason = reason
	case status == http.StatusServiceUnavailable:
		r.mute++
	}
}

// recovers waits until both nodes manage, are ready, and serve a change that was
// made since; it says what was missing at the deadline, "" for nothing.
func (t *trial) recovers(ctx context.Context, before int64, deadline time.Time) string {
	change := int64(0)
	for {
		missing := ""
		if acked := t.writer.acked.Load(); change == 0 && acked > before {
			change = acked
		}
		for _, n := range t.nodes {
			if status, err := n.manage(ctx, management, http.MethodGet, "/collections", nil, nil); err != nil {
				missing = fmt.Sprintf("management of node %s: %d %v", n.name, status, err)
			} else if status, reason := n.ready(ctx); status != http.StatusOK {
				missing = fmt.Sprintf("node %s is not ready: %d %s", n.name, status, reason)
			} else if change > 0 && n.seen.Load() < change {
				missing = fmt.Sprintf("node %s serves version %d, not yet %d", n.name, n.seen.Load(), change)
			}
		}
		if missing == "" && change == 0 {
			missing = "no change was acknowledged"
		}
		if missing == "" || time.Now().After(deadline) || !pause(ctx, 100*time.Millisecond) {
			return missing
		}
	}
}
