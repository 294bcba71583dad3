package convert

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/schema"
)

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
)

// body makes the body of a request with its Content-Type; nil where the
// operation has none.
func (w *assembly) body(op *definition.Operation) (*postman.Body, *postman.Field) {
	if op.Body == nil || len(op.Body.Content) == 0 {
		return nil, nil
	}
	m := w.chosen(op.Body.Content)
	var b *postman.Body
	switch m.Type {
	case formType:
		b = w.form(m)
	case multipartType:
		b = w.multipart(m)
	default:
		b = w.raw(m)
	}
	return b, &postman.Field{Key: "Content-Type", Value: m.Type}
}

// chosen is the media type that a request has.
func (w *assembly) chosen(content []*definition.Media) *definition.Media {
	want := ""
	switch w.options.PreferredBody {
	case BodyForm:
		want = formType
	case BodyMultipart:
		want = multipartType
	}
	if want == "" && !slices.ContainsFunc(content, func(m *definition.Media) bool { return !isForm(m) }) && strings.HasPrefix(w.def.Format, "OpenAPI 2") {
		want = multipartType // a form of 2.0 may be either
	}
	for _, m := range content {
		if m.Type == want {
			return m
		}
	}
	first := w.options.PreferredBody == "" || w.options.PreferredBody == BodyFirst
	if isForm(content[0]) && (first || !slices.ContainsFunc(content, func(m *definition.Media) bool { return !isForm(m) })) {
		return content[0]
	}
	return preferred(content)
}

func isForm(m *definition.Media) bool { return m.Type == formType || m.Type == multipartType }

// preferred is the media type that is shown of several, as Postman's converter
// chooses it.
func preferred(content []*definition.Media) *definition.Media {
	for _, want := range [...]string{"application/javascript", "application/json", "text/html", "text/plain", "application/xml", "text/xml"} {
		for _, m := range content {
			if m.Type == want {
				return m
			}
		}
	}
	for _, m := range content {
		if language(m.Type) == "json" {
			return m
		}
	}
	return content[0]
}

// language is "json" or "xml" for media types of these families, else "".
func language(mediaType string) string {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	main, sub, _ := strings.Cut(strings.TrimSpace(t), "/")
	switch {
	case main == "application" && (sub == "json" || strings.HasSuffix(sub, "+json")):
		return "json"
	case (main == "application" || main == "text") && (sub == "xml" || strings.HasSuffix(sub, "+xml")):
		return "xml"
	}
	return ""
}

func (w *assembly) raw(m *definition.Media) *postman.Body {
	b := &postman.Body{Mode: "raw"}
	if w.isFile(m) {
		b.Mode = "file"
	} else {
		b.Raw, _ = w.text(m, schema.Request)
	}
	if lang := language(m.Type); lang != "" {
		options := definition.NewObject(definition.NewObject(
			definition.NewString(lang).With("headerFamily"), definition.NewString(lang).With("language")).With("raw"))
		b.Options = &options
	}
	return b
}

// isFile reports whether a body is sent as a file.
func (w *assembly) isFile(m *definition.Media) bool {
	if w.bodies.nullIsType {
		return m.Type == "application/octet-stream" && isBare(m)
	}
	return m.Schema.Get("type").Str() == "string" && m.Schema.Get("format").Str() == "binary"
}

// isBare reports whether a media type says nothing of its bodies.
func isBare(m *definition.Media) bool {
	return m.Schema == nil && m.Item == nil && len(m.Examples) == 0 && len(m.Encoding) == 0
}

// maxBodies is how many bytes all bodies of a collection have.
const maxBodies = 256 << 20

// text is a body of a media type; ok is false where nothing is said of it.
func (w *assembly) text(m *definition.Media, side schema.Direction) (text string, ok bool) {
	if w.spent > maxBodies {
		return "", true
	}
	text, ok = w.bodyText(m, side)
	w.spent += len(text)
	return text, ok
}

func (w *assembly) bodyText(m *definition.Media, side schema.Direction) (text string, ok bool) {
	if isBare(m) {
		return "", false
	}
	if w.options.Values == ValuesOfExample {
		if e := w.shownBody(m, side); e != nil {
			return w.written(e, m, side), true
		}
	}
	at := m.Schema
	if at == nil {
		if e := exampleOf(m.Examples, ""); e != nil {
			return w.written(e, m, side), true
		}
		if len(m.Examples) > 0 && m.Examples[0].Serialized != nil {
			return *m.Examples[0].Serialized, true
		}
		if m.Item == nil {
			return "", true
		}
		return w.stream(m, w.bodies.value(m.Item, side)), true
	}
	return w.written(w.bodies.value(at, side), m, side), true
}

// stream is a stream of one item: an event, or a line of JSON.
func (w *assembly) stream(m *definition.Media, item *definition.Value) string {
	t, _, _ := strings.Cut(m.Type, ";")
	if strings.TrimSpace(t) != "text/event-stream" {
		return string(item.AppendJSON(nil)) + "\n"
	}
	if item.Kind != definition.Object || !item.Has("data") {
		return "data: " + string(item.AppendJSON(nil)) + "\n\n"
	}
	var b strings.Builder
	for i := range item.Kids {
		for line := range strings.SplitSeq(plainText(&item.Kids[i]), "\n") {
			b.WriteString(item.Kids[i].Key + ": " + line + "\n")
		}
	}
	return b.String() + "\n"
}

