package engine

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Delay is how long an answer is held back: between Min and Max.
type Delay struct {
	Min, Max time.Duration
}

// maxDelay bounds what a caller can ask for.
const maxDelay = 5 * time.Minute

// ParseDelay reads "200ms", "1s", "100ms..400ms", or a preset: "2g" and "3g",
// the latencies that Postman's mock servers simulate, in their ranges.
func ParseDelay(s string) (Delay, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "none", "off":
		return Delay{}, nil
	case "2g":
		return Delay{300 * time.Millisecond, 1400 * time.Millisecond}, nil
	case "3g":
		return Delay{100 * time.Millisecond, 500 * time.Millisecond}, nil
	}
	lo, hi, ranged := strings.Cut(s, "..")
	a, err := parseDuration(lo)
	if err != nil {
		return Delay{}, fmt.Errorf("delay %q: %w; write 200ms, 100ms..400ms, 2g or 3g", s, err)
	}
	b := a
	if ranged {
		if b, err = parseDuration(hi); err != nil {
			return Delay{}, fmt.Errorf("delay %q: %w; write 200ms, 100ms..400ms, 2g or 3g", s, err)
		}
	}
	if a < 0 || b < a || b > maxDelay {
		return Delay{}, fmt.Errorf("delay %q is not between 0 and %s, the smaller first", s, maxDelay)
	}
	return Delay{a, b}, nil
}

// parseDuration takes a Go duration, or a number of milliseconds.
func parseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if ms, err := strconv.Atoi(s); err == nil {
		if ms < 0 || ms > int(maxDelay/time.Millisecond) {
			return 0, fmt.Errorf("%d ms is out of range", ms)
		}
		return time.Duration(ms) * time.Millisecond, nil
	}
	return time.ParseDuration(s)
}

// delay sets how long the answer is held back: by the call's own header
// (Postman: x-mock-response-delay, in milliseconds), else by the setting.
func (x *exchange) delay() {
	d := x.mock.cfg.Delay
	if h := x.req.Header["X-Mock-Response-Delay"]; len(h) > 0 {
		if own, err := ParseDelay(h[0]); err == nil {
			d = own
		}
	}
	switch {
	case d.Max <= 0:
	case d.Max == d.Min:
		x.res.Delay = d.Min
	default:
		x.res.Delay = d.Min + time.Duration(x.seed(0, "delay")%uint64(d.Max-d.Min+1))
	}
}
