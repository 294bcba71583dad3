package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/pattern"
)

// manyProperties is the number of properties from which a map finds one faster
// than a walk.
const manyProperties = 12

// fill compiles v into c. The lock of the set is held.
func (s *Set) fill(c *Schema, v *value, env *scope) {
	if v.Kind == definition.Bool {
		c.never = !v.True()
		return
	}
	if v.Kind != definition.Object {
		return
	}
	for i := range v.Kids {
		s.keyword(c, &v.Kids[i], v, env)
	}
	if c.obj != nil && len(c.obj.properties) >= manyProperties {
		c.obj.index = make(map[string]int, len(c.obj.properties))
		for i := range c.obj.properties {
			c.obj.index[c.obj.properties[i].name] = i
		}
	}
}

func (c *Schema) number() *numberRules {
	if c.num == nil {
		c.num = &numberRules{}
	}
	return c.num
}

func (c *Schema) text() *stringRules {
	if c.str == nil {
		c.str = &stringRules{minLen: -1, maxLen: -1}
	}
	return c.str
}

func (c *Schema) array() *arrayRules {
	if c.arr == nil {
		c.arr = &arrayRules{minItems: -1, maxItems: -1, minContains: 1, maxContains: -1}
	}
	return c.arr
}

func (c *Schema) object() *objectRules {
	if c.obj == nil {
		c.obj = &objectRules{minProps: -1, maxProps: -1}
	}
	return c.obj
}

func (c *Schema) combined() *combined {
	if c.alt == nil {
		c.alt = &combined{}
	}
	return c.alt
}

func (c *Schema) notes() *annotations {
	if c.meta == nil {
		c.meta = &annotations{}
	}
	return c.meta
}

func (s *Set) keyword(c *Schema, k, v *value, env *scope) {
	sub := func() *Schema { return s.compile(k, env) }
	switch k.Key {
	case "$ref":
		c.ref = s.link(k.Str(), env)
	case "$dynamicRef":
		c.dyn = s.dynamicLink(k.Str(), env)
	case "type":
		if k.Kind == definition.Array {
			for i := range k.Kids {
				c.types |= typeByName(k.Kids[i].Str())
			}
		} else {
			c.types = typeByName(k.Str())
		}
	case "enum":
		if k.Kind == definition.Array && len(k.Kids) > 0 {
			c.enum = k.Kids
		}
	case "const":
		c.constant = k
	case "readOnly":
		c.readOnly = k.True()
	case "writeOnly":
		c.writeOnly = k.True()

	case "minimum":
		c.number().min = newBound(k)
	case "maximum":
		c.number().max = newBound(k)
	case "exclusiveMinimum":
		c.number().exMin = newBound(k)
	case "exclusiveMaximum":
		c.number().exMax = newBound(k)
	case "multipleOf":
		if b := newBound(k); b != nil && b.f > 0 {
			c.number().multipleOf = b
		}

	case "minLength":
		c.text().minLen = size(k)
	case "maxLength":
		c.text().maxLen = size(k)
	case "pattern":
		if p := s.pattern(k.Str()); p != nil {
			c.text().pattern, c.text().patternText = p, k.Text
		}
	case "format":
		if k.Kind == definition.String {
			c.text().format, c.number().format = k.Text, k.Text
			c.str.assert, c.num.assert = asserted(k.Text), asserted(k.Text)
		}

	case "prefixItems":
		c.array().prefix = s.list(k, env)
	case "items":
		c.array().items = sub()
	case "contains":
		c.array().contains = sub()
	case "minContains":
		if n := size(k); n >= 0 {
			c.array().minContains = n
		}
	case "maxContains":
		c.array().maxContains = size(k)
	case "minItems":
		c.array().minItems = size(k)
	case "maxItems":
		c.array().maxItems = size(k)
	case "uniqueItems":
		c.array().unique = k.True()
	case "unevaluatedItems":
		c.array().unevaluated = sub()

	case "properties":
		if k.Kind == definition.Object {
			o := c.object()
			o.properties = make([]property, len(k.Kids))
			for i := range k.Kids {
				o.properties[i] = property{k.Kids[i].Key, s.compile(&k.Kids[i], env)}
			}
		}
	case "patternProperties":
		if k.Kind == definition.Object {
			for i := range k.Kids {
				if p := s.pattern(k.Kids[i].Key); p != nil {
					c.object().patterns = append(c.object().patterns, patternProperty{k.Kids[i].Key, p, s.compile(&k.Kids[i], env)})
				}
			}
		}
	case "additionalProperties":
		c.object().additional = sub()
	case "propertyNames":
		c.object().names = sub()
	case "unevaluatedProperties":
		c.object().unevaluated = sub()
	case "required":
		c.object().required = texts(k)
	case "minProperties":
		c.object().minProps = size(k)
	case "maxProperties":
		c.object().maxProps = size(k)
	case "dependentRequired":
		if k.Kind == definition.Object {
			for i := range k.Kids {
				c.object().dependencies = append(c.object().dependencies, dependency{name: k.Kids[i].Key, required: texts(&k.Kids[i])})
			}
		}
	case "dependentSchemas":
		if k.Kind == definition.Object {
			for i := range k.Kids {
				c.object().dependencies = append(c.object().dependencies, dependency{name: k.Kids[i].Key, schema: s.compile(&k.Kids[i], env)})
			}
		}

	case "allOf":
		c.combined().allOf = s.list(k, env)
	case "anyOf":
		c.combined().anyOf = s.list(k, env)
	case "oneOf":
		c.combined().oneOf = s.list(k, env)
	case "not":
		c.combined().not = sub()
	case "if":
		c.combined().ifs = sub()
	case "then":
		c.combined().then = sub()
	case "else":
		c.combined().els = sub()

	case "title":
		c.notes().title = k.Str()
	case "description":
		c.notes().description = k.Str()
	case "deprecated":
		c.notes().deprecated = k.True()
	case "default":
		c.notes().defaultValue = k
	case "examples":
		if k.Kind == definition.Array && len(k.Kids) > 0 {
			c.notes().examples = k.Kids
		}
	case "x-faker":
		c.notes().faker = k
	case "xml":
		c.notes().xml = k
	case "contentMediaType":
		c.notes().mediaType = k.Str()
	case "contentEncoding":
		c.notes().encoding = k.Str()
	case "discriminator":
		s.discriminator(c, k, env)
	}
}

