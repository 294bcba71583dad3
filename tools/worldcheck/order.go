package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

// timeForms are the ways to write a time that are told from other texts.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05.999999999Z0700", time.RFC1123Z, time.RFC1123,
}

// moment reads a text as a time. day tells that it is a date alone.
func moment(s string) (t time.Time, day, ok bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true, true
	}
	if ms, ok := strings.CutPrefix(s, "/Date("); ok { // as .NET writes it
		digits := strings.FieldsFunc(ms, func(r rune) bool { return r < '0' || r > '9' })
		if n, err := strconv.ParseInt(slices.Concat(digits, []string{""})[0], 10, 64); err == nil {
			return time.UnixMilli(n).UTC(), false, true
		}
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}

// verdict is whether an item should be in a list.
type verdict int

const (
	no verdict = iota
	yes
	unsure // implementations may differ
)

// compared is the order of two scalars; sure is false where collations, or a
// date and a time of that day, leave it open, and ok where there is none.
func compared(a, b *value) (order int, sure, ok bool) {
	if a.Is(definition.Number) && b.Is(definition.Number) {
		return definition.CompareNumbers(a.Text, b.Text), true, true
	}
	ta, dayA, okA := momentOf(a)
	tb, dayB, okB := momentOf(b)
	if okA && okB && (a.Is(definition.String) || b.Is(definition.String)) {
		sameDay := ta.UTC().Truncate(24*time.Hour).Equal(tb.UTC().Truncate(24*time.Hour)) && dayA != dayB
		return ta.Compare(tb), !sameDay, true
	}
	if isNumber(a) && isNumber(b) {
		return definition.CompareNumbers(a.Text, b.Text), true, true
	}
	if a.Kind != b.Kind || !isScalar(a) {
		return 0, false, false
	}
	plain := cmp.Compare(a.Text, b.Text)
	return plain, okA == okB && plain == cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), true
}

func isNumber(v *value) bool {
	if v.Is(definition.Number) {
		return true
	}
	_, err := strconv.ParseFloat(v.Str(), 64)
	return err == nil
}

// momentOf reads a time of a text, or of a number of seconds or milliseconds
// since 1970.
func momentOf(v *value) (t time.Time, day, ok bool) {
	if v.Is(definition.String) {
		return moment(v.Text)
	}
	n, ok := v.Int()
	switch {
	case !ok || n < 1e8:
		return time.Time{}, false, false
	case n > 1e11:
		return time.UnixMilli(int64(n)), false, true
	}
	return time.Unix(int64(n), 0), false, true
}

// monotone tells whether values rise, or all fall where direction is -1, by a
// collation that respects or one that ignores the case of letters. What is
// null stands at one end.
func monotone(values []*value, direction int) bool {
	return monotoneBy(values, direction, func(a, b *value) int {
		order, _, _ := compared(a, b)
		return order
	}) || monotoneBy(values, direction, func(a, b *value) int {
		if order, sure, _ := compared(a, b); sure {
			return order
		}
		return cmp.Compare(letters(a.Text), letters(b.Text))
	}) || monotoneBy(values, direction, func(a, b *value) int {
		return cmp.Compare(a.Text, b.Text)
	}) && !slices.ContainsFunc(values, func(v *value) bool { return v.Is(definition.Number) })
}

func letters(s string) string { return strings.ToLower(s) }

func monotoneBy(values []*value, direction int, compare func(a, b *value) int) bool {
	isNull := func(v *value) bool { return v == nil || v.Is(definition.Null) }
	first, last := 0, len(values)
	for first < last && isNull(values[first]) {
		first++
	}
	if first == 0 {
		for last > first && isNull(values[last-1]) {
			last--
		}
	}
	for i := first + 1; i < last; i++ {
		if isNull(values[i]) || compare(values[i-1], values[i])*direction > 0 {
			return false
		}
	}
	return true
}

// distinct gives the different scalars among values, in their order of first
// appearance.
func distinct(values []*value) []*value {
	var found []*value
	for _, v := range values {
		if isScalar(v) && !slices.ContainsFunc(found, func(f *value) bool { return f.Kind == v.Kind && sameScalar(f, v) }) {
			found = append(found, v)
		}
	}
	return found
}
