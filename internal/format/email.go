package format

import (
	"strings"
	"unicode/utf8"
)

// isEmail checks an RFC 5321, 4.1.2 mailbox.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && isLocalPart(s[:at], false) && isMailDomain(s[at+1:], isHostname)
}

// isIDNEmail checks an RFC 6531, 3.3 mailbox.
func isIDNEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && utf8.ValidString(s) && isLocalPart(s[:at], true) && isMailDomain(s[at+1:], isIDNHostname)
}

func isMailDomain(s string, host func(string) bool) bool {
	if !strings.HasPrefix(s, "[") {
		return !strings.HasSuffix(s, ".") && host(s)
	}
	literal, ok := strings.CutSuffix(s[1:], "]")
	if !ok {
		return false
	}
	if len(literal) > 5 && strings.EqualFold(literal[:5], "IPv6:") {
		return isIPv6(literal[5:])
	}
	return isIPv4(literal)
}

func isLocalPart(s string, unicode bool) bool {
	if s[0] == '"' {
		return len(s) > 1 && isQuoted(s, unicode)
	}
	dot := true // whether one may not come next
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.':
			if dot {
				return false
			}
			dot = true
			continue
		case c >= 0x80:
			if !unicode {
				return false
			}
		case !isAtext(c):
			return false
		}
		dot = false
	}
	return !dot
}

// isAtext is RFC 5322, 3.2.3: a tchar, and a few more.
func isAtext(c byte) bool {
	switch c {
	case '/', '=', '?', '{', '}':
		return true
	case '.':
		return false
	}
	return isTchar(c)
}

// isQuoted checks a quoted string, quotes included.
func isQuoted(s string, unicode bool) bool {
	for i := 1; i < len(s)-1; i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i == len(s)-1 || s[i] < ' ' || s[i] > '~' {
				return false
			}
		case c >= 0x80:
			if !unicode {
				return false
			}
		case c < ' ' || c == '"' || c == 0x7F:
			return false
		}
	}
	return s[len(s)-1] == '"'
}

func makeEmail(s source) string {
	return s.firstName() + "." + s.word() + "@" + s.domain()
}

func makeIDNEmail(s source) string {
	return s.oneOf("jörg", "renée", "søren", "zoë", "иван") + "@" + makeIDNHostname(s)
}
