package openapi

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

const defsPrefix = "#/$defs/"

// schema normalises the schema at v to JSON Schema 2020-12, in place, and
// returns it; nil where v is none.
func (r *reader) schema(v *value) *value {
	if v == nil {
		return nil
	}
	if !v.Is(definition.Object) && !v.Is(definition.Bool) {
		r.errorf(v, "bad-schema", "write a schema as an object", "a schema is %s, not an object; any value is accepted", article(v.Kind))
		return nil
	}
	r.normalise(v, r.baseAround(v))
	return v
}

// componentSchemas names the document's reusable schemas first, so that each
// gets the name it has there.
func (r *reader) componentSchemas(root *value) {
	all, ref := r.components(root, "schemas"), "#/components/schemas/"
	if r.version == v20 {
		all, ref = root.Get("definitions"), "#/definitions/"
	}
	if !all.Is(definition.Object) {
		return
	}
	for i := range all.Kids {
		k := &all.Kids[i]
		if !k.Is(definition.Object) && !k.Is(definition.Bool) {
			if !isExtension(k) {
				r.errorf(k, "bad-schema", "write a schema as an object", "schema %q is %s, not an object", clip(k.Key), article(k.Kind))
			}
			continue
		}
		if !strings.ContainsAny(k.Key, "%~") {
			r.found[refKey{r.entry.Number, "", ref + k.Key}] = k
		}
		r.nameAs(k, k.Key)
	}
}

// finishSchemas normalises what references lead to, which may add more.
func (r *reader) finishSchemas() {
	for len(r.pending) > 0 && r.ctx.Err() == nil {
		v := r.pending[len(r.pending)-1]
		r.pending = r.pending[:len(r.pending)-1]
		r.normalise(v, r.baseAround(v))
	}
	r.cutCircles()
	r.inheritance()
}

// name gives the schema that a reference leads to its place in the set, named
// by the end of the reference.
func (r *reader) name(target *value, ref string) string {
	if n, ok := r.names[target]; ok {
		return n
	}
	base := strings.TrimRight(ref, "#/")
	base = base[strings.LastIndexAny(base, "/#")+1:]
	if strings.Contains(ref, "#/") {
		base, _ = document.TokenNames(base)
	} else {
		for _, ext := range []string{".yaml", ".yml", ".json"} {
			base = strings.TrimSuffix(base, ext)
		}
	}
	return r.nameAs(target, base)
}

// nameAs gives a schema a name, with a number where it is taken.
func (r *reader) nameAs(target *value, base string) string {
	if base == "" {
		base = "schema"
	}
	name := base
	for r.def.Schemas[name] != nil {
		if r.taken[base] == 0 {
			r.taken[base] = 1
		}
		r.taken[base]++
		name = base + "_" + strconv.Itoa(r.taken[base])
	}
	r.names[target] = name
	r.def.Schemas[name] = target
	r.pending = append(r.pending, target)
	return name
}
