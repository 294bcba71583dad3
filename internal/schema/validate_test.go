package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// parse reads a JSON text of a test.
func parse(t testing.TB, text string) *value {
	t.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &v
}

// compileText compiles a schema whose "$defs" are the reusable ones.
func compileText(t testing.TB, text string) (*Schema, *Set) {
	t.Helper()
	v := parse(t, text)
	defs := map[string]*value{}
	if d := v.Get("$defs"); d != nil {
		for i := range d.Kids {
			defs[d.Kids[i].Key] = &d.Kids[i]
		}
	}
	set := NewSet(defs)
	s := set.Compile(v)
	return s, set
}

// schemas use every keyword, alone and with others.
var schemas = []string{
	`{}`, `true`, `false`, `{"not":{}}`,
	`{"type":"null"}`, `{"type":"boolean"}`, `{"type":"object"}`, `{"type":"array"}`, `{"type":"number"}`, `{"type":"string"}`, `{"type":"integer"}`,
	`{"type":["string","null"]}`, `{"type":["integer","boolean"]}`, `{"type":["number","array"]}`,
	`{"enum":[1,"a",null,[1,2],{"a":1}]}`, `{"enum":[0,false,""]}`, `{"const":{"a":1,"b":[2]}}`, `{"const":1.0}`, `{"const":null}`,
	`{"minimum":1}`, `{"maximum":3.5}`, `{"exclusiveMinimum":1}`, `{"exclusiveMaximum":3}`, `{"minimum":1,"exclusiveMaximum":2}`,
	`{"minimum":9007199254740993}`, `{"maximum":-2}`,
	`{"multipleOf":2}`, `{"multipleOf":0.01}`, `{"multipleOf":0.5,"type":"integer"}`, `{"multipleOf":1.5}`, `{"multipleOf":1e-3}`,
	`{"minLength":2}`, `{"maxLength":2}`, `{"minLength":1,"maxLength":3}`, `{"pattern":"^a"}`, `{"pattern":"b$"}`, `{"pattern":"[0-9]{2}"}`, `{"pattern":"^(?!foo)"}`,
	`{"minItems":1}`, `{"maxItems":2}`, `{"uniqueItems":true}`, `{"items":{"type":"integer"}}`, `{"items":false}`,
	`{"prefixItems":[{"type":"integer"},{"type":"string"}]}`, `{"prefixItems":[{"type":"integer"}],"items":false}`, `{"prefixItems":[{"const":1}],"items":{"type":"string"}}`,
	`{"contains":{"type":"integer"}}`, `{"contains":{"const":1},"minContains":2}`, `{"contains":{"type":"string"},"minContains":0,"maxContains":1}`, `{"contains":{"type":"integer"},"maxContains":1}`,
	`{"properties":{"a":{"type":"integer"},"b":{"type":"string"}}}`, `{"properties":{"a":false}}`, `{"required":["a"]}`, `{"required":["a","b"]}`,
	`{"properties":{"a":{}},"additionalProperties":false}`, `{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}`, `{"additionalProperties":{"type":"string"}}`,
	`{"patternProperties":{"^a":{"type":"integer"},"b$":{"minimum":2}}}`, `{"patternProperties":{"^x-":{}},"properties":{"a":{}},"additionalProperties":false}`,
	`{"propertyNames":{"maxLength":1}}`, `{"propertyNames":{"pattern":"^[a-c]$"}}`, `{"propertyNames":false}`,
	`{"minProperties":1}`, `{"maxProperties":1}`, `{"minProperties":2,"maxProperties":2}`,
	`{"dependentRequired":{"a":["b"]}}`, `{"dependentSchemas":{"a":{"required":["c"]}}}`, `{"dependentSchemas":{"a":false}}`,
	`{"allOf":[{"type":"integer"},{"minimum":2}]}`, `{"anyOf":[{"type":"string"},{"minimum":2}]}`, `{"oneOf":[{"type":"integer"},{"minimum":2}]}`,
	`{"oneOf":[{"required":["a"]},{"required":["b"]}]}`, `{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"anyOf":[false,{"const":"a"}]}`,
	`{"not":{"type":"string"}}`, `{"not":{"required":["a"]}}`, `{"not":{"enum":[1,2,3]}}`, `{"allOf":[{"not":{"const":1}},{"not":{"const":2}}]}`,
	`{"if":{"type":"integer"},"then":{"minimum":2},"else":{"type":"string"}}`, `{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"required":["b"]}}`,
	`{"if":{"const":1},"else":{"const":2}}`, `{"then":{"const":1}}`,
	`{"$ref":"#/$defs/p","$defs":{"p":{"type":"integer","minimum":2}}}`, `{"$ref":"#/$defs/p","maximum":3,"$defs":{"p":{"minimum":2}}}`,
	`{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"a":{"$ref":"#/$defs/tree"},"b":{"type":"array","items":{"$ref":"#/$defs/tree"}}}}}}`,
	`{"$ref":"#/$defs/list","$defs":{"list":{"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#/$defs/list"}}]}}}`,
	`{"properties":{"a":{}},"unevaluatedProperties":false}`, `{"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false}`,
	`{"anyOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}],"unevaluatedProperties":false}`,
	`{"oneOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{}}}],"unevaluatedProperties":{"type":"string"}}`,
	`{"if":{"required":["a"],"properties":{"a":{}}},"then":{"properties":{"b":{}}},"else":{"properties":{"c":{}}},"unevaluatedProperties":false}`,
	`{"$ref":"#/$defs/base","properties":{"b":{}},"unevaluatedProperties":false,"$defs":{"base":{"properties":{"a":{}}}}}`,
	`{"patternProperties":{"^a":{}},"unevaluatedProperties":false}`, `{"dependentSchemas":{"a":{"properties":{"b":{}}}},"properties":{"a":{}},"unevaluatedProperties":false}`,
	`{"prefixItems":[{}],"unevaluatedItems":false}`, `{"allOf":[{"prefixItems":[{},{}]}],"unevaluatedItems":false}`, `{"contains":{"type":"string"},"unevaluatedItems":{"type":"integer"}}`,
	`{"items":{"type":"array","items":{"type":"integer"},"minItems":1}}`, `{"type":"object","properties":{"a":{"type":"object","required":["b"],"properties":{"b":{"type":"string"}}}},"required":["a"]}`,
	`{"type":"object","additionalProperties":{"type":"object","additionalProperties":false,"properties":{"a":{}}}}`,
	`{"not":{"anyOf":[{"type":"string"},{"type":"integer"}]}}`, `{"anyOf":[{"allOf":[{"minimum":1},{"maximum":2}]},{"type":"array","uniqueItems":true,"minItems":2}]}`,
	`{"format":"date-time"}`, `{"format":"date"}`, `{"format":"email"}`, `{"format":"uuid"}`, `{"format":"ipv4"}`, `{"format":"uri"}`,
}

