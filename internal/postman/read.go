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

// Named tells whether a document says by its "info" that it is a collection,
// whatever else it lacks.
func Named(root *definition.Value) bool {
	info := root.Get("info")
	return info.Has("_postman_id") || strings.Contains(info.Get("schema").Str(), "getpostman.com")
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
		if v, _ := m.find("item"); v != nil && v.Kind != definition.Null {
			r.warn(v, "item-shape", "\"item\" is "+article(v.Kind)+", it is left out", "write a list of folders and requests")
		}
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
