package api

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

// schema21 is what a collection of the current format says of itself.
const schema21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// wrapped is the body that creates or replaces a collection.
func wrapped(collection string) string { return `{"collection": ` + collection + `}` }

// small is a collection without an id.
func small(name string) string {
	return wrapped(`{"info": {"name": "` + name + `", "schema": "` + schema21 + `"}, "item": []}`)
}

func TestCollections_WholeFlow_KeepsTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("GET", "/collections", nil).want(200)
	made := c.do("POST", "/collections", wrapped(petsBody)).want(200)
	if id, u := made.text("collection", "id"), made.text("collection", "uid"); id != petsID || u != "1-"+petsID {
		t.Errorf("created %s, %s: the id of the document is not kept", id, u)
	}
	twice := c.do("POST", "/collections", wrapped(petsBody)).want(400)
	if twice.text("error", "name") != "instanceFoundError" || twice.text("error", "details", "id") != petsID {
		t.Errorf("the same id again answers %s", twice.body)
	}
	if row := c.do("GET", "/collections", nil).want(200); row.text("collections", 0, "uid") != "1-"+petsID || row.at("meta", "total") != 1.0 {
		t.Errorf("the list is %s", row.body)
	}
	for _, id := range []string{petsID, "1-" + petsID} {
		got := c.do("GET", "/collections/"+id, nil).want(200)
		if got.text("collection", "item", 0, "item", 0, "response", 0, "body") != `{"name": "Rex"}` || got.header.Get("ETag") != `"1"` {
			t.Errorf("reading %s gives %s, ETag %s", id, got.body, got.header.Get("ETag"))
		}
	}
	minimal := c.do("GET", "/collections/"+petsID+"?model=minimal&access_key=x", nil).want(200)
	if minimal.text("collection", "rootLevelFolders", 0) != "1-"+petsFolder || minimal.at("collection", "item") != nil {
		t.Errorf("the minimal model is %s", minimal.body)
	}
	c.do("GET", "/collections/"+store.NewID(), nil).want(400)

	patch := object{"collection": object{"info": object{"name": "Animals"}, "variable": []object{{"key": "baseUrl", "value": "https://new.example"}}}}
	if p := c.do("PATCH", "/collections/1-"+petsID, patch).want(200); p.text("collection", "name") != "Animals" || p.text("collection", "description") != "All about pets." {
		t.Errorf("the patch answers %s", p.body)
	}
	got := c.do("GET", "/collections/"+petsID, nil).want(200)
	if got.text("collection", "variable", 0, "value") != "https://new.example" || got.text("collection", "auth", "type") != "apikey" {
		t.Errorf("after the patch it is %s", got.body)
	}
	if n := c.do("GET", "/collections?name=Animals", nil).want(200); n.at("collections", 0) == nil {
		t.Error("the list doesn't know the new name")
	}

	if put := c.do("PUT", "/collections/"+petsID, small("Empty")).want(200); put.text("collection", "name") != "Empty" {
		t.Errorf("replacing answers %s", put.body)
	}
	got = c.do("GET", "/collections/"+petsID, nil).want(200)
	if got.at("collection", "variable") != nil || got.text("collection", "info", "_postman_id") != petsID {
		t.Errorf("after replacing it is %s", got.body)
	}
	task := c.do("PUT", "/collections/"+petsID, wrapped(petsBody), "Prefer", "respond-async").want(202).text("task", "id")
	if s := c.do("GET", "/collection-updates-tasks/"+task, nil).want(200); s.text("status") != "successful" || s.text("id") != task {
		t.Errorf("the task is %s", s.body)
	}
	c.do("GET", "/collection-updates-tasks/"+store.NewID(), nil).want(404)
	if c.do("GET", "/collections/"+petsID, nil).want(200).text("collection", "item", 0, "id") != petsFolder {
		t.Error("what was replaced asynchronously isn't there")
	}

	tagged := c.do("PUT", "/collections/"+petsID+"/tags", object{"tags": []object{{"slug": "needs-review"}, {"slug": "api"}}}).want(200)
	if tagged.text("tags", 1, "slug") != "api" {
		t.Errorf("the tags are %s", tagged.body)
	}
	c.do("PUT", "/collections/1-"+petsID+"/tags", object{"tags": []string{"only"}}).want(200)
	if tags := c.do("GET", "/collections/1-"+petsID+"/tags", nil).want(200); tags.text("tags", 0, "slug") != "only" || tags.at("tags", 1) != nil {
		t.Errorf("the tags are %s", tags.body)
	}
	c.do("PUT", "/collections/"+petsID+"/tags", object{"tags": []string{"NO"}}).want(400)
	c.do("PUT", "/collections/"+store.NewID()+"/tags", object{"tags": []string{"only"}}).want(404)
	c.do("GET", "/collections/"+store.NewID()+"/tags", nil).want(404)

	if gone := c.do("DELETE", "/collections/1-"+petsID, nil).want(200); gone.text("collection", "uid") != "1-"+petsID {
		t.Errorf("deleting answers %s", gone.body)
	}
	c.do("DELETE", "/collections/"+petsID, nil).want(404)
	c.do("GET", "/collections/"+petsID, nil).want(400)
}

