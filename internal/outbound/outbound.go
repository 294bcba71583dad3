// Package outbound makes calls to the outside, within the rules of the server.
// Whatever a name resolves to is judged when it is dialled, so that neither a
// redirect nor a resolver that changes its mind leads anywhere else.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	dialTimeout  = 10 * time.Second
	maxRedirects = 5
)

// Caller makes calls. It may be used from several goroutines.
type Caller struct {
	closed    bool
	allow     allowed
	log       *slog.Logger
	transport *http.Transport

	mu  sync.RWMutex
	own map[netip.AddrPort]bool
}

// New makes a caller. The error is an entry of r.Allow that can't be read. What
// is refused is logged, unless log is nil.
func New(r Rules, log *slog.Logger) (*Caller, error) {
	allow, err := parseAllowed(r.Allow)
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Caller{closed: r.Closed, allow: allow, log: log, own: make(map[netip.AddrPort]bool)}
	// There is no Proxy: behind one, its address would be judged in place of
	// the target's.
	c.transport = &http.Transport{
		DialContext:            c.dial,
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		MaxIdleConns:           100,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
	return c, nil
}

// Own tells the address of a listener of ours, which is never called, whatever
// the rules allow. An unspecified address stands for its port on every address
// of this machine, a loopback address for its port on all of loopback.
// Addresses that are not of TCP are left out.
func (c *Caller) Own(addr net.Addr) {
	p, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return
	}
	p = netip.AddrPortFrom(p.Addr().Unmap().WithZone(""), p.Port())
	c.mu.RLock()
	known := c.own[p]
	c.mu.RUnlock()
	if !known {
		c.mu.Lock()
		c.own[p] = true
		c.mu.Unlock()
	}
}

// Client makes a client whose calls, redirects included, take at most timeout,
// 0 for no limit. It follows at most 5 redirects. How much of an answer is read
// is for who reads it. All clients of a caller share their connections.
func (c *Caller) Client(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: c.transport, CheckRedirect: checkRedirect}
}

// errRedirect is why a redirect is not followed.
type errRedirect string

func (e errRedirect) Error() string { return string(e) }

func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirect(fmt.Sprintf("more than %d redirects", maxRedirects))
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return errRedirect("a redirect to a URL that is not http or https")
	}
	// net/http keeps credentials for subdomains, for another scheme or port,
	// knows nothing of x-api-key, and tells whence it comes with the query.
	if first := via[0].URL; !sameOrigin(first, req.URL) {
		for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "Referer"} {
			req.Header.Del(name)
		}
	}
	return nil
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// Refusal is the error for an address that must not be called.
type Refusal struct {
	Host string     // that was asked for: a name or an address
	Addr netip.Addr // that it resolves to
	Own  bool       // it is a listener of ours
	Kind string     // else: "a loopback address", "a public address"
}

// Error names the setting that allows the call, where one does.
func (r *Refusal) Error() string {
	what := r.Addr.String()
	if r.Host != what {
		what = fmt.Sprintf("%s (%s)", r.Host, r.Addr)
	}
	if r.Own {
		return what + " is this server's own address"
	}
	return fmt.Sprintf("%s is %s; --allow-outbound %s allows it", what, r.Kind, r.Host)
}

// Check judges an address with its port. The error is a *[Refusal], unless the
// address can't be read.
func (c *Caller) Check(address string) error {
	p, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return c.judge(p.Addr().String(), p)
}

// dial connects. The dialer's control sees each address that the name has
// resolved to, before anything is sent to it.
func (c *Caller) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTimeout, Control: func(_, resolved string, _ syscall.RawConn) error {
		p, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return err
		}
		err = c.judge(host, p)
		if err != nil {
			c.log.Warn("a call to the outside was refused", slog.String("host", host), slog.String("address", resolved), slog.String("reason", err.Error()))
		}
		return err
	}}
	return d.DialContext(ctx, network, address)
}

// judge refuses our own listeners first: nothing allows them.
func (c *Caller) judge(host string, p netip.AddrPort) error {
	refusal := &Refusal{Host: host, Addr: p.Addr().Unmap()}
	if c.isOwn(p) {
		refusal.Own = true
		return refusal
	}
	if c.allow.hosts[hostName(host)] || c.allow.address(p.Addr()) {
		return nil
	}
	refusal.Kind = special(p.Addr())
	if refusal.Kind == "" && c.closed {
		refusal.Kind = "a public address"
	}
	if refusal.Kind == "" {
		return nil
	}
	return refusal
}

// isOwn reports whether a call to an address would reach a listener of ours.
func (c *Caller) isOwn(p netip.AddrPort) bool {
	a := carried(p.Addr())
	loopback := a.IsLoopback() || a.IsUnspecified() // connecting to the unspecified address reaches loopback
	c.mu.RLock()
	defer c.mu.RUnlock()
	for own := range c.own {
		if own.Port() != p.Port() {
			continue
		}
		switch {
		case own.Addr() == a, loopback && own.Addr().IsLoopback():
			return true
		case own.Addr().IsUnspecified() && (loopback || isLocal(a)):
			return true
		}
	}
	return false
}

// isLocal reports whether an address is one of this machine's. Where they can't
// be told, every address is taken for one.
func isLocal(a netip.Addr) bool {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, l := range list {
		if p, err := netip.ParsePrefix(l.String()); err == nil && p.Addr().Unmap().WithZone("") == a {
			return true
		}
	}
	return false
}

// reason is an error of a client in short, without the URL, which may hold
// credentials.
func reason(err error) string {
	var (
		refusal  *Refusal
		redirect errRedirect
		failed   *url.Error
		op       *net.OpError
	)
	switch {
	case errors.As(err, &refusal):
		return refusal.Error()
	case errors.As(err, &redirect):
		return "the server answers with " + redirect.Error()
	}
	if errors.As(err, &failed) {
		if failed.Timeout() {
			return "no answer in time"
		}
		err = failed.Err
	}
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	if strings.Contains(err.Error(), "Location header") { // net/http quotes it
		return "the server answers with a redirect that can't be read"
	}
	return err.Error()
}
