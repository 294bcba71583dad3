package pattern

import (
	"math/bits"
	"unicode/utf8"
)

// This file and draw.go are on the hot path: a simple pattern costs one
// allocation, the string.

const (
	maxAttempts  = 200
	maxGenerated = 1 << 20 // bytes
	// maxSteps bounds the work of one Generate in nodes and characters, not in
	// time, so that the result is the same everywhere.
	maxSteps = 1 << 18
)

// Generate makes a string that matches and has between atLeast and atMost code points;
// an atMost below zero is no bound. The string depends on what src gives and on
// nothing else. It is false if none was found in about 200 attempts, and for
// strings beyond 1 MiB.
func (p *Pattern) Generate(src interface{ Uint64() uint64 }, atLeast, atMost int) (s string, ok bool) {
	if atMost < 0 || atMost > maxGenerated {
		atMost = maxGenerated
	}
	if atLeast > atMost || p.root.shortest > atMost {
		return "", false
	}
	var room [128]byte
	g := generator{src: src, buf: room[:0]}
	if p.captures > 0 {
		g.captures = make([]span, p.captures)
	}
	g.steps = maxSteps + 4*(p.root.shortest+atLeast)
	for g.attempt = 0; g.attempt < maxAttempts && g.steps > 0; g.attempt++ {
		g.reset()
		g.draw(p.root, min(atLeast, p.root.longest), atMost)
		g.overlay()
		g.pad(atLeast - g.length)
		if g.attempt >= naturalAttempts && g.length < atMost { // for \B and look-behinds
			g.pad(g.below(min(3, atMost-g.length+1)))
		}
		if g.length < atLeast || g.length > atMost || g.steps <= 0 {
			continue
		}
		ok, err := p.matchBytes(g.buf)
		if err != nil {
			break
		}
		if ok {
			return string(g.buf), true
		}
	}
	return "", false
}

func (p *Pattern) matchBytes(b []byte) (bool, error) {
	if p.isFast(len(b)) {
		return p.fast.Match(b), nil
	}
	return p.MatchErr(string(b))
}

// generator makes one string, in attempts: the first ones look natural, later
// ones try ever more of what the expression allows.
type generator struct {
	src      interface{ Uint64() uint64 }
	pool     uint64 // random bits not used yet
	poolSize uint

	buf      []byte
	length   int // code points in buf
	attempt  int
	steps    int // left
	captures []span
	needles  []needle
	inNeedle bool
	boundary bool // a \b came last
}

// span is a part of buf.
type span struct{ start, end int }

func (g *generator) reset() {
	g.buf, g.length, g.needles = g.buf[:0], 0, g.needles[:0]
	g.boundary = false
	clear(g.captures)
}

// below returns a number from 0 to n-1. Small numbers share what src gives.
func (g *generator) below(n int) int {
	if n <= 1 {
		return 0
	}
	if n > 1<<10 {
		high, _ := bits.Mul64(g.src.Uint64(), uint64(n))
		return int(high)
	}
	if g.poolSize < 16 {
		g.pool, g.poolSize = g.src.Uint64(), 64
	}
	low := g.pool & 0xFFFF
	g.pool >>= 16
	g.poolSize -= 16
	return int(low * uint64(n) >> 16)
}

func (g *generator) add(r rune) {
	g.steps--
	if len(g.buf) >= maxGenerated {
		g.steps = 0
		return
	}
	g.buf = utf8.AppendRune(g.buf, r)
	g.length++
}

// pad adds characters to a string that has all the expression asks for. Where
// they may go is left to the check.
func (g *generator) pad(missing int) {
	end := len(g.buf)
	for i := 0; i < missing && g.steps > 0; i++ {
		g.add(rune(lowerLetters[g.below(len(lowerLetters))]))
	}
	if end < len(g.buf) && g.attempt%2 == 1 { // in front instead
		padding := string(g.buf[end:])
		copy(g.buf[len(padding):], g.buf[:end])
		copy(g.buf, padding)
	}
}
