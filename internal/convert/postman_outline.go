package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// outline is a schema as far as it tells the structure of a value: references
// followed, allOf merged, of alternatives the first taken. It is shared by all
// places that refer to the same schema, and never changed once it is made.
type outline struct {
	types       []string // as written
	props       []outlined
	index       map[string]int // of many properties, by name
	required    []string
	more        additional
	moreIs      *outline // where more is moreDescribed
	patterns    bool
	items       *outline
	tuple       []*outline
	minItems    int // -1: none
	maxItems    int
	unique      bool // no two items are equal
	minProps    int
	maxProps    int
	fallback    *definition.Value // its default
	shown       *definition.Value // its first example
	enum        []definition.Value
	format      string
	description string
	patterned   bool
	readOnly    bool
	writeOnly   bool
	xml         *definition.Value
	cut         bool // it leads back to itself, or too deep
	weight      int  // of a value, about, in members

	sources  []*definition.Value // the schemas that it is made of
	compiled *schema.Schema      // made of them on first use
}

type outlined struct {
	name     string
	is       *outline
	required bool
}

// additional is what a schema says of properties that it doesn't name.
type additional uint8

const (
	moreUnsaid additional = iota
	moreNone
	moreAny
	moreDescribed
)

// manyOutlined is the number of properties from which they are indexed.
const manyOutlined = 16

func (o *outline) prop(name string) *outline {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return o.props[i].is
		}
		return nil
	}
	for i := range o.props {
		if o.props[i].name == name {
			return o.props[i].is
		}
	}
	return nil
}

// kind is the one type that a value has, "" where the schema doesn't tell.
func (o *outline) kind() string {
	for _, t := range o.types {
		if t != "null" {
			return t
		}
	}
	if len(o.types) > 0 {
		return "null"
	}
	switch {
	case o.items != nil || o.tuple != nil || o.minItems >= 0 || o.maxItems >= 0:
		return "array"
	case len(o.props) > 0 || len(o.required) > 0 || o.more != moreUnsaid || o.patterns || o.minProps >= 0 || o.maxProps >= 0:
		return "object"
	}
	return ""
}

// outliner makes outlines.
type outliner struct {
	schemas      map[string]*definition.Value
	known        map[string]*outline
	merges       int
	noDeprecated bool
	nullIsType   bool // null is written as a type, as since OpenAPI 3.1
}

// maxOutlineDepth is how deep schemas are followed, as Postman's converter does.
const maxOutlineDepth = 30

const outlineDefs = "#/$defs/"

// seen is the references that are being followed.
type seen struct {
	name string
	up   *seen
}

func (s *seen) has(name string) bool {
	for ; s != nil; s = s.up {
		if s.name == name {
			return true
		}
	}
	return false
}

func newOutline(v *definition.Value) *outline {
	return &outline{minItems: -1, maxItems: -1, minProps: -1, maxProps: -1, weight: 1, sources: []*definition.Value{v}}
}

func (b *outliner) of(v *definition.Value) *outline { return b.outline(v, 0, nil) }

func (b *outliner) outline(v *definition.Value, depth int, around *seen) *outline {
	if depth >= maxOutlineDepth {
		o := newOutline(v)
		o.cut = true
		return o
	}
	depth++
	if v.Kind != definition.Object {
		return newOutline(v)
	}
	for _, key := range [...]string{"anyOf", "oneOf"} {
		if list := v.Get(key); list.Is(definition.Array) && len(list.Kids) > 0 {
			return b.outline(&list.Kids[0], depth, around)
		}
	}
	if all := v.Get("allOf"); all.Is(definition.Array) && len(all.Kids) > 0 {
		return b.merged(v, all, depth, around)
	}
	if ref := v.Get("$ref"); ref != nil {
		return b.referred(v, strings.TrimPrefix(ref.Text, outlineDefs), depth, around)
	}
	return b.plain(v, depth, around)
}

