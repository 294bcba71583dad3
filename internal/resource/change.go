package resource

import (
	"errors"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/conditional"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/patch"
	"github.com/mimus-dev/mimus/internal/schema"
)

// change replaces or updates an item. A PUT to one that isn't there makes it,
// where the operation declares that, or nothing else could.
func (v *view) change(c *Call, o *Outcome) {
	if c.Body == nil {
		if c.Role.Op.Body != nil && c.Role.Op.Body.Required {
			o.Result, o.Why = Unserved, "the body isn't of a form that an item can be changed by"
			return
		}
		empty := definition.NewObject()
		c.Body = &empty
	}
	v.upserts = c.Role.Kind == Replace && (c.declares("201") || c.Role.Resource.role(Create) == nil)
	t, w := v.target(c, o)
	if w == nil {
		if t != nil && !o.elsewhere && (c.Role.Kind == Replace || c.method() == "POST") && (c.Role.Kind == Replace && c.declares("201") || t.r.role(Create) == nil) {
			v.upsert(c, t, o)
		}
		return
	}
	if !v.precondition(c, t, w, o) {
		return
	}
	item, ok := v.changed(c, t, w, o)
	if !ok {
		return
	}
	if name := lacking(&t.r.details, &w.value, &item); name != "" {
		o.Result, o.Why = Malformed, "the item must have "+strconv.Quote(name)
		o.Detail = "The " + t.r.Name + " must have required property " + strconv.Quote(name) + "."
		return
	}
	n := &row{id: w.id, seed: w.seed, version: w.version + 1, modified: v.now, links: w.links, conjured: w.conjured, born: w.born}
	if !t.r.Singleton {
		if !v.rename(t, w, n, &item, o) {
			return
		}
		t.r.details.identity.set(&item, n.id)
	}
	v.touch(t, n, &w.value, &item)
	n.value = item
	n.round(&t.r.details, t.r.model)
	if !v.room(t, 0, sizeOf(&n.value)-w.bytes, o) {
		return
	}
	v.commit(c, t, w, n)
	v.shows(t, n, o)
	o.Why = "the " + t.r.Name + t.r.quoted(n) + " is changed"
	if c.Role.Kind == Replace && !c.partial() {
		o.Why = "the " + t.r.Name + t.r.quoted(n) + " is replaced"
	}
}

// commit puts a changed item in the place of the old; one that was only named
// is put into the table now.
func (v *view) commit(c *Call, t *table, old, w *row) {
	v.stamp(w)
	switch {
	case c.Dry || old.at < 0 && !old.stays:
		w.at = old.at
	case old.at < 0:
		v.insert(t, w)
	default:
		v.replace(t, old, w)
	}
}

// lacking is a property that an item must have and loses by a change; "" where
// there is none. What only the server sets is set again.
func lacking(d *details, old, item *value) string {
	null := definition.NewNull()
	for i := range d.fields {
		f := &d.fields[i]
		if f.required && !f.server && f.role == plain && old.Has(f.name) && !item.Has(f.name) && !f.schema.Valid(&null, schema.Response) {
			return f.name
		}
	}
	return ""
}

// upsert makes the item that a PUT names.
func (v *view) upsert(c *Call, t *table, o *Outcome) {
	sent, ok := c.sent()
	if !ok || len(sent) != 1 || t.r.Singleton && len(t.rows) > 0 && t.live > 0 {
		return
	}
	*o = Outcome{call: c, links: o.links}
	if conditional.Check(c.method(), c.Header, conditional.State{}) != conditional.Proceed {
		o.Result, o.Why, o.Detail = Unmet, "a precondition of the request isn't met", "There is no such "+t.r.Name+"."
		return
	}
	d := &t.r.details
	item := v.accepted(c, d, &sent[0])
	w := &row{seed: mixed(t.seed ^ hash("upsert", strings.Join(c.Values, "\x00"))), version: 1, modified: v.now, born: true}
	if !t.r.Singleton {
		w.id = c.Values[len(c.Role.place.scope)]
		d.identity.set(&item, w.id)
	}
	w.links = o.links
	t.r.details.adopt(&item, w.links)
	v.complete(t, w, &item)
	v.settle(t, w, &item)
	w.value = item
	w.round(d, t.r.model)
	v.stamp(w)
	if !v.room(t, 1, sizeOf(&w.value), o) {
		return
	}
	if !c.Dry {
		v.insert(t, w)
	}
	v.shows(t, w, o)
	o.Created = true
	o.Location = v.urlOf(t, w, c, "")
	o.Why = "the " + t.r.Name + t.r.quoted(w) + " is made"
}

// partial reports whether a PUT changes only what it names: where it may name
// anything and nothing else changes a part.
func (c *Call) partial() bool {
	if c.Role.Kind == Update {
		return true
	}
	for _, x := range c.Role.Resource.Roles {
		if x.Kind == Update && x.place == c.Role.place {
			return false
		}
	}
	body := c.Role.bodyPayload(c.Media).item
	if body == nil {
		return false
	}
	create := c.Role.Resource.role(Create)
	for _, name := range body.Members() {
		if body.Requires(name) {
			if create == nil || create.ready() != "" {
				return false
			}
			// fields that a create requires and this doesn't
			return asksLess(body, create)
		}
	}
	return true
}

// asksLess reports whether a body need not have what a create requires.
func asksLess(body *schema.Schema, create *Role) bool {
	if create.Op.Body == nil {
		return false
	}
	made := create.bodyPayload(jsonMedia(create.Op.Body.Content)).item
	if made == nil {
		return false
	}
	for _, name := range made.Members() {
		if made.Requires(name) && body.HasMember(name) && !body.Requires(name) {
			return true
		}
	}
	return false
}

