package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/mimus-dev/mimus/internal/tracing/otlptest"
)

// process is a server as a process of its own, which logs in JSON.
type process struct {
	cmd    *exec.Cmd
	url    string
	lines  *bufio.Scanner
	logged []map[string]any
	errs   bytes.Buffer
}

// startProcess starts the command; the test's binary is it under its name.
func startProcess(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: &exec.Cmd{
		Path: exe, Args: append([]string{"mimus", "serve", "--log", "json"}, args...), Dir: t.TempDir(),
		Env: append([]string{"HOME=" + t.TempDir(), "PORT=0"}, env...),
	}}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = &p.errs
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// await reads lines until one has a message; "" reads them all. Each has to be
// an object with what slog gives it.
func (p *process) await(t *testing.T, msg string) map[string]any {
	t.Helper()
	for p.lines.Scan() {
		var line map[string]any
		if err := json.Unmarshal(p.lines.Bytes(), &line); err != nil || line["time"] == nil || line["level"] == nil || line["msg"] == nil {
			t.Fatalf("%s is no line of a log: %v", p.lines.Text(), err)
		}
		p.logged = append(p.logged, line)
		if line["msg"] == msg {
			return line
		}
	}
	if msg != "" {
		t.Fatalf("there is no line %q in %v; %s", msg, p.logged, p.errs.String())
	}
	return nil
}

func (p *process) ready(t *testing.T) {
	t.Helper()
	p.url = p.await(t, "ready")["url"].(string)
}

// end interrupts it, and reads the rest of its log.
func (p *process) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.await(t, "")
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v; %s", err, p.errs.String())
	}
}

func fetch(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(answer)
}

func petstore(t *testing.T) string {
	t.Helper()
	file, err := filepath.Abs("../../examples/petstore/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

const hostedPets = `{"collection": {"info": {"name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "item": [{"name": "List", "request": {"method": "GET", "url": "/dogs"}, "response": [{"name": "all", "code": 200, "body": "Rex"}]}]}}`

// What is called leaves a span, wherever the mock comes from, and its line in
// the log leads there.
func TestServe_WithACollector_TracesMocksAndTheManagement(t *testing.T) {
	t.Parallel()
	c := otlptest.Start(t)
	told := make(chan string, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.Header.Get("Traceparent") }))
	t.Cleanup(upstream.Close)
	p := startProcess(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + c.URL}, petstore(t), "--allow-outbound", "127.0.0.1")
	p.ready(t)
	fetch(t, "GET", p.url+"/pets/7?token=hunter2", "")
	_, made := fetch(t, "POST", p.url+"/_mimus/api/collections", hostedPets)
	var collection struct{ Collection struct{ UID string } }
	if err := json.Unmarshal([]byte(made), &collection); err != nil {
		t.Fatalf("%s: %v", made, err)
	}
	fetch(t, "POST", p.url+"/_mimus/api/mocks", `{"mock": {"collection": "`+collection.Collection.UID+`", "slug": "dogs", "private": false, "config": {"upstream": "`+upstream.URL+`"}}}`)
	if status, answer := fetch(t, "GET", p.url+"/m/dogs/dogs", ""); status != 200 || answer != "Rex" {
		t.Errorf("a hosted mock answers %d %s", status, answer)
	}
	if status, answer := fetch(t, "DELETE", p.url+"/m/dogs/elsewhere", ""); status != 200 {
		t.Errorf("its upstream answers %d %s", status, answer)
	}
	fetch(t, "GET", p.url+"/_mimus/ready", "")
	p.end(t)

	of := func(name string, want map[string]string) otlptest.Span {
		s := c.Named(t, name)
		for key, value := range want {
			if got, _ := s.Attrs[key].(string); got != value {
				t.Errorf("%s has %s %q, want %q", name, key, got, value)
			}
		}
		return s
	}
	s := of("GET /pets/{petId}", map[string]string{"http.route": "/pets/{petId}", "mimus.responder": "state", "url.path": "/pets/7"})
	of("POST /_mimus/api/collections", map[string]string{"http.route": "/_mimus/api/collections"})
	of("POST /_mimus/api/mocks", nil)
	if len(c.Spans()) != 6 {
		t.Errorf("there are %d spans, want 6", len(c.Spans()))
	}
	parent := <-told
	for _, s := range c.Spans() {
		if s.Kind == pb.Span_SPAN_KIND_CLIENT {
			if want := fmt.Sprintf("00-%x-%x-01", s.TraceId, s.SpanId); parent != want || len(s.ParentSpanId) == 0 {
				t.Errorf("the upstream was told %q, want %q", parent, want)
			}
			continue
		}
		if text := s.String(); strings.Contains(text, "hunter2") {
			t.Errorf("a value of the query is in %s", text)
		}
		if s.Attrs["url.path"] == "/m/dogs/dogs" && (s.Attrs["mimus.responder"] != "saved" || s.Attrs["mimus.example"] != "all" || s.Attrs["mimus.mock"] == "") {
			t.Errorf("the span of a hosted mock is %v", s.Attrs)
		}
	}
	var lines []string
	for _, line := range p.logged {
		if line["msg"] == "call" {
			lines = append(lines, line["trace_id"].(string))
		}
	}
	if len(lines) != 1 || lines[0] != hex.EncodeToString(s.TraceId) {
		t.Errorf("the calls of the log are of the traces %q, want %x", lines, s.TraceId)
	}
}

