package openapi

import (
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// normalise rewrites one schema and all that stand inside of it. base is the
// URI that an enclosing $id has set.
//
// References have been resolved to places in the tree: a list of members is
// replaced, never shifted, so that they stay what they were.
func (r *reader) normalise(v *value, base string) {
	if v.Kind != definition.Object || v.Flags&definition.Normalised != 0 {
		return
	}
	v.Flags |= definition.Normalised
	n := normaliser{r: r, v: v, base: r.baseIn(v, base)}
	n.run()
}

// normaliser rewrites the keywords of one schema object.
type normaliser struct {
	r        *reader
	v        *value
	base     string
	nullable bool
	add      []value // members to append
	drop     int     // members marked for removal
	alone    bool    // the schema is a reference whose siblings don't count
}

// gone marks a member for removal: no document has this name.
const gone = "\x00"

func (n *normaliser) remove(kid *value) { kid.Key = gone; n.drop++ }

// addAbsent adds a member where there is none of the name.
func (n *normaliser) addAbsent(key string, v value) {
	if n.v.Has(key) {
		return
	}
	for i := range n.add {
		if n.add[i].Key == key {
			return
		}
	}
	v.Pos, v.File = n.v.Pos, n.v.File
	n.add = append(n.add, v.With(key))
}

func (n *normaliser) bad(kid *value, want string) {
	n.r.warnf(kid, "bad-keyword", "write "+want+" or remove the keyword", "keyword %q is %s; it is ignored", kid.Key, describe(kid))
	n.remove(kid)
}

func describe(v *value) string {
	switch v.Kind {
	case definition.String:
		t := v.Text
		if len(t) > 40 {
			t = t[:40] + "…"
		}
		return fmt.Sprintf("the text %q", t)
	case definition.Number, definition.Bool:
		return clip(v.Text)
	case definition.Array, definition.Object:
		if len(v.Kids) == 0 {
			return "an empty " + v.Kind.String()
		}
	case definition.Null:
		return "null"
	}
	return article(v.Kind)
}

func (n *normaliser) sub(kid *value) { n.r.normalise(kid, n.base) }

func (n *normaliser) run() {
	v := n.v
	old := n.r.version <= v30
	for i := range v.Kids {
		n.keyword(&v.Kids[i], old)
	}
	if old && v.Get("format").Str() == "byte" {
		// base64 by its characters, as Prism reads the format of these versions
		n.addAbsent("pattern", definition.NewString(`^[\w\d+\/=]*$`))
	}
	n.exclusive("exclusiveMinimum", "minimum")
	n.exclusive("exclusiveMaximum", "maximum")
	n.exampleToExamples()
	if n.alone {
		for i := range v.Kids {
			switch v.Kids[i].Key {
			case "$ref", "title", "description", "readOnly", "writeOnly", "deprecated", "default", "examples", "xml", gone:
			default:
				n.remove(&v.Kids[i])
			}
		}
	}
	if n.drop > 0 {
		kept := make([]value, 0, len(v.Kids)-n.drop+len(n.add))
		for i := range v.Kids {
			if v.Kids[i].Key != gone {
				kept = append(kept, v.Kids[i])
			}
		}
		v.Kids = kept
	}
	if n.nullable {
		n.makeNullable()
	}
	if len(n.add) > 0 {
		kids := make([]value, 0, len(v.Kids)+len(n.add))
		v.Kids = append(append(kids, v.Kids...), n.add...)
	}
}

// keyword rewrites one member of the schema.
func (n *normaliser) keyword(kid *value, old bool) {
	switch kid.Key {
	case "$ref":
		n.reference(kid, old)
	case "$dynamicRef", "$recursiveRef":
		n.dynamicReference(kid)
	case "nullable", "x-nullable":
		n.nullable = n.nullable || kid.True()
		n.remove(kid)
	case "type":
		n.types(kid)
	case "enum":
		if kid.Kind != definition.Array || len(kid.Kids) == 0 {
			n.bad(kid, "a list of values")
		}
	case "const":
		if old { // no keyword before 3.1, and meant as one
			if n.v.Has("example") || n.v.Has("examples") {
				n.remove(kid)
				return
			}
			kid.Key = "example"
		}
	case "minimum", "maximum":
		n.number(kid)
	case "multipleOf":
		if !n.number(kid) {
			return
		}
		if f, _ := kid.Float(); f <= 0 {
			n.bad(kid, "a number above 0")
		}
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		n.count(kid)
	case "pattern":
		n.pattern(kid)
	case "format":
		if kid.Kind != definition.String {
			n.bad(kid, "a text")
		}
	case "required":
		n.required(kid)
	case "properties", "dependentSchemas":
		n.schemaMap(kid)
	case "patternProperties":
		n.schemaMap(kid)
		n.patternKeys(kid)
	case "$defs", "definitions":
		n.definitions(kid)
	case "allOf", "anyOf", "oneOf", "prefixItems":
		n.schemaList(kid)
	case "items":
		if kid.Kind == definition.Array {
			kid.Key = "prefixItems"
			n.schemaList(kid)
			return
		}
		n.schemaValue(kid)
	case "additionalItems":
		if items := n.v.Get("items"); items.Is(definition.Array) || items == nil && n.v.Has("prefixItems") {
			kid.Key = "items"
			n.schemaValue(kid)
			return
		}
		n.remove(kid)
	case "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else",
		"contains", "propertyNames", "contentSchema":
		n.schemaValue(kid)
	case "dependencies":
		n.dependencies(kid)
	case "discriminator":
		n.discriminator(kid)
	}
}
