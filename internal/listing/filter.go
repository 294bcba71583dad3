package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Operator is how a filter compares.
type Operator string

// The operators of filters. OpAll asks an array to have every value.
const (
	OpEqual    Operator = "eq"
	OpIn       Operator = "in"
	OpAll      Operator = "all"
	OpNot      Operator = "ne"
	OpGreater  Operator = "gt"
	OpAtLeast  Operator = "gte"
	OpLess     Operator = "lt"
	OpAtMost   Operator = "lte"
	OpPrefix   Operator = "prefix"
	OpContains Operator = "contains"
	OpExists   Operator = "exists"
)

// Filter is a query parameter that selects items by a property.
type Filter struct {
	Parameter string // as the document writes it
	Member    string // of the parameter's object, "" where the parameter is the value itself
	Property  string // a dotted path
	Operator  Operator
	Default   *definition.Value // nil: the document declares none

	enum    []string // the property's values, where they are enumerated
	kind    kind
	columns []string // the paths whose texts are compared
	deep    bool     // items have to be looked into
	switchy bool     // the parameter is a flag, and Value what the property then has
	value   string
}

// readFilters takes the parameters out of the list that select items by their
// properties, and the one that searches.
func (p *Plan) readFilters(params []*definition.Parameter) []*definition.Parameter {
	s := p.props.shapes
	pairs := map[string]bool{}
	for _, param := range params {
		pairs[fold(param.Name)] = true
	}
	var rest []*definition.Parameter
	for _, param := range params {
		schema := schemaOf(param)
		t := s.types(schema)
		switch {
		case always(fold(param.Name)) && t&typeString|t&^typeNull == typeString && p.Search == "" && !p.declares(param):
			p.Search = param.Name
			continue
		case t&typeObject != 0 && p.readObject(param):
			continue
		}
		if f, ok := p.filter(param, pairs); ok {
			if s.keyword(schema, "enum") != nil { // else it may be a word for nothing: "none"
				f.Default = s.keyword(schema, "default")
			}
			p.Filters = append(p.Filters, f)
			continue
		}
		if isOpen(param) && t&(typeNumber|typeBool|typeArray) == 0 {
			p.open = append(p.open, param.Name)
			continue
		}
		rest = append(rest, param)
	}
	return p.readSearch(rest)
}

// readSearch takes the parameter of a free text out of those that no property
// has the name of.
func (p *Plan) readSearch(params []*definition.Parameter) []*definition.Parameter {
	if p.Search != "" {
		return params
	}
	for _, name := range []string{"query", "searchquery", "searchterm", "searchtext", "searchstring", "term", "keyword", "keywords", "text", "phrase", "filterterm", "find"} {
		for i, param := range params {
			if t := p.props.types(schemaOf(param)); fold(param.Name) == name && t&^typeNull&^typeString == 0 {
				p.Search = param.Name
				return slices.Delete(slices.Clone(params), i, i+1)
			}
		}
	}
	return params
}

// always reports whether a folded name is that of a text to look for whatever
// properties there are.
func always(name string) bool { return name == "q" || name == "search" }

// isOpen reports whether a parameter takes filters of many properties:
// ?filter=status:open, ?filters={"status":["open"]}, or else a free text.
func isOpen(param *definition.Parameter) bool {
	switch fold(param.Name) {
	case "filter", "filters":
		return true
	}
	return false
}

// readObject reads a parameter that is an object: of a property's bounds, as
// Stripe's created[gte], or of properties, as JSON:API's filter[status].
func (p *Plan) readObject(param *definition.Parameter) bool {
	s := p.props.shapes
	members := s.members(schemaOf(param))
	if path := p.props.loose(param.Name); path != "" && !isOpen(param) {
		f := p.filterOf(param.Name, path, OpEqual)
		p.Filters = append(p.Filters, f)
		for _, m := range members {
			if op, ok := operator(m.name); ok {
				f := p.filterOf(param.Name, path, op)
				f.Member = m.name
				p.Filters = append(p.Filters, f)
			}
		}
		return true
	}
	if !isOpen(param) && fold(param.Name) != "where" {
		return false
	}
	p.open = append(p.open, param.Name)
	for _, m := range members {
		if path := p.props.loose(m.name); path != "" {
			f := p.filterOf(param.Name, path, OpEqual)
			f.Member = m.name
			p.Filters = append(p.Filters, f)
		}
	}
	return true
}