// instances are tried against each of the schemas.
var instances = []string{
	`null`, `true`, `false`, `0`, `1`, `2`, `3`, `-1`, `-2`, `-3`, `1.0`, `2.0`, `1.5`, `3.5`, `4`, `0.1`, `0.3`, `0.015`, `1e2`, `1e-3`, `9007199254740992`, `9007199254740993`, `9007199254740994`, `12345678901234567890`,
	`""`, `"a"`, `"b"`, `"ab"`, `"abc"`, `"foo"`, `"foobar"`, `"12"`, `"é"`, `"éé"`, `"日本語"`, `"😀"`, `"😀😀"`, `"a\nb"`,
	`"2024-02-29"`, `"2023-02-29"`, `"2024-01-01T00:00:00Z"`, `"2024-01-01 00:00:00"`, `"x@example.com"`, `"x@"`, `"3f8a1c2e-5b6d-4e7f-8a9b-1c2d3e4f5a60"`, `"127.0.0.1"`, `"256.0.0.1"`, `"https://example.com/a?b#c"`, `"not a uri"`,
	`[]`, `[1]`, `[1,2]`, `[1,1]`, `[1,1.0]`, `[1,true]`, `[1,"a"]`, `["a"]`, `["a","a"]`, `["a","b","c"]`, `[null]`, `[[1],[1]]`, `[[1],[2]]`, `[{"a":1,"b":2},{"b":2,"a":1}]`, `[{}]`, `[{"a":1}]`, `[[]]`, `[[1,[2,["x"]]]]`, `[1,2,3]`, `[1,"a",2]`, `[1,2,"x","y"]`,
	`{}`, `{"a":1}`, `{"a":1.0}`, `{"a":2}`, `{"a":"x"}`, `{"a":null}`, `{"b":1}`, `{"b":"x"}`, `{"c":1}`, `{"a":1,"b":1}`, `{"a":1,"b":"x"}`, `{"a":1,"c":2}`, `{"b":1,"c":2}`, `{"a":1,"b":[2]}`, `{"b":[2],"a":1}`, `{"ab":1}`, `{"ab":"x"}`, `{"x-y":1,"a":2}`, `{"x-y":1,"z":2}`,
	`{"a":{}}`, `{"a":{"b":"x"}}`, `{"a":{"b":1}}`, `{"a":{"a":{"a":1}}}`, `{"b":[{},{"b":[1]}]}`, `{"a":1,"b":2,"c":3}`, `{"long":1}`, `{"k":{"a":1}}`, `{"k":{"z":1}}`,
}

