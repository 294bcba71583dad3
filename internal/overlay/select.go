package overlay

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/theory/jsonpath/spec"
)

// node is a place in the document: a child of the place around it. It stays
// good while children are only added.
type node struct {
	parent *node
	at     int // among the children of parent
	depth  int
	v      *value
	kids   []*node // those that were asked for

	selected int // the last step that selected it
	walked   int // the last step that went through all below it
}

// child gives the one place of a child.
func (n *node) child(i int) *node {
	if n.kids == nil {
		n.kids = make([]*node, len(n.v.Kids))
	}
	if n.kids[i] == nil {
		n.kids[i] = &node{parent: n, at: i, depth: n.depth + 1, v: &n.v.Kids[i]}
	}
	return n.kids[i]
}

// String gives the place as a JSONPath.
func (n *node) String() string {
	if n.parent == nil {
		return "$"
	}
	around := n.parent.String()
	if n.parent.v.Kind == definition.Array {
		return around + "[" + strconv.Itoa(n.at) + "]"
	}
	if plainName(n.v.Key) {
		return around + "." + n.v.Key
	}
	return around + "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(n.v.Key) + "']"
}

func plainName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= '0' && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return s != ""
}

// find gives the places that a query selects, each once. When the work gets
// too much it ends early, and e.work is below 0.
func (e *editor) find(q *query) []*node {
	nodes := []*node{{v: &e.root}}
	for i := range q.segments {
		s := &step{e: e, number: i + 1, selectors: q.segments[i].selectors}
		for _, n := range nodes {
			if q.segments[i].descendant {
				s.descend(n)
			} else {
				s.from(n)
			}
		}
		nodes = s.out
	}
	return nodes
}

// step is one segment of a query at work.
type step struct {
	e         *editor
	number    int
	selectors []selector
	out       []*node
}

// descend selects among the children of n and of all below it.
func (s *step) descend(n *node) {
	if n.walked == s.number || s.e.work < 0 {
		return
	}
	n.walked = s.number
	s.from(n)
	for i := range n.v.Kids {
		if len(n.v.Kids[i].Kids) > 0 {
			s.descend(n.child(i))
		}
	}
}

// from selects among the children of n.
func (s *step) from(n *node) {
	kids := n.v.Kids
	for _, sel := range s.selectors {
		s.e.work -= 1 + len(kids)/16
		if s.e.work < 0 {
			return
		}
		switch sel := sel.Selector.(type) {
		case spec.Name:
			s.name(n, string(sel))
			continue
		case spec.Index:
			s.index(n, int(sel))
			continue
		case spec.SliceSelector:
			s.slice(n, sel)
			continue
		}
		for i := range kids { // a wildcard or a filter
			if s.e.work < 0 {
				return
			}
			if sel.filter == nil || s.e.passes(sel.filter, &kids[i]) {
				s.pick(n, i)
			}
		}
	}
}

func (s *step) pick(n *node, i int) {
	s.e.work--
	if c := n.child(i); c.selected != s.number {
		c.selected = s.number
		s.out = append(s.out, c)
	}
}

func (s *step) name(n *node, name string) {
	if n.v.Kind != definition.Object {
		return
	}
	for i := range n.v.Kids {
		if n.v.Kids[i].Key == name {
			s.pick(n, i)
			return
		}
	}
}

func (s *step) index(n *node, i int) {
	if n.v.Kind != definition.Array {
		return
	}
	if i < 0 {
		i += len(n.v.Kids)
	}
	if i >= 0 && i < len(n.v.Kids) {
		s.pick(n, i)
	}
}

func (s *step) slice(n *node, sel spec.SliceSelector) {
	if n.v.Kind != definition.Array {
		return
	}
	lower, upper := sel.Bounds(len(n.v.Kids))
	switch by := sel.Step(); {
	case by > 0:
		for i := lower; i < upper; i += min(by, upper-i) {
			s.pick(n, i)
		}
	case by < 0:
		for i := upper; i > lower; i -= min(-by, i-lower) {
			s.pick(n, i)
		}
	}
}

// passes decides a filter for a value.
func (e *editor) passes(f *filter, v *value) (ok bool) {
	defer func() {
		if recover() != nil { // the library's fault; RFC 9535 knows no failure here
			ok = false
		}
	}()
	subject := e.project(v)
	var root projected
	if f.absolute {
		root = e.project(&e.root)
	}
	e.work -= f.cost(subject, root)
	return e.work >= 0 && f.Eval(subject.value, root.value)
}
