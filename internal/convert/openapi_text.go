package convert

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/format"
)

// textShape is what is known of a parameter or a field of a form from the
// texts that were seen.
type textShape struct {
	texts []string
	hint  string // the type that a placeholder such as "<integer>" names
	list  bool   // it is repeated
	open  bool   // a text has variables without values: anything may come
}

// add takes one text. What still has a variable says nothing but that any text
// may come.
func (t *textShape) add(text string) {
	if strings.Contains(text, "{{") && strings.Contains(text, "}}") {
		t.open = true
		return
	}
	if kind := placeholderKind(text); kind != "" {
		t.hint = kind
		return
	}
	t.texts = append(t.texts, text)
}

// kind is the JSON type of all texts, with the format that they have.
func (t *textShape) kind() (typ, form string) {
	texts := t.texts
	if len(texts) == 0 {
		if t.hint != "" && !t.open {
			return placeholderType(t.hint)
		}
		return "string", ""
	}
	switch {
	case t.open:
		return "string", ""
	case all(texts, isInteger):
		return "integer", ""
	case all(texts, isNumber):
		return "number", ""
	case all(texts, isBoolean):
		return "boolean", ""
	}
	if slices.ContainsFunc(texts, func(s string) bool { return s != texts[0] }) { // one text makes no rule
		for _, f := range textFormats {
			if all(texts, f.fits) {
				return "string", f.name
			}
		}
	}
	return "string", ""
}

// schema writes what was seen as a schema.
func (t *textShape) schema() definition.Value {
	typ, form := t.kind()
	var s tree
	s.text("type", typ)
	if form != "" {
		s.text("format", form)
	}
	if !t.list {
		return s.object()
	}
	var outer tree
	outer.text("type", "array")
	outer.put("items", s.object())
	return outer.object()
}

// value is a text as a value of the schema.
func (t *textShape) value(text string) definition.Value {
	switch typ, _ := t.kind(); typ {
	case "integer", "number":
		if isNumber(text) {
			return definition.Value{Kind: definition.Number, Text: text}
		}
	case "boolean":
		if isBoolean(text) {
			return definition.NewBool(text == "true")
		}
	}
	return definition.NewString(text)
}

// example is the first text that was seen, as a value of the schema.
func (t *textShape) example() (definition.Value, bool) {
	for _, text := range t.texts {
		if text == "" {
			continue
		}
		if t.list {
			return definition.NewArray(t.value(text)), true
		}
		return t.value(text), true
	}
	return definition.Value{}, false
}

func all(texts []string, fits func(string) bool) bool {
	for _, s := range texts {
		if !fits(s) {
			return false
		}
	}
	return len(texts) > 0
}

