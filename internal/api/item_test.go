package api

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestItems_WholeFlow_KeepsTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	at := "/collections/1-" + petsID

	folder := c.do("POST", at+"/folders", object{"name": "Writing", "description": "What writes."}).want(200).text("model_id")
	inner := c.do("POST", at+"/folders", object{"name": "Inner", "folder": "1-" + folder, "requests": []object{{"name": "Brought along", "method": "GET", "url": "https://a.test"}}}).want(200)
	if inner.text("data", "folder") != folder || inner.at("data", "requests", 0) == nil {
		t.Errorf("the inner folder is %s", inner.body)
	}
	request := c.do("POST", at+"/requests?folderId="+folder, object{"name": "Add", "method": "POST", "url": "https://a.test/pets?x=1", "dataMode": "raw", "rawModeData": "{}"}).want(200)
	id := request.text("model_id")
	if request.text("data", "folder") != folder || request.text("meta", "action") != "import" {
		t.Errorf("the request is %s", request.body)
	}
	if other := c.do("POST", at+"/requests?folder=1-"+folder, object{}).want(200); other.text("data", "folder") != folder || other.text("data", "name") != "" {
		t.Errorf("without a name it is %s", other.body)
	}
	if again := c.do("POST", at+"/requests", object{"id": id, "name": "Again"}).want(400); again.text("error", "name") != "instanceFoundError" || again.text("error", "details", "model_id") != id {
		t.Errorf("the id again answers %s", again.body)
	}
	response := c.do("POST", at+"/responses?request="+id, object{"name": "Added", "responseCode": object{"code": 201}, "text": "{}"}).want(200)
	answer := response.text("model_id")
	if response.text("data", "request") != id || response.text("meta", "action") != "create" {
		t.Errorf("the response is %s", response.body)
	}

	for _, name := range []string{id, "1-" + id} {
		got := c.do("GET", at+"/requests/"+name, nil).want(200)
		if got.text("data", "url") != "https://a.test/pets?x=1" || got.text("data", "responses_order", 0) != answer || got.text("model_id") != id {
			t.Errorf("reading %s gives %s", name, got.body)
		}
	}
	uids := c.do("GET", at+"/requests/"+id+"?uid=true", nil).want(200)
	if uids.text("data", "id") != "1-"+id || uids.text("data", "folder") != "1-"+folder || uids.text("data", "collection") != "1-"+petsID {
		t.Errorf("with uids it is %s", uids.body)
	}
	if only := c.client.do("GET", at+"/requests/"+id+"?ids=true", nil).want(200); only.at("data", "name") != nil || only.text("data", "id") != id {
		t.Errorf("with ids alone it is %s", only.body)
	}
	if full := c.do("GET", at+"/folders/"+folder+"?populate=true", nil).want(200); full.text("data", "requests", 0, "name") != "Add" || full.at("meta", "populate") != true {
		t.Errorf("with all in it the folder is %s", full.body)
	}
	c.do("GET", at+"/responses/"+answer, nil).want(200)

	if put := c.do("PUT", at+"/folders/"+folder, object{"name": "Writes"}).want(200); put.text("data", "description") != "What writes." || put.text("data", "name") != "Writes" {
		t.Errorf("the changed folder is %s", put.body)
	}
	if put := c.do("PUT", at+"/requests/"+id, object{"description": "Adds."}).want(200); put.text("data", "name") != "Add" || put.text("data", "rawModeData") != "{}" || put.text("data", "description") != "Adds." {
		t.Errorf("the changed request is %s", put.body)
	}
	if put := c.do("PUT", at+"/responses/"+answer, object{"name": "Made"}).want(200); put.text("data", "text") != "{}" || put.at("data", "responseCode", "code") != 201.0 {
		t.Errorf("the changed response is %s", put.body)
	}
	moved := c.do("PUT", at+"/responses/"+answer, object{"request": petsGet}).want(400)
	if moved.text("error", "message") != "We could not find the response you are looking for" {
		t.Errorf("another parent answers %s", moved.body)
	}

	gone := c.do("DELETE", at+"/responses/"+answer, nil).want(200)
	if gone.text("data", "id") != answer || gone.text("meta", "action") != "destroy" {
		t.Errorf("deleting answers %s", gone.body)
	}
	c.do("DELETE", at+"/requests/1-"+id, nil).want(200)
	c.do("DELETE", at+"/folders/"+folder, nil).want(200)
	c.do("GET", at+"/folders/"+inner.text("model_id"), nil).want(404)
	if left := c.do("GET", at, nil).want(200); left.at("collection", "item", 1) != nil || left.text("collection", "item", 0, "item", 0, "id") != petsGet {
		t.Errorf("what is left is %s", left.body)
	}
}

