package schema

// This file is on the hot path: a generated answer is made here for each call.

import (
	"errors"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// ErrTooComplex says that no value of a bearable size satisfies the schema.
var ErrTooComplex = errors.New("the schema asks for more than 2,500 items or for a body above the limit")

// Options steer generation. The zero value makes stable values from examples
// and defaults where the schema has them.
type Options struct {
	Direction Direction
	Fresh     bool   // no example is repeated, even where nothing else tells what is meant
	Dynamic   bool   // varied: examples are not repeated, arrays have 1 to 5 items
	Seed      uint64 // the same seed gives the same value
	Name      string // what the value is, for schemas that don't tell: "user"
	Faker     *Faker // the document's settings, may be nil
	// Known is a member of the value that the request tells: its Key and what it
	// is. It is used where the schema describes and accepts it. May be nil.
	Known *value
	Bytes int // about how large the value may become before it is made smaller; 0: 800,000
}

// Faker are the settings of a document's "x-json-schema-faker" and of the
// command line.
type Faker struct {
	MinItems, MaxItems   int // 0: none
	MinLength, MaxLength int
	Optionals            int  // percent of optional properties, 100 where not set
	Fill                 bool // undeclared properties are made up where allowed
	UseExamples          bool
	UseDefaults          bool
}

// DefaultFaker has no settings of its own.
var DefaultFaker = Faker{Optionals: 100, Fill: true, UseExamples: true}

const (
	overhead    = 12      // bytes of a value beside its text: its name and what separates
	fullDepth   = 6       // objects nested deeper have required properties only
	hardDepth   = 40      // nothing is nested deeper
	maxRequired = 2500    // items that a schema may demand
	maxValues   = 40_000  // values in one body before it is made smaller
	maxBytes    = 800_000 // and about as many bytes
)

// sizes are the ways to make a body, until one fits: full, with one item in
// each array, then less deep.
var sizes = [...]struct {
	full int
	lean bool
}{{fullDepth, false}, {fullDepth, true}, {4, true}, {2, true}, {0, true}}

// Generate makes a value of the schema. ok is false when no valid one was
// found: v is then the best there is. The error is ErrTooComplex or nil.
func (s *Schema) Generate(set *Set, o Options) (v value, ok bool, err error) {
	if o.Faker == nil {
		o.Faker = &DefaultFaker
	}
	if o.Bytes <= 0 {
		o.Bytes = maxBytes
	}
	root := set.node(s, o.Name, "")
	plain := false
	for i, size := range sizes {
		g := generator{set: set, opt: o, full: size.full, lean: size.lean, budget: maxValues, bytes: o.Bytes, retries: 400}
		draw := rng(o.Seed)
		subject := plausible.NewSubject(draw.next())
		v, ok = g.value(root, place{subject: &subject, stream: draw.next()}, nil)
		if g.spent() && i < len(sizes)-1 {
			continue
		}
		if g.err != nil {
			return value{}, false, g.err
		}
		plain = !g.risky
		break
	}
	// What was made of plain shapes only is valid part by part: each text and
	// number was checked when it was made. Anything else is checked as a whole.
	if ok && plain || s.Valid(&v, o.Direction) {
		return v, true, nil
	}
	return s.repair(v, o.Direction)
}

// repair takes out of v what makes it invalid, one member at a time, as long
// as fewer violations remain.
func (s *Schema) repair(v value, dir Direction) (value, bool, error) {
	found := s.Validate(&v, dir, 50)
	for tries := 0; tries < 40 && len(found) > 0; tries++ {
		better := false
		for _, x := range found {
			for n := len(x.Path); n > 0 && !better; n-- {
				c := v.Clone()
				if !removeAt(&c, x.Path[:n]) {
					continue
				}
				if rest := s.Validate(&c, dir, 50); len(rest) < len(found) {
					v, found, better = c, rest, true
				}
			}
			if better {
				break
			}
		}
		if !better {
			return v, false, nil
		}
	}
	return v, len(found) == 0, nil
}

// removeAt removes the member or item that a path leads to.
func removeAt(v *value, path []string) bool {
	for len(path) > 0 {
		i := childIndex(v, path[0])
		if i < 0 {
			return false
		}
		if len(path) == 1 {
			v.Kids = append(v.Kids[:i:i], v.Kids[i+1:]...)
			return true
		}
		v, path = &v.Kids[i], path[1:]
	}
	return false
}

func childIndex(v *value, key string) int {
	if v.Kind == definition.Array {
		for i := range v.Kids {
			if itoa(i) == key {
				return i
			}
		}
		return -1
	}
	for i := range v.Kids {
		if v.Kids[i].Key == key {
			return i
		}
	}
	return -1
}

// rng is a splitmix64 stream: cheap, and the same on every machine.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

// Uint64 makes a stream a source for other generators.
func (r *rng) Uint64() uint64 { return r.next() }

// below gives a number from 0 to n-1.
func (r *rng) below(n int) int {
	if n <= 1 {
		return 0
	}
	return int(r.next() % uint64(n))
}

func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// place is where a value is made: the subject it belongs to, its own stream of
// random numbers, how deep it lies.
type place struct {
	subject *plausible.Subject
	stream  uint64
	salt    uint64
	objects int // objects around it
	arrays  int // arrays around it
	depth   int
	turn    int    // which member of an enum comes next: items of a set differ
	draw    uint64 // what the first of them is drawn from, where that is not the stream
}

type generator struct {
	set     *Set
	opt     Options
	full    int  // objects up to this depth have all their properties
	lean    bool // arrays have as few items as they may, but one
	budget  int  // values that may still be made
	bytes   int
	retries int
	err     error
	risky   bool // a shape was met whose values are not valid by how they are made
	src     rng  // what texts are drawn from: here, so that it isn't allocated for each
}

// spent reports whether the body has become too large.
func (g *generator) spent() bool { return g.budget <= 0 || g.bytes <= 0 }

// value makes a value for a node. It tries the alternatives one after the
// other until one is valid.
func (g *generator) value(n *node, at place, hint *value) (value, bool) {
	g.budget--
	if g.err != nil || at.depth > hardDepth {
		return definition.NewNull(), false
	}
	if g.budget < -maxValues { // what is required alone has no bearable size
		g.err = ErrTooComplex
		return definition.NewNull(), false
	}
	first := 0
	if g.opt.Dynamic {
		n.shape(0)
		r := rng(mix(at.stream + 0x51))
		first = r.below(int(n.variants.Load()))
	}
	var best value
	for try := 0; ; try++ {
		variant := first + try
		if total := int(n.variants.Load()); total > 0 {
			variant %= total
			if total == 1 {
				variant = 0
			}
		}
		s := n.shape(variant)
		if !s.impossible {
			here := at
			here.stream = mix(at.stream + uint64(try)*0x632be59bd9b4e019)
			v, ok := g.make(n, s, here, hint, try)
			if ok && (!s.risky || n.valid(&v, g.opt.Direction)) {
				g.bytes -= len(v.Text) + overhead
				g.risky = g.risky || s.risky
				return v, true
			}
			if try == 0 || best.Kind == definition.Invalid {
				best = v
			}
		}
		total := int(n.variants.Load())
		if g.retries <= 0 || g.err != nil || try >= 12 && try >= min(total+4, 80) {
			break
		}
		if total == 1 && s.impossible {
			break
		}
		g.retries--
		hint = nil
	}
	if best.Kind == definition.Invalid {
		best = definition.NewNull()
	}
	return best, false
}

func (n *node) valid(v *value, dir Direction) bool {
	for _, s := range n.schemas {
		if !s.Valid(v, dir) {
			return false
		}
	}
	return true
}

// make makes one value of a shape.
func (g *generator) make(n *node, s *shape, at place, hint *value, try int) (value, bool) {
	if s.enum != nil {
		v := g.member(s, at, hint, try)
		return v, s.types == anyType&^TypeInteger || (&Schema{types: s.types}).accepts(&v)
	}
	t := s.pickType(g, at, try)
	if f := s.fallback; g.opt.Faker.UseDefaults && try == 0 && f != nil && n.valid(f, g.opt.Direction) {
		return f.With(""), true
	}
	if hint == nil && try == 0 && g.useExamples(s) {
		hint = s.example(n)
	}
	if s.faker != nil && t != TypeObject && t != TypeArray {
		if v, ok := g.faked(s, at, t); ok {
			return v, true
		}
	}
	switch t {
	case TypeNull:
		return definition.NewNull(), true
	case TypeBoolean:
		if hint.Is(definition.Bool) {
			return hint.With(""), true
		}
		if s.meaning == plausible.None {
			return definition.NewBool(!g.opt.Dynamic || at.stream&1 == 0), true
		}
		return definition.NewBool(at.subject.Bool(s.meaning, at.salt)), true
	case TypeNumber, TypeInteger:
		return g.numberValue(s, at, t, hint, try)
	case TypeString:
		return g.textValue(s, at, hint, try)
	case TypeArray:
		return g.arrayValue(n, s, at, hint, try)
	}
	return g.objectValue(n, s, at, hint, try)
}

// useExamples reports whether the schema's own examples are what is wanted:
// always in static answers; in dynamic ones only for texts that nothing else
// tells how to make.
func (g *generator) useExamples(s *shape) bool {
	if g.opt.Fresh {
		return false
	}
	if !g.opt.Dynamic {
		return g.opt.Faker.UseExamples
	}
	return s.meaning == plausible.None && s.format == "" && len(s.patterns) == 0 && s.types == TypeString
}

// example is what the schema shows: its first valid example, else its default.
// An object or list that is not valid as a whole still tells its parts.
func (s *shape) example(n *node) *value {
	s.exampleOnce.Do(func() {
		for i := range s.examples {
			if e := &s.examples[i]; n.valid(e, Neither) {
				s.shown = e
				return
			}
		}
		for i := range s.examples {
			if e := &s.examples[i]; e.Kind == definition.Object || e.Kind == definition.Array {
				s.shown = e
				return
			}
		}
		if s.fallback != nil && s.fallback.Kind != definition.Null && n.valid(s.fallback, Neither) {
			s.shown = s.fallback
		}
	})
	return s.shown
}

// member chooses one of an enum: the first that is not null, or any in
// dynamic answers; further tries go on from there.
func (g *generator) member(s *shape, at place, hint *value, try int) value {
	if hint != nil && inEnum(s.enum, hint) {
		return hint.With("")
	}
	list := s.enum
	if try == 0 && at.turn == 0 && !g.opt.Dynamic {
		for i := range s.examples {
			if inEnum(list, &s.examples[i]) {
				return s.examples[i].With("")
			}
		}
		if s.fallback != nil && inEnum(list, s.fallback) {
			return s.fallback.With("")
		}
	}
	start := 0
	if g.opt.Dynamic {
		r := rng(at.stream)
		if at.draw != 0 {
			r = rng(at.draw)
		}
		start = r.below(len(list))
	}
	fits := func(v *value) bool {
		t := Schema{types: s.types}
		return s.types == anyType&^TypeInteger || t.accepts(v)
	}
	skip := (try + at.turn) % len(list)
	for pass := range 2 {
		for i := range list {
			v := &list[(start+i)%len(list)]
			if (v.Kind == definition.Null) != (pass == 1) || !fits(v) {
				continue
			}
			if skip == 0 {
				return v.With("")
			}
			skip--
		}
	}
	return list[(start+try)%len(list)].With("")
}

// pickType chooses among the types a shape allows: what its keywords talk of
// before what they don't, null last.
func (s *shape) pickType(g *generator, at place, try int) Types {
	t := s.types
	if t&(t-1) == 0 {
		return t
	}
	if t == anyType&^TypeInteger { // no type was named
		switch {
		case len(s.members) > 0 || s.additional != nil || s.closed || s.minProps > 0 || s.named != nil || s.names != nil:
			return TypeObject
		case s.items != nil || s.prefix != nil || s.minItems > 0 || s.contains != nil:
			return TypeArray
		case s.patterns != nil || s.minLen >= 0 || s.maxLen >= 0:
			return TypeString
		case s.min != nil || s.max != nil || s.exMin != nil || s.exMax != nil || s.multipleOf != nil:
			return TypeNumber
		case s.format == "int32" || s.format == "int64":
			return TypeInteger
		case s.format == "double" || s.format == "float":
			return TypeNumber
		case len(s.examples) > 0:
			return typeOf(&s.examples[0])
		case s.fallback != nil:
			return typeOf(s.fallback)
		}
		return TypeString
	}
	order := [...]Types{TypeObject, TypeArray, TypeString, TypeInteger, TypeNumber, TypeBoolean, TypeNull}
	if len(s.members) == 0 && s.additional == nil && s.items == nil {
		order = [...]Types{TypeString, TypeInteger, TypeNumber, TypeBoolean, TypeArray, TypeObject, TypeNull}
	}
	var have []Types
	for _, x := range order {
		if t&x != 0 && x != TypeNull {
			have = append(have, x)
		}
	}
	if len(have) == 0 {
		return TypeNull
	}
	start := 0
	if g.opt.Dynamic {
		r := rng(at.stream ^ 0x7)
		start = r.below(len(have))
	}
	if try > 3 && t&TypeNull != 0 {
		have = append(have, TypeNull)
	}
	return have[(start+try)%len(have)]
}

func typeOf(v *value) Types {
	switch v.Kind {
	case definition.Null:
		return TypeNull
	case definition.Bool:
		return TypeBoolean
	case definition.Number:
		if v.IsInteger() {
			return TypeInteger
		}
		return TypeNumber
	case definition.Array:
		return TypeArray
	case definition.Object:
		return TypeObject
	}
	return TypeString
}
