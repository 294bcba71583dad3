package openapi

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/pattern"
)

const defsPrefix = "#/$defs/"

// schema normalises the schema at v to JSON Schema 2020-12, in place, and
// returns it; nil where v is none.
func (r *reader) schema(v *value) *value {
	if v == nil {
		return nil
	}
	if !v.Is(definition.Object) && !v.Is(definition.Bool) {
		r.errorf(v, "bad-schema", "write a schema as an object", "a schema is %s, not an object; any value is accepted", article(v.Kind))
		return nil
	}
	r.normalise(v, r.baseAround(v))
	return v
}

// componentSchemas names the document's reusable schemas first, so that each
// gets the name it has there.
func (r *reader) componentSchemas(root *value) {
	all, ref := r.components(root, "schemas"), "#/components/schemas/"
	if r.version == v20 {
		all, ref = root.Get("definitions"), "#/definitions/"
	}
	if !all.Is(definition.Object) {
		return
	}
	for i := range all.Kids {
		k := &all.Kids[i]
		if !k.Is(definition.Object) && !k.Is(definition.Bool) {
			if !isExtension(k) {
				r.errorf(k, "bad-schema", "write a schema as an object", "schema %q is %s, not an object", clip(k.Key), article(k.Kind))
			}
			continue
		}
		if !strings.ContainsAny(k.Key, "%~") {
			r.found[refKey{r.entry.Number, "", ref + k.Key}] = k
		}
		r.nameAs(k, k.Key)
	}
}

// finishSchemas normalises what references lead to, which may add more.
func (r *reader) finishSchemas() {
	for len(r.pending) > 0 && r.ctx.Err() == nil {
		v := r.pending[len(r.pending)-1]
		r.pending = r.pending[:len(r.pending)-1]
		r.normalise(v, r.baseAround(v))
	}
	r.cutCircles()
	r.inheritance()
}

// name gives the schema that a reference leads to its place in the set, named
// by the end of the reference.
func (r *reader) name(target *value, ref string) string {
	if n, ok := r.names[target]; ok {
		return n
	}
	base := strings.TrimRight(ref, "#/")
	base = base[strings.LastIndexAny(base, "/#")+1:]
	if strings.Contains(ref, "#/") {
		base, _ = document.TokenNames(base)
	} else {
		for _, ext := range []string{".yaml", ".yml", ".json"} {
			base = strings.TrimSuffix(base, ext)
		}
	}
	return r.nameAs(target, base)
}

// nameAs gives a schema a name, with a number where it is taken.
func (r *reader) nameAs(target *value, base string) string {
	if base == "" {
		base = "schema"
	}
	name := base
	for r.def.Schemas[name] != nil {
		if r.taken[base] == 0 {
			r.taken[base] = 1
		}
		r.taken[base]++
		name = base + "_" + strconv.Itoa(r.taken[base])
	}
	r.names[target] = name
	r.def.Schemas[name] = target
	r.pending = append(r.pending, target)
	return name
}

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

// exclusive turns the boolean form of an exclusive bound into the number.
func (n *normaliser) exclusive(key, bound string) {
	kid := n.v.Get(key)
	if kid == nil || kid.Kind == definition.Number {
		return
	}
	if kid.Kind != definition.Bool {
		n.number(kid)
		return
	}
	on := kid.True()
	n.remove(kid)
	if b := n.v.Get(bound); on && b.Is(definition.Number) {
		b.Key = key
	}
}

// exampleToExamples puts "example" at the head of "examples".
func (n *normaliser) exampleToExamples() {
	one := n.v.Get("example")
	many := n.v.Get("examples")
	if many != nil && many.Kind != definition.Array {
		if many.Kind == definition.Object { // named, as a media type has them
			list := definition.NewArray()
			for i := range many.Kids {
				k := many.Kids[i]
				if x := k.Get("value"); x != nil && onlyKeys(&k, "value", "summary", "description") {
					k = *x
				}
				list.Kids = append(list.Kids, k.With(""))
			}
			list.Pos, list.File = many.Pos, many.File
			*many = list.With("examples")
		} else {
			n.remove(many)
			many = nil
		}
	}
	if one == nil {
		return
	}
	if many == nil {
		inner := *one
		*one = value{Key: "examples", Kind: definition.Array, Kids: []value{inner.With("")}, Pos: inner.Pos, File: inner.File}
		return
	}
	list := make([]value, 0, len(many.Kids)+1)
	many.Kids = append(append(list, one.With("")), many.Kids...)
	n.remove(one)
}

// makeNullable lets null in: by the type where there is one, else beside what
// the schema says.
func (n *normaliser) makeNullable() {
	v := n.v
	if enum := v.Get("enum"); enum.Is(definition.Array) {
		has := false
		for i := range enum.Kids {
			has = has || enum.Kids[i].Kind == definition.Null
		}
		if !has {
			kids := make([]value, 0, len(enum.Kids)+1)
			enum.Kids = append(append(kids, enum.Kids...), definition.NewNull())
		}
	}
	if t := v.Get("type"); t != nil {
		n.addNull(t)
		return
	}
	var inner, outer []value
	for i := range v.Kids {
		switch v.Kids[i].Key {
		case "title", "description", "readOnly", "writeOnly", "deprecated", "default", "examples", "xml":
			outer = append(outer, v.Kids[i])
		default:
			inner = append(inner, v.Kids[i])
		}
	}
	inner = append(inner, n.add...)
	n.add = nil
	if len(inner) == 0 { // anything goes, null too
		return
	}
	either := definition.NewArray(definition.NewObject(inner...), definition.NewObject(definition.NewString("null").With("type")))
	either.Kids[0].Flags |= definition.Normalised
	v.Kids = append(outer, either.With("anyOf"))
}

// addNull adds null to the types.
func (n *normaliser) addNull(t *value) {
	if t.Kind == definition.String {
		if t.Text == "null" {
			return
		}
		t.Kind, t.Kids, t.Text = definition.Array, []value{definition.NewString(t.Text)}, ""
	}
	for i := range t.Kids {
		if t.Kids[i].Text == "null" {
			return
		}
	}
	t.Kids = append(t.Kids[:len(t.Kids):len(t.Kids)], definition.NewString("null"))
}
