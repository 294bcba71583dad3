package listing

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Tell sets in an answer what it tells of the page, in the declared types. self
// is the request's URL without its query, rawQuery the query. What there is
// not, the next page after the last, is null where the schema allows it, else
// "" where the member is required, else absent.
func (p *Plan) Tell(body *definition.Value, page *Page, self, rawQuery string) {
	for i := range p.Told {
		t := &p.Told[i]
		if t.Fact == FactNextObject && page.HasMore || t.Fact == FactPreviousObject && page.HasPrevious {
			continue // its members were told before it
		}
		if v, ok := p.value(t, page, self, rawQuery); ok {
			put(body, t.Path, &v)
			continue
		}
		t.leaveOut(body)
	}
}

// leaveOut tells that there is no such fact.
func (t *Told) leaveOut(body *definition.Value) {
	var v definition.Value
	switch {
	case t.types&typeNull != 0:
		v = definition.NewNull()
	case !t.required:
		put(body, t.Path, nil)
		return
	case t.types&typeString != 0:
		v = definition.NewString("")
	case t.types&typeNumber != 0:
		v = definition.NewInt(0)
	default:
		return
	}
	put(body, t.Path, &v)
}

// value gives a fact in the type that the schema declares.
func (p *Plan) value(t *Told, page *Page, self, rawQuery string) (definition.Value, bool) {
	if n, kind, ok := t.number(page); kind {
		return t.write(strconv.Itoa(n)), ok
	}
	if flag, kind := t.flag(page); kind {
		return definition.NewBool(flag), true
	}
	if text, kind := t.text(page); kind {
		if t.types&typeString == 0 {
			n, err := strconv.Atoi(text)
			return definition.NewInt(int64(n)), err == nil
		}
		return definition.NewString(text), text != ""
	}
	if rel := t.relationURL(); rel != "" {
		url := p.url(page, rel, self, rawQuery)
		if t.relative {
			url = pathOf(url)
		}
		return definition.NewString(url), url != ""
	}
	if t.Fact == FactLinks {
		return p.linkList(t, page, self, rawQuery), true
	}
	return definition.Value{}, false
}

func (t *Told) write(digits string) definition.Value {
	if t.types&typeNumber == 0 {
		return definition.NewString(digits)
	}
	return definition.Value{Kind: definition.Number, Text: digits}
}

// number gives a fact that is a number; kind is false for other facts, ok for
// what there is not.
func (t *Told) number(page *Page) (n int, kind, ok bool) {
	rows := len(page.Rows)
	switch t.Fact {
	case FactTotal:
		return page.Total, true, true
	case FactRows:
		return rows, true, true
	case FactPages:
		return page.Pages(), true, true
	case FactNumber:
		return page.Number, true, true
	case FactSize:
		return page.Size, true, true
	case FactOffset:
		return page.Offset, true, true
	case FactFrom:
		return page.Offset + 1, true, rows > 0
	case FactTo:
		return page.Offset + rows, true, rows > 0
	case FactEndIndex:
		return max(page.Offset+rows-1, 0), true, true
	case FactNextNumber:
		return page.Number + 1, true, page.HasMore
	case FactPreviousNumber:
		return page.previousNumber(), true, page.HasPrevious
	case FactFirstNumber:
		return page.First, true, true
	case FactLastNumber:
		return page.Last, true, true
	case FactNextOffset:
		return page.Offset + rows, true, page.HasMore
	case FactPreviousOffset:
		return max(page.Offset-page.Size, 0), true, page.HasPrevious
	}
	return 0, false, false
}

// previousNumber is the page before this one, or the last where this one lies
// beyond it.
func (p *Page) previousNumber() int { return max(min(p.Number-1, p.Last), p.First) }

func (t *Told) flag(page *Page) (flag, kind bool) {
	switch t.Fact {
	case FactMore:
		return page.HasMore, true
	case FactHasPrevious:
		return page.HasPrevious, true
	case FactIsLast:
		return !page.HasMore, true
	case FactIsFirst:
		return !page.HasPrevious, true
	case FactIsEmpty:
		return len(page.Rows) == 0, true
	case FactNever:
		return false, true
	}
	return false, false
}

func (t *Told) text(page *Page) (text string, kind bool) {
	switch t.Fact {
	case FactNext:
		return page.Next, true
	case FactPrevious:
		return page.Previous, true
	case FactStart:
		return page.StartCursor, true
	case FactEnd:
		return page.EndCursor, true
	case FactFirstKey:
		return page.FirstKey, true
	case FactLastKey:
		return page.LastKey, true
	}
	return "", false
}

func (t *Told) relationURL() string {
	switch t.Fact {
	case FactNextURL:
		return "next"
	case FactPreviousURL:
		return "prev"
	case FactFirstURL:
		return "first"
	case FactLastURL:
		return "last"
	case FactSelfURL:
		return "self"
	}
	return ""
}

func (p *Plan) linkList(t *Told, page *Page, self, rawQuery string) definition.Value {
	list := definition.NewArray()
	for _, rel := range []string{"self", "first", "prev", "next", "last"} {
		if url := p.url(page, rel, self, rawQuery); url != "" {
			list.Kids = append(list.Kids, definition.NewObject(
				definition.NewString(rel).With(t.rel), definition.NewString(url).With(t.url)))
		}
	}
	return list
}

// put sets a member, nil to take it away. Objects on the way are made where
// they are missing, because a real answer has them.
func put(body *definition.Value, path []string, v *definition.Value) {
	for i, name := range path {
		if body.Kind != definition.Object {
			if v == nil || body.Kind != definition.Null && body.Kind != definition.Invalid {
				return
			}
			*body = definition.Value{Key: body.Key, Kind: definition.Object}
		}
		kid := body.Get(name)
		last := i == len(path)-1
		if last && v == nil {
			remove(body, name)
			return
		}
		if kid == nil {
			if v == nil {
				return
			}
			body.Kids = append(body.Kids, definition.Value{Key: name, Kind: definition.Null})
			kid = &body.Kids[len(body.Kids)-1]
		}
		if last {
			*kid = v.With(name)
			return
		}
		body = kid
	}
}

func remove(body *definition.Value, name string) {
	for i := range body.Kids {
		if body.Kids[i].Key == name {
			kids := make([]definition.Value, 0, len(body.Kids)-1)
			body.Kids = append(append(kids, body.Kids[:i]...), body.Kids[i+1:]...)
			return
		}
	}
}

// pathOf is a URL without its scheme and host.
func pathOf(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}
