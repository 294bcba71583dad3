// Package transfer brings files into a store, and writes a store out as files.
//
// What came from a file has an id that is made of the file's path, so that the
// same file is the same element each time. A row whose File names its file is
// owned by it: the file is the authority, and [Own] and [OwnMocks] keep the row
// in step. [Import] takes a row over: its File becomes empty, and the API may
// change it.
package transfer

import (
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/mimus-dev/mimus/internal/store"
)

// namespace is that of the ids that are made of paths (RFC 9562, 5.5).
var namespace = uuid.MustParse("6e1c3b5a-8f1f-5d39-9b0e-2b6c0a7d4f11")

// idOf makes the id of what some texts name together.
func idOf(parts ...string) string {
	return uuid.NewSHA1(namespace, []byte(strings.Join(parts, "\x00"))).String()
}

// ID is the id of what a file becomes; the kind is one of store's. Paths are
// made absolute first, URLs stay.
func ID(kind, file string) string { return idOf(kind, absolute(file)) }

// MockID is the id of the mock that a file is served by.
func MockID(file string) string { return ID(store.KindMock, file) }

// absolute is a path as rows name it.
func absolute(file string) string {
	if file == "-" || strings.Contains(file, "://") {
		return file
	}
	abs, err := filepath.Abs(file)
	if err != nil { // the working folder is gone
		return filepath.ToSlash(filepath.Clean(file))
	}
	return filepath.ToSlash(abs)
}

// actor is who files act as: the user of a server without keys.
func actor() store.Actor { return store.Actor{User: 1} }
