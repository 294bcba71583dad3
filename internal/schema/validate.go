package schema

// This file is on the hot path: every request body, every parameter and every
// generated value passes here. The valid case allocates nothing.

import (
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/format"
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
}

// maxSteps bounds the work of one check: schemas that branch without end on
// each level can't stall a request.
const maxSteps = 20_000_000

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
	c.lax++
	ok := c.check(s, v, root, depth)
	c.lax--
	return ok
}

// check applies s to v. root is the schema that the value's place was entered
// with: the properties around a "required" are found from it.
func (c *checker) check(s *Schema, v *value, root *Schema, depth int) bool {
	c.steps++
	if depth > maxDepth || c.steps > maxSteps {
		return c.fail("depth", "is nested too deeply to be checked")
	}
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

// accepts reports whether the type of v is among those of s.
func (s *Schema) accepts(v *value) bool {
	switch v.Kind {
	case definition.Null:
		return s.types&TypeNull != 0
	case definition.Bool:
		return s.types&TypeBoolean != 0
	case definition.Object:
		return s.types&TypeObject != 0
	case definition.Array:
		return s.types&TypeArray != 0
	case definition.String:
		return s.types&TypeString != 0
	case definition.Number:
		return s.types&TypeNumber != 0 || s.types&TypeInteger != 0 && v.IsInteger()
	}
	return false
}

func inEnum(enum []value, v *value) bool {
	for i := range enum {
		if enum[i].Kind == v.Kind && definition.Equal(&enum[i], v) {
			return true
		}
	}
	return false
}

func (c *checker) number(n *numberRules, v *value) bool {
	ok := true
	f, _ := v.Float()
	if n.min != nil && n.min.compare(f, v) < 0 {
		ok = c.fail("minimum", "must be >= "+n.min.text)
	}
	if n.max != nil && n.max.compare(f, v) > 0 {
		ok = c.fail("maximum", "must be <= "+n.max.text)
	}
	if n.exMin != nil && n.exMin.compare(f, v) <= 0 {
		ok = c.fail("exclusiveMinimum", "must be > "+n.exMin.text)
	}
	if n.exMax != nil && n.exMax.compare(f, v) >= 0 {
		ok = c.fail("exclusiveMaximum", "must be < "+n.exMax.text)
	}
	if n.multipleOf != nil && !isMultiple(v, n.multipleOf) {
		ok = c.fail("multipleOf", "must be multiple of "+n.multipleOf.text)
	}
	if n.assert && !format.CheckNumber(n.format, v.Text) {
		ok = c.fail("format", `must match format "`+n.format+`"`)
	}
	return ok
}

// compare compares a number, whose float64 is f, with the bound.
func (b *bound) compare(f float64, v *value) int {
	switch {
	case f < b.f:
		return -1
	case f > b.f:
		return 1
	case len(v.Text) <= 15 && len(b.text) <= 15:
		return 0
	}
	return definition.CompareNumbers(v.Text, b.text)
}

// isMultiple is exact for decimal texts: 0.3 is a multiple of 0.1.
func isMultiple(v *value, m *bound) bool {
	f, ok := v.Float()
	if !ok || math.IsInf(f, 0) {
		return false
	}
	if f == math.Trunc(f) && m.f == math.Trunc(m.f) && math.Abs(f) < 1<<53 && m.f < 1<<53 {
		return math.Mod(f, m.f) == 0
	}
	if len(v.Text) > 400 || math.Abs(f) > 1e300 || (f != 0 && math.Abs(f) < 1e-300) {
		return true
	}
	a, okA := new(big.Rat).SetString(v.Text)
	b, okB := new(big.Rat).SetString(m.text)
	if !okA || !okB || b.Sign() == 0 {
		return false
	}
	return a.Quo(a, b).IsInt()
}

func (c *checker) text(s *stringRules, t string) bool {
	ok := true
	if s.minLen > 0 || s.maxLen >= 0 {
		n := len(t)
		if n >= s.minLen { // bytes bound runes from above
			n = utf8.RuneCountInString(t)
		}
		if s.maxLen >= 0 && n > s.maxLen {
			ok = c.fail("maxLength", "must NOT have more than "+itoa(s.maxLen)+" characters")
		}
		if n < s.minLen {
			ok = c.fail("minLength", "must NOT have fewer than "+itoa(s.minLen)+" characters")
		}
	}
	if !ok && !c.more() {
		return false
	}
	if s.pattern != nil && !s.pattern.Match(t) {
		ok = c.fail("pattern", `must match pattern "`+s.patternText+`"`)
	}
	if s.assert && !format.Check(s.format, t) {
		ok = c.fail("format", `must match format "`+s.format+`"`)
	}
	return ok
}

func (c *checker) array(s *Schema, v *value, depth int) bool {
	a, ok := s.arr, true
	n := len(v.Kids)
	if a.maxItems >= 0 && n > a.maxItems {
		ok = c.fail("maxItems", "must NOT have more than "+itoa(a.maxItems)+" items")
	}
	if n < a.minItems {
		ok = c.fail("minItems", "must NOT have fewer than "+itoa(a.minItems)+" items")
	}
	if !ok && !c.more() {
		return false
	}
	for i := range v.Kids {
		var item *Schema
		switch {
		case i < len(a.prefix):
			item = a.prefix[i]
		case a.items != nil:
			item = a.items
		default:
			continue
		}
		if !c.item(item, &v.Kids[i], i, depth) {
			if ok = false; !c.more() {
				return false
			}
		}
	}
	if a.contains != nil && !c.contains(a, v, depth) {
		ok = false
	}
	if a.unique && n > 1 && !c.unique(v) {
		ok = false
	}
	return ok
}

func (c *checker) item(s *Schema, v *value, i, depth int) bool {
	if !c.collect {
		return c.check(s, v, s, depth+1)
	}
	c.path = append(c.path, itoa(i))
	ok := c.check(s, v, s, depth+1)
	c.path = c.path[:len(c.path)-1]
	return ok
}

func (c *checker) contains(a *arrayRules, v *value, depth int) bool {
	count := 0
	for i := range v.Kids {
		if c.quiet(a.contains, &v.Kids[i], a.contains, depth+1) {
			count++
		}
	}
	if count >= a.minContains && (a.maxContains < 0 || count <= a.maxContains) {
		return true
	}
	if c.more() { // what each item lacks
		for i := range v.Kids {
			c.item(a.contains, &v.Kids[i], i, depth)
		}
	}
	if a.maxContains >= 0 {
		return c.fail("contains", "must contain at least "+itoa(a.minContains)+" and no more than "+itoa(a.maxContains)+" valid item(s)")
	}
	return c.fail("contains", "must contain at least "+itoa(a.minContains)+" valid item(s)")
}

func (c *checker) unique(v *value) bool {
	const pairwise = 24
	if len(v.Kids) <= pairwise {
		for i := 1; i < len(v.Kids); i++ {
			for j := range i {
				if definition.Equal(&v.Kids[i], &v.Kids[j]) {
					return c.twice(j, i)
				}
			}
		}
		return true
	}
	seen := make(map[string]int, len(v.Kids))
	var buf []byte
	for i := range v.Kids {
		buf = canonical(buf[:0], &v.Kids[i])
		if j, ok := seen[string(buf)]; ok {
			return c.twice(j, i)
		}
		seen[string(buf)] = i
	}
	return true
}

func (c *checker) twice(j, i int) bool {
	return c.fail("uniqueItems", "must NOT have duplicate items (items ## "+itoa(j)+" and "+itoa(i)+" are identical)")
}

func (c *checker) object(s *Schema, v *value, root *Schema, depth int) bool {
	o, ok := s.obj, true
	if o.maxProps >= 0 && len(v.Kids) > o.maxProps {
		ok = c.fail("maxProperties", "must NOT have more than "+itoa(o.maxProps)+" properties")
	}
	if len(v.Kids) < o.minProps {
		ok = c.fail("minProperties", "must NOT have fewer than "+itoa(o.minProps)+" properties")
	}
	for _, name := range o.required {
		if v.Get(name) != nil || c.exempt(s, root, name) {
			continue
		}
		if ok = c.fail("required", "must have required property '"+name+"'"); !c.more() {
			return false
		}
	}
	if !ok && !c.more() {
		return false
	}
	if o.dependencies != nil && !c.dependencies(o, v, root, depth) {
		if ok = false; !c.more() {
			return false
		}
	}
	if o.names != nil {
		for i := range v.Kids {
			name := definition.NewString(v.Kids[i].Key)
			if !c.quiet(o.names, &name, o.names, depth+1) {
				if ok = c.fail("propertyNames", "property name '"+v.Kids[i].Key+"' must be valid"); !c.more() {
					return false
				}
			}
		}
	}
	if c.collect {
		return c.membersInOrder(o, v, depth) && ok
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if !c.member(o, kid, depth) {
			return false
		}
	}
	return ok
}

// member checks one member against what the object's rules say of it.
func (c *checker) member(o *objectRules, kid *value, depth int) bool {
	known, ok := false, true
	if p := o.property(kid.Key); p != nil {
		known = true
		ok = c.at(p, kid, depth)
	}
	for i := range o.patterns {
		if o.patterns[i].pattern.Match(kid.Key) {
			known = true
			ok = (ok || c.more()) && c.at(o.patterns[i].schema, kid, depth) && ok
		}
	}
	if known || o.additional == nil {
		return ok
	}
	if o.additional.never {
		return c.fail("additionalProperties", "must NOT have additional properties; found '"+kid.Key+"'")
	}
	return c.at(o.additional, kid, depth)
}

// membersInOrder tells violations in the schema's order: first what should not
// be there, then the properties as they are declared.
func (c *checker) membersInOrder(o *objectRules, v *value, depth int) bool {
	ok := true
	for i := range v.Kids {
		if o.property(v.Kids[i].Key) == nil && !c.member(o, &v.Kids[i], depth) {
			ok = false
		}
	}
	for i := range o.properties {
		if kid := v.Get(o.properties[i].name); kid != nil && !c.member(o, kid, depth) {
			ok = false
		}
	}
	return ok
}

func (c *checker) at(s *Schema, kid *value, depth int) bool {
	if !c.collect {
		return c.check(s, kid, s, depth+1)
	}
	c.path = append(c.path, kid.Key)
	ok := c.check(s, kid, s, depth+1)
	c.path = c.path[:len(c.path)-1]
	return ok
}

func (c *checker) dependencies(o *objectRules, v *value, root *Schema, depth int) bool {
	ok := true
	for i := range o.dependencies {
		d := &o.dependencies[i]
		if v.Get(d.name) == nil {
			continue
		}
		for _, r := range d.required {
			if v.Get(r) == nil {
				ok = c.fail("dependentRequired", "must have property "+r+" when property "+d.name+" is present")
			}
		}
		if d.schema != nil && !c.check(d.schema, v, root, depth+1) {
			ok = false
		}
	}
	return ok
}

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
