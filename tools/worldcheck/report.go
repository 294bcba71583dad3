package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// report is what was found for all documents.
type report struct {
	Percent   float64          `json:"percent"` // of the judged checks that passed
	Passed    int              `json:"passed"`
	Failed    int              `json:"failed"`
	Judged    int              `json:"judged"`
	Skipped   int              `json:"skipped"`
	Resources int              `json:"resources"`
	Checks    map[check]*count `json:"checks"`
	Documents []*result        `json:"documents"`
}

// result sums a tally up.
func (t *tally) result() *result {
	r := &result{Checks: map[check]count{}, Failures: t.failures, Skips: t.skips}
	for name, c := range t.checks {
		r.Checks[name] = *c
		r.Passed += c.Passed
		r.Judged += c.Passed + c.Failed
		r.Skipped += c.Skipped
	}
	return r
}

func newReport(results []*result) *report {
	r := &report{Documents: results, Checks: map[check]*count{}, Percent: 100}
	for _, d := range results {
		r.Passed += d.Passed
		r.Judged += d.Judged
		r.Skipped += d.Skipped
		r.Resources += d.Resources
		for name, c := range d.Checks {
			sum := r.Checks[name]
			if sum == nil {
				sum = &count{}
				r.Checks[name] = sum
			}
			sum.Passed += c.Passed
			sum.Failed += c.Failed
			sum.Skipped += c.Skipped
		}
	}
	r.Failed = r.Judged - r.Passed
	if r.Judged > 0 {
		r.Percent = 100 * float64(r.Passed) / float64(r.Judged)
	}
	return r
}

// write writes everything to a file.
func (r *report) write(file string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// print writes the failures, up to a number, and the figures.
func (r *report) print(out io.Writer, list int) {
	shown := 0
	for _, d := range r.Documents {
		for _, f := range d.Failures {
			if shown++; shown <= list {
				fmt.Fprintf(out, "%s: %s: %s: %s\n", d.Document, f.Check, f.Resource, f.Why)
			}
		}
	}
	if r.Failed > list {
		fmt.Fprintf(out, "… and %d more; -list shows more, -json writes all\n", r.Failed-list)
	}
	fmt.Fprintf(out, "\n%-10s %13s %8s\n", "check", "passed/judged", "skipped")
	for _, name := range allChecks {
		if c := r.Checks[name]; c != nil {
			fmt.Fprintf(out, "%-10s %13s %8d\n", name, fmt.Sprintf("%d/%d", c.Passed, c.Passed+c.Failed), c.Skipped)
		}
	}
	fmt.Fprintln(out)
	for _, d := range r.Documents {
		fmt.Fprintf(out, "%-45s %d/%d checks; %d resources; %d skipped; %d requests, %.1f s\n", d.Document, d.Passed, d.Judged, d.Resources, d.Skipped, d.Requests, d.Seconds)
	}
	// Rounded down, so that 100.0% means all.
	fmt.Fprintf(out, "world %.1f%% (%d/%d checks; %d resources; %d skipped)\n", float64(int(r.Percent*10))/10, r.Passed, r.Judged, r.Resources, r.Skipped)
}
