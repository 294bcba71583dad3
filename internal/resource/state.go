package resource

import (
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// Config are the settings of a state. The zero value means the defaults.
type Config struct {
	Seed     string
	World    int // items of a top-level resource at the start; 0: 25, -1: none
	Epoch    time.Time
	Now      func() time.Time
	MaxItems int   // of one resource; 0: 100,000
	MaxBytes int64 // of all items, as they are held in memory; 0: 256 MB
}

// The defaults of a state.
const (
	DefaultWorld    = 25
	DefaultMaxItems = 100_000
	DefaultMaxBytes = 256 << 20
)

// State is what there is: the items of all resources. It is safe for
// concurrent use.
type State struct {
	model *Model
	cfg   Config
	seed  uint64
	shift time.Duration // from the usual epoch

	mu      sync.RWMutex
	tables  map[*Resource]map[string]*table
	bytes   int64
	count   map[*Resource]int // of the items of each
	version atomic.Uint64     // goes up with each change

	columnsMu sync.Mutex // of the columns of tables, under mu
}

// NewState makes the state of a model. Nothing is made before it is looked at.
func NewState(m *Model, cfg Config) *State {
	switch {
	case cfg.World == 0:
		cfg.World = DefaultWorld
	case cfg.World < 0:
		cfg.World = 0
	}
	if cfg.MaxItems <= 0 {
		cfg.MaxItems = DefaultMaxItems
	}
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = DefaultMaxBytes
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &State{model: m, cfg: cfg, seed: hash(cfg.Seed), tables: map[*Resource]map[string]*table{}}
	if !cfg.Epoch.IsZero() {
		s.shift = cfg.Epoch.Sub(plausible.Epoch)
	}
	return s
}

// table holds the items of one resource under one parent.
type table struct {
	r       *Resource
	key     string   // the scope's values, joined
	scope   []string // the values of the path's variables
	seed    uint64
	world   []seedling // what it begins with
	filled  bool       // the items of the world were made
	written bool       // a caller changed something
	rows    []*row     // in the order of their creation; nil where one was deleted
	live    int
	byID    map[string]int
	next    int64             // the highest integer id so far
	draws   uint64            // ids that were made
	serial  uint64            // of the row that was made last
	gone    map[string]uint64 // the serials of deleted rows

	columns map[string][]string // texts of a property by row, made when they are first asked for
}

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

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// mixed scatters the bits of a number (splitmix64).
func mixed(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// view is one look at the state, under its lock. With write, what is not there
// yet is made; without, cold tells that something wasn't.
type view struct {
	*State
	write   bool
	dry     bool // nothing is changed but what is made on first look
	cold    bool
	upserts bool   // what is named and not there is made by the call itself
	keeps   bool   // an item that is only made because it is named stays
	strict  bool   // the operation declares what answers for a parent that isn't there
	user    string // of the caller's Basic authentication
	now     time.Time
}

// stamp gives a row that is made or changed a tag of its own.
func (v *view) stamp(w *row) {
	if v.dry {
		w.tag = v.version.Load() + 1
		return
	}
	w.tag = v.version.Add(1)
}

// miss is a thing that isn't there.
type miss struct {
	resource *Resource
	id       string
	table    *table // where it was looked for
	deleted  bool   // it was there
}

func (t *table) miss(id string) *miss {
	_, deleted := t.gone[id]
	return &miss{t.r, id, t, deleted}
}

// table finds the table of a place, with the links that its items have there.
func (v *view) table(p *Place, values []string) (*table, []link, *miss) {
	r := p.resource
	scope := values
	for i := range p.scope {
		if p.scope[i].parent == nil || i >= len(values) {
			continue
		}
		parent := p.scope[i].parent
		if parent.ready().why != "" {
			continue // nobody knows which there are
		}
		w, m := v.find(parent.placeAt(p.scope[i].prefix), values[:i], values[i])
		if v.cold {
			return nil, nil, nil
		}
		if m != nil {
			if v.strict || m.deleted {
				return nil, nil, m
			}
			continue // no answer is declared for a parent that isn't there
		}
		if w.id != values[i] {
			if &scope[0] == &values[0] {
				scope = append([]string(nil), values...)
			}
			scope[i] = w.id
		}
	}
	var links []link
	key := strings.Join(scope, "\x00")
	if p != r.Place {
		var own []string
		for i := range p.scope {
			if i >= len(scope) {
				break
			}
			if r.Place.has(p.scope[i].prefix) {
				own = append(own, scope[i])
			} else {
				links = append(links, link{p.scope[i].prefix, scope[i], p.scope[i].name, r, p.scope[i].parent})
			}
		}
		key, scope = strings.Join(own, "\x00"), own
	}
	t := v.tables[r][key]
	if t == nil || !t.filled {
		if t == nil && v.write {
			v.evict(r)
		}
		if !v.write {
			v.cold = true
			return nil, nil, nil
		}
		t = v.make(r, key, scope)
		v.fill(t)
	}
	return t, links, nil
}

// has reports whether a variable of the prefix is in the place's scope.
func (p *Place) has(prefix string) bool {
	for i := range p.scope {
		if p.scope[i].prefix == prefix {
			return true
		}
	}
	return false
}

// maxClean bounds the tables of a resource that nobody wrote to: the seed makes
// them again.
const maxClean = 500

// evict forgets tables that nobody wrote to, where there are many.
func (v *view) evict(r *Resource) {
	if len(v.tables[r]) < maxClean || len(r.children) > 0 {
		return
	}
	for key, t := range v.tables[r] {
		if !t.written && key != "" {
			delete(v.tables[r], key)
		}
	}
}

// placeAt is the place of the resource whose item path has the shape.
func (r *Resource) placeAt(prefix string) *Place {
	for _, p := range append([]*Place{r.Place}, r.Also...) {
		if p.Item == "" {
			continue
		}
		if shape, _ := shapeOf(p.Item); shape == prefix {
			return p
		}
	}
	return r.Place
}

// find finds an item by the values of its path.
func (v *view) find(p *Place, scope []string, id string) (*row, *miss) {
	t, links, m := v.table(p, scope)
	if t == nil {
		return nil, m
	}
	w := t.byKey(id)
	if w == nil {
		w = t.alias(id)
	}
	if w == nil {
		if w = v.conjure(t, p, id); v.cold {
			return nil, nil
		}
	}
	if w == nil {
		return nil, t.miss(id)
	}
	for _, l := range links {
		if !v.under(w, l) {
			return nil, t.miss(id)
		}
	}
	return w, nil
}

// conjure makes an item that nobody made: the account that the caller's
// credential names, and any item of a resource whose ids can't be learned. One
// that is only read isn't kept.
func (v *view) conjure(t *table, p *Place, id string) *row {
	r := t.r
	if r.Singleton || id == "" {
		return nil
	}
	if _, deleted := t.gone[id]; deleted || (v.user == "" || v.user != id) && v.known(p) {
		return nil
	}
	sd := seedling{id: id, seed: mixed(t.seed ^ hash("conjured", id))}
	w := &row{id: id, seed: sd.seed, version: 1, conjured: true}
	if !v.write { // what it refers to may not be there yet
		v.cold = true
		return nil
	}
	keeps := v.keeps
	if !r.details.identity.allows(id) { // another name of something
		keeps = false
		sd.id = t.newID(sd.seed, func(s string) bool { return t.has(s) })
	}
	w.value = v.grow(t, &sd, 0)
	w.modified = v.cfg.worldTime(&w.value, &r.details)
	w.at, w.stays = -1, keeps
	return w
}

// known reports whether clients can learn which ids there are: by making one at
// the path that the item's lies under, or from the list there, where something
// changes them and the document declares what answers for others.
func (v *view) known(p *Place) bool {
	r := p.resource
	creates, changes := false, false
	for _, role := range r.Roles {
		creates = creates || role.Kind == Create
		changes = changes || role.Kind != Read && role.Kind != List && role.Kind != Action
	}
	if p.Item == "" || !p.regular && !(p.suffixed && v.strict) {
		return p.Item == ""
	}
	return creates || changes && v.strict && r.role(List) != nil
}

// under reports whether an item lies under a parent: its reference says so, or
// it was made there, or nothing says anything else.
func (v *view) under(w *row, l link) bool {
	if f := l.field(); f != nil && l.parent == nil {
		if text, ok := textOf(w.value.Get(f.name)); ok {
			return text == l.value
		}
	}
	if l.parent != nil {
		d := &l.of.details
		for i := range d.refs {
			ref := &d.refs[i]
			if ref.to != l.parent || ref.list {
				continue
			}
			if id, ok := ref.id(&w.value); ok {
				return id == l.value
			}
		}
	}
	have, known := w.linked(l.prefix)
	return !known || have == l.value
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
