package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/apitest"
	"github.com/mimus-dev/mimus/internal/store"
)

// startContracted is a client that checks each answer against the contract.
func startContracted(t *testing.T) *judge {
	t.Helper()
	contract, err := apitest.Load(shared(t, "reference/postman-api.openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return &judge{start(t), []*apitest.Contract{contract}}
}

const petSpec = `openapi: 3.0.3
info: {title: Pets, version: 1.0.0, description: All about pets.}
servers: [{url: https://pets.example/v1}]
paths:
  /pets: # the list
    get:
      summary: List pets
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, example: 10}}]
      responses:
        '200':
          description: OK
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}, example: [{id: 1, name: Rex}]}}
    post:
      summary: Add a pet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made}}
  /pets/{petId}:
    get:
      summary: Read a pet
      parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
`

// specOf makes a spec of one file.
func (c *client) specOf(content string) string {
	c.t.Helper()
	return c.do("POST", "/specs", object{"name": "Pets", "type": "OPENAPI:3.0", "files": []object{{"path": "index.yaml", "content": content}}}).want(201).text("id")
}

func TestSpecs_WholeFlow_FollowsTheContract(t *testing.T) {
	t.Parallel()
	c := startContracted(t)
	spec := c.do("POST", "/specs", object{"name": "S", "type": "OPENAPI:3.0", "files": []object{{"path": "index.yaml", "content": petSpec}}}).want(201).text("id")
	one := "/specs/" + spec
	c.do("GET", "/specs?workspaceId=none", nil).want(400)
	c.do("POST", "/specs?workspaceId=none", object{"name": "S", "type": "GRAPHQL", "files": []object{{"path": "a.graphql", "content": "type Query"}}}).want(404)
	c.do("GET", "/specs?limit=1", nil).want(200)
	c.do("GET", one, nil).want(200)
	c.do("PATCH", one, object{"name": "T"}).want(200)
	c.do("PATCH", one, "").want(400)
	c.do("GET", one+"/definitions", nil).want(200)
	c.do("POST", one+"/files", object{"path": "components/a.yaml", "content": "A: {type: string}\n"}).want(201)
	c.do("GET", one+"/files", nil).want(200)
	c.do("GET", one+"/files/components/a.yaml", nil).want(200)
	c.do("GET", one+"/files/none.yaml", nil).want(404)
	c.do("PATCH", one+"/files/components%2Fa.yaml", object{"content": "B: {type: string}\n"}).want(200)
	tag := c.do("POST", one+"/version-tags", object{"name": "1.0.0"}).want(201).text("data", "id")
	c.do("POST", one+"/version-tags", object{"name": "1.0.1"}).want(409)
	c.do("GET", one+"/version-tags", nil).want(200)
	c.do("GET", one+"/version-tags/"+tag+"/files", nil).want(200)
	c.do("GET", one+"/version-tags/none/files", nil).want(404)
	c.do("DELETE", one+"/files/components/a.yaml", nil).want(204)
	task := c.do("POST", one+"/generations/collection", object{"name": "G", "options": object{"folderStrategy": "Tags"}}).want(202).text("url")
	collection := c.do("GET", task, nil).want(200).text("details", "resources", 0, "id")
	c.do("GET", one+"/generations/collection", nil).want(200)
	c.do("PATCH", one+"/collections/"+collection+"/sync-options", object{"syncOptions": object{"syncExamples": false}}).want(200)
	c.do("PATCH", one+"/collections/"+collection+"/sync-options", object{}).want(400)
	c.do("PUT", "/collections/"+collection+"/synchronizations?specId="+spec, nil).want(202)
	c.do("PUT", one+"/synchronizations?collectionUid="+collection, nil).want(202)
	made := c.do("POST", "/collections/"+collection+"/generations/spec", object{"name": "S2", "type": "OPENAPI:3.1", "format": "YAML"}).want(200)
	c.do("GET", made.text("url"), nil).want(200)
	c.do("GET", "/collections/"+collection+"/generations/spec", nil).want(200)
	c.do("GET", "/collections/"+collection+"/transformations?format=yaml", nil).want(200)
	c.do("GET", "/collections/none/transformations", nil).want(404)
	c.do("GET", one+"/tasks/none", nil).want(404)
	c.do("POST", "/import/openapi", object{"type": "string", "input": petSpec}).want(200)
	c.do("POST", "/import/openapi", object{"type": "url", "input": petSpec}).want(400)
	c.do("DELETE", one, nil).want(204)
	c.do("GET", one, nil).want(404)
}

func TestCreateSpec_WhatIsWrong_IsRefusedAsDeclared(t *testing.T) {
	t.Parallel()
	c := start(t)
	file := object{"path": "index.yaml", "content": petSpec}
	root, other := object{"path": "a.yaml", "content": "", "type": "ROOT"}, object{"path": "b.yaml", "content": "", "type": "DEFAULT"}
	for _, x := range []struct {
		body   any
		detail string
	}{
		{"", "The required body parameter is missing from the request."},
		{"[]", "The body has to be a JSON object."},
		{object{"type": "OPENAPI:3.0", "files": []object{file}}, "Required property `name` is missing from the request."},
		{object{"name": 1, "type": "OPENAPI:3.0", "files": []object{file}}, "Required property `name` is invalid. It should be a string."},
		{object{"name": " ", "type": "OPENAPI:3.0", "files": []object{file}}, "Required property `name` is invalid. It should not be empty."},
		{object{"name": "A", "files": []object{file}}, "Required property `type` is missing from the request."},
		{object{"name": "A", "type": "RAML", "files": []object{file}}, "Required property `type` is invalid. Should be one of: " + strings.Join(specTypes, ", ")},
		{object{"name": "A", "type": "OPENAPI:3.0"}, "Required body parameter files is missing"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{}}, "Required body parameter files is missing"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{{"path": "a.yaml"}}}, "The body parameter content is missing from the request."},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{{"content": ""}}}, "Missing parameter: 'path'"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{{"path": "a.txt", "content": ""}}}, "Invalid file extension"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{other}}, "At least one file must have type ROOT"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{other, {"path": "c.yaml", "content": ""}}}, "At least one file must have type ROOT"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{root, {"path": "c.yaml", "content": "", "type": "ROOT"}}}, "Only one file can have type ROOT"},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{root, {"path": "a.yaml", "content": ""}}}, "There is a file of the path a.yaml already."},
		{object{"name": "A", "type": "OPENAPI:3.0", "files": []object{root, {"path": "a.yaml/b.yaml", "content": ""}}}, "The path a.yaml is a folder already."},
	} {
		if got := c.do("POST", "/specs", x.body).want(400).text("detail"); got != x.detail {
			t.Errorf("%v: %q, want %q", x.body, got, x.detail)
		}
	}
	if n := len(c.do("GET", "/specs", nil).want(200).at("specs").([]any)); n != 0 {
		t.Errorf("%d specs were stored", n)
	}
}

