package overlay

import "github.com/mimus-dev/mimus/internal/definition"

// projected is a value in the form that filters are decided on.
type projected struct {
	value  any
	weight int // about the number of values in it, long texts counting more
	depth  int // of the values in it
}

// project gives a value's other form. What was made is kept by the first child,
// which stays the same as long as nothing in the value changes: so after a
// change only the values around it are made again.
func (e *editor) project(v *value) projected {
	switch v.Kind {
	case definition.Array, definition.Object:
	default:
		return projected{scalar(v), 1 + len(v.Text)/16, 1}
	}
	if len(v.Kids) == 0 {
		if v.Kind == definition.Array {
			return projected{[]any{}, 1, 1}
		}
		return projected{map[string]any{}, 1, 1}
	}
	if p, ok := e.projections[&v.Kids[0]]; ok {
		return p
	}
	e.work -= len(v.Kids)
	p := e.projectKids(v)
	e.projections[&v.Kids[0]] = p
	return p
}

func (e *editor) projectKids(v *value) projected {
	out := projected{weight: 1}
	add := func(p projected) any {
		out.weight += p.weight
		out.depth = max(out.depth, p.depth)
		return p.value
	}
	if v.Kind == definition.Array {
		list := make([]any, len(v.Kids))
		for i := range v.Kids {
			list[i] = add(e.project(&v.Kids[i]))
		}
		out.value = list
	} else {
		members := make(map[string]any, len(v.Kids))
		for i := range v.Kids {
			members[v.Kids[i].Key] = add(e.project(&v.Kids[i]))
		}
		out.value = members
	}
	out.depth++
	return out
}

func scalar(v *value) any {
	switch v.Kind {
	case definition.Bool:
		return v.True()
	case definition.Number:
		f, _ := v.Float()
		return f
	case definition.String:
		return v.Text
	}
	return nil
}
