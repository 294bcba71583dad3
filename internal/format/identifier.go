package format

import (
	"fmt"
	"strings"
)

// isUUID checks the text form of RFC 9562, 4, of any version. The prefix of
// its URN may stand in front.
func isUUID(s string) bool {
	if len(s) == 45 && strings.EqualFold(s[:9], "urn:uuid:") {
		s = s[9:]
	}
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHexDigit(s[i]) {
				return false
			}
		}
	}
	return true
}

// crockford is the alphabet of ULID (github.com/ulid/spec).
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func isULID(s string) bool {
	if len(s) != 26 || s[0] > '7' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if strings.IndexByte(crockford, c) < 0 {
			return false
		}
	}
	return true
}

// isE164 checks an ITU-T E.164 number with its plus sign.
func isE164(s string) bool {
	return len(s) >= 3 && len(s) <= 16 && s[0] == '+' && s[1] != '0' && all(s[1:], isDigit)
}

func isSlug(s string) bool {
	return s != "" && all(s, func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' })
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// isCountryCode checks the syntax of ISO 3166-1, alpha-2 or alpha-3.
func isCountryCode(s string) bool { return (len(s) == 2 || len(s) == 3) && all(s, isUpper) }

// isCurrencyCode checks the syntax of ISO 4217.
func isCurrencyCode(s string) bool { return len(s) == 3 && all(s, isUpper) }

// isBCP47 checks the outline of an RFC 5646, 2.1 language tag.
func isBCP47(s string) bool {
	for i, tag := range strings.Split(s, "-") {
		if tag == "" || len(tag) > 8 || i == 0 && !all(tag, isAlpha) || !all(tag, isAlnum) {
			return false
		}
	}
	return true
}

// isSemver checks Semantic Versioning 2.0.0.
func isSemver(s string) bool {
	s, build, hasBuild := strings.Cut(s, "+")
	core, pre, hasPre := strings.Cut(s, "-")
	if hasBuild && !isDotted(build, false) || hasPre && !isDotted(pre, true) {
		return false
	}
	for i := range 3 {
		end, ok := plainNumber(core)
		if !ok {
			return false
		}
		core = core[end:]
		if i < 2 {
			if !strings.HasPrefix(core, ".") {
				return false
			}
			core = core[1:]
		}
	}
	return core == ""
}

// isDotted checks identifiers apart by dots; plain numbers have no needless
// zeros in front.
func isDotted(s string, plain bool) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || !all(part, func(c byte) bool { return isAlnum(c) || c == '-' }) {
			return false
		}
		if plain && len(part) > 1 && part[0] == '0' && all(part, isDigit) {
			return false
		}
	}
	return true
}

// RFC 9562, 5.4: version 4.
func makeUUID(s source) string {
	hex := []byte(s.text(lowerHex, 32))
	hex[12] = '4'
	hex[16] = lowerHex[8+s.below(4)]
	return fmt.Sprintf("%s-%s-%s-%s-%s", hex[:8], hex[8:12], hex[12:16], hex[16:20], hex[20:])
}

func makeULID(s source) string {
	millis := uint64(s.moment().UnixMilli())
	b := make([]byte, 10)
	for i := range b {
		b[9-i] = crockford[millis&31]
		millis >>= 5
	}
	return string(b) + s.text(crockford, 16)
}

// The numbers 555-0100 to 555-0199 are set aside for fiction.
func makePhone(s source) string { return "+1-202-555-01" + s.text(decimals, 2) }
func makeE164(s source) string  { return "+120255501" + s.text(decimals, 2) }

func makeSlug(s source) string { return s.word() + "-" + s.word() }

func makeCountryCode(s source) string {
	return s.oneOf("AU", "BR", "CA", "DE", "FR", "GB", "IN", "JP", "KE", "US")
}

func makeCurrency(s source) string { return s.oneOf("CHF", "EUR", "GBP", "JPY", "USD") }

func makeBCP47(s source) string {
	return s.oneOf("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "ja-JP", "pt-BR")
}

func makeSemver(s source) string {
	return fmt.Sprintf("%d.%d.%d", s.between(0, 5), s.below(20), s.below(20))
}

// makeCreditCard makes a number that no bank has given out, with the check
// digit of ISO/IEC 7812-1, annex B.
func makeCreditCard(s source) string {
	number := "424242" + s.text(decimals, 9)
	sum := 0
	for i, c := range number {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return number + string(decimals[(10-sum%10)%10])
}
