package document

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
)

func TestParseYAML_Scalars_HaveTheMeaningOfTheCoreSchema(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"yes": `"yes"`, "on": `"on"`, "No": `"No"`, "y": `"y"`,
		"true": "true", "True": "true", "FALSE": "false", "~": "null", "null": "null", "a:": `{"a":null}`,
		"2020-01-01": `"2020-01-01"`, "2001-12-14t21:59:43.10-05:00": `"2001-12-14t21:59:43.10-05:00"`,
		"12": "12", "+1": "1", "-0": "-0", "007": "7", "0x1F": "31", "0o17": "15", "017": "17", "0b11": `"0b11"`,
		"1_000": `"1_000"`, "1:30": `"1:30"`, ".5": "0.5", "1.": "1", "-.5e3": "-0.5e3", "1e3": "1e3", "+.5": "0.5",
		".inf": `".inf"`, "-.INF": `"-.INF"`, ".nan": `".nan"`, ".": `"."`, "-": "[null]", "1.2.3": `"1.2.3"`, "3.0.0": `"3.0.0"`, "0x": `"0x"`, "1e": `"1e"`,
		"'12'": `"12"`, `"true"`: `"true"`, "!!str 12": `"12"`, `!!int "12"`: "12", "!!int x": `"x"`, "!custom x": `"x"`,
		"a: 'it''s'": `{"a":"it's"}`, "a: |\n  x\n  y\n": `{"a":"x\ny\n"}`, "a: >-\n  x\n  y\n": `{"a":"x y"}`,
	} {
		v, _, err := ParseYAML(text, 0, Limits{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := string(v.AppendJSON(nil)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestParseYAML_Structures_BecomeValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"200: ok\n1.0: a\ntrue: b\n~: c\n0x10: d": `{"200":"ok","1.0":"a","true":"b","~":"c","0x10":"d"}`,
		"a: &x {b: 1}\nc: *x":                     `{"a":{"b":1},"c":{"b":1}}`,
		"a: &x {b: 1, c: 2}\nd: {b: 3, <<: *x}":   `{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}`,
		"a: {<<: [{b: 1}, {b: 2, c: 3}], d: 4}":   `{"a":{"b":1,"c":3,"d":4}}`,
		`a: {"<<": 1}`:                            `{"a":{"<<":1}}`,
		"a: &k b\n*k : c":                         `{"a":"b","b":"c"}`,
		"&k a: 1\nb: *k":                          `{"a":1,"b":"a"}`,
		"k: 1\na: 2\nk: 3":                        `{"k":3,"a":2}`,
		"%YAML 1.2\n---\na: 1\n...\n":             `{"a":1}`,
		"# c\n---\na: 1\n---\nb: [":               `{"a":1}`,
		"a: 1\r\nb:\r\n  - x\r\n":                 `{"a":1,"b":["x"]}`,
		"{a: 1, b: [x, y,], # c\n}":               `{"a":1,"b":["x","y"]}`,
	} {
		v, _, err := ParseYAML(text, 0, Limits{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := string(v.AppendJSON(nil)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestParseYAML_Positions_AreByteOffsets(t *testing.T) {
	t.Parallel()
	text := "é: {ü: ä, b: \"x\"}\nc:\u2028\r\n  - 1\n  - !!str 2\nd: &n [y]\ne: *n\n"
	v, _, err := ParseYAML(text, 3, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		v    *definition.Value
		want string
	}{
		{v.Get("é").Get("ü"), "ä"}, {v.Get("é").Get("b"), `"x"`}, {&v.Get("c").Kids[0], "1"},
		{&v.Get("c").Kids[1], "!!str 2"}, {v.Get("d"), "&n"}, {v.Get("e"), "*n"}, {&v.Get("e").Kids[0], "y]"},
	} {
		if c.v == nil || c.v.File != 3 || !strings.HasPrefix(text[c.v.Pos:], c.want) {
			t.Errorf("want a value at %q, got %+v", c.want, c.v)
		}
	}
}

func TestParseYAML_Aliases_AreCopies(t *testing.T) {
	t.Parallel()
	v, _, err := ParseYAML("a: &x {b: 1}\nc: *x", 0, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	v.Get("a").Kids[0].Text = "changed"
	if v.Get("c").Kids[0].Text != "1" {
		t.Error("changing the anchor's value changed the alias's")
	}
}

func TestParseYAML_Oddities_GiveWarnings(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"a: 1\na: 2": "duplicate-key", "a: .inf": "yaml-number", "a: !Ref b": "yaml-tag", "a: 1\n---\nb: 2": "yaml-documents",
	} {
		_, warnings, err := ParseYAML(text, 0, Limits{})
		if err != nil || len(warnings) != 1 || warnings[0].Code != code || warnings[0].Line == 0 {
			t.Errorf("%q: got %v, %v, want one warning %s with a line", text, warnings, err, code)
		}
	}
}

func TestParseYAML_BrokenText_SaysWhereAndWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"a: 1\nb: 2\n  c: 3\nd: 4\n", 3, "mapping values are not allowed"},
		{"a:\n  - b\n c: 1\nd: 1\n", 3, "did not find expected"},
		{"a:\n\tb: 1\n", 2, "cannot start any token"},
		{"a: [1, 2\nb: 3\n", 2, "did not find expected ',' or ']'"},
		{"a: 1\nb: *nope\n", 2, "unknown anchor"},
		{"a: 1\nb: \xff\n", 2, "0xff is no UTF-8"},
		{"a: 1\nb: \x01\n", 2, "control character"},
		{"a: &a [*a]", 1, "contains itself"},
		{"? [a]\n: 1", 1, "a key must be a string"},
		{"a: {<<: 1}", 1, "merge key"},
		{"# nothing\n", 1, "no YAML document"},
	} {
		_, _, err := ParseYAML(c.text, 0, Limits{})
		var broken *SyntaxError
		if !errors.As(err, &broken) || broken.Line != c.line || !strings.Contains(broken.Message, c.want) {
			t.Errorf("%q: got %v, want line %d: %s", c.text, err, c.line, c.want)
		}
	}
}

func TestParse_HostileText_IsRefusedOrReadInTime(t *testing.T) {
	if testing.Short() {
		t.Skip("large texts")
	}
	t.Parallel()
	rep := strings.Repeat
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", i, i, rep(fmt.Sprintf("*a%d,", i-1), 10))
	}
	var stairs strings.Builder
	for i := range 3000 {
		stairs.WriteString(rep(" ", i) + "a:\n")
	}
	for name, c := range map[string]struct{ text, code string }{
		"alias bomb":       {laughs.String(), codeLimitAliases},
		"merge bomb":       {"a: &a {" + rep("k: 1, ", 500) + "}\nb:\n" + rep("- {<<: *a}\n", 9_000), codeLimitAliases},
		"json arrays":      {rep("[", 100_000), codeLimitDepth},
		"json objects":     {rep(`{"a":`, 100_000), codeLimitDepth},
		"yaml flow":        {"a: " + rep("[", 100_000), codeYAML},
		"yaml mappings":    {"a: " + rep("{a: ", 100_000), codeYAML},
		"yaml dashes":      {rep("- ", 100_000), codeYAML},
		"yaml deep dashes": {rep("- ", 5000) + "a", codeLimitDepth},
		"yaml questions":   {rep("? ", 100_000), codeYAML},
		"yaml stairs":      {stairs.String(), codeLimitDepth},
		"yaml directives":  {rep("%TAG !a! x\n", 100_000) + "---\na: 1", codeYAML},
		"spaces":           {rep(" ", 50_000_000), codeYAML},
		"blank lines":      {rep("\n", 4_000_000) + "a: 1\n  b: 2", codeYAML},
		"late error":       {rep("- a\n", 1_000_000) + "b", codeYAML},
		"tabs":             {rep("\t", 5_000_000) + "a", codeYAML},
		"one json string":  {`"` + rep("x", 5_000_000) + `"`, ""},
		"one json member":  {`{"a":"` + rep("x", 50_000_000) + `"}`, ""},
		"one yaml string":  {"a: " + rep("x", 5_000_000), ""},
		"dense yaml":       {"a: [" + rep("a,", 8_000_000) + "]", codeLimitNodes},
		"anchors":          {rep("- &a x\n", 200_000), ""},
		"comments":         {"a:\n" + rep("  # c\n\n", 300_000) + "  b: 1", ""},
	} {
		start := time.Now()
		_, _, err := Parse(c.text, "x", 0, Limits{})
		code := ""
		var broken *SyntaxError
		if errors.As(err, &broken) {
			code = broken.Code
		}
		if code != c.code {
			t.Errorf("%s: got %v, want code %q", name, err, c.code)
		}
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestParse_NearlyJSON_IsReadAsYAMLWithAWarning(t *testing.T) {
	t.Parallel()
	v, warnings, err := Parse("{\n  \"a\": 1, # one\n  b: [2,],\n}", "x.json", 0, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(v.AppendJSON(nil)); got != `{"a":1,"b":[2]}` {
		t.Errorf("got %s", got)
	}
	if len(warnings) != 1 || warnings[0].Code != "json-syntax" || warnings[0].Line != 2 {
		t.Errorf("got %v, want one warning json-syntax in line 2", warnings)
	}
}

func TestParse_NeitherJSONNorYAML_TellsTheJSONError(t *testing.T) {
	t.Parallel()
	_, _, err := Parse("{\n  \"a\": 1\n  \"b\": 2\n}", "x.json", 0, Limits{})
	if err == nil || err.Error() != `3:3: unexpected '"' where ',' or '}' is expected` {
		t.Errorf("got %v", err)
	}
}

// FuzzParseYAML wants no panic, positions inside of the text and values that
// can be written as JSON and read again.
func FuzzParseYAML(f *testing.F) {
	for _, seed := range []string{
		"a: &a [1, *a]", "a: &x {b: 1}\nc: {<<: *x}", "? [a]\n: b", "- - - a", "a: |\n x\n", "---\na\n---\nb", "\uFEFFa: 1", "a: 'x\n  y'", "%TAG ! x\n---\n!a b", "é: \u2028 x", "0x1F: .5", "\"\\\n\"", "a: !!binary x", "*a", "a:\r\rb: c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, _, err := ParseYAML(text, 1, Limits{Time: time.Second})
		if err != nil {
			var broken *SyntaxError
			if !errors.As(err, &broken) || broken.Line < 1 || broken.Col < 1 {
				t.Fatalf("%q: error without a place: %v", text, err)
			}
			return
		}
		checkInside(t, text, &v)
		if _, err := ParseJSON(string(v.AppendJSON(nil)), 0, Limits{}); err != nil {
			t.Fatalf("%q: written as JSON it does not read: %v", text, err)
		}
	})
}

func checkInside(t *testing.T, text string, v *definition.Value) {
	if int(v.Pos) > len(text) {
		t.Fatalf("%q: a value at %d, outside of the text", text, v.Pos)
	}
	for i := range v.Kids {
		checkInside(t, text, &v.Kids[i])
	}
}
