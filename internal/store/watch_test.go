package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// shared runs a test with two stores of one location, on each engine that
// several processes may use.
func shared(t *testing.T, test func(t *testing.T, a, b *Store)) {
	t.Helper()
	for name, location := range locations(t) {
		if name == "memory" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := location(t)
			test(t, open(t, at), open(t, at))
		})
	}
}

func TestWatch_AChangeOfAnotherProcess_IsToldInItsOrder(t *testing.T) {
	t.Parallel()
	shared(t, func(t *testing.T, a, b *Store) {
		heard := watch(t, a)
		for i := range 50 {
			update(t, b, func(tx *Tx) error {
				w, err := tx.EnsureWorkspace()
				w.Name = fmt.Sprint(i)
				return errors.Join(err, tx.UpdateWorkspace(&w))
			})
		}
		heard.until(t, 50)
		heard.mu.Lock()
		defer heard.mu.Unlock()
		if len(heard.changes) != 51 || heard.resyncs != 0 {
			t.Errorf("%d changes and %d resyncs were told, want the create and 50 updates", len(heard.changes), heard.resyncs)
		}
		last := heard.changes[len(heard.changes)-1]
		if last.Action != "update" || last.Kind != KindWorkspace || last.Name != "49" || last.User != 1 {
			t.Errorf("the last change is %+v, want the update of workspace 49", last)
		}
	})
}

func TestWatch_ChangesBeforeIt_AreToldFromOpenOn(t *testing.T) {
	t.Parallel()
	shared(t, func(t *testing.T, a, b *Store) {
		update(t, b, func(tx *Tx) error {
			_, err := tx.EnsureWorkspace()
			return err
		})
		watch(t, a).until(t, 1)
	})
}

func TestWatch_PostgreSQL_HearsBeforeItLooks(t *testing.T) {
	t.Parallel()
	location := postgresLocation(t)
	a, b := open(t, location), open(t, location)
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan []Change, 10)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = a.Watch(ctx, time.Hour, func(_ context.Context, changes []Change, _ bool) { told <- changes })
	})
	defer wg.Wait()
	defer cancel()
	for range 3 {
		update(t, b, func(tx *Tx) error {
			w, err := tx.EnsureWorkspace()
			return errors.Join(err, tx.UpdateWorkspace(&w))
		})
		select {
		case <-told:
		case <-time.After(20 * time.Second):
			t.Fatal("the change was not heard of")
		}
	}
}

func postgresLocation(t *testing.T) string {
	t.Helper()
	base := os.Getenv("MIMUS_TEST_POSTGRES")
	if base == "" {
		t.Skip("MIMUS_TEST_POSTGRES is not set")
	}
	return schemaOf(t, base)
}

func TestChangesSince_TooManyOrTrimmed_IsAResync(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		update(t, s, func(tx *Tx) error {
			w, err := tx.EnsureWorkspace()
			for range gapMost + 1 {
				err = errors.Join(err, tx.UpdateWorkspace(&w))
			}
			return err
		})
		update(t, s, func(tx *Tx) error {
			w, err := tx.FirstWorkspace()
			return errors.Join(err, tx.UpdateWorkspace(&w))
		})
		for told, want := range map[int64]struct {
			changes int
			resync  bool
		}{
			0: {0, true},  // too many
			1: {1, false}, // the next one
			2: {0, false}, // nothing new
			5: {0, true},  // a backup was put in place
		} {
			seq, changes, resync, err := s.changesSince(t.Context(), told)
			if err != nil || seq != 2 || len(changes) != want.changes || resync != want.resync {
				t.Errorf("since %d: %d changes up to %d, resync %v, %v; want %+v", told, len(changes), seq, resync, err, want)
			}
		}
		if err := s.TrimChanges(t.Context(), 1, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, changes, resync, err := s.changesSince(t.Context(), 1); err != nil || len(changes) != 1 || resync {
			t.Errorf("the last change is not kept: %d changes, resync %v, %v", len(changes), resync, err)
		}
		if _, changes, resync, err := s.changesSince(t.Context(), 0); err != nil || len(changes) != 0 || !resync {
			t.Errorf("after the first was trimmed: %d changes, resync %v, %v; want a resync", len(changes), resync, err)
		}
		if err := s.TrimChanges(t.Context(), 100, s.now()); err != nil {
			t.Fatal(err)
		}
		if _, changes, resync, err := s.changesSince(t.Context(), 1); err != nil || len(changes) != 0 || !resync {
			t.Errorf("after all were trimmed: %d changes, resync %v, %v; want a resync", len(changes), resync, err)
		}
	})
}

