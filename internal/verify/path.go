package verify

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Path says which paths are wanted; the zero value is any.
type Path struct {
	text     string
	segments []segment
	pattern  *regexp.Regexp
}

// segment is one segment of a path; the pattern is nil where it has no variable.
type segment struct {
	text    string
	pattern *regexp.Regexp
}

// ExactPath is a path, or a template whose variables stand for something within
// one segment: "/orders/{id}", "/files/{name}.{ext}". Segments are compared
// decoded.
func ExactPath(text string) Path {
	p := Path{text: text}
	for _, s := range strings.Split(text, "/") {
		p.segments = append(p.segments, newSegment(s))
	}
	return p
}

// MatchingPath is a path that has a match of a regular expression.
func MatchingPath(pattern *regexp.Regexp) Path { return Path{text: pattern.String(), pattern: pattern} }

func newSegment(s string) segment {
	out := segment{text: unescape(s)}
	var expr strings.Builder
	for s != "" {
		before, rest, open := strings.Cut(s, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			break
		}
		expr.WriteString(regexp.QuoteMeta(unescape(before)) + ".+")
		s = after
	}
	if expr.Len() > 0 {
		out.pattern = regexp.MustCompile("(?s)^" + expr.String() + regexp.QuoteMeta(unescape(s)) + "$")
	}
	return out
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func (p *Path) any() bool { return p.text == "" }

// variable reports whether it is a template with a variable.
func (p *Path) variable() bool {
	return slices.ContainsFunc(p.segments, func(s segment) bool { return s.pattern != nil })
}

// The distances of a call from what is wanted. What it was made to counts for
// more than what was in it; where it is far, it is another call, and nothing can
// be learnt from it.
const (
	condition = 1   // one condition isn't met
	slip      = 100 // a segment of the path is written a little differently
	otherWay  = 200 // the method differs
	elsewhere = 400 // a segment of the path differs
	far       = 800
)

// distance is 0 where a path is wanted.
func (p *Path) distance(c *Call) int {
	if p.pattern != nil {
		if p.pattern.MatchString(c.Path) {
			return 0
		}
		return elsewhere
	}
	if c.Route != "" && c.Route == p.text {
		return 0
	}
	got := strings.Split(c.Path, "/")
	for i := range got {
		got[i] = unescape(got[i])
	}
	n := min(len(got), len(p.segments))
	missing := elsewhere * (max(len(got), len(p.segments)) - n)
	// One of the two may have a base path that the other has not.
	fromStart := apart(got[:n], p.segments[:n])
	fromEnd := apart(got[len(got)-n:], p.segments[len(p.segments)-n:])
	return missing + min(fromStart, fromEnd)
}

func apart(got []string, want []segment) int {
	sum := 0
	for i := range got {
		switch {
		case want[i].takes(got[i]):
		case alike(got[i], want[i].text):
			sum += slip
		default:
			sum += elsewhere
		}
	}
	return sum
}

func (s *segment) takes(text string) bool {
	if s.pattern != nil {
		return s.pattern.MatchString(text)
	}
	return s.text == text
}

// String is how a path is written in messages.
func (p *Path) String() string {
	if p.pattern != nil {
		return "a match of " + Clip(p.text)
	}
	return Clip(p.text)
}