func TestServe_WhatTracesCantDo_IsToldAndServesAllTheSame(t *testing.T) {
	t.Parallel()
	p := startProcess(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, petstore(t))
	line := p.await(t, "calls are not traced")
	if text := line["error"].(string); line["level"] != "WARN" || !strings.Contains(text, "set http/protobuf") {
		t.Errorf("it says %v", line)
	}
	p.ready(t)
	if status, _ := fetch(t, "GET", p.url+"/pets", ""); status != 200 {
		t.Errorf("it answers %d", status)
	}
	p.end(t)
}

// Whoever reads the log finds all of it in one form, the end included.
func TestServe_JSON_TellsItsEndInTheLog(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	p := startProcess(t, nil, petstore(t), "--port", port, "--contract")
	if line := p.await(t, "a flag has no effect"); line["flag"] != "--contract" {
		t.Errorf("it says %v", line)
	}
	if line := p.await(t, "serving ended"); line["level"] != "ERROR" || !strings.Contains(line["error"].(string), "port "+port+" is taken") {
		t.Errorf("it says %v", line)
	}
	p.await(t, "")
	_ = p.cmd.Wait()
	if code := p.cmd.ProcessState.ExitCode(); code != exitError || p.errs.Len() > 0 {
		t.Errorf("it ended with %d; %s", code, p.errs.String())
	}
}

// Who is told to stop says so first, to whoever sends calls.
func TestServe_Drain_IsNotReadyButAnswers(t *testing.T) {
	t.Parallel()
	p := startProcess(t, nil, petstore(t), "--drain", "1h")
	p.ready(t)
	if status, answer := fetch(t, "GET", p.url+"/_mimus/ready", ""); status != 200 {
		t.Errorf("at first it is %d %s", status, answer)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.await(t, "stopping")
	if status, answer := fetch(t, "GET", p.url+"/_mimus/ready", ""); status != 503 || !strings.Contains(answer, `"reason":"shutting down"`) {
		t.Errorf("then it is %d %s", status, answer)
	}
	if status, _ := fetch(t, "GET", p.url+"/pets", ""); status != 200 {
		t.Errorf("it answers %d", status)
	}
	ended := make(chan struct{})
	go func() { // a second signal counts as soon as the first was taken
		defer close(ended)
		_ = p.cmd.Wait()
	}()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-ended:
			return
		case <-again.C:
			_ = p.cmd.Process.Signal(os.Interrupt)
		}
	}
}