// shownBody is the example that a document shows of a body: the unnamed one,
// the schema's, the first. Of a request only one that the schema accepts will
// do. It is nil where there is none.
func (w *assembly) shownBody(m *definition.Media, side schema.Direction) *definition.Value {
	var shown []*definition.Value
	for i := range m.Examples {
		shown = append(shown, m.Examples[i].Value)
	}
	if m.Schema != nil {
		first := len(m.Examples) > 0 && m.Examples[0].Name == ""
		if o := w.bodies.of(m.Schema); o.shown != nil && !first {
			shown = slices.Insert(shown, 0, o.shown)
		}
	}
	for _, e := range shown {
		if e != nil && (side == schema.Response || w.fits(m.Schema, e)) {
			return e
		}
	}
	return nil
}

// fits reports whether a request may carry an example: it is valid as it is, or
// read from its text.
func (w *assembly) fits(at, e *definition.Value) bool {
	if at == nil {
		return true
	}
	compiled := w.set.Compile(at)
	if compiled.Valid(e, schema.Request) {
		return true
	}
	if e.Kind != definition.String {
		return false
	}
	if strings.HasPrefix(strings.TrimSpace(e.Text), "<") { // XML
		return true
	}
	v, err := document.ParseJSON(e.Text, 0, document.Limits{})
	return err == nil && compiled.Valid(&v, schema.Request)
}

// written is a value as the text of a body of a media type.
func (w *assembly) written(v *definition.Value, m *definition.Media, side schema.Direction) string {
	if language(m.Type) == "xml" {
		if v.Kind == definition.String && strings.HasPrefix(strings.TrimSpace(v.Text), "<") {
			return withProlog(v.Text)
		}
		o := newOutline(nil)
		if m.Schema != nil {
			o = w.bodies.of(m.Schema)
		}
		x := xmlText{indent: w.options.Indent, side: side}
		x.element("", o, nil, v, 0)
		return withProlog(strings.TrimPrefix(x.b.String(), "\n"))
	}
	if v.Kind == definition.String && (language(m.Type) != "json" || w.options.Values == ValuesOfType || !w.set.Compile(m.Schema).Valid(v, side)) {
		return v.Text // an example is often the body as it is sent
	}
	return w.bodies.text(v, w.options.Indent)
}

// text is a value as indented JSON. Values that several bodies share are
// written once.
func (b *bodies) text(v *definition.Value, indent string) string {
	if s, ok := b.written[v]; ok {
		return s
	}
	s := string(v.AppendIndentedJSON(nil, "", indent))
	b.written[v] = s
	return s
}

// formValue is the value of a form; nil where it has no fields.
func (w *assembly) formValue(m *definition.Media) *definition.Value {
	if m.Schema == nil {
		return nil
	}
	v := w.bodies.value(m.Schema, schema.Request)
	if w.options.Values == ValuesOfExample {
		if e := w.bodies.of(m.Schema).shown; e != nil && w.fits(m.Schema, e) {
			v = e
		}
	}
	if v.Kind != definition.Object {
		return nil
	}
	return v
}

func encodingOf(m *definition.Media, name string) *definition.Encoding {
	for i := range m.Encoding {
		if m.Encoding[i].Name == name {
			return &m.Encoding[i]
		}
	}
	return nil
}

func (w *assembly) form(m *definition.Media) *postman.Body {
	b := &postman.Body{Mode: "urlencoded", URLEncoded: []*postman.Field{}}
	v := w.formValue(m)
	if v == nil {
		return b
	}
	o := w.bodies.of(m.Schema)
	for i := range v.Kids {
		kid := &v.Kids[i]
		style, explode := "form", true
		if e := encodingOf(m, kid.Key); e != nil {
			if e.Style != "" {
				style, explode = e.Style, e.Explode
			} else if e.ContentType != "" {
				explode = e.Explode
			}
		}
		required := slices.Contains(o.required, kid.Key)
		description := ""
		if p := o.prop(kid.Key); p != nil && !p.readOnly && !isComposed(m.Schema) {
			description = p.description
		}
		about := postman.NewDescription(parameterText(required, description, nil))
		for _, f := range writeParameter(kid.Key, style, explode, kid) {
			f.Description = about
			f.Disabled = w.options.DisableOptions && !required
			b.URLEncoded = append(b.URLEncoded, f)
		}
	}
	return b
}

func (w *assembly) multipart(m *definition.Media) *postman.Body {
	b := &postman.Body{Mode: "formdata", Form: []*postman.Field{}}
	v := w.formValue(m)
	if v == nil {
		return b
	}
	o := w.bodies.of(m.Schema)
	for i := range v.Kids {
		kid := &v.Kids[i]
		f := &postman.Field{Key: kid.Key, Type: "text", Value: plainText(kid)}
		description := ""
		if p := o.prop(kid.Key); p != nil && !p.readOnly {
			if !isComposed(m.Schema) {
				description = p.description
			}
			if p.kind() == "string" && p.format == "binary" {
				f.Type, f.Value = "file", ""
			}
		}
		f.Description = postman.NewDescription(parameterText(slices.Contains(o.required, kid.Key), description, nil))
		if e := encodingOf(m, kid.Key); e != nil {
			f.ContentType = e.ContentType
		}
		b.Form = append(b.Form, f)
	}
	return b
}

// isComposed reports whether a schema is made of others; Postman's converter
// doesn't find the descriptions of its properties.
func isComposed(at *definition.Value) bool {
	return at.Has("allOf") || at.Has("oneOf") || at.Has("anyOf")
}
