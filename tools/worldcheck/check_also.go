package main

import (
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// listsOf gives the operations that list a resource: its own first.
func (w *world) listsOf(r *resource) []*definition.Operation {
	var all []*definition.Operation
	if r.list != nil {
		all = append(all, r.list)
	}
	for _, also := range r.AlsoAt {
		if op := w.requests.get("GET " + also.Collection); op != nil {
			all = append(all, op)
		}
	}
	return all
}

// walkBelow reads the list of a resource below an instance of another.
func (w *world) walkBelow(i *instance, r *resource, op *definition.Operation) *walk {
	l := &listing{res: r, op: op, path: w.below(i, newTemplate(op.Path), r), parent: i}
	return w.walk(l, w.largeSize(l), nil)
}

// checkOtherPaths judges that a resource is the same at all of its paths.
func (w *world) checkOtherPaths(r *resource) {
	for _, also := range r.AlsoAt {
		if op := w.requests.get("GET " + also.Item); op != nil && also.Item != "" {
			w.checkOtherItem(r, op)
		}
		if op := w.requests.get("GET " + also.Collection); op != nil && also.Collection != "" {
			w.checkOtherList(r, op)
		}
	}
}

// checkOtherItem reads items by another path.
func (w *world) checkOtherItem(r *resource, op *definition.Operation) {
	for _, i := range w.some(r) {
		item := w.whole(i)
		values, ok := w.bind(newTemplate(op.Path), i, i.id)
		if item == nil || !ok {
			w.tally.skip(checkAlso, r, "nothing tells the parents of one at %s", op.Path)
			return
		}
		a := w.readAt(r, w.requests.call(op, values, nil))
		why := ""
		if other := itemOf(r, a); other == nil {
			why = fmt.Sprintf("%s is the same as %s, but %s", op.Path, w.source(i), a.said())
		} else if d := differ(item, other, ""); d != nil {
			why = fmt.Sprintf("%s has %s = %s, %s has %s", w.source(i), d.path, show(d.a), a.call, show(d.b))
		}
		w.tally.judge(checkAlso, r, why)
	}
}

// checkOtherList reads a list at another path: at the top, or below some
// instances of the resource that it is nested in.
func (w *world) checkOtherList(r *resource, op *definition.Operation) {
	path := newTemplate(op.Path)
	if path.parameters() == nil {
		l := &listing{res: r, op: op, path: map[string]string{}}
		w.judgeOtherList(w.walk(l, w.largeSize(l), nil))
		return
	}
	parent := w.directlyAbove(path)
	if parent == nil || parent == r {
		w.tally.skip(checkAlso, r, "nothing tells the parents of %s", op.Path)
		return
	}
	var nested []*walk
	some := w.some(parent)
	for _, i := range some[:min(len(some), maxParents)] {
		k := w.walkBelow(i, r, op)
		w.judgeOtherList(k)
		if k.usable() {
			w.judgeChildren(k)
			nested = append(nested, k)
		}
	}
	if parent.referenceTo(r.Name) == "" && r.referenceTo(parent.Name) != "" {
		w.judgeApart(nested)
	}
}

// directlyAbove is the resource whose item path is the longest that a path
// lies below.
func (w *world) directlyAbove(path template) *resource {
	var best *resource
	for _, r := range w.found.Resources {
		if path.directlyBelow(r.item) && len(r.item.parameters()) > 0 && (best == nil || len(r.item.shapes) > len(best.item.shapes)) {
			best = r
		}
	}
	return best
}

// judgeOtherList judges that the items of a list are those at their own paths,
// and that a list below a parent has all that name the parent.
func (w *world) judgeOtherList(k *walk) {
	r := k.listing.res
	if k.fault != "" {
		w.tally.fail(checkAlso, r, "%s", k.fault)
		return
	}
	w.recordList(k.listing)
	for _, item := range k.items[:min(len(k.items), maxInstances)] {
		if i := w.instanceOf(k, item); i != nil {
			w.judgeOtherItem(k, i)
		}
	}
	w.judgeAllNamed(k)
}

// judgeOtherItem compares an item of a list with the one at its own path.
func (w *world) judgeOtherItem(k *walk, i *instance) {
	r := k.listing.res
	own := r.item.inherit(newTemplate(k.listing.op.Path), k.listing.path)
	own[r.Identity.Parameter] = i.id
	addMissing(own, k.listing.path)
	i.values = own
	if _, missing := r.item.fill(own); missing != nil || r.read == nil {
		return
	}
	a, why := w.read(i), ""
	if other := itemOf(r, a); other == nil {
		why = fmt.Sprintf("%s has %s, but %s", k.pages[0].answer.call, i.id, a.said())
	} else if d := differ(i.listed, other, ""); d != nil {
		why = fmt.Sprintf("%s has %s with %s = %s, %s has %s", k.pages[0].answer.call, i.id, d.path, show(d.a), a.call, show(d.b))
	}
	w.tally.judge(checkAlso, r, why)
}

// judgeAllNamed judges that a list below a parent has each item of the
// resource's own list that names the parent.
func (w *world) judgeAllNamed(k *walk) {
	r, parent := k.listing.res, k.listing.parent
	own := w.walks(r)
	if parent == nil || len(own) != 1 || !own[0].usable() || !k.usable() || own[0].listing.parent != nil {
		return
	}
	property := r.referenceTo(parent.res.Name)
	if property == "" {
		return
	}
	keys, why, named := k.keys(), "", false
	for _, item := range own[0].items {
		if v := at(item, property); v == nil || referred(v, parent.res) != parent.id {
			continue
		}
		named = true
		if key := r.keyOf(item); why == "" && !slices.Contains(keys, key) {
			why = fmt.Sprintf("%s lacks %s, which %s has with %s = %s", k.pages[0].answer.call, clip(key), own[0].pages[0].answer.call, property, parent.id)
		}
	}
	if named {
		w.tally.judge(checkAlso, r, why)
	}
}
