package openapi

import (
	"sort"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// cutCircles removes references by which a schema applies itself to the same
// value again, directly or through others ($ref and allOf), so that whoever
// follows them comes to an end. They say nothing: what is in the circle is
// demanded already.
func (r *reader) cutCircles() {
	names := make([]string, 0, len(r.def.Schemas))
	for n := range r.def.Schemas {
		names = append(names, n)
	}
	sort.Strings(names)
	c := circles{r: r, state: map[string]uint8{}}
	for _, n := range names {
		c.visit(n)
	}
}

type circles struct {
	r     *reader
	state map[string]uint8 // open or closed
}

const (
	open   = 1
	closed = 2
)

// visit walks the schemas that a named one applies, depth first without
// recursion: chains may be long.
func (c *circles) visit(name string) {
	if c.state[name] != 0 {
		return
	}
	type frame struct {
		name string
		refs []*value // the schema objects with a $ref to follow
	}
	c.state[name] = open
	stack := []frame{{name, applied(c.r.def.Schemas[name], nil)}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.refs) == 0 {
			c.state[top.name] = closed
			stack = stack[:len(stack)-1]
			continue
		}
		at := top.refs[0]
		top.refs = top.refs[1:]
		next := strings.TrimPrefix(at.Get("$ref").Str(), defsPrefix)
		switch c.state[next] {
		case open:
			c.cut(at)
		case closed:
		default:
			c.state[next] = open
			stack = append(stack, frame{next, applied(c.r.def.Schemas[next], nil)})
		}
	}
}

func (c *circles) cut(at *value) {
	ref := at.Get("$ref")
	name := strings.TrimPrefix(ref.Text, defsPrefix)
	c.r.warnf(ref, "circular-schema", "remove the reference, or put it under a property, items or oneOf", "schema %q includes itself; the reference says nothing and is left out", clip(name))
	kept := make([]value, 0, len(at.Kids))
	for i := range at.Kids {
		if at.Kids[i].Key != "$ref" {
			kept = append(kept, at.Kids[i])
		}
	}
	at.Kids = kept
}

// applied lists the schema objects with a $ref that apply to the same value as
// v does, unconditionally.
func applied(v *value, to []*value) []*value {
	if !v.Is(definition.Object) {
		return to
	}
	if v.Has("$ref") {
		to = append(to, v)
	}
	if all := v.Get("allOf"); all.Is(definition.Array) {
		for i := range all.Kids {
			to = applied(&all.Kids[i], to)
		}
	}
	return to
}
