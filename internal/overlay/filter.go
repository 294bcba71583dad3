package overlay

import (
	"strings"

	"github.com/theory/jsonpath/spec"
)

// filter is the filter of a selector, with what is known of its cost. The
// library decides it in one call that nothing can stop, so that its work is
// estimated before.
type filter struct {
	*spec.FilterSelector
	absolute bool // it looks at the root of the document

	length      int // of its text, in bytes
	queries     int
	descendants int  // segments with ..
	commas      int  // selectors beside others, or arguments
	plural      bool // a query in it may select several values
	rootPlural  int  // queries from the root in it that may
	nested      bool // there is a filter inside
	compares    bool // it compares what two queries give
	functions   bool
}

func newFilter(f *spec.FilterSelector) *filter {
	if f == nil {
		return nil
	}
	out := &filter{FilterSelector: f}
	out.measure(f.String())
	return out
}

// measure counts what a filter is made of by its normal text, in which names
// and strings stand in double quotes.
func (f *filter) measure(text string) {
	f.length = len(text)
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			i += quoted(text[i:]) - 1
		case c == '@':
			f.queries++
		case c == '$':
			f.queries++
			f.absolute = true
			if !singular(text[i+1:]) {
				f.rootPlural++
			}
		case c == '.' && strings.HasPrefix(text[i+1:], "."):
			f.descendants++
			f.plural = true
		case c == '*' || c == ':':
			f.plural = true
		case c == '?':
			f.plural, f.nested = true, true
		case c == ',':
			f.commas++
		case c == '=' || c == '<' || c == '>':
			// The comparison of a value with a literal costs nothing.
			right := strings.TrimLeft(text[i+1:], "= ")
			f.compares = f.compares || !literal(right)
		case c == '(' && i > 0 && text[i-1] >= 'a' && text[i-1] <= 'z':
			f.functions = true
		}
	}
}

// literal reports whether s begins with a literal, rather than with a query or
// a function.
func literal(s string) bool {
	for _, word := range []string{"true", "false", "null"} {
		if strings.HasPrefix(s, word) {
			return true
		}
	}
	return s != "" && strings.IndexByte(`"0123456789-`, s[0]) >= 0
}

// quoted is the length of the string in double quotes that s begins with.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// singular reports whether a query, without its $, selects one value at most.
func singular(s string) bool {
	for strings.HasPrefix(s, "[") {
		switch {
		case strings.HasPrefix(s, `["`):
			s = s[1+quoted(s[1:]):]
		default:
			s = strings.TrimLeft(s[1:], "-0123456789")
		}
		if !strings.HasPrefix(s, "]") {
			return false
		}
		s = s[1:]
	}
	return !strings.HasPrefix(s, "..")
}

// cost estimates, from above, what it takes to decide the filter for one value,
// in the steps of a walk. The factors are measured.
func (f *filter) cost(subject, root projected) int {
	times := 1 << min(f.commas, 30)
	total := product(6+f.length/4, times)
	if f.plural {
		// With one .. a value is visited once, and what is found is handed up
		// from level to level; with another .. a value is visited from each
		// value around it.
		reach := product(f.queries, subject.weight)
		if f.rootPlural > 0 {
			reach = product(f.queries, subject.weight+root.weight)
		}
		deepest := max(subject.depth, root.depth)
		for i := range f.descendants {
			if i == 0 {
				reach = product(reach, 1+deepest/16)
			} else {
				reach = product(reach, 2*deepest)
			}
		}
		if f.nested { // a query from the root runs for each value outside of it
			for range f.rootPlural {
				reach = product(reach, root.weight)
			}
		}
		total += product(product(8+f.length, times), reach)
	}
	if f.compares {
		total += 16 * subject.weight
	}
	if f.functions {
		total += 64 + 8*subject.weight
	}
	return total
}

// product multiplies, up to maxWork+1.
func product(a, b int) int {
	if b > 0 && a > maxWork/b {
		return maxWork + 1
	}
	return a * b
}
