package resource

import (
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/schema"
)

// seedling is an item of the world before it is made: its id is known.
type seedling struct {
	id      string
	example *value
	seed    uint64
	static  bool
}

// row is one item as it is now. A change makes another row.
type row struct {
	id       string
	at       int // in the table
	value    value
	seed     uint64
	version  int64
	born     bool   // a client made it
	whole    bool   // answers of the item's own schema show it just as it is kept
	stays    bool   // of one that isn't in the table: a change puts it there
	conjured bool   // it was made because it was named
	shown    bool   // it is an example of the document, as it was at the start
	tag      uint64 // of the change that made it so: no other has it; 0: it is as the seed made it
	serial   uint64 // grows from row to row
	modified time.Time
	links    []link
	bytes    int
	cached   atomic.Pointer[rendering] // as it is read
	listed   atomic.Pointer[rendering] // as lists show it
}

// link is the value that a variable of a path had when an item was made there.
type link struct {
	prefix, value string
	name          string    // of the variable
	of, parent    *Resource // parent is nil where any value will do
}

// field is the property that repeats the variable: customer_id for
// /customers/{customerId}/orders; nil where there is none.
func (l *link) field() *field {
	d := &l.of.details
	noun := bare(plausible.Singular(lastLiteral(l.prefix)))
	for i := range d.fields {
		f := &d.fields[i]
		if b := bare(f.name); (b == bare(l.name) && b != "id" || b == noun+"id" || b == noun+bare(l.name)) && isScalar(f.schema) && f.schema.Enum() == nil {
			return f
		}
	}
	return nil
}

func (w *row) linked(prefix string) (string, bool) {
	for _, l := range w.links {
		if l.prefix == prefix {
			return l.value, true
		}
	}
	return "", false
}

func (t *table) byKey(id string) *row {
	if i, ok := t.byID[id]; ok {
		return t.rows[i]
	}
	return nil
}

// alias finds an item by another of its names, or the first by "me".
func (t *table) alias(id string) *row {
	d := &t.r.details
	switch id {
	case "me", "self", "current", "@me":
		for _, w := range t.rows {
			if w != nil {
				return w
			}
		}
	}
	if len(t.rows) > maxAliasScan {
		return nil
	}
	for _, name := range d.identity.aliases {
		for _, w := range t.rows {
			if w == nil {
				continue
			}
			if x := w.value.Get(name); x != nil && x.Text == id && (x.Kind == definition.String || x.Kind == definition.Number) {
				return w
			}
		}
	}
	return nil
}

// maxAliasScan bounds the tables that are looked through for other names.
const maxAliasScan = 10_000

// insert adds a row, which must have an id of its own.
func (v *view) insert(t *table, w *row) {
	w.at = len(t.rows)
	w.bytes = sizeOf(&w.value)
	t.serial++
	w.serial = t.serial
	t.rows = append(t.rows, w)
	t.byID[w.id] = w.at
	t.live++
	v.counts(t, w, 1)
	for name, column := range t.columns {
		t.columns[name] = append(column, columnText(&w.value, name))
	}
	if n, err := strconv.ParseInt(w.id, 10, 64); err == nil && n > t.next {
		t.next = n
	}
}

// replace puts a changed row in the place of the old.
func (v *view) replace(t *table, old, w *row) {
	w.at, w.serial = old.at, old.serial
	w.bytes = sizeOf(&w.value)
	t.rows[w.at] = w
	v.counts(t, old, -1)
	v.counts(t, w, 1)
	if old.id != w.id {
		delete(t.byID, old.id)
		t.byID[w.id] = w.at
		t.forget(old)
		v.rekey(t, old.id, w.id)
	}
	for name, column := range t.columns {
		column[w.at] = columnText(&w.value, name)
	}
}

// round brings an item into the form in which its own schema shows it, where
// that leaves nothing out: answers need not fit it again.
func (w *row) round(d *details, m *Model) {
	if !d.simple {
		return
	}
	item, ok := d.item.Fit(m.set, &w.value, schema.Fitting{Seed: w.seed, Faker: m.faker, Convert: m.convert})
	switch {
	case !ok:
		return
	case definition.Equal(&item, &w.value):
		w.whole = true // in its own order
		return
	}
	for i := range w.value.Kids {
		if !item.Has(w.value.Kids[i].Key) {
			return
		}
	}
	w.value, w.whole = item, true
}

// counts counts an item in or out, where a caller made or changed it: what
// the seed makes again at any time isn't counted.
func (v *view) counts(t *table, w *row, by int) {
	if w.tag == 0 {
		return
	}
	if v.count == nil {
		v.State.count = map[*Resource]int{}
	}
	t.written = true
	v.count[t.r] += by
	v.bytes += int64(by * w.bytes)
}

// forget remembers that an item is gone.
func (t *table) forget(w *row) {
	if len(w.id) > maxKept {
		return
	}
	if t.gone == nil || len(t.gone) >= maxGone {
		t.gone = map[string]uint64{}
	}
	t.gone[w.id] = w.serial
}

// rekey moves the children of an item that has another id now.
func (v *view) rekey(t *table, from, to string) {
	at := len(t.scope)
	old := strings.Join(append(append([]string(nil), t.scope...), from), "\x00")
	var move func(r *Resource)
	move = func(r *Resource) {
		for _, child := range r.children {
			tables := v.tables[child]
			var keys []string
			for k := range tables {
				if k == old || strings.HasPrefix(k, old+"\x00") {
					keys = append(keys, k)
				}
			}
			for _, k := range keys {
				x := tables[k]
				delete(tables, k)
				x.scope = append([]string(nil), x.scope...)
				x.scope[at] = to
				x.key = strings.Join(x.scope, "\x00")
				tables[x.key] = x
				v.renamed(x, at)
			}
			move(child)
		}
	}
	move(t.r)
}

// renamed tells the items of a table what a variable of their path is now.
func (v *view) renamed(t *table, at int) {
	d := &t.r.details
	for i := range d.refs {
		ref := &d.refs[i]
		if ref.scope != at+1 {
			continue
		}
		for _, w := range t.rows {
			if w == nil || !w.value.Has(ref.path[0]) {
				continue
			}
			n := &row{id: w.id, seed: w.seed, version: w.version, modified: w.modified, links: w.links, shown: w.shown, conjured: w.conjured, born: w.born, value: w.value}
			ref.set(&n.value, t.scope[at])
			v.replace(t, w, n)
		}
	}
}

// remove takes a row out.
func (v *view) remove(t *table, w *row) {
	if w.at < 0 {
		return // it was there only because it was named
	}
	t.rows[w.at] = nil
	delete(t.byID, w.id)
	t.live--
	t.written = true
	v.counts(t, w, -1)
	if !w.conjured {
		t.forget(w)
	}
	t.compact()
}

// What is remembered of deleted items: how many ids, and how long they are.
const (
	maxGone = 1000
	maxKept = 512
)

// compact closes the gaps of deleted rows once they are the most.
func (t *table) compact() {
	if len(t.rows) < 64 || t.live*2 > len(t.rows) {
		return
	}
	rows := make([]*row, 0, t.live+16)
	for _, w := range t.rows {
		if w != nil {
			w.at = len(rows)
			t.byID[w.id] = w.at
			rows = append(rows, w)
		}
	}
	t.rows, t.columns = rows, nil
}

// sizeOf is about what a value takes in memory, in bytes.
func sizeOf(v *value) int {
	const node = 64
	n := node + len(v.Key) + len(v.Text)
	for i := range v.Kids {
		n += sizeOf(&v.Kids[i])
	}
	return n
}
