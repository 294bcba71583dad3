package api

import "github.com/mimus-dev/mimus/internal/definition"

// swaggerSchemes writes security schemes as those of 2.0, without those that it
// hasn't.
func swaggerSchemes(list *definition.Value) definition.Value {
	out := definition.NewObject()
	for i := range list.Len() {
		if s, ok := swaggerScheme(&list.Kids[i]); ok {
			if d := list.Kids[i].Get("description"); d != nil {
				setMember(&s, "description", *d)
			}
			setMember(&out, list.Kids[i].Key, s)
		}
	}
	return out
}

func texts(pairs ...string) definition.Value {
	v := definition.NewObject()
	for i := 0; i+1 < len(pairs); i += 2 {
		setMember(&v, pairs[i], definition.NewString(pairs[i+1]))
	}
	return v
}

func swaggerScheme(s *definition.Value) (definition.Value, bool) {
	switch s.Get("type").Str() {
	case "http":
		if s.Get("scheme").Str() == "basic" {
			return texts("type", "basic"), true
		}
		return texts("type", "apiKey", "name", "Authorization", "in", "header"), true
	case "apiKey":
		in := s.Get("in").Str()
		return texts("type", "apiKey", "name", s.Get("name").Str(), "in", in), in == "header" || in == "query"
	case "oauth2":
		return swaggerFlow(s.Get("flows"))
	}
	return definition.Value{}, false
}

// swaggerFlow takes the first flow: 2.0 has one for each scheme.
func swaggerFlow(flows *definition.Value) (definition.Value, bool) {
	if flows.Len() == 0 {
		return definition.Value{}, false
	}
	f := &flows.Kids[0]
	name, ok := map[string]string{"authorizationCode": "accessCode", "clientCredentials": "application", "password": "password", "implicit": "implicit"}[f.Key]
	if !ok {
		return definition.Value{}, false
	}
	out := texts("type", "oauth2", "flow", name)
	for _, member := range [...]string{"authorizationUrl", "tokenUrl"} {
		if v := f.Get(member); v != nil {
			setMember(&out, member, *v)
		}
	}
	scopes := definition.NewObject()
	if v := f.Get("scopes"); v.Is(definition.Object) {
		scopes = *v
	}
	setMember(&out, "scopes", scopes)
	return out, true
}

// swaggerSecurity leaves out requirements of schemes that are gone.
func swaggerSecurity(list, schemes *definition.Value) definition.Value {
	out := definition.NewArray()
	for i := range list.Len() {
		known := true
		for j := range list.Kids[i].Kids {
			known = known && schemes.Has(list.Kids[i].Kids[j].Key)
		}
		if known {
			out.Kids = append(out.Kids, list.Kids[i])
		}
	}
	return out
}
