package openapi

import (
	"slices"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

func TestVersion32_Methods_AreNamedFreely(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.2.0")+`
paths:
  /a:
    query: {responses: {"200": {description: d}}}
    additionalOperations:
      COPY: {operationId: copy, responses: {"200": {description: d}}}
      unlock: {responses: {"200": {description: d}}}
      post: {responses: {"200": {description: d}}}
      "no method": {responses: {"200": {description: d}}}
      x-note: 5
`)
	equal(t, "routes", x.routes(), []string{"QUERY /a", "COPY /a", "unlock /a", "POST /a"})
	equal(t, "codes", x.codes(), []string{"method-case", "bad-method"})
}

func TestVersion32_Querystring_IsOneValue(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.2.0")+`
paths:
  /a:
    get:
      parameters: [{name: all, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object, nullable: true}}}}, {in: querystring, content: {application/json: {}}}]
      responses: {"200": {description: d}}
`).sound()
	p := x.op("GET /a").Parameters
	if p[0].In != definition.InQuerystring || p[0].Content.Type != "application/x-www-form-urlencoded" || p[1].Content.Type != "application/json" {
		t.Errorf("%+v", p[0])
	}
	equal(t, "schema", jsonOf(p[0].Content.Schema), `{"type":["object","null"]}`)
}

func TestVersion32_Streams_HaveSchemasAndEncodingsOfTheirItems(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.2.0")+`
paths:
  /a:
    post:
      requestBody:
        content:
          multipart/mixed:
            prefixEncoding: [{contentType: application/json, headers: {X-A: {schema: {type: string}}}}, {contentType: image/png}]
            itemEncoding: {contentType: text/plain}
      responses:
        "200": {description: d, content: {text/event-stream: {$ref: '#/components/mediaTypes/Events'}}}
components:
  mediaTypes: {Events: {$ref: '#/components/mediaTypes/E2'}, E2: {itemSchema: {$ref: '#/components/schemas/Event'}}}
  schemas: {Event: {type: object, nullable: true}}
`).sound()
	op := x.op("POST /a")
	stream := op.Responses[0].Content[0]
	equal(t, "stream", []string{stream.Type, jsonOf(stream.Item), jsonOf(stream.Schema)}, []string{"text/event-stream", `{"$ref":"#/$defs/Event"}`, ""})
	m := op.Body.Content[0]
	if len(m.Prefix) != 2 || m.Prefix[0].ContentType != "application/json" || m.Prefix[0].Headers[0].Name != "X-A" || m.Prefix[1].ContentType != "image/png" || m.Each == nil || m.Each.ContentType != "text/plain" {
		t.Errorf("%+v", m)
	}
}

func TestVersion32_Self_IsTheBaseOfReferences(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.2.0") + `
$self: https://example.com/apis/main
paths:
  /a:
    get:
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: 'https://example.com/apis/main#/components/schemas/S'}}}}
        "201": {description: d, content: {application/json: {schema: {$ref: 'main#/components/schemas/S'}}}}
        "202": {description: d, content: {application/json: {schema: {$ref: 'shared.yaml#/components/schemas/Shared'}}}}
        "203": {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
components: {schemas: {S: {type: string}}}
`,
		"shared.yaml": head("3.2.0") + "$self: https://example.com/apis/shared.yaml\npaths: {}\ncomponents: {schemas: {Shared: {properties: {up: {$ref: 'main#/components/schemas/S'}}}}}",
	}).sound()
	var got []string
	for _, r := range x.op("GET /a").Responses {
		got = append(got, jsonOf(r.Content[0].Schema))
	}
	equal(t, "references", got, []string{`{"$ref":"#/$defs/S"}`, `{"$ref":"#/$defs/S"}`, `{"$ref":"#/$defs/Shared"}`, `{"$ref":"#/$defs/S"}`})
	equal(t, "Shared", x.schema("Shared"), `{"properties":{"up":{"$ref":"#/$defs/S"}}}`)
}

func TestVersion32_Self_BeforeThatVersionSaysNothing(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+"$self: https://example.com/x\npaths: {/a: {get: {responses: {'200': {$ref: 'https://example.com/x#/components/responses/R'}}}}}\ncomponents: {responses: {R: {description: d}}}")
	if !slices.Equal(x.codes(), []string{"reference-remote"}) {
		t.Error(x.listing())
	}
}

func TestVersion32_Example_TellsDataAndText(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.2.0")+`
paths:
  /a:
    get:
      responses:
        "200":
          description: d
          content:
            application/x-www-form-urlencoded:
              examples:
                both: {dataValue: {a: 1}, serializedValue: a=1}
                data: {dataValue: null}
                text: {serializedValue: ""}
`).sound()
	e := x.op("GET /a").Responses[0].Content[0].Examples
	if jsonOf(e[0].Value) != `{"a":1}` || *e[0].Serialized != "a=1" || jsonOf(e[1].Value) != "null" || e[1].Serialized != nil || e[2].Value != nil || *e[2].Serialized != "" {
		t.Errorf("%+v", e)
	}
}

func TestVersion32_Server_HasAName(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.2.0")+`
servers: [{name: prod, url: 'https://{host}/v1', variables: {host: {default: a, enum: [a, 5]}}}]
paths: {}
`).sound()
	equal(t, "servers", x.Servers, []definition.Server{{Name: "prod", URL: "https://{host}/v1", Variables: []definition.ServerVariable{{Name: "host", Default: "a", Enum: []string{"a", "5"}}}}})
}

func TestVersion32_Security_MayNameASchemeByItsURI(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml":    head("3.2.0") + "security: [{'shared.yaml#/k': []}, {'#/components/securitySchemes/d': []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {d: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://x/d', tokenUrl: 'https://x/t', scopes: {}}}}}}",
		"shared.yaml": "k: {type: http, scheme: Bearer}",
	}).sound()
	sec := x.op("GET /a").Security
	if sec[0][0].Scheme == nil || sec[0][0].Scheme.Scheme != "bearer" || sec[1][0].Scheme == nil || sec[1][0].Scheme.Type != "oauth2" {
		t.Errorf("%+v", sec)
	}
}
