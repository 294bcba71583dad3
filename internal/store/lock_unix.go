//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

func lockShared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

func lockAlone(f *os.File) error { return flock(f, syscall.LOCK_EX) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		default:
			return err
		}
	}
}
