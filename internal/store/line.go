package store

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// The times of connections. A connection that is dead, because the other end
// went away without a word, is noticed within keepIdle + keepCount * keepEvery;
// where something is on its way that nobody takes, within ackTime.
const (
	connectTime = 10 * time.Second // of the first one
	keepIdle    = 5 * time.Second
	keepEvery   = 2 * time.Second
	keepCount   = 3
	ackTime     = 10 * time.Second
)

// What is sent at a time, and what the system takes of it before the other end
// has: so little that a slow connection is not taken for a silent one.
const (
	lineStep   = 64 << 10
	lineBuffer = 1 << 20
)

// line is a connection that knows how long it has been silent.
type line struct {
	net.Conn
	made    time.Time
	waiting atomic.Int32 // reads and writes that have begun
	moved   atomic.Int64 // when the last one began or got on, in nanoseconds since it was made
}

// dialLine connects; it is for pgconn.
func dialLine(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepIdle, Interval: keepEvery, Count: keepCount},
		Control:         giveUpUnheard,
	}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(lineBuffer) // it works without, too
	}
	return &line{Conn: conn, made: time.Now()}, nil
}

func (l *line) got() { l.moved.Store(int64(time.Since(l.made))) }

// Read reads what there is.
func (l *line) Read(p []byte) (int, error) {
	l.got()
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	defer l.got()
	return l.Conn.Read(p)
}

// Write writes all, step by step.
func (l *line) Write(p []byte) (n int, err error) {
	l.got()
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	for err == nil && n < len(p) {
		var m int
		m, err = l.Conn.Write(p[n:min(n+lineStep, len(p))])
		n += m
		l.got()
	}
	return n, err
}

// quiet is how long who waits has waited; 0 where nobody does.
func (l *line) quiet() time.Duration {
	if l.waiting.Load() == 0 {
		return 0
	}
	return time.Since(l.made) - time.Duration(l.moved.Load())
}

// lineOf finds the line below a connection, which may be encrypted; nil: there
// is none.
func lineOf(conn net.Conn) *line {
	for {
		switch c := conn.(type) {
		case *line:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}
