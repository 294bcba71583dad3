package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

// Owned is a document that is served from a file.
type Owned struct {
	ID           string // of the mock; "" is MockID of the file
	Prefix, File string // "" is /
	Loaded       *server.Loaded
	Settings     []byte // JSON of settings; nil: none
}

// The names under which a store keeps what files own.
const (
	ownedDocuments = "files.documents"
	ownedMocks     = "files.mocks"
)

// Own keeps, for each document that is served from a file, a spec or a
// collection and a mock in the store. The ids stay the same as long as the path
// does; a file that hasn't changed changes nothing; what came from files that
// are not served any more is deleted. A row that was taken over by [Import] is
// left alone. Of a document that is no local file, such as a URL, there is the
// mock only.
//
// A file that can't be read doesn't keep the others back: what the store has of
// it stays, and the error tells of it.
func Own(ctx context.Context, s *store.Store, owned []Owned) error {
	var list []wanted
	var faults error
	seen := map[string]bool{}
	for i := range owned {
		w, err := owned[i].wanted(ctx)
		if err != nil {
			w.drop()
			faults = errors.Join(faults, err)
		}
		if seen[w.mock.ID] { // a file that is served twice
			w.mock.ID = idOf(w.mock.ID, w.mock.Prefix)
		}
		seen[w.mock.ID] = true
		list = append(list, w)
	}
	return errors.Join(faults, keep(ctx, s, ownedDocuments, list))
}

// wanted says what the store is to have of a document. With an error it says
// the ids at least.
func (o *Owned) wanted(ctx context.Context) (wanted, error) {
	w := wanted{stem: stemOf(o.File), source: o.File}
	w.mock = store.Mock{ID: o.ID, Prefix: o.Prefix, File: absolute(o.File)}
	if w.mock.ID == "" {
		w.mock.ID = MockID(o.File)
	}
	if w.mock.Prefix == "" {
		w.mock.Prefix = "/"
	}
	w.mock.Name = o.Loaded.Definition.Title
	if w.mock.Name == "" {
		w.mock.Name = server.Stem(o.File)
	}
	var err error
	if w.mock.Config, err = storedConfig(o.Settings); err != nil {
		return w, fmt.Errorf("the settings of %s: %w", o.File, err)
	}
	if !isLocal(o.File) {
		return w, nil
	}
	e, err := fromLoaded(ctx, o.File, o.Loaded)
	if err != nil {
		return w, err
	}
	err = w.add(ctx, e, o.Loaded.Files)
	return w, err
}

// add makes a mock one of a document, with the environment and the collection
// of saved examples that were read beside it.
func (w *wanted) add(ctx context.Context, e *element, files []string) error {
	w.use(e)
	for _, f := range files {
		if absolute(f) == e.file {
			continue
		}
		var beside *element
		var err error
		switch classify(f) {
		case foundEnvironment:
			if w.mock.Environment != "" {
				continue
			}
			beside, err = readEnvironment(ctx, f)
		case foundCollection, foundRecording:
			if w.mock.Collection != "" {
				continue
			}
			beside, err = readCollection(ctx, f)
		default:
			continue
		}
		if err != nil {
			return err
		}
		w.use(beside)
	}
	return nil
}

// use makes an element one of the mock's.
func (w *wanted) use(e *element) {
	switch e.kind {
	case store.KindSpec:
		w.mock.Spec = e.id
	case store.KindCollection:
		w.mock.Collection = e.id
	case store.KindEnvironment:
		w.mock.Environment = e.id
	default:
		return
	}
	w.elements = append(w.elements, e)
}

// drop leaves the documents of a mock to what the store has of them.
func (w *wanted) drop() {
	w.elements = nil
	w.mock.Spec, w.mock.Collection, w.mock.Environment = "", "", ""
}

// keep puts what files say into the store, and deletes what they said before
// and don't any more.
func keep(ctx context.Context, s *store.Store, name string, list []wanted) error {
	return s.Update(ctx, actor(), func(t *store.Tx) error {
		w, err := t.EnsureWorkspace()
		if err != nil {
			return err
		}
		before, err := readLedger(t, name)
		if err != nil {
			return err
		}
		p := place{workspace: w.ID, owned: true}
		now := ledger{}
		for i := range list {
			if err := now.note(t, &list[i]); err != nil {
				return err
			}
		}
		if err := before.forget(t, now, name); err != nil {
			return err
		}
		if err := park(t, list); err != nil {
			return err
		}
		done := map[string]bool{}
		for i := range list {
			for _, e := range list[i].elements {
				if done[e.id] {
					continue
				}
				done[e.id] = true
				if _, err := e.put(t, p); err != nil {
					return fmt.Errorf("%s: %w", e.file, err)
				}
			}
			if _, err := list[i].put(t, p); err != nil {
				return err
			}
		}
		return now.write(t, name)
	})
}
