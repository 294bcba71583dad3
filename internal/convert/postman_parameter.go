package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

// fields are the parameters of one place, as a request has them.
func (w *assembly) fields(op *definition.Operation, in definition.In, example string) []*postman.Field {
	var out []*postman.Field
	add := func(list []*definition.Parameter) {
		for _, p := range list {
			if p.In == in && (in == definition.InPath || !p.Deprecated || !w.options.NoDeprecated) {
				made := w.parameter(p, example)
				if !p.Required {
					w.disable(op, in, made)
				}
				out = append(out, made...)
			}
		}
	}
	add(op.Parameters)
	if w.options.ImplicitHeader {
		add(op.Ignored)
	}
	if in == definition.InQuery {
		for _, p := range op.Parameters {
			if p.In == definition.InQuerystring {
				out = append(out, w.wholeQuery(p, example)...)
			}
		}
	}
	return out
}

func (w *assembly) parameter(p *definition.Parameter, example string) []*postman.Field {
	v := w.separable(p, w.parameterValue(p, example))
	fields := writeParameter(p.Name, p.Style, p.Explode, v)
	about := postman.NewDescription(parameterText(p.Required, p.Description, w.choices(p.Schema)))
	for _, f := range fields {
		f.Description = about
		f.Disabled = !p.Required && (w.options.DisableOptions || w.impossible(p, v))
		switch p.In {
		case definition.InQuery:
			f.Value = queryText(f.Value)
		case definition.InPath:
			f.Value = pathEscapes.Replace(f.Value)
		}
	}
	return fields
}

// impossible reports whether a value was made that the schema refuses: there is
// none that it accepts.
func (w *assembly) impossible(p *definition.Parameter, v *definition.Value) bool {
	return w.options.Values == ValuesOfSchema && p.Schema != nil && !w.set.Compile(p.Schema).Valid(v, schema.Request)
}

// separable takes the characters that separate parts in a style out of the
// parts, as long as the schema accepts them without.
func (w *assembly) separable(p *definition.Parameter, v *definition.Value) *definition.Value {
	if p.Schema == nil || !v.Is(definition.Array) && !v.Is(definition.Object) || w.options.Values == ValuesOfType {
		return v
	}
	separators := ""
	switch p.Style {
	case "simple":
		separators = ",="
	case "form":
		if !p.Explode {
			separators = ","
		}
	case "spaceDelimited":
		separators = " "
	case "pipeDelimited":
		separators = "|"
	case "label":
		separators = ".,="
	case "matrix":
		separators = ";,="
	}
	changed := false
	own := v.Clone()
	for i := range own.Kids {
		if k := &own.Kids[i]; k.Kind == definition.String && strings.ContainsAny(k.Text, separators) {
			changed = true
			k.Text = strings.Map(func(c rune) rune {
				if strings.ContainsRune(separators, c) {
					return -1
				}
				return c
			}, k.Text)
		}
	}
	if !changed || !w.set.Compile(p.Schema).Valid(&own, schema.Request) {
		return v
	}
	return &own
}

// wholeQuery is a query that is one value (OpenAPI 3.2).
func (w *assembly) wholeQuery(p *definition.Parameter, example string) []*postman.Field {
	v := exampleOf(p.Examples, example)
	if at := p.Content; at != nil && at.Schema != nil && (v == nil || w.options.Values != ValuesOfExample) {
		v = w.bodies.value(at.Schema, schema.Request)
	}
	if !v.Is(definition.Object) {
		return nil
	}
	fields := writeParameter(p.Name, "form", true, v)
	for _, f := range fields {
		f.Value = queryText(f.Value)
	}
	return fields
}

