package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// benchmarks runs a benchmark on every engine that there is.
func benchmarks(b *testing.B, run func(b *testing.B, s *Store)) {
	for _, name := range []string{"memory", "sqlite", "postgres"} {
		location, ok := locations(b)[name]
		if !ok {
			continue
		}
		b.Run(name, func(b *testing.B) { run(b, open(b, location(b))) })
	}
}

func BenchmarkCreateMock(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		w := workspaceOf(b, s)
		for b.Loop() {
			update(b, s, func(tx *Tx) error { return tx.CreateMock(newMock(w, NewID())) })
		}
	})
}

func BenchmarkReadMock(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		m := newMock(workspaceOf(b, s), "pets")
		update(b, s, func(tx *Tx) error { return tx.CreateMock(m) })
		for b.Loop() {
			view(b, s, func(tx *Tx) error {
				_, err := tx.Mock(m.ID)
				return err
			})
		}
	})
}

// Adding 1,000 calls, as a log does in batches of 500.
func BenchmarkAddCalls(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		n := 0
		for b.Loop() {
			b.StopTimer()
			calls := someCalls("m", n, 1000)
			n += len(calls)
			b.StartTimer()
			for _, batch := range [][]Call{calls[:500], calls[500:]} {
				if err := s.AddCalls(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "calls/s")
	})
}

// The budget is 50 ms for the addresses of 10,000 mocks.
func BenchmarkMockAddresses(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		w := workspaceOf(b, s)
		update(b, s, func(tx *Tx) (err error) {
			for i := range 10_000 {
				err = errors.Join(err, tx.CreateMock(newMock(w, fmt.Sprint("mock-", i))))
			}
			return err
		})
		for b.Loop() {
			view(b, s, func(tx *Tx) error {
				all, err := tx.MockAddresses()
				if len(all) != 10_000 {
					b.Fatalf("there are %d", len(all))
				}
				return err
			})
		}
	})
}

// The budget is 50 ms for the first page of 100,000 calls, whatever is asked for.
func BenchmarkCalls(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		fillCalls(b, s, 100_000)
		filters := callFilters(100_000)
		for _, name := range slices.Sorted(maps.Keys(filters)) {
			f := filters[name]
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					view(b, s, func(tx *Tx) error {
						_, err := tx.Calls(f)
						return err
					})
				}
			})
		}
	})
}

// A look of Watch where nothing has changed.
func BenchmarkLook(b *testing.B) {
	benchmarks(b, func(b *testing.B, s *Store) {
		for b.Loop() {
			if _, _, _, err := s.changesSince(b.Context(), 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// callFilters ask for what is common and what is rare among so many calls of
// fillCalls.
func callFilters(n int) map[string]CallFilter {
	at := func(i int) time.Time { return time.Unix(1_700_000_000+int64(i), 0) }
	filters := map[string]CallFilter{
		"all":            {},
		"status common":  {Status: 200},
		"status rare":    {Status: 418},
		"status none":    {Status: 599},
		"type rare":      {Type: "error"},
		"method rare":    {Method: "PATCH"},
		"method none":    {Method: "PUT"},
		"path rare":      {Path: "/teapots"},
		"path common":    {Path: "/pets/7"},
		"path none":      {Path: "/none"},
		"since late":     {Since: at(n - 10)},
		"since none":     {Since: at(2 * n)},
		"until early":    {Until: at(10)},
		"until none":     {Until: at(-1)},
		"a time between": {Since: at(n / 2), Until: at(n/2 + 10)},
		"two that never": {Status: 418, Method: "PATCH"},
		"common yet not": {Method: "GET", Path: "/pets/7", Status: 418},
	}
	both := map[string]CallFilter{}
	for name, f := range filters {
		f.Mock = "m"
		both[name] = f
		f.Ascending = true
		both[name+", ascending"] = f
	}
	return both
}

func fillCalls(t testing.TB, s *Store, n int) {
	t.Helper()
	for _, mock := range []string{"another", "m"} {
		for from := 0; from < n; from += 5000 {
			if err := s.AddCalls(t.Context(), someCalls(mock, from, min(5000, n-from))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if isPostgres(s.location) { // it does so in the background
		if _, err := s.write.ExecContext(t.Context(), `VACUUM ANALYZE calls`); err != nil {
			t.Fatal(err)
		}
	}
}

// someCalls are calls a second apart, of about 1 KB each; few of 2,000 are rare.
func someCalls(mock string, from, n int) []Call {
	calls := make([]Call, n)
	for i := range calls {
		k := from + i
		c := Call{
			Mock: mock, ID: fmt.Sprintf("%012d-0000-7000-8000-%012d", k, k), At: time.Unix(1_700_000_000+int64(k), 0),
			Method: "GET", Path: fmt.Sprint("/pets/", k%50), Status: 200, Type: "success", Record: make([]byte, 1000),
		}
		switch k % 2000 {
		case 17:
			c.Status, c.Type = 418, "error"
		case 18:
			c.Method = "PATCH"
		case 19:
			c.Path = "/teapots"
		}
		calls[i] = c
	}
	return calls
}

func workspaceOf(t testing.TB, s *Store) string {
	t.Helper()
	var w Workspace
	update(t, s, func(tx *Tx) (err error) {
		w, err = tx.EnsureWorkspace()
		return err
	})
	return w.ID
}

func newMock(workspace, slug string) *Mock {
	return &Mock{ID: NewID(), Slug: slug, Workspace: workspace, Name: slug, Config: []byte("{}")}
}
