package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// reference is a property that names another resource.
type reference struct {
	path     []string // of the property
	to       *Resource
	embedded bool // the property is an object that has the id inside
	list     bool
	scope    int // one more than the place's variable that it repeats
}

// count is a property that counts the children of an item.
type count struct {
	path  []string
	child *Resource
}

// findReferences finds the properties that name other resources.
func (r *Resource) findReferences() {
	d := &r.details
	own := ""
	if len(d.identity.path) == 1 {
		own = d.identity.path[0]
	}
	for i := range d.fields {
		f := &d.fields[i]
		if f.name == own || f.role != plain {
			continue
		}
		if ref, ok := r.reference(f); ok {
			d.refs = append(d.refs, ref)
			continue
		}
		if c, ok := r.counts(f); ok {
			d.counts = append(d.counts, c)
		}
	}
}

// isIDWord reports whether a word ends the names of properties that hold an id.
func isIDWord(w string) bool {
	switch w {
	case "id", "uuid", "gid", "sid", "guid", "key", "ref", "ids", "uuids", "gids", "sids":
		return true
	}
	return false
}

// isTelling reports whether a property of the name says something itself, even
// where a resource is called so.
func isTelling(name string) bool {
	switch name {
	case "email", "name", "title", "url", "phone", "address", "status", "state", "type", "kind", "role", "label", "color", "image", "message", "comment",
		"note", "description", "content", "text", "body", "language", "country", "currency", "version", "number", "code", "value", "key":
		return true
	}
	return false
}

// reference tells which resource a property names.
func (r *Resource) reference(f *field) (reference, bool) {
	if f.schema.Enum() != nil || isTelling(bare(f.name)) {
		return reference{}, false
	}
	ref := reference{path: []string{f.name}}
	s := f.schema
	if isArray(s) {
		item := s.ItemSchema()
		if item == nil || !isScalar(item) || item.Enum() != nil {
			return ref, false
		}
		ref.list = true
		s = item
	}
	w := words(f.name)
	if len(w) == 0 {
		return ref, false
	}
	noun, marked := w, false
	if len(w) > 1 && isIDWord(w[len(w)-1]) {
		noun, marked = w[:len(w)-1], true
	}
	if ref.list && !marked {
		return ref, false
	}
	ref.embedded = isObject(s)
	if !ref.embedded && !isScalar(s) {
		return ref, false
	}
	// what repeats a variable of the path
	for i := len(r.Place.scope) - 1; i >= 0; i-- {
		v := &r.Place.scope[i]
		same := bare(v.name) == bare(f.name)
		if v.parent != nil {
			n := bare(v.parent.Name)
			same = same || bare(strings.Join(noun, "")) == n && (marked || len(w) == 1)
			same = same || len(w) > 1 && w[len(w)-1] == bare(v.name) && bare(strings.Join(w[:len(w)-1], "")) == n
		} else if b := bare(v.name); marked && !same {
			same = bare(strings.Join(noun, "")) == b || bare(strings.Join(noun, ""))+"id" == b
		}
		if same && !ref.list {
			ref.to, ref.scope = v.parent, i+1
			return ref, true
		}
	}
	for start := range noun { // "assigned_user_id" is a user
		name := bare(plausible.Singular(strings.Join(noun[start:], "")))
		to := r.model.byName[name]
		if to == nil || to == r && !marked {
			continue
		}
		switch td := to.label(); {
		case ref.embedded:
			if td == "" || s.Label() != td {
				continue
			}
		case !marked && (start > 0 || s.Format() != "" && s.Format() != "uuid" || to.textual() && s.Possible()&schema.TypeString == 0):
			continue
		case marked && (start > 0 && s.Patterned() || to.otherwise(w[len(w)-1])):
			continue
		}
		ref.to = to
		return ref, true
	}
	return ref, false
}

// textual reports whether ids of the resource are texts, as far as the
// parameter of its path tells.
func (r *Resource) textual() bool {
	for _, role := range r.Roles {
		for _, p := range role.Op.Parameters {
			if p.In == definition.InPath && p.Name == r.parameter() {
				return r.model.set.Compile(p.Schema).Possible()&(schema.TypeInteger|schema.TypeNumber) == 0
			}
		}
	}
	return false
}

