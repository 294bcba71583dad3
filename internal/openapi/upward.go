package openapi

// What older versions write in a form of their own, brought to that of 2020-12.

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// exclusive turns the boolean form of an exclusive bound into the number.
func (n *normaliser) exclusive(key, bound string) {
	kid := n.v.Get(key)
	if kid == nil || kid.Kind == definition.Number {
		return
	}
	if kid.Kind != definition.Bool {
		n.number(kid)
		return
	}
	on := kid.True()
	n.remove(kid)
	if b := n.v.Get(bound); on && b.Is(definition.Number) {
		b.Key = key
	}
}

// exampleToExamples puts "example" at the head of "examples".
func (n *normaliser) exampleToExamples() {
	one := n.v.Get("example")
	many := n.v.Get("examples")
	if many != nil && many.Kind != definition.Array {
		if many.Kind == definition.Object { // named, as a media type has them
			list := definition.NewArray()
			for i := range many.Kids {
				k := many.Kids[i]
				if x := k.Get("value"); x != nil && onlyKeys(&k, "value", "summary", "description") {
					k = *x
				}
				list.Kids = append(list.Kids, k.With(""))
			}
			list.Pos, list.File = many.Pos, many.File
			*many = list.With("examples")
		} else {
			n.remove(many)
			many = nil
		}
	}
	if one == nil {
		return
	}
	if many == nil {
		inner := *one
		*one = value{Key: "examples", Kind: definition.Array, Kids: []value{inner.With("")}, Pos: inner.Pos, File: inner.File}
		return
	}
	list := make([]value, 0, len(many.Kids)+1)
	many.Kids = append(append(list, one.With("")), many.Kids...)
	n.remove(one)
}

// makeNullable lets null in: by the type where there is one, else beside what
// the schema says.
func (n *normaliser) makeNullable() {
	v := n.v
	if enum := v.Get("enum"); enum.Is(definition.Array) {
		has := false
		for i := range enum.Kids {
			has = has || enum.Kids[i].Kind == definition.Null
		}
		if !has {
			kids := make([]value, 0, len(enum.Kids)+1)
			enum.Kids = append(append(kids, enum.Kids...), definition.NewNull())
		}
	}
	if t := v.Get("type"); t != nil {
		n.addNull(t)
		return
	}
	var inner, outer []value
	for i := range v.Kids {
		switch v.Kids[i].Key {
		case "title", "description", "readOnly", "writeOnly", "deprecated", "default", "examples", "xml":
			outer = append(outer, v.Kids[i])
		default:
			inner = append(inner, v.Kids[i])
		}
	}
	inner = append(inner, n.add...)
	n.add = nil
	if len(inner) == 0 { // anything goes, null too
		return
	}
	either := definition.NewArray(definition.NewObject(inner...), definition.NewObject(definition.NewString("null").With("type")))
	either.Kids[0].Flags |= definition.Normalised
	v.Kids = append(outer, either.With("anyOf"))
}

// addNull adds null to the types.
func (n *normaliser) addNull(t *value) {
	if t.Kind == definition.String {
		if t.Text == "null" {
			return
		}
		t.Kind, t.Kids, t.Text = definition.Array, []value{definition.NewString(t.Text)}, ""
	}
	for i := range t.Kids {
		if t.Kids[i].Text == "null" {
			return
		}
	}
	t.Kids = append(t.Kids[:len(t.Kids):len(t.Kids)], definition.NewString("null"))
}
