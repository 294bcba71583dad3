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

// paths are the path templates of a definition, by their shape.
type paths struct {
	list  []*path
	shape map[string]*path
}

// path is one path template with its operations.
type path struct {
	template string
	shape    string   // without the names of variables, a file extension and a slash at the end
	segments []string // of the shape
	names    []string // of the variables
	ops      map[string]*definition.Operation
	twins    []*definition.Operation // further ones of the same shape and method
}

func newPaths(def *definition.Definition) *paths {
	ps := &paths{shape: map[string]*path{}}
	template := commonest(def)
	for _, op := range def.Operations {
		if strings.ContainsAny(op.Path, "?#") {
			continue
		}
		shape, _ := shapeOf(op.Path)
		p := ps.shape[shape]
		if p == nil {
			_, names := shapeOf(template[shape])
			p = &path{template: template[shape], shape: shape, segments: strings.Split(strings.TrimPrefix(shape, "/"), "/"), names: names, ops: map[string]*definition.Operation{}}
			ps.shape[shape] = p
			ps.list = append(ps.list, p)
		}
		switch first := p.ops[op.Method]; {
		case first == nil:
			p.ops[op.Method] = op
		case first.Path != p.template && op.Path == p.template:
			p.ops[op.Method], p.twins = op, append(p.twins, first)
		default:
			p.twins = append(p.twins, op)
		}
	}
	return ps
}

// commonest finds for each shape the template that most operations use.
func commonest(def *definition.Definition) map[string]string {
	uses := map[string]int{}
	for _, op := range def.Operations {
		uses[op.Path]++
	}
	out := map[string]string{}
	for _, op := range def.Operations {
		shape, _ := shapeOf(op.Path)
		if best, ok := out[shape]; !ok || uses[op.Path] > uses[best] {
			out[shape] = op.Path
		}
	}
	return out
}

// shapeOf takes the names of variables out of a template.
func shapeOf(template string) (string, []string) {
	var names []string
	segments := strings.Split(strings.Trim(template, "/"), "/")
	for i, s := range segments {
		if i == len(segments)-1 {
			for _, end := range [...]string{".json", ".xml"} {
				s = strings.TrimSuffix(s, end)
			}
		}
		var b strings.Builder
		for {
			open := strings.IndexByte(s, '{')
			end := strings.IndexByte(s, '}')
			if open < 0 || end < open {
				break
			}
			b.WriteString(s[:open])
			b.WriteString("{}")
			names = append(names, s[open+1:end])
			s = s[end+1:]
		}
		b.WriteString(s)
		segments[i] = b.String()
	}
	return "/" + strings.Join(segments, "/"), names
}

func (p *path) last() string { return p.segments[len(p.segments)-1] }

// up is the shape of the path without its last segment.
func (p *path) up() string {
	i := strings.LastIndexByte(p.shape, '/')
	return p.shape[:i]
}

func (p *path) isItem() bool { return p.last() == "{}" && len(p.segments) > 1 }

// method finds the first of the methods that the path has.
func (p *path) method(methods ...string) *definition.Operation {
	if p == nil {
		return nil
	}
	for _, m := range methods {
		if op := p.ops[m]; op != nil {
			return op
		}
	}
	return nil
}

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

// cutLast is a template without its last segment.
func cutLast(template string) string {
	template = strings.TrimSuffix(template, "/")
	return template[:strings.LastIndexByte(template, '/')]
}

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

// listRef is the name of the schema of the items that an operation lists.
func listRef(op *definition.Operation) string {
	m := successMedia(op, 0)
	if m == nil {
		return ""
	}
	if ref := m.Schema.Get("items").Get("$ref").Str(); ref != "" {
		return strings.TrimPrefix(ref, "#/$defs/")
	}
	props := m.Schema.Get("properties")
	if props == nil {
		return ""
	}
	for i := range props.Kids {
		if ref := props.Kids[i].Get("items").Get("$ref").Str(); ref != "" {
			return strings.TrimPrefix(ref, "#/$defs/")
		}
	}
	return ""
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

// lastLiteral is the last segment of a shape without a variable.
func lastLiteral(shape string) string {
	segments := strings.Split(strings.TrimPrefix(shape, "/"), "/")
	for i := len(segments) - 1; i >= 0; i-- {
		if !strings.Contains(segments[i], "{}") {
			return segments[i]
		}
	}
	return ""
}

// answerRef is the name of the schema that an operation answers with.
func answerRef(op *definition.Operation) string {
	if m := successMedia(op, 0); m != nil {
		return strings.TrimPrefix(m.Schema.Get("$ref").Str(), "#/$defs/")
	}
	return ""
}

// bare is a name without regard to case and separators.
func bare(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9'
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, c := range strings.ToLower(s) {
		if c != '_' && c != '-' && c != '.' && c != ' ' {
			b.WriteRune(c)
		}
	}
	return b.String()
}
