package document

import (
	"context"
	"math"
	"time"
)

// Limits bound what reading a document may cost. A zero field means its
// default.
type Limits struct {
	// Bytes is the greatest size of a document, after decompression and with
	// all files that it refers to. Default 100 MB (10^8 bytes).
	Bytes int64

	// Depth is how deep arrays and objects may nest. Default 1,000.
	Depth int

	// Nodes is the greatest number of values in a document with all files
	// that it refers to; a value needs 64 bytes. Default 8,388,608, which is
	// 512 MiB.
	Nodes int

	// AliasFactor bounds the expansion of YAML aliases: with them the tree may
	// have this many times the values that are written out in the file, or
	// 10,000 values, whichever is more. Default 10.
	AliasFactor int

	// Time is how long reading one file may take. Default 10 s.
	Time time.Duration
}

// aliasFloor is the number of values that aliases may always expand to.
const aliasFloor = 10_000

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 100_000_000
	}
	l.Bytes = min(l.Bytes, math.MaxUint32) // positions are 32 bits
	if l.Depth <= 0 {
		l.Depth = 1000
	}
	if l.Nodes <= 0 {
		l.Nodes = 8 << 20
	}
	if l.AliasFactor <= 0 {
		l.AliasFactor = 10
	}
	if l.Time <= 0 {
		l.Time = 10 * time.Second
	}
	return l
}

// clock tells a loop over input when to give up. It looks at the time once in
// a few thousand steps.
type clock struct {
	ctx      context.Context // may be nil
	deadline time.Time
	steps    int
}

const clockSteps = 4096

func newClock(ctx context.Context, limit time.Duration) clock {
	return clock{ctx: ctx, deadline: time.Now().Add(limit)}
}

// expired is called once a step.
func (c *clock) expired() bool {
	c.steps++
	return c.steps%clockSteps == 0 && c.now()
}

// now reports whether time is up or the context done.
func (c *clock) now() bool {
	if c.ctx != nil && c.ctx.Err() != nil {
		return true
	}
	return time.Now().After(c.deadline)
}
