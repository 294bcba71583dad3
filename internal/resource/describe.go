package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Description is what was understood of a definition, for people and as JSON.
type Description struct {
	Resources []Described  `json:"resources"`
	Left      []LeftReport `json:"left,omitempty"`
}

// LeftReport is an operation that acts on no resource, and why.
type LeftReport struct {
	Operation string `json:"operation"`
	Why       string `json:"why"`
}

// Described is one resource as it was understood.
type Described struct {
	Name       string               `json:"name"`
	Collection string               `json:"collection,omitempty"`
	Item       string               `json:"item,omitempty"`
	AlsoAt     []DescribedPlace     `json:"alsoAt,omitempty"`
	Parent     string               `json:"parent,omitempty"`
	Parameters []string             `json:"parentParameters,omitempty"`
	Singleton  bool                 `json:"singleton,omitempty"`
	Identity   *DescribedIdentity   `json:"identity,omitempty"`
	First      string               `json:"first,omitempty"`
	Operations DescribedOperations  `json:"operations"`
	Payload    DescribedPayload     `json:"payload"`
	List       *listing.Description `json:"list,omitempty"`
	References []DescribedReference `json:"references,omitempty"`
	Counts     []DescribedReference `json:"counts,omitempty"`
	Life       map[string]string    `json:"life,omitempty"`
}

// DescribedPlace is a pair of paths.
type DescribedPlace struct {
	Collection string `json:"collection,omitempty"`
	Item       string `json:"item,omitempty"`
}

// DescribedIdentity is what an item's path names it by.
type DescribedIdentity struct {
	Property  string `json:"property,omitempty"`
	Parameter string `json:"parameter"`
	Kind      string `json:"kind"`
}

// DescribedOperations are the operations that act on a resource, as method
// and path template.
type DescribedOperations struct {
	List    string   `json:"list,omitempty"`
	Create  string   `json:"create,omitempty"`
	Read    string   `json:"read,omitempty"`
	Replace string   `json:"replace,omitempty"`
	Update  string   `json:"update,omitempty"`
	Delete  string   `json:"delete,omitempty"`
	Actions []string `json:"actions,omitempty"`
	Beside  []string `json:"beside,omitempty"`
}

// DescribedPayload tells where items stand in answers, as JSON pointers.
type DescribedPayload struct {
	Read *string `json:"read,omitempty"`
	List *string `json:"list,omitempty"`
}

// DescribedReference is a property that names or counts another resource.
type DescribedReference struct {
	Property string `json:"property"`
	Resource string `json:"resource"`
}

func (k IDKind) String() string {
	return [...]string{"integer", "digits", "prefixed", "made", "chosen"}[k]
}

// Describe tells what was understood. It looks at every resource.
func (m *Model) Describe() Description {
	out := Description{Resources: []Described{}}
	for _, r := range m.Resources {
		if d := r.ready(); d.why != "" || r.options.off {
			why := d.why
			if r.options.off {
				why = "the document says that it isn't kept"
			}
			for _, role := range r.Roles {
				out.Left = append(out.Left, LeftReport{name(role), why})
			}
			continue
		}
		out.Resources = append(out.Resources, m.describe(r, &out))
	}
	for _, op := range m.def.Operations {
		if m.roles[op] == nil {
			out.Left = append(out.Left, LeftReport{op.Method + " " + op.Path, "it isn't of the collection or the item of a resource"})
		}
	}
	return out
}

func name(role *Role) string { return role.Op.Method + " " + role.Op.Path }

