package hosting

import (
	"context"
	"errors"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

// ErrDeactivated says that what a mock was made of is no more.
var ErrDeactivated = errors.New("what the mock was made of was deleted")

// Explain tells how a mock would answer a request. The error is
// store.ErrNotFound, ErrDeactivated, an UnusableError, or the store's.
func (m *Mocks) Explain(ctx context.Context, id string, req *engine.Request) (engine.Explanation, error) {
	found, ok := m.byID.Load(id)
	if !ok {
		return engine.Explanation{}, store.ErrNotFound
	}
	b, err := found.(*entry).build(ctx)
	if err != nil {
		return engine.Explanation{}, err
	}
	if b.mock == nil {
		return engine.Explanation{}, ErrDeactivated
	}
	return b.mock.Explain(req), nil
}
