// Package resource makes an API live: it infers from a definition which
// operations create, read, list, change and delete the same things, makes a
// world of such things, and keeps what callers do to them.
package resource

import (
	"strings"
	"sync"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

type value = definition.Value

// Model is what was understood of a definition. It is immutable and safe for
// concurrent use; what depends on schemas is found on first use.
type Model struct {
	Resources []*Resource
	def       *definition.Definition
	set       *schema.Set
	faker     *schema.Faker
	roles     map[*definition.Operation]*Role
	byItem    map[string]*Resource // by the shape of an item path
	byName    map[string]*Resource // top-level ones, by their singular
}

// Kind tells what an operation does to a resource.
type Kind uint8

// The kinds of roles.
const (
	List Kind = iota
	Create
	Read
	Replace // PUT: of the whole item
	Update  // PATCH, or POST to an item: of a part of it
	Delete
	Action // sets what its name says
)

func (k Kind) String() string {
	return [...]string{"list", "create", "read", "replace", "update", "delete", "action"}[k]
}

// Role is what one operation does to one resource.
type Role struct {
	Resource *Resource
	Kind     Kind
	Op       *definition.Operation
	place    *Place
	verb     string // of an action: "cancel"
	side     bool   // of a list or create beside the usual paths: it must be of the same schema

	once    sync.Once
	why     string // why it can't be served; "" it can
	answer  payload
	plan    *listing.Plan
	bodies  sync.Map // payloads of requests, by their media type
	answers sync.Map // payloads of answers
}

// Resource is one kind of thing that the API keeps.
type Resource struct {
	Name      string // in the singular: "pet"
	Plural    string
	Singleton bool   // there is one of it: /settings
	Place     *Place // where it is kept
	Also      []*Place
	Roles     []*Role
	model     *Model
	options   options

	asItIs   string // what the trace says of a read
	once     sync.Once
	details  details
	children []*Resource
}

// Place is a pair of paths that a resource is found at.
type Place struct {
	Collection string // template; "" where only the item's path is declared
	Item       string // template; "" of a place that only lists or creates
	scope      []variable
	parameter  string // of the item
	regular    bool   // its list or create is at the path that the item's lies under
	suffixed   bool   // so it is, but for an extension: /things.json and /things/{id}.json
	resource   *Resource
}

// variable is a path variable before the item's own.
type variable struct {
	name   string
	prefix string    // the shape of the path up to it: "/owners/{}"
	parent *Resource // whose item path the prefix is; nil: any value will do
}

// Parent is the resource that the place lies under; nil where it lies under
// none.
func (p *Place) Parent() *Resource {
	if n := len(p.scope); n > 0 {
		return p.scope[n-1].parent
	}
	return nil
}

// Infer finds the resources of a definition.
func Infer(def *definition.Definition, set *schema.Set, faker *schema.Faker) *Model {
	m := &Model{def: def, set: set, faker: faker, roles: map[*definition.Operation]*Role{}, byItem: map[string]*Resource{}, byName: map[string]*Resource{}}
	newPaths(def).infer(m)
	return m
}

// Role is what an operation does; nil where it belongs to no resource.
func (m *Model) Role(op *definition.Operation) *Role { return m.roles[op] }

// infer finds the resources by their paths.
func (ps *paths) infer(m *Model) {
	items := map[string]*path{}
	for _, p := range ps.list {
		if p.isItem() && !strings.HasSuffix(p.names[len(p.names)-1], "*") && !strings.HasSuffix(p.names[len(p.names)-1], "+") {
			items[p.up()] = p
		}
	}
	for _, p := range ps.list {
		if p.isItem() && items[p.up()] == p {
			ps.addResource(m, p)
		}
	}
	for _, p := range ps.list {
		if !strings.Contains(p.last(), "{}") && items[p.shape] == nil {
			ps.addSingleton(m, p)
		}
	}
	for _, r := range m.Resources {
		r.Place.scope = m.scope(r.Place)
		for _, a := range r.Also {
			a.scope = m.scope(a)
		}
	}
	for _, r := range m.Resources {
		if parent := r.Place.Parent(); parent != nil {
			parent.children = append(parent.children, r)
		}
	}
	for _, p := range ps.list {
		ps.addBeside(m, p, items)
	}
	for _, r := range m.Resources {
		if r.Place.Parent() == nil && !r.Singleton && len(r.Place.scope) == 0 && m.byName[bare(r.Name)] == nil {
			m.byName[bare(r.Name)] = r
		}
	}
}

// scope finds the variables of a place's path before the item's own.
func (m *Model) scope(p *Place) []variable {
	template := p.Collection
	if template == "" {
		template = p.Item
	}
	shape, names := shapeOf(template)
	if p.Collection == "" {
		names = names[:len(names)-1]
	}
	var out []variable
	segments := strings.Split(strings.TrimPrefix(shape, "/"), "/")
	for i, s := range segments {
		n := strings.Count(s, "{}")
		for k := range n {
			if len(out) == len(names) {
				return out
			}
			v := variable{name: names[len(out)], prefix: "/" + strings.Join(segments[:i+1], "/")}
			if n > 1 {
				v.prefix += "#" + string(rune('0'+k))
			}
			v.parent = m.byItem[v.prefix]
			out = append(out, v)
		}
	}
	return out
}

// addResource adds the resource whose item path p is.
func (ps *paths) addResource(m *Model, p *path) {
	coll := ps.shape[p.up()]
	create, list := coll.method("POST"), coll.method("GET")
	if coll == nil || create == nil && list == nil {
		create, list = ps.verbs(p.up(), create, list)
	}
	put := p.ops["PUT"]
	read := p.ops["GET"]
	if read == nil {
		read = ps.shape[p.shape+"/json"].method("GET")
	}
	if create == nil && list == nil && (p.method("PUT", "PATCH", "DELETE") == nil || read == nil) || read == nil && list == nil {
		return
	}
	literal := lastLiteral(p.shape)
	if literal == "" || p.segments[len(p.segments)-2] == "{}" && coll != nil {
		return // /gists/{id}/{sha}: a part of an item
	}
	name := plausible.Singular(literal)
	r := &Resource{Name: name, Plural: literal, model: m}
	place := &Place{Item: p.template, parameter: p.names[len(p.names)-1], resource: r}
	place.suffixed = coll.method("GET", "POST") != nil
	place.regular = coll.method("GET", "POST") != nil && cutLast(p.template) == strings.TrimSuffix(coll.template, "/")
	if coll != nil {
		place.Collection = coll.template
	} else if create != nil || list != nil {
		place.Collection = cutLast(p.template)
	}
	if twin := m.twin(r, p, read); twin != nil {
		r = twin
		place.resource = r
		if strings.Count(p.shape, "{}") < strings.Count(r.Place.Item, "{") {
			r.Place, place = place, r.Place
			r.Also = append(r.Also, place)
			place = r.Place
		} else {
			r.Also = append(r.Also, place)
		}
	} else {
		r.Place = place
		r.options = optionsOf(list, create, read, put, p.ops["PATCH"], p.ops["DELETE"])
		m.Resources = append(m.Resources, r)
	}
	m.byItem[p.shape] = r
	r.add(List, place, list)
	r.add(Create, place, create)
	if coll != nil {
		r.add(Create, place, coll.ops["PUT"])
	}
	r.add(Read, place, read)
	for _, op := range p.twins { // the same place under another name of its variable
		if kind, ok := map[string]Kind{"GET": Read, "PUT": Replace, "PATCH": Update, "DELETE": Delete}[op.Method]; ok {
			r.add(kind, place, op)
		}
	}
	r.add(Replace, place, put)
	r.add(Update, place, p.ops["PATCH"])
	if p.method("PATCH", "PUT") == nil {
		r.add(Update, place, p.ops["POST"])
	}
	r.add(Delete, place, p.ops["DELETE"])
	ps.addActions(r, place, p)
}

func (r *Resource) placeOf(item string) *Place {
	if r.Place.Item == item {
		return r.Place
	}
	for _, p := range r.Also {
		if p.Item == item {
			return p
		}
	}
	return r.Place
}

// add gives an operation its role, unless it has one.
func (r *Resource) add(kind Kind, place *Place, op *definition.Operation) *Role {
	if op == nil || r.model.roles[op] != nil {
		return nil
	}
	role := &Role{Resource: r, Kind: kind, Op: op, place: place}
	r.model.roles[op] = role
	r.Roles = append(r.Roles, role)
	return role
}

// operation finds the first operation of a kind, those at its own path first.
func (r *Resource) operation(kind Kind) *definition.Operation {
	if role := r.role(kind); role != nil {
		return role.Op
	}
	return nil
}

func (r *Resource) role(kind Kind) *Role {
	for _, x := range r.Roles {
		if x.Kind == kind && x.place == r.Place && !x.side {
			return x
		}
	}
	for _, x := range r.Roles {
		if x.Kind == kind {
			return x
		}
	}
	return nil
}
