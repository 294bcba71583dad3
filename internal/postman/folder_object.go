package postman

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// folderObject is an object of format 3.0.0 in the making.
type folderObject struct {
	object
	writer *folderWriter
}

func (w *folderWriter) object(extra []definition.Value) *folderObject {
	return &folderObject{object: object{extra: extra}, writer: w}
}

// build gives the object. Extra members that say nothing are what readers of
// the older formats tell an empty member from a missing one by; format 3.0.0
// has no place for them.
func (o *folderObject) build() definition.Value {
	if !o.writer.native {
		o.extra = slices.DeleteFunc(slices.Clone(o.extra), func(v definition.Value) bool {
			return v.Kind <= definition.Null || v.Kind != definition.Number && v.Kind != definition.Bool && v.Text == "" && len(v.Kids) == 0
		})
	}
	return o.object.build()
}

func (o *folderObject) extraHas(key string) bool {
	return slices.ContainsFunc(o.extra, func(v definition.Value) bool { return v.Key == key })
}

// inner takes an extra member that is an object, whose members belong to one
// that is written.
func (o *folderObject) inner(key string) []definition.Value {
	for i := range o.extra {
		if v := o.extra[i]; v.Key == key && v.Kind == definition.Object {
			o.extra = slices.Delete(slices.Clone(o.extra), i, i+1)
			return v.Kids
		}
	}
	return nil
}

// kind puts the kind, unless the file had another.
func (o *folderObject) kind(kind string) {
	if !o.extraHas("$kind") {
		o.put("$kind", definition.NewString(kind))
	}
}

// name puts a name that the file's own doesn't say.
func (o *folderObject) name(name, stem string) {
	if name != stem {
		o.put("name", definition.NewString(name))
	}
}

// describe puts a description: as a text, but where a file of the format has
// more.
func (o *folderObject) describe(d *Description) {
	switch {
	case d == nil:
	case d.Object && o.writer.native:
		in := o.writer.object(d.Extra)
		in.text("content", d.Text)
		in.text("type", d.Type)
		o.put("description", in.build())
	default:
		o.text("description", d.Text)
	}
}

func (o *folderObject) fields(key string, list []*Field) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, f := range list {
		in := o.writer.object(f.Extra)
		in.text("key", f.Key)
		if f.Literal != nil {
			in.put("value", *f.Literal)
		} else {
			in.text("value", f.Value)
		}
		in.describe(f.Description)
		in.yes("disabled", f.Disabled)
		in.text("type", f.Type)
		in.value("src", f.Src)
		in.text("contentType", f.ContentType)
		out.Kids = append(out.Kids, in.build())
	}
	o.put(key, out)
}

func (o *folderObject) variables(key string, list []*Variable) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, v := range list {
		in := o.writer.object(v.Extra)
		in.text("key", v.Key)
		in.value("value", v.Value)
		in.describe(v.Description)
		in.yes("disabled", v.Disabled)
		in.text("type", v.Type)
		in.text("id", v.ID)
		in.text("name", v.Name)
		out.Kids = append(out.Kids, in.build())
	}
	o.put(key, out)
}

func (o *folderObject) auth(a *Auth) {
	if a == nil {
		return
	}
	in := o.writer.object(a.Extra)
	in.text("type", a.Type)
	if a.Scheme() != nil {
		list := definition.NewArray()
		for _, p := range a.Scheme() {
			one := o.writer.object(p.Extra)
			one.put("key", definition.NewString(p.Key))
			if !p.Missing {
				one.put("value", p.Value)
			}
			one.text("type", p.Type)
			list.Kids = append(list.Kids, one.build())
		}
		in.put("credentials", list)
	}
	var more []definition.Value
	for i := range in.extra {
		if v := &in.extra[i]; v.Key == folderMoreAuths && v.Kind == definition.Array {
			more = v.Kids
			in.extra = slices.Delete(slices.Clone(in.extra), i, i+1)
			break
		}
	}
	v := in.build()
	if len(more) > 0 {
		v = definition.NewArray(append([]definition.Value{v}, more...)...)
	}
	o.put("auth", v)
}

// scripts puts the scripts; types of a definition begin with "http:".
func (o *folderObject) scripts(list []*Event, prefix string) {
	if list == nil {
		return
	}
	out := definition.NewArray()
	for _, e := range list {
		var s Script
		if e.Script != nil {
			s = *e.Script
		}
		in := o.writer.object(append(slices.Clip(s.Extra), e.Extra...))
		switch e.Listen {
		case "prerequest":
			in.text("type", prefix+"beforeRequest")
		case "test":
			in.text("type", prefix+"afterResponse")
		default:
			in.text("type", e.Listen)
		}
		in.text("id", s.ID)
		in.text("language", s.Type)
		if len(s.Exec) > 0 {
			in.put("code", definition.NewString(strings.Join(s.Exec, "\n")))
		}
		in.yes("disabled", e.Disabled)
		out.Kids = append(out.Kids, in.build())
	}
	o.put("scripts", out)
}

// body puts a request's body.
func (o *folderObject) body(b *Body) {
	if b == nil {
		return
	}
	in := o.writer.object(slices.DeleteFunc(slices.Clone(b.Extra), func(v definition.Value) bool { return v.Key == "raw" }))
	switch b.Mode {
	case "raw", "":
		in.text("type", o.writer.language(b))
		if b.Raw != "" || len(in.extra) < len(b.Extra) {
			in.put("content", definition.NewString(b.Raw))
		}
	case "urlencoded":
		in.text("type", b.Mode)
		in.fields("content", b.URLEncoded)
	case "formdata":
		in.text("type", b.Mode)
		in.fields("content", b.Form)
	case "graphql":
		in.text("type", b.Mode)
		in.value("content", b.GraphQL)
	case "file":
		in.text("type", b.Mode)
		in.value("content", b.File)
	default:
		in.text("type", b.Mode)
	}
	in.yes("disabled", b.Disabled)
	o.put("body", in.build())
}

// language gives the type of a body that is text.
func (w *folderWriter) language(b *Body) string {
	language := b.Options.Get("raw").Get("language").Str()
	if folderTextType(language) || w.native && language != "" {
		return language
	}
	return "text"
}
