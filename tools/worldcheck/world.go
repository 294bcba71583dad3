package main

import (
	"context"
	"maps"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Bounds of what is read of one resource.
const (
	maxInstances = 10
	maxParents   = 3
	maxDepth     = 8  // of parents
	maxReplayed  = 60 // answers of one resource that are asked for again
)

// world is a served document, as far as it was read.
type world struct {
	ctx      context.Context
	client   *client
	requests *requests
	found    *inference
	tally    *tally

	lists     map[*resource][]*walk
	instances map[*resource][]*instance
	busy      map[*resource]bool // its instances are being looked for
	reads     map[string]*answer // by target
	faults    map[string]string  // by resource and path template; "" sound
	recorded  []recording
	sent      int // requests
}

// recording is an answer that another GET should give again.
type recording struct {
	res    *resource
	answer *answer
}

// instance is one item of a resource.
type instance struct {
	res     *resource
	values  map[string]string // of the parameters of its path
	id      string
	listed  *value // as its list has it; nil where it was not listed
	listing *listing
}

func newWorld(ctx context.Context, c *client, q *requests, found *inference, t *tally) *world {
	return &world{
		ctx: ctx, client: c, requests: q, found: found, tally: t,
		lists: map[*resource][]*walk{}, instances: map[*resource][]*instance{}, busy: map[*resource]bool{},
		reads: map[string]*answer{}, faults: map[string]string{},
	}
}

// get sends a request and notes whether the answer is sound.
func (w *world) get(r *resource, q call) *answer {
	w.sent++
	a := w.client.send(w.ctx, q)
	if w.ctx.Err() != nil {
		return a
	}
	key := nameOf(r)
	if a.fault != "" && w.faults[key] == "" {
		w.faults[key] = a.said()
	} else if _, ok := w.faults[key]; !ok {
		w.faults[key] = ""
	}
	return a
}

// record keeps an answer to be asked for again.
func (w *world) record(r *resource, a *answer) {
	n := 0
	for _, x := range w.recorded {
		if x.answer.call.target == a.call.target {
			return
		}
		if x.res == r {
			n++
		}
	}
	if n < maxReplayed && a.ok() {
		w.recorded = append(w.recorded, recording{r, a})
	}
}

// named finds the resource of a name. Of several, the one is taken that shares
// most of its path with the resource that names it, then the shortest.
func (w *world) named(name string, from *resource) *resource {
	var best *resource
	for _, r := range w.found.Resources {
		if r.Name == name && (best == nil || nearer(r, best, from)) {
			best = r
		}
	}
	return best
}

func nearer(a, b, from *resource) bool {
	ca, cb := parametersShared(a.item, from.item), parametersShared(b.item, from.item)
	if ca != cb {
		return ca > cb
	}
	return len(a.item.parameters()) < len(b.item.parameters())
}

// parametersShared is how many parameters the common part of two paths has,
// less those of the first that are outside of it.
func parametersShared(a, b template) int {
	n := 0
	for i, s := range a.segments {
		if i < a.common(b) {
			n += len(parametersIn(s))
		} else {
			n -= len(parametersIn(s))
		}
	}
	return n
}

// parentOf is the resource that a path of another lies under, the nearest one;
// nil where there is none.
func (w *world) parentOf(r *resource, path template) *resource {
	var best *resource
	for _, p := range w.found.Resources {
		if p != r && path.below(p.item) && p.item.parameters() != nil && (best == nil || len(p.item.shapes) > len(best.item.shapes)) {
			best = p
		}
	}
	if best == nil && r.Parent != "" {
		best = w.named(r.Parent, r)
	}
	return best
}

// scope is the values of the parameters before an item's own, and the parent
// that they come from.
type scope struct {
	values map[string]string
	parent *instance
}

// scopes gives the places that a path of a resource stands for: one where it
// has no parents, else some of its parents.
func (w *world) scopes(r *resource, path template, own string) []scope {
	names := slices.DeleteFunc(path.parameters(), func(n string) bool { return n == own })
	if len(names) == 0 {
		return []scope{{}}
	}
	parent := w.parentOf(r, path)
	if parent == nil || parent == r {
		return []scope{{values: map[string]string{}}}
	}
	var found []scope
	for _, i := range w.some(parent) {
		s := scope{values: w.below(i, path, r)}
		if parent.Name == r.Parent {
			s.parent = i
		}
		found = append(found, s)
		if len(found) == maxParents {
			break
		}
	}
	return found
}

// below gives the values that an instance lends to a path below it.
func (w *world) below(i *instance, path template, child *resource) map[string]string {
	own := path.inherit(i.res.item, i.values)
	for _, also := range i.res.AlsoAt {
		if t := newTemplate(also.Item); path.below(t) {
			if values, ok := w.bind(t, i, i.id); ok {
				maps.Copy(own, path.inherit(t, values))
			}
		}
	}
	if n := len(child.ParentParameters); n > 0 && child.Parent == i.res.Name && !path.below(i.res.item) {
		if last := child.ParentParameters[n-1]; own[last] == "" {
			own[last] = i.id
		}
	}
	addMissing(own, i.values)
	return own
}

// bind gives the values for another item path that an instance leads to: what
// the paths have in common, what the instance's references name, and the id.
// ok is false where a parameter stays unknown.
func (w *world) bind(path template, from *instance, id string) (values map[string]string, ok bool) {
	names := path.parameters()
	values = path.inherit(from.res.item, from.values)
	item := w.whole(from)
	for n := range path.shapes {
		for _, r := range w.found.Resources {
			if n+1 != len(r.item.shapes) || path.common(r.item) < n+1 {
				continue
			}
			own := parametersIn(path.segments[n])
			property := from.res.referenceTo(r.Name)
			if len(own) != 1 || property == "" || values[own[0]] != "" {
				continue
			}
			if v := referred(at(item, property), r); v != "" {
				values[own[0]] = v
			}
		}
	}
	if id != "" && len(names) > 0 {
		values[names[len(names)-1]] = id
	}
	addMissing(values, from.values)
	_, missing := path.fill(values)
	return values, missing == nil
}

// referred is the id that a value names a resource by: itself, or that of the
// object that it is.
func referred(v *value, target *resource) string {
	if isScalar(v) {
		return v.Text
	}
	return target.idOf(v)
}

// walks reads the lists of a resource, whole, in some of its scopes.
func (w *world) walks(r *resource) []*walk {
	if known, ok := w.lists[r]; ok || r.list == nil {
		return known
	}
	var found []*walk
	for _, s := range w.scopes(r, r.collection, "") {
		if s.values == nil {
			s.values = map[string]string{}
		}
		w.sample(r, s.values)
		l := &listing{res: r, op: r.list, path: s.values, parent: s.parent}
		found = append(found, w.walk(l, w.largeSize(l), nil))
	}
	w.lists[r] = found
	return found
}

// sample adds values for the parameters of a list that no resource gives.
func (w *world) sample(r *resource, values map[string]string) {
	_, missing := r.collection.fill(values)
	for _, name := range missing {
		values[name] = w.requests.pathSample(r.list, name)
	}
}

// some gives some instances of a resource, of each of its lists in turn.
func (w *world) some(r *resource) []*instance {
	if known, ok := w.instances[r]; ok || w.busy[r] || len(w.busy) > maxDepth {
		return known
	}
	w.busy[r] = true
	defer delete(w.busy, r)
	var found []*instance
	walks := w.walks(r)
	for n := 0; len(found) < maxInstances; n++ {
		rest := false
		for _, k := range walks {
			if n < len(k.items) && len(found) < maxInstances {
				rest = true
				if i := w.instanceOf(k, k.items[n]); i != nil {
					found = append(found, i)
				}
			}
		}
		if !rest {
			break
		}
	}
	if r.list == nil {
		found = w.unlisted(r)
	}
	w.instances[r] = found
	return found
}

// instanceOf makes an instance of an item in a list; nil where it has no id.
func (w *world) instanceOf(k *walk, item *value) *instance {
	r := k.listing.res
	id := r.idOf(item)
	if id == "" {
		return nil
	}
	values := r.item.inherit(r.collection, k.listing.path)
	addMissing(values, k.listing.path)
	for _, name := range r.item.parameters() {
		if v := at(item, name); values[name] == "" && name != r.Identity.Parameter && isScalar(v) {
			values[name] = v.Text
		}
	}
	if r.Identity.Parameter != "" {
		values[r.Identity.Parameter] = id
	}
	return &instance{res: r, values: values, id: id, listed: item, listing: k.listing}
}

// unlisted gives instances of a resource without a list: of a singleton its
// one, else the first that mimus names, as far as it can be read.
func (w *world) unlisted(r *resource) (found []*instance) {
	if r.read == nil || !r.Singleton && r.First == "" {
		return nil
	}
	own := r.Identity.Parameter
	if r.Singleton {
		own = ""
	}
	for _, s := range w.scopes(r, r.item, own) {
		i := &instance{res: r, values: maps.Clone(s.values)}
		if i.values == nil {
			i.values = map[string]string{}
		}
		if !r.Singleton {
			i.id = string(r.First)
			i.values[own] = i.id
		}
		if w.read(i).ok() {
			found = append(found, i)
		}
	}
	return found
}

// read reads an instance at its own path; nil where it has none.
func (w *world) read(i *instance) *answer {
	if i.res.read == nil {
		return nil
	}
	return w.readAt(i.res, w.itemCall(i))
}

func (w *world) itemCall(i *instance) call {
	var query []pair
	if own := i.res.Identity.Parameter; own != "" && !i.res.item.has(own) && i.id != "" {
		query = []pair{newPair(own, i.id)}
	}
	return w.requests.call(i.res.read, i.values, query)
}

// readAt reads once what is at a path.
func (w *world) readAt(r *resource, q call) *answer {
	if known := w.reads[q.target]; known != nil {
		return known
	}
	a := w.get(r, q)
	w.reads[q.target] = a
	return a
}

// itemOf is the item in the answer of a read, which may be alone in an array;
// nil where it isn't there.
func itemOf(r *resource, a *answer) *value {
	if a == nil || !a.ok() {
		return nil
	}
	item := pointed(a.body, r.Payload.Read)
	if item.Is(definition.Array) && len(item.Kids) == 1 {
		return &item.Kids[0]
	}
	return item
}

// whole is an instance as its path has it, else as its list has it.
func (w *world) whole(i *instance) *value {
	if item := itemOf(i.res, w.read(i)); item != nil {
		return item
	}
	return i.listed
}
