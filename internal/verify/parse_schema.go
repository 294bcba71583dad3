package verify

import (
	"errors"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/pattern"
	"github.com/mimus-dev/mimus/internal/schema"
)

// ParseSchema reads a JSON Schema (2020-12) in JSON or YAML.
func ParseSchema(text string) (*schema.Schema, error) {
	v, _, err := document.Parse(text, "schema", 0, document.Limits{Bytes: maxBytes, Depth: maxDepth})
	if err != nil {
		return nil, err
	}
	r := &reader{}
	s := r.schema("schema", &v)
	return s, errors.Join(r.problems...)
}

// schema compiles a schema. The compiler leaves out what is malformed, so that
// anything would be verified: that is looked for before.
func (r *reader) schema(path string, v *definition.Value) *schema.Schema {
	root := v.Clone()
	c := schemaCheck{reader: r, root: &root, defs: map[string]*definition.Value{}, seen: map[*definition.Value]bool{}}
	before := len(r.problems)
	c.check(path, &root)
	for len(c.referred) > 0 && len(r.problems) == before {
		target := c.referred[0]
		c.referred = c.referred[1:]
		if !c.seen[target] { // it lies where no keyword has schemas
			c.check(path, target)
		}
	}
	if len(r.problems) > before {
		return nil
	}
	return schema.NewSet(c.defs).Compile(&root)
}

// schemaCheck looks through a schema, and gives references the form that the
// compiler follows.
type schemaCheck struct {
	*reader
	root *definition.Value
	defs map[string]*definition.Value // what references lead to, by pointer

	seen     map[*definition.Value]bool
	referred []*definition.Value
}

func (c *schemaCheck) check(path string, v *definition.Value) {
	c.seen[v] = true
	if v.Is(definition.Bool) {
		return
	}
	if !v.Is(definition.Object) {
		c.say(path, "a schema has to be an object, true or false")
		return
	}
	for i := range v.Kids {
		k := &v.Kids[i]
		c.keyword(below(path, k.Key), k)
	}
}

func (c *schemaCheck) keyword(path string, k *definition.Value) {
	switch k.Key {
	case "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else":
		if k.Key == "items" && k.Is(definition.Array) {
			c.say(path, "a list of schemas for the first items is called prefixItems")
			return
		}
		c.check(path, k)
	case "prefixItems", "allOf", "anyOf", "oneOf":
		if !k.Is(definition.Array) {
			c.say(path, "it has to be a list of schemas")
			return
		}
		for i := range k.Kids {
			c.check(path, &k.Kids[i])
		}
	case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions":
		c.schemas(path, k)
	case "type":
		c.types(path, k)
	case "pattern":
		c.expression(path, k.Str(), k.Is(definition.String))
	case "required":
		if !k.Is(definition.Array) {
			c.say(path, "it has to be a list of names")
		}
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		if !k.Is(definition.Number) {
			c.say(path, "it has to be a number")
		}
	case "$ref":
		c.reference(path, k)
	case "$dynamicRef", "$recursiveRef":
		c.say(path, `it is not followed here; use $ref with a place in the schema, such as "#/$defs/item"`)
	}
}

func (c *schemaCheck) schemas(path string, k *definition.Value) {
	if !k.Is(definition.Object) {
		c.say(path, "it has to be an object of schemas")
		return
	}
	for i := range k.Kids {
		at := below(path, k.Kids[i].Key)
		if k.Key == "patternProperties" {
			c.expression(at, k.Kids[i].Key, true)
		}
		c.check(at, &k.Kids[i])
	}
}

func (c *schemaCheck) types(path string, k *definition.Value) {
	list := []definition.Value{*k}
	if k.Is(definition.Array) {
		list = k.Kids
	}
	for i := range list {
		switch list[i].Str() {
		case "null", "boolean", "object", "array", "number", "string", "integer":
		default:
			c.say(path, "%s is no type; there are null, boolean, object, array, number, string, integer", compact(&list[i]))
		}
	}
}

func (c *schemaCheck) expression(path, text string, ok bool) {
	if !ok {
		c.say(path, "it has to be a text")
		return
	}
	if _, err := pattern.Compile(text); err != nil {
		c.say(path, "it has to be a regular expression: %s", err)
	}
}

func (c *schemaCheck) reference(path string, k *definition.Value) {
	target, ok := document.Pointer(c.root, k.Str())
	if !ok || !strings.HasPrefix(k.Str(), "#") {
		c.say(path, `%s is not found; a reference leads to a place in the schema itself, such as "#/$defs/item"`, compact(k))
		return
	}
	c.defs[k.Text] = target
	c.referred = append(c.referred, target)
	k.Text = "#/$defs/" + k.Text
}
