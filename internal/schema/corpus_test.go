package schema_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/schema"
)

// corpus reads the OpenAPI documents of the shared corpus.
func corpus(t *testing.T, f func(name string, def *definition.Definition)) {
	t.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the corpus is not there")
	}
	index, err := os.Open(filepath.Join(shared, "corpus", "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = index.Close() }()
	for s := bufio.NewScanner(index); s.Scan(); {
		name, _, _ := strings.Cut(s.Text(), "\t")
		if !strings.HasPrefix(name, "openapi/") {
			continue
		}
		l := document.NewLoader(document.Config{})
		file, err := l.Open(context.Background(), filepath.Join(shared, "corpus", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		def, _, err := openapi.Read(context.Background(), l, file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f(name, def)
	}
}

// bodies calls f for the JSON schema of each response of a definition.
func bodies(def *definition.Definition, f func(op *definition.Operation, status string, v *definition.Value)) {
	for _, op := range def.Operations {
		for _, r := range op.Responses {
			for _, m := range r.Content {
				if m.Schema != nil && strings.Contains(m.Type, "json") {
					f(op, r.Status, m.Schema)
				}
			}
		}
	}
}

// completeness counts the optional and required properties to depth 6 that a
// value could have and has.
func completeness(s *schema.Schema, v *definition.Value, depth int, want, have *int) {
	switch v.Kind {
	case definition.Array:
		for i := range v.Kids {
			if item := s.Item(i); item != nil {
				completeness(item, &v.Kids[i], depth, want, have)
			}
		}
	case definition.Object:
		if depth > 6 {
			return
		}
		for _, name := range s.Described(v, schema.Response) {
			*want++
			kid := v.Get(name)
			if kid == nil {
				continue
			}
			*have++
			if m := s.Member(name); m != nil {
				completeness(m, kid, depth+1, want, have)
			}
		}
	}
}

// TestCorpus_GeneratedBodiesAreValidAndFull generates a body for each response
// of the corpus in both modes: valid in at least 99.5 %, and with every
// property to depth 6 in at least 99 % of the bodies.
func TestCorpus_GeneratedBodiesAreValidAndFull(t *testing.T) {
	for _, dynamic := range []bool{false, true} {
		total, valid, full := 0, 0, 0
		corpus(t, func(name string, def *definition.Definition) {
			set := schema.NewSet(def.Schemas)
			bodies(def, func(op *definition.Operation, status string, v *definition.Value) {
				s := set.Compile(v)
				total++
				body, ok, err := s.Generate(set, schema.Options{Direction: schema.Response, Dynamic: dynamic, Seed: 1, Name: "thing"})
				if err != nil || !ok || !s.Valid(&body, schema.Response) {
					t.Logf("%s: %s %s %s: not valid (%v)", name, op.Method, op.Path, status, err)
					return
				}
				valid++
				want, have := 0, 0
				completeness(s, &body, 1, &want, &have)
				if want == have {
					full++
				} else {
					t.Logf("%s: %s %s %s: %d of %d properties", name, op.Method, op.Path, status, have, want)
				}
			})
		})
		if total == 0 {
			continue
		}
		t.Logf("dynamic %v: %d bodies, %d valid (%.2f %%), %d full (%.2f %%)", dynamic, total, valid, 100*float64(valid)/float64(total), full, 100*float64(full)/float64(total))
		if float64(valid) < 0.995*float64(total) {
			t.Errorf("dynamic %v: only %d of %d bodies are valid", dynamic, valid, total)
		}
		if float64(full) < 0.99*float64(total) {
			t.Errorf("dynamic %v: only %d of %d bodies are full", dynamic, full, total)
		}
	}
}