func TestGetCollections_Pages_GiveEachOnce(t *testing.T) {
	t.Parallel()
	c := start(t)
	team := c.workspaceOf("public", "Team")
	for i := range 5 {
		c.do("POST", "/collections?workspace="+team, small(fmt.Sprintf("C%d", i))).want(200)
	}
	c.do("POST", "/collections", small("Elsewhere")).want(200)
	var names []string
	for offset := 0; offset < 6; offset += 2 {
		page := c.do("GET", fmt.Sprintf("/collections?workspace=%s&limit=2&offset=%d", team, offset), nil).want(200)
		if page.at("meta", "total") != 5.0 || page.at("meta", "offset") != float64(offset) || page.at("meta", "limit") != 2.0 {
			t.Errorf("the page at %d says %v", offset, page.at("meta"))
		}
		rows, _ := page.at("collections").([]any)
		for i := range rows {
			names = append(names, page.text("collections", i, "name"))
			if page.at("collections", i, "isPublic") != true {
				t.Error("a collection of a public workspace is not public")
			}
		}
	}
	seen := map[string]bool{}
	for _, n := range names {
		seen[n] = true
	}
	if len(names) != 5 || len(seen) != 5 {
		t.Errorf("the pages have %v", names)
	}
	if a := c.do("GET", "/collections?workspace="+store.NewID(), nil).want(200); string(a.body) != `{"collections":[]}` {
		t.Errorf("a workspace that isn't there has %s", a.body)
	}
	for _, q := range []string{"limit=0", "limit=x", "offset=-1", "offset=x"} {
		c.do("GET", "/collections?"+q, nil).want(400)
	}
}

func TestCreateCollection_CurrentFormat_IsKeptAsItCame(t *testing.T) {
	t.Parallel()
	c := start(t)
	const body = `{"x-first": {"b": 1, "a": 1.50}, "info": {"schema": "` + schema21 + `", "name": "N", "x": null, "_postman_id": "` + petsID + `"},
		"item": [{"x-item": [1], "name": "R", "id": "r", "request": "https://a.test", "event": [{"listen": "test", "script": {"exec": "a();"}}], "response": []}], "z": "é\u0000"}`
	c.do("POST", "/collections", wrapped(body)).want(200)
	var e store.Collection
	if err := c.store.View(t.Context(), func(tx *store.Tx) (err error) { e, err = tx.Collection(petsID); return err }); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for part := range strings.FieldsSeq(body) {
		want.WriteString(part)
	}
	if got := string(e.Body); got != want.String() {
		t.Errorf("stored is\n%s\nwant\n%s", got, want.String())
	}
}

func TestCreateCollection_OlderFormats_BecomeTheCurrentOne(t *testing.T) {
	t.Parallel()
	c := start(t)
	const v20 = `{"info": {"name": "Two", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"},
		"auth": {"type": "basic", "basic": {"username": "u"}},
		"item": [{"name": "R", "id": "r20", "request": {"method": "GET", "url": "https://a.test/x?y=1"}}]}`
	id := c.do("POST", "/collections", wrapped(v20)).want(200).text("collection", "id")
	got := c.do("GET", "/collections/"+id, nil).want(200)
	if got.text("collection", "info", "schema") != schema21 || got.text("collection", "item", 0, "id") != "r20" ||
		got.text("collection", "auth", "basic", 0, "key") != "username" || got.text("collection", "item", 0, "request", "url") != "https://a.test/x?y=1" {
		t.Errorf("of format 2.0.0 there is %s", got.body)
	}
	const v1 = `{"id": "` + petsID + `", "name": "One", "order": ["r1"], "folders": [{"id": "f1", "name": "F", "order": ["r2"]}],
		"requests": [{"id": "r1", "name": "A", "method": "POST", "url": "https://a.test/1", "headers": "X: 1\n"}, {"id": "r2", "name": "B", "method": "GET", "url": "https://a.test/2"}]}`
	if id := c.do("POST", "/collections", wrapped(v1)).want(200).text("collection", "id"); id != petsID {
		t.Errorf("of format 1.0.0 the id is %s", id)
	}
	if a := c.do("GET", "/collections/"+petsID+"/requests/r2", nil).want(200); a.text("data", "folder") != "f1" || a.text("data", "url") != "https://a.test/2" {
		t.Errorf("of format 1.0.0 there is %s", a.body)
	}
	if a := c.do("GET", "/collections/"+petsID+"/requests/r1", nil).want(200); a.text("data", "headerData", 0, "key") != "X" || a.text("data", "method") != "POST" {
		t.Errorf("of format 1.0.0 there is %s", a.body)
	}
	c.do("PUT", "/collections/"+petsID, wrapped(strings.ReplaceAll(v1, "One", "Won"))).want(200)
	c.do("PUT", "/collections/"+petsID, wrapped(v20)).want(200)
}