// TestValid_AgreesWithAnotherValidator compares every verdict with a
// well-kept validator: ours must not be an opinion of its own.
func TestValid_AgreesWithAnotherValidator(t *testing.T) {
	t.Parallel()
	for _, text := range schemas {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "(?!") {
			c.UseRegexpEngine(lookahead)
		}
		if err := c.AddResource("mem:///s", doc); err != nil {
			t.Fatal(err)
		}
		oracle, err := c.Compile("mem:///s")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		s, _ := compileText(t, text)
		for _, in := range instances {
			x, err := jsonschema.UnmarshalJSON(strings.NewReader(in))
			if err != nil {
				t.Fatal(err)
			}
			v := parse(t, in)
			want := oracle.Validate(x) == nil
			if got := s.Valid(v, Neither); got != want {
				t.Errorf("schema %s, value %s: valid is %v, another validator says %v", text, in, got, want)
			}
			if found := s.Validate(v, Neither, 0); (len(found) == 0) != want {
				t.Errorf("schema %s, value %s: %d violations told, valid is %v", text, in, len(found), want)
			}
		}
	}
}

type negativeLookahead struct{}

func (negativeLookahead) MatchString(s string) bool { return !strings.HasPrefix(s, "foo") }
func (negativeLookahead) String() string            { return "^(?!foo)" }

// lookahead stands in for the one expression of the table that the other
// validator's engine can't read.
func lookahead(string) (jsonschema.Regexp, error) { return negativeLookahead{}, nil }

func TestValidate_TellsPlaceKeywordAndMessage(t *testing.T) {
	t.Parallel()
	cases := []struct{ schema, value, want string }{
		{`{"required":["id"],"properties":{"status":{"enum":["open","close"]}}}`, `{"status":"x"}`,
			` required must have required property 'id'|/status enum must be equal to one of the allowed values: open, close`},
		{`{"properties":{"id":{"exclusiveMinimum":100}}}`, `{"id":100}`, `/id exclusiveMinimum must be > 100`},
		{`{"properties":{"b":{"type":"integer"},"a":{"type":"integer"}}}`, `{"a":"x","b":"y"}`, `/b type must be integer|/a type must be integer`},
		{`{"items":{"minLength":2}}`, `["a","bb","c"]`, `/0 minLength must NOT have fewer than 2 characters|/2 minLength must NOT have fewer than 2 characters`},
		{`{"additionalProperties":false,"properties":{"a":{}}}`, `{"a":1,"b":2}`, ` additionalProperties must NOT have additional properties; found 'b'`},
		{`{"contains":{"enum":["a"]},"minContains":2}`, `["a","b"]`, `/1 enum must be equal to one of the allowed values: a| contains must contain at least 2 valid item(s)`},
		{`{"oneOf":[{"type":"integer"},{"minimum":1}]}`, `3`, ` oneOf must match exactly one schema in oneOf`},
		{`{"type":["integer","null"]}`, `"x"`, ` type must be null,integer`},
		{`{"properties":{"a/b~c":{"type":"string"}}}`, `{"a/b~c":1}`, `/a~1b~0c type must be string`},
		{`{"uniqueItems":true}`, `[1,2,1]`, ` uniqueItems must NOT have duplicate items (items ## 0 and 2 are identical)`},
	}
	for _, c := range cases {
		s, _ := compileText(t, c.schema)
		var got []string
		for _, v := range s.Validate(parse(t, c.value), Neither, 0) {
			got = append(got, v.Pointer()+" "+v.Keyword+" "+v.Message)
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("schema %s, value %s:\n got %s\nwant %s", c.schema, c.value, g, c.want)
		}
	}
}

