package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// contextRoutes answer in Markdown, for readers who write clients of what is
// mocked. Postman's own client asks for them; the contract has none of them.
func (a *API) contextRoutes() []route {
	instructions := func(text string) func(*call) error {
		return func(c *call) error { return c.markdown(text) }
	}
	routes := []route{
		{path: "/context/instructions", handle: instructions(overviewText)},
		{path: "/context/instructions/discovery", handle: instructions(discoveryText)},
		{path: "/context/instructions/code-generation", handle: instructions(codeText)},
		{path: "/context/instructions/maintenance", handle: instructions(maintenanceText)},
		{path: "/context/workspaces", handle: a.workspacesContext},
		{path: "/context/workspaces/{workspaceId}", handle: a.workspaceContext},
		{path: "/context/workspaces/{workspaceId}/environments", handle: a.workspaceEnvironmentsContext},
		{path: "/context/environments/{environmentId}", handle: a.environmentContext},
		{path: "/context/collections/{collectionId}", handle: a.collectionContext},
		{path: "/context/collections/{collectionId}/folders/{folderId}", handle: a.folderContext},
		{path: "/context/collections/{collectionId}/requests/{requestId}", handle: a.requestContext},
		{path: "/context/collections/{collectionId}/requests/{requestId}/context", handle: a.requestCodeContext},
		{path: "/context/collections/{collectionId}/requests/{requestId}/responses/{responseId}", handle: a.responseContext},
	}
	for i := range routes {
		routes[i].method, routes[i].scope = "GET", access.View
	}
	return routes
}

func (c *call) markdown(text string) error {
	return c.bytes(http.StatusOK, "text/markdown; charset=utf-8", []byte(text))
}

// maxContextRows bounds a page of workspaces.
const maxContextRows = 100

