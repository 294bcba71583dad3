package listing

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Fact is what a member of an answer tells of the page.
type Fact uint8

// The facts that answers tell. Cursors are texts that a parameter takes;
// numbers of rows count items.
const (
	FactNone           Fact = iota
	FactTotal               // items of all pages
	FactCount               // a count that is the total, unless that is told elsewhere
	FactRows                // items of this page
	FactPages               // pages
	FactNumber              // the page's number
	FactSize                // items of a full page
	FactOffset              // items before the page
	FactFrom                // the page's first item, counted from 1
	FactTo                  // the page's last item, counted from 1
	FactEndIndex            // the page's last item, counted from 0
	FactNextNumber          // the next page's number
	FactPreviousNumber      // the previous page's number
	FactFirstNumber         // the first page's number
	FactLastNumber          // the last page's number
	FactNextOffset          // items before the next page
	FactPreviousOffset      // items before the previous page
	FactMore                // whether there is a next page
	FactHasPrevious         // whether there is a previous page
	FactIsLast              // whether this is the last page
	FactIsFirst             // whether this is the first page
	FactIsEmpty             // whether the page is empty
	FactNever               // what a mock never is: incomplete
	FactNext                // the next page's cursor
	FactPrevious            // the previous page's cursor
	FactStart               // the cursor of the page's first item
	FactEnd                 // the cursor of the page's last item
	FactFirstKey            // the id of the page's first item
	FactLastKey             // the id of the page's last item
	FactNextURL
	FactPreviousURL
	FactFirstURL
	FactLastURL
	FactSelfURL
	FactNextObject     // an object that is there only with a next page
	FactPreviousObject // an object that is there only with a previous page
	FactLinks          // a list of objects with a relation and a URL
)

// Told is a member of an answer that tells a fact.
type Told struct {
	Path []string
	Fact Fact

	types    types
	required bool
	relative bool   // a URL without scheme and host
	open     bool   // a cursor, or a URL where the operation takes no cursor
	rel, url string // the members of FactLinks
}

// readTold lists what the answer tells beside the items at a path.
func readTold(s shapes, answer *definition.Value, at []string) []Told {
	r := toldReader{shapes: s, at: at}
	r.walk(answer, nil, "", "", 0)
	return r.list
}

type toldReader struct {
	shapes
	at   []string
	list []Told
}

// maxTold bounds what is told in one answer, and how deep it stands.
const (
	maxTold      = 100
	maxToldDepth = 4
)

// walk reads an object: parent is its folded name, rel the relation that it is
// about, "" for the page itself.
func (r *toldReader) walk(v *definition.Value, path []string, parent, rel string, depth int) {
	if depth > maxToldDepth {
		return
	}
	for _, m := range r.members(v) {
		own := append(slices.Clone(path), m.name)
		if len(r.list) >= maxTold || slices.Equal(own, r.at) {
			continue
		}
		f, t := fold(m.name), r.types(m.schema)
		told := Told{Path: own, types: t, required: r.requires(v, m.name), relative: r.isRelative(m)}
		switch {
		case len(own) < len(r.at) && slices.Equal(own, r.at[:len(own)]):
			r.walk(m.schema, own, f, "", depth+1)
		case t&typeObject != 0:
			r.object(m, told, f, depth)
		case t&typeArray != 0:
			r.links(m, told, f)
		default:
			told.Fact = r.fact(m, f, parent, rel, &told)
			if told.Fact != FactNone {
				r.list = append(r.list, told)
			}
		}
	}
}

// object reads an object that tells of the page, or of another page.
func (r *toldReader) object(m member, told Told, f string, depth int) {
	if rel := relation(f); rel != "" {
		r.walk(m.schema, told.Path, f, rel, depth+1)
		switch rel {
		case "next":
			told.Fact = FactNextObject
		case "prev":
			told.Fact = FactPreviousObject
		default:
			return
		}
		r.list = append(r.list, told)
		return
	}
	switch f {
	case "meta", "metadata", "pagination", "paging", "pages", "page", "pageinfo", "paginator", "links", "responsemetadata", "searchmetadata", "cursor", "cursors", "info", "resultinfo", "navigation", "paginationinfo", "pagemeta", "pagedata", "listmetadata", "listmeta", "summary", "resultset", "pagedetails", "responseinfo", "paginationmetadata":
		r.walk(m.schema, told.Path, f, "", depth+1)
	}
}

// links reads a list of links, each an object of a relation and a URL.
func (r *toldReader) links(m member, told Told, f string) {
	if f != "links" {
		return
	}
	item := r.items(m.schema)
	for _, url := range []string{"href", "url", "uri"} {
		if r.property(item, url) != nil && r.property(item, "rel") != nil {
			told.Fact, told.rel, told.url = FactLinks, "rel", url
			r.list = append(r.list, told)
			return
		}
	}
}

