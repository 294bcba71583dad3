package saved

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Config are the settings of matching. The zero value is Postman's default.
type Config struct {
	Body        bool     // request bodies must be equal
	Header      bool     // the Headers must be equal
	Headers     []string // names
	NoQuery     bool     // the query doesn't count
	NoWildcards bool     // variables in a path are no wildcards
	NoFuzzy     bool     // no match by edit distance
}

// Index finds the example that answers a request. It is immutable and safe for
// concurrent use.
type Index struct {
	cfg      Config
	examples []example
	methods  map[string]*methodIndex
}

// example is what one saved example is matched by.
type example struct {
	x       *definition.Exchange
	method  string
	path    string // with saved values, without the base's
	query   query
	body    savedBody
	header  []definition.Pair // names in lower case
	success bool              // its status is 2xx
	rank    int               // the place among ties

	nameRank int // the same where a name was asked for
}

// methodIndex is the examples of one method.
type methodIndex struct {
	fold      map[string][]*entry // by path without trailing slashes, in lower case
	wild      node                // the paths with wildcards
	ids       node                // the paths with wildcards or ids
	entries   []*entry
	bySegment map[int][]*entry // by number of segments
}

// entry is a path with the examples that have it, in the order of ties. An
// example may have several.
type entry struct {
	path     string
	segments []string // without trailing slashes
	slashes  string   // the trailing ones
	wilds    []int    // the segments that are wildcards
	ids      int      // how many segments are ids
	grams    grams
	ascii    bool
	examples []int32
}

// node is one segment of a trie of paths.
type node struct {
	literal map[string]*node
	any     *node // a wildcard
	id      *node // an alphanumeric id
	entries []*entry
}

// Compile makes an index. resolve fills an exchange's variables in; what it
// leaves of them are wildcards.
func Compile(exchanges []*definition.Exchange, cfg Config, resolve func(x *definition.Exchange, text string) string) *Index {
	ix := &Index{cfg: cfg, methods: map[string]*methodIndex{}}
	ix.cfg.Headers = lower(cfg.Headers)
	type place struct{ method, path string }
	entries := map[place]*entry{}
	for i, x := range exchanges {
		r := func(text string) string { return resolve(x, text) }
		var fields []definition.Pair
		for _, p := range x.Request.Query {
			fields = append(fields, definition.Pair{Name: r(p.Name), Value: r(p.Value)})
		}
		paths, own, extra := pathsOf(&x.Request, r)
		e := example{x: x, path: own, method: r(x.Request.Method), body: newBody(x.Request.Body, r), success: x.Response.Status/100 == 2}
		e.query = newQuery(append(fields, extra...))
		for _, h := range x.Request.Header {
			e.header = append(e.header, definition.Pair{Name: strings.ToLower(r(h.Name)), Value: r(h.Value)})
		}
		ix.examples = append(ix.examples, e)
		m := ix.methods[e.method]
		if m == nil {
			m = &methodIndex{fold: map[string][]*entry{}, bySegment: map[int][]*entry{}}
			ix.methods[e.method] = m
		}
		for _, path := range paths {
			at := place{e.method, path}
			en := entries[at]
			if en == nil {
				en = newEntry(path)
				entries[at] = en
				m.add(en)
			}
			en.examples = append(en.examples, int32(i))
		}
	}
	ix.rank()
	for _, m := range ix.methods {
		for _, en := range m.entries {
			slices.SortFunc(en.examples, ix.tie)
			en.examples = slices.Compact(en.examples)
		}
	}
	return ix
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = strings.ToLower(strings.TrimSpace(list[i]))
	}
	return out
}

