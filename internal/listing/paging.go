package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Style is how an operation gives its items in pages.
type Style string

// The styles of paging. StyleCursor and StyleToken take an opaque text that an
// answer gave; StyleAfter takes the id of an item.
const (
	StyleNone   Style = "none"
	StylePage   Style = "page"
	StyleOffset Style = "offset"
	StyleCursor Style = "cursor"
	StyleAfter  Style = "after"
	StyleToken  Style = "token"
)

// Paging names the parameters of paging; "" for those that an operation
// doesn't have.
type Paging struct {
	Style  Style // the one that an answer to a request without any tells the next page in
	Page   string
	Size   string
	Back   string // the size of a page that ends before a cursor (last, of GraphQL's connections)
	Offset string
	After  string
	Before string
	Token  string

	First       int  // the number of the first page
	DefaultSize int  // 0: all items
	MaxSize     int  // 0: no bound
	Keyed       bool // After and Before take the id of an item
	Newest      bool // the items of a page are the newest (max_id)
	Inclusive   bool // After takes the item that it names, too
	Front       bool // Before bounds the page, and doesn't end it (since_id)

	emptySize bool // a size of 0 is asked for on purpose
	form      form // of After, Before and Token
}

// DefaultSize is the size of a page where the document tells none.
const DefaultSize = 25

// readPaging takes the parameters of paging out of the list.
func (p *Plan) readPaging(params []*definition.Parameter, told []Told) []*definition.Parameter {
	s := p.props.shapes
	pg := &p.Paging
	var rest []*definition.Parameter
	names := map[string]bool{}
	for _, param := range params {
		names[fold(param.Name)] = true
	}
	for _, param := range params {
		schema := schemaOf(param)
		role := p.role(param, names, told)
		slot := pg.slot(role)
		if slot == nil || *slot != "" {
			rest = append(rest, param)
			continue
		}
		*slot = param.Name
		switch role {
		case roleSize:
			pg.readSize(s, param)
		case rolePage:
			pg.First = firstPage(s, param)
		case roleAfter, roleBefore:
			pg.Keyed = pg.Keyed || isKeyed(s, param, told)
			pg.form.read(s, schema)
		case roleToken:
			pg.form.read(s, schema)
		}
		if f := fold(param.Name); f == "maxid" {
			pg.Newest, pg.Inclusive = true, strings.Contains(s.describes(param), "or equal")
		} else if f == "sinceid" && names["maxid"] {
			pg.Front = true
		}
	}
	p.settlePaging(told)
	return rest
}

func (pg *Paging) slot(r role) *string {
	switch r {
	case roleSize:
		return &pg.Size
	case roleBack:
		return &pg.Back
	case rolePage:
		return &pg.Page
	case roleOffset:
		return &pg.Offset
	case roleAfter:
		return &pg.After
	case roleBefore:
		return &pg.Before
	case roleToken:
		return &pg.Token
	}
	return nil
}

// settlePaging decides which style is the operation's own.
func (p *Plan) settlePaging(told []Told) {
	pg := &p.Paging
	cursors := slices.ContainsFunc(told, func(t Told) bool { return t.Fact == FactNext })
	switch {
	case pg.Token != "" && (cursors || pg.Page == "" && pg.Offset == ""):
		pg.Style = StyleToken
		if strings.Contains(fold(pg.Token), "cursor") {
			pg.Style = StyleCursor
		}
	case pg.Page != "":
		pg.Style = StylePage
	case pg.Offset != "":
		pg.Style = StyleOffset
	case pg.After != "" || pg.Before != "":
		pg.Style = StyleCursor
		if pg.Keyed {
			pg.Style = StyleAfter
		}
	default:
		pg.Style = StyleNone
	}
	if pg.Page == "" {
		pg.First = 1
	}
	if pg.DefaultSize == 0 && (pg.Size != "" || pg.Style != StyleNone) {
		pg.DefaultSize = DefaultSize
	}
	if pg.MaxSize > 0 {
		pg.DefaultSize = min(pg.DefaultSize, pg.MaxSize)
	}
}

// readSize reads how many items a page has, from the parameter's schema or
// else from what its description says.
func (pg *Paging) readSize(s shapes, param *definition.Parameter) {
	schema, said := schemaOf(param), s.describes(param)
	if n, ok := s.integer(schema, "default"); ok && n > 0 {
		pg.DefaultSize = n
	} else if n, ok := numberAfter(said, "default"); ok && n > 0 {
		pg.DefaultSize = n
	}
	if n, ok := s.integer(schema, "maximum"); ok && n > 0 {
		pg.MaxSize = n
	} else if n, ok := s.integer(schema, "exclusiveMaximum"); ok && n > 1 {
		pg.MaxSize = n - 1
	} else if n, ok := numberAfter(said, "max"); ok && n > 0 {
		pg.MaxSize = n
	} else if _, rest, found := strings.Cut(said, "between"); found {
		if n, ok := numberAfter(rest, "and"); ok && n > 1 {
			pg.MaxSize = n
		}
	}
	if n, ok := s.integer(schema, "minimum"); ok && n == 0 {
		pg.emptySize = true
	}
}

// firstPage is the number of the first page: 0 where the document says so.
func firstPage(s shapes, param *definition.Parameter) int {
	schema := schemaOf(param)
	if n, ok := s.integer(schema, "default"); ok {
		return min(max(n, 0), 1)
	}
	if n, ok := s.integer(schema, "minimum"); ok {
		return min(max(n, 0), 1)
	}
	said := s.describes(param)
	for _, phrase := range []string{"zero-based", "zero based", "0-based", "0 based", "zero-indexed", "0-indexed", "0-index", "starts at 0", "starting at 0", "starts from 0", "starting from 0", "starting with 0", "starts with 0", "begins at 0", "first page is 0", "(0..n)", "page 0"} {
		if strings.Contains(said, phrase) {
			return 0
		}
	}
	return 1
}

