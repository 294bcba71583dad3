// Command chaos kills nodes and the database of a running mimus, and judges
// what its users would have seen: every answer right, every call in the log
// once, every change whole. Two nodes share a PostgreSQL of their own; calls
// and changes go on all the while. It needs a Unix and the programs of
// PostgreSQL, nothing else.
//
// The last line is "N passed, N failed". Exit status 0: nothing failed; 1:
// something failed; 2: it could not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	mimus       string
	postgresBin string
	kills       int
	rate        int
	seed        uint64
	keep        bool
}

func main() {
	var o options
	flag.StringVar(&o.mimus, "mimus", "bin/mimus", "the binary to test")
	flag.StringVar(&o.postgresBin, "postgres-bin", "", "folder of initdb and postgres; found in PATH and /usr/lib/postgresql where it isn't set")
	flag.IntVar(&o.kills, "kills", 20, "how often a node is killed before the outages of the database")
	flag.IntVar(&o.rate, "rate", 1600, "calls a second of all clients together")
	flag.Uint64Var(&o.seed, "seed", 1, "what the moments of the kills come from")
	flag.BoolVar(&o.keep, "keep", false, "keep the folder with the logs, the spools and the database")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	failed, err := run(ctx, o)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(2)
	case failed:
		os.Exit(1)
	}
}

// run prepares everything, goes through the kills and outages, and tells
// whether something failed.
func run(ctx context.Context, o options) (failed bool, err error) {
	if flag.NArg() > 0 || o.kills < 0 || o.kills > 200 || o.rate < 20 || o.rate > 20_000 {
		return false, errors.New("usage: chaos [-mimus FILE] [-kills 0…200] [-rate 20…20000] [-seed N] [-postgres-bin DIR] [-keep]")
	}
	if o.mimus, err = filepath.Abs(o.mimus); err != nil {
		return false, err
	}
	help, err := exec.CommandContext(ctx, o.mimus, "serve", "--help").Output()
	if err != nil {
		return false, fmt.Errorf("%s can't be run: %w; build it with: make build", o.mimus, err)
	}
	// What hangs must not hang for ever: more than twice what it takes.
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute+time.Duration(o.kills)*15*time.Second)
	defer cancel()

	s, err := openStage(ctx, o, strings.Contains(string(help), "--spool"))
	if s != nil {
		defer s.close()
	}
	if ctx.Err() != nil {
		return false, brokenOff(ctx)
	}
	if err != nil {
		return false, err
	}
	t := newTrial(s, o)
	report, err := t.run(ctx)
	if err != nil {
		return false, err
	}
	if report.failed() {
		s.tails(os.Stdout)
	}
	report.print(os.Stdout)
	return report.failed(), nil
}
