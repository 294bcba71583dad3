package overlay

import (
	"errors"
	"fmt"
	"strings"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"
)

// query is a JSONPath (RFC 9535) that was read. The library reads it and
// decides filters; the segments are walked here, on the tree itself, so that
// nothing of a large document has to be made into another form but what a
// filter looks at, and so that the work can be bounded.
type query struct {
	segments []segment
}

type segment struct {
	descendant bool
	selectors  []selector
}

type selector struct {
	spec.Selector
	filter *filter // nil for all other kinds
}

// maxQuery bounds the length of a JSONPath in bytes, and so its nesting.
const maxQuery = 4096

var errQueryEmpty = errors.New("it is empty")

func parseQuery(text string) (*query, error) {
	if text == "" {
		return nil, errQueryEmpty
	}
	if len(text) > maxQuery {
		return nil, fmt.Errorf("it is longer than %d bytes", maxQuery)
	}
	p, err := jsonpath.NewParser(jsonpath.WithRegistry(functions())).Parse(text)
	if err != nil {
		message := strings.TrimPrefix(err.Error(), jsonpath.ErrPathParse.Error()+": ")
		if !strings.Contains(message, " at position ") {
			message += fmt.Sprintf(" at position %d", len(text)+1)
		}
		return nil, errors.New(message)
	}
	q := &query{}
	for _, s := range p.Query().Segments() {
		seg := segment{descendant: s.IsDescendant()}
		for _, sel := range s.Selectors() {
			f, _ := sel.(*spec.FilterSelector)
			seg.selectors = append(seg.selectors, selector{sel, newFilter(f)})
		}
		q.segments = append(q.segments, seg)
	}
	return q, nil
}
