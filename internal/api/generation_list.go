package api

import (
	"errors"
	"net/http"
	"slices"

	"github.com/mimus-dev/mimus/internal/store"
)

// getSpecCollections lists the collections of a spec, the last one first.
func (g *generations) getSpecCollections(c *call) error {
	if err := c.elementType("collection"); err != nil {
		return err
	}
	limit, err := c.limit("limit", specRows, maxSpecRows)
	if err != nil {
		return err
	}
	after, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	rows := []object{}
	var next any
	err = c.view(func(t *store.Tx) error {
		rows, next = []object{}, nil
		s, files, err := c.specContents(t)
		if err != nil {
			return err
		}
		links, err := t.SpecLinks(s.ID, "")
		if err != nil {
			return err
		}
		slices.Reverse(links)
		if after.ID != "" {
			at := slices.IndexFunc(links, func(l store.SpecLink) bool { return l.Collection == after.ID })
			links = links[at+1:]
		}
		for i := range links {
			l := &links[i]
			e, err := t.Collection(l.Collection)
			if errors.Is(err, store.ErrNotFound) || err == nil && c.may(e.Workspace) != nil {
				continue
			}
			if err != nil {
				return err
			}
			if len(rows) == limit {
				next = cursorText(store.Place(links[i-1].Created, links[i-1].Collection))
				break
			}
			p := pair{files: files, collection: e, link: *l}
			rows = append(rows, object{
				"id": e.ID, "uid": uid(e.Owner, e.ID), "name": e.Name, "state": p.state(), "createdAt": isoTime(l.Created),
				"updatedAt": isoTime(l.Updated), "createdBy": e.Owner, "syncOptions": p.syncOptions(),
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"meta": object{"nextCursor": next}, "collections": rows})
}

// state tells whether the two are as they were when they were last in step.
func (p *pair) state() string {
	if p.link.Digest == stateOf(p.files, p.collection.Body) {
		return "in-sync"
	}
	return "out-of-sync"
}

// getCollectionSpecs lists the specs of a collection.
func (g *generations) getCollectionSpecs(c *call) error {
	if err := c.elementType("spec"); err != nil {
		return err
	}
	rows := []object{}
	err := c.view(func(t *store.Tx) error {
		rows = []object{}
		e, err := c.collectionByID(t, c.id("collectionUid"))
		if err != nil {
			return err
		}
		links, err := t.SpecLinks("", e.ID)
		if err != nil {
			return err
		}
		for i := range links {
			l := &links[i]
			s, err := t.Spec(l.Spec)
			if errors.Is(err, store.ErrNotFound) || err == nil && c.may(s.Workspace) != nil {
				continue
			}
			if err != nil {
				return err
			}
			files, err := t.SpecContents(s.ID)
			if err != nil {
				return err
			}
			p := pair{files: files, collection: e, link: *l}
			rows = append(rows, object{
				"id": s.ID, "name": s.Name, "state": p.state(), "createdAt": isoTime(l.Created), "updatedAt": isoTime(l.Updated),
				"createdBy": s.Owner, "updatedBy": s.UpdatedBy,
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"meta": object{"nextCursor": nil}, "specs": rows})
}
