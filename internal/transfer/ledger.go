package transfer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/store"
)

// ledger is which rows files own, by kind.
type ledger map[string][]string

func (l ledger) add(kind, id string) {
	if !l.has(kind, id) {
		l[kind] = append(l[kind], id)
	}
}

func readLedger(t *store.Tx, name string) (ledger, error) {
	text, err := t.Value(name)
	if err != nil || text == "" {
		return ledger{}, err
	}
	l := ledger{}
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return nil, fmt.Errorf("the list of what files own (%s): %w", name, err)
	}
	return l, nil
}

func (l ledger) write(t *store.Tx, name string) error {
	for _, ids := range l {
		slices.Sort(ids)
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if has, err := t.Value(name); err != nil || has == string(text) {
		return err
	}
	return t.SetValue(name, string(text))
}

// note writes down what a file owns. Where its document could not be read, the
// mock keeps the one that it has.
func (l ledger) note(t *store.Tx, w *wanted) error {
	l.add(store.KindMock, w.mock.ID)
	for _, e := range w.elements {
		l.add(e.kind, e.id)
	}
	if len(w.elements) > 0 {
		return nil
	}
	row, err := t.Mock(w.mock.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	w.mock.Spec, w.mock.Collection, w.mock.Environment = row.Spec, row.Collection, row.Environment
	for kind, id := range map[string]string{store.KindSpec: row.Spec, store.KindCollection: row.Collection, store.KindEnvironment: row.Environment} {
		if id != "" {
			l.add(kind, id)
		}
	}
	return err
}

// forget deletes the rows that no file owns any more; what another list has,
// and what was taken over, stays.
func (l ledger) forget(t *store.Tx, now ledger, name string) error {
	other := ownedDocuments
	if name == ownedDocuments {
		other = ownedMocks
	}
	others, err := readLedger(t, other)
	if err != nil {
		return err
	}
	for _, kind := range [...]string{store.KindMock, store.KindSpec, store.KindCollection, store.KindEnvironment} {
		stay := ledger{kind: append(now[kind][:len(now[kind]):len(now[kind])], others[kind]...)}
		for _, id := range l[kind] {
			if stay.has(kind, id) {
				continue
			}
			if err := forgetRow(t, kind, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

func forgetRow(t *store.Tx, kind, id string) error {
	switch kind {
	case store.KindMock:
		if row, err := t.Mock(id); err != nil || row.File == "" {
			return err
		}
		return t.DeleteMock(id)
	case store.KindSpec:
		if row, err := t.Spec(id); err != nil || row.File == "" {
			return err
		}
		return t.DeleteSpec(id)
	case store.KindCollection:
		if row, err := t.CollectionHead(id); err != nil || row.File == "" {
			return err
		}
		return t.DeleteCollection(id)
	}
	if row, err := t.Environment(id); err != nil || row.File == "" {
		return err
	}
	return t.DeleteEnvironment(id)
}

// has reports whether a row is on the list.
func (l ledger) has(kind, id string) bool {
	return slices.Contains(l[kind], id)
}
