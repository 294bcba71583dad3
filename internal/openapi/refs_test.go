package openapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// everyKind has a component of every kind, each behind a chain of references.
const everyKind = `
paths:
  /a/{id}:
    $ref: '#/components/pathItems/Item'
components:
  schemas:
    S: {$ref: '#/components/schemas/S2'}
    S2: {type: string}
  responses:
    R: {$ref: '#/components/responses/R2'}
    R2:
      description: of the target
      headers: {X-H: {$ref: '#/components/headers/H'}}
      content:
        application/json:
          schema: {$ref: '#/components/schemas/S'}
          examples: {e: {$ref: '#/components/examples/E'}}
      links: {l: {$ref: '#/components/links/L'}}
  parameters:
    P: {$ref: '#/components/parameters/P2'}
    P2: {name: id, in: path, required: true, description: of the target, schema: {$ref: '#/components/schemas/S'}}
  examples:
    E: {$ref: '#/components/examples/E2'}
    E2: {summary: of the target, value: x}
  requestBodies:
    B: {$ref: '#/components/requestBodies/B2'}
    B2: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
  headers:
    H: {$ref: '#/components/headers/H2'}
    H2: {schema: {type: integer}}
  securitySchemes:
    k: {$ref: '#/components/securitySchemes/k2'}
    k2: {type: http, scheme: bearer}
  links:
    L: {$ref: '#/components/links/L2'}
    L2: {operationId: x, description: of the target}
  callbacks:
    C: {$ref: '#/components/callbacks/C2'}
    C2: {'{$request.body}': {post: {responses: {"204": {description: d}}}}}
  pathItems:
    Item: {$ref: '#/components/pathItems/Item2'}
    Item2:
      parameters: [{$ref: '#/components/parameters/P'}]
      post:
        requestBody: {$ref: '#/components/requestBodies/B'}
        security: [{k: []}]
        callbacks: {c: {$ref: '#/components/callbacks/C'}}
        responses: {"200": {$ref: '#/components/responses/R'}}
`

func TestRefs_EveryKindOfComponent_IsFollowedThroughChains(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.3", "3.1.0", "3.2.0"} {
		checkEveryKind(t, read(t, head(version)+everyKind).sound())
	}
}

func checkEveryKind(t *testing.T, x reading) {
	t.Helper()
	op := x.op("POST /a/{id}")
	res := op.Responses[0]
	m := res.Content[0]
	got := []string{
		op.Parameters[0].Name, jsonOf(op.Parameters[0].Schema),
		fmt.Sprint(op.Body.Required), jsonOf(op.Body.Content[0].Schema),
		op.Security[0][0].Scheme.Scheme,
		op.Callbacks[0].Name, op.Callbacks[0].Expression, op.Callbacks[0].Operations[0].Responses[0].Status,
		res.Description, jsonOf(m.Schema), m.Examples[0].Name, m.Examples[0].Summary, jsonOf(m.Examples[0].Value),
		res.Headers[0].Name, jsonOf(res.Headers[0].Schema), res.Links[0].Name, res.Links[0].OperationID,
		x.schema("S"), x.schema("S2"),
	}
	ref := `{"$ref":"#/$defs/S"}`
	equal(t, "what the references lead to", got, []string{
		"id", ref, "true", ref, "bearer", "c", "{$request.body}", "204",
		"of the target", ref, "e", "of the target", `"x"`, "X-H", `{"type":"integer"}`, "l", "x",
		`{"$ref":"#/$defs/S2"}`, `{"type":"string"}`,
	})
}

func TestRefs_EveryKindOfComponent_MayStandInOtherFiles(t *testing.T) {
	t.Parallel()
	paths, components, _ := strings.Cut(everyKind, "components:\n")
	parts := strings.ReplaceAll(components, "'#/components/", "'#/")
	lines := strings.Split(parts, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "  ")
	}
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.1.0") + strings.ReplaceAll(paths, "#/components/", "parts/all.yaml#/") +
			"components: {securitySchemes: {k: {$ref: 'parts/all.yaml#/securitySchemes/k'}}}",
		"parts/all.yaml": strings.Join(lines, "\n"),
	}).sound()
	checkEveryKind(t, x)
}