func TestValid_DirectionExcusesWhatDoesNotTravel(t *testing.T) {
	t.Parallel()
	const text = `{"allOf":[{"$ref":"#/$defs/base"},{"required":["id","secret","name"]}],
		"$defs":{"base":{"properties":{"id":{"readOnly":true},"secret":{"writeOnly":true},"name":{}}}}}`
	s, _ := compileText(t, text)
	cases := []struct {
		value                string
		request, answer, any bool
	}{
		{`{"secret":1,"name":1}`, true, false, false},
		{`{"id":1,"name":1}`, false, true, false},
		{`{"id":1,"secret":1,"name":1}`, true, true, true},
		{`{"name":1}`, false, false, false},
	}
	for _, c := range cases {
		v := parse(t, c.value)
		if s.Valid(v, Request) != c.request || s.Valid(v, Response) != c.answer || s.Valid(v, Neither) != c.any {
			t.Errorf("%s: request %v, response %v, neither %v; want %v, %v, %v", c.value,
				s.Valid(v, Request), s.Valid(v, Response), s.Valid(v, Neither), c.request, c.answer, c.any)
		}
	}
}

func TestValid_DynamicReferenceFindsTheOutermostAnchor(t *testing.T) {
	t.Parallel()
	_, set := compileText(t, `{"$defs":{
		"page":{"properties":{"items":{"type":"array","items":{"$dynamicRef":"#/$defs/any"}}}},
		"any":{"$dynamicAnchor":"item"},
		"strings":{"$defs":{"x":{"$dynamicAnchor":"item","type":"string"}},"$ref":"#/$defs/page"}}}`)
	s := set.Compile(parse(t, `{"$ref":"#/$defs/strings"}`))
	if !s.Valid(parse(t, `{"items":["a"]}`), Neither) || s.Valid(parse(t, `{"items":[1]}`), Neither) {
		t.Error("the item of the page is not that of the schema which the page was entered from")
	}
}

func TestValid_ABaseWhoseAlternativesIncludeTheBase(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"$ref":"#/$defs/pet","$defs":{
		"pet":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"}},"oneOf":[{"$ref":"#/$defs/dog"},{"$ref":"#/$defs/cat"}],"discriminator":{"propertyName":"kind"}},
		"dog":{"allOf":[{"$ref":"#/$defs/pet"},{"required":["bark"],"properties":{"bark":{"type":"boolean"}}}]},
		"cat":{"allOf":[{"$ref":"#/$defs/pet"},{"required":["lives"],"properties":{"lives":{"type":"integer"}}}]}}}`)
	for text, want := range map[string]bool{`{"kind":"dog","bark":true}`: true, `{"kind":"cat","lives":9}`: true, `{"bark":true}`: false, `{"kind":"dog"}`: false, `{"kind":"dog","bark":1}`: false} {
		if got := s.Valid(parse(t, text), Request); got != want {
			t.Errorf("%s: valid %v, want %v", text, got, want)
		}
	}
	if v, ok, err := s.Generate(set, Options{Direction: Response}); !ok || err != nil || !v.Has("kind") {
		t.Errorf("generated %s, %v, %v", v.AppendJSON(nil), ok, err)
	}
}

func TestValid_AlternativesThatShareTheirPartsAreCheckedOnce(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"$ref":"#/$defs/l0","$defs":{`)
	for i := range 60 {
		fmt.Fprintf(&b, `"l%d":{"anyOf":[{"$ref":"#/$defs/l%d"},{"$ref":"#/$defs/l%d"}]},`, i, i+1, i+1)
	}
	b.WriteString(`"l60":{"type":"integer"}}}`)
	s, _ := compileText(t, b.String())
	if c := (checker{}); c.check(s, parse(t, `"x"`), s, 0) || c.steps > 10*manySteps {
		t.Errorf("%d steps", c.steps)
	}
}

