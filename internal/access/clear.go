package access

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Clear tells of keys that are sent in clear over a network. It is safe for
// concurrent use.
type Clear struct {
	Log  *slog.Logger
	TLS  bool // somebody before the server ends TLS
	last atomic.Int64
}

// clearEvery is how often it is told.
const clearEvery = time.Minute

// Key looks at a request that brought a key.
func (c *Clear) Key(r *http.Request, now time.Time) {
	if c == nil || c.TLS || r.TLS != nil || isLoopback(r.RemoteAddr) {
		return
	}
	last := c.last.Load()
	if now.UnixNano()-last < int64(clearEvery) || !c.last.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	c.Log.Warn("a key was sent in clear: serve with --tls-cert and --tls-key, or behind a proxy that ends TLS and --public-url https://…",
		slog.String("from", r.RemoteAddr))
}

func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
