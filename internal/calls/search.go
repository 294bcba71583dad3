package calls

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// scanTime bounds a search in what is not indexed.
const scanTime = 250 * time.Millisecond

// List finds calls. What this node has answered is among them; what another has
// answered may come a tenth of a second later.
func (w *Writer) List(ctx context.Context, f Filter) (Page, error) {
	w.settle(ctx)
	s := search{f: f, needle: strings.ToLower(f.Text)}
	if f.Text != "" || f.Operation != "" || f.MinTook > 0 || len(f.Mocks) != 1 {
		s.deadline = time.Now().Add(scanTime)
	}
	err := w.cfg.Store.View(ctx, func(t *store.Tx) error {
		s.found, s.page = nil, nil
		return s.run(t)
	})
	return s.result(), err
}

// search is one search in blocks. They may overlap in time: a call is given
// when no block that is still to come can have one before it.
type search struct {
	f        Filter
	needle   string
	deadline time.Time // zero: none

	found []found // not given yet, in the order of the list
	page  []found // one more than the limit where there are more
	stop  time.Time
}

// found is a call with its place.
type found struct {
	e    *Entry
	head *blockHead
	i    int
}

// pages of blocks: most lists need few.
const (
	fewBlocks  = 4
	manyBlocks = 256
)

func (s *search) run(t *store.Tx) error {
	want := store.BlockFilter{Since: s.f.Since, Until: s.f.Until, Ascending: s.f.Ascending, Limit: fewBlocks}
	if len(s.f.Mocks) == 1 {
		want.Mock = s.f.Mocks[0]
	}
	if at, ok := TimeOf(s.f.After); ok {
		if s.f.Ascending && at.After(want.Since) {
			want.Since = at
		}
		if !s.f.Ascending && (want.Until.IsZero() || at.Before(want.Until)) {
			want.Until = at
		}
	}
	for !s.done() {
		blocks, err := t.CallBlocks(want)
		if err != nil {
			return err
		}
		for i := range blocks {
			if s.before(&blocks[i]) {
				return s.fill(t)
			}
			if err := s.look(t, &blocks[i]); err != nil {
				return err
			}
		}
		if len(blocks) < want.Limit {
			s.give(func(*Entry) bool { return true })
			break
		}
		want.After, want.Limit = &blocks[len(blocks)-1], min(4*want.Limit, manyBlocks)
	}
	return s.fill(t)
}

func (s *search) done() bool { return len(s.page) > s.f.Limit }

// before gives what comes before all calls of a block, and reports whether the
// search ends there.
func (s *search) before(b *store.CallBlock) bool {
	edge := b.Last
	if s.f.Ascending {
		edge = b.First
	}
	s.give(func(e *Entry) bool {
		if s.f.Ascending {
			return e.At.Before(edge)
		}
		return e.At.After(edge)
	})
	if s.done() {
		return true
	}
	if s.deadline.IsZero() || time.Now().Before(s.deadline) || !s.further(edge) {
		return false
	}
	s.stop = edge
	return true
}

// further reports whether a search that stops at an edge goes on from another
// place than it began at. The first blocks may have calls of the page before,
// too: their edges lie behind.
func (s *search) further(edge time.Time) bool {
	at, ok := TimeOf(s.f.After)
	switch {
	case !ok:
		return true
	case s.f.Ascending:
		return edge.After(at)
	}
	return edge.Add(time.Microsecond).Before(at) // see result
}

// stopLen is the length of a place that is no call's id.
const stopLen = 13

// give gives what was found for as long as it is wanted and ready.
func (s *search) give(ready func(*Entry) bool) {
	n := 0
	for n < len(s.found) && !s.done() && ready(s.found[n].e) {
		s.page = append(s.page, s.found[n])
		n++
	}
	s.found = s.found[n:]
}

