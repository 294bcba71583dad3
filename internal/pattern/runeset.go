package pattern

import (
	"cmp"
	"slices"
	"sort"
	"unicode"
)

// runeSet is a set of code points: inclusive ranges, sorted, apart from each
// other. A set is never changed once made, so that nodes may share it.
type runeSet []runeRange

type runeRange struct{ lo, hi rune }

// lastCased is beyond every code point that has another case.
const lastCased = 0x1E943

var (
	anyRune   = runeSet{{0, unicode.MaxRune}}
	digitRune = runeSet{{'0', '9'}}
	wordRune  = runeSet{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	// ECMA-262, 12.2 and 12.3: WhiteSpace and LineTerminator.
	spaceRune = runeSet{
		{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A},
		{0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF},
	}
	lineRune = runeSet{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
	// PCRE: \h.
	blankRune = runeSet{
		{'\t', '\t'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x180E, 0x180E},
		{0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
	}
	dotRune        = lineRune.negate()
	surrogateRange = runeRange{0xD800, 0xDFFF}
)

func oneRune(r rune) runeSet { return runeSet{{r, r}} }

// newSet sorts and merges ranges; it may reorder its argument.
func newSet(ranges []runeRange) runeSet {
	slices.SortFunc(ranges, func(a, b runeRange) int { return cmp.Compare(a.lo, b.lo) })
	out := ranges[:0]
	for _, r := range ranges {
		if n := len(out); n > 0 && r.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, r.hi)
			continue
		}
		out = append(out, r)
	}
	return runeSet(out)
}

func (s runeSet) negate() runeSet {
	var out runeSet
	next := rune(0)
	for _, r := range s {
		if r.lo > next {
			out = append(out, runeRange{next, r.lo - 1})
		}
		next = r.hi + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, runeRange{next, unicode.MaxRune})
	}
	return out
}

func (s runeSet) contains(r rune) bool {
	i := sort.Search(len(s), func(i int) bool { return s[i].hi >= r })
	return i < len(s) && s[i].lo <= r
}

func (s runeSet) containsAll(t runeSet) bool {
	for _, r := range t {
		i := sort.Search(len(s), func(i int) bool { return s[i].hi >= r.hi })
		if i == len(s) || s[i].lo > r.lo {
			return false
		}
	}
	return true
}

// size counts the members, stopping at limit.
func (s runeSet) size(limit int) int {
	n := 0
	for _, r := range s {
		n += int(r.hi-r.lo) + 1
		if n >= limit {
			return limit
		}
	}
	return n
}

// scalars is the set without surrogates, which no Go string holds.
func (s runeSet) scalars() runeSet {
	out := make(runeSet, 0, len(s)+1)
	for _, r := range s {
		if r.hi < surrogateRange.lo || r.lo > surrogateRange.hi {
			out = append(out, r)
			continue
		}
		if r.lo < surrogateRange.lo {
			out = append(out, runeRange{r.lo, surrogateRange.lo - 1})
		}
		if r.hi > surrogateRange.hi {
			out = append(out, runeRange{surrogateRange.hi + 1, r.hi})
		}
	}
	return out
}

// fold adds the other cases of every member (simple case folding, as
// ECMA-262 does with the flags i and u).
func (s runeSet) fold() runeSet {
	out := slices.Clone([]runeRange(s))
	for _, r := range s {
		for c := r.lo; c <= min(r.hi, lastCased); c++ {
			for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
				if n := len(out); f == out[n-1].hi+1 {
					out[n-1].hi = f
				} else if f < r.lo || f > r.hi {
					out = append(out, runeRange{f, f})
				}
			}
		}
	}
	return newSet(out)
}

func tableSet(t *unicode.RangeTable) runeSet {
	var out []runeRange
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, runeRange{lo, hi})
			return
		}
		for c := lo; c <= hi; c += stride {
			out = append(out, runeRange{c, c})
		}
	}
	for _, r := range t.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return newSet(out)
}
