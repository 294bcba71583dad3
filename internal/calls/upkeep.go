package calls

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// The rhythm of what is done behind the calls.
const (
	tidyEvery   = 10 * time.Second
	forgetEvery = 10 * time.Minute
	tidyTime    = time.Minute
	trimEvery   = 1000 // calls of a mock between two looks at their number
	mergeFrom   = 64   // small blocks of a mock that are put together
	mergeMost   = 256
	mergeBytes  = 4 * blockBytes // of records that are put together at once
	smallBlock  = blockCalls / 4
	// mergeAge is how old calls are that are put together: younger ones may
	// still come from another node, and those who follow look for them.
	mergeAge = time.Minute
)

// upkeep knows which mocks have new calls.
type upkeep struct {
	mu     sync.Mutex
	calls  map[string]int // since their number was last looked at
	blocks map[string]int // small ones, since they were last put together
}

func (u *upkeep) init() { u.calls, u.blocks = map[string]int{}, map[string]int{} }

func (u *upkeep) note(blocks []store.CallBlock) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := range blocks {
		b := &blocks[i]
		u.calls[b.Mock] += b.Calls
		if b.Calls < smallBlock {
			u.blocks[b.Mock]++
		}
	}
}

// due takes the mocks that have at least so many.
func (u *upkeep) due(of map[string]int, least int) (out []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for mock, n := range of {
		if n >= least {
			out = append(out, mock)
			delete(of, mock)
		}
	}
	return out
}

// tidy deletes calls that are too many or too old, and puts small blocks
// together, until the end.
func (w *Writer) tidy() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	var forgot time.Time
	for {
		if now := time.Now(); now.Sub(forgot) >= forgetEvery && !w.down.Load() {
			forgot = now
			w.do("no room could be made for the calls of tomorrow", func(ctx context.Context) error {
				return w.cfg.Store.PrepareCalls(ctx, w.cfg.Now())
			})
			w.do("old calls could not be deleted", func(ctx context.Context) error {
				return w.cfg.Store.ForgetCalls(ctx, w.cfg.Now().Add(-w.cfg.Retain.Age))
			})
		}
		select {
		case <-w.end:
			return
		case <-tick.C:
		}
		if !w.down.Load() {
			w.Tidy()
		}
	}
}

// Tidy does now what is due from time to time.
func (w *Writer) Tidy() {
	for _, mock := range w.upkeep.due(w.upkeep.calls, min(trimEvery, w.cfg.Retain.Calls)) {
		w.do("calls that are too many could not be deleted", func(ctx context.Context) error {
			return w.cfg.Store.TrimCalls(ctx, mock, w.cfg.Retain.Calls)
		})
	}
	for _, mock := range w.upkeep.due(w.upkeep.blocks, mergeFrom) {
		w.do("calls could not be put together", func(ctx context.Context) error { return w.merge(ctx, mock) })
	}
}

// do does one of these things; what fails is done with the next.
func (w *Writer) do(failed string, f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(w.ctx, tidyTime)
	defer cancel()
	if err := f(ctx); err != nil && !w.ending() && !errors.Is(err, store.ErrUnavailable) { // that is told of elsewhere
		w.cfg.Log.Warn(failed, slog.String("error", err.Error()))
	}
}

// merge puts the small blocks of a mock together. Each is once: with large calls
// a full block has few of them, and to put it together again would change nothing
// but the list of what it was made of, which would grow each time.
func (w *Writer) merge(ctx context.Context, mock string) error {
	want := store.BlockFilter{Mock: mock, Small: smallBlock, Apart: true, Until: w.cfg.Now().Add(-mergeAge), Ascending: true, Limit: mergeMost}
	for {
		var small []store.CallBlock
		err := w.cfg.Store.View(ctx, func(t *store.Tx) (err error) {
			small, err = t.CallBlocks(want)
			return err
		})
		if err != nil {
			return err
		}
		if len(small) < mergeFrom {
			w.upkeep.mu.Lock() // those are too young, or too few
			w.upkeep.blocks[mock] += len(small)
			w.upkeep.mu.Unlock()
			return nil
		}
		old, merged, err := w.merged(ctx, small)
		if err != nil {
			return err
		}
		want.After = &small[len(old)-1]
		if len(old) == 1 { // alone on its day
			continue
		}
		if done, err := w.cfg.Store.MergeCalls(ctx, mock, old, merged); err != nil || !done {
			return err // another node does it
		}
	}
}

// merged makes blocks of the first of some small ones, of as many as fill one.
// They are of one day: calls are forgotten by days, and none because it is in a
// block with one that is older.
func (w *Writer) merged(ctx context.Context, small []store.CallBlock) (old []string, blocks []store.CallBlock, err error) {
	var list []raw
	size, parts := 0, ""
	day := small[0].First.Truncate(24 * time.Hour)
	for i := range small {
		b := &small[i]
		if !b.First.Truncate(24 * time.Hour).Equal(day) {
			break
		}
		h, err := readHead(b)
		if err != nil {
			return nil, nil, err
		}
		var raws []raw
		err = w.cfg.Store.View(ctx, func(t *store.Tx) (err error) {
			raws, err = h.raws(t)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
		list = append(list, raws...)
		for _, r := range raws {
			size += len(r.b)
		}
		old = append(old, b.ID)
		parts += b.ID + " "
		if len(list) >= blockCalls || size >= mergeBytes {
			break
		}
	}
	var p packer
	blocks = p.pack(small[0].Mock, list, nil)
	for i := range blocks {
		blocks[i].Parts = parts
	}
	return old, blocks, nil
}
