package listing

import (
	"sort"
	"strconv"
)

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
