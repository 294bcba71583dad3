package engine

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// routesOf makes routes of templates written "GET /path".
func routesOf(templates ...string) *routes {
	r := newRoutes()
	for _, t := range templates {
		method, path, _ := strings.Cut(t, " ")
		r.add(path, &operation{def: &definition.Operation{Method: method, Path: path}, label: t})
	}
	return r
}

func (r *routes) lookup(method, path, query string) string {
	l := lookup{method: method, rawQuery: query}
	if op := r.find(&l, strings.TrimPrefix(path, "/")); op != nil {
		return op.label
	}
	if l.matched {
		return "method"
	}
	return ""
}

func TestRoutes_TheMostConcreteTemplateWins(t *testing.T) {
	t.Parallel()
	r := routesOf("GET /pets", "GET /pets/{id}", "GET /pets/mine", "POST /pets/{id}", "GET /pets/{id}/toys", "GET /pets/mine/food", "GET /{any}/{thing}",
		"GET /files/{name}.{ext}", "GET /files/{name}.tar.gz", "GET /files/{name}", "GET /v1/{name}:cancel", "GET /v1/{name}", "GET /range/{a}-{b}", "GET /static/{path*}", "GET /needs/{path+}",
		"GET /a b/{x}", "GET /Capital", "GET /calls/{Sid}.json", "GET /calls/{Sid}/notes.json", "GET /", "GET /x/{y}(z={w})")
	cases := []struct{ method, path, want string }{
		{"GET", "/pets", "GET /pets"}, {"GET", "/pets/7", "GET /pets/{id}"}, {"GET", "/pets/mine", "GET /pets/mine"}, {"POST", "/pets/mine", "POST /pets/{id}"},
		{"GET", "/pets/mine/toys", "GET /pets/{id}/toys"}, {"GET", "/pets/mine/food", "GET /pets/mine/food"}, {"GET", "/other/thing", "GET /{any}/{thing}"},
		{"GET", "/files/a.txt", "GET /files/{name}.{ext}"}, {"GET", "/files/a.tar.gz", "GET /files/{name}.tar.gz"}, {"GET", "/files/plain", "GET /files/{name}"}, {"GET", "/files/.x", "GET /files/{name}"},
		{"GET", "/v1/job:cancel", "GET /v1/{name}:cancel"}, {"GET", "/v1/job", "GET /v1/{name}"}, {"GET", "/v1/:cancel", "GET /v1/{name}"}, {"GET", "/range/1-2", "GET /range/{a}-{b}"}, {"GET", "/range/12", "GET /{any}/{thing}"},
		{"GET", "/static/a/b/c", "GET /static/{path*}"}, {"GET", "/static/", "GET /static/{path*}"}, {"GET", "/needs/a/b", "GET /needs/{path+}"}, {"GET", "/needs/", ""},
		{"GET", "/a%20b/1", "GET /a b/{x}"}, {"GET", "/capital", ""}, {"GET", "/%43apital", "GET /Capital"}, {"GET", "/calls/CA1.json", "GET /calls/{Sid}.json"}, {"GET", "/calls/CA1/notes.json", "GET /calls/{Sid}/notes.json"},
		{"GET", "/", "GET /"}, {"DELETE", "/pets", "method"}, {"HEAD", "/pets", "GET /pets"}, {"GET", "/pets/", ""}, {"GET", "//pets", ""}, {"GET", "/nothing", ""}, {"GET", "/x/1(z=2)", "GET /x/{y}(z={w})"},
	}
	for _, c := range cases {
		if got := r.lookup(c.method, c.path, ""); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestRoutes_AQueryInATemplateTellsOperationsApart(t *testing.T) {
	t.Parallel()
	r := routesOf("POST /items", "POST /items?action=copy", "POST /items?action=move&deep", "GET /only?x=1")
	cases := []struct{ method, path, query, want string }{
		{"POST", "/items", "", "POST /items"}, {"POST", "/items", "action=copy", "POST /items?action=copy"}, {"POST", "/items", "b=1&action=move&deep=2", "POST /items?action=move&deep"},
		{"POST", "/items", "action=move", "POST /items"}, {"GET", "/only", "", "GET /only?x=1"},
	}
	for _, c := range cases {
		if got := r.lookup(c.method, c.path, c.query); got != c.want {
			t.Errorf("%s %s?%s: got %q, want %q", c.method, c.path, c.query, got, c.want)
		}
	}
}

func TestPathValues_SplitsSegmentsAsTheyMatched(t *testing.T) {
	t.Parallel()
	cases := []struct{ template, path, want string }{
		{"/pets/{id}", "pets/7", "id=7"}, {"/f/{name}.{ext}", "f/a.b.c", "name=a ext=b.c"}, {"/v1/{name}:cancel", "v1/x:cancel", "name=x"}, {"/r/{a}-{b}", "r/1-2", "a=1 b=2"},
		{"/s/{path*}", "s/a/b", "path=a/b"}, {"/{a}/x/{b}", "1/x/2", "a=1 b=2"}, {"/e/{a}", "e/%2F", "a=%2F"}, {"/d/{a}{b}", "d/xyz", "a=x b=yz"},
	}
	for _, c := range cases {
		var got []string
		pathValues(c.template, c.path, func(n, v string) { got = append(got, n+"="+v) })
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.template, c.path, g, c.want)
		}
	}
}

