package format

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// isURITemplate checks an RFC 6570, 2 URI template.
func isURITemplate(s string) bool {
	for s != "" {
		if s[0] == '{' {
			end := strings.IndexByte(s, '}')
			if end < 0 || !isTemplateExpression(s[1:end]) {
				return false
			}
			s = s[end+1:]
			continue
		}
		size := templateLiteral(s)
		if size == 0 {
			return false
		}
		s = s[size:]
	}
	return true
}

// templateLiteral is the size of the literal at the start of s, or 0.
func templateLiteral(s string) int {
	switch c := s[0]; {
	case c == '%':
		if len(s) < 3 || !isHexDigit(s[1]) || !isHexDigit(s[2]) {
			return 0
		}
		return 3
	case c <= ' ' || c == 0x7F || strings.IndexByte("\"'<>\\^`{|}", c) >= 0:
		return 0
	case c < 0x80:
		return 1
	}
	if r, size := utf8.DecodeRuneInString(s); r != utf8.RuneError {
		return size
	}
	return 0
}

func isTemplateExpression(s string) bool {
	if s != "" && strings.IndexByte("+#./;?&=,!@|", s[0]) >= 0 {
		s = s[1:]
	}
	for variable := range strings.SplitSeq(s, ",") {
		if !isTemplateVariable(variable) {
			return false
		}
	}
	return true
}

func isTemplateVariable(s string) bool {
	name, explode := strings.CutSuffix(s, "*")
	if prefixed, length, ok := strings.Cut(name, ":"); ok {
		if explode || length == "" || len(length) > 4 || length[0] == '0' || !all(length, isDigit) {
			return false
		}
		name = prefixed
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "" {
			return false
		}
		for i := 0; i < len(part); i++ {
			switch c := part[i]; {
			case c == '%':
				if i+2 >= len(part) || !isHexDigit(part[i+1]) || !isHexDigit(part[i+2]) {
					return false
				}
				i += 2
			case !isAlnum(c) && c != '_':
				return false
			}
		}
	}
	return true
}

func makeURITemplate(s source) string {
	thing := s.thing()
	switch s.below(3) {
	case 0:
		return fmt.Sprintf("https://%s/%s/{id}", s.domain(), thing)
	case 1:
		return fmt.Sprintf("https://%s/%s{?page,limit}", s.domain(), thing)
	}
	return fmt.Sprintf("/%s/{id}/%s", thing, s.word())
}
