package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

const greeting = `
openapi: 3.0.3
info: {title: Greeting, version: "1"}
paths:
  /hello:
    get:
      responses:
        "200": {description: d, content: {application/json: {example: hello}}}
    post:
      responses:
        "204": {description: d}
  /long:
    get:
      responses:
        "200": {description: d, content: {text/plain: {example: "%s"}}}
  /events:
    get:
      responses:
        "200": {description: d, content: {text/event-stream: {example: "data: 1\n\ndata: 2\n\n"}}}
`

func greetingDocument() string { return fmt.Sprintf(greeting, strings.Repeat("long ", 400)) }

// write puts a document into a folder of the test.
func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serve serves documents at prefixes until the test ends.
func serve(t *testing.T, cfg Config, mounts map[string]string) *Server {
	t.Helper()
	var list []*Mount
	for prefix, text := range mounts {
		path := filepath.Join(t.TempDir(), "api.yaml")
		writeFile(t, path, text)
		list = append(list, &Mount{Prefix: prefix, Source: Source{Location: path}})
	}
	return start(t, cfg, list...)
}

// start loads mounts and serves them until the test ends.
func start(t *testing.T, cfg Config, list ...*Mount) *Server {
	t.Helper()
	for _, m := range list {
		if _, err := m.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cfg.Addr = "127.0.0.1:0"
	s := New(cfg, list)
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := s.Wait(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// raw sends bytes and reads the whole answer.
func raw(t *testing.T, s *Server, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestServe_FieldNamesAreLowerCaseAndNothingRedirects(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	got := raw(t, s, "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	for _, want := range []string{"HTTP/1.1 200 OK\r\n", "\r\ncontent-type: application/json\r\n", "\r\naccess-control-allow-origin: *\r\n", "\r\n\r\n\"hello\""} {
		if !strings.Contains(got, want) {
			t.Errorf("the answer lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\r\nContent-Type") {
		t.Errorf("the media type is told twice:\n%s", got)
	}
	for target, status := range map[string]string{"/hello/": "200", "//hello": "404", "/x/../hello": "404", "/./hello": "404", "/hello//": "404", "/%68ello": "200", "/hello%2F": "404"} {
		if got := raw(t, s, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 "+status) {
			t.Errorf("%s: %.40q, want %s", target, got, status)
		}
	}
}

func TestServe_HeadTellsTheLengthAndSendsNoBody(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	got := raw(t, s, "HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 200") || !strings.Contains(got, "Content-Length: 7\r\n") || !strings.HasSuffix(got, "\r\n\r\n") {
		t.Errorf("got %q", got)
	}
}

func TestServe_GzipsLongTextsForClientsThatAskForIt(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	get := func(path, encoding string) *http.Response {
		req, _ := http.NewRequest("GET", s.URL()+path, nil)
		req.Header.Set("Accept-Encoding", encoding)
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	for encoding, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "identity": "", "br": ""} {
		if got := get("/long", encoding).Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", encoding, got, want)
		}
	}
	res := get("/long", "gzip")
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != strings.Repeat("long ", 400) || !strings.HasPrefix(res.Header.Get("Etag"), "W/") || res.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v, %d bytes, Etag %s, Vary %s", err, len(body), res.Header.Get("Etag"), res.Header.Get("Vary"))
	}
	if get("/hello", "gzip").Header.Get("Content-Encoding") != "" {
		t.Error("a short body is compressed")
	}
}

func TestServe_AStreamIsFlushedItemByItem(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	got := raw(t, s, "GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if !strings.Contains(got, "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n") {
		t.Errorf("the items are not chunks of their own:\n%q", got)
	}
}

func TestServe_ABodyThatNobodyWantsDoesNotResetTheConnection(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	body := strings.Repeat("x", 1<<20)
	got := raw(t, s, fmt.Sprintf("POST /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	if !strings.HasPrefix(got, "HTTP/1.1 404") {
		t.Errorf("got %.60q", got)
	}
}

func TestServe_MountsAndHealth(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"/a": greetingDocument(), "/a/b": greetingDocument()})
	for path, want := range map[string]int{"/a/hello": 200, "/a/b/hello": 200, "/ab/hello": 404, "/hello": 404, "/_mimus/health": 200, "/_mimus/x": 404, "/a": 404} {
		res, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestListen_ATakenPortNamesItsHolder(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{}, map[string]string{"": greetingDocument()})
	other := New(Config{Addr: s.Addr().String()}, nil)
	err := other.Listen()
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("port %d is taken", s.Addr().Port)) || !strings.Contains(err.Error(), "--port") {
		t.Errorf("error %v", err)
	}
}

// lines hands log lines to a test.
type lines struct{ c chan string }

func (l lines) Write(p []byte) (int, error) {
	for s := bufio.NewScanner(bytes.NewReader(p)); s.Scan(); {
		l.c <- s.Text()
	}
	return len(p), nil
}

func TestWatch_AChangeIsServedAndABrokenOneKeepsTheOld(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.yaml")
	writeFile(t, path, greetingDocument())
	m := &Mount{Source: Source{Location: path}}
	if _, err := m.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	logged := lines{make(chan string, 100)}
	s := New(Config{Log: slog.New(slog.NewTextHandler(logged, nil))}, []*Mount{m})
	w, err := s.Watch()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { w.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	expect := func(want string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case line := <-logged.c:
				if strings.Contains(line, want) {
					return
				}
			case <-deadline:
				t.Fatalf("no line with %q", want)
			}
		}
	}
	writeFile(t, path, strings.Replace(greetingDocument(), "/hello", "/bye", 1))
	expect("reloaded")
	served := m.Mock()
	if got := status(served, "/bye"); got != 200 {
		t.Errorf("the change is not served: %d", got)
	}
	writeFile(t, path, "openapi: [")
	expect("what was there goes on")
	if m.Mock() != served {
		t.Error("a broken change took the mock away")
	}
	writeFile(t, path, "openapi: 3.0.0\npaths: {}\n")
	expect("what was there goes on")
	if m.Mock() != served {
		t.Error("a change without operations took the mock away")
	}
}

func TestWatch_ANewFileInACollectionsFolder_IsServed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	request := func(name string) string {
		return "$kind: http-request\nname: " + name + "\nmethod: GET\nurl: '{{baseUrl}}/" + name + "'\n"
	}
	write := func(name string) {
		examples := filepath.Join(dir, ".resources", name+".resources", "examples")
		if err := os.MkdirAll(examples, 0o750); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(examples, "OK.example.yaml"), "$kind: http-example\nname: OK\nresponse: {statusCode: 200, body: {type: text, content: hi}}\n")
		writeFile(t, filepath.Join(dir, name+".request.yaml"), request(name))
	}
	write("one")
	m := &Mount{Source: Source{Location: dir}}
	if _, err := m.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !m.madeOf(filepath.Join(dir, "two.request.yaml")) || m.madeOf(dir+"-beside/two.request.yaml") {
		t.Error("what stands in the folder counts, and nothing else")
	}
	write("two")
	if _, err := m.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := status(m.Mock(), "/two"); got != 200 {
		t.Errorf("the new request gives %d", got)
	}
}

