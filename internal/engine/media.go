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

// maxRanges bounds what is read of an Accept header.
const maxRanges = 100

// appendAccept reads an Accept header (RFC 9110, 12.5.1) in its order.
func appendAccept(out []acceptRange, header string) []acceptRange {
	for n := 0; header != "" && n < maxRanges; n++ {
		var part string
		part, header, _ = strings.Cut(header, ",")
		typ, rest, _ := strings.Cut(part, ";")
		r := acceptRange{typ: strings.ToLower(strings.TrimSpace(typ)), q: 1000}
		if r.typ == "" {
			continue
		}
		if r.typ == "*" {
			r.typ = "*/*"
		}
		more := false
		for rest != "" {
			var p string
			p, rest, _ = strings.Cut(rest, ";")
			if k, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(k), "q") {
				r.q = quality(strings.TrimSpace(v))
			} else if ok {
				more = true
			}
		}
		if more {
			_, r.params = splitType(part)
		}
		out = append(out, r)
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
	var few [8]acceptRange
	ranges := appendAccept(few[:0], accept)
	if c, r := preferred(ranges, content); c != nil {
		return c, concrete(c, r.typ), true
	}
	for _, r := range ranges { // a type that names its syntax is met by that syntax
		f := formOf(r.typ)
		if r.q == 0 || f != formJSON && f != formXML || strings.HasSuffix(r.typ, "*") {
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

// preferred finds the declared type of the highest quality, and the range that
// gives it. Of equal ones it is the one that is named more closely, then the one
// that is asked for first, then the one that is declared first. A type has the
// quality of the range that names it most closely; 0 rules it out.
func preferred(ranges []acceptRange, content []*media) (*media, acceptRange) {
	var best *media
	q, close, at := 0, 0, 0
	for _, c := range content {
		ownClose, ownAt := 0, 0
		for i := range ranges {
			if n := ranges[i].closeness(c); n > ownClose {
				ownClose, ownAt = n, i
			}
		}
		if ownClose == 0 || ranges[ownAt].q == 0 {
			continue
		}
		better := ranges[ownAt].q - q
		if better == 0 {
			better = ownClose - close
		}
		if better == 0 {
			better = at - ownAt
		}
		if best == nil || better > 0 {
			best, q, close, at = c, ranges[ownAt].q, ownClose, ownAt
		}
	}
	if best == nil {
		return nil, acceptRange{}
	}
	return best, ranges[at]
}

// closeness tells how closely a range names a declared type; 0 is not at all.
// A type whose parameters differ is named all the same, as with Prism.
func (r *acceptRange) closeness(c *media) int {
	group, grouped := strings.CutSuffix(r.typ, "*")
	switch {
	case c.typ == r.typ && c.params == r.params:
		return 5
	case c.typ == r.typ && r.params == "":
		return 4
	case c.typ == r.typ:
		return 3
	case r.typ == "*/*" || c.typ == "*/*":
		return 1
	case grouped && strings.HasPrefix(c.typ, group), c.wildcard && strings.HasPrefix(r.typ, strings.TrimSuffix(c.typ, "*")):
		return 2
	}
	return 0
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
