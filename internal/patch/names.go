package patch

import "github.com/mimus-dev/mimus/internal/definition"

// names finds the members of one object by name, in a time that doesn't grow
// with their number where they are many.
type names struct {
	members []definition.Value
	places  map[string]int // nil where they are few
}

// fewMembers is up to how many members a look at each is faster than a map.
const fewMembers = 16

func namesOf(object *definition.Value) names {
	if object.Len() <= fewMembers {
		if object == nil {
			return names{}
		}
		return names{members: object.Kids}
	}
	n := names{members: object.Kids, places: make(map[string]int, len(object.Kids))}
	for i := range object.Kids {
		if _, known := n.places[object.Kids[i].Key]; !known {
			n.places[object.Kids[i].Key] = i
		}
	}
	return n
}

// find gives the place of a member, -1 where there is none of the name.
func (n names) find(name string) int {
	if n.places == nil {
		return place(n.members, name)
	}
	if i, ok := n.places[name]; ok {
		return i
	}
	return -1
}

// place looks at each member.
func place(members []definition.Value, name string) int {
	for i := range members {
		if members[i].Key == name {
			return i
		}
	}
	return -1
}
