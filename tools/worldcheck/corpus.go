package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// location is a document, and what it is called in the report.
type location struct{ name, path string }

// documentsOf gives the documents that are named, or else those of the shared
// corpus, as far as their name holds the text.
func documentsOf(args []string, only string) ([]location, error) {
	var all []location
	for _, path := range args {
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		all = append(all, location{name: path, path: path})
	}
	if len(args) == 0 {
		var err error
		if all, err = corpus(); err != nil {
			return nil, err
		}
	}
	var chosen []location
	for _, d := range all {
		if strings.Contains(d.name, only) {
			chosen = append(chosen, d)
		}
	}
	if chosen == nil {
		return nil, fmt.Errorf("no document is called like %q", only)
	}
	return chosen, nil
}

// corpus gives the OpenAPI documents that the index of the corpus lists: other
// files in its folders are parts of them.
func corpus() ([]location, error) {
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		shared = "../shared"
	}
	folder := filepath.Join(shared, "corpus")
	index, err := os.Open(filepath.Join(folder, "INDEX.tsv"))
	if err != nil {
		return nil, fmt.Errorf("%w; name documents, or set MIMUS_SHARED to the folder that holds corpus/", err)
	}
	defer func() { _ = index.Close() }()
	var found []location
	lines := bufio.NewScanner(index)
	for lines.Scan() {
		path, _, _ := strings.Cut(lines.Text(), "\t")
		if name, ok := strings.CutPrefix(path, "openapi/"); ok {
			found = append(found, location{name: name, path: filepath.Join(folder, filepath.FromSlash(path))})
		}
	}
	if found == nil && lines.Err() == nil {
		return nil, errors.New("the index of the corpus lists no OpenAPI document")
	}
	return found, lines.Err()
}