func TestItems_WhatIsNotThere_IsAnsweredAsDeclared(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	at, nowhere, no := "/collections/"+petsID, "/collections/"+store.NewID(), store.NewID()
	for _, test := range []struct {
		method, path string
		body         any
		status       int
		name         string
	}{
		{"GET", at + "/folders/" + no, nil, 404, "instanceNotFoundError"},
		{"GET", at + "/folders/" + petsGet, nil, 404, "instanceNotFoundError"},
		{"PUT", at + "/folders/" + no, object{"name": "n"}, 404, "instanceNotFoundError"},
		{"DELETE", at + "/folders/" + no, nil, 404, "instanceNotFoundError"},
		{"GET", at + "/requests/" + no, nil, 404, "instanceFoundError"},
		{"PUT", at + "/requests/" + no, object{"name": "n"}, 404, "instanceFoundError"},
		{"DELETE", at + "/requests/" + no, nil, 404, "instanceFoundError"},
		{"GET", at + "/responses/" + no, nil, 404, "instanceNotFoundError"},
		{"PUT", at + "/responses/" + no, object{"name": "n"}, 404, "instanceNotFoundError"},
		{"DELETE", at + "/responses/" + no, nil, 404, "instanceNotFoundError"},
		{"POST", at + "/folders", object{"folder": no}, 400, "instanceNotFoundError"},
		{"POST", at + "/requests?folderId=" + no, object{}, 404, "instanceNotFoundError"},
		{"POST", at + "/responses?request=" + no, object{}, 400, "instanceNotFoundError"},
		{"POST", at + "/responses", object{}, 400, "paramMissingError"},
		{"POST", nowhere + "/folders", object{}, 400, "instanceNotFoundError"},
		{"POST", nowhere + "/requests", object{}, 404, "instanceNotFoundError"},
		{"POST", nowhere + "/responses?request=" + no, object{}, 400, "instanceNotFoundError"},
		{"GET", nowhere + "/folders/" + no, nil, 404, "instanceNotFoundError"},
		{"DELETE", nowhere + "/requests/" + no, nil, 404, "instanceNotFoundError"},
		{"POST", at + "/folders", "", 400, ""},
		{"POST", at + "/folders", object{"name": 5}, 400, "invalidParamsError"},
		{"POST", at + "/requests", "", 400, ""},
		{"POST", at + "/requests", object{"name": 5}, 400, "invalidParamsError"},
		{"POST", at + "/requests", []int{}, 400, "malformedRequestError"},
		{"POST", at + "/requests", object{"headerData": "x"}, 400, "invalidParamsError"},
		{"PUT", at + "/requests/" + petsGet, "", 400, ""},
		{"PUT", at + "/requests/" + petsGet, object{"url": 5}, 400, "invalidParamsError"},
		{"PUT", at + "/responses/" + petsAnswer, object{"responseCode": "x"}, 400, "invalidParamsError"},
		{"GET", at + "/requests/" + petsGet + "?populate=maybe", nil, 400, ""},
	} {
		a := c.do(test.method, test.path, test.body)
		if name, _ := a.at("error", "name").(string); a.status != test.status || name != test.name {
			t.Errorf("%s %s: %d %s", test.method, test.path, a.status, a.body)
		}
	}
	if got := c.do("GET", at, nil).want(200); got.header.Get("ETag") != `"1"` {
		t.Errorf("what was refused has changed the collection: %s", got.header.Get("ETag"))
	}
}

