package resource

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// maxBatch bounds the items of one create.
const maxBatch = 1000

// create makes the items that a body describes.
func (v *view) create(c *Call, o *Outcome) {
	p := c.Role.place
	t, links, m := v.table(p, c.Values[:min(len(c.Values), len(p.scope))])
	if m != nil {
		v.missing(m, o)
		return
	}
	sent, ok := c.sent()
	if !ok {
		o.Result, o.Why = Unserved, "the body isn't of a form that an item can be made of"
		return
	}
	r := t.r
	rows, ok := v.composed(t, c, sent, links, o)
	if !ok {
		return
	}
	for _, w := range rows {
		old := t.byKey(w.id)
		v.stamp(w)
		if !c.Dry {
			if old != nil {
				v.replace(t, old, w)
			} else {
				v.insert(t, w)
			}
		}
		item, tagged := v.expand(t, w, c)
		if tagged {
			o.tag = v.version.Load() + 1
		}
		o.items = append(o.items, item)
		o.row, o.seed, o.Modified = w, w.seed, w.modified
		o.ETag = w.etag(o.tag)
		o.Location = v.urlOf(t, w, c, "")
	}
	o.Created = true
	if len(sent) == 1 {
		o.Why = "the " + r.Name + r.quoted(o.row) + " is made"
	} else {
		o.row, o.Location, o.ETag = nil, "", ""
		o.Why = strconv.Itoa(len(sent)) + " " + r.Plural + " are made"
	}
}

// composed are the items of a create, all of them or none.
func (v *view) composed(t *table, c *Call, sent []value, links []link, o *Outcome) ([]*row, bool) {
	rows := make([]*row, 0, len(sent))
	taken := map[string]bool{}
	items, size := 0, 0
	next, draws := t.next, t.draws
	give := func() ([]*row, bool) {
		t.next, t.draws = next, draws
		return nil, false
	}
	for i := range sent {
		w, ok := v.compose(t, c, &sent[i], links, o)
		if !ok {
			return give()
		}
		w.links, w.born = links, true
		old := t.byKey(w.id)
		switch {
		case taken[w.id], old != nil && !old.shown && c.refuses(&t.r.details):
			o.Result = Taken
			o.Why = "there is a " + t.r.Name + " " + strconv.Quote(clip(w.id)) + " already"
			o.Detail = "A " + t.r.Name + " " + strconv.Quote(clip(w.id)) + " already exists."
			return give()
		case old != nil:
			w.version, w.seed = old.version+1, old.seed
			w.value = merged(&t.r.details, &old.value, &w.value, false)
			size -= old.bytes
		default:
			items++
		}
		taken[w.id] = true
		size += sizeOf(&w.value)
		rows = append(rows, w)
	}
	if !v.room(t, items, size, o) {
		return give()
	}
	if v.dry {
		t.next, t.draws = next, draws
	}
	return rows, true
}

// refuses reports whether a create answers that there is such an item already:
// where that is declared, and where clients choose names. Else the item is
// changed.
func (c *Call) refuses(d *details) bool {
	return c.declares("409") || d.identity.kind == Chosen
}

// declares reports whether the operation declares an answer of the status.
func (c *Call) declares(statuses ...string) bool {
	for _, r := range c.Role.Op.Responses {
		for _, s := range statuses {
			if r.Status == s {
				return true
			}
		}
	}
	return false
}

// sent are the items that a body has; one without properties where there is no
// body.
func (c *Call) sent() ([]value, bool) {
	if c.Body == nil {
		if c.Role.Op.Body == nil || !c.Role.Op.Body.Required {
			return []value{definition.NewObject()}, true
		}
		return nil, false
	}
	p := c.Role.bodyPayload(c.Media)
	at := p.in(c.Body)
	switch {
	case at.Is(definition.Object):
		return []value{*at}, true
	case at.Is(definition.Array) && p.many:
		if len(at.Kids) > maxBatch {
			return nil, false
		}
		for i := range at.Kids {
			if at.Kids[i].Kind != definition.Object {
				return nil, false
			}
		}
		return at.Kids, true
	case c.Body.Is(definition.Object):
		return []value{*c.Body}, true
	}
	return nil, false
}

