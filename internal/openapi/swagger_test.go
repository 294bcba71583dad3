package openapi

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
)

func TestSwagger_Server_IsMadeOfSchemesHostAndBasePath(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string][]string{
		``:                      nil,
		`basePath: /v1`:         {"/v1"},
		`basePath: v1`:          {"/v1"},
		`host: api.example.com`: {"https://api.example.com"},
		`{host: h, basePath: /b, schemes: [http, https]}`: {"http://h/b", "https://h/b"},
	} {
		doc := head("2.0") + "paths: {}\n"
		if fields != "" && fields[0] == '{' {
			doc += "host: h\nbasePath: /b\nschemes: [http, https]"
		} else {
			doc += fields
		}
		var got []string
		for _, s := range read(t, doc).sound().Servers {
			got = append(got, s.URL)
		}
		equal(t, fields, got, want)
	}
}

func media(content []*definition.Media) []string {
	var out []string
	for _, m := range content {
		text := m.Type + " " + jsonOf(m.Schema)
		for _, e := range m.Examples {
			text += " " + e.Name + "=" + jsonOf(e.Value)
		}
		out = append(out, text)
	}
	return out
}

func TestSwagger_Body_IsOfTheTypesConsumed(t *testing.T) {
	t.Parallel()
	x := read(t, head("2.0")+`
consumes: [application/json, application/xml]
paths:
  /a:
    parameters: [{$ref: '#/parameters/Shared'}]
    post: {responses: {"200": {description: d}}}
    put:
      consumes: [text/plain]
      parameters: [{name: b, in: body, required: true, schema: {type: string, x-nullable: true}, x-example: hi}]
      responses: {"200": {description: d}}
    get:
      consumes: []
      responses: {"200": {description: d}}
parameters:
  Shared: {name: b, in: body, schema: {$ref: '#/definitions/S'}}
definitions: {S: {type: object}}
`).sound()
	post, put, get := x.op("POST /a").Body, x.op("PUT /a").Body, x.op("GET /a").Body
	equal(t, "post", media(post.Content), []string{`application/json {"$ref":"#/$defs/S"}`, `application/xml {"$ref":"#/$defs/S"}`})
	equal(t, "put", media(put.Content), []string{`text/plain {"type":["string","null"]} ="hi"`})
	equal(t, "get", media(get.Content), []string{`application/json {"$ref":"#/$defs/S"}`})
	equal(t, "required", []bool{post.Required, put.Required}, []bool{false, true})
	if n := len(x.op("POST /a").Parameters); n != 0 {
		t.Errorf("the body is also one of %d parameters", n)
	}
}

func TestSwagger_Form_IsAnObject(t *testing.T) {
	t.Parallel()
	x := read(t, head("2.0")+`
paths:
  /a:
    parameters: [{name: a, in: formData, type: integer}]
    post:
      parameters:
        - {name: a, in: formData, type: string, required: true, allowEmptyValue: false}
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: q, in: query, type: string}
      responses: {"200": {description: d}}
    put:
      parameters: [{name: f, in: formData, type: file, required: true}]
      responses: {"200": {description: d}}
    patch:
      consumes: [multipart/form-data, application/x-www-form-urlencoded, application/json]
      responses: {"200": {description: d}}
`).sound()
	post := x.op("POST /a")
	equal(t, "post", media(post.Body.Content), []string{`application/x-www-form-urlencoded {"type":"object","properties":{"a":{"type":"string","minLength":1},"tags":{"type":"array","items":{"type":"string"}}},"required":["a"]}`})
	equal(t, "encoding", post.Body.Content[0].Encoding, []definition.Encoding{{Name: "tags", Style: "pipeDelimited"}})
	equal(t, "parameters", post.Parameters[0].Name, "q")
	if !post.Body.Required || x.op("PATCH /a").Body.Required {
		t.Error("a form is required when one of its fields is")
	}
	equal(t, "put", media(x.op("PUT /a").Body.Content), []string{`multipart/form-data {"type":"object","properties":{"a":{"type":"integer"},"f":{"type":"string","format":"binary"}},"required":["f"]}`})
	var types []string
	for _, m := range x.op("PATCH /a").Body.Content {
		types = append(types, m.Type)
	}
	equal(t, "patch", types, []string{"multipart/form-data", "application/x-www-form-urlencoded"})
}

