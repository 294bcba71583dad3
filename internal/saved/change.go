package saved

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Place is a part of a request.
type Place string

// The places of a change.
const (
	InMethod Place = "method"
	InPath   Place = "path"
	InQuery  Place = "query"
	InHeader Place = "header"
	InBody   Place = "body"
)

// Op is what a change does.
type Op string

// The ops of a change. Set replaces what is there, or adds it.
const (
	Set    Op = "set"
	Remove Op = "remove"
)

// Change is one thing to change in a request so that it matches.
type Change struct {
	In Place
	// Name is a query parameter, a header, a field of a form, or a JSON pointer
	// into a JSON body; "" is the whole body.
	Name string
	Op   Op
	Have *definition.Value // nil where there is nothing, or where it is too long to tell
	// Want is a text, of a query parameter or a field that repeats a list of
	// texts, inside of a JSON body any value. The whole body is a text, or the
	// value that is written as JSON. It is nil for Remove.
	Want *definition.Value
}

// MaxChanges bounds the changes inside of one body.
const MaxChanges = 20

// maxHave and maxWant bound what is told, in bytes.
const (
	maxHave = 200
	maxWant = 64 << 10
)

// SetText is a change of one text; have is "" where there is none.
func SetText(in Place, name, have, want string) Change {
	c := Change{In: in, Name: name, Op: Set, Want: text(want)}
	if have != "" {
		c.Have = text(have)
	}
	return c
}

func text(s string) *definition.Value {
	v := definition.NewString(s)
	return &v
}

// texts is one text, or a list of several.
func texts(list []string) *definition.Value {
	if len(list) == 1 {
		return text(list[0])
	}
	v := definition.NewArray()
	for _, s := range list {
		v.Kids = append(v.Kids, definition.NewString(s))
	}
	return &v
}

// Value is the change as JSON shows it.
func (c *Change) Value() definition.Value {
	out := definition.NewObject(definition.NewString(string(c.In)).With("in"))
	if c.In != InMethod && c.In != InPath {
		out.Kids = append(out.Kids, definition.NewString(c.Name).With("name"))
	}
	out.Kids = append(out.Kids, definition.NewString(string(c.Op)).With("op"))
	if have := short(c.Have); have != nil {
		out.Kids = append(out.Kids, have.With("have"))
	}
	if c.Want != nil {
		out.Kids = append(out.Kids, c.Want.With("want"))
	}
	return out
}

// short is a value that is not too long to be told.
func short(v *definition.Value) *definition.Value {
	switch {
	case v == nil || size(v, maxHave) <= maxHave:
		return v
	case v.Kind == definition.String:
		return text(strings.ToValidUTF8(v.Text[:maxHave], "") + "…")
	}
	return nil
}

// size is about how many bytes a value is written with, up to a limit.
func size(v *definition.Value, limit int) int {
	n := len(v.Key) + len(v.Text) + 1
	for i := range v.Kids {
		if n > limit {
			return n
		}
		n += size(&v.Kids[i], limit-n)
	}
	return n
}

// told reports whether changes are short enough to be told.
func told(changes []Change) bool {
	n := 0
	for i := range changes {
		if c := &changes[i]; c.Want != nil {
			n += size(c.Want, maxWant)
		}
	}
	return n <= maxWant
}
