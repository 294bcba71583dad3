package api

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// markdown writes a text. What people wrote can't break its structure: names
// are put in one line, values between backticks, bodies into fences.
type markdown struct{ b strings.Builder }

func (m *markdown) String() string { return strings.TrimRight(m.b.String(), "\n") + "\n" }

func (m *markdown) line(s string) { m.b.WriteString(s + "\n") }

func (m *markdown) blank() { m.b.WriteByte('\n') }

func (m *markdown) heading(level int, s string) {
	m.b.WriteString(strings.Repeat("#", min(level, 6)) + " " + oneLine(s) + "\n\n")
}

// fact is a line of a list; nothing where there is no value.
func (m *markdown) fact(name, value string) {
	if value != "" {
		m.line("- " + name + ": " + value)
	}
}

// text is a description, as it was written.
func (m *markdown) text(s string) {
	if s = strings.TrimSpace(s); s != "" {
		m.line(s + "\n")
	}
}

// maxFenced bounds a body that is shown, in bytes.
const maxFenced = 64 << 10

// fence shows a body between lines of backticks, more of them than are in it.
func (m *markdown) fence(language, body string) {
	cut := len(body) > maxFenced
	if cut {
		body = strings.ToValidUTF8(body[:maxFenced], "")
	}
	fence := "```"
	for strings.Contains(body, fence) {
		fence += "`"
	}
	m.line("\n" + fence + oneLine(language) + "\n" + strings.TrimSuffix(body, "\n") + "\n" + fence)
	if cut {
		m.line("\nThis is the beginning: the body is longer than 64 KB.")
	}
	m.blank()
}

// backticked puts a text between backticks.
func backticked(s string) string {
	s = oneLine(s)
	if s == "" {
		return "``"
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// valueText is a value as text: a string as it is, anything else as JSON.
func valueText(v *definition.Value) string {
	if v == nil || v.Is(definition.Null) {
		return ""
	}
	if v.Is(definition.String) {
		return v.Text
	}
	return string(v.AppendJSON(nil))
}

func kidsOf(list *definition.Value) []definition.Value {
	if !list.Is(definition.Array) {
		return nil
	}
	return list.Kids
}

func methodOf(request *definition.Value) string {
	if method := request.Get("method").Str(); method != "" {
		return method
	}
	return "GET"
}

// call tells a request object: what is sent where.
func (m *markdown) call(request *definition.Value) {
	m.line(backticked(methodOf(request) + " " + requestAddress(request)))
	m.blank()
	u := request.Get("url")
	m.fields("Path variables", u.Get("variable"))
	m.fields("Query parameters", u.Get("query"))
	m.fields("Headers", request.Get("header"))
	m.body(request.Get("body"))
}

// fields lists headers, parameters or the fields of a form.
func (m *markdown) fields(title string, list *definition.Value) {
	if list.Len() == 0 || !list.Is(definition.Array) {
		return
	}
	m.line(title + ":")
	m.blank()
	for i := range list.Kids {
		f := &list.Kids[i]
		line := "- " + backticked(f.Get("key").Str()) + " = " + backticked(valueText(f.Get("value")))
		if f.Get("disabled").True() {
			line += " (off)"
		}
		if d := oneLine(plainDescription(f.Get("description"))); d != "" {
			line += ": " + d
		}
		m.line(line)
	}
	m.blank()
}

func (m *markdown) body(body *definition.Value) {
	mode := body.Get("mode").Str()
	switch mode {
	case "":
	case "urlencoded", "formdata":
		m.fields("Body ("+mode+")", body.Get(mode))
	case "raw":
		m.line("Body:")
		m.fence(body.Get("options").Get("raw").Get("language").Str(), body.Get("raw").Str())
	default:
		m.line("Body (" + oneLine(mode) + "):")
		m.fence("json", valueText(body.Get(mode)))
	}
}

// auth tells how calls are authorized: the kind and the names of its settings.
// Their values stay where they are: they may be secrets.
func (m *markdown) auth(auth *definition.Value, otherwise string) {
	kind := auth.Get("type").Str()
	if kind == "" {
		if otherwise != "" {
			m.line("Authorization: " + otherwise + ".")
			m.blank()
		}
		return
	}
	line := "Authorization: " + oneLine(kind)
	settings := auth.Get(kind)
	var names []string
	for i := range settings.Len() {
		name := settings.Kids[i].Key
		if settings.Is(definition.Array) {
			name = settings.Kids[i].Get("key").Str()
		}
		if name != "" {
			names = append(names, backticked(name))
		}
	}
	if len(names) > 0 {
		line += " (" + strings.Join(names, ", ") + ")"
	}
	m.line(line + ".")
	m.blank()
}
