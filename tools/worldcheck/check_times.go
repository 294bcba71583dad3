package main

import (
	"fmt"
	"slices"
)

// checkTimes judges that items were created before they were updated.
func (w *world) checkTimes(r *resource) {
	for _, i := range w.some(r) {
		item := w.whole(i)
		created, updated := timeNamed(item, "created", "creation"), timeNamed(item, "updated", "modified", "modification", "update", "lastmodified", "lastupdated", "lastmodification", "lastupdate")
		if created == nil || updated == nil {
			continue
		}
		why := ""
		if order, sure, ok := compared(created, updated); ok && sure && order > 0 {
			why = fmt.Sprintf("%s: %s = %s is after %s = %s", w.source(i), created.Key, show(created), updated.Key, show(updated))
		}
		w.tally.judge(checkTimes, r, why)
	}
}

// timeNamed is the first member of an item that is a time and has one of some
// names, with or without what often goes with them.
func timeNamed(item *value, names ...string) *value {
	if item == nil {
		return nil
	}
	for i := range item.Kids {
		k := &item.Kids[i]
		if _, _, ok := momentOf(k); !ok {
			continue
		}
		have := plain(k.Key)
		if slices.ContainsFunc(names, func(n string) bool {
			return slices.Contains([]string{n, n + "at", n + "on", n + "date", n + "time", n + "timestamp", n + "dateutc", "date" + n, "time" + n}, have)
		}) {
			return k
		}
	}
	return nil
}
