package openapi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// deref follows a chain of Reference Objects. It returns nil, having reported
// why, when the chain leads nowhere.
func (r *reader) deref(v *value, what string) *value {
	var chain []*value
	end := v
	for {
		ref := referenceOf(end)
		if ref == nil {
			break
		}
		if known, ok := r.ends[end]; ok {
			if known == following {
				r.errorf(ref, "circular-reference", "let the last reference lead to an object", "the references of %s go in a circle", what)
				known = nil
			}
			end = known
			break
		}
		chain = append(chain, end)
		r.ends[end] = following
		next, err := r.lookup(ref)
		if err != nil {
			r.dangling(ref, err, what)
			end = nil
			break
		}
		end = next
	}
	for _, c := range chain {
		r.ends[c] = end
	}
	return end
}

// following marks a Reference Object whose chain is being followed.
var following = &value{}

// referenceOf is the reference of a Reference Object, nil for anything else.
func referenceOf(v *value) *value {
	if ref := v.Get("$ref"); ref.Is(definition.String) {
		return ref
	}
	return nil
}

// beside is a text field that stands beside a reference and replaces that of
// its target (OpenAPI 3.1, Reference Object), else the target's.
func (r *reader) beside(at, target *value, field string) string {
	if at != target && r.version >= v31 {
		if own := at.Get(field); own.Is(definition.String) {
			return own.Text
		}
	}
	return target.Get(field).Str()
}

// resolveAll resolves the references of a tree before any schema in it is
// rewritten, which may move what they lead to. Errors are told where the
// references are used. base is the URI that an enclosing $id has set, names
// tells that the members of v are named by the document.
func (r *reader) resolveAll(v *value, base string, names bool) {
	if v.Kind == definition.Object && !names {
		base = r.baseIn(v, base)
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if kid.Kind != definition.Object && kid.Kind != definition.Array {
			if kid.Key == "$ref" && kid.Kind == definition.String && !names {
				_, _ = r.lookupFrom(kid, base)
			}
			continue
		}
		if names || !isData(kid.Key) {
			r.resolveAll(kid, base, !names && hasNames(kid.Key))
		}
	}
}

// isData reports whether a field holds data or extensions instead of parts of
// the description.
func isData(field string) bool {
	switch field {
	case "example", "examples", "enum", "const", "default", "value", "dataValue":
		return true
	}
	return strings.HasPrefix(field, "x-")
}

// hasNames reports whether the members of a field are named by the document,
// not by the standard.
func hasNames(field string) bool {
	switch field {
	case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas",
		"responses", "parameters", "requestBodies", "headers", "securitySchemes", "links", "callbacks",
		"pathItems", "mediaTypes", "paths", "webhooks", "content", "encoding", "additionalOperations":
		return true
	}
	return false
}

func (r *reader) dangling(ref *value, err error, what string) {
	var de *document.FileError
	if errors.As(err, &de) && de.Diagnostic.Hint != "" {
		r.errorf(ref, de.Diagnostic.Code, de.Diagnostic.Hint, "reference %q of %s: %s", clip(ref.Text), what, de.Diagnostic.Message)
		return
	}
	r.errorf(ref, "reference-not-found", "correct the reference or add what it names", "reference %q of %s: %v", clip(ref.Text), what, err)
}

// lookup finds what the reference in ref, a string value, leads to.
func (r *reader) lookup(ref *value) (*value, error) { return r.lookupFrom(ref, "") }

type refKey struct {
	file uint16
	base string
	ref  string
}

var (
	errNoPlace = errors.New("there is no such place in the document")
	errCircle  = errors.New("it leads through itself")
	errFar     = errors.New("it leads through too many other references")
)

// maxThrough is through how many references a pointer may lead on its way,
// each inside of the other.
const maxThrough = 500

