package store

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

func noView(*Tx) error { return nil }

func TestView_OfADatabaseThatIsAway_IsUnavailable_AndHeals(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	through.cut()
	for range 50 {
		if err := s.View(t.Context(), noView); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "s3cr3t") {
			t.Fatalf("View gives %v, want ErrUnavailable, without the password", err)
		}
	}
	err := s.Update(t.Context(), Actor{}, noView)
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("Update gives %v, want ErrUnavailable", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Update(gone, Actor{}, noView); !errors.Is(err, context.Canceled) {
		t.Errorf("for a caller that has gone, Update gives %v", err)
	}
	through.mend()
	// Nothing watches: the next one but failFast later finds out.
	late := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for s.View(t.Context(), noView) != nil {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the database is back, View does not know")
		}
	}
}

func TestView_WithConnectionsThatWereLost_TakesAnother(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	var wg, all sync.WaitGroup
	all.Add(4)
	for range 4 { // four connections
		wg.Go(func() {
			_ = s.View(t.Context(), func(*Tx) error {
				all.Done()
				all.Wait()
				return nil
			})
		})
	}
	wg.Wait()
	through.cut()
	through.mend()
	if err := s.View(t.Context(), noView); err != nil {
		t.Errorf("View gives %v; the database is there", err)
	}
}

func TestView_OneThatIsLostInTheMiddle_IsUnavailable(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	err := s.View(t.Context(), func(tx *Tx) error {
		through.cut()
		_, err := tx.seqNow()
		return err
	})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("View gives %v, want ErrUnavailable", err)
	}
}

func TestView_ErrorsOfItsFunction_AreNotTheDatabases(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		for _, want := range []error{io.ErrUnexpectedEOF, io.EOF, ErrNotFound} {
			if err := s.View(t.Context(), func(*Tx) error { return want }); !errors.Is(err, want) || errors.Is(err, ErrUnavailable) {
				t.Errorf("View gives %v, want its function's %v", err, want)
			}
		}
	})
}

func TestView_WithoutATurnInTime_IsUnavailable(t *testing.T) {
	t.Parallel()
	s := open(t, postgresLocation(t))
	s.beginTime = 50 * time.Millisecond
	s.read.SetMaxOpenConns(1)
	err := s.View(t.Context(), func(*Tx) error {
		within := s.View(t.Context(), noView)
		if !errors.Is(within, ErrUnavailable) {
			t.Errorf("with no connection free View gives %v, want ErrUnavailable", within)
		}
		if again := s.View(t.Context(), noView); !errors.Is(again, ErrUnavailable) {
			t.Errorf("the next one gives %v", again)
		}
		return nil
	})
	if err != nil {
		t.Errorf("the one that has the connection gives %v", err)
	}
}

// deaf is PostgreSQL without LISTEN, as behind some proxies.
type deaf struct{ postgresDialect }

func (deaf) listen(context.Context, string, <-chan struct{}, func()) {}

func TestWatch_WithoutListen_LooksOftenEnough(t *testing.T) {
	t.Parallel()
	for name, location := range locations(t) {
		if name == "memory" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := location(t)
			a, b := open(t, at), open(t, at)
			if name == "postgres" {
				a.dialect = deaf{}
			}
			ctx, cancel := context.WithCancel(t.Context())
			told := make(chan struct{}, 10)
			var wg sync.WaitGroup
			wg.Go(func() { _ = a.Watch(ctx, 0, func(context.Context, []Change, bool) { told <- struct{}{} }) })
			defer wg.Wait()
			defer cancel()
			for range 3 {
				update(t, b, func(tx *Tx) error {
					w, err := tx.EnsureWorkspace()
					return errors.Join(err, tx.UpdateWorkspace(&w))
				})
				select {
				case <-told:
				case <-time.After(time.Second):
					t.Fatal("the change was not seen within 1 s")
				}
			}
		})
	}
}

func TestOnReach_TellsOnceEach(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	told := make(chan error, 10)
	s.OnReach(func(err error) { told <- err })
	watch(t, s)
	for range 2 {
		through.cut()
		if err := <-told; !errors.Is(err, ErrUnavailable) {
			t.Errorf("it is told that the database is away with %v", err)
		}
		through.mend()
		if err := <-told; err != nil {
			t.Errorf("it is told that the database is back with %v", err)
		}
	}
	if n := len(told); n > 0 {
		t.Errorf("%d more was told", n)
	}
}

func TestOpen_ASchemaThatIsNotThere_IsToldAtOnce(t *testing.T) {
	t.Parallel()
	location := strings.Replace(postgresLocation(t), "mimus_test_", "not_there_", 1)
	start := time.Now()
	_, err := Open(t.Context(), Config{Location: location})
	if err == nil || !strings.Contains(err.Error(), "not_there_") || !strings.Contains(err.Error(), "CREATE SCHEMA") {
		t.Errorf("Open gives %v, want the schema and what to do", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("that took %s", took)
	}
}
