package apitest

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// likeAnExample says what the body lacks of the success example that it is
// closest to. No response schema about mocks, collections, specs, environments
// or workspaces has required members: what a client needs is in the examples.
func (j *judgement) likeAnExample(examples []definition.Example, compiled *schema.Schema, body *value) {
	var best []Violation
	judged := false
	for _, e := range examples {
		if e.Value == nil || emptier(e.Value, body) {
			continue
		}
		own := comparison{operation: j.op.ID}
		own.compare(e.Value, body, compiled, "")
		if !judged || len(own.found) < len(best) {
			best, judged = own.found, true
		}
	}
	j.found = append(j.found, best...)
}

// emptier reports whether an example shows an empty list where the body has
// something in it: "none found" is no measure for what was found.
func emptier(example, body *value) bool {
	if example.Is(definition.Array) && example.Len() == 0 && body.Len() > 0 {
		return true
	}
	for i := range example.Kids {
		kid := &example.Kids[i]
		if kid.Kind == definition.Array && kid.Len() == 0 && body.Get(kid.Key).Len() > 0 {
			return true
		}
	}
	return false
}

// comparison collects how a body differs from one example.
type comparison struct {
	operation string
	found     []Violation
}

func (c *comparison) add(pointer, message string) {
	c.found = append(c.found, Violation{Kind: Example, Operation: c.operation, Pointer: pointer, Message: message})
}

// compare walks through the example: each of its members has to be there with
// that type. Of arrays the first elements are compared; null accepts anything,
// and null is accepted where the schema says so or is silent.
func (c *comparison) compare(example, body *value, s *schema.Schema, pointer string) {
	if isUserData(c.operation, pointer) || example.Kind == definition.Null {
		return
	}
	if body.Kind == definition.Null && (s == nil || s.Possible()&schema.TypeNull != 0) {
		return
	}
	if example.Kind != body.Kind {
		c.add(pointer, "is "+body.Kind.String()+", in the example it is "+example.Kind.String())
		return
	}
	switch example.Kind {
	case definition.Object:
		c.compareMembers(example, body, s, pointer)
	case definition.Array:
		if example.Len() > 0 && body.Len() > 0 {
			c.compare(&example.Kids[0], &body.Kids[0], item(s), pointer+"/"+strconv.Itoa(0))
		}
	}
}

// compareMembers compares objects. A mock of a spec has that in place of a
// collection.
func (c *comparison) compareMembers(example, body *value, s *schema.Schema, pointer string) {
	for i := range example.Kids {
		kid := &example.Kids[i]
		place := pointer + "/" + strings.ReplaceAll(strings.ReplaceAll(kid.Key, "~", "~0"), "/", "~1")
		own := body.Get(kid.Key)
		if own == nil {
			if !isUserData(c.operation, place) && !(kid.Key == "collection" && body.Has("spec")) {
				c.add(place, "is missing, the example has it as "+kid.Kind.String())
			}
			continue
		}
		c.compare(kid, own, member(s, kid.Key), place)
	}
}

func member(s *schema.Schema, name string) *schema.Schema {
	if s == nil {
		return nil
	}
	return s.Member(name)
}

func item(s *schema.Schema) *schema.Schema {
	if s == nil {
		return nil
	}
	return s.ItemSchema()
}
