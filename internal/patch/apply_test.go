package patch

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

func TestApply(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, target, patch, want string }{
		// RFC 6902, appendix A. Where it lists members in another order, ours
		// stands here: those that stay, then the new.
		{"A.1 add a member", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux"}]`, `{"foo":"bar","baz":"qux"}`},
		{"A.2 add an element", `{"foo":["bar","baz"]}`, `[{"op":"add","path":"/foo/1","value":"qux"}]`, `{"foo":["bar","qux","baz"]}`},
		{"A.3 remove a member", `{"baz":"qux","foo":"bar"}`, `[{"op":"remove","path":"/baz"}]`, `{"foo":"bar"}`},
		{"A.4 remove an element", `{"foo":["bar","qux","baz"]}`, `[{"op":"remove","path":"/foo/1"}]`, `{"foo":["bar","baz"]}`},
		{"A.5 replace", `{"baz":"qux","foo":"bar"}`, `[{"op":"replace","path":"/baz","value":"boo"}]`, `{"baz":"boo","foo":"bar"}`},
		{"A.6 move a value", `{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}`, `[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]`,
			`{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}`},
		{"A.7 move an element", `{"foo":["all","grass","cows","eat"]}`, `[{"op":"move","from":"/foo/1","path":"/foo/3"}]`, `{"foo":["all","cows","eat","grass"]}`},
		{"A.8 test", `{"baz":"qux","foo":["a",2,"c"]}`, `[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]`, `{"baz":"qux","foo":["a",2,"c"]}`},
		{"A.10 add a nested member", `{"foo":"bar"}`, `[{"op":"add","path":"/child","value":{"grandchild":{}}}]`, `{"foo":"bar","child":{"grandchild":{}}}`},
		{"A.11 unknown members", `{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux","xyz":123}]`, `{"foo":"bar","baz":"qux"}`},
		{"A.14 escapes in order", `{"/":9,"~1":10}`, `[{"op":"test","path":"/~01","value":10}]`, `{"/":9,"~1":10}`},
		{"A.16 add an array", `{"foo":["bar"]}`, `[{"op":"add","path":"/foo/-","value":["abc","def"]}]`, `{"foo":["bar",["abc","def"]]}`},

		{"nothing to do", `{"a":1}`, `[]`, `{"a":1}`},
		{"add replaces in place", `{"a":1,"b":2}`, `[{"op":"add","path":"/a","value":3}]`, `{"a":3,"b":2}`},
		{"add null", `{}`, `[{"op":"add","path":"/a","value":null}]`, `{"a":null}`},
		{"add to the end by index", `[1]`, `[{"op":"add","path":"/1","value":2}]`, `[1,2]`},
		{"add to the front", `[1,2]`, `[{"op":"add","path":"/0","value":0}]`, `[0,1,2]`},
		{"add to an empty array", `[]`, `[{"op":"add","path":"/-","value":0},{"op":"add","path":"/0","value":1}]`, `[1,0]`},
		{"add the root", `{"a":1}`, `[{"op":"add","path":"","value":[1]},{"op":"add","path":"/-","value":2}]`, `[1,2]`},
		{"replace the root", `{"a":1}`, `[{"op":"replace","path":"","value":"x"}]`, `"x"`},
		{"replace an element", `[1,2,3]`, `[{"op":"replace","path":"/1","value":{"a":1}}]`, `[1,{"a":1},3]`},
		{"test the root", `[1]`, `[{"op":"test","path":"","value":[1.0]}]`, `[1]`},
		{"test without regard to order", `{"a":{"x":1,"y":[2,{}]}}`, `[{"op":"test","path":"/a","value":{"y":[2e0,{}],"x":1.0}}]`, `{"a":{"x":1,"y":[2,{}]}}`},
		{"test null", `{"a":null}`, `[{"op":"test","path":"/a","value":null}]`, `{"a":null}`},
		{"empty names", `{"":{"":1}}`, `[{"op":"replace","path":"//","value":2},{"op":"add","path":"/","value":3}]`, `{"":3}`},
		{"escapes", `{"a/b":1,"m~n":2}`, `[{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/m~0n","value":3},{"op":"add","path":"/~0~1","value":4}]`, `{"m~n":3,"~/":4}`},
		{"percent is no escape", `{"%41":1}`, `[{"op":"test","path":"/%41","value":1}]`, `{"%41":1}`},
		{"a member named -", `{"-":1}`, `[{"op":"replace","path":"/-","value":2}]`, `{"-":2}`},
		{"a member named 01", `{}`, `[{"op":"add","path":"/01","value":2}]`, `{"01":2}`},
		{"copy", `{"a":{"b":1}}`, `[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]`, `{"a":{"b":1},"c":{"b":2}}`},
		{"copy into its own child", `{"a":{"b":1}}`, `[{"op":"copy","from":"/a","path":"/a/c"}]`, `{"a":{"b":1,"c":{"b":1}}}`},
		{"copy the root", `[1]`, `[{"op":"copy","from":"","path":"/0"}]`, `[[1],1]`},
		{"copy onto itself", `{"a":1,"b":2}`, `[{"op":"copy","from":"/a","path":"/a"}]`, `{"a":1,"b":2}`},
		{"move onto a member", `{"a":1,"b":2,"c":3}`, `[{"op":"move","from":"/c","path":"/a"}]`, `{"a":3,"b":2}`},
		{"move to where it is", `{"a":1,"b":2}`, `[{"op":"move","from":"/a","path":"/a"}]`, `{"a":1,"b":2}`},
		{"move the root to where it is", `[1]`, `[{"op":"move","from":"","path":""}]`, `[1]`},
		{"move to the root", `{"a":{"b":1}}`, `[{"op":"move","from":"/a","path":""}]`, `{"b":1}`},
		{"move onto its parent", `{"x":0,"a":{"b":1}}`, `[{"op":"move","from":"/a/b","path":"/a"}]`, `{"x":0,"a":1}`},
		{"move beside a name that begins alike", `{"a":1,"ab":{}}`, `[{"op":"move","from":"/a","path":"/ab/c"}]`, `{"ab":{"c":1}}`},
		{"move deeper", `{"a":{"b":1},"c":{}}`, `[{"op":"move","from":"/a","path":"/c/d"}]`, `{"c":{"d":{"b":1}}}`},
		{"move to the end", `[1,2,3]`, `[{"op":"move","from":"/0","path":"/-"}]`, `[2,3,1]`},
		{"move from array to object", `{"a":[1,2],"b":{}}`, `[{"op":"move","from":"/a/0","path":"/b/x"},{"op":"move","from":"/b","path":"/a/0"}]`, `{"a":[{"x":1},2]}`},
		{"numbers keep their text", `{"a":1.50}`, `[{"op":"add","path":"/b","value":1E2}]`, `{"a":1.50,"b":1E2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			target, patch := parse(t, c.target), parse(t, c.patch)
			got, err := Apply(target, patch)
			if err != nil {
				t.Fatal(err)
			}
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

func TestApply_Errors(t *testing.T) {
	t.Parallel()
	const target = `{"a":{"b":[1,2]},"s":"x","m~n":1}`
	for _, c := range []struct {
		name, patch string
		index       int
		kind        Kind
		message     string
	}{
		// RFC 6902, appendix A.
		{"A.9 test fails", `[{"op":"test","path":"/s","value":"bar"}]`, 0, TestFailed, `operations[0]: test "/s": there is "x" where "bar" is expected`},
		{"A.12 no parent", `[{"op":"add","path":"/baz/bat","value":"qux"}]`, 0, NotFound, `operations[0]: add "/baz/bat": there is no object or array at "/baz" to add to`},
		{"A.13 two ops", `[{"op":"add","path":"/baz","value":"qux","op":"remove"}]`, 0, NotFound, `there is nothing at "/baz"`}, // the parser lets the last win
		{"A.15 string and number", `[{"op":"test","path":"/m~0n","value":"1"}]`, 0, TestFailed, `there is 1 where "1" is expected`},

		{"no array", `{"op":"remove","path":"/s"}`, -1, Malformed, "a JSON Patch is an array of operations"},
		{"no object", `[[]]`, 0, Malformed, "operations[0]: an operation is an object, not an array"},
		{"no op", `[{"path":"/s"}]`, 0, Malformed, "op is missing"},
		{"op no string", `[{"op":1,"path":"/s"}]`, 0, Malformed, "op is missing"},
		{"op unknown", `[{"op":"spam","path":"/s"}]`, 0, Malformed, `"spam" is no operation`},
		{"op in capitals", `[{"op":"Add","path":"/s","value":1}]`, 0, Malformed, `"Add" is no operation`},
		{"no path", `[{"op":"remove"}]`, 0, Malformed, "path is missing"},
		{"path null", `[{"op":"remove","path":null}]`, 0, Malformed, "path is missing"},
		{"path without slash", `[{"op":"remove","path":"s"}]`, 0, Malformed, `path "s" is no JSON Pointer`},
		{"path with a bare tilde", `[{"op":"test","path":"/m~n","value":1}]`, 0, Malformed, "no JSON Pointer"},
		{"path that ends in a tilde", `[{"op":"test","path":"/m~0~","value":1}]`, 0, Malformed, "no JSON Pointer"},
		{"no value to add", `[{"op":"add","path":"/s"}]`, 0, Malformed, "value is missing"},
		{"no value to replace", `[{"op":"replace","path":"/s"}]`, 0, Malformed, "value is missing"},
		{"no value to test", `[{"op":"test","path":"/s"}]`, 0, Malformed, "value is missing"},
		{"no from to move", `[{"op":"move","path":"/s"}]`, 0, Malformed, "from is missing"},
		{"no from to copy", `[{"op":"copy","path":"/s"}]`, 0, Malformed, "from is missing"},
		{"from malformed", `[{"op":"copy","from":"s","path":"/s"}]`, 0, Malformed, `from "s" is no JSON Pointer`},
		{"remove the root", `[{"op":"remove","path":""}]`, 0, Malformed, "the whole can't be removed"},
		{"move into its own child", `[{"op":"move","from":"/a","path":"/a/b/c"}]`, 0, Malformed, "can't be moved into itself"},
		{"move the root into it", `[{"op":"move","from":"","path":"/a"}]`, 0, Malformed, "can't be moved into itself"},
		{"malformed is told first", `[{"op":"test","path":"/s","value":0},{"op":"remove"}]`, 1, Malformed, "operations[1]: remove"},

		{"test of nothing", `[{"op":"test","path":"/none","value":null}]`, 0, TestFailed, "there is nothing where null is expected"},
		{"test of an array", `[{"op":"test","path":"/a/b","value":[1]}]`, 0, TestFailed, "the array differs from the one that is expected"},
		{"test of an object", `[{"op":"test","path":"/a","value":[]}]`, 0, TestFailed, "there is an object where an array is expected"},
		{"remove of nothing", `[{"op":"remove","path":"/none"}]`, 0, NotFound, `there is nothing at "/none"`},
		{"replace of nothing", `[{"op":"replace","path":"/a/none","value":1}]`, 0, NotFound, `there is nothing at "/a/none"`},
		{"move of nothing", `[{"op":"move","from":"/none","path":"/s"}]`, 0, NotFound, `there is nothing at "/none"`},
		{"move of nothing to where it is", `[{"op":"move","from":"/none","path":"/none"}]`, 0, NotFound, `there is nothing at "/none"`},
		{"copy of nothing", `[{"op":"copy","from":"/none","path":"/s"}]`, 0, NotFound, `there is nothing at "/none"`},
		{"below a scalar", `[{"op":"add","path":"/s/t","value":1}]`, 0, NotFound, `no object or array at "/s"`},
		{"remove below a scalar", `[{"op":"remove","path":"/s/0"}]`, 0, NotFound, "nothing at"},
		{"index beyond the end", `[{"op":"add","path":"/a/b/3","value":1}]`, 0, NotFound, `"3" is no place in an array of 2`},
		{"index beyond every number", `[{"op":"add","path":"/a/b/99999999999999999999","value":1}]`, 0, NotFound, "is no place in an array of 2"},
		{"index with a leading zero", `[{"op":"add","path":"/a/b/01","value":1}]`, 0, NotFound, `"01" is no place in an array of 2`},
		{"index below zero", `[{"op":"add","path":"/a/b/-1","value":1}]`, 0, NotFound, `"-1" is no place in an array of 2`},
		{"index with a sign", `[{"op":"replace","path":"/a/b/+1","value":1}]`, 0, NotFound, "nothing at"},
		{"index empty", `[{"op":"replace","path":"/a/b/","value":1}]`, 0, NotFound, "nothing at"},
		{"the end has no value", `[{"op":"remove","path":"/a/b/-"}]`, 0, NotFound, "nothing at"},
		{"the end has no value to copy", `[{"op":"copy","from":"/a/b/-","path":"/s"}]`, 0, NotFound, "nothing at"},
		{"replace at the end", `[{"op":"replace","path":"/a/b/2","value":1}]`, 0, NotFound, "nothing at"},
		{"parent moved away", `[{"op":"move","from":"/a/b","path":"/a"},{"op":"remove","path":"/a/b"}]`, 1, NotFound, `operations[1]: remove "/a/b"`},
		{"earlier operations are undone", `[{"op":"remove","path":"/a"},{"op":"test","path":"/s","value":"y"}]`, 1, TestFailed, `there is "x" where "y" is expected`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := parse(t, target)
			_, err := Apply(v, parse(t, c.patch))
			var fault *Error
			if !errors.As(err, &fault) {
				t.Fatalf("%s: error %v, want an *Error", c.patch, err)
			}
			if fault.Index != c.index || fault.Kind != c.kind || !strings.Contains(fault.Error(), c.message) {
				t.Errorf("%s: index %d, kind %d, %q; want %d, %d, %q", c.patch, fault.Index, fault.Kind, fault, c.index, c.kind, c.message)
			}
			if text(v) != target {
				t.Errorf("%s changed the target to %s", c.patch, text(v))
			}
		})
	}
}

// A tree that no parser of ours made may have a member twice (RFC 6902, A.13).
func TestApply_MemberTwice_IsMalformed(t *testing.T) {
	t.Parallel()
	str := func(key, s string) definition.Value { return definition.NewString(s).With(key) }
	patch := definition.NewArray(definition.NewObject(str("op", "add"), str("path", "/baz"), str("value", "qux"), str("op", "remove")))
	_, err := Apply(parse(t, `{"foo":"bar"}`), &patch)
	if fault := asError(t, err); fault.Kind != Malformed {
		t.Errorf("error %v, want malformed", err)
	}
}

func TestApply_AbsentTarget(t *testing.T) {
	t.Parallel()
	got, err := Apply(nil, parse(t, `[{"op":"add","path":"","value":{}},{"op":"add","path":"/a","value":1}]`))
	if err != nil || text(&got) != `{"a":1}` {
		t.Errorf("%s, %v", text(&got), err)
	}
	for _, op := range []string{`"replace","path":""`, `"add","path":"/a"`} {
		_, err := Apply(nil, parse(t, `[{"op":`+op+`,"value":1}]`))
		if asError(t, err).Kind != NotFound {
			t.Errorf("%s of nothing: %v", op, err)
		}
	}
	if _, err := Apply(parse(t, "1"), nil); asError(t, err).Kind != Malformed {
		t.Errorf("no patch: %v", err)
	}
}

func TestApply_KeepsName(t *testing.T) {
	t.Parallel()
	target := definition.NewInt(1).With("name")
	for _, patch := range []string{`[]`, `[{"op":"add","path":"","value":2}]`, `[{"op":"add","path":"","value":{"x":3}},{"op":"move","from":"/x","path":""}]`} {
		got, err := Apply(&target, parse(t, patch))
		if err != nil || got.Key != "name" {
			t.Errorf("patched by %s the name is %q (%v)", patch, got.Key, err)
		}
	}
	got, err := Apply(parse(t, `{"a":1,"b":[0]}`), parse(t, `[{"op":"move","from":"/a","path":"/b/0"}]`))
	if err != nil || got.Kids[0].Kids[0].Key != "" {
		t.Errorf("an element of an array has the name %q (%v)", got.Kids[0].Kids[0].Key, err)
	}
}

// What a small patch could make of a value is bounded: in size, depth, text
// and work.
func TestApply_Bounds(t *testing.T) {
	t.Parallel()
	ops := func(n int, op func(i int) string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = op(i)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	nested := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
	wide := "[" + strings.TrimSuffix(strings.Repeat("0,", 400_000), ",") + "]"
	members := func(n int) string {
		return "{" + strings.Trim(ops(n, func(i int) string { return fmt.Sprintf(`"k%d":0`, i) }), "[]") + "}"
	}
	for _, c := range []struct {
		name, target, patch string
		fails               bool
	}{
		{"doubling", `{"a":[1]}`, ops(40, func(int) string { return `{"op":"copy","from":"/a","path":"/a/-"}` }), true},
		{"doubling of the root", `[]`, ops(40, func(int) string { return `{"op":"copy","from":"","path":"/0"}` }), true},
		{"doubling of a text", `["` + strings.Repeat("x", 1_000_000) + `"]`, ops(200, func(int) string { return `{"op":"copy","from":"/0","path":"/-"}` }), true},
		{"doubling of a name", `{"` + strings.Repeat("x", 1_000_000) + `":1}`, ops(10, func(i int) string { return fmt.Sprintf(`{"op":"copy","from":"","path":"/%d"}`, i) }), true},
		{"as many values as there may be", wide, `[{"op":"add","path":"","value":{}},{"op":"add","path":"/a","value":` + wide + `},{"op":"copy","from":"/a","path":"/b"}]`, false},
		{"more values than there may be", wide, `[{"op":"copy","from":"","path":"/0"},{"op":"copy","from":"/0","path":"/0"}]`, true},
		{"nothing but replaced", `{"a":` + wide + `}`, ops(6, func(int) string { return `{"op":"copy","from":"/a","path":"/b"}` }), false},
		{"copies that are dropped", `{"a":` + wide + `}`, ops(1000, func(int) string { return `{"op":"copy","from":"/a","path":"/b"}` }), true},
		{"as deep as it may be", nested(1000), `[]`, false},
		{"too deep by adding", nested(1000), `[{"op":"add","path":"` + strings.Repeat("/0", 999) + `/-","value":[]}]`, true},
		{"a scalar in the deepest", nested(1000), `[{"op":"add","path":"` + strings.Repeat("/0", 999) + `/-","value":1}]`, false},
		{"too deep by replacing", `[1]`, `[{"op":"replace","path":"/0","value":` + nested(990) + `},{"op":"replace","path":"` + strings.Repeat("/0", 990) + `","value":` + nested(11) + `}]`, true},
		{"too deep by copying", `[` + nested(600) + `]`, `[{"op":"copy","from":"/0","path":"` + strings.Repeat("/0", 500) + `/-"}]`, true},
		{"too deep by moving", `[` + nested(600) + `,` + nested(600) + `]`, `[{"op":"move","from":"/1","path":"` + strings.Repeat("/0", 500) + `/-"}]`, true},
		{"search of many members", members(100_000), ops(5000, func(int) string { return `{"op":"test","path":"/k99999","value":0}` }), true},
		{"insertions in front of many", wide, ops(5000, func(int) string { return `{"op":"add","path":"/0","value":0}` }), true},
		{"removals in front of many", wide, ops(5000, func(int) string { return `{"op":"remove","path":"/0"}` }), true},
		{"test of a number of many digits", "1." + strings.Repeat("0", 1_000_000) + "1", `[{"op":"test","path":"","value":1.` + strings.Repeat("0", 1_000_000) + `10}]`, true},
		{"test of a number of some digits", "1." + strings.Repeat("0", 10_000) + "1", `[{"op":"test","path":"","value":1.` + strings.Repeat("0", 10_000) + `10}]`, false},
		{"test of many large numbers", "[" + strings.Repeat("1e308,", 300_000) + "0]", `[{"op":"test","path":"","value":[` + strings.Repeat("1.0e308,", 300_000) + `0]}]`, true},
		{"too many operations", `{}`, ops(maxOperations+1, func(int) string { return `{"op":"test","path":"","value":{}}` }), true},
		{"as many operations as there may be", `{}`, ops(maxOperations, func(int) string { return `{"op":"test","path":"","value":{}}` }), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			target, patch := parse(t, c.target), parse(t, c.patch)
			start := time.Now()
			_, err := Apply(target, patch)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			if !c.fails {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if fault := asError(t, err); fault.Kind != TooLarge {
				t.Errorf("error %v, want too large", err)
			}
		})
	}
}

// What is counted along the way is what a count at the end finds.
func TestEdit_CountsWhatIsThere(t *testing.T) {
	t.Parallel()
	e := edit{root: *parse(t, `{"abc":{"de":[1,"two",{"f":null}]}}`), steps: maxSteps}
	m, _ := measure(&e.root)
	e.nodes, e.bytes = m.nodes, m.bytes
	list, err := decode(parse(t, `[
		{"op":"copy","from":"/abc","path":"/longer"},
		{"op":"move","from":"/abc/de","path":"/longer/de/-"},
		{"op":"move","from":"/longer/de/0","path":"/number"},
		{"op":"add","path":"/number","value":{"g":"hij"}},
		{"op":"replace","path":"/longer/de/0","value":[]},
		{"op":"move","from":"/number","path":"/longer"},
		{"op":"remove","path":"/abc"},
		{"op":"copy","from":"","path":"/whole"},
		{"op":"move","from":"/whole","path":""},
		{"op":"add","path":"","value":"x"}
	]`))
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if fault := e.apply(&list[i]); fault != nil {
			t.Fatal(i, fault)
		}
		if m, _ := measure(&e.root); m.nodes != e.nodes || m.bytes != e.bytes {
			t.Errorf("after operation %d: %d nodes and %d bytes, counted %d and %d in %s", i, m.nodes, m.bytes, e.nodes, e.bytes, text(&e.root))
		}
	}
}

// What compares as definition.Equal does takes no quadratic time for large
// objects in another order.
func TestSame_IsEqual(t *testing.T) {
	t.Parallel()
	texts := []string{`null`, `0`, `-0.0`, `1`, `1e300`, `10E+299`, `1e301`, `12345678901234567890`, `12345678901234567891`, `12345678901234567890.0`, `1.0`, `"1"`, `true`, `false`, `[]`, `{}`, `[1]`, `[1.0]`, `[1,2]`, `{"a":1}`, `{"b":1}`, `{"a":1,"b":2}`, `{"b":2,"a":1e0}`, `{"b":1,"a":2}`}
	for _, a := range texts {
		for _, b := range texts {
			x, y := parse(t, a), parse(t, b)
			e := edit{steps: maxSteps}
			if got, want := e.same(x, y), definition.Equal(x, y); got != want {
				t.Errorf("%s and %s: %v, want %v", a, b, got, want)
			}
		}
	}
	forth, back := make([]definition.Value, 200_000), make([]definition.Value, 200_000)
	for i := range forth {
		forth[i] = definition.NewInt(int64(i)).With(fmt.Sprint(i))
		back[len(back)-1-i] = forth[i]
	}
	x, y := definition.NewObject(forth...), definition.NewObject(back...)
	start := time.Now()
	e := edit{steps: maxSteps}
	if !e.same(&x, &y) {
		t.Error("order counts")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestError_LongTexts_AreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 10_000)
	for _, patch := range []string{
		`[{"op":"` + long + `","path":"/a"}]`, `[{"op":"remove","path":"/` + long + `"}]`, `[{"op":"test","path":"","value":"` + long + `"}]`,
	} {
		_, err := Apply(parse(t, `"`+long+`x"`), parse(t, patch))
		if err == nil || len(err.Error()) > 500 {
			t.Errorf("the message has %d bytes: %.600s", len(err.Error()), err)
		}
	}
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) {
		t.Fatalf("error %v, want an *Error", err)
	}
	return fault
}

func FuzzApply(f *testing.F) {
	f.Add(`{"a":{"b":[1,2]}}`, `[{"op":"add","path":"/a/b/-","value":3},{"op":"move","from":"/a/b/0","path":"/c"}]`)
	f.Add(`{"a~/b":1}`, `[{"op":"copy","from":"/a~0~1b","path":""},{"op":"test","path":"","value":1.0}]`)
	f.Add(`[[],{}]`, `[{"op":"remove","path":"/0"},{"op":"replace","path":"/0","value":null}]`)
	f.Add(`[0]`, `[{"op":"copy","from":"","path":"/0"},{"op":"copy","from":"","path":"/0/0"}]`)
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
		got, err := Apply(&target, &patch)
		if err != nil {
			if asError(t, err).Error() == "" {
				t.Error("an error says nothing")
			}
		} else {
			if _, err := document.ParseJSON(text(&got), 0, document.Limits{}); err != nil {
				t.Errorf("%s with %s is %s: %v", targetWas, patchWas, text(&got), err)
			}
			scribble(&got)
		}
		if text(&target) != targetWas || text(&patch) != patchWas {
			t.Errorf("%s with %s changed them to %s and %s", targetWas, patchWas, text(&target), text(&patch))
		}
	})
}
