package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) workspaceRoutes() []route {
	return append([]route{
		{method: "GET", path: "/workspaces", scope: access.View, handle: a.getWorkspaces, jsonErrors: "400"},
		{method: "POST", path: "/workspaces", scope: access.Edit, handle: a.createWorkspace},
		{method: "GET", path: "/workspaces/{workspaceId}", scope: access.View, handle: a.getWorkspace, jsonErrors: "404"},
		{method: "PUT", path: "/workspaces/{workspaceId}", scope: access.Edit, handle: a.updateWorkspace, jsonErrors: "403 404"},
		{method: "DELETE", path: "/workspaces/{workspaceId}", scope: access.Edit, handle: a.deleteWorkspace, jsonErrors: "400"},
		{method: "POST", path: "/workspaces/{workspaceId}/element-transfers", scope: access.Edit, handle: a.transferElement},
		{method: "GET", path: "/workspaces/{workspaceId}/global-variables", scope: access.View, handle: a.getGlobals},
		{method: "PUT", path: "/workspaces/{workspaceId}/global-variables", scope: access.Edit, handle: a.updateGlobals},
	}, a.tagRoutes()...)
}

// workspaceTypes are what a workspace may be.
var workspaceTypes = []string{"personal", "team", "private", "public", "partner"}

// maxWorkspaceRows bounds one page of workspaces.
const maxWorkspaceRows = 100

// workspaceFilter is what a list of workspaces is asked for by.
type workspaceFilter struct {
	kind          string
	createdBy     []int64
	scim          bool
	elementType   string
	elementID     string
	cursor        store.Cursor
	limit         int
	limitWasGiven bool
}

func (a *API) getWorkspaces(c *call) error {
	f, err := c.workspaceFilter()
	if err != nil {
		return err
	}
	rows := []object{}
	meta := object{}
	err = c.view(func(t *store.Tx) error {
		rows, meta = []object{}, object{}
		only, err := f.holder(t)
		if err != nil || only == "" && f.elementID != "" {
			return err
		}
		list, err := t.Workspaces(f.kind, store.Page{After: f.cursor})
		if err != nil {
			return err
		}
		var last store.Workspace
		for _, w := range list {
			if only != "" && w.ID != only || len(f.createdBy) > 0 && !slices.Contains(f.createdBy, w.Owner) || c.may(w.ID) != nil {
				continue
			}
			if f.limit > 0 && len(rows) == f.limit {
				meta["nextCursor"] = cursorText(store.Place(last.Created, last.ID))
				return nil
			}
			rows, last = append(rows, workspaceRow(&w, f.scim)), w
		}
		return nil
	})
	if err != nil {
		return err
	}
	answer := object{"workspaces": rows}
	if f.limitWasGiven {
		answer["meta"] = meta
	}
	return c.json(http.StatusOK, answer)
}

func workspaceRow(w *store.Workspace, scim bool) object {
	row := object{
		"id": w.ID, "name": w.Name, "type": w.Type, "visibility": w.Type, "createdBy": strconv.FormatInt(w.Owner, 10),
		"about": w.About, "createdAt": isoTime(w.Created), "updatedAt": isoTime(w.Updated),
	}
	if scim {
		row["scim"] = object{"createdBy": scimID(w.Owner)}
	}
	return row
}

// workspaceFilter reads the query of a list of workspaces.
func (c *call) workspaceFilter() (f workspaceFilter, err error) {
	f.kind = c.query("type")
	if f.kind != "" && !slices.Contains(workspaceTypes, f.kind) {
		return f, &Failure{http.StatusBadRequest, object{"error": object{
			"name": "invalidParamError", "message": "visibilityStatus must be one of personal/private/team/public/partner",
		}, "statusCode": http.StatusBadRequest}}
	}
	for _, id := range listOf(c.query("createdBy")) {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return f, bareError("createdBy must be a user ID, or a comma-separated list of them")
		}
		f.createdBy = append(f.createdBy, n)
	}
	for _, what := range listOf(c.query("include")) {
		if what != "scim" && what != "mocks:deactivated" {
			return f, bareError("include must be one of: mocks:deactivated, scim")
		}
		f.scim = f.scim || what == "scim"
	}
	f.elementType, f.elementID = c.query("elementType"), plainID(c.query("elementId"))
	switch {
	case f.elementType != "" && f.elementType != "collection" && f.elementType != "specification":
		return f, bareError("elementType must be one of: collection, specification")
	case f.elementType != "" && f.elementID == "":
		return f, bareError("elementId is required when elementType is provided")
	case f.elementType == "" && f.elementID != "":
		return f, bareError("elementType is required when elementId is provided")
	}
	if text := c.query("limit"); text != "" {
		f.limitWasGiven = true
		if f.limit, err = strconv.Atoi(text); err != nil || f.limit < 1 {
			return f, named(http.StatusBadRequest, "badRequestError", "The limit parameter must be a whole number from 1 to 100.", nil)
		}
		if f.limit > maxWorkspaceRows {
			return f, named(http.StatusBadRequest, "badRequestError", "The limit parameter must not exceed 100.", nil)
		}
	}
	if f.cursor, err = c.cursor("cursor"); err != nil {
		return f, named(http.StatusBadRequest, "badRequestError", "The cursor parameter is not valid.", nil)
	}
	return f, nil
}

// holder is the id of the workspace that the element of a filter is in, ""
// where there is no such element or none is asked for.
func (f *workspaceFilter) holder(t *store.Tx) (string, error) {
	switch f.elementType {
	case "collection":
		e, err := t.CollectionHead(f.elementID)
		return e.Workspace, ignoreMissing(err)
	case "specification":
		e, err := t.Spec(f.elementID)
		return e.Workspace, ignoreMissing(err)
	}
	return "", nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// bareError is a bad request in the shape of some filters' errors: without a
// wrapping object.
func bareError(message string) *Failure {
	return &Failure{http.StatusBadRequest, object{"name": "badRequest", "message": message}}
}

// listOf cuts a list at its commas; "" is an empty one.
func listOf(text string) []string {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// usableName refuses names that nobody can use.
func usableName(member, name string) *Failure {
	switch {
	case strings.TrimSpace(name) == "":
		return invalid(member, member+" must not be empty.")
	case len(name) > maxName:
		return invalid(member, fmt.Sprintf("%s must not be longer than %d bytes.", member, maxName))
	}
	return usableText(member, name)
}

// usableText refuses texts that are too long and what not every database keeps.
func usableText(member, text string) *Failure {
	if len(text) > maxDescription {
		return invalid(member, fmt.Sprintf("%s must not be longer than %d bytes.", member, maxDescription))
	}
	if strings.ContainsRune(text, 0) {
		return invalid(member, member+" must not contain the character U+0000.")
	}
	return nil
}
