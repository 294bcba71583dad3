package format

import (
	"fmt"
	"net/netip"
	"strings"
)

const (
	maxName  = 253 // RFC 1035, 2.3.4, without the length octets
	maxLabel = 63
)

// isHostname checks an RFC 1123, 2.1 host name. A dot may end it.
func isHostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > maxName {
		return false
	}
	for {
		label, rest, more := strings.Cut(s, ".")
		if !isLabel(label) {
			return false
		}
		if !more {
			return true
		}
		s = rest
	}
}

func isLabel(s string) bool {
	if s == "" || len(s) > maxLabel || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}

// isIPv4 checks an RFC 2673, 3.2 dotted quad. Leading zeros are refused, as
// RFC 6943, 3.1.1 tells why.
func isIPv4(s string) bool {
	for octet := range 4 {
		end := digitsFrom(s, 0)
		if end == 0 || end > 3 || s[0] == '0' && end > 1 {
			return false
		}
		n := 0
		for _, c := range s[:end] {
			n = n*10 + int(c-'0')
		}
		if n > 255 {
			return false
		}
		s = s[end:]
		if octet < 3 {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == ""
}

// isIPv6 checks an RFC 4291, 2.2 address. Zones are refused.
func isIPv6(s string) bool {
	if strings.IndexByte(s, ':') < 0 {
		return false
	}
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is6() && addr.Zone() == ""
}

func isIP(s string) bool { return isIPv4(s) || isIPv6(s) }

// isMAC checks six octets apart by colons or hyphens (IEEE 802, 8.1), or in
// three groups apart by dots.
func isMAC(s string) bool {
	if len(s) == 14 {
		return s[4] == '.' && s[9] == '.' && all(s[:4]+s[5:9]+s[10:], isHexDigit)
	}
	if len(s) != 17 || s[2] != ':' && s[2] != '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if i%3 == 2 && s[i] != s[2] || i%3 != 2 && !isHexDigit(s[i]) {
			return false
		}
	}
	return true
}

func makeHostname(s source) string {
	return s.oneOf("api", "app", "cdn", "mail", "www", "status", s.word()) + "." + s.domain()
}

// RFC 5737: addresses for documentation.
func makeIPv4(s source) string {
	return fmt.Sprintf("%s.%d", s.oneOf("192.0.2", "198.51.100", "203.0.113"), s.between(1, 254))
}

// RFC 3849: addresses for documentation.
func makeIPv6(s source) string {
	return fmt.Sprintf("2001:db8::%x:%x", s.between(0x1000, 0xFFFF), s.between(1, 0xFFFF))
}

// RFC 7042, 2.1.2: the block for documentation.
func makeMAC(s source) string { return fmt.Sprintf("00:00:5e:00:53:%02x", s.below(256)) }
