package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// collectionHead reads the collection of the path without its document;
// store.ErrNotFound where there is none that the key reaches.
func (c *call) collectionHead(t *store.Tx) (store.Collection, error) {
	e, err := t.CollectionHead(c.id("collectionId"))
	if err != nil {
		return e, err
	}
	return e, c.may(e.Workspace)
}

// collection reads the collection of the path with its document;
// store.ErrNotFound where there is none that the key reaches.
func (c *call) collection(t *store.Tx) (*documented, error) {
	e, err := t.Collection(c.id("collectionId"))
	if err != nil {
		return nil, err
	}
	if err := c.may(e.Workspace); err != nil {
		return nil, err
	}
	return withDocument(e)
}

// withDocument parses a collection that is stored.
func withDocument(e store.Collection) (*documented, error) {
	doc, err := document.ParseJSON(string(e.Body), 0, document.Limits{Depth: maxDepth})
	if err != nil {
		return nil, fmt.Errorf("collection %s as it is stored: %w", e.ID, err)
	}
	e.Body = nil // the document has it all
	return &documented{e, &doc}, nil
}

// mayEdit refuses what a file owns, and what was changed meanwhile.
func (c *call) mayEdit(e *store.Collection) error {
	if err := owned(e.File); err != nil {
		return err
	}
	return c.match(e.Revision)
}

// changeCollection reads the collection of the path into d, edits it and stores
// it, all in one transaction.
func (c *call) changeCollection(d **documented, edit func(*store.Tx) error) error {
	return c.update(func(t *store.Tx) (err error) {
		if *d, err = c.collection(t); err != nil {
			return err
		}
		if err := c.mayEdit(&(*d).Collection); err != nil {
			return err
		}
		if err := edit(t); err != nil {
			return err
		}
		return (*d).save(t)
	})
}

// maxNodes bounds the values in a document, so that what is stored can be read
// again (document.Limits).
const maxNodes = 8 << 20

// save stores the document as it is now.
func (d *documented) save(t *store.Tx) error {
	body := d.doc.AppendJSON(nil)
	if len(body) > maxBody || countNodes(d.doc) > maxNodes {
		return problem(http.StatusRequestEntityTooLarge, "payload-too-large", "Payload Too Large", "The collection would be larger than 64 MB or have more than 8 million values.")
	}
	d.Name, d.Body = d.doc.Get("info").Get("name").Str(), body
	return t.UpdateCollection(&d.Collection)
}

func countNodes(v *definition.Value) int {
	n := 1
	for i := range v.Kids {
		n += countNodes(&v.Kids[i])
	}
	return n
}

// itemFailure makes an answer of an error of an edit.
func itemFailure(status int, err error, owner int64) error {
	var e *items.Error
	if !errors.As(err, &e) {
		return err
	}
	details := e.Details(owner)
	if details.Kind == definition.Invalid {
		return named(status, e.Name, e.Message, nil)
	}
	return named(status, e.Name, e.Message, &details)
}
