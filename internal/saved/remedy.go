package saved

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Remedy is what has to change in a request so that an example answers it, by
// the part of the request. A part is empty where nothing has to.
type Remedy struct {
	Method  []Change
	Paths   []string // that it matches, those that keep most of the request's first
	Differs bool     // the path doesn't match as it is
	Query   []Change // only counts among examples that match
	Filters []Change // the headers that ask for an answer
	Headers []Change // those that are compared
	Body    []Change
	Same    []int // the examples that match whatever this one does
}

// Filling is what a remedy is made with.
type Filling struct {
	Resolve func(text string) string // fills the example's variables in
	Value   func(name string) string // a value for a wildcard that the request has none for
}

// Remedy tells what a candidate of Explain asks for; ok is false where that
// can't be told.
func (ix *Index) Remedy(req *Request, c *Candidate, fill Filling) (r Remedy, ok bool) {
	f := ix.search(req)
	e := &ix.examples[c.Index]
	if c.near.method != req.Method && (c.near.method != http.MethodGet || req.Method != http.MethodHead) {
		r.Method = []Change{SetText(InMethod, "", req.Method, c.near.method)}
	}
	r.Paths = ix.wantedPaths(e, c.near.entry, req.Path, fill.Value)
	r.Differs = c.near.step == noStep && !ix.close(c.near.entry, req.Path)
	if !ix.cfg.NoQuery && len(req.Query) <= maxNames && e.query.score(&f.query) != queryEqual {
		r.Query = e.query.changes(req.Query, fill.Value)
	}
	r.Filters = f.filters(e)
	for _, name := range f.headers {
		if f.headerDiffers(e, name) && !slices.ContainsFunc(r.Headers, func(c Change) bool { return c.Name == name }) {
			r.Headers = append(r.Headers, f.headerChange(e, name))
		}
	}
	if f.body && !f.bodyEquals(e) {
		b := bodyChange{own: &e.body, saved: e.x.Request.Body, resolve: fill.Resolve, raw: f.bodies.raw, media: f.bodies.media}
		if r.Body = b.changes(); r.Body == nil {
			return r, false
		}
	}
	for _, i := range c.near.entry.examples {
		if int(i) != c.Index && f.alike(e, &ix.examples[i]) {
			r.Same = append(r.Same, int(i))
		}
	}
	return r, true
}

// alike reports whether two examples of one path match the same requests.
func (f *find) alike(a, b *example) bool {
	if a.path != b.path || !f.ix.cfg.NoQuery && !slices.Equal(a.query.pairs, b.query.pairs) || f.body && a.body != b.body {
		return false
	}
	for _, name := range f.headers {
		x, hasX := a.headerValue(name)
		y, hasY := b.headerValue(name)
		if hasX != hasY || !strings.EqualFold(strings.TrimSpace(x), strings.TrimSpace(y)) {
			return false
		}
	}
	return true
}

// close reports whether a path matches by its edit distance.
func (ix *Index) close(en *entry, asked string) bool {
	path := normal(asked)
	if ix.cfg.NoFuzzy || max(len(path), len(en.path)) > maxFuzzyLen || len(segments(trimmed(path))) != len(en.segments) {
		return false
	}
	return newEditor(path).distance(en.path)*fuzzyShare <= max(len(path), len(en.path))
}

// maxNames bounds the names of a query or a form that are compared one by one,
// maxPairs the pairs of segments that are.
const (
	maxNames = 200
	maxPairs = 2500
)

