package resource

import (
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
	"github.com/mimus-dev/mimus/internal/schema"
)

// ready finds what the operation's bodies look like, once. It gives the reason
// why the operation can't be served; "" where it can.
func (role *Role) ready() string {
	role.once.Do(func() { role.why = role.find() })
	return role.why
}

func (role *Role) find() string {
	r := role.Resource
	m := successMedia(role.Op, role.status())
	if m != nil {
		role.answer = role.payload(m)
	}
	if r.options.off {
		return "the document says that it isn't kept"
	}
	switch role.Kind {
	case List:
		if !role.answer.found {
			return "its answer has no list of items"
		}
		if role.side && !role.sameThing() {
			return "it lists something else"
		}
		role.plan = listing.Of(role.Op, r.model.def.Schemas, m.Schema, role.answer.path, nil)
	case Read:
		if !role.answer.found {
			return "its answer shows no item"
		}
	case Create:
		if role.side && role.answer.found && !role.sameThing() {
			return "it makes something else"
		}
	}
	return ""
}

// sameThing reports whether the operation's items are of the resource's kind.
func (role *Role) sameThing() bool {
	d := &role.Resource.details
	if role.answer.item == nil {
		return false
	}
	label := role.answer.item.Label()
	if label != "" && label == d.label || role.answer.item == d.item {
		return true
	}
	for _, s := range d.others {
		if s == role.answer.item || label != "" && s.Label() == label {
			return true
		}
	}
	item := role.answer.item
	return role.Resource.Plural == lastLiteral(shapeOnly(role.Op.Path)) && hasIdentity(item, identityNames(role.Resource.parameter(), role.Resource.Name)) &&
		shared(item, d.item)*10 >= len(item.Members())*8
}

func shapeOnly(template string) string {
	shape, _ := shapeOf(template)
	return shape
}

// status is the status of the operation's success, as far as its kind tells.
func (role *Role) status() int {
	if role.Kind == Create {
		return 201
	}
	return 200
}

// payload finds the items in a body of the media type.
func (role *Role) payload(m *definition.Media) payload {
	r := role.Resource
	d := r.ready()
	if m == nil || m.Schema == nil {
		return payload{}
	}
	names := identityNames(r.parameter(), r.Name)
	if r.Singleton {
		names = nil
	}
	f := finder{r: r, names: names, label: d.label}
	root := r.model.set.Compile(m.Schema)
	if role.Kind == List {
		return f.list(root)
	}
	p := f.one(root)
	if p.found && !r.Singleton && role.Kind != Read && d.label != "" && p.item.Label() != d.label && len(p.item.Members()) > 0 && !hasIdentity(p.item, names) && !overlaps(p.item, d.item) {
		return payload{}
	}
	return p
}

// overlaps reports whether two schemas have properties in common.
func overlaps(a, b *schema.Schema) bool {
	n := shared(a, b)
	return n >= 2 || n > 0 && n == len(a.Members())
}

// bodyPayload finds the item in the body of a request.
func (role *Role) bodyPayload(m *definition.Media) payload {
	if m == nil || m.Schema == nil {
		return payload{found: true}
	}
	if p, ok := role.bodies.Load(m); ok {
		return p.(payload)
	}
	p := role.findBody(m)
	role.bodies.Store(m, p)
	return p
}

func (role *Role) findBody(m *definition.Media) payload {
	return role.Resource.request(role.Resource.model.set.Compile(m.Schema), &role.answer)
}

// answerPayload finds the items in an answer of the media type.
func (role *Role) answerPayload(m *definition.Media) payload {
	if p, ok := role.answers.Load(m); ok {
		return p.(payload)
	}
	p := role.payload(m)
	role.answers.Store(m, p)
	return p
}

