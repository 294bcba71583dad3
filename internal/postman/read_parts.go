package postman

import (
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// auth reads how requests are authorised.
func (r *reader) auth(m *members) *Auth {
	v := m.kind("auth", definition.Object)
	if v == nil {
		return nil
	}
	in := membersOf(v)
	a := &Auth{Type: in.text("type")}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if in.taken[i] || kid.Kind != definition.Array && kid.Kind != definition.Object || kid.Key == "type" {
			continue
		}
		if params, ok := authParams(kid); ok {
			in.taken[i] = true
			a.Schemes = append(a.Schemes, AuthScheme{Type: kid.Key, Params: params})
		}
	}
	a.Extra = in.rest()
	return a
}

// authParams reads attributes as a list (2.1.0) or as an object (2.0.0).
func authParams(v *definition.Value) ([]AuthParam, bool) {
	out := make([]AuthParam, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Object {
			out = append(out, AuthParam{Key: kid.Key, Value: *kid})
			continue
		}
		if kid.Kind != definition.Object || !kid.Get("key").Is(definition.String) {
			return nil, false
		}
		m := membersOf(kid)
		p := AuthParam{Key: kid.Get("key").Text, Type: m.text("type")}
		_, at := m.find("key")
		m.taken[at] = true
		if val, at := m.find("value"); val != nil {
			p.Value, m.taken[at] = *val, true
		} else {
			p.Value = definition.Value{Kind: definition.Null}
			p.Missing = true
		}
		p.Extra = m.rest()
		out = append(out, p)
	}
	return out, true
}

// events reads the scripts.
func (r *reader) events(m *members) []*Event {
	list := m.kind("event", definition.Array)
	if list == nil {
		return nil
	}
	out := make([]*Event, 0, len(list.Kids))
	for i := range list.Kids {
		if list.Kids[i].Kind != definition.Object {
			continue
		}
		in := membersOf(&list.Kids[i])
		e := &Event{Listen: in.text("listen"), Disabled: in.yes("disabled")}
		if text := in.kind("script", definition.String); text != nil {
			e.Script = &Script{Exec: []string{text.Text}, Plain: true}
		} else if s := in.kind("script", definition.Object); s != nil {
			e.Script = script(s)
		}
		e.Extra = in.rest()
		out = append(out, e)
	}
	return out
}

func script(v *definition.Value) *Script {
	m := membersOf(v)
	s := &Script{ID: m.text("id"), Type: m.text("type")}
	if line := m.kind("exec", definition.String); line != nil {
		s.Exec, s.Line = []string{line.Text}, true
	} else if list := m.kind("exec", definition.Array); list != nil {
		s.Exec = make([]string, 0, len(list.Kids))
		for i := range list.Kids {
			s.Exec = append(s.Exec, scalar(&list.Kids[i]))
		}
	}
	s.Extra = m.rest()
	return s
}

// variables reads a list of variables under either of two names.
func (r *reader) variables(m *members, key, other string) []*Variable {
	list := m.kind(key, definition.Array)
	if list == nil && other != "" {
		if list, _ = m.find(other); !list.Is(definition.Array) || len(list.Kids) == 0 {
			return nil // an empty one of the other name stays as it is
		}
		list = m.kind(other, definition.Array)
	}
	if list == nil {
		return nil
	}
	out := make([]*Variable, 0, len(list.Kids))
	for i := range list.Kids {
		kid := &list.Kids[i]
		if kid.Kind != definition.Object {
			r.warn(kid, "variable-shape", fmt.Sprintf("variable %d is a %s, it is left out", i+1, kid.Kind), "a variable is {\"key\": …, \"value\": …}")
			continue
		}
		out = append(out, r.variable(kid))
	}
	return out
}

func (r *reader) variable(v *definition.Value) *Variable {
	m := membersOf(v)
	out := &Variable{ID: m.text("id"), Key: m.text("key"), Type: m.text("type"), Name: m.text("name"), Disabled: m.yes("disabled")}
	if val, at := m.find("value"); val != nil {
		out.Value, m.taken[at] = val, true
	}
	out.Description = r.description(&m, "description")
	out.Extra = m.rest()
	return out
}

// description reads a text or {"content": …, "type": …}.
func (r *reader) description(m *members, key string) *Description {
	if s := m.text(key); s != "" {
		return &Description{Text: s}
	}
	v := m.kind(key, definition.Object)
	if v == nil {
		return nil
	}
	in := membersOf(v)
	return &Description{Object: true, Text: in.text("content"), Type: in.text("type"), Extra: in.rest()}
}
