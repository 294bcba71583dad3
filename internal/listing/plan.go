// Package listing knows how list operations page, filter, sort, search and
// select fields. From the description of an operation alone it reads which
// query parameters mean what; with a request's values it selects the items of
// a page, and fills in what an answer tells of the page.
package listing

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Plan is what a list operation takes and tells. It is immutable, but for
// NoFilterDefaults and NoSortDefault, which may be set before it is first used.
type Plan struct {
	Items   []string // the member names that lead from the answer to the array of items
	Paging  Paging
	Filters []Filter
	Sorting *Sorting // nil: the operation sorts by nothing
	Search  string   // the parameter of a text to look for, "" for none
	Fields  []string // the parameters that select fields
	Told    []Told   // what the answer tells of the page
	Ignored []string // query parameters that nothing is made of

	// NoFilterDefaults leaves the declared defaults of filters out of account
	// where their parameters aren't sent.
	NoFilterDefaults bool
	// NoSortDefault does the same for sorting.
	NoSortDefault bool

	open  []string // parameters whose members or text name properties
	props *catalogue
	links bool
}

// Of reads a list operation. schemas are the definition's; answer is the JSON
// schema of its success response; at is the path of member names from the
// answer to the array of items, empty where the answer is the array itself.
// properties gives the schema of the items' property of a name, a dotted path
// for nested ones, nil where they have none; a nil func leaves it to answer.
func Of(op *definition.Operation, schemas map[string]*definition.Value, answer *definition.Value, at []string, properties func(name string) *definition.Value) *Plan {
	s := shapes{schemas}
	item := s.items(s.at(answer, at))
	p := &Plan{Items: append([]string(nil), at...), props: newCatalogue(s, item, op.Path, properties)}
	var rest []*definition.Parameter
	for _, param := range op.Parameters {
		if param.In == definition.InQuery {
			rest = append(rest, spread(s, param)...)
		}
	}
	var told []Told
	if len(at) > 0 {
		told = readTold(s, answer, at)
	}
	rest = p.readPaging(rest, told)
	rest = p.readSorting(rest)
	rest = p.readFields(rest)
	rest = p.readFilters(rest)
	for _, param := range rest {
		p.Ignored = append(p.Ignored, param.Name)
	}
	p.Told = settleTold(told, &p.Paging)
	p.links = mentionsLink(op)
	return p
}

// spread gives the members of a parameter that is an object of paging,
// page[number] of page, each as a parameter of its own (JSON:API 1.1, 6.6).
func spread(s shapes, param *definition.Parameter) []*definition.Parameter {
	schema := schemaOf(param)
	f := fold(param.Name)
	if f != "page" && f != "pagination" && f != "paging" || s.types(schema)&typeObject == 0 {
		return []*definition.Parameter{param}
	}
	var list []*definition.Parameter
	for _, m := range s.members(schema) {
		own := *param
		own.Name, own.Schema = param.Name+"["+m.name+"]", m.schema
		own.Description = s.text(m.schema, "description")
		list = append(list, &own)
	}
	return list
}

// mentionsLink reports whether the operation's answers have a Link header.
func mentionsLink(op *definition.Operation) bool {
	for _, r := range op.Responses {
		if !strings.HasPrefix(r.Status, "2") && r.Status != "default" {
			continue
		}
		for _, h := range r.Headers {
			if strings.EqualFold(h.Name, "Link") {
				return true
			}
		}
	}
	return false
}

// DeclaresLink reports whether the operation's success responses declare a
// Link header.
func (p *Plan) DeclaresLink() bool { return p.links }

// schemaOf is a parameter's schema, wherever it stands.
func schemaOf(param *definition.Parameter) *definition.Value {
	if param.Schema == nil && param.Content != nil {
		return param.Content.Schema
	}
	return param.Schema
}

// describes gives all that is said of a parameter, in lower case.
func (s shapes) describes(param *definition.Parameter) string {
	return strings.ToLower(param.Description + " " + s.text(schemaOf(param), "description"))
}