// Body makes the body of an answer of the media type. ok is false where the
// media type has no place for what the outcome tells.
func (s *State) Body(o *Outcome, m *definition.Media) (body value, ok bool) {
	role := o.call.Role
	if o.lazy {
		o.items = []value{o.row.value}
	}
	if m.Schema == nil {
		switch {
		case role.Kind == List:
			return definition.NewArray(o.items...), true
		case len(o.items) == 1:
			return o.items[0].With(""), true
		}
		return value{}, false
	}
	p := role.answerPayload(m)
	if !p.found {
		return value{}, false
	}
	if o.row != nil && o.row.whole && role.Kind != Delete && len(o.items) == 1 && len(p.path) == 0 && !p.many && role.Resource.own(&p) {
		return o.items[0].With(""), true
	}
	var at value
	switch {
	case p.many && p.plain:
		at = definition.NewArray()
		for i := range o.items {
			if id, ok := role.Resource.details.identity.of(&o.items[i]); ok {
				at.Kids = append(at.Kids, definition.NewString(id))
			}
		}
	case p.many && o.page != nil && len(o.query.Fields) == 0 && p.even():
		if body, ok := s.assembled(o, &p); ok {
			return body, true
		}
		fallthrough
	case p.many:
		at = definition.NewArray()
		for i := range o.items {
			item := o.items[i]
			if o.query != nil {
				item = o.query.Project(&item, p.item.Requires)
			} else {
				item = role.identified(&p, item, o.id())
			}
			at.Kids = append(at.Kids, item.With(""))
		}
	case len(o.items) == 1:
		at = role.identified(&p, o.items[0].With(""), o.id())
	default:
		return value{}, false
	}
	raw := p.wrap(at)
	if o.page != nil {
		role.plan.Tell(&raw, o.page, o.call.URL(), o.call.RawQuery)
	}
	model := role.Resource.model
	fitting := schema.Fitting{Seed: o.seed, Name: role.Resource.Name, Faker: model.faker, Convert: model.convert}
	body, ok = p.root.Fit(model.set, &raw, fitting)
	if !ok || !kept(&p, &raw, &body) {
		return value{}, false
	}
	return body, true
}

// id is the id of the one item that an outcome is about; "" where there is none.
func (o *Outcome) id() string {
	if o.row == nil {
		return ""
	}
	return o.row.id
}

// kept reports whether the items are in the body.
func kept(p *payload, raw, body *value) bool {
	want, have := p.in(raw), p.in(body)
	if p.many {
		return have.Is(definition.Array) && have.Len() == want.Len() || want.Len() == 0
	}
	return have.Is(definition.Object)
}

// convert turns an id into an object that has it, and an object into its id.
func (m *Model) convert(at *schema.Schema, _ string, v *value) (value, bool) {
	switch v.Kind {
	case definition.String, definition.Number:
		if !isObject(at) {
			if t, ok := parseTime(v); ok { // one answer has it as a text, another in seconds
				return timeValue(at, t)
			}
			return value{}, false
		}
		for _, name := range [...]string{"id", "gid", "uuid", "sid", "_id", "name"} {
			p := at.Member(name)
			if p == nil || !at.HasMember(name) {
				continue
			}
			for _, x := range [...]value{*v, definition.NewString(v.Text), {Kind: definition.Number, Text: v.Text}} {
				if x.Kind == definition.Number && v.Kind == definition.String {
					if _, err := strconv.ParseFloat(v.Text, 64); err != nil {
						continue
					}
				}
				if p.Valid(&x, schema.Response) {
					return definition.NewObject(x.With(name)), true
				}
			}
		}
	case definition.Object:
		if !isScalar(at) {
			return value{}, false
		}
		for _, name := range [...]string{"id", "gid", "uuid", "sid", "_id", "name"} {
			if x := v.Get(name); x != nil && at.Valid(x, schema.Response) {
				return x.With(""), true
			}
		}
	}
	return value{}, false
}

// rendering is a body that was made before.
type rendering struct {
	key    any
	tag    uint64
	base   string
	prefix string
	ready  any
}

// Rendered is what was kept for the same answer; nil where nothing was.
func (o *Outcome) Rendered(key any) any {
	if o.row == nil || o.call.Role.Kind != Read {
		return nil
	}
	if c := o.row.cached.Load(); c != nil && c.key == key && c.tag == o.tag && c.base == o.call.Base && c.prefix == o.call.prefix() {
		return c.ready
	}
	return nil
}

