package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// clientsPerNode bounds the calls that wait for one node.
const clientsPerNode = 8

// callLimit is when a client gives a call up.
const callLimit = 10 * time.Second

// outcome is how a call ended.
type outcome uint8

const (
	unsent   outcome = iota // nobody took the connection
	cut                     // it was sent, or a part of it; no whole answer came
	answered                // a whole answer came
)

// call is one call of a mock, as its client saw it. Times count from the start
// of the trial.
type call struct {
	number  int
	node    int
	mock    int
	phase   int
	sent    time.Duration
	done    time.Duration // when the answer was there, or it was given up
	outcome outcome
	status  int
	version int // of the collection that answered; 0: none
	torn    bool
	fault   string // what is wrong with the answer, by itself
}

// load is what the clients share. Each number is taken once.
type load struct {
	world    *world
	began    time.Time
	rate     int // calls a second of all clients
	next     atomic.Int64
	phase    atomic.Int64 // what the trial is at
	answered atomic.Int64
	failed   atomic.Int64 // calls to nodes that live, without an answer
	wg       sync.WaitGroup
	clients  []*client
}

func (l *load) now() time.Duration { return time.Since(l.began) }

// start starts the clients; they end with the context.
func (l *load) start(ctx context.Context, nodes [nodeCount]*node) {
	for i, n := range nodes {
		for range clientsPerNode {
			c := &client{load: l, index: i, node: n}
			l.clients = append(l.clients, c)
			l.wg.Go(func() { c.run(ctx) })
		}
	}
}

// wait waits for the clients, and gives all calls in the order of their numbers.
func (l *load) wait() []call {
	l.wg.Wait()
	calls := make([]call, l.next.Load())
	for _, c := range l.clients {
		for _, made := range c.calls {
			calls[made.number] = made
		}
	}
	return calls
}

// client makes calls one after the other on a connection of its own. It is no
// http.Client, because that one sends a request again where a connection breaks.
type client struct {
	load  *load
	index int
	node  *node
	conn  net.Conn
	read  *bufio.Reader
	calls []call
}

// run calls at an even pace. What was held up isn't caught up with.
func (c *client) run(ctx context.Context) {
	defer c.hangUp()
	every := time.Second * nodeCount * clientsPerNode / time.Duration(c.load.rate)
	next := time.Now()
	for ctx.Err() == nil {
		if wait := time.Until(next); wait > 0 {
			time.Sleep(wait)
		} else {
			next = time.Now()
		}
		next = next.Add(every)
		c.call()
	}
}

// call makes one call and keeps what came of it.
func (c *client) call() {
	l := c.load
	k := call{number: int(l.next.Add(1) - 1), node: c.index, phase: int(l.phase.Load()), sent: l.now()}
	k.mock = l.world.mockOf(k.number)
	up := c.node.up.Load()
	if err := c.exchange(&k); err != nil {
		c.hangUp()
		k.fault = err.Error()
		if up && c.node.up.Load() {
			l.failed.Add(1)
		}
	}
	k.done = l.now()
	if k.outcome == answered {
		l.answered.Add(1)
		c.saw(int64(k.version))
	}
	c.calls = append(c.calls, k)
}

func (c *client) exchange(k *call) error {
	if c.conn == nil {
		conn, err := net.DialTimeout("tcp", c.node.addr, callLimit)
		if err != nil {
			return err
		}
		c.conn, c.read = conn, bufio.NewReader(conn)
	}
	if err := c.conn.SetDeadline(time.Now().Add(callLimit)); err != nil {
		return err
	}
	w := c.load.world
	k.outcome = cut
	if _, err := fmt.Fprintf(c.conn, "GET /m/%s%s HTTP/1.1\r\nHost: %s\r\n\r\n", w.mocks[k.mock].slug, w.path(k.number), c.node.addr); err != nil {
		return err
	}
	res, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	k.outcome, k.status = answered, res.StatusCode
	if k.status != http.StatusOK {
		k.fault = fmt.Sprintf("the status is %d: %.200s", k.status, bytes.TrimSpace(body))
		return nil
	}
	k.version, k.torn, k.fault = w.read(k.number, body)
	return nil
}

// saw keeps the newest version that the node has answered with.
func (c *client) saw(version int64) {
	for {
		old := c.node.seen.Load()
		if version <= old || c.node.seen.CompareAndSwap(old, version) {
			return
		}
	}
}

func (c *client) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}
