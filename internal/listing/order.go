package listing

// This file is on the hot path: see select.go. Texts are parsed once, into
// keys that compare as the values do.

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// order is the rows of a selection with what they are sorted by. A position is
// an index into rows.
type order struct {
	items  Items
	rows   []int32 // nil: all items
	n      int     // the number of rows
	terms  []ranked
	newest bool // in the reverse order of creation
}

// ranked is a property that rows are sorted by.
type ranked struct {
	Term
	texts []string // of all items, nil for the order of creation
	keys  []uint64 // by position
}

// The keys of absent values, which come last in either direction, and of those
// that keys can't tell apart from others.
const (
	keyAbsent = math.MaxUint64
	keyLast   = math.MaxUint64 - 1
)

func newOrder(items Items, terms []Term, rows []int32, newest bool) *order {
	o := &order{items: items, rows: rows, n: len(rows), newest: newest && len(terms) == 0}
	if rows == nil {
		o.n = items.Len()
	}
	for _, t := range terms {
		r := ranked{Term: t, keys: make([]uint64, o.n)}
		if t.Property != "" {
			r.texts = items.Texts(t.Property)
		}
		for i := range r.keys {
			if row := o.row(int32(i)); r.texts == nil {
				r.keys[i] = r.direct(uint64(row))
			} else {
				r.keys[i] = r.key(r.text(row))
			}
		}
		o.terms = append(o.terms, r)
	}
	return o
}

func (o *order) row(pos int32) int32 {
	if o.rows == nil {
		return pos
	}
	return o.rows[pos]
}

// straight reports whether positions are in order as they are.
func (o *order) straight() bool { return len(o.terms) == 0 && !o.newest }

// stretch is a part of the positions, which ascend: those from lo up to hi, or
// a list of them.
type stretch struct {
	lo, hi int
	list   []int32 // where it isn't nil
}

func (s *stretch) len() int {
	if s.list != nil {
		return len(s.list)
	}
	return s.hi - s.lo
}

func (s *stretch) positions() []int32 {
	if s.list != nil {
		return s.list
	}
	list := make([]int32, s.hi-s.lo)
	for i := range list {
		list[i] = int32(s.lo + i)
	}
	return list
}

func (r *ranked) text(row int32) string {
	if int(row) < len(r.texts) {
		return r.texts[row]
	}
	return Absent
}

// key gives a number that orders as the text does: where two are equal, the
// texts decide.
func (r *ranked) key(text string) uint64 {
	if text == Absent {
		return keyAbsent
	}
	switch r.kind {
	case kindNumber, kindUnix:
		if n, ok := parseNumber(text); ok {
			return r.direct(orderedFloat(n))
		}
		return keyLast
	case kindTime:
		if t, ok := parseTime(text); ok {
			return r.direct(uint64(t) ^ 1<<63)
		}
		return keyLast
	}
	var k uint64
	for i := range 8 {
		k <<= 8
		if i < len(text) {
			k |= uint64(text[i])
		}
	}
	return r.direct(k)
}

func (r *ranked) direct(k uint64) uint64 {
	if r.Descending {
		k = ^k
	}
	return min(k, keyLast)
}

