package engine

import (
	"net/http"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

var valueTrue = []string{"true"}

func joinComma(list []string) string { return strings.Join(list, ", ") }

// newHeader compiles a response header; nil for those that belong to the
// connection and are computed anew (RFC 9110, 7.6.1).
func (m *Mock) newHeader(d *definition.Header) *header {
	name := http.CanonicalHeaderKey(strings.TrimSpace(d.Name))
	switch name {
	case "", "Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
		"Content-Length", "Content-Encoding", "Content-Type":
		return nil
	}
	if !validFieldName(name) {
		return nil
	}
	h := &header{def: d, name: name}
	s := d.Schema
	if d.Content != nil {
		s = d.Content.Schema
		if len(d.Examples) == 0 {
			h.def = &definition.Header{Name: d.Name, Required: d.Required, Schema: s, Examples: d.Content.Examples}
		}
	}
	h.schema = m.set.Compile(s)
	for i := range h.def.Examples {
		e := &h.def.Examples[i]
		if e.Serialized != nil {
			h.fixed = []string{fieldValue(*e.Serialized)}
			break
		}
		if e.Value != nil {
			h.fixed = headerText(name, e.Value, d.Explode)
			break
		}
	}
	return h
}

// maxFieldName is the length up to which clients read a field name.
const maxFieldName = 1024

func validFieldName(s string) bool {
	if len(s) > maxFieldName {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>@,;:\\\"/[]?={}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// fieldValue takes out what a field value can't hold (RFC 9110, 5.5).
func fieldValue(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
}

// headerText writes a value in the style simple; a list of Set-Cookie is
// several fields.
func headerText(name string, v *value, explode bool) []string {
	if name == "Set-Cookie" && v.Kind == definition.Array {
		var out []string
		for i := range v.Kids {
			out = append(out, fieldValue(scalarText(&v.Kids[i])))
		}
		return out
	}
	return []string{fieldValue(simpleText(v, explode))}
}

// simpleText is the style "simple" of OpenAPI.
func simpleText(v *value, explode bool) string {
	switch v.Kind {
	case definition.Array:
		parts := make([]string, len(v.Kids))
		for i := range v.Kids {
			parts[i] = scalarText(&v.Kids[i])
		}
		return strings.Join(parts, ",")
	case definition.Object:
		sep := ","
		if explode {
			sep = "="
		}
		parts := make([]string, len(v.Kids))
		for i := range v.Kids {
			parts[i] = v.Kids[i].Key + sep + scalarText(&v.Kids[i])
		}
		return strings.Join(parts, ",")
	}
	return scalarText(v)
}

// scalarText is the text of a scalar; lists and objects come as JSON.
func scalarText(v *value) string {
	switch v.Kind {
	case definition.String, definition.Number, definition.Bool:
		return v.Text
	case definition.Null, definition.Invalid:
		return ""
	}
	return string(v.AppendJSON(nil))
}

// headers sets the declared headers of a response, from examples, else made
// from their schemas.
func (x *exchange) headers(r *response, status int, typ string) {
	for _, h := range r.headers {
		if h.fixed != nil && !(x.dynamic() && !h.schema.IsAny()) {
			x.res.Set(h.name, h.fixed)
			continue
		}
		v, ok, err := h.schema.Generate(x.mock.set, schema.Options{
			Direction: schema.Response, Dynamic: x.dynamic(), Seed: x.seed(status, typ) ^ hashText(h.name), Name: h.def.Name, Faker: x.mock.faker,
		})
		if err != nil || (!ok && !h.def.Required) {
			continue
		}
		if h.schema.IsAny() && !h.def.Required && h.def.Schema == nil {
			// nothing is known of it but its name
			v = definition.NewString(strings.TrimSpace(v.Text))
		}
		x.res.Set(h.name, headerText(h.name, &v, h.def.Explode))
	}
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
