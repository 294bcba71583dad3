package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// details are what is known of a resource by its schemas.
type details struct {
	why      string         // why it can't live; "" it can
	item     *schema.Schema // of the item as it is read
	label    string
	others   []*schema.Schema // of the item in other answers
	identity identity
	fields   []field
	named    map[string]int  // fields by name
	secret   map[string]bool // properties that answers don't show
	loose    map[string]int  // by name without case and separators
	sent     map[string]bool // what the bodies of creates take; nil where none tells
	refs     []reference
	counts   []count
	examples []value // items that the document shows
	simple   bool    // an item is shown as it is kept: it counts and embeds nothing, and names no URL of its own
}

// field is one property of the item.
type field struct {
	name     string
	schema   *schema.Schema
	role     fieldRole
	required bool
	server   bool   // only the server sets it
	initial  *value // what a new item has, where the lists tell: the state that they show by default
}

// fieldRole is what a property has to do with the item's life.
type fieldRole uint8

const (
	plain fieldRole = iota
	created
	updated
	version
	self // the item's own URL
	ended
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

// ready finds the details, once.
func (r *Resource) ready() *details {
	r.once.Do(func() {
		r.asItIs = "the " + r.Name + " as it is"
		r.find()
	})
	return &r.details
}

// find looks through the answers of the resource's operations for its item.
func (r *Resource) find() {
	d := &r.details
	names := identityNames(r.parameter(), r.Name)
	if r.Singleton {
		names = nil
	}
	take := func(role *Role, many bool) *payload {
		m := successMedia(role.Op, 0)
		if m == nil {
			return nil
		}
		f := finder{r: r, names: names, label: d.label}
		root := r.model.set.Compile(m.Schema)
		p := f.one
		if many {
			p = f.list
		}
		found := p(root)
		if !found.found || found.plain || !isObject(found.item) {
			return nil
		}
		return &found
	}
	if list := listRef(r.operation(List)); list != "" && list == answerRef(r.operation(Read)) {
		d.label = list // what is listed is read as a whole
	}
	order := [...]Kind{Read, Create, List, Replace, Update}
	for _, kind := range order {
		for _, role := range r.Roles {
			if role.Kind != kind || role.side {
				continue
			}
			p := take(role, kind == List)
			if p == nil || p.item.IsAny() || kind != Read && d.item != nil && d.label == "" && p.item.Label() != "" && len(p.item.Members()) == 0 {
				continue
			}
			if d.item == nil {
				if kind == Create && !hasIdentity(p.item, names) && r.role(List) != nil {
					continue // it tells of something else
				}
				d.item, d.label = p.item, p.item.Label()
				continue
			}
			label := p.item.Label()
			known := p.item == d.item || label != "" && label == d.label
			for _, s := range d.others {
				known = known || s == p.item || label != "" && label == s.Label()
			}
			if !known && (kind == Read || kind == List || hasIdentity(p.item, names)) {
				d.others = append(d.others, p.item)
			}
		}
	}
	if d.item == nil {
		d.why = "no answer shows what an item is"
		return
	}
	if len(d.item.Members()) == 0 {
		d.why = "the schema of an item describes no properties"
		return
	}
	r.findIdentity(names)
	r.findSent()
	r.findFields()
	r.findReferences()
	r.findExamples(names)
	d.identity.settle(names, r.parameter())
	d.simple = len(d.counts) == 0 && len(d.secret) == 0
	for i := range d.refs {
		d.simple = d.simple && !d.refs[i].embedded
	}
	for i := range d.fields {
		d.simple = d.simple && d.fields[i].role != self
	}
}

func hasIdentity(s *schema.Schema, names []string) bool { return rankOf(s, names) >= 0 }

func (r *Resource) parameter() string { return r.Place.parameter }

func (r *Resource) findIdentity(names []string) {
	d := &r.details
	if r.Singleton {
		return
	}
	id := &d.identity
	for _, role := range r.Roles {
		if role.place != r.Place || id.param != nil {
			continue
		}
		for _, p := range role.Op.Parameters {
			if p.In == definition.InPath && p.Name == r.parameter() {
				id.param = r.model.set.Compile(p.Schema)
			}
		}
	}
	if want := r.options.identity; want != "" {
		id.path = strings.Split(want, ".")
		id.schema = d.item
		for _, s := range id.path {
			if id.schema = id.schema.Member(s); id.schema == nil {
				break
			}
		}
	} else {
		id.path, id.schema = findIdentity(d.item, id.param, r.parameter(), names)
	}
	if len(id.path) == 0 { // only what creates answer tells it
		if role := r.role(Create); role != nil {
			if m := successMedia(role.Op, 201); m != nil {
				_, id.schema = findIdentity(r.model.set.Compile(m.Schema), id.param, r.parameter(), names)
			}
		}
	}
	for _, name := range d.item.Members() {
		b := bare(name)
		for _, n := range names {
			if n == b && isScalar(d.item.Member(name)) && (len(id.path) != 1 || id.path[0] != name) {
				id.aliases = append(id.aliases, name)
			}
		}
	}
}

// findSent finds the properties that clients may send.
func (r *Resource) findSent() {
	d := &r.details
	for _, role := range r.Roles {
		if role.Kind != Create && role.Kind != Replace && role.Kind != Update || role.Op.Body == nil {
			continue
		}
		for _, m := range role.Op.Body.Content {
			if m.Schema == nil {
				continue
			}
			root := r.model.set.Compile(m.Schema)
			p := r.request(root, &payload{})
			if p.item == nil || len(p.item.Members()) == 0 {
				continue
			}
			if d.sent == nil {
				d.sent = map[string]bool{}
			}
			for _, name := range p.item.Members() {
				s := p.item.Member(name)
				if s != nil && s.Hidden(schema.Response) {
					d.hide(name)
				}
				if s != nil && !s.Hidden(schema.Request) {
					d.sent[bare(name)] = true
				}
			}
		}
	}
}

// hide notes a property that answers don't show.
func (d *details) hide(name string) {
	if d.secret == nil {
		d.secret = map[string]bool{}
	}
	d.secret[name] = true
}

// public is an item without what answers don't show.
func (d *details) public(item *value) value {
	out := *item
	for name := range d.secret {
		if out.Has(name) {
			removeMember(&out, name)
		}
	}
	return out
}

// findFields tells what each property of the item is.
func (r *Resource) findFields() {
	d := &r.details
	d.named, d.loose = map[string]int{}, map[string]int{}
	for _, s := range append([]*schema.Schema{d.item}, d.others...) {
		for _, name := range s.Members() {
			if _, known := d.named[name]; known {
				continue
			}
			m := s.Member(name)
			if m != nil && m.Hidden(schema.Response) {
				d.hide(name)
			}
			if m == nil || m.Hidden(schema.Response) {
				continue
			}
			f := field{name: name, schema: m, required: d.item.Requires(name)}
			f.server = m.Hidden(schema.Request) || d.sent != nil && !d.sent[bare(name)] || d.sent == nil && r.role(Create) != nil && r.operation(Create).Body == nil
			if _, known := d.loose[bare(name)]; !known {
				d.loose[bare(name)] = len(d.fields)
			}
			f.role = roleOf(name, m, f.server)
			f.initial = r.shownByDefault(name, m)
			d.named[name] = len(d.fields)
			d.fields = append(d.fields, f)
		}
	}
}

// shownByDefault is the value of a property that the list of the items shows
// where it isn't asked for another.
func (r *Resource) shownByDefault(name string, s *schema.Schema) *value {
	op := r.operation(List)
	if op == nil || !isScalar(s) {
		return nil
	}
	for _, p := range op.Parameters {
		if p.In != definition.InQuery || bare(p.Name) != bare(name) {
			continue
		}
		x := r.model.set.Compile(p.Schema).Default()
		if x != nil && x.Kind == definition.String && bare(x.Text) != "all" && s.Valid(x, schema.Response) && r.model.set.Compile(p.Schema).Enum() != nil {
			return x
		}
	}
	return nil
}

// roleOf tells what a property has to do with the life of an item.
func roleOf(name string, s *schema.Schema, server bool) fieldRole {
	p := plausible.Property{Name: name, Format: s.Format(), Type: plausible.String}
	switch t := s.Possible(); {
	case t&schema.TypeString != 0:
	case t&(schema.TypeInteger|schema.TypeNumber) != 0:
		p.Type = plausible.Integer
	default:
		return plain
	}
	b := bare(name)
	text := p.Type == plausible.String
	switch b {
	case "version", "revision", "rev", "versionnumber", "lockversion", "resourceversion", "generation":
		if server || !text {
			return version
		}
		return plain
	case "self", "selflink", "href", "selfhref", "resourceurl", "resourceuri":
		if text {
			return self
		}
	case "url", "uri", "link":
		if text && server {
			return self
		}
	}
	m := plausible.Of(p)
	if !plausible.IsTime(m) || !server {
		return plain
	}
	switch {
	case m == plausible.Created, strings.HasPrefix(b, "creat"), b == "datecreated", b == "insertedat":
		return created
	case m == plausible.Updated, strings.HasPrefix(b, "updat"), strings.HasPrefix(b, "modif"), b == "dateupdated", b == "datemodified", b == "lastmodified":
		return updated
	case m == plausible.Deleted, m == plausible.Archived, m == plausible.Ended:
		return ended
	}
	return plain
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

// findExamples finds the items that the document shows: in answers, then in
// the bodies of creates.
func (r *Resource) findExamples(names []string) {
	d := &r.details
	seen := map[string]bool{}
	take := func(v *value) {
		if !v.Is(definition.Object) || len(v.Kids) == 0 || len(d.examples) >= maxExamples {
			return
		}
		if !r.Singleton {
			id, ok := d.identity.of(v)
			if !ok || seen[id] {
				return
			}
			seen[id] = true
			at := v
			for _, s := range d.identity.path {
				at = at.Get(s)
			}
			d.identity.shown = append(d.identity.shown, *at)
		}
		d.examples = append(d.examples, v.With(""))
	}
	for _, kind := range [...]Kind{Read, List, Create, Replace, Update} {
		for _, role := range r.Roles {
			if role.Kind != kind || role.side {
				continue
			}
			m := successMedia(role.Op, 0)
			if m == nil || len(m.Examples) == 0 {
				continue
			}
			f := finder{r: r, names: names, label: d.label}
			root := r.model.set.Compile(m.Schema)
			p := f.one
			if kind == List {
				p = f.list
			}
			at := p(root)
			for i := range m.Examples {
				v := at.in(m.Examples[i].Value)
				if v.Is(definition.Array) {
					for k := range v.Kids {
						take(&v.Kids[k])
					}
				} else {
					take(v)
				}
			}
		}
	}
	if len(d.identity.path) == 0 || d.identity.schema == nil {
		return
	}
	for _, v := range append(d.identity.schema.Examples(), r.parameterExamples()...) {
		if v.Kind == definition.String || v.Kind == definition.Number {
			d.identity.shown = append(d.identity.shown, v.With(""))
		}
	}
}

// maxExamples bounds the examples that a world begins with.
const maxExamples = 200

// parameterExamples are the values that the item's parameter shows.
func (r *Resource) parameterExamples() []value {
	var out []value
	for _, role := range r.Roles {
		if role.place != r.Place {
			continue
		}
		for _, p := range role.Op.Parameters {
			if p.In != definition.InPath || p.Name != r.parameter() {
				continue
			}
			for i := range p.Examples {
				if v := p.Examples[i].Value; v != nil {
					out = append(out, *v)
				}
			}
		}
		break
	}
	return out
}

// field finds a property by its name; nil where the item has none.
func (d *details) field(name string) *field {
	if i, ok := d.named[name]; ok {
		return &d.fields[i]
	}
	return nil
}

// inside is the path of a property that stands beside an id which is nested:
// the description of {"info": {"id": …, "description": …}}; nil where there is
// none.
func (d *details) inside(name string) []string {
	n := len(d.identity.path) - 1
	if n < 1 {
		return nil
	}
	at := d.item
	for _, s := range d.identity.path[:n] {
		if at = at.Member(s); at == nil {
			return nil
		}
	}
	for _, s := range at.Members() {
		if bare(s) == bare(name) {
			return append(append([]string(nil), d.identity.path[:n]...), s)
		}
	}
	return nil
}

// options are what a document says of a resource itself, by
// "x-mimus-resource".
type options struct {
	off      bool
	identity string
}

func optionsOf(ops ...*definition.Operation) options {
	var o options
	for _, op := range ops {
		if op == nil || op.Living == nil {
			continue
		}
		if op.Living.Is(definition.Bool) && !op.Living.True() {
			o.off = true
		}
		if id := op.Living.Get("identity").Str(); id != "" {
			o.identity = id
		}
	}
	return o
}
