package transfer

import (
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

const petstore = `openapi: 3.0.3
info: {title: Petstore, version: "1"}
paths:
  /pets:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "schemas/pet.yaml"}}}}
`

const pet = "type: object\nproperties: {name: {type: string}}\n"

const shop = `{
	"info": {"_postman_id": "0b0c5a3e-6a51-4f0e-9a2b-1f4d7c9e0001", "name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json", "x": 1},
	"item": [
		{"name": "Books", "item": [
			{"name": "List", "request": {"method": "GET", "url": "https://shop.test/books"}, "response": [{"name": "All", "code": 200, "body": "[]"}]},
			{"name": "List", "request": {"method": "GET", "url": "https://shop.test/books/2"}, "response": []}
		]},
		{"name": "Ping", "id": "mine", "request": "https://shop.test/ping"}
	]
}`

const staging = `{"id": "7", "name": "Staging", "values": [{"key": "host", "value": "s.test", "enabled": true}], "_postman_variable_scope": "environment"}`

const globals = `{"id": "8", "name": "My globals", "values": [{"key": "region", "value": "eu"}], "_postman_variable_scope": "globals"}`

const recording = `{"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [
	{"request": {"method": "GET", "url": "https://api.test/users/1?token=geheim", "headers": [{"name": "Authorization", "value": "Bearer geheim"}]},
	 "response": {"status": 200, "statusText": "OK", "headers": [], "content": {"mimeType": "application/json", "text": "{\"name\": \"Ann\"}"}}}
]}}`

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, files)
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

// openStore opens a store in memory, or in a folder.
func openStore(t *testing.T, location string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Location: location})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func view(t *testing.T, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), actor(), f); err != nil {
		t.Fatal(err)
	}
}

// content is what a store has, by name.
type content struct {
	Specs        map[string][]string // paths of the files
	Collections  map[string]string   // bodies
	Environments map[string]string
	Mocks        map[string]store.Mock // by slug
}

func contentOf(t *testing.T, s *store.Store) content {
	t.Helper()
	c := content{map[string][]string{}, map[string]string{}, map[string]string{}, map[string]store.Mock{}}
	view(t, s, func(tx *store.Tx) error {
		specs, err := tx.Specs(store.ElementFilter{})
		if err != nil {
			return err
		}
		for _, x := range specs {
			files, err := tx.SpecFiles(x.ID)
			if err != nil {
				return err
			}
			for _, f := range files {
				name := f.Path
				if f.Root {
					name = "*" + name
				}
				c.Specs[x.Name] = append(c.Specs[x.Name], name)
			}
		}
		collections, err := tx.Collections(store.ElementFilter{})
		if err != nil {
			return err
		}
		for _, x := range collections {
			full, err := tx.Collection(x.ID)
			if err != nil {
				return err
			}
			c.Collections[x.Name] = string(full.Body)
		}
		environments, err := tx.Environments(store.ElementFilter{})
		if err != nil {
			return err
		}
		for _, x := range environments {
			full, err := tx.Environment(x.ID)
			if err != nil {
				return err
			}
			c.Environments[x.Name] = string(full.Body)
		}
		mocks, err := tx.Mocks(store.MockFilter{})
		for _, m := range mocks {
			c.Mocks[m.Slug] = m
		}
		return err
	})
	return c
}

func seq(t *testing.T, s *store.Store) int64 {
	t.Helper()
	n, err := s.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// served loads a file as serve does.
func served(t *testing.T, file, prefix string) Owned {
	t.Helper()
	return servedFrom(t, server.Source{Location: file}, prefix)
}

func servedFrom(t *testing.T, source server.Source, prefix string) Owned {
	t.Helper()
	m := &server.Mount{Source: source, Config: engine.Config{}}
	loaded, err := m.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return Owned{File: source.Location, Prefix: prefix, Loaded: loaded}
}

func own(t *testing.T, s *store.Store, owned ...Owned) {
	t.Helper()
	if err := Own(t.Context(), s, owned); err != nil {
		t.Fatal(err)
	}
}

// importAll imports, and gives the results as lines with paths relative to dir.
func importAll(t *testing.T, s *store.Store, dir string, cfg ImportConfig, paths ...string) []string {
	t.Helper()
	var lines []string
	cfg.Report = func(r Result) {
		line := string(r.Outcome) + " " + r.Kind + " " + strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(r.Path, dir)), "/")
		if r.Name != "" {
			line += " → " + r.Name + ", " + r.Detail
		}
		if r.Reason != "" {
			line += ": " + filepath.ToSlash(strings.ReplaceAll(r.Reason, dir+string(filepath.Separator), ""))
		}
		lines = append(lines, line)
	}
	if err := Import(context.Background(), s, cfg, paths); err != nil {
		t.Fatal(err)
	}
	return lines
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("results (-want +got):\n%s", d)
	}
}

// tree reads all files of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
