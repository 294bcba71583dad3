package engine

import (
	"hash/fnv"
	"strconv"
	"sync"
	"sync/atomic"
)

// Counters are what changes while a mock answers: how many calls there were,
// and how often each pin was used. They go on when a mock is compiled again
// with the same ones. The zero value is ready. They are safe for concurrent use.
type Counters struct {
	calls  atomic.Uint64
	delays atomic.Uint64

	mu   sync.Mutex
	pins map[string]int
}

// NewCounters makes counters that have counted nothing.
func NewCounters() *Counters { return &Counters{pins: map[string]int{}} }

// Reset has them begin anew.
func (c *Counters) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls.Store(0)
	c.delays.Store(0)
	clear(c.pins)
}

// call numbers a call.
func (c *Counters) call() uint64 { return c.calls.Add(1) }

// pin counts the use of a pin, up to a limit, 0 for none: it gives the number
// of the use, and false where the pin is spent.
func (c *Counters) pin(key string, limit int) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pins == nil {
		c.pins = map[string]int{}
	}
	n := c.pins[key]
	if limit > 0 && n >= limit {
		return n, false
	}
	c.pins[key] = n + 1
	return n, true
}

// callNumber numbers the call, or tells the number of the next.
func (x *exchange) callNumber() uint64 {
	c := x.mock.cfg.Counters
	if x.purpose != sending {
		return c.calls.Load() + 1
	}
	return c.call()
}

// pinUse uses a pin, or tells what a use would give.
func (x *exchange) pinUse(p *Pin) (int, bool) {
	c := x.mock.cfg.Counters
	if x.purpose == sending {
		return c.pin(p.key, p.calls)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.pins[p.key]
	return n, p.calls <= 0 || n < p.calls
}

// draw is a number from 0 to 1, a function of the mock's seed, what it is for
// and the number of the call.
func (m *Mock) draw(what string, i int, call uint64) float64 {
	return float64(m.bits(what, i, call)>>11) / (1 << 53)
}

// bits are 64 random bits of the same.
func (m *Mock) bits(what string, i int, call uint64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(m.seed, 36) + " " + what + " " + strconv.Itoa(i) + " " + strconv.FormatUint(call, 10)))
	x := h.Sum64() // FNV leaves the last bytes in the low bits
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return x
}
