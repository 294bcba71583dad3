package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/mimus-dev/mimus/internal/lockfile"
)

// The files of a data folder.
const (
	sqliteFile = "mimus.db"
	lockFile   = "mimus.lock" // held shared by who has the folder open, alone by who replaces the database
)

// openFolder makes a data folder where there is none, and keeps others from
// replacing the database in it until the file that it gives is closed.
func openFolder(folder string) (*os.File, error) {
	f, err := folderLock(folder)
	if err != nil {
		return nil, err
	}
	if err := lockfile.Shared(f); err != nil {
		_ = f.Close()
		if errors.Is(err, lockfile.ErrHeld) {
			return nil, fmt.Errorf("the data folder %s is being restored from a backup; start again when that is done", folder)
		}
		return nil, fmt.Errorf("the data folder %s can't be locked: %w", folder, err)
	}
	return f, nil
}

// ownFolder is openFolder for who replaces the database: nobody else has it open.
func ownFolder(folder string) (*os.File, error) {
	f, err := folderLock(folder)
	if err != nil {
		return nil, err
	}
	if err := lockfile.Alone(f); err != nil {
		_ = f.Close()
		if errors.Is(err, lockfile.ErrHeld) {
			return nil, fmt.Errorf("the data folder %s is in use by another process; stop the server, then restore", folder)
		}
		return nil, fmt.Errorf("the data folder %s can't be locked: %w", folder, err)
	}
	return f, nil
}

// folderLock opens the lock of a folder, which says plainly what SQLite would
// not. The database itself is not touched: closing it would end the locks that
// SQLite has on it.
func folderLock(folder string) (*os.File, error) {
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("the data folder %s is a file; name a folder with --data", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s can't be made: %w; name another one with --data", folder, err)
	}
	f, err := os.OpenFile(filepath.Join(folder, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return nil, fmt.Errorf("the data folder %s can't be written to: %w; let this user write in it, or name another one with --data", folder, err)
	case errors.Is(err, syscall.ENOSPC):
		return nil, fmt.Errorf("the disk of the data folder %s is full: %w; make room on it", folder, err)
	case err != nil:
		return nil, fmt.Errorf("the data folder %s can't be used: %w", folder, err)
	}
	return f, nil
}

// makePrivate makes an empty file that only its user can read, unless there is
// one; SQLite would let everybody read it.
func makePrivate(file string) {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return // SQLite says what is wrong
	}
	// Linked when it is closed, for the reason that folderLock tells.
	_ = f.Close()
	_ = os.Link(f.Name(), file)
	_ = os.Remove(f.Name())
}