// lookupFrom is lookup with a base URI that an enclosing $id has set.
func (r *reader) lookupFrom(ref *value, base string) (*value, error) {
	if ref.Kind != definition.String {
		return nil, fmt.Errorf("it is %s, not a text", article(ref.Kind))
	}
	if ref.Flags&definition.Resolved != 0 {
		if v := r.def.Schemas[strings.TrimPrefix(ref.Text, defsPrefix)]; v != nil {
			return v, nil
		}
		return nil, errNoPlace
	}
	key := refKey{ref.File, base, ref.Text}
	if v, ok := r.found[key]; ok {
		if v == following {
			return nil, errCircle
		}
		return v, nil
	}
	if r.through++; r.through > maxThrough {
		r.through--
		return nil, errFar
	}
	r.found[key] = following
	v, err := r.find(ref, base)
	r.through--
	if err != nil {
		delete(r.found, key)
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
		if base == "" {
			base = baseOf(from)
		}
		abs := resolveURI(base, address)
		if owner, x := r.identified(abs); owner != nil {
			v, err := r.place(owner, fragment, x.inID[owner])
			if err == nil || address != "" {
				return v, err
			}
			// many give a schema an $id and still mean the document
		}
		if r.entry.Base != "" && abs == strings.TrimSuffix(r.entry.Base, "#") {
			return r.place(&r.entry.Root, fragment, r.identifiers(r.entry).byFile)
		}
	}
	file, err := r.follow(from, address)
	if err != nil {
		return nil, err
	}
	return r.place(&file.Root, fragment, r.identifiers(file).byFile)
}

// follow reads the file that an address names.
func (r *reader) follow(from *document.File, address string) (*document.File, error) {
	known := len(r.loader.Files())
	file, err := r.loader.Follow(r.ctx, from, address)
	if err != nil {
		return nil, err
	}
	if address != "" && len(r.loader.Files()) > known {
		r.diags = append(r.diags, file.Warnings...)
		if self := file.Root.Get("$self").Str(); self != "" && file.Root.Has("openapi") {
			file.Base = self
		}
		r.identifiers(file)
		r.resolveAll(&file.Root, "", false)
	}
	return file, nil
}

// place finds what a fragment names: a JSON pointer or an anchor.
func (r *reader) place(root *value, fragment string, anchors map[string]*value) (*value, error) {
	if fragment == "" {
		return root, nil
	}
	if strings.HasPrefix(fragment, "/") {
		return r.pointer(root, fragment)
	}
	if v := anchors[fragment]; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("no schema has the anchor %q", clip(fragment))
}

// pointer finds what a JSON pointer names. Where it names a place below a
// reference, it leads through it.
func (r *reader) pointer(root *value, pointer string) (*value, error) {
	v := root
	for token := range strings.SplitSeq(pointer[1:], "/") {
		child := r.child(v, token)
		for hops := 0; child == nil && hops < maxThrough; hops++ {
			ref := referenceOf(v)
			if ref == nil {
				break
			}
			next, err := r.lookup(ref)
			if err != nil {
				return nil, err
			}
			v = next
			child = r.child(v, token)
		}
		if child == nil {
			return nil, errNoPlace
		}
		v = child
	}
	return v, nil
}

// manyMembers is from how many members on an object that pointers lead
// through is indexed.
const manyMembers = 64

// child finds the child that one token of a pointer names.
func (r *reader) child(v *value, token string) *value {
	if v.Kind != definition.Object || len(v.Kids) < manyMembers {
		child, _ := document.Pointer(v, "/"+token)
		return child
	}
	index := r.members[&v.Kids[0]]
	if index == nil {
		index = make(map[string]int, len(v.Kids))
		for i := range v.Kids {
			index[v.Kids[i].Key] = i
		}
		r.members[&v.Kids[0]] = index
	}
	name, literal := document.TokenNames(token)
	for _, n := range [...]string{name, literal} {
		if i, ok := index[n]; ok && i < len(v.Kids) && v.Kids[i].Key == n {
			return &v.Kids[i]
		}
	}
	return nil
}