// compose makes an item of what was sent and of what the server adds.
func (v *view) compose(t *table, c *Call, sent *value, links []link, o *Outcome) (*row, bool) {
	d := &t.r.details
	item := v.accepted(c, d, sent)
	w := &row{seed: mixed(t.seed ^ 0x6e6577 ^ (t.draws+1)*0x9e3779b97f4a7c15), version: 1, modified: v.now}
	if !t.r.Singleton {
		id, ok := v.identify(t, w, c, &item)
		if !ok {
			o.Result, o.Why = Unserved, "no id can be made that the path would take"
			return nil, false
		}
		w.id = id
		d.identity.set(&item, id)
		t.r.alsoNamed(&item, id)
	}
	t.r.details.adopt(&item, links)
	v.complete(t, w, &item)
	v.settle(t, w, &item)
	w.value = item
	return w, true
}

// alsoNamed gives an item its id under the name that only other answers than
// its reading have for it.
func (r *Resource) alsoNamed(item *value, id string) {
	d := &r.details
	if len(d.identity.path) > 0 {
		return
	}
	names := identityNames(r.parameter(), r.Name)
	for _, s := range d.others {
		path, at := findIdentity(s, d.identity.param, r.parameter(), names)
		if len(path) != 1 || item.Has(path[0]) {
			continue
		}
		for _, x := range [...]value{definition.NewString(id), {Kind: definition.Number, Text: id}} {
			if (x.Kind == definition.String || isDigits(id)) && at.Valid(&x, schema.Response) {
				setAt(item, path, x)
				break
			}
		}
	}
}

// adopt names the parents under whose paths an item is made.
func (d *details) adopt(item *value, links []link) {
	for _, l := range links {
		if f := l.field(); f != nil && l.parent == nil && !item.Has(f.name) {
			for _, x := range [...]value{definition.NewString(l.value), {Kind: definition.Number, Text: l.value}} {
				if (x.Kind == definition.String || isDigits(l.value)) && f.schema.Valid(&x, schema.Response) {
					setAt(item, []string{f.name}, x)
					break
				}
			}
		}
		for i := range d.refs {
			if ref := &d.refs[i]; l.parent != nil && ref.to == l.parent && !ref.list && !item.Has(ref.path[0]) {
				ref.set(item, l.value)
			}
		}
	}
}

// holds reports whether an item has all that it must have.
func (d *details) holds(item *value) bool {
	for i := range d.fields {
		if d.fields[i].required && !item.Has(d.fields[i].name) {
			return false
		}
	}
	return true
}

// settle adds what an item must have and nobody gave, once and for all.
func (v *view) settle(t *table, w *row, item *value) {
	r, d := t.r, &t.r.details
	if d.holds(item) {
		return
	}
	whole, ok := d.item.Fit(r.model.set, item, schema.Fitting{Seed: w.seed, Name: r.Name, Faker: r.model.faker, Convert: r.model.convert})
	if !ok {
		return
	}
	added := definition.NewObject()
	for i := range whole.Kids {
		if kid := &whole.Kids[i]; !item.Has(kid.Key) {
			added.Kids = append(added.Kids, *kid)
		}
	}
	v.refer(t, &added, w.seed, false, len(t.rows))
	item.Kids = append(item.Kids, added.Kids...)
}

// accepted copies what was sent, without what only the server sets.
func (v *view) accepted(c *Call, d *details, sent *value) value {
	item := value{Kind: definition.Object, Kids: make([]value, 0, len(sent.Kids)+len(d.fields))}
	body := c.Role.bodyPayload(c.Media).item
	for i := range sent.Kids {
		kid := &sent.Kids[i]
		if !settable(d, body, kid.Key) {
			continue
		}
		name := kid.Key
		if d.field(name) == nil { // FriendlyName is friendly_name
			if f, ok := d.loose[bare(name)]; ok && sent.Get(d.fields[f].name) == nil {
				name = d.fields[f].name
			} else if path := d.inside(name); path != nil {
				setAt(&item, path, kid.Clone())
				continue
			}
		}
		if rest, ok := strings.CutPrefix(bare(name), "new"); ok && len(d.identity.path) == 1 && bare(d.identity.path[0]) == rest {
			name = d.identity.path[0] // {"new_name": …} renames
			removeMember(&item, name)
		}
		x := kid.Clone()
		item.Kids = append(item.Kids, x.With(name))
	}
	return item
}

