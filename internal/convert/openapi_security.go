package convert

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// requirement is one way to be authorised: a scheme, or none.
type requirement struct {
	scheme string // "" for none
	scopes []string
}

// requirements are the ways to be authorised, any of which will do. Nil says
// that nothing is asked.
type requirements struct {
	list []requirement
}

func (r *requirements) add(x requirement) {
	for _, have := range r.list {
		if have.scheme == x.scheme {
			return
		}
	}
	r.list = append(r.list, x)
}

// value writes the list. Where nothing is asked it is empty.
func (r *requirements) value() definition.Value {
	list := definition.NewArray()
	if r == nil {
		return list
	}
	for _, x := range r.list {
		var v tree
		if x.scheme != "" {
			scopes := definition.NewArray()
			for _, s := range x.scopes {
				scopes.Kids = append(scopes.Kids, definition.NewString(s))
			}
			v.put(x.scheme, scopes)
		}
		list.Kids = append(list.Kids, v.object())
	}
	return list
}

func (r *requirements) equal(other *requirements) bool {
	a, b := r.value(), other.value()
	return bytes.Equal(a.AppendJSON(nil), b.AppendJSON(nil))
}

// schemeTable keeps the security schemes, each of them once.
type schemeTable struct {
	list   []definition.Value
	byText map[string]int // the place in the list by the scheme as JSON
	byName map[string]int
	names  uniqueNames
}

// name gives the name of a scheme, which is added where it is new.
func (t *schemeTable) name(wanted string, v definition.Value) string {
	if t.byText == nil {
		t.byText, t.byName, t.names = map[string]int{}, map[string]int{}, uniqueNames{}
	}
	text := string(v.AppendJSON(nil))
	if i, ok := t.byText[text]; ok {
		return t.list[i].Key
	}
	name := t.names.take(wanted)
	t.byText[text], t.byName[name] = len(t.list), len(t.list)
	t.list = append(t.list, v.With(name))
	return name
}

func (t *schemeTable) get(name string) *definition.Value {
	if i, ok := t.byName[name]; ok {
		return &t.list[i]
	}
	return nil
}

func (t *schemeTable) value() definition.Value { return definition.NewObject(t.list...) }

// generalSecurity is what the collection's auth asks of every request.
func (w *inference) generalSecurity(c *postman.Collection) *requirements {
	if !states(c.Auth) {
		return nil
	}
	root := newScope(newEnvironment(w.options.Variables), c.Variables)
	x, ok := w.require(c.Auth, root, c.Pos)
	if !ok {
		return nil
	}
	return &requirements{list: []requirement{x}}
}

// security is what the requests of an operation ask: each auth that one of them
// has is a way. A request without auth is one where another has one.
func (w *inference) security(op *inferred) *requirements {
	out := &requirements{}
	open := false
	for _, s := range op.samples {
		if s.repeats() {
			continue
		}
		if x, ok := w.requirementOf(s); ok {
			out.add(x)
		} else {
			open = true
		}
	}
	if len(out.list) == 0 {
		return nil
	}
	if open {
		out.add(requirement{})
	}
	return out
}

func (w *inference) requirementOf(s *sample) (requirement, bool) {
	if s.auth != nil {
		return w.require(s.auth, s.scope, s.item.Pos)
	}
	return w.requireHeader(s)
}

// requireHeader reads what an Authorization header that is written out asks.
func (w *inference) requireHeader(s *sample) (requirement, bool) {
	value := strings.TrimSpace(s.header("Authorization"))
	if value == "" {
		return requirement{}, false
	}
	scheme, _, _ := strings.Cut(value, " ")
	switch scheme = strings.ToLower(scheme); scheme {
	case "basic", "bearer", "digest":
		return requirement{scheme: w.schemes.name(scheme+"Auth", httpScheme(scheme, ""))}, true
	}
	return requirement{scheme: w.schemes.name("authorization", keyScheme("header", "Authorization", ""))}, true
}

func httpScheme(scheme, explain string) definition.Value {
	var v tree
	v.text("type", "http")
	if explain != "" {
		v.text("description", explain)
	}
	v.text("scheme", scheme)
	return v.object()
}

func keyScheme(in, name, explain string) definition.Value {
	var v tree
	v.text("type", "apiKey")
	if explain != "" {
		v.text("description", explain)
	}
	v.text("name", name)
	v.text("in", in)
	return v.object()
}