func TestCreateCollection_Corpus_IsTaken(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(shared(t, "corpus/postman/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no corpus: %v", err)
	}
	c := start(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body := string(data)
		if !strings.Contains(body[:min(len(body), 40)], `"collection"`) {
			body = wrapped(body)
		}
		made := c.do("POST", "/collections", body)
		if !strings.Contains(body, `"schema"`) {
			made.want(400)
			continue
		}
		if made.status != 200 {
			t.Errorf("%s: %d %.300s", filepath.Base(file), made.status, made.body)
			continue
		}
		id := made.text("collection", "id")
		first := c.do("GET", "/collections/"+id, nil).want(200)
		c.do("PUT", "/collections/"+id, string(first.body)).want(200)
		again := c.do("GET", "/collections/"+id, nil).want(200)
		if !reflect.DeepEqual(first.at("collection", "item"), again.at("collection", "item")) {
			t.Errorf("%s: what is written back as it was read differs", filepath.Base(file))
		}
	}
}

func TestCollections_WrongInput_IsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	other := strings.ReplaceAll(small("N"), `{"name"`, `{"_postman_id": "`+store.NewID()+`", "name"`)
	for _, test := range []struct {
		method, path, body, header, name string
		status                           int
	}{
		{"POST", "/collections", "", "", "", 400},
		{"POST", "/collections", "{", "", "malformedRequestError", 400},
		{"POST", "/collections", "[]", "", "malformedRequestError", 400},
		{"POST", "/collections", "{}", "", "paramMissingError", 400},
		{"POST", "/collections", `{"collection": null}`, "", "malformedRequestError", 400},
		{"POST", "/collections", `{"collection": 5}`, "", "malformedRequestError", 400},
		{"POST", "/collections", `{"collection": {}}`, "", "malformedRequestError", 400},
		{"POST", "/collections", `{"collection": {"info": {"name": "x"}}}`, "", "malformedRequestError", 400},
		{"POST", "/collections", `{"collection": {"requests": 1}}`, "", "malformedRequestError", 400},
		{"POST", "/collections", small(" "), "", "invalidParamsError", 400},
		{"POST", "/collections?workspace=" + store.NewID(), small("N"), "", "instanceNotFoundError", 404},
		{"PUT", "/collections/" + petsID, "", "", "", 400},
		{"PUT", "/collections/" + petsID, "{}", "", "", 400},
		{"PUT", "/collections/" + petsID, `{"collection": {"info": {"name": "x"}}}`, "", "malformedRequestError", 400},
		{"PUT", "/collections/" + petsID, `{"collection": {"info": {"name": "x"}}}`, "respond-async", "", 400},
		{"PUT", "/collections/" + petsID, `{"collection": {}}`, "respond-async", "", 400},
		{"PUT", "/collections/" + petsID, other, "", "collectionMismatchError", 400},
		{"PUT", "/collections/" + store.NewID(), small("N"), "", "instanceNotFoundError", 404},
		{"PATCH", "/collections/" + petsID, "", "", "", 400},
		{"PATCH", "/collections/" + petsID, "{}", "", "paramMissingError", 400},
		{"PATCH", "/collections/" + petsID, `{"collection": {}}`, "", "paramMissingError", 400},
		{"PATCH", "/collections/" + petsID, `{"collection": {"item": []}}`, "", "badRequest", 400},
		{"PATCH", "/collections/" + petsID, `{"collection": {"info": {"name": 5}}}`, "", "badRequest", 400},
		{"PATCH", "/collections/" + petsID, `{"collection": {"info": {"name": "` + strings.Repeat("x", 2000) + `"}}}`, "", "invalidParamsError", 400},
		{"PATCH", "/collections/" + petsID, `{"collection": {"auth": {"type": "apikey"}}}`, "", "paramMissingError", 400},
		{"PATCH", "/collections/" + store.NewID(), `{"collection": {"info": {"name": "x"}}}`, "", "instanceNotFoundError", 404},
		{"POST", "/collections/" + petsID + "/duplicates", "", "", "", 400},
		{"POST", "/collections/" + petsID + "/duplicates", "{}", "", "", 400},
		{"POST", "/collections/" + petsID + "/duplicates", `{"workspace": 5}`, "", "invalidParamsError", 400},
		{"POST", "/collections/" + petsID + "/duplicates", `{"workspace": "` + store.NewID() + `"}`, "", "", 404},
		{"GET", "/collection-duplicate-tasks/x", "", "", "", 400},
		{"GET", "/collection-duplicate-tasks/" + store.NewID(), "", "", "", 404},
	} {
		var header []string
		if test.header != "" {
			header = []string{"Prefer", test.header}
		}
		a := c.do(test.method, test.path, test.body, header...)
		if name, _ := a.at("error", "name").(string); a.status != test.status || name != test.name {
			t.Errorf("%s %s %.60s: %d %s", test.method, test.path, test.body, a.status, a.body)
		}
	}
	if list := c.do("GET", "/collections", nil).want(200); list.at("meta", "total") != 1.0 || list.text("collections", 0, "name") != "Pets" {
		t.Errorf("afterwards there is %s", list.body)
	}
	if got := c.do("GET", "/collections/"+petsID, nil); got.header.Get("ETag") != `"1"` {
		t.Errorf("what was refused has changed it: %s", got.header.Get("ETag"))
	}
}

