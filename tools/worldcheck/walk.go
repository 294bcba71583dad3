package main

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Bounds of what is read of one list.
const (
	maxPages = 40
	maxItems = 2000
)

// listing is one list of a resource: an operation with the path's values.
type listing struct {
	res    *resource
	op     *definition.Operation
	path   map[string]string
	parent *instance // whose children it has; nil at the top
}

// page is one answer of a list.
type page struct {
	answer *answer
	items  []*value
	next   string // where the list goes on, "" where it tells no place
}

// walk is a list, read page by page.
type walk struct {
	listing *listing
	pages   []page
	items   []*value
	size    int    // that was asked for; 0 none
	partial bool   // it has more than is read
	lost    bool   // items have no id that would lead to the next page
	fault   string // why it could not be read
}

// keys are the items' ids.
func (k *walk) keys() []string {
	keys := make([]string, len(k.items))
	for i, item := range k.items {
		keys[i] = k.listing.res.keyOf(item)
	}
	return keys
}

// usable tells whether a walk has read the whole list.
func (k *walk) usable() bool { return k.fault == "" && !k.partial && !k.lost }

// walk reads a list to its end, in pages of a size where the list takes one,
// with more of a query.
func (w *world) walk(l *listing, size int, query []pair) *walk {
	k := &walk{listing: l}
	if s := l.res.List.Size; s != "" && takes(l.op, s) && size > 0 && !given(query, s) {
		k.size = size
		query = over([]pair{newPair(s, strconv.Itoa(size))}, query)
	}
	seen := map[string]bool{}
	for place := w.firstPlace(l); ; {
		a := w.get(l.res, w.requests.call(l.op, l.path, over(place, query)))
		if !a.ok() {
			if k.pages == nil || a.fault != "" || !k.short() {
				k.fault = a.said()
			}
			return k
		}
		p := page{answer: a, next: l.res.List.next(a)}
		rows := l.rows(a.body)
		if rows == nil {
			k.fault = a.call.String() + " has no array at " + l.res.rows()
			return k
		}
		k.dropRepeated(rows)
		for i := range rows.Kids {
			p.items = append(p.items, &rows.Kids[i])
		}
		k.pages, k.items = append(k.pages, p), append(k.items, p.items...)
		var more bool
		if place, more = k.nextPlace(); !more {
			// Without a way to go on, a full page may not be all.
			k.partial = k.size > 0 && len(p.items) >= k.size && !k.turns()
			return k
		}
		if len(k.pages) >= maxPages || len(k.items) >= maxItems {
			k.partial = true
			return k
		}
		at := encode(place)
		if seen[at] {
			k.fault = a.call.String() + " leads to a page that was read before: " + clip(at)
			return k
		}
		seen[at] = true
	}
}

// dropRepeated takes the first item away where a page begins, by what its
// parameter means, with the last of the page before.
func (k *walk) dropRepeated(rows *value) {
	r := k.listing.res
	if plain(r.List.turn()) == "maxid" && len(k.items) > 0 && len(rows.Kids) > 0 && r.keyOf(&rows.Kids[0]) == r.keyOf(k.items[len(k.items)-1]) {
		rows.Kids = rows.Kids[1:]
	}
}

// rows is the array of an answer. A list at another path of a resource may
// have another envelope: the only array of it is taken.
func (l *listing) rows(body *value) *value {
	rows := pointed(body, l.res.rows())
	if rows.Is(definition.Array) {
		return rows
	}
	if l.op == l.res.list {
		return nil
	}
	if body.Is(definition.Array) {
		return body
	}
	var found *value
	for i := range body.Kids {
		if body.Kids[i].Is(definition.Array) {
			if found != nil {
				return nil
			}
			found = &body.Kids[i]
		}
	}
	return found
}

// turn is the parameter that leads from page to page.
func (s *listShape) turn() string {
	candidates := map[string][]string{
		"page": {s.Page}, "offset": {s.Offset}, "after": {s.After}, "cursor": {s.After, s.Token}, "token": {s.Token, s.After, s.Page},
	}[s.Style]
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}

// byPlace tells whether pages are asked for by their number or offset.
func (s *listShape) byPlace() bool { return s.Style == "page" || s.Style == "offset" }

// firstPlace asks for the first page of a list outright, where it can be named.
func (w *world) firstPlace(l *listing) []pair {
	s := &l.res.List
	turn := s.turn()
	if turn == "" || !s.byPlace() || !takes(l.op, turn) {
		return nil
	}
	n := s.First
	if s.Style == "offset" {
		n = 0
	}
	if pairs, ok := w.requests.typed(l.op, turn, strconv.Itoa(n)); ok {
		return pairs
	}
	return nil
}

// nextPlace is where the list goes on; more is false at its end.
func (k *walk) nextPlace() (place []pair, more bool) {
	s := &k.listing.res.List
	turn := s.turn()
	last := k.pages[len(k.pages)-1]
	if !k.turns() || len(last.items) == 0 {
		return nil, false
	}
	if s.Style == "cursor" || s.Style == "token" {
		switch {
		case s.Next == "" && turn == s.After && k.pages[0].next == "":
			return k.afterLast(turn)
		case s.nextIsEnd() && k.ended():
			return nil, false
		}
		return followed(turn, last.next), last.next != ""
	}
	if k.ended() {
		return nil, false
	}
	switch s.Style {
	case "page":
		return []pair{newPair(turn, strconv.Itoa(s.First+len(k.pages)))}, true
	case "offset":
		return []pair{newPair(turn, strconv.Itoa(len(k.items)))}, true
	case "after":
		return k.afterLast(turn)
	}
	return nil, false
}

