// Package lockfile locks files against other processes. A lock ends with its
// file's closing, and with the process.
package lockfile

import "errors"

// ErrHeld says that another process holds a lock.
var ErrHeld = errors.New("another process holds the lock")
