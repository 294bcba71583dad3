package engine

// This file is on the hot path: a lookup allocates nothing.

import (
	"net/url"
	"sort"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// routes is a trie of path segments. At each segment a literal is tried before
// a segment with variables in it, the one with more literal text first, and
// that before a lone variable.
type routes struct {
	root routeNode
}

type routeNode struct {
	literals map[string]*routeNode
	mixed    []*mixedSegment // most literal text first
	variable *routeNode
	some     []leaf // {path+}: takes all that is left, which must be something
	rest     []leaf // {path*}: takes all that is left
	leaves   []leaf
}

// leaf is one operation that ends at a node.
type leaf struct {
	op    *operation
	query []queryPair // of a template with a query in it
}

type queryPair struct{ name, value string }

// mixedSegment is a segment with literals and variables: {name}.{ext}.
type mixedSegment struct {
	parts []string // literals around the variables: one more than there are variables
	count int      // literal characters
	text  string
	next  *routeNode
}

func newRoutes() *routes { return &routes{} }

// splitTemplate cuts the query and the fragment off a path template.
func splitTemplate(path string) (string, []queryPair) {
	if strings.IndexByte(path, '#') < 0 && strings.IndexByte(path, '?') < 0 {
		return path, nil
	}
	path, _, _ = strings.Cut(path, "#")
	path, query, _ := strings.Cut(path, "?")
	var pairs []queryPair
	for _, p := range strings.Split(query, "&") {
		if p == "" {
			continue
		}
		k, v, _ := strings.Cut(p, "=")
		if strings.Contains(v, "{") {
			v = ""
		}
		pairs = append(pairs, queryPair{k, v})
	}
	return path, pairs
}

func (r *routes) add(template string, op *operation) {
	path, pairs := splitTemplate(template)
	n := &r.root
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		if i == len(segments)-1 && strings.HasPrefix(s, "{") && (strings.HasSuffix(s, "*}") || strings.HasSuffix(s, "+}")) && strings.Count(s, "{") == 1 {
			if s[len(s)-2] == '+' {
				n.some = append(n.some, leaf{op, pairs})
			} else {
				n.rest = append(n.rest, leaf{op, pairs})
			}
			return
		}
		n = n.child(s)
	}
	for i := range n.leaves {
		if first := n.leaves[i].op; first.def.Method == op.def.Method && n.leaves[i].query == nil && pairs == nil {
			first.twins = append(first.twins, op)
			break
		}
	}
	n.leaves = append(n.leaves, leaf{op, pairs})
	sort.SliceStable(n.leaves, func(i, j int) bool { return len(n.leaves[i].query) > len(n.leaves[j].query) })
}

// child finds or makes the node for one segment of a template.
func (n *routeNode) child(s string) *routeNode {
	open := strings.IndexByte(s, '{')
	if open < 0 || strings.IndexByte(s[open:], '}') < 0 {
		if d, err := url.PathUnescape(s); err == nil {
			s = d
		}
		if n.literals == nil {
			n.literals = map[string]*routeNode{}
		}
		c := n.literals[s]
		if c == nil {
			c = &routeNode{}
			n.literals[s] = c
		}
		return c
	}
	parts := literalParts(s)
	if len(parts) == 2 && parts[0] == "" && parts[1] == "" {
		if n.variable == nil {
			n.variable = &routeNode{}
		}
		return n.variable
	}
	text := strings.Join(parts, "\x00")
	for _, m := range n.mixed {
		if m.text == text {
			return m.next
		}
	}
	m := &mixedSegment{parts: parts, text: text, next: &routeNode{}}
	for _, p := range parts {
		m.count += len(p)
	}
	n.mixed = append(n.mixed, m)
	sort.SliceStable(n.mixed, func(i, j int) bool { return n.mixed[i].count > n.mixed[j].count })
	return m.next
}

