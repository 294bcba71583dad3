package server

import (
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/document"
)

const overlaidDocument = `openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pets:
    get: {responses: {"200": {description: OK}}}
  /internal:
    get: {responses: {"200": {description: OK}}}
components:
  schemas:
    Pet: {type: object}
`

func load(t *testing.T, s Source) *Loaded {
	t.Helper()
	loaded, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestLoad_AnOverlay_ChangesTheDocument(t *testing.T) {
	t.Parallel()
	const overlay = `overlay: 1.0.0
info: {title: Sandbox, version: "1"}
actions:
  - {target: $.info, update: {title: Sandbox}}
  - {target: "$.paths['/internal']", remove: true}
  - target: $.paths['/pets'].get.responses['200']
    update: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
`
	loaded := load(t, Source{Location: "api.yaml", Data: []byte(overlaidDocument), Overlay: []byte(overlay), OverlayName: "sandbox.yaml"})
	if loaded.Definition.Title != "Sandbox" || len(loaded.Definition.Operations) != 1 || loaded.Definition.Schemas["Pet"] == nil {
		t.Errorf("got %q with %d operations", loaded.Definition.Title, len(loaded.Definition.Operations))
	}
	if len(loaded.Diagnostics) > 0 {
		t.Errorf("problems: %v", loaded.Diagnostics)
	}
}

func TestLoad_AnOverlaysProblems_AreTold(t *testing.T) {
	t.Parallel()
	const collection = `{"info": {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}`
	const recording = `{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}}`
	const sound = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n  - {target: $.none, remove: true}\n"
	for _, c := range []struct{ name, doc, overlay, want string }{
		{"nothing is selected", overlaidDocument, sound, "over.yaml:4:14: warning: the overlay's action 1 selects nothing any more: $.none"},
		{"it is no YAML", overlaidDocument, "a: [", "over.yaml:1:"},
		{"it is no overlay", overlaidDocument, "openapi: 3.1.0", "over.yaml:1:1: error: the overlay has no \"overlay\""},
		{"a collection", collection, sound, "over.yaml: warning: an overlay applies to OpenAPI documents; this is a collection"},
		{"a recording", recording, sound, "over.yaml: warning: an overlay applies to OpenAPI documents; this is a recording"},
	} {
		loaded := load(t, Source{Location: "doc.json", Data: []byte(c.doc), Overlay: []byte(c.overlay), OverlayName: "over.yaml"})
		if !told(loaded.Diagnostics, c.want) {
			t.Errorf("%s: got %v, want %q", c.name, loaded.Diagnostics, c.want)
		}
	}
}

func TestLoad_AnOverlayWithErrors_IsRefusedWhereStrict(t *testing.T) {
	t.Parallel()
	_, err := Source{Location: "api.yaml", Data: []byte(overlaidDocument), Overlay: []byte("actions: []"), Strict: true}.Load(t.Context())
	if err == nil || !strings.Contains(err.Error(), "overlay:1:1: error: the overlay has no \"overlay\"") {
		t.Errorf("got %v", err)
	}
}

func told(diags []document.Diagnostic, want string) bool {
	for _, d := range diags {
		if strings.HasPrefix(d.String(), want) {
			return true
		}
	}
	return false
}
