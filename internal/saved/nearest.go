package saved

import (
	"fmt"
	"slices"
	"strings"
)

// Candidate is an example near a request that none matched.
type Candidate struct {
	Index  int
	Score  int    // what it scores but for the rule that it failed, 0 where that is the path
	Failed string // the first rule that it failed, with what differs

	near    nearPath
	matches bool // it fails no rule
}

// Miss says why nothing matched.
type Miss struct {
	Reason  string // about an id or a name that was asked for, "" else
	Nearest []Candidate
}

// Explain tells the nearest examples of a request that none matched, n at
// most, the nearest first.
func (ix *Index) Explain(req *Request, n int) Miss {
	var miss Miss
	switch {
	case len(req.Path) > maxFuzzyLen:
		miss.Reason = fmt.Sprintf("the path has more than %d bytes, so that the nearest examples are not looked for", maxFuzzyLen)
	case req.ID != "" && !ix.has(func(e *example) bool { return sameID(e.x.ID, req.ID) }):
		miss.Reason = fmt.Sprintf("no example has the id %q", clip(req.ID))
	case req.Name != "" && !ix.has(func(e *example) bool { return e.x.Name == req.Name }):
		miss.Reason = fmt.Sprintf("no example has the name %q", clip(req.Name))
	case req.ID != "":
		miss.Reason = fmt.Sprintf("the example with the id %q has another method or path", clip(req.ID))
	case req.Name != "":
		miss.Reason = fmt.Sprintf("the examples with the name %q have another method or path", clip(req.Name))
	}
	for _, near := range ix.nearPaths(req, 2*n) { // an example may have several paths
		for _, c := range near.candidates(ix.search(req), n) {
			at := slices.IndexFunc(miss.Nearest, func(o Candidate) bool { return o.Index == c.Index })
			switch {
			case at < 0:
				miss.Nearest = append(miss.Nearest, c)
			case c.Score > miss.Nearest[at].Score:
				miss.Nearest[at] = c
			}
		}
	}
	slices.SortStableFunc(miss.Nearest, func(a, b Candidate) int { return b.Score - a.Score })
	if len(miss.Nearest) > n {
		miss.Nearest = miss.Nearest[:n]
	}
	return miss
}

func clip(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// nearPath is a path of a method with how far it is from a request's.
type nearPath struct {
	method string
	entry  *entry
	step   Step // noStep where the path fails
	cost   int
}

// nearPaths gives the n nearest paths of all methods.
func (ix *Index) nearPaths(req *Request, n int) []nearPath {
	path := normal(req.Path)
	if len(path) > maxFuzzyLen {
		return nil
	}
	plain := trimmed(path)
	asked := segments(plain)
	e := newEditor(path)
	var best []nearPath
	for _, method := range ix.sortedMethods() {
		m := ix.methods[method]
		matched := ix.matched(m, path, asked)
		penalty := 0
		if method != req.Method {
			penalty = 2
		}
		for _, en := range m.entries {
			c := nearPath{method: method, entry: en, step: noStep, cost: penalty}
			if s, ok := matched[en]; ok {
				c.step = s
			} else {
				if len(en.path) > maxFuzzyLen {
					continue
				}
				if len(best) == n && penalty+10+e.grams.least(&en.grams, e.ascii && en.ascii) >= best[n-1].cost {
					continue
				}
				c.cost += 10 + e.distance(en.path)
			}
			if len(best) == n && c.cost >= best[n-1].cost {
				continue
			}
			at, _ := slices.BinarySearchFunc(best, c.cost+1, func(b nearPath, cost int) int { return b.cost - cost })
			best = slices.Insert(best, at, c)
			if len(best) > n {
				best = best[:n]
			}
		}
	}
	return best
}

func (ix *Index) sortedMethods() []string {
	var out []string
	for m := range ix.methods {
		out = append(out, m)
	}
	slices.Sort(out)
	return out
}

// matched gives the paths of a method that match, with their step.
func (ix *Index) matched(m *methodIndex, path string, asked []string) map[*entry]Step {
	f := &find{ix: ix}
	found := map[*entry]Step{}
	note := func(en *entry, s Step) {
		if old, ok := found[en]; !ok || s < old {
			found[en] = s
		}
	}
	plain := trimmed(path)
	for _, en := range m.fold[strings.ToLower(plain)] {
		note(en, EqualTrimmedFolded)
		if en.path == path {
			note(en, Equal)
		}
	}
	if len(asked) > maxPathSegments {
		return found
	}
	if !f.ix.cfg.NoWildcards {
		m.wild.find(asked, func(en *entry) {
			if en.slashes == path[len(plain):] {
				note(en, Wildcards)
			}
		})
	}
	m.ids.find(asked, func(en *entry) {
		if !ix.cfg.NoWildcards || len(en.wilds) == 0 {
			note(en, IDsTrimmed)
		}
	})
	return found
}

// candidates gives the examples of a near path with the rule that each failed.
func (c *nearPath) candidates(f *find, n int) []Candidate {
	var out []Candidate
	for _, i := range c.entry.examples {
		if len(out) == n {
			break
		}
		e := &f.ix.examples[i]
		got := Candidate{Index: int(i), near: *c}
		failed := f.fails(e)
		switch {
		case c.method != f.req.Method:
			failed = ruleMethod
		case c.step == noStep && (failed == ruleNone || failed > rulePath):
			failed = rulePath
		}
		if c.step != noStep {
			got.Score = pathScore + steps[c.step].adjust
			if !f.ix.cfg.NoQuery {
				got.Score += e.query.score(&f.query)
			}
		}
		got.Failed = f.tell(failed, e, c.entry)
		out = append(out, got)
	}
	return out
}

// tell says what an example failed, for people.
func (f *find) tell(failed rule, e *example, en *entry) string {
	switch failed {
	case ruleMethod:
		return fmt.Sprintf("method: it is %s, not %s", e.method, clip(f.req.Method))
	case ruleCode:
		return fmt.Sprintf("x-mock-response-code: its status is %d, not %d", e.x.Response.Status, f.req.Code)
	case ruleID:
		return fmt.Sprintf("x-mock-response-id: its id is %q", e.x.ID)
	case ruleName:
		return fmt.Sprintf("x-mock-response-name: its name is %q", clip(e.x.Name))
	case rulePath:
		return "path: it is " + clip(en.path)
	case ruleHeader:
		for _, name := range f.headers {
			if f.headerDiffers(e, name) {
				return "header: the value of " + clip(name) + " differs"
			}
		}
		return "header: a value differs"
	case ruleBody:
		return "body: the request's body differs from the saved one"
	default:
		return "nothing: it matches"
	}
}
