package postman

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// ErrNotCollection says that a document is well-formed but of another kind.
var ErrNotCollection = errors.New("not a Postman collection")

// Detect tells by the names of a document's root members whether it is a
// collection of format 1.0.0, 2.0.0 or 2.1.0.
func Detect(keys []string) bool {
	has := map[string]bool{}
	for _, k := range keys {
		has[k] = true
	}
	switch {
	case has["openapi"], has["swagger"], has["asyncapi"]:
		return false
	case has["info"] && has["item"], has["requests"] && (has["order"] || has["folders"]):
		return true
	default: // the answer of Postman's API, which wraps the collection
		return has["collection"] && len(keys) == 1
	}
}

// Read reads a collection of format 1.0.0, 2.0.0 or 2.1.0. Problems are
// collected as diagnostics that name the item by the names of its folders; what
// is sound is read. The error is ErrNotCollection, with the place, or that of
// the context.
func Read(ctx context.Context, l *document.Loader, f *document.File) (*Collection, []document.Diagnostic, error) {
	r := &reader{ctx: ctx, loader: l}
	r.diags = append(r.diags, f.Warnings...)
	root := &f.Root
	if inner := root.Get("collection"); inner.Is(definition.Object) && !root.Has("item") && !root.Has("requests") {
		root = inner
	}
	var c *Collection
	switch {
	case root.Get("item").Is(definition.Array), root.Get("info").Is(definition.Object) && !root.Has("openapi"):
		c = r.collection(root)
	case root.Get("requests").Is(definition.Array), root.Get("order").Is(definition.Array):
		c = r.collectionV1(root)
	default:
		return nil, r.diags, fmt.Errorf("%s: %w: it has neither \"info\" with \"item\" (formats 2.0.0 and 2.1.0) nor \"requests\" with \"order\" (1.0.0); export the collection from Postman as Collection v2.1", f.Name, ErrNotCollection)
	}
	if err := ctx.Err(); err != nil {
		return nil, r.diags, fmt.Errorf("%s: reading the collection takes too long: %w", f.Name, err)
	}
	c.Pos = l.Locate(root)
	if c.Name == "" {
		c.Name = strings.TrimSuffix(strings.TrimSuffix(baseName(f.Name), ".json"), ".postman_collection")
	}
	return c, r.finish(f.Name), nil
}

func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// maxListed bounds the diagnostics that are listed.
const maxListed = 1000

// reader holds what one reading needs.
type reader struct {
	ctx      context.Context
	loader   *document.Loader
	diags    []document.Diagnostic
	unlisted int
	place    []string // the names of the folders that are being read
}

func (r *reader) finish(file string) []document.Diagnostic {
	if r.unlisted > 0 {
		r.diags = append(r.diags, document.Diagnostic{
			Severity: document.Info, Code: "more-problems", File: file,
			Message: fmt.Sprintf("%d more problems are not listed", r.unlisted), Hint: "correct the first ones and check again",
		})
	}
	return r.diags
}

// warn collects a diagnostic about a value of the item that is being read.
func (r *reader) warn(v *definition.Value, code, message, hint string) {
	if len(r.diags) >= maxListed {
		r.unlisted++
		return
	}
	if at := placeText(r.place); at != "" {
		message = at + ": " + message
	}
	r.diags = append(r.diags, r.loader.Diagnose(v, document.Warning, code, message, hint))
}

// placeText writes a path of folders for people. Of a deep one the middle is
// left out.
func placeText(place []string) string {
	const most = 12
	if len(place) > most {
		head, tail := place[:most/2], place[len(place)-most/2:]
		return strings.Join(head, " / ") + fmt.Sprintf(" / … %d more … / ", len(place)-most) + strings.Join(tail, " / ")
	}
	return strings.Join(place, " / ")
}

// collection reads the formats 2.0.0 and 2.1.0.
func (r *reader) collection(root *definition.Value) *Collection {
	m := membersOf(root)
	c := &Collection{Version: V21}
	if info := m.kind("info", definition.Object); info != nil {
		in := membersOf(info)
		schema := in.text("schema")
		if strings.Contains(schema, "v2.0") {
			c.Version = V20
		}
		c.Name = in.text("name")
		c.ID = in.text("_postman_id")
		c.Description = r.description(&in, "description")
		c.Info = in.rest()
	}
	c.Variables = r.variables(&m, "variable", "variables")
	c.Auth = r.auth(&m)
	c.Events = r.events(&m)
	c.Protocol = m.kind("protocolProfileBehavior", definition.Object)
	c.Items = r.items(&m)
	c.Extra = m.rest()
	return c
}

