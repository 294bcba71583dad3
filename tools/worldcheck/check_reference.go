package main

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// checkReferences judges that what the items of a resource name can be read.
func (w *world) checkReferences(r *resource) {
	for _, ref := range r.References {
		if ref.Resource == "" {
			continue // what it names is not kept
		}
		target := w.named(ref.Resource, r)
		if target == nil {
			w.tally.skip(checkReference, r, "%s names %s, which is no resource", ref.Property, ref.Resource)
			continue
		}
		judged := map[string]bool{}
		for _, i := range w.some(r) {
			for _, v := range allAt(w.whole(i), ref.Property) {
				id := referred(v, target)
				if v.Is(definition.Null) || judged[id] {
					continue
				}
				judged[id] = true
				w.checkReference(i, ref, target, v, id)
			}
		}
	}
}

func (w *world) checkReference(i *instance, ref reference, target *resource, v *value, id string) {
	r := i.res
	if id == "" {
		w.tally.skip(checkReference, r, "%s = %s has no %s", ref.Property, show(v), target.Identity.Property)
		return
	}
	if target.read == nil {
		w.checkListed(i, ref, target, id)
		return
	}
	values, ok := w.bind(target.item, i, "")
	if own := target.Identity.Parameter; own != "" {
		values[own] = id
		_, missing := target.item.fill(values)
		ok = missing == nil
	}
	if !ok {
		w.tally.skip(checkReference, r, "%s names %s, whose path has more parents than are known: %s", ref.Property, target.Name, target.item.path)
		return
	}
	a := w.readAt(target, w.itemCall(&instance{res: target, values: values, id: id}))
	why := ""
	if a.status != http.StatusOK || a.fault != "" {
		why = fmt.Sprintf("%s = %s in %s, but %s", ref.Property, show(v), w.source(i), a.said())
	}
	w.tally.judge(checkReference, r, why)
}

// checkListed judges a reference to what can't be read, but is listed.
func (w *world) checkListed(i *instance, ref reference, target *resource, id string) {
	walks := w.walks(target)
	if len(walks) != 1 || walks[0].listing.parent != nil || !walks[0].usable() {
		w.tally.skip(checkReference, i.res, "%s names %s, which can't be read by a GET", ref.Property, target.Name)
		return
	}
	why := ""
	if !slices.Contains(walks[0].keys(), id) {
		why = fmt.Sprintf("%s = %s in %s, but %s has no such item", ref.Property, id, w.source(i), walks[0].pages[0].answer.call)
	}
	w.tally.judge(checkReference, i.res, why)
}

// source is the request that an instance was read by.
func (w *world) source(i *instance) string {
	if a := w.read(i); a != nil && a.ok() {
		return a.call.String()
	}
	if i.listing == nil {
		return i.res.Name
	}
	return w.requests.call(i.listing.op, i.listing.path, nil).String()
}