// relation reads the name of an object, or link, of another page.
func relation(f string) string {
	switch f {
	case "next", "nextpage", "nextlink":
		return "next"
	case "prev", "previous", "prevpage", "previouspage", "prevlink", "previouslink":
		return "prev"
	case "first", "firstpage", "firstlink":
		return "first"
	case "last", "lastpage", "lastlink":
		return "last"
	case "self", "current":
		return "self"
	}
	return ""
}

// isRelative reports whether a URL's schema or example begins with its path.
func (r *toldReader) isRelative(m member) bool {
	if fold(m.name) == "path" || strings.HasPrefix(r.text(m.schema, "pattern"), "^/") || r.text(m.schema, "format") == "uri-reference" {
		return true
	}
	if list := r.keyword(m.schema, "examples"); list.Len() > 0 && strings.HasPrefix(list.Kids[0].Str(), "/") {
		return true
	}
	return strings.HasPrefix(r.text(m.schema, "default"), "/")
}

// fact tells what a member of a scalar type is.
func (r *toldReader) fact(m member, f, parent, rel string, told *Told) Fact {
	t := told.types
	said := strings.ToLower(r.text(m.schema, "description"))
	switch {
	case rel != "":
		return relatedFact(f, rel, t)
	case t&typeBool != 0:
		return flagFact(f)
	case t&typeNumber != 0 || numeric(r.shapes, m.schema):
		return numberFact(f, said, parent)
	case t&typeString == 0:
		return FactNone
	}
	uri := strings.HasPrefix(r.text(m.schema, "format"), "ur") || parent == "links" || told.relative
	return r.textFact(f, said, parent, uri, told)
}

// relatedFact tells what a member of an object about another page is.
func relatedFact(f, rel string, t types) Fact {
	urls := map[string]Fact{"next": FactNextURL, "prev": FactPreviousURL, "first": FactFirstURL, "last": FactLastURL, "self": FactSelfURL}
	cursors := map[string]Fact{"next": FactNext, "prev": FactPrevious}
	numbers := map[string]Fact{"next": FactNextNumber, "prev": FactPreviousNumber, "first": FactFirstNumber, "last": FactLastNumber, "self": FactNumber}
	offsets := map[string]Fact{"next": FactNextOffset, "prev": FactPreviousOffset, "self": FactOffset}
	switch f {
	case "href", "url", "uri", "link", "path":
		return urls[rel]
	case "page", "number", "pagenumber":
		if t&typeNumber != 0 {
			return numbers[rel]
		}
		return cursors[rel]
	case "offset", "skip":
		if t&typeNumber != 0 {
			return offsets[rel]
		}
		return cursors[rel]
	case "cursor", "token", "startingafter", "after", "before", "endingbefore", "pagetoken", "marker":
		return cursors[rel]
	case "perpage", "limit", "size", "pagesize":
		return FactSize
	}
	return FactNone
}

func flagFact(f string) Fact {
	switch f {
	case "hasmore", "more", "hasnext", "hasnextpage", "moreresults", "hasmoreitems", "istruncated", "truncated", "morepages", "hasmorepages", "hasmoreresults", "moreavailable", "moreitems":
		return FactMore
	case "hasprevious", "hasprev", "haspreviouspage", "hasprevpage":
		return FactHasPrevious
	case "last", "islast", "lastpage", "islastpage", "complete", "done":
		return FactIsLast
	case "first", "isfirst", "firstpage", "isfirstpage":
		return FactIsFirst
	case "empty", "isempty":
		return FactIsEmpty
	case "incompleteresults", "incomplete":
		return FactNever
	}
	return FactNone
}

func numberFact(f, said, parent string) Fact {
	pages := parent != "" && parent != "data"
	switch f {
	case "total", "totalcount", "totalitems", "totalrecords", "totalresults", "totalelements", "totalsize", "totalrows", "totalhits", "itemcount", "recordcount", "resultcount", "numfound", "odatacount", "totalentries", "totalnumber", "totalobjects", "itemstotal", "totalitemcount", "filteredcount", "recordstotal", "recordsfiltered", "counttotal", "overallcount":
		return FactTotal
	case "count":
		if strings.Contains(said, "this page") || strings.Contains(said, "returned") || strings.Contains(said, "in the response") {
			return FactRows
		}
		return FactCount
	case "numberofelements", "returned", "returnedcount", "pageitems", "itemsonpage", "currentcount", "itemsinpage", "numreturned", "currentitemcount":
		return FactRows
	case "pagecount":
		if (strings.Contains(said, "items") || strings.Contains(said, "records") || strings.Contains(said, "results")) && !strings.Contains(said, "pages") {
			return FactRows
		}
		return FactPages
	case "totalpages", "pages", "numpages", "pagestotal", "numberofpages", "pagetotal", "totalpagecount":
		return FactPages
	case "lastpage", "maxpage":
		return FactLastNumber
	case "firstpage":
		return FactFirstNumber
	case "page", "pagenumber", "currentpage", "pageno", "pagenum", "pageindex":
		return FactNumber
	case "number", "current":
		return whenFact(pages, FactNumber)
	case "perpage", "pagesize", "limit", "size", "itemsperpage", "resultsperpage", "maxresults", "recordsperpage", "pagelimit":
		return FactSize
	case "offset", "skip", "startindex", "startat", "start", "firstresult":
		return FactOffset
	case "end", "endindex":
		return FactEndIndex
	case "from":
		return FactFrom
	case "to":
		return FactTo
	case "nextpage", "nextpagenumber":
		return FactNextNumber
	case "prevpage", "previouspage", "prevpagenumber", "previouspagenumber":
		return FactPreviousNumber
	case "next":
		return whenFact(pages, FactNextNumber)
	case "prev", "previous":
		return whenFact(pages, FactPreviousNumber)
	case "nextoffset":
		return FactNextOffset
	case "prevoffset", "previousoffset":
		return FactPreviousOffset
	case "nextcursor", "nextpagetoken", "nexttoken", "nextmarker":
		return FactNext
	}
	return FactNone
}

