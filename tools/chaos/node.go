package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// readyLimit is how long a node may take from its start until it is ready.
const readyLimit = 10 * time.Second

// node is one mimus process on the shared database. It is started again at the
// same address, on the same spool folder.
type node struct {
	name    string // for people, from 1
	addr    string
	command []string
	logFile string
	cmd     *exec.Cmd
	done    chan struct{} // closed when the process has ended
	up      atomic.Bool   // ready, and not killed since
	seen    atomic.Int64  // the newest version that it has answered with
}

func newNode(index int, mimus, database, temp string, spool bool) (*node, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	name := strconv.Itoa(index + 1)
	n := &node{
		name: name, addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), logFile: filepath.Join(temp, "node-"+name+".log"),
		// A line for each call would be most of the work.
		command: []string{mimus, "serve", "--database", database, "--port", strconv.Itoa(port), "--verboseLevel", "warn"},
	}
	if spool {
		n.command = append(n.command, "--spool", filepath.Join(temp, "spool-"+name))
	}
	return n, nil
}

// start starts the process and waits until it is ready.
func (n *node) start(ctx context.Context) error {
	if err := n.launch(); err != nil {
		return err
	}
	for began := time.Now(); time.Since(began) < readyLimit; {
		select {
		case <-n.done:
			return fmt.Errorf("node %s ended before it was ready: %s", n.name, n.cmd.ProcessState)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if status, _ := n.ready(ctx); status == http.StatusOK {
			n.up.Store(true)
			return nil
		}
	}
	return fmt.Errorf("node %s was not ready %s after its start", n.name, readyLimit)
}

func (n *node) launch() error {
	log, err := os.OpenFile(n.logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own
	cmd := exec.Command(n.command[0], n.command[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = log, log, ownGroup()
	cmd.Dir = filepath.Dir(n.logFile) // away from any mimus.yaml
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	n.cmd, n.done = cmd, done
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	return nil
}

// kill is the end without a warning.
func (n *node) kill() error {
	if err := n.ended(); err != nil {
		return err
	}
	n.up.Store(false)
	err := n.cmd.Process.Kill()
	<-n.done
	return err
}

// ended says that the node is gone without having been killed.
func (n *node) ended() error {
	select {
	case <-n.done:
		if n.up.Load() {
			return fmt.Errorf("node %s ended by itself: %s", n.name, n.cmd.ProcessState)
		}
	default:
	}
	return nil
}

// stop ends the process as an operator does, and waits for it.
func (n *node) stop() {
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Signal(os.Interrupt)
	select {
	case <-n.done:
	case <-time.After(5 * time.Second):
		_ = n.cmd.Process.Kill()
		<-n.done
	}
}

// tail is what the node said last, as an error; nil where it said nothing.
func (n *node) tail() error { return tail("node "+n.name, n.logFile) }

// tailLines bounds what of a log is shown.
const tailLines = 8

func tail(who, file string) error {
	data, err := os.ReadFile(file)
	if err != nil || len(data) == 0 {
		return nil //nolint:nilerr // there is nothing to show
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	more := ""
	if len(lines) > tailLines {
		more = fmt.Sprintf("%d lines, the last of them:\n", len(lines))
		lines = lines[len(lines)-tailLines:]
	}
	for i, line := range lines {
		lines[i] = fmt.Sprintf("%.300s", line)
	}
	return errors.New(who + " said: " + more + strings.Join(lines, "\n"))
}

// pause waits; false when the context ended before.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
