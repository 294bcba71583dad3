package listing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Argument is one parameter of a request, decoded by its schema. A value that
// wasn't checked may be a string whatever the schema says.
type Argument struct {
	Name  string
	Value *definition.Value
}

// Query is what one request asks for.
type Query struct {
	Style  Style // how the page is asked for
	Size   int   // items of a page, -1 for all
	Number int   // of StylePage
	Offset int   // of StyleOffset
	Sort   []Term
	Search string
	Fields []string

	plan       *Plan
	conditions []condition
	after      *mark
	before     *mark
	parameter  string // that the cursor came in
}

// An ArgumentError tells which parameter of a request can't be read.
type ArgumentError struct {
	Parameter string
	Reason    string
}

func (e *ArgumentError) Error() string {
	return fmt.Sprintf("query parameter %q %s", e.Parameter, e.Reason)
}

// maxConditions bounds the filters of one request, and maxValues the values of
// one filter.
const (
	maxConditions = 100
	maxValues     = 1000
)

// Read reads the values of a request. The error is an [*ArgumentError]: a
// cursor that this operation can't have given.
func (p *Plan) Read(args []Argument) (Query, error) {
	q := Query{plan: p, Style: p.Paging.Style, Size: -1, Number: p.Paging.First}
	given := arguments(args)
	if err := q.readPage(given); err != nil {
		return q, err
	}
	if p.Sorting != nil {
		q.Sort = p.order(given.get(p.Sorting.Parameter), given.get(p.Sorting.Direction))
	}
	if v := given.get(p.Search); v != nil {
		q.Search = strings.TrimSpace(v.Text)
	}
	for _, name := range p.Fields {
		if v := given.get(name); v != nil {
			q.Fields = fieldsOf(v, q.Fields)
		}
	}
	for i := range p.Filters {
		q.readFilter(&p.Filters[i], given)
	}
	for _, name := range p.open {
		if v := given.get(name); v != nil {
			q.readOpen(name, v)
		}
	}
	return q, nil
}

type arguments []Argument

// get gives the value that was sent by a name, nil where there is none.
func (a arguments) get(name string) *definition.Value {
	if name == "" {
		return nil
	}
	for i := range a {
		if a[i].Name == name && a[i].Value != nil && a[i].Value.Kind != definition.Null && a[i].Value.Kind != definition.Invalid {
			return a[i].Value
		}
	}
	// A member of an object may have been named as a parameter of its own.
	if base, rest, ok := strings.Cut(name, "["); ok && base != "" {
		if m := a.get(base).Get(strings.TrimSuffix(rest, "]")); m != nil && m.Kind != definition.Null {
			return m
		}
	}
	return nil
}

// text gives a scalar that was sent, "" for none.
func (a arguments) text(name string) string {
	v := a.get(name)
	if v == nil {
		return ""
	}
	if v.Kind == definition.Array && len(v.Kids) == 1 {
		v = &v.Kids[0]
	}
	return strings.TrimSpace(v.Text)
}

// maxNumber bounds page numbers, sizes and offsets, so that their products
// don't overflow.
const maxNumber = 1 << 30

// number gives a number that was sent; ok is false for none and for what is
// no number of at least 0.
func (a arguments) number(name string) (int, bool) {
	text := a.text(name)
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f, ok := parseNumber(text)
		if !ok || f < 0 || f != math.Trunc(f) {
			return 0, false
		}
		n = int(min(f, maxNumber))
	}
	return min(n, maxNumber), n >= 0
}

func (q *Query) readPage(given arguments) error {
	pg := &q.plan.Paging
	q.readSize(given, pg.Size)
	number, paged := given.number(pg.Page)
	if paged {
		q.Number = max(number, pg.First)
	}
	offset, placed := given.number(pg.Offset)
	q.Offset = offset
	token, after, before := given.text(pg.Token), given.text(pg.After), given.text(pg.Before)
	switch {
	case token != "":
		if q.Style = StyleToken; pg.Style == StyleCursor {
			q.Style = StyleCursor
		}
		m, err := q.readMark(pg.Token, token, false)
		if err != nil {
			return err
		}
		if m.back {
			q.before = m
		} else {
			q.after = m
		}
	case after != "" || before != "":
		return q.readEnds(given, after, before)
	case paged && (number > pg.First || !placed):
		q.Style = StylePage
	case placed:
		q.Style = StyleOffset
	}
	return nil
}

