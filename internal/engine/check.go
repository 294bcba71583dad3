package engine

import (
	"context"
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Coverage counts operations by what their success is answered from.
type Coverage struct {
	Example int `json:"example"`
	Schema  int `json:"schema"`
	Empty   int `json:"empty"`   // the response has no body
	Nothing int `json:"nothing"` // no response, or a media type without schema and example
}

// Coverage counts the mock's operations.
func (m *Mock) Coverage() Coverage {
	var c Coverage
	for _, op := range m.ops {
		op.ready()
		r, status := op.success()
		switch {
		case r == nil:
			c.Nothing++
		case len(r.content) == 0 || status == 204:
			c.Empty++
		case hasExample(r.content[0]):
			c.Example++
		case r.content[0].schema != nil || r.content[0].item != nil:
			c.Schema++
		default:
			c.Nothing++
		}
	}
	return c
}

func hasExample(m *media) bool {
	for i := range m.def.Examples {
		if m.def.Examples[i].Value != nil || m.def.Examples[i].Serialized != nil {
			return true
		}
	}
	return false
}

// BadExample is an example of the document that breaks its own schema.
type BadExample struct {
	Value   *definition.Value
	Message string
}

const maxBadExamples = 1000

// CheckExamples checks the examples of responses, bodies and parameters
// against their schemas, until ctx ends.
func (m *Mock) CheckExamples(ctx context.Context) []BadExample {
	var out []BadExample
	seen := map[*definition.Value]bool{}
	check := func(op *operation, where string, e *definition.Example, s *schema.Schema, dir schema.Direction) {
		if e.Value == nil || s == nil || seen[e.Value] || len(out) >= maxBadExamples {
			return
		}
		seen[e.Value] = true
		found := s.Validate(e.Value, dir, 3)
		if len(found) == 0 {
			return
		}
		name := ""
		if e.Name != "" {
			name = " " + quote(e.Name)
		}
		at := found[0].Pointer()
		if at == "" {
			at = "/"
		}
		out = append(out, BadExample{e.Value, fmt.Sprintf("example%s of %s of %s breaks its schema: %s %s", name, where, op.label, at, found[0].Message)})
	}
	for _, op := range m.ops {
		if ctx.Err() != nil {
			return out
		}
		op.ready()
		for _, p := range op.params {
			for i := range p.def.Examples {
				check(op, "parameter "+p.def.Name, &p.def.Examples[i], p.schema, schema.Request)
			}
		}
		for _, b := range op.bodies {
			for i := range b.def.Examples {
				if b.form == formJSON {
					check(op, "the request body", &b.def.Examples[i], b.schema, schema.Request)
				}
			}
		}
		for _, r := range op.responses {
			for _, b := range r.content {
				for i := range b.def.Examples {
					if b.form == formJSON {
						check(op, "response "+r.def.Status, &b.def.Examples[i], b.schema, schema.Response)
					}
				}
			}
		}
	}
	return out
}
