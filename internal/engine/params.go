package engine

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

const requestDirection = schema.Request

// rawParameter is a parameter taken out of a request: its value, or what kept
// it from being read.
type rawParameter struct {
	present bool
	empty   bool // the name is there and its value is empty
	value   value
	fault   string
	code    string
}

// decodePart decodes one percent-encoded piece of a path or a query. A plus
// sign is a plus sign; forms are decoded elsewhere.
func decodePart(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, utf8.ValidString(s)
	}
	d, err := url.PathUnescape(s)
	return d, err == nil && utf8.ValidString(d)
}

const mustEncode = "must be percent-encoded UTF-8: "

func malformed(what string) rawParameter {
	return rawParameter{present: true, fault: mustEncode + strings.ToValidUTF8(clip(what), "\uFFFD"), code: "encoding"}
}

// shape tells whether the schema asks for a list, an object or a scalar.
func shapeOf(s *schema.Schema) schema.Types {
	if s == nil {
		return schema.TypeString
	}
	t := s.Possible()
	switch {
	case t&schema.TypeArray != 0 && t&schema.TypeString == 0:
		return schema.TypeArray
	case t&schema.TypeObject != 0 && t&(schema.TypeString|schema.TypeArray) == 0:
		return schema.TypeObject
	case s.IsAny():
		return schema.TypeString
	case t&schema.TypeArray != 0 && s.ItemSchema() != nil:
		return schema.TypeArray
	}
	return schema.TypeString
}

// fromPath reads the styles simple, label and matrix (OpenAPI, Style Values).
func (p *parameter) fromPath(raw string) rawParameter {
	if raw == "" {
		return rawParameter{}
	}
	if p.media != nil {
		t, ok := decodePart(raw)
		if !ok {
			return malformed(raw)
		}
		return p.content(t)
	}
	d := p.def
	kind := shapeOf(p.schema)
	sep := ","
	switch d.Style {
	case "label":
		if !strings.HasPrefix(raw, ".") {
			return rawParameter{present: true, fault: "must begin with a dot (style label)", code: "style"}
		}
		raw = raw[1:]
		if d.Explode {
			sep = "."
		}
	case "matrix":
		return p.fromMatrix(raw, kind)
	}
	return p.simple(raw, kind, sep, d.Explode)
}

// fromMatrix reads ;name=a,b or ;name=a;name=b or, of an object, ;k=v;l=w.
func (p *parameter) fromMatrix(raw string, kind schema.Types) rawParameter {
	if !strings.HasPrefix(raw, ";") {
		return rawParameter{present: true, fault: "must begin with a semicolon (style matrix)", code: "style"}
	}
	var own []string
	var all []string
	for _, part := range strings.Split(raw[1:], ";") {
		k, v, _ := strings.Cut(part, "=")
		if k == p.def.Name {
			own = append(own, v)
		}
		all = append(all, part)
	}
	switch {
	case p.def.Explode && kind == schema.TypeObject:
		return p.simple(strings.Join(all, ","), kind, ",", true)
	case len(own) == 0:
		return rawParameter{present: true, fault: "must be written as ;" + p.def.Name + "=value (style matrix)", code: "style"}
	}
	return p.simple(strings.Join(own, ","), kind, ",", false)
}

// simple reads a scalar, a list "a,b" or an object "k,v,l,w" or, exploded,
// "k=v,l=w".
func (p *parameter) simple(raw string, kind schema.Types, sep string, explode bool) rawParameter {
	switch kind {
	case schema.TypeArray:
		return p.list(strings.Split(raw, sep))
	case schema.TypeObject:
		return p.object(strings.Split(raw, sep), explode)
	}
	t, ok := decodePart(raw)
	if !ok {
		return malformed(raw)
	}
	return rawParameter{present: true, value: p.schema.FromText(t)}
}

