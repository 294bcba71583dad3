package openapi

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// What only OpenAPI 2.0 writes: bodies and forms as parameters, types beside
// the operation, schemas spread over parameters and headers.

const (
	typeForm      = "application/x-www-form-urlencoded"
	typeMultipart = "multipart/form-data"
)

// parameter20 fills in what a 2.0 parameter says without "schema" and "style".
func (r *reader) parameter20(p *definition.Parameter, v *value) {
	p.Style = defaultStyle(p.In)
	if v.Get("type").Str() == "array" {
		p.Style, p.Explode = collectionFormat(v.Get("collectionFormat").Str(), p.In)
	}
	p.Schema = r.schema20(v)
	if x := v.Get("x-example"); x != nil {
		p.Examples = append(p.Examples, definition.Example{Value: x})
	}
}

// collectionFormat translates how a 2.0 array is written.
func collectionFormat(format string, in definition.In) (style string, explode bool) {
	style = defaultStyle(in)
	switch format {
	case "multi":
		return "form", true
	case "ssv":
		return "spaceDelimited", false
	case "tsv":
		return "tabDelimited", false
	case "pipes":
		return "pipeDelimited", false
	}
	return style, false
}

// schema20 makes a schema of the fields that 2.0 puts into parameters,
// headers and items.
func (r *reader) schema20(v *value) *value {
	if s := v.Get("schema"); s != nil {
		return r.schema(s)
	}
	if s, ok := r.schemas20[v]; ok {
		return s
	}
	out := &value{Kind: definition.Object, File: v.File, Pos: v.Pos}
	for i := range v.Kids {
		switch v.Kids[i].Key {
		case "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
			"maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf",
			"description", "x-nullable", "x-faker", "x-example", "example":
			out.Kids = append(out.Kids, v.Kids[i])
		}
	}
	if len(out.Kids) == 0 {
		out = nil
	}
	r.schemas20[v] = out
	return r.schema(out)
}

// bodyOf20 makes the body of an operation of its "body" and "formData"
// parameters, those of the path item included.
func (r *reader) bodyOf20(op *definition.Operation, v *value) {
	form, whole := r.bodyParameters20(v)
	consumes := r.types20(v, "consumes")
	switch {
	case whole != nil:
		if len(consumes) == 0 {
			consumes = []string{"application/json"}
		}
		schema := r.schema(whole.Get("schema"))
		op.Body = &definition.Body{Required: whole.Get("required").True()}
		for _, t := range consumes {
			if !r.spend(whole, 200) {
				return
			}
			op.Body.Content = append(op.Body.Content, &definition.Media{Type: t, Schema: schema, Examples: r.examples20(whole)})
		}
	case len(form) > 0:
		op.Body = r.form20(form, consumes)
	}
}

// bodyParameters20 finds the parameters of the form and the one of the body.
// Those of the operation replace those of the path item.
func (r *reader) bodyParameters20(v *value) (form []*value, whole *value) {
	at := map[string]int{}
	for _, list := range append(r.itemParameters, v.Get("parameters")) {
		if !list.Is(definition.Array) {
			continue
		}
		for i := range list.Kids {
			p := r.deref(&list.Kids[i], "a parameter")
			switch p.Get("in").Str() {
			case "body":
				whole = p
			case "formData":
				name := text(p.Get("name"))
				if n, known := at[name]; known {
					form[n] = p
					continue
				}
				at[name] = len(form)
				form = append(form, p)
			}
		}
	}
	return form, whole
}

// examples20 reads the extension that gives examples of a 2.0 body.
func (r *reader) examples20(p *value) []definition.Example {
	if x := p.Get("x-example"); x != nil {
		return []definition.Example{{Value: x}}
	}
	return nil
}