// items reads the list of an item's or a collection's items.
func (r *reader) items(m *members) []*Item {
	list := m.kind("item", definition.Array)
	if list == nil {
		return nil
	}
	out := make([]*Item, 0, len(list.Kids))
	for i := range list.Kids {
		kid := &list.Kids[i]
		if i%1024 == 0 && r.ctx.Err() != nil {
			return out
		}
		if kid.Kind != definition.Object {
			r.warn(kid, "item-shape", fmt.Sprintf("item %d is no object, it is left out", i+1), "an item is a folder or a request: {\"name\": …, \"request\": …}")
			continue
		}
		out = append(out, r.item(kid, i))
	}
	return out
}

func (r *reader) item(v *definition.Value, index int) *Item {
	m := membersOf(v)
	it := &Item{Pos: r.loader.Locate(v)}
	it.ID = m.text("id")
	it.Name = m.text("name")
	r.place = append(r.place, nameOr(it.Name, index))
	defer func() { r.place = r.place[:len(r.place)-1] }()
	it.Description = r.description(&m, "description")
	it.Variables = r.variables(&m, "variable", "variables")
	it.Events = r.events(&m)
	it.Protocol = m.kind("protocolProfileBehavior", definition.Object)
	it.Items = r.items(&m)
	it.Folder = it.Items != nil
	if req, at := m.find("request"); req != nil && req.Kind != definition.Null {
		if it.Request = r.request(req); it.Request != nil {
			m.taken[at] = true
		}
	}
	if it.Folder {
		it.Auth = r.auth(&m)
	} else if it.Request == nil {
		r.warn(v, "item-empty", "the item is neither a folder nor a request", "give it \"item\" or \"request\"")
	}
	it.Examples = r.examples(&m)
	it.Extra = m.rest()
	return it
}

func nameOr(name string, index int) string {
	if name == "" {
		return fmt.Sprintf("item %d", index+1)
	}
	return name
}

// request reads a request, which may be its URL's text. It gives nil for what
// is no request.
func (r *reader) request(v *definition.Value) *Request {
	switch v.Kind {
	case definition.String:
		return &Request{Text: true, URL: &URL{Raw: v.Text, Text: true}, Pos: r.loader.Locate(v)}
	case definition.Object:
	default:
		r.warn(v, "request-shape", "the request is a "+v.Kind.String()+", it is not served", "a request is an object, or the text of its URL")
		return nil
	}
	m := membersOf(v)
	req := &Request{Method: m.text("method"), Pos: r.loader.Locate(v)}
	req.Description = r.description(&m, "description")
	if u, at := m.find("url"); u != nil {
		if req.URL = r.url(u); req.URL != nil {
			m.taken[at] = true
		}
	}
	req.Header, req.HeaderText = r.headers(&m)
	req.Body = r.body(&m)
	req.Auth = r.auth(&m)
	req.Extra = m.rest()
	return req
}

// url reads a URL as text or as object, nil where it is neither.
func (r *reader) url(v *definition.Value) *URL {
	switch v.Kind {
	case definition.String:
		return &URL{Raw: v.Text, Text: true}
	case definition.Object:
	default:
		if v.Kind != definition.Null {
			r.warn(v, "url-shape", "the URL is a "+v.Kind.String()+", it is left out", "a URL is a text or an object with \"raw\", \"host\" and \"path\"")
		}
		return nil
	}
	m := membersOf(v)
	u := &URL{Raw: m.text("raw"), Protocol: m.text("protocol"), Port: m.scalar("port"), Hash: m.text("hash")}
	if host := m.text("host"); host != "" {
		u.Host, u.HostText = []string{host}, true
	} else if list := m.kind("host", definition.Array); list != nil {
		u.Host = make([]string, 0, len(list.Kids))
		for i := range list.Kids {
			u.Host = append(u.Host, scalar(&list.Kids[i]))
		}
	}
	if path := m.text("path"); path != "" {
		u.PathText = true
		for s := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
			u.Path = append(u.Path, Segment{Value: s})
		}
	} else if list := m.kind("path", definition.Array); list != nil {
		u.Path = make([]Segment, 0, len(list.Kids))
		for i := range list.Kids {
			u.Path = append(u.Path, segment(&list.Kids[i]))
		}
	}
	u.Query = r.fields(&m, "query")
	u.Params = r.variables(&m, "variable", "")
	u.Extra = m.rest()
	return u
}

func segment(v *definition.Value) Segment {
	if v.Kind == definition.Object {
		return Segment{Value: scalar(v.Get("value")), Object: v}
	}
	return Segment{Value: scalar(v)}
}

// headers reads the headers as a list or as one text.
func (r *reader) headers(m *members) ([]*Field, *string) {
	if v := m.kind("header", definition.String); v != nil {
		text := v.Text
		return headerLines(text), &text
	}
	return r.fields(m, "header"), nil
}

// headerLines reads lines of "Name: value".
func headerLines(text string) []*Field {
	var out []*Field
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			continue
		}
		f := &Field{Key: name, Value: strings.TrimSpace(value)}
		if rest, off := strings.CutPrefix(name, "//"); off { // how Postman's bulk editor writes a disabled one
			f.Key, f.Disabled = strings.TrimSpace(rest), true
		}
		out = append(out, f)
	}
	return out
}

