package pattern

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// escape reads what a backslash starts outside of brackets.
func (p *parser) escape() (*node, error) {
	start := p.pos
	p.pos++
	if !p.more() {
		return nil, p.fail(start, `nothing after \`)
	}
	if s, ok, err := p.setEscape(start); err != nil {
		return nil, err
	} else if ok {
		s, err = p.folded(s)
		return setNode(s), err
	}
	switch c := p.peek(); c {
	case 'b', 'B', 'A', 'z', 'Z':
		p.pos++
		return &node{kind: anchorEscapes[c]}, nil
	case 'k':
		return p.nameEscape(start)
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return p.numberEscape()
	case '0':
		return p.literal(p.octal())
	}
	return p.literal(p.runeEscape())
}

var anchorEscapes = map[byte]kind{
	'b': kindBoundary, 'B': kindNoBoundary,
	'A': kindBegin, 'z': kindEnd, 'Z': kindEndLine,
}

// nameEscape reads \k<name>; without named groups, \k is a k.
func (p *parser) nameEscape(start int) (*node, error) {
	p.pos++
	if len(p.names) == 0 {
		return p.literal('k')
	}
	if !p.take("<") {
		return nil, p.fail(start, `\k without <name>`)
	}
	name, err := p.groupName(start, '>')
	if err != nil {
		return nil, err
	}
	return p.namedReference(start, name)
}

// numberEscape reads \1. Where there is no such group, it is an octal number
// (ECMA-262, B.1.2), or the digit itself.
func (p *parser) numberEscape() (*node, error) {
	start := p.pos
	if n, _ := p.number(); n <= p.count {
		return &node{kind: kindReference, refs: []int{n}, fold: p.flags.fold}, nil
	}
	p.pos = start
	if p.peek() >= '8' {
		return p.literal(p.next())
	}
	return p.literal(p.octal())
}

// octal reads up to three octal digits, up to \377.
func (p *parser) octal() rune {
	var r rune
	for i := 0; i < 3 && p.peek() >= '0' && p.peek() <= '7'; i++ {
		if r*8 > 0o377 {
			break
		}
		r = r*8 + rune(p.peek()-'0')
		p.pos++
	}
	return r
}

// runeEscape reads, after the backslash, an escape that stands for one code
// point; whatever has no meaning of its own stands for itself.
func (p *parser) runeEscape() rune {
	switch c := p.next(); c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'f':
		return '\f'
	case 'v':
		return '\v'
	case 'c':
		if l := p.peek() | 0x20; l >= 'a' && l <= 'z' {
			p.pos++
			return rune(l) % 32
		}
		p.pos-- // ECMA-262, B.1.2: the backslash stands for itself
		return '\\'
	case 'x':
		if r, ok := p.hex(2); ok {
			return r
		}
		return c
	case 'u':
		return p.unicodeEscape()
	default:
		return c
	}
}

func (p *parser) unicodeEscape() rune {
	if p.peek() == '{' {
		digits, _, ok := strings.Cut(p.expr[p.pos+1:], "}")
		if r, valid := hexValue(digits); ok && valid && r <= unicode.MaxRune {
			p.pos += len(digits) + 2
			return r
		}
		return 'u'
	}
	r, ok := p.hex(4)
	if !ok {
		return 'u'
	}
	if utf16.IsSurrogate(r) && r < 0xDC00 {
		after := p.pos
		if p.take(`\u`) {
			if low, ok := p.hex(4); ok && low >= 0xDC00 && low <= 0xDFFF {
				return utf16.DecodeRune(r, low)
			}
		}
		p.pos = after
	}
	return r
}

func (p *parser) hex(digits int) (rune, bool) {
	if len(p.expr)-p.pos < digits {
		return 0, false
	}
	r, ok := hexValue(p.expr[p.pos : p.pos+digits])
	if ok {
		p.pos += digits
	}
	return r, ok
}

func hexValue(s string) (r rune, ok bool) {
	for i := 0; i < len(s); i++ {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if d < 0 || s[i] < '0' || r > unicode.MaxRune {
			return 0, false
		}
		r = r*16 + rune(d)
	}
	return r, s != ""
}

// propertyEscape reads \p{…}, \P{…}, and the \pL of other dialects.
func (p *parser) propertyEscape(start int) (runeSet, bool, error) {
	negated := p.next() == 'P'
	var name string
	switch c := p.peek(); {
	case c == '{':
		var ok bool
		if name, _, ok = strings.Cut(p.expr[p.pos+1:], "}"); !ok {
			return nil, false, p.fail(start, `\p{ without its }`)
		}
		p.pos += len(name) + 2
	case c != 0 && strings.IndexByte("LMNPSZC", c) >= 0:
		name = string(c)
		p.pos++
	default:
		p.pos--
		return nil, false, nil
	}
	positive, inverted := strings.CutPrefix(name, "^")
	s, ok := p.propertySet(positive)
	if !ok {
		return nil, false, p.fail(start, fmt.Sprintf("Unicode property %q is not known", name))
	}
	if negated != inverted {
		s = s.negate()
	}
	return s, true, nil
}
