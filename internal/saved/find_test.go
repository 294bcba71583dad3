package saved

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// ex makes an example: "GET /pets?a=1", with what opts change of it.
func ex(name, request string, opts ...func(*definition.Exchange)) *definition.Exchange {
	method, target, _ := strings.Cut(request, " ")
	base, rest := "", target
	if !strings.HasPrefix(target, "/") {
		if i := strings.Index(target, "//"); i >= 0 {
			j := strings.Index(target[i+2:], "/")
			base, rest = target[:i+2+j], target[i+2+j:]
		} else {
			base, rest, _ = strings.Cut(target, "/")
			rest = "/" + rest
		}
	}
	path, query, _ := strings.Cut(rest, "?")
	x := &definition.Exchange{Name: name, Scope: -1, Request: definition.SavedRequest{Method: method, Base: base, Path: path}, Response: definition.SavedResponse{Status: 200}}
	for p := range strings.SplitSeq(query, "&") {
		if p != "" {
			k, v, _ := strings.Cut(p, "=")
			x.Request.Query = append(x.Request.Query, definition.Pair{Name: k, Value: v})
		}
	}
	for _, o := range opts {
		o(x)
	}
	return x
}

func id(s string) func(*definition.Exchange) { return func(x *definition.Exchange) { x.ID = s } }
func code(n int) func(*definition.Exchange) {
	return func(x *definition.Exchange) { x.Response.Status = n }
}
func param(k, v string) func(*definition.Exchange) {
	return func(x *definition.Exchange) {
		x.Request.Params = append(x.Request.Params, definition.Pair{Name: k, Value: v})
	}
}
func header(k, v string) func(*definition.Exchange) {
	return func(x *definition.Exchange) {
		x.Request.Header = append(x.Request.Header, definition.Pair{Name: k, Value: v})
	}
}
func body(mode definition.BodyMode, text string) func(*definition.Exchange) {
	return func(x *definition.Exchange) { x.Request.Body = &definition.SavedBody{Mode: mode, Text: text} }
}
func form(mode definition.BodyMode, fields ...definition.SavedPart) func(*definition.Exchange) {
	return func(x *definition.Exchange) { x.Request.Body = &definition.SavedBody{Mode: mode, Fields: fields} }
}

// ask makes a request: "GET /pets?a=1".
func ask(request string, opts ...func(*Request)) *Request {
	method, target, _ := strings.Cut(request, " ")
	path, query, _ := strings.Cut(target, "?")
	r := &Request{Method: method, Path: path, Header: func(string) (string, bool) { return "", false }, Body: func() []byte { return nil }}
	for p := range strings.SplitSeq(query, "&") {
		if p != "" {
			k, v, _ := strings.Cut(p, "=")
			v, _ = url.QueryUnescape(v)
			r.Query = append(r.Query, definition.Pair{Name: k, Value: v})
		}
	}
	for _, o := range opts {
		o(r)
	}
	return r
}

func withHeader(k, v string) func(*Request) {
	return func(r *Request) {
		before := r.Header
		r.Header = func(name string) (string, bool) {
			if strings.EqualFold(name, k) {
				return v, true
			}
			return before(name)
		}
	}
}

func withBody(media, text string) func(*Request) {
	return func(r *Request) {
		r.Body = func() []byte { return []byte(text) }
		withHeader("Content-Type", media)(r)
	}
}

func plain(_ *definition.Exchange, s string) string { return s }

const uuid = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