// settable reports whether clients may set a property: as the body of the
// request says, where that describes it, else as the item does.
func settable(d *details, body *schema.Schema, name string) bool {
	if body != nil && body.HasMember(name) {
		if s := body.Member(name); s.Hidden(schema.Request) {
			return false
		} else if f := d.field(name); f == nil || s != f.schema {
			return true
		}
	}
	f := d.field(name)
	return f == nil || !f.schema.Hidden(schema.Request)
}

// identify finds the id of a new item: the one that the client chose, else the
// next.
func (v *view) identify(t *table, w *row, c *Call, item *value) (string, bool) {
	id := &t.r.details.identity
	if text, ok := id.of(item); ok && text != "0" && text != "" {
		if id.kind != Integer || number(text) < 1<<53 {
			return text, true
		}
	}
	if text, ok := named(c, item); ok && id.allows(text) {
		return text, true
	}
	t.draws++
	if id.kind == Integer {
		return t.nextID()
	}
	seed := w.seed
	if text := t.slug(item); text != "" {
		return text, true
	}
	if id.kind == Chosen { // the server's own names are told apart
		if text := t.madeID(seed, 1); text != "" && t.byKey(text) == nil && id.allows(text) {
			return text, true
		}
	}
	text := t.newID(seed, func(s string) bool { _, taken := t.byID[s]; return taken })
	return text, text != ""
}

// nextID is the number after the highest, or where that is too large the
// lowest that is free.
func (t *table) nextID() (string, bool) {
	id := &t.r.details.identity
	t.next++
	if text := strconv.FormatInt(t.next, 10); id.allows(text) {
		return text, true
	}
	for n := int64(1); n <= int64(len(t.rows))+1; n++ {
		text := strconv.FormatInt(n, 10)
		if t.byKey(text) == nil && id.allows(text) {
			if _, was := t.gone[text]; !was {
				return text, true
			}
		}
	}
	return "", false
}

// slug makes a slug of an item's title; "" where its id is none.
func (t *table) slug(item *value) string {
	id := &t.r.details.identity
	if len(id.path) == 0 || !strings.HasSuffix(bare(id.path[len(id.path)-1]), "slug") {
		return ""
	}
	base := slugOf(item)
	text := base
	for n := 2; text != "" && n < 1000; n++ {
		if t.byKey(text) == nil && id.allows(text) {
			return text
		}
		text = base + "-" + strconv.Itoa(n)
	}
	return ""
}

// slugOf makes a slug of an item's title or name; "" where it has none.
func slugOf(item *value) string {
	for _, name := range [...]string{"title", "name", "headline", "label", "subject"} {
		var b strings.Builder
		for _, c := range strings.ToLower(item.Get(name).Str()) {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				b.WriteRune(c)
			case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
				b.WriteByte('-')
			}
		}
		if text := strings.Trim(b.String(), "-"); text != "" {
			return text
		}
	}
	return ""
}

// named is the id that a body gives under the name of the path's parameter:
// {"role_id": …} for /groups/{group_id}/roles/{role_id}.
func named(c *Call, item *value) (string, bool) {
	p := bare(c.Role.Resource.parameter())
	if p == "" || p == "id" {
		return "", false
	}
	for i := range item.Kids {
		if kid := &item.Kids[i]; bare(kid.Key) == p {
			return textOf(kid)
		}
	}
	return "", false
}

// complete adds what the server sets itself: times, the parents, defaults.
func (v *view) complete(t *table, w *row, item *value) {
	d := &t.r.details
	for i := range d.refs {
		ref := &d.refs[i]
		if ref.scope > 0 && ref.scope <= len(t.scope) && !(item.Has(ref.path[0]) && ref.to == nil) {
			ref.set(item, t.scope[ref.scope-1])
		}
	}
	for i := range d.fields {
		f := &d.fields[i]
		if have := item.Get(f.name); have != nil {
			continue
		}
		if x, ok := v.supplied(t, w, item, f); ok {
			item.Kids = append(item.Kids, x.With(f.name))
		}
	}
}

