package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// Fitting steers Fit.
type Fitting struct {
	Seed     uint64 // what is missing is made from it: the same seed gives the same value
	Name     string // what the value is, for schemas that don't tell: "user"
	Faker    *Faker // may be nil
	Complete bool   // optional properties that are missing are made, too
	// Convert turns a value into one that a place may take, where it doesn't
	// take it as it is: an id into the object that it names. It may be nil.
	Convert func(at *Schema, name string, v *value) (value, bool)
}

// Fit makes a value of the schema that keeps as much of v as the schema
// describes and allows: what is write-only or not described is left out, what
// is required and missing is made. ok is false when no valid value was found.
func (s *Schema) Fit(set *Set, v *value, o Fitting) (fitted value, ok bool) {
	if o.Faker == nil {
		o.Faker = &DefaultFaker
	}
	g := generator{set: set, opt: Options{Direction: Response, Dynamic: true, Seed: o.Seed, Faker: o.Faker}, full: 0, lean: true, budget: maxValues, bytes: maxBytes, retries: 400}
	if o.Complete {
		g.full, g.bytes = 3, 12_000
	}
	f := fitter{g: &g, o: &o, steps: maxFitSteps}
	draw := rng(o.Seed)
	subject := plausible.NewSubject(draw.next())
	fitted, ok = f.fit(set.node(s, o.Name, ""), place{subject: &subject, stream: draw.next()}, v)
	if g.err != nil || fitted.Kind == definition.Invalid {
		return value{}, false
	}
	fitted.Key = ""
	if ok && s.Valid(&fitted, Response) {
		return fitted, true
	}
	fitted, ok, _ = s.repair(fitted, Response)
	return fitted, ok
}

const (
	maxFitSteps    = 200_000 // places that are looked at for one value
	maxFitVariants = 32      // alternatives that are tried at one place
)

// fitter fits one value into one schema.
type fitter struct {
	g     *generator
	o     *Fitting
	steps int
}

// fit fits a value into a place. A scalar that doesn't fit is made anew.
func (f *fitter) fit(n *node, at place, v *value) (value, bool) {
	f.steps--
	if at.depth > hardDepth {
		return definition.NewNull(), false
	}
	switch v.Kind {
	case definition.Object:
		if out, ok := f.object(n, at, v); ok {
			return out, true
		}
	case definition.Array:
		if out, ok := f.array(n, at, v); ok {
			return out, true
		}
	default:
		if n.valid(v, Response) {
			return v.With(""), true
		}
	}
	if out, ok := f.convert(n, at, v); ok {
		return out, true
	}
	return f.g.value(n, at, nil)
}

// convert turns a value into one that the place takes.
func (f *fitter) convert(n *node, at place, v *value) (value, bool) {
	if out, ok := reshaped(n, v); ok {
		return out, true
	}
	if f.o.Convert == nil || len(n.schemas) == 0 || f.steps <= 0 {
		return value{}, false
	}
	out, ok := f.o.Convert(n.schemas[0], n.name, v)
	if !ok {
		return value{}, false
	}
	if out.Kind == definition.Object {
		f.steps /= 2
		return f.object(n, at, &out)
	}
	ok = n.valid(&out, Response)
	return out, ok
}

// reshaped writes a scalar in the other form that a place may want: a number
// as text, a text as the number or the boolean that it is.
func reshaped(n *node, v *value) (value, bool) {
	var out value
	switch v.Kind {
	case definition.Number, definition.Bool:
		out = definition.NewString(v.Text)
	case definition.String:
		switch {
		case isNumber(v.Text):
			out = value{Kind: definition.Number, Text: v.Text}
		case v.Text == "true" || v.Text == "false":
			out = value{Kind: definition.Bool, Text: v.Text}
		default:
			return out, false
		}
	default:
		return out, false
	}
	ok := n.valid(&out, Response)
	return out, ok
}

