package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CallBlock has some calls of one mock, in the order of their ids. What head
// and records hold is the business of who made them.
type CallBlock struct {
	Mock    string
	ID      string // of the first call: ids begin with the time, and no two logs have the same
	First   time.Time
	Last    time.Time
	Calls   int
	Parts   string // the ids of the blocks that it was made of, each with a space behind it
	Head    []byte
	Records []byte // of a list: nil
}

// day is the day that a block belongs to.
func (b *CallBlock) day() int64 { return b.First.Unix() / (24 * 60 * 60) }

// AddCalls stores blocks of calls. One that is there already is passed over;
// again is for those that may be there as a part of another by now.
func (s *Store) AddCalls(ctx context.Context, blocks []CallBlock, again bool) error {
	if len(blocks) == 0 {
		return nil
	}
	return s.calls(ctx, func(t *Tx) error {
		missing := blocks
		if again {
			var err error
			if missing, err = s.missingBlocks(t, blocks); err != nil {
				return err
			}
		}
		return s.dialect.insertCalls(ctx, t.tx, missing)
	})
}

// TakesCalls reports whether calls can be stored at the moment: a block with so
// many bytes of records is, and is taken back before anybody sees it.
func (s *Store) TakesCalls(ctx context.Context, at time.Time, size int) bool {
	taken := errors.New("it was stored")
	err := s.calls(ctx, func(t *Tx) error {
		if err := s.dialect.insertCalls(ctx, t.tx, []CallBlock{{ID: NewID(), First: at, Last: at, Head: []byte{}, Records: make([]byte, size)}}); err != nil {
			return err
		}
		return taken
	})
	return errors.Is(err, taken)
}

// MergeCalls puts blocks of a mock in the place of others that hold the same
// calls. Where one of the others is gone, nothing happens, and it gives false.
func (s *Store) MergeCalls(ctx context.Context, mock string, old []string, blocks []CallBlock) (done bool, err error) {
	err = s.calls(ctx, func(t *Tx) error {
		done = false
		if err := s.dialect.lockCalls(ctx, t.tx, mock); err != nil {
			return err
		}
		there, err := t.blocksThere(mock, old)
		if err != nil || there != len(old) {
			return err
		}
		if err := t.deleteBlocks(mock, old); err != nil {
			return err
		}
		done = true
		return s.dialect.insertCalls(ctx, t.tx, blocks)
	})
	return done && err == nil, err
}

// calls runs a transaction that writes calls only. Unlike those of Update,
// several run at once, and nobody is told of them. What they need to be stored
// in is made where it is missing.
func (s *Store) calls(ctx context.Context, f func(*Tx) error) error {
	err := s.run(ctx, s.write, nil, Actor{}, f)
	var missing *noPartitionError
	if !errors.As(err, &missing) {
		return err
	}
	if err := s.dialect.addPartitions(ctx, s.write, missing.days); err != nil {
		return s.dialect.explain(err)
	}
	return s.run(ctx, s.write, nil, Actor{}, f)
}

// noPartitionError says that calls are of days that there is no place for yet.
type noPartitionError struct{ days []int64 }

func (e *noPartitionError) Error() string {
	return fmt.Sprintf("the calls of the days %v have no partition", e.days)
}

// missingBlocks leaves out what is there already, as it is or inside of
// another block.
func (s *Store) missingBlocks(t *Tx, blocks []CallBlock) ([]CallBlock, error) {
	var mocks []string
	for _, b := range blocks {
		mocks = append(mocks, b.Mock)
	}
	slices.Sort(mocks) // all nodes take the locks in one order
	for _, mock := range slices.Compact(mocks) {
		if err := s.dialect.lockCalls(t.ctx, t.tx, mock); err != nil {
			return nil, err
		}
	}
	var out []CallBlock
	for _, b := range blocks {
		_, err := one(t, scanOf[int],
			`SELECT 1 FROM call_blocks WHERE mock = $1 AND last >= $2 AND first <= $3 AND (id = $4 OR parts LIKE $5) LIMIT 1`,
			b.Mock, b.First.UnixMicro(), b.Last.UnixMicro(), b.ID, "%"+b.ID+"%")
		switch {
		case errors.Is(err, ErrNotFound):
			out = append(out, b)
		case err != nil:
			return nil, err
		}
	}
	return out, nil
}

func (t *Tx) blocksThere(mock string, ids []string) (n int, err error) {
	for part := range slices.Chunk(ids, 500) {
		in, args := inList(2, part)
		there, err := one(t, scanOf[int],
			`SELECT COUNT(*) FROM call_blocks WHERE mock = $1 AND id IN `+in, append([]any{mock}, args...)...)
		if err != nil {
			return 0, err
		}
		n += there
	}
	return n, nil
}

