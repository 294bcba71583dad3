package node

import (
	"context"

	"github.com/mimus-dev/mimus/internal/store"
)

// watch follows the changes of other processes.
func (n *Node) watch(ctx context.Context) {
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
