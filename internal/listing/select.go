package listing

// This file is on the hot path: every list call of a living resource selects
// by it. BenchmarkSelect guards it.

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Items are the items that exist, in the order of their creation.
type Items interface {
	Len() int
	// At gives an item, which is never changed.
	At(i int) *definition.Value
	// Key gives an item's id as text.
	Key(i int) string
	// Texts gives the text of a property, named by a dotted path, of each item
	// in order: Absent where an item lacks it or has null. The slice is never
	// changed.
	Texts(property string) []string
}

// Ordered is what Items may know besides, so that cursors stay exact whatever
// is created and deleted between two pages.
type Ordered interface {
	// Serial gives a number above 0 that grows from item to item and is never
	// given to another one.
	Serial(i int) uint64
	// Find gives the serial of the item of a key, also of one that was deleted
	// as far as that is remembered.
	Find(key string) (serial uint64, ok bool)
}

// Absent marks a missing value in the texts of a property. No text of a JSON
// value that people write is equal to it.
const Absent = "\x00"

// Page is what a request gets: the items, and where they stand among all that
// the request's filters let through.
type Page struct {
	Rows  []int // indexes into the items
	Style Style // that the page was asked for in
	Total int   // of all pages

	HasMore     bool
	HasPrevious bool

	Offset int // how many items come before
	Size   int // of a full page; all items where there are no pages
	Number int // as the API counts pages
	First  int // the number of the first page
	Last   int // the number of the last page, First where there are no items

	Next        string // the cursor of the next page, "" where there is none
	Previous    string
	StartCursor string // of the page's first item, "" where it has none
	EndCursor   string
	FirstKey    string // the id of the page's first item, "" where it has none
	LastKey     string

	// Unknown is the parameter that names an item that isn't there and never
	// was, as far as can be told; the page is empty then.
	Unknown string
}

// Pages is the number of pages that there are.
func (p *Page) Pages() int {
	if p.Total == 0 {
		return 0
	}
	return p.Last - p.First + 1
}

// Select gives the page: the indexes of its items in order, and facts.
func (q *Query) Select(items Items) Page {
	rows := q.rows(items)
	o := newOrder(items, q.Sort, rows, q.plan.Paging.Newest)
	page := Page{Style: q.Style, Total: o.n, First: q.plan.Paging.First, Size: q.Size}
	if q.Size < 0 {
		page.Size = o.n
	}
	left, base, limit := stretch{hi: o.n}, 0, o.n
	start, fromEnd := 0, false
	switch {
	case q.after.isOffset(items):
		start = q.after.offset
	case q.after != nil || q.before != nil:
		var ok bool
		if left, base, limit, ok = q.bounded(o); !ok {
			page.Unknown = q.parameter
			page.Number, page.Last = page.First, q.lastPage(&page)
			return page
		}
		fromEnd = q.after == nil && !q.plan.Paging.Front
	case q.Style == StylePage:
		start = (q.Number - page.First) * page.Size
	case q.Style == StyleOffset:
		start = q.Offset
	}
	from := min(start, left.len())
	to := min(from+page.Size, left.len())
	if fromEnd {
		from, to = max(left.len()-page.Size, 0), left.len()
	}
	page.Rows = o.window(left, from, to)
	page.Offset = base + max(start, from)
	page.HasMore = base+to < limit
	page.HasPrevious = page.Offset > 0 && page.Total > 0
	page.Last = q.lastPage(&page)
	page.Number = page.First
	if page.Size > 0 {
		page.Number += page.Offset / page.Size
	}
	if q.Style == StylePage {
		page.Number = q.Number
	}
	q.setEnds(&page, o, items)
	return page
}

func (q *Query) lastPage(page *Page) int {
	if page.Size <= 0 || page.Total == 0 {
		return page.First
	}
	return page.First + (page.Total-1)/page.Size
}

// bounded gives the positions between the cursors, how many come before them,
// and up to where there is more to give.
func (q *Query) bounded(o *order) (left stretch, base, limit int, ok bool) {
	var after, before *place
	if q.after != nil {
		if after, ok = o.place(q.after); !ok {
			return left, 0, 0, false
		}
	}
	if q.before != nil {
		if before, ok = o.place(q.before); !ok {
			return left, 0, 0, false
		}
	}
	if o.straight() {
		left = o.cut(after, before)
		base = left.lo
	} else {
		left, base = o.choose(after, before, q.plan.Paging.Inclusive)
	}
	limit = o.n
	if before != nil && (after != nil || q.plan.Paging.Front) {
		limit = base + left.len()
	}
	return left, base, limit, true
}

// cut gives the stretch between two places where positions are in order.
func (o *order) cut(after, before *place) stretch {
	s := stretch{hi: o.n}
	if after != nil {
		s.lo = o.upTo(after.hi)
	}
	if before != nil {
		s.hi = max(o.upTo(before.lo), s.lo)
	}
	return s
}

// choose gives the positions between two places, and how many come before
// them.
func (o *order) choose(after, before *place, inclusive bool) (left stretch, base int) {
	left.list = []int32{}
	for pos := range o.n {
		if after != nil {
			if c := o.compare(pos, after); c < 0 || c == 0 && !inclusive {
				base++
				continue
			}
		}
		if before == nil || o.compare(pos, before) < 0 {
			left.list = append(left.list, int32(pos))
		}
	}
	return left, base
}