// otherwise reports whether the path names items by another property than the
// one that a reference ends in: a "sid" beside the name that the path takes.
func (r *Resource) otherwise(word string) bool {
	if word == "id" || word == "ids" || word == "key" || word == "ref" {
		return false
	}
	m := successMedia(r.operation(Read), 200)
	if m == nil || strings.HasSuffix(bare(r.parameter()), word) {
		return false
	}
	return r.model.set.Compile(m.Schema).HasMember(word)
}

// label is the name of the schema of a resource's item as far as its read
// operation tells.
func (r *Resource) label() string {
	return answerRef(r.operation(Read))
}

// counts tells which children a number counts.
func (r *Resource) counts(f *field) (count, bool) {
	t := f.schema.Possible()
	if t&schema.TypeInteger == 0 || t&(schema.TypeString|objectOrArray) != 0 {
		return count{}, false
	}
	w := words(f.name)
	if len(w) < 2 {
		return count{}, false
	}
	var noun []string
	switch {
	case w[len(w)-1] == "count" || w[len(w)-1] == "total":
		noun = w[:len(w)-1]
	case w[0] == "num" || w[0] == "total" || w[0] == "count":
		noun = w[1:]
		if noun[0] == "of" && len(noun) > 1 {
			noun = noun[1:]
		}
	default:
		return count{}, false
	}
	name := bare(plausible.Singular(strings.Join(noun, "")))
	for _, c := range r.children {
		if !c.Singleton && bare(c.Name) == name {
			return count{path: []string{f.name}, child: c}, true
		}
	}
	return count{}, false
}

// refer makes the references of an item lead to things that are there.
func (v *view) refer(t *table, item *value, seed uint64, shown bool, i int) {
	d := &t.r.details
	for k := range d.refs {
		ref := &d.refs[k]
		have := item.Get(ref.path[0])
		if have == nil || have.Kind == definition.Null && ref.scope == 0 {
			continue
		}
		if ref.scope > 0 {
			ref.set(item, t.scope[ref.scope-1])
			continue
		}
		if ref.to == t.r {
			v.referSelf(t, ref, item, i)
			continue
		}
		to := v.make(ref.to, "", nil)
		if len(to.world) == 0 {
			continue
		}
		pick := func(n uint64) string { return to.world[mixed(seed^hash(ref.path[0])+n)%uint64(len(to.world))].id }
		if ref.list {
			if have.Kind != definition.Array {
				continue
			}
			var ids []value
			seen := map[string]bool{}
			for n := range have.Kids {
				if id := pick(uint64(n)); !seen[id] {
					seen[id] = true
					ids = append(ids, ref.to.ready().identity.value(id))
				}
			}
			setAt(item, ref.path, definition.NewArray(ids...))
			continue
		}
		if shown {
			if id, ok := ref.id(item); ok && to.has(id) {
				continue
			}
		}
		ref.set(item, pick(0))
	}
}

// referSelf lets an item name an earlier one of its kind, or none.
func (v *view) referSelf(t *table, ref *reference, item *value, i int) {
	if ref.list {
		setAt(item, ref.path, definition.NewArray())
		return
	}
	if f := t.r.details.field(ref.path[0]); i == 0 || f != nil && !f.required {
		null := definition.NewNull()
		if f != nil && f.schema.Valid(&null, schema.Response) {
			setAt(item, ref.path, null)
			return
		}
		if f != nil && !f.required {
			removeMember(item, ref.path[0])
			return
		}
	}
	if n := min(i, len(t.world)); n > 0 {
		ref.set(item, t.world[int(mixed(t.seed+uint64(i))%uint64(n))].id)
	}
}

// id is the id that a property refers to.
func (ref *reference) id(item *value) (string, bool) {
	v := item.Get(ref.path[0])
	if v.Is(definition.Object) && ref.to != nil {
		return ref.to.ready().identity.of(v)
	}
	return textOf(v)
}

// set makes the property refer to an id.
func (ref *reference) set(item *value, id string) {
	var v value
	switch {
	case ref.to != nil && ref.embedded:
		v = definition.NewObject()
		if old := item.Get(ref.path[0]); old.Is(definition.Object) {
			v = old.Clone()
		}
		ref.to.ready().identity.set(&v, id)
	case ref.to != nil:
		v = ref.to.ready().identity.value(id)
	default:
		v = definition.NewString(id)
	}
	setAt(item, ref.path, v)
}
