package format

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// isMediaRange checks an RFC 9110, 12.5.1 media-range with its parameters.
func isMediaRange(s string) bool {
	end := indexAny(s, ";")
	kind, subtype, ok := strings.Cut(strings.TrimRight(s[:end], " \t"), "/")
	if !ok || !isToken(kind) || !isToken(subtype) || kind == "*" && subtype != "*" {
		return false
	}
	for s = s[end:]; s != ""; {
		s = strings.TrimLeft(s[1:], " \t")
		if s == "" || s[0] == ';' { // RFC 9110, 5.6.6: a parameter may be empty
			continue
		}
		if s, ok = cutParameter(s); !ok {
			return false
		}
		s = strings.TrimLeft(s, " \t")
		if s != "" && s[0] != ';' {
			return false
		}
	}
	return true
}

// cutParameter cuts name=value off the start of s.
func cutParameter(s string) (rest string, ok bool) {
	equals := strings.IndexByte(s, '=')
	if equals < 0 || !isToken(s[:equals]) {
		return "", false
	}
	s = s[equals+1:]
	if !strings.HasPrefix(s, `"`) {
		end := indexAny(s, "; \t")
		return s[end:], isToken(s[:end])
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[i+1:], true
		}
	}
	return "", false
}

func isToken(s string) bool { return s != "" && all(s, isTchar) }

// The structured fields of RFC 9651, 3.3.

func isSFString(s string) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for i := 1; i < len(s)-1; i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i == len(s)-1 || s[i] != '"' && s[i] != '\\' {
				return false
			}
		case c < ' ' || c > '~' || c == '"':
			return false
		}
	}
	return true
}

func isSFToken(s string) bool {
	return s != "" && (isAlpha(s[0]) || s[0] == '*') &&
		all(s, func(c byte) bool { return isTchar(c) || c == ':' || c == '/' })
}

func isSFBinary(s string) bool {
	return len(s) >= 2 && s[0] == ':' && s[len(s)-1] == ':' && isBase64(s[1:len(s)-1])
}

func isSFBoolean(s string) bool { return s == "?0" || s == "?1" }

func isSFInteger(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && len(s) <= 15 && all(s, isDigit)
}

func isSFDecimal(s string) bool {
	whole, fraction, ok := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return ok && whole != "" && len(whole) <= 12 && all(whole, isDigit) &&
		fraction != "" && len(fraction) <= 3 && all(fraction, isDigit)
}

func makeMediaRange(s source) string {
	return s.oneOf("application/json", "application/*", "image/png", "text/html", "text/plain;q=0.8", "*/*")
}

func makeSFString(s source) string { return `"` + s.word() + `"` }
func makeSFToken(s source) string  { return s.word() }

func makeSFBinary(s source) string {
	return ":" + base64.StdEncoding.EncodeToString([]byte(s.word())) + ":"
}

func makeSFBoolean(s source) string { return s.oneOf("?0", "?1") }
func makeSFInteger(s source) string { return fmt.Sprint(s.below(1000)) }
func makeSFDecimal(s source) string { return makeDecimal(s) }
