package pattern

import "unicode/utf8"

// lengthsAhead tells what a look-ahead says of the length of what follows it,
// if that is the rest of the text: (?=.{5,10}$), (?!.{65}), (?!$).
func lengthsAhead(n *node) (atLeast, atMost int) {
	body := n.subs[0]
	atEnd := endsText(body)
	if n.kind == kindAhead {
		if atEnd {
			return body.shortest, body.longest
		}
		return body.shortest, unbounded
	}
	run := body
	if body.kind == kindConcat {
		if len(body.subs) > 2 || len(body.subs) == 2 && !atEnd {
			return 0, unbounded
		}
		run = body.subs[0]
	}
	if run.kind == kindEnd {
		return 1, unbounded
	}
	if run.kind != kindRepeat || run.subs[0].kind != kindSet || run.subs[0].set.size(wideSet) < wideSet {
		return 0, unbounded
	}
	switch {
	case run.low == 0 && atEnd && run.high < unbounded:
		return run.high + 1, unbounded
	case run.low > 0 && (!atEnd || run.high == unbounded):
		return 0, run.low - 1
	}
	return 0, unbounded
}

// endsText reports whether n can only match up to the end of the text.
func endsText(n *node) bool {
	switch n.kind {
	case kindEnd:
		return true
	case kindConcat:
		return len(n.subs) > 0 && endsText(n.subs[len(n.subs)-1])
	case kindGroup:
		return endsText(n.subs[0])
	case kindAlternate:
		for _, sub := range n.subs {
			if !endsText(sub) {
				return false
			}
		}
		return true
	}
	return false
}

// needle is a text that a look-ahead wants to find from a position on.
type needle struct {
	position int // in code points
	text     string
	floating bool // anywhere after position
}

// addNeedle notes what a look-ahead wants, to be written over the text once
// that is complete. Every other attempt trusts to luck.
func (g *generator) addNeedle(body *node) {
	if g.inNeedle || g.attempt%2 == 0 {
		return
	}
	start, length := len(g.buf), g.length
	g.inNeedle = true
	g.draw(body, body.shortest, unbounded)
	g.inNeedle = false
	text := string(g.buf[start:])
	g.buf, g.length = g.buf[:start], length
	if text != "" {
		g.needles = append(g.needles, needle{length, text, floats(body)})
	}
}

// floats reports whether n starts with something like .* that may pass over
// any text.
func floats(n *node) bool {
	switch n.kind {
	case kindRepeat:
		return n.low == 0 && n.high == unbounded || floats(n.subs[0])
	case kindConcat, kindAlternate, kindGroup, kindAtomic:
		return floats(n.subs[0])
	}
	return false
}

// overlay writes the needles over the text: in one piece, or character by
// character, on places of their own.
func (g *generator) overlay() {
	if len(g.needles) == 0 {
		return
	}
	text := []rune(string(g.buf))
	taken := make([]bool, len(text))
	for _, n := range g.needles {
		runes := []rune(n.text)
		switch {
		case !n.floating:
			text, taken = write(text, taken, n.position, runes)
		case g.attempt%4 == 1:
			text, taken = write(text, taken, g.place(taken, n.position, len(runes)), runes)
		default:
			for i := range runes {
				text, taken = write(text, taken, g.place(taken, n.position, 1), runes[i:i+1])
			}
		}
	}
	g.steps -= len(text)
	g.buf = g.buf[:0]
	for _, r := range text {
		g.buf = utf8.AppendRune(g.buf, r)
	}
	g.length = len(text)
}

// place looks for size characters that no needle has taken.
func (g *generator) place(taken []bool, from, size int) int {
	last := len(taken) - size
	if last < from {
		return from
	}
	at := from
	for range 16 {
		at = from + g.below(last-from+1)
		free := true
		for _, t := range taken[at : at+size] {
			free = free && !t
		}
		if free {
			return at
		}
	}
	return at
}

func write(text []rune, taken []bool, at int, runes []rune) ([]rune, []bool) {
	for len(text) < at+len(runes) {
		text = append(text, 'a')
		taken = append(taken, false)
	}
	for i, r := range runes {
		text[at+i], taken[at+i] = r, true
	}
	return text, taken
}
