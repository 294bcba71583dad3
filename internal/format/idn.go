package format

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isIDNHostname checks an RFC 5890, 2.3.2.3 host name of letters of any script,
// by the categories and the contextual rules of RFC 5892. What Unicode
// normalization would change is not looked for.
func isIDNHostname(s string) bool {
	s = strings.TrimSuffix(fullStops.Replace(s), ".")
	if s == "" || len(s) > 4*maxName || !utf8.ValidString(s) {
		return false
	}
	for _, label := range strings.Split(s, ".") {
		if !isULabel(label) {
			return false
		}
	}
	return true
}

// fullStops are the other dots of RFC 3490, 3.1.
var fullStops = strings.NewReplacer("。", ".", "．", ".", "｡", ".")

func isULabel(s string) bool {
	r := []rune(s)
	if len(r) == 0 || len(r) > maxLabel || r[0] == '-' || r[len(r)-1] == '-' || unicode.Is(unicode.M, r[0]) {
		return false
	}
	ascii := true
	for i, c := range r {
		if c >= 0x80 {
			ascii = false
		}
		if !isIDNRune(r, i) {
			return false
		}
	}
	// RFC 5891, 4.2.3.1: "--" there is for A-labels, which are ASCII.
	return ascii || len(r) < 4 || r[2] != '-' || r[3] != '-'
}

// isIDNRune applies RFC 5892, 2 and appendix A to one character of a label.
func isIDNRune(r []rune, i int) bool {
	c := r[i]
	before := func(t *unicode.RangeTable) bool { return i > 0 && unicode.Is(t, r[i-1]) }
	switch c {
	case '-':
		return true
	case 0xB7: // MIDDLE DOT, between two l
		return i > 0 && i+1 < len(r) && r[i-1] == 'l' && r[i+1] == 'l'
	case 0x375: // GREEK KERAIA
		return i+1 < len(r) && unicode.Is(unicode.Greek, r[i+1])
	case 0x5F3, 0x5F4: // HEBREW GERESH, GERSHAYIM
		return before(unicode.Hebrew)
	case 0x30FB: // KATAKANA MIDDLE DOT
		for _, other := range r {
			if unicode.In(other, unicode.Hiragana, unicode.Katakana, unicode.Han) {
				return true
			}
		}
		return false
	case 0x200C, 0x200D: // joiners, after a virama
		return i > 0 && isVirama(r[i-1])
	case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B:
		return false // DISALLOWED by exception
	case 0x3007, 0x6FD, 0x6FE, 0xF0B:
		return true // PVALID by exception
	}
	if c < 0x80 {
		return isAlnum(byte(c))
	}
	if c >= 0x660 && c <= 0x669 { // Arabic-Indic digits do not mix with the extended ones
		return !strings.ContainsFunc(string(r), func(o rune) bool { return o >= 0x6F0 && o <= 0x6F9 })
	}
	return unicode.In(c, unicode.L, unicode.M, unicode.Nd)
}

// isVirama knows the viramas (canonical combining class 9) of the common
// Indic scripts.
func isVirama(c rune) bool {
	switch c {
	case 0x94D, 0x9CD, 0xA4D, 0xACD, 0xB4D, 0xBCD, 0xC4D, 0xCCD, 0xD4D, 0xDCA, 0xE3A, 0xF84, 0x1039, 0x17D2:
		return true
	}
	return false
}

// RFC 2606, 2: example is a reserved top-level domain.
func makeIDNHostname(s source) string {
	return s.oneOf("bücher", "café", "münchen", "naïve", "東京", "почта") + ".example"
}
