package listing

import (
	"slices"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// FuzzRead reads arbitrary values for every kind of parameter: whatever comes,
// the page is one of the items, and the answer and the links can be written.
func FuzzRead(f *testing.F) {
	params := `{"page":` + integer + `,"per_page":{"type":"integer","default":2,"maximum":50},"cursor":` + text + `,"offset":` + integer + `,
		"after":` + text + `,"before":` + text + `,"sort":` + text + `,"direction":` + text + `,"q":` + text + `,"fields":` + text + `,
		"filter":` + text + `,"price":{"type":"object"},"name":` + text + `,"created_after":` + text + `,"tags":` + text + `,"archived":{"type":"boolean"}}`
	p := plan(f, params, `"meta":{"properties":{"total":`+integer+`,"next":`+text+`,"next_cursor":{"type":["string","null"]}}}`)
	items := pets(f)
	for _, seed := range []string{
		`{"page":2,"sort":"-price,name","q":"a"}`, `{"cursor":"MWEsMCwzLDQsNSwz"}`, `{"price":{"gte":1,"lt":"x"}}`,
		`{"filter":"status:open x"}`, `{"filter":"{\"price\":{\"gt\":3}}"}`, `{"offset":1e300,"per_page":-1}`,
		`{"after":"b","before":"c","name":["a",null,{}],"tags":[],"created_after":"2024"}`, `{"fields":["a.b",{"c":"d"}]}`,
		`{"page":99999999999999999999}`, `{"archived":"perhaps","direction":"desc"}`, `{"offset":9223372036854775807}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := document.ParseJSON(query, 0, document.Limits{})
		if err != nil || v.Kind != definition.Object {
			return
		}
		var list []Argument
		for i := range v.Kids {
			list = append(list, Argument{v.Kids[i].Key, &v.Kids[i]})
		}
		q, err := p.Read(list)
		if err != nil {
			return
		}
		page := q.Select(items)
		again := q.Select(items)
		if !slices.Equal(page.Rows, again.Rows) || page.Next != again.Next {
			t.Errorf("%v and %v", page, again)
		}
		for i, row := range page.Rows {
			if row < 0 || row >= items.Len() || slices.Contains(page.Rows[:i], row) {
				t.Errorf("rows %v", page.Rows)
			}
			q.Project(items.At(row), nil)
		}
		if len(page.Rows) > page.Total || page.Offset < 0 || page.HasMore && len(page.Rows) > 0 && page.Next == "" {
			t.Errorf("%+v", page)
		}
		body := definition.NewObject()
		p.Tell(&body, &page, "http://h/pets", query)
		p.Link(&page, "http://h/pets", query)
	})
}
