package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// FuzzTemplate: nothing panics, the output is bounded, and a text that is JSON
// with a plain value in each hole is JSON with every other value too.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{
		`{"id": {{$randomInt}}, "name": "{{$randomFirstName}}", "on": {{$isoTimestamp}}, "b": {{$randomBoolean}}}`,
		`{"a":[{{v}},{{w}}],"b":"{{v}}\"{{w}}", {{v}} : 1{{w}}, "{{v}}":{{v}}{{w}}}`,
		`{"x":{{$body 'a.0' 'f'}},"y":"{{$body \"a\"}}","z":{{$queryParams}},"h":"{{$headers}}","p":{{$pathSegments '0'}}}`,
		`[{{v}}, {{x}}]`, `{ {{v}}, "a": {{x}} }`, `{{v}}`, `"{{v}}"`, `{{{v}}}`, `{{$body '}}`, `{{$`, `{{ {{v}} }}`,
	} {
		f.Add(text, `{"k": {{w}}}`, `a"b\`, `{"a":["x"]}`)
		f.Add(text, `"k": "{{w}}"`, `{"n":1}`, `a=1&b=2`)
		f.Add(text, `{{w}}1, 2`, "\xff\x00\n", ``)
		f.Add(text, `{{v}}`, `1`, `"q"`)
	}
	f.Fuzz(func(t *testing.T, text, variable, captured, body string) {
		lookup := lookupIn(map[string]string{"v": variable, "x": "{{v}}{{w}}", "y": "{{x}}{{x}}{{x}}"})
		in := input()
		in.Captured = func(string) (string, bool) { return captured, true }
		in.Body = func() []byte { return []byte(body) }
		in.Limit = 10_000
		for _, isJSON := range []bool{false, true} {
			tmpl, problems := Parse(text, Options{JSON: isJSON, Lookup: lookup})
			got := tmpl.Append(nil, in)
			if most := max(in.Limit, tmpl.fixed+6*len(tmpl.pieces)); len(got) > most {
				t.Errorf("%d bytes, want at most %d", len(got), most)
			}
			if again := tmpl.Append(nil, in); string(again) != string(got) {
				t.Error("the same input gave other bytes")
			}
			if strings.ContainsAny(string(tmpl.AppendHeader(nil, in)), "\r\n\x00") {
				t.Error("a header has control characters")
			}
			if isJSON && len(problems) == 0 && json.Valid(skeleton(text, "")) && !json.Valid(got) {
				t.Errorf("broken JSON\ntext     %s\nvariable %s\ngot      %s", text, variable, got)
			}
		}
		Resolve(text, lookup)
	})
}

// The property that FuzzTemplate looks for, over every combination of forms and
// values that are likely to break it.
func TestAppend_JSON_AnyValueAnywhere_IsJSON(t *testing.T) {
	t.Parallel()
	forms := []string{
		`{"a":%s}`, `{"a":"%s"}`, `{"a":"x\\%s"}`, `[%s,1]`, `[1,%s ]`, `{%s:1}`, `{ %s : [%[1]s, "%[1]s", {%[1]s:%[1]s}]}`,
		`{"a":1%s}`, `{"a":%s%[1]s}`, `{"a":%sx}`, `%s`, ` %s `, `"%s"`, `{"%s":1}`, `{"a":-%s.%[1]s}`, `{"a":true%s,"b":[]}`,
	}
	holes := []string{"{{c}}", "{{v}}", "{{ v }}", "{{outer}}", "{{$body}}", "{{$body 'a'}}", "{{$body 'q' '\"'}}", "{{$headers}}", "{{$randomLoremLines}}", "{{$randomPrice}}"}
	values := []string{
		"", " ", "0", "12", "-0.5e3", "007", "1.", "true", "tru", "null", `"`, `""`, `"q"`, `"q`, `\`, `\u12`, "{", "}", "{}", "[]", "[1,",
		`{"a":1}`, `"k":1`, `"k":1,`, "1,2", "1,", ",", ":", "a:b", "\n", "\x00", "\xff", "\"\xff\"", "é\u2028", "{{", "}}", "{{c}}", `"{{c}}"`, `{"a":{{c}}}`,
		`{ {{c}}:1}`, "{{c}}{{c}}", "x{{c}}", `"a":{{c}}`, `{{c}},{{c}}`, `{{nobody`, `"\{{c}}"`,
	}
	for _, form := range forms {
		for _, h := range holes {
			text := fmt.Sprintf(form, h)
			if strings.Contains(text, "%!(EXTRA") || !json.Valid(skeleton(text, "")) {
				t.Fatalf("%s is no form", text)
			}
			for _, v := range values {
				lookup := lookupIn(map[string]string{"v": v, "outer": "{{v}}"})
				tmpl, problems := Parse(text, Options{JSON: true, Lookup: lookup})
				if len(problems) > 0 {
					t.Fatalf("%s: %v", text, problems)
				}
				for _, c := range values {
					in := input()
					in.Captured = func(string) (string, bool) { return c, true }
					in.Body = func() []byte { return []byte(c) }
					if got := tmpl.Append(nil, in); !json.Valid(got) {
						t.Errorf("text %s, variable %q, captured %q: %s", text, v, c, got)
					}
				}
			}
		}
	}
}
