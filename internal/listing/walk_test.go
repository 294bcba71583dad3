package listing

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/definition"
)

// serials is a shelf that knows its order for good.
type serials struct {
	shelf
	serial []uint64
	known  map[string]uint64
}

func (s *serials) Serial(i int) uint64 { return s.serial[i] }
func (s *serials) Find(key string) (uint64, bool) {
	n, ok := s.known[key]
	return n, ok
}

func (s *serials) add(t testing.TB, n int) {
	for range n {
		id := uint64(len(s.known) + 1)
		// The ids have no order of their own.
		key := fmt.Sprintf("k%d-%d", id*7919%1000, id)
		s.items = append(s.items, parse(t, fmt.Sprintf(`{"id":%q,"name":"pet %d","price":%d}`, key, id, id*31%5)))
		s.serial = append(s.serial, id)
		s.known[key] = id
	}
}

func (s *serials) drop(i int) {
	s.items = slices.Delete(s.items, i, i+1)
	s.serial = slices.Delete(s.serial, i, i+1)
}

// walk goes through all pages and changes the items between them: it deletes
// the last item seen, others seen, and others to come, and creates some. It
// gives how often each item was seen that was there all the time.
func walk(t *testing.T, p *Plan, s *serials, items Items, query string, next func(Page) string, seed uint64) map[string]int {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	seen := map[string]int{}
	gone := map[string]bool{}
	first := map[string]bool{}
	for i := range s.Len() {
		first[s.Key(i)] = true
	}
	more := ""
	for range 200 {
		_, page := selectPage(t, p, items, query+more)
		if page.Unknown != "" {
			t.Fatalf("?%s: %s is unknown", query+more, page.Unknown)
		}
		for _, row := range page.Rows {
			seen[s.Key(row)]++
		}
		if !page.HasMore {
			break
		}
		more = next(page)
		last := page.Rows[len(page.Rows)-1]
		if random.IntN(2) == 0 {
			gone[s.Key(last)] = true
			s.drop(last)
		}
		if random.IntN(3) == 0 && items != Items(&s.shelf) {
			i := random.IntN(s.Len())
			gone[s.Key(i)] = true
			s.drop(i)
		}
		s.add(t, random.IntN(2))
	}
	result := map[string]int{}
	for key := range first {
		if !gone[key] || seen[key] > 1 {
			result[key] = seen[key]
		}
	}
	return result
}

func TestSelect_WalkWhileItemsComeAndGo_ShowsEachOnce(t *testing.T) {
	t.Parallel()
	size := `"limit":{"type":"integer","default":4}`
	for _, c := range []struct {
		name, params, query string
		next                func(Page) string
	}{
		{"cursor", `{"cursor":` + text + `,` + size + `}`, "", func(p Page) string { return "&cursor=" + p.Next }},
		{"sorted", `{"cursor":` + text + `,"sort":` + text + `,` + size + `}`, "sort=-price", func(p Page) string { return "&cursor=" + p.Next }},
		{"filtered", `{"cursor":` + text + `,"price":` + integer + `,` + size + `}`, "price=1,2", func(p Page) string { return "&cursor=" + p.Next }},
		{"token", `{"pageToken":` + text + `,"sort":` + text + `,` + size + `}`, "sort=name", func(p Page) string { return "&pageToken=" + p.Next }},
		{"after", `{"after":` + text + `,` + size + `}`, "", func(p Page) string { return "&after=" + p.EndCursor }},
		{"ids", `{"starting_after":` + text + `,` + size + `}`, "", func(p Page) string { return "&starting_after=" + p.LastKey }},
		{"max_id", `{"max_id":` + text + `,` + size + `}`, "", func(p Page) string { return "&max_id=" + p.Next }},
		{"max_id or equal", `{"max_id":{"type":"string","description":"less than or equal to"},` + size + `}`, "", func(p Page) string { return "&max_id=" + p.Next }},
	} {
		for seed := range uint64(20) {
			for _, ordered := range []bool{true, false} {
				if !ordered && (c.name == "ids" || strings.HasPrefix(c.name, "max_id")) {
					continue // nobody remembers where a deleted id was
				}
				s := &serials{known: map[string]uint64{}}
				s.add(t, 30)
				var items Items = s
				if !ordered {
					items = &s.shelf
				}
				for key, n := range walk(t, plan(t, c.params, ""), s, items, c.query, c.next, seed) {
					price := s.known[key] * 31 % 5
					if want := c.name != "filtered" || price == 1 || price == 2; want != (n == 1) {
						t.Errorf("%s, seed %d, ordered %v: %s was seen %d times", c.name, seed, ordered, key, n)
					}
				}
			}
		}
	}
}

