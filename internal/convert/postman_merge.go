package convert

import (
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// maxMerges bounds the work that allOf makes of a small document.
const maxMerges = 500_000

// merged makes one outline of the parts of allOf and what stands beside it.
func (b *outliner) merged(v, all *definition.Value, depth int, around *seen) *outline {
	own := *v
	own.Kids = make([]definition.Value, 0, len(v.Kids))
	for i := range v.Kids {
		switch v.Kids[i].Key {
		case "allOf", "readOnly", "writeOnly":
		default:
			own.Kids = append(own.Kids, v.Kids[i])
		}
	}
	parts := make([]*outline, 0, len(all.Kids)+1)
	if beside := b.plain(&own, depth, around); len(own.Kids) > 0 {
		parts = append(parts, beside)
	}
	for i := range all.Kids {
		parts = append(parts, b.outline(&all.Kids[i], depth, around))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	o := b.merge(parts)
	o.sources = []*definition.Value{v}
	return o
}

// merge makes one outline of several that all apply.
func (b *outliner) merge(parts []*outline) *outline {
	if b.merges++; len(parts) == 1 || b.merges > maxMerges {
		return parts[0]
	}
	o := newOutline(nil)
	o.sources = nil
	byName := map[string]int{}
	var groups [][]*outline
	var items, more []*outline
	for _, p := range parts {
		o.sources = append(o.sources, p.sources...)
		o.take(p)
		for _, x := range p.props {
			i, known := byName[x.name]
			if !known {
				i = len(groups)
				byName[x.name] = i
				groups = append(groups, nil)
				o.props = append(o.props, outlined{name: x.name})
			}
			groups[i] = append(groups[i], x.is)
		}
		if p.items != nil {
			items = append(items, p.items)
		}
		if p.moreIs != nil {
			more = append(more, p.moreIs)
		}
	}
	for i, g := range groups {
		o.props[i].is = b.merge(distinct(g))
	}
	if items != nil {
		o.items = b.merge(distinct(items))
	}
	if o.more == moreDescribed {
		o.moreIs = b.merge(distinct(more))
	}
	o.finish()
	return o
}

func distinct(list []*outline) []*outline {
	var out []*outline
	for _, o := range list {
		if !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// take adds to o what p says of the value itself.
func (o *outline) take(p *outline) {
	if len(o.types) == 0 {
		o.types = p.types
	} else if len(p.types) > 0 {
		var both []string
		for _, t := range o.types {
			if slices.Contains(p.types, t) {
				both = append(both, t)
			}
		}
		if both != nil {
			o.types = both
		}
	}
	o.required = union(o.required, p.required)
	switch {
	case p.more == moreNone || o.more == moreNone:
		o.more = moreNone
	case p.more == moreDescribed || o.more == moreDescribed:
		o.more = moreDescribed
	case p.more == moreAny:
		o.more = moreAny
	}
	o.minItems, o.minProps = max(o.minItems, p.minItems), max(o.minProps, p.minProps)
	o.maxItems, o.maxProps = tighter(o.maxItems, p.maxItems), tighter(o.maxProps, p.maxProps)
	o.unique = o.unique || p.unique
	o.patterns = o.patterns || p.patterns
	o.patterned = o.patterned || p.patterned
	o.readOnly = o.readOnly || p.readOnly
	o.writeOnly = o.writeOnly || p.writeOnly
	o.cut = o.cut || p.cut
	if o.tuple == nil {
		o.tuple = p.tuple
	}
	if o.fallback == nil {
		o.fallback = p.fallback
	}
	if o.shown == nil {
		o.shown = p.shown
	}
	if o.xml == nil {
		o.xml = p.xml
	}
	if o.format == "" {
		o.format = p.format
	}
	if o.description == "" {
		o.description = p.description
	}
	o.enum = append(o.enum[:len(o.enum):len(o.enum)], p.enum...)
}

// union adds to a list what another has more; the lists stay as they are.
func union(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	in := make(map[string]bool, len(a))
	for _, s := range a {
		in[s] = true
	}
	out := a[:len(a):len(a)]
	for _, s := range b {
		if !in[s] {
			in[s] = true
			out = append(out, s)
		}
	}
	return out
}

func tighter(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}
