package patch

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func parse(tb testing.TB, text string) *definition.Value {
	tb.Helper()
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return &v
}

func text(v *definition.Value) string { return string(v.AppendJSON(nil)) }

// scribble changes everything that can be changed in a value.
func scribble(v *definition.Value) {
	for i := range v.Kids {
		scribble(&v.Kids[i])
		v.Kids[i] = definition.Value{Kind: definition.String, Key: "changed", Text: "changed"}
	}
	v.Kids = append(v.Kids[:0], definition.NewString("changed"))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	many := func(format string) string {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for _, c := range []struct{ name, target, patch, want string }{
		// RFC 7396, appendix A, line by line.
		{"A 1", `{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{"A 2", `{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{"A 3", `{"a":"b"}`, `{"a":null}`, `{}`},
		{"A 4", `{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{"A 5", `{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{"A 6", `{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{"A 7", `{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{"A 8", `{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{"A 9", `["a","b"]`, `["c","d"]`, `["c","d"]`},
		{"A 10", `{"a":"b"}`, `["c"]`, `["c"]`},
		{"A 11", `{"a":"foo"}`, `null`, `null`},
		{"A 12", `{"a":"foo"}`, `"bar"`, `"bar"`},
		{"A 13", `{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{"A 14", `[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{"A 15", `{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{"section 3",
			`{"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"This will be unchanged"}`,
			`{"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}`,
			`{"title":"Hello!","author":{"givenName":"John"},"tags":["example"],"content":"This will be unchanged","phoneNumber":"+01-123-456-7890"}`},

		{"members keep their place", `{"a":1,"b":2,"c":3}`, `{"d":4,"c":5,"a":6,"0":7}`, `{"a":6,"b":2,"c":5,"d":4,"0":7}`},
		{"nulls in arrays stay", `{"a":1}`, `{"a":[null,{"b":null}]}`, `{"a":[null,{"b":null}]}`},
		{"object in the place of a scalar", `{"a":1}`, `{"a":{"b":null,"c":2}}`, `{"a":{"c":2}}`},
		{"nothing to do", `{"a":{"b":[1.50]}}`, `{}`, `{"a":{"b":[1.50]}}`},
		{"many members", `{` + many(`"k%d":0,`) + `}`, `{"new":1,` + many(`"k%d":1,`) + `}`, `{` + many(`"k%d":1,`) + `,"new":1}`},
		{"many removed", `{` + many(`"k%d":0,`) + `,"x":1}`, `{` + many(`"k%d":null,`) + `}`, `{"x":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target, patch := parse(t, c.target), parse(t, c.patch)
			got := Merge(target, patch)
			if text(&got) != c.want {
				t.Errorf("%s with %s is %s, want %s", c.target, c.patch, text(&got), c.want)
			}
			scribble(&got)
			if text(target) != c.target || text(patch) != c.patch {
				t.Errorf("the result shares with %s or %s", text(target), text(patch))
			}
		})
	}
}

func TestMerge_Absent(t *testing.T) {
	t.Parallel()
	patch := parse(t, `{"a":{"b":null},"c":null}`)
	if got := Merge(nil, patch); text(&got) != `{"a":{}}` {
		t.Errorf("nothing is patched to %s", text(&got))
	}
	if got := Merge(patch, nil); text(&got) != text(patch) {
		t.Errorf("no patch changes %s to %s", text(patch), text(&got))
	}
	if got := Merge(nil, nil); got.Kind != definition.Invalid {
		t.Errorf("nothing and no patch are %s", text(&got))
	}
	member := definition.NewInt(1).With("name")
	for _, patch := range []string{`{}`, `2`} {
		if got := Merge(&member, parse(t, patch)); got.Key != "name" {
			t.Errorf("patched by %s, the target's name is %q", patch, got.Key)
		}
	}
}

// plain is MergePatch as RFC 7396, 2 writes it.
func plain(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	result := map[string]any{}
	if members, ok := target.(map[string]any); ok {
		for name, v := range members {
			result[name] = v
		}
	}
	for name, v := range changes {
		if v == nil {
			delete(result, name)
		} else {
			result[name] = plain(result[name], v)
		}
	}
	return result
}

// toAny gives objects as maps and everything else as its text or elements.
func toAny(v *definition.Value) any {
	switch v.Kind {
	case definition.Null:
		return nil
	case definition.Object:
		m := map[string]any{}
		for i := range v.Kids {
			m[v.Kids[i].Key] = toAny(&v.Kids[i])
		}
		return m
	case definition.Array:
		list := []any{}
		for i := range v.Kids {
			list = append(list, toAny(&v.Kids[i]))
		}
		return list
	}
	return text(v)
}

func FuzzMerge(f *testing.F) {
	f.Add(`{"a":{"b":"c"},"d":[1]}`, `{"a":{"b":null,"e":{"f":null}},"d":{"g":1}}`)
	f.Add(`[1,2]`, `{"a":null}`)
	f.Add(`{"a":1}`, `[null]`)
	f.Fuzz(func(t *testing.T, targetText, patchText string) {
		target, err := document.ParseJSON(targetText, 0, document.Limits{})
		if err != nil {
			return
		}
		patch, err := document.ParseJSON(patchText, 0, document.Limits{})
		if err != nil {
			return
		}
		targetWas, patchWas := text(&target), text(&patch)
		got := Merge(&target, &patch)
		if want := plain(toAny(&target), toAny(&patch)); fmt.Sprint(toAny(&got)) != fmt.Sprint(want) {
			t.Errorf("%s with %s is %s, want %v", targetWas, patchWas, text(&got), want)
		}
		if again := Merge(&got, &patch); text(&again) != text(&got) {
			t.Errorf("%s with %s twice is %s, once %s", targetWas, patchWas, text(&again), text(&got))
		}
		scribble(&got)
		if text(&target) != targetWas || text(&patch) != patchWas {
			t.Errorf("%s with %s changed them to %s and %s", targetWas, patchWas, text(&target), text(&patch))
		}
	})
}
