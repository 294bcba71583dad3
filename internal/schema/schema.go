// Package schema compiles JSON Schema 2020-12 as a [definition.Definition]
// holds it, checks values against it and generates values from it. Both work
// on one compiled form, so that a generated value is judged by the very rules
// that a request is judged by.
package schema

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/pattern"
)

type value = definition.Value

// Types is a set of JSON types.
type Types uint8

// The types of JSON Schema. A value of type integer is of type number too.
const (
	TypeNull Types = 1 << iota
	TypeBoolean
	TypeObject
	TypeArray
	TypeNumber
	TypeString
	TypeInteger

	anyType = TypeNull | TypeBoolean | TypeObject | TypeArray | TypeNumber | TypeString | TypeInteger
)

var typeNames = [...]struct {
	t    Types
	name string
}{
	{TypeNull, "null"}, {TypeBoolean, "boolean"}, {TypeObject, "object"}, {TypeArray, "array"},
	{TypeNumber, "number"}, {TypeString, "string"}, {TypeInteger, "integer"},
}

func typeByName(name string) Types {
	for _, x := range typeNames {
		if x.name == name {
			return x.t
		}
	}
	return 0
}

// String lists the types, separated by commas.
func (t Types) String() string {
	var names []string
	for _, x := range typeNames {
		if t&x.t != 0 {
			names = append(names, x.name)
		}
	}
	return strings.Join(names, ",")
}

// Set compiles the schemas of one definition, each on first use. It is safe
// for concurrent use.
type Set struct {
	defs map[string]*value

	mu       sync.Mutex
	compiled map[string]*Schema // named schemas, by name and dynamic scope
	inline   map[*value]*Schema
	patterns map[string]*pattern.Pattern
	nodes    map[nodeKey]*node
}

// NewSet makes a set over the reusable schemas of a definition.
func NewSet(defs map[string]*value) *Set {
	return &Set{
		defs: defs, compiled: map[string]*Schema{}, inline: map[*value]*Schema{},
		patterns: map[string]*pattern.Pattern{}, nodes: map[nodeKey]*node{},
	}
}

// Schema is a compiled schema. It is immutable and safe for concurrent use.
// The zero Schema accepts everything.
type Schema struct {
	never bool
	types Types // 0: any type
	ref   *link
	dyn   *link // $dynamicRef

	enum     []value // nil: no enum
	constant *value

	num *numberRules
	str *stringRules
	arr *arrayRules
	obj *objectRules
	alt *combined

	readOnly, writeOnly bool
	meta                *annotations
}

// annotations are what a schema says beside what it demands.
type annotations struct {
	name          string // of a named schema
	title         string
	description   string
	deprecated    bool
	defaultValue  *value
	examples      []value
	faker         *value
	xml           *value
	discriminator *discriminator
	mediaType     string // contentMediaType
	encoding      string // contentEncoding
}

type discriminator struct {
	property string
	mapping  []mapped
	fallback *link
}

type mapped struct {
	value  string
	name   string
	schema *link
}

type bound struct {
	text string
	f    float64
}

type numberRules struct {
	min, max, exMin, exMax, multipleOf *bound
	format                             string
	assert                             bool // the format is checked
}

type stringRules struct {
	minLen, maxLen int // -1: none
	pattern        *pattern.Pattern
	patternText    string
	format         string
	assert         bool // the format is checked
}

type arrayRules struct {
	prefix             []*Schema
	items              *Schema
	contains           *Schema
	minContains        int
	maxContains        int // -1: none
	minItems, maxItems int // -1: none
	unique             bool
	unevaluated        *Schema
}

type property struct {
	name   string
	schema *Schema
}

type patternProperty struct {
	text    string
	pattern *pattern.Pattern
	schema  *Schema
}

type dependency struct {
	name     string
	required []string
	schema   *Schema
}

type objectRules struct {
	properties         []property
	index              map[string]int // for many properties
	patterns           []patternProperty
	additional         *Schema
	names              *Schema
	required           []string
	dependencies       []dependency
	minProps, maxProps int // -1: none
	unevaluated        *Schema
}