func status(m *engine.Mock, path string) int {
	var res engine.Response
	m.Answer(&engine.Request{Method: "GET", Path: path, Header: http.Header{}}, &res)
	return res.Status
}

func TestOutbound_CallsLoopbackOnlyAndNeverItself(t *testing.T) {
	t.Parallel()
	own, err := net.ResolveTCPAddr("tcp", "127.0.0.1:4010")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		policy  CallbackPolicy
		address string
		ok      bool
	}{
		{CallbacksLocal, "127.0.0.1:80", true}, {CallbacksLocal, "[::1]:80", true}, {CallbacksLocal, "127.0.0.1:4010", false}, {CallbacksLocal, "[::1]:4010", false}, {CallbacksLocal, "93.184.216.34:80", false},
		{CallbacksLocal, "169.254.169.254:80", false}, {CallbacksLocal, "10.0.0.1:80", false}, {CallbacksAny, "93.184.216.34:80", true}, {CallbacksAny, "10.0.0.1:80", false}, {CallbacksAny, "169.254.169.254:80", false},
		{CallbacksAny, "[fe80::1]:80", false}, {CallbacksAny, "[fd00::1]:80", false}, {CallbacksAny, "127.0.0.1:80", true}, {CallbacksAny, "0.0.0.0:80", false}, {CallbacksAny, "[::ffff:10.0.0.1]:80", false},
	}
	for _, c := range cases {
		o := NewOutbound(c.policy, slog.New(slog.DiscardHandler))
		o.Own(own)
		if err := o.allowed(c.address); (err == nil) != c.ok {
			t.Errorf("policy %d, %s: %v, want allowed %v", c.policy, c.address, err, c.ok)
		}
	}
}

func TestExpand_FoldersAndGlobsGiveTheirDocuments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "sub", ".hidden"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "a.yaml"), greetingDocument())
	writeFile(t, filepath.Join(dir, "part.yaml"), "type: object\n")
	writeFile(t, filepath.Join(dir, "sub", "b.json"), `{"swagger": "2.0", "paths": {}}`)
	writeFile(t, filepath.Join(dir, "sub", ".hidden", "c.yaml"), greetingDocument())
	writeFile(t, filepath.Join(dir, "notes.txt"), "openapi: 3.0.0\n")
	for _, arg := range []string{dir, filepath.Join(dir, "*.yaml")} {
		got, err := Expand([]string{arg})
		want := []string{filepath.Join(dir, "a.yaml")}
		if arg == dir {
			want = append(want, filepath.Join(dir, "sub", "b.json"))
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v %v, want %v", arg, got, err, want)
		}
	}
	if _, err := Expand([]string{filepath.Join(dir, "b.yaml")}); err == nil || !strings.Contains(err.Error(), "a.yaml") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestStem_NamesTheMount(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"petstore.yaml": "petstore", "a/b/shop.v2.json": "shop.v2", "x/billing/openapi.yaml": "billing", "x/users/swagger.json.gz": "users", "https://api.example/specs/pay/index.json?x=1": "pay", "-": "api", "a b.yaml": "a-b",
	} {
		if got := Stem(location); got != want {
			t.Errorf("%s: %s, want %s", location, got, want)
		}
	}
}
