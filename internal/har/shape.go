package har

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Bounds of what a shape tells, and of what it is told from.
const (
	shapeDepth   = 3
	shapeMembers = 64
	shapeBytes   = 1 << 20
)

// Shape tells the form of a JSON body, so that two of one kind have the same:
// the names of its objects' members, three levels deep, without regard to
// order, and those of the first elements of its arrays. It gives "" for what
// is no JSON, or more than 1 MiB of it.
func Shape(body []byte) string {
	if len(body) == 0 || len(body) > shapeBytes {
		return ""
	}
	v, err := document.ParseJSON(string(body), 1, document.Limits{})
	if err != nil {
		return ""
	}
	return shapeOf(&v, shapeDepth)
}

func shapeOf(v *definition.Value, depth int) string {
	switch {
	case v.Kind == definition.Array && len(v.Kids) > 0 && depth > 0:
		return "[" + shapeOf(&v.Kids[0], depth-1) + "]"
	case v.Kind == definition.Array:
		return "[]"
	case v.Kind != definition.Object:
		return "."
	case depth == 0:
		return "{…}"
	}
	names := make([]string, 0, len(v.Kids))
	for i := range v.Kids {
		if len(names) == shapeMembers {
			break
		}
		names = append(names, string(definition.AppendString(nil, v.Kids[i].Key))+shapeOf(&v.Kids[i], depth-1))
	}
	slices.Sort(names)
	return "{" + strings.Join(names, ",") + "}"
}