// pathsOf gives the paths that an example answers: as it is written and, where
// ":name" has a saved value, with that (own); where the base has a path, with it
// and without. A resolved base may bring a query along.
func pathsOf(req *definition.SavedRequest, resolve func(string) string) (paths []string, own string, query []definition.Pair) {
	base := basePath(resolve(req.Base))
	path, rawQuery, _ := strings.Cut(resolve(req.Path), "?")
	base, more, _ := strings.Cut(base, "?")
	for _, raw := range [...]string{more, rawQuery} {
		for _, f := range readForm([]byte(raw), "") {
			query = append(query, definition.Pair{Name: f.Name, Value: f.Value})
		}
	}
	base = trimmed(base)
	own = literal(path, req.Params, resolve)
	for _, p := range [...]string{path, own} {
		paths = append(paths, normal(p))
		if base != "" {
			paths = append(paths, normal(base+p))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), own, query
}

// basePath gives the path of a resolved base: of "https://host/v1" it is "/v1".
// A base that is an unresolved variable has none.
func basePath(base string) string {
	if i := strings.Index(base, "://"); i >= 0 {
		base = base[i+len("://"):]
	}
	for i := 0; i < len(base); i++ {
		switch {
		case strings.HasPrefix(base[i:], "{{"):
			if end := strings.Index(base[i:], "}}"); end > 0 {
				i += end + 1
			}
		case base[i] == '/' || base[i] == '?':
			return base[i:]
		}
	}
	return ""
}

// literal is a path with the saved values of its ":name" segments.
func literal(path string, params []definition.Pair, resolve func(string) string) string {
	if len(params) == 0 {
		return path
	}
	list := segments(path)
	for i, s := range list {
		for _, p := range params {
			if s == ":"+p.Name {
				if v := resolve(p.Value); v != "" && !strings.Contains(v, "{{") {
					list[i] = url.PathEscape(v)
				}
			}
		}
	}
	return "/" + strings.Join(list, "/")
}

func newEntry(path string) *entry {
	en := &entry{path: path, grams: gramsOf(path), ascii: isASCII(path)}
	plain := trimmed(path)
	en.slashes = path[len(plain):]
	en.segments = segments(plain)
	for i, s := range en.segments {
		if _, ok := wildcard(s); ok {
			en.wilds = append(en.wilds, i)
		} else if isID(s) {
			en.ids++
		}
	}
	return en
}

// add puts an entry into the method's tables.
func (m *methodIndex) add(en *entry) {
	m.entries = append(m.entries, en)
	key := strings.ToLower(trimmed(en.path))
	m.fold[key] = append(m.fold[key], en)
	if len(en.segments) > maxPathSegments {
		return
	}
	m.bySegment[len(en.segments)] = append(m.bySegment[len(en.segments)], en)
	if len(en.wilds) > 0 {
		m.wild.add(en, false)
	}
	if len(en.wilds) > 0 || en.ids > 0 {
		m.ids.add(en, true)
	}
}

// add puts an entry under its segments; with ids, those are one segment.
func (n *node) add(en *entry, ids bool) {
	for _, s := range en.segments {
		_, any := wildcard(s)
		switch {
		case any:
			if n.any == nil {
				n.any = &node{}
			}
			n = n.any
		case ids && isID(s):
			if n.id == nil {
				n.id = &node{}
			}
			n = n.id
		default:
			key := strings.ToLower(s)
			next := n.literal[key]
			if next == nil {
				if n.literal == nil {
					n.literal = map[string]*node{}
				}
				next = &node{}
				n.literal[key] = next
			}
			n = next
		}
	}
	n.entries = append(n.entries, en)
}

// find calls f with each entry that matches the segments of a request.
func (n *node) find(asked []string, f func(*entry)) {
	if len(asked) == 0 {
		for _, en := range n.entries {
			f(en)
		}
		return
	}
	s := asked[0]
	if next := n.literal[strings.ToLower(s)]; next != nil {
		next.find(asked[1:], f)
	}
	if n.id != nil && isID(s) {
		n.id.find(asked[1:], f)
	}
	if n.any != nil && s != "" {
		n.any.find(asked[1:], f)
	}
}

// rank orders the examples among ties: those of status 2xx first; then, as
// Postman does, the last in order of id, if they have ids in the file; else the
// first in the file. Where a name was asked for, the first in order of id.
func (ix *Index) rank() {
	order := make([]int, len(ix.examples))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return ix.compare(a, b) })
	for place, i := range order {
		ix.examples[i].rank = place
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := strings.Compare(ix.examples[a].x.ID, ix.examples[b].x.ID); c != 0 {
			return c
		}
		return a - b
	})
	for place, i := range order {
		ix.examples[i].nameRank = place
	}
}

// compare orders two examples among ties.
func (ix *Index) compare(a, b int) int {
	x, y := &ix.examples[a], &ix.examples[b]
	first := func(is bool) int {
		if is {
			return -1
		}
		return 1
	}
	switch {
	case x.success != y.success:
		return first(x.success)
	case (x.x.ID != "") != (y.x.ID != ""):
		return first(x.x.ID != "")
	}
	if c := strings.Compare(y.x.ID, x.x.ID); c != 0 {
		return c
	}
	return a - b
}

func (ix *Index) tie(a, b int32) int { return ix.examples[a].rank - ix.examples[b].rank }

// moreLiteral orders two paths that match in one step: fewer wildcards first,
// then fewer ids, then the one whose first wildcard stands later.
func moreLiteral(a, b *entry) int {
	if c := len(a.wilds) - len(b.wilds); c != 0 {
		return c
	}
	if c := a.ids - b.ids; c != 0 {
		return c
	}
	for i := range a.wilds {
		if c := b.wilds[i] - a.wilds[i]; c != 0 {
			return c
		}
	}
	return 0
}
