package convert

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// mend replaces what is invalid in v by what a valid value has in its place.
// It reports whether v is valid then.
func mend(s *schema.Schema, v, full *definition.Value, side schema.Direction) bool {
	const tries = 30
	if s.Valid(v, side) {
		return true
	}
	*v = v.Clone() // parts of it belong to the document
	for range tries {
		found := s.Validate(v, side, 50)
		if found == nil {
			return true
		}
		mended := false
		for _, x := range found {
			if mended = mendAt(v, full, x); mended {
				break
			}
		}
		if !mended {
			return false
		}
	}
	return s.Valid(v, side)
}

// mendAt mends one violation; false where the valid value has the same there.
func mendAt(v, full *definition.Value, x schema.Violation) bool {
	for n := len(x.Path); n > 0; n-- {
		at, better := placeIn(v, x.Path[:n]), placeIn(full, x.Path[:n])
		if at != nil && better == nil && drop(placeIn(v, x.Path[:n-1]), x.Path[n-1]) {
			return true
		}
		if at == nil || better == nil || definition.Equal(at, better) {
			continue
		}
		if x.Keyword == "required" && n == len(x.Path) && addNamed(at, better, x.Message) {
			return true
		}
		*at = better.With(at.Key)
		return true
	}
	return x.Keyword == "required" && len(x.Path) == 0 && addNamed(v, full, x.Message)
}

// drop takes a member out of an object.
func drop(v *definition.Value, name string) bool {
	if !v.Is(definition.Object) {
		return false
	}
	kept := make([]definition.Value, 0, len(v.Kids))
	for i := range v.Kids {
		if v.Kids[i].Key != name {
			kept = append(kept, v.Kids[i])
		}
	}
	dropped := len(kept) < len(v.Kids)
	v.Kids = kept
	return dropped
}

// addNamed adds the members of one object that a message names to another.
func addNamed(to, from *definition.Value, message string) bool {
	if to.Kind != definition.Object {
		return false
	}
	added := false
	for i := range from.Kids {
		if k := &from.Kids[i]; !to.Has(k.Key) && strings.Contains(message, "'"+k.Key+"'") {
			to.Kids = append(to.Kids[:len(to.Kids):len(to.Kids)], *k)
			added = true
		}
	}
	return added
}

// placeIn is what a path leads to; of a shorter array its last item.
func placeIn(v *definition.Value, path []string) *definition.Value {
	for _, name := range path {
		switch {
		case v.Is(definition.Array) && len(v.Kids) > 0:
			i, err := strconv.Atoi(name)
			if err != nil {
				return nil
			}
			v = &v.Kids[min(i, len(v.Kids)-1)]
		case !v.Has(name) && strings.HasPrefix(name, "key_") && v.Len() > 0: // another name of a map
			v = &v.Kids[0]
		default:
			if v = v.Get(name); v == nil {
				return nil
			}
		}
	}
	return v
}