// cookie carries the cookies that are required, which a collection has no
// place for.
func (w *assembly) cookie(op *definition.Operation, example string) *postman.Field {
	var pairs []string
	for _, p := range op.Parameters {
		if p.In == definition.InCookie && !p.Required {
			w.note(op, "cookie-left-out", "the optional cookie \""+p.Name+"\" of "+op.Method+" "+op.Path+" is left out: a collection has no place for it",
				"set it in Postman's cookie jar")
		}
		if p.In == definition.InCookie && p.Required {
			for _, f := range writeParameter(p.Name, "form", p.Explode, w.parameterValue(p, example)) {
				pairs = append(pairs, f.Key+"="+f.Value)
			}
		}
	}
	if pairs == nil {
		return nil
	}
	return &postman.Field{Key: "Cookie", Value: strings.Join(pairs, "; ")}
}

// parameterValue is the value of a parameter, nil where it has no schema.
func (w *assembly) parameterValue(p *definition.Parameter, example string) *definition.Value {
	at := p.Schema
	if p.Content != nil {
		at = p.Content.Schema
	}
	if at == nil {
		return exampleOf(p.Examples, example)
	}
	if w.options.Values == ValuesOfExample {
		if e := w.shownParameter(p, at, example); e != nil && w.fits(at, e) {
			return e
		}
	} else if e := exampleOf(p.Examples, example); e != nil && e.Kind != definition.Object &&
		w.options.Values != ValuesOfType && w.set.Compile(at).Valid(e, schema.Request) {
		return e
	}
	v := w.bodies.value(at, schema.Request)
	if v.Kind == definition.String && w.options.Values == ValuesOfSchema {
		if item := w.itemText(at); item != nil {
			return item
		}
	}
	if p.Content != nil && (v.Kind == definition.Object || v.Kind == definition.Array) {
		text := definition.NewString(string(v.AppendJSON(nil)))
		return &text
	}
	return v
}

// itemText is a text for a parameter that may be a text or a list: one that is an
// item of such a list too, so that it is accepted however it is read. It is nil
// where the schema has no such alternatives.
func (w *assembly) itemText(at *definition.Value) *definition.Value {
	for _, key := range [...]string{"oneOf", "anyOf"} {
		list := at.Get(key)
		for i := range list.Len() {
			items := list.Kids[i].Get("items")
			if list.Kids[i].Get("type").Str() != "array" || items == nil {
				continue
			}
			text := definition.NewString(plainText(w.bodies.value(items, schema.Request)))
			if text.Text != "" && w.set.Compile(items).Valid(&text, schema.Request) && w.set.Compile(at).Valid(&text, schema.Request) {
				return &text
			}
		}
	}
	return nil
}

// shownParameter is the example that a document shows of a parameter: that of
// the name, else the unnamed one, the schema's, the first.
func (w *assembly) shownParameter(p *definition.Parameter, at *definition.Value, name string) *definition.Value {
	if name != "" {
		for i := range p.Examples {
			if strings.EqualFold(p.Examples[i].Name, name) {
				return p.Examples[i].Value
			}
		}
	}
	if len(p.Examples) > 0 && p.Examples[0].Name == "" {
		return p.Examples[0].Value
	}
	if o := w.bodies.of(at); o.shown != nil {
		return o.shown
	}
	return exampleOf(p.Examples, "")
}

// exampleOf is the example of a name, else the first that has a value.
func exampleOf(all []definition.Example, name string) *definition.Value {
	for i := range all {
		if name != "" && strings.EqualFold(all[i].Name, name) && all[i].Value != nil {
			return all[i].Value
		}
	}
	for i := range all {
		if all[i].Value != nil {
			return all[i].Value
		}
	}
	return nil
}

// parameterText tells what a parameter is.
func parameterText(required bool, description string, choices []string) string {
	if required {
		description = "(Required) " + description
	}
	if choices != nil {
		description += " (This can only be one of " + strings.Join(choices, ",") + ")"
	}
	return description
}

// choices are the values that a schema allows, nil where it lists none.
func (w *assembly) choices(at *definition.Value) []string {
	if at == nil {
		return nil
	}
	list := w.bodies.of(at).enum
	if list == nil {
		return nil
	}
	out := make([]string, 0, len(list))
	for i := range list {
		if list[i].Kind == definition.Null {
			if w.bodies.nullIsType {
				out = append(out, "")
			}
			continue
		}
		out = append(out, plainText(&list[i]))
	}
	return out
}