func TestFind_EachRuleOfTheReference(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	type exs = []*definition.Exchange
	cases := []struct {
		rule     string
		examples exs
		cfg      Config
		ask      *Request
		want     string // "name score step", "" for none
		captured string
	}{
		{rule: "another method is dropped", examples: exs{ex("a", "POST /pets")}, ask: ask("GET /pets")},
		{rule: "the code filters", examples: exs{ex("ok", "GET /pets"), ex("gone", "GET /pets", code(404))}, ask: ask("GET /pets", func(r *Request) { r.Code = 404 }), want: "gone 110 equal"},
		{rule: "no example of the code", examples: exs{ex("ok", "GET /pets")}, ask: ask("GET /pets", func(r *Request) { r.Code = 500 })},
		{rule: "the id filters", examples: exs{ex("a", "GET /pets", id("1")), ex("b", "GET /pets", id("2"))}, ask: ask("GET /pets", func(r *Request) { r.ID = "1" }), want: "a 110 equal"},
		{rule: "a uid finds its id", examples: exs{ex("a", "GET /pets", id(uuid))}, ask: ask("GET /pets", func(r *Request) { r.ID = "1234-" + uuid }), want: "a 110 equal"},
		{rule: "an id finds its uid", examples: exs{ex("a", "GET /pets", id("1234-"+uuid))}, ask: ask("GET /pets", func(r *Request) { r.ID = uuid }), want: "a 110 equal"},
		{rule: "an id on another path is not found", examples: exs{ex("a", "GET /pets", id("1"))}, ask: ask("GET /users", func(r *Request) { r.ID = "1" })},
		{rule: "the name filters", examples: exs{ex("a", "GET /pets"), ex("b", "GET /pets")}, ask: ask("GET /pets", func(r *Request) { r.Name = "b" }), want: "b 110 equal"},
		{rule: "of several names the first in order of id", examples: exs{ex("a", "GET /pets?x=1", id("2")), ex("a", "GET /pets?x=2", id("1")), ex("a", "GET /pets?x=3", id("3"))}, ask: ask("GET /pets", func(r *Request) { r.Name = "a" }), want: "#1 90 equal"},

		{rule: "equal", examples: exs{ex("a", "GET /pets")}, ask: ask("GET /pets"), want: "a 110 equal"},
		{rule: "trailing slash", examples: exs{ex("a", "GET /pets/")}, ask: ask("GET /pets"), want: "a 105 equal without trailing slashes"},
		{rule: "case", examples: exs{ex("a", "GET /Pets")}, ask: ask("GET /pets"), want: "a 100 equal, ignoring case"},
		{rule: "trailing slash, case", examples: exs{ex("a", "GET /Pets")}, ask: ask("GET /pets/"), want: "a 95 equal without trailing slashes, ignoring case"},
		{rule: "wildcard", examples: exs{ex("a", "GET /pets/{{id}}")}, ask: ask("GET /pets/rex"), want: "a 90 equal once wildcard variables are taken out", captured: "id=rex"},
		{rule: "path variable", examples: exs{ex("a", "GET /pets/:id/toys/{{toy}}")}, ask: ask("GET /Pets/rex/toys/b%20c"), want: "a 90 equal once wildcard variables are taken out", captured: "id=rex toy=b c"},
		{rule: "a wildcard takes one segment", examples: exs{ex("a", "GET /pets/{{id}}")}, ask: ask("GET /pets/rex/toys")},
		{rule: "a wildcard takes a whole segment only", examples: exs{ex("a", "GET /pets/x-{{id}}")}, ask: ask("GET /pets/x-12345678901234567890")},
		{rule: "a wildcard takes no empty segment", examples: exs{ex("a", "GET /pets/{{id}}/toys")}, ask: ask("GET /pets//toys")},
		{rule: "wildcards off", examples: exs{ex("a", "GET /pets/{{id}}")}, cfg: Config{NoWildcards: true}, ask: ask("GET /pets/rex")},
		{rule: "id", examples: exs{ex("a", "GET /pets/12")}, ask: ask("GET /pets/34"), want: "a 89 equal once alphanumeric ids are taken out"},
		{rule: "uuid", examples: exs{ex("a", "GET /pets/"+uuid)}, ask: ask("GET /PETS/a3"), want: "a 89 equal once alphanumeric ids are taken out"},
		{rule: "a version is no id", examples: exs{ex("a", "GET /v1/some/longer/path")}, cfg: Config{NoFuzzy: true}, ask: ask("GET /v2/some/longer/path")},
		{rule: "id, trailing slash", examples: exs{ex("a", "GET /pets/12")}, ask: ask("GET /pets/34/"), want: "a 85 equal without trailing slashes once alphanumeric ids are taken out"},
		{rule: "edit distance", examples: exs{ex("a", "GET /customers")}, ask: ask("GET /custmers"), want: "a 80 close by edit distance"},
		{rule: "too far", examples: exs{ex("a", "GET /customers")}, ask: ask("GET /orders")},
		{rule: "as many segments", examples: exs{ex("a", "GET /customers/a")}, ask: ask("GET /customersa")},
		{rule: "edit distance off", examples: exs{ex("a", "GET /customers")}, cfg: Config{NoFuzzy: true}, ask: ask("GET /custmers")},
		{rule: "the smaller distance", examples: exs{ex("far", "GET /customerxx"), ex("near", "GET /customerx")}, ask: ask("GET /customer"), want: "near 80 close by edit distance"},
		{rule: "the more literal path of one step", examples: exs{ex("w", "GET /{{a}}/{{b}}"), ex("l", "GET /pets/{{b}}")}, ask: ask("GET /pets/rex"), want: "l 90 equal once wildcard variables are taken out", captured: "b=rex"},

		{rule: "the more literal path among those with ids", examples: exs{ex("far", "GET /a/1/b/1"), ex("near", "GET /a/222/b/1")}, ask: ask("GET /a/222/b/3"), want: "near 89 equal once alphanumeric ids are taken out"},
		{rule: "of several names the first id, whatever its status", examples: exs{ex("a", "GET /p", id("2")), ex("a", "GET /p", id("1"), code(404))}, ask: ask("GET /p", func(r *Request) { r.Name = "a" }), want: "#1 110 equal"},

		{rule: "the saved value of a path variable is equal", examples: exs{ex("a", "GET /pets/:id", param("id", "7")), ex("b", "GET /pets/:id")}, ask: ask("GET /pets/7"), want: "a 110 equal", captured: "id=7"},
		{rule: "another value is a wildcard", examples: exs{ex("a", "GET /pets/:id", param("id", "7"))}, ask: ask("GET /pets/8"), want: "a 90 equal once wildcard variables are taken out", captured: "id=8"},
		{rule: "a variable base is no path", examples: exs{ex("a", "GET {{baseUrl}}/pets")}, ask: ask("GET /pets"), want: "a 110 equal"},
		{rule: "the path of a base, with it", examples: exs{ex("a", "GET https://host.test/v1/pets")}, ask: ask("GET /v1/pets"), want: "a 110 equal"},

		{rule: "query equal, in another order", examples: exs{ex("a", "GET /pets?a=1&b=2")}, ask: ask("GET /pets?b=2&a=1"), want: "a 110 equal"},
		{rule: "query equal ignoring case", examples: exs{ex("a", "GET /pets?A=x")}, ask: ask("GET /pets?a=X"), want: "a 105 equal"},
		{rule: "query different", examples: exs{ex("a", "GET /pets?a=1")}, ask: ask("GET /pets?a=2"), want: "a 90 equal"},
		{rule: "query missing", examples: exs{ex("a", "GET /pets?a=1")}, ask: ask("GET /pets"), want: "a 90 equal"},
		{rule: "repeated names are multisets", examples: exs{ex("a", "GET /pets?a=1&a=2")}, ask: ask("GET /pets?a=2&a=1"), want: "a 110 equal"},
		{rule: "a multiset counts", examples: exs{ex("a", "GET /pets?a=1&a=1&b=2")}, ask: ask("GET /pets?a=1&b=2&b=2"), want: "a 90 equal"},
		{rule: "a wildcard value equals any", examples: exs{ex("a", "GET /pets?page={{page}}")}, ask: ask("GET /pets?page=7"), want: "a 110 equal", captured: "page=7"},
		{rule: "a wildcard value needs its name", examples: exs{ex("a", "GET /pets?page={{page}}")}, ask: ask("GET /pets?size=7"), want: "a 90 equal"},
		{rule: "query off", examples: exs{ex("a", "GET /pets?a=1")}, cfg: Config{NoQuery: true}, ask: ask("GET /pets?b=2"), want: "a 100 equal"},
		{rule: "the query chooses", examples: exs{ex("a", "GET /pets?a=1"), ex("b", "GET /pets?a=2")}, ask: ask("GET /pets?a=2"), want: "b 110 equal"},
		{rule: "the sum counts, not the step", examples: exs{ex("literal", "GET /pets/rex?a=1", code(404)), ex("wild", "GET /pets/{{id}}?a=2")}, ask: ask("GET /pets/rex?a=2"), want: "wild 90 equal once wildcard variables are taken out", captured: "id=rex"},

		{rule: "headers count when on", examples: exs{ex("a", "GET /pets", header("X-Tenant", "a")), ex("b", "GET /pets", header("x-tenant", "B"))}, cfg: Config{Header: true, Headers: []string{"X-TENANT"}}, ask: ask("GET /pets", withHeader("X-Tenant", "b")), want: "b 110 equal"},
		{rule: "a header missing on one side differs", examples: exs{ex("a", "GET /pets", header("X-Tenant", "a"))}, ask: ask("GET /pets", func(r *Request) { r.MatchHeaders = []string{"x-tenant"} })},
		{rule: "a header missing on both sides is equal", examples: exs{ex("a", "GET /pets")}, ask: ask("GET /pets", func(r *Request) { r.MatchHeaders = []string{"x-tenant"} }), want: "a 110 equal"},
		{rule: "headers don't count when off", examples: exs{ex("a", "GET /pets", header("X-Tenant", "a"))}, cfg: Config{Headers: []string{"X-Tenant"}}, ask: ask("GET /pets"), want: "a 110 equal"},

		{rule: "JSON bodies are values", examples: exs{ex("a", "POST /pets", body(definition.BodyRaw, `{"b": 1.0, "a": [1]}`))}, cfg: Config{Body: true}, ask: ask("POST /pets", withBody("application/json", `{"a":[1],"b":1}`)), want: "a 110 equal"},
		{rule: "another JSON body", examples: exs{ex("a", "POST /pets", body(definition.BodyRaw, `{"a": 1}`))}, cfg: Config{Body: true}, ask: ask("POST /pets", withBody("application/json", `{"a":2}`))},
		{rule: "the call turns bodies on", examples: exs{ex("a", "POST /pets", body(definition.BodyRaw, "x"))}, ask: ask("POST /pets", func(r *Request) { r.MatchBody = &yes })},
		{rule: "the call turns bodies off", examples: exs{ex("a", "POST /pets", body(definition.BodyRaw, "x"))}, cfg: Config{Body: true}, ask: ask("POST /pets", func(r *Request) { r.MatchBody = &no }), want: "a 110 equal"},
		{rule: "urlencoded bodies are sets", examples: exs{ex("a", "POST /pets", form(definition.BodyURLEncoded, definition.SavedPart{Name: "a", Value: "1 2"}, definition.SavedPart{Name: "b", Value: "x"}))}, cfg: Config{Body: true}, ask: ask("POST /pets", withBody("application/x-www-form-urlencoded", "b=x&a=1+2")), want: "a 110 equal"},
		{rule: "form bodies are sets", examples: exs{ex("a", "POST /pets", form(definition.BodyForm, definition.SavedPart{Name: "f", Value: "/tmp/a", File: true}, definition.SavedPart{Name: "b", Value: "x"}))}, cfg: Config{Body: true},
			ask: ask("POST /pets", withBody("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"z\"\r\n\r\ndata\r\n--B--\r\n")), want: "a 110 equal"},
		{rule: "GraphQL bodies by query and variables", examples: exs{ex("a", "POST /g", body(definition.BodyGraphQL, "query {\n  pets(first: 2) { id, name } # all\n}"))}, cfg: Config{Body: true}, ask: ask("POST /g", withBody("application/json", `{"query":"query{pets(first:2){id name}}","variables":{}}`)), want: "a 110 equal"},
		{rule: "other bodies byte for byte", examples: exs{ex("a", "POST /pets", body(definition.BodyRaw, "a b"))}, cfg: Config{Body: true}, ask: ask("POST /pets", withBody("text/plain", "a  b"))},
		{rule: "no body on both sides", examples: exs{ex("a", "POST /pets")}, cfg: Config{Body: true}, ask: ask("POST /pets"), want: "a 110 equal"},

		{rule: "a tie: 2xx first", examples: exs{ex("bad", "GET /pets", code(400), id("9")), ex("ok", "GET /pets", id("1"))}, ask: ask("GET /pets"), want: "ok 110 equal"},
		{rule: "a tie: the last id", examples: exs{ex("a", "GET /pets", id("a")), ex("c", "GET /pets", id("c")), ex("b", "GET /pets", id("b"))}, ask: ask("GET /pets"), want: "c 110 equal"},
		{rule: "a tie without ids: the first in the file", examples: exs{ex("a", "GET /pets"), ex("b", "GET /pets")}, ask: ask("GET /pets"), want: "a 110 equal"},
		{rule: "a tie of two steps: 2xx, then the id", examples: exs{ex("exact", "GET /pets?a=X", id("1")), ex("slash", "GET /pets/?a=x", id("2"))}, ask: ask("GET /pets?a=x"), want: "slash 105 equal without trailing slashes"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			ix := Compile(c.examples, c.cfg, plain)
			m, ok := ix.Find(c.ask)
			got, captured := "", ""
			if ok {
				name := c.examples[m.Index].Name
				if strings.HasPrefix(c.want, "#") {
					name = fmt.Sprintf("#%d", m.Index)
				}
				got = fmt.Sprintf("%s %d %s", name, m.Score, m.Step)
				var list []string
				for _, p := range m.Captured {
					list = append(list, p.Name+"="+p.Value)
				}
				captured = strings.Join(list, " ")
			}
			if got != c.want || captured != c.captured {
				t.Errorf("got %q with %q, want %q with %q", got, captured, c.want, c.captured)
			}
		})
	}
}

