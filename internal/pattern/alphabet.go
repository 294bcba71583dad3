package pattern

import "unicode"

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
	maxAlphabet  = 256
	// wideSet is the size from which a set says what it excludes rather than
	// what it holds.
	wideSet = 200
)

// prepareAlphabets gives every set the characters that Generate draws from:
// plain has those a person would type, wide all that can be printed.
func (n *node) prepareAlphabets() {
	n.walk(func(n *node) {
		if n.kind != kindSet {
			return
		}
		if len(n.set) == 1 && n.set[0].lo == n.set[0].hi {
			if s := n.set.scalars(); len(s) == 1 {
				n.plain = []rune{s[0].lo}
			}
			n.wide = n.plain
			return
		}
		n.wide = wideAlphabet(n.set)
		n.plain = plainAlphabet(n.set, n.wide)
	})
}

func plainAlphabet(s runeSet, wide []rune) []rune {
	lower, upper, numbers := members(s, lowerLetters), members(s, upperLetters), members(s, digits)
	switch {
	case s.size(wideSet) >= wideSet: // ., \S, [^@]
		if len(lower) > 0 {
			return lower
		}
		if len(upper) > 0 {
			return upper
		}
	case len(lower) == 26 && len(upper) == 26 && s.contains('_'): // \w
		return append(lower, numbers...)
	case len(lower) == 6 && len(upper) == 6 && len(numbers) == 10: // hexadecimal
		return append(numbers, lower...)
	}
	if letters := append(append(lower, upper...), numbers...); len(letters) >= 10 {
		return letters
	}
	if s.contains(' ') && spaceRune.containsAll(s) {
		return []rune{' '}
	}
	return wide
}

func members(s runeSet, of string) (out []rune) {
	for _, r := range of {
		if s.contains(r) {
			out = append(out, r)
		}
	}
	return out
}

// wideAlphabet holds the printable ASCII characters of s; if there are none,
// others that can be seen; failing that, whatever there is.
func wideAlphabet(s runeSet) (out []rune) {
	for r := rune(' '); r <= '~'; r++ {
		if s.contains(r) {
			out = append(out, r)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range s {
		for c := r.lo; c <= r.hi && c < r.lo+maxAlphabet && len(out) < maxAlphabet; c++ {
			if unicode.IsGraphic(c) {
				out = append(out, c)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range s.scalars() {
		for c := r.lo; c <= r.hi && len(out) < maxAlphabet; c++ {
			out = append(out, c)
		}
	}
	return out
}
