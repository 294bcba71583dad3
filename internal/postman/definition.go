package postman

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Definition gives what answering needs of the collection: its saved responses
// with the requests that they answer, in order, and its variables. Diagnostics
// name what can't be served by its path of folders.
func (c *Collection) Definition() (*definition.Definition, []document.Diagnostic) {
	d := &definer{def: &definition.Definition{
		Title: c.Name, Description: c.Description.String(), Format: "Postman collection " + string(c.Version), NoContract: true,
	}, ids: map[string]string{}}
	for i := range c.Info {
		if c.Info[i].Key == "version" {
			d.def.Version = scalar(&c.Info[i])
		}
	}
	scope := d.scope(-1, c.Variables)
	d.items(c.Items, scope)
	switch {
	case d.requests == 0:
		d.warn(c.Pos, document.Warning, "no-requests", "the collection has no requests, so that every call gets 404", "add requests with saved responses under \"item\"")
	case len(d.def.Exchanges) == 0:
		d.warn(c.Pos, document.Warning, "no-examples", "no request has a saved response, so that every call gets 404",
			"save responses as examples in Postman, or serve it with --contract, which infers a contract from the requests")
	case d.silent > 0:
		d.warn(c.Pos, document.Info, "requests-without-examples", fmt.Sprintf("%d of %d requests have no saved response, a mock does not answer them", d.silent, d.requests),
			"save responses as examples in Postman")
	}
	return d.def, d.diags
}

// definer makes a definition of a collection.
type definer struct {
	def      *definition.Definition
	diags    []document.Diagnostic
	place    []string
	ids      map[string]string // the place of each example's id
	requests int
	silent   int
}

func (d *definer) warn(at definition.Position, sev document.Severity, code, message, hint string) {
	if len(d.diags) >= maxListed {
		return
	}
	if place := placeText(d.place); place != "" {
		message = place + ": " + message
	}
	d.diags = append(d.diags, document.Diagnostic{Severity: sev, Code: code, File: at.File, Line: at.Line, Col: at.Col, Message: message, Hint: hint})
}

// scope adds a level of variables, and gives the innermost one.
func (d *definer) scope(parent int, list []*Variable) int {
	if len(list) == 0 {
		return parent
	}
	s := definition.Scope{Parent: parent}
	for _, v := range list {
		if x, ok := v.definition(); ok {
			s.Variables = append(s.Variables, x)
		}
	}
	d.def.Scopes = append(d.def.Scopes, s)
	return len(d.def.Scopes) - 1
}

// definition gives the variable as answering needs it, not ok where it has no
// name.
func (v *Variable) definition() (out definition.Variable, ok bool) {
	out = definition.Variable{Name: v.Key, Value: v.Text(), Disabled: v.Disabled, Secret: v.Type == "secret"}
	if out.Name == "" {
		out.Name = v.ID // as older files have it
	}
	if out.Name == "" {
		out.Name = v.Name
	}
	return out, out.Name != ""
}

func (d *definer) items(list []*Item, scope int) {
	for i, it := range list {
		d.place = append(d.place, nameOr(it.Name, i))
		inner := d.scope(scope, it.Variables)
		switch {
		case it.Folder:
			d.items(it.Items, inner)
		case it.Kind != "" && it.Kind != "http-request":
			d.warn(it.Pos, document.Info, "request-kind", fmt.Sprintf("a request of kind %q is kept, and not served", it.Kind), "only HTTP requests are served")
		default:
			d.request(it, inner)
		}
		d.place = d.place[:len(d.place)-1]
	}
}

// request adds the saved responses of a request.
func (d *definer) request(it *Item, scope int) {
	d.requests++
	if len(it.Examples) == 0 {
		d.silent++
	}
	for i, e := range it.Examples {
		d.place = append(d.place, exampleName(e, i))
		d.example(it, e, scope)
		d.place = d.place[:len(d.place)-1]
	}
}

func exampleName(e *Example, index int) string {
	if e.Name == "" {
		return fmt.Sprintf("example %d", index+1)
	}
	return e.Name
}

func (d *definer) example(it *Item, e *Example, scope int) {
	status, why := e.status()
	if status == 0 {
		d.warn(e.Pos, document.Warning, "example-status", "the saved response has "+why+", it is left out", "give it a \"code\" from 200 to 599")
		return
	}
	req := original(it, e)
	if req == nil || req.URL == nil {
		d.warn(e.Pos, document.Warning, "example-request", "neither the saved response nor its request has a URL, it is left out", "give the request a URL")
		return
	}
	x := &definition.Exchange{ID: e.ID, Name: e.Name, Place: placeText(d.place), Scope: scope, Pos: e.Pos}
	if x.ID == "" {
		x.ID = e.UID
	}
	for i := range e.Extra {
		if e.Extra[i].Key == "_postman_id" && x.ID == "" {
			x.ID = e.Extra[i].Str()
		}
	}
	if x.ID != "" {
		if first, doubled := d.ids[x.ID]; doubled {
			d.warn(e.Pos, document.Warning, "id-doubled", fmt.Sprintf("the id %q is also that of %s; x-mock-response-id finds the first that matches", x.ID, first), "give each saved response an id of its own")
		} else {
			d.ids[x.ID] = x.Place
		}
	}
	x.Request = saved(req)
	x.Response = definition.SavedResponse{Status: status, Reason: e.Status, Header: pairs(e.Header), Media: LanguageMedia(e.PreviewLanguage)}
	x.Response.Body, x.Response.Literal = d.responseBody(e)
	d.def.Exchanges = append(d.def.Exchanges, x)
}