func TestItems_WrittenBackAsTheyWereRead_ChangeNothing(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	at := "/collections/" + petsID
	before := stripTimes(c.do("GET", at, nil).want(200).at("collection", "item"))
	for _, path := range []string{"/folders/" + petsFolder, "/requests/" + petsGet, "/responses/" + petsAnswer} {
		c.do("PUT", at+path, c.do("GET", at+path, nil).want(200).at("data")).want(200)
	}
	if after := stripTimes(c.do("GET", at, nil).want(200).at("collection", "item")); !reflect.DeepEqual(before, after) {
		t.Errorf("before\n%v\nafter\n%v", before, after)
	}
}

// stripTimes takes the times off items.
func stripTimes(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = stripTimes(v[i])
		}
	case map[string]any:
		delete(v, "createdAt")
		delete(v, "updatedAt")
		for k := range v {
			v[k] = stripTimes(v[k])
		}
	}
	return v
}

// shelf makes a collection of requests, each with a saved response; the ids are
// the names after a prefix.
func (c *client) shelf(prefix string, names ...string) string {
	c.t.Helper()
	list := []object{}
	for _, n := range names {
		list = append(list, object{"id": prefix + n, "name": n, "request": object{"method": "GET", "url": "https://a.test/" + n}, "response": []object{{"id": prefix + n + "-r", "name": n}}})
	}
	list = append(list, object{"id": prefix + "F", "name": "F", "item": []object{}})
	return c.do("POST", "/collections", object{"collection": object{"info": object{"name": prefix, "schema": schema21}, "item": list}}).want(200).text("collection", "id")
}

// names are the names of the items of a collection, or of a folder of it.
func (c *client) names(collection string, path ...any) []string {
	c.t.Helper()
	list, _ := c.do("GET", "/collections/"+collection, nil).want(200).at(append([]any{"collection"}, append(path, "item")...)...).([]any)
	out := []string{}
	for _, item := range list {
		m, _ := item.(map[string]any)
		out = append(out, fmt.Sprint(m["name"]))
	}
	return out
}

func order(mode, model, id, position string, beside any, ids ...string) object {
	return object{"ids": ids, "mode": mode, "target": object{"model": model, "id": id}, "location": object{"position": position, "id": beside, "model": nil}}
}

func TestTransfers_PutItemsWhereTheyAreAsked(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	a, b := c.shelf("a", "1", "2", "3"), c.shelf("b", "4", "5")

	moved := c.do("POST", "/collection-requests-transfers", order("move", "collection", "1-"+b, "before", "1-b5", "1-a2", "1-a1")).want(200)
	if moved.text("ids", 0) != "1-a2" || moved.text("ids", 1) != "1-a1" {
		t.Errorf("moving answers %s", moved.body)
	}
	if got := c.names(a); !slices.Equal(got, []string{"3", "F"}) {
		t.Errorf("where they were there is %v", got)
	}
	if got := c.names(b); !slices.Equal(got, []string{"4", "2", "1", "5", "F"}) {
		t.Errorf("where they went there is %v", got)
	}
	c.do("GET", "/collections/"+b+"/responses/a1-r", nil).want(200)

	copied := c.do("POST", "/collection-requests-transfers", order("copy", "folder", "1-aF", "end", nil, "1-b4", "a3")).want(200)
	if ids := copied.at("ids").([]any); len(ids) != 2 || ids[0] == "1-b4" {
		t.Errorf("copying answers %s", copied.body)
	}
	if got := c.names(a, "item", 1); !slices.Equal(got, []string{"4", "3"}) {
		t.Errorf("in the folder there is %v: items of two collections come in the order of the body", got)
	}
	if got := c.names(b); !slices.Equal(got, []string{"4", "2", "1", "5", "F"}) {
		t.Errorf("copying has changed the source: %v", got)
	}
	copied = c.do("POST", "/collection-requests-transfers", order("copy", "collection", a, "start", nil, "1-a3", "b4", "b5", "1-a3", "a3")).want(200)
	if got := c.names(a); !slices.Equal(got, []string{"3", "4", "5", "3", "F"}) {
		t.Errorf("at the start there is %v", got)
	}
	items, _ := c.do("GET", "/collections/"+a, nil).want(200).at("collection", "item").([]any)
	for i := range 3 {
		if made, _ := items[i].(map[string]any); copied.text("ids", i) != made["uid"] {
			t.Errorf("copy %d is told as %s, it is %v", i, copied.text("ids", i), made["uid"])
		}
	}

	c.do("POST", "/collection-folders-transfers", order("move", "collection", b, "start", nil, "1-aF")).want(200)
	if got := c.names(b, "item", 0); !slices.Equal(got, []string{"4", "3"}) {
		t.Errorf("in the moved folder there is %v", got)
	}
	c.do("POST", "/collection-responses-transfers", order("move", "request", "b5", "end", nil, "a3-r")).want(200)
	if got := c.do("GET", "/collections/"+b+"/responses/a3-r", nil).want(200); got.text("data", "request") != "b5" {
		t.Errorf("the moved response is %s", got.body)
	}
	c.do("GET", "/collections/"+a+"/responses/a3-r", nil).want(404)
}

