package template

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// jsonState tells what a text of JSON wants at the point up to which it has been
// read. It follows broken JSON as well as it can.
type jsonState struct {
	inString bool
	escaped  bool   // after a backslash in a string
	key      bool   // in an object, before the colon
	nest     []byte // the { and [ that are open
	bare     int    // bytes of the number or word that has begun, outside of strings
}

func (s *jsonState) read(text string) {
	for i := 0; i < len(text); i++ {
		s.step(text[i])
	}
}

func (s *jsonState) step(b byte) {
	if s.inString {
		switch {
		case s.escaped:
			s.escaped = false
		case b == '\\':
			s.escaped = true
		case b == '"':
			s.inString = false
		}
		return
	}
	if isBare(b) {
		s.bare++
		return
	}
	s.bare = 0
	switch b {
	case '"':
		s.inString = true
	case '{', '[':
		s.nest = append(s.nest, b)
		s.key = b == '{'
	case '}', ']':
		if len(s.nest) > 0 {
			s.nest = s.nest[:len(s.nest)-1]
		}
		s.key = false
	case ':':
		s.key = false
	case ',':
		s.key = s.top() == '{'
	}
}

// top is the innermost open bracket, or 0.
func (s *jsonState) top() byte {
	if len(s.nest) == 0 {
		return 0
	}
	return s.nest[len(s.nest)-1]
}

// place is that of a hole outside of strings.
func (s *jsonState) place() place {
	if s.key {
		return inKey
	}
	return inValue
}

// isBare reports whether b is part of a number or word of JSON, or of anything
// else that no bracket, comma, colon, quote or space delimits.
func isBare(b byte) bool {
	switch b {
	case ' ', '\t', '\r', '\n', '{', '}', '[', ']', ',', ':', '"':
		return false
	}
	return true
}

// walkJSON takes in a text of JSON, or the value of a variable that is spliced
// into one. colon tells that a colon follows it.
func (c *compiler) walkJSON(text string, colon bool, depth int) {
	for from := 0; ; {
		m, ok := nextMark(text, from)
		if !ok {
			c.splice(text[from:])
			return
		}
		c.splice(text[from:m.start])
		if c.state.inString {
			c.fill(text, m, site{place: inString, encoded: true}, depth)
			c.state.escaped = false
			from = m.end
			continue
		}
		from = wordEnd(text, m)
		if c.state.bare == 0 && from == m.end {
			rest := strings.TrimLeft(text[from:], " \t\r\n")
			c.fillValue(text, m, strings.HasPrefix(rest, ":") || colon && rest == "", depth)
		} else {
			c.fillWord(text[m.start:from], depth)
		}
		c.state.bare = 0
	}
}

// splice takes in text that is JSON's own.
func (c *compiler) splice(text string) {
	c.state.read(text)
	c.out.literal = append(c.out.literal, text...)
}

// wordEnd is where the word ends that begins with, or goes on at, the mark m.
func wordEnd(text string, m mark) int {
	at := m.end
	for at < len(text) {
		if strings.HasPrefix(text[at:], "{{") {
			next, _, ok := markAt(text, at)
			if !ok {
				return at
			}
			at = next.end
			continue
		}
		if !isBare(text[at]) {
			return at
		}
		at++
	}
	return at
}

// fillValue fills a hole that stands alone where JSON wants a value or a name.
// colon tells that a colon follows it.
func (c *compiler) fillValue(text string, m mark, colon bool, depth int) {
	written := text[m.start:m.end]
	s := site{place: c.state.place(), encoded: true}
	if m.call {
		if h := c.call(m, s, depth); h != nil {
			c.out.add(h)
		} else {
			c.out.literal = append(c.out.literal, written...)
		}
		return
	}
	value, ok, failed := c.variable(m, depth)
	switch {
	case failed:
		c.out.literal = append(c.out.literal, written...)
	case !ok:
		c.out.add(c.capture(m.name, written, s))
	case c.fits(value, colon):
		c.walkJSON(value, colon, depth+1)
	default:
		c.out.literal = append(c.out.literal, '"')
		c.walkText(value, site{place: inString}, depth+1)
		c.out.literal = append(c.out.literal, '"')
	}
}

