package outbound

import (
	"net"
	"strings"
	"testing"
)

func newCaller(t *testing.T, r Rules) *Caller {
	t.Helper()
	c, err := New(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.transport.CloseIdleConnections)
	return c
}

func TestNew_AnEntryThatCantBeRead_IsNamed(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"", " ", "10.0.0.0/33", "10.0.0/8", "300.1.1.1", "127.1", "0x7f000001", "2130706433", "http://a.example", "a.example:80", "a.example/x", "user@a", "*.example.com",
		"a..b", ".a", "-a.example", "a-.example", "a b", "[::1]", "bücher.example", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "aa",
	} {
		if _, err := New(Rules{Allow: []string{"10.0.0.0/8", entry}}, nil); err == nil {
			t.Errorf("%q is taken", entry)
		} else if !strings.Contains(err.Error(), `"`+entry[:min(len(entry), 10)]) || !strings.Contains(err.Error(), "CIDR") {
			t.Errorf("%q: %v: names neither the entry nor what would be right", entry, err)
		}
	}
	for _, entry := range []string{"10.0.0.0/8", "10.1.2.3/8", "10.0.0.1", "::1", "fd00::/8", "fe80::1%eth0", "::ffff:10.0.0.0/104", "localhost", "API.internal", "a.example.", "xn--bcher-kva.example", "my_service", "1.example"} {
		if _, err := New(Rules{Allow: []string{entry}}, nil); err != nil {
			t.Errorf("%q: %v", entry, err)
		}
	}
}

func TestCheck_TheAllowList(t *testing.T) {
	t.Parallel()
	cases := []struct {
		rules   Rules
		address string
		ok      bool
	}{
		{Rules{}, "93.184.216.34:443", true},
		{Rules{}, "127.0.0.1:80", false},
		{Rules{}, "10.0.0.1:80", false},
		{Rules{}, "169.254.169.254:80", false},
		{Rules{}, "[fe80::1%lo]:80", false},
		{Rules{Allow: []string{"10.0.0.0/8"}}, "10.1.2.3:80", true},
		{Rules{Allow: []string{"10.0.0.0/8"}}, "11.1.2.3:80", true}, // public anyway
		{Rules{Allow: []string{"10.0.0.0/8"}}, "192.168.0.1:80", false},
		{Rules{Allow: []string{"10.9.9.9/8"}}, "10.1.2.3:80", true},
		{Rules{Allow: []string{"10.0.0.0/8"}}, "[::ffff:10.1.2.3]:80", true},
		{Rules{Allow: []string{"::ffff:10.0.0.0/104"}}, "10.1.2.3:80", true},
		{Rules{Allow: []string{"10.0.0.0/8"}}, "[64:ff9b::10.1.2.3]:80", true},
		{Rules{Allow: []string{"10.0.0.7"}}, "10.0.0.7:80", true},
		{Rules{Allow: []string{"10.0.0.7"}}, "10.0.0.8:80", false},
		{Rules{Allow: []string{"fe80::1%eth0"}}, "[fe80::1%lo]:80", true},
		{Rules{Allow: []string{"localhost"}}, "127.0.0.1:80", false}, // the name was allowed, not what it stands for
		{Rules{Closed: true}, "93.184.216.34:443", false},
		{Rules{Closed: true, Allow: []string{"93.184.0.0/16"}}, "93.184.216.34:443", true},
	}
	for _, c := range cases {
		if err := newCaller(t, c.rules).Check(c.address); (err == nil) != c.ok {
			t.Errorf("%+v, %s: %v, want allowed %v", c.rules, c.address, err, c.ok)
		}
	}
	if err := newCaller(t, Rules{}).Check("example.com:80"); err == nil {
		t.Error("a name is not an address")
	}
}

// A call to ourselves can run in a circle or act with the rights of this
// machine, so that no list allows one.
func TestCheck_OurOwnListeners_AreAllowedNowhere(t *testing.T) {
	t.Parallel()
	everything := Rules{Allow: []string{"0.0.0.0/0", "::/0"}}
	tcp := func(s string) net.Addr {
		a, err := net.ResolveTCPAddr("tcp", s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	cases := []struct {
		own, address string
		ok           bool
	}{
		{"127.0.0.1:4010", "127.0.0.1:4010", false}, {"127.0.0.1:4010", "127.0.0.1:4011", true}, {"127.0.0.1:4010", "[::1]:4010", false}, {"127.0.0.1:4010", "127.0.0.9:4010", false},
		{"127.0.0.1:4010", "0.0.0.0:4010", false}, {"127.0.0.1:4010", "[::]:4010", false}, {"127.0.0.1:4010", "[::ffff:127.0.0.1]:4010", false}, {"127.0.0.1:4010", "[64:ff9b::127.0.0.1]:4010", false},
		{"127.0.0.1:4010", "10.0.0.1:4010", true}, {"10.0.0.1:4010", "10.0.0.1:4010", false}, {"10.0.0.1:4010", "127.0.0.1:4010", true}, {"10.0.0.1:4010", "10.0.0.2:4010", true},
		{"[fe80::1%lo]:4010", "[fe80::1]:4010", false}, {"[fe80::1%lo]:4010", "[fe80::1%lo]:4010", false},
		{"0.0.0.0:4010", "127.0.0.1:4010", false}, {"[::]:4010", "127.0.0.1:4010", false}, {"[::]:4010", "[::1]:4010", false}, {"[::]:4010", "127.0.0.1:4011", true}, {"[::]:4010", "93.184.216.34:4010", true},
	}
	local, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range local {
		if ip, ok := a.(*net.IPNet); ok {
			cases = append(cases, struct {
				own, address string
				ok           bool
			}{"[::]:4010", net.JoinHostPort(ip.IP.String(), "4010"), false})
		}
	}
	for _, c := range cases {
		caller := newCaller(t, everything)
		caller.Own(tcp(c.own))
		caller.Own(tcp("127.0.0.1:5000")) // another does not take the first one's place
		caller.Own(&net.UnixAddr{Name: "/run/x", Net: "unix"})
		err := caller.Check(c.address)
		if (err == nil) != c.ok {
			t.Errorf("own %s, %s: %v, want allowed %v", c.own, c.address, err, c.ok)
		}
		if err != nil && !strings.Contains(err.Error(), "own address") {
			t.Errorf("own %s, %s: %v: says nothing of an own address", c.own, c.address, err)
		}
	}
}
