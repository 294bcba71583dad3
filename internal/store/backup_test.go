package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// filled is a data folder with one collection; nobody has it open.
func filled(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	s := open(t, folder)
	addCollection(t, s, name)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

func addCollection(t *testing.T, s *Store, name string) {
	t.Helper()
	update(t, s, func(tx *Tx) error {
		w, err := tx.EnsureWorkspace()
		return errors.Join(err, tx.CreateCollection(&Collection{ID: NewID(), Workspace: w.ID, Name: name, Body: []byte("{}")}))
	})
}

func collections(t *testing.T, folder string) string {
	t.Helper()
	s := open(t, folder)
	var names []string
	view(t, s, func(tx *Tx) error {
		all, err := tx.Collections(ElementFilter{})
		for _, c := range all {
			names = append(names, c.Name)
		}
		return err
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func TestBackup_WhileItIsWrittenTo_IsWhole(t *testing.T) {
	t.Parallel()
	folder, file := t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	s := open(t, folder)
	addCollection(t, s, "first")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			// Two at a time: a backup between the two would be half a change.
			err := s.Update(ctx, Actor{User: 1}, func(tx *Tx) error {
				w, err := tx.FirstWorkspace()
				for range 2 {
					err = errors.Join(err, tx.CreateCollection(&Collection{ID: NewID(), Workspace: w.ID, Name: "pair", Body: make([]byte, 1000)}))
				}
				return err
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	defer wg.Wait()
	defer stop()
	for range 3 { // the later ones replace the first
		if err := Backup(t.Context(), folder, file); err != nil {
			t.Fatal(err)
		}
		into := t.TempDir()
		if kept, err := Restore(t.Context(), file, into, time.Now()); err != nil || kept != "" {
			t.Fatalf("restoring it keeps %q, %v", kept, err)
		}
		if n := len(strings.Fields(collections(t, into))); n%2 != 1 {
			t.Errorf("%d collections are in the backup; want the first one and pairs", n)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) > 0 {
		t.Errorf("files are left over: %v", left)
	}
}

func TestRestore_KeepsTheDatabaseBefore(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := Backup(t.Context(), filled(t, "backed-up"), file); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	folder := filled(t, "old")
	for n, want := range []string{"mimus-20260304T050607Z.db", "mimus-20260304T050607Z-2.db"} {
		kept, err := Restore(t.Context(), file, folder, now)
		if err != nil || kept != filepath.Join(folder, want) {
			t.Fatalf("restore %d keeps %q, %v; want %s", n, kept, err, want)
		}
		if got := collections(t, folder); got != "backed-up" {
			t.Errorf("the folder has the collections %q, want those of the backup", got)
		}
	}
	kept := t.TempDir()
	if _, err := Restore(t.Context(), filepath.Join(folder, "mimus-20260304T050607Z.db"), kept, now); err != nil {
		t.Fatal(err)
	}
	if got := collections(t, kept); got != "old" {
		t.Errorf("the database that was kept has %q, want old", got)
	}
}

func TestRestore_AnOldDatabaseThatIsDamaged_IsKeptAsItIs(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := Backup(t.Context(), filled(t, "backed-up"), file); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, sqliteFile), "damaged")
	writeFile(t, filepath.Join(folder, sqliteFile+"-wal"), "also")
	kept, err := Restore(t.Context(), file, folder, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := collections(t, folder); got != "backed-up" {
		t.Errorf("the folder has the collections %q, want those of the backup", got)
	}
	if data, err := os.ReadFile(kept); err != nil || string(data) != "damaged" {
		t.Errorf("%q is kept (%v), want the damaged file", data, err)
	}
	if data, err := os.ReadFile(kept + "-wal"); err != nil || string(data) != "also" {
		t.Errorf("%q is kept of its log (%v), want all: the new database must not meet it", data, err)
	}
}

func TestRestore_AFolderInUse_IsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "backup.db")
	folder := filled(t, "old")
	if err := Backup(t.Context(), folder, file); err != nil {
		t.Fatal(err)
	}
	s := open(t, folder)
	if _, err := Restore(t.Context(), file, folder, time.Now()); err == nil || !strings.Contains(err.Error(), "stop the server") {
		t.Errorf("restoring gives %v, want to be told to stop the server", err)
	}
	addCollection(t, s, "still-served")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	held, err := ownFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, err := Open(t.Context(), Config{Location: folder}); err == nil || !strings.Contains(err.Error(), "restored") {
		t.Errorf("opening while it is restored gives %v, want to be told so", err)
	}
}

func TestRestore_AFileThatIsNoBackup_ChangesNothing(t *testing.T) {
	t.Parallel()
	good := filepath.Join(t.TempDir(), "good.db")
	if err := Backup(t.Context(), filled(t, strings.Repeat("long", 50_000)), good); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content func(t *testing.T, file string)
		want    string
	}{
		"text":    {func(t *testing.T, file string) { writeFile(t, file, strings.Repeat("text ", 1000)) }, "no database of mimus"},
		"empty":   {func(t *testing.T, file string) { writeFile(t, file, "") }, "no database of mimus"},
		"missing": {func(*testing.T, string) {}, "there is no file"},
		"a folder": {func(t *testing.T, file string) {
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a folder"},
		"cut short": {func(t *testing.T, file string) { writeFile(t, file, string(content[:len(content)/2])) }, "damaged"},
		"overwritten in its middle": {func(t *testing.T, file string) {
			damaged := bytes.Clone(content)
			for i := 3 * 4096; i < 40*4096; i++ {
				damaged[i] ^= 0x55
			}
			writeFile(t, file, string(damaged))
		}, "damaged"},
		"another program's": {func(t *testing.T, file string) { execIn(t, file, `CREATE TABLE bookmarks (url TEXT)`) }, "no database of mimus"},
		"a newer one": {func(t *testing.T, file string) {
			writeFile(t, file, string(content))
			execIn(t, file, `INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, TRUE)`)
		}, "newer mimus"},
		"a part of one in use": {func(t *testing.T, file string) {
			writeFile(t, file, string(content))
			writeFile(t, file+"-wal", "writes")
		}, "mimus backup"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, folder := filepath.Join(t.TempDir(), "file.db"), filled(t, "old")
			test.content(t, file)
			_, err := Restore(t.Context(), file, folder, time.Now())
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("restoring gives %v, want that %s: %s", err, file, test.want)
			}
			if got := collections(t, folder); got != "old" {
				t.Errorf("the folder has the collections %q, want the old one", got)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "*Z*")); len(left) > 0 {
				t.Errorf("files are left over: %v", left)
			}
		})
	}
}

func execIn(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteURL(file, ""))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestBackup_WhatIsInTheWay_IsTold(t *testing.T) {
	t.Parallel()
	folder := filled(t, "a")
	notes := writeFile(t, filepath.Join(t.TempDir(), "notes.txt"), "notes")
	for name, test := range map[string]struct{ folder, file, want string }{
		"no database":           {t.TempDir(), "x.db", "there is no mimus.db"},
		"no folder":             {filepath.Join(t.TempDir(), "none"), "x.db", "there is no mimus.db"},
		"the database itself":   {folder, filepath.Join(folder, sqliteFile), "the database itself"},
		"another file":          {folder, notes, "no backup of mimus"},
		"a folder":              {folder, t.TempDir(), "is a folder"},
		"a target in no folder": {folder, filepath.Join(t.TempDir(), "none", "x.db"), "can't be written"},
		"PostgreSQL":            {"postgres://u:s3cr3t@h/d", "x.db", "pg_dump"},
	} {
		err := Backup(t.Context(), test.folder, test.file)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if data, err := os.ReadFile(notes); err != nil || string(data) != "notes" {
		t.Errorf("the other file is %q, %v", data, err)
	}
	if _, err := os.Stat("x.db"); err == nil {
		t.Error("x.db was written")
	}
}
