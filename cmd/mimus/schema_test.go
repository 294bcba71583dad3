package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/transfer"
)

const schemaFile = "../../docs/mimus.schema.json"

// schemaDocument is the file for editors as a tree.
func schemaDocument(t *testing.T) *definition.Value {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := document.ParseJSON(string(data), 0, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return &doc
}

// An editor must neither refuse a key that is read nor offer one that isn't.
func TestSchema_Keys_AreThoseThatAreRead(t *testing.T) {
	t.Parallel()
	doc := schemaDocument(t)
	top, source := doc.Get("properties"), doc.Get("$defs").Get("source").Get("properties")
	for _, s := range allSettings() {
		if !top.Has(s.key) || source.Has(s.key) == s.server {
			t.Errorf("%s: the top has it: %v, a source: %v", s.key, top.Has(s.key), source.Has(s.key))
		}
	}
	if want := len(allSettings()) + len([]string{"file", "mount", "sources", "mocks", "specs"}); top.Len() != want {
		t.Errorf("the top has %d keys, want %d", top.Len(), want)
	}
}

func TestSchema_Settings_AreThoseOfMocks(t *testing.T) {
	t.Parallel()
	has := schemaDocument(t).Get("$defs").Get("settings").Get("properties")
	for i := range has.Kids {
		one := definition.NewObject(definition.NewNull().With(has.Kids[i].Key))
		if _, problems := settings.FromValue(&one); len(problems) > 0 {
			t.Errorf("the schema has %s, which is no setting: %v", has.Kids[i].Key, problems)
		}
	}
	// What a setting is called, where none has its default.
	all := settings.Settings{
		Headers: []string{"x"}, Delay: &settings.Delay{Type: "fixed", Duration: 1}, ServerResponseID: "x", Seed: "x", Validation: "off",
		Dynamic: true, Errors: true, IgnoreExamples: true, BasePath: "/x", BodyLimit: 1, Contract: true, State: "on", Sessions: "on",
		Pins: []settings.Pin{{Operation: "x", Step: settings.Step{Status: 200}}}, Faults: []settings.Fault{{Kind: "reset", Share: 1}},
		RateLimit: &settings.RateLimit{Requests: 1}, Stateless: []string{"x"}, World: new(int), Epoch: "2025-01-01T00:00:00Z", StateItems: 1, StateMemory: 1, Upstream: "https://x.test", Overlay: []byte("x"), Redact: []string{"x"},
	}
	value := all.Value()
	if n := reflect.TypeFor[settings.Settings]().NumField(); value.Len() != n {
		t.Fatalf("the test knows %d of %d settings", value.Len(), n)
	}
	for _, m := range value.Kids {
		if !has.Has(m.Key) && m.Key != "serverResponseId" { // ids aren't known in a file
			t.Errorf("the schema lacks %s", m.Key)
		}
	}
}

func TestSchema_DocumentedExamples_AreValidAndAreRead(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	text, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 3 {
		t.Fatalf("the documentation has %d examples", len(examples))
	}
	for _, m := range examples {
		if err := schema.Validate(yamlValue(t, m[1])); err != nil {
			t.Errorf("%v\n%s", err, m[1])
		}
		file := filepath.Join(t.TempDir(), "mimus.yaml")
		if err := os.WriteFile(file, []byte(m[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := configuredServe(file); err != nil {
			t.Errorf("%v\n%s", err, m[1])
		}
		if mocks, err := transfer.ReadMocks(file); err != nil || strings.Contains(m[1], "mocks:") && len(mocks) == 0 {
			t.Errorf("%d mocks, %v\n%s", len(mocks), err, m[1])
		}
	}
}

func TestSchema_Mistakes_AreRefused(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, text := range []string{
		"prot: 1", "port: x", "sources: [{mount: /x}]", "sources: [{file: x, prot: 1}]", "mocks: [{nam: x, spec: a.yaml}]", "mocks: [{name: x}]",
		"mocks: [{spec: a.yaml, slug: A}]", "mocks: [{spec: a.yaml, config: {sede: x}}]", "mocks: [{spec: a.yaml, config: {validation: loud}}]",
		"mocks: [{spec: a.yaml, responses: [{status: 1}]}]", "specs: [{folder: x}]",
	} {
		if schema.Validate(yamlValue(t, text)) == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mimus.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mimus.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// yamlValue is a YAML text as the validator takes it.
func yamlValue(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
