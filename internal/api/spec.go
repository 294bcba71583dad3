package api

import (
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

// specErrors are the statuses whose errors about specs are application/json.
const specErrors = "400 403 404 423"

func (a *API) specRoutes() []route {
	const file = "/specs/{specId}/files/{filePath...}"
	return append([]route{
		{method: "GET", path: "/specs", scope: access.View, handle: a.getSpecs, jsonErrors: specErrors},
		{method: "POST", path: "/specs", scope: access.Edit, handle: a.createSpec, jsonErrors: "400 403"},
		{method: "GET", path: "/specs/{specId}", scope: access.View, handle: a.getSpec, jsonErrors: specErrors},
		{method: "PATCH", path: "/specs/{specId}", scope: access.Edit, handle: a.patchSpec, jsonErrors: specErrors},
		{method: "DELETE", path: "/specs/{specId}", scope: access.Edit, handle: a.deleteSpec, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/definitions", scope: access.View, handle: a.getSpecDefinition, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/diagnostics", scope: access.View, handle: a.getSpecDiagnostics, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/files", scope: access.View, handle: a.getSpecFiles, jsonErrors: specErrors},
		{method: "POST", path: "/specs/{specId}/files", scope: access.Edit, handle: a.createSpecFile, jsonErrors: specErrors},
		{method: "GET", path: file, scope: access.View, handle: a.getSpecFile, jsonErrors: specErrors},
		{method: "PATCH", path: file, scope: access.Edit, handle: a.patchSpecFile, jsonErrors: specErrors},
		{method: "DELETE", path: file, scope: access.Edit, handle: a.deleteSpecFile, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/version-tags", scope: access.View, handle: a.getSpecVersions, jsonErrors: specErrors},
		{method: "POST", path: "/specs/{specId}/version-tags", scope: access.Edit, handle: a.createSpecVersion, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/version-tags/{tagId}/files", scope: access.View, handle: a.getSpecVersionFiles, jsonErrors: specErrors},
	}, a.generationRoutes()...)
}

const (
	specRows    = 10
	maxSpecRows = 1000
)

// getSpecs lists the specs of a workspace, a page at a time.
func (a *API) getSpecs(c *call) error {
	limit, err := c.limit("limit", specRows, maxSpecRows)
	if err != nil {
		return err
	}
	after, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	var list []store.Spec
	err = c.view(func(t *store.Tx) error {
		workspace, err := c.workspaceID(t, "workspaceId")
		if err == nil {
			err = c.may(workspace)
		}
		if errors.Is(err, store.ErrNotFound) {
			return badSpec("We could not find the workspace you are looking for.")
		}
		if err != nil {
			return err
		}
		list, err = t.Specs(store.ElementFilter{Workspace: workspace, Page: store.Page{Limit: limit + 1, After: after}})
		return err
	})
	if err != nil {
		return err
	}
	var next any
	if len(list) > limit {
		list = list[:limit]
		last := &list[limit-1]
		next = cursorText(store.Place(last.Created, last.ID))
	}
	rows := []object{}
	for i := range list {
		rows = append(rows, specRow(&list[i]))
	}
	return c.json(http.StatusOK, object{"specs": rows, "meta": object{"nextCursor": next}})
}

func specRow(s *store.Spec) object {
	row := object{
		"id": s.ID, "name": s.Name, "type": s.Type, "createdBy": s.Owner, "updatedBy": s.UpdatedBy,
		"createdAt": isoTime(s.Created), "updatedAt": isoTime(s.Updated),
	}
	if s.Follow != "" {
		row["follow"] = followView(s)
	}
	if s.File != "" {
		row["file"] = s.File
	}
	return row
}

func (a *API) getSpec(c *call) error {
	var s store.Spec
	var files []store.SpecFile
	err := c.view(func(t *store.Tx) (err error) {
		if s, err = c.spec(t); err != nil {
			return err
		}
		files, err = t.SpecFiles(s.ID)
		return err
	})
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(s.Revision))
	row := specRow(&s)
	row["fileFormat"] = fileFormat(&s, rootOf(files))
	return c.json(http.StatusOK, row)
}

func (a *API) deleteSpec(c *call) error {
	err := c.update(func(t *store.Tx) error {
		s, err := c.spec(t)
		if err != nil {
			return err
		}
		if err := c.mayEditSpec(&s); err != nil {
			return err
		}
		return t.DeleteSpec(s.ID)
	})
	if err != nil {
		return err
	}
	return c.empty(http.StatusNoContent)
}

// spec reads the spec of the path, where the key reaches it.
func (c *call) spec(t *store.Tx) (store.Spec, error) { return c.specByID(t, c.id("specId")) }

func (c *call) specByID(t *store.Tx, id string) (store.Spec, error) {
	s, err := t.Spec(id)
	if err == nil {
		err = c.may(s.Workspace)
	}
	if errors.Is(err, store.ErrNotFound) {
		return s, noSpec()
	}
	return s, err
}

// mayEditSpec refuses what a file owns, and what was changed meanwhile.
func (c *call) mayEditSpec(s *store.Spec) error {
	if err := owned(s.File); err != nil {
		return err
	}
	return c.match(s.Revision)
}

// changeSpec reads the spec of the path, edits it or its files and stores it,
// all in one transaction.
func (c *call) changeSpec(s *store.Spec, edit func(*store.Tx) error) error {
	return c.update(func(t *store.Tx) (err error) {
		if *s, err = c.spec(t); err != nil {
			return err
		}
		if err := c.mayEditSpec(s); err != nil {
			return err
		}
		if err := edit(t); err != nil {
			return err
		}
		return t.UpdateSpec(s)
	})
}

// The errors of operations on specs.

func noSpec() *Failure {
	return plainProblem(http.StatusNotFound, "instanceNotFoundError", "Specification not found", "The specification you are trying to access does not exist.")
}

func noSpecPart() *Failure {
	return plainProblem(http.StatusNotFound, "instanceNotFoundError", "Resource not found", "Entity that you are trying to access does not exist.")
}

func badSpec(detail string) *Failure {
	return problem(http.StatusBadRequest, "bad-request", "Malformed request", detail)
}

func wrongSpecProperty(name, rule string) *Failure {
	return plainProblem(http.StatusBadRequest, "InvalidParamsError", "Required parameter is invalid", "Required property `"+name+"` is invalid. "+rule)
}

func malformedSpec(detail string) *Failure {
	return plainProblem(http.StatusBadRequest, "MalformedSpecification", "Malformed Specification.", detail)
}