func TestSelect_WalkByURLs_ShowsEachOnceInEitherDirection(t *testing.T) {
	t.Parallel()
	items := rows(t, 23)
	for _, params := range []string{
		`{"page":` + integer + `,"per_page":{"type":"integer","default":4}}`,
		`{"page":{"type":"integer","minimum":0},"size":{"type":"integer","default":4}}`,
		`{"offset":` + integer + `,"limit":{"type":"integer","default":4}}`,
		`{"cursor":` + text + `,"limit":{"type":"integer","default":4}}`,
		`{"cursor":` + integer + `,"limit":{"type":"integer","default":4}}`,
		`{"after":` + text + `,"before":` + text + `,"limit":{"type":"integer","default":4}}`,
		`{"starting_after":` + text + `,"ending_before":` + text + `,"limit":{"type":"integer","default":4}}`,
		`{"page":` + integer + `,"sort":{"type":"string","default":"price"},"per_page":{"type":"integer","default":4}}`,
		`{"cursor":` + text + `,"sort":{"type":"string","default":"-price"},"per_page":{"type":"integer","default":4}}`,
	} {
		p := plan(t, params, "")
		var pages []string
		query := ""
		for _, rel := range []string{"next", "prev"} {
			for i := 0; ; i++ {
				_, page := selectPage(t, p, items, query)
				pages = append(pages, keys(items, page))
				target := p.url(&page, rel, "http://h/pets", query)
				if target == "" || i > 20 {
					break
				}
				u, err := url.Parse(target)
				if err != nil {
					t.Fatal(err)
				}
				if query, err = url.QueryUnescape(u.RawQuery); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(pages) != 12 {
			t.Errorf("%s: %d pages: %q", params, len(pages), pages)
			continue
		}
		all := strings.Fields(strings.Join(pages[:6], " "))
		slices.Sort(all)
		if len(slices.Compact(all)) != 23 {
			t.Errorf("%s: %q", params, pages[:6])
		}
		back := slices.Clone(pages[6:])
		slices.Reverse(back)
		if !slices.Equal(back, pages[:6]) {
			t.Errorf("%s: forth %q back %q", params, pages[:6], back)
		}
	}
}

func TestWindow_AnyPart_IsThatOfAFullSort(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	s := &shelf{}
	for i := range 200 {
		s.items = append(s.items, parse(t, fmt.Sprintf(`{"id":"%d","price":%d,"name":"same prefix %d"}`, i, random.IntN(9)-4, random.IntN(20))))
	}
	q := Query{plan: plan(t, `{"sort":`+text+`}`, ""), Size: -1}
	q.Sort = q.plan.terms(&definition.Value{Kind: definition.String, Text: "-price,name"})
	o := newOrder(s, q.Sort, q.rows(s), false)
	full := o.window(stretch{hi: 200}, 0, 200)
	for i := 1; i < len(full); i++ {
		a, b := s.At(full[i-1]), s.At(full[i])
		if c := definition.CompareNumbers(a.Get("price").Text, b.Get("price").Text); c < 0 || c == 0 && a.Get("name").Text > b.Get("name").Text {
			t.Fatalf("%d: %s %s", i, a.AppendJSON(nil), b.AppendJSON(nil))
		}
	}
	for range 200 {
		from := random.IntN(200)
		to := from + random.IntN(201-from)
		if got := o.window(stretch{hi: 200}, from, to); !slices.Equal(got, full[from:to]) {
			t.Fatalf("%d to %d: %v", from, to, got)
		}
	}
}

func TestSelect_CursorBetweenDeletedItems_GoesOnAfterTheOneBefore(t *testing.T) {
	t.Parallel()
	p := plan(t, `{"cursor":`+text+`,"limit":{"type":"integer","default":4}}`, "")
	items := rows(t, 10)
	_, page := selectPage(t, p, items, "")
	items.items = slices.Delete(items.items, 3, 5) // the last of the page and the one after it
	items.items = slices.Delete(items.items, 0, 1) // so that its old index is of no use
	_, page = selectPage(t, p, items, "cursor="+page.Next)
	if got := keys(items, page); got != "6 7 8 9" {
		t.Errorf("%q", got)
	}
}

func TestSelect_SortOfOddValues_PutsThemAfterOthers(t *testing.T) {
	t.Parallel()
	items := newShelf(t, `{"id":"a","price":"odd"}`, `{"id":"b"}`, `{"id":"c","price":1e999}`, `{"id":"d","price":3}`, `{"id":"e","price":-1e999}`, `{"id":"f","price":"even"}`)
	p := plan(t, `{"sort":`+text+`}`, "")
	for query, want := range map[string]string{"sort=price": "e d c f a b", "sort=-price": "c d e a f b"} {
		if _, page := selectPage(t, p, items, query); keys(items, page) != want {
			t.Errorf("%s: %q, want %q", query, keys(items, page), want)
		}
	}
}
