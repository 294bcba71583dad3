package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// someBlocks are blocks of ten calls, ten seconds each, one after the other.
func someBlocks(mock string, from, n int) []CallBlock {
	blocks := make([]CallBlock, n)
	for i := range blocks {
		at := time.Unix(1_700_000_000+int64(from+i)*10, 0).UTC()
		blocks[i] = CallBlock{
			Mock: mock, ID: fmt.Sprintf("%013x-0-n", at.UnixMicro()), First: at, Last: at.Add(9 * time.Second), Calls: 10,
			Head: []byte{1, byte(i)}, Records: []byte(fmt.Sprint("records of ", from+i)),
		}
	}
	return blocks
}

func addBlocks(t *testing.T, s *Store, blocks []CallBlock, again bool) {
	t.Helper()
	if err := s.AddCalls(t.Context(), blocks, again); err != nil {
		t.Fatal(err)
	}
}

func idsOf(blocks []CallBlock) (ids []string) {
	for _, b := range blocks {
		ids = append(ids, b.ID)
	}
	return ids
}

func listBlocks(t *testing.T, s *Store, f BlockFilter) (blocks []CallBlock) {
	t.Helper()
	view(t, s, func(tx *Tx) (err error) {
		blocks, err = tx.CallBlocks(f)
		return err
	})
	return blocks
}

func countCalls(t *testing.T, s *Store, mock string) (n int) {
	t.Helper()
	view(t, s, func(tx *Tx) (err error) {
		n, err = tx.CountCalls(mock)
		return err
	})
	return n
}

func TestCallBlocks_AreListedInBothOrders_PageByPage(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		all := someBlocks("m", 0, 25)
		addBlocks(t, s, all, false)
		addBlocks(t, s, someBlocks("another", 0, 5), false)
		for _, ascending := range []bool{false, true} {
			var got []string
			f := BlockFilter{Mock: "m", Ascending: ascending, Limit: 7}
			for {
				page := listBlocks(t, s, f)
				got = append(got, idsOf(page)...)
				if len(page) < f.Limit {
					break
				}
				f.After = &page[len(page)-1]
			}
			want := idsOf(all)
			if !ascending {
				slices.Reverse(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("ascending %v: %v, want %v", ascending, got, want)
			}
		}
		between := listBlocks(t, s, BlockFilter{Mock: "m", Since: all[3].Last, Until: all[5].First, Ascending: true})
		if want := idsOf(all[3:6]); !slices.Equal(idsOf(between), want) {
			t.Errorf("those with calls between are %v, want %v", idsOf(between), want)
		}
		if n := len(listBlocks(t, s, BlockFilter{})); n != 30 {
			t.Errorf("of all mocks there are %d, want 30", n)
		}
		view(t, s, func(tx *Tx) error {
			records, err := tx.CallRecords("m", all[2].ID, 3, 12)
			if string(records) != "ords of 2" {
				t.Errorf("the records are %q", records)
			}
			return err
		})
	})
}

func TestAddCalls_ABatchSentTwice_IsStoredOnce(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		blocks := someBlocks("m", 0, 3)
		addBlocks(t, s, blocks, false)
		addBlocks(t, s, blocks, false)
		addBlocks(t, s, blocks, true)
		if n := countCalls(t, s, "m"); n != 30 {
			t.Errorf("there are %d calls, want 30", n)
		}
		// Also after they were put together with others.
		merged := blocks[0]
		merged.Last, merged.Calls, merged.Parts = blocks[2].Last, 30, blocks[0].ID+" "+blocks[1].ID+" "+blocks[2].ID+" "
		if done, err := s.MergeCalls(t.Context(), "m", idsOf(blocks), []CallBlock{merged}); err != nil || !done {
			t.Fatalf("they are not put together: %v", err)
		}
		addBlocks(t, s, append(blocks, someBlocks("m", 3, 1)...), true)
		if n := countCalls(t, s, "m"); n != 40 {
			t.Errorf("there are %d calls, want 40", n)
		}
		if done, err := s.MergeCalls(t.Context(), "m", idsOf(blocks), []CallBlock{merged}); err != nil || done {
			t.Errorf("what is gone is put together again: %v", err)
		}
		small := listBlocks(t, s, BlockFilter{Mock: "m", Small: 40, Ascending: true})
		if len(small) != 2 || small[0].Parts != merged.Parts {
			t.Errorf("the blocks are %v", small)
		}
		if apart := listBlocks(t, s, BlockFilter{Mock: "m", Small: 40, Apart: true}); len(apart) != 1 || apart[0].Parts != "" {
			t.Errorf("those that came as they are are %v", apart)
		}
	})
}

