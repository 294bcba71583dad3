package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mimus": main})
}

// TestScripts runs the sessions of testdata/script. They know five commands
// beside those of testscript:
//
//	start ARG…            mimus ARG… in the background; waits until it is ready,
//	                      sets $URL and $PORT_TAKEN
//	background ARG…       mimus ARG… beside it; await and interrupt are of it then
//	await REGEXP          waits until what it printed matches
//	interrupt             interrupts it, waits for its end; what it printed is stdout
//	http METHOD URL […]   makes a call; the answer is stdout. Field: value adds a
//	                      header field, any other argument is the body
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			petstore, err := filepath.Abs("../../examples/petstore/openapi.yaml")
			e.Setenv("PETSTORE", petstore)
			e.Values[serverKey{}] = new(*running)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": startServer, "background": startBeside, "await": awaitOutput, "interrupt": stopServer, "http": call,
		},
	})
}

// running is a server that a script started.
type running struct {
	cmd   *exec.Cmd
	ended chan struct{}
	once  sync.Once
	err   error

	mu      sync.Mutex
	changed *sync.Cond
	printed bytes.Buffer
	over    bool
}

// serverKey is the key of a script's server, a **running.
type serverKey struct{}

var readyLine = regexp.MustCompile(`(?m)(?:^Ready: |"msg":"ready","url":")(https?://[0-9.:]+)`)

func startServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start ARG…")
	}
	ready := launch(ts, args).await(ts, readyLine)
	ts.Setenv("URL", ready[1])
	ts.Setenv("PORT_TAKEN", ready[1][strings.LastIndexByte(ready[1], ':')+1:])
}

func startBeside(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: background ARG…")
	}
	launch(ts, args)
}

// launch starts a command that ends with the script, if not before.
func launch(ts *testscript.TestScript, args []string) *running {
	r := &running{cmd: exec.Command("mimus", args...), ended: make(chan struct{})}
	r.changed = sync.NewCond(&r.mu)
	r.cmd.Dir = ts.MkAbs(".")
	r.cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("WORK"), "PORT=" + ts.Getenv("PORT")}
	r.cmd.Stdin = strings.NewReader("")
	if in := ts.Getenv("STDIN"); in != "" {
		r.cmd.Stdin = strings.NewReader(ts.ReadFile(in))
	}
	out, w, err := os.Pipe()
	ts.Check(err)
	r.cmd.Stdout, r.cmd.Stderr = w, w
	ts.Check(r.cmd.Start())
	_ = w.Close()
	go r.read(out)
	ts.Defer(func() { _ = r.end() })
	*ts.Value(serverKey{}).(**running) = r
	return r
}

func (r *running) read(out io.ReadCloser) {
	defer close(r.ended)
	defer out.Close()
	for s := bufio.NewScanner(out); s.Scan(); {
		r.mu.Lock()
		r.printed.Write(s.Bytes())
		r.printed.WriteByte('\n')
		r.changed.Broadcast()
		r.mu.Unlock()
	}
	r.mu.Lock()
	r.over = true
	r.changed.Broadcast()
	r.mu.Unlock()
}

// await blocks until the output matches. Nothing waits for longer than patience.
func (r *running) await(ts *testscript.TestScript, re *regexp.Regexp) []string {
	const patience = 30 * time.Second
	late := time.AfterFunc(patience, func() {
		r.mu.Lock()
		r.over = true
		r.changed.Broadcast()
		r.mu.Unlock()
	})
	defer late.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if m := re.FindStringSubmatch(r.printed.String()); m != nil {
			return m
		}
		if r.over {
			ts.Fatalf("mimus did not print %q; it printed:\n%s", re, r.printed.String())
		}
		r.changed.Wait()
	}
}

// end interrupts the server; the error is that of its first end.
func (r *running) end() error {
	r.once.Do(func() {
		_ = r.cmd.Process.Signal(os.Interrupt)
		<-r.ended
		r.err = r.cmd.Wait()
	})
	return r.err
}

func current(ts *testscript.TestScript) *running {
	r := *ts.Value(serverKey{}).(**running)
	if r == nil {
		ts.Fatalf("no server was started")
	}
	return r
}

func awaitOutput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await REGEXP")
	}
	re, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	current(ts).await(ts, re)
}

func stopServer(ts *testscript.TestScript, neg bool, args []string) {
	r := current(ts)
	err := r.end()
	fmt.Fprint(ts.Stdout(), r.printed.String())
	if (err != nil) != neg {
		ts.Fatalf("the server ended with %v", err)
	}
}

var headerArg = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*): (.*)$`)

func call(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: http METHOD URL [Field: value…] [body]")
	}
	header := http.Header{}
	body := ""
	for _, a := range args[2:] {
		if m := headerArg.FindStringSubmatch(a); m != nil {
			header.Add(m[1], m[2])
		} else {
			body = a
		}
	}
	req, err := http.NewRequest(args[0], args[1], strings.NewReader(body))
	ts.Check(err)
	req.Header = header
	client := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	ts.Check(err)
	var names []string
	for name := range res.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	w := ts.Stdout()
	fmt.Fprintln(w, res.Status)
	for _, name := range names {
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join(res.Header[name], ", "))
	}
	fmt.Fprintf(w, "\n%s\n", text)
}
