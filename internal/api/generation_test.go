package api

import (
	"context"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/store"
)

// generated makes a collection of a spec.
func (c *client) generated(spec string, options object) string {
	c.t.Helper()
	task := c.do("POST", "/specs/"+spec+"/generations/collection", object{"name": "G", "options": options}).want(202)
	return strings.TrimPrefix(c.do("GET", task.text("url"), nil).want(200).text("details", "resources", 0, "url"), "/collections/")
}

// collectionItems are the items of a stored collection by method and name.
func (c *client) collectionItems(id string) map[string]*definition.Value {
	c.t.Helper()
	found := map[string]*definition.Value{}
	var walk func(v *definition.Value)
	walk = func(v *definition.Value) {
		list := v.Get("item")
		for i := range list.Len() {
			item := &list.Kids[i]
			if item.Has("request") {
				found[item.Get("request").Get("method").Str()+" "+item.Get("name").Str()] = item
			} else {
				found[item.Get("name").Str()] = item
			}
			walk(item)
		}
	}
	walk(c.collectionDoc(id))
	return found
}

func (c *client) collectionDoc(id string) *definition.Value {
	c.t.Helper()
	var doc definition.Value
	err := c.store.View(c.t.Context(), func(tx *store.Tx) error {
		e, err := tx.Collection(id)
		if err == nil {
			doc, err = document.ParseJSON(string(e.Body), 0, document.Limits{})
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return &doc
}

func (c *client) specState(spec string) string {
	c.t.Helper()
	return c.do("GET", "/specs/"+spec+"/generations/collection", nil).want(200).text("collections", 0, "state")
}

func (c *client) setSpec(spec, content string) {
	c.t.Helper()
	c.do("PATCH", "/specs/"+spec+"/files/index.yaml", object{"content": content}).want(200)
}

func (c *client) rootOf(spec string) string {
	c.t.Helper()
	return c.do("GET", "/specs/"+spec+"/files/index.yaml", nil).want(200).text("content")
}

func TestGenerateCollection_Options_AreHonoured(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf(petSpec)
	byURL := c.collectionItems(c.generated(spec, object{"requestNameSource": "URL"}))
	if byURL["GET {{baseUrl}}/pets"] == nil && byURL["GET /pets"] == nil {
		t.Errorf("names by URL are %v", byURL)
	}
	shown := c.collectionItems(c.generated(spec, object{"parametersResolution": "Example"}))["GET List pets"]
	if query := shown.Get("request").Get("url").Get("query"); query.Kids[0].Get("value").Str() != "10" {
		t.Errorf("the example of the parameter is not there: %s", query.AppendJSON(nil))
	}
	off := c.collectionItems(c.generated(spec, object{"enableOptionalParameters": false}))["GET List pets"]
	if query := off.Get("request").Get("url").Get("query"); !query.Kids[0].Get("disabled").True() {
		t.Errorf("the optional parameter is enabled: %s", query.AppendJSON(nil))
	}
	path := "/specs/" + spec + "/generations/collection"
	for _, wrong := range []any{"", object{"options": object{}}, object{"name": 1}, object{"name": "A", "options": 1}, object{"name": "A", "options": object{"folderStrategy": 1}}, object{"name": "A", "options": object{"includeDeprecated": "yes"}}} {
		c.do("POST", path, wrong).want(400)
	}
	c.do("POST", "/specs/"+spec+"/generations/mock", object{"name": "A", "options": object{}}).want(400)
	c.do("POST", "/specs/none/generations/collection", object{"name": "A", "options": object{}}).want(404)
	if n := len(c.do("GET", path+"?limit=2", nil).want(200).at("collections").([]any)); n != 2 {
		t.Errorf("a page of 2 has %d", n)
	}
	cursor := c.do("GET", path+"?limit=2", nil).text("meta", "nextCursor")
	if n := len(c.do("GET", path+"?limit=2&cursor="+cursor, nil).want(200).at("collections").([]any)); n != 1 {
		t.Errorf("the second page has %d", n)
	}
}

func TestGenerateCollection_Twice_SharesNoIDs(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf(petSpec)
	a, b := c.collectionItems(c.generated(spec, object{})), c.collectionItems(c.generated(spec, object{}))
	for name, item := range a {
		if id := item.Get("id").Str(); id == "" || id == b[name].Get("id").Str() {
			t.Errorf("%s has the id %q in both", name, id)
		}
	}
}

func TestGenerateCollection_WhatCantBeRead_FailsTheTask(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf("openapi: [")
	task := c.do("POST", "/specs/"+spec+"/generations/collection", object{"name": "G", "options": object{}}).want(202)
	if got := c.do("GET", task.text("url"), nil).want(200); got.text("status") != "failed" || got.text("details") == "" {
		t.Errorf("the task is %s", got.body)
	}
	proto := c.do("POST", "/specs", object{"name": "A", "type": "PROTOBUF:3", "files": []object{{"path": "a.proto", "content": ""}}}).want(201).text("id")
	c.do("POST", "/specs/"+proto+"/generations/collection", object{"name": "G", "options": object{}}).want(400)
}

func TestSyncCollection_KeepsIDsScriptsAndWhatUsersAdded(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf(petSpec)
	id := c.generated(spec, object{})
	was := c.collectionItems(id)
	list := was["GET List pets"].Get("id").Str()
	c.do("PUT", "/collections/"+id+"/requests/"+list, object{"events": []object{{"listen": "test", "script": object{"exec": []string{"pm.test()"}, "type": "text/javascript"}}}}).want(200)
	c.do("POST", "/collections/"+id+"/requests", object{"name": "Mine", "method": "GET", "url": "https://a.test/mine"}).want(200)
	c.do("POST", "/collections/"+id+"/responses?request="+list, object{"name": "My example", "responseCode": object{"code": 418}, "text": "short and stout"}).want(200)
	changed := strings.Replace(petSpec, "summary: List pets", "summary: All pets", 1)
	changed = strings.Replace(changed, "    post:\n      summary: Add a pet\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses: {'201': {description: Made}}\n", "    delete:\n      summary: No pets\n      responses: {'204': {description: Gone}}\n", 1)
	c.setSpec(spec, changed)
	if got := c.specState(spec); got != "out-of-sync" {
		t.Errorf("after a change of the spec they are %s", got)
	}
	c.do("PUT", "/collections/"+id+"/synchronizations?specId="+spec, nil).want(202)
	if got := c.specState(spec); got != "in-sync" {
		t.Errorf("after the synchronisation they are %s", got)
	}
	now := c.collectionItems(id)
	all := now["GET All pets"]
	if all == nil || all.Get("id").Str() != list {
		t.Fatalf("the request has another id, or is gone: %v", now)
	}
	if text := string(all.AppendJSON(nil)); !strings.Contains(text, "pm.test()") || !strings.Contains(text, "short and stout") {
		t.Errorf("the script or the user's example is gone: %s", text)
	}
	for name, there := range map[string]bool{"GET Mine": true, "DELETE No pets": true, "POST Add a pet": false, "GET Read a pet": true} {
		if (now[name] != nil) != there {
			t.Errorf("%s is there: %t, want %t", name, !there, there)
		}
	}
	if now["pets"].Get("id").Str() != was["pets"].Get("id").Str() {
		t.Error("the folder has another id")
	}
}

func TestSyncCollection_OrphansAndExamples_AsTheOptionsSay(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf(petSpec)
	id := c.generated(spec, object{"parametersResolution": "Example"})
	path := "/specs/" + spec + "/collections/1-" + id + "/sync-options"
	got := c.do("PATCH", path, object{"syncOptions": object{"deleteOrphanedRequests": false}}).want(200)
	if got.at("syncOptions", "deleteOrphanedRequests") != false || got.at("syncOptions", "syncExamples") != true {
		t.Errorf("the options are %s", got.body)
	}
	if got := c.do("PATCH", path, object{"syncOptions": object{"syncExamples": false}}).want(200); got.at("syncOptions", "deleteOrphanedRequests") != false {
		t.Errorf("what wasn't sent changed: %s", got.body)
	}
	for _, wrong := range []any{"", object{}, object{"syncOptions": 1}, object{"syncOptions": object{"syncExamples": "no"}}} {
		c.do("PATCH", path, wrong).want(400)
	}
	sync := func(content string) string {
		c.setSpec(spec, content)
		c.do("PUT", "/collections/"+id+"/synchronizations?specId="+spec, nil).want(202)
		return string(c.collectionDoc(id).AppendJSON(nil))
	}
	before, rest, _ := strings.Cut(petSpec, "  /pets/{petId}:")
	_, after, _ := strings.Cut(rest, "components:")
	changed := strings.Replace(before+"components:"+after, "name: Rex", "name: Fido", 1)
	if text := sync(changed); !strings.Contains(text, "Read a pet") || strings.Contains(text, "Fido") || !strings.Contains(text, "Rex") {
		t.Errorf("with both off: %s", text)
	}
	c.do("PATCH", path, object{"syncOptions": object{"syncExamples": true, "deleteOrphanedRequests": true}}).want(200)
	if text := sync(changed); strings.Contains(text, "Read a pet") || !strings.Contains(text, "Fido") || strings.Contains(text, "Rex") {
		t.Errorf("with both on: %s", text)
	}
}

func TestSync_WhatIsNotLinked_IsNotThere(t *testing.T) {
	t.Parallel()
	c := start(t)
	a, b := c.specOf(petSpec), c.specOf(petSpec)
	id := c.generated(a, object{})
	c.do("PUT", "/collections/"+id+"/synchronizations?specId="+b, nil).want(404)
	c.do("PUT", "/specs/"+b+"/synchronizations?collectionUid="+id, nil).want(404)
	c.do("PUT", "/collections/"+id+"/synchronizations", nil).want(400)
	c.do("PUT", "/specs/"+a+"/synchronizations", nil).want(400)
}

func TestSyncSpec_DoesToTheSpecWhatUsersDid(t *testing.T) {
	t.Parallel()
	c := start(t)
	spec := c.specOf(petSpec)
	id := c.generated(spec, object{})
	c.do("PUT", "/specs/"+spec+"/synchronizations?collectionUid=1-"+id, nil).want(202)
	if got := c.rootOf(spec); got != petSpec {
		t.Fatalf("without a change the spec became %s", got)
	}
	items := c.collectionItems(id)
	c.do("PUT", "/collections/"+id+"/requests/"+items["GET List pets"].Get("id").Str(), object{"name": "All pets"}).want(200)
	c.do("DELETE", "/collections/"+id+"/requests/"+items["POST Add a pet"].Get("id").Str(), nil).want(200)
	c.do("POST", "/collections/"+id+"/requests", object{"name": "Drop a pet", "method": "DELETE", "url": "{{baseUrl}}/pets/:petId"}).want(200)
	c.do("PUT", "/specs/"+spec+"/synchronizations?collectionUid="+id, nil).want(202)
	doc, _, err := document.ParseYAML(c.rootOf(spec), 0, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	pets, pet := doc.Get("paths").Get("/pets"), doc.Get("paths").Get("/pets/{petId}")
	if got := pets.Get("get").Get("summary").Str(); got != "All pets" {
		t.Errorf("the summary is %q", got)
	}
	if pets.Has("post") || pet.Get("delete").Get("summary").Str() != "Drop a pet" {
		t.Errorf("the paths are %s", doc.Get("paths").AppendJSON(nil))
	}
	if ref := pets.Get("get").Get("responses").Get("200").Get("content").Get("application/json").Get("schema").Get("items").Get("$ref").Str(); ref != "#/components/schemas/Pet" {
		t.Errorf("the schema's reference is %q", ref)
	}
	if got := c.specState(spec); got != "in-sync" {
		t.Errorf("they are %s", got)
	}
}

func TestGenerateSpec_EveryVersionAndFormat_CanBeRead(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.generated(c.specOf(petSpec), object{})
	c.do("POST", "/collections/"+id+"/requests", object{"name": "Form", "method": "POST", "url": "https://pets.example/v1/form", "dataMode": "urlencoded",
		"data": []object{{"key": "a", "value": "b"}}, "auth": object{"type": "bearer", "bearer": []object{{"key": "token", "value": "t"}}}}).want(200)
	for kind, version := range map[string]string{"OPENAPI:2.0": "2.0", "OPENAPI:3.0": "3.0.3", "OPENAPI:3.1": "3.1.1", "OPENAPI:3.2": "3.2.0"} {
		for _, format := range []string{"JSON", "YAML"} {
			task := c.do("POST", "/collections/1-"+id+"/generations/spec", object{"name": "S", "type": kind, "format": format}).want(200)
			done := c.do("GET", task.text("url"), nil).want(200)
			spec := done.text("details", "resources", 0, "id")
			text := c.do("GET", "/specs/"+spec+"/files/index."+strings.ToLower(format), nil).want(200).text("content")
			l := document.NewLoader(document.Config{Files: map[string][]byte{"a.yaml": []byte(text)}})
			f, err := l.Open(context.Background(), "a.yaml")
			if err != nil {
				t.Fatal(err)
			}
			def, diagnostics, err := openapi.Read(context.Background(), l, f)
			if err != nil || len(diagnostics) > 0 {
				t.Errorf("%s: %v %v", kind, err, diagnostics)
				continue
			}
			if def.Format != "OpenAPI "+version || len(def.Operations) != 4 || len(def.Servers) != 1 || def.Servers[0].URL != "https://pets.example/v1" {
				t.Errorf("%s in %s is %s with %d operations at %v:\n%s", kind, format, def.Format, len(def.Operations), def.Servers, text)
			}
		}
	}
	if n := len(c.do("GET", "/collections/"+id+"/generations/spec", nil).want(200).at("specs").([]any)); n != 9 {
		t.Errorf("%d specs are listed", n)
	}
	for _, wrong := range []any{"", object{}, object{"name": "S", "type": "GRAPHQL"}, object{"name": "S", "format": "XML"}, object{"name": 1}} {
		c.do("POST", "/collections/"+id+"/generations/spec", wrong).want(400)
	}
	c.do("POST", "/collections/none/generations/spec", object{"name": "S"}).want(404)
}

func TestGeneratedSpec_Synchronised_HasTheCollectionsRequests(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.put(func(tx *store.Tx) error {
		w, err := tx.FirstWorkspace()
		if err != nil {
			return err
		}
		return tx.CreateCollection(&store.Collection{ID: petsID, Workspace: w.ID, Owner: 1, Name: "Pets", Body: []byte(`{"info": {"name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}`)})
	})
	task := c.do("POST", "/collections/"+petsID+"/generations/spec", object{"name": "S", "format": "YAML"}).want(200)
	spec := c.do("GET", task.text("url"), nil).text("details", "resources", 0, "id")
	state := func() string {
		return c.do("GET", "/collections/"+petsID+"/generations/spec", nil).want(200).text("specs", 0, "state")
	}
	if got := state(); got != "in-sync" {
		t.Errorf("at first they are %s", got)
	}
	c.do("POST", "/collections/"+petsID+"/requests", object{"name": "R", "method": "GET", "url": "https://a.test/x"}).want(200)
	if got := state(); got != "out-of-sync" {
		t.Errorf("after a change of the collection they are %s", got)
	}
	c.do("PUT", "/specs/"+spec+"/synchronizations?collectionUid="+petsID, nil).want(202)
	if got := c.rootOf(spec); !strings.Contains(got, "/x:") || !strings.Contains(got, "title: S") {
		t.Errorf("the spec is %s", got)
	}
	if got := state(); got != "in-sync" {
		t.Errorf("at last they are %s", got)
	}
}

func TestGeneration_OneAtATime_IsLocked(t *testing.T) {
	t.Parallel()
	g := &generations{running: map[string]bool{}}
	done, ok := g.begin("a")
	_, twice := g.begin("a")
	other, another := g.begin("b")
	if !ok || twice || !another {
		t.Errorf("the same element twice: %t, another one: %t", twice, another)
	}
	other()
	done()
	if _, again := g.begin("a"); !again {
		t.Error("what is done is still locked")
	}
}

func TestTransform_IsOpenAPI303_InBothFormats(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.generated(c.specOf(petSpec), object{})
	for format, begin := range map[string]string{"": "{\n  \"openapi\": \"3.0.3\"", "?format=json": "{\n  \"openapi\": \"3.0.3\"", "?format=yaml": "openapi: '3.0.3'\n"} {
		if got := c.do("GET", "/collections/1-"+id+"/transformations"+format, nil).want(200).text("output"); !strings.HasPrefix(got, begin) || !strings.Contains(got, "/pets/{petId}") {
			t.Errorf("%q gives %s", format, got)
		}
	}
	c.do("GET", "/collections/"+id+"/transformations?format=xml", nil).want(400)
	if all := c.do("GET", "/specs", nil).at("specs").([]any); len(all) != 1 {
		t.Errorf("%d specs are stored", len(all))
	}
}
