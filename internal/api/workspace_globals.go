package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) getGlobals(c *call) error {
	var w store.Workspace
	err := c.view(func(t *store.Tx) (err error) {
		w, err = c.workspace(t)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return noWorkspace()
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(w.Revision))
	return c.json(http.StatusOK, object{"values": globalsOf(&w)})
}

// globalsOf are the values of a workspace's global variables, a list.
func globalsOf(w *store.Workspace) json.RawMessage {
	if len(w.Globals) == 0 {
		return json.RawMessage("[]")
	}
	return w.Globals
}

// updateGlobals replaces all global variables of a workspace.
func (a *API) updateGlobals(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	values := body.Get("values")
	if values == nil {
		return missing("values")
	}
	if f := checkVariables(values, "values"); f != nil {
		return f
	}
	var w store.Workspace
	err = c.update(func(t *store.Tx) (err error) {
		if w, err = c.workspace(t); err != nil {
			return err
		}
		if err := c.match(w.Revision); err != nil {
			return err
		}
		list := definition.NewArray(values.Kids...)
		w.Globals = list.AppendJSON(nil)
		return t.UpdateWorkspace(&w)
	})
	if errors.Is(err, store.ErrNotFound) {
		return noWorkspace()
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"values": globalsOf(&w)})
}
