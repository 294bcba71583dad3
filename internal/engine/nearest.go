package engine

import (
	"slices"
	"sort"
	"strings"

	"github.com/mimus-dev/mimus/internal/near"
	"github.com/mimus-dev/mimus/internal/saved"
)

// noMatch answers a request that no operation takes, and tells the nearest
// ones and what differs.
func (m *Mock) noMatch(x *exchange, pathKnown bool) bool {
	if x.purpose == rehearsing {
		return true
	}
	if (!pathKnown || x.req.Method != "OPTIONS") && x.forward() {
		return true
	}
	if len(m.ops) == 0 {
		return x.problem(404, "NO_RESOURCE_PROVIDED_ERROR", "Route not resolved, no resource provided", "The document has no operations.")
	}
	if pathKnown {
		return m.wrongMethod(x)
	}
	detail := "The route " + clip(x.req.Path) + " hasn't been found in the document."
	near := m.nearest(x.req.Method, x.req.Path)
	told := make([]Near, len(near))
	for i, n := range near {
		told[i] = Near{Method: n.op.def.Method, Path: n.op.def.Path, Differs: n.differs, Changes: m.suggest(x.req, n.op)}
	}
	if len(near) > 0 {
		detail += " Nearest is " + near[0].op.def.Method + " " + near[0].op.def.Path + ": " + near[0].differs + "."
	}
	if m.cfg.BasePath != "" {
		detail += " The base path " + m.cfg.BasePath + " is required before every path."
	}
	return x.problem(404, "NO_PATH_MATCHED_ERROR", "Route not resolved, no path matched", detail, x.nearestMember(told))
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}

// wrongMethod answers a path that is there with other methods: 405 with Allow
// (RFC 9110, 15.5.6), or OPTIONS.
func (m *Mock) wrongMethod(x *exchange) bool {
	var methods []string
	var paths []string
	var near []Near
	l := lookup{rawQuery: x.req.RawQuery, method: "\x00", others: func(op *operation) {
		if !slices.ContainsFunc(near, func(n Near) bool { return n.Method == op.def.Method }) && len(near) < maxMethods {
			if n, ok := m.otherMethod(x.req, op); ok {
				near = append(near, n)
			}
		}
		if !contains(methods, op.def.Method) {
			methods = append(methods, op.def.Method)
		}
		if !contains(paths, op.def.Path) {
			paths = append(paths, op.def.Path)
		}
	}}
	path := strings.TrimPrefix(x.req.Path, "/")
	for _, b := range m.bases {
		if rest, ok := b.strip(path); ok {
			m.routes.find(&l, rest)
			m.routes.find(&l, strings.TrimSuffix(rest, "/"))
		}
	}
	if m.cfg.BasePath == "" {
		m.routes.find(&l, path)
		m.routes.find(&l, strings.TrimSuffix(path, "/"))
	}
	if contains(methods, "GET") && !contains(methods, "HEAD") {
		methods = append(methods, "HEAD")
	}
	if !contains(methods, "OPTIONS") {
		methods = append(methods, "OPTIONS")
	}
	sort.Strings(methods)
	allow := strings.Join(methods, ", ")
	x.res.Set("Allow", []string{allow})
	if x.req.Method == "OPTIONS" {
		x.res.Status = 204
		return x.answer("options", "no operation is declared for OPTIONS; the methods of the path are told")
	}
	route := clip(x.req.Path)
	return x.problem(405, "NO_METHOD_MATCHED_ERROR", "Route resolved, but no method matched",
		"The route "+route+" has been matched ("+strings.Join(paths, ", ")+"), but there is no "+clip(x.req.Method)+" operation; use one of "+allow+".", x.nearestMember(near))
}

// maxMethods bounds the operations that are told where only the method differs.
const maxMethods = 10

// otherMethod is an operation that another method would reach; ok is false
// where another operation takes that.
func (m *Mock) otherMethod(req *Request, op *operation) (Near, bool) {
	changes := []Change{saved.SetText(saved.InMethod, "", req.Method, op.def.Method)}
	n := Near{Method: op.def.Method, Path: op.def.Path, Differs: "the path matches; the method is " + op.def.Method, Changes: changes}
	return n, m.reaches(req, changes, op)
}

// candidate is an operation near a request that matched none.
type candidate struct {
	op      *operation
	cost    int
	differs string
}

const maxNearest = 3

