package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"
)

// callsCmd reads the calls that a running server keeps.
type callsCmd struct {
	Follow bool `short:"f" xor:"follow-har,follow-explain" help:"Print the calls as they come, until Ctrl+C; those before with --limit or --since."`

	Mock    string `placeholder:"ID|SLUG|NAME" group:"Which calls:" help:"Only those of this mock (all)."`
	Status  string `placeholder:"404|4xx" group:"Which calls:" help:"Only those with this status, or of this class."`
	Method  string `placeholder:"METHOD" group:"Which calls:" help:"Only those with this method."`
	Path    string `placeholder:"PATH" group:"Which calls:" help:"Only those of this path, without the query; case does not count."`
	Session string `placeholder:"NAME" group:"Which calls:" help:"Only those of this session (x-mimus-session)."`
	Text    string `placeholder:"TEXT" group:"Which calls:" help:"Only those with this text in path, query or bodies."`
	Since   string `placeholder:"10m|TIME" group:"Which calls:" help:"Only those from then on: 10m, 2h or 3d ago, 15:04 of today, 2026-01-31T12:00:00Z."`
	Limit   int    `placeholder:"N" group:"Which calls:" help:"At most so many, the newest (100, at most 10000)."`

	JSON    bool   `name:"json" xor:"json-har" group:"What is printed:" help:"All of each call, headers and bodies too, as a line of JSON."`
	HAR     string `name:"har" placeholder:"FILE|-" xor:"follow-har,json-har,har-explain" group:"What is printed:" help:"Write them as a recording (HAR 1.2); - is standard output."`
	Explain string `placeholder:"ID|last" xor:"follow-explain,har-explain" group:"What is printed:" help:"Tell why this call was answered so, and what the mock would do now; last is the newest one."`

	Server string `env:"MIMUS_SERVER" default:"http://127.0.0.1:4010" placeholder:"URL" group:"Where they are:" help:"The running server (http://127.0.0.1:4010)."`
	Key    string `env:"MIMUS_KEY" placeholder:"KEY" group:"Where they are:" help:"A key of the scope view, where the server needs one; others see a command line, so MIMUS_KEY is the better place."`
}

// The bounds of a list.
const (
	usualCalls = 100
	mostCalls  = 10_000
	callsPage  = 1000
)

// Run prints calls.
func (c *callsCmd) Run(ctx context.Context, s streams) error {
	if c.Limit < 0 || c.Limit > mostCalls {
		return exitCode{exitUnreadable, fmt.Errorf("--limit takes a number from 1 to %d", mostCalls)}
	}
	filter, err := c.filter(time.Now())
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	server, err := newRemote(c.Server, c.Key)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	mocks, err := server.mocks(ctx)
	if err != nil {
		return ended(ctx, err)
	}
	r := &callReader{remote: server, filter: filter, mocks: mocks, err: s.err, only: len(mocks) == 1}
	if c.Mock != "" {
		if r.mock, err = findMock(mocks, c.Mock); err != nil {
			return err
		}
		r.only = true
	}
	return ended(ctx, c.read(ctx, r, s))
}

// ended is the error of a command that its user may have ended.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (c *callsCmd) read(ctx context.Context, r *callReader, s streams) error {
	p := &callPrinter{w: s.out, json: c.JSON, colour: colours(s.out), now: time.Now}
	if !r.only {
		p.mock = func(id string) string { return r.mockCalled(ctx, id) }
	}
	limit := cmp.Or(c.Limit, usualCalls)
	switch {
	case c.HAR != "":
		return r.record(ctx, c.HAR, c.Limit, s)
	case c.Explain != "":
		return r.explain(ctx, c.Explain, p)
	case c.Follow:
		if c.Limit == 0 && c.Since == "" {
			limit = 0
		}
		f := &follower{callReader: r, printer: p, wait: firstWait, silence: longestSilence}
		return f.run(ctx, limit)
	}
	calls, err := r.list(ctx, limit, c.JSON)
	for i := range calls {
		if err := p.print(&calls[i]); err != nil {
			return err
		}
	}
	if err == nil && len(calls) == 0 {
		fmt.Fprintln(s.err, r.nothing())
	}
	return err
}