func TestFind_IndexAgainstScan_SameSum(t *testing.T) {
	t.Parallel()
	paths := []string{"/", "/pets", "/pets/", "/Pets", "/pets/12", "/pets/{{id}}", "/pets/:id/toys", "/pets/rex/toys", "/{{a}}/{{b}}/toys", "/pet", "/pets/34/", "/v1/pets", "/customers/accounts", "/customers/acounts/"}
	queries := []string{"", "?a=1", "?a=2", "?A=1", "?a={{x}}"}
	var all []*definition.Exchange
	for i, p := range paths {
		for j, q := range queries {
			all = append(all, ex(fmt.Sprint(p, q), "GET "+p+q, code([]int{200, 404}[(i+j)%2])))
		}
	}
	for _, cfg := range []Config{{}, {NoQuery: true}, {NoWildcards: true}, {NoFuzzy: true}} {
		ix := Compile(all, cfg, plain)
		for _, p := range append(paths, "/pets/rex/toys/", "/PETS/99", "/petz", "/customers/account", "/pets/rex") {
			for _, q := range queries[:4] {
				req := ask("GET " + p + q)
				best := -1
				for _, x := range all {
					if m, ok := Compile([]*definition.Exchange{x}, cfg, plain).Find(req); ok {
						best = max(best, m.Score)
					}
				}
				m, ok := ix.Find(req)
				if !ok {
					m.Score = -1
				}
				if m.Score != best {
					t.Errorf("%+v: %s%s: the index finds %d (%s), a scan %d", cfg, p, q, m.Score, m.Step, best)
				}
			}
		}
	}
}