// filterOf makes a filter of a property.
func (p *Plan) filterOf(name, path string, op Operator) Filter {
	f := Filter{Parameter: name, Property: path, Operator: op}
	schema := p.props.schemaOf(path)
	f.enum = p.props.enum(schema)
	f.kind = p.props.kind(path)
	f.columns, f.deep = p.props.columns(path)
	if !f.deep && f.columns[0] != path {
		f.kind = p.props.kind(f.columns[0])
		f.Property = f.columns[0]
	}
	return f
}

// filter reads one parameter as a filter by the words of its name.
func (p *Plan) filter(param *definition.Parameter, names map[string]bool) (Filter, bool) {
	s := p.props.shapes
	name, op, found := dissect(param.Name)
	schema := schemaOf(param)
	list := s.types(schema)&typeArray != 0
	equal := func(path string) Filter {
		if op == OpEqual {
			op = p.said(param, path, list)
		}
		return p.filterOf(param.Name, path, op)
	}
	if isAuth(fold(name)) || isOpen(param) && !found {
		return Filter{}, false
	}
	if path := p.props.exact(name); path != "" {
		if op == OpEqual && p.isSpan(param, path, names) {
			op = spanOperator(words(name)[0])
		}
		return equal(path), true
	}
	if path, op := p.ranged(param, name); path != "" {
		return p.filterOf(param.Name, path, op), true
	}
	if path := p.props.find(name); path != "" {
		return equal(path), true
	}
	if s.types(schema)&typeBool != 0 {
		return p.flag(param, words(name))
	}
	if found || list || s.types(schema)&typeNumber == 0 {
		if path := p.props.loose(name); path != "" {
			return equal(path), true
		}
	}
	return Filter{}, false
}

func isAuth(name string) bool {
	switch name {
	case "accesstoken", "apikey", "token", "clientsecret", "signature":
		return true
	}
	return false
}

// said is the operator that a description asks of a filter by equality.
func (p *Plan) said(param *definition.Parameter, path string, list bool) Operator {
	text := p.props.describes(param)
	schema := p.props.schemaOf(path)
	if p.props.kind(path) == kindText && len(p.props.enum(schema)) == 0 && p.props.types(schema)&typeArray == 0 {
		for _, w := range []string{"prefix", "starts with", "starting with", "start with", "begins with", "begin with"} {
			if strings.Contains(text, w) {
				return OpPrefix
			}
		}
		for _, w := range []string{"substring", "contains", "containing", "partial", "fuzzy", "case-insensitive search", "search by name"} {
			if strings.Contains(text, w) {
				return OpContains
			}
		}
	}
	if list {
		return OpIn
	}
	return OpEqual
}

// isSpan reports whether a parameter is one end of a stretch of time whose
// other end is a parameter, too, so that it is a bound of the property of the
// same name.
func (p *Plan) isSpan(param *definition.Parameter, path string, names map[string]bool) bool {
	k := p.props.kind(path)
	if k != kindTime && k != kindUnix {
		return false
	}
	f := fold(param.Name)
	start, end := strings.CutPrefix(f, "start")
	if end {
		return names["end"+start]
	}
	rest, ok := strings.CutPrefix(f, "end")
	return ok && names["start"+rest]
}

func spanOperator(word string) Operator {
	if strings.HasPrefix(word, "end") {
		return OpAtMost
	}
	return OpAtLeast
}

// ranged reads a name with a word of a bound: created_after, min_price,
// startDate.
func (p *Plan) ranged(param *definition.Parameter, name string) (string, Operator) {
	list := words(name)
	if len(list) == 0 {
		return "", ""
	}
	for _, at := range []int{len(list) - 1, 0} {
		op, ok := bound(list[at])
		if !ok {
			continue
		}
		rest := slices.Delete(slices.Clone(list), at, at+1)
		if len(rest) == 0 || moment(rest) == "" {
			if !p.temporal(param, list) {
				continue
			}
			return p.props.obviousTime(p.props.describes(param)), op
		}
		path := p.props.loose(strings.Join(rest, "_"))
		if path == "" {
			continue
		}
		if k := p.props.kind(path); k == kindNumber || k == kindTime || k == kindUnix {
			return path, op
		}
	}
	return "", ""
}

