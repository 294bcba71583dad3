package openapi

// Each keyword of JSON Schema that is checked or rewritten has its function here.

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/pattern"
)

// number reports whether a keyword has, or could be given, a number.
func (n *normaliser) number(kid *value) bool {
	if kid.Kind == definition.Number {
		return true
	}
	if kid.Kind == definition.String { // a number in quotes is meant as one
		if f, err := strconv.ParseFloat(kid.Text, 64); err == nil && !strings.ContainsAny(kid.Text, "xX_pPnN") {
			n.r.warnf(kid, "bad-keyword", "write the number without quotes", "keyword %q is a text; it is read as a number", kid.Key)
			kid.Kind, kid.Text = definition.Number, definition.NewFloat(f).Text
			return true
		}
	}
	n.bad(kid, "a number")
	return false
}

// count checks a length or a number of elements.
func (n *normaliser) count(kid *value) {
	if !n.number(kid) {
		return
	}
	if i, ok := kid.Int(); ok && i >= 0 {
		return
	}
	if f, _ := kid.Float(); f >= 1<<53 { // beyond any value
		if kid.Key[:3] == "max" {
			n.remove(kid)
			return
		}
		kid.Text = "9007199254740991"
		return
	}
	n.bad(kid, "a whole number from 0")
}

func (n *normaliser) pattern(kid *value) {
	if kid.Kind != definition.String {
		n.bad(kid, "a text")
		return
	}
	if err := n.r.compiles(kid.Text); err != nil {
		n.r.warnf(kid, "bad-pattern", "correct the regular expression", "%v; any text is accepted", err)
		n.remove(kid)
	}
}

// patternKeys checks the names of patternProperties.
func (n *normaliser) patternKeys(kid *value) {
	for i := range kid.Kids {
		k := &kid.Kids[i]
		if err := n.r.compiles(k.Key); err != nil {
			n.r.warnf(k, "bad-pattern", "correct the regular expression", "%v; it fits no property", err)
		}
	}
}

// compiles tries each regular expression once.
func (r *reader) compiles(expr string) error {
	err, known := r.patterns[expr]
	if !known {
		_, err = pattern.Compile(expr)
		r.patterns[expr] = err
	}
	return err
}

// reference rewrites $ref to the name of its target. Before 3.1 the siblings
// of a reference do not count, but for what only annotates.
func (n *normaliser) reference(kid *value, old bool) {
	if kid.Flags&definition.Resolved != 0 {
		return
	}
	if kid.Kind != definition.String { // a property may be called $ref
		n.bad(kid, "a text")
		return
	}
	target, err := n.r.schemaAt(kid, n.base)
	if err != nil {
		n.r.dangling(kid, err, "a schema")
		n.remove(kid)
		return
	}
	kid.Text = defsPrefix + n.r.name(target, kid.Text)
	kid.Flags |= definition.Resolved
	n.alone = n.alone || old
}

// schemaAt finds the schema that a reference leads to.
func (r *reader) schemaAt(ref *value, base string) (*value, error) {
	target, err := r.lookupFrom(ref, base)
	if err == nil && !target.Is(definition.Object) && !target.Is(definition.Bool) {
		err = fmt.Errorf("it leads to %s, not to a schema", article(target.Kind))
	}
	return target, err
}

// dynamicReference keeps a $dynamicRef with the name of its static target,
// whose $dynamicAnchor tells what may replace it.
func (n *normaliser) dynamicReference(kid *value) {
	if kid.Flags&definition.Resolved != 0 {
		return
	}
	target, err := n.r.schemaAt(kid, n.base)
	if err != nil {
		n.r.dangling(kid, err, "a schema")
		n.remove(kid)
		return
	}
	kid.Key = "$dynamicRef"
	kid.Text = defsPrefix + n.r.name(target, kid.Text)
	kid.Flags |= definition.Resolved
}

