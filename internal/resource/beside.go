package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// twin finds the resource that is the same thing at another path: of the same
// name and the same schema.
func (m *Model) twin(r *Resource, p *path, read *definition.Operation) *Resource {
	label := answerRef(read)
	if label == "" {
		return nil
	}
	for _, x := range m.Resources {
		if x.Name != r.Name || x.Place.Item == "" || x.Singleton {
			continue
		}
		shape, _ := shapeOf(x.Place.Item)
		have, want := strings.Count(shape, "{}"), strings.Count(p.shape, "{}")
		if have != want && (have == 1 || want == 1) && answerRef(x.operation(Read)) == label {
			return x
		}
	}
	return nil
}

// verbs finds a create and a list that are named in the path: /things/create,
// /things/list.
func (ps *paths) verbs(collection string, create, list *definition.Operation) (_, _ *definition.Operation) {
	for _, v := range [...]string{"create", "add", "new"} {
		if create == nil {
			create = ps.shape[collection+"/"+v].method("POST")
		}
	}
	for _, v := range [...]string{"list", "all", "json", "findAll", "getAll"} {
		if list == nil {
			list = ps.shape[collection+"/"+v].method("GET")
		}
	}
	return create, list
}

// addActions adds the operations below an item whose path ends in a verb.
func (ps *paths) addActions(r *Resource, place *Place, item *path) {
	for _, p := range ps.list {
		var verb string
		if rest, ok := strings.CutPrefix(p.shape, item.shape); ok && rest != "" && (rest[0] == '/' || rest[0] == ':') {
			verb = rest[1:]
		}
		if verb == "" || strings.ContainsAny(verb, "/{") || ps.shape[p.shape+"/{}"] != nil {
			continue
		}
		switch {
		case verb == "json" && item.ops["GET"] == nil:
			continue
		case len(p.ops) == 1 && p.ops["POST"] != nil && (verb == "update" || verb == "edit") && item.method("PATCH", "PUT", "POST") == nil:
			r.add(Update, place, p.ops["POST"])
			continue
		case len(p.ops) == 1 && p.ops["POST"] != nil && (verb == "delete" || verb == "remove") && item.ops["DELETE"] == nil:
			r.add(Delete, place, p.ops["POST"])
			continue
		}
		if p.ops["GET"] != nil {
			continue
		}
		for _, method := range [...]string{"POST", "PUT", "PATCH", "DELETE"} {
			if role := r.add(Action, place, p.ops[method]); role != nil {
				role.verb = verb
			}
		}
	}
}

// addSingleton adds a path that holds one thing: it is read and changed at the
// same place.
func (ps *paths) addSingleton(m *Model, p *path) {
	read := p.ops["GET"]
	change := p.method("PUT", "PATCH")
	if read == nil || change == nil || m.roles[read] != nil || m.roles[change] != nil {
		return
	}
	name := plausible.Singular(p.last())
	r := &Resource{Name: name, Plural: p.last(), Singleton: true, model: m}
	r.Place = &Place{Item: p.template, resource: r}
	r.options = optionsOf(read, change, nil)
	// the variables of its path are all scope: the item has none of its own
	r.Place.Collection = p.template
	m.Resources = append(m.Resources, r)
	r.add(Read, r.Place, read)
	r.add(Replace, r.Place, p.ops["PUT"])
	r.add(Update, r.Place, p.ops["PATCH"])
	r.add(Update, r.Place, p.ops["POST"])
	r.add(Delete, r.Place, p.ops["DELETE"])
}

// addBeside adds operations that list or create the things of another path:
// /pets/findByStatus, /owners/{id}/pets beside /pets/{id}.
func (ps *paths) addBeside(m *Model, p *path, items map[string]*path) {
	if strings.Contains(p.last(), "{}") || items[p.shape] != nil {
		return
	}
	if item := items[p.up()]; item != nil && m.byItem[item.shape] != nil { // below a collection
		r := m.byItem[item.shape]
		place := r.placeOf(item.template)
		if role := r.add(List, place, p.ops["GET"]); role != nil {
			role.side, role.verb = true, p.last()
		}
		return
	}
	if !strings.Contains(p.shape, "{}") {
		return
	}
	var r *Resource
	best := -1
	for _, x := range m.Resources {
		if x.Singleton || x.Plural != p.last() || x.Place.Item == "" || !within(x.Place, p) {
			continue
		}
		if n := kinship(x, p); n > best {
			r, best = x, n
		}
	}
	if r == nil || m.roles[p.method("GET")] != nil {
		return
	}
	place := &Place{Collection: p.template, resource: r}
	place.scope = m.scope(place)
	added := false
	for _, role := range [...]*Role{r.add(List, place, p.ops["GET"]), r.add(Create, place, p.ops["POST"])} {
		if role != nil {
			role.side, added = true, true
		}
	}
	if added {
		r.Also = append(r.Also, place)
	}
}

// kinship tells how likely the things of a path are those of a resource: the
// schema first, then how far the paths agree. It is -1 where the schemas
// differ by name in all that tells.
func kinship(r *Resource, p *path) int {
	n := 0
	shape, _ := shapeOf(r.Place.Item)
	a, b := strings.Split(shape, "/"), strings.Split(p.shape, "/")
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	want := answerRef(r.operation(Read))
	if want == "" {
		return n
	}
	for _, have := range [...]string{listRef(p.ops["GET"]), answerRef(p.ops["POST"])} {
		if have == want {
			return 1000 + n
		}
	}
	return n
}

// within reports whether a path has all variables of a place's scope, at the
// same places.
func within(place *Place, p *path) bool {
	for i := range place.scope {
		if prefix, _, _ := strings.Cut(place.scope[i].prefix, "#"); !strings.HasPrefix(p.shape, prefix+"/") {
			return false
		}
	}
	return true
}
