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
	return openStoreIn(t, t.TempDir())
}

func openStoreIn(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Location: dir})
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

// blocksOf are the blocks of the mock m.
func blocksOf(t *testing.T, s *store.Store) (list []store.CallBlock) {
	t.Helper()
	err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		list, err = tx.CallBlocks(store.BlockFilter{Mock: "m", Small: 1 << 20, Limit: 10_000})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A full block of large calls has few of them. It is not put together again and
// again, with an ever longer list of what it was made of.
func TestMerge_OfLargeCalls_IsDoneOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	w := writerOn(t, s, WriterConfig{})
	const n = 1200
	for i := range n {
		c := call(i)
		c.ResponseBody = make([]byte, MaxBody)
		w.Add(c)
		if i%300 == 299 {
			w.settle(t.Context())
			w.Tidy()
		}
	}
	before := blocksOf(t, s)
	w.upkeep.blocks["m"] = mergeFrom
	w.Tidy()
	if diff := cmp.Diff(before, blocksOf(t, s)); diff != "" {
		t.Errorf("what was put together is again (-before +after)\n%.2000s", diff)
	}
	for _, b := range before {
		if len(b.Parts) > mergeMost*len(b.ID+" ") {
			t.Errorf("a block has a list of %d bytes", len(b.Parts))
		}
	}
	seen := numbersKept(t, s)
	for i := range n {
		if seen[i] != 1 {
			t.Fatalf("call %d is in the log %d times", i, seen[i])
		}
	}
}

// Calls of several days stay apart: they are forgotten by days.
func TestMerge_KeepsDaysApart(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	w := writerOn(t, s, WriterConfig{Now: func() time.Time { return start.Add(5 * 24 * time.Hour) }})
	const n = 150
	for i := range n {
		w.Add(call(i * 1800)) // two in an hour
		w.settle(t.Context())
	}
	w.Tidy()
	list := blocksOf(t, s)
	if len(list) > mergeFrom { // the last days have too few
		t.Errorf("%d blocks are left", len(list))
	}
	for _, b := range list {
		if !b.First.Truncate(24 * time.Hour).Equal(b.Last.Truncate(24 * time.Hour)) {
			t.Errorf("a block has calls from %s to %s", b.First, b.Last)
		}
	}
	if got := len(numbersKept(t, s)); got != n {
		t.Errorf("%d calls are kept, want %d", got, n)
	}
}

// A search that is out of time before it has passed the place where it began
// must not go back.
func TestSearch_OutOfTime_GoesOnFromItsPlace(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	const n = 10
	for range 3 { // wide blocks that overlap
		w := writerOn(t, s, WriterConfig{})
		for i := range n {
			w.Add(call(i))
		}
		w.settle(t.Context())
	}
	for _, ascending := range []bool{false, true} {
		seen := map[string]bool{}
		f := Filter{Text: "pets", Limit: 4, Ascending: ascending}
		for pages := 0; ; pages++ {
			if pages > 20 {
				t.Fatalf("ascending %v: the pages don't end", ascending)
			}
			q := search{f: f, needle: f.Text, deadline: time.Now().Add(-time.Second)}
			if err := s.View(t.Context(), q.run); err != nil {
				t.Fatal(err)
			}
			page := q.result()
			for _, e := range page.Calls {
				if seen[e.ID] {
					t.Fatalf("ascending %v: %s is on two pages", ascending, e.ID)
				}
				seen[e.ID] = true
			}
			if page.Next == "" {
				break
			}
			f.After = page.Next
		}
		if len(seen) != 3*n {
			t.Errorf("ascending %v: %d calls are found, want %d", ascending, len(seen), 3*n)
		}
	}
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
	blocks := func() int { return len(blocksOf(t, s)) }
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
