package document

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/mimus-dev/mimus/internal/definition"
)

func TestParseJSON_Values_KeepOrderTextAndPosition(t *testing.T) {
	t.Parallel()
	text := "{\"b\": [1, 2.50, -0e+1],\n \"a\": {\"x\": null, \"y\": true}, \"s\": \"\\u00e9\\ud83d\\ude00\"}"
	v, err := ParseJSON(text, 7, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(v.AppendJSON(nil)), `{"b":[1,2.50,-0e+1],"a":{"x":null,"y":true},"s":"é😀"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	y := v.Get("a").Get("y")
	if y.File != 7 || !strings.HasPrefix(text[y.Pos:], "true") {
		t.Errorf("y is of file %d at %q, want file 7 at true", y.File, text[y.Pos:])
	}
}

func TestParseJSON_PlainString_SharesTheText(t *testing.T) {
	t.Parallel()
	text := `["a plain string"]`
	v, err := ParseJSON(text, 0, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if unsafe.StringData(v.Kids[0].Text) != unsafe.StringData(text[2:]) {
		t.Error("the string was copied")
	}
}

func TestParseJSON_DuplicateKeys_LastWinsAtThePlaceOfTheFirst(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString(`{"k":0`)
	for i := range 100 {
		many.WriteString(`,"n` + strconv.Itoa(i) + `":0`)
	}
	many.WriteString(`,"k":1}`)
	for name, text := range map[string]string{"few": `{"k":0,"a":0,"k":2,"b":{"k":5},"k":1}`, "many": many.String()} {
		v, warnings, err := Parse(text, "x.json", 0, Limits{})
		if err != nil {
			t.Fatal(name, err)
		}
		if v.Kids[0].Key != "k" || v.Kids[0].Text != "1" {
			t.Errorf("%s: first member is %s: %s, want k: 1", name, v.Kids[0].Key, v.Kids[0].Text)
		}
		if len(warnings) == 0 || warnings[0].Code != "duplicate-key" || warnings[0].Line != 1 {
			t.Errorf("%s: got warnings %v, want duplicate-key in line 1", name, warnings)
		}
	}
}

func TestParseJSON_BrokenText_SaysWhereAndWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", "1:1: the text is empty where a JSON value is expected"},
		{"{\n  \"a\": 1,\n}", "3:1: unexpected '}' where a member's name in double quotes is expected"},
		{`{"a" 1}`, "1:6: unexpected '1' where ':' is expected"},
		{`["é", x]`, "1:7: unexpected 'x' where a value is expected"},
		{`{"a": [1, 2`, "1:12: the text ends inside of an array"},
		{`{"a": tr`, "1:9: the text ends inside of true"},
		{`[1] 2`, "1:5: unexpected '2' after the end of the JSON value"},
		{`[01]`, "1:3: a number must not begin with 0"},
		{`[1.]`, "1:4: unexpected ']' where a digit is expected"},
		{"[\"a\nb\"]", "1:4: a string must not contain the control character '\\n'"},
		{`["\x"]`, `1:3: unknown escape sequence: '\' before 'x'`},
		{`["\u12g4"]`, `1:3: \u must be followed by four hexadecimal digits`},
	} {
		_, err := ParseJSON(c.text, 0, Limits{})
		if err == nil || err.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
}

func TestParseJSON_Limits_AreErrorsWithACode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		lim  Limits
		code string
	}{
		"arrays":  {strings.Repeat("[", 100_000), Limits{}, codeLimitDepth},
		"objects": {strings.Repeat(`{"a":`, 100_000), Limits{}, codeLimitDepth},
		"values":  {"[" + strings.Repeat("0,", 1000) + "0]", Limits{Nodes: 1000}, codeLimitNodes},
		"bytes":   {"[0,0,0,0]", Limits{Bytes: 5}, codeLimitBytes},
		"time":    {"[" + strings.Repeat("0,", 10_000) + "0]", Limits{Time: time.Nanosecond}, codeLimitTime},
	} {
		_, err := ParseJSON(c.text, 0, c.lim)
		var broken *SyntaxError
		if !errors.As(err, &broken) || broken.Code != c.code {
			t.Errorf("%s: got %v, want code %s", name, err, c.code)
		}
	}
}

func TestParseJSON_Depth_IsAllowedUpToTheLimit(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	if _, err := ParseJSON(text, 0, Limits{}); err != nil {
		t.Error(err)
	}
}

func TestParseJSON_InvalidUnicode_BecomesTheReplacementCharacter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\"a\xff\xfeb\"":       "a\uFFFD\uFFFDb",
		"\"\\n\xff\"":          "\n\uFFFD",
		`"\ud800"`:             "\uFFFD",
		`"\ud800\u0041"`:       "\uFFFDA",
		`"\ud800\ud83d\ude00"`: "\uFFFD😀",
	} {
		v, err := ParseJSON(text, 0, Limits{})
		if err != nil || v.Text != want {
			t.Errorf("%q: got %q, %v, want %q", text, v.Text, err, want)
		}
	}
}

// FuzzParseJSON holds the parser against encoding/json.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,true,false,null,"x\n\u00e9"],"a":{}}`, `[]`, ` 1 `, `"\ud800\udc00"`, "\"\xff\"", `{"a":1,}`, `[1 2]`, `-`, `01`, `1e`, "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseJSON(text, 0, Limits{})
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want any
		wantErr := d.Decode(&want)
		if wantErr == nil {
			if _, trailing := d.Token(); trailing != io.EOF {
				wantErr = errors.New("more after the value")
			}
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: got error %v, want %v", text, err, wantErr)
		}
		if err == nil {
			if diff := cmp.Diff(want, plainValue(&got)); diff != "" {
				t.Fatalf("%q: %s", text, diff)
			}
		}
	})
}

// plainValue gives a value as encoding/json would.
func plainValue(v *definition.Value) any {
	switch v.Kind {
	case definition.Bool:
		return v.Text == "true"
	case definition.Number:
		return json.Number(v.Text)
	case definition.String:
		return v.Text
	case definition.Array:
		all := make([]any, len(v.Kids))
		for i := range v.Kids {
			all[i] = plainValue(&v.Kids[i])
		}
		return all
	case definition.Object:
		all := make(map[string]any, len(v.Kids))
		for i := range v.Kids {
			all[v.Kids[i].Key] = plainValue(&v.Kids[i])
		}
		return all
	}
	return nil
}
