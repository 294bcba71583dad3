package schema

// This file is on the hot path: every request body, every parameter and every
// generated value passes here. The valid case allocates
// nothing but the list of named schemas that are being applied.

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// Direction tells which side a value travels to: a request need not have what
// is read-only, an answer need not have what is write-only.
type Direction uint8

// The directions.
const (
	Neither Direction = iota
	Request
	Response
)

// maxDepth bounds the nesting of values and schemas that are looked at.
const maxDepth = 1000

// Valid reports whether v satisfies the schema.
func (s *Schema) Valid(v *value, dir Direction) bool {
	c := checker{dir: dir}
	return c.check(s, v, s, 0)
}

// Validate returns every violation of the schema in v, in the order of the
// schema; nil when there is none. At most limit are collected (0: 100).
func (s *Schema) Validate(v *value, dir Direction, limit int) []Violation {
	if s.Valid(v, dir) {
		return nil
	}
	if limit <= 0 {
		limit = 100
	}
	c := checker{dir: dir, collect: true, limit: limit}
	c.check(s, v, s, 0)
	return c.found
}

// checker walks one value. Without collect it stops at the first violation.
type checker struct {
	dir     Direction
	collect bool
	limit   int
	path    []string
	found   []Violation
	steps   int
	lax     int // depth of alternatives whose violations are not told

	active  []visit // named schemas that are being applied, the innermost last
	assumed int     // how often one of them was met again
	known   map[verdict]bool
}

// visit is a schema that is being applied to a value.
type visit struct {
	s *Schema
	v *value
}

// verdict is what an alternative's check depends on.
type verdict struct {
	s, root *Schema
	v       *value
}

// manySteps is the work from which verdicts on alternatives are kept: schemas
// whose alternatives share parts would otherwise be checked again and again.
const manySteps = 10_000

// maxSteps bounds the work of one check: schemas that branch without end on
// each level can't stall a request.
const maxSteps = 5_000_000

func (c *checker) fail(keyword, message string) bool {
	if c.collect && c.lax == 0 && len(c.found) < c.limit {
		c.found = append(c.found, Violation{Path: append([]string(nil), c.path...), Keyword: keyword, Message: message})
	}
	return false
}

// more reports whether to go on after a violation.
func (c *checker) more() bool { return c.collect && c.lax == 0 && len(c.found) < c.limit }

// quiet checks without telling.
func (c *checker) quiet(s *Schema, v *value, root *Schema, depth int) bool {
	key := verdict{s, root, v}
	if c.steps > manySteps {
		if ok, told := c.known[key]; told {
			return ok
		}
	}
	assumed := c.assumed
	c.lax++
	ok := c.check(s, v, root, depth)
	c.lax--
	if c.steps > manySteps && c.assumed == assumed {
		if c.known == nil {
			c.known = map[verdict]bool{}
		}
		c.known[key] = ok
	}
	return ok
}

// check applies s to v. root is the schema that the value's place was entered
// with: the properties around a "required" are found from it.
func (c *checker) check(s *Schema, v *value, root *Schema, depth int) bool {
	c.steps++
	if depth > maxDepth || c.steps > maxSteps {
		return c.fail("depth", "is nested too deeply to be checked")
	}
	if s.meta == nil || s.meta.name == "" {
		return c.apply(s, v, root, depth)
	}
	// A schema that leads back to itself on the same value asks for nothing more
	// than it already does: a base whose alternatives each include the base.
	for i := len(c.active) - 1; i >= 0 && c.active[i].v == v; i-- {
		if c.active[i].s == s {
			c.assumed++
			return true
		}
	}
	c.active = append(c.active, visit{s, v})
	ok := c.apply(s, v, root, depth)
	c.active = c.active[:len(c.active)-1]
	return ok
}

// apply applies the keywords of s to v.
func (c *checker) apply(s *Schema, v *value, root *Schema, depth int) bool {
	if s.never {
		return c.fail("false schema", "boolean schema is false")
	}
	ok := true
	if s.types != 0 && !s.accepts(v) {
		ok = c.fail("type", "must be "+s.types.String())
		if !c.more() {
			return false
		}
		// as validators do: the other keywords of other types say nothing more
	}
	if s.ref != nil && !c.check(s.ref.get(), v, root, depth+1) {
		if ok = false; !c.more() {
			return false
		}
	}
	if s.dyn != nil && !c.check(s.dyn.get(), v, root, depth+1) {
		if ok = false; !c.more() {
			return false
		}
	}
	switch v.Kind {
	case definition.Number:
		ok = (s.num == nil || c.number(s.num, v)) && ok
	case definition.String:
		ok = (s.str == nil || c.text(s.str, v.Text)) && ok
	case definition.Array:
		ok = (s.arr == nil || c.array(s, v, depth)) && ok
	case definition.Object:
		ok = (s.obj == nil || c.object(s, v, root, depth)) && ok
	}
	if !ok && !c.more() {
		return false
	}
	if s.constant != nil && !definition.Equal(s.constant, v) {
		if ok = c.fail("const", "must be equal to constant"); !c.more() {
			return false
		}
	}
	if s.enum != nil && !inEnum(s.enum, v) {
		if ok = c.fail("enum", "must be equal to one of the allowed values: "+enumText(s.enum)); !c.more() {
			return false
		}
	}
	if s.alt != nil && !c.combined(s, v, root, depth) {
		ok = false
	}
	if s.arr != nil && s.arr.unevaluated != nil && v.Kind == definition.Array && ok {
		ok = c.unevaluatedItems(s, v, depth)
	}
	if s.obj != nil && s.obj.unevaluated != nil && v.Kind == definition.Object && ok {
		ok = c.unevaluatedProperties(s, v, depth)
	}
	return ok
}
