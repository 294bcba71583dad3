package postman

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

var sameEnvironment = cmp.Options{
	cmpopts.IgnoreFields(definition.Value{}, "Pos", "File", "Flags"),
	cmpopts.IgnoreFields(Environment{}, "Pos"),
	cmpopts.EquateEmpty(),
}

func readEnvironment(t testing.TB, name, text string) (*Environment, []document.Diagnostic) {
	t.Helper()
	l := document.NewLoader(document.Config{Files: map[string][]byte{name: []byte(text)}})
	f, err := l.Open(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	e, diags, err := ReadEnvironment(context.Background(), l, f)
	if err != nil {
		t.Fatal(err)
	}
	return e, diags
}

func TestDetectEnvironment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		keys []string
		want bool
	}{
		{[]string{"id", "name", "values", "_postman_variable_scope"}, true},
		{[]string{"values", "_postman_variable_scope"}, true},
		{[]string{"name", "values", "color"}, true},
		{[]string{"values"}, false},
		{[]string{"name", "_postman_variable_scope"}, false},
		{[]string{"info", "item", "values", "name"}, false},
		{nil, false},
	} {
		if got := DetectEnvironment(tt.keys); got != tt.want {
			t.Errorf("%v: got %v", tt.keys, got)
		}
	}
}

const exportedEnvironment = `{
	"id": "7f0f1a2b-0000-4000-8000-000000000001",
	"name": "Staging",
	"values": [
		{
			"key": "baseUrl",
			"value": "https://staging.example.com",
			"type": "default",
			"enabled": true
		},
		{
			"key": "off",
			"value": 7,
			"type": "any",
			"enabled": false
		},
		{
			"key": "empty",
			"value": "",
			"type": "secret",
			"description": "a \"secret\"",
			"enabled": true,
			"hovered": true,
			"sessionValue": null
		}
	],
	"color": null,
	"_postman_variable_scope": "environment",
	"_postman_exported_at": "2026-01-02T03:04:05.678Z",
	"_postman_exported_using": "Postman/12.0.0"
}
`

func TestEnvironment_Export_LosesNothing(t *testing.T) {
	t.Parallel()
	before, err := document.ParseJSON(exportedEnvironment, 1, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	e, diags := readEnvironment(t, "s.json", exportedEnvironment)
	if len(diags) > 0 {
		t.Error(diags)
	}
	if e.Name != "Staging" || e.Globals || !e.Variables[1].Disabled || e.Variables[1].Text() != "7" || e.Variables[0].Disabled {
		t.Errorf("the environment is %+v", e)
	}
	text := e.AppendJSON(nil)
	after, err := document.ParseJSON(string(text), 1, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if !definition.Equal(&before, &after) {
		t.Errorf("written as\n%s", text)
	}
	yaml, err := e.AppendYAML(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := readEnvironment(t, e.FileName(), string(yaml))
	if diff := cmp.Diff(e, again, sameEnvironment); diff != "" {
		t.Error(diff)
	}
}

func TestEnvironment_Globals_AreToldByScopeOrFileName(t *testing.T) {
	t.Parallel()
	e, _ := readEnvironment(t, "g.json", `{"id": "1", "values": [], "_postman_variable_scope": "globals"}`)
	if !e.Globals || e.Name != "" {
		t.Errorf("by scope: %+v", e)
	}
	again, _ := readEnvironment(t, "x.json", string(e.AppendJSON(nil)))
	if diff := cmp.Diff(e, again, sameEnvironment); diff != "" {
		t.Error(diff)
	}
	e, _ = readEnvironment(t, "workspace.globals.yaml", "values:\n  a: b\n")
	if !e.Globals || e.Variables[0].Key != "a" || e.Variables[0].Text() != "b" || e.FileName() != "workspace.globals.yaml" {
		t.Errorf("by name: %+v", e)
	}
	e, _ = readEnvironment(t, "Local.environment.yml", "values:\n  - key: a\n    value: 1\n    enabled: false\n")
	if e.Globals || e.Name != "Local" || !e.Variables[0].Disabled {
		t.Errorf("an environment: %+v", e)
	}
}

func TestReadEnvironment_OddShapes_AreToldOrKept(t *testing.T) {
	t.Parallel()
	e, diags := readEnvironment(t, "e.json", `{"name": "E", "values": [1, {"key": "a", "enabled": "yes"}], "_postman_variable_scope": "other"}`)
	if len(diags) != 1 || diags[0].Line != 1 || len(e.Variables) != 1 || e.Variables[0].Disabled {
		t.Errorf("%+v %v", e, diags)
	}
	again, _ := readEnvironment(t, "e.json", string(e.AppendJSON(nil)))
	if diff := cmp.Diff(e, again, sameEnvironment); diff != "" {
		t.Error(diff)
	}
	l := document.NewLoader(document.Config{Files: map[string][]byte{"n.json": []byte(`{"name": "x"}`)}})
	f, err := l.Open(context.Background(), "n.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadEnvironment(context.Background(), l, f); !errors.Is(err, ErrNotEnvironment) {
		t.Errorf("the error is %v", err)
	}
}

func TestReadEnvironment_FixtureFiles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		name    string
		globals bool
		count   int
	}{
		"environments/staging.environment.yaml": {"Staging", false, 3},
		"globals/workspace.globals.yaml":        {"Globals", true, 1},
	} {
		l := document.NewLoader(document.Config{})
		f, err := l.Open(context.Background(), filepath.Join("testdata/folder/postman", name))
		if err != nil {
			t.Fatal(err)
		}
		if !DetectEnvironment(document.Sniff(f.Text)) {
			t.Errorf("%s is not detected", name)
		}
		e, diags, err := ReadEnvironment(context.Background(), l, f)
		if err != nil || len(diags) > 0 || e.Name != want.name || e.Globals != want.globals || len(e.Variables) != want.count {
			t.Errorf("%s: %+v %v %v", name, e, diags, err)
		}
	}
}

func TestEnvironment_OddTexts_SurviveBothFormats(t *testing.T) {
	t.Parallel()
	e := &Environment{Name: "Odd"}
	for _, s := range oddTexts {
		if s == "" {
			continue
		}
		v := NewVariable(s, s, "default")
		*v.Value = v.Value.With("value")
		e.Variables = append(e.Variables, v)
	}
	yaml, err := e.AppendYAML(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"e.json": string(e.AppendJSON(nil)), "Odd.environment.yaml": string(yaml)} {
		again, _ := readEnvironment(t, name, text)
		if diff := cmp.Diff(e, again, sameEnvironment); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadEnvironment_WrappedAsTheAPIDoes_IsRead(t *testing.T) {
	t.Parallel()
	e, _ := readEnvironment(t, "e.json", `{"environment": {"name": "staging", "values": [{"key": "a", "value": "b", "enabled": true}]}}`)
	if e.Name != "staging" || len(e.Variables) != 1 {
		t.Errorf("got %+v", e)
	}
}