// orderedFloat gives bits that compare as the numbers do.
func orderedFloat(f float64) uint64 {
	bits := math.Float64bits(f + 0) // -0 is 0
	if f == 0 {
		bits = 0
	}
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

// settle compares two texts whose keys are equal. What is no number or time
// comes after what is.
func (r *ranked) settle(a, b string) int {
	if a == b || a == Absent && b == Absent {
		return 0
	}
	order := 0
	switch r.kind {
	case kindTime:
		ta, okA := parseTime(a)
		tb, okB := parseTime(b)
		switch {
		case okA && okB:
			order = compare(ta, tb)
		case okA != okB:
			return first(okA)
		default:
			order = strings.Compare(a, b)
		}
	case kindNumber, kindUnix:
		_, okA := parseNumber(a)
		_, okB := parseNumber(b)
		switch {
		case okA && okB:
			order = compareNumbers(a, b)
		case okA != okB:
			return first(okA)
		default:
			order = strings.Compare(a, b)
		}
	default:
		order = strings.Compare(a, b)
	}
	if r.Descending {
		return -order
	}
	return order
}

func first(a bool) int {
	if a {
		return -1
	}
	return 1
}

func compare[T int64 | uint64 | int32](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// comparePositions orders two positions; those that are equal by all terms
// keep the order of creation.
func (o *order) comparePositions(a, b int32) int {
	for i := range o.terms {
		r := &o.terms[i]
		if ka, kb := r.keys[a], r.keys[b]; ka != kb {
			if ka < kb {
				return -1
			}
			return 1
		}
		if r.texts == nil {
			continue
		}
		if c := r.settle(r.text(o.row(a)), r.text(o.row(b))); c != 0 {
			return c
		}
	}
	if o.newest {
		return compare(b, a)
	}
	return compare(a, b)
}

// window gives the rows that stand from one place to another in a stretch when
// it is in order.
func (o *order) window(left stretch, from, to int) []int {
	if from >= to {
		return []int{}
	}
	if o.straight() && left.list == nil {
		rows := make([]int, 0, to-from)
		for pos := left.lo + from; pos < left.lo+to; pos++ {
			rows = append(rows, int(o.row(int32(pos))))
		}
		return rows
	}
	positions := left.positions()
	n := len(positions)
	var sorted []int32
	switch {
	case o.newest:
		sorted = positions[n-to : n-from]
		slices.Reverse(sorted)
	case to <= n/64:
		sorted = smallest(positions, to, o.comparePositions)[from:]
	default:
		sorted = between(positions, from, to, o.comparePositions)
	}
	rows := make([]int, len(sorted))
	for i, pos := range sorted {
		rows[i] = int(o.row(pos))
	}
	return rows
}

// smallest gives the k smallest elements in order: of a heap whose root is the
// greatest that is kept.
func smallest(list []int32, k int, compare func(a, b int32) int) []int32 {
	heap := slices.Clone(list[:k])
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= k {
				return
			}
			if child+1 < k && compare(heap[child+1], heap[child]) > 0 {
				child++
			}
			if compare(heap[i], heap[child]) >= 0 {
				return
			}
			heap[i], heap[child] = heap[child], heap[i]
			i = child
		}
	}
	for i := k/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for _, x := range list[k:] {
		if compare(x, heap[0]) < 0 {
			heap[0] = x
			sink(0)
		}
	}
	slices.SortFunc(heap, compare)
	return heap
}

// between gives the elements that stand from one place to another in order. It
// parts the list around pivots until little more than these is left to sort;
// no two elements are equal, so that the choice of pivots shows in nothing.
func between(list []int32, from, to int, compare func(a, b int32) int) []int32 {
	lo, hi := 0, len(list)
	for rounds := 64; rounds > 0 && hi-lo > 2*(to-from)+64; rounds-- {
		m := part(list[lo:hi], compare) + lo
		switch {
		case to <= m:
			hi = m
		case from > m:
			lo = m + 1
		default:
			rounds = 0
		}
	}
	slices.SortFunc(list[lo:hi], compare)
	return list[from:to]
}

// part moves what is less than a pivot before it, and gives the pivot's index.
func part(list []int32, compare func(a, b int32) int) int {
	last := len(list) - 1
	middle := last / 2
	if compare(list[middle], list[0]) < 0 {
		list[middle], list[0] = list[0], list[middle]
	}
	if compare(list[last], list[0]) < 0 {
		list[last], list[0] = list[0], list[last]
	}
	if compare(list[middle], list[last]) < 0 {
		list[middle], list[last] = list[last], list[middle]
	}
	m := 0
	for i := range last {
		if compare(list[i], list[last]) < 0 {
			list[i], list[m] = list[m], list[i]
			m++
		}
	}
	list[m], list[last] = list[last], list[m]
	return m
}

// place is where a mark stands among the items that there are now: behind lo
// items in the order of creation; hi is lo+1 where the item itself is there.
type place struct {
	lo, hi int
	keys   []uint64 // by term
	texts  []string
}

// compare tells whether a position stands before, at or after a place.
func (o *order) compare(pos int, p *place) int {
	row := int(o.row(int32(pos)))
	for i := range o.terms {
		r := &o.terms[i]
		if r.texts == nil {
			if c := o.created(row, p); c != 0 && r.Descending {
				return -c
			} else if c != 0 {
				return c
			}
			continue
		}
		if k := r.keys[pos]; k != p.keys[i] {
			return compare(k, p.keys[i])
		}
		if c := r.settle(r.text(int32(row)), p.texts[i]); c != 0 {
			return c
		}
	}
	if o.newest {
		return -o.created(row, p)
	}
	return o.created(row, p)
}

