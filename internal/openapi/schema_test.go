package openapi

import (
	"fmt"
	"strings"
	"testing"
)

// inVersion puts schemas into a document: the one under test is S.
func inVersion(version, schemas string) string {
	if version == "2.0" {
		return head(version) + "paths: {}\ndefinitions:\n  Other: {type: object}\n  S: " + schemas
	}
	return head(version) + "paths: {}\ncomponents:\n schemas:\n  Other: {type: object}\n  S: " + schemas
}

func TestSchema_IsNormalisedUpward(t *testing.T) {
	t.Parallel()
	const other = `{"$ref":"#/$defs/Other"}`
	components := map[string]string{"2.0": "#/definitions/", "": "#/components/schemas/"}
	for _, c := range []struct {
		name, version, schema, want, code string
	}{
		// null
		{"nullable adds null to the type", "3.0.3", `{type: string, nullable: true}`, `{"type":["string","null"]}`, ""},
		{"nullable false says nothing", "3.0.3", `{type: string, nullable: false}`, `{"type":"string"}`, ""},
		{"nullable is no matter of order", "3.0.3", `{nullable: true, minLength: 1, type: string}`, `{"minLength":1,"type":["string","null"]}`, ""},
		{"x-nullable is the same in 2.0", "2.0", `{type: integer, x-nullable: true}`, `{"type":["integer","null"]}`, ""},
		{"nullable is read in 3.1 too", "3.1.0", `{type: string, nullable: true}`, `{"type":["string","null"]}`, ""},
		{"null is added once", "3.1.0", `{type: [string, "null"], nullable: true}`, `{"type":["string","null"]}`, ""},
		{"null alone stays", "3.1.0", `{type: "null", nullable: true}`, `{"type":"null"}`, ""},
		{"nullable adds null to an enum", "3.0.3", `{type: string, enum: [a], nullable: true}`, `{"type":["string","null"],"enum":["a",null]}`, ""},
		{"an enum that has null keeps it once", "3.0.3", `{type: string, enum: [a, null], nullable: true}`, `{"type":["string","null"],"enum":["a",null]}`, ""},
		{"nullable beside a reference", "3.0.3", `{$ref: REF, nullable: true}`, `{"anyOf":[` + other + `,{"type":"null"}]}`, ""},
		{"nullable with allOf", "3.0.3", `{allOf: [{$ref: REF}], nullable: true, description: D}`, `{"description":"D","anyOf":[{"allOf":[` + other + `]},{"type":"null"}]}`, ""},
		{"nullable with oneOf", "3.0.3", `{oneOf: [{$ref: REF}, {type: string}], nullable: true}`, `{"anyOf":[{"oneOf":[` + other + `,{"type":"string"}]},{"type":"null"}]}`, ""},
		{"nullable with an enum and no type", "3.0.3", `{enum: [a], nullable: true}`, `{"anyOf":[{"enum":["a",null]},{"type":"null"}]}`, ""},
		{"nullable alone lets everything in", "3.0.3", `{nullable: true, title: T}`, `{"title":"T"}`, ""},
		{"nullable deep inside", "3.0.3", `{type: object, properties: {a: {type: array, items: {type: string, nullable: true}}}}`, `{"type":"object","properties":{"a":{"type":"array","items":{"type":["string","null"]}}}}`, ""},
		// bounds
		{"a boolean exclusive bound becomes the number", "3.0.3", `{minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true}`, `{"exclusiveMinimum":1,"exclusiveMaximum":9}`, ""},
		{"a false one leaves the bound", "3.0.3", `{minimum: 1, exclusiveMinimum: false}`, `{"minimum":1}`, ""},
		{"one without a bound says nothing", "2.0", `{exclusiveMinimum: true}`, `{}`, ""},
		{"a number is one already", "3.1.0", `{minimum: 1, exclusiveMinimum: 5}`, `{"minimum":1,"exclusiveMinimum":5}`, ""},
		{"a number in quotes is meant as one", "3.0.3", `{minimum: "1", maxLength: "7", exclusiveMaximum: "2.5"}`, `{"minimum":1,"maxLength":7,"exclusiveMaximum":2.5}`, "bad-keyword"},
		{"a bound that is no number is dropped", "3.0.3", `{minimum: a, maximum: [], multipleOf: -1}`, `{}`, "bad-keyword"},
		{"counts are whole numbers from 0", "3.1.0", `{minLength: -1, maxItems: 1.5, minItems: 2.0, maxProperties: null}`, `{"minItems":2.0}`, "bad-keyword"},
		{"counts beyond all values", "3.1.0", `{maxLength: 1e300, minLength: 1e300}`, `{"minLength":9007199254740991}`, ""},
		// examples
		{"example heads examples", "3.0.3", `{type: string, example: a}`, `{"type":"string","examples":["a"]}`, ""},
		{"example with examples", "3.1.0", `{example: a, examples: [b]}`, `{"examples":["a","b"]}`, ""},
		{"named examples become values", "3.0.3", `{examples: {x: {value: a}, y: b}}`, `{"examples":["a","b"]}`, ""},
		{"a null example counts", "3.0.3", `{example: null}`, `{"examples":[null]}`, ""},
		{"const before 3.1 is an example", "3.0.3", `{type: string, const: a}`, `{"type":"string","examples":["a"]}`, ""},
		{"const beside an example before 3.1", "3.0.3", `{const: a, example: b}`, `{"examples":["b"]}`, ""},
		{"const in 3.1 stays", "3.1.0", `{const: a}`, `{"const":"a"}`, ""},
		// types
		{"file is binary text", "2.0", `{type: file}`, `{"type":"string","format":"binary"}`, ""},
		{"file keeps its format", "2.0", `{type: file, format: x}`, `{"type":"string","format":"x"}`, ""},
		{"an unknown type lets everything in", "3.0.3", `{type: any}`, `{}`, "unknown-type"},
		{"of a list the known types stay", "3.1.0", `{type: [string, date, 5]}`, `{"type":["string"]}`, "unknown-type"},
		{"a type that is no text", "3.0.3", `{type: {a: 1}}`, `{}`, "bad-keyword"},
		{"byte is base64 before 3.1", "3.0.3", `{type: string, format: byte}`, `{"type":"string","format":"byte","pattern":"^[\\w\\d+\\/=]*$"}`, ""},
		{"byte keeps its pattern", "3.0.3", `{format: byte, pattern: a}`, `{"format":"byte","pattern":"a"}`, ""},
		{"byte in 3.1 annotates", "3.1.0", `{format: byte}`, `{"format":"byte"}`, ""},
		// arrays and objects
		{"a list of items is a prefix", "3.0.3", `{items: [{type: string}], additionalItems: false}`, `{"prefixItems":[{"type":"string"}],"items":false}`, ""},
		{"additionalItems before items", "3.0.3", `{additionalItems: {type: string, nullable: true}, items: [{}]}`, `{"items":{"type":["string","null"]},"prefixItems":[{}]}`, ""},
		{"additionalItems beside one schema says nothing", "3.0.3", `{items: {}, additionalItems: false}`, `{"items":{}}`, ""},
		{"2020-12 stays as it is", "3.1.0", `{prefixItems: [{}], items: false}`, `{"prefixItems":[{}],"items":false}`, ""},
		{"dependencies are two keywords", "3.0.3", `{dependencies: {a: [b], c: {type: object, nullable: true}}}`, `{"dependentRequired":{"a":["b"]},"dependentSchemas":{"c":{"type":["object","null"]}}}`, ""},
		{"a boolean required means nothing", "3.0.3", `{required: true, type: string}`, `{"type":"string"}`, "required-boolean"},
		{"required lists each once", "3.0.3", `{required: [a, b, a, 5]}`, `{"required":["a","b"]}`, "required-twice"},
		{"properties may have the names of keywords", "3.0.3", `{properties: {type: {type: string, nullable: true}, $ref: {type: string}, nullable: {type: boolean}, example: {type: string, nullable: true}}}`,
			`{"properties":{"type":{"type":["string","null"]},"$ref":{"type":"string"},"nullable":{"type":"boolean"},"example":{"type":["string","null"]}}}`, ""},
		{"a member that is no schema lets everything in", "3.1.0", `{properties: {a: 5}, allOf: [null, {type: string}]}`, `{"properties":{"a":{}},"allOf":[{},{"type":"string"}]}`, "bad-schema"},
		{"an empty allOf is dropped", "3.1.0", `{allOf: [], anyOf: {}, properties: []}`, `{}`, "bad-keyword"},
		{"an empty enum is dropped", "3.1.0", `{enum: []}`, `{}`, "bad-keyword"},
		{"a pattern that can't be read is dropped", "3.1.0", `{pattern: "("}`, `{}`, "bad-pattern"},
		{"lookbehind can be read", "3.1.0", `{pattern: "(?<=a)b"}`, `{"pattern":"(?<=a)b"}`, ""},
		// references
		{"before 3.1 a reference stands alone but for annotations", "3.0.3", `{$ref: REF, type: string, minLength: 5, description: D, default: x, example: y}`, `{"$ref":"#/$defs/Other","description":"D","default":"x","examples":["y"]}`, ""},
		{"in 2.0 too", "2.0", `{$ref: REF, properties: {a: {}}}`, other, ""},
		{"from 3.1 on the siblings count", "3.1.0", `{$ref: REF, minProperties: 1}`, `{"$ref":"#/$defs/Other","minProperties":1}`, ""},
		{"a dangling reference lets its siblings count", "3.0.3", `{$ref: "#/nowhere", type: string}`, `{"type":"string"}`, "reference-not-found"},
		{"a reference to what is no schema", "3.1.0", `{$ref: "#/info/title"}`, `{}`, "reference-not-found"},
		{"a reference that is no text", "3.1.0", `{$ref: 5}`, `{}`, "bad-keyword"},
		// discriminators
		{"2.0 writes the property's name", "2.0", `{discriminator: kind}`, `{"discriminator":{"propertyName":"kind"}}`, ""},
		{"a mapping names schemas by name", "3.0.3", `{discriminator: {propertyName: k, mapping: {o: Other}}}`, `{"discriminator":{"propertyName":"k","mapping":{"o":"Other"}}}`, ""},
		{"or by reference", "3.0.3", `{discriminator: {propertyName: k, mapping: {o: REF}}}`, `{"discriminator":{"propertyName":"k","mapping":{"o":"Other"}}}`, ""},
		{"what it maps to nothing is dropped", "3.0.3", `{discriminator: {propertyName: k, mapping: {o: REF, x: Nope, z: 5}}}`, `{"discriminator":{"propertyName":"k","mapping":{"o":"Other"}}}`, "bad-mapping"},
		{"one without a property is dropped", "3.0.3", `{discriminator: {}}`, `{}`, "bad-keyword"},
		{"defaultMapping", "3.2.0", `{discriminator: {propertyName: k, defaultMapping: Other}}`, `{"discriminator":{"propertyName":"k","default":"Other"}}`, ""},
		{"boolean schemas", "3.1.0", `{properties: {a: true, b: false}, additionalProperties: false}`, `{"properties":{"a":true,"b":false},"additionalProperties":false}`, ""},
	} {
		ref := components[c.version]
		if ref == "" {
			ref = components[""]
		}
		x := read(t, inVersion(c.version, strings.ReplaceAll(c.schema, "REF", `"`+ref+`Other"`)))
		if got := x.schema("S"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if c.code == "" {
			if len(x.diags) > 0 {
				t.Errorf("%s: unexpected diagnostics\n%s", c.name, x.listing())
			}
			continue
		}
		if !strings.Contains(fmt.Sprint(x.codes()), c.code) {
			t.Errorf("%s: no %s among\n%s", c.name, c.code, x.listing())
		}
	}
}

func TestSchema_Inheritance_MapsWhatIncludesTheBase(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.0.3")+`
paths: {}
components:
  schemas:
    Pet: {type: object, discriminator: {propertyName: kind, mapping: {meow: Cat}}, properties: {kind: {type: string}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}
    Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}, {type: object}]}
    Own: {oneOf: [{$ref: '#/components/schemas/Sub'}], discriminator: {propertyName: kind}}
    Sub: {type: object}
