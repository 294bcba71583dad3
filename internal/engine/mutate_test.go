package engine

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
)

// junk is what mutations put into documents.
var junk = []string{
	`null`, `true`, `0`, `-1`, `1e300`, `1.5`, `""`, `"x"`, `[]`, `{}`, `[null]`, `{"":{}}`, `[[]]`, `"#/components/schemas/Pet"`, `{"$ref":"#"}`, `{"$ref":"#/paths"}`,
	`{"$ref":"#/components/schemas/No"}`, `{"$ref":"../../../etc/passwd"}`, `{"$ref":"http://169.254.169.254/"}`, `{"type":"object","required":["a"]}`, `{"allOf":[{"$ref":"#/components/schemas/Pet"}]}`,
	`"(a+)+$"`, `"["`, `{"type":"array","minItems":1000000000}`, `{"minLength":1000000000}`, `{"type":["x"]}`, `{"enum":[]}`, `{"multipleOf":0}`, `{"oneOf":[{},{}]}`, `{"not":{}}`, `false`,
	`{"200":{"content":{"a":{}}}}`, `{"get":null}`, `"{"`, `"/{a}{b}"`, `{"default":{}}`, `{"type":"integer","minimum":5,"maximum":1}`, `{"properties":{"a":{"$ref":"#/components/schemas/Pet"}}}`,
}

// mutate changes some places of a tree: it replaces, removes, doubles, renames.
func mutate(t *testing.T, root *definition.Value, r *rand.Rand) {
	var places []*definition.Value
	var walk func(v *definition.Value)
	walk = func(v *definition.Value) {
		places = append(places, v)
		for i := range v.Kids {
			walk(&v.Kids[i])
		}
	}
	walk(root)
	for range 1 + r.IntN(4) {
		v := places[r.IntN(len(places))]
		switch r.IntN(6) {
		case 0, 1, 2:
			x, err := document.ParseJSON(junk[r.IntN(len(junk))], 0, document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			*v = x.With(v.Key)
		case 3:
			if n := len(v.Kids); n > 0 {
				i := r.IntN(n)
				v.Kids = append(v.Kids[:i:i], v.Kids[i+1:]...)
			}
		case 4:
			*v = places[r.IntN(len(places))].Clone().With(v.Key)
		case 5:
			if v.Key != "" {
				v.Key = []string{"x", "get", "200", "schema", "$ref", "items", "allOf", "properties", "content", "/a/{b}", "default", "application/json"}[r.IntN(12)]
			}
		}
	}
}

// TestServe_MutatedDocumentsNeverFault reads and serves documents that were
// broken at random: every operation is answered, and nothing panics.
func TestServe_MutatedDocumentsNeverFault(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*/openapi.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	rounds := 300
	if testing.Short() {
		rounds = 40
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for round := range rounds {
			root, _, err := document.Parse(string(data), file, 1, document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			mutate(t, &root, rand.New(rand.NewPCG(uint64(round), 1)))
			serveAll(t, file, round, string(root.AppendJSON(nil)))
		}
	}
}

func serveAll(t *testing.T, file string, round int, text string) {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"a.json": []byte(text)}})
	f, err := l.Open(context.Background(), "a.json")
	if err != nil {
		return
	}
	def, _, err := openapi.Read(context.Background(), l, f)
	if err != nil {
		return
	}
	for _, cfg := range []Config{{Callbacks: true}, {Dynamic: true, Validation: Warn}} {
		m := Compile(def, cfg)
		m.Coverage()
		m.CheckExamples(context.Background())
		for _, op := range def.Operations {
			path := strings.NewReplacer("{", "", "}", "").Replace(op.Path)
			req := &Request{Method: op.Method, Path: path, RawQuery: "limit=1", Header: http.Header{"Content-Type": {"application/json"}}, Body: strings.NewReader(`{"name":"x"}`), Length: 12}
			var res Response
			m.Answer(req, &res)
			if res.Fault != "" {
				t.Fatalf("%s, round %d: %s %s: %s\n%.3000s", file, round, op.Method, op.Path, res.Fault, text)
			}
			if res.Status < 100 || res.Status > 599 {
				t.Fatalf("%s, round %d: %s %s: status %d", file, round, op.Method, op.Path, res.Status)
			}
		}
	}
}
