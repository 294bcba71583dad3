package schema

import (
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

func (g *generator) objectValue(n *node, s *shape, at place, hint *value, try int) (value, bool) {
	if !hint.Is(definition.Object) {
		hint = nil
	}
	at.objects++
	name := n.name
	if s.label != "" {
		name = s.label
	}
	full := at.objects <= g.full && !g.spent()
	out := value{Kind: definition.Object, Kids: make([]value, 0, len(s.members))}
	valid := true
	room := len(s.members) + 8
	if s.maxProps >= 0 {
		room = s.maxProps
		for _, m := range s.members {
			if m.required {
				room--
			}
		}
	}
	for _, m := range s.members {
		if m.hidden[g.opt.Direction] {
			continue
		}
		if !m.required {
			if !full || room <= 0 || s.avoids(m.name, try) || !g.optional(at, m) {
				continue
			}
		}
		here := at
		here.depth++
		here.turn, here.draw = 0, 0
		here.salt = m.salt
		here.stream = mix(at.stream ^ m.salt)
		place := m.at(g.set, name)
		var child plausible.Subject
		if place.nested() {
			child = at.subject.Child(m.name)
			here.subject = &child
		}
		var v value
		ok := true
		if k := g.opt.Known; k != nil && at.depth == 0 && k.Key == m.name && place.valid(k, g.opt.Direction) {
			v = *k
		} else if f := s.fixedValue(m.name); f != nil && place.valid(f, g.opt.Direction) {
			v = *f
		} else {
			v, ok = g.value(place, here, hint.Get(m.name))
		}
		if g.err != nil {
			return out, false
		}
		if !ok {
			if !m.required {
				continue
			}
			valid = false
		}
		if !m.required {
			room--
		}
		v.Key = m.name
		out.Kids = append(out.Kids, v)
	}
	for i := range s.fixed { // a discriminator that no branch describes
		if f := &s.fixed[i]; s.member(f.Key) == nil && !s.closed && out.Get(f.Key) == nil {
			out.Kids = append(out.Kids, *f)
		}
	}
	valid = g.extra(n, s, at, hint, &out, full) && valid
	g.depend(s, at, &out)
	s.count(&out)
	return out, valid
}

// nested reports whether values of the place are objects or arrays of them:
// what they are about differs from what is around them.
func (n *node) nested() bool {
	s := n.shape(0)
	return s.types&(TypeObject|TypeArray) != 0 && s.types&TypeString == 0 || len(s.members) > 0
}

func (s *shape) fixedValue(name string) *value {
	for i := range s.fixed {
		if s.fixed[i].Key == name {
			return &s.fixed[i]
		}
	}
	return nil
}

// avoids reports whether an optional property is left out so that only one
// alternative fits. Every other try leaves nothing out.
func (s *shape) avoids(name string, try int) bool {
	if try%4 == 3 {
		return false
	}
	return slices.Contains(s.avoid, name) || try > 0 && slices.Contains(s.avoidOwn, name)
}

func (g *generator) optional(at place, m *member) bool {
	p := g.opt.Faker.Optionals
	if p >= 100 {
		return true
	}
	r := rng(at.stream ^ m.salt ^ 0x0b7)
	return r.below(100) < p
}

// extra adds properties that are not described by name: those of the hint that
// are allowed, those a pattern or a map's schema describes, and as many as
// minProperties asks for.
func (g *generator) extra(n *node, s *shape, at place, hint, out *value, full bool) bool {
	if hint != nil && !s.closed && s.additional == nil && s.named == nil {
		for i := range hint.Kids {
			k := &hint.Kids[i]
			if s.member(k.Key) == nil && out.Get(k.Key) == nil && (s.maxProps < 0 || len(out.Kids) < s.maxProps) {
				out.Kids = append(out.Kids, k.Clone())
			}
		}
	}
	want := max(s.minProps, 0)
	if full && g.opt.Faker.Fill && len(s.members) == 0 {
		switch {
		case len(s.additional) > 0 && !s.additional[0].IsAny():
			want = max(want, 2)
		case s.named != nil:
			want = max(want, 1)
		case !s.closed && len(out.Kids) == 0:
			want = max(want, 1)
		}
	}
	if s.maxProps >= 0 {
		want = min(want, s.maxProps)
	}
	if want > maxRequired {
		g.err = ErrTooComplex
		return false
	}
	valid := true
	taken := 0
	for tries := 0; len(out.Kids) < want && tries < want*4+12; tries++ {
		here := at
		here.depth++
		here.stream = mix(at.stream + uint64(tries+1)*0xd1342543de82ef95)
		key, schemas, ok := g.extraKey(s, here, hint, &taken)
		if !ok {
			break
		}
		if out.Get(key) != nil {
			continue
		}
		here.salt = plausible.Salt(key)
		child := at.subject.Child(key)
		here.subject = &child
		v, ok := g.value(g.set.nodeOf(schemas, "", n.name), here, hint.Get(key))
		if g.err != nil {
			return false
		}
		if !ok && len(out.Kids) >= s.minProps {
			break
		}
		valid = valid && ok
		out.Kids = append(out.Kids, v.With(key))
	}
	return valid && len(out.Kids) >= s.minProps
}

// extraKey makes up the name of a further property, with the schemas of its
// value.
func (g *generator) extraKey(s *shape, at place, hint *value, taken *int) (string, []*Schema, bool) {
	r := rng(at.stream ^ 0x4e)
	if len(s.named) > 0 {
		p := s.named[r.below(len(s.named))]
		if key, ok := p.pattern.Generate(&r, 1, 40); ok {
			return key, []*Schema{p.schema}, true
		}
	}
	if s.closed {
		return "", nil, false
	}
	var key string
	switch {
	case hint != nil && *taken < len(hint.Kids):
		key = hint.Kids[*taken].Key
		*taken++
	case s.names != nil:
		v, ok := g.value(g.set.nodeOf(s.names, "key", ""), at, nil)
		if !ok || v.Kind != definition.String {
			return "", nil, false
		}
		key = v.Text
	default:
		key = at.subject.Words(1, at.stream)
	}
	return key, s.additional, true
}

// depend adds the properties that others ask for by dependentRequired.
func (g *generator) depend(s *shape, at place, out *value) {
	for i := range s.dependencies {
		d := &s.dependencies[i]
		if out.Get(d.name) == nil {
			continue
		}
		for _, name := range d.required {
			if out.Get(name) != nil {
				continue
			}
			here := at
			here.depth++
			here.salt = plausible.Salt(name)
			here.stream = mix(at.stream ^ here.salt)
			schemas := s.additional
			if m := s.member(name); m != nil {
				schemas = m.schemas
			}
			if v, ok := g.value(g.set.nodeOf(schemas, name, ""), here, nil); ok {
				out.Kids = append(out.Kids, v.With(name))
			}
		}
		if d.schema == nil {
			continue
		}
		for _, name := range d.schema.requires(0) {
			if m := s.member(name); m == nil && out.Get(name) == nil {
				here := at
				here.depth++
				here.salt = plausible.Salt(name)
				if v, ok := g.value(g.set.nodeOf(schemasOf(d.schema, name), name, ""), here, nil); ok {
					out.Kids = append(out.Kids, v.With(name))
				}
			}
		}
	}
}

func schemasOf(s *Schema, name string) []*Schema {
	if s.obj != nil {
		if p := s.obj.property(name); p != nil {
			return []*Schema{p}
		}
	}
	return nil
}

// count lets a number that counts a list tell the length of the one list
// beside it, where the schema allows that number.
func (s *shape) count(out *value) {
	list, lists := 0, 0
	for i := range out.Kids {
		if out.Kids[i].Kind == definition.Array {
			list, lists = len(out.Kids[i].Kids), lists+1
		}
	}
	if lists != 1 {
		return
	}
	for _, m := range s.members {
		if m.node == nil || !plausible.IsCount(m.node.shape(0).meaning) {
			continue
		}
		kid := out.Get(m.name)
		if !kid.Is(definition.Number) {
			continue
		}
		n := definition.NewInt(int64(list)).With(m.name)
		if m.node.valid(&n, Neither) {
			*kid = n
		}
	}
}
