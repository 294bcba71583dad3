package schema

import (
	"errors"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// satisfiable schemas of the kinds that real documents hold.
var satisfiable = []string{
	`{"type":"string","pattern":"^[A-Z]{3}-\\d{4}$"}`, `{"type":"string","minLength":40}`, `{"type":"string","maxLength":3}`, `{"type":"string","minLength":5,"maxLength":5}`,
	`{"type":"string","format":"date-time"}`, `{"type":"string","format":"uuid"}`, `{"type":"string","format":"email","maxLength":100}`, `{"type":"string","format":"uri"}`,
	`{"type":"string","enum":["b","a"]}`, `{"const":{"a":[1]}}`, `{"enum":[null,3]}`, `{"type":"string","enum":[1,"x"]}`,
	`{"type":"integer","minimum":5,"maximum":5}`, `{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":7}`, `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`,
	`{"type":"number","exclusiveMinimum":0.1,"exclusiveMaximum":0.11}`, `{"type":"integer","multipleOf":7,"minimum":50}`, `{"type":"number","multipleOf":0.01,"minimum":1.005}`, `{"type":"integer","multipleOf":0.5}`,
	`{"type":"integer","maximum":-10}`, `{"type":"number","minimum":1e18}`, `{"type":"integer","format":"int32","minimum":2147483647}`,
	`{"type":"array","items":{"type":"string"},"minItems":4,"uniqueItems":true}`, `{"type":"array","items":{"enum":["a","b","c"]},"uniqueItems":true,"minItems":3}`,
	`{"type":"array","contains":{"const":"x"},"minContains":2,"items":{"type":"string"}}`, `{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}`,
	`{"type":"array","prefixItems":[{"type":"integer"}],"minItems":3,"items":{"type":"boolean"}}`, `{"type":"array","maxItems":0}`, `{"type":"array","items":{"type":"boolean"},"uniqueItems":true}`,
	`{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"additionalProperties":false}`,
	`{"type":"object","required":["zzz"]}`, `{"type":"object","required":["zzz"],"additionalProperties":{"type":"integer"}}`, `{"type":"object","minProperties":3,"additionalProperties":{"type":"integer"}}`,
	`{"type":"object","properties":{"a":{},"b":{},"c":{}},"maxProperties":2,"required":["c"]}`, `{"type":"object","patternProperties":{"^x-[a-z]+$":{"type":"integer"}},"additionalProperties":false,"minProperties":2}`,
	`{"type":"object","propertyNames":{"pattern":"^[a-z]{2}_[A-Z]{2}$"},"additionalProperties":{"type":"string"},"minProperties":1}`,
	`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"dependentRequired":{"a":["b","c"]}}`, `{"type":"object","properties":{"a":{}},"dependentSchemas":{"a":{"required":["d"],"properties":{"d":{"type":"integer"}}}}}`,
	`{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}},{"properties":{"a":{"minLength":10},"b":{"type":"integer"}}}]}`,
	`{"allOf":[{"properties":{"a":{"enum":["x","y"]}}},{"properties":{"a":{"enum":["y","z"]}}}],"required":["a"]}`, `{"allOf":[{"type":"integer","minimum":3},{"maximum":4}]}`,
	`{"oneOf":[{"type":"integer"},{"type":"number"}]}`, `{"oneOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}`,
	`{"oneOf":[{"properties":{"k":{"const":"a"},"v":{"type":"integer"}},"required":["k"]},{"properties":{"k":{"const":"b"}},"required":["k"]}]}`,
	`{"oneOf":[{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"]},{"type":"object","properties":{"b":{"type":"string"},"c":{"type":"string"}}}]}`,
	`{"anyOf":[{"type":"string","minLength":3},{"type":"integer","minimum":10}]}`, `{"oneOf":[{"type":"null"},{"type":"string"}]}`,
	`{"not":{"type":"string"}}`, `{"type":"integer","not":{"enum":[1,2,3]},"minimum":1,"maximum":5}`, `{"type":"object","properties":{"a":{},"b":{}},"not":{"required":["b"]}}`, `{"type":"object","properties":{"a":{},"b":{}},"not":{"anyOf":[{"required":["a"]},{"required":["b"]}]}}`,
	`{"if":{"properties":{"c":{"const":"US"}},"required":["c"]},"then":{"properties":{"zip":{"type":"string","pattern":"^\\d{5}$"}},"required":["zip"]},"else":{"required":["post"]},"type":"object","properties":{"c":{"enum":["US","DE"]}},"required":["c"]}`,
	`{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"next":{"$ref":"#/$defs/node"},"kids":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}`,
	`{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","required":["next"],"properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}}}}}`,
	`{"properties":{"a":{"type":"integer"}},"allOf":[{"properties":{"b":{"type":"string"}}}],"unevaluatedProperties":false,"type":"object","required":["a","b"]}`,
	`{"type":["string","null"],"maxLength":4}`, `{"type":["array","object"],"items":{"type":"integer"}}`, `{"type":"string","contentEncoding":"base64","contentMediaType":"image/png"}`, `{"type":"string","contentMediaType":"application/json"}`,
	`{"oneOf":[{"$ref":"#/$defs/cat"},{"$ref":"#/$defs/dog"}],"discriminator":{"propertyName":"kind","mapping":{"C":"cat","D":"dog"}},"$defs":{"cat":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"},"lives":{"type":"integer"}}},"dog":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"}}}}}`,
	`{"type":"object","properties":{"country":{"type":"string","pattern":"^[A-Z]{2}$"},"currency":{"type":"string","maxLength":3}}}`, `{"type":"array","items":{"type":"integer"},"minItems":2500}`,
}

func TestGenerate_IsValidForEverySeedAndBothModes(t *testing.T) {
	t.Parallel()
	for _, text := range satisfiable {
		s, set := compileText(t, text)
		for seed := range uint64(40) {
			for _, dynamic := range []bool{false, true} {
				for _, dir := range []Direction{Request, Response} {
					v, ok, err := s.Generate(set, Options{Seed: seed, Dynamic: dynamic, Direction: dir, Name: "thing"})
					if err != nil || !ok || !s.Valid(&v, dir) {
						t.Errorf("schema %s, seed %d, dynamic %v: ok %v, error %v, valid %v: %.300s", text, seed, dynamic, ok, err, s.Valid(&v, dir), v.AppendJSON(nil))
						return
					}
				}
			}
		}
	}
}

func TestGenerate_SameSeedSameValue(t *testing.T) {
	t.Parallel()
	const text = `{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"price":{"type":"number"},"tags":{"type":"array","items":{"type":"string"}},"at":{"type":"string","format":"date-time"}}}`
	a, setA := compileText(t, text)
	b, setB := compileText(t, text)
	_, _, _ = b.Generate(setB, Options{Seed: 99}) // what was made before doesn't matter
	x, _, _ := a.Generate(setA, Options{Seed: 7})
	y, _, _ := b.Generate(setB, Options{Seed: 7})
	if string(x.AppendJSON(nil)) != string(y.AppendJSON(nil)) {
		t.Errorf("one seed gives two values:\n%s\n%s", x.AppendJSON(nil), y.AppendJSON(nil))
	}
	z, _, _ := a.Generate(setA, Options{Seed: 8})
	if string(x.AppendJSON(nil)) == string(z.AppendJSON(nil)) {
		t.Error("two seeds give one value")
	}
}

// TestGenerate_GoldenValue notices that values change: the same seed is to
// give the same value in every release of one minor version.
func TestGenerate_GoldenValue(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","properties":{"id":{"type":"integer"},"firstName":{"type":"string"},"email":{"type":"string","format":"email"},"country":{"type":"string"},"createdAt":{"type":"string","format":"date-time"},"code":{"type":"string","pattern":"^[A-Z]{2}\\d{2}$"}}}`)
	v, _, _ := s.Generate(set, Options{Seed: 1, Name: "user"})
	const want = `{"id":58474,"firstName":"Naomi","email":"naomi.simmons@example.net","country":"Austria","createdAt":"2025-05-27T16:30:25Z","code":"NG39"}`
	if got := string(v.AppendJSON(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGenerate_HasEveryOptionalPropertyToDepthSix(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","required":["r"],"properties":{"r":{"type":"integer"},"o":{"type":"string"},"next":{"$ref":"#/$defs/n"}}}}}`)
	v, ok, err := s.Generate(set, Options{Seed: 1})
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	depth := 0
	for at := &v; at != nil; at = at.Get("next") {
		depth++
		if at.Get("r") == nil {
			t.Errorf("depth %d lacks the required property", depth)
		}
		if at.Get("o") == nil && depth <= 6 {
			t.Errorf("depth %d lacks the optional property", depth)
		}
	}
	if depth != 7 { // the sixth has "next", the seventh only what is required
		t.Errorf("the value is nested %d deep, want 7", depth)
	}
}

func TestGenerate_ArraysHaveOneToThreeItemsAndOneToFiveWhenDynamic(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"array","items":{"type":"integer"}}`)
	seen := map[bool]map[int]bool{false: {}, true: {}}
	for seed := range uint64(200) {
		for _, dynamic := range []bool{false, true} {
			v, _, _ := s.Generate(set, Options{Seed: seed, Dynamic: dynamic})
			seen[dynamic][len(v.Kids)] = true
		}
	}
	if len(seen[false]) != 3 || !seen[false][1] || !seen[false][3] {
		t.Errorf("static lengths: %v, want 1 to 3", seen[false])
	}
	if len(seen[true]) != 5 || !seen[true][1] || !seen[true][5] {
		t.Errorf("dynamic lengths: %v, want 1 to 5", seen[true])
	}
}

func TestGenerate_ExamplesAndDefaultsComeFirstInStaticAnswers(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","properties":{"a":{"type":"string","examples":["shown"]},"b":{"type":"string","default":"usual"},"c":{"type":"integer","examples":["bad",5]},"d":{"type":"integer","examples":["bad"]}}}`)
	v, ok, _ := s.Generate(set, Options{Seed: 3})
	if !ok || v.Get("a").Str() != "shown" || v.Get("b").Str() != "usual" || v.Get("c").Text != "5" || !v.Get("d").Is(definition.Number) {
		t.Errorf("got %s", v.AppendJSON(nil))
	}
}

func TestGenerate_AnExampleOfAnObjectIsCompleted(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","examples":[{"a":"shown"}],"properties":{"a":{"type":"string"},"b":{"type":"integer"}}}`)
	v, _, _ := s.Generate(set, Options{Seed: 3})
	if v.Get("a").Str() != "shown" || !v.Get("b").Is(definition.Number) {
		t.Errorf("got %s", v.AppendJSON(nil))
	}
}

func TestGenerate_ACountIsTheLengthOfTheListBesideIt(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","properties":{"total_count":{"type":"integer"},"items":{"type":"array","items":{"type":"string"}}}}`)
	for seed := range uint64(20) {
		v, _, _ := s.Generate(set, Options{Seed: seed})
		if n, _ := v.Get("total_count").Int(); n != v.Get("items").Len() {
			t.Errorf("seed %d: %s", seed, v.AppendJSON(nil))
		}
	}
}

func TestGenerate_AListOfChoicesNamesEachOnce(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"array","items":{"enum":["read","write"]}}`)
	for seed := range uint64(30) {
		for _, dynamic := range []bool{false, true} {
			v, _, _ := s.Generate(set, Options{Seed: seed, Dynamic: dynamic})
			if len(v.Kids) == 0 || len(v.Kids) > 2 || len(v.Kids) == 2 && v.Kids[0].Text == v.Kids[1].Text {
				t.Errorf("seed %d: %s", seed, v.AppendJSON(nil))
			}
		}
	}
}

func TestGenerate_HiddenPropertiesStayAway(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","required":["id","password"],"properties":{"id":{"type":"integer","readOnly":true},"password":{"type":"string","writeOnly":true}}}`)
	in, _, _ := s.Generate(set, Options{Direction: Request})
	out, _, _ := s.Generate(set, Options{Direction: Response})
	if in.Has("id") || !in.Has("password") || out.Has("password") || !out.Has("id") {
		t.Errorf("request %s, response %s", in.AppendJSON(nil), out.AppendJSON(nil))
	}
}

