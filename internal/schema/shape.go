package schema

import (
	"slices"
	"sync"
	"sync/atomic"

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
	index              map[string]*member // of many members
	required           []string           // those without a member
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
	if s.index != nil {
		return s.index[name]
	}
	for _, m := range s.members {
		if m.name == name {
			return m
		}
	}
	return nil
}

// addMember adds a member that is not there yet.
func (s *shape) addMember(m *member) {
	s.members = append(s.members, m)
	if s.index != nil {
		s.index[m.name] = m
		return
	}
	if len(s.members) > manyMembers {
		s.index = make(map[string]*member, 2*len(s.members))
		for _, x := range s.members {
			s.index[x.name] = x
		}
	}
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

func (f *flattener) finish(n *node) *shape {
	s := f.shape
	if s.types&TypeNumber != 0 {
		s.types &^= TypeInteger
	}
	s.finishMembers()
	// Another schema may describe what this one refuses, or nobody what it requires.
	if s.closed && (len(f.seen) > 2 || slices.ContainsFunc(s.members, func(m *member) bool { return len(m.schemas) == 0 })) {
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
			s.addMember(m)
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