`).sound()
	equal(t, "mapping", jsonOf(x.Schemas["Pet"].Get("discriminator")), `{"propertyName":"kind","mapping":{"meow":"Cat","Dog":"Dog","Puppy":"Puppy"}}`)
	equal(t, "with alternatives of its own", jsonOf(x.Schemas["Own"].Get("discriminator")), `{"propertyName":"kind"}`)
}

func TestSchema_ThatIncludesItself_LosesTheReference(t *testing.T) {
	t.Parallel()
	x := read(t, inVersion("3.1.0", `{allOf: [{$ref: "#/components/schemas/T"}], type: object}
  T: {$ref: "#/components/schemas/S", minProperties: 1}
  A: {$ref: "#/components/schemas/A"}
  Tree: {type: object, properties: {next: {$ref: "#/components/schemas/Tree"}}}
`))
	equal(t, "S", x.schema("S"), `{"allOf":[{"$ref":"#/$defs/T"}],"type":"object"}`)
	equal(t, "T", x.schema("T"), `{"minProperties":1}`)
	equal(t, "A", x.schema("A"), `{}`)
	equal(t, "a tree is sound", x.schema("Tree"), `{"type":"object","properties":{"next":{"$ref":"#/$defs/Tree"}}}`)
	equal(t, "codes", x.codes(), []string{"circular-schema", "circular-schema"})
}

func TestSchema_Names_AreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	x := read(t, head("3.1.0")+`
paths: {}
components:
  schemas:
    "a/b": {type: string}
    "c~d": {type: integer}
    "e f.json": {type: boolean}
    "": {type: "null"}
    Uses:
      prefixItems:
        - {$ref: '#/components/schemas/a~1b'}
        - {$ref: '#/components/schemas/c~0d'}
        - {$ref: '#/components/schemas/e%20f.json'}
        - {$ref: '#/components/schemas/'}
`).sound()
	equal(t, "references", x.schema("Uses"), `{"prefixItems":[{"$ref":"#/$defs/a/b"},{"$ref":"#/$defs/c~d"},{"$ref":"#/$defs/e f.json"},{"$ref":"#/$defs/schema"}]}`)
	equal(t, "a/b", x.schema("a/b"), `{"type":"string"}`)
	equal(t, "the empty name", x.schema("schema"), `{"type":"null"}`)
}
