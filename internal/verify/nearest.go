package verify

import (
	"encoding/json"
	"slices"
	"strings"
)

// Near is a call that a failure tells of.
type Near struct {
	ID      string       `json:"id,omitempty"`
	Method  string       `json:"method"`
	Path    string       `json:"path"`
	Query   string       `json:"query,omitempty"`
	Status  int          `json:"status"`
	Differs []Difference `json:"differs"` // at most 10; none of a call that is one too many
}

func nearOf(c *Call, differs []Difference) Near {
	if differs == nil {
		differs = []Difference{}
	}
	return Near{ID: c.ID, Method: c.Method, Path: Clip(c.Path), Query: Clip(c.Query), Status: c.Status, Differs: differs}
}

// Line is the request line, without the version.
func (n *Near) Line() string {
	return (&Call{Method: n.Method, Path: n.Path, Query: n.Query}).Line()
}

// Difference is one way in which a call is not what was wanted.
type Difference struct {
	Place []string // "body", "total"; nil: Got is all there is to say
	Got   string   // "" there is nothing at the place
	Want  string   // "" nothing was wanted there
}

// String says it: "body/total is 3, wanted 4".
func (d Difference) String() string {
	if d.Place == nil {
		return d.Got
	}
	got, want := d.Got, d.Want
	if got == "" {
		got = "missing"
	}
	switch {
	case want == "":
		want = "wanted none"
	case !strings.HasPrefix(want, "must "): // as a schema's violations are told
		want = "wanted " + want
	}
	return strings.Join(d.Place, "/") + " is " + got + ", " + want
}

// MarshalJSON writes it as a sentence.
func (d Difference) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// nearest keeps the calls that came nearest, the first ones among equals.
type nearest struct {
	calls     []Near
	distances []int
}

// offer shows a call that doesn't match for sure.
func (n *nearest) offer(c *Call, f *comparison) {
	if f.distance >= far || len(n.calls) == maxNearest && f.distance >= n.distances[maxNearest-1] {
		return
	}
	differs := f.differs
	if f.doubt != "" && len(differs) < maxDifferences {
		differs = append(differs, Difference{Got: f.doubt})
	}
	at, _ := slices.BinarySearch(n.distances, f.distance+1)
	n.calls = slices.Insert(n.calls, at, nearOf(c, differs))
	n.distances = slices.Insert(n.distances, at, f.distance)
	// Beside a call that is near, one that is far says nothing.
	for len(n.calls) > maxNearest || n.distances[len(n.calls)-1] > n.distances[0]+otherWay {
		n.calls, n.distances = n.calls[:len(n.calls)-1], n.distances[:len(n.calls)-1]
	}
}
