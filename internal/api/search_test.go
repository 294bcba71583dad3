package api

import (
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestSearch_Requests_KeepsTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	id := c.do("GET", "/workspaces", nil).text("workspaces", 0, "id")
	c.pets(id)
	other := strings.ReplaceAll(strings.ReplaceAll(petsBody, "5b5ea1b2", "6b5ea1b2"), "Get a pet", "Get a pet again")
	c.put(func(t *store.Tx) error {
		return t.CreateCollection(&store.Collection{ID: store.NewID(), Workspace: id, Owner: 1, Name: "Copy", Body: []byte(other)})
	})
	got := c.do("POST", "/search?limit=1", object{"elementType": "requests", "q": "PET get"}).want(200)
	if got.text("data", 0, "id") != "1-"+petsGet || got.text("data", 0, "collection", "id") != "1-"+petsID || got.text("data", 0, "workspace", "id") != id ||
		got.text("data", 0, "url") != "https://pets.example/pets/:id" || got.at("meta", "total") != 2.0 {
		t.Errorf("the search finds %s", got.body)
	}
	if self := got.text("data", 0, "links", "self", "href"); self != c.url+"/collections/1-"+petsID+"/requests/1-"+petsGet {
		t.Errorf("the link is %s", self)
	}
}

func TestSearch_EachElementType_FindsByNameAndFilters(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	id := c.workspaceOf("public", "Pets at home")
	c.pets(id)
	c.do("PUT", "/workspaces/"+id+"/tags", object{"tags": []string{"zoo"}}).want(200)
	c.do("POST", "/environments?workspace="+id, object{"environment": object{"name": "pets test"}}).want(200)
	c.put(func(t *store.Tx) error {
		if err := t.CreateSpec(&store.Spec{ID: store.NewID(), Workspace: id, Owner: 1, Name: "Pets API", Type: "OPENAPI:3.1"}); err != nil {
			return err
		}
		return t.CreateMock(&store.Mock{ID: store.NewID(), Slug: "pets", Workspace: id, Owner: 1, Name: "Pets mock", Collection: petsID, Config: []byte("{}")})
	})
	eq := func(field string, value any) object { return object{"$and": []object{{field: object{"$eq": value}}}} }
	for _, x := range []struct {
		body object
		want float64
	}{
		{object{"elementType": "collections", "q": "pets"}, 1},
		{object{"elementType": "collections", "q": "nothing"}, 0},
		{object{"elementType": "folders", "q": "reading"}, 1},
		{object{"elementType": "responses", "q": "found"}, 1},
		{object{"elementType": "requests", "q": "pet"}, 1},
		{object{"elementType": "requests"}, 1},
		{object{"elementType": "workspaces", "q": "pets"}, 1},
		{object{"elementType": "environments", "q": "pets"}, 1},
		{object{"elementType": "specs", "q": "pets"}, 1},
		{object{"elementType": "mocks", "q": "pets"}, 1},
		{object{"elementType": "flows"}, 0},
		{object{"elementType": "collections", "ownership": "external"}, 0},
		{object{"elementType": "collections", "ownership": "all"}, 1},
		{object{"elementType": "requests", "filters": eq("method", "get")}, 1},
		{object{"elementType": "requests", "filters": eq("method", "POST")}, 0},
		{object{"elementType": "requests", "filters": eq("collectionId", "1-"+petsID)}, 1},
		{object{"elementType": "requests", "filters": eq("workspaceId", store.NewID())}, 0},
		{object{"elementType": "requests", "filters": eq("visibility", "public")}, 1},
		{object{"elementType": "requests", "filters": eq("visibility", "internal")}, 0},
		{object{"elementType": "requests", "filters": eq("privateNetwork", true)}, 0},
		{object{"elementType": "requests", "filters": eq("publisherIsVerified", false)}, 1},
		{object{"elementType": "workspaces", "filters": eq("tags", "zoo")}, 1},
		{object{"elementType": "workspaces", "filters": object{"$and": []object{{"tags": object{"$nin": []string{"zoo"}}}}}}, 1},
		{object{"elementType": "requests", "filters": object{"$and": []object{{"requestId": object{"$in": []string{"1-" + petsGet, "x"}}}}}}, 1},
	} {
		if got := c.do("POST", "/search", x.body).want(200); got.at("meta", "total") != x.want {
			t.Errorf("%v finds %v, want %v: %s", x.body, got.at("meta", "total"), x.want, got.body)
		}
	}
}

func TestSearch_Pages_GiveEachOnce(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, name := range []string{"the api", "api", "api two", "my api three", "other"} {
		c.do("POST", "/environments", object{"environment": object{"name": name}}).want(200)
	}
	var names []string
	cursor := ""
	for range 5 {
		path := "/search?limit=2"
		if cursor != "" {
			path += "&nextCursor=" + cursor
		}
		got := c.do("POST", path, object{"elementType": "environments", "q": "API"}).want(200)
		for i := range got.at("data").([]any) {
			names = append(names, got.text("data", i, "name"))
		}
		cursor, _ = got.at("meta", "nextCursor").(string)
		if cursor == "" {
			break
		}
	}
	if got := strings.Join(names, ", "); got != "api, api two, my api three, the api" {
		t.Errorf("the pages give %s: the nearest names come first", got)
	}
}

func TestSearch_WrongInput_IsRefused(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	for body, has := range map[string]string{
		``:                    "required",
		`{}`:                  "body must have required property 'elementType'",
		`{"elementType":"x"}`: "/elementType must be equal",
		`{"elementType":1}`:   "elementType",
		`{"elementType":"requests","ownership":"x"}`:                                                               "/ownership must be equal to one of the allowed values",
		`{"elementType":"requests","ownership":"external","filters":{"$and":[{"visibility":{"$eq":"internal"}}]}}`: "ownership=external cannot be combined",
		`{"elementType":"requests","ownership":"all","filters":{"$and":[{"privateNetwork":{"$eq":true}}]}}`:        "privateNetwork=true can only be used",
		`{"elementType":"requests","filters":{}}`:                                                                  "$and",
		`{"elementType":"requests","filters":{"$and":[{"x":{"$eq":"a"}}]}}`:                                        "no field x",
		`{"elementType":"requests","filters":{"$and":[{"method":{"$like":"a"}}]}}`:                                 "no operator",
		`{"elementType":"requests","filters":{"$and":[{"method":{"$eq":1}}]}}`:                                     "must be string",
		`{"elementType":"requests","filters":{"$and":[{"isGitConnected":{"$eq":"true"}}]}}`:                        "must be boolean",
		`{"elementType":"requests","filters":{"$and":[{"method":{"$eq":"a"},"type":{"$eq":"b"}}]}}`:                "exactly one field",
	} {
		if a := c.do("POST", "/search", body).want(400); !strings.Contains(string(a.body), has) {
			t.Errorf("%s: %s, want %s", body, a.body, has)
		}
	}
	for _, path := range []string{"/search?limit=26", "/search?limit=x", "/search?cursor=x"} {
		c.do("POST", path, object{"elementType": "requests"}).want(400)
	}
}