func (r *reader) form20(form []*value, consumes []string) *definition.Body {
	schema := &value{Kind: definition.Object, File: form[0].File, Pos: form[0].Pos}
	var props, required []value
	var encoding []definition.Encoding
	file := false
	body := &definition.Body{}
	for _, p := range form {
		name := text(p.Get("name"))
		s := r.schema20(p)
		if s == nil {
			s = &value{Kind: definition.Object}
		}
		if e := p.Get("allowEmptyValue"); e.Is(definition.Bool) && !e.True() && s.Get("type").Str() == "string" && s.Get("minLength") == nil {
			kids := append([]value(nil), s.Kids...)
			s = &value{Kind: definition.Object, Kids: append(kids, definition.NewInt(1).With("minLength")), Flags: s.Flags, Pos: s.Pos, File: s.File}
		}
		props = append(props, s.With(name))
		file = file || p.Get("type").Str() == "file"
		if p.Get("required").True() {
			required = append(required, definition.NewString(name))
			body.Required = true
		}
		if p.Get("type").Str() == "array" {
			style, explode := collectionFormat(p.Get("collectionFormat").Str(), definition.InQuery)
			encoding = append(encoding, definition.Encoding{Name: name, Style: style, Explode: explode})
		}
	}
	schema.Kids = []value{definition.NewString("object").With("type"), definition.NewObject(props...).With("properties")}
	if required != nil {
		schema.Kids = append(schema.Kids, definition.NewArray(required...).With("required"))
	}
	schema.Flags |= definition.Normalised
	var types []string
	for _, t := range consumes {
		if lower := strings.ToLower(t); strings.HasPrefix(lower, typeForm) || strings.HasPrefix(lower, "multipart/") {
			types = append(types, t)
		}
	}
	if types == nil {
		types = []string{typeForm}
		if file {
			types = []string{typeMultipart}
		}
	}
	for _, t := range types {
		if !r.spend(schema, 200) {
			break
		}
		body.Content = append(body.Content, &definition.Media{Type: t, Schema: schema, Encoding: encoding})
	}
	return body
}

// types20 reads "consumes" or "produces" of the operation, else of the document.
func (r *reader) types20(v *value, key string) []string {
	list := v.Get(key)
	if list == nil {
		list = r.entry.Root.Get(key)
	}
	if list = r.list(list, "\""+key+"\""); list == nil {
		return nil
	}
	var out []string
	for i := range list.Kids {
		if t := strings.TrimSpace(list.Kids[i].Str()); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// content20 makes the content of a response of its schema, its examples by
// media type and the operation's "produces".
func (r *reader) content20(v, operation *value) []*definition.Media {
	schema := r.schema(v.Get("schema"))
	examples := v.Get("examples")
	types := r.types20(operation, "produces")
	if examples.Is(definition.Object) && len(types) == 0 {
		for i := range examples.Kids {
			if strings.Contains(examples.Kids[i].Key, "/") {
				types = append(types, examples.Kids[i].Key)
			}
		}
	}
	assumed := len(types) == 0
	if assumed {
		types = []string{"application/json"}
	}
	byType := func(t string) []definition.Example {
		if !examples.Is(definition.Object) {
			return nil
		}
		var out []definition.Example
		for i := range examples.Kids {
			if k := &examples.Kids[i]; strings.EqualFold(k.Key, t) {
				out = append(out, definition.Example{Value: k})
			} else if !strings.Contains(k.Key, "/") {
				out = append(out, definition.Example{Name: k.Key, Value: k})
			}
		}
		return out
	}
	if schema == nil && examples.Len() == 0 {
		return nil
	}
	var out []*definition.Media
	for _, t := range types {
		if !r.spend(v, 200) {
			break
		}
		m := &definition.Media{Type: t, Schema: schema, Examples: byType(t), Assumed: assumed}
		if schema != nil || m.Examples != nil {
			out = append(out, m)
		}
	}
	if out == nil && examples.Is(definition.Object) {
		for i := range examples.Kids {
			if k := &examples.Kids[i]; strings.Contains(k.Key, "/") {
				out = append(out, &definition.Media{Type: k.Key, Examples: byType(k.Key)})
			}
		}
	}
	return out
}