func whenFact(ok bool, f Fact) Fact {
	if ok {
		return f
	}
	return FactNone
}

func (r *toldReader) textFact(f, said, parent string, uri bool, told *Told) Fact {
	bare := strings.NewReplacer("uri", "", "url", "", "link", "", "odata", "", "href", "").Replace(f)
	if bare != f || uri {
		switch relation(bare) {
		case "next":
			return FactNextURL
		case "prev":
			return FactPreviousURL
		case "first":
			return FactFirstURL
		case "last":
			return FactLastURL
		case "self":
			return FactSelfURL
		}
		if bare == "" && f != "link" && (parent == "meta" || parent == "links" || len(told.Path) == 1 && uri) {
			return FactSelfURL
		}
	}
	cursors := parent == "cursors" || parent == "cursor" || parent == "paging" || parent == "pagination" || parent == "pageinfo"
	switch f {
	case "nextcursor", "nexttoken", "nextpagetoken", "nextmarker", "continuationtoken", "nextcontinuationtoken", "continuation", "continue", "scrollid", "nextoffset", "pagetoken", "nextpageid", "cursornext", "nextkey", "lastevaluatedkey", "nextid", "nextstreamposition", "bookmark", "nextbookmark":
		return FactNext
	case "previouscursor", "prevcursor", "prevtoken", "previoustoken", "prevpagetoken", "previouspagetoken", "prevmarker", "previousmarker", "cursorprev":
		return FactPrevious
	case "cursor", "marker":
		return FactNext
	case "after", "startingafter":
		return whenFact(cursors, FactNext)
	case "before", "endingbefore":
		return whenFact(cursors, FactPrevious)
	case "endcursor":
		return FactEnd
	case "startcursor":
		return FactStart
	case "lastid":
		return FactLastKey
	case "firstid":
		return FactFirstKey
	case "next", "nextpage":
		told.open = true
		return openFact(said, FactNextURL, FactNext)
	case "prev", "previous", "prevpage", "previouspage":
		told.open = true
		return openFact(said, FactPreviousURL, FactPrevious)
	}
	return FactNone
}

// openFact tells a URL from a cursor by what is said of it.
func openFact(said string, url, cursor Fact) Fact {
	list := words(said)
	if slices.Contains(list, "url") || slices.Contains(list, "uri") || slices.Contains(list, "link") {
		return url
	}
	return cursor
}

// settleTold decides what only the operation's parameters tell.
func settleTold(list []Told, pg *Paging) []Told {
	total := slices.ContainsFunc(list, func(t Told) bool { return t.Fact == FactTotal })
	cursors := pg.Token != "" || pg.After != "" || pg.Before != ""
	var settled []Told
	for _, t := range list {
		switch {
		case t.Fact == FactCount && total:
			t.Fact = FactRows
		case t.Fact == FactCount:
			t.Fact = FactTotal
		case t.Fact == FactNext && !cursors:
			t.Fact = withoutCursors(t, pg, FactNextURL, FactNextNumber, FactNextOffset)
		case t.Fact == FactPrevious && !cursors:
			t.Fact = withoutCursors(t, pg, FactPreviousURL, FactPreviousNumber, FactPreviousOffset)
		}
		settled = append(settled, t)
	}
	return settled
}

func withoutCursors(t Told, pg *Paging, url, number, offset Fact) Fact {
	switch f := fold(t.Path[len(t.Path)-1]); {
	case pg.Style == StyleOffset && strings.Contains(f, "offset"):
		return offset
	case pg.Style == StylePage && strings.Contains(f, "page"):
		return number
	case t.open:
		return url
	}
	// Nothing takes a cursor, and so there is never one.
	return t.Fact
}