func (n *normaliser) types(kid *value) {
	known := func(t string) bool {
		switch t {
		case "null", "boolean", "object", "array", "number", "string", "integer":
			return true
		}
		return false
	}
	switch kid.Kind {
	case definition.String:
		if kid.Text == "file" { // 2.0
			kid.Text = "string"
			n.addAbsent("format", definition.NewString("binary"))
			return
		}
		if !known(kid.Text) {
			n.r.warnf(kid, "unknown-type", "use string, number, integer, boolean, array, object or null", "type %q is not known; any type is accepted", clip(kid.Text))
			n.remove(kid)
		}
	case definition.Array:
		kept := kid.Kids[:0]
		for i := range kid.Kids {
			if t := &kid.Kids[i]; t.Kind == definition.String && known(t.Text) {
				kept = append(kept, *t)
			} else {
				n.r.warnf(t, "unknown-type", "use string, number, integer, boolean, array, object or null", "type %s is not known; it is ignored", describe(t))
			}
		}
		kid.Kids = kept
		if len(kept) == 0 {
			n.remove(kid)
		}
	default:
		n.bad(kid, "the name of a type")
	}
}

func (n *normaliser) required(kid *value) {
	if kid.Kind != definition.Array {
		if kid.Kind == definition.Bool {
			n.r.warnf(kid, "required-boolean", "list the property in \"required\" of the object around it", "\"required: %s\" means nothing inside of a schema; it is ignored", kid.Text)
			n.remove(kid)
			return
		}
		n.bad(kid, "a list of property names")
		return
	}
	kept := kid.Kids[:0]
	seen := make(map[string]bool, len(kid.Kids))
	for i := range kid.Kids {
		k := &kid.Kids[i]
		switch {
		case k.Kind != definition.String:
			n.r.warnf(k, "bad-keyword", "list property names only", "\"required\" lists %s; it is ignored", describe(k))
		case seen[k.Text]:
			n.r.warnf(k, "required-twice", "list each property once", "\"required\" lists %q twice", clip(k.Text))
		default:
			seen[k.Text] = true
			kept = append(kept, *k)
		}
	}
	kid.Kids = kept
}

func (n *normaliser) schemaMap(kid *value) {
	if kid.Kind != definition.Object {
		n.bad(kid, "an object of schemas")
		return
	}
	for i := range kid.Kids {
		n.schemaIn(&kid.Kids[i])
	}
}

func (n *normaliser) schemaList(kid *value) {
	if kid.Kind != definition.Array || len(kid.Kids) == 0 {
		n.bad(kid, "a list of schemas")
		return
	}
	for i := range kid.Kids {
		n.schemaIn(&kid.Kids[i])
	}
}

// schemaIn normalises an element or member that must be a schema; one that is
// none accepts anything.
func (n *normaliser) schemaIn(kid *value) {
	if kid.Kind != definition.Object && kid.Kind != definition.Bool {
		n.r.warnf(kid, "bad-schema", "write a schema as an object", "a schema is %s, not an object; any value is accepted", article(kid.Kind))
		*kid = value{Key: kid.Key, Kind: definition.Object, Pos: kid.Pos, File: kid.File}
		return
	}
	n.sub(kid)
}

func (n *normaliser) schemaValue(kid *value) {
	if kid.Kind != definition.Object && kid.Kind != definition.Bool {
		n.bad(kid, "a schema")
		return
	}
	n.sub(kid)
}

// definitions normalises the local schemas that a $dynamicRef may find by
// their anchor; the others are reached by what refers to them.
func (n *normaliser) definitions(kid *value) {
	if kid.Kind != definition.Object {
		n.remove(kid)
		return
	}
	for i := range kid.Kids {
		if kid.Kids[i].Has("$dynamicAnchor") {
			n.sub(&kid.Kids[i])
		}
	}
}

func (n *normaliser) dependencies(kid *value) {
	if kid.Kind != definition.Object {
		n.bad(kid, "an object")
		return
	}
	required, schemas := definition.NewObject(), definition.NewObject()
	for i := range kid.Kids {
		k := &kid.Kids[i]
		if k.Kind == definition.Array {
			required.Kids = append(required.Kids, *k)
		} else if k.Kind == definition.Object || k.Kind == definition.Bool {
			n.sub(k)
			schemas.Kids = append(schemas.Kids, *k)
		}
	}
	n.remove(kid)
	if len(required.Kids) > 0 {
		n.addAbsent("dependentRequired", required)
	}
	if len(schemas.Kids) > 0 {
		n.addAbsent("dependentSchemas", schemas)
	}
}