func (o *order) created(row int, p *place) int {
	switch {
	case row < p.lo:
		return -1
	case row >= p.hi:
		return 1
	}
	return 0
}

// place finds a mark; ok is false where it names an item that can't be placed.
func (o *order) place(m *mark) (*place, bool) {
	lo, hi, ok := locate(o.items, m)
	if !ok {
		return nil, false
	}
	p := &place{lo: lo, hi: hi}
	for i := range o.terms {
		r := &o.terms[i]
		text := Absent
		switch {
		case r.texts == nil:
		case len(m.values) == len(o.terms):
			text = m.values[i]
		case hi > lo:
			text = r.text(int32(lo))
		default:
			return nil, false // it is gone, and nobody knows what it was sorted by
		}
		p.keys = append(p.keys, r.key(text))
		p.texts = append(p.texts, text)
	}
	return p, true
}

// isOffset reports whether a mark counts items: where its text could be a key,
// too, it is one if there is such an item.
func (m *mark) isOffset(items Items) bool {
	if m == nil || !m.bare {
		return false
	}
	return m.key == "" || m.offset > 0 && indexOf(items, m.key, -1) < 0
}

// locate finds how many items were created before a mark's, and up to it.
func locate(items Items, m *mark) (lo, hi int, ok bool) {
	if ordered, is := items.(Ordered); is {
		serial, found := ordered.Find(m.key)
		if !found && m.serial > 0 {
			serial, found = m.serial, true
		}
		if found {
			lo = sort.Search(items.Len(), func(i int) bool { return ordered.Serial(i) >= serial })
			hi = lo
			if lo < items.Len() && ordered.Serial(lo) == serial {
				hi++
			}
			return lo, hi, true
		}
	}
	if i := indexOf(items, m.key, m.index); i >= 0 {
		return i, i + 1, true
	}
	if m.bare {
		lo, ok = byNumber(items, m.key)
		return lo, lo, ok
	}
	if i := indexOf(items, m.next, m.index+1); i >= 0 {
		return i, i, true
	}
	if i := indexOf(items, m.prev, m.index-1); i >= 0 {
		return i + 1, i + 1, true
	}
	i := min(m.index, items.Len())
	return i, i, true
}

// indexOf finds an item by its key, first where it was.
func indexOf(items Items, key string, hint int) int {
	if key == "" {
		return -1
	}
	if hint >= 0 && hint < items.Len() && items.Key(hint) == key {
		return hint
	}
	for i := range items.Len() {
		if items.Key(i) == key {
			return i
		}
	}
	return -1
}

// byNumber finds where an item of the key would stand among items whose ids
// are numbers that grow, as snowflakes are.
func byNumber(items Items, key string) (int, bool) {
	want, err := strconv.ParseUint(key, 10, 64)
	if err != nil {
		return 0, false
	}
	at, last := 0, uint64(0)
	for i := range items.Len() {
		n, err := strconv.ParseUint(items.Key(i), 10, 64)
		if err != nil || i > 0 && n <= last {
			return 0, false
		}
		if last = n; n < want {
			at = i + 1
		}
	}
	return at, true
}

// mark makes a cursor's mark of a row.
func (o *order) mark(row int, back bool) *mark {
	m := &mark{back: back, index: row, key: o.items.Key(row)}
	if ordered, ok := o.items.(Ordered); ok {
		m.serial = ordered.Serial(row)
	} else {
		if row > 0 {
			m.prev = o.items.Key(row - 1)
		}
		if row+1 < o.items.Len() {
			m.next = o.items.Key(row + 1)
		}
	}
	for i := range o.terms {
		m.values = append(m.values, o.terms[i].text(int32(row)))
	}
	return m
}

// upTo is the number of rows that come before an item in the order of
// creation.
func (o *order) upTo(item int) int {
	return sort.Search(o.n, func(pos int) bool { return int(o.row(int32(pos))) >= item })
}

// following gives the key of the row that comes after another where items are
// in the reverse order of creation.
func (o *order) following(row int) string {
	i := o.upTo(row)
	if i == 0 {
		return ""
	}
	return o.items.Key(int(o.row(int32(i - 1))))
}