func (a *API) workspacesContext(c *call) error {
	limit, err := c.limit("limit", maxContextRows, maxContextRows)
	if err != nil {
		return err
	}
	at, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	name := strings.ToLower(c.query("name"))
	var m markdown
	err = c.view(func(t *store.Tx) error {
		m = markdown{}
		m.heading(1, "Workspaces")
		list, err := t.Workspaces("", store.Page{After: at})
		if err != nil {
			return err
		}
		rows := 0
		var last store.Cursor
		for i := range list {
			w := &list[i]
			if c.may(w.ID) != nil || !strings.Contains(strings.ToLower(w.Name), name) {
				continue
			}
			if rows == limit {
				m.line("There are more: ask again with the cursor " + backticked(cursorText(last)) + ".")
				return nil
			}
			if err := m.workspace(t, w, 2); err != nil {
				return err
			}
			rows, last = rows+1, store.Place(w.Created, w.ID)
		}
		if rows == 0 {
			m.line("There are none.")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.markdown(m.String())
}

func (a *API) workspaceContext(c *call) error {
	var m markdown
	err := c.view(func(t *store.Tx) error {
		m = markdown{}
		w, err := c.workspace(t)
		if err != nil {
			return err
		}
		return m.workspace(t, &w, 1)
	})
	if errors.Is(err, store.ErrNotFound) {
		return noWorkspace()
	}
	if err != nil {
		return err
	}
	return c.markdown(m.String())
}

func (a *API) workspaceEnvironmentsContext(c *call) error {
	var m markdown
	err := c.view(func(t *store.Tx) error {
		m = markdown{}
		w, err := c.workspace(t)
		if err != nil {
			return err
		}
		m.heading(1, "Environments of "+w.Name)
		list, err := environmentsWithin(t, w.ID)
		if len(list) == 0 {
			m.line("There are none.")
		}
		for i := range list {
			m.environment(&list[i], 2)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return noWorkspace()
	}
	if err != nil {
		return err
	}
	return c.markdown(m.String())
}

// variableSet is an environment with its document.
type variableSet struct {
	store.Environment
	doc *definition.Value
}

// environmentsWithin reads the environments of a workspace.
func environmentsWithin(t *store.Tx, workspace string) ([]variableSet, error) {
	list, err := t.Environments(store.ElementFilter{Workspace: workspace})
	if err != nil {
		return nil, err
	}
	var out []variableSet
	for _, head := range list {
		e, err := t.Environment(head.ID)
		if err != nil {
			return nil, err
		}
		doc, err := environmentTree(&e)
		if err != nil {
			return nil, err
		}
		out = append(out, variableSet{e, doc})
	}
	return out, nil
}

func (a *API) environmentContext(c *call) error {
	var m markdown
	err := c.view(func(t *store.Tx) error {
		m = markdown{}
		e, doc, err := c.environment(t)
		if err == nil {
			m.environment(&variableSet{e, doc}, 1)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return noEnvironment(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return c.markdown(m.String())
}

// documented is a collection with its document.
type documented struct {
	store.Collection
	doc *definition.Value
}

// documentedCollection reads the collection of the path.
func (c *call) documentedCollection(t *store.Tx) (*documented, error) {
	e, err := t.Collection(c.id("collectionId"))
	if errors.Is(err, store.ErrNotFound) || err == nil && c.may(e.Workspace) != nil {
		return nil, c.noContext("collection", "collectionId")
	}
	if err != nil {
		return nil, err
	}
	doc, err := document.ParseJSON(string(e.Body), 0, document.Limits{Depth: maxDepth})
	return &documented{e, &doc}, err
}

func (c *call) noContext(kind, param string) *Failure {
	return named(http.StatusNotFound, "instanceNotFoundError", "We could not find the "+kind+" you are looking for", object{"model": kind, "id": c.param(param)})
}

// contextItem finds what a parameter of the path names in the collection.
func (c *call) contextItem(d *documented, kind items.Kind, param string) (item, parent *definition.Value, err error) {
	item, parent, found := items.Find(d.doc, c.param(param))
	if item == nil || found != kind {
		return nil, nil, c.noContext(string(kind), param)
	}
	return item, parent, nil
}

// describe answers with what a function writes of the collection of the path.
func (c *call) describe(write func(*store.Tx, *documented, *markdown) error) error {
	var m markdown
	err := c.view(func(t *store.Tx) error {
		m = markdown{}
		d, err := c.documentedCollection(t)
		if err != nil {
			return err
		}
		return write(t, d, &m)
	})
	if err != nil {
		return err
	}
	return c.markdown(m.String())
}

func (a *API) collectionContext(c *call) error {
	return c.describe(func(_ *store.Tx, d *documented, m *markdown) error {
		m.collection(d)
		return nil
	})
}

func (a *API) folderContext(c *call) error {
	return c.describe(func(_ *store.Tx, d *documented, m *markdown) error {
		item, _, err := c.contextItem(d, items.Folder, "folderId")
		if err == nil {
			m.folder(d, item)
		}
		return err
	})
}

func (a *API) requestContext(c *call) error {
	return c.describe(func(_ *store.Tx, d *documented, m *markdown) error {
		item, _, err := c.contextItem(d, items.Request, "requestId")
		if err == nil {
			m.request(d, item)
			m.responseList(d, item)
		}
		return err
	})
}

// requestCodeContext is all that code for a request is written from.
func (a *API) requestCodeContext(c *call) error {
	return c.describe(func(t *store.Tx, d *documented, m *markdown) error {
		item, _, err := c.contextItem(d, items.Request, "requestId")
		if err != nil {
			return err
		}
		environments, err := environmentsWithin(t, d.Workspace)
		if err != nil {
			return err
		}
		m.request(d, item)
		m.folderNotes(d, item)
		m.responses(d, item)
		m.mergedVariables(d, environments)
		return nil
	})
}

func (a *API) responseContext(c *call) error {
	return c.describe(func(_ *store.Tx, d *documented, m *markdown) error {
		request, _, err := c.contextItem(d, items.Request, "requestId")
		if err != nil {
			return err
		}
		response, parent, err := c.contextItem(d, items.Response, "responseId")
		if err != nil {
			return err
		}
		if parent != request {
			return c.noContext("response", "responseId")
		}
		m.response(d, response, 1)
		m.heading(2, "The request that it answers")
		original := response.Get("originalRequest")
		if original == nil {
			original = request.Get("request")
		}
		m.call(original)
		return nil
	})
}
