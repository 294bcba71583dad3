package convert

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// sample is one request that a collection shows, an item's own or that of a
// saved example, with what is answered to it.
type sample struct {
	item    *postman.Item
	request *postman.Request
	example *postman.Example // nil for an item's own request
	owner   *sample          // of an example: the item's own request, nil where it has none
	shown   bool             // the request is written out, not taken from the item
	name    string
	folders []string
	tag     *tag
	auth    *postman.Auth // nil where nothing states one
	scope   *scope

	method string
	url    *postman.URL // in its parts
	server string       // base URL, "" where it is not known
	parts  []part
	slash  bool      // the path ends with one
	of     *inferred // the operation that it is a sample of
	query  []*postman.Field
}

// tag is a folder.
type tag struct {
	name        string
	description string
	used        bool
}

// collector gathers the samples of a collection, in its order.
type collector struct {
	samples  []*sample
	tags     []*tag
	tagNames uniqueNames
	diags    []document.Diagnostic
}

// collect walks the collection. The environment's variables win over its own.
func (w *collector) collect(c *postman.Collection, environment []definition.Variable) {
	w.tagNames = uniqueNames{}
	root := newScope(newEnvironment(environment), c.Variables)
	w.items(c.Items, folder{scope: root, auth: c.Auth})
}

func (w *collector) warn(at definition.Position, sev document.Severity, code, message, hint string) {
	const most = 1000
	if len(w.diags) < most {
		w.diags = append(w.diags, document.Diagnostic{
			Severity: sev, Code: code, File: at.File, Line: at.Line, Col: at.Col, Message: message, Hint: hint,
		})
	}
}

// folder is what the requests of a folder have in common.
type folder struct {
	names []string
	tag   *tag
	scope *scope
	auth  *postman.Auth
}

const maxFolders = 200 // nesting

func (w *collector) items(list []*postman.Item, in folder) {
	for _, it := range list {
		if it == nil || len(in.names) > maxFolders {
			continue
		}
		inner := in
		inner.scope = newScope(in.scope, it.Variables)
		if it.Folder {
			inner.names = append(in.names[:len(in.names):len(in.names)], it.Name)
			inner.tag = w.newTag(inner.names, it.Description.String())
			if states(it.Auth) {
				inner.auth = it.Auth
			}
			w.items(it.Items, inner)
			continue
		}
		if it.Kind != "" && it.Kind != "http-request" {
			w.warn(it.Pos, document.Info, "request-kind", fmt.Sprintf("%s: a request of kind %q is left out", itemName(it), it.Kind), "only HTTP requests have a place in OpenAPI")
			continue
		}
		w.item(it, inner)
	}
}

// states reports whether an auth says something of its own.
func states(a *postman.Auth) bool { return a != nil && a.Type != "" && a.Type != "inherit" }

// item adds an item's request and those of its saved examples.
func (w *collector) item(it *postman.Item, in folder) {
	own := w.sample(it, it.Request, in)
	if own != nil {
		own.name = it.Name
		w.samples = append(w.samples, own)
	}
	for _, e := range it.Examples {
		req, shown := original(it, e)
		s := w.sample(it, req, in)
		if s == nil {
			w.warn(e.Pos, document.Warning, "example-request", fmt.Sprintf("%s: the saved response %q has no request with a URL; it is left out", itemName(it), e.Name), "give the request a URL")
			continue
		}
		s.example, s.owner, s.shown, s.name = e, own, shown, e.Name
		w.samples = append(w.samples, s)
	}
	if own == nil && len(it.Examples) == 0 {
		w.warn(it.Pos, document.Warning, "request-url", itemName(it)+": the request has no URL; it is left out", "give the request a URL")
	}
}

func itemName(it *postman.Item) string {
	if it.Name == "" {
		return "a request without a name"
	}
	return it.Name
}