func TestRefs_TextBesideAReference_CountsFrom31On(t *testing.T) {
	t.Parallel()
	const doc = `
paths:
  /a/{id}:
    get:
      parameters: [{$ref: '#/components/parameters/P', description: own}]
      responses:
        "200": {$ref: '#/components/responses/R', description: own}
        "201": {$ref: '#/components/responses/R'}
components:
  parameters: {P: {name: id, in: path, required: true, description: target}}
  responses: {R: {description: target, content: {text/plain: {examples: {e: {$ref: '#/components/examples/E', summary: own}}}}}}
  examples: {E: {summary: target, value: x}}
`
	for version, want := range map[string]string{"3.0.3": "target", "3.1.0": "own"} {
		op := read(t, head(version)+doc).sound().op("GET /a/{id}")
		equal(t, version, []string{op.Parameters[0].Description, op.Responses[0].Description, op.Responses[1].Description, op.Responses[0].Content[0].Examples[0].Summary},
			[]string{want, want, "target", want})
	}
}

func TestRefs_ThatGoInACircle_AreTold_AndTheRestIsServed(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
security: [{S: []}]
paths:
  /a:
    $ref: '#/paths/~1a'
    get:
      parameters: [{$ref: '#/components/parameters/P'}, {name: q, in: query}]
      requestBody: {$ref: '#/components/requestBodies/B'}
      callbacks: {c: {$ref: '#/components/callbacks/C'}}
      responses:
        "200": {$ref: '#/components/responses/R'}
        "404":
          description: d
          headers: {H: {$ref: '#/components/headers/H'}}
          links: {L: {$ref: '#/components/links/L'}}
          content: {text/plain: {examples: {E: {$ref: '#/components/examples/E'}}}}
components:
  parameters: {P: {$ref: '#/components/parameters/P'}}
  requestBodies: {B: {$ref: '#/components/requestBodies/B2'}, B2: {$ref: '#/components/requestBodies/B'}}
  responses: {R: {$ref: '#/components/responses/R'}}
  headers: {H: {$ref: '#/components/headers/H'}}
  links: {L: {$ref: '#/components/links/L'}}
  examples: {E: {$ref: '#/components/examples/E'}}
  callbacks: {C: {$ref: '#/components/callbacks/C'}}
  securitySchemes: {S: {$ref: '#/components/securitySchemes/S'}}
  schemas: {A: {$ref: '#/components/schemas/A/properties/x'}}
`)
	op := x.op("GET /a")
	equal(t, "parameters", len(op.Parameters), 1)
	equal(t, "responses", []string{op.Responses[0].Status, op.Responses[1].Status}, []string{"200", "404"})
	circles := 0
	for _, d := range x.diags {
		if d.Code == "circular-reference" {
			circles++
		}
	}
	if circles != 9 {
		t.Errorf("%d circles are told, want 9:\n%s", circles, x.listing())
	}
	x.says("reference-not-found", "leads through itself")
}

func TestRefs_Chain_MayBeLong(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head("3.0.3") + "paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/R0'}}}}}\ncomponents:\n responses:\n")
	const n = 5000
	for i := range n {
		fmt.Fprintf(&b, "  R%d: {$ref: '#/components/responses/R%d'}\n", i, i+1)
	}
	fmt.Fprintf(&b, "  R%d: {description: the end}\n", n)
	x := read(t, b.String()).sound()
	equal(t, "description", x.op("GET /a").Responses[0].Description, "the end")
}

func TestRefs_Pointers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, ref, want string }{
		{"a slash is ~1", "#/paths/~1deep~1{id}/get/responses/200/content/application~1json/schema", `{"type":"object","properties":{"a":{"type":["string","null"]}}}`},
		{"percent signs are undone", "#/paths/%7E1deep~1%7Bid%7D/get/responses/200/content/application~1json/schema/properties/a", `{"type":["string","null"]}`},
		{"through a reference", "#/paths/~1deep~1{id}/get/responses/404/content/text~1plain/schema", `{"type":"boolean"}`},
		{"through the reference of a schema", "#/components/schemas/Behind/properties/n", `{"type":"integer"}`},
		{"below nullable without a type, which moves", "#/components/schemas/Moved/properties/n", `{"type":"integer"}`},
		{"items that follow what is removed", "#/components/schemas/Shifted/items", `{"type":"number"}`},
		{"a list of items, which is renamed", "#/components/schemas/Tuple/items/1", `{"type":"boolean"}`},
		{"additionalItems, which is renamed", "#/components/schemas/Tuple/additionalItems", `{"type":"string","maxLength":3}`},
		{"dependencies, which are split", "#/components/schemas/Dependent/dependencies/a", `{"minProperties":2}`},
		{"a property with the name of data", "#/components/schemas/Data/properties/example/properties/value", `{"type":["string","null"]}`},
		{"an alternative", "#/components/schemas/Alternatives/oneOf/1", `{"type":"string"}`},
		{"an inline parameter", "#/paths/~1deep~1{id}/get/parameters/0/schema", `{"type":"string","minLength":2}`},
	} {
		parts := `
  /deep/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, minLength: 2}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {type: object, properties: {a: {type: string, nullable: true}}}}}}
        "404": {$ref: '#/components/responses/R'}
