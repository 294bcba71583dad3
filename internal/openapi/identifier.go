package openapi

import (
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// identifiers are the names that the schemas of one file give themselves.
type identifiers struct {
	byFile map[string]*value            // anchors, wherever they stand
	byID   map[string]*value            // by $id, resolved against the enclosing one
	inID   map[*value]map[string]*value // anchors below one $id
	base   map[*value]string            // the URI that the nearest $id around an object has set
}

// identifiers indexes a file, at best before anything in it is rewritten.
func (r *reader) identifiers(f *document.File) *identifiers {
	if x := r.ids[f.Number]; x != nil {
		return x
	}
	x := &identifiers{byFile: map[string]*value{}, byID: map[string]*value{}, inID: map[*value]map[string]*value{}, base: map[*value]string{}}
	r.ids[f.Number] = x
	if r.version >= v31 {
		r.identify(x, &f.Root, "", nil, false)
	}
	if len(x.byID) > 0 {
		r.withIDs = append(r.withIDs, x)
	}
	return x
}

// identify walks a tree. owner is the schema with the nearest $id around, base
// its URI; names tells that the members of v are named by the document.
func (r *reader) identify(x *identifiers, v *value, base string, owner *value, names bool) {
	if v.Kind == definition.Object && !names {
		if inner := r.baseIn(v, base); inner != base {
			base, owner = inner, v
			if x.byID[base] == nil {
				x.byID[base] = v
			}
		}
		for _, k := range [...]string{"$anchor", "$dynamicAnchor"} {
			name := v.Get(k).Str()
			if name == "" {
				continue
			}
			if x.byFile[name] == nil {
				x.byFile[name] = v
			}
			if owner != nil {
				if x.inID[owner] == nil {
					x.inID[owner] = map[string]*value{}
				}
				x.inID[owner][name] = v
			}
		}
	}
	if base != "" && v.Kind == definition.Object {
		x.base[v] = base
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if (kid.Kind == definition.Object || kid.Kind == definition.Array) && (names || !isData(kid.Key)) {
			r.identify(x, kid, base, owner, !names && hasNames(kid.Key))
		}
	}
}

// identified finds a schema by its $id.
func (r *reader) identified(uri string) (*value, *identifiers) {
	for _, x := range r.withIDs {
		if v := x.byID[uri]; v != nil {
			return v, x
		}
	}
	return nil, nil
}

// baseIn is the base of what stands in v, which may have an $id.
func (r *reader) baseIn(v *value, base string) string {
	if r.version < v31 {
		return ""
	}
	id := v.Get("$id").Str()
	if id == "" || strings.HasPrefix(id, "#") {
		return base
	}
	if base == "" {
		f := r.loader.File(v.File)
		if f == nil {
			return ""
		}
		base = baseOf(f)
	}
	return resolveURI(base, id)
}

// baseAround is the base that an $id around v has set.
func (r *reader) baseAround(v *value) string {
	if x := r.ids[v.File]; x != nil {
		return x.base[v]
	}
	return ""
}

func baseOf(f *document.File) string {
	if f.Base != "" {
		return f.Base
	}
	return f.Location
}

// resolveURI resolves a reference against a base (RFC 3986, 5.2), without its
// fragment.
func resolveURI(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}
