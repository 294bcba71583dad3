package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// A client may wait for the answer before it sends a body that nobody reads.
func TestServe_AnAnswerDoesNotWaitForABodyThatNobodyReads(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	for _, request := range []string{
		"GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", "POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "HEAD /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
	} {
		c, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		method, _, _ := strings.Cut(request, " ")
		res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
		if err != nil {
			t.Errorf("%q: %v", request, err)
		} else if _, err := io.ReadAll(res.Body); err != nil || res.TransferEncoding != nil {
			t.Errorf("%q: %v, transfer encoding %v", request, err, res.TransferEncoding)
		}
		_ = c.Close()
	}
}

func TestServe_EveryFormOfATarget(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument() + "  /: {get: {responses: {\"204\": {description: d}}}}\n"})
	for request, want := range map[string]string{
		"GET http://other.example/hello HTTP/1.1": "200", "GET http://other.example HTTP/1.1": "204", "GET http://other.example/hello?x=%zz HTTP/1.1": "200", "GET / HTTP/1.1": "204", "OPTIONS * HTTP/1.1": "200", "GET * HTTP/1.1": "404",
		"CONNECT other.example:443 HTTP/1.1": "405", "GET hello HTTP/1.1": "400", "GET /hello HTTP/1.0": "200", "GET /%zz HTTP/1.1": "400", "GET /hello?__code=abc HTTP/1.1": "422", "FOO /hello HTTP/1.1": "405", "TRACE /hello HTTP/1.1": "405",
	} {
		got := raw(t, s, request+"\r\nHost: x\r\nConnection: close\r\n\r\n")
		if _, status, _ := strings.Cut(got, " "); !strings.HasPrefix(status, want) {
			t.Errorf("%s: %.60q, want %s", request, got, want)
		}
	}
}

func TestServe_PipelinedRequestsAreAnsweredInTheirOrder(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	got := raw(t, s, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\nPOST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	var statuses []string
	for _, part := range strings.Split(got, "HTTP/1.1 ")[1:] {
		statuses = append(statuses, part[:3])
	}
	if fmt.Sprint(statuses) != "[200 204 404]" {
		t.Errorf("got %v", statuses)
	}
}

func TestServe_ConditionalRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	ask := func(method, etag, encoding string) *http.Response {
		req, _ := http.NewRequest(method, s.URL()+"/long", nil)
		req.Header.Set("Accept-Encoding", encoding)
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	for _, encoding := range []string{"identity", "gzip"} {
		etag := ask("GET", "", encoding).Header.Get("Etag")
		for _, method := range []string{"GET", "HEAD"} {
			res := ask(method, etag, encoding)
			if body, _ := io.ReadAll(res.Body); res.StatusCode != 304 || len(body) > 0 || res.Header.Get("Etag") == "" {
				t.Errorf("%s %s with %s: %d, %d bytes, Etag %q", method, encoding, etag, res.StatusCode, len(body), res.Header.Get("Etag"))
			}
		}
	}
}

func TestAcceptsGzip_WhatIsSaidOfGzipCountsFirst(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"gzip": true, "GZIP": true, "x-gzip": true, "*": true, "*;q=0, gzip": true, "gzip;q=0, *": false, "gzip; q=0": false, "gzip;Q=0.000": false, "gzip;q=0.001": true, "gzip;q=": true, "br, deflate": false, "": false, "identity;q=1, *;q=0": false, ",,;": false,
	} {
		r := &http.Request{Header: http.Header{"Accept-Encoding": {header}}}
		if got := acceptsGzip(r); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

// compile makes a mock of the greeting document.
func compile(t testing.TB) *engine.Mock {
	t.Helper()
	loaded, err := Source{Location: "a.yaml", Data: []byte(greetingDocument())}.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return engine.Compile(loaded.Definition, engine.Config{})
}

// A call that the client gave up is a call, too.
func TestHandler_ACallIsToldThoughTheClientHasGone(t *testing.T) {
	t.Parallel()
	m := compile(t)
	var told int
	h := &Handler{Mock: func() *engine.Mock { return m }, Done: func(_ *http.Request, req *engine.Request, res *engine.Response, _ time.Duration) {
		told = res.Status
		if req.Path != "/hello" {
			t.Errorf("path %s", req.Path)
		}
	}}
	r := httptest.NewRequest("GET", "/hello", nil)
	r.Header.Set("X-Mock-Response-Delay", "60000")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(ctx))
	if told != 200 || w.Body.Len() > 0 {
		t.Errorf("told %d, %d bytes written", told, w.Body.Len())
	}
}

// An answer is taken from a pool: nothing of one call may be seen in another.
func TestHandler_AnswersDoNotMix(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	fail := make(chan string, 100)
	done := make(chan struct{})
	for worker := range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for range 50 {
				path, want := "/hello", `"hello"`
				if worker%2 == 0 {
					path, want = "/long", strings.Repeat("long ", 400)
				}
				res, err := http.Get(s.URL() + path)
				if err != nil {
					fail <- err.Error()
					return
				}
				body, _ := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if string(body) != want {
					fail <- fmt.Sprintf("%s: %.50q", path, body)
					return
				}
			}
		}()
	}
	for range 8 {
		<-done
	}
	close(fail)
	for f := range fail {
		t.Error(f)
	}
}

func BenchmarkHandler(b *testing.B) {
	m := compile(b)
	h := &Handler{Mock: func() *engine.Mock { return m }, LowerCase: true}
	r := httptest.NewRequest("GET", "/hello", nil)
	r.RequestURI = "/hello"
	w := &blank{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}

// blank is a response writer that keeps nothing.
type blank struct{ header http.Header }

func (b *blank) Header() http.Header         { return b.header }
func (b *blank) WriteHeader(int)             {}
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }
