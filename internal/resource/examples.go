package resource

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// findExamples finds the items that the document shows: in answers, then in
// the bodies of creates.
func (r *Resource) findExamples(names []string) {
	d := &r.details
	seen := map[string]bool{}
	take := func(v *value) {
		if !v.Is(definition.Object) || len(v.Kids) == 0 || len(d.examples) >= maxExamples {
			return
		}
		if !r.Singleton {
			id, ok := d.identity.of(v)
			if !ok || seen[id] {
				return
			}
			seen[id] = true
			at := v
			for _, s := range d.identity.path {
				at = at.Get(s)
			}
			d.identity.shown = append(d.identity.shown, *at)
		}
		d.examples = append(d.examples, v.With(""))
	}
	for _, kind := range [...]Kind{Read, List, Create, Replace, Update} {
		for _, role := range r.Roles {
			if role.Kind != kind || role.side {
				continue
			}
			m := successMedia(role.Op, 0)
			if m == nil || len(m.Examples) == 0 {
				continue
			}
			f := finder{r: r, names: names, label: d.label}
			root := r.model.set.Compile(m.Schema)
			p := f.one
			if kind == List {
				p = f.list
			}
			at := p(root)
			for i := range m.Examples {
				v := at.in(m.Examples[i].Value)
				if v.Is(definition.Array) {
					for k := range v.Kids {
						take(&v.Kids[k])
					}
				} else {
					take(v)
				}
			}
		}
	}
	if len(d.identity.path) == 0 || d.identity.schema == nil {
		return
	}
	for _, v := range append(d.identity.schema.Examples(), r.parameterExamples()...) {
		if v.Kind == definition.String || v.Kind == definition.Number {
			d.identity.shown = append(d.identity.shown, v.With(""))
		}
	}
}

// maxExamples bounds the examples that a world begins with.
const maxExamples = 200

// parameterExamples are the values that the item's parameter shows.
func (r *Resource) parameterExamples() []value {
	var out []value
	for _, role := range r.Roles {
		if role.place != r.Place {
			continue
		}
		for _, p := range role.Op.Parameters {
			if p.In != definition.InPath || p.Name != r.parameter() {
				continue
			}
			for i := range p.Examples {
				if v := p.Examples[i].Value; v != nil {
					out = append(out, *v)
				}
			}
		}
		break
	}
	return out
}
