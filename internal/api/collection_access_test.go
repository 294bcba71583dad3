package api

import (
	"fmt"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestCollections_OwnedByAFile_AreNotChanged(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	team := c.workspaceOf("team", "Team")
	c.put(func(t *store.Tx) error {
		return t.CreateCollection(&store.Collection{ID: petsID, Workspace: team, Owner: 1, Name: "Pets", Body: []byte(petsBody), File: "pets.json"})
	})
	at := "/collections/" + petsID
	for _, try := range []struct {
		method, path string
		body         any
	}{
		{"PUT", at, small("N")},
		{"PATCH", at, object{"collection": object{"info": object{"name": "N"}}}},
		{"DELETE", at, nil},
		{"POST", at + "/folders", object{"name": "F"}},
		{"POST", at + "/requests", object{"name": "F"}},
		{"PUT", at + "/requests/" + petsGet, object{"name": "F"}},
		{"DELETE", at + "/requests/" + petsGet, nil},
		{"POST", "/collection-requests-transfers", object{"ids": []string{petsGet}, "mode": "move", "target": object{"model": "collection", "id": petsID}, "location": object{"position": "end"}}},
	} {
		if a := c.do(try.method, try.path, try.body).want(409); a.text("error", "details", "file") != "pets.json" {
			t.Errorf("%s %s: %s", try.method, try.path, a.body)
		}
	}
	c.do("PUT", at+"/tags", object{"tags": []string{"fine"}}).want(200)
	c.do("POST", at+"/comments", object{"body": "fine"}).want(201)
}

func TestCollections_IfMatchOfAnOlderState_IsRefused(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	at := "/collections/" + petsID
	old := c.do("GET", at, nil).want(200).header.Get("ETag")
	c.do("POST", at+"/folders", object{"name": "F"}, "If-Match", old).want(200)
	c.do("PUT", at, small("N"), "If-Match", old).want(412)
	c.do("PUT", at+"/requests/"+petsGet, object{"name": "N"}, "If-Match", old).want(412)
	c.do("DELETE", at, nil, "If-Match", old).want(412)
	now := c.do("GET", at+"/requests/"+petsGet, nil).want(200).header.Get("ETag")
	c.do("DELETE", at, nil, "If-Match", now).want(200)
}

func TestCollections_KeyOfOneWorkspace_SeesThatAlone(t *testing.T) {
	t.Parallel()
	c := start(t)
	mine, theirs := c.workspaceOf("team", "Mine"), c.workspaceOf("team", "Theirs")
	c.do("POST", "/collections?workspace="+theirs, wrapped(petsBody)).want(200)
	task := c.do("POST", "/collections/"+petsID+"/duplicates", object{"workspace": theirs}).want(200).text("task", "id")
	thread := c.do("POST", "/collections/"+petsID+"/comments", object{"body": "b"}).want(201).at("data", "threadId")
	k := c.as("edit", mine)
	own := k.do("POST", "/collections", small("Own")).want(200).text("collection", "id")
	if list := k.do("GET", "/collections", nil).want(200); list.at("meta", "total") != 1.0 || list.text("collections", 0, "id") != own {
		t.Errorf("the list is %s", list.body)
	}
	at := "/collections/" + petsID
	k.do("GET", at, nil).want(400)
	k.do("PUT", at, wrapped(petsBody)).want(404)
	k.do("DELETE", at, nil).want(404)
	k.do("GET", at+"/requests/"+petsGet, nil).want(404)
	k.do("GET", at+"/comments", nil).want(404)
	k.do("GET", at+"/tags", nil).want(404)
	k.do("GET", "/collection-duplicate-tasks/"+task, nil).want(404)
	k.do("POST", fmt.Sprintf("/comments-resolutions/%v", thread), nil).want(404)
	k.do("POST", "/collections/"+own+"/duplicates", object{"workspace": theirs}).want(404)
	k.do("POST", "/collections?workspace="+theirs, small("N")).want(404)
	k.do("POST", "/collection-requests-transfers", object{"ids": []string{petsGet}, "mode": "copy", "target": object{"model": "collection", "id": own}, "location": object{"position": "end"}}).want(404)
	c.as("view", mine).do("DELETE", "/collections/"+own, nil).want(403)
}
