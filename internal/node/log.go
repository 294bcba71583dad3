package node

import (
	"context"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/spool"
	"github.com/mimus-dev/mimus/internal/store"
)

// openLog makes the log of calls in the store. What a node left on disk that is
// no more is stored by this one.
func (n *Node) openLog(ctx context.Context) (*calls.Writer, error) {
	cfg := calls.WriterConfig{Store: n.store, Retain: n.cfg.Retain, Log: n.cfg.Log, Now: n.cfg.Now, Wrote: func(d time.Duration) { n.writes.Observe(d.Seconds()) }}
	if n.cfg.Spool != "" {
		id, err := n.storeID(ctx)
		if err != nil {
			return nil, err
		}
		if cfg.Spool, err = spool.Open(n.cfg.Spool, id, n.cfg.SpoolLimit); err != nil {
			return nil, err
		}
	}
	return calls.NewWriter(cfg), nil
}

// storeID is the id of the store, so that calls on disk go to no other.
func (n *Node) storeID(ctx context.Context) (id string, err error) {
	const name = "store-id"
	err = n.store.View(ctx, func(t *store.Tx) (err error) {
		id, err = t.Value(name)
		return err
	})
	if err != nil || id != "" {
		return id, err
	}
	err = n.store.Update(ctx, store.Actor{User: 1}, func(t *store.Tx) error {
		if id, err = t.Value(name); err != nil || id != "" {
			return err
		}
		id = store.NewID()
		return t.SetValue(name, id)
	})
	return id, err
}