func TestGenerate_TooComplexIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"type":"array","items":{},"minItems":3000}`, `{"type":"object","minProperties":1000000000}`, `{"type":"array","minItems":1000000000}`} {
		s, set := compileText(t, text)
		if _, _, err := s.Generate(set, Options{}); !errors.Is(err, ErrTooComplex) {
			t.Errorf("%s: error %v, want ErrTooComplex", text, err)
		}
	}
}

func TestGenerate_WhatCannotBeSatisfiedStillEnds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"allOf":[{"type":"string"},{"type":"integer"}]}`, `{"type":"string","pattern":"^a$","minLength":5}`, `{"not":{}}`, `{"enum":[1],"type":"string"}`, `{"required":["x"],"additionalProperties":false}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/a"}}}}}`,
		`{"type":"integer","minimum":5,"maximum":4}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","required":["x","y","z"],"properties":{"x":{"$ref":"#/$defs/a"},"y":{"$ref":"#/$defs/a"},"z":{"$ref":"#/$defs/a"}}}}}`,
		`{"$ref":"#/$defs/a","$defs":{"a":{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}}}`, `{"type":"array","minItems":2000,"items":{"type":"array","minItems":2000,"items":{"type":"array","minItems":2000}}}`,
	} {
		s, set := compileText(t, text)
		if _, ok, err := s.Generate(set, Options{}); ok && err == nil {
			t.Errorf("%s: a value was found", text)
		}
	}
}

