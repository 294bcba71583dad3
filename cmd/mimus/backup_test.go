package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestBackupAndRestore_CarryADataFolder(t *testing.T) {
	t.Parallel()
	from, to, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	s, err := store.Open(t.Context(), store.Config{Location: from})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), store.Actor{}, func(tx *store.Tx) error { return tx.SetValue("name", "kept") })
	if err != nil {
		t.Fatal(err)
	}
	backup, restore := backupCmd{dataFolder{Data: from}, file}, restoreCmd{dataFolder{Data: to}, file}
	var out strings.Builder
	std := streams{out: &out}
	if err := errors.Join(backup.Run(t.Context(), std), s.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is something to keep
		if err := restore.Run(t.Context(), std); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"mimus restore --data " + from + " " + file, "mimus serve --data " + to, "is kept as " + to} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the commands print %q, want %q in it", out.String(), want)
		}
	}
	if s, err = store.Open(t.Context(), store.Config{Location: to}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *store.Tx) error {
		if v, err := tx.Value("name"); v != "kept" {
			t.Errorf("the value is %q, %v", v, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := restore.Run(t.Context(), std); err == nil || !strings.Contains(err.Error(), "stop the server") {
		t.Errorf("restoring a folder in use gives %v", err)
	}
}

func TestBackupAndRestore_OfPostgreSQL_NameItsTools(t *testing.T) {
	t.Parallel()
	for _, of := range []dataFolder{{Database: "postgres://a:s3cr3t@b/c"}, {Data: "postgres://a:s3cr3t@b/c"}} {
		for _, err := range []error{(&backupCmd{of, "x.db"}).Run(t.Context(), streams{}), (&restoreCmd{of, "x.db"}).Run(t.Context(), streams{})} {
			if err == nil || !strings.Contains(err.Error(), "pg_dump") || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("the error is %v, want pg_dump in it and no password", err)
			}
		}
	}
}
