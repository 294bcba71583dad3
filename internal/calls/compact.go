package calls

// This file is on the hot path: a call is written into one piece of memory
// without pointers, so that what a log holds costs the collector nothing. What
// is secret is left out here, so that no log ever has it.

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// appendCompact writes a record. Few have a key of ours in them, and one look at
// all of it finds out: only those are written with a look at each text.
func appendCompact(b []byte, r *Record) []byte {
	start := len(b)
	if b = appendRecord(b, r, asItIs); bytes.Contains(b[start:], []byte(keyMark)) {
		b = appendRecord(b[:start], r, withoutKeys)
	}
	return b
}

// texts are how the texts of a record are written.
type texts uint8

const (
	asItIs texts = iota
	withoutKeys
)

func (k texts) plain(s string) string {
	if k == withoutKeys {
		return HideText(s)
	}
	return s
}

func (k texts) value(name, v string, more []string) string {
	if secretName(name, more) || k == withoutKeys && keyInside(v) {
		return Redacted
	}
	return v
}

func (k texts) body(b []byte) []byte {
	if k == withoutKeys {
		return hideKeys(b)
	}
	return b
}

func appendRecord(b []byte, r *Record, keep texts) []byte {
	for _, n := range [...]int64{int64(r.seq), r.At.UnixMicro(), r.RequestSize, int64(r.Status), r.ResponseSize, int64(r.Took)} {
		b = binary.AppendVarint(b, n)
	}
	for _, s := range [...]string{
		r.Mock, keep.plain(r.Session), keep.plain(r.Method), hidePath(keep.plain(r.Path)), hideQuery(r.Query, r.Redact), r.Type, keep.plain(r.Name), r.Operation, r.Client, r.Responder,
	} {
		b = appendText(b, s)
	}
	n := 0
	for _, values := range r.RequestHeader {
		n += len(values)
	}
	b = binary.AppendUvarint(b, uint64(n))
	for name, values := range r.RequestHeader {
		for _, v := range values {
			b = appendText(appendText(b, name), keep.value(name, v, r.Redact))
		}
	}
	n = 0
	for _, f := range r.ResponseHeader {
		n += len(f.Values)
	}
	b = binary.AppendUvarint(b, uint64(n))
	for _, f := range r.ResponseHeader {
		for _, v := range f.Values {
			b = appendText(appendText(b, f.Name), keep.value(f.Name, v, r.Redact))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(r.Trace)))
	for _, l := range r.Trace {
		answered := byte(0)
		if l.Answered {
			answered = 1
		}
		b = append(appendText(appendText(b, l.Responder), keep.plain(l.Why)), answered)
	}
	for _, body := range [...][]byte{keep.body(r.RequestBody), keep.body(r.ResponseBody)} {
		b = append(binary.AppendUvarint(b, uint64(len(body))), body...)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// compactReader reads what appendCompact wrote. It panics where that was
// damaged: who reads what was stored recovers.
type compactReader struct{ b []byte }

func (c *compactReader) number() int64 {
	n, size := binary.Varint(c.b)
	c.skip(size)
	return n
}

func (c *compactReader) count() int {
	n, size := binary.Uvarint(c.b)
	c.skip(size)
	return int(n) //nolint:gosec // a length that was written from an int
}

// skip goes on after a number; there was none where its size is not positive.
func (c *compactReader) skip(size int) {
	if size <= 0 {
		panic(errBlock)
	}
	c.b = c.b[size:]
}

func (c *compactReader) bytes() []byte {
	n := c.count()
	v := c.b[:n:n]
	c.b = c.b[n:]
	return v
}

func (c *compactReader) text() string { return string(c.bytes()) }

// readCompact reads a record; its bodies share the memory.
func readCompact(b []byte) *Record {
	r, rest := readCompactHead(b)
	r.readMessages(rest)
	return r
}

// readCompactHead reads what lists are made of: most filters need no more.
func readCompactHead(b []byte) (r *Record, rest *compactReader) {
	c := &compactReader{b}
	r = &Record{}
	r.seq, r.At = uint64(c.number()), time.UnixMicro(c.number()).UTC() //nolint:gosec // written from a uint64
	r.RequestSize, r.Status, r.ResponseSize, r.Took = c.number(), int(c.number()), c.number(), time.Duration(c.number())
	for _, s := range [...]*string{&r.Mock, &r.Session, &r.Method, &r.Path, &r.Query, &r.Type, &r.Name, &r.Operation, &r.Client, &r.Responder} {
		*s = c.text()
	}
	return r, c
}

// readMessages reads what comes after the head.
func (r *Record) readMessages(c *compactReader) {
	r.RequestHeader = http.Header{}
	for range c.count() {
		name := c.text()
		r.RequestHeader[name] = append(r.RequestHeader[name], c.text())
	}
	for range c.count() {
		name := c.text()
		r.ResponseHeader = append(r.ResponseHeader, engine.Field{Name: name, Values: []string{c.text()}})
	}
	for range c.count() {
		responder := c.text()
		why := c.text()
		r.Trace = append(r.Trace, engine.TraceLine{Responder: responder, Why: why, Answered: c.b[0] == 1})
		c.b = c.b[1:]
	}
	r.RequestBody, r.ResponseBody = c.bytes(), c.bytes()
}

// head is the part of an entry that lists are made of.
func (r *Record) head(node string) *Entry {
	return &Entry{
		ID: callID(r.At, r.seq, node), At: r.At, Mock: r.Mock, Session: r.Session, Method: r.Method, Path: r.Path, Query: r.Query,
		Status: r.Status, Type: r.Type, Name: r.Name, Operation: r.Operation, Took: r.Took.Truncate(time.Microsecond),
	}
}