// original gives the request that a saved response answers: its own, or what
// its own lacks from the item's.
func original(it *Item, e *Example) *Request {
	o := e.OriginalRequest
	switch {
	case o == nil:
		return it.Request
	case it.Request == nil || o.URL != nil && (o.Method != "" || o.Text):
		return o
	}
	merged := *o
	if merged.URL == nil {
		merged.URL = it.Request.URL
	}
	if merged.Method == "" {
		merged.Method = it.Request.Method
	}
	return &merged
}

// saved gives a request as answering needs it.
func saved(req *Request) definition.SavedRequest {
	out := definition.SavedRequest{Method: strings.ToUpper(strings.TrimSpace(req.Method)), Header: pairs(req.Header), Body: savedBody(req)}
	if out.Method == "" {
		out.Method = http.MethodGet
	}
	u := req.URL
	if u.Host == nil && u.Path != nil && u.Protocol == "" {
		out.Path = u.Base()
	} else {
		out.Base, out.Path = splitBase(u.Base())
	}
	for _, f := range u.fields() {
		if !f.Disabled && (f.Key != "" || f.Value != "") {
			out.Query = append(out.Query, definition.Pair{Name: decodeQuery(f.Key), Value: decodeQuery(f.Value)})
		}
	}
	for _, v := range u.Params {
		if p, ok := v.definition(); ok && !p.Disabled && p.Value != "" {
			out.Params = append(out.Params, definition.Pair{Name: p.Name, Value: p.Value})
		}
	}
	return out
}

// fields gives the query of a URL, from its raw text where that alone has it.
func (u *URL) fields() []*Field {
	if u.Query != nil {
		return u.Query
	}
	rest, _, _ := cutOutside(u.Raw, '#')
	_, query, _ := cutOutside(rest, '?')
	return queryFields(query)
}

// pairs gives the fields that are on.
func pairs(list []*Field) []definition.Pair {
	var out []definition.Pair
	for _, f := range list {
		if !f.Disabled && f.Key != "" {
			out = append(out, definition.Pair{Name: f.Key, Value: f.Value})
		}
	}
	return out
}

// savedBody gives the body of a request, nil where it sends none.
func savedBody(req *Request) *definition.SavedBody {
	b := req.Body
	if b == nil || b.Disabled {
		return nil
	}
	out := &definition.SavedBody{Mode: definition.BodyMode(b.Mode)}
	switch out.Mode {
	case definition.BodyRaw:
		out.Text = b.Raw
		out.Media = LanguageMedia(b.Options.Get("raw").Get("language").Str())
	case definition.BodyURLEncoded:
		out.Fields = parts(b.URLEncoded)
		out.Media = "application/x-www-form-urlencoded"
	case definition.BodyForm:
		out.Fields = parts(b.Form)
		out.Media = "multipart/form-data"
	case definition.BodyGraphQL:
		out.Text, out.Media = b.GraphQL.Get("query").Str(), "application/json"
		out.Variables, out.Operation = scalar(b.GraphQL.Get("variables")), b.GraphQL.Get("operationName").Str()
	case definition.BodyFile:
		out.Text = b.File.Get("content").Str()
	default:
		return nil
	}
	for _, h := range req.Header {
		if !h.Disabled && strings.EqualFold(h.Key, "Content-Type") && out.Media == "" {
			out.Media = h.Value
		}
	}
	return out
}

func parts(list []*Field) []definition.SavedPart {
	var out []definition.SavedPart
	for _, f := range list {
		if !f.Disabled && f.Key != "" {
			out = append(out, definition.SavedPart{Name: f.Key, Value: f.Value, File: f.Type == "file"})
		}
	}
	return out
}

// responseBody gives the bytes of a saved response, and whether they are
// binary, in which nothing is filled in.
func (d *definer) responseBody(e *Example) (body string, literal bool) {
	if e.Body != nil && (*e.Body != "" || e.Stream == nil) {
		return *e.Body, false
	}
	if e.Stream == nil {
		return d.otherBody(e), false
	}
	out, err := e.Binary()
	if err != nil {
		d.warn(e.Pos, document.Warning, "example-stream", err.Error()+", it is served empty", "save the response again")
	}
	return string(out), true
}

// otherBody gives a body that the file has as JSON in place of a text.
func (d *definer) otherBody(e *Example) string {
	for i := range e.Extra {
		if v := &e.Extra[i]; v.Key == "body" && v.Kind != definition.Null {
			d.warn(e.Pos, document.Warning, "example-body", "the body is "+article(v.Kind)+", it is served as JSON", "write the body as a text")
			return string(v.AppendJSON(nil))
		}
	}
	return ""
}

func article(k definition.Kind) string {
	if k == definition.Array || k == definition.Object {
		return "an " + k.String()
	}
	return "a " + k.String()
}

// Definition gives the environment's variables as answering needs them.
func (e *Environment) Definition() []definition.Variable {
	var out []definition.Variable
	for _, v := range e.Variables {
		if x, ok := v.definition(); ok {
			out = append(out, x)
		}
	}
	return out
}
