package overlay

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// merge is the update of one action.
type merge struct {
	e     *editor
	a     *Action
	place bool // what is put in gets the place of what it is put into
	n     *node
}

// into updates one target.
func (m *merge) into(n *node, src *value) {
	m.n = n
	switch n.v.Kind {
	case definition.Object:
		if src.Kind != definition.Object {
			m.mismatch(src, n.v, "the target")
			return
		}
		m.members(m.e.own(n), src)
	case definition.Array:
		m.append(n, src)
	default:
		if shape(src.Kind) != definition.Null {
			m.mismatch(src, n.v, "the target")
			return
		}
		m.replace(m.e.own(n), src)
	}
}

// append adds to a target that is an array.
func (m *merge) append(n *node, src *value) {
	dst := m.e.own(n)
	switch {
	case src.Kind != definition.Array:
	case m.e.o.concatenates:
		m.elements(dst, src)
		return
	default: // Overlay 1.0, Action Object: "an entry to append to the array"
		m.e.tellAt(n, m.at(src), document.Warning, codeMismatch, "write \"overlay: 1.1.0\" to append its elements, or make an action of each",
			"action %d appends a list to a list, which Overlay 1.0 does as one element", m.a.Number)
	}
	m.e.ownKids(dst)
	m.e.add(dst, m.graft(src, dst, ""))
}

// members merges an object into another. dst is ours to change.
func (m *merge) members(dst, src *value) {
	m.e.ownKids(dst)
	find := finder(dst, src.Len())
	m.e.work -= len(dst.Kids)/4 + len(src.Kids)
	for i := range src.Kids {
		s := &src.Kids[i]
		at, there := find(s.Key)
		if !there {
			m.e.add(dst, m.graft(s, dst, s.Key))
			continue
		}
		switch d := &dst.Kids[at]; {
		case d.Kind == definition.Object && s.Kind == definition.Object:
			m.members(d, s)
		case d.Kind == definition.Array && s.Kind == definition.Array:
			m.elements(d, s)
		case shape(d.Kind) == definition.Null && shape(s.Kind) == definition.Null:
			m.replace(d, s)
		case s.Kind == definition.Null: // an empty place in an update that mirrors the document
		default:
			m.mismatch(s, d, "\""+clip(s.Key)+"\"")
		}
	}
}

// elements adds the elements of an array to another.
func (m *merge) elements(dst, src *value) {
	m.e.ownKids(dst)
	for i := range src.Kids {
		m.e.add(dst, m.graft(&src.Kids[i], dst, ""))
	}
}

// replace puts a value without children over another.
func (m *merge) replace(dst, src *value) { *dst = m.graft(src, dst, dst.Key) }

// graft copies a value of the update for its place in the document.
func (m *merge) graft(src, place *value, key string) value {
	out := src.Clone()
	if m.place {
		put(&out, place.File, place.Pos)
	}
	out.Key = key
	return out
}

func put(v *value, file uint16, pos uint32) {
	v.File, v.Pos = file, pos
	for i := range v.Kids {
		put(&v.Kids[i], file, pos)
	}
}

func (m *merge) mismatch(src, dst *value, what string) {
	m.e.tellAt(m.n, m.at(src), document.Error, codeMismatch, "write "+article(dst.Kind)+", or remove it in an action before",
		"action %d gives %s for %s, which is %s in the document; it stays as it is", m.a.Number, article(src.Kind), what, article(dst.Kind))
}

// at is the place of a value of the update in the overlay.
func (m *merge) at(src *value) *value {
	if m.a.source != nil { // it is a copy of a value of the document
		return m.a.at
	}
	return src
}

// finder gives the place of a member by its name, for so many names. Members
// that are added after don't count: an update has each name once.
func finder(v *value, names int) func(name string) (int, bool) {
	n := len(v.Kids)
	if names < 4 || n < 16 {
		return func(name string) (int, bool) {
			for i := range n {
				if v.Kids[i].Key == name {
					return i, true
				}
			}
			return 0, false
		}
	}
	index := make(map[string]int, n)
	for i := range n {
		index[v.Kids[i].Key] = i
	}
	return func(name string) (int, bool) {
		i, ok := index[name]
		return i, ok
	}
}