// turns tells whether the list has pages that can be asked for.
func (k *walk) turns() bool {
	turn := k.listing.res.List.turn()
	return turn != "" && takes(k.listing.op, turn)
}

// afterLast goes on after the last item that was read.
func (k *walk) afterLast(turn string) (place []pair, more bool) {
	if k.ended() {
		return nil, false
	}
	last := k.pages[len(k.pages)-1]
	id := k.listing.res.idOf(k.items[len(k.items)-1])
	if k.listing.res.List.nextIsEnd() && last.next != "" {
		id = last.next
	}
	k.lost = id == ""
	return []pair{newPair(turn, id)}, id != ""
}

// followed asks for what an answer names as the next page: a value for the
// parameter, or a URL.
func followed(turn, next string) []pair {
	if !strings.Contains(next, "://") && !strings.HasPrefix(next, "/") {
		return []pair{newPair(turn, next)}
	}
	u, err := url.Parse(next)
	if err != nil {
		return []pair{newPair(turn, next)}
	}
	return decode(u.RawQuery)
}

// short tells whether the last page has fewer items than a full one.
func (k *walk) short() bool {
	full := k.size
	if full == 0 {
		full = max(k.listing.res.List.DefaultSize, len(k.pages[0].items))
	}
	return len(k.pages[len(k.pages)-1].items) < full
}

// ended tells whether the last page that was read is the last of the list: it
// says so, or has room left and doesn't say the contrary.
func (k *walk) ended() bool {
	s, last := &k.listing.res.List, k.pages[len(k.pages)-1]
	if more, told := s.more(last.answer); told {
		return !more
	}
	return k.short() && (s.nextIsEnd() || last.next == "")
}

// more is what an answer tells of whether there is another page. Some tell
// whether theirs is the last.
func (s *listShape) more(a *answer) (more, told bool) {
	v := s.found(s.More, a)
	if !v.Is(definition.Bool) {
		return false, false
	}
	switch plain(s.More[strings.LastIndexByte(s.More, '/')+1:]) {
	case "last", "islast", "lastpage", "islastpage", "end", "isend", "complete", "done":
		return !v.True(), true
	}
	return v.True(), true
}

// nextIsEnd tells whether what is named as the next page is the cursor, or the
// id, of the last item: it is there on the last page, too.
func (s *listShape) nextIsEnd() bool {
	switch plain(s.Next[strings.LastIndexByte(s.Next, '/')+1:]) {
	case "end", "endcursor", "last", "lastid", "lastcursor":
		return true
	}
	return false
}

// found is what a pointer into the body, or the name of a header, leads to.
func (s *listShape) found(where string, a *answer) *value {
	switch {
	case where == "":
		return nil
	case where[0] == '/':
		return pointed(a.body, where)
	}
	name := strings.TrimPrefix(where, "header:")
	h := a.header.Get(name)
	if h == "" {
		return nil
	}
	v := definition.NewString(h)
	if _, err := strconv.Atoi(h); err == nil {
		v.Kind = definition.Number
	}
	return &v
}

// next is what an answer names as the next page, "" nothing. Where the body has
// no place for it, a Link header may tell.
func (s *listShape) next(a *answer) string {
	if s.Next == "" {
		return linked(a.header.Get("Link"), "next")
	}
	v := s.found(s.Next, a)
	if !isScalar(v) || v.Is(definition.Bool) || v.Is(definition.Number) && v.Text == "0" {
		return ""
	}
	if strings.HasPrefix(v.Text, "<") {
		return linked(v.Text, "next")
	}
	return v.Text
}

// linked is the URL of a relation in a Link header (RFC 8288).
func linked(header, relation string) string {
	for part := range strings.SplitSeq(header, ",") {
		target, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		names := strings.Split(strings.ReplaceAll(parameters, " ", ""), ";")
		if slices.Contains(names, `rel="`+relation+`"`) || slices.Contains(names, "rel="+relation) {
			return strings.Trim(target, "<>")
		}
	}
	return ""
}

// largeSize is the greatest size that the list takes, 100 at most where it
// tells none; 0 where it takes no size.
func (w *world) largeSize(l *listing) int {
	return w.allowedSize(l, []int{l.res.List.MaxSize, 100, 50, 25, 20, 10, l.res.List.DefaultSize})
}

// smallSize is a size that makes a few pages of n items; 0 where there is none.
func (w *world) smallSize(l *listing, n int) int {
	var sizes []int
	for s := max(1, (n+7)/8); s < n; s++ {
		if s > 1 || n <= 3 {
			sizes = append(sizes, s)
		}
	}
	return w.allowedSize(l, sizes)
}

func (w *world) allowedSize(l *listing, sizes []int) int {
	name := l.res.List.Size
	if name == "" || !takes(l.op, name) {
		return 0
	}
	for _, s := range sizes {
		if s <= 0 {
			continue
		}
		if _, ok := w.requests.typed(l.op, name, strconv.Itoa(s)); ok {
			return s
		}
	}
	return 0
}