func TestCreateSpec_EveryType_IsKept(t *testing.T) {
	t.Parallel()
	c := start(t)
	for kind, path := range map[string]string{
		"OPENAPI:2.0": "a.json", "OPENAPI:3.2": "a.yml", "ASYNCAPI:3.0": "a.yaml", "PROTOBUF:3": "a.proto", "GRAPHQL": "a.graphql", "SMITHY:2.0": "a.smithy",
	} {
		id := c.do("POST", "/specs", object{"name": "A", "type": kind, "files": []object{{"path": path, "content": "x: {}\n"}}}).want(201).text("id")
		if got := c.do("GET", "/specs/"+id, nil).want(200).text("type"); got != kind {
			t.Errorf("%s reads back as %s", kind, got)
		}
		if got := c.do("GET", "/specs/"+id+"/files/"+path, nil).want(200).text("content"); got != "x: {}\n" {
			t.Errorf("%s has the content %q", kind, got)
		}
	}
}

func TestSpecFiles_PathTricks_AreRefused(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(petSpec) + "/files"
	for _, p := range []string{"", "/etc/a.yaml", "../a.yaml", "a/../b.yaml", "./a.yaml", "a//b.yaml", `a\b.yaml`, "a\x00.yaml", "C:/a.yaml", "http://a/b.yaml", "a/", strings.Repeat("a/", 600) + "b.yaml", strings.Repeat("a", 300) + ".yaml"} {
		c.do("POST", one, object{"path": p, "content": ""}).want(400)
	}
	for _, p := range []string{"%2E%2E%2Fa.yaml", "..%2Fa.yaml", "%2Fetc%2Fpasswd", "a%5Cb.yaml", "a%00.yaml", "a//b.yaml", "a/%2e%2e/b.yaml", strings.Repeat("a", 300)} {
		for _, method := range []string{"GET", "PATCH", "DELETE"} {
			c.do(method, one+"/"+p, object{"content": ""}).want(400)
		}
	}
}

