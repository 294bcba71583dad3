package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// showLookups runs the Go benchmarks of the lookups of routes and of saved
// examples, and shows what they print. They measure inside of the engine, so
// they are no rows of the table.
func (b *bench) showLookups() error {
	if err := b.showBenchmarks("./internal/engine", "Route"); err != nil {
		return err
	}
	return b.showBenchmarks("./internal/saved", "Find")
}

func (b *bench) showBenchmarks(pkg, pattern string) error {
	if !exists(filepath.Join(b.root, "internal", "engine")) {
		return nil
	}
	cmd := exec.Command("go", "test", pkg, "-run", "^$", "-bench", pattern, "-benchmem", "-benchtime", "300ms")
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		fmt.Fprintln(os.Stderr, "  not measured: Go is not installed here")
		return nil
	}
	if err != nil {
		return fmt.Errorf("go test -bench: %w\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			fmt.Print(line)
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
