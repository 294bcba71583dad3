package calls

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mimus-dev/mimus/internal/store"
)

// writerOn makes a log in a store, whose clock stands.
func writerOn(t *testing.T, s *store.Store, cfg WriterConfig) *Writer {
	t.Helper()
	cfg.Store, cfg.Log = s, slog.New(slog.DiscardHandler)
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return start.Add(time.Hour) }
	}
	w := NewWriter(cfg)
	t.Cleanup(w.Close)
	return w
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Location: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// someCall is a call whose fields are drawn.
func someCall(r *rand.Rand, i int) *Record {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	c := call(i)
	c.At = start.Add(time.Duration(r.IntN(20_000)) * time.Millisecond)
	c.Mock, c.Session, c.Method = pick("a", "b", "c"), pick("", "", "s1", "s2"), pick("GET", "GET", "GET", "POST", "DELETE")
	c.Path, c.Operation = fmt.Sprintf("/Pets/%d", r.IntN(40)), pick("getPet", "getPet", "addPet")
	c.Status, c.Type, c.Took = 200, Success, time.Duration(r.IntN(5000))*time.Microsecond
	if r.IntN(20) == 0 {
		c.Status, c.Type = 404, Error
	}
	c.ResponseBody = []byte(fmt.Sprintf("body of %d", i))
	return c
}

var searched = map[string]Filter{
	"all of a mock":      {Mocks: []string{"a"}},
	"all":                {},
	"two mocks":          {Mocks: []string{"a", "c"}},
	"no such mock":       {Mocks: []string{"d"}},
	"a status":           {Mocks: []string{"a"}, Status: 404},
	"a class of status":  {Mocks: []string{"a"}, Status: 4},
	"a status, not":      {Mocks: []string{"a"}, Status: 500},
	"a type":             {Mocks: []string{"b"}, Type: Error},
	"a method":           {Mocks: []string{"a"}, Method: "DELETE"},
	"a method, not":      {Mocks: []string{"a"}, Method: "PUT"},
	"a path, any case":   {Mocks: []string{"a"}, Path: "/pets/7"},
	"a path, not":        {Mocks: []string{"a"}, Path: "/pets/70"},
	"a session":          {Mocks: []string{"a"}, Session: "s2"},
	"an operation":       {Mocks: []string{"a"}, Operation: "addPet"},
	"a duration":         {Mocks: []string{"a"}, MinTook: 4 * time.Millisecond},
	"since":              {Mocks: []string{"a"}, Since: start.Add(15 * time.Second)},
	"until":              {Mocks: []string{"a"}, Until: start.Add(5 * time.Second)},
	"between":            {Mocks: []string{"a"}, Since: start.Add(5 * time.Second), Until: start.Add(6 * time.Second)},
	"several":            {Mocks: []string{"a"}, Status: 404, Method: "GET", Session: "s1"},
	"a text":             {Mocks: []string{"a"}, Text: "BODY of 12"},
	"a text of all":      {Text: "body of 7"},
	"all, in full":       {Mocks: []string{"b"}, Full: true},
	"a status, in full":  {Mocks: []string{"b"}, Status: 404, Full: true},
	"a text that is not": {Mocks: []string{"a"}, Text: "nobody"},
}

// Blocks of several logs overlap in time; some were put together.
func TestSearch_FindsWhatALookAtEachCallWould(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	all := map[string]*Entry{}
	for range 3 {
		w := writerOn(t, s, WriterConfig{})
		for i := range 600 {
			c := someCall(r, i)
			w.Add(c)
			e := readCompact(appendCompact(nil, c)).entry(w.numbers.node)
			all[e.ID] = e
			if r.IntN(30) == 0 {
				w.settle(t.Context())
			}
		}
		w.settle(t.Context())
		w.Tidy()
	}
	w := writerOn(t, s, WriterConfig{})
	for name, f := range searched {
		for _, ascending := range []bool{false, true} {
			f.Ascending, f.Limit = ascending, 83
			var want []*Entry
			needle := strings.ToLower(f.Text)
			for _, e := range all {
				if f.takes(e) && (needle == "" || e.has(needle)) {
					want = append(want, e)
				}
			}
			slices.SortFunc(want, func(a, b *Entry) int {
				if ascending {
					return strings.Compare(a.ID, b.ID)
				}
				return strings.Compare(b.ID, a.ID)
			})
			got := allPages(t, w, f)
			var opts cmp.Options
			if !f.Full && f.Text == "" {
				opts = append(opts, cmpopts.IgnoreFields(Entry{}, "Client", "Responder", "Trace", "Request", "Response"))
			}
			if diff := cmp.Diff(want, got, opts); diff != "" {
				t.Errorf("%s, ascending %v: %d calls, want %d (-want +got)\n%.2000s", name, ascending, len(got), len(want), diff)
			}
		}
	}
	for id, e := range all {
		got, err := w.Get(t.Context(), e.Mock, id)
		if err != nil || got == nil {
			t.Fatalf("%s: %v, %v", id, got, err)
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Fatalf("%s (-want +got)\n%s", id, diff)
		}
	}
}

func allPages(t *testing.T, l Log, f Filter) (out []*Entry) {
	t.Helper()
	for range 1000 {
		page, err := l.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Calls) > f.Limit {
			t.Fatalf("a page has %d calls, want at most %d", len(page.Calls), f.Limit)
		}
		out = append(out, page.Calls...)
		if page.Next == "" {
			return out
		}
		f.After = page.Next
	}
	t.Fatal("the pages don't end")
	return nil
}

// Many small blocks become few, and no call is lost or doubled.
func TestMerge_PutsSmallBlocksTogether(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	w := writerOn(t, s, WriterConfig{})
	const n = 600
	for i := range n {
		w.Add(call(i))
		w.settle(t.Context())
	}
	before := allPages(t, w, Filter{Mocks: []string{"m"}, Limit: 100, Full: true})
	blocks := func() (n int) {
		err := s.View(t.Context(), func(tx *store.Tx) error {
			list, err := tx.CallBlocks(store.BlockFilter{Mock: "m", Limit: 10_000})
			n = len(list)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if blocks() != n {
		t.Fatalf("there are %d blocks, want %d", blocks(), n)
	}
	w.Tidy()
	if got := blocks(); got > 50 {
		t.Errorf("%d blocks are left", got)
	}
	after := allPages(t, w, Filter{Mocks: []string{"m"}, Limit: 100, Full: true})
	if diff := cmp.Diff(before, after); diff != "" || len(after) != n {
		t.Errorf("%d calls, want %d (-before +after)\n%.2000s", len(after), n, diff)
	}
}