func (m *Model) describe(r *Resource, all *Description) Described {
	d := &r.details
	out := Described{Name: r.Name, Collection: r.Place.Collection, Item: r.Place.Item, Singleton: r.Singleton}
	if r.Singleton {
		out.Collection = ""
	}
	for _, p := range r.Also {
		out.AlsoAt = append(out.AlsoAt, DescribedPlace{p.Collection, p.Item})
	}
	if p := r.Place.Parent(); p != nil {
		out.Parent = p.Name
	}
	for _, v := range r.Place.scope {
		out.Parameters = append(out.Parameters, v.name)
	}
	if !r.Singleton {
		out.Identity = &DescribedIdentity{Property: strings.Join(d.identity.path, "."), Parameter: r.parameter(), Kind: d.identity.kind.String()}
	}
	for _, role := range r.Roles {
		if why := role.ready(); why != "" {
			all.Left = append(all.Left, LeftReport{name(role), why})
			continue
		}
		m.describeRole(role, &out)
	}
	for i := range d.refs {
		ref := &d.refs[i]
		to := ""
		if ref.to != nil {
			to = ref.to.Name
		}
		out.References = append(out.References, DescribedReference{strings.Join(ref.path, "."), to})
	}
	for _, c := range d.counts {
		out.Counts = append(out.Counts, DescribedReference{strings.Join(c.path, "."), c.child.Name})
	}
	for i := range d.fields {
		f := &d.fields[i]
		if f.role == plain {
			continue
		}
		if out.Life == nil {
			out.Life = map[string]string{}
		}
		out.Life[f.name] = [...]string{"", "created", "updated", "version", "url", "ended"}[f.role]
	}
	return out
}

func (m *Model) describeRole(role *Role, out *Described) {
	ops := &out.Operations
	at := role.answer.pointer()
	to := map[Kind]*string{List: &ops.List, Create: &ops.Create, Read: &ops.Read, Replace: &ops.Replace, Update: &ops.Update, Delete: &ops.Delete}[role.Kind]
	switch {
	case role.Kind == Action:
		ops.Actions = append(ops.Actions, name(role))
		return
	case *to != "" || role.side || role.place != role.Resource.Place:
		ops.Beside = append(ops.Beside, name(role))
		return
	}
	*to = name(role)
	switch role.Kind {
	case List:
		out.Payload.List = &at
		d := role.plan.Describe()
		out.List = &d
	case Read:
		out.Payload.Read = &at
	}
}

// Start is an item that is there at the start.
type Start struct {
	Path string
	Read *definition.Operation // that reads it
}

// First lists items that are there at the start, of the first resources that
// are at the top; for people who want to try.
func (s *State) First(most int) []Start {
	var out []Start
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true}
	for _, r := range s.model.Resources {
		if len(out) == most {
			break
		}
		if id, scope, ok := v.first(r); ok && r.role(Read) != nil {
			out = append(out, Start{fillTemplate(r.Place.Item, append(scope, id)), r.operation(Read)})
		}
	}
	return out
}

// Describe tells what was understood, with the first id of each resource.
func (s *State) Describe() Description {
	d := s.model.Describe()
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true}
	i := 0
	for _, r := range s.model.Resources {
		if r.ready().why != "" || r.options.off {
			continue
		}
		if id, _, ok := v.first(r); ok {
			d.Resources[i].First = id
		}
		i++
	}
	return d
}

// FirstValues are the values of an operation's path variables that lead to
// something that is there at the start; ok is false where nothing does. known
// are values in the order of the variables, "" where none is known: they stay
// where the variable names no resource, and where they name something that is
// there at the start.
func (s *State) FirstValues(role *Role, known ...string) (values []string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true}
	r := role.Resource
	if r.ready().why != "" || r.options.off {
		return nil, false
	}
	values, ok = v.firstScope(role.place, known)
	if !ok || !role.namesItem() {
		return values, ok
	}
	w, ok := v.firstIn(role.place, values, valueAt(known, len(values)))
	return append(values, w), ok
}

// namesItem reports whether the last variable of an operation's path is an
// item of its resource.
func (role *Role) namesItem() bool {
	return !role.Resource.Singleton && role.place.Item != "" && len(role.place.scope) != strings.Count(role.Op.Path, "{")
}

// Others are the ids that are at the start where a path variable names one.
type Others struct {
	Place string // tells those of one resource, under one parent, from all others
	IDs   []string
}

