package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// asSwagger writes a document of 3.0 that was inferred from a collection as one
// of 2.0. What 2.0 can't say is left out: cookies, alternatives between schemas,
// servers of single operations.
func asSwagger(doc *definition.Value) definition.Value {
	out := definition.NewObject(definition.NewString("2.0").With("swagger"))
	if info := doc.Get("info"); info != nil {
		setMember(&out, "info", *info)
	}
	swaggerServer(&out, doc.Get("servers"))
	schemes := swaggerSchemes(doc.Get("components").Get("securitySchemes"))
	if security := swaggerSecurity(doc.Get("security"), &schemes); security.Len() > 0 {
		setMember(&out, "security", security)
	}
	if tags := doc.Get("tags"); tags != nil {
		setMember(&out, "tags", *tags)
	}
	paths := definition.NewObject()
	eachPath(doc, func(item *definition.Value) {
		path := definition.NewObject()
		for i := range item.Kids {
			op := &item.Kids[i]
			if isMethod(op.Key) && op.Key != "trace" && op.Key != "query" {
				setMember(&path, op.Key, swaggerOperation(op, &schemes))
			}
		}
		setMember(&paths, item.Key, path)
	})
	setMember(&out, "paths", paths)
	if schemes.Len() > 0 {
		setMember(&out, "securityDefinitions", schemes)
	}
	return out
}

// swaggerServer writes the first server as host, base path and scheme.
func swaggerServer(out, servers *definition.Value) {
	if servers.Len() == 0 {
		return
	}
	first := &servers.Kids[0]
	text := first.Get("url").Str()
	variables := first.Get("variables")
	for i := range variables.Len() {
		v := &variables.Kids[i]
		text = strings.ReplaceAll(text, "{"+v.Key+"}", v.Get("default").Str())
	}
	u, err := url.Parse(text)
	if err != nil {
		return
	}
	if u.Host != "" {
		setMember(out, "host", definition.NewString(u.Host))
	}
	if path := strings.TrimRight(u.Path, "/"); strings.HasPrefix(path, "/") {
		setMember(out, "basePath", definition.NewString(path))
	}
	if slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
		setMember(out, "schemes", definition.NewArray(definition.NewString(u.Scheme)))
	}
}

func swaggerOperation(op, schemes *definition.Value) definition.Value {
	out := definition.NewObject()
	for _, name := range [...]string{"tags", "summary", "description", "operationId", "deprecated"} {
		if v := op.Get(name); v != nil {
			setMember(&out, name, *v)
		}
	}
	params := definition.NewArray()
	list := op.Get("parameters")
	for i := range list.Len() {
		if list.Kids[i].Get("in").Str() != "cookie" {
			params.Kids = append(params.Kids, swaggerParameter(&list.Kids[i]))
		}
	}
	consumes := swaggerBody(&params, op.Get("requestBody"))
	if consumes.Len() > 0 {
		setMember(&out, "consumes", consumes)
	}
	responses, produces := swaggerResponses(op.Get("responses"))
	if produces.Len() > 0 {
		setMember(&out, "produces", produces)
	}
	if params.Len() > 0 {
		setMember(&out, "parameters", params)
	}
	setMember(&out, "responses", responses)
	if security := op.Get("security"); security != nil {
		setMember(&out, "security", swaggerSecurity(security, schemes))
	}
	return out
}

func swaggerParameter(p *definition.Value) definition.Value {
	out := definition.NewObject()
	for _, name := range [...]string{"name", "in", "description", "required"} {
		if v := p.Get(name); v != nil {
			setMember(&out, name, *v)
		}
	}
	swaggerSimple(&out, p.Get("schema"))
	if out.Get("type").Str() == "array" && p.Get("in").Str() == "query" {
		setMember(&out, "collectionFormat", definition.NewString("multi"))
	}
	if v := p.Get("allowEmptyValue"); v != nil && p.Get("in").Str() == "query" {
		setMember(&out, "allowEmptyValue", *v)
	}
	if v := p.Get("example"); v != nil {
		setMember(&out, "x-example", *v)
	}
	return out
}

// swaggerSimple writes a schema as the members of a parameter, header or item,
// which is no object.
func swaggerSimple(out, schema *definition.Value) {
	kind := schema.Get("type").Str()
	switch kind {
	case "array":
		items := definition.NewObject()
		swaggerSimple(&items, schema.Get("items"))
		setMember(out, "items", items)
	case "string", "number", "integer", "boolean":
	default:
		kind = "string"
	}
	setMember(out, "type", definition.NewString(kind))
	for _, name := range [...]string{"format", "enum", "default"} {
		if v := schema.Get(name); v != nil {
			setMember(out, name, *v)
		}
	}
}

