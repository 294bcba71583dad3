package node

import (
	"context"
	"log/slog"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// maxChanges is how many changes are followed one by one; where there are
// more, all is read again.
const maxChanges = 1000

// watch follows the changes of other processes.
func (n *Node) watch(ctx context.Context, seq int64) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	lost := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changes, last, err := n.news(ctx, seq)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if !lost {
				n.cfg.Log.Error("the store can't be reached; mocks go on from what is compiled", slog.String("error", err.Error()))
			}
			lost = true
			continue
		case lost:
			lost = false
			n.cfg.Log.Info("the store is reached again")
		}
		n.keys.Seen()
		if last != seq {
			n.changed(ctx, n.foreign(changes), len(changes) == 0 || len(changes) > maxChanges)
			seq = last
		}
	}
}

// news reads the changes after a number.
func (n *Node) news(ctx context.Context, seq int64) (changes []store.Change, last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	last, err = n.store.Seq(ctx)
	if err != nil || last == seq {
		return nil, last, err
	}
	err = n.store.View(ctx, func(t *store.Tx) (err error) {
		changes, err = t.Changes(store.ChangeFilter{After: seq, Limit: maxChanges + 1})
		if len(changes) > 0 && len(changes) <= maxChanges {
			last = changes[len(changes)-1].Seq
		}
		return err
	})
	return changes, last, err
}

// foreign are the changes that this node did not make: it has followed its own
// already.
func (n *Node) foreign(changes []store.Change) []store.Change {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []store.Change
	for _, c := range changes {
		if !n.own[c.Seq] {
			out = append(out, c)
		}
	}
	for _, c := range changes {
		delete(n.own, c.Seq)
	}
	return out
}
