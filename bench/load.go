package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// target is what a load client sends and what it expects back.
type target struct {
	method string
	path   string // "{n}" becomes a number that is different in each call
	among  int64  // where it isn't 0: the numbers are scattered from 1 to this one
	body   []byte
	status int
}

// runLoad is the process of the load client: it keeps connections busy for a
// while and prints how many answers a second it got; with a rate, it makes that
// many calls a second and prints the 99th percentile of how long they took, in
// microseconds. The second number is that of all answers. Any answer with another status than the expected one ends it
// with an error.
func runLoad(args []string) error {
	flags := flag.NewFlagSet("bench load", flag.ExitOnError)
	addr := flags.String("addr", "", "host:port of the server")
	method := flags.String("method", "GET", "request method")
	path := flags.String("path", "/", `request path; "{n}" becomes a number`)
	bodyFile := flags.String("body", "", "file with a JSON body")
	status := flags.Int("status", 200, "expected status")
	conns := flags.Int("conns", 64, "keep-alive connections")
	span := flags.Duration("time", 2*time.Second, "how long")
	first := flags.Int64("first", 1, "the first number")
	among := flags.Int64("among", 0, "scatter the numbers from 1 to this one; 0: they count up")
	paced := flags.Float64("rate", 0, "calls a second; 0: as many as there can be")
	_ = flags.Parse(args)

	t := target{method: *method, path: *path, status: *status, among: *among}
	if *bodyFile != "" {
		var err error
		if t.body, err = os.ReadFile(*bodyFile); err != nil {
			return err
		}
	}
	if *paced > 0 {
		p99, all, err := pace(*addr, t, *conns, *span, *first, *paced)
		if err != nil {
			return err
		}
		fmt.Printf("%d %d\n", p99.Microseconds(), all)
		return nil
	}
	rate, all, err := load(*addr, t, *conns, *span, *first)
	if err != nil {
		return err
	}
	fmt.Printf("%.1f %d\n", rate, all)
	return nil
}

// warmUp is how long calls are made before they are counted.
const warmUp = 300 * time.Millisecond

// load returns the answers per second over all connections, and how many there
// were in all.
func load(addr string, t target, conns int, span time.Duration, first int64) (rate float64, all int64, err error) {
	var (
		next     atomic.Int64
		answers  atomic.Int64
		total    atomic.Int64
		counting atomic.Bool
		stop     atomic.Bool
		workers  sync.WaitGroup
		failures = make(chan error, conns)
	)
	next.Store(first)
	for range conns {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			stop.Store(true)
			workers.Wait()
			return 0, 0, err
		}
		workers.Go(func() {
			defer func() { _ = conn.Close() }()
			c := newCaller(conn, addr, t)
			for !stop.Load() {
				if err := c.call(&next); err != nil {
					failures <- err
					stop.Store(true)
					return
				}
				total.Add(1)
				if counting.Load() {
					answers.Add(1)
				}
			}
		})
	}
	time.Sleep(warmUp)
	counting.Store(true)
	began := time.Now()
	time.Sleep(span)
	n, took := answers.Load(), time.Since(began)
	stop.Store(true)
	workers.Wait()
	select {
	case err := <-failures:
		return 0, 0, err
	default:
		return float64(n) / took.Seconds(), total.Load(), nil
	}
}

// caller makes calls on one connection.
type caller struct {
	conn   net.Conn
	read   *bufio.Reader
	before []byte // the request up to the number
	after  []byte // the rest of it
	number bool
	among  uint64
	status []byte // "200"
	buf    []byte
}

func newCaller(conn net.Conn, addr string, t target) *caller {
	head, tail, number := strings.Cut(t.path, "{n}")
	rest := tail + " HTTP/1.1\r\nHost: " + addr + "\r\nAccept: application/json\r\n"
	if t.body != nil {
		rest += "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(t.body)) + "\r\n"
	}
	return &caller{
		conn:   conn,
		read:   bufio.NewReaderSize(conn, 16<<10),
		before: []byte(t.method + " " + head),
		after:  append([]byte(rest+"\r\n"), t.body...),
		number: number,
		among:  uint64(t.among),
		status: []byte(strconv.Itoa(t.status)),
	}
}

// callLimit is how long one answer may take.
const callLimit = 10 * time.Second

func (c *caller) call(next *atomic.Int64) error {
	c.buf = append(c.buf[:0], c.before...)
	if c.number {
		c.buf = strconv.AppendInt(c.buf, scattered(next.Add(1), c.among), 10)
	}
	c.buf = append(c.buf, c.after...)
	if _, err := c.conn.Write(c.buf); err != nil {
		return err
	}
	if c.read.Buffered() == 0 {
		if err := c.conn.SetReadDeadline(time.Now().Add(callLimit)); err != nil {
			return err
		}
	}
	return c.answer()
}

// scattered gives a number from 1 to the last for each of a row of numbers:
// far from the one before, and none again until most of them were given. With
// 0 for the last it gives the number itself.
func scattered(n int64, last uint64) int64 {
	if last == 0 {
		return n
	}
	return int64(uint64(n)*0x9e3779b97f4a7c15>>32*last>>32) + 1
}

// answer reads one response and checks its status.
func (c *caller) answer() error {
	line, err := c.read.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return fmt.Errorf("no HTTP/1.1 answer: %q", line)
	}
	if !bytes.Equal(line[9:12], c.status) {
		wrong := string(bytes.TrimSpace(line))
		rest, _ := c.read.Peek(min(c.read.Buffered(), 500))
		return fmt.Errorf("%s, expected %s: %s", wrong, c.status, rest)
	}
	length, chunked := -1, false
	for {
		line, err := c.read.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case len(name) == 14 && bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		case len(name) == 17 && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	switch {
	case chunked:
		return c.chunks()
	case length < 0:
		return errors.New("an answer without a length")
	}
	_, err = c.read.Discard(length)
	return err
}

func (c *caller) chunks() error {
	for {
		line, err := c.read.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, c.read, size+2); err != nil {
			return err
		}
		if size == 0 {
			return nil
		}
	}
}
