package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) environmentRoutes() []route {
	return []route{
		{method: "GET", path: "/environments", scope: access.View, handle: a.getEnvironments},
		{method: "POST", path: "/environments", scope: access.Edit, handle: a.createEnvironment},
		{method: "GET", path: "/environments/{environmentId}", scope: access.View, handle: a.getEnvironment},
		{method: "PUT", path: "/environments/{environmentId}", scope: access.Edit, handle: a.putEnvironment},
		{method: "PATCH", path: "/environments/{environmentId}", scope: access.Edit, handle: a.patchEnvironment},
		{method: "DELETE", path: "/environments/{environmentId}", scope: access.Edit, handle: a.deleteEnvironment},
	}
}

// getEnvironments lists all environments: the operation has no pages. A
// workspace that isn't there has none.
func (a *API) getEnvironments(c *call) error {
	only := plainID(c.query("workspace"))
	rows := []object{}
	err := c.view(func(t *store.Tx) error {
		rows = []object{}
		public, err := publicWorkspaces(t)
		if err != nil {
			return err
		}
		list, err := t.Environments(store.ElementFilter{Workspace: only})
		for i := range list {
			if c.may(list[i].Workspace) == nil {
				rows = append(rows, environmentRow(&list[i], public[list[i].Workspace]))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"environments": rows})
}

// publicWorkspaces are the ids of the workspaces that everyone may see.
func publicWorkspaces(t *store.Tx) (map[string]bool, error) {
	list, err := t.Workspaces("public", store.Page{})
	ids := make(map[string]bool, len(list))
	for _, w := range list {
		ids[w.ID] = true
	}
	return ids, err
}

func environmentRow(e *store.Environment, public bool) object {
	return object{
		"id": e.ID, "name": e.Name, "createdAt": isoTime(e.Created), "updatedAt": isoTime(e.Updated),
		"owner": strconv.FormatInt(e.Owner, 10), "uid": uid(e.Owner, e.ID), "isPublic": public,
	}
}

func (a *API) createEnvironment(c *call) error {
	body, err := c.environmentBody()
	if err != nil {
		return err
	}
	if !body.Has("name") {
		return malformedEnvironment("environment: must have required property 'name'")
	}
	values := valuesOf(body)
	e := store.Environment{Owner: c.who.User, Name: body.Get("name").Text}
	err = c.update(func(t *store.Tx) (err error) {
		if e.Workspace, err = c.workspaceID(t, "workspace"); err != nil {
			return err
		}
		if err := c.may(e.Workspace); err != nil {
			return err
		}
		if e.ID, err = freeEnvironmentID(t, body.Get("id").Str()); err != nil {
			return err
		}
		e.Body = environmentDocument(body, e.ID, values)
		return t.CreateEnvironment(&e)
	})
	if errors.Is(err, store.ErrNotFound) {
		return named(http.StatusNotFound, "instanceNotFoundError", "The specified workspace does not exist.", nil)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"environment": environmentBrief(&e)})
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// freeEnvironmentID is the id that a new environment brings along, where
// nothing has it yet, else a new one.
func freeEnvironmentID(t *store.Tx, wanted string) (string, error) {
	wanted = strings.ToLower(plainID(wanted))
	if !uuidForm.MatchString(wanted) {
		return store.NewID(), nil
	}
	_, err := t.Environment(wanted)
	if errors.Is(err, store.ErrNotFound) {
		return wanted, nil
	}
	return store.NewID(), err
}

func environmentBrief(e *store.Environment) object {
	return object{"id": e.ID, "name": e.Name, "uid": uid(e.Owner, e.ID)}
}

// environmentBody reads an environment and checks it; its name need not be
// there.
func (c *call) environmentBody() (*definition.Value, error) {
	body, err := c.tree()
	if err != nil {
		return nil, err
	}
	e := body.Get("environment")
	if e == nil {
		return nil, malformedEnvironment("must have required property 'environment'")
	}
	if !e.Is(definition.Object) {
		return nil, wrongType(e, "object", "environment")
	}
	if name := e.Get("name"); name != nil {
		if !name.Is(definition.String) {
			return nil, wrongType(name, "string", "environment.name")
		}
		if f := usableName("name", name.Text); f != nil {
			return nil, f
		}
	}
	if values := e.Get("values"); values != nil {
		if f := checkVariables(values, "environment.values"); f != nil {
			return nil, f
		}
	}
	for i := range e.Kids {
		if k := &e.Kids[i]; k.Key != "values" && deeperThan(k, maxVariableDepth) {
			return nil, malformedEnvironment(fmt.Sprintf("environment/%s: must NOT nest deeper than %d levels", k.Key, maxVariableDepth))
		}
	}
	return e, nil
}

func valuesOf(e *definition.Value) definition.Value {
	if values := e.Get("values"); values != nil {
		return definition.NewArray(values.Kids...)
	}
	return definition.NewArray()
}

// toldElsewhere are the members of an environment that are known from elsewhere.
var toldElsewhere = map[string]bool{
	"id": true, "name": true, "values": true, "owner": true, "uid": true, "createdAt": true, "updatedAt": true, "isPublic": true,
}

// environmentDocument is the document of an environment that is kept: id, name
// and values, and what else came with it.
func environmentDocument(e *definition.Value, id string, values definition.Value) []byte {
	out := definition.NewObject(
		definition.NewString(id).With("id"), definition.NewString(e.Get("name").Str()).With("name"), values.With("values"))
	for i := range e.Kids {
		if !toldElsewhere[e.Kids[i].Key] {
			out.Kids = append(out.Kids, e.Kids[i])
		}
	}
	return out.AppendJSON(nil)
}

// environment reads the environment of the path with its document.
func (c *call) environment(t *store.Tx) (store.Environment, *definition.Value, error) {
	e, err := t.Environment(c.id("environmentId"))
	if err != nil {
		return e, nil, err
	}
	if err := c.may(e.Workspace); err != nil {
		return e, nil, err
	}
	doc, err := environmentTree(&e)
	return e, doc, err
}

func environmentTree(e *store.Environment) (*definition.Value, error) {
	doc, err := document.ParseJSON(string(e.Body), 0, document.Limits{Depth: maxDepth})
	if err != nil {
		return nil, fmt.Errorf("environment %s as it is stored: %w", e.ID, err)
	}
	return &doc, nil
}

func (a *API) getEnvironment(c *call) error {
	var e store.Environment
	var doc *definition.Value
	public := false
	err := c.view(func(t *store.Tx) (err error) {
		if e, doc, err = c.environment(t); err != nil {
			return err
		}
		w, err := t.Workspace(e.Workspace)
		public = w.Type == "public"
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return noEnvironment(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(e.Revision))
	return c.json(http.StatusOK, object{"environment": environmentDetail(&e, doc, public)})
}

func noEnvironment(status int) *Failure {
	return named(status, "instanceNotFoundError", "We could not find the environment you are looking for", nil)
}

// environmentDetail is an environment with its variables and what else its
// document has.
func environmentDetail(e *store.Environment, doc *definition.Value, public bool) object {
	answer := environmentRow(e, public)
	for i := range doc.Kids {
		if k := &doc.Kids[i]; !toldElsewhere[k.Key] {
			answer[k.Key] = json.RawMessage(k.AppendJSON(nil))
		}
	}
	values := valuesOf(doc)
	answer["values"] = json.RawMessage(values.AppendJSON(nil))
	return answer
}

// putEnvironment replaces what is in an environment. Its id stays, and its name
// where none is sent.
func (a *API) putEnvironment(c *call) error {
	body, err := c.environmentBody()
	if err != nil {
		return err
	}
	if !body.Has("name") && !body.Has("values") {
		return malformedEnvironment("environment: must have required property 'name'")
	}
	var e store.Environment
	err = c.update(func(t *store.Tx) (err error) {
		if e, _, err = c.environment(t); err != nil {
			return err
		}
		if err := c.mayChange(&e); err != nil {
			return err
		}
		next := definition.NewObject(body.Kids...)
		if name := body.Get("name"); name != nil {
			e.Name = name.Text
		} else {
			next = definition.NewObject(append([]definition.Value{definition.NewString(e.Name).With("name")}, body.Kids...)...)
		}
		e.Body = environmentDocument(&next, e.ID, valuesOf(body))
		return t.UpdateEnvironment(&e)
	})
	if errors.Is(err, store.ErrNotFound) {
		return noEnvironment(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"environment": environmentBrief(&e)})
}

// mayChange refuses what a file owns, and what was changed meanwhile.
func (c *call) mayChange(e *store.Environment) error {
	if err := owned(e.File); err != nil {
		return err
	}
	return c.match(e.Revision)
}

func (a *API) deleteEnvironment(c *call) error {
	var e store.Environment
	err := c.update(func(t *store.Tx) (err error) {
		if e, _, err = c.environment(t); err != nil {
			return err
		}
		if err := c.mayChange(&e); err != nil {
			return err
		}
		return t.DeleteEnvironment(e.ID)
	})
	if errors.Is(err, store.ErrNotFound) {
		return noEnvironment(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"environment": object{"id": e.ID, "uid": uid(e.Owner, e.ID)}})
}
