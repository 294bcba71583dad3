package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// maxVariants bounds how many combinations of alternatives are told apart.
const maxVariants = 1 << 20

// flattener merges schemas into a shape.
type flattener struct {
	*shape
	left  int // what is left of the variant's number
	count int // the number of variants
	seen  []*Schema
}

// pick chooses one of n alternatives: the variant's number is read as digits
// of mixed bases, the first choice the quickest to change.
func (f *flattener) pick(n int) int {
	if n <= 1 {
		return 0
	}
	k := f.left % n
	f.left /= n
	if f.count < maxVariants {
		f.count *= n
	}
	return k
}

const maxFlatten = 60

func (f *flattener) add(s *Schema, depth int) {
	if depth > maxFlatten {
		return
	}
	for _, x := range f.seen {
		if x == s {
			return
		}
	}
	f.seen = append(f.seen, s)
	if s.never {
		f.impossible = true
		return
	}
	if s.ref != nil {
		f.add(s.ref.get(), depth+1)
	}
	if s.dyn != nil {
		f.add(s.dyn.get(), depth+1)
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			f.add(x, depth+1)
		}
	}
	f.addTypes(s)
	if s.enum != nil {
		f.addEnum(s.enum)
	}
	if s.constant != nil {
		f.addEnum([]value{s.constant.With("")})
	}
	if s.num != nil {
		f.addNumber(s.num)
	}
	if s.str != nil {
		f.addText(s.str)
	}
	if s.arr != nil {
		f.addArray(s.arr)
	}
	if s.obj != nil {
		f.addObject(s.obj)
	}
	if s.meta != nil {
		f.addNotes(s.meta)
	}
	if s.alt != nil {
		f.alternatives(s, depth)
	}
	f.subtype(s, depth)
}

func (f *flattener) addTypes(s *Schema) {
	if s.types == 0 {
		return
	}
	have, want := f.types, s.types
	if have&TypeNumber != 0 {
		have |= TypeInteger
	}
	if want&TypeNumber != 0 {
		want |= TypeInteger
	}
	f.types = have & want
	if f.types == 0 {
		f.impossible = true
	}
}

func (f *flattener) addEnum(list []value) {
	if f.enum == nil {
		f.enum = list
		return
	}
	var both []value
	for i := range list {
		if inEnum(f.enum, &list[i]) {
			both = append(both, list[i])
		}
	}
	f.enum = both
	if both == nil {
		f.impossible = true
	}
}

func higher(a, b *bound) *bound {
	if a == nil || b != nil && definition.CompareNumbers(b.text, a.text) > 0 {
		return b
	}
	return a
}

func lower(a, b *bound) *bound {
	if a == nil || b != nil && definition.CompareNumbers(b.text, a.text) < 0 {
		return b
	}
	return a
}

func (f *flattener) addNumber(n *numberRules) {
	f.min, f.exMin = higher(f.min, n.min), higher(f.exMin, n.exMin)
	f.max, f.exMax = lower(f.max, n.max), lower(f.exMax, n.exMax)
	if n.multipleOf != nil {
		if f.multipleOf != nil {
			f.risky = true
			if n.multipleOf.f < f.multipleOf.f {
				n = &numberRules{multipleOf: f.multipleOf, format: n.format}
			}
		}
		f.multipleOf = n.multipleOf
	}
	if n.format != "" {
		f.numFormat = n.format
	}
}

func (f *flattener) addText(s *stringRules) {
	f.minLen = max(f.minLen, s.minLen)
	f.maxLen = lowest(f.maxLen, s.maxLen)
	if s.pattern != nil {
		f.patterns = append(f.patterns, s.pattern)
	}
	if s.format != "" {
		f.format = s.format
	}
}

// lowest of two limits where -1 is none.
func lowest(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

func (f *flattener) addArray(a *arrayRules) {
	for i, p := range a.prefix {
		if i >= len(f.prefix) {
			f.prefix = append(f.prefix, nil)
		}
		f.prefix[i] = append(f.prefix[i], p)
	}
	if a.items != nil {
		if a.items.never {
			f.closedItems = true
			f.maxItems = lowest(f.maxItems, len(a.prefix))
		} else {
			f.items = append(f.items, a.items)
		}
	}
	if a.contains != nil {
		f.contains = append(f.contains, a.contains)
		f.minContains = max(f.minContains, a.minContains)
		f.risky = true
	}
	f.minItems = max(f.minItems, a.minItems)
	f.maxItems = lowest(f.maxItems, a.maxItems)
	f.unique = f.unique || a.unique
	if a.unevaluated != nil {
		f.risky = true
		if a.unevaluated.never && f.items == nil {
			f.closedItems = true
		}
	}
}

func (f *flattener) addObject(o *objectRules) {
	for i := range o.properties {
		p := &o.properties[i]
		m := f.member(p.name)
		if m == nil {
			m = &member{name: p.name, salt: plausible.Salt(p.name)}
			f.addMember(m)
		}
		m.schemas = append(m.schemas, p.schema)
		m.hidden[Request] = m.hidden[Request] || p.schema.hidden(Request, 0)
		m.hidden[Response] = m.hidden[Response] || p.schema.hidden(Response, 0)
	}
	f.required = append(f.required, o.required...)
	f.named = append(f.named, o.patterns...)
	if a := o.additional; a != nil {
		if a.never {
			f.closed = true
		} else {
			f.additional = append(f.additional, a)
		}
	}
	if o.names != nil {
		f.names = append(f.names, o.names)
		f.risky = true
	}
	f.minProps = max(f.minProps, o.minProps)
	f.maxProps = lowest(f.maxProps, o.maxProps)
	f.dependencies = append(f.dependencies, o.dependencies...)
	if o.unevaluated != nil {
		f.risky = true
		if o.unevaluated.never {
			f.closed = true
		} else {
			f.additional = append(f.additional, o.unevaluated)
		}
	}
	if len(o.dependencies) > 0 || o.minProps > 0 || o.maxProps >= 0 {
		f.risky = true
	}
}

func (f *flattener) addNotes(m *annotations) {
	f.examples = append(f.examples, m.examples...)
	if f.fallback == nil {
		f.fallback = m.defaultValue
	}
	if f.faker == nil {
		f.faker = m.faker
	}
	if m.title != "" {
		f.title = m.title
	}
	if m.description != "" {
		f.description = m.description
	}
	if m.name != "" && f.label == "" {
		f.label = m.name
	}
	if m.mediaType != "" {
		f.mediaType = m.mediaType
	}
	if m.encoding != "" {
		f.encoding = m.encoding
	}
}