// require gives the scheme of an auth, not ok where it asks for nothing.
func (w *inference) require(a *postman.Auth, sc *scope, at definition.Position) (requirement, bool) {
	param := func(key string) string { return strings.TrimSpace(sc.resolve(a.Param(key))) }
	one := func(name string, v definition.Value) (requirement, bool) {
		return requirement{scheme: w.schemes.name(name, v)}, true
	}
	switch a.Type {
	case "noauth", "none":
		return requirement{}, false
	case "basic", "bearer", "digest":
		return one(a.Type+"Auth", httpScheme(a.Type, ""))
	case "apikey":
		return one(keyAuth(param("in"), param("key")))
	case "oauth2":
		return w.oauth2(param)
	case "oauth1":
		if in := a.Param("addParamsToHeader"); in == "false" {
			return one("oauth1Auth", keyScheme("query", "oauth_signature", "OAuth 1.0, as parameters of the query"))
		}
		return one("oauth1Auth", httpScheme("OAuth", "OAuth 1.0"))
	case "hawk":
		return one("hawkAuth", httpScheme("Hawk", "Hawk authentication"))
	case "ntlm":
		return one("ntlmAuth", httpScheme("NTLM", "NTLM authentication"))
	case "edgegrid":
		return one("edgegridAuth", httpScheme("EG1-HMAC-SHA256", "Akamai EdgeGrid"))
	case "awsv4":
		return one("awsSignature", httpScheme("AWS4-HMAC-SHA256", "AWS Signature Version 4"))
	case "jwt", "asap":
		if param("addTokenTo") == "queryParam" || param("addTokenTo") == "queryParams" {
			return one("jwtAuth", keyScheme("query", orText(param("queryParamKey"), "token"), "a JSON Web Token"))
		}
		v := httpScheme("bearer", "")
		v.Kids = append(v.Kids, definition.NewString("JWT").With("bearerFormat"))
		return one("jwtAuth", v)
	}
	w.warn(at, document.Warning, "auth-type", fmt.Sprintf("the auth type %q is not known; nothing is asked for it", a.Type), "use an auth type of Postman")
	return requirement{}, false
}

func orText(s, fallback string) string {
	if s == "" || strings.Contains(s, "{{") {
		return fallback
	}
	return s
}

func keyAuth(in, name string) (string, definition.Value) {
	if in != "query" {
		in = "header"
	}
	return "apiKeyAuth", keyScheme(in, orText(name, "X-API-Key"), "")
}

// oauth2 writes the flow where the collection has the URLs that OpenAPI demands
// of it. Without them what is left of it is a bearer token.
func (w *inference) oauth2(param func(string) string) (requirement, bool) {
	if in := param("addTokenTo"); in == "queryParams" {
		return requirement{scheme: w.schemes.name("oauth2Auth", keyScheme("query", "access_token", "OAuth 2.0 access token"))}, true
	}
	flow, authURL, tokenURL := "", param("authUrl"), param("accessTokenUrl")
	needAuth, needToken := false, true
	switch param("grant_type") {
	case "implicit":
		flow, needAuth, needToken = "implicit", true, false
	case "password_credentials", "password":
		flow = "password"
	case "client_credentials":
		flow = "clientCredentials"
	default:
		flow, needAuth = "authorizationCode", true
	}
	if needAuth && !isAddress(authURL) || needToken && !isAddress(tokenURL) {
		return requirement{scheme: w.schemes.name("bearerAuth", httpScheme("bearer", "OAuth 2.0 access token"))}, true
	}
	var scopes []string
	if text := param("scope"); !strings.Contains(text, "{{") {
		scopes = strings.Fields(text)
	}
	var f, flows, v tree
	if needAuth {
		f.text("authorizationUrl", authURL)
	}
	if needToken {
		f.text("tokenUrl", tokenURL)
	}
	if refresh := param("refreshTokenUrl"); isAddress(refresh) {
		f.text("refreshUrl", refresh)
	}
	var list tree
	for _, s := range scopes {
		if list.find(s) == nil {
			list.text(s, "")
		}
	}
	f.put("scopes", list.object())
	flows.put(flow, f.object())
	v.text("type", "oauth2")
	v.put("flows", flows.object())
	return requirement{scheme: w.schemes.name("oauth2Auth", v.object()), scopes: scopes}, true
}

func isAddress(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.Contains(s, "{{")
}

// credentialNames are the headers and query parameters that carry the keys of
// an operation's security, which are no parameters beside it.
type credentialNames map[string]bool

func (c credentialNames) has(in definition.In, name string) bool {
	return c[string(in)+" "+strings.ToLower(name)]
}

func (w *inference) credentials(op *inferred) credentialNames {
	out := credentialNames{}
	for _, x := range w.security(op).values() {
		if s := w.schemes.get(x.scheme); s.Get("type").Str() == "apiKey" {
			out[s.Get("in").Str()+" "+strings.ToLower(s.Get("name").Str())] = true
		}
	}
	return out
}

func (r *requirements) values() []requirement {
	if r == nil {
		return nil
	}
	return r.list
}
