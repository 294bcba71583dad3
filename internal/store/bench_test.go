package store

import (
	"errors"
	"fmt"
	"testing"
)

// benchmarks runs a benchmark on every engine that there is.
func benchmarks(b *testing.B, run func(b *testing.B, s *Store)) {
	for _, name := range []string{"memory", "sqlite", "postgres"} {
		location, ok := locations(b)[name]
		if !ok {
			continue
		}
		b.Run(name, func(b *testing.B) { run(b, open(b, location(b))) })
	}
}

func BenchmarkCreateMock(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		w := workspaceOf(b, s)
		for b.Loop() {
			update(b, s, func(tx *Tx) error { return tx.CreateMock(newMock(w, NewID())) })
		}
	})
}

func BenchmarkReadMock(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		m := newMock(workspaceOf(b, s), "pets")
		update(b, s, func(tx *Tx) error { return tx.CreateMock(m) })
		for b.Loop() {
			view(b, s, func(tx *Tx) error {
				_, err := tx.Mock(m.ID)
				return err
			})
		}
	})
}

// The budget is 50 ms for the addresses of 10,000 mocks.
func BenchmarkMockAddresses(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		w := workspaceOf(b, s)
		update(b, s, func(tx *Tx) (err error) {
			for i := range 10_000 {
				err = errors.Join(err, tx.CreateMock(newMock(w, fmt.Sprint("mock-", i))))
			}
			return err
		})
		for b.Loop() {
			view(b, s, func(tx *Tx) error {
				all, err := tx.MockAddresses()
				if len(all) != 10_000 {
					b.Fatalf("there are %d", len(all))
				}
				return err
			})
		}
	})
}

// A look of Watch where nothing has changed.
func BenchmarkLook(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		for b.Loop() {
			if _, _, _, err := s.changesSince(b.Context(), 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func workspaceOf(t testing.TB, s *Store) string {
	t.Helper()
	var w Workspace
	update(t, s, func(tx *Tx) (err error) {
		w, err = tx.EnsureWorkspace()
		return err
	})
	return w.ID
}

func newMock(workspace, slug string) *Mock {
	return &Mock{ID: NewID(), Slug: slug, Workspace: workspace, Name: slug, Config: []byte("{}")}
}
