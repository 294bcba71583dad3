package resource

import (
	"hash/fnv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

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
	w, elsewhere := v.look(t, links, id)
	if w == nil && !elsewhere {
		w = v.conjure(t, p, id)
	}
	if w == nil && !v.cold {
		return nil, t.miss(id)
	}
	return w, nil
}

// look finds the item that an id, or another name, tells under the parents.
// elsewhere reports that there is one, but under others.
func (v *view) look(t *table, links []link, id string) (w *row, elsewhere bool) {
	if w = t.byKey(id); w == nil {
		w = t.alias(id)
	}
	if w == nil {
		return nil, false
	}
	for _, l := range links {
		if !v.under(w, l) {
			return nil, true
		}
	}
	return w, false
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
