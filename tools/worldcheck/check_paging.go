package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// checkPages judges the paging of the fullest list of a resource.
func (w *world) checkPages(r *resource) {
	large := w.fullest(r)
	if large == nil || r.List.Style == "" {
		return
	}
	if !large.usable() {
		w.tally.skip(checkPaging, r, "the list is too long to be read whole")
		return
	}
	n := len(large.items)
	w.judgeOnce(large, large)
	w.judgeTold(large, n)
	w.checkDefaultSize(large)
	size := w.smallSize(large.listing, n)
	if size == 0 {
		w.tally.skip(checkPaging, r, "no size makes several pages of %d items", n)
		return
	}
	small := w.walk(large.listing, size, nil)
	if small.fault != "" {
		w.tally.fail(checkPaging, r, "%s", small.fault)
		return
	}
	if small.lost {
		w.tally.skip(checkPaging, r, "items have no id that would lead to the next page")
		return
	}
	if small.partial && small.turns() {
		w.tally.fail(checkPaging, r, "%s goes on after %d items, there are %d on large pages", small.pages[0].answer.call, len(small.items), n)
		return
	}
	if small.turns() {
		w.judgeOnce(small, large)
		w.judgeTold(small, n)
	}
	w.tally.judge(checkPaging, r, sizeFault(small, n))
}

// fullest is the list of a resource with the most items; nil where none could
// be read.
func (w *world) fullest(r *resource) *walk {
	var best *walk
	for _, k := range w.walks(r) {
		if k.fault == "" && (best == nil || len(k.items) > len(best.items)) {
			best = k
		}
	}
	return best
}

// judgeOnce judges that pages have each item once, and the items of another
// walk.
func (w *world) judgeOnce(k, other *walk) {
	w.tally.judge(checkPaging, k.listing.res, setFault(k, k.keys(), other.keys()))
}

// setFault is how the keys of a walk differ from those that are expected; ""
// not at all.
func setFault(k *walk, keys, expected []string) string {
	first := k.pages[0].answer.call
	seen := map[string]bool{}
	for _, key := range keys {
		if seen[key] {
			return fmt.Sprintf("%s and its pages have %s twice", first, clip(key))
		}
		seen[key] = true
	}
	for _, key := range expected {
		if !seen[key] {
			return fmt.Sprintf("%s and its pages lack %s: %d items, expected %d", first, clip(key), len(keys), len(expected))
		}
	}
	for _, key := range keys {
		if !slices.Contains(expected, key) {
			return fmt.Sprintf("%s and its pages have %s, which is not expected: %d items, expected %d", first, clip(key), len(keys), len(expected))
		}
	}
	return ""
}

// judgeTold judges what pages tell about the list of n items: how many there
// are, and whether there are more.
func (w *world) judgeTold(k *walk, n int) {
	s := &k.listing.res.List
	total, more, next := "", "", ""
	totals, flags, links := 0, 0, false
	seen := 0
	for _, p := range k.pages {
		seen += len(p.items)
		last := seen >= n
		if v := s.found(s.Total, p.answer); v != nil {
			totals++
			if t, ok := v.Int(); !ok || t != n {
				total = fmt.Sprintf("%s tells %s = %s, there are %d", p.answer.call, s.Total, show(v), n)
			}
		}
		if goesOn, told := s.more(p.answer); told {
			flags++
			if goesOn == last {
				more = fmt.Sprintf("%s tells %s = %s after %d of %d items", p.answer.call, s.More, show(s.found(s.More, p.answer)), seen, n)
			}
		}
		links = links || p.next != ""
		if (p.next == "") != last {
			next = fmt.Sprintf("%s tells %s = %q after %d of %d items", p.answer.call, cmp.Or(s.Next, "Link"), clip(p.next), seen, n)
		}
	}
	if totals > 0 {
		w.tally.judge(checkPaging, k.listing.res, total)
	}
	if flags > 0 {
		w.tally.judge(checkPaging, k.listing.res, more)
	}
	if s.Style != "after" && !s.nextIsEnd() && (s.Next != "" || links) {
		w.tally.judge(checkPaging, k.listing.res, next)
	}
}

// checkDefaultSize judges how many items a list has that is asked for no size.
func (w *world) checkDefaultSize(large *walk) {
	r := large.listing.res
	if r.List.DefaultSize <= 0 || r.List.Style == "none" && r.List.Size == "" {
		return
	}
	a := w.readAt(r, w.requests.call(large.listing.op, large.listing.path, nil))
	rows := large.listing.rows(a.body)
	if !a.ok() || rows == nil || r.List.Size != "" && strings.Contains(a.call.target, escape(r.List.Size)+"=") {
		return
	}
	why := ""
	if want := min(r.List.DefaultSize, len(large.items)); rows.Len() != want {
		why = fmt.Sprintf("%s has %d of %d items, the default size is %d", a.call, rows.Len(), len(large.items), r.List.DefaultSize)
	}
	w.tally.judge(checkPaging, r, why)
}

// sizeFault is how the pages of a list of n items don't honour the size that
// was asked for; "" not at all.
func sizeFault(k *walk, n int) string {
	seen := 0
	for _, p := range k.pages {
		want := min(k.size, n-seen)
		seen += len(p.items)
		if len(p.items) != want {
			return fmt.Sprintf("%s has %d items, expected %d", p.answer.call, len(p.items), want)
		}
	}
	return ""
}
