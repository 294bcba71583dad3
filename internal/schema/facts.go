package schema

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