// Others lists for each of an operation's path variables what its value may be
// instead, as the values before it are; nothing, where it names no resource.
func (s *State) Others(role *Role, values []string) []Others {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true}
	out := make([]Others, len(values))
	for i := range values {
		var t *table
		if i < len(role.place.scope) {
			if parent := role.place.scope[i].parent; parent != nil && parent.ready().why == "" {
				t = v.tableIn(parent.placeAt(role.place.scope[i].prefix), values[:i])
			}
		} else if role.namesItem() {
			t = v.tableIn(role.place, values[:i])
		}
		if t == nil {
			continue
		}
		out[i].Place = t.r.Place.Item + "\x00" + t.key
		for k := range t.world {
			out[i].IDs = append(out[i].IDs, t.world[k].id)
		}
	}
	return out
}

// Renames is the property of an operation's body that may give an item another
// id; "" where it changes none, or has no such property.
func (s *State) Renames(role *Role) string {
	d := role.Resource.ready()
	id := d.identity.path
	if d.why != "" || len(id) != 1 || role.Kind != Replace && role.Kind != Update || role.Op.Body == nil {
		return ""
	}
	for _, m := range role.Op.Body.Content {
		if m.Schema == nil {
			continue
		}
		p := role.Resource.request(role.Resource.model.set.Compile(m.Schema), &payload{})
		if p.item == nil {
			continue
		}
		for _, name := range p.item.Members() {
			if bare(name) == bare(id[0]) && !p.item.Member(name).Hidden(schema.Request) {
				return name
			}
		}
	}
	return ""
}

// Cursors are the query parameters of a list that say where a page begins or
// ends; nil where the operation lists nothing that lives. What they may be is
// told by the page before.
func (s *State) Cursors(role *Role) []string {
	if role.Kind != List || role.Resource.ready().why != "" || role.ready() != "" {
		return nil
	}
	var out []string
	for _, name := range [...]string{role.plan.Paging.After, role.plan.Paging.Before, role.plan.Paging.Token} {
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

func valueAt(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// first is the first id of a resource, with the values of its scope.
func (v *view) first(r *Resource) (id string, scope []string, ok bool) {
	for i := range r.Place.scope {
		if r.Place.scope[i].parent == nil {
			return "", nil, false
		}
	}
	if r.ready().why != "" {
		return "", nil, false
	}
	scope, ok = v.firstScope(r.Place, nil)
	if !ok {
		return "", nil, false
	}
	id, ok = v.firstIn(r.Place, scope, "")
	return id, scope, ok
}

// firstIn is the known id, if it is there at the start, else the first.
func (v *view) firstIn(p *Place, scope []string, known string) (string, bool) {
	t := v.tableIn(p, scope)
	for i := range t.world {
		if t.world[i].id == known {
			return known, true
		}
	}
	if len(t.world) == 0 {
		return "", false
	}
	return t.world[0].id, true
}

// tableIn is the table of a place under parents that are there.
func (v *view) tableIn(p *Place, scope []string) *table {
	r := p.resource
	var own []string
	for i := range p.scope {
		if i < len(scope) && (p == r.Place || r.Place.has(p.scope[i].prefix)) {
			own = append(own, scope[i])
		}
	}
	return v.make(r, strings.Join(own, "\x00"), own)
}

// firstScope finds the first parents of a place. A variable that names no
// resource, or one that isn't understood, has the value that is known.
func (v *view) firstScope(p *Place, known []string) ([]string, bool) {
	var scope []string
	for i := range p.scope {
		id := valueAt(known, i)
		if parent := p.scope[i].parent; parent != nil && parent.ready().why == "" {
			var ok bool
			if id, ok = v.firstIn(parent.placeAt(p.scope[i].prefix), scope, id); !ok {
				return nil, false
			}
		}
		if id == "" {
			return nil, false
		}
		scope = append(scope, id)
	}
	return scope, true
}