// wantedPaths are the paths that a request can have for an example: that of the
// entry with the request's ids and what stands in the place of wildcards, the
// same with the saved ids, the example's own with its saved values, and one in
// which nothing is the request's.
func (ix *Index) wantedPaths(e *example, en *entry, asked string, value func(string) string) []string {
	own := newEntry(normal(e.path))
	var out []string
	for _, w := range [...]pathFill{{en, asked, true}, {en, asked, false}, {own, asked, false}, {own, "", false}} {
		if path := w.path(!ix.cfg.NoWildcards, value); !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}

// pathFill is a path whose wildcards are filled from that of a request.
type pathFill struct {
	*entry
	asked string
	ids   bool // ids are the request's, too
}

func (p *pathFill) path(wildcards bool, value func(string) string) string {
	had := segments(trimmed(p.asked))
	if len(had)*len(p.segments) > maxPairs {
		had = nil
	}
	spare := func(j int) int {
		if had[j] == "" {
			return 2
		}
		return 10
	}
	at, _ := Align(len(p.segments), len(had), func(i, j int) int { return p.likeness(i, normal(had[j])) }, func(int) int { return 10 }, spare)
	var out strings.Builder
	for i, s := range p.segments {
		out.WriteByte('/')
		name, wild := wildcard(s)
		wild = wild && wildcards
		have := ""
		if at[i] >= 0 {
			have = had[at[i]]
		}
		switch is := normal(have); {
		case have != "" && (wild || strings.EqualFold(is, s) || p.ids && isID(s) && isID(is)):
			out.WriteString(have)
		case wild:
			out.WriteString(url.PathEscape(value(name)))
		default:
			out.WriteString(escapePath(s))
		}
	}
	if path := out.String(); path != "/" {
		return path + p.slashes
	}
	return orSlash(p.slashes)
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// likeness is what it costs to take a request's segment for one of the entry.
func (en *entry) likeness(i int, have string) int {
	s := en.segments[i]
	_, wild := wildcard(s)
	switch {
	case wild && have != "":
		return 5
	case wild:
		return 11
	case strings.EqualFold(s, have):
		return 0
	case isID(s) && isID(have):
		return 3
	}
	return Likeness(s, have)
}

// escapePath writes a normal path, or a segment of one, as it is sent.
func escapePath(s string) string {
	const hex = "0123456789ABCDEF"
	var out []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		slash := c == '%' && i+2 < len(s) && s[i+1] == '2' && s[i+2]|0x20 == 'f'
		if slash || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("/-._~!$&'()*+,;=:@", c) >= 0 {
			out = append(out, c)
			continue
		}
		out = append(out, '%', hex[c>>4], hex[c&15])
	}
	return string(out)
}

// changes tells how a query has to change so that it is equal. Wildcards keep
// what the request has.
func (q *query) changes(asked []definition.Pair, value func(string) string) []Change {
	var out []Change
	for _, name := range namesOf(q.pairs, asked) {
		want, have := pairValues(q.pairs, name), pairValues(asked, name)
		want, equal := filled(want, have, value)
		if equal {
			continue
		}
		c := Change{In: InQuery, Name: name, Op: Remove}
		if len(have) > 0 {
			c.Have = texts(have)
		}
		if len(want) > 0 {
			c.Op, c.Want = Set, texts(want)
		}
		out = append(out, c)
	}
	return out
}

// namesOf are the names of both lists, each once.
func namesOf(lists ...[]definition.Pair) []string {
	var out []string
	for _, list := range lists {
		for _, p := range list {
			if !slices.Contains(out, p.Name) {
				out = append(out, p.Name)
			}
		}
	}
	return out
}

func pairValues(list []definition.Pair, name string) []string {
	var out []string
	for _, p := range list {
		if p.Name == name {
			out = append(out, p.Value)
		}
	}
	return out
}

// filled gives the values of one name with its wildcards filled by those of the
// request that no other value takes, and whether the request has just these.
func filled(want, have []string, value func(string) string) (out []string, equal bool) {
	left := slices.Clone(have)
	for _, w := range want {
		if at := slices.Index(left, w); at >= 0 {
			left = slices.Delete(left, at, at+1)
		}
	}
	spare := len(left)
	taken := 0
	for _, w := range want {
		if name, wild := wildcardValue(w); wild {
			if w = value(name); taken < spare {
				w = left[taken]
				taken++
			}
		}
		out = append(out, w)
	}
	a, b := slices.Sorted(slices.Values(out)), slices.Sorted(slices.Values(have))
	return out, slices.Equal(a, b)
}

// filters are the changes of what asks for an answer: to what the example has,
// else it is taken out.
func (f *find) filters(e *example) []Change {
	var out []Change
	change := func(header, want string) {
		have, _ := f.req.Header(header)
		c := SetText(InHeader, header, have, want)
		if want == "" {
			c.Op, c.Want = Remove, nil
		}
		out = append(out, c)
	}
	if f.req.Code != 0 && e.x.Response.Status != f.req.Code {
		change(HeaderCode, strconv.Itoa(e.x.Response.Status))
	}
	if f.req.ID != "" && !sameID(e.x.ID, f.req.ID) {
		change(HeaderID, e.x.ID)
	}
	if f.req.Name != "" && e.x.Name != f.req.Name {
		change(HeaderName, e.x.Name)
	}
	return out
}

// The headers that ask for an answer.
const (
	HeaderCode = "x-mock-response-code"
	HeaderID   = "x-mock-response-id"
	HeaderName = "x-mock-response-name"
)

func (f *find) headerChange(e *example, name string) Change {
	have, _ := f.req.Header(name)
	own, has := e.headerValue(name)
	c := SetText(InHeader, name, have, own)
	if !has {
		c.Op, c.Want = Remove, nil
	}
	return c
}
