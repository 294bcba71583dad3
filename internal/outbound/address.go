package outbound

import (
	"net/netip"
)

// Public reports whether an address is of the public Internet, for all that can
// be told from the registries of special-purpose addresses (RFC 6890). An
// address that carries an IPv4 address is judged by that.
func Public(a netip.Addr) bool { return special(a) == "" }

// special says what an address is that is not of the public Internet, "" for
// one that is.
func special(a netip.Addr) string {
	a = carried(a)
	switch {
	case !a.IsValid():
		return "no address"
	case a.IsLoopback():
		return "a loopback address"
	case a.IsUnspecified():
		return "the unspecified address"
	case a.IsMulticast():
		return "a multicast address"
	case a.IsLinkLocalUnicast():
		return "a link-local address"
	case a.IsPrivate(), carrierNAT.Contains(a):
		return "a private address"
	case a.Is6() && !assignedIPv6.Contains(a):
		return "a reserved address"
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return "a reserved address"
		}
	}
	return ""
}

var (
	carrierNAT   = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
	assignedIPv6 = netip.MustParsePrefix("2000::/3")      // all that IANA has given out for unicast
	nat64        = netip.MustParsePrefix("64:ff9b::/96")  // RFC 6052; what is behind 64:ff9b:1::/48 can't be told
	sixToFour    = netip.MustParsePrefix("2002::/16")     // RFC 3056
)

var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // relays of 6to4, deprecated
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks, RFC 2544
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"),     // Teredo and other assignments
	netip.MustParsePrefix("2001:db8::/32"), // documentation
	netip.MustParsePrefix("3fff::/20"),     // documentation, RFC 9637
}

// carried gives the IPv4 address that an IPv6 address stands for (mapped,
// NAT64, 6to4), or the address itself, without its zone.
func carried(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16]))
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}
