package engine

import (
	"mime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// form is the way a media type writes a value.
type form uint8

const (
	formBinary form = iota
	formJSON
	formXML
	formURLEncoded
	formMultipart
	formText
	formCSV
	formEvents    // text/event-stream
	formJSONLines // one JSON text a line
	formJSONSeq   // RFC 7464
)

// media is a compiled media type.
type media struct {
	def      *definition.Media
	typ      string // lower case, without parameters
	params   string // of the type, normalised: "version=1"
	wildcard bool
	form     form
	values   []string       // of Content-Type, where the type is no range
	schema   *schema.Schema // nil: none
	item     *schema.Schema
	encoding map[string]*definition.Encoding

	static []atomic.Pointer[rendered] // the examples, rendered as the declared type

	mu     sync.Mutex
	others map[string]*rendered // examples of a range, by index and concrete type
}

func (m *Mock) newMedia(d *definition.Media) *media {
	c := &media{def: d, static: make([]atomic.Pointer[rendered], len(d.Examples))}
	c.typ, c.params = splitType(d.Type)
	c.wildcard = strings.Contains(c.typ, "*")
	c.form = formOf(c.typ)
	if !c.wildcard {
		c.values = []string{concrete(c, "")}
	}
	if d.Schema != nil {
		c.schema = m.set.Compile(d.Schema)
	}
	if d.Item != nil {
		c.item = m.set.Compile(d.Item)
	}
	if len(d.Encoding) > 0 {
		c.encoding = map[string]*definition.Encoding{}
		for i := range d.Encoding {
			c.encoding[d.Encoding[i].Name] = &d.Encoding[i]
		}
	}
	return c
}

// splitType separates a media type from its parameters; charset and boundary
// don't tell types apart.
func splitType(s string) (typ, params string) {
	typ, rest, found := strings.Cut(s, ";")
	typ = strings.ToLower(strings.TrimSpace(typ))
	if !found {
		return typ, ""
	}
	_, m, err := mime.ParseMediaType(s)
	if err != nil {
		return typ, strings.TrimSpace(rest)
	}
	delete(m, "charset")
	delete(m, "boundary")
	delete(m, "q")
	if len(m) == 0 {
		return typ, ""
	}
	return typ, strings.TrimPrefix(mime.FormatMediaType("a/b", m), "a/b; ")
}

func formOf(typ string) form {
	switch typ {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines",
		"application/json-lines", "application/x-json-stream", "text/jsonl":
		return formJSONLines
	case "text/event-stream":
		return formEvents
	case "application/x-www-form-urlencoded":
		return formURLEncoded
	case "text/csv", "application/csv", "text/comma-separated-values":
		return formCSV
	case "image/svg+xml":
		return formBinary
	case "text/json", "application/json", "application/x-json", "*/*", "application/*":
		return formJSON
	case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/vnd.yaml":
		return formJSON // JSON is YAML
	case "application/javascript", "application/ecmascript", "application/graphql", "application/jwt", "application/x-sh", "application/sql", "application/toml":
		return formText
	}
	switch {
	case strings.HasSuffix(typ, "+json"), strings.HasSuffix(typ, "/json"), strings.HasSuffix(typ, "+yaml"):
		return formJSON
	case strings.HasSuffix(typ, "json-seq"):
		return formJSONSeq
	case strings.HasSuffix(typ, "+xml"), strings.HasSuffix(typ, "/xml"):
		return formXML
	case strings.HasPrefix(typ, "multipart/"):
		return formMultipart
	case strings.HasPrefix(typ, "text/"):
		return formText
	case !strings.Contains(typ, "/"): // no media type: what a body most likely is
		return formJSON
	}
	return formBinary
}

// acceptRange is one member of an Accept header.
type acceptRange struct {
	typ    string
	params string
	q      int // thousandths
}

// parseAccept reads an Accept header (RFC 9110, 12.5.1), the most wanted
// first; of equal ones, the first written. Types of quality 0 are dropped.
func parseAccept(header string) []acceptRange {
	var out []acceptRange
	for n := 0; header != "" && n < 100; n++ {
		var part string
		part, header, _ = strings.Cut(header, ",")
		typ, params := splitType(part)
		if typ == "" {
			continue
		}
		if typ == "*" {
			typ = "*/*"
		}
		r := acceptRange{typ: typ, params: params, q: 1000}
		if _, rest, ok := strings.Cut(part, ";"); ok {
			for rest != "" {
				var p string
				p, rest, _ = strings.Cut(rest, ";")
				if k, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(k), "q") {
					r.q = quality(strings.TrimSpace(v))
				}
			}
		}
		if r.q == 0 {
			continue
		}
		at := len(out)
		for at > 0 && out[at-1].q < r.q {
			at--
		}
		out = append(out, acceptRange{})
		copy(out[at+1:], out[at:])
		out[at] = r
	}
	return out
}

