// Package saved finds the saved example that answers a request, as Postman's
// mock servers do: it scores the path and the query of each example, and keeps
// an index so that it needn't look at each.
package saved

// Step is one way in which the path of an example can match that of a request.
type Step uint8

// The steps in the order in which they are tried. For each example the first
// that matches counts.
const (
	Equal Step = iota
	EqualTrimmed
	EqualFolded
	EqualTrimmedFolded
	Wildcards
	IDs
	IDsTrimmed
	Fuzzy
	noStep
)

// steps is the table of what each step takes off a path's score of 100.
// (Postman: how the matching algorithm works.)
var steps = [noStep]struct {
	adjust int
	name   string
}{
	Equal:              {0, "equal"},
	EqualTrimmed:       {-5, "equal without trailing slashes"},
	EqualFolded:        {-10, "equal, ignoring case"},
	EqualTrimmedFolded: {-15, "equal without trailing slashes, ignoring case"},
	Wildcards:          {-20, "equal once wildcard variables are taken out"},
	IDs:                {-21, "equal once alphanumeric ids are taken out"},
	IDsTrimmed:         {-25, "equal without trailing slashes once alphanumeric ids are taken out"},
	Fuzzy:              {-30, "close by edit distance"},
}

// What a path begins with, and what the query adds.
const (
	pathScore       = 100
	queryEqual      = 10
	queryFolded     = 5
	queryDifferent  = -10
	fuzzyShare      = 4 // the distance is at most one of this many parts of the longer path
	maxFuzzyLen     = 2000
	maxPathSegments = 200
)

// String tells what the step asks.
func (s Step) String() string {
	if s >= noStep {
		return "the path differs"
	}
	return steps[s].name
}

// Adjust is what the step takes off the score, 0 or less.
func (s Step) Adjust() int { return steps[s].adjust }