func TestGenerate_FakerMethodsAreUnderstood(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","properties":{"x":{"type":"string","x-faker":"internet.email"},"y":{"type":"integer","x-faker":{"datatype.number":{"min":40,"max":42}}},"z":{"type":"string","x-faker":"no.such"}}}`)
	v, ok, _ := s.Generate(set, Options{Seed: 2})
	if n, _ := v.Get("y").Int(); !ok || !strings.Contains(v.Get("x").Str(), "@") || n < 40 || n > 42 || v.Get("z").Str() == "" {
		t.Errorf("got %s", v.AppendJSON(nil))
	}
}

func TestGenerate_SettingsOfTheDocumentAreFollowed(t *testing.T) {
	t.Parallel()
	s, set := compileText(t, `{"type":"object","required":["list"],"properties":{"list":{"type":"array","items":{"type":"string"}},"opt":{"type":"string"},"d":{"type":"string","default":"usual"},"t":{"type":"string"}}}`)
	f := Faker{MinItems: 4, MaxItems: 4, Optionals: 100, UseDefaults: true, MinLength: 30, MaxLength: 40}
	v, _, _ := s.Generate(set, Options{Dynamic: true, Seed: 5, Faker: &f})
	if v.Get("list").Len() != 4 || v.Get("d").Str() != "usual" || len(v.Get("t").Str()) < 30 || len(v.Get("t").Str()) > 40 {
		t.Errorf("got %s", v.AppendJSON(nil))
	}
	f = Faker{Optionals: 0}
	if v, _, _ := s.Generate(set, Options{Dynamic: true, Seed: 5, Faker: &f}); v.Has("opt") || !v.Has("list") {
		t.Errorf("without optional properties: %s", v.AppendJSON(nil))
	}
	m, set := compileText(t, `{"type":"object","additionalProperties":{"type":"integer"}}`)
	full, empty := DefaultFaker, DefaultFaker
	empty.Fill = false
	a, _, _ := m.Generate(set, Options{Faker: &full})
	b, _, _ := m.Generate(set, Options{Faker: &empty})
	if a.Len() != 2 || b.Len() != 0 {
		t.Errorf("a map: filled %s, not filled %s", a.AppendJSON(nil), b.AppendJSON(nil))
	}
}

