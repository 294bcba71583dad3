package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestComments_OnEachElement_KeepTheContract(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	base := "/collections/1-" + petsID
	for _, at := range []string{base, base + "/folders/1-" + petsFolder, base + "/requests/" + petsGet, base + "/responses/1-" + petsAnswer} {
		at += "/comments"
		c.do("GET", at, nil).want(200)
		first := c.do("POST", at, object{"body": "First. @me", "tags": object{"@me": object{"type": "user", "id": "1"}}}).want(201)
		id, thread := first.at("data", "id"), first.at("data", "threadId")
		if first.text("data", "status") != "Open" || first.at("data", "createdBy") != 1.0 {
			t.Errorf("%s: the comment is %s", at, first.body)
		}
		reply := c.do("POST", at, object{"body": "Reply.", "threadId": thread}).want(201)
		if reply.at("data", "threadId") != thread || reply.at("data", "id") == id {
			t.Errorf("%s: the reply is %s", at, reply.body)
		}
		other := c.do("POST", at, object{"body": "Other."}).want(201)
		if other.at("data", "threadId") == thread {
			t.Errorf("%s: another comment is in the same thread", at)
		}
		if put := c.do("PUT", fmt.Sprintf("%s/%v", at, id), object{"body": "Changed."}).want(200); put.text("data", "body") != "Changed." || put.at("data", "threadId") != thread {
			t.Errorf("%s: the changed comment is %s", at, put.body)
		}
		c.do("POST", fmt.Sprintf("/comments-resolutions/%v", thread), nil).want(204)
		if late := c.do("POST", at, object{"body": "Late.", "threadId": thread}).want(201); late.text("data", "status") != "Resolved" {
			t.Errorf("%s: a reply in a resolved thread is %s", at, late.body)
		} else {
			c.do("DELETE", fmt.Sprintf("%s/%v", at, late.at("data", "id")), nil).want(204)
		}
		list := c.do("GET", at, nil).want(200)
		for i, want := range []string{"Other. Open", "Reply. Resolved", "Changed. Resolved"} {
			if got := list.text("data", i, "body") + " " + list.text("data", i, "status"); got != want {
				t.Errorf("%s: comment %d is %q, want %q", at, i, got, want)
			}
		}
		c.do("DELETE", fmt.Sprintf("%s/%v", at, id), nil).want(204)
		list = c.do("GET", at, nil).want(200)
		if list.text("data", 0, "body") != "Other." || list.at("data", 1) != nil {
			t.Errorf("%s: with the first comment its thread goes, but there is %s", at, list.body)
		}
		c.do("DELETE", fmt.Sprintf("%s/%v", at, id), nil).want(404)
		c.do("POST", fmt.Sprintf("/comments-resolutions/%v", thread), nil).want(404)
	}
}

func TestComments_WrongInput_IsRefused(t *testing.T) {
	t.Parallel()
	c := startJudged(t)
	c.do("POST", "/collections", wrapped(petsBody)).want(200)
	at, no := "/collections/"+petsID, store.NewID()
	id := c.do("POST", at+"/comments", object{"body": "x"}).want(201).at("data", "id")
	for _, test := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"POST", at + "/comments", "", 400},
		{"POST", at + "/comments", object{}, 400},
		{"POST", at + "/comments", object{"body": 5}, 400},
		{"POST", at + "/comments", object{"body": " "}, 400},
		{"POST", at + "/comments", object{"body": "a\x00"}, 400},
		{"POST", at + "/comments", object{"body": strings.Repeat("é", 10_001)}, 400},
		{"POST", at + "/comments", object{"body": strings.Repeat("é", 10_000)}, 201},
		{"POST", at + "/comments", object{"body": "x", "threadId": "1"}, 400},
		{"POST", at + "/comments", object{"body": "x", "threadId": 1.5}, 400},
		{"POST", at + "/comments", object{"body": "x", "threadId": 99}, 404},
		{"POST", at + "/comments", object{"body": "x", "threadId": -1}, 404},
		{"POST", at + "/comments", object{"body": "x", "tags": []int{}}, 400},
		{"POST", at + "/comments", object{"body": "x", "tags": object{"@a": object{"type": "team", "id": "1"}}}, 400},
		{"POST", at + "/comments", object{"body": "x", "tags": object{"@a": object{"type": "user", "id": 1}}}, 400},
		{"POST", at + "/requests/" + petsGet + "/comments", object{"body": "x", "threadId": id}, 404},
		{"PUT", fmt.Sprintf("%s/comments/%v", at, id), object{}, 400},
		{"PUT", at + "/comments/99", object{"body": "x"}, 404},
		{"PUT", at + "/comments/x", object{"body": "x"}, 404},
		{"PUT", fmt.Sprintf("%s/requests/%s/comments/%v", at, petsGet, id), object{"body": "x"}, 404},
		{"DELETE", fmt.Sprintf("/collections/%s/comments/%v", no, id), nil, 404},
		{"GET", "/collections/" + no + "/comments", nil, 404},
		{"GET", at + "/folders/" + petsGet + "/comments", nil, 404},
		{"GET", at + "/responses/" + no + "/comments", nil, 404},
		{"POST", "/comments-resolutions/99", nil, 404},
		{"POST", "/comments-resolutions/x", nil, 404},
	} {
		if a := c.do(test.method, test.path, test.body); a.status != test.status || a.status >= 400 && a.text("title") == "" {
			t.Errorf("%s %s %.60v: %d %s", test.method, test.path, test.body, a.status, a.body)
		}
	}
}
