package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// authOf makes an auth of the first requirement that a collection can express;
// nil where there is none. Of a requirement its first scheme counts.
func authOf(all []definition.Requirement) *postman.Auth {
	for _, r := range all {
		if len(r) == 0 {
			return &postman.Auth{Type: "noauth"}
		}
		if s := r[0].Scheme; s != nil {
			if a := schemeAuth(s); a != nil {
				return a
			}
		}
	}
	return nil
}

// auth is that of an operation. It tells of schemes that have no form in a
// collection.
func (w *assembly) auth(op *definition.Operation) *postman.Auth {
	a := authOf(op.Security)
	if a == nil && len(op.Security) > 0 {
		name := op.Security[0][0].Name
		w.note(op, "auth-not-carried", "a collection has no form for the security scheme \""+name+"\"; requests inherit the collection's auth",
			"add what it asks for to the requests, in Postman")
	}
	return a
}

func schemeAuth(s *definition.SecurityScheme) *postman.Auth {
	switch s.Type {
	case "http":
		switch strings.ToLower(s.Scheme) {
		case "basic":
			return authWith("basic", "username", "{{basicAuthUsername}}", "password", "{{basicAuthPassword}}")
		case "bearer":
			return authWith("bearer", "token", "{{bearerToken}}")
		case "digest":
			return authWith("digest", "username", "{{digestAuthUsername}}", "password", "{{digestAuthPassword}}", "realm", "{{realm}}")
		case "oauth", "oauth1":
			a := authWith("oauth1", "consumerSecret", "{{consumerSecret}}", "consumerKey", "{{consumerKey}}")
			a.Schemes[0].Params = append(a.Schemes[0].Params, postman.AuthParam{Key: "addParamsToHeader", Value: definition.NewBool(true), Type: "boolean"})
			return a
		}
	case "apiKey":
		in := "header"
		if s.In == definition.InQuery {
			in = "query"
		}
		return authWith("apikey", "key", s.Name, "value", "{{apiKey}}", "in", in)
	case "oauth2":
		return authWith("oauth2", oauth2Params(s)...)
	}
	return nil
}

// grants are the flows of OpenAPI by their names in a collection.
var grants = map[string]string{
	"authorizationCode": "authorization_code",
	"implicit":          "implicit",
	"password":          "password_credentials",
	"clientCredentials": "client_credentials",
}

// oauth2Params are the attributes of the first flow, as keys and values.
func oauth2Params(s *definition.SecurityScheme) []string {
	if len(s.Flows) == 0 {
		return nil
	}
	f := s.Flows[0]
	grant := grants[f.Name]
	if grant == "" {
		return nil
	}
	var kv []string
	add := func(key, value string) {
		if value != "" {
			kv = append(kv, key, value)
		}
	}
	add("scope", strings.Join(f.Scopes, " "))
	add("redirect_uri", f.RefreshURL) // Postman's converter puts it there
	if grant != "implicit" {
		add("accessTokenUrl", f.TokenURL)
	}
	if grant == "implicit" || grant == "authorization_code" {
		add("authUrl", f.AuthorizationURL)
	}
	return append(kv, "grant_type", grant)
}

func authWith(kind string, kv ...string) *postman.Auth {
	s := postman.AuthScheme{Type: kind, Params: []postman.AuthParam{}}
	for i := 0; i+1 < len(kv); i += 2 {
		s.Params = append(s.Params, postman.AuthParam{Key: kv[i], Value: definition.NewString(kv[i+1]), Type: "string"})
	}
	return &postman.Auth{Type: kind, Schemes: []postman.AuthScheme{s}}
}

// credentials are the fields by which a saved request shows its auth.
func credentials(a *postman.Auth) (header, query []*postman.Field) {
	if a == nil {
		return nil, nil
	}
	about := postman.NewDescription("Added as a part of security scheme: " + a.Type)
	text := ""
	switch a.Type {
	case "apikey":
		f := &postman.Field{Key: a.Param("key"), Value: "<API Key>", Description: about}
		if a.Param("in") == "query" {
			return nil, []*postman.Field{f}
		}
		return []*postman.Field{f}, nil
	case "basic":
		text = "Basic <credentials>"
	case "bearer":
		text = "Bearer <token>"
	case "digest":
		text = "Digest <credentials>"
	case "oauth1":
		text = "OAuth <credentials>"
	case "oauth2":
		text = "<token>"
	default:
		return nil, nil
	}
	return []*postman.Field{{Key: "Authorization", Value: text, Description: about}}, nil
}
