package patch

import "github.com/mimus-dev/mimus/internal/definition"

// Merge applies a merge patch (RFC 7396): members of objects replace, null
// removes, anything but an object replaces as a whole. Replaced members keep
// their place, new ones go last in the order of the patch.
//
// target is not changed; the result shares nothing that may be changed with
// either, and keeps target's Key. It has no more values than both together and
// is no deeper than the deeper one. A nil target is an absent value, a nil
// patch changes nothing.
func Merge(target, patch *definition.Value) definition.Value {
	switch {
	case target == nil && patch == nil:
		return definition.Value{}
	case patch == nil:
		return target.Clone()
	case target == nil:
		return merged(nil, patch, patch.Key)
	}
	return merged(target, patch, target.Key)
}

// merged is MergePatch of RFC 7396, 2, with the name that the result has.
func merged(target, patch *definition.Value, key string) definition.Value {
	if patch.Kind != definition.Object {
		return patch.Clone().With(key)
	}
	result := *patch
	if target.Is(definition.Object) {
		result = *target
	} else {
		target = nil
	}
	result.Key = key
	result.Kids = make([]definition.Value, 0, target.Len()+patch.Len())

	changes := namesOf(patch)
	for i := range target.Len() {
		member := &target.Kids[i]
		at := changes.find(member.Key)
		switch {
		case at < 0:
			result.Kids = append(result.Kids, member.Clone())
		case patch.Kids[at].Kind != definition.Null:
			result.Kids = append(result.Kids, merged(member, &patch.Kids[at], member.Key))
		}
	}
	known := namesOf(target)
	for i := range patch.Kids {
		change := &patch.Kids[i]
		if change.Kind != definition.Null && known.find(change.Key) < 0 {
			result.Kids = append(result.Kids, merged(nil, change, change.Key))
		}
	}
	return result
}