func TestSpecFiles_OneRoot_AtAllTimes(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(petSpec) + "/files"
	c.do("POST", one, object{"path": "x/other.yaml", "content": petSpec, "type": "ROOT"}).want(201)
	roots := func() string {
		var found []string
		for _, f := range c.do("GET", one, nil).want(200).at("files").([]any) {
			if f := f.(map[string]any); f["type"] == "ROOT" {
				found = append(found, fmt.Sprint(f["path"]))
			}
		}
		return strings.Join(found, " ")
	}
	if got := roots(); got != "index.yaml" {
		t.Errorf("after a file was added the root is %q", got)
	}
	c.do("DELETE", one+"/index.yaml", nil).want(400)
	c.do("PATCH", one+"/index.yaml", object{"type": "DEFAULT"}).want(400)
	c.do("PATCH", one+"/x/other.yaml", object{"type": "ROOT"}).want(200)
	if got := roots(); got != "x/other.yaml" {
		t.Errorf("after the change the root is %q", got)
	}
	c.do("PATCH", one+"/x/other.yaml", object{"name": "new.yaml"}).want(200)
	if got := roots(); got != "x/new.yaml" {
		t.Errorf("after the renaming the root is %q", got)
	}
	for _, wrong := range []any{"", object{}, object{"name": "a.yaml", "type": "ROOT"}, object{"name": "a/b.yaml"}, object{"name": ".."}, object{"name": "a.exe"}, object{"content": 1}, object{"type": "MAIN"}} {
		c.do("PATCH", one+"/index.yaml", wrong).want(400)
	}
	c.do("PATCH", one+"/x/new.yaml", object{"name": "index.yaml"}).want(200)
	c.do("DELETE", one+"/index.yaml", nil).want(204)
	c.do("GET", one+"/index.yaml", nil).want(404)
}

func TestSpecs_Pages_CoverAllOnce(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := map[string]bool{}
	for range 7 {
		want[c.specOf(petSpec)] = true
	}
	for cursor, pages := "", 0; ; pages++ {
		page := c.do("GET", "/specs?limit=3&cursor="+cursor, nil).want(200)
		for _, s := range page.at("specs").([]any) {
			id := s.(map[string]any)["id"].(string)
			if !want[id] {
				t.Errorf("%s is listed twice", id)
			}
			delete(want, id)
		}
		next, ok := page.at("meta", "nextCursor").(string)
		if !ok {
			if pages != 2 || len(want) != 0 {
				t.Errorf("%d pages, %d specs are missing", pages+1, len(want))
			}
			break
		}
		cursor = next
	}
	c.do("GET", "/specs?cursor=%21", nil).want(400)
	c.do("GET", "/specs?limit=x", nil).want(400)
}

func TestSpecDefinition_SeveralFiles_IsOneDocument(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.do("POST", "/specs", object{"name": "A", "type": "OPENAPI:3.0", "files": []object{
		{"path": "index.json", "type": "ROOT", "content": `{"openapi": "3.0.0", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"$ref": "paths/a.yaml"}}}`},
		{"path": "paths/a.yaml", "content": "get:\n  responses:\n    '200':\n      description: OK\n      content: {application/json: {schema: {$ref: '../node.yaml#/Node'}}}\n"},
		{"path": "node.yaml", "content": "Node: {type: object, properties: {next: {$ref: '#/Node'}, name: {$ref: '#/Name'}}}\nName: {type: string}\n"},
	}}).want(201).text("id")
	a := c.do("GET", "/specs/"+id+"/definitions", nil).want(200)
	schema := func(path ...any) any {
		return a.at(append([]any{"paths", "/a", "get", "responses", "200", "content", "application/json", "schema"}, path...)...)
	}
	if schema("properties", "name", "type") != "string" || schema("properties", "next", "$ref") != "#/components/schemas/Node" {
		t.Errorf("the definition is %s", a.body)
	}
	if a.at("components", "schemas", "Node", "properties", "next", "$ref") != "#/components/schemas/Node" {
		t.Errorf("the components are %v", a.at("components"))
	}
	broken := c.specOf("openapi: [")
	if got := c.do("GET", "/specs/"+broken+"/definitions", nil).want(400).text("type"); got != "MalformedSpecification" {
		t.Errorf("a broken spec gives %s", got)
	}
	single := c.specOf(petSpec)
	if got := c.do("GET", "/specs/"+single+"/definitions", nil).want(200); string(got.body) != petSpec || got.header.Get("Content-Type") != "application/yaml; charset=utf-8" {
		t.Errorf("a single file is %s %s", got.header.Get("Content-Type"), got.body)
	}
}

