package schema

import "slices"

// XML is what the schema says under "xml", its own or that of what it refers
// to; nil where it says nothing.
func (s *Schema) XML() *value {
	var found *value
	s.search(func(s *Schema) *Schema {
		if s.meta != nil && s.meta.xml != nil {
			found = s.meta.xml
			return s
		}
		return nil
	}, 0)
	return found
}

// Label is the name of the reusable schema that this is or refers to; "" where
// it is none.
func (s *Schema) Label() string {
	for range 20 {
		if s == nil {
			return ""
		}
		if s.meta != nil && s.meta.name != "" {
			return s.meta.name
		}
		if s.ref == nil {
			return ""
		}
		s = s.ref.get()
	}
	return ""
}

// Format is the format that the schema names; "" where it names none.
func (s *Schema) Format() string {
	f := ""
	s.search(func(s *Schema) *Schema {
		if s.str != nil && s.str.format != "" {
			f = s.str.format
			return s
		}
		return nil
	}, 0)
	return f
}

// Hidden reports whether values of the schema don't travel in the direction:
// read-only ones in requests, write-only ones in answers.
func (s *Schema) Hidden(dir Direction) bool { return s.hidden(dir, 0) }

// Enum lists the values that the schema allows; nil where it names none.
func (s *Schema) Enum() []value {
	var found []value
	s.search(func(s *Schema) *Schema {
		if s.constant != nil {
			found = []value{s.constant.With("")}
			return s
		}
		if s.enum != nil {
			found = s.enum
			return s
		}
		return nil
	}, 0)
	return found
}

// Default is the schema's default; nil where it has none.
func (s *Schema) Default() *value {
	var found *value
	s.search(func(s *Schema) *Schema {
		if s.meta != nil && s.meta.defaultValue != nil {
			found = s.meta.defaultValue
			return s
		}
		return nil
	}, 0)
	return found
}

// Examples are the values that the schema shows.
func (s *Schema) Examples() []value {
	var found []value
	s.search(func(s *Schema) *Schema {
		if s.meta != nil {
			found = append(found, s.meta.examples...)
		}
		return nil
	}, 0)
	return found
}

// Patterned reports whether texts of the schema must match a pattern.
func (s *Schema) Patterned() bool {
	return s.search(func(s *Schema) *Schema {
		if s.str != nil && s.str.pattern != nil {
			return s
		}
		return nil
	}, 0) != nil
}

// AnyLength reports whether an array of the schema may have any number of
// items, each judged alone.
func (s *Schema) AnyLength() bool {
	for range 20 {
		switch {
		case s == nil || s.alt != nil || s.dyn != nil || s.enum != nil || s.constant != nil:
			return false
		case s.arr != nil && (s.arr.minItems > 0 || s.arr.maxItems >= 0 || s.arr.unique || s.arr.contains != nil || s.arr.prefix != nil || s.arr.unevaluated != nil):
			return false
		case s.ref == nil:
			return true
		}
		s = s.ref.get()
	}
	return false
}

// Requires reports whether the schema requires the property, whatever
// alternative is chosen.
func (s *Schema) Requires(name string) bool { return slices.Contains(s.requires(0), name) }
