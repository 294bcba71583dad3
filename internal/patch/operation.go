package patch

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// operation is one change, found well-formed.
type operation struct {
	name  string
	path  string
	from  string            // of move and copy
	value *definition.Value // of add, replace and test, in the patch
}

// decode reads a patch (RFC 6902, 3 and 4).
func decode(patch *definition.Value) ([]operation, error) {
	if !patch.Is(definition.Array) {
		return nil, &Error{Index: -1, Kind: Malformed, Message: "a JSON Patch is an array of operations"}
	}
	if len(patch.Kids) > maxOperations {
		return nil, &Error{Index: -1, Kind: TooLarge, Message: "the patch has too many operations; apply it in parts"}
	}
	list := make([]operation, len(patch.Kids))
	for i := range patch.Kids {
		if fault := list[i].decode(&patch.Kids[i]); fault != nil {
			fault.Index, fault.Op, fault.Path = i, list[i].name, list[i].path
			return nil, fault
		}
	}
	return list, nil
}

// decode reads one operation. Members that its kind doesn't define are
// ignored (RFC 6902, 4).
func (op *operation) decode(v *definition.Value) *Error {
	if v.Kind != definition.Object {
		return fail(Malformed, "an operation is an object, not %s", describe(v))
	}
	var name, path, from *definition.Value
	for i := range v.Kids {
		member := &v.Kids[i]
		var slot **definition.Value
		switch member.Key {
		case "op":
			slot = &name
		case "path":
			slot = &path
		case "from":
			slot = &from
		case "value":
			slot = &op.value
		default:
			continue
		}
		if *slot != nil {
			return fail(Malformed, "%s is there twice", member.Key)
		}
		*slot = member
	}

	if !name.Is(definition.String) {
		return fail(Malformed, "op is missing or no string: use add, remove, replace, move, copy or test")
	}
	op.name = name.Text
	if fault := pointer("path", path, &op.path); fault != nil {
		return fault
	}
	switch op.name {
	case "add", "replace", "test":
		if op.value == nil {
			return fail(Malformed, "value is missing")
		}
	case "remove":
		if op.path == "" {
			return fail(Malformed, "the whole can't be removed, only replaced")
		}
	case "move", "copy":
		if fault := pointer("from", from, &op.from); fault != nil {
			return fault
		}
		if op.name == "move" && len(op.path) > len(op.from) && strings.HasPrefix(op.path, op.from) && op.path[len(op.from)] == '/' {
			return fail(Malformed, "a value can't be moved into itself, from %s", quote(op.from))
		}
	default:
		return fail(Malformed, "%s is no operation: use add, remove, replace, move, copy or test", quote(op.name))
	}
	return nil
}

// pointer reads a member that is a JSON Pointer.
func pointer(member string, v *definition.Value, to *string) *Error {
	if !v.Is(definition.String) {
		return fail(Malformed, "%s is missing or no string", member)
	}
	if !wellFormed(v.Text) {
		return fail(Malformed, "%s %s is no JSON Pointer: it begins with / or is empty, and writes ~ as ~0", member, quote(v.Text))
	}
	*to = v.Text
	return nil
}
