package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// readFields takes the parameters out of the list that select fields: a list
// of texts, or an object of such lists by type (JSON:API 1.1, 6.4).
func (p *Plan) readFields(params []*definition.Parameter) []*definition.Parameter {
	s := p.props.shapes
	var rest []*definition.Parameter
	for _, param := range params {
		t := s.types(schemaOf(param))
		if t&typeArray != 0 {
			t = s.types(s.items(schemaOf(param)))
		}
		if isFields(param.Name) && t&(typeNumber|typeBool) == 0 && (fold(param.Name) == "fields" || !p.declares(param)) {
			p.Fields = append(p.Fields, param.Name)
			continue
		}
		rest = append(rest, param)
	}
	return rest
}

func isFields(name string) bool {
	if base, _, ok := strings.Cut(name, "["); ok && base == "fields" {
		return true
	}
	switch fold(name) {
	case "fields", "field", "select", "optfields", "includefields", "onlyfields", "attributes", "fieldmask", "selectfields", "returnfields", "resultfields":
		return true
	}
	return false
}

// maxFields bounds the fields that one request selects.
const maxFields = 500

// fieldsOf gives the names of a value that selects fields.
func fieldsOf(v *definition.Value, list []string) []string {
	switch v.Kind {
	case definition.Array, definition.Object:
		for i := range v.Kids {
			list = fieldsOf(&v.Kids[i], list)
		}
	default:
		for _, name := range strings.FieldsFunc(v.Text, func(r rune) bool { return r == ',' || r == ' ' || r == '|' }) {
			if len(list) < maxFields {
				list = append(list, strings.TrimPrefix(name, "this."))
			}
		}
	}
	return list
}

// Project gives the item with the fields that the request selects and those
// that keep reports, which is asked for members of the item itself. Without a
// selection it is the item. Values are shared with it.
func (q *Query) Project(item *definition.Value, keep func(name string) bool) definition.Value {
	if len(q.Fields) == 0 || !item.Is(definition.Object) || slices.Contains(q.Fields, "*") {
		return *item
	}
	fields := q.Fields
	if attributes := item.Get("attributes"); attributes.Is(definition.Object) {
		fields = slices.Clone(fields)
		for i, name := range fields {
			first, _, _ := strings.Cut(name, ".")
			if !item.Has(first) && attributes.Has(first) {
				fields[i] = "attributes." + name
			}
		}
	}
	return project(item, fields, keep, 0)
}

func project(v *definition.Value, fields []string, keep func(string) bool, depth int) definition.Value {
	out := *v
	out.Kids = nil
	for i := range v.Kids {
		kid := &v.Kids[i]
		below, whole := selected(fields, kid.Key)
		switch {
		case whole || keep != nil && keep(kid.Key):
			out.Kids = append(out.Kids, *kid)
		case len(below) > 0:
			out.Kids = append(out.Kids, projectBelow(kid, below, depth+1))
		}
	}
	return out
}

// projectBelow selects inside of a member. What identifies it stays, because
// no caller can tell what is required there.
func projectBelow(v *definition.Value, fields []string, depth int) definition.Value {
	if depth > maxDepth {
		return *v
	}
	switch v.Kind {
	case definition.Object:
		return project(v, fields, func(name string) bool { return slices.Contains(identities()[:6], name) || name == "type" }, depth)
	case definition.Array:
		out := *v
		out.Kids = make([]definition.Value, len(v.Kids))
		for i := range v.Kids {
			out.Kids[i] = projectBelow(&v.Kids[i], fields, depth+1)
		}
		return out
	}
	return *v
}

// selected gives what the fields select below a member, and whether they
// select all of it.
func selected(fields []string, key string) (below []string, whole bool) {
	for _, name := range fields {
		if name == key {
			return nil, true
		}
		if rest, ok := strings.CutPrefix(name, key); ok && len(rest) > 1 && (rest[0] == '.' || rest[0] == '/') {
			below = append(below, rest[1:])
		}
	}
	return below, false
}
