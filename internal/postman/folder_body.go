package postman

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// folderTextType reports whether a body's type is one of the texts.
func folderTextType(kind string) bool {
	switch kind {
	case "json", "xml", "html", "javascript", "text":
		return true
	}
	return false
}

// folderBody takes a request's body: {type, content}, a bare text, or the
// {mode, …} of the older formats.
func folderBody(m *members) *Body {
	if text := m.plain("body"); text != "" {
		return &Body{Mode: "raw", Raw: text}
	}
	v := m.take("body", definition.Object)
	if v == nil {
		return nil
	}
	in := membersOf(v)
	kind, content := in.text("type"), "content"
	if kind == "" {
		if kind = in.text("mode"); kind != "" && !v.Has(content) {
			content = kind
		}
	}
	b := &Body{Disabled: in.yes("disabled")}
	left := b.read(&in, kind, content)
	b.Extra = append(in.rest(), left...)
	return b
}

// read takes a body's content by its type, and gives what the model keeps
// beside it.
func (b *Body) read(in *members, kind, key string) (left []definition.Value) {
	content, _ := in.find(key)
	switch kind {
	case "none":
		b.Mode = kind
	case "urlencoded":
		b.Mode, b.URLEncoded = kind, folderForm(in, key)
	case "formdata":
		b.Mode, b.Form = kind, folderForm(in, key)
	case "graphql":
		b.Mode, b.GraphQL = kind, folderWrapped(in, key, "graphql", "query")
	case "file":
		b.Mode, b.File = kind, folderWrapped(in, key, "file", "src")
	default:
		if b.Mode = "raw"; kind != "" && kind != "raw" && !folderTextType(kind) && content != nil && !folderIsScalar(content) {
			b.Mode = kind
			return nil
		}
		in.take(key)
		if b.Raw = scalar(content); b.Raw == "" && content.Is(definition.String) {
			left = []definition.Value{definition.NewString("").With("raw")}
		}
		if kind != "" && kind != "raw" && kind != "text" {
			language := definition.NewObject(definition.NewString(kind).With("language")).With("raw")
			options := definition.NewObject(language).With("options")
			b.Options = &options
		}
	}
	return left
}

// folderWrapped takes a content that is an object, or the one member of it
// that matters.
func folderWrapped(in *members, key, name, only string) *definition.Value {
	v := in.any(key)
	if v == nil {
		return nil
	}
	wrapped := v.With(name)
	if v.Kind != definition.Object {
		wrapped = definition.NewObject(v.With(only)).With(name)
	}
	return &wrapped
}

// folderForm takes the fields of a form, which may be one text.
func folderForm(in *members, key string) []*Field {
	if v := in.list(key); v != nil {
		return folderFields(v)
	}
	v := in.take(key, definition.String)
	if v == nil {
		return nil
	}
	fields := []*Field{}
	for part := range strings.SplitSeq(v.Text, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			fields = append(fields, &Field{Key: decodeQuery(name), Value: decodeQuery(value)})
		}
	}
	return fields
}