// literalParts splits "{a}.{b}" into "", ".", "".
func literalParts(s string) []string {
	var parts []string
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			return append(parts, s)
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			return append(parts, s)
		}
		parts = append(parts, s[:i])
		s = s[i+j+1:]
	}
}

// match splits a segment at the literals; each variable takes as little as it
// can, but for the last. An empty variable is no match.
func (m *mixedSegment) match(s string) bool {
	if !strings.HasPrefix(s, m.parts[0]) {
		return false
	}
	s = s[len(m.parts[0]):]
	last := len(m.parts) - 1
	for i := 1; i < last; i++ {
		if len(s) == 0 {
			return false
		}
		if m.parts[i] == "" {
			s = s[1:]
			continue
		}
		k := strings.Index(s[1:], m.parts[i])
		if k < 0 {
			return false
		}
		s = s[1+k+len(m.parts[i]):]
	}
	return len(s) > len(m.parts[last]) && strings.HasSuffix(s, m.parts[last])
}

// lookup is one search; found says whether any path matched, whatever its
// method.
type lookup struct {
	method   string
	rawQuery string
	others   func(*operation) // called for operations of other methods; may be nil
	matched  bool
}

// find returns the operation for a path without its leading slash.
func (r *routes) find(l *lookup, path string) *operation {
	return r.root.find(l, path, true)
}

func (n *routeNode) find(l *lookup, path string, more bool) *operation {
	if !more {
		return l.pick(n.leaves)
	}
	segment, rest, deeper := strings.Cut(path, "/")
	literal := segment
	if strings.IndexByte(segment, '%') >= 0 {
		if d, err := url.PathUnescape(segment); err == nil {
			literal = d
		}
	}
	if c := n.literals[literal]; c != nil {
		if op := c.find(l, rest, deeper); op != nil {
			return op
		}
	}
	for _, m := range n.mixed {
		if m.match(literal) {
			if op := m.next.find(l, rest, deeper); op != nil {
				return op
			}
		}
	}
	if n.variable != nil && segment != "" {
		if op := n.variable.find(l, rest, deeper); op != nil {
			return op
		}
	}
	if n.some != nil && (segment != "" || deeper) {
		if op := l.pick(n.some); op != nil {
			return op
		}
	}
	return l.pick(n.rest)
}

// pick chooses among the operations of one template. A HEAD that isn't
// declared is answered by GET.
func (l *lookup) pick(leaves []leaf) *operation {
	var head *operation
	for i := range leaves {
		x := &leaves[i]
		if x.query != nil && !hasQuery(l.rawQuery, x.query) {
			continue
		}
		l.matched = true
		if x.op.def.Method == l.method {
			return x.op
		}
		if l.method == "HEAD" && x.op.def.Method == "GET" && head == nil {
			head = x.op
		}
		if l.others != nil {
			l.others(x.op)
		}
	}
	if head == nil {
		for i := range leaves { // a template's query is a hint where nothing else is there
			if x := &leaves[i]; x.query != nil && x.op.def.Method == l.method {
				l.matched = true
				return x.op
			}
		}
	}
	return head
}

// hasQuery reports whether the query has all pairs; one without a value asks
// for the name only.
func hasQuery(raw string, pairs []queryPair) bool {
	for _, p := range pairs {
		ok := false
		for rest := raw; rest != "" && !ok; {
			var part string
			part, rest, _ = strings.Cut(rest, "&")
			k, v, _ := strings.Cut(part, "=")
			if k != p.name {
				if d, err := url.QueryUnescape(k); err != nil || d != p.name {
					continue
				}
			}
			ok = p.value == "" || v == p.value
		}
		if !ok {
			return false
		}
	}
	return true
}

