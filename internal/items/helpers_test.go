package items

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func parse(t testing.TB, text string) *definition.Value {
	t.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{Nodes: 50_000_000})
	if err != nil {
		t.Fatalf("%v in %.80s", err, text)
	}
	return &v
}

func text(v *definition.Value) string { return string(v.AppendJSON(nil)) }

// counter gives ids in a row: 00000000-0000-4000-8000-000000000001 …
func counter() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}
}

// shop is a collection with a folder in a folder, requests on each level and
// members that nobody knows.
const shop = `{
	"info": {"_postman_id": "c0000000-0000-4000-8000-000000000000", "name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json", "x-info": 1},
	"item": [
		{"name": "Pets", "id": "f1", "x-folder": true, "item": [
			{"name": "Inner", "id": "f2", "item": [{"name": "Deep", "id": "r3", "request": "https://a.test/deep", "response": []}]},
			{"name": "Get pet", "id": "r1", "x-item": {"a": 1},
				"event": [{"listen": "test", "script": {"id": "s1", "exec": ["a();", "b();"], "type": "text/javascript"}}],
				"protocolProfileBehavior": {"disableBodyPruning": true},
				"request": {"method": "GET", "x-request": 2,
					"header": [{"key": "A", "value": "1", "x-header": 3}, {"key": "B", "value": "2", "disabled": true, "description": {"content": "off", "type": "text/plain"}}],
					"url": {"raw": "https://a.test/pets/:id?x=1", "protocol": "https", "host": ["a", "test"], "path": ["pets", ":id"],
						"query": [{"key": "x", "value": "1", "description": "the x"}, {"key": "y", "value": "2", "disabled": true}],
						"variable": [{"key": "id", "value": "7"}]},
					"description": {"content": "Gets a pet.", "type": "text/markdown"}},
				"response": [
					{"id": "e1", "name": "Found", "code": 200, "status": "OK", "x-response": 4, "header": [{"key": "Content-Type", "value": "application/json"}], "cookie": [], "responseTime": 12, "body": "{}",
						"originalRequest": {"method": "GET", "header": [], "url": {"raw": "https://a.test/pets/7", "host": ["a", "test"]}}},
					{"id": "e2", "name": "Missing", "code": 404, "status": "Not Found"}]}
		]},
		{"name": "Root", "id": "r2", "request": {"method": "POST", "body": {"mode": "urlencoded", "urlencoded": [{"key": "k", "value": "v", "disabled": true}]}, "url": "{{base}}/root"}}
	],
	"x-root": [1]
}`

var stamp = Stamp{Owner: 12345678, CreatedAt: "2026-01-01T00:00:00.000Z", UpdatedAt: "2026-01-02T00:00:00.000Z", LastUpdatedBy: 12345678, Revision: 9}

func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("MIMUS_SHARED")
	if dir == "" {
		t.Skip("MIMUS_SHARED is unset: there is no corpus and no contract to compare with")
	}
	return dir
}

// corpus gives the collections of the corpus that are trees of items.
func corpus(t *testing.T) map[string]*definition.Value {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared(t), "corpus/postman/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no collections in the corpus: %v", err)
	}
	out := map[string]*definition.Value{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v := parse(t, string(b))
		if c := v.Get("collection"); c.Has("item") {
			v = c
		}
		if !v.Has("item") {
			continue
		}
		out[filepath.Base(file)] = v
	}
	return out
}

// wantError checks that an error has the API's name.
func wantError(t *testing.T, err error, name string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Name != name {
		t.Fatalf("got %v, want %s", err, name)
	}
	return e
}

// deepParse reads a text that may nest deeper than a stored one.
func deepParse(t *testing.T, text string) (definition.Value, error) {
	t.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{Depth: 5000})
	if err != nil {
		t.Fatal(err)
	}
	return v, nil
}

// nameOf gives the API's name of an error, "" where it has none.
func nameOf(err error) string {
	var e *Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Name
}
