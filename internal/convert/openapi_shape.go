package convert

import "github.com/mimus-dev/mimus/internal/definition"

// shape is what is known of a JSON value from all the samples of it. As a
// schema it accepts each of them.
type shape struct {
	samples int
	open    bool // a sample may be anything
	null    bool
	boolean bool
	integer bool
	number  bool
	text    bool
	formats uint8
	first   string // text
	varied  bool   // the texts are not all the same
	list    bool
	items   *shape
	objects int // how many samples are objects
	members []*member
	byName  map[string]*member
}

// member is a property with the number of objects that have it.
type member struct {
	name  string
	shape shape
	seen  int
}

// add takes one sample.
func (s *shape) add(v *definition.Value) {
	s.samples++
	switch v.Kind {
	case definition.Null, definition.Invalid:
		s.null = true
	case definition.Bool:
		s.boolean = true
	case definition.Number:
		if v.IsInteger() {
			s.integer = true
		} else {
			s.number = true
		}
	case definition.String:
		s.addText(v)
	case definition.Array:
		s.list = true
		for i := range v.Kids {
			if s.items == nil {
				s.items = &shape{}
			}
			s.items.add(&v.Kids[i])
		}
	case definition.Object:
		s.addObject(v)
	}
}

func (s *shape) addText(v *definition.Value) {
	if v.Flags&open != 0 {
		s.open = true
		return
	}
	var fits uint8
	for i := range textFormats {
		if textFormats[i].fits(v.Text) {
			fits |= 1 << i
		}
	}
	if !s.text {
		s.formats, s.first = fits, v.Text
	} else {
		s.formats &= fits
		s.varied = s.varied || v.Text != s.first
	}
	s.text = true
}

func (s *shape) addObject(v *definition.Value) {
	s.objects++
	if s.byName == nil {
		s.byName = map[string]*member{}
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		m := s.byName[kid.Key]
		if m == nil {
			m = &member{name: kid.Key}
			s.byName[kid.Key] = m
			s.members = append(s.members, m)
		}
		m.seen++
		m.shape.add(kid)
	}
}

// promise writes the shape as the schema of answers: what all samples have is
// always there.
func (s *shape) promise() definition.Value { return s.schema(1) }

// demand writes the shape as the schema of what clients send. One sample shows
// what may be sent and not what must: a property is required, and a text has a
// format, only where two samples agree. Prism demands no more of one sample
// than its types.
func (s *shape) demand() definition.Value { return s.schema(2) }

// schema writes the shape; enough is how many samples make a rule. What was not
// seen is not forbidden, but for the type.
func (s *shape) schema(enough int) definition.Value {
	var out tree
	if s.open || s.samples == 0 {
		return out.object()
	}
	types := s.types()
	if len(types) == 1 && s.null {
		return out.object() // what it is when it isn't null was never seen
	}
	if len(types) == 1 {
		out.put("type", types[0])
	} else {
		out.put("type", definition.NewArray(types...))
	}
	if s.text && (enough < 2 || s.varied) {
		for i := range textFormats {
			if s.formats&(1<<i) != 0 {
				out.text("format", textFormats[i].name)
				break
			}
		}
	}
	if s.objects > 0 {
		s.properties(&out, enough)
	}
	if s.list {
		if s.items != nil {
			out.put("items", s.items.schema(enough))
		} else {
			out.put("items", definition.NewObject())
		}
	}
	return out.object()
}

func (s *shape) types() []definition.Value {
	var types []definition.Value
	for _, t := range []struct {
		seen bool
		name string
	}{
		{s.objects > 0, "object"},
		{s.list, "array"},
		{s.text, "string"},
		{s.number, "number"},
		{s.integer && !s.number, "integer"},
		{s.boolean, "boolean"},
		{s.null, "null"},
	} {
		if t.seen {
			types = append(types, definition.NewString(t.name))
		}
	}
	return types
}

func (s *shape) properties(out *tree, enough int) {
	var properties tree
	required := definition.NewArray()
	for _, m := range s.members {
		properties.put(m.name, m.shape.schema(enough))
		if m.seen == s.objects && s.objects >= enough {
			required.Kids = append(required.Kids, definition.NewString(m.name))
		}
	}
	if len(properties) > 0 {
		out.put("properties", properties.object())
	}
	if len(required.Kids) > 0 {
		out.put("required", required)
	}
}
