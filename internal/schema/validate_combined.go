package schema

// This file is on the hot path.

func (c *checker) combined(s *Schema, v *value, root *Schema, depth int) bool {
	a, ok := s.alt, true
	for _, x := range a.allOf {
		if !c.check(x, v, root, depth+1) {
			if ok = false; !c.more() {
				return false
			}
		}
	}
	if a.anyOf != nil && !c.anyOf(s, a.anyOf, v, root, depth, "anyOf", "must match a schema in anyOf") {
		if ok = false; !c.more() {
			return false
		}
	}
	if a.oneOf != nil && !c.oneOf(s, v, root, depth) {
		if ok = false; !c.more() {
			return false
		}
	}
	if a.not != nil && c.quiet(a.not, v, root, depth+1) {
		if ok = c.fail("not", "must NOT be valid"); !c.more() {
			return false
		}
	}
	if a.ifs != nil {
		branch, name := a.els, "else"
		if c.quiet(a.ifs, v, root, depth+1) {
			branch, name = a.then, "then"
		}
		if branch != nil && !c.check(branch, v, root, depth+1) {
			ok = c.fail("if", `must match "`+name+`" schema`)
		}
	}
	return ok
}

func (c *checker) anyOf(s *Schema, list []*Schema, v *value, root *Schema, depth int, keyword, message string) bool {
	for _, x := range list {
		if c.quiet(x, v, root, depth+1) {
			return true
		}
	}
	if c.more() {
		if d := s.chosen(v); d != nil { // only what the named branch lacks
			c.check(d, v, root, depth+1)
			if len(c.found) > 0 {
				return false
			}
		}
		c.tellBranches(list, v, root, depth)
	}
	return c.fail(keyword, message)
}

// tellBranches tells what the alternatives lack, those of the value's own type
// first choice: a list of ten other types helps nobody.
func (c *checker) tellBranches(list []*Schema, v *value, root *Schema, depth int) {
	told := 0
	for _, x := range list {
		if told >= 5 {
			return
		}
		before := len(c.found)
		c.check(x, v, root, depth+1)
		if len(c.found) > before {
			told++
		}
	}
}

func (c *checker) oneOf(s *Schema, v *value, root *Schema, depth int) bool {
	list, matches := s.alt.oneOf, 0
	for _, x := range list {
		if c.quiet(x, v, root, depth+1) {
			matches++
			if matches > 1 {
				break
			}
		}
	}
	switch {
	case matches == 1:
		return true
	case matches > 1 && s.meta != nil && s.meta.discriminator != nil:
		// the discriminator names the branch; that others fit too is no fault
		// (OpenAPI 3.1, 4.8.25)
		return true
	case matches == 0 && c.more():
		if d := s.chosen(v); d != nil {
			c.check(d, v, root, depth+1)
			return false
		}
		c.tellBranches(list, v, root, depth)
	}
	return c.fail("oneOf", "must match exactly one schema in oneOf")
}

// chosen is the schema that the discriminator's property of v names; nil when
// there is none.
func (s *Schema) chosen(v *value) *Schema {
	if s.meta == nil || s.meta.discriminator == nil {
		return nil
	}
	d := s.meta.discriminator
	name := v.Get(d.property).Str()
	if name == "" {
		return nil
	}
	for i := range d.mapping {
		if d.mapping[i].value == name {
			return d.mapping[i].schema.get()
		}
	}
	if s.alt != nil {
		for _, list := range [...][]*Schema{s.alt.oneOf, s.alt.anyOf} {
			for _, x := range list {
				if x.ref != nil && x.ref.name == name {
					return x.ref.get()
				}
			}
		}
	}
	return nil
}

// exempt reports whether a required property need not be there in this
// direction. The property may be described by a sibling of the schema that
// requires it, so the search starts where the value's place was entered.
func (c *checker) exempt(s, root *Schema, name string) bool {
	if c.dir == Neither {
		return false
	}
	return s.flagged(name, c.dir, 0) || root != s && root.flagged(name, c.dir, 0)
}

func (s *Schema) flagged(name string, dir Direction, depth int) bool {
	if depth > 12 {
		return false
	}
	if s.obj != nil {
		if p := s.obj.property(name); p != nil && p.hidden(dir, 0) {
			return true
		}
	}
	if s.ref != nil && s.ref.get().flagged(name, dir, depth+1) {
		return true
	}
	if s.alt != nil {
		for _, list := range [...][]*Schema{s.alt.allOf, s.alt.anyOf, s.alt.oneOf} {
			for _, x := range list {
				if x.flagged(name, dir, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// hidden reports whether values of the schema don't travel in the direction.
func (s *Schema) hidden(dir Direction, depth int) bool {
	if dir == Request && s.readOnly || dir == Response && s.writeOnly {
		return true
	}
	if depth > 8 {
		return false
	}
	if s.ref != nil && s.ref.get().hidden(dir, depth+1) {
		return true
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			if x.hidden(dir, depth+1) {
				return true
			}
		}
	}
	return false
}
