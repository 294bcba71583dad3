// Command worldcheck judges, from outside, the world that mimus makes of a
// document: whether lists and items agree, pages hold each item once, children
// belong to their parents, filters and sorting do what they say, references
// lead somewhere, counts are true, and the same seed gives the same world. It
// only reads: it asks mimus what it inferred, serves the document, and sends
// GET requests that the document allows.
//
// The last line is "world 98.3% (N/M checks; R resources; K skipped)". Exit
// status 0: nothing failed; 1: something failed; 2: it could not run.
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
	"sync"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	mimus string
	only  string
	list  int
	json  string
	jobs  int
}

const usage = "usage: worldcheck [-mimus FILE] [-only TEXT] [-list N] [-json FILE] [-jobs 1…16] [DOCUMENT…]"

// documentTime bounds what is spent on one document.
const documentTime = 120 * time.Second

func main() {
	var o options
	flag.StringVar(&o.mimus, "mimus", "bin/mimus", "the binary to judge")
	flag.StringVar(&o.only, "only", "", "only documents of the corpus whose path holds this text")
	flag.IntVar(&o.list, "list", 40, "how many failures are shown")
	flag.StringVar(&o.json, "json", "", "write everything that was found to this file")
	flag.IntVar(&o.jobs, "jobs", 2, "how many documents are judged at a time")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	failed, err := run(ctx, o, flag.Args())
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "worldcheck:", err)
		os.Exit(2)
	case failed:
		os.Exit(1)
	}
}

// run judges all documents and prints what was found.
func run(ctx context.Context, o options, args []string) (failed bool, err error) {
	if o.jobs < 1 || o.jobs > 16 || o.list < 0 {
		return false, errors.New(usage)
	}
	if o.mimus, err = filepath.Abs(o.mimus); err != nil {
		return false, err
	}
	if out, err := exec.CommandContext(ctx, o.mimus, "resources", "--help").CombinedOutput(); err != nil {
		return false, fmt.Errorf("%s resources can't be run: %w: %s; build it with: make build", o.mimus, err, firstLine(out))
	}
	documents, err := documentsOf(args, o.only)
	if err != nil {
		return false, err
	}
	results := judgeAll(ctx, o, documents)
	if ctx.Err() != nil {
		return false, errors.New("it was broken off")
	}
	r := newReport(results)
	if o.json != "" {
		if err := r.write(o.json); err != nil {
			return false, err
		}
	}
	r.print(os.Stdout, o.list)
	return r.Failed > 0, nil
}

// judgeAll judges some documents at a time, and gives the results in their
// order.
func judgeAll(ctx context.Context, o options, documents []location) []*result {
	results := make([]*result, len(documents))
	next := make(chan int)
	var workers sync.WaitGroup
	for range o.jobs {
		workers.Go(func() {
			for i := range next {
				results[i] = judgeFile(ctx, o.mimus, documents[i])
				fmt.Fprintf(os.Stderr, "%s: %d/%d checks, %.0f s\n", documents[i].name, results[i].Passed, results[i].Judged, results[i].Seconds)
			}
		})
	}
	for i := range documents {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}
