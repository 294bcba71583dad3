package postman

import (
	"slices"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
)

// take takes a member of one of the kinds, of any where none is given; nil
// where there is none.
func (m *members) take(key string, kinds ...definition.Kind) *definition.Value {
	v, at := m.find(key)
	if v == nil || len(kinds) > 0 && !slices.Contains(kinds, v.Kind) {
		return nil
	}
	m.taken[at] = true
	return v
}

// plain takes a text that isn't empty; YAML without quotes makes numbers and
// booleans of some.
func (m *members) plain(key string) string {
	if s := m.text(key); s != "" {
		return s
	}
	if v := m.take(key, definition.Number, definition.Bool); v != nil {
		return v.Text
	}
	return ""
}

// disabled takes "disabled" or its inverse, "enabled".
func (m *members) disabled() bool {
	off := m.yes("disabled")
	if on := m.take("enabled", definition.Bool); on != nil {
		off = off || !on.True()
	}
	return off
}

// describe takes a description: a text or an object.
func (m *members) describe() *Description {
	if text := m.plain("description"); text != "" {
		return &Description{Text: text}
	}
	v := m.take("description", definition.Object)
	if v == nil {
		return nil
	}
	in := membersOf(v)
	d := &Description{Object: true, Text: in.text("content"), Type: in.text("type")}
	d.Extra = in.rest()
	return d
}

// code takes a number of a status, also one that is written as a text; 0 for
// none.
func (m *members) code(key string) int {
	v, _ := m.find(key)
	n, ok := v.Int()
	if !ok {
		n, ok = number(v.Str())
	}
	if ok {
		m.take(key)
	}
	return n
}

// order takes the place among others, also one that is written as a text; nil
// for none.
func (m *members) order() *definition.Value {
	if v := m.take("order", definition.Number); v != nil {
		return v
	}
	v, _ := m.find("order")
	f, err := strconv.ParseFloat(v.Str(), 64)
	if err != nil || f-f != 0 { // an infinity or NaN is no place
		return nil
	}
	m.take("order")
	order := definition.NewFloat(f).With("order")
	return &order
}

// list takes a list of mappings, or a mapping that stands for one.
func (m *members) list(key string) *definition.Value {
	if v, _ := m.find(key); !folderIsList(v) {
		return nil
	}
	return m.take(key)
}

func folderIsList(v *definition.Value) bool {
	if v.Is(definition.Array) {
		return !slices.ContainsFunc(v.Kids, func(kid definition.Value) bool { return kid.Kind != definition.Object })
	}
	return v.Is(definition.Object)
}

func folderIsScalar(v *definition.Value) bool {
	return v.Is(definition.String) || v.Is(definition.Number) || v.Is(definition.Bool)
}
