package main

import (
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// checkChildren judges that lists below parents have the parents' children.
func (w *world) checkChildren(r *resource) {
	var nested []*walk
	for _, k := range w.walks(r) {
		if k.listing.parent != nil && k.usable() {
			nested = append(nested, k)
		}
	}
	for _, k := range nested {
		w.judgeChildren(k)
	}
	w.judgeApart(nested)
}

// judgeChildren judges that each child names the parent that it is listed
// below.
func (w *world) judgeChildren(k *walk) {
	r, parent := k.listing.res, k.listing.parent
	properties := r.referencesTo(parent.res.Name)
	if properties == nil || parent.res == r {
		return
	}
	for _, child := range k.items[:min(len(k.items), maxInstances)] {
		if why, told := parentFault(k, child, properties); told {
			w.tally.judge(checkParent, r, why)
		}
	}
}

// parentFault is how a child names another parent than the one that it is
// listed below; "" it doesn't. Of several properties, one has to name the
// parent. told is false where the list has none of them.
func parentFault(k *walk, child *value, properties []string) (why string, told bool) {
	r, parent := k.listing.res, k.listing.parent
	for _, property := range properties {
		v := at(child, property)
		switch {
		case v == nil:
		case referred(v, parent.res) == parent.id:
			return "", true
		case !told:
			told = true
			why = fmt.Sprintf("%s has %s with %s = %s, its parent is %s", k.pages[0].answer.call, clip(r.keyOf(child)), property, show(v), parent.id)
		}
	}
	return why, told
}

// judgeApart judges that the children of different parents differ.
func (w *world) judgeApart(nested []*walk) {
	for i, a := range nested {
		for _, b := range nested[:i] {
			if len(a.items) == 0 || len(b.items) == 0 {
				continue
			}
			w.tally.judge(checkParent, a.listing.res, sharedFault(a, b))
		}
	}
}

// sharedFault is what the lists below two parents share; "" nothing that
// matters. Ids that count from one for each parent may repeat, the same items
// throughout may not.
func sharedFault(a, b *walk) string {
	r := a.listing.res
	where := fmt.Sprintf("%s and %s", b.pages[0].answer.call, a.pages[0].answer.call)
	if r.globalIDs() && r.referenceTo(a.listing.parent.res.Name) != "" {
		keys := b.keys()
		for _, key := range a.keys() {
			if slices.Contains(keys, key) {
				return where + " both have " + clip(key)
			}
		}
		return ""
	}
	if len(a.items) != len(b.items) {
		return ""
	}
	for i := range a.items {
		if !definition.Equal(a.items[i], b.items[i]) {
			return ""
		}
	}
	return fmt.Sprintf("%s have the same %d items", where, len(a.items))
}
