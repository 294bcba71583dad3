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

// itemModel is what the operations on folders, requests and saved responses
// differ in.
type itemModel struct {
	kind   items.Kind
	plural string // in paths
	param  string // of a path, that names one
	flat   func(v *definition.Value, id string, o items.Options) (definition.Value, error)
	put    func(v *definition.Value, id string, body *definition.Value, newID func() string) error
}

func itemModels() []itemModel {
	return []itemModel{
		{items.Folder, "folders", "folderId", items.FlatFolder, items.PutFolder},
		{items.Request, "requests", "requestId", items.FlatRequest, items.PutRequest},
		{items.Response, "responses", "responseId", items.FlatResponse, items.PutResponse},
	}
}

func (a *API) itemRoutes() []route {
	routes := []route{
		{method: "POST", path: "/collections/{collectionId}/folders", scope: access.Edit, handle: a.createFolder},
		{method: "POST", path: "/collections/{collectionId}/requests", scope: access.Edit, handle: a.createRequest},
		{method: "POST", path: "/collections/{collectionId}/responses", scope: access.Edit, handle: a.createResponse},
	}
	for _, m := range itemModels() {
		path := "/collections/{collectionId}/" + m.plural + "/{" + m.param + "}"
		routes = append(routes,
			route{method: "GET", path: path, scope: access.View, handle: m.get},
			route{method: "PUT", path: path, scope: access.Edit, handle: m.update},
			route{method: "DELETE", path: path, scope: access.Edit, handle: m.delete},
			route{method: "POST", path: "/collection-" + m.plural + "-transfers", scope: access.Edit, handle: m.transfer})
	}
	return routes
}

// itemStamp is what the operations on items tell of their collection.
func (d *documented) itemStamp() items.Stamp {
	return items.Stamp{
		Owner: d.Owner, CreatedAt: isoTime(d.Created), UpdatedAt: isoTime(d.Updated),
		LastUpdatedBy: d.UpdatedBy, Revision: d.Revision,
	}
}

func (m itemModel) get(c *call) error {
	var o items.Options
	for _, p := range [...]struct {
		name string
		to   *bool
	}{{"ids", &o.IDs}, {"uid", &o.UID}, {"populate", &o.Populate}} {
		var err error
		if *p.to, err = c.flag(p.name); err != nil {
			return err
		}
	}
	var d *documented
	var data definition.Value
	err := c.view(func(t *store.Tx) (err error) {
		if d, err = c.collection(t); err != nil {
			return err
		}
		o.Stamp = d.itemStamp()
		data, err = m.flat(d.doc, c.param(m.param), o)
		return m.failure(http.StatusNotFound, err, d.Owner)
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollectionOfItem(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(d.Revision))
	return c.json(http.StatusOK, object{
		"model_id": data.Get("id").Str(),
		"meta":     object{"model": m.kind, "populate": o.Populate, "changeset": false, "action": "find"},
		"data":     &data,
	})
}

// flag reads a parameter that is true or false.
func (c *call) flag(name string) (bool, error) {
	text := c.query(name)
	if text == "" {
		return false, nil
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		return false, problem(http.StatusBadRequest, "bad-request", "Bad Request", "querystring."+name+" should be true or false")
	}
	return v, nil
}

// failure makes an answer of an error of an edit. A request that isn't there has
// the name of one that is: so the contract's examples have it.
func (m itemModel) failure(status int, err error, owner int64) error {
	var e *items.Error
	if errors.As(err, &e) && status == http.StatusNotFound && e.Name == items.NotFound && e.Model == items.Request {
		oddly := *e
		oddly.Name = items.Found
		return itemFailure(status, &oddly, owner)
	}
	return itemFailure(status, err, owner)
}

// noCollectionOfItem is the error of an operation on an item whose collection
// isn't there.
func (c *call) noCollectionOfItem(status int) *Failure {
	return named(status, items.NotFound, "We could not find the collection you are looking for", object{
		"model": items.Collection, "owner": strconv.FormatInt(c.who.User, 10), "model_id": c.param("collectionId"),
	})
}

// update changes of an item what the body gives.
func (m itemModel) update(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	var d *documented
	var id string
	err = c.changeCollection(&d, func(t *store.Tx) error {
		at, err := m.flat(d.doc, c.param(m.param), items.Options{})
		if err != nil {
			return m.failure(http.StatusNotFound, err, d.Owner)
		}
		id = at.Get("id").Str()
		if err := m.put(d.doc, id, body, store.NewID); err != nil {
			return m.failure(http.StatusBadRequest, err, d.Owner)
		}
		items.Touch(d.doc, id, isoTime(t.Now()))
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollectionOfItem(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	data, err := m.flat(d.doc, id, items.Options{Stamp: d.itemStamp()})
	if err != nil {
		return fmt.Errorf("%s %s after its change: %w", m.kind, id, err)
	}
	return c.itemChanged(m.kind, "update", d, id, &data)
}

func (m itemModel) delete(c *call) error {
	var d *documented
	var id string
	err := c.changeCollection(&d, func(*store.Tx) error {
		at, err := m.flat(d.doc, c.param(m.param), items.Options{})
		if err != nil {
			return m.failure(http.StatusNotFound, err, d.Owner)
		}
		id = at.Get("id").Str()
		return items.DeleteKind(d.doc, id, m.kind)
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollectionOfItem(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	return c.itemChanged(m.kind, "destroy", d, id, object{"id": id, "owner": strconv.FormatInt(d.Owner, 10)})
}

func (c *call) itemChanged(kind items.Kind, action string, d *documented, id string, data any) error {
	return c.json(http.StatusOK, object{
		"model_id": id, "meta": object{"model": kind, "action": action}, "data": data, "revision": d.Revision,
	})
}

func (a *API) createFolder(c *call) error {
	return c.createItem(items.Folder, "import", http.StatusBadRequest, func(v, body *definition.Value) (string, error) {
		return items.AddFolder(v, "", body, store.NewID)
	})
}

// createRequest adds a request. Postman's own client names the folder with
// "folder".
func (a *API) createRequest(c *call) error {
	folder := c.query("folderId")
	if folder == "" {
		folder = c.query("folder")
	}
	return c.createItem(items.Request, "import", http.StatusNotFound, func(v, body *definition.Value) (string, error) {
		return items.AddRequest(v, folder, body, store.NewID)
	})
}

func (a *API) createResponse(c *call) error {
	request := c.query("request")
	if request == "" {
		return missing("request")
	}
	return c.createItem(items.Response, "create", http.StatusBadRequest, func(v, body *definition.Value) (string, error) {
		return items.AddResponse(v, request, body, store.NewID)
	})
}

// createItem adds an item to a collection; lost is the status where it or what
// the item is to stand in isn't there.
func (c *call) createItem(kind items.Kind, action string, lost int, add func(v, body *definition.Value) (string, error)) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	var d *documented
	var id string
	err = c.changeCollection(&d, func(t *store.Tx) (err error) {
		if id, err = add(d.doc, body); err != nil {
			status := http.StatusBadRequest
			var e *items.Error
			if errors.As(err, &e) && e.Name == items.NotFound {
				status = lost
			}
			return itemFailure(status, err, d.Owner)
		}
		items.Touch(d.doc, id, isoTime(t.Now()))
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollectionOfItem(lost)
	}
	if err != nil {
		return err
	}
	data, err := items.Created(d.doc, id, items.Options{Stamp: d.itemStamp()})
	if err != nil {
		return fmt.Errorf("%s %s after it was added: %w", kind, id, err)
	}
	return c.itemChanged(kind, action, d, id, &data)
}
