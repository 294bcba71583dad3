package convert

import (
	"slices"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// heavyOutline is from how many members on arrays have one item instead of
// two.
const heavyOutline = 400

// maxSampled is from how many values on a body has required members only.
const maxSampled = 40_000

// sampler makes one value.
type sampler struct {
	*bodies
	side   schema.Direction
	single bool // arrays have one item
	budget int  // values that may still be made
}

// value makes a value in the structure of an outline. full is a valid value of
// the same schema, or nil; texts and numbers are taken from it. ok is false
// where nothing is better than what could be made.
func (s *sampler) value(o *outline, name string, seed uint64, full *definition.Value) (definition.Value, bool) {
	if s.budget--; o.cut || s.budget < 0 {
		return definition.Value{}, false
	}
	if s.source == ValuesOfExample && o.shown != nil && s.compiled(o).Valid(o.shown, s.side) {
		return o.shown.With(""), true
	}
	if f := o.fallback; f != nil && (s.source == ValuesOfType || s.compiled(o).Valid(f, s.side)) {
		return f.With(""), true
	}
	if len(o.enum) == 0 {
		switch o.kind() {
		case "object":
			return s.object(o, seed, full), true
		case "array":
			return s.array(o, name, seed, full), true
		}
	}
	return s.leaf(o, name, seed, full), true
}

// compiled is the schema that an outline was made of.
func (s *sampler) compiled(o *outline) *schema.Schema {
	if o.compiled == nil {
		at := o.sources[0]
		if len(o.sources) > 1 {
			all := definition.NewArray()
			for _, src := range o.sources {
				all.Kids = append(all.Kids, src.With(""))
			}
			whole := definition.NewObject(all.With("allOf"))
			at = &whole
		}
		o.compiled = s.set.Compile(at)
	}
	return o.compiled
}

// leaf makes a value without structure.
func (s *sampler) leaf(o *outline, name string, seed uint64, full *definition.Value) definition.Value {
	if s.source == ValuesOfType && len(o.enum) == 0 && !o.patterned {
		return definition.NewString(placeholder(o))
	}
	if full != nil && full.Kind != definition.Null && full.Kind != definition.Object && full.Kind != definition.Array {
		return full.With("")
	}
	return s.generate(s.compiled(o), name, seed)
}

func (s *sampler) generate(c *schema.Schema, name string, seed uint64) definition.Value {
	v, _, err := c.Generate(s.set, schema.Options{Direction: s.side, Seed: seed ^ plausible.Salt(name), Name: name})
	if err != nil {
		return definition.NewNull()
	}
	return v
}

// least makes the smallest value of a schema: one that leads back to itself
// has to end somewhere.
func (s *sampler) least(c *schema.Schema, name string, seed uint64) definition.Value {
	v, _, err := c.Generate(s.set, schema.Options{Direction: s.side, Seed: seed ^ plausible.Salt(name), Name: name, Faker: &schema.Faker{}})
	if err != nil {
		return definition.NewNull()
	}
	return v
}

func (s *sampler) hidden(o *outline) bool {
	return s.side == schema.Request && o.readOnly || s.side == schema.Response && o.writeOnly
}

// object makes an object as json-schema-faker does with all optional
// properties: required ones first, and as many more as minProperties and the
// names in "required" ask for.
func (s *sampler) object(o *outline, seed uint64, full *definition.Value) definition.Value {
	out := definition.Value{Kind: definition.Object, Kids: make([]definition.Value, 0, len(o.props))}
	limit := len(o.props) + len(o.required)
	if o.maxProps > 0 {
		limit = o.maxProps
	}
	var missing []string
	count := 0
	add := func(name string, is *outline, required bool) {
		v, ok := definition.Value{}, false
		if is != nil {
			v, ok = s.value(is, name, seed+uint64(count)*0x9e3779b97f4a7c15, full.Get(name))
		} else {
			v, ok = s.anything(name, seed, full.Get(name)), true
		}
		count++
		switch {
		case !ok && required:
			v = s.least(s.compiled(is), name, seed)
		case !ok, !required && v.Kind == definition.Array && len(v.Kids) == 0:
			return
		}
		v.Key = name
		out.Kids = append(out.Kids, v)
	}
	for _, name := range o.required {
		if limit == 0 {
			break
		}
		p := o.prop(name)
		switch {
		case p != nil && !s.hidden(p):
			add(name, p, true)
			limit--
		case o.more == moreDescribed:
			add(name, o.moreIs, true)
		case o.more == moreAny:
			add(name, nil, true)
		default:
			missing = append(missing, name)
		}
	}
	for i := range o.props {
		p := &o.props[i]
		if limit == 0 || p.required || s.budget <= 0 || s.hidden(p.is) {
			continue
		}
		add(p.name, p.is, false)
		limit--
	}
	s.fill(o, missing, count, add)
	return out
}

// fill adds properties that are asked for and not described.
func (s *sampler) fill(o *outline, missing []string, count int, add func(string, *outline, bool)) {
	if o.more == moreNone {
		return
	}
	want := max(o.minProps, len(o.required))
	if len(o.required) == 0 && count == 0 && o.more != moreUnsaid {
		want = max(want, 1)
	}
	const most = 20
	for made := 0; count < min(want, most); count++ {
		if len(missing) == 0 {
			if o.moreIs == nil || !o.moreIs.cut || count < o.minProps {
				add("key_"+strconv.Itoa(made), o.moreIs, true)
			}
			made++
			continue
		}
		name := missing[0]
		missing = missing[1:]
		is := o.moreIs
		if p := o.prop(name); p != nil {
			is = p
		}
		add(name, is, true)
	}
}

// anything makes a value that no schema describes.
func (s *sampler) anything(name string, seed uint64, full *definition.Value) definition.Value {
	if s.source == ValuesOfType {
		return definition.NewString("<string>")
	}
	if full != nil && full.Kind != definition.Object && full.Kind != definition.Array {
		return full.With("")
	}
	return s.generate(s.set.Compile(nil), name, seed)
}

// array makes an array of two items, or as many as the schema asks for.
func (s *sampler) array(o *outline, name string, seed uint64, full *definition.Value) definition.Value {
	out := definition.Value{Kind: definition.Array}
	if !full.Is(definition.Array) {
		full = nil
	}
	if o.tuple != nil {
		for i, x := range o.tuple {
			v, ok := s.value(x, name, seed+uint64(i), itemOf(full, i))
			if !ok {
				v = s.least(s.compiled(x), name, seed)
			}
			out.Kids = append(out.Kids, v)
		}
		return out
	}
	if o.items == nil || s.hidden(o.items) {
		return out
	}
	n := 2
	if s.single {
		n = 1
	}
	const most = 20
	switch {
	case o.minItems > 0:
		n = min(o.minItems, most)
	case o.maxItems >= 0:
		n = min(n, o.maxItems)
	}
	for i := range n {
		v, ok := s.value(o.items, name, seed+uint64(i+1)*0xd1342543de82ef95, itemOf(full, i))
		if !ok || v.Kind == definition.Object && len(v.Kids) == 0 {
			continue
		}
		if o.unique && slices.ContainsFunc(out.Kids, func(x definition.Value) bool { return definition.Equal(&x, &v) }) {
			continue
		}
		out.Kids = append(out.Kids, v)
	}
	return out
}

// itemOf is the item at i of an array, nil where it has fewer.
func itemOf(full *definition.Value, i int) *definition.Value {
	if full == nil || i >= len(full.Kids) {
		return nil
	}
	return &full.Kids[i]
}

// placeholder names the type of a value, as Postman's converter does.
func placeholder(o *outline) string {
	kind := o.kind()
	switch kind {
	case "":
		return ""
	case "integer":
		if o.format == "int64" {
			return "<long>"
		}
		if o.format == "" || o.format == "int32" {
			return "<integer>"
		}
	case "number":
		if o.format == "float" || o.format == "double" {
			return "<" + o.format + ">"
		}
	case "string":
		if o.format == "date-time" {
			return "<dateTime>"
		}
		if o.format != "" {
			return "<" + o.format + ">"
		}
	}
	return "<" + kind + ">"
}