func (b *outliner) referred(v *definition.Value, name string, depth int, around *seen) *outline {
	target := b.schemas[name]
	if target == nil {
		return newOutline(v)
	}
	if around.has(name) {
		o := newOutline(v)
		o.cut = true
		return o
	}
	if o := b.known[name]; o != nil {
		return o
	}
	o := b.outline(target, depth, &seen{name, around})
	b.known[name] = o
	return o
}

func (b *outliner) plain(v *definition.Value, depth int, around *seen) *outline {
	o := newOutline(v)
	for i := range v.Kids {
		b.keyword(o, &v.Kids[i])
	}
	if props := v.Get("properties"); props.Is(definition.Object) {
		o.props = make([]outlined, 0, len(props.Kids))
		for i := range props.Kids {
			p := &props.Kids[i]
			if p.Kind != definition.Object || b.noDeprecated && p.Get("deprecated").True() {
				continue
			}
			o.props = append(o.props, outlined{name: p.Key, is: b.outline(p, depth, around)})
		}
		o.be("object")
	}
	if items := v.Get("items"); items.Is(definition.Object) {
		o.items = b.outline(items, depth, around)
	}
	if list := v.Get("prefixItems"); list.Is(definition.Array) {
		for i := range list.Kids {
			o.tuple = append(o.tuple, b.outline(&list.Kids[i], depth, around))
		}
	}
	if more := v.Get("additionalProperties"); more != nil {
		switch {
		case more.Kind == definition.Object && len(more.Kids) > 0:
			o.more, o.moreIs = moreDescribed, b.outline(more, depth, around)
		case more.Kind == definition.Object || more.True():
			o.more = moreAny
		default:
			o.more = moreNone
		}
		o.be("object")
	}
	o.finish()
	return o
}

// be gives an outline a type where it has none.
func (o *outline) be(kind string) {
	if len(o.types) == 0 {
		o.types = []string{kind}
	}
}

func (b *outliner) keyword(o *outline, k *definition.Value) {
	switch k.Key {
	case "type":
		o.types = b.typesOf(k)
	case "required":
		for i := range k.Kids {
			o.required = append(o.required, k.Kids[i].Text)
		}
	case "minItems":
		o.minItems = countOf(k)
	case "uniqueItems":
		o.unique = k.True()
	case "maxItems":
		o.maxItems = countOf(k)
	case "minProperties":
		o.minProps = countOf(k)
	case "maxProperties":
		o.maxProps = countOf(k)
	case "patternProperties":
		o.patterns = len(k.Kids) > 0
	case "default":
		o.fallback = k
	case "examples":
		if k.Kind == definition.Array && len(k.Kids) > 0 {
			o.shown = &k.Kids[0]
		}
	case "enum":
		o.enum = k.Kids
	case "format":
		o.format = k.Str()
	case "pattern":
		o.patterned = true
	case "description":
		o.description = k.Str()
	case "readOnly":
		o.readOnly = k.True()
	case "writeOnly":
		o.writeOnly = k.True()
	case "xml":
		o.xml = k
	}
}

func (b *outliner) typesOf(k *definition.Value) []string {
	if k.Kind != definition.Array {
		return []string{k.Text}
	}
	types := make([]string, 0, len(k.Kids))
	for i := range k.Kids {
		if b.nullIsType || k.Kids[i].Text != "null" {
			types = append(types, k.Kids[i].Text)
		}
	}
	return types
}

func countOf(k *definition.Value) int {
	if n, ok := k.Int(); ok {
		return n
	}
	return -1
}

// finish completes an outline whose parts are known.
func (o *outline) finish() {
	const heavy = 1 << 20
	required := make(map[string]bool, len(o.required))
	for _, name := range o.required {
		required[name] = true
	}
	for i := range o.props {
		o.props[i].required = required[o.props[i].name]
	}
	if len(o.props) >= manyOutlined {
		o.index = make(map[string]int, len(o.props))
		for i := range o.props {
			o.index[o.props[i].name] = i
		}
	}
	for i := range o.props {
		o.weight += o.props[i].is.weight
	}
	if o.items != nil {
		o.weight += o.items.weight
	}
	if o.moreIs != nil {
		o.weight += o.moreIs.weight
	}
	o.weight = min(o.weight, heavy)
}
