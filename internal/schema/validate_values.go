package schema

// This file is on the hot path.

import (
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/format"
)

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
	get := v.Get
	if len(v.Kids) > manyMembers && len(o.required)+len(o.properties) > manyMembers {
		get = indexed(v)
	}
	for _, name := range o.required {
		if get(name) != nil || c.exempt(s, root, name) {
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
		return c.membersInOrder(o, v, get, depth) && ok
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if !c.member(o, kid, depth) {
			return false
		}
	}
	return ok
}

// manyMembers is the size from which an object is searched by an index.
const manyMembers = 64

// indexed finds the members of a large object without walking it each time.
func indexed(v *value) func(string) *value {
	at := make(map[string]*value, len(v.Kids))
	for i := range v.Kids {
		if k := &v.Kids[i]; at[k.Key] == nil {
			at[k.Key] = k
		}
	}
	return func(name string) *value { return at[name] }
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
func (c *checker) membersInOrder(o *objectRules, v *value, get func(string) *value, depth int) bool {
	ok := true
	for i := range v.Kids {
		if o.property(v.Kids[i].Key) == nil && !c.member(o, &v.Kids[i], depth) {
			ok = false
		}
	}
	for i := range o.properties {
		if kid := get(o.properties[i].name); kid != nil && !c.member(o, kid, depth) {
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