func TestValid_DiscriminatorLetsOtherBranchesFitToo(t *testing.T) {
	t.Parallel()
	s, _ := compileText(t, `{"oneOf":[{"$ref":"#/$defs/cat"},{"$ref":"#/$defs/dog"}],
		"discriminator":{"propertyName":"kind"},
		"$defs":{"cat":{"properties":{"kind":{"type":"string"}}},"dog":{"properties":{"kind":{"type":"string"}}}}}`)
	if !s.Valid(parse(t, `{"kind":"cat"}`), Neither) {
		t.Error("a value that fits two branches is refused although the discriminator tells them apart")
	}
}

func TestFromText_TakesTheTypeThatIsAskedFor(t *testing.T) {
	t.Parallel()
	cases := []struct{ schema, text, want string }{
		{`{"type":"integer"}`, "12", `12`}, {`{"type":"integer"}`, "x", `"x"`}, {`{"type":"integer"}`, "012", `"012"`}, {`{"type":"number"}`, "1e3", `1e3`},
		{`{"type":"boolean"}`, "true", `true`}, {`{"type":"boolean"}`, "1", `"1"`}, {`{"type":"string"}`, "12", `"12"`}, {`{}`, "12", `"12"`},
		{`{"type":["integer","null"]}`, "null", `null`}, {`{"anyOf":[{"type":"integer","maximum":10},{"type":"string"}]}`, "12", `"12"`},
		{`{"anyOf":[{"type":"integer"},{"type":"string"}]}`, "12", `12`}, {`{"enum":[1,2]}`, "2", `2`}, {`{"allOf":[{"type":"number"}]}`, "-0.5", `-0.5`},
		{`{"type":["string","integer"]}`, "5", `"5"`},
	}
	for _, c := range cases {
		s, _ := compileText(t, c.schema)
		v := s.FromText(c.text)
		if got := string(v.AppendJSON(nil)); got != c.want {
			t.Errorf("schema %s, text %q: got %s, want %s", c.schema, c.text, got, c.want)
		}
	}
}

func TestUniqueItems_ManyItemsAreComparedByValue(t *testing.T) {
	t.Parallel()
	s, _ := compileText(t, `{"uniqueItems":true}`)
	list := definition.NewArray()
	for i := range 100 {
		list.Kids = append(list.Kids, definition.NewInt(int64(i)))
	}
	if !s.Valid(&list, Neither) {
		t.Error("a hundred different numbers are refused")
	}
	list.Kids[99].Text = "7.0"
	if s.Valid(&list, Neither) {
		t.Error("7.0 beside 7 is accepted")
	}
}

func FuzzValidate(f *testing.F) {
	for i, s := range schemas {
		f.Add(s, instances[i%len(instances)])
	}
	f.Fuzz(func(t *testing.T, schemaText, valueText string) {
		sv, err := document.ParseJSON(schemaText, 0, document.Limits{Depth: 100})
		if err != nil {
			return
		}
		v, err := document.ParseJSON(valueText, 0, document.Limits{Depth: 100})
		if err != nil {
			return
		}
		s := NewSet(map[string]*value{"a": &sv}).Compile(&sv)
		if valid, told := s.Valid(&v, Request), len(s.Validate(&v, Request, 0)); valid != (told == 0) {
			t.Errorf("valid is %v, %d violations are told", valid, told)
		}
		if !json.Valid(v.AppendJSON(nil)) {
			t.Error("a value that was read is not written as JSON")
		}
	})
}
