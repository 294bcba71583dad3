package api

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) tagRoutes() []route {
	return []route{
		{method: "GET", path: "/workspaces/{workspaceId}/tags", scope: access.View, handle: a.getWorkspaceTags},
		{method: "PUT", path: "/workspaces/{workspaceId}/tags", scope: access.Edit, handle: a.updateWorkspaceTags},
		{method: "GET", path: "/tags/{slug}/entities", scope: access.View, handle: a.getTaggedEntities},
	}
}

const (
	maxTags       = 5  // of an element
	maxTaggedRows = 50 // of a page
)

var slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]*[a-z0-9]+$`)

func (a *API) getWorkspaceTags(c *call) error {
	var slugs []string
	err := c.view(func(t *store.Tx) error {
		w, err := c.workspace(t)
		if err != nil {
			return err
		}
		slugs, err = t.Tags("workspace", w.ID)
		return err
	})
	if err != nil {
		return c.tagError(err)
	}
	return c.json(http.StatusOK, tagsAnswer(slugs))
}

func (a *API) updateWorkspaceTags(c *call) error {
	data, err := c.body()
	if err != nil {
		return err
	}
	slugs, err := tagsOfBody(data)
	if err != nil {
		return err
	}
	err = c.update(func(t *store.Tx) error {
		w, err := c.workspace(t)
		if err != nil {
			return err
		}
		if err := t.SetTags("workspace", w.ID, slugs); err != nil {
			return err
		}
		return t.UpdateWorkspace(&w)
	})
	if err != nil {
		return c.tagError(err)
	}
	return c.json(http.StatusOK, tagsAnswer(slugs))
}

func tagsAnswer(slugs []string) object {
	list := []object{}
	for _, s := range slugs {
		list = append(list, object{"slug": s})
	}
	return object{"tags": list}
}

// tagsOfBody reads the tags that an element is given, each once: objects with a
// slug as in the contract, or slugs as Postman's own client sends them.
func tagsOfBody(data []byte) ([]string, error) {
	body, err := parseTree(data)
	if err != nil {
		return nil, tagFault(`body must be object`)
	}
	list := body.Get("tags")
	switch {
	case list == nil:
		return nil, tagFault(`body must have required property 'tags'`)
	case !list.Is(definition.Array):
		return nil, tagFault(`body/tags must be array`)
	case list.Len() > maxTags:
		return nil, tagFault(fmt.Sprintf(`body/tags must NOT have more than %d items`, maxTags))
	}
	slugs := []string{}
	for i := range list.Kids {
		tag, at := &list.Kids[i], fmt.Sprintf("body/tags/%d", i)
		if tag.Is(definition.Object) {
			if tag, at = tag.Get("slug"), at+"/slug"; tag == nil {
				return nil, tagFault(strings.TrimSuffix(at, "/slug") + ` must have required property 'slug'`)
			}
		}
		if !tag.Is(definition.String) {
			return nil, tagFault(at + " must be string")
		}
		if wrong := slugFault(tag.Text); wrong != "" {
			return nil, tagFault(at + " " + wrong)
		}
		if !slices.Contains(slugs, tag.Text) {
			slugs = append(slugs, tag.Text)
		}
	}
	return slugs, nil
}

// slugFault says what is wrong with a slug, "" where it is fine.
func slugFault(slug string) string {
	switch {
	case len(slug) < 2:
		return "must NOT have fewer than 2 characters"
	case len(slug) > 64:
		return "must NOT have more than 64 characters"
	case !slugForm.MatchString(slug):
		return `must match pattern "^[a-z][a-z0-9-]*[a-z0-9]+$"`
	}
	return ""
}

func tagFault(detail string) *Failure {
	return &Failure{http.StatusBadRequest, object{"title": "Bad Request", "detail": detail, "status": http.StatusBadRequest}}
}

// tagError tells an element that isn't there in the shape of the operations on
// tags.
func (c *call) tagError(err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return c.noTagged("Workspace '" + c.param("workspaceId") + "' does not exist.")
}

func (c *call) noTagged(detail string) *Failure {
	return &Failure{http.StatusNotFound, object{
		"type": "https://api.postman.com/problems/not-found", "title": "Resource Not Found",
		"detail": detail, "status": http.StatusNotFound, "instance": c.URL.Path,
	}}
}

// taggedFilter is what a list of tagged elements is asked for by.
type taggedFilter struct {
	kind       string
	descending bool
	limit      int
	from       int
}

func (a *API) getTaggedEntities(c *call) error {
	slug := c.param("slug")
	if wrong := slugFault(slug); wrong != "" {
		return taggedFault("params/slug " + wrong)
	}
	f, err := readTaggedFilter(c.URL.Query())
	if err != nil {
		return err
	}
	var found []store.Tagged
	known := false
	err = c.view(func(t *store.Tx) error {
		all, err := t.TaggedWith(slug, "", f.descending)
		if err != nil {
			return err
		}
		found, known = nil, false
		for _, e := range all {
			workspace, err := workspaceOfTagged(t, e)
			if errors.Is(err, store.ErrNotFound) || err == nil && c.may(workspace) != nil {
				continue
			}
			if err != nil {
				return err
			}
			known = true
			if f.kind == "" || f.kind == e.Kind {
				found = append(found, e)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !known {
		return c.noTagged("Slug '" + slug + "' does not exist.")
	}
	return c.json(http.StatusOK, f.page(found))
}

func (f *taggedFilter) page(found []store.Tagged) object {
	from := min(f.from, len(found))
	to := min(from+f.limit, len(found))
	rows := []object{}
	for _, e := range found[from:to] {
		rows = append(rows, object{"entityId": e.Element, "entityType": e.Kind})
	}
	meta := object{"count": len(rows)}
	if to < len(found) {
		meta["nextCursor"] = base64.StdEncoding.EncodeToString([]byte("from:" + strconv.Itoa(to)))
	}
	return object{"data": object{"entities": rows}, "meta": meta}
}

func workspaceOfTagged(t *store.Tx, e store.Tagged) (string, error) {
	if e.Kind == "workspace" {
		return e.Element, nil
	}
	head, err := t.CollectionHead(e.Element)
	return head.Workspace, err
}

func readTaggedFilter(q url.Values) (*taggedFilter, error) {
	f := &taggedFilter{kind: q.Get("entityType"), descending: true, limit: 10}
	switch f.kind {
	case "", "api", "collection", "workspace":
	default:
		return nil, taggedFault("querystring/entityType must be equal to one of the allowed values")
	}
	switch q.Get("direction") {
	case "", "desc":
	case "asc":
		f.descending = false
	default:
		return nil, taggedFault("querystring/direction must be equal to one of the allowed values")
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return nil, taggedFault("querystring/limit must be integer")
		case n < 1:
			return nil, taggedFault("querystring/limit must be >= 1")
		case n > maxTaggedRows:
			return nil, taggedFault(fmt.Sprintf("querystring/limit must be <= %d", maxTaggedRows))
		}
		f.limit = n
	}
	// A cursor that isn't valid gives the first page.
	if plain, err := base64.StdEncoding.DecodeString(q.Get("cursor")); err == nil {
		if n, err := strconv.Atoi(strings.TrimPrefix(string(plain), "from:")); err == nil && n > 0 {
			f.from = n
		}
	}
	return f, nil
}

func taggedFault(message string) *Failure {
	return &Failure{http.StatusBadRequest, object{"error": "Bad Request", "message": message, "statusCode": http.StatusBadRequest}}
}
