package convert

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/schema"
)

// defaultSeed is what the ids of a mock come from where nothing else is asked
// for.
const defaultSeed = "mimus"

// world is what a mock of the document has at the start.
type world struct {
	model *resource.Model
	state *resource.State
	used  map[string]map[string]bool // ids that requests name, by their place
}

// settle makes the world, and notes the ids that requests name which don't
// delete or rename them: others are, where there are any, so that a run of the
// whole collection doesn't ask for what it deleted.
func (w *assembly) settle() {
	faker := schema.ReadFaker(w.def.Faker)
	model := resource.Infer(w.def, w.set, &faker)
	if len(model.Resources) == 0 {
		return
	}
	w.world = &world{model: model, state: resource.NewState(model, resource.Config{Seed: defaultSeed}), used: map[string]map[string]bool{}}
	for _, op := range w.def.Operations {
		role := model.Role(op)
		if role == nil {
			continue
		}
		values, ok := w.firstValues(role)
		if !ok {
			continue
		}
		others := w.world.state.Others(role, values)
		if w.ends(role, values) {
			if i := lastNamed(others); i >= 0 {
				others = others[:i]
			}
		}
		for i := range others {
			w.world.use(others[i].Place, values[i])
		}
	}
}

// ends reports whether there is nothing by the id anymore after an operation:
// it deletes, or its body has another.
func (w *assembly) ends(role *resource.Role, values []string) bool {
	name := w.world.state.Renames(role)
	if name == "" {
		return role.Kind == resource.Delete
	}
	for _, m := range role.Op.Body.Content {
		if m.Schema != nil {
			return plainText(w.bodies.value(m.Schema, schema.Request).Get(name)) != values[len(values)-1]
		}
	}
	return false
}

func (w *world) use(place, id string) {
	if w.used[place] == nil {
		w.used[place] = map[string]bool{}
	}
	w.used[place][id] = true
}

// lastNamed is the last variable that names something; -1 where none does.
func lastNamed(others []resource.Others) int {
	for i := len(others) - 1; i >= 0; i-- {
		if len(others[i].IDs) > 0 {
			return i
		}
	}
	return -1
}

// firstValues are the values of an operation's path variables in their order.
func (w *assembly) firstValues(role *resource.Role) ([]string, bool) {
	names := templateNames(role.Op.Path)
	if len(names) == 0 {
		return nil, false
	}
	known := make([]string, len(names))
	for i, name := range names {
		known[i] = w.serverDefault(role.Op, name)
		if p := pathParameter(role.Op, name); p != nil {
			known[i] = plainText(w.parameterValue(p, ""))
		}
	}
	values, ok := w.world.state.FirstValues(role, known...)
	return values, ok && len(values) == len(names)
}

// there are values of an operation's path variables that name something which
// a mock has; nil where nothing is known of it. Each call for an operation
// that deletes or renames gives another, as long as there are any.
func (w *assembly) there(op *definition.Operation) map[string]string {
	if w.world == nil {
		return nil
	}
	role := w.world.model.Role(op)
	if role == nil {
		return nil
	}
	values, ok := w.firstValues(role)
	if !ok {
		return nil
	}
	if w.ends(role, values) {
		others := w.world.state.Others(role, values)
		if at := lastNamed(others); at >= 0 {
			place, ids := others[at].Place, others[at].IDs
			if role.Kind != resource.Delete { // renames begin at the other end
				slices.Reverse(ids)
			}
			if i := slices.IndexFunc(ids, func(id string) bool { return !w.world.used[place][id] }); i >= 0 {
				values[at] = ids[i]
			}
			w.world.use(place, values[at])
		}
	}
	out := make(map[string]string, len(values))
	for i, name := range templateNames(op.Path) {
		p := pathParameter(op, name)
		if p == nil {
			continue
		}
		if p.Style != "simple" && p.Style != "" || p.Schema == nil {
			return nil
		}
		s := w.set.Compile(p.Schema)
		if v := s.FromText(values[i]); !s.Valid(&v, schema.Request) {
			return nil
		}
		out[name] = values[i]
	}
	return out
}

// pathFields are a path parameter as a request has it.
func (w *assembly) pathFields(d *draft, p *definition.Parameter, example string) []*postman.Field {
	fields := w.parameter(p, example)
	if value, ok := d.there[p.Name]; ok && len(fields) == 1 && (example == "" || !slices.ContainsFunc(p.Examples, func(e definition.Example) bool { return strings.EqualFold(e.Name, example) })) {
		fields[0].Value = pathEscapes.Replace(value)
	}
	return fields
}

// disable disables what a request to something that lives can only know of an
// answer before: where a page of a list begins, and of which version a change
// is.
func (w *assembly) disable(op *definition.Operation, in definition.In, fields []*postman.Field) {
	if w.world == nil {
		return
	}
	role := w.world.model.Role(op)
	if role == nil {
		return
	}
	for _, f := range fields {
		switch in {
		case definition.InQuery:
			f.Disabled = f.Disabled || slices.Contains(w.world.state.Cursors(role), f.Key)
		case definition.InHeader:
			f.Disabled = f.Disabled || strings.EqualFold(f.Key, "If-Match") || strings.EqualFold(f.Key, "If-Unmodified-Since")
		}
	}
}

// templateNames are the variables of a path template, in their order.
func templateNames(template string) []string {
	var out []string
	for {
		_, after, ok := strings.Cut(template, "{")
		name, rest, closed := strings.Cut(after, "}")
		if !ok || !closed {
			return out
		}
		out = append(out, strings.TrimRight(name, "*+"))
		template = rest
	}
}

func pathParameter(op *definition.Operation, name string) *definition.Parameter {
	for _, p := range op.Parameters {
		if p.In == definition.InPath && p.Name == name {
			return p
		}
	}
	return nil
}
