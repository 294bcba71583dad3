package document

import (
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// duplicate is a name that an object has twice.
type duplicate struct {
	name string
	pos  uint32 // of the value that won
}

// duplicates collects them up to a bound. A nil one collects nothing.
type duplicates struct {
	found []duplicate
	more  int
}

// maxDuplicates is how many are told one by one.
const maxDuplicates = 100

func (d *duplicates) add(name string, pos uint32) {
	switch {
	case d == nil:
	case len(d.found) < maxDuplicates:
		d.found = append(d.found, duplicate{name, pos})
	default:
		d.more++
	}
}

// diagnostics gives a warning for each, with a place in the text.
func (d *duplicates) diagnostics(name string, position func(offset uint32) (line, col int)) []Diagnostic {
	var all []Diagnostic
	for _, dup := range d.found {
		w := Diagnostic{Severity: Warning, Code: "duplicate-key", File: name,
			Message: fmt.Sprintf("the key %q is there twice in the same object", dup.name),
			Hint:    "the last one is used, remove the others"}
		w.Line, w.Col = position(dup.pos)
		all = append(all, w)
	}
	if d.more > 0 {
		all = append(all, Diagnostic{Severity: Warning, Code: "duplicate-key", File: name,
			Message: fmt.Sprintf("%d more keys are there twice", d.more)})
	}
	return all
}

// fewMembers is up to how many members comparing each with each is faster than
// a map.
const fewMembers = 16

// uniqueFew drops members whose name comes again later and moves the last
// value of each name to the place of the first.
func uniqueFew(members []definition.Value, dups *duplicates) []definition.Value {
	for i := 1; i < len(members); i++ {
		key := members[i].Key
		for j := range i {
			if len(members[j].Key) == len(key) && members[j].Key == key {
				dups.add(key, members[i].Pos)
				members[j] = members[i]
				members = append(members[:i], members[i+1:]...)
				i--
				break
			}
		}
	}
	return members
}

// uniqueMany is uniqueFew in linear time. It leaves seen empty.
func uniqueMany(members []definition.Value, seen map[string]int, dups *duplicates) []definition.Value {
	kept := members[:0]
	for i := range members {
		if j, ok := seen[members[i].Key]; ok {
			dups.add(members[i].Key, members[i].Pos)
			kept[j] = members[i]
			continue
		}
		seen[members[i].Key] = len(kept)
		kept = append(kept, members[i])
	}
	clear(seen)
	return kept
}
