package document

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads the string at pos, which is its opening quote. Most strings end
// without a surprise and are not copied.
func (p *jsonParser) str(out *string) bool {
	s := p.text
	start := p.pos + 1
	i := start
	ascii := true
	for i < len(s) {
		c := s[i]
		if c == '"' {
			p.pos = i + 1
			*out = s[start:i]
			if !ascii && !utf8.ValidString(*out) {
				*out = replaceInvalid(*out)
			}
			return true
		}
		if c == '\\' {
			return p.escaped(start, i, out)
		}
		if c < 0x20 {
			return p.failControl(i)
		}
		if c >= utf8.RuneSelf {
			ascii = false
		}
		i++
	}
	p.pos = len(s)
	return p.failEnd("inside of a string")
}

func (p *jsonParser) failControl(at int) bool {
	hint := "write it as an escape, for example \\n"
	if c := p.text[at]; c == '\n' || c == '\r' {
		hint = "look for a missing closing quote"
	}
	p.pos = at
	return p.fail(at, "a string must not contain the control character "+p.here(), hint)
}

// escaped reads a string whose first backslash is at i.
func (p *jsonParser) escaped(start, i int, out *string) bool {
	s := p.text
	var b strings.Builder
	b.Grow(i - start + 32)
	for {
		for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= 0x20 {
			i++
		}
		appendValid(&b, s[start:i])
		if i >= len(s) {
			return p.failEnd("inside of a string")
		}
		if s[i] == '"' {
			p.pos = i + 1
			*out = b.String()
			return true
		}
		if s[i] < 0x20 {
			return p.failControl(i)
		}
		n, ok := p.escape(i, &b)
		if !ok {
			return false
		}
		i, start = n, n
	}
}

// escape reads the escape sequence whose backslash is at i and gives its end.
func (p *jsonParser) escape(i int, b *strings.Builder) (end int, ok bool) {
	s := p.text
	if i+1 >= len(s) {
		return 0, p.failEnd("inside of a string")
	}
	switch c := s[i+1]; c {
	case '"', '\\', '/':
		b.WriteByte(c)
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'u':
		r, ok := hex4(s, i+2)
		if !ok {
			return 0, p.fail(i, "\\u must be followed by four hexadecimal digits", "")
		}
		if utf16.IsSurrogate(r) {
			if strings.HasPrefix(s[i+6:], `\u`) {
				if low, ok := hex4(s, i+8); ok {
					if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
						b.WriteRune(pair)
						return i + 12, true
					}
				}
			}
			r = utf8.RuneError
		}
		b.WriteRune(r)
		return i + 6, true
	default:
		p.pos = i + 1
		return 0, p.fail(i, "unknown escape sequence: '\\' before "+p.here(), `a backslash itself is written \\`)
	}
	return i + 2, true
}

// hex4 reads four hexadecimal digits.
func hex4(s string, i int) (r rune, ok bool) {
	if i+4 > len(s) {
		return 0, false
	}
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func appendValid(b *strings.Builder, s string) {
	if !utf8.ValidString(s) {
		s = replaceInvalid(s)
	}
	b.WriteString(s)
}

// replaceInvalid gives s with U+FFFD for each byte that is no UTF-8, as
// encoding/json does (strings.ToValidUTF8 makes one of a whole run).
func replaceInvalid(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2*utf8.UTFMax)
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}
