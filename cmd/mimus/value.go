package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// portNumber is a TCP port as a flag or a key takes it.
type portNumber int

// defaultPort is Prism's.
const defaultPort = 4010

// UnmarshalText reads a number from 0 to 65535. An empty text is the default:
// PORT may be set to nothing.
func (p *portNumber) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = defaultPort
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%.60q is not a port; use a number from 0 to 65535, 0 picks a free one", text)
	}
	*p = portNumber(n)
	return nil
}

// delayTime is a delay as a flag or a key takes it.
type delayTime struct{ engine.Delay }

// UnmarshalText reads 200ms, 100ms..400ms, 2g or 3g.
func (d *delayTime) UnmarshalText(text []byte) error {
	own, err := engine.ParseDelay(string(text))
	if err != nil {
		return fmt.Errorf("%.60q is not a delay of at most 5 minutes; write 200ms, 100ms..400ms, 2g or 3g", strings.TrimSpace(string(text)))
	}
	d.Delay = own
	return nil
}

// epochTime is when the world at the start was.
type epochTime struct{ time.Time }

// UnmarshalText reads a time of RFC 3339 or a date.
func (e *epochTime) UnmarshalText(text []byte) error {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(string(text))); err == nil {
			e.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%.60q is no time; write 2025-01-01T00:00:00Z or 2025-01-01", strings.TrimSpace(string(text)))
}
