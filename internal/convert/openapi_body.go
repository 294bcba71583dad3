package convert

import (
	"mime"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// content is what samples show of a body, by media type in the order of their
// first appearance.
type content struct {
	types []*mediaSamples
	sent  bool // by clients
}

// mediaSamples is one media type with the bodies that were seen of it.
type mediaSamples struct {
	name   string
	sent   bool   // by clients
	shape  *shape // of JSON
	opaque bool   // a body is not what the media type says
	text   bool
	fields *formSamples
	show   []namedExample
	known  map[string]bool // the bodies that clients send, as JSON
}

// namedExample is a body that is shown under a name.
type namedExample struct {
	name  string
	value definition.Value
}

func (c *content) media(name string) *mediaSamples {
	for _, m := range c.types {
		if m.name == name {
			return m
		}
	}
	m := &mediaSamples{name: name, sent: c.sent, known: map[string]bool{}}
	c.types = append(c.types, m)
	return m
}

// plainMedia writes a media type without the parameters that say how this one
// text is coded.
func plainMedia(text string) string {
	typ, params, err := mime.ParseMediaType(text)
	if err != nil || !strings.Contains(typ, "/") {
		typ, _, _ = strings.Cut(text, ";")
		typ = strings.ToLower(strings.TrimSpace(typ))
		if kind, sub, ok := strings.Cut(typ, "/"); !ok || !isToken(strings.ToUpper(kind)) || !isToken(strings.ToUpper(sub)) {
			return ""
		}
		return typ
	}
	delete(params, "charset")
	delete(params, "boundary")
	if s := mime.FormatMediaType(typ, params); s != "" {
		return s
	}
	return typ
}

func isJSON(media string) bool {
	typ, _, _ := strings.Cut(media, ";")
	typ = strings.TrimSpace(typ)
	return typ == "application/json" || typ == "text/json" || strings.HasSuffix(typ, "+json")
}

func isTextual(media string) bool {
	typ, _, _ := strings.Cut(media, ";")
	return strings.HasPrefix(typ, "text/") && !strings.HasSuffix(typ, "/xml") || strings.HasSuffix(typ, "javascript")
}

const (
	mediaForm      = "application/x-www-form-urlencoded"
	mediaMultipart = "multipart/form-data"
	mediaBytes     = "application/octet-stream"
)

// addText adds a body that is a text. ok is false where the text is not what
// its media type says.
func (m *mediaSamples) addText(name, text string) (ok bool) {
	if !isJSON(m.name) {
		m.text = true
		m.example(name, definition.NewString(text))
		return true
	}
	v, ok := readJSON(text)
	if !ok {
		m.opaque = true
		m.example(name, definition.NewString(text))
		return false
	}
	m.addJSON(name, v)
	return true
}

func (m *mediaSamples) addJSON(name string, v definition.Value) {
	if m.shape == nil {
		m.shape = &shape{}
	}
	if m.example(name, v) {
		m.shape.add(&v)
	}
}

// example keeps a body. One that a client sends is kept once: an item and its
// saved examples have the same.
func (m *mediaSamples) example(name string, v definition.Value) (added bool) {
	if m.sent {
		text := string(v.AppendJSON(nil))
		if m.known[text] {
			return false
		}
		m.known[text] = true
	}
	m.show = append(m.show, namedExample{name, v})
	return true
}

// value writes the media type object.
func (m *mediaSamples) value() definition.Value {
	var v tree
	names := uniqueNames{}
	if s, ok := m.schema(); ok {
		v.put("schema", s)
	}
	show := m.show
	if m.fields != nil {
		show = m.fields.examples()
	}
	switch {
	case len(show) == 1 && show[0].name == "":
		v.put("example", show[0].value)
	case len(show) > 0:
		var list tree
		for _, e := range show {
			name := e.name
			if name == "" {
				name = "example"
			}
			var x tree
			x.put("value", e.value)
			list.put(names.take(name), x.object())
		}
		v.put("examples", list.object())
	}
	return v.object()
}

// schema is that of the media type, not ok where nothing can be said.
func (m *mediaSamples) schema() (definition.Value, bool) {
	switch {
	case m.fields != nil:
		return m.fields.schema(), true
	case m.opaque:
		return definition.Value{}, false
	case m.shape != nil && m.sent:
		return m.shape.demand(), true
	case m.shape != nil:
		return m.shape.promise(), true
	case m.text && isTextual(m.name):
		var s tree
		s.text("type", "string")
		return s.object(), true
	}
	return definition.Value{}, false
}

// requestBody writes the bodies that an operation's samples send, not ok where
// none does.
func (w *inference) requestBody(op *inferred) (definition.Value, bool) {
	c := content{sent: true}
	total, seen := 0, 0
	for _, s := range op.samples {
		if !s.shown {
			continue
		}
		total++
		if w.addBody(&c, s) {
			seen++
		}
	}
	if len(c.types) == 0 {
		return definition.Value{}, false
	}
	var v tree
	var media tree
	for _, m := range c.types {
		media.put(m.name, m.value())
	}
	v.put("content", media.object())
	if seen == total {
		v.put("required", definition.NewBool(true))
	}
	return v.object(), true
}

// addBody adds the body of a sample's request; false where it sends none.
func (w *inference) addBody(c *content, s *sample) bool {
	b := s.request.Body
	if b == nil || b.Disabled {
		return false
	}
	written := plainMedia(s.header("Content-Type"))
	switch b.Mode {
	case "raw", "":
		text := s.scope.resolve(b.Raw)
		if strings.TrimSpace(text) == "" {
			return false
		}
		if written == "" {
			written = rawMedia(b, text)
		}
		m := c.media(written)
		switch {
		case written == mediaForm && m.addForm(s.name, formText(text)):
		case !m.addText(s.name, text):
			w.warn(s.request.Pos, document.Info, "body-not-json", itemName(s.item)+": the body is "+written+" by its Content-Type and can't be read as that; any body is accepted", "correct the body in the request")
		}
	case "urlencoded":
		fields := fieldsOf(s, b.URLEncoded)
		return len(fields) > 0 && c.media(orMedia(written, mediaForm)).addForm(s.name, fields)
	case "formdata":
		fields := fieldsOf(s, b.Form)
		if !strings.HasPrefix(written, "multipart/") {
			written = mediaMultipart
		}
		return len(fields) > 0 && c.media(written).addForm(s.name, fields)
	case "graphql":
		v, ok := graphQL(b.GraphQL, s.scope)
		if !ok {
			return false
		}
		if !isJSON(written) {
			written = "application/json"
		}
		c.media(written).addJSON(s.name, v)
	case "file":
		c.media(orMedia(written, mediaBytes))
	default:
		return false
	}
	return true
}

func orMedia(written, fallback string) string {
	if written == "" {
		return fallback
	}
	return written
}

// rawMedia is the media type of a raw body without a Content-Type: that of its
// language, else what it looks like.
func rawMedia(b *postman.Body, text string) string {
	if media := postman.LanguageMedia(b.Options.Get("raw").Get("language").Str()); media != "" {
		return media
	}
	return sniff(text)
}

// sniff tells JSON objects and lists, XML and HTML from other texts.
func sniff(text string) string {
	start := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		if _, ok := readJSON(text); ok {
			return "application/json"
		}
	case len(start) > 14 && (strings.EqualFold(start[:5], "<html") || strings.EqualFold(start[:14], "<!doctype html")):
		return "text/html"
	case strings.HasPrefix(start, "<") && strings.HasSuffix(start, ">"):
		return "application/xml"
	}
	return "text/plain"
}

// graphQL is the JSON that a GraphQL request sends.
func graphQL(v *definition.Value, sc *scope) (definition.Value, bool) {
	query := v.Get("query").Str()
	if query == "" {
		return definition.Value{}, false
	}
	var out tree
	out.text("query", sc.resolve(query))
	switch variables := v.Get("variables"); {
	case variables.Is(definition.Object) && variables.Len() > 0:
		out.put("variables", variables.Clone())
	case variables.Str() != "":
		if parsed, ok := readJSON(sc.resolve(variables.Text)); ok && parsed.Kind == definition.Object {
			out.put("variables", parsed)
		}
	}
	if name := v.Get("operationName").Str(); name != "" {
		out.text("operationName", name)
	}
	return out.object(), true
}
