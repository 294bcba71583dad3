package engine

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/schema"
)

// suggest tells the smallest changes with which an operation takes a request.
// Each is tried before it is told; nil is none that works.
func (m *Mock) suggest(req *Request, op *operation) []Change {
	method := []Change(nil)
	if req.Method != op.def.Method {
		method = []Change{saved.SetText(saved.InMethod, "", req.Method, op.def.Method)}
	}
	methods := [][]Change{method}
	if req.Method == http.MethodHead && op.def.Method == http.MethodGet {
		methods = [][]Change{nil, method} // GET answers it where nothing else does
	}
	query := op.queryChanges(req)
	for path := range m.pathChanges(req, op) {
		for _, method := range methods {
			changes := slices.Concat(method, path)
			if m.reaches(req, changes, op) {
				return changes
			}
			if query != nil {
				if changes = append(changes, query...); m.reaches(req, changes, op) {
					return changes
				}
			}
		}
	}
	return nil
}

// reaches reports whether an operation, or one at the same place that only its
// contract tells apart, takes the request once it is changed. It takes no notice
// of the body.
func (m *Mock) reaches(req *Request, changes []Change, op *operation) bool {
	if len(changes) == 0 {
		return false
	}
	bare := *req
	bare.Body = nil
	changed, _, err := Apply(&bare, nil, changes)
	if err != nil {
		return false
	}
	x := exchange{mock: m, req: changed}
	return m.routed(&x) && (x.op == op || slices.Contains(x.op.twins, op))
}

// queryChanges asks for the query that an operation's template has.
func (op *operation) queryChanges(req *Request) []Change {
	_, pairs := splitTemplate(op.def.Path)
	var out []Change
	for _, p := range pairs {
		if hasQuery(req.RawQuery, []queryPair{p}) {
			continue
		}
		c := saved.SetText(saved.InQuery, p.name, "", p.value)
		for _, had := range appendPairs(nil, req.RawQuery) {
			if had.name == p.name {
				c = saved.SetText(saved.InQuery, p.name, had.value, p.value)
			}
		}
		out = append(out, c)
	}
	return out
}

// maxBases bounds the base paths that are tried, maxVariables the variables
// whose values are replaced one by one.
const (
	maxBases     = 8
	maxVariables = 8
)

// pathChanges tells how a request's path can be made an operation's, what keeps
// most of the request first: as it is, where only the method or the query
// differs; with the values that the request has; and, where another operation
// has one of those as a literal, with others.
func (m *Mock) pathChanges(req *Request, op *operation) iter.Seq[[]Change] {
	return func(yield func([]Change) bool) {
		if !yield(nil) {
			return
		}
		for path := range m.wantedPaths(req.Path, op) {
			if path != req.Path && !yield([]Change{saved.SetText(saved.InPath, "", req.Path, path)}) {
				return
			}
		}
	}
}

func (m *Mock) wantedPaths(path string, op *operation) iter.Seq[string] {
	return func(yield func(string) bool) {
		fits := m.fits(path, op)
		for _, f := range fits {
			if !yield(f.path(op, nil, 0)) {
				return
			}
		}
		f := fits[0]
		variables := f.kept()
		for try := range 2 {
			for _, i := range variables[:min(len(variables), maxVariables)] {
				if !yield(f.path(op, []int{i}, try)) {
					return
				}
			}
			if !yield(f.path(op, variables, try)) {
				return
			}
		}
	}
}

// fit is one way to lay the segments of a path beside those of a template with
// a base path before it.
type fit struct {
	base []string // "" is a variable
	want []string // of base and template
	have []string
	at   []int // for each of want the one of have, -1 for none
	cost int
}

// fits gives the fits of a path to an operation, the closest first.
func (m *Mock) fits(path string, op *operation) []fit {
	template, _ := splitTemplate(op.def.Path)
	want := strings.Split(strings.TrimPrefix(template, "/"), "/")
	have := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if n := len(have); n > 1 && have[n-1] == "" {
		have = have[:n-1]
	}
	var out []fit
	add := func(base []string) {
		f := fit{base: base, want: slices.Concat(base, want), have: have}
		f.at, f.cost = saved.Align(len(f.want), len(have), f.pair, f.lack, f.spare)
		out = append(out, f)
	}
	if m.cfg.BasePath == "" {
		add(nil)
	}
	for _, b := range m.bases[:min(len(m.bases), maxBases)] {
		add(b.segments)
	}
	slices.SortStableFunc(out, func(a, b fit) int { return a.cost - b.cost })
	return out
}

// variable reports whether a wanted segment is a variable, or has one, and
// whether it takes all that is left.
func (f *fit) variable(i int) (variable, rest bool) {
	s := f.want[i]
	if i < len(f.base) {
		return s == "", false
	}
	return strings.Contains(s, "{"), i == len(f.want)-1 && isRest(s)
}

// isRest reports whether the last segment of a template takes several: {path*}
// or {path+}.
func isRest(s string) bool {
	return strings.HasPrefix(s, "{") && (strings.HasSuffix(s, "*}") || strings.HasSuffix(s, "+}")) && strings.Count(s, "{") == 1
}

// lone reports whether a wanted segment is one variable and nothing else.
func (f *fit) lone(i int) bool {
	if i < len(f.base) {
		return f.want[i] == ""
	}
	parts := literalParts(f.want[i])
	return len(parts) == 2 && parts[0] == "" && parts[1] == ""
}

