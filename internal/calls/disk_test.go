package calls

import (
	"context"
	"database/sql"
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

// A store that answers but takes no calls, as one on a full disk or one that is
// read-only: what is on disk stays there for as long as it takes.
func TestWriter_StoreTakesNothing_GivesNothingUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStoreIn(t, dir)
	w := writerOn(t, s, WriterConfig{Spool: openSpool(t, filepath.Join(t.TempDir(), "spool"), 1<<30)})
	refuse(t, dir, `CREATE TRIGGER refuse BEFORE INSERT ON call_blocks BEGIN SELECT RAISE(ABORT, 'no'); END`)
	w.Add(call(0))
	eventually(t, "the call is on disk", func() bool { return w.Stats().Spooled == 1 })
	refused := 0
	for range 2 * drainTries {
		_, refused = w.drainOne(refused)
	}
	if st := w.Stats(); refused > 0 || st.Lost > 0 || st.Spooled != 1 {
		t.Fatalf("%+v, want the call on disk", st)
	}
	refuse(t, dir, `DROP TRIGGER refuse`)
	eventually(t, "the call is stored", func() bool { st := w.Stats(); return st.Stored == 1 && st.Spooled == 0 })
	wantEachOnce(t, s, 1)
}

// Calls that were on disk when those of their mock were deleted stay away.
func TestWriter_Purge_IsOfTheCallsOnDiskToo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStoreIn(t, dir)
	w := writerOn(t, s, WriterConfig{Spool: openSpool(t, filepath.Join(t.TempDir(), "spool"), 1<<30)})
	refuse(t, dir, `CREATE TRIGGER refuse BEFORE INSERT ON call_blocks BEGIN SELECT RAISE(ABORT, 'no'); END`)
	other := call(1)
	other.Mock = "other"
	w.Add(call(0))
	w.Add(other)
	eventually(t, "the calls are on disk", func() bool { return w.Stats().Spooled == 2 })
	if err := w.Purge(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	w.Add(call(7200)) // an hour after that
	eventually(t, "another call is on disk", func() bool { return w.Stats().Spooled == 3 })
	refuse(t, dir, `DROP TRIGGER refuse`)
	eventually(t, "the calls are stored", func() bool { st := w.Stats(); return st.Stored == 2 && st.Spooled == 0 })
	if seen := numbersKept(t, s); len(seen) != 1 || seen[7200] != 1 {
		t.Errorf("the calls are %v, want the last one", seen)
	}
}

// What the store refuses though it takes others does not stand in their way.
func TestWriter_StoreRefusesSome_StoresTheOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openStoreIn(t, dir)
	w := writerOn(t, s, WriterConfig{Spool: openSpool(t, filepath.Join(t.TempDir(), "spool"), 1<<30)})
	refuse(t, dir, `CREATE TRIGGER refuse BEFORE INSERT ON call_blocks WHEN NEW.mock = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END`)
	bad := call(0)
	bad.Mock = "bad"
	w.Add(bad)
	eventually(t, "the call is given up", func() bool { return w.Stats().Lost == 1 })
	w.Add(call(0))
	eventually(t, "the other is stored", func() bool { return w.Stats().Stored == 1 })
}

// refuse changes the database in a folder behind its store's back.
func refuse(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "mimus.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// While a log ends, its last batch is on disk soon where the store hangs.
func TestWriter_StoreHangsAtTheEnd_KeepsTheLastCallsOnDisk(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	spool := openSpool(t, filepath.Join(t.TempDir(), "spool"), 1<<30)
	w := writerOn(t, s, WriterConfig{Spool: spool})
	letGo := held(t, s)
	w.Add(call(0))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Close()
	}()
	eventually(t, "the call is on disk", func() bool {
		select {
		case <-ended:
			t.Fatal("the log ended before the call was on disk")
		default:
		}
		return w.Stats().Spooled == 1
	})
	w.inflight.mu.Lock()
	if w.inflight.since.IsZero() {
		t.Error("the call is on disk only after the store refused it")
	}
	w.inflight.mu.Unlock()
	letGo()
	<-ended
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
