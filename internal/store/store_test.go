package store

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"database/sql"
)

// engines runs a test on every engine that there is.
func engines(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	for name, location := range locations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, location(t)))
		})
	}
}

func locations(t testing.TB) map[string]func(testing.TB) string {
	t.Helper()
	all := map[string]func(testing.TB) string{
		"memory": func(testing.TB) string { return "" },
		"sqlite": func(t testing.TB) string { return t.TempDir() },
	}
	if base := os.Getenv("MIMUS_TEST_POSTGRES"); base != "" {
		all["postgres"] = func(t testing.TB) string { return schemaOf(t, base) }
	}
	return all
}

// schemaOf makes a schema of its own for a test in the database.
func schemaOf(t testing.TB, base string) string {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	name := "mimus_test_" + strings.ReplaceAll(NewID(), "-", "")
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.Background(), `DROP SCHEMA `+name+` CASCADE`)
		_ = db.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t testing.TB, location string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Location: location, Now: clock()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// clock is a clock that goes on by a second at each look.
func clock() func() time.Time {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ticks := make(chan time.Time, 1)
	ticks <- start
	return func() time.Time {
		now := (<-ticks).Add(time.Second)
		ticks <- now
		return now
	}
}

func update(t testing.TB, s *Store, f func(*Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), Actor{User: 1}, f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *Store, f func(*Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func TestUpdate_AnError_StoresNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		failed := errors.New("no")
		err := s.Update(t.Context(), Actor{User: 1}, func(tx *Tx) error {
			if _, err := tx.EnsureWorkspace(); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatalf("Update gives %v, want its function's error", err)
		}
		view(t, s, func(tx *Tx) error {
			if w, err := tx.FirstWorkspace(); !errors.Is(err, ErrNotFound) {
				t.Errorf("a workspace was stored: %v, %v", w, err)
			}
			return nil
		})
	})
}

func TestMock_ASlugOfAnother_NamesIt(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		var first Mock
		update(t, s, func(tx *Tx) error {
			w, err := tx.EnsureWorkspace()
			first = Mock{ID: NewID(), Slug: "pets", Workspace: w.ID, Name: "a", Config: []byte("{}")}
			return errors.Join(err, tx.CreateMock(&first))
		})
		err := s.Update(t.Context(), Actor{User: 1}, func(tx *Tx) error {
			return tx.CreateMock(&Mock{ID: NewID(), Slug: "pets", Workspace: first.Workspace, Name: "b", Config: []byte("{}")})
		})
		var taken *TakenError
		if !errors.As(err, &taken) || taken.Field != "slug" || taken.Mock != first.ID {
			t.Errorf("a second mock of the slug gives %v, want that %s has it", err, first.ID)
		}
	})
}

func TestFirstWorkspace_StaysTheFirst_WithinAMillisecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	var first Workspace
	update(t, s, func(tx *Tx) (err error) {
		first, err = tx.EnsureWorkspace()
		return err
	})
	for range 20 {
		update(t, s, func(tx *Tx) error {
			return tx.CreateWorkspace(&Workspace{ID: NewID(), Name: "W", Type: "team"})
		})
	}
	view(t, s, func(tx *Tx) error {
		w, err := tx.FirstWorkspace()
		if w.ID != first.ID {
			t.Errorf("the first workspace is %s, want %s", w.Name, first.Name)
		}
		return err
	})
}
