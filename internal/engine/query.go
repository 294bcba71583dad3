package engine

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

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
	if len(own) > 1 && p.schema.Possible()&schema.TypeArray != 0 {
		return p.queryList(own)
	}
	return rawParameter{present: true, empty: last.value == "", value: p.schema.FromText(last.value)}
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
			out.Kids = append(out.Kids, p.schema.Item(i).FromText(unescape(part)))
		}
		return rawParameter{present: true, value: out}
	}
	for i := range own {
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

// exploded reads an object whose properties are parameters of their own. One
// that names no properties takes what nobody else declares.
func (p *parameter) exploded(pairs []pair) rawParameter {
	out := definition.NewObject()
	seen := map[string]bool{}
	for i := range pairs {
		name := pairs[i].name
		if seen[name] || !p.schema.HasMember(name) && !p.takes(name) {
			continue
		}
		seen[name] = true
		member := p.schema.Member(name)
		if shapeOf(member) == schema.TypeArray {
			list := definition.NewArray()
			for j := i; j < len(pairs); j++ {
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
		for i := range pairs { // some clients write it as one parameter
			if pairs[i].name == p.def.Name {
				return p.object(strings.Split(pairs[i].raw, ","), false)
			}
		}
		return rawParameter{}
	}
	return rawParameter{present: true, value: out}
}

// takes reports whether an exploded object has the property though it doesn't
// name it.
func (p *parameter) takes(name string) bool {
	if p.taken == nil || p.taken[name] || strings.HasPrefix(name, "__") || strings.ContainsRune(name, '[') {
		return false
	}
	return !p.named || p.schema.Member(name) != nil
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
			if old.Kind == definition.Object {
				return false
			}
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
	if kid.Kind != definition.Object && kid.Kind != definition.Array {
		return false
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
