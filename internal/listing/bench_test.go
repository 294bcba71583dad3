package listing

import (
	"fmt"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// columns are Items whose texts are kept by property, as a store does.
type columns struct {
	n     int
	texts map[string][]string
	item  *definition.Value
}

func (c *columns) Len() int                       { return c.n }
func (c *columns) At(int) *definition.Value       { return c.item }
func (c *columns) Key(i int) string               { return c.texts["id"][i] }
func (c *columns) Texts(property string) []string { return c.texts[property] }

func newColumns(b *testing.B, n int) *columns {
	c := &columns{n: n, texts: map[string][]string{}, item: parse(b, `{"name":"Some pet of a name","owner":{"login":"somebody"},"note":"Of no interest"}`)}
	add := func(name, text string) { c.texts[name] = append(c.texts[name], text) }
	x := uint64(1)
	for i := range n {
		x = x*6364136223846793005 + 1442695040888963407
		add("id", fmt.Sprint(i))
		add("name", fmt.Sprintf("pet %d", x>>40))
		add("price", fmt.Sprintf("%d.%02d", x>>50, x>>33&63))
		add("seen", fmt.Sprint(x>>45))
		add("team_id", fmt.Sprintf("team %d", x>>33%10))
		add("created_at", fmt.Sprintf("20%02d-%02d-%02dT10:00:00Z", x>>33%30, 1+x>>35%12, 1+x>>37%28))
	}
	return c
}

func BenchmarkSelect(b *testing.B) {
	items := newColumns(b, 100_000)
	params := `{"page":` + integer + `,"cursor":` + text + `,"per_page":` + integer + `,"sort":` + text + `,"q":` + text + `,"team_id":` + text + `,"seen":` + integer + `,"created_after":` + text + `}`
	p := plan(b, params, "")
	cursor := func(query string) string {
		_, page := selectPage(b, p, items, query)
		return "&cursor=" + page.Next
	}
	for _, query := range []string{
		"per_page=100",
		"per_page=100&team_id=team 3",
		"per_page=100&seen=12345,23456",
		"per_page=100&created_after=2015-01-01",
		"per_page=100&sort=name",
		"per_page=100&sort=-price",
		"per_page=100&sort=created_at",
		"per_page=100&sort=team_id,name",
		"per_page=100&sort=price&page=500",
		"per_page=100&q=nowhere",
		"per_page=100&sort=price" + cursor("per_page=100&sort=price&page=300"),
	} {
		b.Run(query[:min(len(query), 50)], func(b *testing.B) {
			q, err := p.Read(args(b, query))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				q.Select(items)
			}
		})
	}
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		plan(b, `{"page":`+integer+`,"per_page":`+integer+`,"sort":`+text+`,"status":`+text+`,"created_after":`+text+`}`, `"meta":{"properties":{"total":`+integer+`}}`)
	}
}
