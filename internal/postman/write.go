package postman

import (
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// schemaURL is what "info.schema" of a collection of format 2.1.0 says.
const schemaURL = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// JSON gives the collection as a document of format 2.1.0.
func (c *Collection) JSON() definition.Value {
	info := object{extra: c.Info}
	info.text("_postman_id", c.ID)
	info.put("name", definition.NewString(c.Name))
	info.description("description", c.Description)
	info.put("schema", definition.NewString(schemaURL))

	o := object{extra: c.Extra}
	o.put("info", info.build())
	items := definition.NewArray()
	for _, it := range c.Items {
		items.Kids = append(items.Kids, itemJSON(it))
	}
	o.put("item", items)
	o.value("auth", authJSON(c.Auth))
	o.events(c.Events)
	o.variables(c.Variables)
	o.value("protocolProfileBehavior", c.Protocol)
	return o.build()
}

// AppendJSON appends the collection as a file of format 2.1.0, indented, to
// dst. The same collection gives the same bytes.
func (c *Collection) AppendJSON(dst []byte) []byte {
	v := c.JSON()
	return append(v.AppendIndentedJSON(dst, "", "\t"), '\n')
}

func itemJSON(it *Item) definition.Value {
	o := object{extra: it.Extra}
	o.text("name", it.Name)
	o.text("id", it.ID)
	o.description("description", it.Description)
	if it.Folder {
		kids := definition.NewArray()
		for _, kid := range it.Items {
			kids.Kids = append(kids.Kids, itemJSON(kid))
		}
		o.put("item", kids)
	}
	o.value("auth", authJSON(it.Auth))
	o.events(it.Events)
	o.variables(it.Variables)
	o.value("protocolProfileBehavior", it.Protocol)
	if it.Request != nil {
		o.put("request", requestJSON(it.Request))
	}
	if it.Examples != nil {
		list := definition.NewArray()
		for _, e := range it.Examples {
			list.Kids = append(list.Kids, exampleJSON(e))
		}
		o.put("response", list)
	}
	return o.build()
}

func requestJSON(r *Request) definition.Value {
	if r.Text && r.URL != nil {
		return definition.NewString(r.URL.Raw)
	}
	o := object{extra: r.Extra}
	o.text("method", r.Method)
	o.headers(r.Header, r.HeaderText)
	o.value("auth", authJSON(r.Auth))
	o.value("body", bodyJSON(r.Body))
	if r.URL != nil {
		o.put("url", urlJSON(r.URL))
	}
	o.description("description", r.Description)
	return o.build()
}

func urlJSON(u *URL) definition.Value {
	if u.Text {
		return definition.NewString(u.Raw)
	}
	o := object{extra: u.Extra}
	o.text("raw", u.Raw)
	o.text("protocol", u.Protocol)
	switch {
	case u.HostText && len(u.Host) == 1:
		o.text("host", u.Host[0])
	case u.Host != nil:
		o.put("host", texts(u.Host))
	}
	o.text("port", u.Port)
	if u.Path != nil {
		o.put("path", pathJSON(u))
	}
	o.fields("query", u.Query)
	o.text("hash", u.Hash)
	if u.Params != nil {
		list := definition.NewArray()
		for _, v := range u.Params {
			list.Kids = append(list.Kids, variableJSON(v))
		}
		o.put("variable", list)
	}
	return o.build()
}

func pathJSON(u *URL) definition.Value {
	list := definition.NewArray()
	text := ""
	for i := range u.Path {
		s := &u.Path[i]
		text += "/" + s.Value
		if s.Object != nil {
			list.Kids = append(list.Kids, s.Object.With(""))
		} else {
			list.Kids = append(list.Kids, definition.NewString(s.Value))
		}
	}
	if u.PathText {
		return definition.NewString(text)
	}
	return list
}

func texts(list []string) definition.Value {
	out := definition.NewArray()
	for _, s := range list {
		out.Kids = append(out.Kids, definition.NewString(s))
	}
	return out
}

func bodyJSON(b *Body) *definition.Value {
	if b == nil {
		return nil
	}
	o := object{extra: b.Extra}
	o.text("mode", b.Mode)
	o.text("raw", b.Raw)
	o.fields("urlencoded", b.URLEncoded)
	o.fields("formdata", b.Form)
	o.value("graphql", b.GraphQL)
	o.value("file", b.File)
	o.value("options", b.Options)
	o.yes("disabled", b.Disabled)
	v := o.build()
	return &v
}

func exampleJSON(e *Example) definition.Value {
	o := object{extra: e.Extra}
	o.text("id", e.ID)
	o.text("uid", e.UID)
	o.text("name", e.Name)
	if e.OriginalRequest != nil {
		o.put("originalRequest", requestJSON(e.OriginalRequest))
	}
	o.text("status", e.Status)
	if e.Code != 0 && !o.extraSays("code", fmt.Sprint(e.Code)) {
		o.put("code", definition.NewInt(int64(e.Code)))
	}
	o.text("_postman_previewlanguage", e.PreviewLanguage)
	o.headers(e.Header, e.HeaderText)
	o.value("cookie", e.Cookies)
	if e.Body != nil {
		o.put("body", definition.NewString(*e.Body))
	}
	o.value("stream", e.Stream)
	return o.build()
}

func authJSON(a *Auth) *definition.Value {
	if a == nil {
		return nil
	}
	o := object{extra: a.Extra}
	o.text("type", a.Type)
	for i := range a.Schemes {
		list := definition.NewArray()
		for _, p := range a.Schemes[i].Params {
			in := object{extra: p.Extra}
			in.put("key", definition.NewString(p.Key))
			if !p.Missing {
				in.put("value", p.Value)
			}
			in.text("type", p.Type)
			list.Kids = append(list.Kids, in.build())
		}
		o.put(a.Schemes[i].Type, list)
	}
	v := o.build()
	return &v
}

func variableJSON(v *Variable) definition.Value {
	o := object{extra: v.Extra}
	o.text("id", v.ID)
	o.text("key", v.Key)
	o.value("value", v.Value)
	o.text("type", v.Type)
	o.text("name", v.Name)
	o.description("description", v.Description)
	o.yes("disabled", v.Disabled)
	return o.build()
}

func fieldJSON(f *Field) definition.Value {
	o := object{extra: f.Extra}
	o.text("key", f.Key)
	if f.Literal != nil {
		o.put("value", *f.Literal)
	} else {
		o.text("value", f.Value)
	}
	o.text("type", f.Type)
	o.value("src", f.Src)
	o.text("contentType", f.ContentType)
	o.description("description", f.Description)
	if !o.extraSays("enabled", "false") {
		o.yes("disabled", f.Disabled)
	}
	return o.build()
}

// headers puts headers as the list or, where the file had them so, as text.
func (o *object) headers(list []*Field, text *string) {
	if text != nil {
		o.put("header", definition.NewString(*text))
		return
	}
	o.fields("header", list)
}

func (o *object) fields(key string, list []*Field) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, f := range list {
		out.Kids = append(out.Kids, fieldJSON(f))
	}
	o.put(key, out)
}

