package schema

// unevaluatedProperties applies the keyword to the members that no other
// keyword of the schema, or of those applied in place, looked at (2020-12
// Core, 11.3).
func (c *checker) unevaluatedProperties(s *Schema, v *value, depth int) bool {
	ok := true
	for i := range v.Kids {
		kid := &v.Kids[i]
		if c.evaluatesProperty(s, v, kid.Key, depth, true) {
			continue
		}
		if s.obj.unevaluated.never {
			ok = c.fail("unevaluatedProperties", "must NOT have unevaluated properties; found '"+kid.Key+"'")
		} else if !c.at(s.obj.unevaluated, kid, depth) {
			ok = false
		}
	}
	return ok
}

// evaluatesProperty reports whether s looks at the member. top leaves out the
// unevaluatedProperties that is being decided.
func (c *checker) evaluatesProperty(s *Schema, v *value, name string, depth int, top bool) bool {
	if depth > maxDepth {
		return true
	}
	if o := s.obj; o != nil {
		if o.property(name) != nil || o.additional != nil || !top && o.unevaluated != nil {
			return true
		}
		for i := range o.patterns {
			if o.patterns[i].pattern.Match(name) {
				return true
			}
		}
		for i := range o.dependencies {
			d := &o.dependencies[i]
			if d.schema != nil && v.Get(d.name) != nil && c.evaluatesProperty(d.schema, v, name, depth+1, false) {
				return true
			}
		}
	}
	return c.inPlace(s, v, depth, func(x *Schema) bool { return c.evaluatesProperty(x, v, name, depth+1, false) })
}

// inPlace reports whether any schema applied to the same value, and met by it,
// satisfies f.
func (c *checker) inPlace(s *Schema, v *value, depth int, f func(*Schema) bool) bool {
	if s.ref != nil && f(s.ref.get()) || s.dyn != nil && f(s.dyn.get()) {
		return true
	}
	a := s.alt
	if a == nil {
		return false
	}
	for _, x := range a.allOf {
		if f(x) {
			return true
		}
	}
	for _, list := range [...][]*Schema{a.anyOf, a.oneOf} {
		for _, x := range list {
			if c.quiet(x, v, x, depth+1) && f(x) {
				return true
			}
		}
	}
	if a.ifs == nil {
		return false
	}
	if c.quiet(a.ifs, v, a.ifs, depth+1) {
		return f(a.ifs) || a.then != nil && f(a.then)
	}
	return a.els != nil && f(a.els)
}

// unevaluatedItems applies the keyword to the items that nothing else looked
// at (2020-12 Core, 11.2).
func (c *checker) unevaluatedItems(s *Schema, v *value, depth int) bool {
	ok := true
	for i := range v.Kids {
		if c.evaluatesItem(s, v, i, depth, true) {
			continue
		}
		if s.arr.unevaluated.never {
			return c.fail("unevaluatedItems", "must NOT have more than "+itoa(i)+" items")
		}
		if !c.item(s.arr.unevaluated, &v.Kids[i], i, depth) {
			ok = false
		}
	}
	return ok
}

func (c *checker) evaluatesItem(s *Schema, v *value, i, depth int, top bool) bool {
	if depth > maxDepth {
		return true
	}
	if a := s.arr; a != nil {
		if i < len(a.prefix) || a.items != nil || !top && a.unevaluated != nil {
			return true
		}
		if a.contains != nil && c.quiet(a.contains, &v.Kids[i], a.contains, depth+1) {
			return true
		}
	}
	return c.inPlace(s, v, depth, func(x *Schema) bool { return c.evaluatesItem(x, v, i, depth+1, false) })
}

// Accepts lists the types that the schema itself names; all where it names
// none. It follows references, not alternatives.
func (s *Schema) Accepts() Types {
	for range 20 {
		if s.types != 0 || s.ref == nil {
			break
		}
		s = s.ref.get()
	}
	if s.types == 0 {
		return anyType
	}
	return s.types
}

// IsAny reports whether the schema says nothing.
func (s *Schema) IsAny() bool {
	return s == anySchema || !s.never && s.types == 0 && s.ref == nil && s.dyn == nil && s.enum == nil &&
		s.constant == nil && s.num == nil && s.str == nil && s.arr == nil && s.obj == nil && s.alt == nil
}
