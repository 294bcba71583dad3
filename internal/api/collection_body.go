package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/store"
)

// createCollection stores a collection of format 2.1.0, or of an older one, of
// which it makes that. It keeps the id that it brings along.
func (a *API) createCollection(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	given := body.Get("collection")
	if given == nil {
		return missing("collection")
	}
	doc, err := readCollection(c.Context(), given)
	if err != nil {
		return err
	}
	e := store.Collection{ID: newCollectionID(doc), Owner: c.who.User, Name: doc.Get("info").Get("name").Text}
	setCollectionID(doc, e.ID)
	e.Body = doc.AppendJSON(nil)
	err = c.update(func(t *store.Tx) (err error) {
		if e.Workspace, err = c.workspaceID(t, "workspace"); err != nil {
			return err
		}
		if err := c.may(e.Workspace); err != nil {
			return err
		}
		return t.CreateCollection(&e)
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return named(http.StatusNotFound, items.NotFound, "The specified workspace does not exist.", nil)
	case errors.Is(err, store.ErrTaken):
		return named(http.StatusBadRequest, items.Found, "The specified item already exists.", object{"item": "collection", "id": e.ID})
	case err != nil:
		return err
	}
	return c.json(http.StatusOK, object{"collection": collectionBrief(&e)})
}

func collectionBrief(e *store.Collection) object {
	return object{"id": e.ID, "name": e.Name, "uid": uid(e.Owner, e.ID)}
}

// newCollectionID is the id that a collection says that it has, where it is one,
// else a new one.
func newCollectionID(doc *definition.Value) string {
	if id := strings.ToLower(doc.Get("info").Get("_postman_id").Str()); uuidForm.MatchString(id) {
		return id
	}
	return store.NewID()
}

// setCollectionID names a collection that was normalized.
func setCollectionID(doc *definition.Value, id string) {
	*doc.Get("info").Get("_postman_id") = definition.NewString(id).With("_postman_id")
}

// readCollection makes a collection of any format ready to be stored. One of
// format 2.1.0 is kept as it came; the others are written as that.
func readCollection(ctx context.Context, v *definition.Value) (*definition.Value, error) {
	var err error
	switch {
	case isFormat1(v):
		v, err = readFormat1(ctx, v)
	case strings.Contains(v.Get("info").Get("schema").Str(), "v2.0.0"):
		v, err = readFormat20(ctx, v)
	}
	if err == nil {
		err = items.Normalize(v, store.NewID)
	}
	if err != nil {
		return nil, itemFailure(http.StatusBadRequest, err, 0)
	}
	if f := usableName("name", v.Get("info").Get("name").Text); f != nil {
		return nil, f
	}
	return v, nil
}

// isFormat1 tells format 1.0.0, which has no info.
func isFormat1(v *definition.Value) bool {
	return !v.Has("info") && !v.Has("item") && (v.Has("requests") || v.Has("order"))
}

func readFormat1(ctx context.Context, v *definition.Value) (*definition.Value, error) {
	var problems []string
	if name := v.Get("name"); !name.Is(definition.String) {
		problems = append(problems, "name: must be string")
	}
	for _, key := range [...]string{"requests", "order", "folders", "folders_order"} {
		if list := v.Get(key); list != nil && !list.Is(definition.Array) && !list.Is(definition.Null) {
			problems = append(problems, key+": must be array")
		}
	}
	if problems != nil {
		return nil, malformedCollection(problems...)
	}
	return asFormat21(ctx, v)
}

// readFormat20 checks a collection of format 2.0.0, which has the members of
// 2.1.0, and writes it as that.
func readFormat20(ctx context.Context, v *definition.Value) (*definition.Value, error) {
	schema := v.Get("info").Get("schema")
	schema.Text = strings.ReplaceAll(schema.Text, "v2.0.0", "v2.1.0")
	if err := items.Normalize(v, store.NewID); err != nil {
		return nil, err
	}
	return asFormat21(ctx, v)
}

func asFormat21(ctx context.Context, v *definition.Value) (*definition.Value, error) {
	nothingElse := document.NewLoader(document.Config{Files: map[string][]byte{}})
	read, _, err := postman.Read(ctx, nothingElse, &document.File{Name: "the collection", Root: *v})
	if err != nil {
		return nil, malformedCollection(": " + err.Error())
	}
	out := read.JSON()
	return &out, nil
}

func malformedCollection(problems ...string) error {
	noun := "errors"
	if len(problems) == 1 {
		noun = "error"
	}
	return &items.Error{Name: items.Malformed, Message: fmt.Sprintf("Found %d %s with the supplied collection.", len(problems), noun), Problems: problems}
}

// putCollection replaces what is in a collection. Its id stays.
func (a *API) putCollection(c *call) error {
	async := prefersAsync(c.Header)
	doc, err := c.replacement(async)
	if err != nil {
		return err
	}
	var d documented
	var task store.Task
	err = c.update(func(t *store.Tx) error {
		e, err := c.collectionHead(t)
		if err != nil {
			return err
		}
		if err := c.mayEdit(&e); err != nil {
			return err
		}
		setCollectionID(doc, e.ID)
		d = documented{e, doc}
		if err := d.save(t); err != nil || !async {
			return err
		}
		task, err = c.taskFinished(t, updateTask, e.ID, nil)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return c.noCollection(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	if async {
		c.w.Header().Set("Preference-Applied", "respond-async")
		return c.json(http.StatusAccepted, object{"task": object{"id": task.ID, "status": "in-progress"}})
	}
	return c.json(http.StatusOK, object{"collection": collectionBrief(&d.Collection)})
}

// prefersAsync reads the preference of RFC 7240, 4.1.
func prefersAsync(h http.Header) bool {
	for _, line := range h.Values("Prefer") {
		for preference := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(preference, ";")
			if strings.EqualFold(strings.TrimSpace(name), "respond-async") {
				return true
			}
		}
	}
	return false
}

// replacement reads the collection that replaces another.
func (c *call) replacement(async bool) (*definition.Value, error) {
	body, err := c.tree()
	if err != nil {
		return nil, err
	}
	given := body.Get("collection")
	if given == nil {
		return nil, c.missingInReplacement("collection", "/required")
	}
	if async && !given.Has("info") && !isFormat1(given) {
		return nil, c.missingInReplacement("info", "/properties/collection/required")
	}
	for _, id := range [...]*definition.Value{given.Get("info").Get("_postman_id"), given.Get("info").Get("uid"), given.Get("id")} {
		if id.Str() != "" && !strings.EqualFold(plainID(id.Str()), c.id("collectionId")) {
			return nil, named(http.StatusBadRequest, "collectionMismatchError", "The collection ID in the path does not match the collection ID in the request body.", nil)
		}
	}
	doc, err := readCollection(c.Context(), given)
	var f *Failure
	if async && errors.As(err, &f) {
		return nil, problem(http.StatusBadRequest, "bad-request", "Malformed request",
			"Unable to parse the collection. Please ensure it is according to https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html")
	}
	return doc, err
}

func (c *call) missingInReplacement(property, location string) *Failure {
	return problem(http.StatusBadRequest, "bad-request", "Missing property '"+property+"'",
		fmt.Sprintf("PUT request body for '/collections/%s' failed to validate schema. Location: %s", c.param("collectionId"), location))
}