func TestSpecVersions_KeepWhatWasThen(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(petSpec)
	tag := c.do("POST", one+"/version-tags", object{"name": "1"}).want(201).text("data", "id")
	c.do("POST", one+"/version-tags", object{"name": "2"}).want(409)
	c.do("PATCH", one+"/files/index.yaml", object{"content": "openapi: 3.0.0"}).want(200)
	c.do("POST", one+"/files", object{"path": "a/b/c.yaml", "content": "x"}).want(201)
	if got := c.do("GET", one+"/version-tags/"+tag+"/files", nil).want(200); got.text("data", 0, "content") != petSpec || got.at("data", 1) != nil {
		t.Errorf("the first version is %s", got.body)
	}
	second := c.do("POST", one+"/version-tags", object{"name": "2"}).want(201).text("data", "id")
	got := c.do("GET", one+"/version-tags/"+second+"/files", nil).want(200)
	if got.text("data", 0, "type") != "FOLDER" || got.text("data", 2, "path") != "a/b/c.yaml" || got.text("data", 2, "parentId") != got.text("data", 1, "id") || got.text("data", 1, "parentId") != got.text("data", 0, "id") {
		t.Errorf("the second version is %s", got.body)
	}
	for _, wrong := range []any{"", object{}, object{"name": ""}, object{"name": 1}} {
		c.do("POST", one+"/version-tags", wrong).want(400)
	}
}

func TestSpecs_IfMatchAndFiles_GuardChanges(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(petSpec)
	tag := c.do("GET", one, nil).want(200).header.Get("ETag")
	c.do("PATCH", one+"/files/index.yaml", object{"content": "openapi: 3.0.0"}, "If-Match", tag).want(200)
	c.do("PATCH", one, object{"name": "B"}, "If-Match", tag).want(412)
	c.put(func(t *store.Tx) error {
		s, err := t.Spec(strings.TrimPrefix(one, "/specs/"))
		if err != nil {
			return err
		}
		s.File = "pets.yaml"
		return t.UpdateSpec(&s)
	})
	c.do("PATCH", one, object{"name": "B"}).want(409)
	c.do("POST", one+"/files", object{"path": "a.yaml", "content": ""}).want(409)
	c.do("DELETE", one, nil).want(409)
}

func TestSpecs_OfAnotherWorkspace_AreNotThereForAKey(t *testing.T) {
	t.Parallel()
	c, _ := startWhole(t)
	team := c.client.workspaceOf("team", "T")
	id := c.client.specOf(petSpec)
	c.key = c.client.do("POST", "/keys", object{"key": object{"name": "K", "scope": access.Edit.String(), "workspace": team}}).want(201).text("key", "key")
	for _, path := range []string{"", "/files", "/files/index.yaml", "/definitions", "/diagnostics", "/version-tags", "/generations/collection"} {
		c.client.do("GET", "/specs/"+id+path, nil).want(404)
	}
	c.client.do("PATCH", "/specs/"+id, object{"name": "B"}).want(404)
	c.client.do("POST", "/specs/"+id+"/generations/collection", object{"name": "B", "options": object{}}).want(404)
	if n := len(c.client.do("GET", "/specs", nil).want(200).at("specs").([]any)); n != 0 {
		t.Errorf("%d specs are listed", n)
	}
}

func TestSpecDiagnostics_TellWhere(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(strings.Replace(petSpec, "responses: {'201': {description: Made}}", "responses: {'201': {$ref: '/etc/passwd#/a'}}", 1))
	a := c.do("GET", one+"/diagnostics", nil).want(200)
	if a.text("diagnostics", 0, "file") != "index.yaml" || a.at("diagnostics", 0, "line") != 17.0 || a.text("diagnostics", 0, "severity") != "error" {
		t.Errorf("the diagnostics are %s", a.body)
	}
	broken := "/specs/" + c.specOf("openapi: [")
	if got := c.do("GET", broken+"/diagnostics", nil).want(200).text("diagnostics", 0, "code"); got != "yaml-invalid" {
		t.Errorf("a broken file has the code %s", got)
	}
	proto := c.do("POST", "/specs", object{"name": "A", "type": "PROTOBUF:3", "files": []object{{"path": "a.proto", "content": ""}}}).want(201).text("id")
	if got := c.do("GET", "/specs/"+proto+"/diagnostics", nil).want(200).text("diagnostics", 0, "code"); got != "not-served" {
		t.Errorf("protobuf has the code %s", got)
	}
}