// nearest ranks operations by how much of the path differs.
func (m *Mock) nearest(method, path string) []candidate {
	if len(path) > 2000 {
		return nil
	}
	plain := strings.TrimSuffix(path, "/")
	for strings.HasPrefix(plain, "//") {
		plain = plain[1:]
	}
	plain = strings.TrimRight(plain, "/")
	slashes := plain != strings.TrimSuffix(path, "/") // at either end, more than one
	asked, based := m.belowBase(plain)
	if len(asked) > 40 {
		return nil
	}
	var bases []nearBase
	if !based {
		bases = m.nearBases(asked)
	}
	var best []candidate
	for _, op := range m.ops {
		cost, differs := distance(op.def.Path, asked)
		for _, b := range bases {
			if c, _ := distance(op.def.Path, b.rest); c+b.cost < cost {
				cost, differs = c+b.cost, b.differs
			}
		}
		if slashes && differs == "" {
			differs = "a slash is too much"
		}
		if differs == "" {
			differs = "the path matches"
		}
		if op.def.Method != method {
			cost++
			differs += "; the method is " + op.def.Method
		}
		if len(best) == maxNearest && cost >= best[maxNearest-1].cost {
			continue
		}
		best = append(best, candidate{op, cost, differs})
		sort.SliceStable(best, func(i, j int) bool { return best[i].cost < best[j].cost })
		if len(best) > maxNearest {
			best = best[:maxNearest]
		}
	}
	return best
}

// belowBase gives the segments of a path without the base path that it has.
func (m *Mock) belowBase(path string) (segments []string, based bool) {
	for _, b := range m.bases {
		if rest, ok := b.strip(strings.TrimPrefix(path, "/")); ok {
			return splitPath(rest), true
		}
	}
	return splitPath(path), len(m.bases) == 0
}

// nearBase is a base path that a path nearly has, and the segments after it.
type nearBase struct {
	rest    []string
	cost    int
	differs string
}

// nearBases gives the base paths that are like what a path begins with.
func (m *Mock) nearBases(asked []string) []nearBase {
	var out []nearBase
	for _, b := range m.bases[:min(len(m.bases), maxBases)] {
		n := len(b.segments)
		if n >= len(asked) {
			continue
		}
		cost, differs := distance(b.template(), asked[:n])
		if differs != "" && cost <= maxBaseCost*n {
			out = append(out, nearBase{asked[n:], cost, differs})
		}
	}
	return out
}

// maxBaseCost is what a segment may differ by that is taken for one of a base
// path.
const maxBaseCost = 8

// template is the base path as a path template.
func (b *base) template() string {
	var out strings.Builder
	for _, s := range b.segments {
		if s == "" {
			s = "{}"
		}
		out.WriteString("/" + s)
	}
	return out.String()
}

// splitPath gives the segments of a path; one slash at its end doesn't count.
func splitPath(path string) []string {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
}

// distance compares a template with the segments of a path: tenths of an edit
// a segment, and the first difference in words, "" where there is none.
func distance(template string, asked []string) (int, string) {
	t, _ := splitTemplate(template)
	want := splitPath(t)
	cost, differs := 0, ""
	tell := func(s string) {
		if differs == "" {
			differs = s
		}
	}
	for i := 0; i < len(want) || i < len(asked); i++ {
		switch {
		case i >= len(want):
			cost += 10
			tell("the segment " + quote(asked[i]) + " is too much")
		case i >= len(asked):
			cost += 10
			tell("the segment " + quote(want[i]) + " is missing")
		case strings.Contains(want[i], "{") && len(literalParts(want[i])) > 1:
			parts := literalParts(want[i])
			m := mixedSegment{parts: parts}
			switch {
			case asked[i] == "":
				cost += 10
				tell("a value for " + want[i] + " is missing")
			case len(parts) > 2 || len(parts[0])+len(parts[1]) > 0:
				cost += 1
				if !m.match(asked[i]) {
					cost += 6
					tell(quote(asked[i]) + " would have to be like " + quote(want[i]))
				}
			default:
				cost += 2
			}
		case want[i] != asked[i]:
			if strings.EqualFold(want[i], asked[i]) {
				cost += 3
			} else {
				cost += 2 + min(10, 12*edits(want[i], asked[i])/max(len(want[i]), len(asked[i]), 1))
			}
			tell(quote(asked[i]) + " would have to be " + quote(want[i]))
		}
	}
	return cost, differs
}

func quote(s string) string { return `"` + clip(s) + `"` }

// edits is the Levenshtein distance of two short texts.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	return near.Distance(a, b)
}