// isKeyed reports whether a cursor is the id of an item, by its name, its
// description, or the ids of the page's ends that the answer tells.
func isKeyed(s shapes, param *definition.Parameter, told []Told) bool {
	switch f := fold(param.Name); f {
	case "startingafter", "endingbefore":
		return !slices.ContainsFunc(told, func(t Told) bool { return t.Fact == FactNext })
	case "after", "before":
	default:
		if strings.HasSuffix(f, "id") || f == "since" {
			return true
		}
	}
	if slices.ContainsFunc(told, func(t Told) bool { return t.Fact == FactLastKey }) {
		return true
	}
	ref := strings.ToLower(schemaOf(param).Get("$ref").Str())
	if strings.Contains(ref, "snowflake") || s.text(schemaOf(param), "format") == "uuid" || s.types(schemaOf(param))&typeNumber != 0 {
		return true
	}
	said := words(s.describes(param))
	return slices.Contains(said, "id") && !slices.Contains(said, "opaque")
}

type role uint8

const (
	roleNone role = iota
	roleSize
	roleBack
	rolePage
	roleOffset
	roleAfter
	roleBefore
	roleToken
)

// role tells what a query parameter is for in paging. names are the folded
// names of all query parameters.
func (p *Plan) role(param *definition.Parameter, names map[string]bool, told []Told) role {
	s := p.props.shapes
	schema, f := schemaOf(param), fold(param.Name)
	t := s.types(schema)
	if t&(typeArray|typeObject|typeBool) != 0 {
		return roleNone
	}
	number := t == 0 || t&typeNumber != 0 || numeric(s, schema)
	dated := strings.HasPrefix(s.text(schema, "format"), "date")
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(n string) bool { return names[n] })
	}
	switch f {
	case "perpage", "pagesize", "pagelimit", "itemsperpage", "resultsperpage", "recordsperpage", "maxpagesize", "maximumpagesize", "maxresults", "maxitems", "maxkeys", "pagecount", "pagesizelimit", "numresults", "paginationlimit":
		return when(number || t == typeString, roleSize)
	case "limit", "take", "top", "rows":
		return when(number || t == typeString && !p.declares(param), roleSize)
	case "size", "count", "length", "first", "max", "n", "per", "num":
		paged := has("page", "pagenumber", "from", "offset", "start", "skip", "cursor", "after", "startindex", "last", "pagetoken", "marker")
		return when(number && t != 0 && (paged || f == "first" && has("before")), roleSize)
	case "page", "pagenumber", "pageno", "pagenum", "pageindex", "currentpage", "p", "pagenr":
		if said := s.describes(param); t == typeString && !numeric(s, schema) && (strings.Contains(said, "token") || strings.Contains(said, "cursor")) {
			return roleToken
		}
		return when((number || t == typeString) && (f != "p" || t&typeNumber != 0), rolePage)
	case "offset", "pageoffset":
		if t == typeString && !numeric(s, schema) {
			return roleToken
		}
		return roleOffset
	case "skip", "startindex", "startat", "firstresult", "rowoffset", "itemoffset":
		return when(number || t == typeString, roleOffset)
	case "start":
		return when(t&typeNumber != 0 && has("limit", "count", "rows", "size", "length", "maxresults"), roleOffset)
	case "from":
		return when(t&typeNumber != 0 && has("size", "limit", "count") && !has("to", "until"), roleOffset)
	case "cursor", "nextcursor", "pagecursor", "pagetoken", "nextpagetoken", "nexttoken", "paginationtoken", "marker", "nextmarker", "continuation", "continuationtoken", "continue", "exclusivestartkey", "startkey", "scrollid", "scroll", "scrollparam", "bookmark", "streamposition", "nextpage", "startcursor", "resumetoken", "synctoken":
		return roleToken
	case "token":
		return when(!has("pagetoken", "cursor", "page", "offset") && slices.ContainsFunc(told, func(t Told) bool { return t.Fact == FactNext }), roleToken)
	case "after", "startingafter", "afterid", "pageafter", "aftercursor", "startafter", "lastid", "aftergid":
		return when(!dated && !p.declares(param), roleAfter)
	case "before", "endingbefore", "beforeid", "pagebefore", "beforecursor", "endbefore":
		return when(!dated && !p.declares(param), roleBefore)
	case "last":
		if has("before", "first") && number {
			return roleBack
		}
		return when(has("n"), roleAfter)
	case "sinceid":
		return when(!dated && names["maxid"], roleBefore) + when(!dated && !names["maxid"], roleAfter)
	case "maxid":
		return roleAfter
	case "minid":
		return when(!names["sinceid"], roleBefore)
	case "since":
		return when(t&typeNumber != 0 && slices.Contains(words(s.describes(param)), "id"), roleAfter)
	}
	return roleNone
}

func when(ok bool, r role) role {
	if ok {
		return r
	}
	return roleNone
}

// numeric reports whether a schema of a text is for one of digits.
func numeric(s shapes, schema *definition.Value) bool {
	switch s.text(schema, "format") {
	case "int32", "int64", "uint32", "uint64", "integer":
		return true
	}
	return false
}

// declares reports whether items have a property of exactly the parameter's
// name, which a filter is about then.
func (p *Plan) declares(param *definition.Parameter) bool {
	return p.props.schema[param.Name] != nil
}
