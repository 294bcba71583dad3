package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// CallbackPolicy tells where callbacks may go.
type CallbackPolicy uint8

// The policies: to loopback only, the default; to loopback and public
// addresses; nowhere. Our own listener is never called.
const (
	CallbacksLocal CallbackPolicy = iota
	CallbacksAny
	CallbacksOff
)

const (
	callbackQueue   = 1000
	callbackWorkers = 4
	callbackTimeout = 10 * time.Second
)

// Outbound sends callbacks behind the answers: it never blocks one.
type Outbound struct {
	policy CallbackPolicy
	log    *slog.Logger
	client *http.Client
	queue  chan engine.Callback
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.RWMutex
	self   netip.AddrPort
	closed bool
}

// NewOutbound makes a sender. Start begins to send.
func NewOutbound(policy CallbackPolicy, log *slog.Logger) *Outbound {
	o := &Outbound{policy: policy, log: log, queue: make(chan engine.Callback, callbackQueue)}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	dialer := &net.Dialer{Timeout: callbackTimeout, Control: func(_, address string, _ syscall.RawConn) error { return o.allowed(address) }}
	o.client = &http.Client{
		Timeout:       callbackTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return o
}

// Own tells the address that must not be called.
func (o *Outbound) Own(a net.Addr) {
	if p, err := netip.ParseAddrPort(a.String()); err == nil {
		o.mu.Lock()
		o.self = p
		o.mu.Unlock()
	}
}

// allowed judges the address that a name has resolved to, when it is dialled.
func (o *Outbound) allowed(address string) error {
	p, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := p.Addr().Unmap()
	o.mu.RLock()
	self := o.self
	o.mu.RUnlock()
	if p.Port() == self.Port() && (ip == self.Addr().Unmap() || self.Addr().IsUnspecified() || ip.IsLoopback()) {
		return errors.New("it is this server's own address")
	}
	if ip.IsLoopback() {
		return nil
	}
	if o.policy == CallbacksAny && ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
		return nil
	}
	if o.policy == CallbacksAny {
		return fmt.Errorf("%s is neither loopback nor public", ip)
	}
	return fmt.Errorf("%s is not loopback; --callbacks any allows public addresses", ip)
}

// Start begins to send what is queued.
func (o *Outbound) Start() {
	if o.policy == CallbacksOff {
		return
	}
	for range callbackWorkers {
		o.wg.Add(1)
		go func() {
			defer o.wg.Done()
			for c := range o.queue {
				o.deliver(c)
			}
		}()
	}
}

// Send queues callbacks; when the queue is full they are dropped, with a line.
func (o *Outbound) Send(list []engine.Callback) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if o.closed || o.policy == CallbacksOff {
		return
	}
	for _, c := range list {
		select {
		case o.queue <- c:
		default:
			o.log.Warn("a callback was dropped: too many are waiting", slog.String("callback", c.Name), slog.String("url", c.URL))
		}
	}
}

func (o *Outbound) deliver(c engine.Callback) {
	req, err := http.NewRequestWithContext(o.ctx, c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		o.log.Warn("a callback can't be sent", slog.String("callback", c.Name), slog.String("url", c.URL), slog.String("reason", err.Error()))
		return
	}
	req.Header = c.Header
	req.Header.Set("User-Agent", "mimus")
	res, err := o.client.Do(req)
	if err != nil {
		o.log.Warn("a callback was not delivered", slog.String("callback", c.Name), slog.String("method", c.Method), slog.String("url", c.URL), slog.String("reason", err.Error()))
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	_ = res.Body.Close()
	o.log.Info("a callback was delivered", slog.String("callback", c.Name), slog.String("method", c.Method), slog.String("url", c.URL), slog.Int("status", res.StatusCode))
}

// Stop lets the queue run empty until ctx ends, then gives up.
func (o *Outbound) Stop(ctx context.Context) {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return
	}
	o.closed = true
	close(o.queue)
	o.mu.Unlock()
	done := make(chan struct{})
	go func() { o.wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
	o.cancel()
	o.wg.Wait()
	o.client.CloseIdleConnections()
}