func TestPathValues_LiteralsMayBePercentEncoded(t *testing.T) {
	t.Parallel()
	cases := []struct{ template, path, want string }{
		{"/v1/{name}:cancel", "v1/x%3Acancel", "name=x"}, {"/v1/{name}:cancel", "v1/a%2Fb:cancel", "name=a%2Fb"}, {"/f/{name}.{ext}", "f/a%2Ejpg", "name=a ext=jpg"}, {"/f/{name}.{ext}", "f/a%2Eb.jpg", "name=a%2Eb ext=jpg"},
		{"/f/{name}.{ext}", "f/%20%2Ejpg", "name=%20 ext=jpg"}, {"/r/{a}-{b}", "r/%zz-1", "a=%zz b=1"},
	}
	for _, c := range cases {
		r := routesOf("GET " + c.template)
		if r.lookup("GET", "/"+c.path, "") == "" {
			t.Errorf("%s doesn't match %s", c.template, c.path)
		}
		var got []string
		pathValues(c.template, c.path, func(n, v string) { got = append(got, n+"="+v) })
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.template, c.path, g, c.want)
		}
	}
}

func TestRoutes_RestsOfBothKindsAtOnePlace(t *testing.T) {
	t.Parallel()
	r := routesOf("GET /a/{p*}", "POST /a/{p+}")
	for request, want := range map[string]string{"GET /a/": "GET /a/{p*}", "GET /a/b/c": "GET /a/{p*}", "POST /a/b/c": "POST /a/{p+}", "POST /a/": "method"} {
		method, path, _ := strings.Cut(request, " ")
		if got := r.lookup(method, path, ""); got != want {
			t.Errorf("%s: got %q, want %q", request, got, want)
		}
	}
}

func TestRoute_BasePathsAreTriedStrippedThenWhole(t *testing.T) {
	t.Parallel()
	const doc = `{openapi: 3.0.0, servers: [{url: "https://x.example/api/v{n}"}, {url: /other}, {url: "/my base"}], paths: {/pets: {get: {responses: {"204": {description: d}}}}, /api/v1/odd: {get: {responses: {"204": {description: d}}}}}}`
	m := mockOf(t, doc, Config{})
	for target, want := range map[string]int{"/pets": 204, "/api/v1/pets": 204, "/api/v2/pets/": 204, "/other/pets": 204, "/api/v1/odd": 204, "/my%20base/pets": 204, "/m%79%20base/pets": 204, "/api/pets": 404, "/else/pets": 404} {
		if res := ask(m, sent{target: target}); res.Status != want {
			t.Errorf("%s: %d, want %d", target, res.Status, want)
		}
	}
	required := mockOf(t, doc, Config{BasePath: "/base"})
	for target, want := range map[string]int{"/base/pets": 204, "/pets": 404, "/other/pets": 404} {
		if res := ask(required, sent{target: target}); res.Status != want {
			t.Errorf("with a base path given, %s: %d, want %d", target, res.Status, want)
		}
	}
}

func TestRoute_AServerThatIsAskedForMustBeTheDocuments(t *testing.T) {
	t.Parallel()
	const paths = `paths: {/x: {get: {responses: {"204": {description: d}}}}}`
	m := mockOf(t, `{openapi: 3.0.0, servers: [{url: "https://{region}.example.com/v1", variables: {region: {default: eu, enum: [eu, us]}}}, {url: "http://{host}/"}], `+paths+`}`, Config{})
	for server, want := range map[string]int{"https://eu.example.com/v1": 204, "https://us.example.com/v1/": 204, "https://xx.example.com/v1": 404, "http://a.b": 204, "http://a/b": 404, "": 404} {
		res := ask(m, sent{target: "/x?__server=" + server})
		if res.Status != want || want == 404 && !strings.Contains(text(res), "NO_SERVER_MATCHED_ERROR") {
			t.Errorf("%q: %d %s, want %d", server, res.Status, text(res), want)
		}
	}
	if res := ask(mockOf(t, `{openapi: 3.0.0, `+paths+`}`, Config{}), sent{target: "/x?__server=http://a"}); !strings.Contains(text(res), "NO_SERVER_CONFIGURATION_PROVIDED_ERROR") {
		t.Errorf("without servers: %s", text(res))
	}
}

