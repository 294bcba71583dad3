package hosting

import (
	"context"
	"errors"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// behindEvery is how often mocks that answer as they did before a change are
// built again; while the store is out of reach, that costs nothing.
const behindEvery = 250 * time.Millisecond

// fallBehind has a mock answer as it did before a change that can't be read
// now; nil where it did not answer before.
func (e *entry) fallBehind() *built {
	m := e.owner
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.good == nil {
		return nil
	}
	e.stale.Store(e.good)
	m.behind[e] = struct{}{}
	select {
	case m.fellBehind <- struct{}{}:
	default: // Run knows that there are some
	}
	return e.good
}

// catchUp ends that. The mutex of the mocks is held.
func (e *entry) catchUp() {
	e.stale.Store(nil)
	delete(e.owner.behind, e)
}

// CatchUp builds the mocks again that answer as they did before a change, until
// the store is out of reach. It reports whether there are none left.
func (m *Mocks) CatchUp(ctx context.Context) bool {
	for _, e := range m.allBehind() {
		e.building.Lock()
		_, err := e.buildNow(ctx)
		e.building.Unlock()
		if errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil {
			return false
		}
		if err != nil { // the next call is told
			m.mu.Lock()
			e.catchUp()
			m.mu.Unlock()
		}
	}
	return true
}

func (m *Mocks) allBehind() []*entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*entry, 0, len(m.behind))
	for e := range m.behind {
		all = append(all, e)
	}
	return all
}

// Run sweeps, and catches up, until the context ends.
func (m *Mocks) Run(ctx context.Context) {
	sweep := time.NewTicker(max(m.cfg.Idle/4, time.Second))
	defer sweep.Stop()
	var again <-chan time.Time // nil: no mock is behind
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			m.Sweep()
		case <-m.fellBehind:
			again = time.After(behindEvery)
		case <-again:
			if again = nil; !m.CatchUp(ctx) {
				again = time.After(behindEvery)
			}
		}
	}
}
