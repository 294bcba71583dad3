package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// pairs joins the named examples of a response with those of its request:
// there is one answer for each name that both have, else one of the first
// examples. It is nil where neither side has examples with names.
func (w *assembly) pairs(op *definition.Operation, r *definition.Response, m *definition.Media) []savedBody {
	asked := requestExamples(op, m.Type)
	named := namedExamples(m)
	if len(named) == 0 && len(asked) == 0 {
		return nil
	}
	if len(named) == 0 {
		text, ok := w.text(m, schema.Response)
		if !ok {
			return nil
		}
		a := savedBody{name: strings.ReplaceAll(r.Status, "X", "0"), body: &text}
		w.ask(&a, op, asked, asked[0].Name)
		return []savedBody{a}
	}
	var all []savedBody
	for _, e := range named {
		if hasName(asked, e.Name) || parametersHave(op, e.Name) {
			a := w.shownAnswer(e, m)
			a.key = e.Name
			w.ask(&a, op, asked, e.Name)
			all = append(all, a)
		}
	}
	if all == nil {
		a := w.shownAnswer(named[0], m)
		if len(asked) > 0 {
			w.ask(&a, op, asked, asked[0].Name)
		}
		all = append(all, a)
	}
	return all
}

func (w *assembly) shownAnswer(e *definition.Example, m *definition.Media) savedBody {
	text := ""
	switch {
	case e.Value != nil:
		text = w.written(e.Value, m, schema.Response)
	case e.Serialized != nil:
		text = *e.Serialized
	}
	name := e.Name
	for _, s := range [...]string{e.Summary, e.Description} {
		if s != "" {
			name = s
		}
	}
	return savedBody{name: name, body: &text}
}

// ask gives an answer the body of the request example of a name, else of the
// first.
func (w *assembly) ask(a *savedBody, op *definition.Operation, asked []*definition.Example, name string) {
	if len(asked) == 0 || op.Body == nil {
		return
	}
	e := asked[0]
	for _, x := range asked {
		if strings.EqualFold(x.Name, name) {
			e = x
			break
		}
	}
	if e.Value != nil {
		text := w.written(e.Value, w.chosen(op.Body.Content), schema.Request)
		a.request = &text
	}
}

func namedExamples(m *definition.Media) []*definition.Example {
	var out []*definition.Example
	for i := range m.Examples {
		if m.Examples[i].Name != "" {
			out = append(out, &m.Examples[i])
		}
	}
	return out
}

// requestExamples are the named examples of the request's body: those of a
// media type, or of all where it has none.
func requestExamples(op *definition.Operation, mediaType string) []*definition.Example {
	if op.Body == nil {
		return nil
	}
	var same, all []*definition.Example
	for _, m := range op.Body.Content {
		named := namedExamples(m)
		all = append(all, named...)
		if m.Type == mediaType {
			same = append(same, named...)
		}
	}
	if same != nil {
		return same
	}
	return all
}

func hasName(list []*definition.Example, name string) bool {
	for _, e := range list {
		if strings.EqualFold(e.Name, name) {
			return true
		}
	}
	return false
}

func parametersHave(op *definition.Operation, name string) bool {
	for _, p := range op.Parameters {
		if p.In == definition.InCookie {
			continue
		}
		for i := range p.Examples {
			if p.Examples[i].Name != "" && strings.EqualFold(p.Examples[i].Name, name) {
				return true
			}
		}
	}
	return false
}
