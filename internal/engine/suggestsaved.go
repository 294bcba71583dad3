package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/template"
)

// suggestion looks for the changes with which saved examples answer a request.
// Each list is tried before it is told.
type suggestion struct {
	x    *exchange
	req  *saved.Request
	body []byte
	res  Response // of the trials
}

// suggestSaved prepares suggestions for a request that no example answers.
func (x *exchange) suggestSaved(req *saved.Request) *suggestion {
	s := &suggestion{x: x, req: req}
	if x.bodyRead || len(x.mock.ops) > 0 || x.mock.cfg.Matching.Body || req.MatchBody != nil {
		s.body, _ = x.readBody()
	}
	return s
}

// changes are the fewest with which a candidate answers; nil where none are
// known to, or where they would tell what is secret.
func (s *suggestion) changes(c *saved.Candidate) []Change {
	if len(s.body) > maxTried {
		return nil
	}
	examples := s.x.mock.examples
	e := examples.answers[c.Index].x
	r, ok := examples.index.Remedy(s.req, c, saved.Filling{
		Resolve: examples.resolver(e),
		Value:   func(name string) string { return plausibleText(s.x.mock, name, 0) },
	})
	if !ok {
		return nil
	}
	tries := s.tries(&r, e)
	alike := -1
	for i, changes := range tries {
		won := s.winner(changes)
		switch {
		case won == c.Index:
			return s.open(e, changes)
		case alike < 0 && slices.Contains(r.Same, won):
			alike = i
		}
	}
	if alike >= 0 { // nothing tells the two apart
		return s.open(e, tries[alike])
	}
	return nil
}

// tries are lists of changes that may do, the shorter first: the path and the
// query as near to the request's as can be, then as the example has them; then
// the same with the example asked for outright.
func (s *suggestion) tries(r *saved.Remedy, e *definition.Exchange) [][]Change {
	var paths [][]Change
	if !r.Differs {
		paths = append(paths, nil)
	}
	for _, path := range r.Paths {
		paths = append(paths, s.toPath(path))
	}
	methods := [][]Change{r.Method}
	if r.Method == nil && s.req.Method != e.Request.Method { // HEAD that GET may answer
		methods = append(methods, []Change{saved.SetText(saved.InMethod, "", s.req.Method, e.Request.Method)})
	}
	asks := append([][]Change{nil}, s.asking(e)...)
	var out [][]Change
	for _, ask := range asks {
		for _, method := range methods {
			for _, path := range paths {
				for _, query := range [...][]Change{nil, r.Query} {
					list := slices.Concat(method, path, query, without(r.Filters, ask), ask, r.Headers, r.Body)
					if !slices.ContainsFunc(out, func(o []Change) bool { return sameChanges(o, list) }) {
						out = append(out, list)
					}
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b []Change) int { return len(a) - len(b) })
	most := maxTries
	if len(s.body) > longBody {
		most = maxLongTries
	}
	return out[:min(len(out), most)]
}

// What a miss may cost: maxTries and maxLongTries bound the lists of changes
// that are tried for one example, the latter where the body is long. With a body
// above maxTried bytes nothing is tried.
const (
	maxTries     = 32
	maxLongTries = 2
	longBody     = 64 << 10
	maxTried     = 1 << 20
)

// sameChanges compares two lists of one request's changes.
func sameChanges(a, b []Change) bool {
	return slices.EqualFunc(a, b, func(a, b Change) bool {
		return a.In == b.In && a.Name == b.Name && a.Op == b.Op && definition.Equal(a.Want, b.Want)
	})
}

// without leaves out what other changes do better.
func without(list, others []Change) []Change {
	var out []Change
	for _, c := range list {
		if !slices.ContainsFunc(others, func(o Change) bool { return o.In == c.In && o.Name == c.Name }) {
			out = append(out, c)
		}
	}
	return out
}

// toPath changes the path, before which the base path of the mock stands.
func (s *suggestion) toPath(path string) []Change {
	if path = s.x.mock.cfg.BasePath + path; path == s.x.req.Path {
		return nil
	}
	return []Change{saved.SetText(saved.InPath, "", s.x.req.Path, path)}
}

// asking are the headers that ask for an example outright.
func (s *suggestion) asking(e *definition.Exchange) [][]Change {
	var out [][]Change
	ask := func(name, want string) {
		if have := s.x.req.Header.Get(name); want != "" && want != have {
			out = append(out, []Change{saved.SetText(saved.InHeader, name, have, want)})
		}
	}
	ask(saved.HeaderCode, strconv.Itoa(e.Response.Status))
	ask(saved.HeaderID, e.ID)
	ask(saved.HeaderName, e.Name)
	return out
}

// winner is the number of the example that answers the changed request, -1 for
// none.
func (s *suggestion) winner(changes []Change) int {
	if len(changes) == 0 {
		return -1
	}
	req, _, err := Apply(s.x.req, s.body, changes)
	if err != nil || !sendable(req) {
		return -1
	}
	s.res.Reset()
	s.x.mock.run(req, &s.res, rehearsing)
	return s.res.x.won - 1
}

// sendable reports whether a request can be sent as it is.
func sendable(req *Request) bool {
	if !validFieldName(req.Method) || strings.ContainsAny(req.Path, " ?#") {
		return false
	}
	for name, list := range req.Header {
		for _, v := range list {
			if !validFieldName(name) || fieldValue(v) != v {
				return false
			}
		}
	}
	return true
}

// open is the changes, unless they would tell what is secret: the value of a
// secret variable, or of a header that carries credentials.
func (s *suggestion) open(e *definition.Exchange, changes []Change) []Change {
	for i := range changes {
		if c := &changes[i]; c.In == saved.InHeader && c.Op == saved.Set && carriesSecret(c.Name) || s.x.mock.examples.secret(e, c) {
			return nil
		}
	}
	return changes
}

// carriesSecret tells the headers whose values are nobody's business.
func carriesSecret(name string) bool {
	for _, n := range [...]string{"authorization", "proxy-authorization", "cookie", "x-api-key"} {
		if strings.EqualFold(name, n) {
			return true
		}
	}
	return false
}

// secret reports whether what a change wants is made of a secret variable.
func (e *examples) secret(x *definition.Exchange, c *Change) bool {
	if c.Want == nil || e.scopes.hidden == nil {
		return false
	}
	hit := false
	lookup := e.scopes.lookup(x.Scope)
	spy := func(name string) (string, bool) {
		hit = hit || e.scopes.hidden[name]
		return lookup(name)
	}
	see := func(text string) { _, _ = template.Resolve(text, spy) }
	switch req := &x.Request; c.In {
	case saved.InMethod:
		see(req.Method)
	case saved.InPath:
		see(req.Base + req.Path)
		seePairs(req.Params, see)
	case saved.InQuery:
		see(req.Base + req.Path)
		seePairs(req.Query, see)
	case saved.InHeader:
		for _, h := range req.Header {
			if strings.EqualFold(h.Name, c.Name) {
				see(h.Value)
			}
		}
	case saved.InBody:
		if b := req.Body; b != nil {
			see(b.Text)
			see(b.Variables)
			for _, f := range b.Fields {
				see(f.Name + f.Value)
			}
		}
	}
	return hit
}

func seePairs(list []definition.Pair, see func(string)) {
	for _, p := range list {
		see(p.Name + p.Value)
	}
}