func TestSwagger_CollectionFormat_IsAStyle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, format, want string }{
		{"query", "", "form false"}, {"query", "csv", "form false"}, {"query", "ssv", "spaceDelimited false"},
		{"query", "tsv", "tabDelimited false"}, {"query", "pipes", "pipeDelimited false"}, {"query", "multi", "form true"},
		{"path", "csv", "simple false"}, {"header", "pipes", "pipeDelimited false"},
	} {
		x := read(t, head("2.0")+fmt.Sprintf("paths: {'/a/{p}': {get: {parameters: [{name: p, in: %s, type: array, items: {type: integer}, collectionFormat: %s}], responses: {'200': {description: d}}}}}", c.in, c.format))
		p := x.Operations[0].Parameters[0]
		equal(t, c.in+" "+c.format, fmt.Sprint(p.Style, " ", p.Explode), c.want)
		equal(t, "schema", jsonOf(p.Schema), `{"type":"array","items":{"type":"integer"}}`)
	}
}

func TestSwagger_Parameter_HasItsSchemaBesideItsName(t *testing.T) {
	t.Parallel()
	x := read(t, head("2.0")+`
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, type: integer, format: int64, minimum: 1, exclusiveMinimum: true}
        - {name: q, in: query, type: string, enum: [a, b], default: a, x-example: b, x-nullable: true}
        - {$ref: '#/parameters/H'}
      responses: {"200": {description: d}}
parameters: {H: {name: X-H, in: header, type: boolean}}
`).sound()
	var got []string
	for _, p := range x.op("GET /a/{id}").Parameters {
		got = append(got, p.Name+" "+jsonOf(p.Schema))
	}
	equal(t, "parameters", got, []string{
		`id {"type":"integer","format":"int64","exclusiveMinimum":1}`,
		`q {"type":["string","null"],"enum":["a","b",null],"default":"a","x-example":"b"}`,
		`X-H {"type":"boolean"}`,
	})
	equal(t, "example", jsonOf(x.op("GET /a/{id}").Parameters[1].Examples[0].Value), `"b"`)
}

func TestSwagger_Response_IsOfTheTypesProduced(t *testing.T) {
	t.Parallel()
	x := read(t, head("2.0")+`
produces: [application/json, text/csv]
paths:
  /a:
    get:
      responses:
        "200": {$ref: '#/responses/R'}
        "201": {description: none}
        default: {description: d, headers: {X-H: {type: integer, x-example: 5}}, schema: {type: file}, examples: {text/csv: "a,b"}}
    put:
      produces: [application/xml]
      responses:
        "200": {$ref: '#/responses/R'}
    post:
      produces: []
      responses: {"200": {description: d, examples: {application/json: {a: 1}, named: x}}}
responses:
  R: {description: d, schema: {$ref: '#/definitions/S'}, examples: {application/json: {id: 1}}}
definitions: {S: {type: object}}
`).sound()
	get := x.op("GET /a").Responses
	equal(t, "200", media(get[0].Content), []string{`application/json {"$ref":"#/$defs/S"} ={"id":1}`, `text/csv {"$ref":"#/$defs/S"}`})
	equal(t, "201", media(get[1].Content), []string(nil))
	equal(t, "default", media(get[2].Content), []string{`application/json {"type":"string","format":"binary"}`, `text/csv {"type":"string","format":"binary"} ="a,b"`})
	equal(t, "header", []string{get[2].Headers[0].Name, jsonOf(get[2].Headers[0].Schema)}, []string{"X-H", `{"type":"integer","x-example":5}`})
	equal(t, "put", media(x.op("PUT /a").Responses[0].Content), []string{`application/xml {"$ref":"#/$defs/S"}`})
	equal(t, "post", media(x.op("POST /a").Responses[0].Content), []string{`application/json  ={"a":1} named="x"`})
}

func TestSwagger_Security_BasicIsHTTP(t *testing.T) {
	t.Parallel()
	x := read(t, head("2.0")+`
security: [{b: []}, {k: []}, {o: [r]}]
securityDefinitions:
  b: {type: basic}
  k: {type: apiKey, in: query, name: key}
  o: {type: oauth2, flow: implicit, scopes: {r: R}}
paths: {/a: {get: {responses: {"200": {description: d}}}}}
`).sound()
	var got []definition.SecurityScheme
	for _, req := range x.op("GET /a").Security {
		got = append(got, *req[0].Scheme)
	}
	if d := cmp.Diff([]definition.SecurityScheme{{Type: "http", Scheme: "basic"}, {Type: "apiKey", In: "query", Name: "key"}, {Type: "oauth2", Flows: []definition.Flow{{Name: "implicit", Scopes: []string{"r"}}}}}, got); d != "" {
		t.Error(d)
	}
}

func TestSwagger_ManyTypes_AreBounded(t *testing.T) {
	t.Parallel()
	doc := head("2.0") + "produces: ["
	for i := range 3000 {
		doc += fmt.Sprintf("a/%d, ", i)
	}
	doc += "]\npaths:\n"
	for i := range 1000 {
		doc += fmt.Sprintf("  /%d: {get: {responses: {'200': {description: d, schema: {}}}}}\n", i)
	}
	read(t, doc).says("limit-expansion", "left out")
}
