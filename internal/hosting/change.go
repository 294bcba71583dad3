package hosting

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/mimus-dev/mimus/internal/store"
)

// Resync reads all addresses again, and forgets what was compiled.
func (m *Mocks) Resync(ctx context.Context) error {
	m.following.Lock()
	defer m.following.Unlock()
	return m.resync(ctx)
}

func (m *Mocks) resync(ctx context.Context) error {
	var all []store.MockAddress
	err := m.cfg.Store.View(ctx, func(t *store.Tx) (err error) {
		all, err = t.MockAddresses()
		return err
	})
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	there := make(map[string]bool, len(all))
	for _, a := range all {
		there[a.ID] = true
		m.place(a)
	}
	m.byID.Range(func(id, _ any) bool {
		if !there[id.(string)] {
			m.remove(id.(string))
		}
		return true
	})
	m.definitions.forget(func(*shared) bool { return true })
	for e := range m.live {
		m.drop(e)
	}
	return nil
}

// Changed follows changes of the store, of this process or of another. After an
// error it has to be told of them again.
func (m *Mocks) Changed(ctx context.Context, changes []store.Change) error {
	m.following.Lock()
	defer m.following.Unlock()
	var errs []error
	for _, c := range changes {
		switch c.Kind {
		case store.KindMock:
			errs = append(errs, m.mockChanged(ctx, c.ID))
		case store.KindSpec, store.KindCollection:
			m.definitions.forget(func(s *shared) bool { return s.id == c.ID })
			m.dropUsers(c.ID)
		case store.KindEnvironment, store.KindWorkspace:
			m.dropUsers(c.ID)
		}
		if c.Kind == store.KindWorkspace && c.Action == "delete" {
			errs = append(errs, m.resync(ctx))
		}
	}
	return errors.Join(errs...)
}

func (m *Mocks) mockChanged(ctx context.Context, id string) error {
	var row store.Mock
	err := m.cfg.Store.View(ctx, func(t *store.Tx) (err error) {
		row, err = t.Mock(id)
		return err
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case errors.Is(err, store.ErrNotFound):
		m.remove(id)
	case err != nil:
		return fmt.Errorf("the mock %s could not be read again: %w", id, err)
	default:
		m.drop(m.place(store.MockAddress{ID: row.ID, Slug: row.Slug, Host: row.Host, Prefix: row.Prefix, File: row.File}))
	}
	return nil
}

// place puts a mock at its addresses.
func (m *Mocks) place(a store.MockAddress) *entry {
	var e *entry
	if found, ok := m.byID.Load(a.ID); ok {
		e = found.(*entry)
		if e.addr == a {
			return e
		}
		m.unplace(e)
		e = &entry{addr: a, owner: m, old: e.last(), good: e.good}
	} else {
		e = &entry{addr: a, owner: m}
	}
	m.byID.Store(a.ID, e)
	m.bySlug.Store(a.Slug, e)
	if a.Host != "" {
		m.byHost.Store(a.Host, e)
	}
	if a.Prefix != "" && !m.cfg.Mounted[a.ID] {
		prefixes := maps.Clone(*m.prefix.Load())
		prefixes[a.Prefix] = e
		m.prefix.Store(&prefixes)
	}
	return e
}

// last is what a mock answered with last. The mutex of the mocks is held.
func (e *entry) last() *built {
	if b := e.built.Load(); b != nil {
		return b.remains()
	}
	return e.old
}

func (m *Mocks) remove(id string) {
	if found, ok := m.byID.Load(id); ok {
		m.unplace(found.(*entry))
	}
}

func (m *Mocks) unplace(e *entry) {
	m.byID.CompareAndDelete(e.addr.ID, e)
	m.bySlug.CompareAndDelete(e.addr.Slug, e)
	m.byHost.CompareAndDelete(e.addr.Host, e)
	if e.addr.Prefix != "" {
		prefixes := maps.Clone(*m.prefix.Load())
		if prefixes[e.addr.Prefix] == e {
			delete(prefixes, e.addr.Prefix)
		}
		m.prefix.Store(&prefixes)
	}
	m.drop(e)
}

// drop forgets what a mock is compiled to; the next call compiles it again. The
// mutex of the mocks is held.
func (m *Mocks) drop(e *entry) {
	e.gen.Add(1)
	if b := e.built.Swap(nil); b != nil {
		e.old, e.good = b.remains(), b
	}
	delete(m.live, e)
	e.catchUp()
}

// dropUsers drops the mocks that are made of something.
func (m *Mocks) dropUsers(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for e := range m.live {
		if b := e.built.Load(); b == nil || b.uses(id) {
			m.drop(e)
		}
	}
}

// Sweep drops what was not called for long, and the definitions that nothing
// uses. It is called from time to time. While the store is out of reach it drops
// nothing: it could not be made again.
func (m *Mocks) Sweep() {
	if _, err := m.cfg.Store.Healthy(); err != nil {
		return
	}
	before := m.cfg.Now().Add(-m.cfg.Idle).Unix()
	m.mu.Lock()
	defer m.mu.Unlock()
	used := map[*shared]bool{}
	for e := range m.live {
		b := e.built.Load()
		if b == nil || e.used.Load() < before {
			m.drop(e)
			e.good = nil
			continue
		}
		if b.shared != nil {
			used[b.shared] = true
		}
	}
	m.definitions.forget(func(s *shared) bool { return !used[s] })
}
