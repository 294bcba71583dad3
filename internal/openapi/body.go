package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// body reads a Request Body Object.
func (r *reader) body(at *value) *definition.Body {
	v := r.object(r.deref(at, "a request body"), "a request body")
	if v == nil {
		return nil
	}
	if b, ok := r.bodies[v]; ok {
		return b
	}
	b := &definition.Body{Required: v.Get("required").True(), Content: r.content(v.Get("content"))}
	r.bodies[v] = b
	return b
}

// content reads a map of media types.
func (r *reader) content(v *value) []*definition.Media {
	// some bundlers put a reference where the map of media types belongs
	if v.Len() == 1 {
		v = r.deref(v, "\"content\"")
	}
	if v = r.object(v, "\"content\""); v == nil {
		return nil
	}
	var out []*definition.Media
	for i := range v.Kids {
		kid := &v.Kids[i]
		if strings.HasPrefix(kid.Key, "x-") && !strings.Contains(kid.Key, "/") {
			continue
		}
		if !r.checkMediaType(kid) {
			continue
		}
		if m := r.media(kid); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// checkMediaType reports whether the key of a media type can be served.
func (r *reader) checkMediaType(kid *value) bool {
	key := strings.TrimSpace(kid.Key)
	if key == "" || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		r.errorf(kid, "bad-media-type", "write it as type/subtype", "%q is no media type; it is left out", clip(kid.Key))
		return false
	}
	if main, sub, ok := strings.Cut(key, "/"); !ok || main == "" || sub == "" {
		r.warnf(kid, "bad-media-type", "write it as type/subtype", "%q is no media type", clip(kid.Key))
		return kid.Kind == definition.Object
	}
	return true
}

func (r *reader) media(kid *value) *definition.Media {
	if !r.spend(kid, 200) {
		return nil
	}
	name := "media type " + clip(kid.Key)
	m := &definition.Media{Type: strings.TrimSpace(kid.Key)}
	v := r.object(r.deref(kid, name), name)
	if v == nil {
		return m
	}
	m.Schema = r.schema(v.Get("schema"))
	m.Item = r.schema(v.Get("itemSchema"))
	m.Examples = r.examples(v)
	if e := r.object(v.Get("encoding"), "\"encoding\" of "+name); e != nil {
		for i := range e.Kids {
			m.Encoding = append(m.Encoding, r.encoding(&e.Kids[i]))
		}
	}
	if e := r.list(v.Get("prefixEncoding"), "\"prefixEncoding\" of "+name); e != nil {
		for i := range e.Kids {
			m.Prefix = append(m.Prefix, r.encoding(&e.Kids[i]))
		}
	}
	if e := r.object(v.Get("itemEncoding"), "\"itemEncoding\" of "+name); e != nil {
		x := r.encoding(e)
		m.Each = &x
	}
	return m
}

func (r *reader) encoding(v *value) definition.Encoding {
	e := definition.Encoding{
		Name:          v.Key,
		ContentType:   v.Get("contentType").Str(),
		Style:         v.Get("style").Str(),
		AllowReserved: v.Get("allowReserved").True(),
		Headers:       r.headers(v.Get("headers")),
	}
	if x := v.Get("allowReserved"); x.Is(definition.Bool) {
		e.ForbidReserved = !x.True()
	}
	e.Explode = e.Style == "" || e.Style == "form"
	if x := v.Get("explode"); x.Is(definition.Bool) {
		e.Explode = x.True()
	}
	return e
}

// examples reads "example" and "examples" of a media type, parameter or
// header; the unnamed one is first.
func (r *reader) examples(v *value) []definition.Example {
	var out []definition.Example
	if one := v.Get("example"); one != nil {
		out = append(out, definition.Example{Value: one})
	}
	many := v.Get("examples")
	switch {
	case many == nil:
	case many.Is(definition.Object):
		for i := range many.Kids {
			if ex, ok := r.example(&many.Kids[i]); ok {
				out = append(out, ex)
			}
		}
	case many.Is(definition.Array): // not allowed, and common
		r.warnf(many, "examples-list", "name each example and put it under \"value\"", "\"examples\" is an array; its elements are taken as the examples")
		for i := range many.Kids {
			out = append(out, definition.Example{Value: &many.Kids[i]})
		}
	default:
		r.object(many, "\"examples\"")
	}
	return out
}

func (r *reader) example(kid *value) (definition.Example, bool) {
	v := r.deref(kid, "example "+clip(kid.Key))
	if v == nil || !r.spend(v, 100) {
		return definition.Example{}, false
	}
	ex := definition.Example{Name: kid.Key, Summary: r.beside(kid, v, "summary"), Description: r.beside(kid, v, "description")}
	if x := v.Get("dataValue"); x != nil {
		ex.Value = x
	}
	if x := v.Get("serializedValue"); x.Is(definition.String) {
		ex.Serialized = &x.Text
	}
	if x := v.Get("value"); x != nil && ex.Value == nil {
		ex.Value = x
	}
	if ex.Value != nil || ex.Serialized != nil {
		return ex, true
	}
	if x := v.Get("externalValue").Str(); x != "" {
		ex.External = x
		return ex, true
	}
	if v.Is(definition.Object) && v.Len() > 0 && onlyKeys(v, "summary", "description") {
		return definition.Example{}, false
	}
	r.warnf(v, "example-without-value", "put the value under \"value\"", "example %q is written without \"value\"; it is taken as the value itself", clip(kid.Key))
	ex.Value = v
	return ex, true
}

func onlyKeys(v *value, names ...string) bool {
	for i := range v.Kids {
		ok := strings.HasPrefix(v.Kids[i].Key, "x-")
		for _, n := range names {
			ok = ok || v.Kids[i].Key == n
		}
		if !ok {
			return false
		}
	}
	return true
}