func TestNoMatch_TellsMethodsAndNearestOperations(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {/pets: {get: {responses: {"204": {description: d}}}, post: {responses: {"204": {description: d}}}}, "/pets/{id}": {get: {responses: {"204": {description: d}}}}}}`, Config{})
	res := ask(m, sent{target: "DELETE /pets"})
	if res.Status != 405 || res.Get("Allow") != "GET, HEAD, OPTIONS, POST" || !strings.Contains(text(res), "NO_METHOD_MATCHED_ERROR") {
		t.Errorf("%d, Allow %q: %s", res.Status, res.Get("Allow"), text(res))
	}
	res = ask(m, sent{target: "GET /pet/7"})
	if res.Status != 404 || !strings.Contains(text(res), `"nearest":[{"method":"GET","path":"/pets/{id}","differs":"\"pet\" would have to be \"pets\"","changes":[{"in":"path","op":"set","have":"/pet/7","want":"/pets/7"}]}`) {
		t.Errorf("%d: %s", res.Status, text(res))
	}
	if res = ask(m, sent{target: "OPTIONS /pets"}); res.Status != 204 || res.Get("Allow") == "" {
		t.Errorf("OPTIONS gives %d, Allow %q", res.Status, res.Get("Allow"))
	}
}

func TestRoute_OperationsAtOnePlaceAreToldApartByTheirContracts(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `
openapi: 3.0.0
paths:
  /users/{id}:
    get: {operationId: byID, parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"200": {description: d}, "400": {description: d}}}
  /users/{name}:
    get: {operationId: byName, parameters: [{name: name, in: path, required: true, schema: {type: string, pattern: "^[a-z]+$"}}], responses: {"200": {description: d}}}
`, Config{})
	for target, want := range map[string]string{"/users/7": "byID", "/users/anna": "byName", "/users/A7": "byID"} {
		if res := ask(m, sent{target: target}); res.Operation != want {
			t.Errorf("%s is answered by %s, want %s", target, res.Operation, want)
		}
	}
	if res := ask(m, sent{target: "/users/A7"}); res.Status != 400 {
		t.Errorf("a request that no contract takes gives %d, want the first operation's 400", res.Status)
	}
}

// concreteness ranks a template for a path, segment by segment: a literal
// before literals with variables, the more literal text the earlier, before a
// variable, before a rest. It is "" where the template doesn't match. The
// routes must find the template of the least rank.
func concreteness(template, path string) string {
	want, got := strings.Split(template, "/")[1:], strings.Split(path, "/")[1:]
	rank := ""
	for i, w := range want {
		if strings.HasSuffix(w, "*}") {
			if len(got) <= i {
				return ""
			}
			return rank + "z"
		}
		if len(got) <= i {
			return ""
		}
		text := got[i]
		if d, err := url.PathUnescape(text); err == nil {
			text = d
		}
		pattern := regexp.MustCompile(`\\\{[a-z]\\\}`).ReplaceAllString(regexp.QuoteMeta(w), `.+`)
		if !regexp.MustCompile(`^(?s:` + pattern + `)$`).MatchString(text) {
			return ""
		}
		literal := len(regexp.MustCompile(`\{[a-z]\}`).ReplaceAllString(w, ""))
		switch {
		case literal == len(w):
			rank += "a"
		case literal > 0:
			rank += "b" + string(rune('z'-literal))
		default:
			rank += "y"
		}
	}
	if len(got) != len(want) {
		return ""
	}
	return rank
}

// FuzzRoutes compares the trie with a slow reference that tries every template.
func FuzzRoutes(f *testing.F) {
	templates := []string{"/a/{x}", "/a/b", "/{x}/{y}", "/f/{n}.{e}", "/f/{n}.gz", "/c/{n}:go", "/s/{p*}", "/a/{x}/b", "/a b/{x}", "/{x}/b/{z}"}
	var list []string
	for _, t := range templates {
		list = append(list, "GET "+t)
	}
	r := routesOf(list...)
	for _, s := range []string{"/a/b", "/a/b/b", "/f/x.y", "/f/x.gz", "/c/x:go", "/c/x%3ago", "/s/", "/", "//", "/a//b", "/f/..", "/a/%2F", "/%61/b", "/a%20b/c", "/a/%zz", "/x/b/c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		path = "/" + strings.TrimPrefix(path, "/")
		want, best := "", ""
		for i, template := range templates {
			if rank := concreteness(template, path); rank != "" && (best == "" || rank < best) {
				want, best = list[i], rank
			}
		}
		if got := r.lookup("GET", path, ""); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	})
}

func BenchmarkRoute(b *testing.B) {
	for _, n := range []int{10, 1000, 10_000} {
		b.Run(fmt.Sprint(n, " operations"), func(b *testing.B) {
			var list []string
			for i := range n {
				list = append(list, fmt.Sprintf("GET /v1/resource%d/{id}/parts/{part}", i))
			}
			r := routesOf(list...)
			path := fmt.Sprintf("v1/resource%d/12345/parts/abc", n/2)
			l := lookup{method: "GET"}
			b.ReportAllocs()
			for b.Loop() {
				if r.find(&l, path) == nil {
					b.Fatal("no route")
				}
			}
		})
	}
}
