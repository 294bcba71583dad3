package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// commented is what is commented on: a collection or an item of it.
type commented struct {
	kind  items.Kind
	param string // of the path, that names the item; "" for collections
}

func (a *API) commentRoutes() []route {
	routes := []route{{method: "POST", path: "/comments-resolutions/{threadId}", scope: access.Edit, handle: a.resolveCommentThread}}
	add := func(path string, on commented) {
		routes = append(routes,
			route{method: "GET", path: path, scope: access.View, handle: on.list},
			route{method: "POST", path: path, scope: access.Edit, handle: on.create},
			route{method: "PUT", path: path + "/{commentId}", scope: access.Edit, handle: on.update},
			route{method: "DELETE", path: path + "/{commentId}", scope: access.Edit, handle: on.delete})
	}
	add("/collections/{collectionId}/comments", commented{kind: items.Collection})
	for _, m := range itemModels() {
		add("/collections/{collectionId}/"+m.plural+"/{"+m.param+"}/comments", commented{m.kind, m.param})
	}
	return routes
}

// maxComment bounds a comment, in characters; Postman's bound.
const maxComment = 10_000

// element finds what the path names; store.ErrNotFound where it isn't there.
func (on commented) element(c *call, t *store.Tx) (collection, element string, err error) {
	if on.param == "" {
		e, err := c.collectionHead(t)
		return e.ID, e.ID, err
	}
	d, err := c.collection(t)
	if err != nil {
		return "", "", err
	}
	item, _, kind := items.Find(d.doc, c.param(on.param))
	if item == nil || kind != on.kind {
		return "", "", store.ErrNotFound
	}
	return d.ID, item.Get("id").Str(), nil
}

// list gives the last comment first.
func (on commented) list(c *call) error {
	rows := []object{}
	err := c.view(func(t *store.Tx) error {
		rows = []object{}
		collection, element, err := on.element(c, t)
		if err != nil {
			return err
		}
		all, err := t.Comments(collection, string(on.kind), element)
		for i := range all {
			rows = append(rows, commentRow(&all[len(all)-1-i]))
		}
		return err
	})
	if err != nil {
		return commentError(err)
	}
	return c.json(http.StatusOK, object{"data": rows})
}

func commentRow(m *store.Comment) object {
	status := "Open"
	if m.Resolved {
		status = "Resolved"
	}
	return object{
		"id": m.ID, "threadId": m.Thread, "status": status, "createdBy": m.Owner,
		"createdAt": isoTime(m.Created), "updatedAt": isoTime(m.Updated), "body": m.Body,
	}
}

func commentError(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFoundProblem("Not Found")
	}
	return err
}

// create adds a comment, or an answer to one where the body names its thread.
func (on commented) create(c *call) error {
	body, err := c.commentBody()
	if err != nil {
		return err
	}
	thread, err := threadOf(body)
	if err != nil {
		return err
	}
	var m store.Comment
	err = c.update(func(t *store.Tx) error {
		collection, element, err := on.element(c, t)
		if err != nil {
			return err
		}
		m = store.Comment{Collection: collection, Kind: string(on.kind), Element: element, Thread: thread}
		m.Body, m.Tags = commentText(body)
		if thread != 0 {
			before, err := t.Thread(thread)
			if err != nil {
				return err
			}
			if len(before) == 0 || !sameElement(&before[0], &m) {
				return store.ErrNotFound
			}
			m.Resolved = before[0].Resolved
		}
		return t.CreateComment(&m)
	})
	if err != nil {
		return commentError(err)
	}
	return c.json(http.StatusCreated, object{"data": commentRow(&m)})
}

func sameElement(a, b *store.Comment) bool {
	return a.Collection == b.Collection && a.Kind == b.Kind && a.Element == b.Element
}

func (on commented) update(c *call) error {
	body, err := c.commentBody()
	if err != nil {
		return err
	}
	var m store.Comment
	err = c.update(func(t *store.Tx) (err error) {
		if m, err = on.comment(c, t); err != nil {
			return err
		}
		m.Body, m.Tags = commentText(body)
		return t.UpdateComment(&m)
	})
	if err != nil {
		return commentError(err)
	}
	return c.json(http.StatusOK, object{"data": commentRow(&m)})
}

