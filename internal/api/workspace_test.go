package api

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/apitest"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// judge is a client that checks each answer against descriptions.
type judge struct {
	*client
	contracts []*apitest.Contract
}

// startJudged is a client that checks against the contract and against the
// API's own description.

func startJudged(t *testing.T) *judge {
	t.Helper()
	contract, err := apitest.Load(shared(t, "reference/postman-api.openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own := startDescribed(t)
	own.contracts = append(own.contracts, contract)
	return own
}

func (j *judge) do(method, path string, body any, header ...string) answer {
	j.t.Helper()
	a := j.client.do(method, path, body, header...)
	for _, contract := range j.contracts {
		for _, v := range contract.Check(method, path, a.status, a.header, a.body) {
			j.t.Errorf("%s %s: %v", method, path, v)
		}
	}
	return a
}

// put stores something behind the API's back.
func (c *client) put(f func(*store.Tx) error) {
	c.t.Helper()
	if err := c.store.Update(c.t.Context(), store.Actor{User: 1}, f); err != nil {
		c.t.Fatal(err)
	}
}

// workspaceOf makes a workspace of a type.
func (c *client) workspaceOf(kind, name string) string {
	c.t.Helper()
	return c.do("POST", "/workspaces", object{"workspace": object{"name": name, "type": kind}}).want(200).text("workspace", "id")
}

const (
	petsID     = "12ece9e1-2abf-4edc-8e34-de66e74114d2"
	petsFolder = "5b5ea1b2-7b0f-4d3f-8b0f-0d8f3c1e2a01"
	petsGet    = "5b5ea1b2-7b0f-4d3f-8b0f-0d8f3c1e2a02"
	petsAnswer = "5b5ea1b2-7b0f-4d3f-8b0f-0d8f3c1e2a03"
)

const petsBody = `{"info": {"_postman_id": "` + petsID + `", "name": "Pets", "description": "All about pets.",
	"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
	"auth": {"type": "apikey", "apikey": [{"key": "value", "value": "hush"}]},
	"variable": [{"key": "baseUrl", "value": "https://pets.example"}],
	"item": [{"id": "` + petsFolder + `", "name": "Reading", "description": "What reads.", "item": [
		{"id": "` + petsGet + `", "name": "Get a pet", "request": {"method": "GET", "url": {"raw": "{{baseUrl}}/pets/:id",
			"variable": [{"key": "id", "value": "1"}]}, "header": [{"key": "Accept", "value": "application/json"}]},
		 "response": [{"id": "` + petsAnswer + `", "name": "Found", "code": 200, "status": "OK", "header": [], "body": "{\"name\": \"Rex\"}"}]}]}]}`

// pets stores a collection in a workspace.
func (c *client) pets(workspace string) {
	c.t.Helper()
	c.put(func(t *store.Tx) error {
		return t.CreateCollection(&store.Collection{ID: petsID, Workspace: workspace, Owner: 1, Name: "Pets", Body: []byte(petsBody)})
	})
}

func TestWorkspaces_WholeFlow_KeepsTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	first := c.do("GET", "/workspaces", nil).want(200).text("workspaces", 0, "id")
	team := c.do("POST", "/workspaces", object{"workspace": object{"name": "Team", "type": "team", "description": "d", "about": "a"}}).want(200).text("workspace", "id")
	c.pets(team)
	c.put(func(t *store.Tx) error {
		if err := t.CreateSpec(&store.Spec{ID: store.NewID(), Workspace: team, Owner: 1, Name: "S", Type: "OPENAPI:3.0"}); err != nil {
			return err
		}
		for _, m := range []store.Mock{{Name: "alive", Collection: petsID}, {Name: "dead", Collection: store.NewID()}} {
			m.ID, m.Slug, m.Workspace, m.Owner, m.Config = store.NewID(), m.Name, team, 1, []byte("{}")
			if err := t.CreateMock(&m); err != nil {
				return err
			}
		}
		return nil
	})
	c.do("POST", "/environments?workspace="+team, object{"environment": object{"name": "E"}}).want(200)

	got := c.do("GET", "/workspaces/"+team, nil).want(200)
	for _, list := range []string{"collections", "environments", "specs", "mocks"} {
		if l, _ := got.at("workspace", list).([]any); len(l) != 1 {
			t.Errorf("%s are %v, want one: a mock whose collection is gone is not listed unasked", list, l)
		}
	}
	got = c.do("GET", "/workspaces/"+team+"?include=mocks:deactivated,scim,team", nil).want(200)
	if l, _ := got.at("workspace", "mocks").([]any); len(l) != 2 || got.at("workspace", "mocks", 0, "deactivated") == got.at("workspace", "mocks", 1, "deactivated") {
		t.Errorf("mocks are %v, want the deactivated one too", l)
	}
	if got.text("workspace", "teamId") != "1" || len(got.text("workspace", "scim", "createdBy")) != 48 {
		t.Errorf("include=scim,team is not answered: %s", got.body)
	}

	c.do("PUT", "/workspaces/"+team, object{"workspace": object{"type": "private"}}).want(200)
	got = c.do("GET", "/workspaces/"+team, nil).want(200)
	if got.text("workspace", "visibility") != "private" || got.text("workspace", "name") != "Team" || got.text("workspace", "description") != "d" {
		t.Errorf("a change of the type changed more, or nothing: %s", got.body)
	}
	if n := len(c.do("GET", "/workspaces?type=private", nil).want(200).at("workspaces").([]any)); n != 1 {
		t.Errorf("the filter by type gives %d", n)
	}
	if id := c.do("GET", "/workspaces?elementType=collection&elementId=1-"+petsID, nil).want(200).text("workspaces", 0, "id"); id != team {
		t.Errorf("the collection's workspace is %s, want %s", id, team)
	}
	c.do("GET", "/workspaces?createdBy=2,3&include=scim", nil).want(200)
	page := c.do("GET", "/workspaces?limit=1", nil).want(200)
	if page.text("workspaces", 0, "id") != first {
		t.Error("the list is not in the order of creation")
	}
	page = c.do("GET", "/workspaces?limit=1&cursor="+page.text("meta", "nextCursor"), nil).want(200)
	if page.text("workspaces", 0, "id") != team || page.at("meta", "nextCursor") != nil {
		t.Errorf("the second page is not the last with the other one: %s", page.body)
	}

	values := `{"values":[{"key":"k","value":"v","enabled":true,"type":"secret","extra":{"a":[1.0]}}]}`
	c.do("PUT", "/workspaces/"+team+"/global-variables", values).want(200)
	if got := string(c.do("GET", "/workspaces/"+team+"/global-variables", nil).want(200).body); got != values {
		t.Errorf("the globals are %s, want %s", got, values)
	}
	c.do("PUT", "/workspaces/"+team+"/tags", object{"tags": []object{{"slug": "needs-review"}, {"slug": "api2"}}}).want(200)
	c.do("PUT", "/workspaces/"+first+"/tags", object{"tags": []string{"needs-review"}}).want(200)
	c.do("GET", "/workspaces/"+team+"/tags", nil).want(200)
	tagged := c.do("GET", "/tags/needs-review/entities?limit=1", nil).want(200)
	next := c.do("GET", "/tags/needs-review/entities?limit=1&cursor="+tagged.text("meta", "nextCursor"), nil).want(200)
	if tagged.text("data", "entities", 0, "entityId") == next.text("data", "entities", 0, "entityId") || next.at("meta", "nextCursor") != nil {
		t.Errorf("the pages of tagged elements are %s and %s", tagged.body, next.body)
	}
	c.do("GET", "/tags/unknown-tag/entities", nil).want(404)

	c.do("POST", "/workspaces/"+team+"/element-transfers", object{"id": "1-" + petsID, "type": "collection", "to": first}).want(400)
	other := c.workspaceOf("team", "Other")
	c.do("POST", "/workspaces/"+team+"/element-transfers", object{"id": "1-" + petsID, "type": "collection", "to": other}).want(200)
	if got := c.do("GET", "/workspaces/"+other, nil).text("workspace", "collections", 0, "id"); got != petsID {
		t.Errorf("the collection that was moved is %s", got)
	}
	c.do("DELETE", "/workspaces/"+team, nil).want(200)
	c.do("GET", "/workspaces/"+team, nil).want(404)
}

func TestWorkspaces_WrongInput_IsRefusedAsDeclared(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	id := c.do("GET", "/workspaces", nil).text("workspaces", 0, "id")
	none := "/workspaces/74dbfab8-1529-11ee-be56-0242ac120002"
	public := c.workspaceOf("public", "Open")
	for _, x := range []struct {
		method, path string
		body         any
		status       int
		has          string
	}{
		{"GET", "/workspaces?type=x", nil, 400, `"statusCode":400`},
		{"GET", "/workspaces?limit=101", nil, 400, "must not exceed 100"},
		{"GET", "/workspaces?limit=0", nil, 400, "badRequestError"},
		{"GET", "/workspaces?cursor=x", nil, 400, "badRequestError"},
		{"GET", "/workspaces?elementType=collection", nil, 400, "elementId is required"},
		{"GET", "/workspaces?elementType=x&elementId=1", nil, 400, "elementType must be one of"},
		{"GET", "/workspaces?createdBy=me", nil, 400, "createdBy"},
		{"POST", "/workspaces", nil, 400, "required"},
		{"POST", "/workspaces", "{}", 400, "'workspace' object missing in the request"},
		{"POST", "/workspaces", "[]", 400, "object"},
		{"POST", "/workspaces", object{"workspace": object{"type": "team"}}, 400, "paramMissingError"},
		{"POST", "/workspaces", object{"workspace": object{"name": "x"}}, 400, "paramMissingError"},
		{"POST", "/workspaces", object{"workspace": object{"name": 1, "type": "team"}}, 400, "name"},
		{"POST", "/workspaces", object{"workspace": object{"name": "", "type": "team"}}, 400, "name"},
		{"POST", "/workspaces", object{"workspace": object{"name": "x", "type": "x"}}, 400, "type"},
		{"POST", "/workspaces", object{"workspace": object{"name": "open", "type": "public"}}, 400, "workspaceSlugNotUniqueError"},
		{"GET", none, nil, 404, "workspaceNotFoundError"},
		{"GET", "/workspaces/" + id + "?include=scim,scim", nil, 400, "twice"},
		{"PUT", none, object{"workspace": object{"name": "x"}}, 404, "instanceNotFoundError"},
		{"PUT", "/workspaces/" + id, object{"workspace": object{"type": "partner"}}, 400, "type"},
		{"PUT", "/workspaces/" + public, object{"workspace": object{"type": "personal"}}, 403, "cannotConvertFromPublicWorkspace"},
		{"DELETE", none, nil, 400, "instanceNotFoundError"},
		{"PUT", "/workspaces/" + id + "/global-variables", "{}", 400, "values"},
		{"PUT", "/workspaces/" + id + "/global-variables", `{"values":[null]}`, 400, "expected object"},
		{"PUT", none + "/global-variables", `{"values":[]}`, 404, "workspaceNotFoundError"},
		{"PUT", "/workspaces/" + id + "/tags", `{"tags":[{"slug":"A"}]}`, 400, "body/tags/0/slug"},
		{"PUT", "/workspaces/" + id + "/tags", `{"tags":["aa","ab","ac","ad","ae","af"]}`, 400, "more than 5"},
		{"PUT", "/workspaces/" + id + "/tags", nil, 400, "Bad Request"},
		{"GET", "/tags/A/entities", nil, 400, "params/slug"},
		{"GET", "/tags/aa/entities?limit=51", nil, 400, "limit"},
		{"POST", "/workspaces/" + id + "/element-transfers", "{}", 400, "The 'id' property is required"},
		{"POST", "/workspaces/" + id + "/element-transfers", object{"id": petsID, "type": "x", "to": id}, 400, "element type"},
		{"POST", "/workspaces/" + id + "/element-transfers", object{"id": petsID, "type": "mock", "to": store.NewID()}, 404, "Workspace not found"},
		{"POST", "/workspaces/" + id + "/element-transfers", object{"id": petsID, "type": "mock", "to": id}, 404, "no mock"},
	} {
		a := c.do(x.method, x.path, x.body)
		if a.status != x.status || !strings.Contains(string(a.body), x.has) {
			t.Errorf("%s %s %v: %d %s, want %d with %s", x.method, x.path, x.body, a.status, a.body, x.status, x.has)
		}
	}
}

func TestDeleteWorkspace_LastOne_LeavesANewOne(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.do("GET", "/workspaces", nil).text("workspaces", 0, "id")
	c.do("DELETE", "/workspaces/"+id, nil).want(200)
	left := c.do("GET", "/workspaces", nil).want(200)
	if left.text("workspaces", 0, "name") != "My Workspace" || left.text("workspaces", 0, "id") == id {
		t.Errorf("after the last workspace there is %s", left.body)
	}
}

func TestWorkspaces_WhatAFileOwns_IsNotChanged(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.do("GET", "/workspaces", nil).text("workspaces", 0, "id")
	env := store.NewID()
	c.put(func(t *store.Tx) error {
		return t.CreateEnvironment(&store.Environment{ID: env, Workspace: id, Owner: 1, Name: "E", Body: []byte(`{"values":[]}`), File: "e.json"})
	})
	to := c.workspaceOf("team", "T")
	c.do("DELETE", "/workspaces/"+id, nil).want(409)
	c.do("DELETE", "/environments/"+env, nil).want(409)
	c.do("PUT", "/environments/"+env, object{"environment": object{"name": "x"}}).want(409)
	c.do("PATCH", "/environments/"+env, `[{"op":"replace","path":"/name","value":"x"}]`).want(409)
	c.do("POST", "/workspaces/"+id+"/element-transfers", object{"id": env, "type": "environment", "to": to}).want(409)
}

func TestWorkspaces_KeyOfOneWorkspace_SeesThatAlone(t *testing.T) {
	t.Parallel()
	c := start(t)
	mine, other := c.workspaceOf("team", "Mine"), c.workspaceOf("team", "Other")
	c.pets(other)
	env := c.do("POST", "/environments?workspace="+other, object{"environment": object{"name": "E"}}).text("environment", "id")
	c = c.as("edit", mine)
	list := c.do("GET", "/workspaces", nil).want(200)
	if l, _ := list.at("workspaces").([]any); len(l) != 1 || list.text("workspaces", 0, "id") != mine {
		t.Errorf("the key sees %s", list.body)
	}
	c.do("GET", "/workspaces/"+other, nil).want(404)
	c.do("POST", "/workspaces", object{"workspace": object{"name": "x", "type": "team"}}).want(403)
	c.do("GET", "/environments/"+env, nil).want(400)
	c.do("DELETE", "/environments/"+env, nil).want(404)
	c.do("GET", "/context/collections/"+petsID, nil).want(404)
	if n := c.do("POST", "/search", object{"elementType": "requests"}).want(200).at("meta", "total"); n != 0.0 {
		t.Errorf("the search finds %v in another workspace", n)
	}
	c.do("GET", "/changes", nil).want(403)
}

// as is a client with a key of its own for a workspace, "" for all.
func (c *client) as(scope, workspace string) *client {
	c.t.Helper()
	secret := access.NewKey()
	c.put(func(t *store.Tx) error {
		return t.CreateKey(&store.Key{ID: store.NewID(), Name: scope, Hash: access.Hash(secret), Scope: scope, Workspace: workspace})
	})
	keys, err := access.NewKeys(c.t.Context(), c.store, time.Now)
	if err != nil {
		c.t.Fatal(err)
	}
	srv := httptest.NewServer(New(Config{Store: c.store, Keys: keys, Mocks: &hosting.Mocks{}, Version: "test"}))
	c.t.Cleanup(srv.Close)
	return &client{t: c.t, url: srv.URL, store: c.store, key: secret}
}

func TestUpdateWorkspace_IfMatchOfAnOlderState_IsRefused(t *testing.T) {
	t.Parallel()
	c := start(t)
	id := c.workspaceOf("team", "T")
	tag := c.do("GET", "/workspaces/"+id, nil).header.Get("ETag")
	c.do("PUT", "/workspaces/"+id, object{"workspace": object{"name": "T2"}}, "If-Match", tag).want(200)
	c.do("PUT", "/workspaces/"+id, object{"workspace": object{"name": "T3"}}, "If-Match", tag).want(412)
}