func TestTrimChanges_KeepsTheLastAndTheYoung(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		for range 10 {
			update(t, s, func(tx *Tx) error {
				w, err := tx.EnsureWorkspace()
				return errors.Join(err, tx.UpdateWorkspace(&w), tx.UpdateWorkspace(&w))
			})
		}
		check := func(want ...int64) {
			t.Helper()
			view(t, s, func(tx *Tx) error {
				changes, err := tx.Changes(ChangeFilter{})
				var seqs []int64
				for _, c := range changes {
					seqs = append(seqs, c.Seq)
				}
				if fmt.Sprint(seqs) != fmt.Sprint(want) {
					t.Errorf("changes of %v are left, want %v", seqs, want)
				}
				return err
			})
		}
		if err := s.TrimChanges(t.Context(), 6, time.Time{}); err != nil {
			t.Fatal(err)
		}
		check(10, 10, 9, 9, 8, 8)
		var at time.Time
		view(t, s, func(tx *Tx) error {
			changes, err := tx.Changes(ChangeFilter{After: 8})
			at = changes[0].At
			return err
		})
		if err := s.TrimChanges(t.Context(), 100, at); err != nil {
			t.Fatal(err)
		}
		check(10, 10, 9, 9)
	})
}

func TestHealthy_ADatabaseThatGoesAway_TellsSinceWhen(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	opened, err := s.Healthy()
	if err != nil || opened.IsZero() {
		t.Fatalf("at first Healthy tells %v, %v; want the time of Open", opened, err)
	}
	heard := watch(t, s)
	update(t, s, func(tx *Tx) error {
		_, err := tx.EnsureWorkspace()
		return err
	})
	heard.until(t, 1)
	through.cut()
	since := await(t, "the trouble is told", s, func(_ time.Time, err error) bool { return err != nil })
	if !since.After(opened) {
		t.Errorf("cut off since %v, want later than %v", since, opened)
	}
	if _, err := s.Healthy(); err != nil && strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("the error tells the password: %v", err)
	}
	through.mend()
	await(t, "it is over", s, func(now time.Time, err error) bool { return err == nil && now.After(since) })
	update(t, s, func(tx *Tx) error {
		w, err := tx.FirstWorkspace()
		return errors.Join(err, tx.UpdateWorkspace(&w))
	})
	heard.until(t, 2)
}

// await polls Healthy until it tells what is wanted.
func await(t *testing.T, what string, s *Store, is func(time.Time, error) bool) time.Time {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for {
		since, err := s.Healthy()
		if is(since, err) {
			return since
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not so: %s; Healthy tells %v, %v", what, since, err)
		}
	}
}

// wire is a way to a database that can be cut.
type wire struct {
	location string
	to       string

	mu    sync.Mutex
	down  bool
	conns []net.Conn

	deaf  atomic.Bool                   // takes what is sent, and hands nothing on
	delay atomic.Pointer[time.Duration] // of each part of what is sent; nil: none
}

// wirePart is how much goes over it at a time, in bytes.
const wirePart = 32 << 10

func throughWire(t *testing.T, location string) *wire {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{to: u.Host}
	u.Host = l.Addr().String()
	u.User = url.UserPassword(u.User.Username(), "s3cr3t")
	w.location = u.String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { w.carry(in) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		w.cut()
		wg.Wait()
	})
	return w
}

func (w *wire) carry(in net.Conn) {
	defer in.Close()
	w.mu.Lock()
	if w.down {
		w.mu.Unlock()
		return
	}
	out, err := net.Dial("tcp", w.to)
	if err != nil {
		w.mu.Unlock()
		return
	}
	w.conns = append(w.conns, in, out)
	w.mu.Unlock()
	defer out.Close()
	var wg sync.WaitGroup
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		wg.Go(func() {
			buf := make([]byte, wirePart)
			for {
				n, err := way[0].Read(buf)
				if d := w.delay.Load(); d != nil {
					time.Sleep(*d) // it is slow
				}
				if n > 0 && !w.deaf.Load() {
					_, err = way[1].Write(buf[:n])
				}
				if err != nil {
					in.Close()
					out.Close()
					return
				}
			}
		})
	}
	wg.Wait()
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}