func (o *objectRules) property(name string) *Schema {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return o.properties[i].schema
		}
		return nil
	}
	for i := range o.properties {
		if o.properties[i].name == name {
			return o.properties[i].schema
		}
	}
	return nil
}

type combined struct {
	allOf, anyOf, oneOf []*Schema
	not                 *Schema
	ifs, then, els      *Schema
}

// link is a reference that is followed on first use.
type link struct {
	set  *Set
	name string
	env  *scope
	p    atomic.Pointer[Schema]
}

func (l *link) get() *Schema {
	if s := l.p.Load(); s != nil {
		return s
	}
	l.set.mu.Lock()
	s := l.set.named(l.name, l.env)
	l.set.mu.Unlock()
	l.p.Store(s)
	return s
}

// scope is the dynamic scope of a compilation: which schema each
// $dynamicAnchor stands for, outermost first (2020-12 Core, 8.2.3.2).
type scope struct {
	anchor string
	schema *value
	up     *scope
	id     string
}

func (e *scope) find(anchor string) *value {
	for ; e != nil; e = e.up {
		if e.anchor == anchor {
			return e.schema
		}
	}
	return nil
}

func (e *scope) key() string {
	if e == nil {
		return ""
	}
	return e.id
}

// extend adds the anchors that v brings, unless an outer schema set them.
func (s *Set) extend(e *scope, v *value) *scope {
	add := func(x *value) {
		a := x.Get("$dynamicAnchor").Str()
		if a == "" || e.find(a) != nil {
			return
		}
		e = &scope{anchor: a, schema: x, up: e, id: e.key() + "|" + a + "@" + strconv.FormatUint(uint64(x.Pos), 36) + "." + strconv.Itoa(int(x.File))}
	}
	if !v.Has("$dynamicAnchor") && !v.Has("$defs") {
		return e
	}
	add(v)
	for _, k := range [...]string{"$defs", "definitions"} {
		if defs := v.Get(k); defs.Is(definition.Object) {
			for i := range defs.Kids {
				add(&defs.Kids[i])
			}
		}
	}
	return e
}

// Any accepts every value.
var anySchema = &Schema{}

// Compile compiles a schema of the definition; nil gives one that accepts
// everything. What is malformed in it is left out. The result is kept, so that
// the same value gives the same Schema.
func (s *Set) Compile(v *value) *Schema {
	if v == nil {
		return anySchema
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.inline[v]; c != nil {
		return c
	}
	c := s.compile(v, nil)
	s.inline[v] = c
	return c
}

// named compiles a reusable schema. The lock is held.
func (s *Set) named(name string, env *scope) *Schema {
	v := s.defs[name]
	if v == nil {
		return anySchema
	}
	env = s.extend(env, v)
	key := name + env.key()
	if c := s.compiled[key]; c != nil {
		return c
	}
	c := &Schema{}
	s.compiled[key] = c
	s.fill(c, v, env)
	if c.meta == nil {
		c.meta = &annotations{}
	}
	c.meta.name = name
	return c
}

func (s *Set) compile(v *value, env *scope) *Schema {
	c := &Schema{}
	s.fill(c, v, s.extend(env, v))
	return c
}

const defsPrefix = "#/$defs/"

func (s *Set) link(ref string, env *scope) *link {
	name, ok := strings.CutPrefix(ref, defsPrefix)
	if !ok {
		return nil
	}
	return &link{set: s, name: name, env: env}
}

func (s *Set) dynamicLink(ref string, env *scope) *link {
	l := s.link(ref, env)
	if l == nil {
		return nil
	}
	anchor := s.defs[l.name].Get("$dynamicAnchor").Str()
	if x := env.find(anchor); anchor != "" && x != nil {
		c := s.inline[x]
		if c == nil {
			c = &Schema{}
			s.inline[x] = c
			s.fill(c, x, env)
		}
		l.p.Store(c)
	}
	return l
}

func newBound(v *value) *bound {
	f, ok := v.Float()
	if !ok {
		return nil
	}
	return &bound{text: v.Text, f: f}
}

// size reads a length keyword; absent is -1.
func size(v *value) int {
	n, ok := v.Int()
	if !ok || n < 0 {
		return -1
	}
	return min(n, math.MaxInt32)
}
