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
