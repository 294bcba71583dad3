package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mimus-dev/mimus/internal/outbound"
)

// origins is a set of URL origins (RFC 6454).
type origins struct {
	mu  sync.Mutex
	set map[string]bool // host:port and scheme://host:port
}

func (o *origins) add(u *url.URL) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.set == nil {
		o.set = make(map[string]bool)
	}
	o.set[originOf(u)] = true
	o.set[hostPort(u)] = true
}

func (o *origins) has(name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.set[name]
}

func originOf(u *url.URL) string { return strings.ToLower(u.Scheme) + "://" + hostPort(u) }

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// refuseURL tells why a reference to a URL is not followed, nil where it is.
func (l *Loader) refuseURL(from *File, target *url.URL) error {
	if l.cfg.AllowRemote || l.typed.has(originOf(target)) {
		return nil
	}
	return fileError(from.Name, "reference-remote", "the reference leads to another origin: "+target.String(), "allow it with --allow-remote-refs", nil)
}

var errOrigin = errors.New("redirect to another origin")

// maxRedirects is that of browsers' fetch (20), halved as net/http does.
const maxRedirects = 10

// newClient makes a client that checks each redirect as a reference, and each
// address unless the given client has its own transport.
func newClient(given *http.Client, l *Loader) *http.Client {
	client := &http.Client{Timeout: 10 * time.Second}
	if given != nil {
		copied := *given
		client = &copied
	}
	if given == nil {
		transport := &http.Transport{
			DialContext:           l.dial,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 10 * time.Second,
			ForceAttemptHTTP2:     true,
			MaxIdleConnsPerHost:   4,
			IdleConnTimeout:       5 * time.Second,
		}
		client.Transport = transport
	}
	client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) >= maxRedirects {
			return fmt.Errorf("more than %d redirects", maxRedirects)
		}
		if !l.cfg.AllowRemote && !l.typed.has(originOf(req.URL)) {
			return fmt.Errorf("%w: %s", errOrigin, req.URL)
		}
		return nil
	}
	return client
}

// dial connects to a host that a person typed, or to a public address. The
// address is checked after it was resolved, so that a name can't hide one.
func (l *Loader) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	if !l.typed.has(strings.ToLower(address)) {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if !isPublic(ap.Addr()) {
				return fmt.Errorf("%w: %s", errPrivate, ap.Addr())
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, address)
}

var errPrivate = errors.New("the address is not public")

func isPublic(a netip.Addr) bool { return outbound.Public(a) }

func (l *Loader) fetchURL(ctx context.Context, src source) (fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Limits.Time)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, src.url.String(), nil)
	if err != nil {
		return fetched{}, fileError(src.name, "reference-invalid", "the URL can't be read: "+err.Error(), "", err)
	}
	req.Header.Set("Accept", "application/json, application/yaml;q=0.9, */*;q=0.5")
	resp, err := l.client.Do(req)
	if err != nil {
		return fetched{}, remoteError(src.name, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, resp.Body, 4096)
		return fetched{}, fileError(src.name, "file-missing", "the server answers "+resp.Status, "check the URL", nil)
	}
	text, err := l.readAll(resp.Body, max(resp.ContentLength, 0), src)
	if err != nil {
		return fetched{}, err
	}
	final := *resp.Request.URL
	final.Fragment, final.RawFragment = "", ""
	return fetched{text, final.String()}, nil
}

func remoteError(name string, err error) *FileError {
	var urlErr *url.Error
	cause := err
	if errors.As(err, &urlErr) {
		cause = urlErr.Err
	}
	switch {
	case errors.Is(err, errOrigin):
		return fileError(name, "reference-remote", "the server answers with a "+cause.Error(), "open that URL itself or allow it with --allow-remote-refs", err)
	case errors.Is(err, errPrivate):
		return fileError(name, "reference-private", "the reference leads into a private network: "+cause.Error(), "download the file and refer to it by its path", err)
	}
	return fileError(name, "file-unreadable", "the URL can't be fetched: "+cause.Error(), "", err)
}