func (p *parameter) list(parts []string) rawParameter {
	out := definition.NewArray()
	for i, part := range parts {
		t, ok := decodePart(part)
		if !ok {
			return malformed(part)
		}
		out.Kids = append(out.Kids, p.schema.Item(i).FromText(t))
	}
	return rawParameter{present: true, value: out}
}

func (p *parameter) object(parts []string, explode bool) rawParameter {
	out := definition.NewObject()
	put := func(k, v string) bool {
		kt, ok1 := decodePart(k)
		vt, ok2 := decodePart(v)
		if !ok1 || !ok2 {
			return false
		}
		out.Kids = append(out.Kids, p.schema.Member(kt).FromText(vt).With(kt))
		return true
	}
	if explode {
		for _, part := range parts {
			k, v, ok := strings.Cut(part, "=")
			if !ok {
				return rawParameter{present: true, fault: "must be written as name=value pairs", code: "style"}
			}
			if !put(k, v) {
				return malformed(part)
			}
		}
		return rawParameter{present: true, value: out}
	}
	if len(parts)%2 != 0 {
		return rawParameter{present: true, fault: "must have a value for each property: name,value,name,value", code: "style"}
	}
	for i := 0; i < len(parts); i += 2 {
		if !put(parts[i], parts[i+1]) {
			return malformed(parts[i])
		}
	}
	return rawParameter{present: true, value: out}
}

// content reads a parameter that is described by a media type.
func (p *parameter) content(t string) rawParameter {
	if p.media.form != formJSON {
		return rawParameter{present: true, value: definition.NewString(t)}
	}
	v, err := document.ParseJSON(t, 0, bodyLimits)
	if err != nil {
		return rawParameter{present: true, fault: "must be JSON: " + err.Error(), code: "json"}
	}
	return rawParameter{present: true, value: v}
}

// fromHeader reads a header field; several of one name are one list.
func (p *parameter) fromHeader(h http.Header) rawParameter {
	values := h[http.CanonicalHeaderKey(p.def.Name)]
	if len(values) == 0 {
		return rawParameter{}
	}
	t := strings.TrimSpace(strings.Join(values, ","))
	if p.media != nil {
		return p.content(t)
	}
	switch kind := shapeOf(p.schema); kind {
	case schema.TypeArray:
		parts := strings.Split(t, ",")
		out := definition.NewArray()
		for i, part := range parts {
			out.Kids = append(out.Kids, p.schema.Item(i).FromText(strings.TrimSpace(part)))
		}
		return rawParameter{present: true, empty: t == "", value: out}
	case schema.TypeObject:
		return p.object(strings.Split(strings.ReplaceAll(t, ", ", ","), ","), p.def.Explode)
	}
	return rawParameter{present: true, empty: t == "", value: p.schema.FromText(t)}
}

// fromCookie reads a cookie. Cookies are no query: a comma may be part of one,
// and a list is repeated or separated by commas.
func (p *parameter) fromCookie(h http.Header) rawParameter {
	var own []pair
	var all []pair
	for _, line := range h["Cookie"] {
		for _, part := range strings.Split(line, ";") {
			k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
			v = strings.Trim(v, `"`)
			t := v
			if p.def.Style != "cookie" {
				if d, ok := decodePart(v); ok {
					t = d
				}
			}
			all = append(all, pair{k, t, v})
			if k == p.def.Name {
				own = append(own, pair{k, t, v})
			}
		}
	}
	kind := shapeOf(p.schema)
	if kind == schema.TypeObject && p.def.Explode && p.media == nil {
		return p.exploded(all)
	}
	if len(own) == 0 {
		return rawParameter{}
	}
	if p.media != nil {
		return p.content(own[0].value)
	}
	switch kind {
	case schema.TypeArray:
		if len(own) == 1 {
			return p.list(strings.Split(own[0].raw, ","))
		}
		return p.queryList(own)
	case schema.TypeObject:
		return p.object(strings.Split(own[0].raw, ","), false)
	}
	return rawParameter{present: true, empty: own[0].value == "", value: p.schema.FromText(own[0].value)}
}
