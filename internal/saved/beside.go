package saved

import (
	"slices"
)

// Beside tells the best examples that another was taken over, n at most: those
// whose path matches, the highest score first, with what they lack.
func (ix *Index) Beside(req *Request, won *Match, n int) []Candidate {
	f := ix.search(req)
	var out []Candidate
	for _, near := range ix.nearPaths(req, 4*n) {
		if near.step == noStep && ix.close(near.entry, req.Path) {
			near.step = Fuzzy
		}
		if near.step == noStep {
			continue
		}
		for _, i := range near.entry.examples {
			if int(i) == won.Index {
				continue
			}
			c := f.beside(&near, int(i), won)
			if at := slices.IndexFunc(out, func(o Candidate) bool { return o.Index == c.Index }); at >= 0 {
				if c.better(&out[at]) {
					out[at] = c
				}
				continue
			}
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		switch {
		case a.better(&b):
			return -1
		case b.better(&a):
			return 1
		}
		return 0
	})
	return out[:min(n, len(out))]
}

// better orders candidates: what matches before what fails a rule, then by
// score.
func (c *Candidate) better(o *Candidate) bool {
	if c.matches != o.matches {
		return c.matches
	}
	return c.Score > o.Score
}

// beside says why an example whose path matches does not answer.
func (f *find) beside(near *nearPath, i int, won *Match) Candidate {
	e := &f.ix.examples[i]
	c := Candidate{Index: i, Score: pathScore + steps[near.step].adjust, near: *near}
	query := queryEqual
	if !f.ix.cfg.NoQuery {
		query = e.query.score(&f.query)
		c.Score += query
	}
	failed := f.fails(e)
	if near.method != f.req.Method {
		failed = ruleMethod
	}
	c.matches = failed == ruleNone
	switch {
	case !c.matches:
		c.Failed = f.tell(failed, e, near.entry)
	case c.Score < won.Score:
		c.Failed = "it scores less: the path is " + near.step.String()
		if query < queryEqual {
			c.Failed += ", the query differs"
		}
	default:
		c.Failed = "it scores the same: " + f.tied(e, near, won)
	}
	return c
}

// tied says what decides among two examples of one score.
func (f *find) tied(e *example, near *nearPath, won *Match) string {
	first := &f.ix.examples[won.Index]
	switch {
	case near.step == won.Step && moreLiteral(won.entry, near.entry) < 0:
		return "the other's path has fewer variables"
	case f.req.Name != "":
		return "of one name the first by id answers"
	case first.success != e.success:
		return "a status of 2xx comes first"
	case first.x.ID != e.x.ID:
		return "the last by id comes first"
	}
	return "the first in the file answers"
}
