package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// servers reads the document's servers; 2.0 makes one of schemes, host and
// basePath.
func (r *reader) servers(root *value) {
	if r.version > v20 {
		r.def.Servers = r.serverList(root.Get("servers"))
		return
	}
	host, base := root.Get("host").Str(), root.Get("basePath").Str()
	if host == "" && base == "" {
		return
	}
	if base != "" && !strings.HasPrefix(base, "/") {
		base = "/" + base
	}
	if host == "" {
		r.def.Servers = []definition.Server{{URL: base}}
		return
	}
	schemes := r.list(root.Get("schemes"), "\"schemes\"")
	if schemes.Len() == 0 {
		r.def.Servers = []definition.Server{{URL: "https://" + host + base}}
		return
	}
	for i := range schemes.Kids {
		r.def.Servers = append(r.def.Servers, definition.Server{URL: schemes.Kids[i].Text + "://" + host + base})
	}
}

// serverList reads an array of Server Objects; nil where there is none.
func (r *reader) serverList(v *value) []definition.Server {
	if v = r.list(v, "\"servers\""); v == nil {
		return nil
	}
	var out []definition.Server
	for i := range v.Kids {
		s := &v.Kids[i]
		if !s.Get("url").Is(definition.String) {
			r.warnf(s, "server-without-url", "add a \"url\"", "a server has no \"url\"; it is left out")
			continue
		}
		if !r.spend(s, 100) {
			return out
		}
		server := definition.Server{Name: s.Get("name").Str(), URL: s.Get("url").Str()}
		if vars := r.object(s.Get("variables"), "\"variables\" of a server"); vars != nil {
			for j := range vars.Kids {
				x := &vars.Kids[j]
				sv := definition.ServerVariable{Name: x.Key, Default: text(x.Get("default"))}
				if enum := x.Get("enum"); enum.Is(definition.Array) {
					for k := range enum.Kids {
						sv.Enum = append(sv.Enum, text(&enum.Kids[k]))
					}
				}
				server.Variables = append(server.Variables, sv)
			}
		}
		out = append(out, server)
	}
	return out
}

// securitySchemes reads the named schemes of the document.
func (r *reader) securitySchemes(root *value) {
	all := r.components(root, "securitySchemes")
	if r.version == v20 {
		all = root.Get("securityDefinitions")
	}
	if !all.Is(definition.Object) {
		return
	}
	for i := range all.Kids {
		name := all.Kids[i].Key
		if isExtension(&all.Kids[i]) {
			continue
		}
		r.schemes[name] = nil // known, even where it is broken
		if v := r.object(r.deref(&all.Kids[i], "security scheme "+clip(name)), "security scheme "+clip(name)); v != nil {
			r.schemes[name] = r.securityScheme(v, name)
		}
	}
}

// components gives the map of one kind of components, which may lie behind
// references.
func (r *reader) components(root *value, kind string) *value {
	return r.deref(r.deref(root.Get("components"), "\"components\"").Get(kind), "\"components."+kind+"\"")
}

func (r *reader) securityScheme(v *value, name string) *definition.SecurityScheme {
	s := &definition.SecurityScheme{
		Type:   v.Get("type").Str(),
		Scheme: strings.ToLower(v.Get("scheme").Str()),
		In:     definition.In(v.Get("in").Str()),
		Name:   v.Get("name").Str(),
	}
	switch s.Type {
	case "basic": // 2.0
		s.Type, s.Scheme = "http", "basic"
	case "apiKey":
		if s.Name == "" || (s.In != definition.InHeader && s.In != definition.InQuery && s.In != definition.InCookie) {
			r.errorf(v, "bad-security-scheme", "give it \"name\", and \"in\" as header, query or cookie", "the API key %q doesn't say where it is carried; it is not checked", clip(name))
			return nil
		}
	case "http":
		if s.Scheme == "" {
			r.errorf(v, "bad-security-scheme", "set \"scheme\" to bearer, basic or another scheme of HTTP", "security scheme %q has no \"scheme\"; it is not checked", clip(name))
			return nil
		}
	case "oauth2":
		s.Flows = r.flows(v)
	case "openIdConnect", "mutualTLS":
	case "":
		r.errorf(v, "bad-security-scheme", "set \"type\" to apiKey, http, oauth2, openIdConnect or mutualTLS", "security scheme %q has no \"type\"; it is not checked", clip(name))
		return nil
	default:
		r.errorf(v, "bad-security-scheme", "use apiKey, http, oauth2, openIdConnect or mutualTLS", "security scheme %q has the unknown type %q; it is not checked", clip(name), clip(s.Type))
		return nil
	}
	return s
}