// swaggerBody adds the parameters that a body is, and gives its media types.
func swaggerBody(params, body *definition.Value) definition.Value {
	media := definition.NewArray()
	content := body.Get("content")
	if content.Len() == 0 {
		return media
	}
	for i := range content.Kids {
		media.Kids = append(media.Kids, definition.NewString(content.Kids[i].Key))
	}
	first := &content.Kids[0]
	if isForm(first.Key) && first.Get("schema").Has("properties") {
		swaggerForm(params, first.Get("schema"))
		media.Kids = slices.DeleteFunc(media.Kids, func(m definition.Value) bool { return !isForm(m.Text) })
		return media
	}
	p := definition.NewObject(definition.NewString("body").With("name"), definition.NewString("body").With("in"))
	if required := body.Get("required"); required != nil {
		setMember(&p, "required", *required)
	}
	schema := definition.NewObject()
	if s := first.Get("schema"); s != nil {
		schema = swaggerSchema(s)
	}
	setMember(&p, "schema", schema)
	if example := firstExample(first); example != nil {
		setMember(&p, "x-example", *example)
	}
	params.Kids = append(params.Kids, p)
	return media
}

func isForm(media string) bool {
	return strings.HasPrefix(media, "application/x-www-form-urlencoded") || strings.HasPrefix(media, "multipart/form-data")
}

func swaggerForm(params, schema *definition.Value) {
	required := map[string]bool{}
	list := schema.Get("required")
	for i := range list.Len() {
		required[list.Kids[i].Str()] = true
	}
	properties := schema.Get("properties")
	for i := range properties.Len() {
		s := &properties.Kids[i]
		p := definition.NewObject(definition.NewString(s.Key).With("name"), definition.NewString("formData").With("in"))
		if d := s.Get("description"); d != nil {
			setMember(&p, "description", *d)
		}
		if required[s.Key] {
			setMember(&p, "required", definition.NewBool(true))
		}
		swaggerSimple(&p, s)
		if s.Get("format").Str() == "binary" {
			setMember(&p, "type", definition.NewString("file"))
			dropMember(&p, "format")
		}
		params.Kids = append(params.Kids, p)
	}
}

func firstExample(media *definition.Value) *definition.Value {
	if v := media.Get("example"); v != nil {
		return v
	}
	if list := media.Get("examples"); list.Len() > 0 {
		return list.Kids[0].Get("value")
	}
	return nil
}

func swaggerResponses(list *definition.Value) (responses, produces definition.Value) {
	responses, produces = definition.NewObject(), definition.NewArray()
	for i := range list.Len() {
		r := &list.Kids[i]
		out := definition.NewObject(definition.NewString(r.Get("description").Str()).With("description"))
		content, examples := r.Get("content"), definition.NewObject()
		for j := range content.Len() {
			m := &content.Kids[j]
			if s := m.Get("schema"); s != nil && !out.Has("schema") {
				setMember(&out, "schema", swaggerSchema(s))
			}
			if example := firstExample(m); example != nil {
				setMember(&examples, m.Key, *example)
			}
			if !slices.ContainsFunc(produces.Kids, func(p definition.Value) bool { return p.Text == m.Key }) {
				produces.Kids = append(produces.Kids, definition.NewString(m.Key))
			}
		}
		headers, from := definition.NewObject(), r.Get("headers")
		for j := range from.Len() {
			h := definition.NewObject()
			if d := from.Kids[j].Get("description"); d != nil {
				setMember(&h, "description", *d)
			}
			swaggerSimple(&h, from.Kids[j].Get("schema"))
			setMember(&headers, from.Kids[j].Key, h)
		}
		if headers.Len() > 0 {
			setMember(&out, "headers", headers)
		}
		if examples.Len() > 0 {
			setMember(&out, "examples", examples)
		}
		setMember(&responses, r.Key, out)
	}
	return responses, produces
}

// swaggerSchema writes a schema without what 2.0 hasn't.
func swaggerSchema(s *definition.Value) definition.Value {
	out := definition.NewObject()
	for i := range s.Kids {
		switch kid := &s.Kids[i]; kid.Key {
		case "nullable":
			setMember(&out, "x-nullable", *kid)
		case "anyOf":
		case "items":
			setMember(&out, "items", swaggerSchema(kid))
		case "properties":
			properties := definition.NewObject()
			for j := range kid.Kids {
				setMember(&properties, kid.Kids[j].Key, swaggerSchema(&kid.Kids[j]))
			}
			setMember(&out, "properties", properties)
		default:
			setMember(&out, kid.Key, *kid)
		}
	}
	return out
}
