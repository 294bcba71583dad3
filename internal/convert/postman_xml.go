package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// xmlText writes values as XML by what the schema says under "xml".
type xmlText struct {
	b      strings.Builder
	indent string
	side   schema.Direction
}

func withProlog(s string) string {
	if strings.HasPrefix(s, "<?xml") {
		return s
	}
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + s
}

// element writes a value as an element, of an array as several. own replaces
// the schema's "xml" where it is not nil.
func (x *xmlText) element(name string, o *outline, own, v *definition.Value, depth int) {
	if o == nil {
		o = newOutline(nil)
	}
	if own == nil {
		own = o.xml
	}
	if n := own.Get("name").Str(); n != "" && v.Kind != definition.Array {
		name = n
	}
	if v.Kind == definition.Array {
		x.array(name, o, own, v, depth)
		return
	}
	if name == "" {
		name = "element"
	}
	prefix := own.Get("prefix").Str()
	tag := name
	if prefix != "" {
		tag = prefix + ":" + name
	}
	x.line(depth)
	x.b.WriteString("<" + tag)
	if ns := own.Get("namespace").Str(); ns != "" {
		x.b.WriteString(" xmlns")
		if prefix != "" {
			x.b.WriteString(":" + prefix)
		}
		x.b.WriteString(`="` + xmlEscapes.Replace(ns) + `"`)
	}
	if v.Kind != definition.Object {
		x.b.WriteString(">" + xmlEscapes.Replace(plainText(v)) + "</" + tag + ">")
		return
	}
	var inner []*definition.Value
	for i := range v.Kids {
		kid := &v.Kids[i]
		if p := o.prop(kid.Key); p != nil && p.xml.Get("attribute").True() {
			key := kid.Key
			if n := p.xml.Get("name").Str(); n != "" {
				key = n
			}
			x.b.WriteString(" " + key + `="` + xmlEscapes.Replace(plainText(kid)) + `"`)
			continue
		}
		inner = append(inner, kid)
	}
	x.b.WriteString(">")
	for _, kid := range inner {
		p := o.prop(kid.Key)
		if p == nil {
			p = o.moreIs
		}
		x.element(kid.Key, p, nil, kid, depth+1)
	}
	x.line(depth)
	x.b.WriteString("</" + tag + ">")
}

// array writes the items of an array, in an element of their own where the
// schema wraps them.
func (x *xmlText) array(name string, o *outline, own, v *definition.Value, depth int) {
	outer := name
	if n := own.Get("name").Str(); n != "" {
		outer = n
	}
	item := outer
	if o.items != nil {
		if n := o.items.xml.Get("name").Str(); n != "" {
			item = n
		}
	}
	if own.Get("wrapped").True() {
		if outer == "" {
			outer = "element"
		}
		x.line(depth)
		x.b.WriteString("<" + outer + ">")
		for i := range v.Kids {
			x.element(item, o.items, nil, &v.Kids[i], depth+1)
		}
		x.line(depth)
		x.b.WriteString("</" + outer + ">")
		return
	}
	for i := range v.Kids {
		x.element(item, o.items, nil, &v.Kids[i], depth)
	}
}

func (x *xmlText) line(depth int) {
	x.b.WriteByte('\n')
	for range depth {
		x.b.WriteString(x.indent)
	}
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
