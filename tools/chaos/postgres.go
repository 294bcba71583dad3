package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// startLimit bounds the start of the database, recovery included.
const startLimit = 20 * time.Second

// postgres is a database server of our own, on loopback only.
type postgres struct {
	bin  string // folder of its programs
	dir  string // of its data
	port int
	attr *syscall.SysProcAttr // the user it runs as
	cmd  *exec.Cmd
	done chan struct{} // closed when the server has ended
}

// newPostgres makes a data folder at dir. PostgreSQL refuses to run as root:
// root has it run by another user, who owns the folder.
func newPostgres(ctx context.Context, dir, bin string) (*postgres, error) {
	bin, err := findPostgres(bin)
	if err != nil {
		return nil, err
	}
	attr, uid, gid, err := unprivileged()
	if err != nil {
		return nil, err
	}
	p := &postgres{bin: bin, dir: dir, attr: attr}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	cmd := p.command(ctx, "initdb", "--pgdata", dir, "--username", "mimus", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	// It has a server of its own, which a kill would leave.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return p, nil
}

// findPostgres is the folder of initdb and postgres: the given one, that of
// PATH, or the newest of Debian's.
func findPostgres(given string) (string, error) {
	if given != "" {
		if hasPostgres(given) {
			return given, nil
		}
		return "", fmt.Errorf("there are no initdb and postgres in %s; name their folder with -postgres-bin", given)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && hasPostgres(filepath.Dir(path)) {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	found = slices.DeleteFunc(found, func(dir string) bool { return !hasPostgres(dir) })
	if len(found) == 0 {
		return "", errors.New("there are no initdb and postgres in PATH or /usr/lib/postgresql; install PostgreSQL (Debian: apt-get install postgresql), or name their folder with -postgres-bin")
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

func hasPostgres(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// version is that of a folder /usr/lib/postgresql/15/bin; 0 where it has none.
func version(bin string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}
	return n
}

// command is one of its programs, run as its user and without what the
// environment says of another database.
func (p *postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = p.dir, p.attr
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	return cmd
}

// url is what nodes are given.
func (p *postgres) url() string {
	return fmt.Sprintf("postgres://mimus@127.0.0.1:%d/postgres?sslmode=disable", p.port)
}

// start starts the server and waits until it answers. After a kill of all of it
// a first try may find remains of the old one that are about to go.
func (p *postgres) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		if err := p.launch(ctx); err != nil {
			return err
		}
		if p.answers(ctx) {
			return nil
		}
		p.signal(os.Kill)
		if !pause(ctx, 200*time.Millisecond) {
			return errors.Join(fmt.Errorf("the database was not there after %s", startLimit), tail("postgres", p.logFile()))
		}
	}
}

func (p *postgres) logFile() string { return p.dir + ".log" }

// launch starts the process. It outlives the context: who started it stops it.
func (p *postgres) launch(ctx context.Context) error {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own
	cmd := p.command(context.WithoutCancel(ctx), "postgres", "-D", p.dir, "-p", strconv.Itoa(p.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "log_checkpoints=off")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	p.cmd, p.done = cmd, done
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	return nil
}

// answers waits until the server takes connections; false when it has ended, or
// the time is over.
func (p *postgres) answers(ctx context.Context) bool {
	for {
		conn, err := pgx.Connect(ctx, p.url())
		if err == nil {
			err = conn.Ping(ctx)
			_ = conn.Close(ctx)
		}
		if err == nil {
			return true
		}
		select {
		case <-p.done:
			return false
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stopAtOnce is pg_ctl stop -m immediate: no checkpoint, connections are cut.
func (p *postgres) stopAtOnce() { p.signal(syscall.SIGQUIT) }

// killAll kills the server and its processes, as a machine that fails does.
func (p *postgres) killAll() {
	children := childrenOf(p.cmd.Process.Pid)
	p.signal(os.Kill)
	for _, pid := range children {
		if child, err := os.FindProcess(pid); err == nil {
			_ = child.Kill()
		}
	}
}

// signal sends a signal that ends the server, and waits for the end.
func (p *postgres) signal(s os.Signal) {
	_ = p.cmd.Process.Signal(s)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

func (p *postgres) close() {
	if p.cmd != nil {
		p.stopAtOnce()
	}
}

// complaints are the errors in the server's log, each with how often it is
// there. They fail nothing by themselves.
func (p *postgres) complaints() (all []string) {
	log, err := os.ReadFile(p.logFile())
	if err != nil {
		return nil
	}
	times := map[string]int{}
	for line := range strings.Lines(string(log)) {
		if _, message, found := strings.Cut(line, " ERROR:  "); found {
			times[strings.TrimSpace(message)]++
		}
	}
	for _, message := range slices.Sorted(maps.Keys(times)) {
		all = append(all, fmt.Sprintf("%d times: %.200s", times[message], message))
	}
	return all[:min(len(all), 10)]
}

// childrenOf are the processes that a process has started, where /proc tells.
func childrenOf(pid int) (children []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …: the name may hold anything.
		_, rest, _ := strings.Cut(string(data), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			if child, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
