package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// program is the binary with the document that it is judged by.
type program struct{ mimus, document string }

const (
	readyTime = 30 * time.Second
	stopTime  = 5 * time.Second
)

// resources asks for what is inferred.
func (p program) resources(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.mimus, "resources", "--format", "json", p.document)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("mimus resources: %w: %s", err, firstLine(said.Bytes()))
	}
	return out, nil
}

// serve starts a server on a free port and waits until it is ready.
func (p program) serve(ctx context.Context, seed string) (base string, stop func(), err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	document, err := filepath.Abs(p.document)
	if err != nil {
		return "", nil, err
	}
	// A line for each call would be most of the work.
	args := []string{"serve", document, "-p", strconv.Itoa(port), "--no-watch", "--verboseLevel", "warn"}
	if seed != "" {
		args = append(args, "--seed", seed)
	}
	var said bytes.Buffer
	cmd := exec.Command(p.mimus, args...)
	cmd.Stderr = &said
	cmd.Dir = os.TempDir() // away from any mimus.yaml
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	stop = func() { end(cmd, ended) }
	base = "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := waitReady(ctx, base, ended); err != nil {
		stop()
		return "", nil, fmt.Errorf("mimus serve: %w: %s", err, firstLine(said.Bytes()))
	}
	return base, stop, nil
}

// end ends the process as a person does, and waits for it.
func end(cmd *exec.Cmd, ended <-chan struct{}) {
	_ = cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
	case <-time.After(stopTime):
		_ = cmd.Process.Kill()
		<-ended
	}
}

func waitReady(ctx context.Context, base string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		if isReady(ctx, base) {
			return nil
		}
		select {
		case <-ended:
			return errors.New("it ended before it was ready")
		case <-ctx.Done():
			return errors.New("it was not ready in time")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func isReady(ctx context.Context, base string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_mimus/ready", http.NoBody)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// freePort gives a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
