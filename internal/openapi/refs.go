package openapi

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// maxHops bounds a chain of references.
const maxHops = 100

// deref follows a chain of Reference Objects. It returns nil, having reported
// why, when the chain leads nowhere.
func (r *reader) deref(v *value, what string) *value {
	for range maxHops {
		if !v.Is(definition.Object) {
			return v
		}
		ref := v.Get("$ref")
		if ref == nil || ref.Kind != definition.String {
			return v
		}
		next, err := r.lookup(ref)
		if err != nil {
			r.dangling(ref, err, what)
			return nil
		}
		if next == v {
			break
		}
		v = next
	}
	r.errorf(v, "circular-reference", "let the last reference lead to an object", "the references of this %s go in a circle", what)
	return nil
}

// resolveDeep resolves, before any schema is rewritten, the references that
// lead into the inside of an object, which rewriting may move.
func (r *reader) resolveDeep(v *value) {
	if v.Kind != definition.Object && v.Kind != definition.Array {
		return
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		switch kid.Key {
		case "example", "examples", "enum", "const", "default", "value":
			continue
		case "$ref":
			if kid.Kind == definition.String && strings.Count(kid.Text, "/") > 3 && strings.Contains(kid.Text, "#/") {
				_, _ = r.lookup(kid) // an error is told where the reference is used
			}
			continue
		}
		r.resolveDeep(kid)
	}
}

func (r *reader) dangling(ref *value, err error, what string) {
	var de *document.FileError
	if errors.As(err, &de) && de.Diagnostic.Hint != "" {
		r.errorf(ref, de.Diagnostic.Code, de.Diagnostic.Hint, "reference %q of %s: %s", ref.Text, what, de.Diagnostic.Message)
		return
	}
	r.errorf(ref, "reference-not-found", "correct the reference or add what it names", "reference %q of %s: %v", ref.Text, what, err)
}

// lookup finds what the reference in ref, a string value, leads to.
func (r *reader) lookup(ref *value) (*value, error) { return r.lookupFrom(ref, "") }

// lookupFrom is lookup with a base URI that an enclosing $id has set.
func (r *reader) lookupFrom(ref *value, base string) (*value, error) {
	if ref.Kind != definition.String {
		return nil, fmt.Errorf("it is %s, not a text", article(ref.Kind))
	}
	key := refKey{ref.File, base, ref.Text}
	if v, ok := r.found[key]; ok {
		return v, nil
	}
	v, err := r.find(ref, base)
	if err != nil {
		return nil, err
	}
	r.found[key] = v
	return v, nil
}

func (r *reader) find(ref *value, base string) (*value, error) {
	from := r.loader.File(ref.File)
	if from == nil {
		from = r.entry
	}
	address, fragment, _ := strings.Cut(ref.Text, "#")

	// An address may be an identifier that a schema or a document gave itself.
	if base != "" || address != "" {
		abs := address
		if base != "" {
			abs = resolveURI(base, address)
		} else if from.Base != "" {
			abs = resolveURI(from.Base, address)
		}
		if v := r.byID(from, abs, address); v != nil {
			return fragmentOf(v, fragment, r.anchorsOf(v))
		}
		if r.entry.Base != "" && abs == strings.TrimSuffix(r.entry.Base, "#") {
			return fragmentOf(&r.entry.Root, fragment, r.fileAnchors(r.entry).byFile)
		}
	}
	known := len(r.loader.Files())
	file, err := r.loader.Follow(r.ctx, from, address)
	if err != nil {
		return nil, err
	}
	if len(r.loader.Files()) > known {
		r.diags = append(r.diags, file.Warnings...)
		r.resolveDeep(&file.Root)
	}
	if fragment == "" || strings.HasPrefix(fragment, "/") {
		return fragmentOf(&file.Root, fragment, nil)
	}
	return fragmentOf(&file.Root, fragment, r.fileAnchors(file).byFile)
}

func resolveURI(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	u.Fragment = ""
	return u.String()
}

var errNoPlace = errors.New("there is no such place in the document")

// fragmentOf finds the place a fragment names: a JSON pointer or an anchor.
func fragmentOf(root *value, fragment string, anchors map[string]*value) (*value, error) {
	if fragment == "" || strings.HasPrefix(fragment, "/") {
		v, ok := document.Pointer(root, fragment)
		if !ok {
			return nil, errNoPlace
		}
		return v, nil
	}
	if v := anchors[fragment]; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("no schema has the anchor %q", fragment)
}

// anchorIndex has the identifiers that the schemas of one file give
// themselves.
type anchorIndex struct {
	byFile map[string]*value            // anchors, wherever they stand
	byID   map[string]*value            // by $id, resolved against the enclosing one
	inID   map[*value]map[string]*value // anchors below one $id
}

// fileAnchors indexes a file on first use.
func (r *reader) fileAnchors(f *document.File) *anchorIndex {
	if r.anchors == nil {
		r.anchors = map[uint16]*anchorIndex{}
	}
	if x := r.anchors[f.Number]; x != nil {
		return x
	}
	x := &anchorIndex{byFile: map[string]*value{}, byID: map[string]*value{}, inID: map[*value]map[string]*value{}}
	r.anchors[f.Number] = x
	var walk func(v *value, base string, owner *value)
	walk = func(v *value, base string, owner *value) {
		if v.Kind == definition.Object {
			if id := v.Get("$id").Str(); id != "" {
				base = resolveURI(base, id)
				owner = v
				x.byID[strings.TrimSuffix(base, "#")] = v
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
		for i := range v.Kids {
			if k := v.Kids[i].Key; k == "example" || k == "examples" || k == "enum" || k == "const" || k == "default" {
				continue
			}
			walk(&v.Kids[i], base, owner)
		}
	}
	base := f.Base
	if base == "" {
		base = f.Location
	}
	walk(&f.Root, base, nil)
	return x
}

// byID finds a schema by its $id.
func (r *reader) byID(from *document.File, abs, written string) *value {
	if r.version < v31 {
		return nil
	}
	x := r.fileAnchors(from)
	if len(x.byID) == 0 {
		return nil
	}
	if v := x.byID[abs]; v != nil {
		return v
	}
	base := from.Base
	if base == "" {
		base = from.Location
	}
	return x.byID[resolveURI(base, written)]
}

func (r *reader) anchorsOf(owner *value) map[string]*value {
	if x := r.anchors[owner.File]; x != nil {
		return x.inID[owner]
	}
	return nil
}
