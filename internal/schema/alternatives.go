package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// alternatives chooses among anyOf, oneOf and if/then/else, and takes in what
// "not" says where that can be done by leaving something out.
func (f *flattener) alternatives(s *Schema, depth int) {
	a := s.alt
	if a.oneOf != nil {
		f.risky = true
		i := f.branch(a.oneOf)
		f.tell(s.meta, a.oneOf[i])
		f.add(a.oneOf[i], depth+1)
		f.exclude(a.oneOf, i)
	}
	if a.anyOf != nil {
		f.risky = true
		i := f.branch(a.anyOf)
		f.tell(s.meta, a.anyOf[i])
		f.add(a.anyOf[i], depth+1)
	}
	if a.not != nil {
		f.risky = true
		f.without(a.not)
	}
	if a.ifs != nil {
		f.risky = true
		switch f.pick(2) {
		case 0:
			f.add(a.ifs, depth+1)
			if a.then != nil {
				f.add(a.then, depth+1)
			}
		default:
			if a.els != nil {
				f.add(a.els, depth+1)
			}
		}
	}
}

// branch picks one of several schemas; null is the last choice.
func (f *flattener) branch(list []*Schema) int {
	order := make([]int, 0, len(list))
	var last []int
	for i, x := range list {
		if x.Accepts() == TypeNull || x.never {
			last = append(last, i)
		} else {
			order = append(order, i)
		}
	}
	order = append(order, last...)
	return order[f.pick(len(order))]
}

// tell sets the property by which a discriminator names the branch.
func (f *flattener) tell(notes *annotations, branch *Schema) {
	if notes == nil || notes.discriminator == nil || branch.ref == nil {
		return
	}
	d := notes.discriminator
	name := branch.ref.name
	for i := range d.mapping {
		if d.mapping[i].name == branch.ref.name {
			name = d.mapping[i].value
			break
		}
	}
	f.fixed = append(f.fixed, definition.NewString(name).With(d.property))
}

// exclude leaves out optional properties that would make another branch of a
// oneOf fit too: those that such a branch requires and the chosen one doesn't.
func (f *flattener) exclude(list []*Schema, chosen int) {
	mine := map[string]bool{}
	for _, r := range list[chosen].requires(0) {
		mine[r] = true
	}
	own := map[string]bool{}
	for _, p := range list[chosen].describes(0) {
		own[p] = true
	}
	for i, x := range list {
		if i == chosen {
			continue
		}
		for _, r := range x.requires(0) {
			if mine[r] {
				continue
			}
			if own[r] {
				f.avoidOwn = append(f.avoidOwn, r)
			} else {
				f.avoid = append(f.avoid, r)
			}
			break
		}
	}
}

// requires lists what the schema requires without looking at alternatives.
func (s *Schema) requires(depth int) []string {
	if depth > 10 {
		return nil
	}
	var out []string
	if s.obj != nil {
		out = append(out, s.obj.required...)
	}
	if s.ref != nil {
		out = append(out, s.ref.get().requires(depth+1)...)
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			out = append(out, x.requires(depth+1)...)
		}
	}
	return out
}

// describes lists the properties that the schema has without looking at
// alternatives.
func (s *Schema) describes(depth int) []string {
	if depth > 10 {
		return nil
	}
	var out []string
	if s.obj != nil {
		for i := range s.obj.properties {
			out = append(out, s.obj.properties[i].name)
		}
	}
	if s.ref != nil {
		out = append(out, s.ref.get().describes(depth+1)...)
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			out = append(out, x.describes(depth+1)...)
		}
	}
	return out
}

// without takes in "not": {"required": [...]} and {"anyOf": [{"required"}…]}.
func (f *flattener) without(not *Schema) {
	if not.obj != nil && len(not.obj.required) > 0 {
		f.avoid = append(f.avoid, not.obj.required[len(not.obj.required)-1])
	}
	if not.types != 0 && not.obj == nil && not.alt == nil && not.enum == nil && not.str == nil && not.num == nil && not.arr == nil {
		t := f.types &^ not.types
		if not.types&TypeNumber != 0 {
			t &^= TypeInteger
		}
		f.types = t
		if t == 0 {
			f.impossible = true
		}
	}
	if not.alt != nil {
		for _, x := range not.alt.anyOf {
			f.without(x)
		}
	}
}

// subtype lets a base type with a discriminator and no alternatives of its own
// stand for one of the schemas that extend it.
func (f *flattener) subtype(s *Schema, depth int) {
	if s.meta == nil || s.meta.discriminator == nil || s.alt != nil && (s.alt.oneOf != nil || s.alt.anyOf != nil) {
		return
	}
	d := s.meta.discriminator
	if len(d.mapping) == 0 {
		return
	}
	for _, x := range f.fixed { // a subtype is being made, which includes its base
		if x.Key == d.property {
			return
		}
	}
	for i := range d.mapping {
		child := d.mapping[i].schema.get()
		for _, x := range f.seen {
			if x == child && child != s {
				f.fixed = append(f.fixed, definition.NewString(d.mapping[i].value).With(d.property))
				return
			}
		}
	}
	m := d.mapping[f.pick(len(d.mapping))]
	f.fixed = append(f.fixed, definition.NewString(m.value).With(d.property))
	f.add(m.schema.get(), depth+1)
	f.risky = true
}
