package postman

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// folderFields reads a list of {key, value, description, disabled} or a
// mapping of keys to values, in which a list stands for a field each.
func folderFields(v *definition.Value) []*Field {
	fields := make([]*Field, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		switch {
		case v.Kind == definition.Array:
			fields = append(fields, folderField(kid))
		case kid.Kind == definition.Array:
			for j := range kid.Kids {
				fields = append(fields, folderPair(kid.Key, &kid.Kids[j]))
			}
		default:
			fields = append(fields, folderPair(kid.Key, kid))
		}
	}
	return fields
}

func folderField(v *definition.Value) *Field {
	m := membersOf(v)
	f := &Field{
		Key:         m.plain("key"),
		Description: m.describe(),
		Disabled:    m.disabled(),
		Type:        m.text("type"),
		Src:         m.take("src"),
		ContentType: m.text("contentType"),
	}
	if f.Value = m.text("value"); f.Value == "" {
		if value, _ := m.find("value"); value != nil && value.Kind != definition.String {
			f.Value, f.Literal = scalar(value), m.take("value")
		}
	}
	f.Extra = m.rest()
	return f
}

// folderPair reads a mapping's member.
func folderPair(key string, v *definition.Value) *Field {
	f := folderField(folderEntry(v))
	f.Key = key
	return f
}

// folderEntry gives the entry of a list that a mapping's member stands for: a
// mapping that has more than a value to say is one already.
func folderEntry(v *definition.Value) *definition.Value {
	if v.Is(definition.Object) && (v.Has("value") || v.Has("src") || v.Get("disabled").Is(definition.Bool) || v.Get("enabled").Is(definition.Bool)) {
		return v
	}
	entry := definition.NewObject(v.With("value"))
	return &entry
}

// folderVariables reads a list of {key, value, …} or a mapping of keys to
// values.
func folderVariables(v *definition.Value) []*Variable {
	vars := make([]*Variable, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Array {
			vars = append(vars, folderVariable(kid))
			continue
		}
		one := folderVariable(folderEntry(kid))
		one.Key = kid.Key
		vars = append(vars, one)
	}
	return vars
}

func folderVariable(v *definition.Value) *Variable {
	m := membersOf(v)
	one := &Variable{
		ID:          m.text("id"),
		Key:         m.plain("key"),
		Value:       m.take("value"),
		Type:        m.text("type"),
		Name:        m.text("name"),
		Description: m.describe(),
		Disabled:    m.disabled(),
	}
	one.Extra = m.rest()
	return one
}

// folderMoreAuths is the member of an auth's Extra that has the further ones
// of a list.
const folderMoreAuths = "auths"

// folderAuth takes the auth: {type, credentials}, the flat {type, token: …},
// or a list of which the first is in use. Type "inherit" is what having none
// means.
func folderAuth(m *members) *Auth {
	v, _ := m.find("auth")
	var more []definition.Value
	if v.Is(definition.Array) && len(v.Kids) > 0 {
		v, more = &v.Kids[0], v.Kids[1:]
	}
	if !v.Is(definition.Object) || v.Get("type").Str() == "" {
		return nil
	}
	m.take("auth")
	in := membersOf(v)
	a := &Auth{Type: in.text("type")}
	if a.Type == "inherit" && len(more) == 0 {
		return nil
	}
	if params, ok := folderCredentials(&in, a.Type); ok {
		a.Schemes = []AuthScheme{{Type: a.Type, Params: params}}
	}
	a.Extra = in.rest()
	if len(more) > 0 {
		a.Extra = append(a.Extra, definition.NewArray(more...).With(folderMoreAuths))
	}
	return a
}

// folderCredentials takes the attributes of an auth; ok is false where it has
// none.
func folderCredentials(in *members, kind string) (params []AuthParam, ok bool) {
	for _, key := range []string{"credentials", kind} {
		if v := in.list(key); v != nil {
			return folderParams(v), true
		}
	}
	for i := range in.object.Kids {
		kid := &in.object.Kids[i]
		switch kid.Key {
		case "type", "id", "name", "credentials", folderMoreAuths:
			continue
		}
		in.taken[i] = true
		params = append(params, AuthParam{Key: kid.Key, Value: kid.With("value")})
	}
	return params, len(params) > 0
}

func folderParams(v *definition.Value) []AuthParam {
	params := make([]AuthParam, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Object {
			params = append(params, AuthParam{Key: kid.Key, Value: kid.With("value")})
			continue
		}
		m := membersOf(kid)
		p := AuthParam{Key: m.plain("key"), Type: m.text("type"), Value: definition.NewNull(), Missing: true}
		if value := m.take("value"); value != nil {
			p.Value, p.Missing = *value, false
		}
		p.Extra = m.rest()
		params = append(params, p)
	}
	return params
}

// folderScripts takes the scripts: a list of {type, language, code}, or a
// mapping of types to code.
func folderScripts(m *members) []*Event {
	v := m.list("scripts")
	if v == nil {
		return nil
	}
	events := make([]*Event, 0, len(v.Kids))
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Array {
			events = append(events, folderScript(kid))
			continue
		}
		entry := kid
		if kid.Kind != definition.Object {
			bare := definition.NewObject(kid.With("code"))
			entry = &bare
		}
		e := folderScript(entry)
		e.Listen = folderListen(kid.Key)
		events = append(events, e)
	}
	return events
}

// folderListen gives the name that the older formats have for a script's type.
func folderListen(kind string) string {
	switch strings.TrimPrefix(kind, "http:") {
	case "beforeRequest":
		return "prerequest"
	case "afterResponse":
		return "test"
	}
	return kind
}

func folderScript(v *definition.Value) *Event {
	m := membersOf(v)
	e := &Event{Listen: folderListen(m.text("type")), Disabled: m.disabled()}
	s := &Script{ID: m.text("id"), Type: m.text("language")}
	code, _ := m.find("code")
	switch {
	case folderIsScalar(code):
		m.take("code")
		s.Exec = strings.Split(code.Text, "\n")
	case folderIsTexts(code):
		m.take("code")
		s.Exec = make([]string, 0, len(code.Kids))
		for i := range code.Kids {
			s.Exec = append(s.Exec, code.Kids[i].Text)
		}
	}
	s.Extra = m.rest()
	if s.ID != "" || s.Type != "" || s.Exec != nil || s.Extra != nil {
		e.Script = s
	}
	return e
}

func folderIsTexts(v *definition.Value) bool {
	if !v.Is(definition.Array) {
		return false
	}
	for i := range v.Kids {
		if !folderIsScalar(&v.Kids[i]) {
			return false
		}
	}
	return true
}