// quality reads a weight; a malformed one counts as 1.
func quality(v string) int {
	whole, frac, _ := strings.Cut(v, ".")
	if whole != "0" {
		return 1000
	}
	q := 0
	for i := range 3 {
		q *= 10
		if i < len(frac) {
			if frac[i] < '0' || frac[i] > '9' {
				return 1000
			}
			q += int(frac[i] - '0')
		}
	}
	return q
}

// negotiate chooses among the media types of a response. It returns the
// concrete type to send, which differs from the declared one where that is a
// range. ok is false when none is acceptable.
func negotiate(accept string, content []*media) (m *media, typ string, ok bool) {
	if len(content) == 0 {
		return nil, "", true
	}
	if accept == "" {
		for _, c := range content {
			if c.form == formJSON {
				return c, concrete(c, ""), true
			}
		}
		return content[0], concrete(content[0], ""), true
	}
	if accept == "*/*" {
		return content[0], concrete(content[0], ""), true
	}
	ranges := parseAccept(accept)
	for _, r := range ranges {
		if c := r.best(content); c != nil {
			return c, concrete(c, r.typ), true
		}
	}
	for _, r := range ranges { // a type that names its syntax is met by that syntax
		f := formOf(r.typ)
		if f != formJSON && f != formXML || strings.HasSuffix(r.typ, "*") {
			continue
		}
		for _, c := range content {
			if c.form == f && !c.wildcard {
				return c, concrete(c, ""), true
			}
		}
	}
	return nil, "", false
}

// best finds the declared type that is closest to the range.
func (r acceptRange) best(content []*media) *media {
	if r.typ == "*/*" {
		return content[0]
	}
	for _, c := range content {
		if c.typ == r.typ && c.params == r.params {
			return c
		}
	}
	for _, c := range content {
		if c.typ == r.typ {
			return c
		}
	}
	if group, ok := strings.CutSuffix(r.typ, "*"); ok {
		for _, c := range content {
			if strings.HasPrefix(c.typ, group) {
				return c
			}
		}
	}
	for _, c := range content {
		if c.wildcard && (c.typ == "*/*" || strings.HasPrefix(r.typ, strings.TrimSuffix(c.typ, "*"))) {
			return c
		}
	}
	return nil
}

// concrete is the type to send for a declared one: itself, or for a range what
// was asked for, or what such bodies usually are.
func concrete(c *media, asked string) string {
	if !c.wildcard {
		if !strings.Contains(c.typ, "/") {
			return "application/json"
		}
		return c.def.Type
	}
	if asked != "" && !strings.Contains(asked, "*") {
		return asked
	}
	switch group, _, _ := strings.Cut(c.typ, "/"); group {
	case "text":
		return "text/plain"
	case "image":
		return "image/png"
	case "audio":
		return "audio/wav"
	case "video":
		return "video/mp4"
	case "multipart":
		return "multipart/form-data"
	}
	if c.schema != nil && c.schema.Accepts() == schema.TypeString {
		return "text/plain"
	}
	return "application/json"
}
