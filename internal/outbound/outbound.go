// Package outbound makes calls to the outside, within the rules of the server.
package outbound

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Rules say what may be called.
type Rules struct{ Allow []string }

// Caller makes calls.
type Caller struct{}

// New makes one.
func New(Rules, *slog.Logger) (*Caller, error) { return &Caller{}, nil }

// Own names a listener of ours.
func (c *Caller) Own(net.Addr) {}

// Client is an HTTP client.
func (c *Caller) Client(timeout time.Duration) *http.Client { return &http.Client{Timeout: timeout} }

// Fetch gets a document.
func (c *Caller) Fetch(context.Context, string, int64) ([]byte, error) { return nil, errors.New("not yet") }

// Strip removes.
func Strip(http.Header) {}
