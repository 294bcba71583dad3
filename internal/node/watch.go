package node

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// watch follows the changes of other processes.
func (n *Node) watch(ctx context.Context) {
	var since time.Time
	n.store.OnReach(func(err error) {
		if err != nil {
			since, _ = n.store.Healthy()
			n.cfg.Log.Warn("the store is out of reach: mocks answer on, the management does not", slog.String("error", err.Error()))
			return
		}
		n.cfg.Log.Info("the store is back", slog.Duration("after", n.cfg.Now().Sub(since).Round(time.Millisecond)))
	})
	_ = n.store.Watch(ctx, 0, func(ctx context.Context, changes []store.Change, resync bool) { // it ends with the context
		n.changed(ctx, n.foreign(changes), resync)
	})
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

// changed follows changes, of this node or of another; those that it can't
// follow now, later.
func (n *Node) changed(ctx context.Context, changes []store.Change, resync bool) {
	if err := n.follows(ctx, changes, resync); err != nil {
		n.behind.add(changes, resync)
		if !errors.Is(err, store.ErrUnavailable) && ctx.Err() == nil {
			n.cfg.Log.Error("changes could not be followed; it is tried again", slog.String("error", err.Error()))
		}
	}
}

func (n *Node) follows(ctx context.Context, changes []store.Change, resync bool) error {
	if resync {
		return errors.Join(n.keys.Sync(ctx), n.mocks.Resync(ctx))
	}
	var err error
	for _, c := range changes {
		if c.Kind == store.KindKey || c.Kind == store.KindWorkspace && c.Action == "delete" {
			err = n.keys.Sync(ctx)
			break
		}
	}
	return errors.Join(err, n.mocks.Changed(ctx, changes))
}

// behindMax is how many changes are followed one by one later; of more, all is
// read again.
const behindMax = 1000

// behind are the changes that a node knows of and could not follow yet.
type behind struct {
	fell chan struct{}

	mu      sync.Mutex
	changes []store.Change
	resync  bool
}

func (b *behind) add(changes []store.Change, resync bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changes = append(b.changes, changes...); resync || len(b.changes) > behindMax {
		b.changes, b.resync = nil, true
	}
	select {
	case b.fell <- struct{}{}:
	default: // it is known that there are some
	}
}

func (b *behind) take() (changes []store.Change, resync bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changes, resync = b.changes, b.resync
	b.changes, b.resync = nil, false
	return changes, resync
}

// catchUpEvery is how often it is tried. While the store is out of reach, that
// costs nothing.
const catchUpEvery = 250 * time.Millisecond

// catchUp follows what could not be followed before, until the context ends.
func (n *Node) catchUp(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.behind.fell:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(catchUpEvery):
		}
		changes, resync := n.behind.take()
		if err := n.follows(ctx, changes, resync); err != nil { // why was told when it began
			n.behind.add(changes, resync)
		}
	}
}
