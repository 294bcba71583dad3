package api

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// startWhole is a described client of a server that hosts mocks and heeds keys
// that are made while it runs.
func startWhole(t *testing.T) (*judge, *calls.Ring) {
	t.Helper()
	c := startDescribed(t)
	keys, err := access.NewKeys(t.Context(), c.store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	log := calls.NewRing()
	mocks, err := hosting.New(t.Context(), hosting.Config{Store: c.store, Keys: keys, Calls: log, Base: func() string { return "http://mimus.test" }})
	if err != nil {
		t.Fatal(err)
	}
	c.store.OnChange(func(ctx context.Context, changes []store.Change) {
		if err := mocks.Changed(ctx, changes); err != nil {
			t.Error(err)
		}
		if err := keys.Sync(ctx); err != nil {
			t.Error(err)
		}
	})
	srv := httptest.NewServer(New(Config{Store: c.store, Keys: keys, Mocks: mocks, Calls: log, Version: "test"}))
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c, log
}

// Each operation answers as the API's own description says.

func TestDescription_Collections_AreAnsweredSo(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	team := c.workspaceOf("team", "T")
	body := object{"collection": object{"info": object{"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"item": []object{{"name": "R", "request": object{"method": "GET", "url": "https://a.test/x"}}}}}
	col := c.do("POST", "/collections?workspace="+team, body).want(200).text("collection", "uid")
	one := "/collections/" + col
	c.do("GET", "/collections", nil).want(200)
	c.do("GET", "/collections?limit=1", nil).want(200)
	c.do("GET", one, nil).want(200)
	c.do("GET", one+"?model=minimal", nil).want(200)
	c.do("PATCH", one, object{"collection": object{"info": object{"name": "C2", "description": "d"}}}).want(200)
	c.do("PUT", one+"/tags", object{"tags": []object{{"slug": "aa"}}}).want(200)
	c.do("GET", one+"/tags", nil).want(200)
	folder := c.do("POST", one+"/folders", object{"name": "F"}).want(200).text("model_id")
	request := c.do("POST", one+"/requests?folderId="+folder, object{"name": "R2", "method": "POST", "url": "https://a.test/y"}).want(200).text("model_id")
	response := c.do("POST", one+"/responses?request="+request, object{"name": "A", "responseCode": object{"code": 200}, "text": "hi"}).want(200).text("model_id")
	for _, item := range []string{"/folders/" + folder, "/requests/" + request, "/responses/" + response} {
		c.do("GET", one+item+"?populate=true&uid=true", nil).want(200)
		c.do("PUT", one+item, object{"name": "N"}).want(200)
		c.do("GET", one+item+"/comments", nil).want(200)
		made := c.do("POST", one+item+"/comments", object{"body": "b"}).want(201)
		c.do("GET", one+item+"/comments", nil).want(200)
		id := string(marshaled(t, made.at("data", "id")))
		c.do("PUT", one+item+"/comments/"+id, object{"body": "b2"}).want(200)
		c.do("POST", "/comments-resolutions/"+string(marshaled(t, made.at("data", "threadId"))), nil).want(204)
		c.do("DELETE", one+item+"/comments/"+id, nil).want(204)
	}
	c.do("POST", "/collection-requests-transfers", object{"ids": []string{"1-" + request}, "mode": "copy",
		"target": object{"model": "collection", "id": col}, "location": object{"position": "end", "model": nil, "id": nil}}).want(200)
	c.do("DELETE", one+"/responses/"+response, nil).want(200)
	task := c.do("POST", one+"/duplicates", object{"workspace": team}).want(200).text("task", "id")
	c.do("GET", "/collection-duplicate-tasks/"+task, nil).want(200)
	c.do("PUT", one, body).want(200)
	put := c.do("PUT", one, body, "Prefer", "respond-async").want(202).text("task", "id")
	c.do("GET", "/collection-updates-tasks/"+put, nil).want(200)
	c.do("GET", "/collections/none", nil).want(400)
	c.do("DELETE", one, nil).want(200)
}

func TestDescription_Mocks_AreAnsweredSo(t *testing.T) {
	t.Parallel()
	c, log := startWhole(t)
	team := c.workspaceOf("team", "T")
	c.pets(team)
	made := c.do("POST", "/mocks?workspace="+team, object{"mock": object{"collection": "1-" + petsID, "name": "M",
		"config": object{"delay": object{"type": "range", "min": 1, "max": 2}, "pins": []object{{"operation": "getPet", "status": 200}}, "rateLimit": object{"requests": 5, "per": "minute"}}}}).want(200)
	id, mock := made.text("mock", "id"), "/mocks/"+made.text("mock", "uid")
	c.do("GET", "/mocks", nil).want(200)
	c.do("GET", mock, nil).want(200)
	c.do("PUT", mock, object{"mock": object{"private": true, "description": "d", "config": nil}}).want(200)
	c.do("POST", mock+"/publish", nil).want(200)
	c.do("DELETE", mock+"/unpublish", nil).want(200)
	made = c.do("POST", mock+"/server-responses", object{"serverResponse": object{"name": "S", "statusCode": 503, "headers": []object{{"key": "A", "value": "b"}}, "language": nil, "body": "x"}}).want(200)
	response := mock + "/server-responses/" + made.text("id")
	c.do("GET", mock+"/server-responses", nil).want(200)
	c.do("GET", response, nil).want(200)
	c.do("PUT", response, object{"serverResponse": object{"name": "S2", "statusCode": 500}}).want(200)
	c.do("DELETE", response, nil).want(200)
	log.Add(&calls.Record{Mock: id, At: time.Now(), Method: "GET", Path: "/pets/1", Query: "a=b", Status: 200, Type: calls.Success})
	c.do("GET", mock+"/call-logs?include=request.headers,request.body,response.headers,response.body", nil).want(200)
	called := c.do("GET", mock+"/call-logs", nil).want(200).text("call-logs", 0, "id")
	c.do("GET", mock+"/call-logs/"+called, nil).want(200)
	c.do("GET", mock+"/call-logs/none", nil).want(404)
	c.do("GET", mock+"/diagnostics", nil).want(200)
	c.do("DELETE", mock, nil).want(200)
	c.do("GET", mock, nil).want(404)
}

func TestDescription_UsersAndKeys_AreAnsweredSo(t *testing.T) {
	t.Parallel()
	c, _ := startWhole(t)
	c.do("GET", "/me", nil).want(200)
	made := c.do("POST", "/keys", object{"key": object{"name": "K", "scope": "admin", "expiresAt": "2999-01-01T00:00:00Z"}}).want(201)
	c.key = made.text("key", "key")
	c.do("GET", "/keys", nil).want(200)
	other := c.do("POST", "/keys", object{"key": object{"name": "K2", "scope": "view"}}).want(201).text("key", "id")
	renewed := c.do("POST", "/keys/"+other+"/renew", nil).want(201).text("key", "id")
	c.do("DELETE", "/keys/"+renewed, nil).want(204)
	c.do("DELETE", "/keys/none", nil).want(404)
	c.do("GET", "/keys", nil).want(200)
}

func marshaled(t *testing.T, v any) []byte {
	t.Helper()
	data, err := marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const petsSpec = `{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"paths":{"/pets":{"get":{"operationId":"listPets",
	"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"array","items":{"type":"string"}}}}}}}}}}`

func TestDescription_Specs_AreAnsweredSo(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	team := c.workspaceOf("team", "T")
	files := []object{{"path": "index.json", "content": petsSpec, "type": "ROOT"}, {"path": "a/more.json", "content": "{}", "type": "DEFAULT"}}
	id := c.do("POST", "/specs?workspaceId="+team, object{"name": "S", "type": "OPENAPI:3.0", "files": files}).want(201).text("id")
	one := "/specs/" + id
	c.do("GET", "/specs?workspaceId="+team+"&limit=1", nil).want(200)
	c.do("GET", one, nil).want(200)
	c.do("PATCH", one, object{"name": "S2"}).want(200)
	c.do("PATCH", one, object{"follow": object{"url": "https://example.com/openapi.json", "every": "2h"}}).want(200)
	c.do("PATCH", one, object{"follow": nil}).want(200)
	c.do("GET", one+"/definitions", nil).want(200)
	c.do("GET", one+"/diagnostics", nil).want(200)
	c.do("GET", one+"/files", nil).want(200)
	c.do("POST", one+"/files", object{"path": "b.json", "content": "{}"}).want(201)
	c.do("GET", one+"/files/b.json", nil).want(200)
	c.do("PATCH", one+"/files/b.json", object{"name": "c.json"}).want(200)
	c.do("DELETE", one+"/files/c.json", nil).want(204)
	tag := c.do("POST", one+"/version-tags", object{"name": "1.0"}).want(201).text("data", "id")
	c.do("POST", one+"/version-tags", object{"name": "1.1"}).want(409)
	c.do("GET", one+"/version-tags", nil).want(200)
	c.do("GET", one+"/version-tags/"+tag+"/files", nil).want(200)

	task := c.do("POST", one+"/generations/collection", object{"name": "C", "options": object{"parametersResolution": "Example"}}).want(202).text("url")
	col := c.do("GET", task, nil).want(200).text("details", "resources", 0, "id")
	c.do("GET", one+"/generations/collection", nil).want(200)
	c.do("PATCH", one+"/collections/"+col+"/sync-options", object{"syncOptions": object{"syncExamples": false}}).want(200)
	c.do("PUT", one+"/synchronizations?collectionUid="+col, nil).want(202)
	c.do("PUT", "/collections/"+col+"/synchronizations?specId="+id, nil).want(202)
	c.do("GET", "/collections/"+col+"/generations/spec", nil).want(200)
	task = c.do("POST", "/collections/"+col+"/generations/spec", object{"name": "Back", "type": "OPENAPI:3.1", "format": "YAML"}).want(200).text("url")
	c.do("GET", task, nil).want(200)
	c.do("GET", "/collections/"+col+"/transformations?format=yaml", nil).want(200)
	c.do("POST", "/import/openapi?workspace="+team, object{"type": "string", "input": petsSpec}).want(200)
	c.do("GET", one+"/tasks/none", nil).want(404)
	c.do("DELETE", one, nil).want(204)
	c.do("GET", one, nil).want(404)
}