// asserted reports whether a format is checked. Others only annotate (2020-12
// Validation, 7.2.1): a document may mean anything by them.
func asserted(name string) bool {
	switch name {
	case "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
		"uri", "uri-reference", "iri", "iri-reference", "uri-template", "url", "uuid", "json-pointer", "relative-json-pointer", "regex",
		"byte", "int32", "int64", "float", "double":
		return true
	}
	return false
}

func (s *Set) discriminator(c *Schema, k *value, env *scope) {
	d := &discriminator{property: k.Get("propertyName").Str()}
	if d.property == "" {
		return
	}
	if m := k.Get("mapping"); m.Is(definition.Object) {
		for i := range m.Kids {
			d.mapping = append(d.mapping, mapped{m.Kids[i].Key, m.Kids[i].Text, &link{set: s, name: m.Kids[i].Text, env: env}})
		}
	}
	if f := k.Get("default"); f.Is(definition.String) {
		d.fallback = &link{set: s, name: f.Text, env: env}
	}
	c.notes().discriminator = d
}

func (s *Set) list(k *value, env *scope) []*Schema {
	if k.Kind != definition.Array || len(k.Kids) == 0 {
		return nil
	}
	out := make([]*Schema, len(k.Kids))
	for i := range k.Kids {
		out[i] = s.compile(&k.Kids[i], env)
	}
	return out
}

// pattern compiles a regular expression once; nil when it has none or it can't
// be read, as validators that must go on do.
func (s *Set) pattern(text string) *pattern.Pattern {
	if p, ok := s.patterns[text]; ok {
		return p
	}
	p, err := pattern.Compile(text)
	if err != nil {
		p = nil
	}
	s.patterns[text] = p
	return p
}

func texts(k *value) []string {
	if k.Kind != definition.Array {
		return nil
	}
	var out []string
	for i := range k.Kids {
		if k.Kids[i].Kind == definition.String {
			out = append(out, k.Kids[i].Text)
		}
	}
	return out
}