// temporal reports whether a parameter without a name of its own is a time.
func (p *Plan) temporal(param *definition.Parameter, list []string) bool {
	schema := schemaOf(param)
	format := p.props.text(schema, "format")
	if strings.HasPrefix(format, "date") || moment(list) != strings.Join(list, "") {
		return true
	}
	text := p.props.describes(param)
	for _, w := range []string{"date", "time", "iso 8601", "iso8601", "rfc 3339", "epoch"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// bound gives the operator of a word that bounds a property.
func bound(word string) (Operator, bool) {
	switch word {
	case "after":
		return OpGreater, true
	case "before":
		return OpLess, true
	case "since", "from", "min", "minimum", "start", "gte", "ge", "oldest":
		return OpAtLeast, true
	case "until", "till", "to", "max", "maximum", "end", "lte", "le", "latest", "through":
		return OpAtMost, true
	case "gt":
		return OpGreater, true
	case "lt":
		return OpLess, true
	}
	return "", false
}

// operator gives the operator that a word in brackets, or after a dot or two
// underscores, names.
func operator(word string) (Operator, bool) {
	if op, ok := bound(fold(word)); ok {
		return op, true
	}
	switch fold(word) {
	case "eq", "equals", "is", "exact", "iexact":
		return OpEqual, true
	case "in", "any", "anyof":
		return OpIn, true
	case "all", "allof":
		return OpAll, true
	case "ne", "neq", "not", "nin", "notin", "noteq":
		return OpNot, true
	case "prefix", "startswith", "istartswith":
		return OpPrefix, true
	case "contains", "like", "ilike", "icontains", "match", "substring":
		return OpContains, true
	case "exists", "isset", "present":
		return OpExists, true
	}
	return "", false
}

// dissect splits what a parameter's name says into the property's name and the
// operator: filter[price][gte], due_on.after, status__in, DateCreated>. found
// reports that it is written as a filter.
func dissect(name string) (property string, op Operator, found bool) {
	if rest, ok := strings.CutSuffix(name, "<"); ok {
		return rest, OpAtMost, true // Twilio: DateCreated<=2024-01-31
	}
	if rest, ok := strings.CutSuffix(name, ">"); ok {
		return rest, OpAtLeast, true
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(name, "__", "["), func(r rune) bool { return r == '[' || r == ']' || r == '.' })
	if len(parts) == 0 {
		return name, OpEqual, false
	}
	if len(parts) > 1 {
		switch fold(parts[0]) {
		case "filter", "filters", "where":
			parts, found = parts[1:], true
		}
	}
	op = OpEqual
	if o, ok := operator(parts[len(parts)-1]); ok && len(parts) > 1 {
		parts, op, found = parts[:len(parts)-1], o, true
	} else if list := words(parts[0]); len(parts) == 1 && len(list) > 1 {
		last := list[len(list)-1]
		if o, ok := operator(last); ok && (o == OpPrefix || o == OpContains || o == OpExists) {
			return strings.Join(list[:len(list)-1], "_"), o, true
		}
	}
	return strings.Join(parts, "."), op, found
}

// flag reads a boolean parameter: is_archived, exclude_archived, bicycles for
// bicycles_allowed, active for a status that can be active.
func (p *Plan) flag(param *definition.Parameter, list []string) (Filter, bool) {
	op := OpEqual
strip:
	for len(list) > 1 {
		switch list[0] {
		case "is", "has", "only", "are":
		case "exclude", "not", "without", "hide":
			op = OpNot
		default:
			break strip
		}
		list = list[1:]
	}
	base := strings.Join(list, "")
	if base == "" {
		return Filter{}, false
	}
	for _, name := range []string{base, "is" + base, "has" + base, base + "allowed", base + "enabled", base + "ed"} {
		if path := p.props.folded[name]; path != "" && p.props.kind(path) == kindBool {
			return p.filterOf(param.Name, path, op), true
		}
	}
	for _, name := range []string{"status", "state"} {
		path := p.props.folded[name]
		if path == "" {
			continue
		}
		f := p.filterOf(param.Name, path, op)
		for _, v := range f.enum {
			if fold(v) == base {
				f.switchy, f.value = true, v
				return f, true
			}
		}
	}
	return Filter{}, false
}
