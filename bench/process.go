package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readyLimit is how long a process may take until it answers.
const readyLimit = 60 * time.Second

// process is a server that was started, on a port of its own.
type process struct {
	cmd  *exec.Cmd
	addr string
	done chan struct{} // closed when it has ended
}

// startMimus serves the document and waits until it is ready; ready is the
// time from process start to the first healthy answer. core is the processor
// it is pinned to, -1 for any.
func (b *bench) startMimus(core int, document string, flags ...string) (p *process, ready time.Duration, err error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	_, port, _ := net.SplitHostPort(addr)
	args := append([]string{b.mimus, "serve", document, "-p", port}, flags...)
	return start(pinned(core, args), addr, "/_mimus/health")
}

// start runs the command and polls the path until it answers 200. Its output
// goes to the null device.
func start(args []string, addr, path string) (*process, time.Duration, error) {
	cmd := exec.Command(args[0], args[1:]...)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	p := &process{cmd: cmd, addr: addr, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
	for time.Since(began) < readyLimit {
		select {
		case <-p.done:
			return nil, 0, fmt.Errorf("%s ended with %s before it was ready", strings.Join(args, " "), cmd.ProcessState)
		default:
		}
		if healthy(addr, path) {
			return p, time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s was not ready after %s", strings.Join(args, " "), readyLimit)
}

// healthy asks once, on a connection of its own.
func healthy(addr, path string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, addr); err != nil {
		return false
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode == http.StatusOK
}

// stop ends the process and waits for it.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
	case <-time.After(3 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// resident is the resident memory of the process in MB (1,000,000 bytes).
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb * 1024 / 1e6, err
		}
	}
	return 0, errors.New("no VmRSS in the process status")
}

// pinned puts taskset in front of the command. A pinned Go program sees one
// processor and sets GOMAXPROCS to 1 by itself.
func pinned(core int, args []string) []string {
	if core < 0 || !canPin() {
		return args
	}
	return append([]string{"taskset", "-c", strconv.Itoa(core)}, args...)
}

func canPin() bool {
	_, err := exec.LookPath("taskset")
	return err == nil && runtime.NumCPU() >= 2
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