func TestSampleBytes_AreOfTheirType(t *testing.T) {
	t.Parallel()
	magic := map[string]string{"image/png": "\x89PNG\r\n\x1a\n", "image/jpeg": "\xff\xd8\xff", "image/gif": "GIF8", "image/webp": "RIFF", "application/pdf": "%PDF-", "application/zip": "PK\x03\x04", "application/gzip": "\x1f\x8b", "audio/wav": "RIFF", "image/bmp": "BM"}
	for typ, want := range magic {
		b, ok := SampleBytes(typ)
		if !ok || !strings.HasPrefix(string(b), want) {
			t.Errorf("%s: ok %v, begins with %q", typ, ok, b[:min(len(b), 8)])
		}
	}
	if _, ok := SampleBytes("application/x-unheard-of"); ok {
		t.Error("a sample of a type that nobody knows")
	}
}

// FuzzGenerate generates from any schema: what is called valid is valid, and
// it ends.
func FuzzGenerate(f *testing.F) {
	for _, s := range satisfiable {
		f.Add(s, uint64(1))
	}
	for _, s := range schemas {
		f.Add(s, uint64(2))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		sv, err := document.ParseJSON(text, 0, document.Limits{Depth: 100})
		if err != nil || len(text) > 4096 {
			return
		}
		set := NewSet(map[string]*value{"a": &sv})
		s := set.Compile(&sv)
		v, ok, err := s.Generate(set, Options{Seed: seed, Dynamic: seed%2 == 1, Direction: Response})
		if err == nil && ok && !s.Valid(&v, Response) {
			t.Errorf("schema %s, seed %d: called valid and is not: %.500s", text, seed, v.AppendJSON(nil))
		}
	})
}

func BenchmarkValid_OrderOfTwentyFields(b *testing.B) {
	s, set := compileText(b, `{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"lines":{"type":"array","items":{"type":"object","required":["sku"],"properties":{"sku":{"type":"string","pattern":"^[A-Z]+"},"quantity":{"type":"integer","minimum":1}}}},"email":{"type":"string","format":"email"},"at":{"type":"string","format":"date-time"}}}`)
	v, _, _ := s.Generate(set, Options{Seed: 1})
	b.ReportAllocs()
	for b.Loop() {
		if !s.Valid(&v, Request) {
			b.Fatal("invalid")
		}
	}
}
