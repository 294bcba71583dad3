package lockfile

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Shared takes a lock that others may have, too, until the file is closed.
func Shared(f *os.File) error { return lockFileEx(f, 0) }

// Alone takes a lock that nobody else has, until the file is closed.
func Alone(f *os.File) error { return lockFileEx(f, windows.LOCKFILE_EXCLUSIVE_LOCK) }

func lockFileEx(f *os.File, how uint32) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), how|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrHeld
	}
	return err
}