// fits reports whether a variable's value can stand as it is where JSON wants a
// value or a name: as one value, or as several elements or members, as in
// [{{ids}}] with the value 1, 2, 3.
func (c *compiler) fits(value string, colon bool) bool {
	if strings.TrimSpace(value) == "" {
		return false
	}
	if !c.state.key {
		return json.Valid(skeleton(value, "")) || c.state.top() == '[' && json.Valid(skeleton(value, "["))
	}
	if colon {
		return json.Valid(append(skeleton(value, "{"), ":0}"...))
	}
	return json.Valid(append(skeleton(value, "{"), '}'))
}

// skeleton is open and text with a plain value for each hole. An open [ is
// closed.
func skeleton(text, open string) []byte {
	var s jsonState
	s.read(open)
	out := append(make([]byte, 0, len(text)+len(open)+8), open...)
	for from := 0; ; {
		m, ok := nextMark(text, from)
		if !ok {
			out = append(out, text[from:]...)
			break
		}
		s.read(text[from:m.start])
		out = append(out, text[from:m.start]...)
		switch {
		case s.inString:
			out = append(out, 'x')
			s.escaped = false
			from = m.end
			continue
		case s.key:
			out = append(out[:len(out)-s.bare], `"x"`...)
		default:
			out = append(out[:len(out)-s.bare], '0')
		}
		s.bare = 0
		from = wordEnd(text, m)
	}
	if open == "[" {
		out = append(out, ']')
	}
	return out
}

// fillWord fills a word outside of strings that is made of several holes, or of
// holes and text, as in 12{{x}}. What it comes to is written as it is if that is
// a value of JSON, else all of it becomes one string.
func (c *compiler) fillWord(word string, depth int) {
	outer, kept := c.out, len(c.out.literal)-c.state.bare
	word = string(outer.literal[kept:]) + word
	outer.literal = outer.literal[:kept]

	left := c.left
	c.out = builder{}
	c.walkText(word, site{place: inText, encoded: true}, depth)
	inner := c.out.template()
	c.out = outer

	place := c.state.place()
	if text, ok := inner.Static(); ok {
		if c.left > left {
			c.out.literal = append(c.out.literal, text...)
			return
		}
		start := len(c.out.literal)
		c.out.literal = append(c.out.literal, text...)
		c.out.literal = encode(c.out.literal, start, place)
		return
	}
	c.out.add(&hole{kind: joined, place: place, parts: inner.pieces, tail: inner.tail})
}

// encode gives the value dst[start:] the form that its place asks for.
func encode(dst []byte, start int, p place) []byte {
	value := dst[start:]
	switch p {
	case inText:
		return dst
	case inString:
		if isPlain(value) {
			return dst
		}
		return appendEscaped(dst[:start], string(value))
	case inValue:
		if isNumber(value) || utf8.Valid(value) && json.Valid(value) {
			return dst
		}
	case inKey:
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' && utf8.Valid(value) && json.Valid(value) {
			return dst
		}
	}
	text := string(value)
	dst = append(dst[:start], '"')
	dst = appendEscaped(dst, text)
	return append(dst, '"')
}

// isNumber reports whether value is an integer as JSON writes it, which most
// values outside of strings are.
func isNumber(value []byte) bool {
	if len(value) == 0 || value[0] == '0' && len(value) > 1 {
		return false
	}
	for _, b := range value {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}

// isPlain reports whether value is the same inside a string of JSON.
func isPlain(value []byte) bool {
	for _, b := range value {
		if b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			return utf8.Valid(value) && !needsEscape(value)
		}
	}
	return true
}

func needsEscape(value []byte) bool {
	for _, b := range value {
		if b < ' ' || b == '"' || b == '\\' {
			return true
		}
	}
	return false
}

const hexDigits = "0123456789abcdef"

// appendEscaped appends text as the inside of a string of JSON (RFC 8259, 7).
// Bytes that are not UTF-8 become U+FFFD.
func appendEscaped(dst []byte, text string) []byte {
	for i := 0; i < len(text); {
		b := text[i]
		if b >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		}
		switch {
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\n':
			dst = append(dst, `\n`...)
		case b == '\r':
			dst = append(dst, `\r`...)
		case b == '\t':
			dst = append(dst, `\t`...)
		case b < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
		default:
			dst = append(dst, b)
		}
		i++
	}
	return dst
}
