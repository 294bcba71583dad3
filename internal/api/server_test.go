package api

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

func TestChanges_Pages_GoBackThroughAll(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	c.put(func(t *store.Tx) error { // one transaction: a cursor can't stand within it
		for range 3 {
			if err := t.CreateWorkspace(&store.Workspace{ID: store.NewID(), Name: "W", Type: "team"}); err != nil {
				return err
			}
		}
		return nil
	})
	id := c.do("POST", "/environments", object{"environment": object{"name": "E"}}).want(200).text("environment", "id")
	first := c.do("GET", "/changes?limit=1", nil).want(200)
	if first.text("changes", 0, "id") != id || first.text("changes", 0, "action") != "create" || first.text("changes", 0, "kind") != "environment" {
		t.Errorf("the last change is %s", first.body)
	}
	seen, cursor := 1, first.text("meta", "nextCursor")
	for range 5 {
		page := c.do("GET", "/changes?limit=2&cursor="+cursor, nil).want(200)
		seen += len(page.at("changes").([]any))
		next, _ := page.at("meta", "nextCursor").(string)
		if cursor = next; next == "" {
			break
		}
	}
	if seen != 5 || cursor != "" {
		t.Errorf("the pages have %d changes, want 5", seen)
	}
	if n := len(c.do("GET", "/changes?kind=environment&id=1-"+id, nil).want(200).at("changes").([]any)); n != 1 {
		t.Errorf("of the environment there are %d changes", n)
	}
	c.do("GET", "/changes?cursor=x", nil).want(400)
	c.do("GET", "/changes?limit=x", nil).want(400)
}
