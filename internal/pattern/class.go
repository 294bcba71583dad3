package pattern

import (
	"slices"
	"strings"
)

// class reads what stands in brackets.
func (p *parser) class() (*node, error) {
	start := p.pos
	p.pos++
	negated := p.take("^")
	var ranges []runeRange
	for {
		if !p.more() {
			return nil, p.fail(start, "[ without its ]")
		}
		if p.take("]") {
			break
		}
		var err error
		if ranges, err = p.classRange(ranges); err != nil {
			return nil, err
		}
	}
	set, err := p.folded(newSet(ranges))
	if err != nil {
		return nil, err
	}
	if negated {
		set = set.negate()
	}
	return setNode(set), nil
}

// classRange reads an atom, or two with a hyphen between them.
func (p *parser) classRange(ranges []runeRange) ([]runeRange, error) {
	start := p.pos
	from, isSet, err := p.classAtom()
	if err != nil {
		return nil, err
	}
	if p.peek() != '-' || p.pos+1 >= len(p.expr) || p.expr[p.pos+1] == ']' {
		return append(ranges, from...), nil
	}
	p.pos++
	to, toSet, err := p.classAtom()
	if err != nil {
		return nil, err
	}
	if isSet || toSet { // ECMA-262, B.1.2: the hyphen stands for itself
		ranges = append(ranges, from...)
		ranges = append(ranges, to...)
		return append(ranges, runeRange{'-', '-'}), nil
	}
	if from[0].lo > to[0].lo {
		return nil, p.fail(start, "range out of order: "+p.expr[start:p.pos])
	}
	return append(ranges, runeRange{from[0].lo, to[0].lo}), nil
}

// classAtom reads one code point, or an escape that stands for a set.
func (p *parser) classAtom() (s runeSet, isSet bool, err error) {
	if s, ok := p.posixClass(); ok {
		return s, true, nil
	}
	if p.peek() != '\\' {
		return oneRune(p.next()), false, nil
	}
	start := p.pos
	p.pos++
	if !p.more() {
		return nil, false, p.fail(start, `nothing after \`)
	}
	if s, ok, err := p.setEscape(start); ok || err != nil {
		return s, true, err
	}
	switch p.peek() {
	case 'b':
		p.pos++
		return oneRune('\b'), false, nil
	case 'c': // ECMA-262, B.1.2: digits and _ only here
		if r := p.expr[p.pos+1:]; r != "" && (r[0] == '_' || r[0] >= '0' && r[0] <= '9') {
			p.pos += 2
			return oneRune(rune(r[0]) % 32), false, nil
		}
	}
	if c := p.peek(); c >= '0' && c <= '7' {
		return oneRune(p.octal()), false, nil
	}
	return oneRune(p.runeEscape()), false, nil
}

// posixClass reads [:alpha:] and [:^alpha:] within brackets (POSIX, 9.3.5). It
// must be followed by a ], or ECMA-262 would take the first one as the end.
func (p *parser) posixClass() (runeSet, bool) {
	if !strings.HasPrefix(p.expr[p.pos:], "[:") {
		return nil, false
	}
	name, rest, ok := strings.Cut(p.expr[p.pos+2:], ":]")
	if !ok || !strings.Contains(rest, "]") {
		return nil, false
	}
	positive, negated := strings.CutPrefix(name, "^")
	s, ok := posixSet(positive)
	if !ok {
		return nil, false
	}
	p.pos += len(name) + len("[::]")
	if negated {
		s = s.negate()
	}
	return s, true
}

func posixSet(name string) (runeSet, bool) {
	switch name {
	case "alpha":
		return runeSet{{'A', 'Z'}, {'a', 'z'}}, true
	case "digit":
		return digitRune, true
	case "alnum":
		return runeSet{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, true
	case "upper":
		return runeSet{{'A', 'Z'}}, true
	case "lower":
		return runeSet{{'a', 'z'}}, true
	case "xdigit":
		return runeSet{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, true
	case "word":
		return wordRune, true
	case "space":
		return runeSet{{'\t', '\r'}, {' ', ' '}}, true
	case "blank":
		return runeSet{{'\t', '\t'}, {' ', ' '}}, true
	case "punct":
		return runeSet{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, true
	case "print":
		return runeSet{{' ', '~'}}, true
	case "graph":
		return runeSet{{'!', '~'}}, true
	case "cntrl":
		return runeSet{{0, 0x1F}, {0x7F, 0x7F}}, true
	case "ascii":
		return runeSet{{0, 0x7F}}, true
	}
	return nil, false
}

// setEscape reads, after the backslash, an escape that stands for a set.
func (p *parser) setEscape(start int) (runeSet, bool, error) {
	var s runeSet
	switch p.peek() {
	case 'd', 'D':
		s = digitRune
	case 'w', 'W':
		s = wordRune
	case 's', 'S':
		s = spaceRune
	case 'h', 'H':
		s = blankRune
	case 'p', 'P':
		return p.propertyEscape(start)
	default:
		return nil, false, nil
	}
	if upper := p.next(); upper < 'a' {
		s = s.negate()
	}
	return slices.Clone(s), true, nil
}
