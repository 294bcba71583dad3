package har

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// ErrNotArchive says that a document is well-formed but of another kind.
var ErrNotArchive = errors.New("not an HTTP archive")

// Detect tells by the names of a document's root members whether it is an HTTP
// archive.
func Detect(keys []string) bool {
	return slices.Contains(keys, "log") && !slices.Contains(keys, "openapi") && !slices.Contains(keys, "swagger") && !slices.Contains(keys, "info")
}

// Read reads the recording in f. Problems are collected as diagnostics; what
// is sound is read. The error is ErrNotArchive, with the place, or that of the
// context.
func Read(ctx context.Context, l *document.Loader, f *document.File) (*Archive, []document.Diagnostic, error) {
	r := &reader{loader: l, file: f.Name}
	r.diags = append(r.diags, f.Warnings...)
	log := f.Root.Get("log")
	if !log.Is(definition.Object) {
		return nil, r.diags, fmt.Errorf("%s: %w: it has no object \"log\"; save the recording as HAR from the browser's network panel or the proxy", f.Name, ErrNotArchive)
	}
	a := r.archive(ctx, &f.Root, log)
	if err := ctx.Err(); err != nil {
		return nil, r.diags, fmt.Errorf("%s: reading the recording takes too long: %w", f.Name, err)
	}
	if r.unlisted > 0 {
		r.diags = append(r.diags, document.Diagnostic{
			Severity: document.Info, Code: "more-problems", File: f.Name,
			Message: fmt.Sprintf("%d more problems are not listed", r.unlisted), Hint: "correct the first ones and check again",
		})
	}
	return a, r.diags, nil
}

// maxListed bounds the diagnostics that are listed.
const maxListed = 1000

// reader holds what one reading needs.
type reader struct {
	loader   *document.Loader
	file     string
	diags    []document.Diagnostic
	unlisted int
	entry    int // the number of the entry that is being read, 0 outside
}

// report collects a diagnostic about a value, with the entry that it is in.
func (r *reader) report(v *definition.Value, sev document.Severity, code, message, hint string) {
	if len(r.diags) >= maxListed {
		r.unlisted++
		return
	}
	if r.entry > 0 {
		message = "entry " + strconv.Itoa(r.entry) + ": " + message
	}
	r.diags = append(r.diags, r.loader.Diagnose(v, sev, code, message, hint))
}

func (r *reader) wrongType(v *definition.Value, key, want string) {
	r.report(v, document.Warning, "har-type", fmt.Sprintf("%q is %s, not %s, and is not used", key, article(v.Kind), want), "HAR 1.2 asks for "+want)
}

func (r *reader) archive(ctx context.Context, root, log *definition.Value) *Archive {
	outer := r.members(root)
	outer.kind("log", definition.Object)
	m := r.members(log)
	a := &Archive{Outer: outer.rest(), Pos: r.loader.Locate(log)}
	a.Version = m.text("version")
	a.Creator = r.tool(m.kind("creator", definition.Object))
	a.Browser = r.tool(m.kind("browser", definition.Object))
	a.Comment = m.text("comment")
	a.Pages = list(r, m, "pages", func(v *definition.Value) *Page { return r.page(v) })
	entries := m.kind("entries", definition.Array)
	switch {
	case entries == nil:
		r.report(log, document.Error, "har-entries", "the recording has no list of \"entries\"", "save it again, as HAR with content")
	case len(entries.Kids) > 0 && a.Version == "" && !log.Has("version"):
		r.report(log, document.Info, "har-version", "the recording does not name its version, it is read as HAR 1.2", "add \"version\": \"1.2\"")
	}
	if entries != nil {
		a.Entries = r.entries(ctx, entries)
	}
	a.Extra = m.rest()
	return a
}

func (r *reader) entries(ctx context.Context, v *definition.Value) []*Entry {
	out := make([]*Entry, 0, len(v.Kids))
	for i := range v.Kids {
		if i%256 == 0 && ctx.Err() != nil {
			return out
		}
		kid := &v.Kids[i]
		r.entry = i + 1
		if kid.Kind != definition.Object {
			r.report(kid, document.Warning, "har-type", "the entry is "+article(kid.Kind)+", not an object, and is left out", "an entry has a \"request\" and a \"response\"")
			continue
		}
		out = append(out, r.readEntry(kid))
	}
	r.entry = 0
	return out
}

func (r *reader) readEntry(v *definition.Value) *Entry {
	m := r.members(v)
	e := &Entry{Pos: r.loader.Locate(v), number: r.entry}
	e.Page = m.text("pageref")
	e.Started = m.text("startedDateTime")
	r.date(v, "startedDateTime")
	e.Time = m.number("time")
	if req := m.kind("request", definition.Object); req != nil {
		e.Request = r.request(req)
	}
	if res := m.kind("response", definition.Object); res != nil {
		e.Response = r.response(res)
	}
	if t := m.kind("timings", definition.Object); t != nil {
		e.Timings = r.timings(t)
	}
	e.ServerIP = m.text("serverIPAddress")
	e.Connection = m.text("connection")
	e.Extra = m.rest()
	return e
}

