package convert

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

var updatePostman = flag.Bool("update-postman", false, "write the golden collections again")

// readDefinition reads a document of testdata/postman.
func readDefinition(t *testing.T, name string) *definition.Definition {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "postman", name))
	if err != nil {
		t.Fatal(err)
	}
	return parseDefinition(t, string(text))
}

func parseDefinition(t *testing.T, text string) *definition.Definition {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{"api.yaml": []byte(text)}})
	f, err := l.Open(context.Background(), "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	def, diags, err := openapi.Read(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Severity == document.Error {
			t.Fatal(d)
		}
	}
	return def
}

func TestToPostman_Golden(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source  string
		options PostmanOptions
	}{
		"shop-2.0":           {"shop-2.0.yaml", PostmanOptions{}},
		"shop-2.0-kept":      {"shop-2.0.yaml", PostmanOptions{ImplicitHeader: true, InheritAuth: true, NoExampleAuth: true, Indent: "\t"}},
		"bodies-3.0":         {"bodies-3.0.yaml", PostmanOptions{}},
		"bodies-3.0-tags":    {"bodies-3.0.yaml", PostmanOptions{Folders: FoldersByTag, Names: NamesByURL, DisableOptions: true, NoDeprecated: true}},
		"bodies-3.0-nested":  {"bodies-3.0.yaml", PostmanOptions{Folders: FoldersByTag, NestedFolders: true, PreferredBody: BodyRaw}},
		"bodies-3.0-example": {"bodies-3.0.yaml", PostmanOptions{Values: ValuesOfExample}},
		"bodies-3.0-all":     {"bodies-3.0.yaml", PostmanOptions{SavedExamples: SavedAll}},
		"bodies-3.0-types":   {"bodies-3.0.yaml", PostmanOptions{Values: ValuesOfType}},
		"auth-3.0":           {"auth-3.0.yaml", PostmanOptions{}},
		"shapes-3.1":         {"shapes-3.1.yaml", PostmanOptions{Webhooks: true}},
		"new-3.2":            {"new-3.2.yaml", PostmanOptions{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := ToPostman(readDefinition(t, c.source), c.options)
			text := got.AppendJSON(nil)
			for _, d := range diags {
				text = append(text, d.String()+"\n"...)
			}
			golden := filepath.Join("testdata", "postman", name+".golden")
			if *updatePostman {
				if err := os.WriteFile(golden, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, want) {
				t.Errorf("the collection differs from %s at %s; -update-postman writes it again", golden, firstDifference(text, want))
			}
		})
	}
}

func firstDifference(got, want []byte) string {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\n" + b[i] + "\nwhich is now\n" + a[i]
		}
	}
	return "its end"
}

// The same document gives the same bytes, whatever came before: ids and values
// are derived, not drawn.
func TestToPostman_SameBytesAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop-2.0.yaml", "bodies-3.0.yaml", "shapes-3.1.yaml"} {
		first, _ := ToPostman(readDefinition(t, name), PostmanOptions{SavedExamples: SavedAll})
		second, _ := ToPostman(readDefinition(t, name), PostmanOptions{SavedExamples: SavedAll})
		if !bytes.Equal(first.AppendJSON(nil), second.AppendJSON(nil)) {
			t.Errorf("%s gives two collections", name)
		}
	}
}

func TestToPostman_IDsAreUnique(t *testing.T) {
	t.Parallel()
	c, _ := ToPostman(readDefinition(t, "bodies-3.0.yaml"), PostmanOptions{SavedExamples: SavedAll, Folders: FoldersByTag})
	seen := map[string]string{c.ID: "the collection"}
	add := func(id, name string) {
		if len(id) != 36 {
			t.Errorf("%s has the id %q", name, id)
		}
		if other, twice := seen[id]; twice {
			t.Errorf("%s and %s have the same id", name, other)
		}
		seen[id] = name
	}
	eachItem(c.Items, func(it *postman.Item) {
		add(it.ID, it.Name)
		for _, e := range it.Examples {
			add(e.ID, it.Name+" → "+e.Name)
		}
	})
}

func eachItem(items []*postman.Item, do func(*postman.Item)) {
	for _, it := range items {
		do(it)
		eachItem(it.Items, do)
	}
}

// A collection that a reader of collections complains of is no use.
func TestToPostman_ReadsBackWithoutComplaint(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop-2.0.yaml", "bodies-3.0.yaml", "auth-3.0.yaml", "shapes-3.1.yaml", "new-3.2.yaml"} {
		made, _ := ToPostman(readDefinition(t, name), PostmanOptions{Webhooks: true})
		text := made.AppendJSON(nil)
		l := document.NewLoader(document.Config{Files: map[string][]byte{"c.json": text}})
		f, err := l.Open(context.Background(), "c.json")
		if err != nil {
			t.Fatal(err)
		}
		back, diags, err := postman.Read(context.Background(), l, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			t.Errorf("%s: %s", name, d)
		}
		if again := back.AppendJSON(nil); !bytes.Equal(text, again) {
			t.Errorf("%s: written again, the collection differs at %s", name, firstDifference(again, text))
		}
	}
}

