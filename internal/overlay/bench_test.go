package overlay

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// large reads a document of 13 MB.
func large(tb testing.TB) string {
	tb.Helper()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		tb.Skip("MIMUS_SHARED is not set: it names the folder that holds corpus/openapi")
	}
	f, err := os.Open(filepath.Join(shared, "corpus", "openapi", "github-api.json.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

var largeOverlays = []struct{ name, actions string }{
	{"plain", `
  - {target: $.info, update: {title: Mine}}
  - {target: "$.paths['/repos/{owner}/{repo}'].get", update: {x-mine: true}}
  - {target: $.components.schemas.repository.properties.name, update: {example: mimus}}
  - {target: "$.paths['/zen']", remove: true}
  - {target: $.servers, update: {url: http://localhost}}
`},
	{"filters", `
  - {target: $.paths.*.get, update: {x-safe: true}}
  - {target: "$.paths.*.get.parameters[?@.in=='query']", update: {x-query: true}}
  - {target: "$..[?@.deprecated == true]", update: {x-old: true}}
  - {target: "$..properties[?match(@.description, '.*URL.*')]", update: {x-url: true}}
  - {target: "$..examples[?@.value]", remove: true}
`},
}

func TestApply_ALargeDocument_InTime(t *testing.T) {
	f := file(t, "github.json", large(t))
	for _, c := range largeOverlays {
		o := read(t, over("1.0.0", c.actions))
		start := time.Now()
		_, diags := o.Apply(&f.Root)
		if took := time.Since(start); took > 1500*time.Millisecond {
			t.Errorf("%s: five actions took %s", c.name, took)
		}
		for _, d := range diags {
			t.Log(d)
		}
	}
}

func BenchmarkApply_ALargeDocument(b *testing.B) {
	f := file(b, "github.json", large(b))
	for _, c := range largeOverlays {
		b.Run(c.name, func(b *testing.B) {
			o := read(b, over("1.0.0", c.actions))
			b.ReportAllocs()
			for b.Loop() {
				o.Apply(&f.Root)
			}
		})
	}
}
