package api

import (
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) mockRoutes() []route {
	const view, edit = access.View, access.Edit
	return []route{
		{method: "GET", path: "/mocks", scope: view, handle: a.mocks},
		{method: "POST", path: "/mocks", scope: edit, handle: a.createMock},
		{method: "GET", path: "/mocks/{mockId}", scope: view, handle: a.mock, jsonErrors: "404"},
		{method: "PUT", path: "/mocks/{mockId}", scope: edit, handle: a.updateMock, jsonErrors: "400 404"},
		{method: "DELETE", path: "/mocks/{mockId}", scope: edit, handle: a.deleteMock, jsonErrors: "404"},
		{method: "POST", path: "/mocks/{mockId}/publish", scope: edit, handle: a.publishMock, jsonErrors: "400 404"},
		{method: "DELETE", path: "/mocks/{mockId}/unpublish", scope: edit, handle: a.unpublishMock, jsonErrors: "400 404"},
		{method: "GET", path: "/mocks/{mockId}/diagnostics", scope: view, handle: a.mockDiagnostics, jsonErrors: "404"},
		{method: "GET", path: "/mocks/{mockId}/server-responses", scope: view, handle: a.serverResponses, jsonErrors: "404"},
		{method: "POST", path: "/mocks/{mockId}/server-responses", scope: edit, handle: a.createServerResponse, jsonErrors: "404"},
		{method: "GET", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: view, handle: a.serverResponse, jsonErrors: "404"},
		{method: "PUT", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: edit, handle: a.updateServerResponse, jsonErrors: "404"},
		{method: "DELETE", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: edit, handle: a.deleteServerResponse, jsonErrors: "404"},
	}
}

// mocks lists all of them: there is no cursor.
func (a *API) mocks(c *call) error {
	var views = []mockView{}
	err := c.view(func(t *store.Tx) error {
		filter := store.MockFilter{Workspace: plainID(c.query("workspace"))}
		if c.who.Workspace != "" {
			if filter.Workspace != "" && filter.Workspace != c.who.Workspace {
				return nil
			}
			filter.Workspace = c.who.Workspace
		}
		if team := c.query("teamId"); team != "" && team != "1" && filter.Workspace == "" {
			return nil
		}
		rows, err := t.Mocks(filter)
		if err != nil {
			return err
		}
		o, err := readOwners(t, rows...)
		for i := range rows {
			if err != nil {
				return err
			}
			var v mockView
			v, err = a.showMock(&rows[i], o, true)
			views = append(views, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mocks": views})
}

// readMock reads the mock of a call's path.
func (c *call) readMock(t *store.Tx) (store.Mock, error) {
	m, err := t.Mock(c.id("mockId"))
	if errors.Is(err, store.ErrNotFound) {
		var rows []store.Mock
		if rows, err = t.Mocks(store.MockFilter{Slug: c.param("mockId")}); err == nil && len(rows) == 0 {
			err = store.ErrNotFound
		}
		if err == nil {
			m = rows[0]
		}
	}
	if err == nil {
		err = c.may(m.Workspace)
	}
	if errors.Is(err, store.ErrNotFound) {
		return m, named(http.StatusNotFound, "instanceNotFoundError", "The specified mock does not exist.", object{})
	}
	return m, err
}

func (a *API) mock(c *call) error {
	var v mockView
	err := c.view(func(t *store.Tx) error {
		m, err := c.readMock(t)
		if err != nil {
			return err
		}
		c.w.Header().Set("ETag", etag(m.Revision))
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

func (a *API) createMock(c *call) error {
	b, err := c.mockBody()
	if err != nil {
		return err
	}
	if (b.Collection == nil || *b.Collection == "") && (b.Spec == nil || *b.Spec == "") {
		return missing("collection")
	}
	var v mockView
	err = c.update(func(t *store.Tx) error {
		workspace, err := c.workspaceID(t, "workspace")
		if errors.Is(err, store.ErrNotFound) {
			return invalid("workspace", "The specified workspace does not exist.")
		}
		if err == nil {
			err = c.may(workspace)
		}
		if err != nil {
			return err
		}
		m := store.Mock{ID: store.NewID(), Workspace: workspace, Owner: c.who.User, Config: []byte("{}")}
		if err := a.apply(c, t, &m, b); err != nil {
			return err
		}
		if m.Slug == "" {
			if m.Slug, err = freeSlug(t, m.Name); err != nil {
				return err
			}
		}
		if err := t.CreateMock(&m); err != nil {
			return c.addressTaken(err)
		}
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

func (a *API) updateMock(c *call) error {
	b, err := c.mockBody()
	if err != nil {
		return err
	}
	if b.empty() {
		return named(http.StatusBadRequest, "paramMissingError", "At least one parameter must be provided.",
			object{"param": "environment, private, name, config, collection"})
	}
	return a.changeMock(c, func(t *store.Tx, m *store.Mock) error { return a.apply(c, t, m, b) })
}

// changeMock changes a mock and answers with it.
func (a *API) changeMock(c *call, change func(*store.Tx, *store.Mock) error) error {
	var v mockView
	err := c.update(func(t *store.Tx) error {
		m, err := c.readMock(t)
		if err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		if err := change(t, &m); err != nil {
			return err
		}
		if err := t.UpdateMock(&m); err != nil {
			return c.addressTaken(err)
		}
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

func (a *API) deleteMock(c *call) error {
	var m store.Mock
	err := c.update(func(t *store.Tx) (err error) {
		if m, err = c.readMock(t); err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		return t.DeleteMock(m.ID)
	})
	if err != nil {
		return err
	}
	// In the store they went with the mock; a log in memory knows nothing of it,
	// and forgets what is left with time.
	_ = a.cfg.Calls.Purge(c.Context(), m.ID)
	return c.json(http.StatusOK, object{"mock": object{"id": m.ID, "uid": uid(m.Owner, m.ID)}})
}

func (a *API) publishMock(c *call) error {
	return a.setPrivate(c, false, named(http.StatusBadRequest, "mockAlreadyPublishedError", "This mock is already public.", nil))
}

func (a *API) unpublishMock(c *call) error {
	return a.setPrivate(c, true, named(http.StatusBadRequest, "mockAlreadyUnpublishedError", "This mock is already private.", nil))
}

func (a *API) setPrivate(c *call, private bool, already error) error {
	var m store.Mock
	err := c.update(func(t *store.Tx) (err error) {
		if m, err = c.readMock(t); err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		if m.Private == private {
			return already
		}
		m.Private = private
		return t.UpdateMock(&m)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": object{"id": m.ID}})
}
