package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
)

// allowed judges an address as the dialer does.
func (o *Outbound) allowed(address string) error { return o.caller.Check(address) }

// A queue that is full must not hold an answer back.
func TestOutbound_AFullQueueDropsAndDoesNotBlock(t *testing.T) {
	t.Parallel()
	logged := lines{make(chan string, 2*callbackQueue)}
	o := NewOutbound(CallbacksLocal, slog.New(slog.NewTextHandler(logged, nil))) // not started: nothing is taken out
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range callbackQueue + 10 {
			o.Send([]engine.Callback{{Name: fmt.Sprint(i), Method: "POST", URL: "http://127.0.0.1:1/", Header: http.Header{}}})
		}
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("Send blocks")
	}
	if len(logged.c) != 10 {
		t.Errorf("%d lines, want one for each that was dropped", len(logged.c))
	}
}

func TestOutbound_DeliversAndFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	type call struct{ method, path, agent, typ, body, session string }
	calls := make(chan call, 10)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls <- call{r.Method, r.URL.Path, r.UserAgent(), r.Header.Get("Content-Type"), string(body), r.Header.Get("X-Mimus-Session")}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer target.Close()
	logged := lines{make(chan string, 100)}
	o := NewOutbound(CallbacksLocal, slog.New(slog.NewTextHandler(logged, nil)))
	o.Start()
	o.Send([]engine.Callback{
		{Name: "done", Method: "PUT", URL: target.URL + "/cb", Header: http.Header{"Content-Type": {"application/json"}, "X-Mimus-Session": {"a"}}, Body: []byte("{}")},
		{Name: "bad", Method: "PUT", URL: "http://[::1", Header: http.Header{}}, {Name: "scheme", Method: "PUT", URL: "file:///etc/passwd", Header: http.Header{}}, {Name: "method", Method: "A B", URL: target.URL, Header: http.Header{}},
		{Name: "far", Method: "PUT", URL: "http://192.0.2.1/", Header: http.Header{}},
	})
	o.Stop(t.Context()) // the queue runs empty
	close(calls)
	var got []call
	for c := range calls {
		got = append(got, c)
	}
	if want := (call{"PUT", "/cb", "mimus", "application/json", "{}", ""}); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	close(logged.c)
	failed := map[string]bool{}
	for line := range logged.c {
		for _, name := range []string{"bad", "scheme", "method", "far"} {
			if strings.Contains(line, "callback="+name+" ") && strings.Contains(line, "level=WARN") && strings.Contains(line, "reason=") {
				failed[name] = true
			}
		}
	}
	if len(failed) != 4 {
		t.Errorf("those that failed have a line with the reason: %v", failed)
	}
	o.Send([]engine.Callback{{Name: "late", Method: "PUT", URL: target.URL, Header: http.Header{}}}) // after Stop: nothing happens
}

func TestServe_ACallbackFollowsTheAnswerAndNeverCallsUs(t *testing.T) {
	t.Parallel()
	received := make(chan string, 1)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { received <- r.URL.Path }))
	defer target.Close()
	const doc = `{openapi: 3.0.0, paths: {/jobs: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"202": {description: d}}, callbacks: {done: {"{$request.body#/url}": {post: {responses: {"200": {description: d}}}}}}}}}}`
	logged := lines{make(chan string, 100)}
	s := start(t, Config{Log: slog.New(slog.NewTextHandler(logged, nil))}, &Mount{Source: Source{Location: "a.yaml", Data: []byte(doc)}, Config: engine.Config{Callbacks: true}})
	post := func(url string) {
		res, err := http.Post(s.URL()+"/jobs", "application/json", strings.NewReader(`{"url":"`+url+`"}`))
		if err != nil || res.StatusCode != 202 {
			t.Fatal(res, err)
		}
		_ = res.Body.Close()
	}
	post(target.URL + "/done")
	select {
	case path := <-received:
		if path != "/done" {
			t.Errorf("called %s", path)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no callback")
	}
	post(s.URL() + "/jobs")
	for deadline := time.After(10 * time.Second); ; {
		select {
		case line := <-logged.c:
			if strings.Contains(line, "own address") {
				return
			}
		case <-deadline:
			t.Fatal("no line says why our own address is not called")
		}
	}
}