// fields reads a list of {key, value}, nil where there is none.
func (r *reader) fields(m *members, key string) []*Field {
	list := m.kind(key, definition.Array)
	if list == nil {
		return nil
	}
	out := make([]*Field, 0, len(list.Kids))
	for i := range list.Kids {
		kid := &list.Kids[i]
		switch kid.Kind {
		case definition.Object:
			out = append(out, r.field(kid))
		case definition.String: // "Name: value" of a header, "name=value" of a query
			f := &Field{Literal: kid}
			var ok bool
			if f.Key, f.Value, ok = strings.Cut(kid.Text, ":"); !ok {
				f.Key, f.Value, _ = strings.Cut(kid.Text, "=")
			}
			f.Value = strings.TrimSpace(f.Value)
			f.Literal = nil
			out = append(out, f)
		default:
			r.warn(kid, "field-shape", fmt.Sprintf("entry %d of %q is a %s, it is left out", i+1, key, kid.Kind), "an entry is {\"key\": …, \"value\": …}")
		}
	}
	return out
}

func (r *reader) field(v *definition.Value) *Field {
	m := membersOf(v)
	f := &Field{Key: m.text("key"), Type: m.text("type"), Disabled: m.yes("disabled"), ContentType: m.text("contentType")}
	if val, at := m.find("value"); val != nil {
		switch val.Kind {
		case definition.String:
			f.Value = m.text("value")
		default:
			f.Value, f.Literal = scalar(val), val
			m.taken[at] = true
		}
	}
	if src, at := m.find("src"); src != nil {
		f.Src = src
		m.taken[at] = true
	}
	f.Description = r.description(&m, "description")
	f.Extra = m.rest()
	for i := range f.Extra {
		switch on := &f.Extra[i]; on.Key {
		case "enabled": // as format 1.0.0 and some converters have it
			if on.Kind == definition.Bool && !on.True() {
				f.Disabled = true
			}
		case "name": // the same
			if f.Key == "" && on.Kind == definition.String {
				f.Key = on.Text
			}
		}
	}
	return f
}

// body reads a request's body, nil where there is none.
func (r *reader) body(m *members) *Body {
	v := m.kind("body", definition.Object)
	if v == nil {
		if text := m.text("body"); text != "" {
			return &Body{Mode: "raw", Raw: text}
		}
		return nil
	}
	in := membersOf(v)
	b := &Body{Mode: in.text("mode"), Raw: in.text("raw"), Disabled: in.yes("disabled")}
	b.URLEncoded = r.fields(&in, "urlencoded")
	b.Form = r.fields(&in, "formdata")
	b.GraphQL = in.any("graphql")
	b.File = in.any("file")
	b.Options = in.kind("options", definition.Object)
	b.Extra = in.rest()
	switch b.Mode {
	case "raw", "urlencoded", "formdata", "file", "graphql", "none", "":
	default:
		r.warn(v.Get("mode"), "body-mode", fmt.Sprintf("the body mode %q is not known; the body is kept, and never matched", b.Mode), "use raw, urlencoded, formdata, file or graphql")
	}
	return b
}

// examples reads the saved responses, nil where there is no list.
func (r *reader) examples(m *members) []*Example {
	list := m.kind("response", definition.Array)
	if list == nil {
		return nil
	}
	out := make([]*Example, 0, len(list.Kids))
	for i := range list.Kids {
		kid := &list.Kids[i]
		if kid.Kind != definition.Object {
			if kid.Kind != definition.Null {
				r.warn(kid, "example-shape", fmt.Sprintf("saved response %d is a %s, it is left out", i+1, kid.Kind), "a saved response is an object")
			}
			continue
		}
		out = append(out, r.example(kid))
	}
	return out
}

func (r *reader) example(v *definition.Value) *Example {
	m := membersOf(v)
	e := &Example{Name: m.text("name"), UID: m.text("uid"), Status: m.text("status"), PreviewLanguage: m.text("_postman_previewlanguage"), Pos: r.loader.Locate(v)}
	e.ID = m.text("id")
	if req, at := m.find("originalRequest"); req != nil && req.Kind != definition.Null {
		if e.OriginalRequest = r.request(req); e.OriginalRequest != nil {
			m.taken[at] = true
		}
	}
	if code := m.kind("code", definition.Number); code != nil {
		e.Code, _ = code.Int()
		if e.Code == 0 { // no integer: it goes back as it came
			m.untake(code)
		}
	} else if code, _ := m.find("code"); code.Is(definition.String) {
		e.Code, _ = number(code.Text)
	}
	e.Header, e.HeaderText = r.headers(&m)
	e.Cookies = m.kind("cookie", definition.Array)
	if body := m.kind("body", definition.String); body != nil {
		e.Body = &body.Text
	}
	e.Stream = m.any("stream")
	e.Extra = m.rest()
	return e
}

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
