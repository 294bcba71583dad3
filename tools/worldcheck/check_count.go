package main

import "fmt"

// checkCounts judges that the counts of a resource are the numbers of its
// children.
func (w *world) checkCounts(r *resource) {
	for _, c := range r.Counts {
		for _, i := range w.some(r)[:min(len(w.some(r)), maxParents)] {
			told := at(w.whole(i), c.Property)
			if told == nil {
				continue
			}
			n, where, ok := w.childrenOf(i, c.Resource)
			if !ok {
				w.tally.skip(checkCount, r, "the %s items of one %s can't be listed", c.Resource, r.Name)
				break
			}
			why := ""
			if have, ok := told.Int(); !ok || have != n {
				why = fmt.Sprintf("%s = %s in %s, but %s has %d", c.Property, show(told), w.source(i), where, n)
			}
			w.tally.judge(checkCount, r, why)
		}
	}
}

// childrenOf counts the children of an instance: those listed below it, else
// those of one list that name it.
func (w *world) childrenOf(i *instance, name string) (n int, where string, ok bool) {
	for _, child := range w.found.Resources {
		if child.Name != name {
			continue
		}
		for _, l := range w.listsOf(child) {
			if !newTemplate(l.Path).directlyBelow(i.res.item) {
				continue
			}
			k := w.walkBelow(i, child, l)
			if k.usable() {
				return len(k.items), k.pages[0].answer.call.String(), true
			}
		}
	}
	child := w.named(name, i.res)
	if child == nil {
		return 0, "", false
	}
	property, walks := child.referenceTo(i.res.Name), w.walks(child)
	if property == "" || len(walks) != 1 || !walks[0].usable() || walks[0].listing.parent != nil {
		return 0, "", false
	}
	for _, item := range walks[0].items {
		if v := at(item, property); v != nil && referred(v, i.res) == i.id {
			n++
		}
	}
	return n, walks[0].pages[0].answer.call.String() + " with that " + property, true
}
