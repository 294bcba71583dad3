// Package server carries HTTP to the engine and back: listeners, mounts,
// reloading, shutdown.
package server

// This file is on the hot path.

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// Handler serves one mock. Its fields must not change once it serves.
type Handler struct {
	Mock   func() *engine.Mock
	Prefix string // the mount, without a trailing slash
	// Before is called with each answer as soon as it is decided, before it is
	// held back and written, if it is set. The response must not be kept.
	Before func(r *http.Request, req *engine.Request, res *engine.Response, took time.Duration)
	// Done is called after each answer, if it is set. The response must not be
	// kept.
	Done func(r *http.Request, req *engine.Request, res *engine.Response, took time.Duration)
	// LowerCase sends field names in lower case, as HTTP/2 and Prism do. It is
	// for real connections: a recorder's Header is looked up in canonical form.
	LowerCase bool
	// Callbacks takes the callbacks of an answer, if it is set.
	Callbacks func([]engine.Callback)
	// Base is the URL of the mock that links are made of; "" is what the client
	// called, with the prefix.
	Base string
	// Sandbox takes the rights on the origin away from what is answered: a
	// mock's answer is somebody's HTML, and the management is at that origin.
	Sandbox Sandbox
}

// Sandbox says which answers have no rights on their origin.
type Sandbox uint8

// The sandboxes: for nothing; for what a browser could run, but not for JSON,
// whose answers stay within eight fields, which a map takes without growing;
// for everything.
const (
	SandboxNone Sandbox = iota
	SandboxActive
	SandboxAll
)

type scratch struct {
	req engine.Request
	res engine.Response
}

// pool has what an exchange needs; it is the one thing of the package that
// lives outside of a struct, as sync.Pool asks for.
var pool = sync.Pool{New: func() any { return new(scratch) }}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.ServeAt(w, r, h.Prefix) }

// sandboxed is shared by all answers; it is not changed.
var sandboxed = []string{"sandbox allow-scripts allow-forms"}

// ServeAt answers one request to a mount.
func (h *Handler) ServeAt(w http.ResponseWriter, r *http.Request, prefix string) {
	start := time.Now()
	s := pool.Get().(*scratch)
	mock := h.Mock()
	path, query := target(r)
	s.req = engine.Request{
		Context: r.Context(), Method: r.Method, Path: strings.TrimPrefix(path, prefix), RawQuery: query,
		Header: r.Header, Body: r.Body, Length: r.ContentLength,
	}
	if mock.NamesItself() {
		if s.req.Base = h.Base; h.Base == "" {
			s.req.Base = baseURL(r) + prefix
		}
	}
	mock.Answer(&s.req, &s.res)
	if h.Before != nil {
		h.Before(r, &s.req, &s.res, time.Since(start))
	}
	if h.Sandbox == SandboxAll || h.Sandbox == SandboxActive && !isJSON(s.res.Get("Content-Type")) {
		sandbox(r, &s.res)
	}
	if s.res.Delay <= 0 || wait(r, s.res.Delay) { // else the client has gone
		if r.ContentLength != 0 {
			// else net/http reads a body that nobody read before it answers; what
			// has no connection of HTTP/1 says that it can't, and needn't
			_ = http.NewResponseController(w).EnableFullDuplex()
		}
		if s.res.Break != engine.Whole {
			writeBroken(w, r, &s.res, h.LowerCase)
		} else {
			write(w, r, &s.res, h.LowerCase)
			drain(w, r)
		}
	}
	if h.Done != nil {
		h.Done(r, &s.req, &s.res, time.Since(start))
	}
	if h.Callbacks != nil && len(s.res.Callbacks) > 0 {
		h.Callbacks(s.res.Callbacks)
	}
	broken := s.res.Break
	s.req = engine.Request{}
	s.res.Reset()
	pool.Put(s)
	if broken != engine.Whole {
		breakOff(w, broken)
	}
}

// sandbox takes an answer's rights on its origin away. A policy of its own
// stays beside ours: each that there is holds.
func sandbox(r *http.Request, res *engine.Response) {
	const policy = "Content-Security-Policy"
	values := sandboxed
	for i, f := range res.Fields {
		switch f.Name {
		case "Access-Control-Allow-Credentials":
			if ownOrigin(r) {
				res.Fields[i].Values = nil
			}
		case "Service-Worker-Allowed", "Clear-Site-Data":
			res.Fields[i].Values = nil
		case policy:
			values = append(f.Values[:len(f.Values):len(f.Values)], sandboxed...)
		}
	}
	res.Set(policy, values)
}

// isJSON reports whether a media type is JSON.
func isJSON(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.HasSuffix(t, "/json") || strings.HasSuffix(t, "+json")
}

// ownOrigin reports whether a page of the server's own origin calls.
func ownOrigin(r *http.Request) bool {
	origin := r.Header["Origin"]
	return len(origin) > 0 && strings.EqualFold(origin[0][strings.LastIndexByte(origin[0], '/')+1:], r.Host)
}

// maxDrained bounds what is read of a body that nobody wanted.
const maxDrained = 32 << 20

