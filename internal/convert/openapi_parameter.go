package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// parameter is what the samples of an operation show of one parameter.
type parameter struct {
	in      definition.In
	name    string
	explain string
	seen    int // samples that send it
	asked   bool
	shape   textShape
	show    []string // of a response header: what the first response has
}

// parameterTable keeps parameters in the order of their first appearance.
type parameterTable struct {
	list  []*parameter
	byKey map[string]*parameter
}

// get gives the parameter of a name, which is added where it is new. Names of
// headers ignore case.
func (t *parameterTable) get(in definition.In, name string) *parameter {
	key := string(in) + " " + name
	if in == definition.InHeader {
		key = strings.ToLower(key)
	}
	if p := t.byKey[key]; p != nil {
		return p
	}
	if t.byKey == nil {
		t.byKey = map[string]*parameter{}
	}
	p := &parameter{in: in, name: name}
	t.byKey[key] = p
	t.list = append(t.list, p)
	return p
}

// parameters writes what the samples of an operation send beside the body.
// Required is what all of them have.
func (w *inference) parameters(op *inferred) definition.Value {
	var table parameterTable
	keys := w.credentials(op)
	total := 0
	for _, s := range op.samples {
		for i := range s.parts {
			table.path(op.path.parts[i], s.parts[i])
		}
		if !s.shown {
			continue
		}
		total++
		table.query(s, keys)
		table.headers(s, keys)
	}
	list := definition.NewArray()
	for _, in := range []definition.In{definition.InPath, definition.InQuery, definition.InHeader, definition.InCookie} {
		for _, p := range table.list {
			if p.in == in {
				list.Kids = append(list.Kids, p.value(total))
			}
		}
	}
	return list
}

func (t *parameterTable) path(template, seen part) {
	if template.param {
		p := t.get(definition.InPath, template.name)
		if p.explain == "" {
			p.explain = seen.explain
		}
		if seen.value != "" {
			p.shape.add(seen.value)
		}
	}
	for _, name := range template.inner {
		t.get(definition.InPath, name)
	}
}

// query adds the query of a sample. A name that is repeated, or ends in
// brackets, is a list.
func (t *parameterTable) query(s *sample, keys credentialNames) {
	count := map[string]int{}
	for _, f := range s.query {
		name := decodeQuery(s.scope.resolve(f.Key))
		if name == "" || keys.has(definition.InQuery, name) {
			continue
		}
		p := t.get(definition.InQuery, name)
		p.describe(f)
		if strings.HasSuffix(name, "[]") {
			p.shape.list = true
		}
		if f.Literal == nil || f.Literal.Kind != definition.Null {
			p.shape.add(decodeQuery(s.scope.resolve(f.Value)))
		} else if !f.Disabled {
			p.shape.add("")
		}
		if f.Disabled {
			continue
		}
		if count[name]++; count[name] == 1 {
			p.seen++
		} else {
			p.shape.list = true
		}
	}
}

// headers adds the headers of a sample, without those that say how the message
// is carried.
func (t *parameterTable) headers(s *sample, keys credentialNames) {
	once := map[string]bool{}
	for _, f := range s.request.Header {
		name := strings.TrimSpace(s.scope.resolve(f.Key))
		lower := strings.ToLower(name)
		if !isToken(strings.ToUpper(name)) || carriesRequest(lower) || keys.has(definition.InHeader, lower) {
			continue
		}
		if lower == "cookie" {
			t.cookies(s.scope.resolve(f.Value), keys)
			continue
		}
		p := t.get(definition.InHeader, name)
		p.describe(f)
		p.shape.add(s.scope.resolve(f.Value))
		if !f.Disabled && !once[lower] {
			once[lower] = true
			p.seen++
		}
	}
}

// cookies adds cookies. They are never required: a jar fills them in.
func (t *parameterTable) cookies(line string, keys credentialNames) {
	for part := range strings.SplitSeq(line, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if ok && isToken(strings.ToUpper(name)) && !keys.has(definition.InCookie, name) {
			t.get(definition.InCookie, name).shape.add(value)
		}
	}
}

// carriesRequest reports whether a request header belongs to OpenAPI's own
// keywords, to the connection or to the client program.
func carriesRequest(lower string) bool {
	switch lower {
	case "accept", "content-type", "authorization", // OpenAPI 3.1, Parameter Object: ignored
		"host", "connection", "content-length", "content-encoding", "transfer-encoding", "accept-encoding", "accept-language",
		"keep-alive", "te", "trailer", "upgrade", "expect", "proxy-authorization", "proxy-connection",
		"user-agent", "postman-token", "cache-control", "pragma", "origin", "referer", "dnt", "priority",
		"upgrade-insecure-requests", "x-requested-with":
		return true
	}
	return strings.HasPrefix(lower, "sec-") || strings.HasPrefix(lower, ":")
}

// requiredMark is what Postman's converter writes before the description of a
// required parameter.
const requiredMark = "(Required) "

func (p *parameter) describe(f *postman.Field) {
	text := f.Description.String()
	if rest, ok := strings.CutPrefix(text, requiredMark); ok {
		text, p.asked = rest, true
	}
	if p.explain == "" {
		p.explain = text
	}
}

func (p *parameter) value(samples int) definition.Value {
	var v tree
	v.text("name", p.name)
	v.text("in", string(p.in))
	if p.explain != "" {
		v.text("description", p.explain)
	}
	if p.in == definition.InPath || p.seen == samples && p.seen > 0 || p.asked {
		v.put("required", definition.NewBool(true))
	}
	if p.in == definition.InQuery && p.shape.empty() {
		v.put("allowEmptyValue", definition.NewBool(true))
	}
	v.put("schema", p.shape.schema())
	if example, ok := p.shape.example(); ok {
		v.put("example", example)
	}
	return v.object()
}

// empty reports whether the parameter was seen with no value.
func (t *textShape) empty() bool {
	for _, s := range t.texts {
		if s == "" {
			return true
		}
	}
	return false
}