// pathValues reads the variables of a template out of a path that matched it.
// Values are still percent-encoded.
func pathValues(template, path string, yield func(name, raw string)) {
	template, _ = splitTemplate(template)
	template, path = strings.TrimPrefix(template, "/"), strings.TrimPrefix(path, "/")
	for {
		ts, trest, tmore := strings.Cut(template, "/")
		ps, prest, pmore := strings.Cut(path, "/")
		if strings.HasPrefix(ts, "{") && (strings.HasSuffix(ts, "*}") || strings.HasSuffix(ts, "+}")) && strings.Count(ts, "{") == 1 {
			yield(ts[1:len(ts)-2], path)
			return
		}
		segmentValues(ts, ps, yield)
		if !tmore || !pmore {
			return
		}
		template, path = trest, prest
	}
}

// segmentValues reads the variables of one segment. Where the literals around
// them were sent percent-encoded, the decoded segment is split.
func segmentValues(t, s string, yield func(name, raw string)) {
	if strings.IndexByte(s, '%') >= 0 {
		m := mixedSegment{parts: literalParts(t)}
		if d, err := url.PathUnescape(s); err == nil && !m.match(s) && m.match(d) {
			splitSegment(t, d, func(name, v string) { yield(name, url.PathEscape(v)) })
			return
		}
	}
	splitSegment(t, s, yield)
}

func splitSegment(t, s string, yield func(name, raw string)) {
	for {
		i := strings.IndexByte(t, '{')
		if i < 0 {
			return
		}
		j := strings.IndexByte(t[i:], '}')
		if j < 0 || len(s) < i {
			return
		}
		name := t[i+1 : i+j]
		t, s = t[i+j+1:], s[min(i, len(s)):]
		if t == "" {
			yield(name, s)
			return
		}
		next := t
		if k := strings.IndexByte(t, '{'); k >= 0 {
			next = t[:k]
		}
		end := len(s)
		switch {
		case next == "":
			end = min(1, len(s))
		case next == t: // the last variable takes all but the ending
			end = max(len(s)-len(next), 0)
		case len(s) > 0:
			if k := strings.Index(s[1:], next); k >= 0 {
				end = k + 1
			}
		}
		yield(name, s[:end])
		s = s[end:]
	}
}

// base is a base path of a server, as segments; a variable is "".
type base struct {
	segments []string
	required bool
}

// basePaths collects the base paths of all servers, the longest first. One
// that was given replaces them and must be there.
func basePaths(def *definition.Definition, given string) []base {
	if given != "" {
		return []base{{segments: baseSegments(given), required: true}}
	}
	var out []base
	seen := map[string]bool{}
	add := func(servers []definition.Server) {
		for _, s := range servers {
			u := s.URL
			if i := strings.Index(u, "://"); i >= 0 {
				u = u[i+3:]
				if j := strings.IndexByte(u, '/'); j >= 0 {
					u = u[j:]
				} else {
					u = ""
				}
			}
			u, _, _ = strings.Cut(u, "?")
			segs := baseSegments(u)
			key := strings.Join(segs, "/")
			if len(segs) > 0 && !seen[key] {
				seen[key] = true
				out = append(out, base{segments: segs})
			}
		}
	}
	add(def.Servers)
	for _, op := range def.Operations {
		if op.Servers != nil {
			add(op.Servers)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i].segments) > len(out[j].segments) })
	return out
}

func baseSegments(path string) []string {
	var out []string
	for _, s := range strings.Split(path, "/") {
		switch {
		case s == "" || s == ".":
		case strings.Contains(s, "{"):
			out = append(out, "")
		default:
			if d, err := url.PathUnescape(s); err == nil {
				s = d
			}
			out = append(out, s)
		}
	}
	return out
}

// strip takes the base off a path without its leading slash.
func (b base) strip(path string) (string, bool) {
	for i, want := range b.segments {
		s, rest, more := strings.Cut(path, "/")
		if want != "" && s != want && strings.IndexByte(s, '%') >= 0 {
			s, _ = url.PathUnescape(s)
		}
		if s == "" || want != "" && s != want {
			return "", false
		}
		if !more && i < len(b.segments)-1 {
			return "", false
		}
		path = rest
	}
	return path, true
}