// Keep keeps what was made for the answer until the item changes.
func (o *Outcome) Keep(key, ready any) {
	if o.row != nil && o.call.Role.Kind == Read {
		o.row.cached.Store(&rendering{key: key, tag: o.tag, base: o.call.Base, prefix: o.call.prefix(), ready: ready})
	}
}

// even reports whether any number of items may stand at the payload's place.
func (p *payload) even() bool {
	s := p.root
	for _, name := range p.path {
		if s = s.Member(name); s == nil {
			return false
		}
	}
	return s.AnyLength()
}

// assembled makes the body of a list of items that were fitted before, as far
// as they were shown before.
func (s *State) assembled(o *Outcome, p *payload) (value, bool) {
	role := o.call.Role
	model := role.Resource.model
	list := definition.NewArray()
	list.Kids = make([]value, 0, len(o.items))
	for i := range o.items {
		item, ok := o.fitted(i, p)
		if !ok {
			return value{}, false
		}
		list.Kids = append(list.Kids, item)
	}
	raw := p.wrap(definition.NewArray())
	role.plan.Tell(&raw, o.page, o.call.URL(), o.call.RawQuery)
	body, ok := p.root.Fit(model.set, &raw, schema.Fitting{Seed: o.seed, Name: role.Resource.Name, Faker: model.faker, Convert: model.convert})
	if !ok {
		return value{}, false
	}
	at := &body
	for _, name := range p.path {
		if at = at.Get(name); at == nil {
			return value{}, false
		}
	}
	at.Kids = list.Kids
	return body, at.Kind == definition.Array
}

// own reports whether an answer shows items by the schema that they are read
// by.
func (r *Resource) own(p *payload) bool {
	d := &r.details
	return p.item == d.item || d.label != "" && p.item.Label() == d.label
}

// fitted is one item of a list as its answer shows it.
func (o *Outcome) fitted(i int, p *payload) (value, bool) {
	role := o.call.Role
	if o.rows[i].whole && role.Resource.own(p) {
		return o.items[i].With(""), true
	}
	simple := role.Resource.details.simple
	if simple {
		if c := o.rows[i].listed.Load(); c != nil && c.key == p.item {
			return c.ready.(value), true
		}
	}
	model := role.Resource.model
	item, ok := p.item.Fit(model.set, &o.items[i], schema.Fitting{Seed: o.rows[i].seed, Name: role.Resource.Name, Faker: model.faker, Convert: model.convert})
	if !ok || item.Kind != definition.Object {
		return value{}, false
	}
	if simple {
		o.rows[i].listed.Store(&rendering{key: p.item, ready: item})
	}
	return item, true
}

// identified gives an item its id under the name that an answer has for it,
// where that isn't the name that it is read by.
func (role *Role) identified(p *payload, item value, id string) value {
	r := role.Resource
	if id == "" || role.Kind == Read || role.Kind == List {
		return item
	}
	for _, name := range p.item.Members() { // {"id": …, "conversation_id": …}
		if s := p.item.Member(name); bare(name) == bare(r.Name)+"id" && !item.Has(name) && isScalar(s) {
			if x := definition.NewString(id); s.Valid(&x, schema.Response) {
				setAt(&item, []string{name}, x)
			}
		}
	}
	path, s := findIdentity(p.item, r.details.identity.param, r.parameter(), identityNames(r.parameter(), r.Name))
	if len(path) == 0 || s == nil || len(r.details.identity.path) == 1 && path[0] == r.details.identity.path[0] {
		return item
	}
	at := &item
	for _, name := range path {
		at = at.Get(name)
	}
	if at != nil {
		return item
	}
	x := definition.NewString(id)
	if s.Possible()&schema.TypeString == 0 {
		if !isDigits(id) {
			return item
		}
		x = value{Kind: definition.Number, Text: id}
	}
	setAt(&item, path, x)
	return item
}

// Total is the number of items that a list has on all of its pages; ok is
// false for what is no list.
func (o *Outcome) Total() (n int, ok bool) {
	if o.page == nil {
		return 0, false
	}
	return o.page.Total, true
}
