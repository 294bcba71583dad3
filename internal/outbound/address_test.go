package outbound

import (
	"net/netip"
	"strings"
	"testing"
)

// What is inside of somebody's network, or of this machine, is not public in
// any of its forms.
func TestSpecial_SaysWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1": "loopback", "127.9.9.9": "loopback", "::1": "loopback",
		"0.0.0.0": "unspecified", "::": "unspecified",
		"224.0.0.1": "multicast", "239.1.1.1": "multicast", "ff02::1": "multicast", "ff0e::1": "multicast",
		"169.254.169.254": "link-local", "fe80::1": "link-local", "fe80::1%eth0": "link-local",
		"10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private", "192.168.1.1": "private", "fd00::1": "private", "fc00::1": "private",
		"100.64.0.1": "private", "100.127.255.255": "private",
		"0.1.2.3": "reserved", "192.0.0.170": "reserved", "192.0.2.1": "reserved", "192.88.99.1": "reserved", "198.18.0.1": "reserved", "198.19.255.255": "reserved",
		"198.51.100.1": "reserved", "203.0.113.1": "reserved", "240.0.0.1": "reserved", "255.255.255.255": "reserved",
		"2001::1": "reserved", "2001:db8::1": "reserved", "3fff::1": "reserved", "fec0::1": "reserved", "::7f00:1": "reserved", "100::1": "reserved", "64:ff9b:1::7f00:1": "reserved",
		"::ffff:127.0.0.1": "loopback", "::ffff:10.0.0.1": "private", "::ffff:169.254.169.254": "link-local", "::ffff:100.64.0.1": "private", "::ffff:0.0.0.0": "unspecified", // mapped
		"64:ff9b::127.0.0.1": "loopback", "64:ff9b::10.0.0.1": "private", "64:ff9b::169.254.169.254": "link-local", // NAT64
		"2002:7f00:1::1": "loopback", "2002:a00:1::": "private", "2002:a9fe:a9fe::": "link-local", // 6to4
	} {
		if got := special(netip.MustParseAddr(address)); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %s", address, got, want)
		}
		if Public(netip.MustParseAddr(address)) {
			t.Errorf("%s is public", address)
		}
	}
	for _, address := range []string{
		"1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "169.253.1.1", "2606:4700::1111", "::ffff:8.8.8.8",
		"64:ff9b::8.8.8.8", // what DNS64 answers in a network without IPv4
	} {
		if got := special(netip.MustParseAddr(address)); got != "" {
			t.Errorf("%s is %q, want public", address, got)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}
