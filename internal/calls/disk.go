package calls

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// toDisk puts blocks on disk; what the disk doesn't take is lost, and counted.
func (w *Writer) toDisk(blocks []store.CallBlock) {
	if w.cfg.Spool == nil {
		w.lost.Add(count(blocks))
		return
	}
	for len(blocks) > 0 {
		n, size := 0, 0
		for n < len(blocks) && (n == 0 || size < frameBytes) {
			size += len(blocks[n].Head) + len(blocks[n].Records)
			n++
		}
		if err := w.cfg.Spool.Append(appendBlocks(nil, blocks[:n]), int(count(blocks[:n]))); err != nil {
			w.lost.Add(count(blocks[:n]))
			w.cfg.Log.Error("calls could not be kept", slog.Int64("calls", count(blocks[:n])), slog.String("error", err.Error()))
		}
		blocks = blocks[n:]
	}
}

// frameBytes is about what a frame of the spool has.
const frameBytes = 128 << 10

// spill puts what waits on disk for as long as a write takes long, also the last
// one: the process may be killed while it ends.
func (w *Writer) spill() {
	tick := time.NewTicker(slowWrite / 4)
	defer tick.Stop()
	for {
		slow := slowWrite
		select {
		case <-w.written:
			return
		case <-tick.C:
		case <-w.crowd:
			t := time.NewTimer(patience)
			select {
			case <-w.written:
			case <-t.C:
			}
			t.Stop()
			slow = patience
		}
		if w.spoolFlight(slow) {
			p := w.take()
			w.toDisk(w.pack(p))
			w.give(p)
		}
	}
}

// spoolFlight puts the batch that is being written on disk, too, when that
// takes long: the process may end before it is stored. It reports whether it
// takes long.
func (w *Writer) spoolFlight(slow time.Duration) bool {
	f := &w.inflight
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.since.IsZero() || time.Since(f.since) < slow {
		return false
	}
	if !f.spooled && w.cfg.Spool != nil {
		f.spooled = true
		w.toDisk(f.blocks)
	}
	return w.cfg.Spool != nil
}

// The waits of who drains the spool.
const (
	drainEvery = 250 * time.Millisecond
	drainTries = 20 // of a frame that the store refuses though it takes others
)

// drain stores what is on disk whenever the store takes it.
func (w *Writer) drain() {
	tick := time.NewTicker(drainEvery)
	defer tick.Stop()
	refused := 0
	for {
		select {
		case <-w.end:
			return
		case <-tick.C:
		}
		for more := true; more && !w.ending(); {
			more, refused = w.drainOne(refused)
		}
	}
}

func (w *Writer) ending() bool {
	select {
	case <-w.end:
		return true
	default:
		return false
	}
}

// drainOne stores the first frame, and reports whether to go on with the next.
func (w *Writer) drainOne(refused int) (more bool, _ int) {
	frame, n, err := w.cfg.Spool.First()
	if err != nil {
		w.cfg.Log.Error("the spool could not be read", slog.String("error", err.Error()))
		return false, 0
	}
	if frame == nil {
		w.purges.clear()
		if w.down.Load() { // nothing is there to try with
			w.probe()
		}
		return false, 0
	}
	blocks, err := readBlocks(frame)
	if err != nil {
		w.lost.Add(int64(n))
		w.cfg.Log.Error("calls of the spool could not be read", slog.Int("calls", n), slog.String("error", err.Error()))
		w.cfg.Spool.Remove(frame)
		return true, 0
	}
	if blocks = w.purges.without(blocks); len(blocks) == 0 {
		w.cfg.Spool.Remove(frame)
		return true, 0
	}
	if err = w.store(blocks, true); err == nil {
		w.told(nil)
		w.stored.Add(count(blocks))
		w.cfg.Spool.Remove(frame)
		return true, 0
	}
	// Only what the store refuses while it takes others is given up; one that is
	// full, locked or read-only refuses all.
	if w.takesOthers(len(frame)) {
		refused++
	}
	if refused < drainTries {
		w.told(err)
		return false, refused
	}
	w.lost.Add(int64(n))
	w.cfg.Log.Error("calls of the spool could not be stored", slog.Int("calls", n), slog.String("error", err.Error()))
	w.cfg.Spool.Remove(frame)
	return true, 0
}

// takesOthers reports whether the store takes other calls of so many bytes.
func (w *Writer) takesOthers(size int) bool {
	ctx, cancel := context.WithTimeout(w.ctx, time.Second)
	defer cancel()
	return w.cfg.Store.TakesCalls(ctx, w.cfg.Now(), size)
}

// probe finds out whether the store is there again.
func (w *Writer) probe() {
	if w.reachable() {
		w.told(nil)
	}
}

// purges are when the calls of mocks were deleted: those that are still on disk
// must not come back.
type purges struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (p *purges) note(mock string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string]time.Time{}
	}
	p.at[mock] = at
}

// clear forgets them, when nothing is on disk any more.
func (p *purges) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = nil
}

// without leaves out the blocks whose calls were all answered before.
func (p *purges) without(blocks []store.CallBlock) []store.CallBlock {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(blocks, func(b store.CallBlock) bool { return !b.Last.After(p.at[b.Mock]) })
}

// appendBlocks writes blocks as a frame of the spool.
func appendBlocks(b []byte, blocks []store.CallBlock) []byte {
	for i := range blocks {
		c := &blocks[i]
		b = appendText(appendText(b, c.Mock), c.ID)
		for _, n := range [...]int64{c.First.UnixMicro(), c.Last.UnixMicro(), int64(c.Calls)} {
			b = binary.AppendVarint(b, n)
		}
		b = appendPart(appendPart(b, c.Head), c.Records)
	}
	return b
}

// readBlocks reads a frame.
func readBlocks(frame []byte) (blocks []store.CallBlock, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(errBlock, fmt.Errorf("%v", p))
		}
	}()
	for c := (compactReader{frame}); len(c.b) > 0; {
		b := store.CallBlock{Mock: c.text(), ID: c.text()}
		b.First, b.Last, b.Calls = time.UnixMicro(c.number()).UTC(), time.UnixMicro(c.number()).UTC(), int(c.number())
		b.Head, b.Records = c.bytes(), c.bytes()
		blocks = append(blocks, b)
	}
	return blocks, nil
}
