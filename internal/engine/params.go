package engine

import (
	"net/http"
	"net/url"
	"strings"

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
		return s, true
	}
	d, err := url.PathUnescape(s)
	return d, err == nil
}

func malformed(what string) rawParameter {
	return rawParameter{present: true, fault: "must be percent-encoded correctly: " + what, code: "encoding"}
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
	v, err := document.ParseJSON(t, 0, document.Limits{})
	if err != nil {
		return rawParameter{present: true, fault: "must be JSON: " + err.Error(), code: "json"}
	}
	return rawParameter{present: true, value: v}
}

// fromQuery reads the styles form, spaceDelimited, pipeDelimited and
// deepObject.
func (p *parameter) fromQuery(pairs []pair) rawParameter {
	d := p.def
	if p.media != nil {
		for i := range pairs {
			if pairs[i].name == d.Name {
				return p.content(pairs[i].value)
			}
		}
		return rawParameter{}
	}
	kind := shapeOf(p.schema)
	if d.Style == "deepObject" {
		return p.deepObject(pairs)
	}
	if kind == schema.TypeObject && d.Explode {
		return p.exploded(pairs)
	}
	var own []pair
	for i := range pairs {
		if pairs[i].name == d.Name || kind == schema.TypeArray && pairs[i].name == d.Name+"[]" {
			own = append(own, pairs[i])
		}
	}
	if len(own) == 0 {
		return rawParameter{}
	}
	switch kind {
	case schema.TypeArray:
		return p.queryList(own)
	case schema.TypeObject:
		return p.object(strings.Split(own[0].raw, ","), false)
	}
	last := own[len(own)-1]
	if last.raw != "" && !validEscapes(last.raw) {
		return malformed(last.raw)
	}
	if len(own) > 1 && p.schema.Possible()&schema.TypeArray != 0 {
		return p.queryList(own)
	}
	return rawParameter{present: true, empty: last.value == "", value: p.schema.FromText(last.value)}
}