// supplied is the value that the server gives a property which was not sent;
// ok is false where it stays away until an answer requires it.
func (v *view) supplied(t *table, w *row, item *value, f *field) (value, bool) {
	switch f.role {
	case created, updated:
		return timeValue(f.schema, v.now)
	case version:
		return versionValue(f.schema, w.version)
	case self:
		return definition.NewString("http://self"), true
	case ended:
		return value{}, false
	}
	if f.initial != nil {
		return f.initial.With(""), true
	}
	if list := f.schema.Enum(); len(list) == 1 && list[0].Kind != definition.Null {
		return list[0].With(""), true
	}
	if x := f.schema.Default(); x != nil && f.schema.Valid(x, schema.Response) {
		return x.With(""), true
	}
	if !f.server || f.schema.Possible()&objectOrArray != 0 {
		return value{}, false
	}
	if list := f.schema.Enum(); list != nil { // the first of the states that it may be in
		return list[0].With(""), list[0].Kind != definition.Null
	}
	if null := definition.NewNull(); f.schema.Valid(&null, schema.Response) {
		return value{}, false
	}
	if f.schema.Possible()&(schema.TypeInteger|schema.TypeNumber) != 0 {
		n := definition.NewInt(0)
		if b := bare(f.name); b == "id" || b == "number" || b == bare(t.r.Name)+"id" || b == bare(t.r.Name)+"number" {
			n = definition.NewInt(int64(t.serial) + 1) // another number that tells it
		}
		if f.schema.Possible()&schema.TypeString == 0 && f.schema.Valid(&n, schema.Response) {
			return n, true
		}
	}
	alias := slices.Contains(t.r.details.identity.aliases, f.name) // another name of the item: no other has it
	if text := slugOf(item); alias && strings.HasSuffix(bare(f.name), "slug") && text != "" {
		return definition.NewString(text), true
	}
	x, ok, err := f.schema.Generate(t.r.model.set, schema.Options{Direction: schema.Response, Dynamic: alias, Fresh: alias, Seed: w.seed ^ hash(f.name), Name: f.name, Faker: t.r.model.faker})
	return x, ok && err == nil && isWhole(&x)
}

func isWhole(v *value) bool { return v.Kind != definition.Object && v.Kind != definition.Array }

// timeValue writes a time in the form that a property has.
func timeValue(s *schema.Schema, at time.Time) (value, bool) {
	var forms []value
	if s.Possible()&schema.TypeString != 0 {
		format := strings.ToLower(s.Format())
		forms = append(forms, definition.NewString(at.Format("2006-01-02T15:04:05Z")), definition.NewString(at.Format("2006-01-02T15:04:05.000Z")),
			definition.NewString(at.Format("2006-01-02")), definition.NewString(at.Format(http.TimeFormat)))
		switch {
		case strings.Contains(format, "2822") || strings.Contains(format, "1123"):
			forms = append([]value{definition.NewString(at.Format(time.RFC1123Z))}, forms...)
		case format == "date":
			forms = append([]value{definition.NewString(at.Format("2006-01-02"))}, forms...)
		case format == "int64" || strings.Contains(format, "unix") || strings.Contains(format, "timestamp"):
			forms = append([]value{definition.NewString(strconv.FormatInt(at.Unix(), 10))}, forms...)
		}
		for _, e := range s.Examples() { // as the document writes it
			if e.Kind != definition.String {
				continue
			}
			for _, layout := range [...]string{"2006-01-02T15:04:05.000Z", "2006-01-02 15:04:05", "2006-01-02 15:04:05.000000-07", "2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05.000-0700"} {
				if _, err := time.Parse(layout, e.Text); err == nil && (len(layout) == len(e.Text) || strings.Contains(layout, "-07")) {
					forms = append([]value{definition.NewString(at.Format(layout))}, forms...)
				}
			}
		}
	} else {
		forms = append(forms, definition.NewInt(at.Unix()))
		for _, e := range s.Examples() {
			if f, ok := e.Float(); ok && f > 1e11 {
				forms = append([]value{definition.NewInt(at.UnixMilli())}, forms...)
			}
		}
	}
	for i := range forms {
		if s.Valid(&forms[i], schema.Response) {
			return forms[i], true
		}
	}
	return value{}, false
}

func versionValue(s *schema.Schema, n int64) (value, bool) {
	v := definition.NewInt(n)
	if s.Possible()&(schema.TypeInteger|schema.TypeNumber) == 0 {
		v = definition.NewString(v.Text)
	}
	ok := s.Valid(&v, schema.Response)
	return v, ok
}
