package api

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// transfer copies or moves items, which may be of several collections. Uids
// don't say which: they are searched for.
func (m itemModel) transfer(c *call) error {
	body, err := c.tree()
	if err != nil {
		return err
	}
	order, err := items.ReadTransfer(m.kind, body)
	if err != nil {
		return transferFailure(err)
	}
	var ids []string
	err = c.update(func(t *store.Tx) (err error) {
		ids, err = c.runTransfer(t, order)
		return err
	})
	if err != nil {
		return transferFailure(err)
	}
	return c.json(http.StatusOK, object{"ids": ids})
}

// transferFailure is an error in the shape of these operations: its title says
// what is wrong.
func transferFailure(err error) error {
	var e *items.Error
	if !errors.As(err, &e) {
		return err
	}
	kind, status := "bad-request", http.StatusBadRequest
	if e.Name == items.NotFound {
		kind, status = "not-found", http.StatusNotFound
	}
	return &Failure{status, object{"type": "https://api.postman.com/problems/" + kind, "title": e.Message, "detail": object{}}}
}

// runTransfer runs a transfer collection by collection and gives the uids in
// the order of the body.
func (c *call) runTransfer(t *store.Tx, order items.Transfer) ([]string, error) {
	f := itemFinder{call: c, tx: t, known: map[string]*openCollection{}}
	target, err := f.target(order.Target)
	if err != nil {
		return nil, err
	}
	if err := owned(target.File); err != nil {
		return nil, err
	}
	runs, err := f.runs(order)
	if err != nil {
		return nil, err
	}
	changed := []*openCollection{target}
	for i := range runs {
		r := &runs[i]
		if r.Mode == items.Move && !slices.Contains(changed, r.source) {
			if err := owned(r.source.File); err != nil {
				return nil, err
			}
			changed = append(changed, r.source)
		}
		if r.made, err = r.Run(r.source.doc, target.doc, store.NewID); err != nil {
			return nil, err
		}
	}
	for _, o := range changed {
		if err := o.save(t); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(runs, func(a, b transferRun) int { return a.nth - b.nth })
	uids := []string{}
	for _, r := range runs {
		for _, id := range r.made {
			uids = append(uids, uid(target.Owner, id))
		}
	}
	return uids, nil
}

// transferRun is the part of a transfer whose items follow each other and are
// of one collection.
type transferRun struct {
	items.Transfer
	nth    int // in the body
	source *openCollection
	made   []string
}

// runs divides a transfer by the collections that its items are in, each item
// once. The parts come in the order that leaves the items in that of the body.
func (f *itemFinder) runs(order items.Transfer) ([]transferRun, error) {
	type place struct {
		in *openCollection
		id string
	}
	var runs []transferRun
	seen := make(map[place]bool, len(order.IDs))
	for _, asked := range order.IDs {
		in, id, err := f.find(order.Kind, asked)
		if err != nil {
			return nil, err
		}
		if seen[place{in, id}] {
			continue
		}
		seen[place{in, id}] = true
		if n := len(runs); n == 0 || runs[n-1].source != in {
			part := order
			part.IDs = nil
			runs = append(runs, transferRun{Transfer: part, nth: n, source: in})
		}
		last := &runs[len(runs)-1]
		last.IDs = append(last.IDs, id)
	}
	if p := order.Location.Position; p == items.Start || p == items.After {
		slices.Reverse(runs)
	}
	return runs, nil
}

// itemFinder finds items wherever they are. The collections that it has read
// stay open, each once.
type itemFinder struct {
	*call
	tx     *store.Tx
	opened []*openCollection // the target's first
	known  map[string]*openCollection
	list   []store.Collection // that the key reaches; nil before the first search
}

// openCollection is a collection with the kinds of its items by their ids, as
// they were when it was opened.
type openCollection struct {
	*documented
	kinds map[string]items.Kind
}

// target opens the collection that items are put into.
func (f *itemFinder) target(at items.Place) (*openCollection, error) {
	if at.Model != items.Collection {
		in, _, err := f.find(at.Model, at.ID)
		return in, err
	}
	e, err := f.tx.Collection(plainID(at.ID))
	if errors.Is(err, store.ErrNotFound) || err == nil && f.may(e.Workspace) != nil {
		return nil, lostItem(items.Collection, at.ID)
	}
	if err != nil {
		return nil, err
	}
	return f.open(e)
}

func lostItem(kind items.Kind, id string) *items.Error {
	return &items.Error{Name: items.NotFound, Message: "We could not find the " + string(kind) + " you are looking for", Model: kind, ID: id}
}

func (f *itemFinder) open(e store.Collection) (*openCollection, error) {
	d, err := withDocument(e)
	if err != nil {
		return nil, err
	}
	o := &openCollection{d, map[string]items.Kind{}}
	items.Walk(d.doc, func(kind items.Kind, id, _ string, _ *definition.Value, _ []string) bool {
		if _, doubled := o.kinds[id]; !doubled {
			o.kinds[id] = kind
		}
		return true
	})
	f.known[e.ID] = o
	f.opened = append(f.opened, o)
	return o, nil
}

// find finds an item by its uid or id, in a collection that is open already or
// else in the oldest that has it.
func (f *itemFinder) find(kind items.Kind, asked string) (in *openCollection, id string, err error) {
	names := itemNames(asked)
	for _, o := range f.opened {
		if id := o.named(kind, names); id != "" {
			return o, id, nil
		}
	}
	if err := f.listCollections(); err != nil {
		return nil, "", err
	}
	for i := range f.list {
		if f.known[f.list[i].ID] != nil {
			continue
		}
		e, err := f.tx.Collection(f.list[i].ID)
		if err != nil {
			return nil, "", err
		}
		if !mentions(e.Body, names) {
			continue
		}
		o, err := f.open(e)
		if err != nil {
			return nil, "", err
		}
		if id := o.named(kind, names); id != "" {
			return o, id, nil
		}
	}
	return nil, "", lostItem(kind, asked)
}

func (f *itemFinder) listCollections() error {
	if f.list != nil {
		return nil
	}
	all, err := f.tx.Collections(store.ElementFilter{})
	f.list = []store.Collection{}
	for i := range all {
		if f.may(all[i].Workspace) == nil {
			f.list = append(f.list, all[i])
		}
	}
	return err
}

// itemNames are the ids that something may mean: itself, or what follows the
// owner of a uid.
func itemNames(asked string) []string {
	owner, rest, ok := strings.Cut(asked, "-")
	if !ok || owner == "" || rest == "" || strings.Trim(owner, "0123456789") != "" {
		return []string{asked}
	}
	return []string{asked, rest}
}

func (o *openCollection) named(kind items.Kind, names []string) string {
	for _, id := range names {
		if o.kinds[id] == kind {
			return id
		}
	}
	return ""
}

// mentions reports whether a text may have one of the ids, so that most
// collections needn't be parsed.
func mentions(body []byte, names []string) bool {
	return slices.ContainsFunc(names, func(id string) bool {
		written := definition.NewString(id)
		return bytes.Contains(body, written.AppendJSON(nil))
	})
}
