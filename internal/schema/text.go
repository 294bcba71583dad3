package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// Possible is the set of types that a value of the schema may have, as far as
// types are named: alternatives are united, conjunctions intersected.
func (s *Schema) Possible() Types { return s.possible(0) }

func (s *Schema) possible(depth int) Types {
	if s == nil || depth > 30 {
		return anyType
	}
	t := anyType
	if s.types != 0 {
		t = s.types
		if t&TypeNumber != 0 {
			t |= TypeInteger
		}
	}
	if s.enum != nil {
		e := Types(0)
		for i := range s.enum {
			e |= typeOf(&s.enum[i])
			if e&TypeInteger != 0 {
				e |= TypeNumber
			}
		}
		t &= e
	}
	if s.ref != nil {
		t &= s.ref.get().possible(depth + 1)
	}
	if s.alt == nil {
		return t
	}
	for _, x := range s.alt.allOf {
		t &= x.possible(depth + 1)
	}
	for _, list := range [...][]*Schema{s.alt.anyOf, s.alt.oneOf} {
		if list == nil {
			continue
		}
		u := Types(0)
		for _, x := range list {
			u |= x.possible(depth + 1)
		}
		t &= u
	}
	return t
}

// FromText makes the value that a text stands for where only texts can be
// sent: a number, boolean or null where the schema asks for one and the text
// is one, else a string.
func (s *Schema) FromText(t string) value {
	text := definition.NewString(t)
	if s == nil {
		return text
	}
	types := s.Possible()
	if types&^(TypeString|TypeArray|TypeObject) == 0 {
		return text
	}
	var typed value
	switch {
	case types&(TypeNumber|TypeInteger) != 0 && isNumber(t):
		typed = value{Kind: definition.Number, Text: t}
	case types&TypeBoolean != 0 && (t == "true" || t == "false"):
		typed = value{Kind: definition.Bool, Text: t}
	case types&TypeNull != 0 && t == "null":
		typed = definition.NewNull()
	case types&TypeNull != 0 && t == "" && types&TypeString == 0:
		typed = definition.NewNull()
	default:
		return text
	}
	if types&TypeString != 0 && (s.IsAny() || !s.Valid(&typed, Request) || s.types&TypeString != 0 && s.Valid(&text, Request)) {
		return text
	}
	return typed
}

// isNumber reports whether t is a JSON number.
func isNumber(t string) bool {
	i, n := 0, len(t)
	digits := func() int {
		k := 0
		for i < n && t[i] >= '0' && t[i] <= '9' {
			i++
			k++
		}
		return k
	}
	if i < n && t[i] == '-' {
		i++
	}
	if i < n && t[i] == '0' {
		i++
	} else if digits() == 0 {
		return false
	}
	if i < n && t[i] == '.' {
		i++
		if digits() == 0 {
			return false
		}
	}
	if i < n && (t[i] == 'e' || t[i] == 'E') {
		i++
		if i < n && (t[i] == '+' || t[i] == '-') {
			i++
		}
		if digits() == 0 {
			return false
		}
	}
	return n > 0 && i == n
}

// ItemSchema is the schema of an array's items; nil where none is named.
func (s *Schema) ItemSchema() *Schema {
	x := s.search(func(s *Schema) *Schema {
		if s.arr != nil {
			return s.arr.items
		}
		return nil
	}, 0)
	return x
}

// Item is the schema of the item at a position; nil where none is named.
func (s *Schema) Item(i int) *Schema {
	return s.search(func(s *Schema) *Schema {
		if s.arr == nil {
			return nil
		}
		if i < len(s.arr.prefix) {
			return s.arr.prefix[i]
		}
		return s.arr.items
	}, 0)
}

// Member is the schema of a property, whichever part of the schema describes
// it; nil where none does.
func (s *Schema) Member(name string) *Schema {
	return s.search(func(s *Schema) *Schema {
		if s.obj == nil {
			return nil
		}
		if p := s.obj.property(name); p != nil {
			return p
		}
		for i := range s.obj.patterns {
			if s.obj.patterns[i].pattern.Match(name) {
				return s.obj.patterns[i].schema
			}
		}
		if s.obj.additional != nil && !s.obj.additional.never {
			return s.obj.additional
		}
		return nil
	}, 0)
}

// HasMember reports whether the schema describes the property by its name.
func (s *Schema) HasMember(name string) bool {
	return s.search(func(s *Schema) *Schema {
		if s.obj == nil {
			return nil
		}
		return s.obj.property(name)
	}, 0) != nil
}

// Members lists the names of the properties that any part of the schema
// describes.
func (s *Schema) Members() []string {
	var out []string
	seen := map[string]bool{}
	s.search(func(s *Schema) *Schema {
		if s.obj != nil {
			for i := range s.obj.properties {
				if n := s.obj.properties[i].name; !seen[n] {
					seen[n] = true
					out = append(out, n)
				}
			}
		}
		return nil
	}, 0)
	return out
}

// search asks the schema and all that apply to the same value, the first
// answer wins.
func (s *Schema) search(f func(*Schema) *Schema, depth int) *Schema {
	if s == nil || depth > 20 {
		return nil
	}
	if x := f(s); x != nil {
		return x
	}
	if s.ref != nil {
		if x := s.ref.get().search(f, depth+1); x != nil {
			return x
		}
	}
	if s.dyn != nil {
		if x := s.dyn.get().search(f, depth+1); x != nil {
			return x
		}
	}
	if s.alt == nil {
		return nil
	}
	for _, list := range [...][]*Schema{s.alt.allOf, s.alt.anyOf, s.alt.oneOf, {s.alt.then}, {s.alt.els}} {
		for _, x := range list {
			if y := x.search(f, depth+1); y != nil {
				return y
			}
		}
	}
	return nil
}

// Discriminated is the branch that the discriminator's property of v names;
// nil when there is none.
func (s *Schema) Discriminated(v *value) *Schema { return s.chosen(v) }