// delete deletes a comment; with the first of a thread its answers go.
func (on commented) delete(c *call) error {
	err := c.update(func(t *store.Tx) error {
		m, err := on.comment(c, t)
		if err != nil {
			return err
		}
		return t.DeleteComment(m.ID)
	})
	if err != nil {
		return commentError(err)
	}
	return c.empty(http.StatusNoContent)
}

// comment reads the comment of the path; it has to be one on the element of the
// path.
func (on commented) comment(c *call, t *store.Tx) (store.Comment, error) {
	var m store.Comment
	id, err := strconv.ParseInt(c.param("commentId"), 10, 64)
	if err != nil {
		return m, store.ErrNotFound
	}
	collection, element, err := on.element(c, t)
	if err != nil {
		return m, err
	}
	if m, err = t.Comment(id); err != nil {
		return m, err
	}
	if !sameElement(&m, &store.Comment{Collection: collection, Kind: string(on.kind), Element: element}) {
		return m, store.ErrNotFound
	}
	return m, nil
}

// resolveCommentThread marks a comment and its answers as done.
func (a *API) resolveCommentThread(c *call) error {
	id, err := strconv.ParseInt(c.param("threadId"), 10, 64)
	if err != nil {
		return notFoundProblem("Not Found")
	}
	err = c.update(func(t *store.Tx) error {
		thread, err := t.Thread(id)
		if err != nil {
			return err
		}
		if len(thread) == 0 {
			return store.ErrNotFound
		}
		e, err := t.CollectionHead(thread[0].Collection)
		if err != nil {
			return err
		}
		if err := c.may(e.Workspace); err != nil {
			return err
		}
		return t.ResolveThread(id)
	})
	if err != nil {
		return commentError(err)
	}
	return c.empty(http.StatusNoContent)
}

// commentBody reads a comment and checks it.
func (c *call) commentBody() (*definition.Value, error) {
	b, err := c.tree()
	if err != nil {
		return nil, err
	}
	text := b.Get("body")
	switch {
	case text == nil:
		return nil, commentFault("body must have required property 'body'")
	case !text.Is(definition.String):
		return nil, commentFault("body/body must be string")
	case strings.TrimSpace(text.Text) == "":
		return nil, commentFault("body/body must not be empty")
	case utf8.RuneCountInString(text.Text) > maxComment:
		return nil, commentFault(fmt.Sprintf("body/body must NOT have more than %d characters", maxComment))
	case strings.ContainsRune(text.Text, 0):
		return nil, commentFault("body/body must not contain the character U+0000")
	}
	return b, checkMentions(b.Get("tags"))
}

// checkMentions checks the users that a comment names.
func checkMentions(tags *definition.Value) error {
	if tags == nil || tags.Is(definition.Null) {
		return nil
	}
	if !tags.Is(definition.Object) {
		return commentFault("body/tags must be object")
	}
	for i := range tags.Kids {
		tag := &tags.Kids[i]
		switch {
		case !tag.Is(definition.Object):
			return commentFault("body/tags/" + tag.Key + " must be object")
		case tag.Get("type").Str() != "user":
			return commentFault("body/tags/" + tag.Key + "/type must be equal to one of the allowed values")
		case !tag.Get("id").Is(definition.String):
			return commentFault("body/tags/" + tag.Key + "/id must be string")
		}
	}
	return nil
}

func commentFault(detail string) *Failure {
	return problem(http.StatusBadRequest, "bad-request", "Bad Request", detail)
}

// threadOf is the thread that a comment answers in, 0 for a new one.
func threadOf(body *definition.Value) (int64, error) {
	v := body.Get("threadId")
	if v == nil || v.Is(definition.Null) {
		return 0, nil
	}
	n, ok := v.Int()
	if !ok {
		return 0, commentFault("body/threadId must be integer")
	}
	if n <= 0 {
		return 0, notFoundProblem("Not Found")
	}
	return int64(n), nil
}

// commentText is what is kept of a comment's body.
func commentText(body *definition.Value) (text string, tags []byte) {
	if t := body.Get("tags"); t.Is(definition.Object) {
		tags = t.AppendJSON(nil)
	}
	return body.Get("body").Text, tags
}
