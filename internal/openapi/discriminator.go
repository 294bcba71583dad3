package openapi

import (
	"sort"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// discriminator normalises a Discriminator Object to
//
//	{"propertyName": …, "mapping": {<value>: <name of a schema>}, "default": <name>}
//
// 2.0 writes only the name of the property.
func (n *normaliser) discriminator(kid *value) {
	if kid.Kind == definition.String {
		*kid = definition.NewObject(kid.With("propertyName")).With("discriminator")
		return
	}
	if kid.Get("propertyName").Str() == "" {
		n.bad(kid, "an object with \"propertyName\"")
		return
	}
	if m := kid.Get("mapping"); m.Is(definition.Object) {
		kept := m.Kids[:0]
		for i := range m.Kids {
			k := m.Kids[i]
			if name, ok := n.mapped(&k); ok {
				k.Kind, k.Text = definition.String, name
				k.Flags |= definition.Resolved
				kept = append(kept, k)
			}
		}
		m.Kids = kept
	}
	if d := kid.Get("defaultMapping"); d != nil {
		if name, ok := n.mapped(d); ok {
			d.Key, d.Text = "default", name
			d.Flags |= definition.Resolved
		}
	}
}

// mapped finds the schema that a mapping names: by its component name or by a
// reference.
func (n *normaliser) mapped(k *value) (string, bool) {
	if k.Kind != definition.String {
		return "", false
	}
	if k.Flags&definition.Resolved != 0 {
		return k.Text, true
	}
	ref := *k
	if !strings.ContainsAny(k.Text, "#/") && !strings.Contains(k.Text, ".") {
		ref.Text = "#/components/schemas/" + k.Text
	}
	target, err := n.r.schemaAt(&ref, n.base)
	if err != nil {
		ref.Text = "#/components/schemas/" + k.Text
		if target, err = n.r.schemaAt(&ref, ""); err != nil {
			n.r.warnf(k, "bad-mapping", "name a schema of the document", "the discriminator maps %q to %q, which is no schema", clip(k.Key), clip(k.Text))
			return "", false
		}
	}
	return n.r.name(target, ref.Text), true
}

// inheritance completes discriminators of base types: where a base has no
// alternatives of its own, the schemas that include it with allOf, directly or
// through others, are what its values may be.
func (r *reader) inheritance() {
	names := make([]string, 0, len(r.def.Schemas))
	for n := range r.def.Schemas {
		names = append(names, n)
	}
	sort.Strings(names)
	children := map[string][]string{}
	for _, n := range names {
		all := r.def.Schemas[n].Get("allOf")
		if !all.Is(definition.Array) {
			continue
		}
		for i := range all.Kids {
			if base, ok := strings.CutPrefix(all.Kids[i].Get("$ref").Str(), defsPrefix); ok {
				children[base] = append(children[base], n)
			}
		}
	}
	for _, base := range names {
		s := r.def.Schemas[base]
		d := s.Get("discriminator")
		if d == nil || s.Has("oneOf") || s.Has("anyOf") || len(children[base]) == 0 {
			continue
		}
		complete(d, r.descendants(base, children))
	}
}

// descendants are the schemas below a base type, nearest first.
func (r *reader) descendants(base string, children map[string][]string) []string {
	var out []string
	seen := map[string]bool{base: true}
	for next := []string{base}; len(next) > 0 && r.spend(r.def.Schemas[base], 32*len(next)); {
		var below []string
		for _, b := range next {
			for _, c := range children[b] {
				if !seen[c] {
					seen[c] = true
					below = append(below, c)
				}
			}
		}
		out = append(out, below...)
		next = below
	}
	return out
}

// complete maps the schemas that a discriminator does not map yet by their
// names.
func complete(d *value, schemas []string) {
	mapping := definition.NewObject()
	mapped := map[string]bool{}
	if m := d.Get("mapping"); m.Is(definition.Object) {
		mapping.Kids = append(mapping.Kids, m.Kids...)
		for i := range m.Kids {
			mapped[m.Kids[i].Text] = true
		}
	}
	for _, name := range schemas {
		if !mapped[name] {
			mapping.Kids = append(mapping.Kids, definition.NewString(name).With(name))
		}
	}
	kids := []value{d.Get("propertyName").With("propertyName"), mapping.With("mapping")}
	if x := d.Get("default"); x != nil {
		kids = append(kids, *x)
	}
	d.Kids = kids
}