// drain reads what is left of a body, after the answer was sent. A connection
// that is closed with unread data is reset, and the client may never see the
// answer. A client that waits for 100 Continue has sent nothing.
func drain(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.ContentLength == 0 || r.Header["Expect"] != nil {
		return
	}
	if f, ok := w.(http.Flusher); ok {
		f.Flush() // a client may wait for the answer before it sends the rest
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrained)) // the answer is given, whatever comes
}

// target gives the path and the query as they were sent.
func target(r *http.Request) (path, query string) {
	uri := r.RequestURI
	if uri == "" || uri[0] != '/' { // made by hand, absolute form, or *
		if uri == "*" {
			return "*", ""
		}
		path = r.URL.EscapedPath()
		if path == "" {
			path = "/" // RFC 9110, 4.2.3
		}
		return path, r.URL.RawQuery
	}
	path, query, _ = strings.Cut(uri, "?")
	return path, query
}

func baseURL(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}

// wait holds the answer back; false when the client went away meanwhile.
func wait(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// write sends the answer. Errors of writing mean that the client has gone.
func write(w http.ResponseWriter, r *http.Request, res *engine.Response, lower bool) {
	header := w.Header()
	for _, f := range res.Fields {
		if f.Values == nil {
			continue
		}
		if lower {
			if f.Name == "Content-Type" {
				header[f.Name] = nil // keeps net/http from guessing one
			}
			header[lowerName(f.Name)] = f.Values
			continue
		}
		header[f.Name] = f.Values
	}
	if res.Items != nil {
		writeItems(w, res)
		return
	}
	body := res.Body
	if bodiless(res.Status) {
		w.WriteHeader(res.Status)
		return
	}
	if len(body) >= minCompressed && acceptsGzip(r) && compressible(res.Get("Content-Type")) && !res.NoBody {
		writeGzip(w, res, lower)
		return
	}
	if len(body) > 0 || res.NoBody || r.ContentLength != 0 { // a flush must find the length told
		length := res.Length
		if length == nil {
			length = []string{strconv.Itoa(len(body))}
		}
		header["Content-Length"] = length
		if res.Get("Content-Type") == "" {
			header["Content-Type"] = nil
		}
	}
	w.WriteHeader(res.Status)
	if !res.NoBody && len(body) > 0 {
		_, _ = w.Write(body)
	}
}

// lowerName is the lower case of a canonical field name, without allocating
// for those that most answers have.
func lowerName(name string) string {
	switch name {
	case "Content-Type":
		return "content-type"
	case "Content-Security-Policy":
		return "content-security-policy"
	case "Etag":
		return "etag"
	case "Vary":
		return "vary"
	case "Access-Control-Allow-Origin":
		return "access-control-allow-origin"
	case "Access-Control-Allow-Headers":
		return "access-control-allow-headers"
	case "Access-Control-Allow-Credentials":
		return "access-control-allow-credentials"
	case "Access-Control-Expose-Headers":
		return "access-control-expose-headers"
	case "Content-Length":
		return name // net/http looks for it
	}
	return strings.ToLower(name)
}

func bodiless(status int) bool {
	return status < 200 || status == 204 || status == 304
}

// writeItems sends a stream, each item as soon as it is there.
func writeItems(w http.ResponseWriter, res *engine.Response) {
	header := w.Header()
	if strings.HasPrefix(res.Get("Content-Type"), "text/event-stream") && header["Cache-Control"] == nil {
		header["Cache-Control"] = []string{"no-cache"}
	}
	w.WriteHeader(res.Status)
	if res.NoBody {
		return
	}
	flusher, _ := w.(http.Flusher)
	for _, item := range res.Items {
		if _, err := w.Write(item); err != nil {
			return
		}
		if flusher != nil {
			flusher.Flush()
		}
	}
}

const minCompressed = 1024

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): what is said of gzip
// counts before what is said of all.
func acceptsGzip(r *http.Request) bool {
	all := false
	for _, h := range r.Header["Accept-Encoding"] {
		for h != "" {
			var part string
			part, h, _ = strings.Cut(h, ",")
			name, q, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			switch {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				return !isZero(q)
			case name == "*":
				all = !isZero(q)
			}
		}
	}
	return all
}

// isZero reports whether a weight, "q=0.00", is zero.
func isZero(q string) bool {
	k, v, _ := strings.Cut(q, "=")
	v = strings.TrimSpace(v)
	return strings.EqualFold(strings.TrimSpace(k), "q") && strings.HasPrefix(v, "0") && strings.Trim(v, "0.") == ""
}

func compressible(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "xml") || strings.HasSuffix(t, "yaml") || strings.HasSuffix(t, "javascript")
}

var gzips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one that exists
	return z
}}

func writeGzip(w http.ResponseWriter, res *engine.Response, lower bool) {
	header := w.Header()
	header["Content-Encoding"] = []string{"gzip"}
	header.Add("Vary", "Accept-Encoding")
	if e := res.Get("Etag"); e != "" && !strings.HasPrefix(e, "W/") {
		name := "Etag"
		if lower {
			name = "etag"
		}
		header[name] = []string{"W/" + e} // the bytes differ, the meaning doesn't
	}
	w.WriteHeader(res.Status)
	z := gzips.Get().(*gzip.Writer)
	z.Reset(w)
	_, _ = z.Write(res.Body)
	_ = z.Close()
	gzips.Put(z)
}