func TestTransfers_WrongInput_IsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	c := start(t)
	a, b := c.shelf("a", "1", "2"), c.shelf("b", "3")
	wrong := c.do("POST", "/collection-responses-transfers", order("move", "folder", "aF", "end", nil, "a1-r")).want(400)
	if string(wrong.body) != `{"detail":{},"title":"Cannot transfer response to target model type folder","type":"https://api.postman.com/problems/bad-request"}` {
		t.Errorf("the refusal is %s", wrong.body)
	}
	for i, test := range []struct {
		kind   string
		body   any
		status int
	}{
		{"requests", "", 400},
		{"requests", object{}, 400},
		{"requests", object{"ids": "x", "mode": "copy", "target": object{"model": "collection", "id": b}, "location": object{"position": "end"}}, 400},
		{"requests", order("copy", "collection", b, "end", nil), 400},
		{"requests", order("steal", "collection", b, "end", nil, "a1"), 400},
		{"requests", order("copy", "collection", b, "middle", nil, "a1"), 400},
		{"requests", order("copy", "collection", b, "before", nil, "a1"), 400},
		{"requests", order("copy", "collection", b, "before", "a2", "a1"), 404},
		{"requests", order("copy", "collection", store.NewID(), "end", nil, "a1"), 404},
		{"requests", order("copy", "folder", "a1", "end", nil, "a2"), 404},
		{"requests", order("move", "collection", b, "end", nil, "a1", "nothing"), 404},
		{"folders", order("move", "folder", "aF", "end", nil, "aF"), 400},
		{"folders", order("move", "collection", b, "end", nil, "a1"), 404},
	} {
		if got := c.do("POST", "/collection-"+test.kind+"-transfers", test.body); got.status != test.status {
			t.Errorf("%d: %d %s", i, got.status, got.body)
		}
	}
	if got := append(c.names(a), c.names(b)...); !slices.Equal(got, []string{"1", "2", "F", "3", "F"}) {
		t.Errorf("afterwards there is %v", got)
	}
}

func TestAddRequest_TogetherWithOthers_KeepsAll(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	const n = 16
	done := make(chan int, n)
	for i := range n {
		go func() {
			done <- c.do("POST", "/collections/"+petsID+"/requests", object{"name": fmt.Sprint(i)}).status
		}()
	}
	for range n {
		if status := <-done; status != 200 {
			t.Errorf("one answers %d", status)
		}
	}
	if got := c.names(petsID); len(got) != n+1 {
		t.Errorf("there is %v", got)
	}
}
