package saved

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// FuzzFind asks an index of two examples: it finds what a scan of each example
// by itself finds best, and explains every miss.
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
				ix.Explain(req, 3)
			}
			if m.Score != best {
				t.Errorf("%+v: the index finds %d, a scan %d", cfg, m.Score, best)
			}
		}
	})
}
