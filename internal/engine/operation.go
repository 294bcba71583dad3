package engine

import (
	"strings"
	"sync"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// operation is a compiled operation. Its schemas are compiled on first use.
type operation struct {
	mock      *Mock
	def       *definition.Operation
	label     string
	found     string       // what the trace says of it
	noun      string       // what the answer is about: "pet" for /pets/{id}
	stateless bool         // it is set to keep no state
	twins     []*operation // of the same method and the same place, under another template

	once      sync.Once
	responses []*response
	usual     *response // to a valid request, and its status
	status    int
	params    []*parameter
	bodies    []*media
	hasQuery  bool
}

type parameter struct {
	def    *definition.Parameter
	schema *schema.Schema
	media  *media // of one with "content"

	// Of an exploded object in the query:
	taken map[string]bool // the names that others declare
	named bool            // its schema names properties
}

// response is a compiled response.
type response struct {
	def     *definition.Response
	content []*media
	headers []*header
}

type header struct {
	def    *definition.Header
	name   string // canonical
	schema *schema.Schema
	fixed  []string // the values of its example, else nil
}

func newOperation(m *Mock, d *definition.Operation) *operation {
	op := &operation{mock: m, def: d, label: d.ID, noun: noun(d.Path)}
	if op.label == "" {
		op.label = d.Method + " " + d.Path
		op.found = "the operation is " + op.label
	} else {
		op.found = "the operation is " + op.label + ", " + d.Method + " " + d.Path
	}
	return op
}

// noun is the last literal of a path in the singular: what it is about.
func noun(path string) string {
	path, _ = splitTemplate(path)
	segments := strings.Split(path, "/")
	for i := len(segments) - 1; i >= 0; i-- {
		s := segments[i]
		if s == "" || strings.ContainsAny(s, "{}") {
			continue
		}
		s, _, _ = strings.Cut(s, ".")
		return singular(s)
	}
	return ""
}

func singular(s string) string {
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "xes"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "shes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "ss"), strings.HasSuffix(s, "us"), strings.HasSuffix(s, "is"):
		return s
	case strings.HasSuffix(s, "s") && len(s) > 2:
		return s[:len(s)-1]
	}
	return s
}

// ready compiles what the operation needs, once.
func (op *operation) ready() {
	op.once.Do(func() {
		for _, p := range op.def.Parameters {
			c := &parameter{def: p}
			if p.Content != nil {
				c.media = op.mock.newMedia(p.Content)
			} else {
				c.schema = op.mock.set.Compile(p.Schema)
			}
			if p.In == definition.InQuery || p.In == definition.InQuerystring {
				op.hasQuery = true
			}
			op.params = append(op.params, c)
		}
		op.shareQuery()
		if op.def.Body != nil {
			for _, m := range op.def.Body.Content {
				op.bodies = append(op.bodies, op.mock.newMedia(m))
			}
		}
		for _, r := range op.def.Responses {
			op.responses = append(op.responses, op.mock.newResponse(r))
		}
		op.usual, op.status = op.findSuccess()
	})
}

// shareQuery tells exploded objects which names of the query are not theirs.
func (op *operation) shareQuery() {
	var taken map[string]bool
	for _, p := range op.params {
		if p.def.In != definition.InQuery || p.media != nil || !p.def.Explode || p.def.Style == "deepObject" || shapeOf(p.schema) != schema.TypeObject {
			continue
		}
		if taken == nil {
			taken = op.queryNames()
		}
		p.taken, p.named = taken, len(p.schema.Members()) > 0
	}
}

// queryNames are the names of the query that the operation declares.
func (op *operation) queryNames() map[string]bool {
	names := map[string]bool{}
	for _, p := range op.params {
		if p.def.In != definition.InQuery {
			continue
		}
		names[p.def.Name] = true
		for _, n := range p.schema.Members() {
			names[n] = true
		}
	}
	for _, alternative := range op.def.Security {
		for _, s := range alternative {
			if s.Scheme != nil && s.Scheme.In == definition.InQuery {
				names[s.Scheme.Name] = true
			}
		}
	}
	return names
}

func (m *Mock) newResponse(r *definition.Response) *response {
	c := &response{def: r}
	for _, d := range r.Content {
		c.content = append(c.content, m.newMedia(d))
	}
	for _, h := range r.Headers {
		if x := m.newHeader(h); x != nil {
			c.headers = append(c.headers, x)
		}
	}
	return c
}
