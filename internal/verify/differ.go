package verify

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// differ collects the first differences of a value from what is wanted.
type differ struct {
	place []string // where it is, from "body"
	limit int
	out   []Difference
}

// note takes a difference at the place; "" is nothing.
func (d *differ) note(got, want string) {
	if len(d.out) < d.limit {
		d.out = append(d.out, Difference{Place: slices.Clone(d.place), Got: got, Want: want})
	}
}

func (d *differ) full() bool { return len(d.out) >= d.limit }

// inside compares what lies one step below the place.
func (d *differ) inside(step string, compare func()) {
	d.place = append(d.place, step)
	compare()
	d.place = d.place[:len(d.place)-1]
}

// equal finds what makes two values differ.
func (d *differ) equal(got, want *definition.Value) {
	switch {
	case d.full():
	case got.Kind != want.Kind:
		d.note(compact(got), compact(want))
	case got.Kind == definition.Object:
		d.equalMembers(got, want)
	case got.Kind == definition.Array:
		for i := range max(len(got.Kids), len(want.Kids)) {
			d.inside(strconv.Itoa(i), func() {
				switch {
				case i >= len(got.Kids):
					d.note("", compact(&want.Kids[i]))
				case i >= len(want.Kids):
					d.note(compact(&got.Kids[i]), "")
				default:
					d.equal(&got.Kids[i], &want.Kids[i])
				}
			})
			if d.full() {
				return
			}
		}
	case !definition.Equal(got, want):
		d.note(compact(got), compact(want))
	}
}

func (d *differ) equalMembers(got, want *definition.Value) {
	has, wanted := members(got), members(want)
	for i := range want.Kids {
		d.member(has, &want.Kids[i], d.equal)
	}
	for i := range got.Kids {
		if k := &got.Kids[i]; wanted(k.Key) == nil {
			d.inside(k.Key, func() { d.note(compact(k), "") })
		}
		if d.full() {
			return
		}
	}
}

// member compares a member that is wanted.
func (d *differ) member(has func(string) *definition.Value, want *definition.Value, compare func(got, want *definition.Value)) {
	if d.full() {
		return
	}
	d.inside(want.Key, func() {
		if k := has(want.Key); k != nil {
			compare(k, want)
		} else {
			d.note("", compact(want))
		}
	})
}

// contains finds what a value lacks of another.
func (d *differ) contains(got, want *definition.Value) {
	switch {
	case d.full():
	case got.Kind != want.Kind:
		d.note(compact(got), compact(want))
	case got.Kind == definition.Object:
		has := members(got)
		for i := range want.Kids {
			d.member(has, &want.Kids[i], d.contains)
		}
	case got.Kind == definition.Array:
		d.containsItems(got, want)
	case !definition.Equal(got, want):
		d.note(compact(got), compact(want))
	}
}

func (d *differ) containsItems(got, want *definition.Value) {
	lacks := lacking(got, want)
	switch {
	case lacks < 0:
	case len(got.Kids) == len(want.Kids): // item by item says most
		for i := range want.Kids {
			d.inside(strconv.Itoa(i), func() { d.contains(&got.Kids[i], &want.Kids[i]) })
		}
	case lacks == 0:
		d.note(compact(got), "an item "+compact(&want.Kids[0]))
	default:
		d.note(compact(got), fmt.Sprintf("an item %s after %s", compact(&want.Kids[lacks]), compact(&want.Kids[lacks-1])))
	}
}

// lacking is the first of some items that a list doesn't have in their order;
// -1 it has all.
func lacking(got, want *definition.Value) int {
	i := 0
	for j := range got.Kids {
		if i == len(want.Kids) {
			break
		}
		if within(&got.Kids[j], &want.Kids[i]) {
			i++
		}
	}
	if i < len(want.Kids) {
		return i
	}
	return -1
}

// within reports whether a value has all of another. It looks at each part of
// either once.
func within(got, want *definition.Value) bool {
	if got.Kind != want.Kind {
		return false
	}
	switch got.Kind {
	case definition.Array:
		return lacking(got, want) < 0
	case definition.Object:
		has := members(got)
		for i := range want.Kids {
			if k := has(want.Kids[i].Key); k == nil || !within(k, &want.Kids[i]) {
				return false
			}
		}
		return true
	}
	return definition.Equal(got, want)
}

// fits finds what breaks a schema.
func (d *differ) fits(got *definition.Value, s *schema.Schema) {
	if d.full() {
		return
	}
	for _, v := range s.Validate(got, schema.Neither, d.limit-len(d.out)) {
		at := got
		for _, step := range v.Path {
			if i, err := strconv.Atoi(step); err == nil && at.Is(definition.Array) && i >= 0 && i < len(at.Kids) {
				at = &at.Kids[i]
			} else {
				at = at.Get(step)
			}
		}
		text := ""
		if at != nil {
			text = compact(at)
		}
		d.out = append(d.out, Difference{Place: slices.Concat(d.place, v.Path), Got: text, Want: v.Message})
	}
}

// manyMembers is the number of members from which a map finds one faster than
// a walk.
const manyMembers = 16

// members finds the members of an object.
func members(v *definition.Value) func(name string) *definition.Value {
	if len(v.Kids) < manyMembers {
		return v.Get
	}
	index := make(map[string]*definition.Value, len(v.Kids))
	for i := range v.Kids {
		index[v.Kids[i].Key] = &v.Kids[i]
	}
	return func(name string) *definition.Value { return index[name] }
}
