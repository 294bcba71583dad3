package main

import (
	"context"
	"fmt"
	"time"
)

// kill lets the load run, kills a node, and starts it again.
func (t *trial) kill(ctx context.Context, i int) error {
	answered, failed := t.load.answered.Load(), t.load.failed.Load()
	if !pause(ctx, t.between(1500*time.Millisecond, 3*time.Second)) {
		return ctx.Err()
	}
	index := i % nodeCount
	if err := t.killNode(index); err != nil {
		return err
	}
	if !pause(ctx, t.between(300*time.Millisecond, time.Second)) {
		return ctx.Err()
	}
	took, err := t.startNode(ctx, index)
	if err != nil {
		return err
	}
	d := t.history.downs[len(t.history.downs)-1]
	fmt.Printf("%-10s node %s killed at %7.3f s, away for %.2f s, ready %.2f s after its start; %5d calls answered, %d unanswered by a living node\n",
		t.phaseName(i), t.nodes[index].name, d.killed.Seconds(), (d.ready - d.killed).Seconds(), took.Seconds(),
		t.load.answered.Load()-answered, t.load.failed.Load()-failed)
	return nil
}

// killNode kills a node and writes down when.
func (t *trial) killNode(index int) error {
	t.history.downs = append(t.history.downs, downtime{node: index, killed: t.load.now(), ready: never})
	return t.nodes[index].kill()
}

// startNode starts the node again that was killed last, and tells how long it
// took until it was ready.
func (t *trial) startNode(ctx context.Context, index int) (time.Duration, error) {
	began := time.Now()
	if err := t.nodes[index].start(ctx); err != nil {
		return 0, err
	}
	t.history.downs[len(t.history.downs)-1].ready = t.load.now()
	return time.Since(began), nil
}
