package api

import (
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/store"
)

// elementTransfer is what an element is moved by.
type elementTransfer struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	To   string `json:"to"`
}

// transferElement moves an element into another workspace. What refers to it
// by its id goes on to do so.
func (a *API) transferElement(c *call) error {
	var b elementTransfer
	if err := c.decode(&b); err != nil {
		return err
	}
	for _, member := range [...]struct{ name, value string }{{"id", b.ID}, {"type", b.Type}, {"to", b.To}} {
		if member.value == "" {
			return problem(http.StatusBadRequest, "bad-request", "Bad Request", "The '"+member.name+"' property is required")
		}
	}
	switch b.Type {
	case "collection", "environment", "mock", "api", "flow", "monitor":
	default:
		return problem(http.StatusBadRequest, "bad-request", "Bad Request", "element type is not register or is falsy")
	}
	var from store.Workspace
	err := c.update(func(t *store.Tx) (err error) {
		if from, err = c.workspace(t); err != nil {
			return err
		}
		to, err := t.Workspace(plainID(b.To))
		if err != nil {
			return err
		}
		if err := c.may(to.ID); err != nil {
			return err
		}
		if from.Type != "personal" && to.Type == "personal" {
			return problem(http.StatusBadRequest, "bad-request", "Bad Request", "Cannot move elements from team level workspace to personal")
		}
		return b.move(t, from.ID, to.ID)
	})
	if errors.Is(err, store.ErrNotFound) {
		return problem(http.StatusNotFound, "not-found", "Not Found", "Workspace not found")
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"workspace": object{"element-transfers": object{
		"to": plainID(b.To), "from": from.ID, "id": b.ID, "type": b.Type,
	}}})
}

// move puts the element into the other workspace. There are no elements of the
// types that aren't offered.
func (b *elementTransfer) move(t *store.Tx, from, to string) error {
	var file, in string
	var keep func() error
	err := store.ErrNotFound
	switch b.Type {
	case "collection":
		var e store.Collection
		e, err = t.Collection(plainID(b.ID))
		file, in = e.File, e.Workspace
		e.Workspace = to
		keep = func() error { return t.UpdateCollection(&e) }
	case "environment":
		var e store.Environment
		e, err = t.Environment(plainID(b.ID))
		file, in = e.File, e.Workspace
		e.Workspace = to
		keep = func() error { return t.UpdateEnvironment(&e) }
	case "mock":
		var e store.Mock
		e, err = t.Mock(plainID(b.ID))
		file, in = e.File, e.Workspace
		e.Workspace = to
		keep = func() error { return t.UpdateMock(&e) }
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && in != from {
		return problem(http.StatusNotFound, "not-found", "Not Found", "There is no "+b.Type+" "+b.ID+" in this workspace")
	}
	if err != nil {
		return err
	}
	if err := owned(file); err != nil {
		return err
	}
	return keep()
}