func TestTrimCalls_KeepsTheLastOfThatMock(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		const n = trimOnce + 10
		addBlocks(t, s, someBlocks("m", 0, n), false)
		addBlocks(t, s, someBlocks("another", 0, 3), false)
		for _, test := range []struct{ keep, want int }{{10 * n, 10 * n}, {10*n - 5, 10 * n}, {95, 100}, {90, 90}, {1, 10}, {0, 0}} {
			if err := s.TrimCalls(t.Context(), "m", test.keep); err != nil {
				t.Fatal(err)
			}
			if got := countCalls(t, s, "m"); got != test.want {
				t.Errorf("keeping %d leaves %d, want %d", test.keep, got, test.want)
			}
			if left := listBlocks(t, s, BlockFilter{Mock: "m", Limit: 1}); len(left) > 0 && left[0].ID != someBlocks("m", n-1, 1)[0].ID {
				t.Errorf("keeping %d, the last one is %s", test.keep, left[0].ID)
			}
		}
		if got := countCalls(t, s, "another"); got != 30 {
			t.Errorf("another mock has %d calls, want 30", got)
		}
	})
}

func TestForgetCalls_DeletesWhatIsOlder(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		const day = 24 * 60 * 6 // blocks
		addBlocks(t, s, someBlocks("m", 0, 1), false)
		addBlocks(t, s, someBlocks("m", day, 1), false)
		addBlocks(t, s, someBlocks("another", 3*day, 1), false)
		later := someBlocks("m", 3*day, 1)[0]
		if err := s.ForgetCalls(t.Context(), later.First.Truncate(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if left := listBlocks(t, s, BlockFilter{}); len(left) != 1 || left[0].ID != later.ID {
			t.Errorf("there are %v, want the last one", idsOf(left))
		}
		addBlocks(t, s, someBlocks("m", 0, 1), false) // of a day that was dropped
		if n := countCalls(t, s, "m"); n != 10 {
			t.Errorf("there are %d calls, want 10", n)
		}
	})
}

// Who reads for long, as a backup does, must not have all others wait behind the
// deletion of a day.
func TestForgetCalls_WhileSomebodyReads_GivesUpSoon(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		addBlocks(t, s, someBlocks("m", 0, 1), false)
		if s.read == s.write && s.read.Stats().MaxOpenConnections == 1 {
			t.Skip("nobody reads beside others")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		reader, err := s.read.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reader.Rollback() }()
		n := 0
		if err := reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM call_blocks`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		err = s.ForgetCalls(ctx, time.Now())
		if ctx.Err() != nil || err != nil && !errors.Is(err, ErrUnavailable) {
			t.Errorf("the error is %v, after %v", err, ctx.Err())
		}
		addBlocks(t, s, someBlocks("m", 1, 1), false)
	})
}

func TestTakesCalls_TellsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		if !s.TakesCalls(t.Context(), time.Now(), 1000) {
			t.Error("no calls are taken")
		}
		if list := listBlocks(t, s, BlockFilter{}); len(list) > 0 {
			t.Errorf("%v is left", list)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if s.TakesCalls(ended, time.Now(), 1000) {
			t.Error("calls are taken by nobody")
		}
	})
}

func TestPurgeCalls_DeletesThoseOfOneMock(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, s *Store) {
		addBlocks(t, s, someBlocks("m", 0, 2), false)
		addBlocks(t, s, someBlocks("another", 0, 2), false)
		if err := s.PurgeCalls(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		if a, b := countCalls(t, s, "m"), countCalls(t, s, "another"); a != 0 || b != 20 {
			t.Errorf("there are %d and %d calls, want 0 and 20", a, b)
		}
	})
}
