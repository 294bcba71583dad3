package overlay

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Bounds of applying one overlay: the steps that it may take, which is some
// seconds; the values that it may add; and the depth that values may reach by
// it, which is that of documents.
const (
	maxWork  = 1 << 28
	maxGrown = 2 << 20
	maxDepth = 1000
)

// Apply applies the actions in their order, each to what the one before has
// left. The document isn't changed; what is given back shares with it what no
// action touches. Values of an update get the place in the document of the
// value that they are put into or over, so that references in them are
// resolved from there.
//
// Overlay 1.0 leaves open what 1.1 defines: targets that are neither object nor
// array are updated and removed as there.
func (o *Overlay) Apply(doc *definition.Value) (*definition.Value, []document.Diagnostic) {
	return o.applyWithin(doc, maxWork, maxGrown)
}

func (o *Overlay) applyWithin(doc *value, work, grown int) (*value, []document.Diagnostic) {
	if doc == nil || len(o.Actions) == 0 {
		return doc, nil
	}
	e := newEditor(doc, work, grown)
	e.o = o
	for i := range o.Actions {
		if !e.apply(&o.Actions[i]) {
			break
		}
	}
	return &e.root, e.diagnostics()
}

// editor is one document being changed.
type editor struct {
	o    *Overlay
	root value

	owned       map[*value]bool      // lists of children that are ours to change, by their first
	projections map[*value]projected // by the first child

	work int // steps left
	grow int // values that may still be added

	notes []*note
	noted map[noteKey]*note
}

func newEditor(doc *value, work, grown int) *editor {
	return &editor{
		root: *doc, work: work, grow: grown,
		owned:       map[*value]bool{},
		projections: map[*value]projected{},
	}
}

// apply applies one action and reports whether the next one may be.
func (e *editor) apply(a *Action) bool {
	targets := e.find(a.target)
	src, ok := a.Update, true
	if a.source != nil && e.work >= 0 {
		src, ok = e.copied(a)
	}
	switch {
	case e.work < 0:
		e.tell(a.at, document.Error, codeLimit, "make its target more precise, without .. and queries in filters",
			"action %d takes too much work on this document; it and what comes after it is not applied", a.Number)
		return false
	case len(targets) == 0:
		e.tell(a.at, document.Warning, codeNoMatch, "compare its target with the document",
			"the overlay's action %d selects nothing any more: %s", a.Number, clip(a.Target))
	case a.Remove:
		e.remove(a, targets)
	case ok:
		return e.update(a, targets, src)
	}
	return true
}

// remove takes places out of the document.
func (e *editor) remove(a *Action, targets []*node) {
	gone := make(map[*node]bool, len(targets))
	var parents []*node
	seen := map[*node]bool{}
	for _, n := range targets {
		gone[n] = true
		if !seen[n.parent] {
			seen[n.parent] = true
			parents = append(parents, n.parent)
		}
	}
	// The deepest first: then a place is still where it was selected.
	slices.SortStableFunc(parents, func(a, b *node) int { return cmp.Compare(b.depth, a.depth) })
	for _, p := range parents {
		v := e.own(p)
		e.ownKids(v)
		kept := v.Kids[:0]
		for i := range v.Kids {
			if !gone[p.kids[i]] {
				kept = append(kept, v.Kids[i])
			}
		}
		clear(v.Kids[len(kept):])
		v.Kids = kept
	}
}

// update puts a value into or over places of the document. It reports false
// where the document gets too large.
func (e *editor) update(a *Action, targets []*node, src *value) bool {
	if e.o.concatenates && mixed(targets) {
		e.tell(a.at, document.Error, codeMismatch, "make one action for each kind", // Overlay 1.1, Action Object
			"action %d selects values of different kinds, such as %s and %s; it is not applied", a.Number,
			article(targets[0].v.Kind), article(other(targets).v.Kind))
		return true
	}
	size, depth := extent(src)
	m := &merge{e: e, a: a, place: a.source == nil}
	for _, n := range targets {
		e.work -= size
		e.grow -= size
		if e.work < 0 || e.grow < 0 || n.depth+depth > maxDepth {
			e.tell(a.at, document.Error, codeLimit, "make its target more precise or its value smaller",
				"action %d makes the document too large; what comes after the first targets is not applied", a.Number)
			return false
		}
		m.into(n, src)
	}
	return true
}

