package engine

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Delay is how long an answer is held back: between Min and Max; or, where
// Mean is set, by a normal distribution, but never less than nothing.
type Delay struct {
	Min, Max        time.Duration
	Mean, Deviation time.Duration
}

// The presets of Postman's mock servers, which count in milliseconds.
const (
	Preset2G = 300 * time.Millisecond
	Preset3G = 100 * time.Millisecond
)

// maxDelay bounds what a caller can ask for.
const maxDelay = 5 * time.Minute

// ParseDelay reads "200ms", "1s", "100ms..400ms", or a preset: "2g" and "3g",
// the latencies that Postman's mock servers simulate, in their ranges.
func ParseDelay(s string) (Delay, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "none", "off":
		return Delay{}, nil
	case "2g":
		return Delay{Min: 300 * time.Millisecond, Max: 1400 * time.Millisecond}, nil
	case "3g":
		return Delay{Min: 100 * time.Millisecond, Max: 500 * time.Millisecond}, nil
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
	return Delay{Min: a, Max: b}, nil
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
	if x.held > 0 {
		x.res.Delay = x.held
		return
	}
	d := x.mock.cfg.Delay
	if h := x.req.Header["X-Mock-Response-Delay"]; len(h) > 0 {
		if own, err := ParseDelay(h[0]); err == nil {
			d = own
		}
	}
	switch {
	case d.Mean > 0:
		x.res.Delay = x.mock.normalDelay(d)
	case d.Max <= 0:
	case d.Max == d.Min:
		x.res.Delay = d.Min
	default:
		x.res.Delay = d.Min + time.Duration(x.seed(0, "delay")%uint64(d.Max-d.Min+1))
	}
}

// normalDelay draws a delay of a normal distribution, from the seed and the
// number of the call: the sum of twelve uniform numbers of 16 bits has nearly
// its form (Irwin and Hall), without a floating point that machines may round
// in different ways.
func (m *Mock) normalDelay(d Delay) time.Duration {
	call := m.cfg.Counters.delays.Add(1)
	const bits, half = 16, 12 * (1<<16 - 1) / 2
	sum := int64(0)
	for i := range 12 * bits / 64 {
		for n := m.bits("delay", i, call); n > 0; n >>= bits {
			sum += int64(n & (1<<bits - 1))
		}
	}
	off := min(d.Deviation, maxDelay) * time.Duration(sum-half) >> bits
	return min(max(d.Mean+off, 0), maxDelay)
}
