package engine

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

// callbacks makes the requests that the operation's callbacks describe. The
// adapter sends them after the answer.
func (x *exchange) callbacks() {
	if x.res.Status >= 400 || x.res.Get(replayedField) != "" {
		return
	}
	for i := range x.op.def.Callbacks {
		cb := &x.op.def.Callbacks[i]
		url, ok := x.evaluate(cb.Expression)
		if !ok || url == "" {
			x.pass("callbacks", cb.Name+": the request has no value for "+cb.Expression)
			continue
		}
		for _, d := range cb.Operations {
			c := Callback{Name: cb.Name, Method: d.Method, URL: url, Header: http.Header{}}
			x.callbackBody(&c, d)
			x.res.Callbacks = append(x.res.Callbacks, c)
		}
	}
}

// callbackBody writes the body of a callback: its first example, else one made
// from its schema.
func (x *exchange) callbackBody(c *Callback, d *definition.Operation) {
	if d.Body == nil || len(d.Body.Content) == 0 {
		return
	}
	m := x.mock.newMedia(d.Body.Content[0])
	typ := concrete(m, "")
	r := &rendered{contentType: []string{typ}}
	for i := range m.def.Examples {
		if m.def.Examples[i].Value != nil || m.def.Examples[i].Serialized != nil {
			r = m.renderExample(&m.def.Examples[i], typ)
			c.Header["Content-Type"] = r.contentType
			c.Body = slices.Concat(r.body, joined(r.items))
			return
		}
	}
	if m.schema == nil {
		return
	}
	v, _, err := m.schema.Generate(x.mock.set, schema.Options{
		Direction: schema.Request, Dynamic: x.dynamic(), Seed: x.seed(x.res.Status, "callback "+c.Name), Name: c.Name, Faker: x.mock.faker,
	})
	if err != nil {
		return
	}
	m.render(r, &v, formOf(strings.ToLower(plainType(typ))))
	c.Header["Content-Type"] = r.contentType
	c.Body = slices.Concat(r.body, joined(r.items))
}

func joined(items [][]byte) []byte {
	var out []byte
	for _, i := range items {
		out = append(out, i...)
	}
	return out
}

// evaluate fills in the runtime expressions of a text (OpenAPI, Runtime
// Expressions). A text that begins with $ is one expression.
func (x *exchange) evaluate(text string) (string, bool) {
	if strings.HasPrefix(text, "$") {
		return x.expression(text)
	}
	var b strings.Builder
	for {
		i := strings.Index(text, "{$")
		if i < 0 {
			b.WriteString(text)
			return b.String(), true
		}
		j := strings.IndexByte(text[i:], '}')
		if j < 0 {
			return "", false
		}
		b.WriteString(text[:i])
		v, ok := x.expression(text[i+1 : i+j])
		if !ok {
			return "", false
		}
		b.WriteString(v)
		text = text[i+j+1:]
	}
}

func (x *exchange) expression(e string) (string, bool) {
	switch e {
	case "$url":
		u := x.req.Base + x.req.Path
		if x.req.RawQuery != "" {
			u += "?" + x.req.RawQuery
		}
		return u, true
	case "$method":
		return x.req.Method, true
	case "$statusCode":
		return itoa(x.res.Status), true
	}
	side, rest, _ := strings.Cut(e, ".")
	kind, name, _ := strings.Cut(rest, ".")
	body, pointer, _ := strings.Cut(rest, "#")
	switch {
	case side == "$request" && body == "body":
		return x.bodyAt(x.requestBody(), pointer)
	case side == "$response" && body == "body":
		v, err := document.ParseJSON(string(x.res.Body), 0, document.Limits{})
		if err != nil {
			return string(x.res.Body), pointer == ""
		}
		return x.bodyAt(&v, pointer)
	case side == "$response" && kind == "header":
		v := x.res.Get(http.CanonicalHeaderKey(name))
		return v, v != ""
	case side == "$request" && kind == "header":
		v := x.req.Header.Get(name)
		return v, v != ""
	case side == "$request" && kind == "query":
		for _, p := range x.queryPairs() {
			if p.name == name {
				return p.value, true
			}
		}
	case side == "$request" && kind == "path":
		found, ok := "", false
		pathValues(x.op.def.Path, x.path, func(n, raw string) {
			if n == name {
				found, ok = unescape(raw), true
			}
		})
		return found, ok
	}
	return "", false
}

func (x *exchange) requestBody() *value {
	if x.bodyValue != nil {
		return x.bodyValue
	}
	if v, err := document.ParseJSON(string(x.body), 0, document.Limits{}); err == nil {
		return &v
	}
	return nil
}

func (x *exchange) bodyAt(v *value, pointer string) (string, bool) {
	if v == nil {
		return "", false
	}
	t, ok := document.Pointer(v, pointer)
	if !ok {
		return "", false
	}
	return scalarText(t), true
}

func itoa(n int) string { return strconv.Itoa(n) }
