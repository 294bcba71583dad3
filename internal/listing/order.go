package listing

// This file is on the hot path: see select.go. Texts are parsed once, into
// keys that compare as the values do.

import (
	"math"
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
