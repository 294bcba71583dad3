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
