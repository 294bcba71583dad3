// Command bench measures the speed and memory budgets of a mimus binary from
// outside and prints a table. It exits with 1 when a budget is missed, with 2
// when it could not measure.
//
// The figures mean something on a machine that does nothing else. With
// MIMUS_SHARED set, the large documents of the corpus are measured too; with MIMUS_TEST_POSTGRES
// set, to the URL of a database in which schemas may be made, PostgreSQL.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	var err error
	switch {
	case len(os.Args) > 1 && os.Args[1] == "bare":
		err = runBare(os.Args[2:])
	case len(os.Args) > 1 && os.Args[1] == "load":
		err = runLoad(os.Args[2:])
	default:
		err = run(os.Args[1:])
	}
	if errors.Is(err, errMissed) {
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

var errMissed = errors.New("a budget was missed")

// bench is one run: what is measured and how, and what was found.
type bench struct {
	mimus  string // absolute path of the binary
	root   string // the repository, with examples/ and bench/
	shared string // $MIMUS_SHARED, "" where it isn't set
	temp   string
	runs   int           // how often each figure is measured; the median counts
	span   time.Duration // how long one rate is measured
	only   *regexp.Regexp
	calls  int // of the large log that is searched
	items  int // of the resource that is read and listed

	postgres string // URL of a database in which schemas may be made; "" none
	rows     []row
}

// row is one line of the table.
type row struct {
	what     string
	measured string
	budget   string
	state    string // ok, missed, or why there is no figure
}

func run(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	mimus := flags.String("mimus", "bin/mimus", "the binary to measure")
	root := flags.String("root", ".", "the repository")
	runs := flags.Int("runs", 5, "how often each figure is measured; the median counts")
	span := flags.Duration("time", 2*time.Second, "how long one rate is measured")
	only := flags.String("only", "", "measure only what matches this regular expression: start, rate, first call, route, mocks, log, search, state")
	searched := flags.Int("calls", 5_000_000, "how many calls the large log has that is searched")
	items := flags.Int("items", 100_000, "how many items the resource has that is read and listed")
	_ = flags.Parse(args)

	b := &bench{root: *root, shared: os.Getenv("MIMUS_SHARED"), runs: max(*runs, 1), span: *span, calls: *searched, items: max(*items, 10_000), postgres: os.Getenv("MIMUS_TEST_POSTGRES")}
	var err error
	if b.only, err = regexp.Compile(*only); err != nil {
		return err
	}
	if b.mimus, err = filepath.Abs(*mimus); err != nil {
		return err
	}
	if _, err := os.Stat(b.mimus); err != nil {
		return fmt.Errorf("no binary to measure: %w; build it with: make build", err)
	}
	if b.temp, err = os.MkdirTemp("", "mimus-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.temp) }()

	for _, part := range []struct {
		name    string
		measure func() error
	}{
		{"start", b.measureStart},
		{"rate", b.measureRates},
		{"first call", b.measureFirstCalls},
		{"route", b.showLookups},
		{"mocks", b.measureMocks},
		{"log", b.measureLog},
		{"search", b.measureSearch},
		{"state", b.measureState},
	} {
		if !b.only.MatchString(part.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring: %s\n", part.name)
		if err := part.measure(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return b.print()
}

// within adds a row whose figure must not be above the budget.
func (b *bench) within(what string, measured, budget float64, format string) {
	b.add(what, fmt.Sprintf(format, measured), "≤ "+fmt.Sprintf(format, budget), measured <= budget)
}

// atLeast adds a row whose figure must not be below the budget.
func (b *bench) atLeast(what string, measured, budget float64, format, note string) {
	b.add(what, fmt.Sprintf(format, measured)+note, "≥ "+fmt.Sprintf(format, budget), measured >= budget)
}

func (b *bench) add(what, measured, budget string, ok bool) {
	state := "ok"
	if !ok {
		state = "missed"
	}
	b.rows = append(b.rows, row{what, measured, budget, state})
}

// unmeasured adds a row for a figure that could not be had here.
func (b *bench) unmeasured(what, budget, why string) {
	b.rows = append(b.rows, row{what, "-", budget, why})
}

// record adds a row for a figure that has no budget.
func (b *bench) record(what, measured string) {
	b.rows = append(b.rows, row{what, measured, "-", "for the record"})
}

func (b *bench) print() error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tmeasured\tbudget\t")
	missed := false
	for _, r := range b.rows {
		missed = missed || r.state == "missed"
		fmt.Fprintln(w, strings.Join([]string{r.what, r.measured, r.budget, r.state}, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if missed {
		return errMissed
	}
	return nil
}
