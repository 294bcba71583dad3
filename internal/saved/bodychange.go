package saved

import (
	"bytes"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// bodyChange finds what makes a request's body equal that of an example.
type bodyChange struct {
	own     *savedBody
	saved   *definition.SavedBody
	resolve func(string) string
	raw     []byte
	media   string
}

// changes tells what to change: inside of the body where that is little, else
// the whole. It is nil where it can't be told.
func (b *bodyChange) changes() []Change {
	for _, try := range [...]func() []Change{b.inside, b.whole} {
		if list := try(); list != nil && told(list) && b.settles(list) {
			return list
		}
	}
	return nil
}

// settles reports whether the body is equal once it is changed.
func (b *bodyChange) settles(list []Change) bool {
	media := b.media
	var inside []Change
	for _, c := range list {
		if c.In == InHeader {
			media = c.Want.Text
			continue
		}
		inside = append(inside, c)
	}
	body, err := ApplyBody(b.raw, media, inside)
	return err == nil && b.own.equal(&bodies{raw: body, media: media})
}

// inside changes single values.
func (b *bodyChange) inside() []Change {
	switch b.own.kind {
	case bodyJSON:
		return b.insideJSON(b.resolve(b.saved.Text))
	case bodyGraphQL:
		return b.insideGraphQL()
	case bodyForm:
		return b.insideForm()
	}
	return nil
}

func (b *bodyChange) insideJSON(wanted string) []Change {
	want, err := document.ParseJSON(wanted, 1, jsonLimits)
	if err != nil {
		return nil
	}
	return b.compared(&want)
}

// compared is the difference of the request's body from a JSON value, nil where
// it is too much or that of the whole.
func (b *bodyChange) compared(want *definition.Value) []Change {
	have, err := document.ParseJSON(string(b.raw), 1, jsonLimits)
	if err != nil {
		return nil
	}
	var d difference
	d.compare("", &have, want)
	if len(d.changes) == 1 && d.changes[0].Name == "" || len(d.changes) > MaxChanges {
		return nil
	}
	return d.changes
}

// difference collects changes of a JSON value, a few more than MaxChanges at
// most.
type difference struct{ changes []Change }

func (d *difference) compare(at string, have, want *definition.Value) {
	switch {
	case len(d.changes) > MaxChanges || definition.Equal(have, want):
	case have.Kind == want.Kind && want.Kind == definition.Object:
		d.compareObjects(at, have, want)
	case have.Kind == want.Kind && want.Kind == definition.Array:
		d.compareArrays(at, have, want)
	default:
		d.set(at, have, want)
	}
}

func (d *difference) set(at string, have, want *definition.Value) {
	d.changes = append(d.changes, Change{In: InBody, Name: at, Op: Set, Have: have, Want: want})
}

func (d *difference) compareObjects(at string, have, want *definition.Value) {
	for i := range want.Kids {
		if len(d.changes) > MaxChanges {
			return
		}
		w := &want.Kids[i]
		if h := have.Get(w.Key); h != nil {
			d.compare(at+"/"+pointerToken(w.Key), h, w)
		} else {
			d.set(at+"/"+pointerToken(w.Key), nil, w)
		}
	}
	for i := range have.Kids {
		if len(d.changes) > MaxChanges {
			return
		}
		if h := &have.Kids[i]; !want.Has(h.Key) {
			d.changes = append(d.changes, Change{In: InBody, Name: at + "/" + pointerToken(h.Key), Op: Remove, Have: h})
		}
	}
}

// compareArrays takes spare items out from the last one on, so that the numbers
// of the others stay good: at the first difference where the rest follows after
// them, else at the end.
func (d *difference) compareArrays(at string, have, want *definition.Value) {
	spare := len(have.Kids) - len(want.Kids)
	from := len(want.Kids)
	if spare > 0 {
		from = 0
		for from < len(want.Kids) && definition.Equal(&have.Kids[from], &want.Kids[from]) {
			from++
		}
		for i := from; i < len(want.Kids); i++ {
			if !definition.Equal(&have.Kids[i+spare], &want.Kids[i]) {
				from = len(want.Kids)
			}
		}
	}
	for i := from + spare - 1; i >= from && len(d.changes) <= MaxChanges; i-- {
		d.changes = append(d.changes, Change{In: InBody, Name: at + "/" + strconv.Itoa(i), Op: Remove, Have: &have.Kids[i]})
	}
	for i := range want.Kids {
		if len(d.changes) > MaxChanges {
			return
		}
		switch name := at + "/" + strconv.Itoa(i); {
		case i < min(from, len(have.Kids)):
			d.compare(name, &have.Kids[i], &want.Kids[i])
		case i >= len(have.Kids):
			d.set(name, nil, &want.Kids[i])
		}
	}
}

func pointerToken(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// graphQL is the saved body as JSON. (GraphQL over HTTP, 5.4.)
func (b *bodyChange) graphQL() definition.Value {
	doc := definition.NewObject(definition.NewString(b.resolve(b.saved.Text)).With("query"))
	if text := b.resolve(b.saved.Variables); strings.TrimSpace(text) != "" {
		vars, err := document.ParseJSON(text, 1, jsonLimits)
		if err != nil {
			vars = definition.NewString(text)
		}
		doc.Kids = append(doc.Kids, vars.With("variables"))
	}
	if b.saved.Operation != "" {
		doc.Kids = append(doc.Kids, definition.NewString(b.saved.Operation).With("operationName"))
	}
	return doc
}

func (b *bodyChange) insideGraphQL() []Change {
	have, err := document.ParseJSON(string(b.raw), 1, jsonLimits)
	if err != nil || !have.Is(definition.Object) {
		return nil
	}
	want := b.graphQL()
	var d difference
	if q := want.Get("query"); graphQLTokens(have.Get("query").Str()) != graphQLTokens(q.Text) {
		d.set("/query", have.Get("query"), q)
	}
	for _, name := range [...]string{"variables", "operationName"} {
		h, w := have.Get(name), want.Get(name)
		switch hasH, hasW := says(h), says(w); {
		case hasH && hasW:
			d.compare("/"+name, h, w)
		case hasW:
			d.set("/"+name, h, w)
		case hasH:
			d.changes = append(d.changes, Change{In: InBody, Name: "/" + name, Op: Remove, Have: h})
		}
	}
	if len(d.changes) > MaxChanges {
		return nil
	}
	return d.changes
}

// says reports whether a member of a GraphQL request is more than null, "" or
// {}, which are as if it were not there.
func says(v *definition.Value) bool { return v != nil && len(v.Kids)+len(v.Text) > 0 }

// fields are the fields of the saved form.
func (b *bodyChange) fields() []definition.SavedPart {
	if b.saved.Mode == definition.BodyURLEncoded || b.saved.Mode == definition.BodyForm {
		out := make([]definition.SavedPart, len(b.saved.Fields))
		for i, f := range b.saved.Fields {
			out[i] = definition.SavedPart{Name: b.resolve(f.Name), Value: b.resolve(f.Value), File: f.File}
		}
		return out
	}
	return readForm([]byte(b.resolve(b.saved.Text)), "")
}

// insideForm changes fields of a form. What is no form is not taken for one,
// and files stay as they are.
func (b *bodyChange) insideForm() []Change {
	if typ, _, _ := mime.ParseMediaType(b.media); typ != "" && typ != "application/x-www-form-urlencoded" && typ != "multipart/form-data" {
		return nil
	}
	want, have := b.fields(), readForm(b.raw, b.media)
	if len(want)+len(have) > maxNames {
		return nil
	}
	var names []string
	for _, list := range [...][]definition.SavedPart{want, have} {
		for _, f := range list {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	var out []Change
	for _, name := range names {
		w, h := fieldsOf(want, name), fieldsOf(have, name)
		if canonicalForm(w) == canonicalForm(h) {
			continue
		}
		c := Change{In: InBody, Name: name, Op: Remove}
		if len(h) > 0 {
			c.Have = texts(valuesOf(h))
		}
		if len(w) > 0 {
			if slices.ContainsFunc(w, func(f definition.SavedPart) bool { return f.File }) {
				return nil
			}
			c.Op, c.Want = Set, texts(valuesOf(w))
		}
		if out = append(out, c); len(out) > MaxChanges || name == "" {
			return nil
		}
	}
	return out
}

func fieldsOf(list []definition.SavedPart, name string) []definition.SavedPart {
	var out []definition.SavedPart
	for _, f := range list {
		if f.Name == name {
			out = append(out, f)
		}
	}
	return out
}

func valuesOf(list []definition.SavedPart) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Value)
	}
	return out
}

// whole replaces the body. A form may need its Content-Type with it.
func (b *bodyChange) whole() []Change {
	set := Change{In: InBody, Op: Set}
	if len(b.raw) > 0 {
		set.Have = text(strings.ToValidUTF8(string(b.raw[:min(len(b.raw), maxHave+1)]), "\uFFFD"))
	}
	switch b.own.kind {
	case bodyNone:
		set.Op = Remove
		return []Change{set}
	case bodyFile:
		set.Want = text("a file")
		return []Change{set}
	case bodyForm:
		return b.wholeForm(set)
	case bodyGraphQL:
		want := b.graphQL()
		set.Want = &want
		return []Change{set}
	}
	own := b.resolve(b.saved.Text)
	if !utf8.ValidString(own) {
		return nil
	}
	set.Want = text(own)
	if want, err := document.ParseJSON(own, 1, jsonLimits); err == nil && b.own.kind == bodyJSON && want.Kind != definition.String {
		set.Want = &want
	}
	return []Change{set}
}

// formBoundary divides the parts of a form that is suggested as a whole.
const formBoundary = "mimus"

func (b *bodyChange) wholeForm(set Change) []Change {
	fields := b.fields()
	typ, _, _ := mime.ParseMediaType(b.media)
	if slices.ContainsFunc(fields, func(f definition.SavedPart) bool { return f.File }) {
		set.Want = text(multipartText(fields))
		return []Change{SetText(InHeader, "content-type", b.media, "multipart/form-data; boundary="+formBoundary), set}
	}
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(f.Value)
	}
	set.Want = text(strings.Join(list, "&"))
	if typ == "multipart/form-data" {
		return []Change{SetText(InHeader, "content-type", b.media, "application/x-www-form-urlencoded"), set}
	}
	return []Change{set}
}

// multipartText writes a form; a file in it is empty.
func multipartText(fields []definition.SavedPart) string {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.SetBoundary(formBoundary)
	for _, f := range fields {
		if f.File {
			_, _ = w.CreateFormFile(f.Name, "file")
			continue
		}
		_ = w.WriteField(f.Name, f.Value)
	}
	_ = w.Close()
	return out.String()
}