// copied gives a copy of the one value that an action copies.
func (e *editor) copied(a *Action) (*value, bool) {
	found := e.find(a.source)
	if len(found) != 1 {
		if e.work >= 0 {
			e.tell(a.at, document.Error, codeNoMatch, "select one value",
				"\"copy\" of action %d selects %d values, not one: %s; it is not applied", a.Number, len(found), clip(a.Copy))
		}
		return nil, false
	}
	size, _ := extent(found[0].v)
	e.work -= size
	src := found[0].v.Clone()
	return &src, true
}

// mixed reports whether targets are not all objects, all arrays or all others.
func mixed(targets []*node) bool { return other(targets) != nil }

func other(targets []*node) *node {
	for _, n := range targets {
		if shape(n.v.Kind) != shape(targets[0].v.Kind) {
			return n
		}
	}
	return nil
}

// shape is Object, Array, or Null for all that has nothing in it.
func shape(k definition.Kind) definition.Kind {
	if k == definition.Object || k == definition.Array {
		return k
	}
	return definition.Null
}

// extent gives the number of values in v and how deep they lie.
func extent(v *value) (size, depth int) {
	size = 1
	for i := range v.Kids {
		s, d := extent(&v.Kids[i])
		size += s
		depth = max(depth, d)
	}
	return size, depth + 1
}

// own gives the value at a place, which may then be changed but for its
// children.
func (e *editor) own(n *node) *value {
	if n.parent == nil {
		return &e.root
	}
	p := e.own(n.parent)
	e.ownKids(p)
	return &p.Kids[n.at]
}

// ownKids makes the children of a value that is ours be ours, too.
func (e *editor) ownKids(v *value) {
	if len(v.Kids) == 0 {
		v.Kids = nil
		return
	}
	first := &v.Kids[0]
	if e.owned[first] {
		delete(e.projections, first)
		return
	}
	e.work -= len(v.Kids) / 4
	v.Kids = slices.Clone(v.Kids)
	e.owned[&v.Kids[0]] = true
}

// add appends a child to a value whose children are ours.
func (e *editor) add(v *value, kid value) {
	v.Kids = append(v.Kids, kid)
	e.owned[&v.Kids[0]] = true
}

// note is a problem of an action, at one or several places.
type note struct {
	document.Diagnostic
	first string // place in the document, "" where there is none
	more  int
}

type noteKey struct {
	pos     uint32
	message string
}

// maxNotes bounds the problems that are told.
const maxNotes = 1000

func (e *editor) tell(v *value, sev document.Severity, code, hint, format string, args ...any) {
	e.tellAt(nil, v, sev, code, hint, format, args...)
}

// tellAt tells of a problem at a place of the document. The same problem at
// several places is told once.
func (e *editor) tellAt(n *node, v *value, sev document.Severity, code, hint, format string, args ...any) {
	key := noteKey{v.Pos, fmt.Sprintf(format, args...)}
	if known := e.noted[key]; known != nil {
		known.more++
		return
	}
	if len(e.notes) == maxNotes && sev != document.Error || len(e.notes) >= 2*maxNotes {
		return
	}
	if e.noted == nil {
		e.noted = map[noteKey]*note{}
	}
	x := &note{Diagnostic: diagnose(e.o.file, v, sev, code, key.message, hint)}
	if n != nil {
		x.first = clip(n.String())
	}
	e.noted[key] = x
	e.notes = append(e.notes, x)
}

func (e *editor) diagnostics() []document.Diagnostic {
	var out []document.Diagnostic
	for _, x := range e.notes {
		switch {
		case x.first == "":
		case x.more == 0:
			x.Message += " (at " + x.first + ")"
		default:
			x.Message += fmt.Sprintf(" (at %s and %d more places)", x.first, x.more)
		}
		out = append(out, x.Diagnostic)
	}
	return out
}
