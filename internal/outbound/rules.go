package outbound

import (
	"fmt"
	"net/netip"
	"strings"
)

// Rules tell where calls may go. The zero value allows public addresses.
type Rules struct {
	// Allow lists what may be called besides public addresses: CIDR blocks,
	// addresses, and host names. A name allows whatever it resolves to, for
	// requests to that name only.
	Allow []string
	// Closed refuses public addresses too, unless they are in Allow.
	Closed bool
}

// allowed is the list of Rules, read.
type allowed struct {
	prefixes []netip.Prefix
	hosts    map[string]bool
}

func parseAllowed(entries []string) (allowed, error) {
	list := allowed{hosts: make(map[string]bool)}
	for _, entry := range entries {
		text := strings.TrimSpace(entry)
		if p, ok := parsePrefix(text); ok {
			list.prefixes = append(list.prefixes, p)
			continue
		}
		name := hostName(text)
		if !isHostName(name) {
			return allowed{}, fmt.Errorf("%.100q can't be allowed: give a CIDR block (10.0.0.0/8), an address (10.0.0.1, fd00::1) or a host name (api.internal), without scheme, port or path; a name beyond ASCII in its xn-- form", entry)
		}
		list.hosts[name] = true
	}
	return list, nil
}

// parsePrefix reads a block or an address; IPv4-mapped ones become IPv4, as
// addresses do before they are compared.
func parsePrefix(text string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

// hostName is the form in which names are compared.
func hostName(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }

// isHostName follows RFC 1123, 2.1, with the underscore that names of
// containers have. A name that ends in a number would be read as an IPv4
// address by some resolvers.
func isHostName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
		last = label
	}
	return strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x")
}

func (l allowed) address(a netip.Addr) bool {
	plain, inner := a.Unmap().WithZone(""), carried(a)
	for _, p := range l.prefixes {
		if p.Contains(plain) || p.Contains(inner) {
			return true
		}
	}
	return false
}