// look finds the calls of a block.
func (s *search) look(t *store.Tx, b *store.CallBlock) error {
	if len(s.f.Mocks) > 0 && !s.f.of(b.Mock) {
		return nil
	}
	h, err := readHead(b)
	if err != nil {
		return err
	}
	list := h.match(&s.f)
	var some []found
	for _, i := range list {
		if e := h.entry(i); s.f.past(e.ID) {
			some = append(some, found{e, h, i})
		}
	}
	if len(some) > 0 && s.needle != "" {
		if some, err = s.read(t, h, some); err != nil {
			return err
		}
	}
	if len(some) == 0 {
		return nil
	}
	s.found = append(s.found, some...)
	slices.SortFunc(s.found, func(a, b found) int {
		if s.f.Ascending {
			return strings.Compare(a.e.ID, b.e.ID)
		}
		return strings.Compare(b.e.ID, a.e.ID)
	})
	return nil
}

// read reads all of the calls of a block; with a text, it leaves out those that
// haven't got it.
func (s *search) read(t *store.Tx, h *blockHead, some []found) ([]found, error) {
	slices.SortFunc(some, func(a, b found) int { return a.i - b.i })
	wanted := make([]int, len(some))
	for i := range some {
		wanted[i] = some[i].i
	}
	kept := some[:0]
	err := h.load(t, wanted, func(i int, compact []byte) {
		e := readCompact(compact).entry(h.columns[colNode].at(i))
		if s.needle == "" || e.has(s.needle) {
			kept = append(kept, found{e, h, i})
		}
	})
	if errors.Is(err, store.ErrNotFound) { // it was deleted meanwhile
		return nil, nil
	}
	return kept, err
}

// fill reads all of what is given, where that is wanted and not done yet.
func (s *search) fill(t *store.Tx) error {
	if !s.f.Full || s.needle != "" {
		return nil
	}
	byHead := map[*blockHead][]found{}
	for _, f := range s.page {
		byHead[f.head] = append(byHead[f.head], f)
	}
	full := map[string]*Entry{}
	for h, list := range byHead {
		list, err := s.read(t, h, list)
		if err != nil {
			return err
		}
		for _, f := range list {
			full[f.e.ID] = f.e
		}
	}
	kept := s.page[:0]
	for _, f := range s.page {
		if e := full[f.e.ID]; e != nil {
			f.e = e
			kept = append(kept, f)
		}
	}
	s.page = kept
	return nil
}

func (s *search) result() Page {
	page := Page{Scanned: s.stop}
	for i, f := range s.page {
		if i == s.f.Limit {
			page.Next, page.Scanned = page.Calls[i-1].ID, time.Time{}
			return page
		}
		page.Calls = append(page.Calls, f.e)
	}
	if !s.stop.IsZero() { // all calls on this side of the edge were seen
		edge := s.stop
		if !s.f.Ascending {
			edge = edge.Add(time.Microsecond)
		}
		page.Next = callID(edge, 0, "")[:stopLen]
	}
	return page
}

// Get finds one call.
func (w *Writer) Get(ctx context.Context, mock, id string) (*Entry, error) {
	at, ok := TimeOf(id)
	if !ok {
		return nil, nil
	}
	w.settle(ctx)
	var e *Entry
	err := w.cfg.Store.View(ctx, func(t *store.Tx) error {
		e = nil
		blocks, err := t.CallBlocks(store.BlockFilter{Mock: mock, Since: at, Until: at, Limit: manyBlocks})
		for i := range blocks {
			h, err := readHead(&blocks[i])
			if err != nil {
				return err
			}
			for j := range h.n {
				if h.ats[j] != at.UnixMicro() || h.entry(j).ID != id {
					continue
				}
				some, err := (&search{}).read(t, h, []found{{nil, h, j}})
				if err == nil && len(some) == 1 {
					e = some[0].e
				}
				return err
			}
		}
		return err
	})
	return e, err
}

// Purge deletes the calls of a mock that were answered before.
func (w *Writer) Purge(ctx context.Context, mock string) error {
	w.settle(ctx)
	at := w.cfg.Now()
	if err := w.cfg.Store.PurgeCalls(ctx, mock); err != nil {
		return err
	}
	if w.cfg.Spool != nil {
		w.purges.note(mock, at)
	}
	return nil
}

// reachable reports whether the store answers.
func (w *Writer) reachable() bool {
	ctx, cancel := context.WithTimeout(w.ctx, time.Second)
	defer cancel()
	_, err := w.cfg.Store.Seq(ctx)
	return err == nil
}
