//go:build unix

package lockfile

import (
	"errors"
	"os"
	"syscall"
)

// Shared takes a lock that others may have, too, until the file is closed.
func Shared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

// Alone takes a lock that nobody else has, until the file is closed.
func Alone(f *os.File) error { return flock(f, syscall.LOCK_EX) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrHeld
		default:
			return err
		}
	}
}
