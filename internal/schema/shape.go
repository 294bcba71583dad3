package schema

import (
	"sync"
	"sync/atomic"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/pattern"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// node is what the generator knows of one place: the schemas that a value
// there must satisfy together, with what the place is called.
type node struct {
	set     *Set
	schemas []*Schema
	name    string // of the property, or of what holds the array
	parent  string // of what holds the property

	shapes   atomic.Pointer[map[int]*shape] // by variant, replaced whole
	mu       sync.Mutex
	variants atomic.Int32 // how many variants differ; 0: not known yet
}

type nodeKey struct {
	schema *Schema
	name   string
	parent string
}

// node finds the generator's view of one schema at a place of that name.
func (s *Set) node(x *Schema, name, parent string) *node {
	key := nodeKey{x, name, parent}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.nodes[key]
	if n == nil {
		n = &node{set: s, schemas: []*Schema{x}, name: name, parent: parent}
		s.nodes[key] = n
	}
	return n
}

func (s *Set) nodeOf(schemas []*Schema, name, parent string) *node {
	if len(schemas) == 1 {
		return s.node(schemas[0], name, parent)
	}
	if len(schemas) == 0 {
		return s.node(anySchema, name, parent)
	}
	return &node{set: s, schemas: schemas, name: name, parent: parent}
}

// member is one property of a shape.
type member struct {
	name     string
	schemas  []*Schema
	required bool
	hidden   [3]bool // by direction
	salt     uint64

	once sync.Once
	node *node
}

// at is the place of the member's value. It is made on first use: schemas that
// contain themselves have no end.
func (m *member) at(set *Set, parent string) *node {
	m.once.Do(func() { m.node = set.nodeOf(m.schemas, m.name, parent) })
	return m.node
}

// shape is the conjunction of a node's schemas with every alternative chosen:
// what one kind of value must satisfy.
type shape struct {
	impossible bool
	risky      bool // what is made must be checked here
	types      Types
	enum       []value
	fixed      []value // members whose value a discriminator tells, by Key

	min, max, exMin, exMax, multipleOf *bound
	numFormat                          string

	minLen, maxLen int
	patterns       []*pattern.Pattern
	format         string
	mediaType      string
	encoding       string

	prefix             [][]*Schema
	items              []*Schema
	contains           []*Schema
	minContains        int
	minItems, maxItems int
	unique             bool
	closedItems        bool
	itemNode           atomic.Pointer[node]

	members            []*member
	required           []string // those without a member
	additional         []*Schema
	closed             bool // no additional properties
	named              []patternProperty
	names              []*Schema
	minProps, maxProps int
	avoid              []string // optional properties left out, so that only one alternative fits
	avoidOwn           []string // those that the chosen alternative has itself: left out when nothing else helps
	dependencies       []dependency

	exampleOnce sync.Once
	shown       *value // the example or default that is used

	examples    []value
	fallback    *value // default
	faker       *value
	title       string
	description string
	label       string // the name of a named schema
	meaning     plausible.Meaning
}

func (s *shape) member(name string) *member {
	for _, m := range s.members {
		if m.name == name {
			return m
		}
	}
	return nil
}

// shape gives the view for a variant: the number that picks every alternative.
func (n *node) shape(variant int) *shape {
	if m := n.shapes.Load(); m != nil {
		if s := (*m)[variant]; s != nil {
			return s
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.shapes.Load()
	if old != nil {
		if s := (*old)[variant]; s != nil {
			return s
		}
	}
	f := flattener{shape: &shape{types: anyType, minLen: -1, maxLen: -1, minItems: -1, maxItems: -1, minProps: -1, maxProps: -1}, left: variant, count: 1}
	for _, x := range n.schemas {
		f.add(x, 0)
	}
	s := f.finish(n)
	n.variants.Store(int32(min(f.count, maxVariants)))
	const keep = 256
	next := map[int]*shape{variant: s}
	if old != nil && len(*old) < keep {
		for k, v := range *old {
			next[k] = v
		}
	}
	n.shapes.Store(&next)
	return s
}

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
			f.members = append(f.members, m)
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

// alternatives chooses among anyOf, oneOf and if/then/else, and takes in what
// "not" says where that can be done by leaving something out.
func (f *flattener) alternatives(s *Schema, depth int) {
	a := s.alt
	if a.oneOf != nil {
		f.risky = true
		i := f.branch(a.oneOf, s.meta)
		f.tell(s.meta, a.oneOf[i])
		f.add(a.oneOf[i], depth+1)
		f.exclude(a.oneOf, i)
	}
	if a.anyOf != nil {
		f.risky = true
		i := f.branch(a.anyOf, s.meta)
		f.tell(s.meta, a.anyOf[i])
		f.add(a.anyOf[i], depth+1)
	}
	if a.not != nil {
		f.risky = true
		f.without(a.not)
	}
	if a.ifs != nil {
		f.risky = true
		switch f.pick(2) {
		case 0:
			f.add(a.ifs, depth+1)
			if a.then != nil {
				f.add(a.then, depth+1)
			}
		default:
			if a.els != nil {
				f.add(a.els, depth+1)
			}
		}
	}
}

// branch picks one of several schemas; null is the last choice.
func (f *flattener) branch(list []*Schema, _ *annotations) int {
	order := make([]int, 0, len(list))
	var last []int
	for i, x := range list {
		if x.Accepts() == TypeNull || x.never {
			last = append(last, i)
		} else {
			order = append(order, i)
		}
	}
	order = append(order, last...)
	return order[f.pick(len(order))]
}

// tell sets the property by which a discriminator names the branch.
func (f *flattener) tell(notes *annotations, branch *Schema) {
	if notes == nil || notes.discriminator == nil || branch.ref == nil {
		return
	}
	d := notes.discriminator
	name := branch.ref.name
	for i := range d.mapping {
		if d.mapping[i].name == branch.ref.name {
			name = d.mapping[i].value
			break
		}
	}
	f.fixed = append(f.fixed, definition.NewString(name).With(d.property))
}

// exclude leaves out optional properties that would make another branch of a
// oneOf fit too: those that such a branch requires and the chosen one doesn't.
func (f *flattener) exclude(list []*Schema, chosen int) {
	mine := map[string]bool{}
	for _, r := range list[chosen].requires(0) {
		mine[r] = true
	}
	own := map[string]bool{}
	for _, p := range list[chosen].describes(0) {
		own[p] = true
	}
	for i, x := range list {
		if i == chosen {
			continue
		}
		for _, r := range x.requires(0) {
			if mine[r] {
				continue
			}
			if own[r] {
				f.avoidOwn = append(f.avoidOwn, r)
			} else {
				f.avoid = append(f.avoid, r)
			}
			break
		}
	}
}

// requires lists what the schema requires without looking at alternatives.
func (s *Schema) requires(depth int) []string {
	if depth > 10 {
		return nil
	}
	var out []string
	if s.obj != nil {
		out = append(out, s.obj.required...)
	}
	if s.ref != nil {
		out = append(out, s.ref.get().requires(depth+1)...)
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			out = append(out, x.requires(depth+1)...)
		}
	}
	return out
}

// describes lists the properties that the schema has without looking at
// alternatives.
func (s *Schema) describes(depth int) []string {
	if depth > 10 {
		return nil
	}
	var out []string
	if s.obj != nil {
		for i := range s.obj.properties {
			out = append(out, s.obj.properties[i].name)
		}
	}
	if s.ref != nil {
		out = append(out, s.ref.get().describes(depth+1)...)
	}
	if s.alt != nil {
		for _, x := range s.alt.allOf {
			out = append(out, x.describes(depth+1)...)
		}
	}
	return out
}

// without takes in "not": {"required": [...]} and {"anyOf": [{"required"}…]}.
func (f *flattener) without(not *Schema) {
	if not.obj != nil && len(not.obj.required) > 0 {
		f.avoid = append(f.avoid, not.obj.required[len(not.obj.required)-1])
	}
	if not.types != 0 && not.obj == nil && not.alt == nil && not.enum == nil && not.str == nil && not.num == nil && not.arr == nil {
		t := f.types &^ not.types
		if not.types&TypeNumber != 0 {
			t &^= TypeInteger
		}
		f.types = t
		if t == 0 {
			f.impossible = true
		}
	}
	if not.alt != nil {
		for _, x := range not.alt.anyOf {
			f.without(x)
		}
	}
}

// subtype lets a base type with a discriminator and no alternatives of its own
// stand for one of the schemas that extend it.
func (f *flattener) subtype(s *Schema, depth int) {
	if s.meta == nil || s.meta.discriminator == nil || s.alt != nil && (s.alt.oneOf != nil || s.alt.anyOf != nil) {
		return
	}
	d := s.meta.discriminator
	if len(d.mapping) == 0 {
		return
	}
	for _, x := range f.fixed { // a subtype is being made, which includes its base
		if x.Key == d.property {
			return
		}
	}
	for i := range d.mapping {
		child := d.mapping[i].schema.get()
		for _, x := range f.seen {
			if x == child && child != s {
				f.fixed = append(f.fixed, definition.NewString(d.mapping[i].value).With(d.property))
				return
			}
		}
	}
	m := d.mapping[f.pick(len(d.mapping))]
	f.fixed = append(f.fixed, definition.NewString(m.value).With(d.property))
	f.add(m.schema.get(), depth+1)
	f.risky = true
}

func (f *flattener) finish(n *node) *shape {
	s := f.shape
	if s.types&TypeNumber != 0 {
		s.types &^= TypeInteger
	}
	s.finishMembers()
	if s.closed && len(f.seen) > 2 { // another schema may describe what this one refuses
		s.risky = true
	}
	if s.unique || s.enum != nil && (s.patterns != nil || s.minLen > 0 || s.maxLen >= 0 || s.format != "" || s.min != nil || s.max != nil ||
		s.exMin != nil || s.exMax != nil || s.multipleOf != nil || s.members != nil || s.items != nil) {
		s.risky = true
	}
	if s.numFormat != "" && s.format == "" {
		s.format = s.numFormat
	}
	s.meaning = s.means(n)
	if s.types&TypeString != 0 {
		s.meaning = s.fitting(s.meaning)
	}
	return s
}

// fitting keeps the meaning in a form that the rules of the text allow: a
// country by its code where a pattern asks for two letters.
func (s *shape) fitting(m plausible.Meaning) plausible.Meaning {
	var forms []plausible.Meaning
	switch m {
	case plausible.Country:
		forms = []plausible.Meaning{plausible.CountryCode, plausible.CountryCode3}
	case plausible.CountryCode:
		forms = []plausible.Meaning{plausible.CountryCode3, plausible.Country}
	case plausible.CountryCode3:
		forms = []plausible.Meaning{plausible.CountryCode, plausible.Country}
	case plausible.Region:
		forms = []plausible.Meaning{plausible.RegionCode}
	case plausible.RegionCode:
		forms = []plausible.Meaning{plausible.Region}
	case plausible.CurrencyName, plausible.CurrencySymbol:
		forms = []plausible.Meaning{plausible.Currency}
	case plausible.LanguageName:
		forms = []plausible.Meaning{plausible.Language, plausible.Locale}
	case plausible.Language:
		forms = []plausible.Meaning{plausible.Locale, plausible.LanguageName}
	case plausible.Locale:
		forms = []plausible.Meaning{plausible.Language}
	case plausible.ColorName:
		forms = []plausible.Meaning{plausible.HexColor}
	default:
		return m
	}
	subject := plausible.NewSubject(1)
	if s.fits(subject.Text(m, 0)) {
		return m
	}
	for _, f := range forms {
		if s.fits(subject.Text(f, 0)) {
			return f
		}
	}
	return m
}

// finishMembers marks what is required, and finds the required properties that
// nothing describes.
func (s *shape) finishMembers() {
	var undescribed []string
	for _, r := range s.required {
		if m := s.member(r); m != nil {
			m.required = true
		} else {
			undescribed = append(undescribed, r)
		}
	}
	s.required = nil
	for _, r := range undescribed {
		m := &member{name: r, salt: plausible.Salt(r), required: true}
		for i := range s.named {
			if s.named[i].pattern.Match(r) {
				m.schemas = append(m.schemas, s.named[i].schema)
			}
		}
		if m.schemas == nil {
			m.schemas = s.additional
		}
		if s.member(r) == nil {
			s.members = append(s.members, m)
		}
	}
	for _, m := range s.members {
		for i := range s.named {
			if len(m.schemas) > 0 && s.named[i].pattern.Match(m.name) {
				m.schemas = append(m.schemas, s.named[i].schema)
			}
		}
	}
	var avoid []string
	for _, a := range s.avoid {
		if m := s.member(a); m != nil && !m.required {
			avoid = append(avoid, a)
		}
	}
	s.avoid = avoid
}

// means asks what the place stands for, as far as its type is one of scalars.
func (s *shape) means(n *node) plausible.Meaning {
	p := plausible.Property{Name: n.name, Parent: n.parent, Description: s.description, Title: s.title, Format: s.format, Values: len(s.enum)}
	switch {
	case s.types&TypeString != 0:
		p.Type = plausible.String
	case s.types&TypeNumber != 0:
		p.Type = plausible.Number
	case s.types&TypeInteger != 0:
		p.Type = plausible.Integer
	case s.types&TypeBoolean != 0:
		p.Type = plausible.Boolean
	default:
		return plausible.None
	}
	if p.Name == "" {
		p.Name = s.label
		if p.Name == "" {
			p.Name = s.title
		}
	}
	return plausible.Of(p)
}
