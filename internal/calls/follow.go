package calls

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// How calls of other nodes are looked for, while somebody follows.
const (
	foreignEvery = 300 * time.Millisecond
	foreignTime  = 5 * time.Second
	foreignAge   = 30 * time.Second
	foreignMost  = 256 // blocks of one look
)

// Follow gives the calls that come from now on: those of this node at once,
// those of others when they are in the store.
func (w *Writer) Follow(f Filter) *Feed {
	feed := w.feeds.add(f, w.numbers.node)
	feed.wg.Go(func() { w.foreign(feed) })
	return feed
}

// foreign has a feed given the calls of other nodes.
func (w *Writer) foreign(feed *Feed) {
	seen := map[string]time.Time{}
	w.lookForeign(feed, seen, true)
	feed.looked.Store(true)
	tick := time.NewTicker(foreignEvery)
	defer tick.Stop()
	for {
		select {
		case <-feed.ended:
			return
		case <-w.end:
			return
		case now := <-tick.C:
			if !w.down.Load() {
				w.lookForeign(feed, seen, false)
			}
			for id, at := range seen {
				if now.Sub(at) > 2*foreignAge {
					delete(seen, id)
				}
			}
		}
	}
}

// lookForeign gives the calls of blocks that were not seen before; the first
// time it only notes them.
func (w *Writer) lookForeign(feed *Feed, seen map[string]time.Time, first bool) {
	ctx, cancel := context.WithTimeout(w.ctx, foreignTime)
	defer cancel()
	want := store.BlockFilter{Since: w.cfg.Now().Add(-foreignAge), Limit: foreignMost}
	if len(feed.filter.Mocks) == 1 {
		want.Mock = feed.filter.Mocks[0]
	}
	err := w.cfg.Store.View(ctx, func(t *store.Tx) error {
		blocks, err := t.CallBlocks(want)
		if err != nil {
			return err
		}
		for i := len(blocks) - 1; i >= 0; i-- {
			b := &blocks[i]
			if _, ok := seen[b.ID]; ok || strings.HasSuffix(b.ID, w.numbers.node) {
				continue
			}
			seen[b.ID] = time.Now()
			if first || len(feed.filter.Mocks) > 0 && !feed.filter.of(b.Mock) {
				continue
			}
			if err := feed.block(t, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && w.ctx.Err() == nil {
		w.cfg.Log.Debug("calls of other nodes could not be looked for", slog.String("error", err.Error()))
	}
}

// block gives a feed the calls of a block.
func (f *Feed) block(t *store.Tx, b *store.CallBlock) error {
	h, err := readHead(b)
	if err != nil {
		return err
	}
	wanted := h.match(&f.filter)
	if len(wanted) == 0 {
		return nil
	}
	return h.load(t, wanted, func(i int, compact []byte) {
		select {
		case f.raw <- feedCall{compact, h.columns[colNode].at(i)}:
		default:
			f.left.Add(1)
		}
	})
}
