package pattern

import "unicode/utf8"

const (
	naturalAttempts = 24 // before characters beyond the plain ones are drawn
	boundedAttempts = 100
)

// draw appends what n matches, from low to high code points if it can.
func (g *generator) draw(n *node, low, high int) {
	if g.steps--; g.steps <= 0 {
		return
	}
	switch n.kind {
	case kindSet:
		g.drawSet(n)
	case kindConcat:
		g.drawConcat(n, low, high)
	case kindAlternate:
		if sub := g.choose(n.subs, low, high); sub != nil {
			g.draw(sub, low, high)
		}
	case kindRepeat:
		g.drawRepeat(n, low, high)
	case kindGroup:
		start := len(g.buf)
		g.draw(n.subs[0], low, high)
		if g.captures != nil {
			g.captures[n.index] = span{start, len(g.buf)}
		}
	case kindAtomic:
		g.draw(n.subs[0], low, high)
	case kindReference:
		for _, ref := range n.refs {
			part := g.captures[ref]
			g.appendText(g.buf[part.start:part.end])
		}
	case kindAhead:
		g.addNeedle(n.subs[0])
	case kindBoundary: // after a word comes something else
		g.boundary = len(g.buf) > 0 && wordRune.contains(rune(g.buf[len(g.buf)-1]))
	case kindBehind:
		if g.attempt%2 == 0 && !g.inNeedle {
			g.draw(n.subs[0], n.subs[0].shortest, high)
		}
	}
}

func (g *generator) appendText(text []byte) {
	g.steps -= len(text)
	if g.steps <= 0 || len(g.buf)+len(text) > maxGenerated {
		g.steps = 0
		return
	}
	g.buf = append(g.buf, text...)
	g.length += utf8.RuneCount(text)
}

func (g *generator) drawSet(n *node) {
	alphabet := n.plain
	if g.attempt >= naturalAttempts {
		switch g.below(3) {
		case 0:
			alphabet = n.wide
		case 1:
			if r, ok := g.member(n.set); ok {
				g.add(r)
				return
			}
		}
	}
	if g.boundary {
		g.boundary = false
		if others := outsideWord(n.wide); len(others) > 0 {
			alphabet = others
		}
	}
	if len(alphabet) == 0 {
		return
	}
	g.add(alphabet[g.below(len(alphabet))])
}

func outsideWord(alphabet []rune) (out []rune) {
	for _, r := range alphabet {
		if !wordRune.contains(r) {
			out = append(out, r)
		}
	}
	return out
}

// member draws from all of a set, every range alike.
func (g *generator) member(s runeSet) (rune, bool) {
	if len(s) == 0 {
		return 0, false
	}
	r := s[g.below(len(s))]
	c := r.lo + rune(g.below(int(r.hi-r.lo)+1))
	return c, utf8.ValidRune(c)
}

func (g *generator) drawConcat(n *node, low, high int) {
	start := g.length
	shortest := n.shortest
	for i, sub := range n.subs {
		shortest -= sub.shortest // of those after it
		done := g.length - start
		switch sub.kind {
		case kindAhead, kindNotAhead:
			if g.attempt < boundedAttempts {
				atLeast, atMost := lengthsAhead(sub)
				low = max(low, min(done+atLeast, high))
				high = min(high, max(done+atMost, n.shortest))
			}
		case kindEmpty, kindBegin, kindEnd:
			continue
		}
		from := max(low-done-n.after[i], sub.shortest)
		to := min(high-done-shortest, sub.longest)
		g.draw(sub, from, max(from, to))
	}
}

// choose returns one of the branches that can have the length wanted. Empty
// ones are rare.
func (g *generator) choose(subs []*node, low, high int) *node {
	fits, empty := 0, 0
	for _, sub := range subs {
		if sub.shortest <= high && sub.longest >= low {
			if fits++; sub.longest == 0 {
				empty++
			}
		}
	}
	if fits == 0 {
		return subs[g.below(len(subs))]
	}
	skipEmpty := empty > 0 && empty < fits && g.below(8) > 0
	if skipEmpty {
		fits -= empty
	}
	pick := g.below(fits)
	for _, sub := range subs {
		if sub.shortest > high || sub.longest < low || skipEmpty && sub.longest == 0 {
			continue
		}
		if pick == 0 {
			return sub
		}
		pick--
	}
	return nil
}

func (g *generator) drawRepeat(n *node, low, high int) {
	sub := n.subs[0]
	if g.inNeedle && n.low == 0 && n.high == unbounded && sub.kind == kindSet {
		return
	}
	count := g.times(n, low, high)
	if sub.kind == kindSet {
		for i := 0; i < count && g.steps > 0; i++ {
			g.drawSet(sub)
		}
		return
	}
	start := g.length
	for i := 0; i < count && g.steps > 0; i++ {
		done, rest := g.length-start, count-i-1
		from := max(low-done-mulLength(rest, sub.longest), sub.shortest)
		to := min(high-done-mulLength(rest, sub.shortest), sub.longest)
		g.draw(sub, from, max(from, to))
	}
}

// times chooses how often to repeat: a natural number of times, moved to where
// the length wanted can be had.
func (g *generator) times(n *node, low, high int) int {
	sub := n.subs[0]
	least, most := n.low, n.high
	switch {
	case sub.longest == 0:
		return min(most, max(least, 1))
	case sub.longest < unbounded:
		least = max(least, (low+sub.longest-1)/sub.longest)
	case low > 0:
		least = max(least, 1)
	}
	if sub.shortest > 0 {
		most = min(most, high/sub.shortest)
	}
	if least > most {
		return min(max(n.low, most), n.high)
	}
	from, to := naturalTimes(n)
	if n.low == 0 && least == 0 && (g.below(4) == 0 || g.attempt >= naturalAttempts && g.below(2) == 0) {
		return 0
	}
	from = min(max(from, least), most)
	to = min(max(to, least+2), most)
	return from + g.below(to-from+1)
}

// naturalTimes is how often a person would repeat: words have some letters,
// numbers few digits.
func naturalTimes(n *node) (from, to int) {
	switch {
	case n.low == 0 && n.high == unbounded:
		return 1, 4
	case n.low == 1 && n.high == unbounded:
		switch plain := n.subs[0].plain; {
		case len(plain) > len(digits):
			return 3, 6
		case len(plain) > 1:
			return 1, 3
		}
		return 1, 2
	case n.high == unbounded:
		return n.low, n.low + 4
	case n.low == 0:
		return 1, min(n.high, 8)
	}
	return n.low, min(n.high, n.low+8)
}
