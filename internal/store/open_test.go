package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary be a second process, which counts a workspace's
// revision up in a folder.
func TestMain(m *testing.M) {
	if location := os.Getenv("MIMUS_TEST_COUNT_IN"); location != "" {
		if err := countUp(context.Background(), location, 20); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// countUp opens a store and changes its first workspace some times.
func countUp(ctx context.Context, location string, times int) error {
	s, err := Open(ctx, Config{Location: location})
	if err != nil {
		return err
	}
	for range times {
		err = s.Update(ctx, Actor{User: 1}, func(t *Tx) error {
			w, err := t.EnsureWorkspace()
			return errors.Join(err, t.UpdateWorkspace(&w))
		})
		if err != nil {
			break
		}
	}
	return errors.Join(err, s.Close())
}

// together runs a function several times at once.
func together(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestOpen_ManyAtOnceOfAnEmptyDatabase_AllSucceed(t *testing.T) {
	t.Parallel()
	for name, location := range locations(t) {
		if name == "memory" {
			continue // each has its own
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := location(t)
			together(t, 8, func(int) error { return countUp(t.Context(), at, 5) })
			if got := revision(t, open(t, at)); got != 1+8*5 {
				t.Errorf("the workspace has revision %d, want %d: a write was lost, or there are two", got, 1+8*5)
			}
		})
	}
}

func TestOpen_ManyProcessesAtOnce_AllSucceed(t *testing.T) {
	t.Parallel()
	for name, location := range locations(t) {
		if name == "memory" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := location(t)
			together(t, 4, func(int) error { return countInProcess(t, at) })
			if got := revision(t, open(t, at)); got != 1+4*20 {
				t.Errorf("the workspace has revision %d, want %d", got, 1+4*20)
			}
		})
	}
}

// countInProcess is countUp, 20 times, in another process.
func countInProcess(t *testing.T, location string) error {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "MIMUS_TEST_COUNT_IN="+location)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func revision(t *testing.T, s *Store) (revision int64) {
	t.Helper()
	view(t, s, func(tx *Tx) error {
		all, err := tx.Workspaces("", Page{})
		if len(all) != 1 {
			t.Errorf("there are %d workspaces, want 1", len(all))
		}
		w, err2 := tx.FirstWorkspace()
		revision = w.Revision
		return errors.Join(err, err2)
	})
	return revision
}

func TestOpen_ANewerSchema_IsRefused(t *testing.T) {
	t.Parallel()
	for name, location := range locations(t) {
		if name == "memory" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := location(t)
			s := open(t, at)
			if _, err := s.write.ExecContext(t.Context(), `INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), Config{Location: at})
			var newer *NewerError
			if !errors.As(err, &newer) || newer.Has != 9999 {
				t.Errorf("opening it gives %v, want a NewerError of version 9999", err)
			}
		})
	}
}

func TestOpen_WhatCantBeADatabase_SaysTheNextStep(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		location func(t testing.TB) string
		want     []string
	}{
		"a file in place of the folder": {func(t testing.TB) string {
			return writeFile(t, filepath.Join(t.TempDir(), "data"), "text")
		}, []string{"is a file", "--data"}},
		"a folder that can't be made": {func(t testing.TB) string {
			return filepath.Join(writeFile(t, filepath.Join(t.TempDir(), "file"), "text"), "data")
		}, []string{"can't be made", "--data"}},
		"a file that is no database": {func(t testing.TB) string {
			return filepath.Dir(writeFile(t, filepath.Join(t.TempDir(), sqliteFile), strings.Repeat("no database ", 100)))
		}, []string{sqliteFile, "no database of mimus", "--data"}},
		"a database of another program": {func(t testing.TB) string {
			folder := t.TempDir()
			db, err := sql.Open("sqlite", sqliteURL(filepath.Join(folder, sqliteFile), ""))
			if err != nil {
				t.Fatal(err)
			}
			_, err = db.ExecContext(t.Context(), `CREATE TABLE bookmarks (url TEXT)`)
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			return folder
		}, []string{sqliteFile, "no database of mimus", "--data"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			location := test.location(t)
			_, err := Open(t.Context(), Config{Location: location})
			if err == nil {
				t.Fatal("it opens")
			}
			for _, want := range append(test.want, filepath.Base(location)) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %q, want %q in it", err, want)
				}
			}
		})
	}
}

func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// readOnlyFolder is one that nobody can write to, not even root.
func readOnlyFolder(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs /sys or a user other than root")
	}
	if os.Getuid() != 0 {
		folder := t.TempDir()
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
		return folder
	}
	const folder = "/sys/kernel" // sysfs takes no files
	if f, err := os.CreateTemp(folder, "x"); err == nil {
		f.Close()
		os.Remove(f.Name())
		t.Skip("root can write to /sys here")
	}
	return folder
}

func TestOpen_AFolderThatCantBeWrittenTo_SaysTheNextStep(t *testing.T) {
	t.Parallel()
	folder := readOnlyFolder(t)
	_, err := Open(t.Context(), Config{Location: folder})
	if err == nil || !strings.Contains(err.Error(), folder+" can't be written to") || !strings.Contains(err.Error(), "--data") {
		t.Errorf("the error is %v, want that the folder can't be written to and another can be named", err)
	}
}

func TestUpdate_AFullDisk_StoresNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"", t.TempDir()} {
		s := open(t, location)
		var w Workspace
		update(t, s, func(tx *Tx) (err error) {
			w, err = tx.EnsureWorkspace()
			return err
		})
		// SQLite treats the bound like a full disk.
		if _, err := s.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
			t.Fatal(err)
		}
		err := s.Update(t.Context(), Actor{User: 1}, func(tx *Tx) error {
			return tx.CreateCollection(&Collection{ID: "c", Workspace: w.ID, Body: make([]byte, 1<<20)})
		})
		if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "full") || !strings.Contains(err.Error(), "make room") {
			t.Errorf("the error is %v, want that the disk is full", err)
		}
		if _, err := s.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`); err != nil {
			t.Fatal(err)
		}
		view(t, s, func(tx *Tx) error {
			if _, err := tx.Collection("c"); !errors.Is(err, ErrNotFound) {
				t.Errorf("the collection is there, or %v", err)
			}
			return nil
		})
		update(t, s, func(tx *Tx) error { return tx.UpdateWorkspace(&w) })
	}
}