// filter is what the flags choose, as the API takes it.
func (c *callsCmd) filter(now time.Time) (url.Values, error) {
	q := url.Values{}
	for name, value := range map[string]string{
		"status": c.Status, "method": c.Method, "path": c.Path, "session": c.Session, "text": c.Text,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if c.Since != "" {
		t, err := readTime(c.Since, now)
		if err != nil {
			return nil, err
		}
		q.Set("since", t.UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	return q, nil
}

// callReader reads calls of a server.
type callReader struct {
	*remote
	filter url.Values
	mocks  []remoteMock
	mock   *remoteMock // nil: all
	only   bool        // all calls are of one mock
	err    io.Writer
	asked  map[string]bool // unknown mocks that were asked for
}

// path is the address of the calls.
func (r *callReader) path() string {
	if r.mock != nil {
		return "/mocks/" + url.PathEscape(r.mock.ID) + "/calls"
	}
	return "/calls"
}

// mockCalled is what a mock is called. One that was made since is asked for,
// once.
func (r *callReader) mockCalled(ctx context.Context, id string) string {
	for round := 0; ; round++ {
		for i := range r.mocks {
			if r.mocks[i].ID == id {
				return r.mocks[i].called()
			}
		}
		if round > 0 || r.asked[id] || len(r.asked) > 1000 {
			return id
		}
		if r.asked == nil {
			r.asked = map[string]bool{}
		}
		r.asked[id] = true
		if mocks, err := r.remote.mocks(ctx); err == nil {
			r.mocks = mocks
		}
	}
}

// callPage is a part of a list.
type callPage struct {
	Calls []remoteCall `json:"calls"`
	Meta  struct {
		Next    string    `json:"nextCursor"`
		Scanned time.Time `json:"scannedTo"`
	} `json:"meta"`
}

// list gives the newest calls, the oldest of them first. A search for a text
// comes in parts, some of them empty. What was found stands beside an error.
func (r *callReader) list(ctx context.Context, limit int, full bool) ([]remoteCall, error) {
	q := clone(r.filter)
	if full {
		q.Set("include", "messages")
	}
	var calls []remoteCall
	for len(calls) < limit {
		q.Set("limit", strconv.Itoa(min(callsPage, limit-len(calls))))
		var page callPage
		if err := r.get(ctx, r.path(), q, &page); err != nil {
			slices.Reverse(calls)
			return calls, err
		}
		calls = append(calls, page.Calls...)
		if page.Meta.Next == "" || page.Meta.Next == q.Get("cursor") {
			break
		}
		q.Set("cursor", page.Meta.Next)
	}
	calls = calls[:min(len(calls), limit)]
	slices.Reverse(calls)
	return calls, nil
}

// nothing tells that there are no calls.
func (r *callReader) nothing() string {
	switch {
	case len(r.filter) > 0:
		return "No call is like that; with fewer filters there may be some."
	case r.mock != nil:
		return "There are no calls of this mock."
	}
	return "There are no calls yet."
}

// one is the mock whose calls are meant where it has to be a single one.
func (r *callReader) one() (*remoteMock, error) {
	switch {
	case r.mock != nil:
		return r.mock, nil
	case len(r.mocks) == 1:
		return &r.mocks[0], nil
	case len(r.mocks) == 0:
		return nil, errors.New("there are no mocks")
	}
	return nil, exitCode{exitUnreadable, fmt.Errorf("--har writes the calls of one mock; name it with --mock: %s", mockNames(r.mocks))}
}

// record writes the calls as a recording.
func (r *callReader) record(ctx context.Context, name string, limit int, s streams) error {
	m, err := r.one()
	if err != nil {
		return err
	}
	q := clone(r.filter)
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	res, err := r.open(ctx, "/mocks/"+url.PathEscape(m.ID)+"/calls/har", q, http.Header{})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if name == "-" {
		return r.copied(ctx, s.out, res.Body)
	}
	// Not for others: it has what clients sent.
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("--har: %w", err)
	}
	err = r.copied(ctx, f, res.Body)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("--har: %s is not whole: %w", name, err)
	}
	fmt.Fprintf(s.err, "%s: the calls of %s\n", name, plain(m.called()))
	return nil
}

func (r *callReader) copied(ctx context.Context, w io.Writer, body io.Reader) error {
	_, err := io.Copy(w, body)
	if ctx.Err() != nil {
		return errors.New("it was interrupted")
	}
	return err
}

func clone(q url.Values) url.Values {
	out := url.Values{}
	for name, values := range q {
		out[name] = slices.Clone(values)
	}
	return out
}
