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
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/outbound"
)

// CallbackPolicy tells where callbacks may go.
type CallbackPolicy uint8

// The policies: to loopback only, the default; to loopback and public
// addresses; nowhere. Our own listeners are never called.
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
	caller *outbound.Caller
	client *http.Client
	queue  chan engine.Callback
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.RWMutex
	closed bool
}

// NewOutbound makes a sender. Start begins to send.
func NewOutbound(policy CallbackPolicy, log *slog.Logger) *Outbound {
	o := &Outbound{policy: policy, log: log, queue: make(chan engine.Callback, callbackQueue)}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	var err error
	// What is refused is logged with its callback, by deliver.
	o.caller, err = outbound.New(outbound.Rules{Allow: []string{"127.0.0.0/8", "::1"}, Closed: policy != CallbacksAny}, nil)
	if err != nil {
		panic(err) // the list is the one above
	}
	o.client = o.caller.Client(callbackTimeout)
	o.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return o
}

// Own tells the address of a listener of ours, which must not be called.
func (o *Outbound) Own(a net.Addr) { o.caller.Own(a) }

// reason says why a callback was not delivered, with the setting for callbacks
// in place of the one for all other calls.
func (o *Outbound) reason(err error) string {
	var refusal *outbound.Refusal
	switch {
	case !errors.As(err, &refusal):
		return err.Error()
	case refusal.Own:
		return refusal.Error()
	case o.policy == CallbacksAny:
		return fmt.Sprintf("%s is neither loopback nor public", refusal.Addr)
	}
	return fmt.Sprintf("%s is not loopback; --callbacks any allows public addresses", refusal.Addr)
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
	outbound.Strip(req.Header)
	req.Header.Set("User-Agent", "mimus")
	res, err := o.client.Do(req)
	if err != nil {
		o.log.Warn("a callback was not delivered", slog.String("callback", c.Name), slog.String("method", c.Method), slog.String("url", c.URL), slog.String("reason", o.reason(err)))
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
