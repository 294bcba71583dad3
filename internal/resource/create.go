package resource

import (
	"strconv"
	"strings"

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
			w.value, w.whole = merged(&t.r.details, &old.value, &w.value, false), false
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
	w.round(&t.r.details, t.r.model)
	return w, true
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