// object fits an object: of the alternatives that a schema has, the one that
// keeps the most of it.
func (f *fitter) object(n *node, at place, v *value) (value, bool) {
	at.objects++
	var best value
	most, found := -1, false
	for variant := 0; ; variant++ {
		s := n.shape(variant)
		total := min(int(n.variants.Load()), maxFitVariants)
		if !s.impossible && s.types&TypeObject != 0 && (total <= 1 || f.agrees(n, s, v)) {
			retries, budget := f.g.retries, f.g.budget // each alternative has its chance
			out, kept, ok := f.members(n, s, at, v)
			f.g.retries, f.g.budget = retries, budget
			if ok && kept > most && (total <= 1 && !s.risky || n.valid(&out, Response)) {
				best, most, found = out, kept, true
			}
		}
		if variant+1 >= total || f.steps <= 0 && found {
			if !found && n.valid(v, Response) {
				return v.With(""), true
			}
			return best, found
		}
	}
}

// agrees reports whether what tells the shape from others is what the value
// says: the property of a discriminator, and those that allow one value only.
func (f *fitter) agrees(n *node, s *shape, v *value) bool {
	for i := range v.Kids {
		kid := &v.Kids[i]
		if kid.Kind != definition.String {
			continue
		}
		if m := s.member(kid.Key); m != nil && m.required {
			if list := m.at(f.g.set, n.name).shape(0).enum; len(list) == 1 && !definition.Equal(&list[0], kid) {
				return false
			}
		}
	}
	for i := range s.fixed {
		have := v.Get(s.fixed[i].Key)
		if have == nil || definition.Equal(have, &s.fixed[i]) {
			continue
		}
		if m := s.member(s.fixed[i].Key); m == nil || m.at(f.g.set, n.name).valid(&s.fixed[i], Response) {
			return false
		}
	}
	return true
}

// members fits the members of an object into a shape. kept counts those whose
// value is what it was.
func (f *fitter) members(n *node, s *shape, at place, v *value) (out value, kept int, ok bool) {
	out = value{Kind: definition.Object, Kids: make([]value, 0, min(len(s.members), len(v.Kids)+8))}
	name := n.name
	if s.label != "" {
		name = s.label
	}
	ok = true
	for _, m := range s.members {
		if m.hidden[Response] {
			continue
		}
		given := v.Get(m.name)
		if given == nil && !m.required && (!f.o.Complete || s.avoids(m.name, 0) || at.objects > f.g.full) {
			continue
		}
		here := at
		here.depth++
		here.turn, here.draw = 0, 0
		here.salt, here.stream = m.salt, mix(at.stream^m.salt)
		p := m.at(f.g.set, name)
		var child plausible.Subject
		if p.nested() {
			child = at.subject.Child(m.name)
			here.subject = &child
		}
		var kid value
		fits := true
		if fixed := s.fixedValue(m.name); fixed != nil && p.valid(fixed, Response) {
			kid = *fixed
		} else if given != nil {
			if kid, fits = f.fit(p, here, given); fits && same(&kid, given) {
				kept++
			}
		} else {
			kid, fits = f.missing(p, here)
		}
		if !fits && !m.required {
			continue
		}
		ok = ok && fits
		kid.Key = m.name
		out.Kids = append(out.Kids, kid)
	}
	f.others(s, at, v, &out)
	for i := range s.fixed { // a discriminator that no branch describes
		if x := &s.fixed[i]; s.member(x.Key) == nil && !s.closed && out.Get(x.Key) == nil {
			out.Kids = append(out.Kids, *x)
		}
	}
	f.g.depend(s, at, &out)
	return out, kept, ok
}

// same reports whether a value was kept, as far as can be told cheaply.
func same(a, b *value) bool {
	return a.Kind == b.Kind && a.Text == b.Text && len(a.Kids) == len(b.Kids)
}