func (o *object) variables(list []*Variable) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, v := range list {
		out.Kids = append(out.Kids, variableJSON(v))
	}
	o.put("variable", out)
}

func (o *object) events(list []*Event) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, e := range list {
		in := object{extra: e.Extra}
		in.text("listen", e.Listen)
		in.yes("disabled", e.Disabled)
		if e.Script != nil {
			in.put("script", scriptJSON(e.Script))
		}
		out.Kids = append(out.Kids, in.build())
	}
	o.put("event", out)
}

func scriptJSON(s *Script) definition.Value {
	if s.Plain && len(s.Exec) == 1 {
		return definition.NewString(s.Exec[0])
	}
	o := object{extra: s.Extra}
	o.text("id", s.ID)
	o.text("type", s.Type)
	switch {
	case s.Line && len(s.Exec) == 1:
		o.put("exec", definition.NewString(s.Exec[0]))
	case s.Exec != nil:
		o.put("exec", texts(s.Exec))
	}
	return o.build()
}

func (o *object) description(key string, d *Description) {
	switch {
	case d == nil:
	case !d.Object && len(d.Extra) == 0 && d.Type == "":
		o.text(key, d.Text)
	default:
		in := object{extra: d.Extra}
		in.text("content", d.Text)
		in.text("type", d.Type)
		o.put(key, in.build())
	}
}