func validEscapes(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// queryList reads a list: exploded, each occurrence is an item; else the one
// occurrence is split. Several occurrences are taken as items in any style.
func (p *parameter) queryList(own []pair) rawParameter {
	d := p.def
	out := definition.NewArray()
	if len(own) == 1 && !(d.Explode && d.Style == "form") {
		raw := own[0].raw
		if raw == "" {
			return rawParameter{present: true, empty: true, value: out}
		}
		for i, part := range splitStyle(d.Style, raw) {
			if !validEscapes(part) {
				return malformed(part)
			}
			out.Kids = append(out.Kids, p.schema.Item(i).FromText(unescape(part)))
		}
		return rawParameter{present: true, value: out}
	}
	for i := range own {
		if !validEscapes(own[i].raw) {
			return malformed(own[i].raw)
		}
		out.Kids = append(out.Kids, p.schema.Item(i).FromText(own[i].value))
	}
	return rawParameter{present: true, empty: len(own) == 1 && own[0].value == "", value: out}
}

// splitStyle splits a raw value at the delimiter of its style, which may itself
// be percent-encoded where a URL can't hold it.
func splitStyle(style, raw string) []string {
	switch style {
	case "spaceDelimited":
		return strings.Split(strings.NewReplacer("%20", " ", "+", " ").Replace(raw), " ")
	case "pipeDelimited":
		return strings.Split(strings.NewReplacer("%7C", "|", "%7c", "|").Replace(raw), "|")
	case "tabDelimited":
		return strings.Split(strings.NewReplacer("%09", "\t").Replace(raw), "\t")
	}
	if !strings.Contains(raw, ",") { // some clients encode the delimiter too
		return strings.Split(strings.NewReplacer("%2C", ",", "%2c", ",").Replace(raw), ",")
	}
	return strings.Split(raw, ",")
}

// exploded reads an object whose properties are parameters of their own.
func (p *parameter) exploded(pairs []pair) rawParameter {
	out := definition.NewObject()
	for i := range pairs {
		name := pairs[i].name
		if !p.schema.HasMember(name) || out.Get(name) != nil {
			continue
		}
		member := p.schema.Member(name)
		if shapeOf(member) == schema.TypeArray {
			list := definition.NewArray()
			for j := range pairs {
				if pairs[j].name == name {
					list.Kids = append(list.Kids, member.Item(len(list.Kids)).FromText(pairs[j].value))
				}
			}
			out.Kids = append(out.Kids, list.With(name))
			continue
		}
		out.Kids = append(out.Kids, member.FromText(pairs[i].value).With(name))
	}
	if len(out.Kids) == 0 {
		for i := range pairs { // a free-form object takes what nobody else declares
			if pairs[i].name == p.def.Name {
				return p.object(strings.Split(pairs[i].raw, ","), false)
			}
		}
		return rawParameter{}
	}
	return rawParameter{present: true, value: out}
}

// deepObject reads name[a]=1&name[b][c]=2&name[list][]=3.
func (p *parameter) deepObject(pairs []pair) rawParameter {
	out := definition.NewObject()
	for i := range pairs {
		rest, ok := strings.CutPrefix(pairs[i].name, p.def.Name)
		if !ok || !strings.HasPrefix(rest, "[") {
			continue
		}
		if !putDeep(&out, p.schema, rest, pairs[i].value, 0) {
			return rawParameter{present: true, fault: "must be written as name[property]=value", code: "style"}
		}
	}
	if len(out.Kids) == 0 {
		return rawParameter{}
	}
	fixLists(&out, p.schema, 0)
	return rawParameter{present: true, value: out}
}

const maxDeep = 20

// putDeep sets the value that the bracketed keys lead to.
func putDeep(at *value, s *schema.Schema, keys, text string, depth int) bool {
	if depth > maxDeep {
		return false
	}
	end := strings.IndexByte(keys, ']')
	if end < 0 || keys[0] != '[' {
		return false
	}
	key, rest := keys[1:end], keys[end+1:]
	if key == "" || at.Kind == definition.Array {
		if at.Kind == definition.Object && len(at.Kids) == 0 {
			at.Kind = definition.Array
		}
		if at.Kind == definition.Array && rest == "" {
			at.Kids = append(at.Kids, s.Item(len(at.Kids)).FromText(text))
			return true
		}
		if key == "" {
			return false
		}
	}
	member := s.Member(key)
	if member == nil || at.Kind == definition.Array {
		member = s.Item(0)
	}
	if rest == "" {
		if old := at.Get(key); old != nil { // name[k]=a&name[k]=b is a list
			if old.Kind != definition.Array {
				*old = definition.NewArray(member.Item(0).FromText(old.Text)).With(key)
			}
			old.Kids = append(old.Kids, member.Item(len(old.Kids)).FromText(text))
			return true
		}
		at.Kids = append(at.Kids, member.FromText(text).With(key))
		return true
	}
	kid := at.Get(key)
	if kid == nil {
		at.Kids = append(at.Kids, definition.NewObject().With(key))
		kid = &at.Kids[len(at.Kids)-1]
	}
	return putDeep(kid, member, rest, text, depth+1)
}

// fixLists turns objects with the keys 0, 1, 2 … into lists where the schema
// asks for a list, and single values likewise.
func fixLists(v *value, s *schema.Schema, depth int) {
	if depth > maxDeep || s == nil {
		return
	}
	if v.Kind == definition.Object {
		for i := range v.Kids {
			fixLists(&v.Kids[i], s.Member(v.Kids[i].Key), depth+1)
		}
	}
	if shapeOf(s) != schema.TypeArray {
		return
	}
	switch v.Kind {
	case definition.Object:
		v.Kind = definition.Array
		for i := range v.Kids {
			fixLists(&v.Kids[i], s.Item(i), depth+1)
			v.Kids[i].Key = ""
		}
	case definition.Array:
	default:
		one := s.Item(0).FromText(v.Text)
		*v = definition.NewArray(one).With(v.Key)
	}
}

// fromQuerystring reads the whole query as one value (OpenAPI 3.2).
func (p *parameter) fromQuerystring(raw string, pairs []pair) rawParameter {
	if raw == "" {
		return rawParameter{}
	}
	if p.media == nil || p.media.form == formURLEncoded {
		out := definition.NewObject()
		var s *schema.Schema
		if p.media != nil {
			s = p.media.schema
		}
		for i := range pairs {
			if strings.HasPrefix(pairs[i].name, "__") {
				continue
			}
			member := s.Member(pairs[i].name)
			if old := out.Get(pairs[i].name); old != nil {
				if old.Kind != definition.Array {
					first := *old
					*old = definition.NewArray(first.With("")).With(pairs[i].name)
				}
				old.Kids = append(old.Kids, member.Item(len(old.Kids)).FromText(pairs[i].value))
				continue
			}
			out.Kids = append(out.Kids, member.FromText(pairs[i].value).With(pairs[i].name))
		}
		fixLists(&out, s, 0)
		return rawParameter{present: true, value: out}
	}
	return p.content(unescape(raw))
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