// original gives the request that a saved response answers; shown reports
// whether it is its own.
func original(it *postman.Item, e *postman.Example) (req *postman.Request, shown bool) {
	o := e.OriginalRequest
	switch {
	case o == nil:
		return it.Request, false
	case it.Request == nil:
		return o, true
	}
	merged := *o
	if merged.URL == nil {
		merged.URL = it.Request.URL
	}
	if merged.Method == "" && !merged.Text {
		merged.Method = it.Request.Method
	}
	return &merged, true
}

// sample reads a request's method, server, path and query, nil where it has no
// URL.
func (w *collector) sample(it *postman.Item, req *postman.Request, in folder) *sample {
	if req == nil || req.URL == nil {
		return nil
	}
	u := req.URL
	if u.Host == nil && u.Path == nil {
		if u.Raw == "" {
			return nil
		}
		raw := u.Raw
		if strings.HasPrefix(raw, "//") { // RFC 3986, 4.2: only the scheme is left out
			raw = "http:" + raw
		}
		parsed := postman.ParseURL(raw)
		parsed.Params = u.Params
		if u.Query != nil {
			parsed.Query = u.Query
		}
		u = parsed
	}
	s := &sample{item: it, request: req, shown: true, folders: in.names, tag: in.tag, scope: in.scope, auth: in.auth, query: u.Query}
	if states(req.Auth) {
		s.auth = req.Auth
	} else if states(it.Auth) {
		s.auth = it.Auth
	}
	if s.query == nil {
		s.query = postman.ParseURL(u.Raw).Query
	}
	s.method = strings.ToUpper(strings.TrimSpace(in.scope.resolve(req.Method)))
	if !isToken(s.method) {
		s.method = "GET"
	}
	clean := *u
	for len(clean.Path) > 0 && clean.Path[0].Value == "" && len(clean.Path) > 1 {
		clean.Path = clean.Path[1:]
	}
	if len(u.Host) == 1 && strings.HasSuffix(u.Host[0], ":") {
		clean.Host = nil // "http:" of "http:///pets", which has no host
	}
	s.url, s.server = &clean, in.scope.server(&clean)
	segments := clean.Path
	if n := len(segments); n > 0 && segments[n-1].Value == "" {
		segments, s.slash = segments[:n-1], true
	}
	s.parts = in.scope.parts(segments, u.Params)
	return s
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

func (s *sample) description() string {
	if d := s.request.Description.String(); d != "" {
		return d
	}
	return s.item.Description.String()
}

// repeats reports whether the sample is an example of an item that is a sample
// of the same operation, so that the item says who may call it and where.
func (s *sample) repeats() bool { return s.example != nil && s.owner != nil && s.owner.of == s.of }

// fieldsOn gives the fields that are on and have a name.
func fieldsOn(list []*postman.Field) []*postman.Field {
	var out []*postman.Field
	for _, f := range list {
		if !f.Disabled && f.Key != "" {
			out = append(out, f)
		}
	}
	return out
}

// header gives the value of a request's header that is on.
func (s *sample) header(name string) string { return headerOf(s.request.Header, name, s.scope) }

func headerOf(list []*postman.Field, name string, sc *scope) string {
	for _, f := range fieldsOn(list) {
		if strings.EqualFold(strings.TrimSpace(f.Key), name) {
			return sc.resolve(f.Value)
		}
	}
	return ""
}

// newTag makes the tag of a folder: its name, where another folder has that
// name the names of all folders around it.
func (w *collector) newTag(names []string, description string) *tag {
	name := names[len(names)-1]
	if name == "" {
		name = "Folder"
	}
	if w.tagNames.has(name) {
		name = strings.Join(names, " / ")
	}
	t := &tag{name: w.tagNames.take(name), description: description}
	w.tags = append(w.tags, t)
	return t
}

func (w *collector) tagList() definition.Value {
	list := definition.NewArray()
	for _, t := range w.tags {
		if !t.used {
			continue
		}
		var v tree
		v.text("name", t.name)
		if t.description != "" {
			v.text("description", t.description)
		}
		list.Kids = append(list.Kids, v.object())
	}
	return list
}
