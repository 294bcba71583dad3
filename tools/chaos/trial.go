package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// outages is how often the database goes away.
const outages = 2

// trial is one run: kills, then outages, with calls and changes all the while.
type trial struct {
	*stage
	kills   int
	rate    int
	rand    *rand.Rand
	load    *load
	writer  *writer
	pulse   pulse
	history history
	outages [outages]outageReport
}

func newTrial(s *stage, o options) *trial {
	return &trial{stage: s, kills: o.kills, rate: o.rate, rand: rand.New(rand.NewPCG(o.seed, 0))}
}

// mocksFor is how many mocks the calls are spread over, so that no log forgets
// any: a kill takes about 5 s, an outage 30 s at most.
func (t *trial) mocksFor() int {
	calls := t.rate * (5*t.kills + 30*outages)
	return 4 * (1 + calls/(4*mostCalls/2))
}

// run goes through all of it and reports.
func (t *trial) run(ctx context.Context) (*report, error) {
	world, err := makeWorld(ctx, t.nodes[0], t.mocksFor())
	if err != nil {
		return nil, errors.Join(err, t.nodes[0].tail())
	}
	t.load = &load{world: world, began: time.Now(), rate: t.rate}
	t.writer = &writer{load: t.load, nodes: t.nodes}
	t.writer.acked.Store(1)
	// A change is served by all nodes within a second; who calls right then sees
	// mocks that aren't there yet.
	if !pause(ctx, 2*time.Second) {
		return nil, brokenOff(ctx)
	}
	broken := t.play(ctx)
	if ctx.Err() != nil {
		return nil, brokenOff(ctx)
	}
	if most := len(t.history.calls)/len(world.mocks) + 1; most > mostCalls {
		return nil, fmt.Errorf("each mock got %d calls, which is more than its log keeps for certain; lower -rate or -kills", most)
	}
	r := newReport(t, broken)
	logs, err := t.settle(ctx)
	if ctx.Err() != nil {
		return nil, brokenOff(ctx)
	}
	r.judge(logs, err)
	return r, nil
}

// brokenOff is the error of a run that was ended from outside, or took too long.
func brokenOff(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("broken off: it took more than twice the time that it should; use a machine that is less busy, or a lower -rate")
	}
	return errors.New("broken off")
}

// play starts the load, and goes through kills and outages. It ends with an
// error where it can't go on.
func (t *trial) play(ctx context.Context) error {
	loading, stop := context.WithCancel(ctx)
	t.load.start(loading, t.nodes)
	var others sync.WaitGroup
	others.Go(func() { t.writer.run(loading) })
	others.Go(func() { t.pulse.run(loading, t.load.now) })
	err := t.scenes(ctx)
	stop()
	t.history.calls = t.load.wait()
	others.Wait()
	t.history.writes = t.writer.writes
	return err
}

func (t *trial) scenes(ctx context.Context) error {
	for i := range t.kills {
		t.load.phase.Store(int64(i))
		if err := t.kill(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", t.phaseName(i), err)
		}
	}
	for i := range outages {
		t.load.phase.Store(int64(t.kills + i))
		if err := t.outage(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", t.phaseName(t.kills+i), err)
		}
	}
	return nil
}

// phaseName names a phase: the kills come first.
func (t *trial) phaseName(phase int) string {
	if phase < t.kills {
		return fmt.Sprintf("kill %d", phase+1)
	}
	return fmt.Sprintf("outage %d", phase-t.kills+1)
}

// between is a random time.
func (t *trial) between(least, most time.Duration) time.Duration {
	return least + time.Duration(t.rand.Int64N(int64(most-least)))
}
