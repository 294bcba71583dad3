package verify

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// The calls are single letters, as are the matchers; a number is how often.
func TestJudge_Order(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		order, matchers, calls, fails string
	}{
		{"relative", "a b", "ab", ""},
		{"relative", "a b", "xaxbx", ""},
		{"relative", "a b", "bab", ""},
		{"relative", "a b", "ba", "GET /b was called 0 times after GET /a, wanted at least 1; it was called 1 time in all"},
		{"relative", "a b a", "aba", ""},
		{"relative", "a b a", "aab", "GET /a was called 0 times after GET /b, wanted at least 1; it was called 2 times in all"},
		{"relative", "a b c", "ac", "GET /b was called 0 times, wanted at least 1"},
		{"relative", "a b2 c", "abxbc", ""},
		{"relative", "a b2 c", "abc", "GET /b was called 1 time after GET /a, wanted 2"},
		{"relative", "a b2 c", "abbbc", "GET /b was called 3 times after GET /a, wanted 2"},
		{"relative", "a b2", "abbb", "GET /b was called 3 times after GET /a, wanted 2"},
		{"relative", "a b1 a b1", "abab", ""},
		{"relative", "a b0-1 c", "ac", ""},
		{"relative", "a b0-1 c", "abc", ""},
		{"relative", "a b0", "axx", ""},
		{"relative", "a b0", "ab", "GET /b was called 1 time, wanted 0"},
		{"relative", "a1-3 a1 b", "aaab", ""}, // the last of three is the second's
		{"relative", "a1-3 a1 b", "aaaaab", "GET /a was called 4 times after GET /a, wanted 1; it was called 5 times in all"},
		{"strict", "a b", "ab", ""},
		{"strict", "a b", "xabx", ""},
		{"strict", "a b", "axab", ""},
		{"strict", "a b", "axb", "GET /b was called 0 times directly after GET /a, wanted at least 1; GET /x came instead; it was called 1 time in all"},
		{"strict", "a b", "aab", ""},
		{"strict", "a1 b", "aab", "GET /a was called 2 times, wanted 1"},
		{"strict", "a b1", "abb", "GET /b was called 2 times directly after GET /a, wanted 1"},
		{"strict", "a b1", "abxb", ""},
		{"strict", "a b2 c", "abxbc", "GET /b was called 1 time directly after GET /a, wanted 2; GET /x came instead; it was called 2 times in all"},
		{"strict", "a b0-1 c", "xacx", ""},
		{"strict", "a b", "", "GET /a was called 0 times, wanted at least 1\nGET /b was called 0 times, wanted at least 1"},
		{"only strict", "a b", "ab", ""},
		{"only strict", "a b", "abx", "GET /x came after the last call that is wanted"},
		{"only strict", "a b", "xab", "GET /a was called 0 times, wanted at least 1; GET /x came instead; it was called 1 time in all"},
		{"only strict", "a b", "abab", "GET /a came after the last call that is wanted"},
		{"only relative", "a b", "axb", "GET /b was called 0 times directly after GET /a, wanted at least 1; GET /x came instead; it was called 1 time in all"},
		{"only relative", "a b2", "abb", ""},
		{"only any", "a b", "ba", ""},
		{"only any", "a b", "bxya", "2 calls were not wanted: GET /x, GET /y"},
		{"only any", "a", "avwxyz", "5 calls were not wanted: GET /v, GET /w, GET /x and 2 more"},
		{"only any", "", "", ""},
		{"only any", "", "x", "1 call was not wanted: GET /x"},
		{"only strict", "", "", ""},
		{"only strict", "", "x", "GET /x came after the last call that is wanted"},
	} {
		var list []*Call
		for _, name := range c.calls {
			list = append(list, called("GET /"+string(name)))
		}
		order, only := strings.CutPrefix(c.order, "only ")
		form := map[string]any{"calls": lettered(c.matchers), "order": order, "only": only}
		text, _ := json.Marshal(form)
		if got := messages(judge(t, string(text), list...)); got != c.fails {
			t.Errorf("%s %q of %q:\n got:  %s\n want: %s", c.order, c.matchers, c.calls, got, c.fails)
		}
	}
}

func lettered(matchers string) []map[string]any {
	out := []map[string]any{}
	for m := range strings.FieldsSeq(matchers) {
		one := map[string]any{"method": "GET", "path": "/" + m[:1]}
		if least, most, ok := strings.Cut(m[1:], "-"); ok {
			from, _ := strconv.Atoi(least)
			to, _ := strconv.Atoi(most)
			one["times"] = map[string]int{"atLeast": from, "atMost": to}
		} else if n, err := strconv.Atoi(m[1:]); err == nil {
			one["times"] = n
		}
		out = append(out, one)
	}
	return out
}

// The order that a verification finds is the one that a search through all
// choices would find.
func TestJudge_Order_GuessesNothing(t *testing.T) {
	t.Parallel()
	const verification = `{"order":"strict","only":true,"calls":[
		{"path":"/a","times":{"atLeast":1,"atMost":3}},
		{"path":"/a","status":201,"times":1},
		{"path":"/b"}]}`
	for calls, want := range map[string]bool{
		"200 201 201 b": true, "201 201 b": true, "201 b": false, "200 200 b": false, "201 201 201 201 b": true, "201 201 201 201 201 b": false,
	} {
		var list []*Call
		for status := range strings.FieldsSeq(calls) {
			if status == "b" {
				list = append(list, called("GET /b"))
			} else {
				list = append(list, called("GET /a "+status))
			}
		}
		if r := judge(t, verification, list...); r.Verified != want {
			t.Errorf("%s: verified is %t, %s", calls, r.Verified, messages(r))
		}
	}
}