// plainText is a value's text: a text as it is, null as nothing, lists joined
// by commas, objects as JSON.
func plainText(v *definition.Value) string {
	switch {
	case v == nil || v.Kind == definition.Null || v.Kind == definition.Invalid:
		return ""
	case v.Kind == definition.Array:
		return joined(v, ",")
	case v.Kind == definition.Object:
		return string(v.AppendJSON(nil))
	}
	return v.Text
}

func joined(v *definition.Value, sep string) string {
	var b strings.Builder
	for i := range v.Kids {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(plainText(&v.Kids[i]))
	}
	return b.String()
}

// pairs writes an object's members.
func pairs(v *definition.Value, between, sep string) string {
	var b strings.Builder
	for i := range v.Kids {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(v.Kids[i].Key + between + plainText(&v.Kids[i]))
	}
	return b.String()
}

// writeParameter writes a value in a style (OpenAPI 3.0, Parameter Object,
// style examples).
func writeParameter(name, style string, explode bool, v *definition.Value) []*postman.Field {
	one := func(text string) []*postman.Field { return []*postman.Field{{Key: name, Value: text}} }
	isObject, isArray := v.Is(definition.Object), v.Is(definition.Array)
	switch style {
	case "form", "cookie", "tabDelimited":
		switch {
		case explode && isArray:
			out := []*postman.Field{}
			for i := range v.Kids {
				out = append(out, &postman.Field{Key: name, Value: plainText(&v.Kids[i])})
			}
			return out
		case explode && isObject:
			out := []*postman.Field{}
			for i := range v.Kids {
				out = append(out, &postman.Field{Key: v.Kids[i].Key, Value: plainText(&v.Kids[i])})
			}
			return out
		case isArray && style == "tabDelimited":
			return one(joined(v, "\t"))
		}
	case "deepObject":
		if isObject {
			return deepFields(nil, name, v)
		}
	case "spaceDelimited", "pipeDelimited":
		sep := " "
		if style == "pipeDelimited" {
			sep = "|"
		}
		if isArray {
			return one(joined(v, sep))
		}
		if isObject {
			return one(pairs(v, sep, sep))
		}
	case "matrix":
		switch {
		case isArray && explode:
			return one(";" + name + "=" + joined(v, ";"+name+"="))
		case isObject && explode:
			return one(";" + pairs(v, "=", ";"))
		case isObject:
			return one(";" + name + "=" + pairs(v, ",", ","))
		}
		return one(";" + name + "=" + plainText(v))
	case "label":
		switch {
		case isArray && explode:
			return one("." + joined(v, "."))
		case isObject && explode:
			return one("." + pairs(v, "=", "."))
		case isObject:
			return one("." + pairs(v, ",", ","))
		}
		return one("." + plainText(v))
	}
	if isObject {
		between := ","
		if explode {
			between = "="
		}
		return one(pairs(v, between, ","))
	}
	return one(plainText(v))
}

// deepFields writes an object as name[member][member].
func deepFields(to []*postman.Field, name string, v *definition.Value) []*postman.Field {
	for i := range v.Kids {
		kid := &v.Kids[i]
		key := name + "[" + kid.Key + "]"
		switch kid.Kind {
		case definition.Object:
			to = deepFields(to, key, kid)
		case definition.Array:
			for j := range kid.Kids {
				to = append(to, &postman.Field{Key: key, Value: plainText(&kid.Kids[j])})
			}
		default:
			to = append(to, &postman.Field{Key: key, Value: plainText(kid)})
		}
	}
	return to
}

// queryText encodes what would end a value in a query or be read as something
// else: Postman sends it as it is written.
func queryText(s string) string {
	if !strings.ContainsAny(s, "%&#+") {
		return s
	}
	return queryEscapes.Replace(s)
}

// pathEscapes encode what would end a segment or be read as encoded.
var pathEscapes = strings.NewReplacer("%", "%25", "/", "%2F", "?", "%3F", "#", "%23")

var queryEscapes = strings.NewReplacer("%", "%25", "&", "%26", "#", "%23", "+", "%2B")