// flows reads the flows of OAuth 2.0; OpenAPI 2.0 has one, under other names.
func (r *reader) flows(v *value) []definition.Flow {
	if r.version == v20 {
		name := v.Get("flow").Str()
		switch name {
		case "application":
			name = "clientCredentials"
		case "accessCode":
			name = "authorizationCode"
		}
		return []definition.Flow{flow(name, v)}
	}
	var out []definition.Flow
	if all := r.object(v.Get("flows"), "\"flows\""); all != nil {
		for i := range all.Kids {
			if kid := &all.Kids[i]; kid.Is(definition.Object) && !strings.HasPrefix(kid.Key, "x-") {
				out = append(out, flow(kid.Key, kid))
			}
		}
	}
	return out
}

func flow(name string, v *value) definition.Flow {
	f := definition.Flow{
		Name:             name,
		AuthorizationURL: v.Get("authorizationUrl").Str(),
		TokenURL:         v.Get("tokenUrl").Str(),
		RefreshURL:       v.Get("refreshUrl").Str(),
	}
	if scopes := v.Get("scopes"); scopes.Is(definition.Object) {
		for i := range scopes.Kids {
			f.Scopes = append(f.Scopes, scopes.Kids[i].Key)
		}
	}
	return f
}

// security reads a list of Security Requirement Objects, an array or nil. An
// empty list asks for nothing.
func (r *reader) security(v *value) []definition.Requirement {
	if v.Len() == 0 {
		return nil
	}
	var out []definition.Requirement
	for i := range v.Kids {
		x := r.object(&v.Kids[i], "a security requirement")
		if x == nil || !r.spend(x, 100*(1+x.Len())) {
			continue
		}
		req := definition.Requirement{}
		for j := range x.Kids {
			kid := &x.Kids[j]
			scheme := r.schemes[kid.Key]
			if scheme == nil {
				scheme = r.schemeByReference(kid)
			}
			rs := definition.RequiredScheme{Name: kid.Key, Scheme: scheme}
			if kid.Is(definition.Array) {
				for k := range kid.Kids {
					rs.Scopes = append(rs.Scopes, kid.Kids[k].Text)
				}
			}
			req = append(req, rs)
		}
		out = append(out, req)
	}
	return out
}

// schemeByReference finds a scheme that is required by a URI instead of its
// name (OpenAPI 3.2).
func (r *reader) schemeByReference(kid *value) *definition.SecurityScheme {
	if strings.ContainsAny(kid.Key, "#/") && r.version >= v32 {
		ref := value{Kind: definition.String, Text: kid.Key, File: kid.File, Pos: kid.Pos}
		if v, err := r.lookup(&ref); err == nil {
			if v = r.deref(v, "security scheme "+clip(kid.Key)); v.Is(definition.Object) {
				s := r.securityScheme(v, kid.Key)
				r.schemes[kid.Key] = s
				return s
			}
		}
	}
	if _, known := r.schemes[kid.Key]; !known {
		r.errorf(kid, "unknown-security-scheme", "define it under securitySchemes or correct the name", "security scheme %q is not defined; it is not checked", clip(kid.Key))
	}
	return nil
}
