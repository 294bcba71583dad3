package saved

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// FuzzFind asks an index of two examples: it finds what a scan of each example
// by itself finds best, and what it tells of every miss makes the example match.
func FuzzFind(f *testing.F) {
	f.Add("/pets/{{id}}", "/pets/12/", "/pets/a", "a", "1", "A", "1", `{"a":1}`, `{"a":1.0}`)
	f.Add("/a//b", "/%41/%2f", "/A//B/", "", "", "x", "{{y}}", "", "x=1")
	f.Add("/v1/:x/y", "", "/v2/"+uuid+"/y", "q", "{{w}}", "q", "z", "a=1&b", "query{a}")
	f.Fuzz(func(t *testing.T, one, two, path, name, value, askedName, askedValue, saved, sent string) {
		all := []*definition.Exchange{ex("one", "GET /"), ex("two", "GET /", code(404))}
		all[0].Request.Path, all[1].Request.Path = "/"+one, "/"+two
		all[0].Request.Query = []definition.Pair{{Name: name, Value: value}}
		all[1].Request.Body = &definition.SavedBody{Mode: definition.BodyRaw, Text: saved}
		for _, cfg := range []Config{{}, {Body: true}, {NoQuery: true, NoFuzzy: true}} {
			req := ask("GET /", withBody("application/json", sent))
			req.Path = "/" + path
			req.Query = []definition.Pair{{Name: askedName, Value: askedValue}}
			best := -1
			for _, x := range all {
				if m, ok := Compile([]*definition.Exchange{x}, cfg, plain).Find(req); ok {
					best = max(best, m.Score)
				}
			}
			ix := Compile(all, cfg, plain)
			m, ok := ix.Find(req)
			if !ok {
				m.Score = -1
				for _, c := range ix.Explain(req, 3).Nearest {
					remedied(t, ix, all[c.Index], cfg, req, &c)
				}
			} else {
				ix.Beside(req, &m, 3)
			}
			if m.Score != best {
				t.Errorf("%+v: the index finds %d, a scan %d", cfg, m.Score, best)
			}
		}
	})
}

// remedied makes the changes that a candidate asks for: each of its paths has to
// match then.
func remedied(t *testing.T, ix *Index, x *definition.Exchange, cfg Config, req *Request, c *Candidate) {
	r, ok := ix.Remedy(req, c, Filling{Resolve: func(s string) string { return s }, Value: func(string) string { return "1" }})
	if !ok {
		return
	}
	changed := *req
	if r.Method != nil {
		changed.Method = r.Method[0].Want.Text
	}
	media, _ := req.Header("Content-Type")
	var inBody []Change
	for _, change := range r.Body {
		if change.In == InHeader {
			media = change.Want.Text
		} else {
			inBody = append(inBody, change)
		}
	}
	body, err := ApplyBody(req.Body(), media, inBody)
	if err != nil {
		t.Fatal(err)
	}
	changed.Body = func() []byte { return body }
	changed.Header = func(name string) (string, bool) { return media, name == "Content-Type" }
	alone := Compile([]*definition.Exchange{x}, cfg, plain)
	for _, path := range r.Paths {
		changed.Path = path
		if _, ok := alone.Find(&changed); !ok {
			t.Errorf("%s %s: %q %q does not match %s %q %+v", req.Method, req.Path, changed.Method, path, x.Request.Method, x.Request.Path, r.Body)
		}
	}
}
