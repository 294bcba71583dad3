package engine

import (
	"strings"
	"testing"
)

// A miss must say what to change in the words of the request.
func TestNearest_TellsTheFirstDifference(t *testing.T) {
	t.Parallel()
	m := mockOf(t, `{openapi: 3.0.0, paths: {
		/pets: {get: {responses: {"204": {description: d}}}},
		"/pets/{id}/toys": {get: {responses: {"204": {description: d}}}},
		"/files/{name}.{ext}": {get: {responses: {"204": {description: d}}}},
		/owners: {post: {responses: {"204": {description: d}}}}}}`, Config{})
	cases := []struct{ target, nearest string }{
		{"/pet", `GET /pets: "pet" would have to be "pets".`}, {"/PETS", `GET /pets: "PETS" would have to be "pets".`}, {"/pets/7/toy", `GET /pets/{id}/toys: "toy" would have to be "toys".`},
		{"/pets/7", `GET /pets: the segment "7" is too much.`}, {"/pets//toys", `GET /pets/{id}/toys: a value for {id} is missing.`}, {"/pets/7/toys/1", `GET /pets/{id}/toys: the segment "1" is too much.`},
		{"/files/x", `GET /files/{name}.{ext}: "x" would have to be like "{name}.{ext}".`}, {"/files", `GET /files/{name}.{ext}: the segment "{name}.{ext}" is missing.`},
		{"//pets", `GET /pets: a slash is too much.`}, {"/pets//", `GET /pets: a slash is too much.`}, {"/owner", `POST /owners: "owner" would have to be "owners"; the method is POST.`},
	}
	for _, c := range cases {
		res := ask(m, sent{target: c.target})
		if want := strings.ReplaceAll(c.nearest, `"`, `\"`); res.Status != 404 || !strings.Contains(text(res), "Nearest is "+want) {
			t.Errorf("%s: %d %s, want %s", c.target, res.Status, text(res), c.nearest)
		}
	}
}

// FuzzNearest asks for any path: what a miss tells makes the operation take it.
func FuzzNearest(f *testing.F) {
	m := mockOf(f, places, Config{})
	based := mockOf(f, places, Config{BasePath: "/v9"})
	for _, path := range []string{"/pet/7", "//pets//", "/api/v2/pets/%zz", "/files/x", "/tree", "/a%20b/d", "/pets/mine/1", "/v8/search", "/%2F/..", ""} {
		f.Add("GET", path, "kind=cow")
	}
	f.Fuzz(func(t *testing.T, method, path, query string) {
		for _, m := range []*Mock{m, based} {
			req := &Request{Method: method, Path: "/" + path, RawQuery: query, Header: map[string][]string{}}
			res := &Response{}
			m.Answer(req, res)
			if res.Fault != "" {
				t.Fatal(res.Fault)
			}
			for _, near := range res.x.nearest {
				if near.Changes == nil {
					continue
				}
				changed, _, err := Apply(req, nil, near.Changes)
				if err != nil {
					t.Fatal(err)
				}
				if x := (exchange{mock: m, req: changed}); !m.routed(&x) || x.op.def.Path != near.Path || x.op.def.Method != near.Method {
					t.Errorf("%s %s: %s leads elsewhere", method, path, written(near.Changes))
				}
			}
		}
	})
}

func TestNearest_OfManyOperationsIsThree(t *testing.T) {
	t.Parallel()
	m := mockOf(t, preferDocument, Config{})
	if n := len(m.nearest("GET", "/q")); n != maxNearest {
		t.Errorf("%d candidates, want %d", n, maxNearest)
	}
	for _, path := range []string{"/" + strings.Repeat("a", 5000), strings.Repeat("/a", 100)} {
		if res := ask(m, sent{target: path}); res.Status != 404 || len(res.Body) > 2000 {
			t.Errorf("%.20s…: %d, %d bytes", path, res.Status, len(res.Body))
		}
	}
}
