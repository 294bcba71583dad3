package openapi

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// FuzzRead reads anything: it must come to an end, within bounds, with a
// definition that is whole or an error.
func FuzzRead(f *testing.F) {
	for _, c := range hostile {
		if text := c.text(); len(text) < 4096 {
			f.Add([]byte(text))
		}
	}
	for _, version := range []string{"2.0", "3.0.3", "3.1.0", "3.2.0"} {
		f.Add([]byte(head(version) + everyKind))
		f.Add([]byte(inVersion(version, `{type: [string, "null"], nullable: true, items: [{$ref: '#/components/schemas/S'}], discriminator: {propertyName: a, mapping: {a: S}}}`)))
	}
	broken, err := os.ReadFile(filepath.Join("testdata", "broken.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(broken)
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		l := document.NewLoader(document.Config{Files: map[string][]byte{
			"api.yaml": text,
			"b.yaml":   []byte("components: {schemas: {S: {$ref: 'api.yaml#/components/schemas/S'}}}"),
		}})
		entry, err := l.Open(context.Background(), "api.yaml")
		if err != nil {
			return
		}
		start := time.Now()
		def, diags, err := Read(context.Background(), l, entry)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%d bytes took %v", len(text), took)
		}
		if err == nil {
			checkWhole(t, def)
		}
		for _, d := range diags {
			if d.Message == "" || d.Code == "" || d.File == "" {
				t.Errorf("diagnostic says too little: %#v", d)
			}
		}
	})
}

// checkWhole fails where a definition has what nothing after the reader
// expects.
func checkWhole(t *testing.T, def *definition.Definition) {
	t.Helper()
	for name, s := range def.Schemas {
		if !s.Is(definition.Object) && !s.Is(definition.Bool) {
			t.Errorf("schema %q is %s", name, s.Kind)
		}
		checkSchema(t, def, s)
	}
	for _, op := range def.Operations {
		if op.Method == "" || op.Path == "" || op.Path[0] != '/' {
			t.Errorf("operation %q %q", op.Method, op.Path)
		}
		for _, p := range op.Parameters {
			if p.Style == "" || p.In == "" {
				t.Errorf("parameter %+v", p)
			}
			checkSchema(t, def, p.Schema)
		}
		for _, r := range op.Responses {
			if _, ok := statusKey(r.Status); !ok {
				t.Errorf("status %q", r.Status)
			}
			for _, m := range r.Content {
				checkSchema(t, def, m.Schema)
			}
		}
	}
}

// checkSchema fails where a reference of a schema leads out of the set.
func checkSchema(t *testing.T, def *definition.Definition, s *definition.Value) {
	t.Helper()
	if !s.Is(definition.Object) {
		return
	}
	for i := range s.Kids {
		k := &s.Kids[i]
		switch {
		case k.Key == gone:
			t.Error("a removed member is still there")
		case (k.Key == "$ref" || k.Key == "$dynamicRef") && k.Kind == definition.String && k.Flags&definition.Resolved != 0:
			if len(k.Text) < len(defsPrefix) || def.Schemas[k.Text[len(defsPrefix):]] == nil {
				t.Errorf("reference %q leads nowhere", k.Text)
			}
		case k.Key == "items" || k.Key == "not" || k.Key == "additionalProperties":
			checkSchema(t, def, k)
		case k.Key == "properties" && k.Kind == definition.Object, k.Key == "allOf" && k.Kind == definition.Array:
			for j := range k.Kids {
				checkSchema(t, def, &k.Kids[j])
			}
		}
	}
}