// Bodies must be such that the contract accepts them, and name no types.
func TestToPostman_BodiesAreValid(t *testing.T) {
	t.Parallel()
	def := readDefinition(t, "bodies-3.0.yaml")
	set := schema.NewSet(def.Schemas)
	c, _ := ToPostman(def, PostmanOptions{})
	requests := map[string]*postman.Request{}
	eachItem(c.Items, func(it *postman.Item) {
		if it.Request != nil {
			requests[it.Request.URL.Base()] = it.Request
		}
	})
	for _, op := range def.Operations {
		if op.Path != "/json" {
			continue
		}
		body := requests["{{baseUrl}}/json"].Body.Raw
		l := document.NewLoader(document.Config{Files: map[string][]byte{"b.json": []byte(body)}})
		f, err := l.Open(context.Background(), "b.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range set.Compile(op.Body.Content[0].Schema).Validate(&f.Root, schema.Request, 5) {
			t.Errorf("%s: %s %s", op.Path, v.Pointer(), v.Message)
		}
	}
}

func TestToPostman_Placeholders_OnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	for values, want := range map[ValueSource]bool{ValuesOfSchema: false, ValuesOfExample: false, ValuesOfType: true} {
		c, _ := ToPostman(readDefinition(t, "bodies-3.0.yaml"), PostmanOptions{Values: values, NoExampleAuth: true})
		text := string(c.AppendJSON(nil))
		has := false
		for _, p := range []string{"<string>", "<integer>", "<number>", "<long>", "<date>", "<uri>"} {
			has = has || strings.Contains(text, p)
		}
		if has != want {
			t.Errorf("values of %q: names of types are there: %v, want %v", values, has, want)
		}
	}
}

// A response "default" has no code of its own, and without one a saved
// response can't be served.
func TestToPostman_DefaultResponse_HasACode(t *testing.T) {
	t.Parallel()
	c, _ := ToPostman(readDefinition(t, "shop-2.0.yaml"), PostmanOptions{})
	got := map[string]int{}
	eachItem(c.Items, func(it *postman.Item) {
		for _, e := range it.Examples {
			got[e.Name] = e.Code
			if e.Code == 0 || e.Status == "" {
				t.Errorf("%s: %q has the code %d and the status %q", it.Name, e.Name, e.Code, e.Status)
			}
		}
	})
	if got["Anything else"] != http.StatusInternalServerError {
		t.Errorf("beside a 200, default is %d, want 500", got["Anything else"])
	}
	if got["Whatever came of it"] != http.StatusOK {
		t.Errorf("where no success is declared, default is %d, want 200", got["Whatever came of it"])
	}
}

// A schema that leads back to itself, and one that no value satisfies, must
// neither hang nor lose the request.
func TestToPostman_CirclesAndImpossibleValuesEnd(t *testing.T) {
	t.Parallel()
	def := parseDefinition(t, `
openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /odd:
    post:
      parameters: [{name: never, in: query, schema: {type: string, enum: [1, 2]}}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}}
      responses:
        "200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Tree"}}}}
components:
  schemas:
    Node: {type: object, required: [next], properties: {next: {oneOf: [{$ref: "#/components/schemas/Node"}, {type: "null"}]}, name: {type: string}}}
    Tree: {type: object, additionalProperties: {$ref: "#/components/schemas/Tree"}}
`)
	c, _ := ToPostman(def, PostmanOptions{})
	r := c.Items[0].Items[0].Request
	if len(r.URL.Query) != 1 || !r.URL.Query[0].Disabled {
		t.Errorf("a parameter that nothing can satisfy is %+v, want it disabled", r.URL.Query)
	}
	if !json.Valid([]byte(r.Body.Raw)) || !strings.Contains(r.Body.Raw, "next") {
		t.Errorf("the body is %s", r.Body.Raw)
	}
}

// Schemas whose values double with each step must not fill the memory.
func TestToPostman_ExplodingSchemasAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: Many, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}}\ncomponents:\n  schemas:\n")
	for i := range 25 {
		next := fmt.Sprintf("{$ref: '#/components/schemas/S%d'}", i+1)
		fmt.Fprintf(&b, "    S%d: {type: object, properties: {a: {allOf: [%s, {type: object, properties: {a: %[2]s}}]}, b: %[2]s}}\n", i, next)
	}
	b.WriteString("    S25: {type: string}\n")
	c, _ := ToPostman(parseDefinition(t, b.String()), PostmanOptions{})
	if n := len(c.AppendJSON(nil)); n > 40<<20 {
		t.Errorf("the collection has %d bytes", n)
	}
}

func TestSpaced_MakesWordsOfIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"createUser": "create User", "NASAMission": "NASA Mission", "create_user": "create user",
		"list__all_2": "list all 2", "plain": "plain", "trailing_": "trailing_", "": "",
	} {
		if got := spaced(id); got != want {
			t.Errorf("spaced(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestColons_MakesPathVariables(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/pets/{id}": "/pets/:id", "/{a}/{b}.{c}/{d}": "/:a/{{b}}.{{c}}/:d", "/x/{{y}}": "/x/:y",
		"/{a.b}": "/:a.b", "/{a": "/{a", "/a}": "/a}", "/{}": "/{}", "{a}/b": "{{a}}/b", "/é/{ü}": "/é/:ü",
	} {
		if got := colons(path); got != want {
			t.Errorf("colons(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestPostmanSize_IsEnoughAndNotFarTooMuch(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"shop-2.0.yaml", "bodies-3.0.yaml", "auth-3.0.yaml"} {
		c, _ := ToPostman(readDefinition(t, name), PostmanOptions{SavedExamples: SavedAll})
		size, guess := len(c.AppendJSON(nil)), PostmanSize(c)
		if guess < size*9/10 || guess > size*3 {
			t.Errorf("%s: the file has %d bytes, the guess is %d", name, size, guess)
		}
	}
}