// isInteger leaves out what is rather a code than a quantity: leading zeros,
// and more digits than a number keeps.
func isInteger(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 15 || digits[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

func isNumber(s string) bool {
	if isInteger(s) {
		return true
	}
	whole, fraction, ok := strings.Cut(s, ".")
	if !ok || len(fraction) == 0 || len(fraction) > 15 || whole != "-0" && !isInteger(whole) {
		return false
	}
	return strings.Trim(fraction, "0123456789") == ""
}

func isBoolean(s string) bool { return s == "true" || s == "false" }

// textFormat is a format that is inferred when all texts have it.
type textFormat struct {
	name string
	fits func(string) bool
}

var textFormats = [...]textFormat{
	{"date-time", func(s string) bool { return len(s) >= 20 && format.Check("date-time", s) }},
	{"date", func(s string) bool { return len(s) == 10 && format.Check("date", s) }},
	{"uuid", func(s string) bool { return format.Check("uuid", s) }},
	{"email", func(s string) bool {
		_, domain, ok := strings.Cut(s, "@")
		return ok && strings.Contains(domain, ".") && format.Check("email", s)
	}},
	{"uri", func(s string) bool { return strings.Contains(s, "://") && format.Check("uri", s) }},
}

// placeholderKind is the type that a text such as "<integer>" stands for, as
// converters write it where they have no example.
func placeholderKind(text string) string {
	inner, ok := strings.CutPrefix(text, "<")
	if !ok {
		return ""
	}
	if inner, ok = strings.CutSuffix(inner, ">"); !ok {
		return ""
	}
	switch kind := strings.ToLower(strings.ReplaceAll(inner, "-", "")); kind {
	case "string", "integer", "number", "boolean", "uuid", "date", "datetime", "email", "uri", "url":
		return kind
	case "int", "long", "int32", "int64":
		return "integer"
	case "float", "double":
		return "number"
	case "bool":
		return "boolean"
	}
	return ""
}

func placeholderType(kind string) (typ, form string) {
	switch kind {
	case "integer", "number", "boolean":
		return kind, ""
	case "datetime":
		return "string", "date-time"
	case "url":
		return "string", "uri"
	case "string":
		return "string", ""
	}
	return "string", kind
}

// placeholderValue is a value of the type that a placeholder names.
func placeholderValue(kind string) definition.Value {
	switch kind {
	case "integer":
		return definition.NewInt(1)
	case "number":
		return definition.NewFloat(1.5)
	case "boolean":
		return definition.NewBool(true)
	case "uuid":
		return definition.NewString("3fa85f64-5717-4562-b3fc-2c963f66afa6")
	case "date":
		return definition.NewString("2024-01-31")
	case "datetime":
		return definition.NewString("2024-01-31T12:00:00Z")
	case "email":
		return definition.NewString("user@example.com")
	case "uri", "url":
		return definition.NewString("https://example.com")
	}
	return definition.NewString("string")
}

func decodeQuery(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

func decodePath(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// readJSON reads a JSON text as Postman lets people write it: with variables
// outside of quotes and with comments.
func readJSON(text string) (definition.Value, bool) {
	if strings.TrimSpace(text) == "" {
		return definition.Value{}, false
	}
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		loose, changed := strictJSON(text)
		if !changed {
			return definition.Value{}, false
		}
		if v, err = document.ParseJSON(loose, 0, document.Limits{}); err != nil {
			return definition.Value{}, false
		}
	}
	settle(&v)
	return v, true
}

// open marks a text that stands for a variable which was written without
// quotes, so that it may be a value of any type.
const open definition.Flags = 1 << 7

// openMark is a private character that such a text begins with while it is
// read.
const openMark = "\uF8FF"

// strictJSON puts variables outside of strings into quotes and leaves comments
// out.
func strictJSON(text string) (string, bool) {
	var b strings.Builder
	changed := false
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case rest[0] == '"':
			end := document.QuotedLen(rest)
			b.WriteString(rest[:end])
			i += end
		case strings.HasPrefix(rest, "{{"):
			end := strings.Index(rest, "}}")
			if end < 0 || strings.ContainsAny(rest[2:end], "{}\n\":") {
				b.WriteByte('{')
				i++
				continue
			}
			b.Write(definition.AppendString(nil, openMark+rest[:end+2]))
			i += end + 2
			changed = true
		case strings.HasPrefix(rest, "//"):
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				i += end
			} else {
				i = len(text)
			}
			changed = true
		case strings.HasPrefix(rest, "/*") && strings.Contains(rest, "*/"):
			i += strings.Index(rest, "*/") + 2
			changed = true
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String(), changed
}

// settle marks open values and puts values in the place of placeholders.
func settle(v *definition.Value) {
	if v.Kind == definition.String {
		if text, ok := strings.CutPrefix(v.Text, openMark); ok {
			v.Text = text
			v.Flags |= open
		} else if kind := placeholderKind(v.Text); kind != "" && kind != "string" {
			*v = placeholderValue(kind).With(v.Key)
		}
	}
	for i := range v.Kids {
		settle(&v.Kids[i])
	}
}