// others keeps the members that no property describes, where the schema takes
// them: one that describes no properties takes all.
func (f *fitter) others(s *shape, at place, v, out *value) {
	if s.closed && s.named == nil {
		return
	}
	if len(s.members) > 0 && s.additional == nil && s.named == nil {
		return
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if s.member(kid.Key) != nil {
			continue
		}
		schemas, described := s.additional, false
		for j := range s.named {
			if s.named[j].pattern.Match(kid.Key) {
				schemas, described = []*Schema{s.named[j].schema}, true
			}
		}
		if s.closed && !described {
			continue
		}
		if len(schemas) == 0 || len(schemas) == 1 && schemas[0].IsAny() {
			if len(s.members) == 0 {
				out.Kids = append(out.Kids, kid.Clone())
			}
			continue
		}
		here := at
		here.depth++
		here.salt = plausible.Salt(kid.Key)
		here.stream = mix(at.stream ^ here.salt)
		if x, ok := f.fit(f.g.set.nodeOf(schemas, kid.Key, ""), here, kid); ok {
			out.Kids = append(out.Kids, x.With(kid.Key))
		}
	}
}

// missing makes a value that nobody gave: nothing where nothing may be there,
// the first of the states that a thing may be in, else something plausible.
func (f *fitter) missing(n *node, at place) (value, bool) {
	s := n.shape(0)
	if f.o.Complete && at.objects <= f.g.full {
		return f.g.value(n, at, nil)
	}
	if null := definition.NewNull(); n.valid(&null, Response) && s.types != anyType&^TypeInteger {
		return null, true
	}
	if d := s.fallback; d != nil && n.valid(d, Response) {
		return d.With(""), true
	}
	if s.types&TypeArray != 0 && s.types&(TypeString|TypeObject) == 0 {
		if none := definition.NewArray(); n.valid(&none, Response) {
			return none, true
		}
	}
	if plausible.IsCount(s.meaning) {
		if zero := definition.NewInt(0); n.valid(&zero, Response) {
			return zero, true
		}
	}
	f.g.opt.Dynamic = false // as the document shows it, where it does
	defer func() { f.g.opt.Dynamic = true }()
	return f.g.value(n, at, nil)
}

// array fits each item of an array.
func (f *fitter) array(n *node, at place, v *value) (value, bool) {
	for variant := 0; ; variant++ {
		s := n.shape(variant)
		total := min(int(n.variants.Load()), maxFitVariants)
		if !s.impossible && s.types&TypeArray != 0 {
			if out, ok := f.items(n, s, at, v); ok && (total <= 1 && !s.risky || n.valid(&out, Response)) {
				return out, true
			}
		}
		if variant+1 >= total || f.steps <= 0 {
			return value{}, false
		}
	}
}

func (f *fitter) items(n *node, s *shape, at place, v *value) (value, bool) {
	most := len(v.Kids)
	if s.maxItems >= 0 {
		most = min(most, s.maxItems)
	}
	if s.itemNode.Load() == nil {
		s.itemNode.CompareAndSwap(nil, f.g.set.nodeOf(s.items, n.name, n.parent))
	}
	items := s.itemNode.Load()
	out := value{Kind: definition.Array, Kids: make([]value, 0, most)}
	for i := 0; i < len(v.Kids) && len(out.Kids) < most; i++ {
		here := at
		here.depth++
		here.arrays++
		here.turn, here.draw = 0, 0
		here.stream = mix(at.stream + uint64(i+1)*0x9e3779b97f4a7c15)
		subject := at.subject.Child(itoa(i))
		here.subject = &subject
		p := items
		if i < len(s.prefix) {
			p = f.g.set.nodeOf(s.prefix[i], n.name, n.parent)
		}
		kid, ok := f.fit(p, here, &v.Kids[i])
		if !ok || s.unique && contained(out.Kids, &kid) {
			continue
		}
		kid.Key = ""
		out.Kids = append(out.Kids, kid)
	}
	for tries := 0; len(out.Kids) < s.minItems && s.minItems <= maxRequired && tries < 3*s.minItems+10; tries++ {
		here := at
		here.depth++
		here.turn, here.draw = tries, at.stream|1
		here.stream = mix(at.stream + uint64(len(v.Kids)+tries+1)*0x9e3779b97f4a7c15)
		kid, ok := f.g.value(items, here, nil)
		if !ok || s.unique && contained(out.Kids, &kid) {
			continue
		}
		out.Kids = append(out.Kids, kid)
	}
	return out, len(out.Kids) >= s.minItems
}