func TestExplain_NothingMatched_TellsTheNearestAndTheRule(t *testing.T) {
	t.Parallel()
	all := []*definition.Exchange{ex("list", "GET /pets"), ex("make", "POST /pets", body(definition.BodyRaw, "{}")), ex("other", "GET /completely/else")}
	cases := []struct {
		ask  *Request
		want string
	}{
		{ask("DELETE /pets"), "method: it is GET, not DELETE"},
		{ask("GET /petshop/all"), "path: it is /pets"},
		{ask("GET /pets", func(r *Request) { r.Code = 404 }), "x-mock-response-code: its status is 200, not 404"},
		{ask("GET /pets", func(r *Request) { r.Name = "x" }), `x-mock-response-name: its name is "list"`},
		{ask("POST /pets", func(r *Request) { on := true; r.MatchBody = &on }), "body: the request's body differs from the saved one"},
		{ask("GET /pets", func(r *Request) { r.MatchHeaders = []string{"a"} }, withHeader("A", "1")), "header: the value of a differs"},
	}
	ix := Compile(all, Config{}, plain)
	for _, c := range cases {
		if m, ok := ix.Find(c.ask); ok {
			t.Errorf("%s %s: %d matches", c.ask.Method, c.ask.Path, m.Index)
			continue
		}
		miss := ix.Explain(c.ask, 3)
		if len(miss.Nearest) == 0 || miss.Nearest[0].Failed != c.want {
			t.Errorf("%s %s: got %+v, want first %q", c.ask.Method, c.ask.Path, miss, c.want)
		}
	}
}

