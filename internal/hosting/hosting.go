// Package hosting serves the mock servers of a store: it finds them by their
// addresses, and compiles them when they are called.
package hosting

import "github.com/mimus-dev/mimus/internal/store"

// Mocks are the mock servers of a store.
type Mocks struct{}

// URL is where a mock is reached.
func (m *Mocks) URL(row *store.Mock) string { return "" }