// setEnds tells the keys and cursors of the page's ends.
func (q *Query) setEnds(page *Page, o *order, items Items) {
	if len(page.Rows) == 0 {
		return
	}
	first, last := page.Rows[0], page.Rows[len(page.Rows)-1]
	page.FirstKey, page.LastKey = items.Key(first), items.Key(last)
	pg := &q.plan.Paging
	if pg.Token == "" && pg.After == "" && pg.Before == "" {
		return
	}
	if pg.Keyed && pg.Token == "" {
		page.StartCursor, page.EndCursor = page.FirstKey, page.LastKey
		if pg.Inclusive && page.HasMore {
			page.EndCursor = o.following(last)
		}
	} else {
		end := page.Offset + len(page.Rows)
		page.StartCursor = pg.form.write(o.mark(first, true), max(page.Offset-page.Size, 0))
		page.EndCursor = pg.form.write(o.mark(last, false), end)
	}
	if page.HasMore {
		page.Next = page.EndCursor
	}
	if page.HasPrevious {
		page.Previous = page.StartCursor
	}
}

// rows gives the items that the filters and the search let through, nil for
// all of them.
func (q *Query) rows(items Items) []int32 {
	if len(q.conditions) == 0 && q.Search == "" {
		return nil
	}
	var rows []int32
	rest := q.conditions
	if len(rest) > 0 && !rest[0].deep && len(rest[0].columns) == 1 {
		rows = rest[0].gather(items.Texts(rest[0].columns[0]), items.Len())
		rest = rest[1:]
	} else {
		rows = make([]int32, items.Len())
		for i := range rows {
			rows[i] = int32(i)
		}
	}
	for i := range rest {
		c := &rest[i]
		switch {
		case c.deep:
			rows = c.filterDeep(items, rows)
		case len(c.columns) == 1:
			rows = c.filterColumn(items.Texts(c.columns[0]), rows)
		default:
			rows = c.filterColumns(items, rows)
		}
	}
	if q.Search == "" {
		return rows
	}
	kept := rows[:0]
	for _, row := range rows {
		if mentions(items.At(int(row)), q.Search, 0) {
			kept = append(kept, row)
		}
	}
	return kept
}

// mentions reports whether a string of an item, or of what stands one level
// inside of it, has the text.
func mentions(v *definition.Value, text string, depth int) bool {
	for i := range v.Kids {
		kid := &v.Kids[i]
		switch kid.Kind {
		case definition.String:
			if containsFold(kid.Text, text) {
				return true
			}
		case definition.Object, definition.Array:
			// The strings of a list and of its objects count as one level.
			if (depth < 1 || depth < 2 && v.Kind == definition.Array) && mentions(kid, text, depth+1) {
				return true
			}
		}
	}
	return false
}

// gather gives those of n rows that the condition holds for.
func (c *condition) gather(texts []string, n int) []int32 {
	kept := make([]int32, 0, n/8+16)
	for row := range int32(n) {
		if c.holdsFor(texts, row) {
			kept = append(kept, row)
		}
	}
	return kept
}

// filterColumn keeps the rows that the condition holds for, in place.
func (c *condition) filterColumn(texts []string, rows []int32) []int32 {
	kept := rows[:0]
	for _, row := range rows {
		if c.holdsFor(texts, row) {
			kept = append(kept, row)
		}
	}
	return kept
}

func (c *condition) holdsFor(texts []string, row int32) bool {
	if int(row) >= len(texts) || texts[row] == Absent {
		return c.absent != c.negate
	}
	return c.match(texts[row]) != c.negate
}

func (c *condition) filterDeep(items Items, rows []int32) []int32 {
	kept := rows[:0]
	path := strings.Split(c.columns[0], ".")
	for _, row := range rows {
		if c.holdsIn(items.At(int(row)), path) != c.negate {
			kept = append(kept, row)
		}
	}
	return kept
}

func (c *condition) filterColumns(items Items, rows []int32) []int32 {
	kept := rows[:0]
	columns := make([][]string, 0, len(c.columns))
	for _, name := range c.columns {
		columns = append(columns, items.Texts(name))
	}
	for _, row := range rows {
		if c.holds(columns, row) != c.negate {
			kept = append(kept, row)
		}
	}
	return kept
}

func (c *condition) holds(columns [][]string, row int32) bool {
	absent := true
	for _, texts := range columns {
		text := Absent
		if int(row) < len(texts) {
			text = texts[row]
		}
		if text == Absent {
			continue
		}
		if absent = false; c.match(text) {
			return true
		}
	}
	return absent && c.absent
}

// holdsIn looks into an item: through lists, and into objects for what
// identifies them.
func (c *condition) holdsIn(item *definition.Value, path []string) bool {
	seen := false
	found := leaves(item, path, func(text string) bool {
		seen = true
		return c.match(text)
	})
	return found || !seen && c.absent
}

func leaves(v *definition.Value, path []string, f func(string) bool) bool {
	switch {
	case v == nil:
		return false
	case v.Kind == definition.Array:
		return slices.ContainsFunc(v.Kids, func(kid definition.Value) bool { return leaves(&kid, path, f) })
	case len(path) > 0:
		return leaves(v.Get(path[0]), path[1:], f)
	case v.Kind == definition.Object:
		for _, name := range identities() {
			if kid := v.Get(name); kid != nil && kid.Kind != definition.Null && len(kid.Kids) == 0 && f(kid.Text) {
				return true
			}
		}
		return false
	case v.Kind == definition.Null || v.Kind == definition.Invalid:
		return false
	}
	return f(v.Text)
}
