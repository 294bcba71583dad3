package listing

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// The JSON types that a schema allows, as a set.
type types uint8

const (
	typeString types = 1 << iota
	typeNumber
	typeBool
	typeArray
	typeObject
	typeNull
)

const typeScalar = typeString | typeNumber | typeBool

// The bounds of a look at a schema: alternatives may nest and refer to
// themselves.
const (
	maxDepth = 12
	maxParts = 400
)

// shapes reads what schemas say, through references and alternatives.
type shapes struct {
	schemas map[string]*definition.Value
}

// parts calls f for the schema and all that it is put together of, until f
// returns false. Where all is false alternatives are left out.
func (s shapes) parts(v *definition.Value, all bool, f func(part *definition.Value) bool) {
	left := maxParts
	s.part(v, all, 0, &left, f)
}

func (s shapes) part(v *definition.Value, all bool, depth int, left *int, f func(*definition.Value) bool) bool {
	if !v.Is(definition.Object) || depth > maxDepth || *left <= 0 {
		return true
	}
	*left--
	if !f(v) {
		return false
	}
	if ref := v.Get("$ref"); ref != nil {
		if !s.part(s.schemas[strings.TrimPrefix(ref.Str(), "#/$defs/")], all, depth+1, left, f) {
			return false
		}
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		if word != "allOf" && !all {
			return true
		}
		list := v.Get(word)
		for i := 0; i < list.Len(); i++ {
			if !s.part(&list.Kids[i], all, depth+1, left, f) {
				return false
			}
		}
	}
	return true
}

// keyword gives the first value of a keyword.
func (s shapes) keyword(v *definition.Value, name string) *definition.Value {
	var found *definition.Value
	s.parts(v, true, func(part *definition.Value) bool {
		found = part.Get(name)
		return found == nil
	})
	return found
}

func (s shapes) text(v *definition.Value, name string) string { return s.keyword(v, name).Str() }

func (s shapes) integer(v *definition.Value, name string) (int, bool) {
	return s.keyword(v, name).Int()
}

// types gives the types that the schema names, also by its other keywords; 0
// for one that names none.
func (s shapes) types(v *definition.Value) types {
	var set types
	s.parts(v, true, func(part *definition.Value) bool {
		t := part.Get("type")
		set |= typeNamed(t.Str())
		if t.Is(definition.Array) {
			for i := range t.Kids {
				set |= typeNamed(t.Kids[i].Str())
			}
		}
		switch {
		case t != nil:
		case part.Has("properties"):
			set |= typeObject
		case part.Has("items"):
			set |= typeArray
		}
		return true
	})
	return set
}

func typeNamed(name string) types {
	switch name {
	case "string":
		return typeString
	case "integer", "number":
		return typeNumber
	case "boolean":
		return typeBool
	case "array":
		return typeArray
	case "object":
		return typeObject
	case "null":
		return typeNull
	}
	return 0
}

// property gives the schema of an object's member, of all parts that describe
// it: an envelope often says that there is a list, and another part what of.
func (s shapes) property(v *definition.Value, name string) *definition.Value {
	var found []*definition.Value
	s.parts(v, true, func(part *definition.Value) bool {
		if schema := part.Get("properties").Get(name); schema != nil {
			found = append(found, schema)
		}
		return true
	})
	return together(found)
}

// items gives the schema of an array's elements.
func (s shapes) items(v *definition.Value) *definition.Value {
	var found []*definition.Value
	s.parts(v, true, func(part *definition.Value) bool {
		if schema := part.Get("items"); schema.Is(definition.Object) {
			found = append(found, schema)
		}
		return true
	})
	return together(found)
}

func together(list []*definition.Value) *definition.Value {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	all := definition.NewArray().With("allOf")
	for _, v := range list {
		all.Kids = append(all.Kids, *v)
	}
	both := definition.NewObject(all)
	return &both
}

// member is a property of an object.
type member struct {
	name   string
	schema *definition.Value
}

// maxMembers bounds the properties that are looked at in one object.
const maxMembers = 1000

// members lists the properties of an object in the order of the document.
func (s shapes) members(v *definition.Value) []member {
	var names []string
	schemas := map[string][]*definition.Value{}
	s.parts(v, true, func(part *definition.Value) bool {
		props := part.Get("properties")
		for i := 0; i < props.Len() && len(names) < maxMembers; i++ {
			kid := &props.Kids[i]
			if schemas[kid.Key] == nil {
				names = append(names, kid.Key)
			}
			schemas[kid.Key] = append(schemas[kid.Key], kid)
		}
		return true
	})
	list := make([]member, 0, len(names))
	for _, name := range names {
		list = append(list, member{name, together(schemas[name])})
	}
	return list
}

// requires reports whether an object must have the member.
func (s shapes) requires(v *definition.Value, name string) bool {
	found := false
	s.parts(v, false, func(part *definition.Value) bool {
		list := part.Get("required")
		for i := 0; i < list.Len(); i++ {
			found = found || list.Kids[i].Str() == name
		}
		return !found
	})
	return found
}

// enum gives the values that the schema, or its items, allows, as texts.
func (s shapes) enum(v *definition.Value) []string {
	if s.types(v)&typeArray != 0 {
		v = s.items(v)
	}
	var list []string
	s.parts(v, true, func(part *definition.Value) bool {
		enum := part.Get("enum")
		for i := 0; i < enum.Len(); i++ {
			if kid := &enum.Kids[i]; kid.Kind != definition.Null {
				list = append(list, kid.Text)
			}
		}
		if c := part.Get("const"); c != nil && c.Kind != definition.Null {
			list = append(list, c.Text)
		}
		return true
	})
	return list
}

// at follows member names through the properties of objects.
func (s shapes) at(v *definition.Value, path []string) *definition.Value {
	for _, name := range path {
		v = s.property(v, name)
	}
	return v
}

// dig follows member names through a value.
func dig(v *definition.Value, path []string) *definition.Value {
	for _, name := range path {
		v = v.Get(name)
	}
	return v
}
