package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) collectionRoutes() []route {
	return []route{
		{method: "GET", path: "/collections", scope: access.View, handle: a.getCollections},
		{method: "POST", path: "/collections", scope: access.Edit, handle: a.createCollection, jsonErrors: "400"},
		{method: "GET", path: "/collections/{collectionId}", scope: access.View, handle: a.getCollection},
		{method: "PUT", path: "/collections/{collectionId}", scope: access.Edit, handle: a.putCollection},
		{method: "PATCH", path: "/collections/{collectionId}", scope: access.Edit, handle: a.patchCollection, jsonErrors: "400"},
		{method: "DELETE", path: "/collections/{collectionId}", scope: access.Edit, handle: a.deleteCollection},
		{method: "GET", path: "/collection-updates-tasks/{taskId}", scope: access.View, handle: a.getCollectionUpdatesTask},
		{method: "POST", path: "/collections/{collectionId}/duplicates", scope: access.Edit, handle: a.duplicateCollection},
		{method: "GET", path: "/collection-duplicate-tasks/{taskId}", scope: access.View, handle: a.getDuplicateCollectionTask},
		{method: "GET", path: "/collections/{collectionId}/tags", scope: access.View, handle: a.getCollectionTags},
		{method: "PUT", path: "/collections/{collectionId}/tags", scope: access.Edit, handle: a.updateCollectionTags},
	}
}

// getCollections lists collections, all of them where no limit is given. A
// workspace that isn't there has none.
func (a *API) getCollections(c *call) error {
	limit, err := c.limit("limit", 0, 0)
	if err != nil {
		return err
	}
	offset, err := c.offset()
	if err != nil {
		return err
	}
	only := plainID(c.query("workspace"))
	var list []store.Collection
	var public map[string]bool
	err = c.view(func(t *store.Tx) (err error) {
		list = nil
		if only != "" {
			if _, err := t.Workspace(only); err != nil {
				return err
			}
		}
		if public, err = publicWorkspaces(t); err != nil {
			return err
		}
		all, err := t.Collections(store.ElementFilter{Workspace: only, Name: c.query("name")})
		for i := range all {
			if c.may(all[i].Workspace) == nil {
				list = append(list, all[i])
			}
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.json(http.StatusOK, object{"collections": []object{}})
	}
	if err != nil {
		return err
	}
	from := min(offset, len(list))
	to := len(list)
	if limit > 0 {
		to = min(from+limit, to)
	} else {
		limit = len(list)
	}
	rows := []object{}
	for i := range list[from:to] {
		rows = append(rows, collectionRow(&list[from+i], public))
	}
	return c.json(http.StatusOK, object{"collections": rows, "meta": object{"total": len(list), "offset": offset, "limit": limit}})
}

// offset reads how much of a list is passed over.
func (c *call) offset() (int, error) {
	text := c.query("offset")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, problem(http.StatusBadRequest, "bad-request", "Bad Request", "querystring.offset should be a whole number from 0")
	}
	return n, nil
}

func collectionRow(e *store.Collection, public map[string]bool) object {
	return object{
		"id": e.ID, "name": e.Name, "owner": strconv.FormatInt(e.Owner, 10), "uid": uid(e.Owner, e.ID),
		"createdAt": isoTime(e.Created), "updatedAt": isoTime(e.Updated), "isPublic": public[e.Workspace],
	}
}

func (a *API) getCollection(c *call) error {
	var d *documented
	err := c.view(func(t *store.Tx) (err error) {
		d, err = c.collection(t)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return named(http.StatusBadRequest, items.NotFound, "We could not find the collection you are looking for", nil)
	}
	if err != nil {
		return err
	}
	stamp := items.Stamp{
		Owner: d.Owner, CreatedAt: isoTime(d.Created), UpdatedAt: isoTime(d.Updated),
		LastUpdatedBy: d.UpdatedBy, Revision: d.Revision,
	}
	var shown definition.Value
	if c.query("model") == "minimal" {
		shown = items.Minimal(d.doc, stamp)
	} else {
		shown = items.Decorate(d.doc, stamp)
	}
	c.w.Header().Set("ETag", etag(d.Revision))
	answer := definition.NewObject(shown.With("collection"))
	return c.bytes(http.StatusOK, "application/json; charset=utf-8", answer.AppendJSON(nil))
}

// patchCollection changes name, description, variables, auth and scripts of a
// collection; what isn't sent stays.
func (a *API) patchCollection(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	var d *documented
	err = c.changeCollection(&d, func(*store.Tx) error {
		if err := items.PatchCollection(d.doc, body); err != nil {
			return itemFailure(http.StatusBadRequest, err, d.Owner)
		}
		if f := usableName("name", d.doc.Get("info").Get("name").Str()); f != nil {
			return f
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollection(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	description := plainDescription(d.doc.Get("info").Get("description"))
	return c.json(http.StatusOK, object{"collection": object{"id": d.ID, "name": d.Name, "description": description}})
}

func (a *API) deleteCollection(c *call) error {
	var e store.Collection
	err := c.update(func(t *store.Tx) (err error) {
		if e, err = c.collectionHead(t); err != nil {
			return err
		}
		if err := c.mayEdit(&e); err != nil {
			return err
		}
		return t.DeleteCollection(e.ID)
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollection(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"collection": object{"id": e.ID, "uid": uid(e.Owner, e.ID)}})
}

// noCollection is the error of a collection that isn't there.
func (c *call) noCollection(status int) *Failure {
	return named(status, items.NotFound, "The specified item does not exist.", object{"item": "collection", "id": c.param("collectionId")})
}

func (a *API) getCollectionTags(c *call) error {
	var slugs []string
	err := c.view(func(t *store.Tx) error {
		e, err := c.collectionHead(t)
		if err != nil {
			return err
		}
		slugs, err = t.Tags("collection", e.ID)
		return err
	})
	if err != nil {
		return c.collectionTagError(err)
	}
	return c.json(http.StatusOK, tagsAnswer(slugs))
}

// updateCollectionTags replaces the tags of a collection. They aren't in its
// document, so those of a file's collection can be changed too.
func (a *API) updateCollectionTags(c *call) error {
	data, err := c.body()
	if err != nil {
		return err
	}
	slugs, err := tagsOfBody(data)
	if err != nil {
		return err
	}
	err = c.update(func(t *store.Tx) error {
		e, err := c.collectionHead(t)
		if err != nil {
			return err
		}
		return t.SetTags("collection", e.ID, slugs)
	})
	if err != nil {
		return c.collectionTagError(err)
	}
	return c.json(http.StatusOK, tagsAnswer(slugs))
}

func (c *call) collectionTagError(err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return c.noTagged(fmt.Sprintf("Collection '%s' does not exist.", c.param("collectionId")))
}