func TestOpen_ADatabaseOutOfReach_SaysTheNextStepAndNoPassword(t *testing.T) {
	t.Parallel()
	const hidden = "s3cr3t"
	for _, location := range []string{
		"postgres://user:s3cr3t@127.0.0.1:1/db",
		"postgres://user@127.0.0.1:1/db?password=s3cr3t",
		"postgres://user:s3cr3t%zz@127.0.0.1:1/db",
		"postgres://user:1s3cr3t/x@127.0.0.1:1/db",
		"postgres://user:1/s3cr3t@127.0.0.1:1/db",
		"postgres://user:1#s3cr3t@127.0.0.1:1/db",
		"postgres://user:1?s3cr3t@127.0.0.1:1/db",
		"postgres://user:s3cr3t@127.0.0.1:1/db?sslmode=s3cr3t",
		"postgres://user:s3cr3t@127.0.0.1:port/db",
		"postgresql://user:s3cr3t@[::1/db",
	} {
		_, err := Open(t.Context(), Config{Location: location})
		if err == nil {
			t.Errorf("%s opens", location)
			continue
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(e.Error(), hidden) {
				t.Errorf("the error tells the password: %v", e)
			}
		}
		if !strings.Contains(err.Error(), "URL") {
			t.Errorf("the error is %q, want what to look at", err)
		}
	}
}

func TestOpen_TheFilesOfTheFolder_AreItsUsersAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("has no such modes")
	}
	folder := t.TempDir()
	s := open(t, folder)
	update(t, s, func(tx *Tx) error {
		_, err := tx.EnsureWorkspace()
		return err
	})
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v), want 0600: the hashes of keys are in it", f.Name(), info.Mode(), err)
		}
	}
	if len(files) < 2 {
		t.Errorf("there are %d files", len(files))
	}
}

func TestUpdate_TwoProcessesOnAFolder_BothWriteAndHearOfEachOther(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := open(t, folder)
	heard := watch(t, s)
	together(t, 2, func(i int) error {
		if i == 0 {
			return countInProcess(t, folder)
		}
		return countUp(t.Context(), folder, 20)
	})
	if got := revision(t, s); got != 1+2*20 {
		t.Errorf("the workspace has revision %d, want %d", got, 1+2*20)
	}
	seq, err := s.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard.until(t, seq)
}

// hearing is what Watch told.
type hearing struct {
	mu      sync.Mutex
	changes []Change
	resyncs int
	told    chan struct{} // has one after each call
}

// watch watches a store until the test ends.
func watch(t *testing.T, s *Store) *hearing {
	t.Helper()
	h := &hearing{told: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Watch(ctx, 5*time.Millisecond, func(_ context.Context, changes []Change, resync bool) {
			h.mu.Lock()
			h.changes = append(h.changes, changes...)
			if resync {
				h.resyncs++
			}
			h.mu.Unlock()
			select {
			case h.told <- struct{}{}:
			default:
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Watch ends with %v, want the context's error", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		wg.Wait()
	})
	return h
}

// until waits until a change was told, or a resync; all changes have to come in
// their order, none twice.
func (h *hearing) until(t *testing.T, seq int64) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		h.mu.Lock()
		changes, resyncs := h.changes, h.resyncs
		h.mu.Unlock()
		if resyncs > 0 || len(changes) > 0 && changes[len(changes)-1].Seq >= seq {
			for i := range changes {
				if i > 0 && !before(changes[i-1], changes[i]) {
					t.Errorf("change %d/%d is told after %d/%d", changes[i].Seq, changes[i].Nth, changes[i-1].Seq, changes[i-1].Nth)
				}
			}
			return
		}
		select {
		case <-h.told:
		case <-late:
			t.Fatalf("change %d was not told", seq)
		}
	}
}

func before(a, b Change) bool {
	return a.Seq < b.Seq && b.Nth == 0 && b.Seq == a.Seq+1 || a.Seq == b.Seq && b.Nth == a.Nth+1
}
