package verify

import (
	"regexp"
	"slices"
	"strings"
)

// Field says what a query parameter or header field has to be. Where it comes
// more than once, one of its values has to be so.
type Field struct {
	Name string
	Text string
	// Matches, if set, stands in place of Text.
	Matches *regexp.Regexp
	// Absent wants that there is none.
	Absent bool
}

// compare looks at the values that a call has. hidden is what stands where a
// value was left out.
func (w *Field) compare(where string, got []string, hidden string, f *comparison) {
	place := []string{where, w.Name}
	switch {
	case w.Absent && len(got) == 0, !w.Absent && slices.ContainsFunc(got, w.takes):
	case w.Absent:
		f.differ(condition, Difference{Place: place, Got: w.show(got)})
	case hidden != "" && slices.Contains(got, hidden):
		f.unknown("the value of its " + where + " " + w.Name + " was not kept")
	default:
		f.differ(condition, Difference{Place: place, Got: w.show(got), Want: w.want()})
	}
}

func (w *Field) takes(value string) bool {
	if w.Matches != nil {
		return w.Matches.MatchString(value)
	}
	return value == w.Text
}

// show writes values for a message; none is "".
func (w *Field) show(values []string) string {
	if len(values) == 0 {
		return ""
	}
	all := strings.Join(values, ", ")
	switch {
	case all == "":
		return `""`
	case w.secret():
		scheme, _, ok := strings.Cut(all, " ")
		if !ok || w.Name != "authorization" {
			return "…"
		}
		return scheme + " …"
	}
	return Clip(all)
}

func (w *Field) want() string {
	if w.Matches != nil {
		return "a match of " + Clip(w.Matches.String())
	}
	return w.show([]string{w.Text})
}

// secret reports whether the values are no business of a test's log.
func (w *Field) secret() bool {
	switch w.Name {
	case "authorization", "proxy-authorization", "cookie", "x-api-key", "x-mimus-key":
		return true
	}
	return false
}

// String says what is wanted: "limit=2", "limit like ^[0-9]+$", "no limit".
func (w *Field) String() string {
	switch {
	case w.Absent:
		return "without " + w.Name
	case w.Matches != nil:
		return w.Name + " like " + w.Matches.String()
	}
	return w.Name + "=" + w.want()
}
