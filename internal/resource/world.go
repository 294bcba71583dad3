package resource

import (
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// The number of items that a parent has at the start.
const (
	fewestChildren = 3
	mostChildren   = 10
)

// maxTables bounds the parents that a resource is kept under.
const maxTables = 10_000

// make makes a table with the ids of its world, not yet the items.
func (v *view) make(r *Resource, key string, scope []string) *table {
	if t := v.tables[r][key]; t != nil {
		return t
	}
	d := r.ready()
	shape, _ := shapeOf(r.Place.Item)
	t := &table{r: r, key: key, scope: append([]string(nil), scope...), byID: map[string]int{}}
	t.seed = v.seed ^ hash(shape, key)
	if v.tables[r] == nil {
		v.tables[r] = map[string]*table{}
	}
	if len(v.tables[r]) < maxTables {
		v.tables[r][key] = t
	}
	if r.Singleton {
		t.world = []seedling{{id: "", seed: t.seed, static: true}}
		if len(d.examples) > 0 {
			t.world[0].example = &d.examples[0]
		}
		return t
	}
	t.sow(v.population(r, t), v.examplesFor(t), len(d.examples) == 0 && (r.Place.Parent() == nil || v.isFirst(t)))
	return t
}

// population is the number of items that a table begins with.
func (v *view) population(r *Resource, t *table) int {
	if v.cfg.World == 0 || r.details.why != "" {
		return 0
	}
	if r.Place.Parent() == nil {
		return min(v.cfg.World, v.cfg.MaxItems)
	}
	if k := len(t.scope) - 1; k >= 0 && k < len(r.Place.scope) && r.Place.scope[k].parent != nil {
		if up := v.tables[r.Place.scope[k].parent][strings.Join(t.scope[:k], "\x00")]; up != nil {
			if w := up.byKey(t.scope[k]); w != nil && w.born {
				return 0 // its parent was made by a client
			}
		}
	}
	n := fewestChildren + int(mixed(t.seed)%(mostChildren-fewestChildren+1))
	return min(n, max(v.cfg.World, 1))
}

// examplesFor are the examples that a table begins with: all of them at the
// top; under a parent those that name it, or all under the first.
func (v *view) examplesFor(t *table) []value {
	d := t.r.ready()
	if v.cfg.World == 0 {
		return nil
	}
	parent := t.r.Place.Parent()
	if parent == nil || len(t.scope) == 0 {
		return d.examples
	}
	var out []value
	for i := range d.examples {
		named, other := false, false
		for _, ref := range d.refs {
			if ref.scope == 0 {
				continue
			}
			if id, ok := ref.id(&d.examples[i]); ok {
				named = named || id == t.scope[ref.scope-1]
				other = other || id != t.scope[ref.scope-1]
			}
		}
		if named || !other && v.isFirst(t) {
			out = append(out, d.examples[i])
		}
	}
	return out
}

// isFirst reports whether a table lies under the first item of its parent.
func (v *view) isFirst(t *table) bool {
	p := t.r.Place
	n := len(p.scope)
	parent := p.scope[n-1].parent
	if parent == nil {
		return true
	}
	up := v.make(parent, strings.Join(t.scope[:n-1], "\x00"), t.scope[:n-1])
	return len(up.world) > 0 && up.world[0].id == t.scope[n-1]
}

// fill makes the items of a table's world.
func (v *view) fill(t *table) {
	if t.filled {
		return
	}
	t.filled = true
	for i := range t.world {
		sd := &t.world[i]
		w := &row{id: sd.id, seed: sd.seed, version: 1, shown: sd.example != nil, conjured: !t.r.Place.regular && !t.r.Place.suffixed}
		w.value = v.grow(t, sd, i)
		w.round(&t.r.details, t.r.model)
		w.modified = v.cfg.worldTime(&w.value, &t.r.details)
		v.insert(t, w)
	}
	v.attach(t)
	t.world = t.world[:len(t.world):len(t.world)]
}

// maxItem is about how large an item of the world becomes, in bytes.
const maxItem = 12_000

// grow makes one item of the world.
func (v *view) grow(t *table, sd *seedling, i int) value {
	r, d := t.r, &t.r.details
	var item value
	if sd.example != nil {
		item = sd.example.Clone()
	} else {
		item, _, _ = d.item.Generate(r.model.set, schema.Options{Direction: schema.Response, Dynamic: !sd.static, Seed: sd.seed, Name: r.Name, Faker: r.model.faker, Bytes: maxItem})
		if item.Kind != definition.Object {
			item = definition.NewObject()
		}
		v.move(&item)
		d.name(&item)
	}
	if !r.Singleton {
		d.identity.set(&item, sd.id)
	}
	// what other answers show of it
	for _, s := range d.others {
		more, ok := s.Fit(r.model.set, &item, schema.Fitting{Seed: sd.seed, Name: r.Name, Faker: r.model.faker, Complete: true})
		if !ok {
			continue
		}
		for k := range more.Kids {
			if item.Get(more.Kids[k].Key) == nil {
				item.Kids = append(item.Kids[:len(item.Kids):len(item.Kids)], more.Kids[k])
			}
		}
	}
	v.refer(t, &item, sd.seed, sd.example != nil, i)
	return item
}

// name sets the properties that tell what kind of thing an item is to what
// the document shows.
func (d *details) name(item *value) {
	for i := range d.fields {
		f := &d.fields[i]
		switch bare(f.name) {
		case "object", "type", "kind", "resourcetype", "objecttype", "apiversion":
		default:
			continue
		}
		if !item.Has(f.name) || f.schema.Enum() != nil {
			continue
		}
		for _, e := range f.schema.Examples() {
			if e.Kind == definition.String && f.schema.Valid(&e, schema.Response) {
				setAt(item, []string{f.name}, e)
				break
			}
		}
	}
}

func (t *table) has(id string) bool {
	if t.filled {
		_, ok := t.byID[id]
		return ok
	}
	for i := range t.world {
		if t.world[i].id == id {
			return true
		}
	}
	return false
}

func removeMember(v *value, name string) {
	for i := range v.Kids {
		if v.Kids[i].Key == name {
			kids := append([]value(nil), v.Kids[:i]...)
			v.Kids = append(kids, v.Kids[i+1:]...)
			return
		}
	}
}

// attach gives the items of a world at the top the parents that they are also
// found under.
func (v *view) attach(t *table) {
	if t.key != "" || len(t.r.Also) == 0 {
		return
	}
	d := &t.r.details
	for _, p := range t.r.Also {
		for i := range p.scope {
			parent := p.scope[i].parent
			if parent == nil || i > 0 {
				continue
			}
			up := v.make(parent, "", nil)
			if len(up.world) == 0 {
				continue
			}
			for _, w := range t.rows {
				id := up.world[w.at%len(up.world)].id
				for k := range d.refs {
					if ref := &d.refs[k]; ref.to == parent && !ref.list {
						if have, ok := ref.id(&w.value); ok {
							id = have
						}
					}
				}
				w.links = append(w.links, link{p.scope[i].prefix, id, p.scope[i].name, t.r, parent})
			}
		}
	}
}

// move moves the times of a generated item from the usual epoch to the
// state's.
func (v *view) move(item *value) {
	if v.shift == 0 {
		return
	}
	for i := range item.Kids {
		kid := &item.Kids[i]
		switch kid.Kind {
		case definition.String:
			for _, layout := range [...]string{"2006-01-02T15:04:05Z", "2006-01-02"} {
				if at, err := time.Parse(layout, kid.Text); err == nil {
					kid.Text = at.Add(v.shift).Format(layout)
				}
			}
		case definition.Object, definition.Array:
			v.move(kid)
		}
	}
}

// worldTime is when an item of the world was last changed, as it says itself.
func (c *Config) worldTime(item *value, d *details) time.Time {
	at := plausible.Epoch
	if !c.Epoch.IsZero() {
		at = c.Epoch
	}
	for _, want := range [...]fieldRole{updated, created} {
		for i := range d.fields {
			if d.fields[i].role != want {
				continue
			}
			if t, ok := parseTime(item.Get(d.fields[i].name)); ok {
				return t
			}
		}
	}
	return at
}

func parseTime(v *value) (time.Time, bool) {
	switch {
	case v.Is(definition.String):
		for _, layout := range [...]string{time.RFC3339, "2006-01-02", time.RFC1123Z} {
			if t, err := time.Parse(layout, v.Text); err == nil {
				return t.UTC(), true
			}
		}
	case v.Is(definition.Number):
		if n, ok := v.Int(); ok && n > 1e8 {
			if n > 1e11 {
				return time.UnixMilli(int64(n)).UTC(), true
			}
			return time.Unix(int64(n), 0).UTC(), true
		}
	}
	return time.Time{}, false
}
