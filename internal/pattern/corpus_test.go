package pattern

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Real documents are the measure of what must work.
func TestGenerate_Corpus(t *testing.T) {
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED names no folder with a corpus of documents")
	}
	t.Parallel()
	// ".^" stands in a document for tests and matches nothing.
	barren := map[string]bool{".^": true}
	exprs := corpusPatterns(t, filepath.Join(shared, "corpus", "openapi"))
	if len(exprs) == 0 {
		t.Fatal("the corpus has no patterns")
	}
	tried, failed := 0, 0
	for _, expr := range exprs {
		p, err := Compile(expr)
		if err != nil {
			t.Errorf("Compile: %v", err)
			continue
		}
		if barren[expr] {
			continue
		}
		for seed := range uint64(5) {
			tried++
			if s, ok := p.Generate(source(seed), 0, -1); !ok {
				failed++
				t.Logf("Generate(%q) with seed %d: none", expr, seed)
			} else if seed == 0 {
				t.Logf("%q: %.80q", expr, s)
			}
		}
	}
	t.Logf("%d patterns; %d of %d strings not made", len(exprs), failed, tried)
	if failed*200 > tried {
		t.Errorf("more than 0.5 %% of the strings were not made")
	}
}

func corpusPatterns(t *testing.T, root string) []string {
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if name, ok := strings.CutSuffix(path, ".gz"); ok {
			r, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return err
			}
			if data, err = io.ReadAll(r); err != nil {
				return err
			}
			path = name
		}
		var tree any
		switch filepath.Ext(path) {
		case ".json":
			err = json.Unmarshal(data, &tree)
		case ".yaml", ".yml":
			err = yaml.Unmarshal(data, &tree)
		default:
			return nil
		}
		if err != nil {
			t.Logf("%s: %v", path, err)
		}
		collectPatterns(tree, found)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	exprs := make([]string, 0, len(found))
	for expr := range found {
		exprs = append(exprs, expr)
	}
	slices.Sort(exprs)
	return exprs
}

func collectPatterns(tree any, found map[string]bool) {
	switch tree := tree.(type) {
	case map[string]any:
		if expr, ok := tree["pattern"].(string); ok {
			found[expr] = true
		}
		if props, ok := tree["patternProperties"].(map[string]any); ok {
			for expr := range props {
				found[expr] = true
			}
		}
		for _, sub := range tree {
			collectPatterns(sub, found)
		}
	case map[any]any:
		for key, sub := range tree {
			if expr, ok := sub.(string); ok && key == "pattern" {
				found[expr] = true
			}
			collectPatterns(sub, found)
		}
	case []any:
		for _, sub := range tree {
			collectPatterns(sub, found)
		}
	}
}
