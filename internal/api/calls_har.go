package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/har"
)

// maxExported bounds a recording, in calls.
const maxExported = 10_000

// exportCalls writes the last calls as a recording (HAR 1.2), the first one
// first. It is written while it is read, so it takes little memory.
func (a *API) exportCalls(c *call) error {
	f, err := c.callsFilter()
	if err != nil {
		return err
	}
	m, err := c.mockOfCalls()
	if err != nil {
		return err
	}
	f.Mocks = []string{m.ID}
	most := maxExported
	if text := c.query("limit"); text != "" {
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > maxExported {
			return wrongParameter("limit", fmt.Sprintf("Write a whole number from 1 to %d.", maxExported))
		}
	}
	part, err := a.newest(c.Context(), f, most)
	if err != nil {
		return err
	}
	name := m.Slug
	if name == "" {
		name = "calls"
	}
	c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.har"`)
	if c.Method == http.MethodHead {
		return c.empty(http.StatusOK)
	}
	c.wrote = true
	out := bufio.NewWriterSize(c.w, 64<<10)
	w := recordingWriter{out: out, base: a.cfg.Mocks.URL(&m)}
	end := w.begin(a.cfg.Version, remark(part))
	if err := a.each(c.Context(), f, part, w.write); err != nil {
		if c.Context().Err() == nil {
			a.cfg.Log.Error("a recording was broken off", slog.String("mock", m.ID), slog.String("error", err.Error()))
		}
		panic(http.ErrAbortHandler) // half of it must not look like all of it
	}
	_, _ = out.Write(end)
	_ = out.Flush() // an error means that the client has gone
	return nil
}

// remark says what is not in a recording.
func remark(s stretch) string {
	switch {
	case !s.seen.IsZero():
		return "Older calls than those of " + isoTime(s.seen) + " were not looked at: the search took too long."
	case s.left > 0:
		return fmt.Sprintf("These are the last %d calls; %d older ones are left out.", s.n, s.left)
	}
	return ""
}

// recordingWriter writes entries into a recording.
type recordingWriter struct {
	out  io.Writer
	base string // URL of the mock
	n    int
	buf  []byte
}

// begin writes what comes before the entries; end is what comes after them.
func (w *recordingWriter) begin(version, comment string) (end []byte) {
	around := har.Archive{Creator: &har.Tool{Name: "mimus", Version: version}, Comment: comment}
	around.Complete()
	const none = `"entries": []`
	before, end, _ := bytes.Cut(around.AppendJSON(nil), []byte(none))
	_, _ = w.out.Write(append(before, none[:len(none)-1]...))
	return append([]byte("]"), end...)
}

func (w *recordingWriter) write(e *calls.Entry) error {
	one := har.Archive{Entries: []*har.Entry{recorded(e, w.base)}}
	one.Complete()
	v := one.JSON()
	w.buf = w.buf[:0]
	if w.n++; w.n > 1 {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, "\n      "...)
	w.buf = v.Get("log").Get("entries").Kids[0].AppendIndentedJSON(w.buf, "      ", "  ")
	_, err := w.out.Write(w.buf)
	return err
}

// recorded is a call as an entry of a recording.
func recorded(e *calls.Entry, base string) *har.Entry {
	req := &har.Request{
		Method: e.Method, URL: base + e.Path, HTTPVersion: "HTTP/1.1", Header: pairs(e.Request.Headers), HeadersSize: -1, BodySize: int(e.Request.Size),
	}
	if e.Query != "" {
		req.URL += "?" + e.Query
		req.Query = queryPairs(e.Query)
	}
	if e.Request.Body != "" {
		req.Post = &har.PostData{MimeType: firstOf(e.Request.Headers, "content-type"), Text: e.Request.Body}
	}
	res := &har.Response{
		Status: e.Status, Reason: http.StatusText(e.Status), HTTPVersion: "HTTP/1.1", Header: pairs(e.Response.Headers), HeadersSize: -1, BodySize: int(e.Response.Size),
		Content:     &har.Content{Size: int(e.Response.Size), MimeType: firstOf(e.Response.Headers, "content-type"), Text: e.Response.Body},
		RedirectURL: firstOf(e.Response.Headers, "location"),
	}
	req.Extra, res.Extra = bodySize(e.Request.Size), bodySize(e.Response.Size)
	ms := milliseconds(e)
	return &har.Entry{
		Started: isoTime(e.At), Time: ms, Request: req, Response: res,
		Timings: &har.Timings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1, Wait: ms},
	}
}

// bodySize says that there is no body: without it, its size would be unknown.
func bodySize(size int64) []definition.Value {
	if size > 0 {
		return nil
	}
	return []definition.Value{definition.NewInt(0).With("bodySize")}
}

func pairs(headers []calls.Header) []har.Pair {
	out := make([]har.Pair, 0, len(headers))
	for _, h := range headers {
		out = append(out, har.Pair{Name: h.Key, Value: h.Value})
	}
	return out
}

// firstOf is the first value of a header; "" where there is none.
func firstOf(headers []calls.Header, name string) string {
	for _, h := range headers {
		if h.Key == name {
			return h.Value
		}
	}
	return ""
}

// queryPairs are the parameters of a query, decoded as far as they can be.
func queryPairs(query string) (out []har.Pair) {
	plain := func(s string) string {
		if d, err := url.QueryUnescape(s); err == nil {
			return d
		}
		return s
	}
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			out = append(out, har.Pair{Name: plain(name), Value: plain(value)})
		}
	}
	return out
}
