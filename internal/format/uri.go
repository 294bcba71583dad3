package format

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// charset says which bytes a part of a URI may have beside percent-encoded
// ones.
type charset uint8

const (
	userinfoChar charset = 1 << iota // unreserved, sub-delims, ":"
	hostChar                         // unreserved, sub-delims
	pathChar                         // pchar, "/"
	queryChar                        // pchar, "/", "?"
)

// uriChars has, for every ASCII byte, where it may stand: RFC 3986, appendix A.
var uriChars = func() (table [128]charset) {
	everywhere := userinfoChar | hostChar | pathChar | queryChar
	for c := range table {
		if isAlnum(byte(c)) || strings.IndexByte("-._~!$&'()*+,;=", byte(c)) >= 0 {
			table[c] = everywhere
		}
	}
	table[':'] = userinfoChar | pathChar | queryChar
	table['@'] = pathChar | queryChar
	table['/'] = pathChar | queryChar
	table['?'] = queryChar
	return table
}()

// isURI checks an RFC 3986 URI: with a scheme.
func isURI(s string) bool {
	rest, ok := cutScheme(s)
	return ok && isHierarchical(rest, false)
}

// isURIReference checks an RFC 3986, 4.1 URI-reference.
func isURIReference(s string) bool { return isReference(s, false) }

// isIRI checks an RFC 3987 IRI.
func isIRI(s string) bool {
	rest, ok := cutScheme(s)
	return ok && isHierarchical(rest, true)
}

func isIRIReference(s string) bool { return isReference(s, true) }

// isURL checks an absolute IRI with a host, which is what most documents mean.
func isURL(s string) bool {
	rest, ok := cutScheme(s)
	return ok && len(rest) > 2 && rest[:2] == "//" && rest[2] != '/' && rest[2] != '?' && rest[2] != '#' && isHierarchical(rest, true)
}

func isReference(s string, unicode bool) bool {
	if rest, ok := cutScheme(s); ok {
		return isHierarchical(rest, unicode)
	}
	// RFC 3986, 4.2: the first segment of a relative path has no colon.
	if segment := s[:indexAny(s, "/?#")]; strings.IndexByte(segment, ':') >= 0 {
		return false
	}
	return isHierarchical(s, unicode)
}

// cutScheme cuts the scheme and its colon off.
func cutScheme(s string) (rest string, ok bool) {
	if s == "" || !isAlpha(s[0]) {
		return "", false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			return s[i+1:], true
		case !isAlnum(c) && c != '+' && c != '-' && c != '.':
			return "", false
		}
	}
	return "", false
}

// isHierarchical checks what follows a scheme: authority, path, query and
// fragment.
func isHierarchical(s string, unicode bool) bool {
	if strings.HasPrefix(s, "//") {
		end := 2 + indexAny(s[2:], "/?#")
		if !isAuthority(s[2:end], unicode) {
			return false
		}
		s = s[end:]
	}
	s, fragment, _ := strings.Cut(s, "#")
	path, query, _ := strings.Cut(s, "?")
	return isPart(path, pathChar, unicode) && isPart(query, queryChar, unicode) && isPart(fragment, queryChar, unicode)
}

// indexAny is strings.IndexAny, but the length of s if there is none.
func indexAny(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

func isAuthority(s string, unicode bool) bool {
	if at := strings.IndexByte(s, '@'); at >= 0 {
		if !isPart(s[:at], userinfoChar, unicode) {
			return false
		}
		s = s[at+1:]
	}
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		return end > 0 && isIPLiteral(s[1:end]) && isPort(s[end+1:])
	}
	host := s
	if colon := strings.IndexByte(s, ':'); colon >= 0 {
		host = s[:colon]
		if !isPort(s[colon:]) {
			return false
		}
	}
	return isPart(host, hostChar, unicode)
}

func isPort(s string) bool { return s == "" || s[0] == ':' && all(s[1:], isDigit) }

// isIPLiteral checks an IPv6 address or an IPvFuture (RFC 3986, 3.2.2).
func isIPLiteral(s string) bool {
	if s == "" || s[0]|0x20 != 'v' {
		return isIPv6(s)
	}
	version, address, ok := strings.Cut(s[1:], ".")
	return ok && version != "" && address != "" && all(version, isHexDigit) &&
		strings.IndexByte(address, '%') < 0 && isPart(address, userinfoChar, false)
}

func isPart(s string, in charset, unicode bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) || !isHexDigit(s[i+1]) || !isHexDigit(s[i+2]) {
				return false
			}
			i += 2
		case c < 0x80:
			if uriChars[c]&in == 0 {
				return false
			}
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !unicode || !isUCSChar(r) && (in != queryChar || !isPrivate(r)) {
				return false
			}
			i += size - 1
		}
	}
	return true
}

// isUCSChar is RFC 3987, 2.2.
func isUCSChar(r rune) bool {
	switch {
	case r == utf8.RuneError, r < 0xA0, isPrivate(r), r >= 0xFDD0 && r <= 0xFDEF, r >= 0xFFF0 && r <= 0xFFFF:
		return false
	}
	return r&0xFFFE != 0xFFFE && (r < 0xE0000 || r >= 0xE1000)
}

func isPrivate(r rune) bool { return r >= 0xE000 && r <= 0xF8FF || r >= 0xF0000 }

func makeURI(s source) string {
	return fmt.Sprintf("https://%s/%s/%d", s.domain(), s.thing(), s.between(1, 9999))
}

func makeURIReference(s source) string { return fmt.Sprintf("/%s/%d", s.thing(), s.between(1, 9999)) }

func makeIRI(s source) string {
	return fmt.Sprintf("https://%s/%s/%d", s.domain(), s.accented(), s.between(1, 9999))
}

func makeIRIReference(s source) string {
	return fmt.Sprintf("/%s/%d", s.accented(), s.between(1, 9999))
}

func (s source) accented() string {
	return s.oneOf("bücher", "cafés", "événements", "książki", "書籍")
}
