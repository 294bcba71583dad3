package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// call is a GET request that can be sent again.
type call struct {
	target string // path and query
	header http.Header
}

func (c call) String() string { return "GET " + clip(c.target) }

// answer is what came back.
type answer struct {
	call   call
	status int
	header http.Header
	raw    string
	body   *value // nil where it is no JSON
	fault  string // what no answer may be; "" nothing
}

// ok tells whether it is an answer that a check can go on with.
func (a *answer) ok() bool { return a.fault == "" && a.status/100 == 2 }

// said is the answer for a line of the report.
func (a *answer) said() string {
	if a.fault != "" {
		return fmt.Sprintf("%s: %s", a.call, a.fault)
	}
	return fmt.Sprintf("%s answers %d: %s", a.call, a.status, clip(a.raw))
}

const (
	answerTime  = 10 * time.Second
	answerBytes = 20 << 20
)

// client sends requests to one server.
type client struct {
	base string // without a slash at the end
	http *http.Client
}

func newClient(base string) *client {
	return &client{base: strings.TrimSuffix(base, "/"), http: &http.Client{
		Timeout:       answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// send sends a request and judges the answer as far as all answers are alike.
func (c *client) send(ctx context.Context, q call) *answer {
	a := &answer{call: q}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+q.target, http.NoBody)
	if err != nil {
		a.fault = err.Error()
		return a
	}
	r.Header = q.header.Clone()
	res, err := c.http.Do(r)
	if err != nil {
		a.fault = err.Error()
		return a
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, answerBytes))
	a.status, a.header, a.raw = res.StatusCode, res.Header, strings.ReplaceAll(string(data), c.base, "http://mock")
	if err != nil {
		a.fault = err.Error()
		return a
	}
	a.read()
	return a
}

// read reads the body, and tells what is wrong with it.
func (a *answer) read() {
	v, err := document.ParseJSON(a.raw, 0, document.Limits{})
	if err == nil {
		a.body = &v
	}
	switch {
	case a.status >= http.StatusInternalServerError:
		a.fault = fmt.Sprintf("status %d: %s", a.status, clip(a.raw))
	case a.status/100 != 2:
	case err != nil:
		a.fault = fmt.Sprintf("status %d with a body that is no JSON: %s", a.status, clip(a.raw))
	case v.Kind != definition.Object && v.Kind != definition.Array:
		a.fault = fmt.Sprintf("status %d with a body that is neither object nor array: %s", a.status, clip(a.raw))
	}
}
