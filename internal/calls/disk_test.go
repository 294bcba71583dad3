package calls

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/spool"
	"github.com/mimus-dev/mimus/internal/store"
)

func openSpool(t *testing.T, dir string, limit int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, "k", limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eventually waits for something that a log does by itself.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	end := time.NewTimer(20 * time.Second)
	defer end.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-end.C:
			t.Fatalf("%s: not within 20 s", what)
		case <-look.C:
		}
	}
}

// held keeps others from writing to a store until it is let go.
func held(t *testing.T, s *store.Store) (letGo func()) {
	t.Helper()
	holds, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Update(context.Background(), store.Actor{}, func(tx *store.Tx) error {
			if err := tx.SetValue("held", "yes"); err != nil {
				return err
			}
			close(holds)
			<-release
			return nil
		})
	}()
	<-holds
	return func() {
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// numbersKept are how often each call is in the log, by its second.
func numbersKept(t *testing.T, s *store.Store) map[int]int {
	t.Helper()
	w := writerOn(t, s, WriterConfig{})
	seen := map[int]int{}
	for _, e := range allPages(t, w, Filter{Mocks: []string{"m"}, Limit: 1000}) {
		seen[int(e.At.Sub(start).Seconds())]++
	}
	return seen
}

func wantEachOnce(t *testing.T, s *store.Store, n int) {
	t.Helper()
	seen := numbersKept(t, s)
	for i := range n {
		if seen[i] != 1 {
			t.Fatalf("call %d is in the log %d times, want once; %d calls are there", i, seen[i], len(seen))
		}
	}
}

// A store that hangs: what was handed over is on disk soon, and stored once
// when the store goes on, though the batch that hung is stored by then, too.
func TestWriter_StoreHangs_KeepsCallsOnDiskAndStoresThemOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	w := writerOn(t, s, WriterConfig{Spool: openSpool(t, filepath.Join(t.TempDir(), "spool"), 1<<30)})
	letGo := held(t, s)
	for i := range 100 {
		w.Add(call(i))
	}
	eventually(t, "the first calls are on disk", func() bool { return w.Stats().Spooled == 100 })
	for i := range 100 {
		w.Add(call(100 + i))
	}
	eventually(t, "more calls are on disk", func() bool { return w.Stats().Spooled == 200 })
	letGo()
	eventually(t, "the calls are stored", func() bool { st := w.Stats(); return st.Stored == 200 && st.Spooled == 0 })
	wantEachOnce(t, s, 200)
}

// A store that is away: nothing waits for it, and who starts next on that disk
// stores what was kept.
func TestWriter_StoreAway_TheNextOnThatDiskStoresTheCalls(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	away, err := store.Open(t.Context(), store.Config{Location: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := away.Close(); err != nil {
		t.Fatal(err)
	}
	w := writerOn(t, away, WriterConfig{Spool: openSpool(t, dir, 1<<30)})
	const n = 50_000
	longest := time.Duration(0)
	for i := range n {
		before := time.Now()
		w.Add(call(i))
		longest = max(longest, time.Since(before))
	}
	if longest > time.Second { // 50 ms, and what the machine is busy with
		t.Errorf("a call waited for %s", longest)
	}
	w.Close()
	if st := w.Stats(); st.Spooled != n || st.Lost != 0 || st.Trouble == "" {
		t.Errorf("%+v, want %d calls on disk", st, n)
	}
	s := openStore(t)
	next := writerOn(t, s, WriterConfig{Spool: openSpool(t, dir, 1<<30)})
	eventually(t, "the calls are stored", func() bool { st := next.Stats(); return st.Stored == n && st.Spooled == 0 })
	wantEachOnce(t, s, n)
}

// A disk that is full: the oldest calls are dropped, and counted.
func TestWriter_SpoolFull_DropsTheOldestAndCountsThem(t *testing.T) {
	t.Parallel()
	away, err := store.Open(t.Context(), store.Config{Location: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := away.Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "spool")
	w := writerOn(t, away, WriterConfig{Spool: openSpool(t, dir, 700<<10)})
	const n = 40_000
	for i := range n {
		w.Add(call(i))
	}
	w.Close()
	st := w.Stats()
	if st.Spooled+st.Lost != n || st.Lost == 0 || st.Spooled == 0 || st.SpoolBytes > st.SpoolLimit {
		t.Fatalf("%+v, want %d calls, some of them lost", st, n)
	}
	s := openStore(t)
	next := writerOn(t, s, WriterConfig{Spool: openSpool(t, dir, 700<<10)})
	eventually(t, "the calls are stored", func() bool { return next.Stats().Spooled == 0 })
	seen := numbersKept(t, s)
	if seen[n-1] != 1 || seen[0] != 0 || int64(len(seen)) != st.Spooled {
		t.Errorf("%d calls are stored, the last one %d times, the first one %d times; want the last %d", len(seen), seen[n-1], seen[0], st.Spooled)
	}
}

func TestWriter_Follow_GivesCallsOfThisAndOfOtherNodes(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	now := func() time.Time { return start.Add(10 * time.Second) }
	a, b := writerOn(t, s, WriterConfig{Now: now}), writerOn(t, s, WriterConfig{Now: now})
	a.Add(call(0)) // before
	b.Add(call(1))
	a.settle(t.Context())
	b.settle(t.Context())
	f := a.Follow(Filter{Mocks: []string{"m"}, Status: 200})
	defer f.Close()
	eventually(t, "others are looked for", func() bool { return f.looked.Load() })
	a.Add(call(2))
	a.Add(call(3)) // of another status
	b.Add(call(4))
	b.Add(call(5))
	var got []int
	end := time.NewTimer(20 * time.Second)
	defer end.Stop()
	for len(got) < 2 {
		select {
		case e := <-f.C:
			got = append(got, int(e.At.Sub(start).Seconds()))
		case <-end.C:
			t.Fatalf("after 20 s there are the calls %v", got)
		}
	}
	if got[0] != 2 || got[1] != 4 {
		t.Errorf("the calls are %v, want 2 and 4", got)
	}
}
