package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Sorting names the parameters of an operation's order.
type Sorting struct {
	Parameter string // "" where there is only a direction
	Direction string // "" where the order is part of Parameter's values
	Values    []string
	Flag      bool // Direction is a boolean
	Falling   bool // Direction's true means descending

	fallback      *definition.Value // the declared default of Parameter
	fallDirection *definition.Value // of Direction
}

// Term is one property that items are sorted by.
type Term struct {
	Property   string // a dotted path; "" is the order of creation
	Descending bool

	kind kind
}

// maxTerms bounds the properties that one request sorts by.
const maxTerms = 8

// readSorting takes the parameters of the order out of the list.
func (p *Plan) readSorting(params []*definition.Parameter) []*definition.Parameter {
	s := p.props.shapes
	by, direction := -1, -1
	for i, param := range params {
		if by < 0 && isSort(param) && s.types(schemaOf(param))&(typeNumber|typeBool) == 0 && !onlyDirections(s.enum(schemaOf(param))) {
			by = i
		}
	}
	for i, param := range params {
		own := p.declares(param) && !onlyDirections(s.enum(schemaOf(param)))
		if direction < 0 && i != by && !own && isDirection(s, param, by >= 0) {
			direction = i
		}
	}
	if by < 0 && direction < 0 { // order may be either
		by = slices.IndexFunc(params, func(param *definition.Parameter) bool {
			return fold(param.Name) == "order" && s.types(schemaOf(param))&(typeString|typeArray) != 0 && !p.declares(param)
		})
	}
	if by < 0 && direction < 0 {
		return params
	}
	so := &Sorting{}
	if by >= 0 {
		so.Parameter = params[by].Name
		so.Values = s.enum(schemaOf(params[by]))
		so.fallback = s.keyword(schemaOf(params[by]), "default")
	}
	if direction >= 0 {
		param := params[direction]
		so.Direction = param.Name
		so.Flag = s.types(schemaOf(param))&typeBool != 0
		so.Falling = so.Flag && !strings.Contains(fold(param.Name), "asc")
		so.fallDirection = s.keyword(schemaOf(param), "default")
	}
	p.Sorting = so
	var rest []*definition.Parameter
	for i, param := range params {
		if i != by && i != direction {
			rest = append(rest, param)
		}
	}
	return rest
}

func isSort(param *definition.Parameter) bool {
	switch fold(param.Name) {
	case "sort", "sortby", "orderby", "ordering", "sortfield", "sortkey", "orderfield", "sortcolumn", "sortcriteria", "sortproperty", "sorting", "sortedby":
		return true
	}
	return false
}

func isDirection(s shapes, param *definition.Parameter, sorted bool) bool {
	flag := s.types(schemaOf(param))&typeBool != 0
	enum := s.enum(schemaOf(param))
	switch fold(param.Name) {
	case "direction", "dir", "sortorder", "sortdirection", "sortdir", "orderdir", "orderdirection", "order", "ordertype", "sorttype":
		if len(enum) > 0 {
			return onlyDirections(enum)
		}
		return !flag && (sorted || strings.Contains(s.describes(param), "asc"))
	case "sort", "orderby", "sortby":
		return len(enum) > 0 && onlyDirections(enum)
	case "ascending", "asc", "sortascending", "descending", "desc", "sortdescending", "reverse", "reversed":
		return flag
	}
	return false
}

func onlyDirections(enum []string) bool {
	if len(enum) == 0 {
		return false
	}
	for _, v := range enum {
		if _, ok := directionOf(v); !ok {
			return false
		}
	}
	return true
}

// directionOf reads a word of a direction.
func directionOf(text string) (descending, ok bool) {
	switch fold(text) {
	case "asc", "ascending", "ascend", "up", "oldest", "forward":
		return false, true
	case "desc", "descending", "descend", "down", "newest", "latest", "recent", "backward", "reverse":
		return true, true
	case "1":
		return strings.HasPrefix(strings.TrimSpace(text), "-"), true
	}
	return false, false
}

// order reads what a request sorts by. by and direction are nil where they
// weren't sent.
func (p *Plan) order(by, direction *definition.Value) []Term {
	so := p.Sorting
	if so == nil {
		return nil
	}
	sent := by != nil || direction != nil
	if !sent && p.NoSortDefault {
		return nil
	}
	if by == nil {
		by = so.fallback
	}
	if direction == nil {
		direction = so.fallDirection
	}
	descending, turned := so.descending(direction)
	terms := p.terms(by)
	if len(terms) == 0 && by == nil && turned {
		terms = []Term{p.byAge()}
	}
	if descending {
		for i := range terms {
			terms[i].Descending = !terms[i].Descending
		}
	}
	return terms
}

func (so *Sorting) descending(direction *definition.Value) (descending, ok bool) {
	if direction == nil {
		return false, false
	}
	if so.Flag {
		return (direction.Text == "true") == so.Falling, direction.Text != ""
	}
	return directionOf(direction.Text)
}

// byAge sorts by the time of creation, or else in the order of it.
func (p *Plan) byAge() Term {
	if path, ok := p.props.moments["created"]; ok {
		return Term{Property: path, kind: p.props.kind(path)}
	}
	return Term{}
}

// terms reads the values of a parameter to sort by.
func (p *Plan) terms(by *definition.Value) []Term {
	var terms []Term
	add := func(text string) {
		for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
			if descending, ok := directionOf(one); ok && len(terms) > 0 && !strings.HasPrefix(one, "-") { // Spring: name,desc
				terms[len(terms)-1].Descending = descending
				continue
			}
			if t, ok := p.term(strings.TrimSpace(one)); ok && len(terms) < maxTerms {
				terms = append(terms, t)
			}
		}
	}
	switch {
	case by == nil:
	case by.Kind == definition.Array:
		for i := range by.Kids {
			add(by.Kids[i].Text)
		}
	case by.Kind == definition.Object:
		for i := range by.Kids {
			add(by.Kids[i].Key + ":" + by.Kids[i].Text)
		}
	default:
		add(by.Text)
	}
	return terms
}

// term reads one value: name, -name, name:desc, name desc, created_at_desc,
// nameDesc, desc(name), newest.
func (p *Plan) term(text string) (Term, bool) {
	if len(text) > 200 {
		return Term{}, false
	}
	if descending, ok := directionOf(text); ok {
		t := p.byAge()
		t.Descending = descending
		return t, true
	}
	descending := false
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		text, descending = rest, true
	}
	text = strings.TrimPrefix(text, "+")
	if path := p.props.loose(text); path != "" {
		return Term{Property: path, Descending: descending, kind: p.props.kind(path)}, true
	}
	list := words(text)
	if len(list) < 2 {
		return Term{}, false
	}
	last := len(list) - 1
	if d, ok := directionOf(list[last]); ok {
		list, descending = list[:last], d
	} else if d, ok := directionOf(list[0]); ok {
		list, descending = list[1:], d
	} else {
		return Term{}, false
	}
	path := p.props.loose(text[:propertyEnd(text)])
	if path == "" {
		path = p.props.loose(strings.Join(list, "_"))
	}
	if path == "" {
		return Term{}, false
	}
	return Term{Property: path, Descending: descending, kind: p.props.kind(path)}, true
}

// propertyEnd is where the name ends in "owner.name:desc", "name desc".
func propertyEnd(text string) int {
	if i := strings.IndexAny(text, ": |"); i > 0 {
		return i
	}
	return len(text)
}