func (q *Query) readEnds(given arguments, after, before string) error {
	pg := &q.plan.Paging
	q.Style = StyleCursor
	if pg.Keyed {
		q.Style = StyleAfter
	}
	var err error
	if after != "" {
		if q.after, err = q.readMark(pg.After, after, pg.Keyed); err != nil {
			return err
		}
	}
	if before != "" {
		if q.before, err = q.readMark(pg.Before, before, pg.Keyed); err != nil {
			return err
		}
	}
	if _, ok := given.number(pg.Back); ok && q.before != nil {
		q.readSize(given, pg.Back)
	}
	return nil
}

func (q *Query) readMark(name, text string, keyed bool) (*mark, error) {
	m, err := q.plan.Paging.form.parse(text, keyed)
	if err != nil {
		return nil, &ArgumentError{name, err.Error()}
	}
	q.parameter = name
	return &m, nil
}

// readSize reads the size of the page; one of no use means the default.
func (q *Query) readSize(given arguments, name string) {
	pg := &q.plan.Paging
	if pg.DefaultSize > 0 {
		q.Size = pg.DefaultSize
	}
	n, ok := given.number(name)
	if !ok || n == 0 && !pg.emptySize {
		return
	}
	q.Size = n
	if pg.MaxSize > 0 {
		q.Size = min(n, pg.MaxSize)
	}
}

// readFilter makes a condition of a filter that was sent, or has a default.
func (q *Query) readFilter(f *Filter, given arguments) {
	v := given.get(f.Parameter)
	switch {
	case f.Member != "":
		own := v.Get(f.Member)
		if own == nil {
			own = given.get(f.Parameter + "[" + f.Member + "]")
		}
		if own.Is(definition.Object) {
			q.bounds(f, own)
			return
		}
		v = own
	case v.Is(definition.Object):
		q.bounds(f, v)
		return
	case v == nil && !q.plan.NoFilterDefaults:
		v = f.Default
	}
	if v != nil {
		q.add(f, f.Operator, v)
	}
}

// bounds makes conditions of an object of operators that no filter of its own
// was made of.
func (q *Query) bounds(f *Filter, v *definition.Value) {
	for i := range v.Kids {
		kid := &v.Kids[i]
		declared := slices.ContainsFunc(q.plan.Filters, func(other Filter) bool {
			return other.Parameter == f.Parameter && other.Member == kid.Key
		})
		if op, ok := operator(kid.Key); ok && (!declared || f.Member != "") {
			q.add(f, op, kid)
		}
	}
}

// readOpen reads a parameter that names the properties that it filters by.
func (q *Query) readOpen(name string, v *definition.Value) {
	if v.Kind == definition.String && strings.HasPrefix(strings.TrimSpace(v.Text), "{") {
		if parsed, err := document.ParseJSON(v.Text, 0, document.Limits{Depth: 20, Nodes: 10_000}); err == nil {
			v = &parsed
		}
	}
	if v.Kind != definition.Object {
		q.readPairs(name, v.Text)
		return
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		declared := slices.ContainsFunc(q.plan.Filters, func(f Filter) bool {
			return f.Parameter == name && f.Member == kid.Key
		})
		path := q.plan.props.loose(kid.Key)
		if declared || path == "" || len(q.conditions) >= maxConditions {
			continue
		}
		f := q.plan.filterOf(name, path, OpEqual)
		if kid.Kind == definition.Object {
			q.bounds(&f, kid)
			continue
		}
		q.add(&f, OpEqual, kid)
	}
}

// readPairs reads "status:open,closed name:x": each pair whose name is that of
// a property filters, all else is a text to look for.
func (q *Query) readPairs(name, text string) {
	var free []string
	for _, one := range strings.Fields(text) {
		key, value, ok := strings.Cut(one, ":")
		path := ""
		if ok && value != "" && len(q.conditions) < maxConditions {
			path = q.plan.props.loose(key)
		}
		if path == "" {
			free = append(free, one)
			continue
		}
		f := q.plan.filterOf(name, path, OpEqual)
		v := definition.NewString(value)
		q.add(&f, OpEqual, &v)
	}
	if q.Search == "" {
		q.Search = strings.Join(free, " ")
	}
}
