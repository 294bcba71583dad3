package resource_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/schema"
)

// open reads a document; ok is false where it is none.
func open(text []byte) (def *definition.Definition, ok bool) {
	l := document.NewLoader(document.Config{Files: map[string][]byte{"api.yaml": text}})
	f, err := l.Open(context.Background(), "api.yaml")
	if err != nil {
		return nil, false
	}
	def, _, err = openapi.Read(context.Background(), l, f)
	return def, err == nil
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// infer finds the resources of a document.
func infer(def *definition.Definition) (*resource.Model, *schema.Set) {
	set := schema.NewSet(def.Schemas)
	faker := schema.DefaultFaker
	return resource.Infer(def, set, &faker), set
}

// mockOf is a mock of a document, living or not.
func mockOf(t testing.TB, text []byte, cfg engine.Config) *engine.Mock {
	t.Helper()
	def, ok := open(text)
	if !ok {
		t.Fatal("the document can't be read")
	}
	return engine.Compile(def, cfg)
}

// ask sends a request without a body.
func ask(m *engine.Mock, method, path string) *engine.Response {
	path, query, _ := strings.Cut(path, "?")
	res := &engine.Response{}
	m.Answer(&engine.Request{Method: method, Path: path, RawQuery: query}, res)
	return res
}
