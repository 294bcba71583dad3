package saved

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/format"
)

// Request is what an index is asked with.
type Request struct {
	Method string
	Path   string // percent-encoded, with a leading slash
	Query  []definition.Pair
	Header func(name string) (value string, ok bool) // names in any case; several values joined by a comma
	Body   func() []byte

	// What the caller steers by: x-mock-response-code, -id and -name; 0 and ""
	// for none.
	Code int
	ID   string
	Name string

	MatchBody    *bool    // x-mock-match-request-body, over the setting
	MatchHeaders []string // x-mock-match-request-headers, over the setting; nil for none
}

// Match is the example that answers, with how it was found.
type Match struct {
	Index    int // into the exchanges that the index was made of
	Step     Step
	Score    int
	Captured []definition.Pair // what the wildcards of its URL stand for

	found bool
	entry *entry
	far   int // how far the path is: the edit distance, or the segments that differ
}

// find is one search.
type find struct {
	ix      *Index
	req     *Request
	query   query
	bodies  bodies
	hasBody bool
	body    bool     // bodies must be equal
	headers []string // the headers that must be equal, in lower case
	best    [noStep]Match
	top     int // the best sum so far
}

func (ix *Index) search(req *Request) *find {
	f := &find{ix: ix, req: req, body: ix.cfg.Body, top: -1}
	f.query = query{pairs: sorted(req.Query)}
	if needsFolding(req.Query) {
		f.query.folded = folded(req.Query)
	}
	if req.MatchBody != nil {
		f.body = *req.MatchBody
	}
	switch {
	case req.MatchHeaders != nil:
		f.headers = lower(req.MatchHeaders)
	case ix.cfg.Header:
		f.headers = ix.cfg.Headers
	}
	return f
}

func needsFolding(pairs []definition.Pair) bool { return len(pairs) > 0 }

// Find gives the example whose score is best, not found where none matches.
func (ix *Index) Find(req *Request) (Match, bool) {
	m := ix.methods[req.Method]
	if m == nil {
		return Match{}, false
	}
	f := ix.search(req)
	path := normal(req.Path)
	f.literal(m, path)
	plain := trimmed(path)
	asked := segments(plain)
	if len(asked) <= maxPathSegments {
		f.patterns(m, asked, path[len(plain):])
		f.fuzzy(m, path, len(asked))
	}
	best := f.winner()
	if !best.found {
		return Match{}, false
	}
	best.Captured = f.captured(&best, asked)
	return best, true
}

// open tells whether a step can still reach the best sum.
func (f *find) open(s Step) bool {
	most := pathScore + steps[s].adjust
	if !f.ix.cfg.NoQuery {
		most += queryEqual
	}
	return most >= f.top
}

// literal tries the steps that compare whole paths.
func (f *find) literal(m *methodIndex, path string) {
	plain := trimmed(path)
	for _, en := range m.fold[strings.ToLower(plain)] {
		own := trimmed(en.path)
		switch {
		case en.path == path:
			f.try(en, Equal, 0)
		case own == plain:
			f.try(en, EqualTrimmed, 0)
		case en.slashes == path[len(plain):]:
			f.try(en, EqualFolded, 0)
		default:
			f.try(en, EqualTrimmedFolded, 0)
		}
	}
}

// patterns tries the steps that take wildcards and ids out.
func (f *find) patterns(m *methodIndex, asked []string, slashes string) {
	if !f.ix.cfg.NoWildcards && f.open(Wildcards) {
		m.wild.find(asked, func(en *entry) {
			if en.slashes == slashes {
				f.try(en, Wildcards, 0)
			}
		})
	}
	if !f.open(IDs) {
		return
	}
	m.ids.find(asked, func(en *entry) {
		if f.ix.cfg.NoWildcards && len(en.wilds) > 0 {
			return
		}
		if en.slashes == slashes {
			f.try(en, IDs, en.differing(asked))
		} else {
			f.try(en, IDsTrimmed, en.differing(asked))
		}
	})
}

// differing is how many segments of a path are others than those of a request.
func (en *entry) differing(asked []string) int {
	n := 0
	for i, s := range en.segments {
		if !strings.EqualFold(s, asked[i]) {
			n++
		}
	}
	return n
}

// fuzzy tries paths of as many segments that are close by edit distance.
func (f *find) fuzzy(m *methodIndex, path string, count int) {
	if f.ix.cfg.NoFuzzy || !f.open(Fuzzy) || len(path) > maxFuzzyLen {
		return
	}
	var e *editor
	for _, en := range m.bySegment[count] {
		if len(en.path) > maxFuzzyLen || !near(len(en.path), len(path)) {
			continue
		}
		if e == nil {
			e = newEditor(path)
		}
		longer := max(len(en.path), len(path))
		if e.grams.least(&en.grams, e.ascii && en.ascii)*fuzzyShare > longer {
			continue
		}
		if d := e.distance(en.path); d*fuzzyShare <= longer {
			f.try(en, Fuzzy, d)
		}
	}
}

// near tells whether lengths allow a distance of at most a quarter.
func near(a, b int) bool {
	if a < b {
		a, b = b, a
	}
	return (a-b)*fuzzyShare <= a
}

