package node

import (
	"net"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// mode is what a proxy does with connections.
type mode int

const (
	pass mode = iota
	cut       // closes those that there are, and new ones
	hang      // takes what is sent, and hands nothing on
	lose      // hangs, and those that there are stay so for good
	slow      // hands on with a delay each way, and not much at a time
)

// What slow connections are like.
const (
	slowDelay = 40 * time.Millisecond
	slowPart  = 32 << 10 // bytes for each delay
)

// proxy stands between a node and its database, and is what is wrong with the
// network.
type proxy struct {
	listener net.Listener
	target   string
	wg       sync.WaitGroup
	lost     atomic.Int64 // parts of what was sent

	mu    sync.Mutex
	mode  mode
	losts int // how often connections were lost
	conns map[net.Conn]struct{}
}

// throughProxy gives a database of a test's own, its URL as it is and by a proxy.
func throughProxy(t *testing.T) (p *proxy, direct, proxied string) {
	t.Helper()
	base := os.Getenv("MIMUS_TEST_POSTGRES")
	if base == "" {
		t.Skip("MIMUS_TEST_POSTGRES is not set")
	}
	direct = schemaOf(t, base)
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	p = &proxy{target: u.Host, conns: map[net.Conn]struct{}{}}
	if p.listener, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p.wg.Go(p.accept)
	t.Cleanup(func() {
		_ = p.listener.Close()
		p.set(cut)
		p.wg.Wait()
	})
	u.Host = p.listener.Addr().String()
	return p, direct, u.String()
}

func (p *proxy) set(m mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
	switch m {
	case cut:
		for c := range p.conns {
			_ = c.Close()
		}
	case lose:
		p.losts++
	}
}

// now is what it does with a connection that was made after so many losses.
func (p *proxy) now(losts int) mode {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.losts != losts && p.mode != cut {
		return hang
	}
	return p.mode
}

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() { p.join(in) })
	}
}

func (p *proxy) join(in net.Conn) {
	out, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = in.Close()
		return
	}
	losts, ok := p.add(in, out)
	if !ok {
		_ = in.Close()
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { p.copy(in, out, losts) })
	wg.Go(func() { p.copy(out, in, losts) })
	wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, in)
	delete(p.conns, out)
}

func (p *proxy) add(conns ...net.Conn) (losts int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if p.mode == cut {
			_ = c.Close()
			continue
		}
		p.conns[c] = struct{}{}
	}
	return p.losts, p.mode != cut
}

func (p *proxy) copy(to, from net.Conn, losts int) {
	defer func() { _, _ = to.Close(), from.Close() }()
	part := make([]byte, slowPart)
	for {
		n, err := from.Read(part)
		m := p.now(losts)
		if m == slow {
			time.Sleep(slowDelay) // the delay is what it is for
		}
		if n > 0 && (m == pass || m == slow) {
			if _, err := to.Write(part[:n]); err != nil {
				return
			}
		} else if n > 0 {
			p.lost.Add(1)
		}
		if err != nil {
			return
		}
	}
}

// away waits until a node knows that its store is out of reach.
func away(t *testing.T, s *store.Store) {
	t.Helper()
	within(t, waitMost, "that the store is out of reach", func() bool { _, err := s.Healthy(); return err != nil })
}