// changed is the item after the change that a body asks for.
func (v *view) changed(c *Call, t *table, w *row, o *Outcome) (value, bool) {
	d := &t.r.details
	if strings.HasSuffix(c.Type, "json-patch+json") {
		return v.patched(c, t, w, o)
	}
	sent, ok := c.sent()
	if !ok || len(sent) != 1 {
		o.Result, o.Why = Unserved, "the body isn't of a form that an item can be changed by"
		return value{}, false
	}
	change := v.accepted(c, d, &sent[0])
	if c.partial() {
		return merged(d, &w.value, &change, strings.HasSuffix(c.Type, "merge-patch+json")), true
	}
	// what the client could have sent and didn't is gone
	body := c.Role.bodyPayload(c.Media).item
	item := change
	for i := range w.value.Kids {
		kid := &w.value.Kids[i]
		if item.Has(kid.Key) {
			continue
		}
		f := d.field(kid.Key)
		settable := body != nil && body.HasMember(kid.Key) && !body.Member(kid.Key).Hidden(schema.Request) && (f == nil || !f.schema.Hidden(schema.Request))
		if settable && !hiddenFrom(d, kid.Key) && (f == nil || !f.required) {
			continue
		}
		item.Kids = append(item.Kids, *kid)
	}
	for i := range d.fields {
		f := &d.fields[i]
		if item.Has(f.name) {
			continue
		}
		if x := f.schema.Default(); x != nil && f.schema.Valid(x, schema.Response) {
			item.Kids = append(item.Kids, x.With(f.name))
		}
	}
	return item, true
}

// hiddenFrom reports whether a property is kept through a replacement: a
// secret that was set once.
func hiddenFrom(d *details, name string) bool {
	f := d.field(name)
	return f == nil && (strings.Contains(bare(name), "password") || strings.Contains(bare(name), "secret"))
}

// merged lays a change over an item. A null removes what can't be null.
func merged(d *details, item, change *value, standard bool) value {
	out := patch.Merge(item, change)
	if standard {
		return out
	}
	for i := range change.Kids {
		kid := &change.Kids[i]
		if kid.Kind == definition.Null {
			if f := d.field(kid.Key); f == nil || f.schema.Valid(kid, schema.Response) {
				setAt(&out, []string{kid.Key}, *kid)
			}
		}
	}
	return out
}

// patched applies a JSON Patch.
func (v *view) patched(c *Call, t *table, w *row, o *Outcome) (value, bool) {
	d := &t.r.details
	shown, _ := v.expand(t, w, c)
	shown = d.public(&shown)
	out, err := patch.Apply(&shown, c.Body)
	if err != nil {
		o.Result, o.Why, o.Detail = Malformed, "the patch can't be applied", err.Error()
		var e *patch.Error
		if errors.As(err, &e) && e.Kind == patch.TestFailed {
			o.Result = Interrupted
		}
		return value{}, false
	}
	if out.Kind != definition.Object {
		o.Result, o.Why, o.Detail = Malformed, "the patch makes no object", "The patch must leave an object."
		return value{}, false
	}
	for i := range w.value.Kids { // what isn't shown stays
		if kid := &w.value.Kids[i]; d.secret[kid.Key] {
			setAt(&out, []string{kid.Key}, *kid)
		}
	}
	for i := range d.fields { // what only the server sets stays
		f := &d.fields[i]
		if !f.schema.Hidden(schema.Request) {
			continue
		}
		if old := w.value.Get(f.name); old != nil {
			setAt(&out, []string{f.name}, *old)
		} else {
			removeMember(&out, f.name)
		}
	}
	for i := range out.Kids {
		f := d.field(out.Kids[i].Key)
		if f == nil {
			continue
		}
		if found := f.schema.Validate(&out.Kids[i], schema.Response, 1); found != nil && !definition.Equal(&out.Kids[i], shown.Get(out.Kids[i].Key)) {
			o.Result, o.Why = Malformed, "the patched item breaks its schema"
			o.Detail = "After the patch, " + strconv.Quote(f.name) + " " + found[0].Message + "."
			return value{}, false
		}
	}
	return out, true
}

// rename lets a client choose another name for an item whose name is its id.
func (v *view) rename(t *table, old, n *row, item *value, o *Outcome) bool {
	id := &t.r.details.identity
	if id.kind != Chosen {
		return true
	}
	text, ok := id.of(item)
	if !ok || text == old.id || !id.allows(text) {
		return true
	}
	if other := t.byKey(text); other != nil {
		o.Result = Taken
		o.Why = "there is a " + t.r.Name + " " + strconv.Quote(clip(text)) + " already"
		o.Detail = "A " + t.r.Name + " " + strconv.Quote(clip(text)) + " already exists."
		return false
	}
	n.id = text
	return true
}

// touch sets what tells that an item was changed.
func (v *view) touch(t *table, w *row, old, item *value) {
	for i := range t.r.details.fields {
		f := &t.r.details.fields[i]
		var x value
		var ok bool
		switch f.role {
		case updated:
			x, ok = timeValue(f.schema, v.now)
		case version:
			n := w.version
			if have, is := old.Get(f.name).Int(); is {
				n = int64(have) + 1
			}
			x, ok = versionValue(f.schema, n)
		default:
			continue
		}
		if ok {
			setAt(item, []string{f.name}, x)
		}
	}
}
