package engine

import (
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

// Change is one thing to change in a request so that it matches.
type Change = saved.Change

// Near is an operation or a saved example that a request nearly matched.
type Near struct {
	Method  string
	Path    string
	Differs string // of an operation: what differs, in words

	Example bool // it is a saved example
	Name    string
	ID      string
	Place   string
	Status  int
	Score   int
	Failed  string // the first rule that it failed

	// Changes are the smallest that make the request match. They are empty
	// where none are known to.
	Changes []Change
}

// value is the candidate as the body of a miss shows it.
func (n *Near) value() value {
	out := definition.NewObject()
	if !n.Example {
		out.Kids = append(out.Kids,
			definition.NewString(n.Method).With("method"),
			definition.NewString(n.Path).With("path"),
			definition.NewString(n.Differs).With("differs"),
		)
		addList(&out, "changes", n.Changes, (*Change).Value)
		return out
	}
	out.Kids = append(out.Kids, definition.NewString(n.Name).With("name"))
	addText(&out, "id", n.ID)
	out.Kids = append(out.Kids,
		definition.NewString(n.Place).With("example"),
		definition.NewString(n.Method).With("method"),
		definition.NewString(n.Path).With("path"),
		definition.NewInt(int64(n.Status)).With("status"),
		definition.NewInt(int64(n.Score)).With("score"),
		definition.NewString(n.Failed).With("failed"),
	)
	addList(&out, "changes", n.Changes, (*Change).Value)
	return out
}

// nearestMember is what a miss tells of its nearest candidates.
func (x *exchange) nearestMember(near []Near) value {
	x.nearest = near
	list := definition.NewArray()
	for i := range near {
		list.Kids = append(list.Kids, near[i].value())
	}
	return list.With("nearest")
}
