package saved

import (
	"math/bits"
	"unicode/utf8"
)

// editor computes edit distances from one text to many.
type editor struct {
	text  string
	ascii bool
	grams grams
	masks [][utf8.RuneSelf]uint64 // for each 64 bytes of text, where a character stands in them
	words []word
	row   []int
}

// word is 64 rows of a column of the table of distances: where it goes up (p)
// and down (m).
type word struct{ p, m uint64 }

func newEditor(text string) *editor {
	e := &editor{text: text, ascii: isASCII(text), grams: gramsOf(text)}
	if e.ascii && text != "" {
		n := (len(text) + 63) / 64
		e.masks = make([][utf8.RuneSelf]uint64, n)
		e.words = make([]word, n)
		for i := range len(text) {
			e.masks[i/64][text[i]] |= 1 << (i % 64)
		}
	}
	return e
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// distance is the Levenshtein distance from the editor's text, in characters.
func (e *editor) distance(other string) int {
	if len(e.masks) > 0 && isASCII(other) {
		return e.parallel(other)
	}
	return e.table([]rune(e.text), []rune(other))
}

// parallel is Myers' bit-vector algorithm (J. ACM 46:3, 1999), in words of 64
// rows that hand the difference at their last row on.
func (e *editor) parallel(other string) int {
	for i := range e.words {
		e.words[i] = word{p: ^uint64(0)}
	}
	score := len(e.text)
	end := len(e.words) - 1
	for i := range len(other) {
		carry := 1
		for k := range e.words {
			last := uint64(1) << 63
			if k == end {
				last = 1 << ((len(e.text) - 1) % 64)
			}
			carry = e.words[k].step(e.masks[k][other[i]], last, carry)
		}
		score += carry
	}
	return score
}

// step goes to the next column. carry is the difference at the row above, the
// result that at the last row.
func (w *word) step(eq, last uint64, carry int) int {
	xv := eq | w.m
	if carry < 0 {
		eq |= 1
	}
	xh := (((eq & w.p) + w.p) ^ w.p) | eq
	ph := w.m | ^(xh | w.p)
	mh := w.p & xh
	out := 0
	if ph&last != 0 {
		out = 1
	} else if mh&last != 0 {
		out = -1
	}
	ph, mh = ph<<1, mh<<1
	if carry > 0 {
		ph |= 1
	} else if carry < 0 {
		mh |= 1
	}
	w.p = mh | ^(xv | ph)
	w.m = ph & xv
	return out
}

// table is the plain algorithm.
func (e *editor) table(a, b []rune) int {
	if cap(e.row) < len(b)+1 {
		e.row = make([]int, len(b)+1)
	}
	row := e.row[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// grams is a set of the pairs of neighbouring bytes of a text.
type grams [2]uint64

func gramsOf(s string) grams {
	var g grams
	for i := 0; i+1 < len(s); i++ {
		h := (uint32(s[i])<<8 | uint32(s[i+1])) * 2654435761 >> 25
		g[h>>6] |= 1 << (h & 63)
	}
	return g
}

// least is a bound of the edit distance from below: one edit of a character
// takes at most two pairs away, of which each has up to four bytes.
func (g *grams) least(other *grams, ascii bool) int {
	gone := bits.OnesCount64(g[0]&^other[0]) + bits.OnesCount64(g[1]&^other[1])
	come := bits.OnesCount64(other[0]&^g[0]) + bits.OnesCount64(other[1]&^g[1])
	each := 2
	if !ascii {
		each = 5
	}
	return (max(gone, come) + each - 1) / each
}
