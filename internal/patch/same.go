package patch

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// same is [definition.Equal] within bounds, for values that come from outside:
// objects of many members are compared in linear time, and numbers that take
// long to compare cost steps. Without steps left nothing is the same.
func (e *edit) same(a, b *definition.Value) bool {
	if a.Kind != b.Kind || len(a.Kids) != len(b.Kids) {
		return false
	}
	switch a.Kind {
	case definition.Array:
		for i := range a.Kids {
			if !e.same(&a.Kids[i], &b.Kids[i]) {
				return false
			}
		}
		return true
	case definition.Object:
		return e.sameMembers(a, b)
	case definition.Number:
		return a.Text == b.Text || e.sameNumber(a, b)
	}
	return a.Text == b.Text
}

// sameMembers tries the same place first: mostly the order is the same.
func (e *edit) sameMembers(a, b *definition.Value) bool {
	var others names
	for i := range a.Kids {
		at := i
		if b.Kids[i].Key != a.Kids[i].Key {
			if others.members == nil {
				others = namesOf(b)
			}
			if at = others.find(a.Kids[i].Key); at < 0 {
				return false
			}
		}
		if !e.same(&a.Kids[i], &b.Kids[at]) {
			return false
		}
	}
	return true
}

// sameNumber compares numbers that are written differently. Exact arithmetic
// takes a time that grows with the square of their digits, and an exponent may
// stand for some hundred of those.
func (e *edit) sameNumber(a, b *definition.Value) bool {
	const plain = 15 // digits that a float64 keeps
	length := max(len(a.Text), len(b.Text))
	if length > plain || strings.ContainsAny(a.Text, "eE") || strings.ContainsAny(b.Text, "eE") {
		e.steps -= 200 + length*length/500
	}
	return e.steps >= 0 && definition.Equal(a, b)
}