func TestEditor_Distance_IsTheTables(t *testing.T) {
	t.Parallel()
	words := []string{"", "a", "/pets", "/petz/", "kitten", "sitting", "/customers/accounts", strings.Repeat("ab", 32), strings.Repeat("ab", 40), strings.Repeat("abc", 50) + "xyz" + strings.Repeat("abd", 30), strings.Repeat("bca", 81), "grün", "grun"}
	for _, a := range words {
		for _, b := range words {
			e := newEditor(a)
			if got, want := e.distance(b), e.table([]rune(a), []rune(b)); got != want {
				t.Errorf("from %q to %q: got %d, want %d", a, b, got, want)
			} else if g := gramsOf(b); e.grams.least(&g, isASCII(a) && isASCII(b)) > want {
				t.Errorf("from %q to %q: the bound is above %d", a, b, want)
			}
		}
	}
}

// many makes n examples over so many paths.
func many(n, paths int) []*definition.Exchange {
	var all []*definition.Exchange
	for i := range n {
		all = append(all, ex(fmt.Sprint("e", i), fmt.Sprintf("GET /api/resource%c%c%c/%d/items/{{id}}?page=%d", 'a'+i%paths%26, 'a'+i%paths/26%26, 'a'+i%paths/676, i%paths, i/paths)))
	}
	return all
}

func BenchmarkFind(b *testing.B) {
	for _, size := range []struct{ examples, paths int }{{10, 10}, {10_000, 500}, {10_000, 10_000}} {
		ix := Compile(many(size.examples, size.paths), Config{}, plain)
		for name, req := range map[string]*Request{
			"wildcard": ask("GET /api/resourcebaa/1/items/77?page=0"),
			"fuzzy":    ask("GET /api/resourcebaa/1/itemz/77?page=0"),
		} {
			b.Run(fmt.Sprintf("%s/%d/%d", name, size.examples, size.paths), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ix.Find(req)
				}
			})
		}
		b.Run(fmt.Sprintf("miss/%d/%d", size.examples, size.paths), func(b *testing.B) {
			req := ask("GET /nothing/like/it")
			for b.Loop() {
				if _, ok := ix.Find(req); ok {
					b.Fatal("found")
				}
				ix.Explain(req, 3)
			}
		})
	}
}