components:
  responses: {R: {description: d, content: {text/plain: {schema: {type: boolean}}}}}
  schemas:
    Late: {allOf: [{properties: {example: {$ref: "` + c.ref + `"}}}]}
    Behind: {$ref: '#/components/schemas/Moved'}
    Moved: {nullable: true, properties: {n: {type: integer}}}
    Shifted: {nullable: true, example: [], items: {type: number}, type: array, minItems: x, maxItems: 3}
    Tuple: {nullable: false, items: [{}, {type: boolean}], additionalItems: {type: string, maxLength: 3}}
    Dependent: {nullable: false, dependencies: {a: {minProperties: 2}}, type: object}
    Data: {type: object, properties: {example: {nullable: true, properties: {value: {type: string, nullable: true}}}}}
    Alternatives: {nullable: true, oneOf: [{}, {type: string}]}
`
		// Late is rewritten when all others are, a path before them.
		first := "\n  /first: {get: {responses: {\"200\": {description: d, content: {application/json: {schema: {$ref: \"" + c.ref + "\"}}}}}}}"
		for _, paths := range []string{"", first} {
			x := read(t, head("3.0.3")+"\npaths:"+paths+parts)
			// a property may be called as a field that holds data
			late := x.Schemas["Late"].Get("allOf").Kids[0].Get("properties").Get("example")
			name := strings.TrimPrefix(late.Get("$ref").Str(), defsPrefix)
			if got := x.schema(name); got != c.want {
				t.Errorf("%s, paths %q:\n got %s\nwant %s\n%s", c.name, paths, got, c.want, x.listing())
			}
		}
	}
}

func TestRefs_PlacesInOtherFiles_DoNotMoveEither(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.1.0") + "paths: {}\ncomponents: {schemas: {Late: {allOf: [{$ref: 'b.yaml#/Late'}]}, Early: {allOf: [{$ref: 'b.yaml#/Moved'}]}}}",
		"b.yaml":   "Late: {allOf: [{$ref: '#/Moved/properties/n'}]}\nMoved: {nullable: true, properties: {n: {type: integer}}}",
	}).sound()
	equal(t, "n", x.schema("n"), `{"type":"integer"}`)
}

func TestRefs_PlacesBelowAnID_DoNotMoveEither(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths: {}
components:
  schemas:
    Late: {$id: https://example.com/a, allOf: [{$ref: '#/$defs/user'}], $defs: {user: {allOf: [{$ref: 'b#/properties/n'}]}}}
    Moved: {$id: https://example.com/b, nullable: true, properties: {n: {type: integer}}}
`).sound()
	equal(t, "n", x.schema("n"), `{"type":"integer"}`)
}

