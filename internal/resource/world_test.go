package resource_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/engine"
)

var update = flag.Bool("update", false, "write the golden files")

// freshWorld is what a new mock answers at some places: lists, then the first
// items and lists below them. A mock that was read before answers the same.
func freshWorld(t *testing.T, doc, seed string, paths []string) string {
	t.Helper()
	m := mockOf(t, fixture(t, doc), engine.Config{Seed: seed})
	var b strings.Builder
	for _, path := range paths {
		for _, r := range m.Resources().Resources {
			path = strings.ReplaceAll(path, "{"+r.Name+"}", r.First)
		}
		first := ask(m, "GET", path)
		if first.Status != 200 || first.Responder != "state" {
			t.Fatalf("%s: status %d by %s: %+v", path, first.Status, first.Responder, first.Trace)
		}
		body := string(first.Body)
		if again := string(ask(m, "GET", path).Body); again != body {
			t.Errorf("%s: read twice\n%s\n%s", path, body, again)
		}
		fmt.Fprintf(&b, "GET %s\n%s\n\n", path, indented(t, body))
	}
	return b.String()
}

func indented(t *testing.T, body string) string {
	t.Helper()
	var v json.RawMessage
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWorld_Golden keeps the worlds of three documents: people's tests and
// screenshots rest on the same document and seed making the same world in every
// version. A change of these files belongs into the changelog.
func TestWorld_Golden(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		doc   string
		paths []string
	}{
		{"pets.yaml", []string{"/pets", "/pets?page=3", "/pets?sort=-age&per_page=5", "/pets/{pet}", "/pets/25"}},
		{"customers.yaml", []string{"/v1/customers?limit=25", "/v1/customers/{customer}"}},
		{"owners.yaml", []string{"/owners?limit=4", "/owners/{owner}", "/owners/{owner}/pets", "/owners/{owner}/pets/{pet}"}},
	} {
		t.Run(test.doc, func(t *testing.T) {
			t.Parallel()
			got := freshWorld(t, test.doc, "mimus", test.paths)
			path := filepath.Join("testdata", "world", strings.TrimSuffix(test.doc, ".yaml")+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the world of %s is another (-update writes it):\n%s", test.doc, firstDifference(got, string(want)))
			}
			if unnamed := freshWorld(t, test.doc, "", test.paths); unnamed != got {
				t.Errorf("without a seed: %s", firstDifference(unnamed, got))
			}
			if other := freshWorld(t, test.doc, "another", test.paths); other == got {
				t.Error("another seed makes the same world")
			}
		})
	}
}

// TestWorld_OrderOfLooks wants a world not to depend on what is looked at
// first.
func TestWorld_OrderOfLooks(t *testing.T) {
	t.Parallel()
	paths := []string{"/owners?limit=50", "/owners/{owner}", "/owners/{owner}/pets", "/owners/{owner}/pets/2"}
	body := func(m *engine.Mock, path string) string {
		path = strings.ReplaceAll(path, "{owner}", m.Resources().Resources[0].First)
		res := ask(m, "GET", path)
		if res.Status != 200 {
			t.Fatalf("%s: status %d", path, res.Status)
		}
		return string(res.Body)
	}
	forward := mockOf(t, fixture(t, "owners.yaml"), engine.Config{})
	backward := mockOf(t, fixture(t, "owners.yaml"), engine.Config{})
	want := map[string]string{}
	for _, path := range paths {
		want[path] = body(forward, path)
	}
	for i := len(paths) - 1; i >= 0; i-- {
		if got := body(backward, paths[i]); got != want[paths[i]] {
			t.Errorf("%s: looked at first it is\n%s\nlast\n%s", paths[i], got, want[paths[i]])
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			have := "nothing"
			if i < len(w) {
				have = w[i]
			}
			return fmt.Sprintf("line %d is %s, was %s", i+1, g[i], have)
		}
	}
	return "it ends earlier"
}