func (f *fit) pair(i, j int) int {
	have := plainSegment(f.have[j])
	variable, _ := f.variable(i)
	switch {
	case !variable:
		return saved.Likeness(plainSegment(f.want[i]), have)
	case have == "":
		return 11
	case f.lone(i):
		return 5
	case (&mixedSegment{parts: literalParts(f.want[i])}).match(have):
		return 1
	}
	return 9
}

func (f *fit) lack(i int) int {
	if _, rest := f.variable(i); rest && strings.HasSuffix(f.want[i], "*}") {
		return 0
	}
	return 10
}

// spare is little for an empty segment, and nothing for what a last variable
// takes along.
func (f *fit) spare(j int) int {
	_, rest := f.variable(len(f.want) - 1)
	switch {
	case rest && j >= len(f.want):
		return 0
	case f.have[j] == "":
		return 2
	}
	return 10
}

func plainSegment(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// kept are the wanted segments whose values the request has.
func (f *fit) kept() []int {
	var out []int
	for i := range f.want {
		if variable, _ := f.variable(i); variable && i >= len(f.base) && f.at[i] >= 0 && f.have[f.at[i]] != "" {
			out = append(out, i)
		}
	}
	return out
}

// path writes the path that is wanted. Variables keep what the request has in
// their place, but for the segments that are made; try varies what is made.
func (f *fit) path(op *operation, made []int, try int) string {
	var out strings.Builder
	for i, s := range f.want {
		variable, rest := f.variable(i)
		have := ""
		if f.at[i] >= 0 && !slices.Contains(made, i) {
			have = f.have[f.at[i]]
		}
		switch {
		case rest && have != "":
			have = strings.Join(f.have[f.at[i]:], "/")
		case rest && strings.HasSuffix(s, "*}") && len(made) == 0: // may be empty
		case !variable:
			if have == "" || plainSegment(have) != plainSegment(s) {
				have = escapeSegment(s)
			}
		case i < len(f.base):
			if have == "" {
				have = "v1"
			}
		case !f.lone(i) && !rest && (have == "" || !(&mixedSegment{parts: literalParts(s)}).match(plainSegment(have))):
			have = op.mixed(s, have, try)
		case have == "":
			have = op.pathValue(strings.TrimRight(strings.Trim(s, "{}"), "*+"), try)
		}
		out.WriteByte('/')
		out.WriteString(have)
	}
	return out.String()
}

// mixed makes a segment of literals and variables; the first variable keeps
// what the request has.
func (op *operation) mixed(template, have string, try int) string {
	var out strings.Builder
	for template != "" {
		before, rest, ok := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			out.WriteString(escapeSegment(template))
			break
		}
		out.WriteString(escapeSegment(before))
		if have == "" {
			have = op.pathValue(name, try)
		}
		out.WriteString(have)
		have, template = "", after
	}
	return out.String()
}

// escapeSegment writes a literal of a template as it is sent; what is encoded
// already stays as it is.
func escapeSegment(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		s = d
	}
	return url.PathEscape(s)
}

// pathValue makes a value of a path parameter, as it is sent: its example, else
// what its schema gives.
func (op *operation) pathValue(name string, try int) string {
	op.ready()
	for _, p := range op.params {
		if p.def.In == definition.InPath && p.def.Name == name {
			return p.pathText(op.mock, try)
		}
	}
	return plausibleSegment(op.mock, name, try)
}

func (p *parameter) pathText(m *Mock, try int) string {
	for i := range p.def.Examples {
		switch e := &p.def.Examples[i]; {
		case try > 0:
		case e.Value != nil:
			return p.styled(e.Value)
		case e.Serialized != nil && *e.Serialized != "" && !strings.Contains(*e.Serialized, "/"):
			return *e.Serialized
		}
	}
	s := p.schema
	if p.media != nil {
		s = p.media.schema
	}
	if s == nil {
		return plausibleSegment(m, p.def.Name, try)
	}
	v, _, err := s.Generate(m.set, schema.Options{Direction: schema.Request, Seed: m.seed + uint64(try), Dynamic: try > 0, Name: p.def.Name, Faker: m.faker})
	if err != nil {
		return plausibleSegment(m, p.def.Name, try)
	}
	if p.media != nil && v.Kind != definition.String {
		return url.PathEscape(string(v.AppendJSON(nil)))
	}
	return p.styled(&v)
}

// styled writes a value in the parameter's style (OpenAPI, Style Values).
func (p *parameter) styled(v *value) string {
	text := url.PathEscape(simpleText(v, p.def.Explode))
	text = strings.ReplaceAll(text, "%2C", ",")
	if text == "" {
		text = "1"
	}
	switch p.def.Style {
	case "label":
		if p.def.Explode {
			text = strings.ReplaceAll(text, ",", ".")
		}
		return "." + text
	case "matrix":
		if v.Kind == definition.Object && p.def.Explode {
			return ";" + strings.ReplaceAll(text, ",", ";")
		}
		return ";" + p.def.Name + "=" + text
	}
	return text
}

func plausibleSegment(m *Mock, name string, try int) string {
	return url.PathEscape(plausibleText(m, name, try))
}

// plausibleText makes a text by the name of what it is.
func plausibleText(m *Mock, name string, try int) string {
	v, _, err := m.text.Generate(m.set, schema.Options{Direction: schema.Request, Seed: m.seed + uint64(try), Name: name, Faker: m.faker})
	if err != nil || v.Text == "" {
		return "1"
	}
	return v.Text
}