// try scores the examples of a path that has matched in a step.
func (f *find) try(en *entry, step Step, far int) {
	best := &f.best[step]
	for _, i := range en.examples {
		e := &f.ix.examples[i]
		if f.fails(e) != ruleNone {
			continue
		}
		score := pathScore + steps[step].adjust
		full := true
		if !f.ix.cfg.NoQuery {
			q := e.query.score(&f.query)
			score += q
			full = q == queryEqual
		}
		m := Match{Index: int(i), Step: step, Score: score, found: true, entry: en, far: far}
		if f.better(&m, best) {
			*best = m
			f.top = max(f.top, score)
		}
		if full && f.req.Name == "" {
			return // the others of this path come later among ties
		}
	}
}

// better orders two matches of one step.
func (f *find) better(a, b *Match) bool {
	switch {
	case !b.found:
		return true
	case a.Score != b.Score:
		return a.Score > b.Score
	case a.far != b.far:
		return a.far < b.far
	}
	if c := moreLiteral(a.entry, b.entry); c != 0 {
		return c < 0
	}
	return f.rank(a) < f.rank(b)
}

// rank is the place of a match among ties. (Postman: of several examples of the
// name that was asked for, the first in order of id.)
func (f *find) rank(m *Match) int {
	if f.req.Name != "" {
		return f.ix.examples[m.Index].nameRank
	}
	return f.ix.examples[m.Index].rank
}

// winner is the best of all steps.
func (f *find) winner() Match {
	var best Match
	for i := range f.best {
		m := &f.best[i]
		if m.found && (!best.found || m.Score > best.Score ||
			m.Score == best.Score && f.rank(m) < f.rank(&best)) {
			best = *m
		}
	}
	return best
}

// captured gives what the wildcards of the winner's path and query stand for.
func (f *find) captured(m *Match, asked []string) []definition.Pair {
	if m.Step == Fuzzy || len(asked) != len(m.entry.segments) {
		return f.ix.examples[m.Index].query.capture(f.req.Query, nil)
	}
	var out []definition.Pair
	for _, i := range m.entry.wilds {
		name, _ := wildcard(m.entry.segments[i])
		out = append(out, definition.Pair{Name: name, Value: asked[i]})
	}
	out = f.savedValues(m, asked, out)
	return f.ix.examples[m.Index].query.capture(f.req.Query, out)
}

// savedValues adds the ":name" segments that have a saved value, which are no
// wildcards in the path that it makes.
func (f *find) savedValues(m *Match, asked []string, out []definition.Pair) []definition.Pair {
	x := f.ix.examples[m.Index].x
	if len(x.Request.Params) == 0 || len(out) >= len(x.Request.Params) {
		return out
	}
	own := segments(trimmed(x.Request.Path))
	offset := len(asked) - len(own) // of the base's path
	for i, s := range own {
		name, ok := wildcard(s)
		if ok && offset >= 0 && s[0] == ':' && !slices.Contains(m.entry.wilds, offset+i) {
			out = append(out, definition.Pair{Name: name, Value: asked[offset+i]})
		}
	}
	return out
}

// rule is one of the rules that an example can fail.
type rule uint8

const (
	ruleNone rule = iota
	ruleMethod
	ruleCode
	ruleID
	ruleName
	rulePath
	ruleHeader
	ruleBody
)

// fails tells the first rule that an example of the right method and path
// fails.
func (f *find) fails(e *example) rule {
	switch {
	case f.req.Code != 0 && e.x.Response.Status != f.req.Code:
		return ruleCode
	case f.req.ID != "" && !sameID(e.x.ID, f.req.ID):
		return ruleID
	case f.req.Name != "" && e.x.Name != f.req.Name:
		return ruleName
	}
	for _, name := range f.headers {
		if f.headerDiffers(e, name) {
			return ruleHeader
		}
	}
	if f.body && !f.bodyEquals(e) {
		return ruleBody
	}
	return ruleNone
}

func (f *find) bodyEquals(e *example) bool {
	if !f.hasBody {
		f.hasBody = true
		f.bodies.raw = f.req.Body()
		f.bodies.media, _ = f.req.Header("Content-Type")
	}
	return e.body.equal(&f.bodies)
}

// sameID compares ids, of which either may be a uid: "<owner>-<id>".
func sameID(own, asked string) bool {
	if strings.EqualFold(own, asked) {
		return true
	}
	if own == "" {
		return false
	}
	return isUIDOf(asked, own) || format.Check("uuid", asked) && isUIDOf(own, asked)
}

// isUIDOf tells whether uid is an owner's number, a hyphen and the id.
func isUIDOf(uid, id string) bool {
	n := len(uid) - len(id)
	return n > 1 && uid[n-1] == '-' && strings.EqualFold(uid[n:], id) && strings.Trim(uid[:n-1], "0123456789") == ""
}

func (f *find) headerDiffers(e *example, name string) bool {
	value, ok := f.req.Header(name)
	own, has := e.headerValue(name)
	return has != ok || !strings.EqualFold(strings.TrimSpace(own), strings.TrimSpace(value))
}

// headerValue gives a saved header, several values joined by commas.
func (e *example) headerValue(name string) (value string, ok bool) {
	for _, h := range e.header {
		if h.Name == name {
			if ok {
				value += ", "
			}
			value, ok = value+h.Value, true
		}
	}
	return value, ok
}

// has reports whether any example has an id or a name.
func (ix *Index) has(ok func(*example) bool) bool {
	return slices.ContainsFunc(ix.examples, func(e example) bool { return ok(&e) })
}

// Saved gives the request of the example of that number as it is matched: its
// variables resolved, and its path, without that of its base, with the saved
// values of ":name" segments.
func (ix *Index) Saved(i int) Request {
	e := &ix.examples[i]
	return Request{Method: e.method, Path: e.path, Query: e.query.pairs}
}
