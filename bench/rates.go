package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// The server and the client each have a processor of their own.
const (
	serverCore = 0
	clientCore = 1
)

// measureRates compares the mock with a bare net/http handler that writes the
// same bytes: both servers on one core, the client on another, taking turns.
func (b *bench) measureRates() error {
	if !canPin() {
		fmt.Fprintln(os.Stderr, "  client and server are not pinned to cores: the ratios say little")
	}
	for _, r := range []struct {
		what, document string
		flags          []string
		method, path   string
		body           string
		status         int
		budget         float64
	}{
		{"static answer", "static.yaml", nil, "GET", "/greeting", "", 200, 0.85},
		{"generated answer, 20 fields", "generated.yaml", []string{"--dynamic"}, "GET", "/customers/{n}", "", 200, 0.5},
		{"validated POST of 1 KB", "validated.yaml", nil, "POST", "/orders", "order.json", 201, 0.4},
	} {
		document, err := b.document(filepath.Join("bench", "testdata", r.document))
		if err != nil {
			return err
		}
		t := target{method: r.method, path: r.path, status: r.status}
		body := ""
		if r.body != "" {
			if body, t.body, err = b.compactBody(r.body); err != nil {
				return err
			}
		}
		ratio, bare, mimus, err := b.compare(document, r.flags, t, body)
		if err != nil {
			return fmt.Errorf("%s: %w", r.what, err)
		}
		b.atLeast("rate: "+r.what, ratio, r.budget, "%.2f", fmt.Sprintf(" (%.0f/s; bare %.0f/s)", mimus, bare))
	}
	return nil
}

// compare returns the median of the ratios of pairs of runs, with the medians
// of both rates.
func (b *bench) compare(document string, flags []string, t target, body string) (ratio, bare, mimus float64, err error) {
	mock, _, err := b.startMimus(serverCore, document, flags...)
	if err != nil {
		return 0, 0, 0, err
	}
	defer mock.stop()
	answer := filepath.Join(b.temp, "answer.json")
	if err := capture(mock.addr, t, answer); err != nil {
		return 0, 0, 0, err
	}
	plain, err := startBare(answer, t.body != nil)
	if err != nil {
		return 0, 0, 0, err
	}
	defer plain.stop()

	ratios, bares, mimuses, err := b.pairs(plain.addr, t, body, func() (string, func(int64) error, error) {
		return mock.addr, func(int64) error { return nil }, nil
	})
	return median(ratios), median(bares), median(mimuses), err
}

// pairs measures the rates of the bare server and of a mock, taking turns.
// next gives the mock of each pair, and what is to be done after its run with
// the number of its answers.
func (b *bench) pairs(plain string, t target, body string, next func() (addr string, done func(answers int64) error, err error)) (ratios, bares, mimuses []float64, err error) {
	number := int64(1000)
	for i := range b.runs {
		mock, done, err := next()
		if err != nil {
			return nil, nil, nil, err
		}
		var x, y float64
		var answers int64
		pair := []func() error{
			func() (err error) { x, err = b.rate(plain, t, body, number); return },
			func() (err error) { y, answers, err = b.client(mock, t, body, number, 0); return },
		}
		if i%2 == 1 { // neither always goes first
			pair[0], pair[1] = pair[1], pair[0]
		}
		for _, measure := range pair {
			err = errors.Join(err, measure())
		}
		if err := errors.Join(err, done(answers)); err != nil {
			return nil, nil, nil, err
		}
		number += 10_000_000 // no path is asked twice
		ratios, bares, mimuses = append(ratios, y/x), append(bares, x), append(mimuses, y)
	}
	return ratios, bares, mimuses, nil
}

// rate runs the load client in a process of its own.
func (b *bench) rate(addr string, t target, body string, first int64) (float64, error) {
	rate, _, err := b.client(addr, t, body, first, 0)
	return rate, err
}

// client runs it, at a steady rate where one is given, and gives its figure and
// the number of answers.
func (b *bench) client(addr string, t target, body string, first int64, paced float64) (figure float64, all int64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	args := pinned(clientCore, []string{
		self, "load", "-addr", addr, "-method", t.method, "-path", t.path, "-body", body,
		"-status", strconv.Itoa(t.status), "-time", b.span.String(), "-first", strconv.FormatInt(first, 10),
		"-among", strconv.FormatInt(t.among, 10),
		"-rate", strconv.FormatFloat(paced, 'f', 1, 64),
	})
	var stderr bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("the load client: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	_, err = fmt.Sscan(string(out), &figure, &all)
	return figure, all, err
}

func startBare(answer string, decode bool) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{self, "bare", "-addr", addr, "-answer", answer, "-decode=" + strconv.FormatBool(decode)}
	p, _, err := start(pinned(serverCore, args), addr, "/ready")
	return p, err
}

// capture asks the mock once and keeps its answer for the bare server.
func capture(addr string, t target, file string) error {
	path := strings.ReplaceAll(t.path, "{n}", "100")
	req, err := http.NewRequest(t.method, "http://"+addr+path, bytes.NewReader(t.body))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if t.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != t.status {
		return fmt.Errorf("%s %s answers %d, expected %d: %.300s", t.method, path, res.StatusCode, t.status, body)
	}
	for _, name := range []string{"Date", "Connection"} { // net/http writes its own
		res.Header.Del(name)
	}
	data, err := json.Marshal(captured{Status: res.StatusCode, Header: res.Header, Body: body})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// compactBody writes a request body without white space, as a client sends it,
// and returns the file's path too.
func (b *bench) compactBody(name string) (path string, body []byte, err error) {
	data, err := os.ReadFile(filepath.Join(b.root, "bench", "testdata", name))
	if err != nil {
		return "", nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return "", nil, fmt.Errorf("%s: %w", name, err)
	}
	path = filepath.Join(b.temp, name)
	return path, compact.Bytes(), os.WriteFile(path, compact.Bytes(), 0o600)
}