func (t *Tx) deleteBlocks(mock string, ids []string) error {
	for part := range slices.Chunk(ids, 500) {
		in, args := inList(2, part)
		if err := t.exec(`DELETE FROM call_blocks WHERE mock = $1 AND id IN `+in, append([]any{mock}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// inList is "($2, $3, …)" with its arguments.
func inList(first int, values []string) (string, []any) {
	var text strings.Builder
	args := make([]any, len(values))
	for i, v := range values {
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "$%d", first+i)
		args[i] = v
	}
	return "(" + text.String() + ")", args
}

// BlockFilter says which blocks are wanted; zero values are all.
type BlockFilter struct {
	Mock      string
	Since     time.Time // those with calls from then on, and others
	Until     time.Time // those with calls up to then, and others
	Small     int       // those with fewer calls; only these have their Parts
	Apart     bool      // those that were not put together with others
	Ascending bool      // by their first calls; else by their last ones, the last first
	After     *CallBlock
	Limit     int // 0: 100
}

// CallBlocks lists blocks, without their records.
func (t *Tx) CallBlocks(f BlockFilter) ([]CallBlock, error) {
	var w where
	if f.Mock != "" {
		w.and("mock = $?", f.Mock)
	}
	if !f.Since.IsZero() {
		w.and("last >= $?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		w.and("first <= $?", f.Until.UnixMicro())
	}
	if f.Small > 0 {
		w.and("calls < $?", f.Small)
	}
	if f.Apart {
		w.and("parts = $?", "")
	}
	order := " ORDER BY last DESC, id DESC"
	switch {
	case f.Ascending:
		order = " ORDER BY id"
		if f.After != nil {
			w.and("id > $?", f.After.ID)
		}
	case f.After != nil:
		w.and("(last, id) < ($?", f.After.Last.UnixMicro())
		w.args = append(w.args, f.After.ID)
		fmt.Fprintf(&w.text, ", $%d)", len(w.args))
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	parts := "''" // few want them, and they may be long
	if f.Small > 0 {
		parts = "parts"
	}
	return all(t, scanBlock, `SELECT mock, id, first, last, calls, `+parts+`, head FROM call_blocks`+w.text.String()+order+fmt.Sprintf(" LIMIT %d", f.Limit), w.args...)
}

// scanOf reads a row of one value.
func scanOf[T any](r scanner) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

func scanBlock(r scanner) (b CallBlock, err error) {
	var first, last int64
	err = r.Scan(&b.Mock, &b.ID, &first, &last, &b.Calls, &b.Parts, &b.Head)
	b.First, b.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
	return b, err
}

// CallRecords reads the records of a block: the bytes from one up to another.
func (t *Tx) CallRecords(mock, id string, from, to int) ([]byte, error) {
	return one(t, scanOf[[]byte],
		`SELECT substr(records, $1, $2) FROM call_blocks WHERE mock = $3 AND id = $4`, from+1, to-from, mock, id)
}

// CountCalls is the number of calls that are kept of a mock.
func (t *Tx) CountCalls(mock string) (int, error) {
	return one(t, scanOf[int],
		`SELECT COALESCE(SUM(calls), 0) FROM call_blocks WHERE mock = $1`, mock)
}

// trimOnce bounds how many blocks a transaction deletes, so that others get in
// between.
const trimOnce = 200

// TrimCalls keeps the last calls of a mock: the oldest blocks are deleted for
// as long as that number is left without them. It deletes some at a time, so
// that calls can be added meanwhile.
func (s *Store) TrimCalls(ctx context.Context, mock string, keep int) error {
	for {
		var n int64
		err := s.calls(ctx, func(t *Tx) error {
			res, err := t.tx.ExecContext(t.ctx, `DELETE FROM call_blocks WHERE mock = $1 AND id IN (
				SELECT id FROM (
					SELECT id, SUM(calls) OVER (ORDER BY last DESC, id DESC) - calls AS after FROM call_blocks WHERE mock = $1
				) AS counted WHERE after >= $2 ORDER BY id LIMIT $3)`, mock, keep, trimOnce)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil || n < trimOnce {
			return err
		}
	}
}

// PurgeCalls deletes the calls of a mock.
func (s *Store) PurgeCalls(ctx context.Context, mock string) error {
	return s.calls(ctx, func(t *Tx) error {
		if err := s.dialect.lockCalls(ctx, t.tx, mock); err != nil {
			return err
		}
		return t.purgeCalls(mock)
	})
}

func (t *Tx) purgeCalls(mock string) error {
	return t.exec(`DELETE FROM call_blocks WHERE mock = $1`, mock)
}

// PrepareCalls makes room for the calls of a day and of the next one.
func (s *Store) PrepareCalls(ctx context.Context, at time.Time) error {
	day := (&CallBlock{First: at}).day()
	return s.dialect.explain(s.dialect.addPartitions(ctx, s.write, []int64{day, day + 1}))
}

// ForgetCalls deletes the calls of all mocks that are older.
func (s *Store) ForgetCalls(ctx context.Context, before time.Time) error {
	return s.dialect.forgetCalls(ctx, s, before)
}

// forgetSome deletes blocks whose last call is older, some at a time.
func (s *Store) forgetSome(ctx context.Context, before time.Time) error {
	for {
		var n int64
		err := s.calls(ctx, func(t *Tx) error {
			res, err := t.tx.ExecContext(t.ctx, `DELETE FROM call_blocks WHERE (mock, id) IN (
				SELECT mock, id FROM call_blocks WHERE last < $1 ORDER BY last LIMIT $2)`, before.UnixMicro(), trimOnce)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil || n < trimOnce {
			return err
		}
	}
}