// date warns of a member that is no date.
func (r *reader) date(object *definition.Value, key string) {
	v := object.Get(key)
	if v == nil || v.Kind != definition.String || v.Text == "" {
		return
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00"} {
		if _, err := time.Parse(layout, v.Text); err == nil {
			return
		}
	}
	r.report(v, document.Warning, "har-date", fmt.Sprintf("%q is no date: %q", key, short(v.Text)), "write it as 2026-01-31T12:00:00.000Z; the entry is used nevertheless")
}

func (r *reader) tool(v *definition.Value) *Tool {
	if v == nil {
		return nil
	}
	m := r.members(v)
	return &Tool{Name: m.text("name"), Version: m.text("version"), Extra: m.rest()}
}

func (r *reader) page(v *definition.Value) *Page {
	m := r.members(v)
	r.date(v, "startedDateTime")
	return &Page{Started: m.text("startedDateTime"), ID: m.text("id"), Title: m.text("title"), Extra: m.rest()}
}

func (r *reader) timings(v *definition.Value) *Timings {
	m := r.members(v)
	return &Timings{
		Blocked: m.number("blocked"), DNS: m.number("dns"), Connect: m.number("connect"), Send: m.number("send"),
		Wait: m.number("wait"), Receive: m.number("receive"), SSL: m.number("ssl"), Extra: m.rest(),
	}
}

func (r *reader) request(v *definition.Value) *Request {
	m := r.members(v)
	req := &Request{Method: m.text("method"), URL: m.text("url"), HTTPVersion: m.text("httpVersion"), pos: r.loader.Locate(v)}
	if u, _ := m.find("url"); u != nil {
		req.pos = r.loader.Locate(u)
	}
	req.Cookies = list(r, m, "cookies", r.cookie)
	req.Header = list(r, m, "headers", r.pair)
	req.Query = list(r, m, "queryString", r.pair)
	if post := m.kind("postData", definition.Object); post != nil {
		req.Post = r.post(post)
	}
	req.HeadersSize, req.BodySize = m.integer("headersSize"), m.integer("bodySize")
	req.Extra = m.rest()
	return req
}

func (r *reader) post(v *definition.Value) *PostData {
	m := r.members(v)
	return &PostData{MimeType: m.text("mimeType"), Text: m.text("text"), Params: list(r, m, "params", r.param), Extra: m.rest()}
}

func (r *reader) param(v *definition.Value) Param {
	m := r.members(v)
	return Param{Name: m.text("name"), Value: m.text("value"), FileName: m.text("fileName"), ContentType: m.text("contentType"), Extra: m.rest()}
}

func (r *reader) response(v *definition.Value) *Response {
	m := r.members(v)
	res := &Response{Status: m.integer("status"), Reason: m.text("statusText"), HTTPVersion: m.text("httpVersion")}
	res.Cookies = list(r, m, "cookies", r.cookie)
	res.Header = list(r, m, "headers", r.pair)
	if c := m.kind("content", definition.Object); c != nil {
		res.Content = r.content(c)
	}
	res.RedirectURL = m.text("redirectURL")
	res.HeadersSize, res.BodySize = m.integer("headersSize"), m.integer("bodySize")
	res.Extra = m.rest()
	return res
}

func (r *reader) content(v *definition.Value) *Content {
	m := r.members(v)
	c := &Content{Size: m.integer("size"), MimeType: m.text("mimeType"), Text: m.text("text"), Encoding: m.text("encoding"), Extra: m.rest()}
	if _, err := c.Bytes(); err != nil {
		at := v.Get("text")
		if at == nil {
			at = v
		}
		r.report(at, document.Warning, "har-encoding", err.Error()+"; the text is used as it is", "save the recording again, or write the text without \"encoding\"")
	}
	return c
}

func (r *reader) pair(v *definition.Value) Pair {
	m := r.members(v)
	return Pair{Name: m.text("name"), Value: m.text("value"), Extra: m.rest()}
}

func (r *reader) cookie(v *definition.Value) *Cookie {
	m := r.members(v)
	return &Cookie{
		Name: m.text("name"), Value: m.text("value"), Path: m.text("path"), Domain: m.text("domain"), Expires: m.text("expires"),
		HTTPOnly: m.yes("httpOnly"), Secure: m.yes("secure"), Extra: m.rest(),
	}
}

// list reads an array of objects; what is no object is left out. It gives nil
// where there is no array.
func list[T any](r *reader, m *members, key string, read func(*definition.Value) T) []T {
	v := m.kind(key, definition.Array)
	if v == nil {
		return nil
	}
	out := make([]T, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		if kid.Kind != definition.Object {
			r.report(kid, document.Warning, "har-type", fmt.Sprintf("element %d of %q is %s, not an object, and is left out", i+1, key, article(kid.Kind)), "HAR 1.2 asks for objects here")
			continue
		}
		out = append(out, read(kid))
	}
	return out
}

// short cuts a text for people.
func short(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}
