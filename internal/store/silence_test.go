package store

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestUpdate_LostWhileItIsStored_IsInDoubt(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*wire){"cut": (*wire).cut, "silent": func(w *wire) { w.deaf.Store(true) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			through := throughWire(t, postgresLocation(t))
			s := open(t, through.location)
			s.silentTime = 200 * time.Millisecond
			ran := 0
			err := s.Update(t.Context(), Actor{}, func(tx *Tx) error {
				ran++
				err := tx.SetValue("name", "value")
				lose(through) // what comes next is the commit
				return err
			})
			if !errors.Is(err, ErrInDoubt) || !errors.Is(err, ErrUnavailable) {
				t.Errorf("Update gives %v, want that it isn't known whether it was stored", err)
			}
			if ran != 1 {
				t.Errorf("it ran %d times; what may have been stored is not made again", ran)
			}
		})
	}
}

func TestUpdate_LostBeforeItIsStored_IsNot(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	err := s.Update(t.Context(), Actor{}, func(tx *Tx) error {
		through.cut()
		return tx.SetValue("name", "value")
	})
	if !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrInDoubt) {
		t.Errorf("Update gives %v, want ErrUnavailable, and no doubt", err)
	}
}

func TestView_OfADatabaseThatGrowsSilent_EndsWithoutWatch(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	s.silentTime = 200 * time.Millisecond
	start := time.Now()
	err := s.View(t.Context(), func(tx *Tx) error {
		through.deaf.Store(true)
		_, err := tx.Value("name")
		return err
	})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("View gives %v, want ErrUnavailable", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("that took %s", took)
	}
}

func TestUpdate_AsLongAsSomethingComes_MayTakeItsTime(t *testing.T) {
	t.Parallel()
	through := throughWire(t, postgresLocation(t))
	s := open(t, through.location)
	s.silentTime = time.Second
	content := bytes.Repeat([]byte("x"), 8<<20)
	took := time.Now()
	delay := 8 * time.Millisecond // 4 MB/s: twice as long as it may be silent
	through.delay.Store(&delay)
	update(t, s, func(tx *Tx) error {
		w, err := tx.EnsureWorkspace()
		return errors.Join(err, tx.CreateCollection(&Collection{ID: "c", Workspace: w.ID, Body: content}))
	})
	view(t, s, func(tx *Tx) error {
		c, err := tx.Collection("c")
		if err == nil && !bytes.Equal(c.Body, content) {
			t.Error("another content was stored")
		}
		return err
	})
	if took := time.Since(took); took < 2*s.silentTime {
		t.Errorf("that took %s: the test shows nothing", took)
	}
}

func TestUpdate_OfWhatIsLarge_IsWaitedForByTheDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, postgresLocation(t))
	update(t, s, func(tx *Tx) error {
		w, err := tx.EnsureWorkspace()
		if err != nil {
			return err
		}
		for _, c := range []struct {
			size int
			want string
		}{{1, "15s"}, {largeSize, "5min"}} {
			if err := tx.CreateCollection(&Collection{ID: NewID(), Workspace: w.ID, Body: make([]byte, c.size)}); err != nil {
				return err
			}
			got, err := one(tx, scanText, `SELECT current_setting('idle_in_transaction_session_timeout')`)
			if err != nil || got != c.want {
				t.Errorf("after %d bytes it is %q, %v, want %s", c.size, got, err, c.want)
			}
		}
		return nil
	})
}

func TestUpdate_WhichWaitsForOthers_IsNotTakenForSilent(t *testing.T) {
	t.Parallel()
	location := postgresLocation(t)
	a, b := open(t, location), open(t, location)
	a.silentTime = 100 * time.Millisecond
	var waited error
	done := make(chan struct{})
	update(t, b, func(tx *Tx) error {
		go func() {
			defer close(done)
			waited = a.Update(t.Context(), Actor{}, func(tx *Tx) error { return tx.SetValue("name", "a") })
		}()
		_, err := tx.tx.ExecContext(tx.ctx, `SELECT pg_sleep(0.5)`)
		return err
	})
	<-done
	if waited != nil {
		t.Errorf("who waited for its turn is told %v", waited)
	}
}

func TestStore_OfAFileThatIsGone_IsUnavailable_UntilItIsBack(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder)
	file := filepath.Join(folder, sqliteFile)
	set := func() error {
		return s.Update(t.Context(), Actor{}, func(tx *Tx) error { return tx.SetValue("name", "value") })
	}
	ask := func() error {
		_, err := s.Seq(t.Context())
		return err
	}
	check := func(when string, is func(error) bool) {
		t.Helper()
		for name, f := range map[string]func() error{"View": func() error { return s.View(t.Context(), noView) }, "Update": set, "Seq": ask} {
			if err := f(); !is(err) {
				t.Errorf("%s: %s gives %v", when, name, err)
			}
		}
	}
	away := func(err error) bool { return errors.Is(err, ErrUnavailable) }
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	check("moved away", away)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	check("another in its place", away)
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err != nil { // as Watch does
		t.Errorf("put back: %v", err)
	}
	check("put back", func(err error) bool { return err == nil })
}

func TestDialLine_IsQuietWhileItWaits(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := dialLine(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	other, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	line := lineOf(conn)
	if line == nil || line.quiet() != 0 {
		t.Fatal("a connection on which nobody waits is not quiet")
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = conn.Read(make([]byte, 1))
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for line.quiet() == 0 && ctx.Err() == nil {
		<-time.After(time.Millisecond)
	}
	if ctx.Err() != nil {
		t.Error("who waits does not count")
	}
	if _, err := other.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-read
	if q := line.quiet(); q != 0 {
		t.Errorf("after an answer it is quiet for %s", q)
	}
	conn.Close()
}
