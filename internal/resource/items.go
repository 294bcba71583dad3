package resource

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
)

// listed are the items of a table that a list is made of.
type listed struct {
	t    *table
	v    *view
	rows []int // where not all of them are: their numbers
	all  bool
}

// listed finds the items of a table that lie under the parents.
func (v *view) listed(t *table, links []link) *listed {
	l := &listed{t: t, v: v, all: len(links) == 0 && t.live == len(t.rows)}
	if l.all {
		return l
	}
	l.rows = make([]int, 0, t.live)
rows:
	for i, w := range t.rows {
		if w == nil {
			continue
		}
		for _, x := range links {
			if !v.under(w, x) {
				continue rows
			}
		}
		l.rows = append(l.rows, i)
	}
	return l
}

func (l *listed) row(i int) *row {
	if l.all {
		return l.t.rows[i]
	}
	return l.t.rows[l.rows[i]]
}

// Len is the number of items.
func (l *listed) Len() int {
	if l.all {
		return len(l.t.rows)
	}
	return len(l.rows)
}

// At is an item.
func (l *listed) At(i int) *value {
	v := &l.row(i).value
	if d := &l.t.r.details; len(d.secret) > 0 {
		shown := d.public(v)
		return &shown
	}
	return v
}

// Key is the id of an item.
func (l *listed) Key(i int) string { return l.row(i).id }

// Serial numbers the items in their order.
func (l *listed) Serial(i int) uint64 { return l.row(i).serial }

// Find is the number of an item, also of one that was deleted lately.
func (l *listed) Find(key string) (uint64, bool) {
	if w := l.t.byKey(key); w != nil {
		return w.serial, true
	}
	n, ok := l.t.gone[key]
	return n, ok
}

// manyRows is the number of rows from which the texts of a property are kept.
const manyRows = 500

// Texts are the texts of a property. Those of large tables are kept, and
// kept in step with changes.
func (l *listed) Texts(property string) []string {
	if len(l.t.rows) < manyRows {
		out := make([]string, l.Len())
		for i := range out {
			out[i] = columnText(l.At(i), property)
		}
		return out
	}
	c := l.column(property)
	if l.all {
		return c
	}
	out := make([]string, len(l.rows))
	for i, n := range l.rows {
		out[i] = c[n]
	}
	return out
}

func (l *listed) column(property string) []string {
	l.v.columnsMu.Lock()
	defer l.v.columnsMu.Unlock()
	if c, ok := l.t.columns[property]; ok {
		return c
	}
	c := make([]string, len(l.t.rows), len(l.t.rows)+len(l.t.rows)/8)
	for i, w := range l.t.rows {
		if w == nil {
			c[i] = listing.Absent
		} else {
			c[i] = columnText(&w.value, property)
		}
	}
	if l.t.columns == nil {
		l.t.columns = map[string][]string{}
	}
	if len(l.t.columns) < maxColumns {
		l.t.columns[property] = c
	}
	return c
}

// maxColumns bounds the properties whose texts are kept.
const maxColumns = 32

// columnText is the text of the property at a dotted path.
func columnText(item *value, property string) string {
	v := item
	for property != "" && v != nil {
		var name string
		name, property, _ = strings.Cut(property, ".")
		v = v.Get(name)
	}
	switch {
	case v == nil || v.Kind == definition.Null:
		return listing.Absent
	case v.Kind == definition.Object || v.Kind == definition.Array:
		return string(v.AppendJSON(nil))
	}
	return v.Text
}

// expand makes an item as it is shown: what it counts and embeds as that is
// now. depends reports that it shows other items.
func (v *view) expand(t *table, w *row, c *Call) (item value, depends bool) {
	d := &t.r.details
	item = w.value
	if d.simple {
		return item, false
	}
	item = d.public(&item)
	for i := range d.counts {
		n := &d.counts[i]
		if item.Get(n.path[0]) == nil {
			continue
		}
		scope := append(append([]string(nil), t.scope...), w.id)
		k, ok := v.size(n.child, scope)
		if !ok {
			return item, true
		}
		setAt(&item, n.path, definition.NewInt(int64(k)))
		depends = true
	}
	for i := range d.refs {
		ref := &d.refs[i]
		if !ref.embedded || ref.to == nil {
			continue
		}
		id, ok := ref.id(&item)
		if !ok {
			continue
		}
		p := ref.to.Place
		if len(p.scope) != 0 && ref.scope == 0 {
			continue
		}
		var scope []string
		if ref.scope > 0 {
			scope = t.scope[:ref.scope-1]
		}
		other, _ := v.find(p, scope, id)
		if v.cold {
			return item, true
		}
		if other != nil {
			setAt(&item, ref.path, other.value)
			depends = true
		}
	}
	v.locate(t, w, c, &item)
	return item, depends
}

// size is the number of children under a parent.
func (v *view) size(child *Resource, scope []string) (int, bool) {
	if len(child.Place.scope) != len(scope) {
		return 0, true
	}
	key := strings.Join(scope, "\x00")
	t := v.tables[child][key]
	if t == nil {
		if !v.write {
			v.cold = true
			return 0, false
		}
		t = v.make(child, key, scope)
	}
	if t.filled {
		return t.live, true
	}
	return len(t.world), true
}

// locate sets the properties that hold the item's own URL.
func (v *view) locate(t *table, w *row, c *Call, item *value) {
	d := &t.r.details
	for i := range d.fields {
		f := &d.fields[i]
		if f.role != self {
			continue
		}
		if have := item.Get(f.name); have.Is(definition.String) {
			if u := v.urlOf(t, w, c, have.Text); u != "" {
				setAt(item, []string{f.name}, definition.NewString(u))
			}
		}
	}
}
