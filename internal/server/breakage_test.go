package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// failing serves a mock all of whose calls go wrong in one way.
func failing(t *testing.T, f engine.Fault) *httptest.Server {
	t.Helper()
	f.Share = 1
	src := Source{Location: "api.yaml", Data: []byte(`openapi: 3.0.3
info: {title: A, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: string}, example: "` + strings.Repeat("long ", 1000) + `"}}}
`)}
	loaded, err := src.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m := loaded.Compile(engine.Config{Faults: []engine.Fault{f}})
	h := &Handler{Mock: func() *engine.Mock { return m }}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

// sendRaw asks over a connection of its own, and gives all that came.
func sendRaw(t *testing.T, srv *httptest.Server) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(bufio.NewReader(conn))
	return string(all), err
}

func TestFault_Empty_EndsTheConnectionWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	if got, err := sendRaw(t, failing(t, engine.Fault{Kind: engine.FaultEmpty})); got != "" || err != nil {
		t.Errorf("came %.100q, %v", got, err)
	}
}

func TestFault_Timeout_HoldsAndEndsTheConnection(t *testing.T) {
	t.Parallel()
	began := time.Now()
	got, err := sendRaw(t, failing(t, engine.Fault{Kind: engine.FaultTimeout, Duration: 50 * time.Millisecond}))
	if got != "" || err != nil || time.Since(began) < 50*time.Millisecond {
		t.Errorf("after %s came %.100q, %v", time.Since(began), got, err)
	}
}

func TestFault_Reset_ResetsTheConnection(t *testing.T) {
	t.Parallel()
	if got, err := sendRaw(t, failing(t, engine.Fault{Kind: engine.FaultReset})); got != "" || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("came %.100q, %v", got, err)
	}
}

func TestFault_Truncated_EndsInTheMiddleOfTheBody(t *testing.T) {
	t.Parallel()
	res, err := http.Get(failing(t, engine.Fault{Kind: engine.FaultTruncated}).URL + "/a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if res.StatusCode != 200 || res.ContentLength != 5002 || len(body) != 2501 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d, %d bytes told, %d came, %v", res.StatusCode, res.ContentLength, len(body), err)
	}
}

func TestMount_WhatABrowserCouldRun_HasNoRightsOnTheOrigin(t *testing.T) {
	t.Parallel()
	m := &Mount{Source: Source{Location: "api.yaml", Data: []byte(`openapi: 3.0.3
info: {title: A, version: "1"}
paths:
  /page:
    get:
      responses:
        "200":
          description: ok
          headers: {Service-Worker-Allowed: {schema: {type: string}, example: /}, Clear-Site-Data: {schema: {type: string}, example: '"cookies"'}}
          content: {text/html: {schema: {type: string}, example: <script>alert(1)</script>}}
  /data:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: string}, example: x}}}
`)}}
	if _, err := m.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := New(Config{Manage: http.NotFoundHandler()}, []*Mount{m})
	for path, want := range map[string]string{"/page": "sandbox allow-scripts allow-forms", "/data": "", "/none": ""} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		got := strings.Join(w.Header()["content-security-policy"], "|") //nolint:staticcheck // in lower case, as on a connection
		if got != want {
			t.Errorf("%s: Content-Security-Policy is %q, want %q", path, got, want)
		}
		for name := range w.Header() {
			if strings.EqualFold(name, "Service-Worker-Allowed") || strings.EqualFold(name, "Clear-Site-Data") {
				t.Errorf("%s: %s is sent", path, name)
			}
		}
	}
}

func TestAdminAddr_TheOtherListener_TellsOnlyThatItIsUp(t *testing.T) {
	t.Parallel()
	m := &Mount{Source: Source{Location: "api.yaml", Data: []byte(greetingDocument())}}
	if _, err := m.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := New(Config{AdminAddr: "127.0.0.1:0", Manage: http.NotFoundHandler()}, []*Mount{m})
	for path, want := range map[string]string{"/_mimus/health": `"status":"ok"`, "/_mimus/ready": "--admin-addr", "/_mimus/api/mocks": "--admin-addr"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", path, w.Code, w.Body, want)
		}
	}
}
