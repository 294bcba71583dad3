package calls

// This file is on the hot path.

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// Capture keeps the beginning of a body while it is read.
type Capture struct {
	io.ReadCloser
	keep bool
	seen []byte
	size int64
}

// CaptureBody has the beginning of a request's body kept, or only its size.
func CaptureBody(r *http.Request, keep bool) {
	if r.Body != nil && r.ContentLength != 0 {
		r.Body = &Capture{ReadCloser: r.Body, keep: keep}
	}
}

func (c *Capture) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.keep && n > 0 && len(c.seen) < MaxBody {
		c.seen = append(c.seen, p[:min(n, MaxBody-len(c.seen))]...)
	}
	c.size += int64(n)
	return n, err
}

// rest reads what is kept of a body that nobody read, where it is on its way: a
// client that waits for an answer first must not wait for ever.
func (c *Capture) rest(r *http.Request) {
	if c.keep && c.size < min(r.ContentLength, MaxBody) && r.Header["Expect"] == nil {
		_, _ = io.CopyN(io.Discard, c, min(r.ContentLength, MaxBody)-c.size) // what can't be read isn't kept
	}
}

// packed reports whether a body is compressed: nobody can read it in a log, nor
// can what is secret be found in it.
func packed(contentEncoding string) bool {
	return contentEncoding != "" && !strings.EqualFold(contentEncoding, "identity")
}

// Keep says what is kept of a mock's calls.
type Keep struct {
	Bodies bool
	Redact []string // names of headers and query parameters, beside the usual ones
}

// Of makes the record of an exchange, with which it shares memory; its request's
// body went through CaptureBody.
func Of(mock string, keep Keep, r *http.Request, req *engine.Request, res *engine.Response, took time.Duration, now time.Time) *Record {
	c := &Record{
		At: now.Truncate(time.Millisecond), Mock: mock, Session: session(r), Client: r.RemoteAddr, Redact: keep.Redact,
		Method: req.Method, Path: req.Path, Query: req.RawQuery, RequestHeader: r.Header,
		Status: res.Status, ResponseHeader: res.Fields, ResponseSize: int64(len(res.Body)),
		Took: took + res.Delay, Type: Success, Name: res.Example, Responder: res.Responder, Operation: res.Operation, Trace: res.Trace,
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if c.Name == "" {
		c.Name = res.Operation
	}
	if body, ok := r.Body.(*Capture); ok {
		body.rest(r)
		c.RequestSize = max(body.size, r.ContentLength)
		if !packed(r.Header.Get("Content-Encoding")) {
			c.RequestBody = body.seen
		}
	}
	if keep.Bodies && !packed(res.Get("Content-Encoding")) {
		c.ResponseBody = res.Body[:min(len(res.Body), MaxBody)]
	}
	if res.Mistake != "" {
		c.Type, c.Name = Error, res.Mistake
	}
	return c
}

// maxSession bounds the name of a session, in bytes.
const maxSession = 128

// session is the session that a call says it is of.
func session(r *http.Request) string {
	name := ""
	if h := r.Header["X-Mimus-Session"]; len(h) > 0 {
		name = h[0]
	} else if len(r.Header["Cookie"]) > 0 {
		if c, err := r.Cookie("mimus_session"); err == nil {
			name = c.Value
		}
	}
	return name[:min(len(name), maxSession)]
}