func TestRefs_SameNames_AreKeptApart(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.1.0") + `
paths: {}
components:
  schemas:
    Error: {type: string}
    Uses: {prefixItems: [{$ref: 'b.yaml#/Error'}, {$ref: 'c/Error.yaml'}, {$ref: '#/components/schemas/Error'}, {$ref: './b.yaml#/Error'}]}
`,
		"b.yaml":       "Error: {type: integer}",
		"c/Error.yaml": "type: boolean\nproperties: {up: {$ref: '../b.yaml#/Error'}, self: {$ref: '#'}}",
	}).sound()
	equal(t, "references", x.schema("Uses"), `{"prefixItems":[{"$ref":"#/$defs/Error_2"},{"$ref":"#/$defs/Error_3"},{"$ref":"#/$defs/Error"},{"$ref":"#/$defs/Error_2"}]}`)
	equal(t, "Error_3", x.schema("Error_3"), `{"type":"boolean","properties":{"up":{"$ref":"#/$defs/Error_2"},"self":{"$ref":"#/$defs/Error_3"}}}`)
}

func TestRefs_FilesMayReferToEachOther(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.0.3") + "paths: {/a: {$ref: 'b.yaml#/paths/~1a'}}\ncomponents: {schemas: {Node: {type: object, properties: {next: {$ref: 'b.yaml#/components/schemas/Node'}}}}}",
		"b.yaml":   head("3.0.3") + "paths: {/a: {get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: 'api.yaml#/components/schemas/Node'}}}}}}}}\ncomponents: {schemas: {Node: {type: object, properties: {back: {$ref: 'api.yaml#/components/schemas/Node'}}}}}",
	}).sound()
	equal(t, "schema", jsonOf(x.op("GET /a").Responses[0].Content[0].Schema), `{"$ref":"#/$defs/Node"}`)
	equal(t, "Node", x.schema("Node"), `{"type":"object","properties":{"next":{"$ref":"#/$defs/Node_2"}}}`)
	equal(t, "Node_2", x.schema("Node_2"), `{"type":"object","properties":{"back":{"$ref":"#/$defs/Node"}}}`)
}

func TestRefs_PathsAndComponents_MayStandInFilesOfTheirOwn(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml":   head("3.0.3") + "paths: {$ref: paths.yaml}\ncomponents: {$ref: components.yaml}",
		"paths.yaml": "/a: {get: {security: [{k: []}], responses: {'200': {description: d, content: {application/json: {schema: {$ref: 'api.yaml#/components/schemas/S'}}}}}}}",
		"components.yaml": `schemas: {S: {type: string, nullable: true}}
securitySchemes: {k: {type: http, scheme: basic}}`,
	}).sound()
	equal(t, "schema", x.schema("S"), `{"type":["string","null"]}`)
	equal(t, "reference", jsonOf(x.op("GET /a").Responses[0].Content[0].Schema), `{"$ref":"#/$defs/S"}`)
}

func TestRefs_ID_NamesASchema(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.1.0") + `
paths: {}
components:
  schemas:
    Tree:
      $id: https://example.com/schemas/tree
      type: object
      properties:
        leaf: {$ref: leaf}
        inner: {$ref: '#/$defs/inner'}
        anchored: {$ref: '#here'}
        document: {$ref: '#/components/schemas/Plain'}
        file: {$ref: 'https://example.com/far'}
      $defs:
        inner: {type: boolean, properties: {x: {$ref: leaf}}}
        other: {$anchor: here, type: "null"}
    Leaf: {$id: https://example.com/schemas/leaf, type: integer}
    Plain: {type: string}
    Uses: {prefixItems: [{$ref: 'https://example.com/schemas/leaf'}, {$ref: 'https://example.com/schemas/tree#here'}, {$ref: 'https://example.com/schemas/tree#/$defs/inner'}, {$ref: far.yaml}]}
`,
		"far.yaml": "$id: https://example.com/far\ntype: number\n",
	}).sound()
	equal(t, "Tree", jsonOf(x.Schemas["Tree"].Get("properties")), `{"leaf":{"$ref":"#/$defs/Leaf"},"inner":{"$ref":"#/$defs/inner"},"anchored":{"$ref":"#/$defs/here"},"document":{"$ref":"#/$defs/Plain"},"file":{"$ref":"#/$defs/far"}}`)
	equal(t, "inner", x.schema("inner"), `{"type":"boolean","properties":{"x":{"$ref":"#/$defs/Leaf"}}}`)
	equal(t, "Uses", x.schema("Uses"), `{"prefixItems":[{"$ref":"#/$defs/Leaf"},{"$ref":"#/$defs/here"},{"$ref":"#/$defs/inner"},{"$ref":"#/$defs/far"}]}`)
}

func TestRefs_Anchor_IsFoundInItsFile(t *testing.T) {
	t.Parallel()
	x := readFiles(t, map[string]string{
		"api.yaml": head("3.1.0") + "paths: {}\ncomponents: {schemas: {A: {$anchor: a, type: string}, Uses: {prefixItems: [{$ref: '#a'}, {$ref: 'b.yaml#b'}, {$ref: '#nope'}]}}}",
		"b.yaml":   "x: {y: {$anchor: b, type: integer}}",
	})
	equal(t, "Uses", x.schema("Uses"), `{"prefixItems":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/b"},{}]}`)
	equal(t, "b", x.schema("b"), `{"$anchor":"b","type":"integer"}`)
	x.says("reference-not-found", `no schema has the anchor "nope"`)
}

func TestRefs_DynamicRef_KeepsItsStaticTarget(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths: {}
components:
  schemas:
    List: {type: array, items: {$dynamicRef: '#item'}, $defs: {any: {$dynamicAnchor: item}}}
    Texts: {$ref: '#/components/schemas/List', $defs: {text: {$dynamicAnchor: item, type: string}}}
    Bad: {$dynamicRef: '#/info/title'}
`)
	equal(t, "List", x.schema("List"), `{"type":"array","items":{"$dynamicRef":"#/$defs/item"},"$defs":{"any":{"$dynamicAnchor":"item"}}}`)
	equal(t, "Texts", x.schema("Texts"), `{"$ref":"#/$defs/List","$defs":{"text":{"$dynamicAnchor":"item","type":"string"}}}`)
	equal(t, "codes", x.codes(), []string{"reference-not-found"})
}

func TestRefs_OutOfReach_AreToldAndNotFollowed(t *testing.T) {
	t.Parallel()
	for ref, code := range map[string]string{
		"/etc/passwd":                              "file-missing",
		"../../../etc/passwd":                      "file-missing",
		"file:///etc/passwd":                       "file-missing",
		"http://169.254.169.254/latest/meta-data/": "reference-remote",
		"//example.com/x":                          "reference-scheme",
		"ftp://example.com/x":                      "reference-scheme",
		"missing.yaml#/a":                          "file-missing",
		"#/nowhere":                                "reference-not-found",
		"#/paths/~1a/nowhere":                      "reference-not-found",
	} {
		x := read(t, head("3.1.0")+"paths: {/a: {get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '"+ref+"'}}}}}}}}")
		if got := x.codes(); len(got) != 1 || got[0] != code {
			t.Errorf("%s: %v, want %s", ref, got, code)
		}
		if x.diags[0].Line != 3 || x.diags[0].Hint == "" {
			t.Errorf("%s: %s", ref, x.diags[0])
		}
		equal(t, ref, jsonOf(x.op("GET /a").Responses[0].Content[0].Schema), `{}`)
	}
}

func TestRefs_WithoutText_AreNoReferences(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+"paths: {/a: {get: {parameters: [{$ref: 5, name: q, in: query}], responses: {'200': {$ref: null, description: d}}}}}")
	equal(t, "parameter", x.op("GET /a").Parameters[0].Name, "q")
	equal(t, "response", x.op("GET /a").Responses[0].Description, "d")
}

func TestRefs_SharedTargets_AreReadOnce(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths:
  /a: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {"200": {$ref: '#/components/responses/R'}}}}
  /b: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {"200": {$ref: '#/components/responses/R'}, default: {$ref: '#/components/responses/R'}}}}
components:
  parameters: {P: {name: q, in: query}}
  responses: {R: {description: d}}
`).sound()
	a, b := x.op("GET /a"), x.op("GET /b")
	if a.Parameters[0] != b.Parameters[0] || a.Responses[0] != b.Responses[0] {
		t.Error("they are copies")
	}
	equal(t, "another status", b.Responses[1].Status, "default")
}

func TestRefs_ManyUsesOfLargeParts_AreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head("3.1.0") + "components:\n pathItems:\n  P:\n   get: {responses: {}}\n   parameters:\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "   - {name: q%d, in: query}\n", i)
	}
	b.WriteString("paths:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, " /p%d: {$ref: '#/components/pathItems/P'}\n", i)
	}
	x := read(t, b.String()).says("limit-expansion", "left out")
	if n := len(x.Operations); n == 0 || n >= 5000 {
		t.Errorf("%d operations", n)
	}
}

// What is looked up is what stood there when the document was written, however
// the schemas around it are rewritten first.
func TestRefs_PlaceOfASchema_DoesNotMove(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths: {}
components:
  schemas:
    A: {example: 1, nullable: true, not: {type: string}, items: {type: boolean}, minItems: x}
    B: {$ref: '#/components/schemas/A/not'}
    C: {$ref: '#/components/schemas/A/items'}
`)
	equal(t, "B", x.schema(strings.TrimPrefix(x.Schemas["B"].Get("$ref").Str(), defsPrefix)), `{"type":"string"}`)
	equal(t, "C", x.schema(strings.TrimPrefix(x.Schemas["C"].Get("$ref").Str(), defsPrefix)), `{"type":"boolean"}`)
	if x.Schemas["A"].Is(definition.Bool) {
		t.Error("A is gone")
	}
}
