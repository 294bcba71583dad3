package format

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// isBase64 checks RFC 4648, 4, with padding.
func isBase64(s string) bool {
	if len(s)%4 != 0 {
		return false
	}
	digits := strings.TrimRight(s, "=")
	return len(s)-len(digits) <= 2 && all(digits, isBase64Digit)
}

func isBase64Digit(c byte) bool { return isAlnum(c) || c == '+' || c == '/' }

// isBase64URL checks RFC 4648, 5, with padding or without.
func isBase64URL(s string) bool {
	digits := strings.TrimRight(s, "=")
	padding := len(s) - len(digits)
	if padding > 0 && (len(s)%4 != 0 || padding > 2) || len(digits)%4 == 1 {
		return false
	}
	return all(digits, func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' })
}

func isHex(s string) bool { return all(s, isHexDigit) }

func isMD5(s string) bool    { return len(s) == 32 && isHex(s) }
func isSHA1(s string) bool   { return len(s) == 40 && isHex(s) }
func isSHA256(s string) bool { return len(s) == 64 && isHex(s) }
func isSHA512(s string) bool { return len(s) == 128 && isHex(s) }

// isHexColor checks CSS Color 4, 5.2.
func isHexColor(s string) bool {
	switch len(s) {
	case 4, 5, 7, 9:
		return s[0] == '#' && isHex(s[1:])
	}
	return false
}

func isChar(s string) bool { return utf8.RuneCountInString(s) == 1 }

func makeBase64(s source) string {
	return base64.StdEncoding.EncodeToString([]byte(makeSentence(s)))
}

func makeBase64URL(s source) string {
	return base64.RawURLEncoding.EncodeToString([]byte(makeSentence(s)))
}

func makeChar(s source) string   { return s.text(lowerCase, 1) }
func makeMD5(s source) string    { return s.text(lowerHex, 32) }
func makeSHA1(s source) string   { return s.text(lowerHex, 40) }
func makeSHA256(s source) string { return s.text(lowerHex, 64) }
func makeSHA512(s source) string { return s.text(lowerHex, 128) }
func makeColor(s source) string  { return "#" + s.text(lowerHex, 6) }

func makeSentence(s source) string { return "The " + s.word() + " by the " + s.word() + "." }

func makeCommonMark(s source) string { return "The **" + s.word() + "** by the _" + s.word() + "_." }

func makeHTML(s source) string {
	return "<p>The <em>" + s.word() + "</em> by the " + s.word() + ".</p>"
}

func makePassword(s source) string {
	return s.word() + "-" + s.word() + "-" + s.text(decimals, 4)
}
