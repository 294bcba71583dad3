package main

import "fmt"

// checkLists judges that each list of a resource can be read.
func (w *world) checkLists(r *resource) {
	if r.list == nil {
		return
	}
	walks := w.walks(r)
	if len(walks) == 0 {
		w.tally.skip(checkItem, r, "there is no %s whose list could be read", r.Parent)
	}
	for _, k := range walks {
		if k.fault == "" {
			w.recordList(k.listing)
			continue
		}
		if k.pages == nil && k.listing.parent == nil && r.collection.parameters() != nil {
			w.tally.skip(checkAnswer, r, "its parents are unknown: %s", k.fault)
			continue
		}
		if w.faults[nameOf(r)] == "" { // else it is counted there
			w.tally.fail(checkAnswer, r, "%s", k.fault)
		}
	}
}

// recordList keeps the answer that a list gives without parameters.
func (w *world) recordList(l *listing) {
	a := w.readAt(l.res, w.requests.call(l.op, l.path, nil))
	w.record(l.res, a)
}

// checkItems compares items in lists with those at their paths.
func (w *world) checkItems(r *resource) {
	if r.read == nil {
		w.tally.skip(checkItem, r, "it can't be read by a GET")
		return
	}
	for _, i := range w.some(r) {
		a := w.read(i)
		if i.listed == nil {
			w.record(r, a)
			continue
		}
		if _, missing := r.item.fill(i.values); missing != nil {
			w.tally.skip(checkItem, r, "nothing tells {%s} of its path", missing[0])
			continue
		}
		w.record(r, a)
		w.tally.judge(checkItem, r, w.itemFault(i, a))
	}
}

// itemFault is how an item at its path differs from the one in its list; ""
// not at all.
func (w *world) itemFault(i *instance, a *answer) string {
	if !a.ok() {
		return a.said() + ", and it is in a list"
	}
	item := itemOf(i.res, a)
	if item == nil {
		return fmt.Sprintf("%s has nothing at %s", a.call, i.res.Payload.Read)
	}
	if id := i.res.idOf(item); id != "" && id != i.id {
		return fmt.Sprintf("%s has the %s %s, its list says %s", a.call, i.res.Identity.Property, id, i.id)
	}
	if d := differ(item, i.listed, ""); d != nil {
		return fmt.Sprintf("%s has %s = %s, its list says %s", a.call, d.path, show(d.a), show(d.b))
	}
	return ""
}

// checkAnswers judges once for each resource whether all answers were sound.
func (w *world) checkAnswers() {
	for _, r := range w.found.Resources {
		if fault, asked := w.faults[nameOf(r)]; asked {
			w.tally.judge(checkAnswer, r, fault)
		}
	}
}