func TestDuplicateCollection_CopyHasItsOwnIDs(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	team := c.workspaceOf("team", "Team")
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	task := c.do("POST", "/collections/1-"+petsID+"/duplicates", object{"workspace": team, "suffix": "Copy"}).want(200)
	if task.text("task", "status") != "processing" {
		t.Errorf("the task is %s", task.body)
	}
	done := c.do("GET", "/collection-duplicate-tasks/"+task.text("task", "id"), nil).want(200)
	if done.text("task", "status") != "completed" || done.text("task", "id") != task.text("task", "id") {
		t.Errorf("the task is %s", done.body)
	}
	list := c.do("GET", "/collections?workspace="+team, nil).want(200)
	if list.at("meta", "total") != 1.0 || list.text("collections", 0, "name") != "Pets Copy" {
		t.Fatalf("in the workspace there is %s", list.body)
	}
	got := c.do("GET", "/collections/"+list.text("collections", 0, "id"), nil).want(200)
	for _, id := range []string{petsID, petsFolder, petsGet, petsAnswer} {
		if strings.Contains(string(got.body), id) {
			t.Errorf("the copy has the id %s", id)
		}
	}
	if got.text("collection", "info", "name") != "Pets Copy" || got.text("collection", "item", 0, "item", 0, "response", 0, "name") != "Found" {
		t.Errorf("the copy is %s", got.body)
	}
	c.do("GET", "/collections/"+petsID, nil).want(200)
	c.do("POST", "/collections/"+store.NewID()+"/duplicates", object{"workspace": team}).want(404)
}

func TestCollections_AHundredThousandItems_Work(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a large collection takes a while")
	}
	c := start(t)
	var b strings.Builder
	b.WriteString(`{"collection": {"info": {"_postman_id": "` + petsID + `", "name": "Large", "schema": "` + schema21 + `"}, "item": [`)
	for i := range 100_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"name": "R%d", "request": {"method": "GET", "url": {"raw": "https://a.test/%d", "host": ["a", "test"], "path": ["%d"]}}, "response": []}`, i, i, i)
	}
	b.WriteString(`]}}`)
	c.do("POST", "/collections", b.String()).want(200)
	id := c.do("POST", "/collections/"+petsID+"/requests", object{"name": "Last", "url": "https://a.test/last"}).want(200).text("model_id")
	got := c.do("GET", "/collections/"+petsID, nil).want(200)
	var read struct {
		Collection struct {
			Item []struct {
				ID string `json:"id"`
			} `json:"item"`
		} `json:"collection"`
	}
	if err := json.Unmarshal(got.body, &read); err != nil {
		t.Fatal(err)
	}
	if n := len(read.Collection.Item); n != 100_001 || read.Collection.Item[n-1].ID != id {
		t.Errorf("%d items, the last is %s", n, read.Collection.Item[n-1].ID)
	}
}
