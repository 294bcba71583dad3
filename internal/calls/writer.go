package calls

// Add is on the hot path.

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/spool"
	"github.com/mimus-dev/mimus/internal/store"
)

// The measures of a Writer.
const (
	writeEvery   = 100 * time.Millisecond
	writeTime    = 5 * time.Second        // of one batch
	slowWrite    = 400 * time.Millisecond // after that, what waits goes to disk
	patience     = 50 * time.Millisecond  // back-pressure of one call
	pendingCalls = 16_384
	pendingBytes = 16 << 20
	wakeCalls    = 2048 // a batch is written at once when there are so many
)

// Writer keeps calls in a store. A call that is handed over waits in memory,
// for a tenth of a second at most; then it is in the store, or, where that is
// slow or out of reach, on disk, from where it is stored later.
type Writer struct {
	cfg     WriterConfig
	numbers *numbers
	feeds   feeds
	scratch sync.Pool // of *[]byte

	mu      sync.Mutex
	pending pending
	spare   pending
	room    chan struct{} // is closed when what was pending is taken
	closed  bool

	wake    chan struct{}      // there is much to write
	flush   chan chan struct{} // who wants to read what was handed over
	crowd   chan struct{}      // there is too much
	end     chan struct{}
	written chan struct{} // is closed after the last batch
	wg      sync.WaitGroup
	ctx     context.Context // ends with the log; writes of calls outlive it
	stop    context.CancelFunc

	inflight flight
	down     atomic.Bool // the last write was refused
	trouble  atomic.Pointer[string]
	stored   atomic.Int64
	lost     atomic.Int64
	took     atomic.Int64

	upkeep upkeep
	purges purges
}

// WriterConfig is what a Writer is made with.
type WriterConfig struct {
	Store  *store.Store
	Spool  *spool.Spool // nil: none
	Retain Retention
	Log    *slog.Logger
	Now    func() time.Time
	// Wrote is told how long each write took, if it is set.
	Wrote func(time.Duration)
}

// Retention bounds the calls that are kept of each mock.
type Retention struct {
	Age   time.Duration // 0: 30 days
	Calls int           // 0: 100,000
}

// pending are calls that wait, in one piece of memory.
type pending struct {
	bytes []byte
	ends  []int
}

func (p *pending) full() bool { return len(p.ends) >= pendingCalls || len(p.bytes) >= pendingBytes }

// flight is the batch that is being written.
type flight struct {
	mu      sync.Mutex
	since   time.Time // zero: none is
	blocks  []store.CallBlock
	spooled bool // it is on disk, too
}

// NewWriter makes a log in a store and starts it; Close ends it.
func NewWriter(cfg WriterConfig) *Writer {
	if cfg.Retain.Age == 0 {
		cfg.Retain.Age = 30 * 24 * time.Hour
	}
	if cfg.Retain.Calls == 0 {
		cfg.Retain.Calls = 100_000
	}
	w := &Writer{
		cfg: cfg, numbers: newNumbers(), room: make(chan struct{}),
		wake: make(chan struct{}, 1), flush: make(chan chan struct{}), crowd: make(chan struct{}, 1), end: make(chan struct{}), written: make(chan struct{}),
	}
	w.ctx, w.stop = context.WithCancel(context.Background())
	w.scratch.New = func() any { return new([]byte) }
	w.upkeep.init()
	w.wg.Go(func() {
		defer close(w.written)
		w.write()
	})
	w.wg.Go(w.spill)
	w.wg.Go(w.tidy)
	if cfg.Spool != nil {
		w.wg.Go(w.drain)
	}
	return w
}

// Add hands a call over. Where the store can't follow, it waits for at most
// 50 ms.
func (w *Writer) Add(c *Record) {
	w.numbers.next(c)
	scratch := w.scratch.Get().(*[]byte)
	compact := appendCompact((*scratch)[:0], c)
	w.feeds.offer(compact)
	w.put(compact)
	if cap(compact) <= maxScratch {
		*scratch = compact
		w.scratch.Put(scratch)
	}
}

func (w *Writer) put(compact []byte) {
	w.mu.Lock()
	if w.pending.full() && !w.closed {
		room := w.room
		w.mu.Unlock()
		w.wait(room)
		w.mu.Lock()
	}
	// Who has waited long enough is let in; much more than is allowed there are
	// only when calls come faster than a disk takes them.
	if w.closed || len(w.pending.ends) >= 2*pendingCalls || len(w.pending.bytes) >= 2*pendingBytes {
		w.mu.Unlock()
		w.lost.Add(1)
		return
	}
	w.pending.bytes = append(w.pending.bytes, compact...)
	w.pending.ends = append(w.pending.ends, len(w.pending.bytes))
	n := len(w.pending.ends)
	w.mu.Unlock()
	if n == wakeCalls {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// wait is the back-pressure.
func (w *Writer) wait(room <-chan struct{}) {
	select {
	case w.crowd <- struct{}{}:
	default:
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-room:
	case <-t.C:
	}
}

// take takes what is pending.
func (w *Writer) take() pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.pending
	w.pending, w.spare = w.spare, pending{}
	close(w.room)
	w.room = make(chan struct{})
	return p
}

// give gives the memory of what was taken back.
func (w *Writer) give(p pending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cap(p.bytes) <= pendingBytes && w.spare.bytes == nil {
		w.spare = pending{p.bytes[:0], p.ends[:0]}
	}
}

// pack makes blocks of what was taken, one or some for each mock. It lets
// others run in between: an answer must not wait for it.
func (w *Writer) pack(p pending) []store.CallBlock {
	byMock := map[string][]raw{}
	var order []string
	start := 0
	for i, end := range p.ends {
		b := p.bytes[start:end]
		start = end
		c := compactReader{b}
		seq, at := c.number(), c.number()
		for range 4 {
			_ = c.number()
		}
		mock := c.bytes()
		list, ok := byMock[string(mock)]
		if !ok {
			order = append(order, string(mock))
		}
		byMock[string(mock)] = append(list, raw{at, uint64(seq), w.numbers.node, b}) //nolint:gosec // written from a uint64
		if i%64 == 63 {
			runtime.Gosched()
		}
	}
	var out []store.CallBlock
	pk := packer{yield: true}
	for _, mock := range order {
		out = pk.pack(mock, byMock[mock], out)
	}
	return out
}

// write writes a batch now and then, until the end.
func (w *Writer) write() {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.batch()
		case <-w.wake:
			w.batch()
		case done := <-w.flush:
			w.batch()
			close(done)
		case <-w.end:
			w.batch()
			return
		}
	}
}

// batch writes what is pending to the store, or else to the disk.
func (w *Writer) batch() {
	p := w.take()
	if len(p.ends) == 0 {
		w.give(p)
		return
	}
	blocks := w.pack(p)
	w.give(p)
	if w.down.Load() && w.cfg.Spool != nil { // who drains the spool finds out when it is there again
		w.toDisk(blocks)
		return
	}
	f := &w.inflight
	f.mu.Lock()
	f.since, f.blocks, f.spooled = time.Now(), blocks, false
	f.mu.Unlock()
	err := w.store(blocks, false)
	f.mu.Lock()
	spooled := f.spooled
	f.since, f.blocks = time.Time{}, nil
	f.mu.Unlock()
	w.told(err)
	switch {
	case err == nil && !spooled:
		w.stored.Add(count(blocks))
	case err != nil && !spooled:
		w.toDisk(blocks)
	}
}

// store writes blocks to the store.
func (w *Writer) store(blocks []store.CallBlock, again bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	start := time.Now()
	err := w.cfg.Store.AddCalls(ctx, blocks, again)
	took := time.Since(start)
	w.took.Store(int64(took))
	if w.cfg.Wrote != nil {
		w.cfg.Wrote(took)
	}
	if err == nil {
		w.upkeep.note(blocks)
	}
	return err
}

// told notes how the store is, and says when that changes.
func (w *Writer) told(err error) {
	if err == nil {
		w.trouble.Store(nil)
		if w.down.Swap(false) {
			w.cfg.Log.Info("calls are stored again")
		}
		return
	}
	text := err.Error()
	w.trouble.Store(&text)
	if !w.down.Swap(true) {
		w.cfg.Log.Warn("calls can't be stored at the moment", slog.Bool("spooled", w.cfg.Spool != nil), slog.String("error", text))
	}
}

func count(blocks []store.CallBlock) (n int64) {
	for i := range blocks {
		n += int64(blocks[i].Calls)
	}
	return n
}

// Stats tells how the log is.
func (w *Writer) Stats() Stats {
	s := Stats{Stored: w.stored.Load(), Lost: w.lost.Load(), Write: time.Duration(w.took.Load())}
	w.mu.Lock()
	s.Waiting = int64(len(w.pending.ends))
	w.mu.Unlock()
	w.inflight.mu.Lock()
	if !w.inflight.spooled {
		s.Waiting += count(w.inflight.blocks)
	}
	w.inflight.mu.Unlock()
	if w.cfg.Spool != nil {
		var dropped int64
		s.Spooled, s.SpoolBytes, dropped = w.cfg.Spool.Stats()
		s.SpoolLimit = w.cfg.Spool.Limit()
		s.Lost += dropped
	}
	if text := w.trouble.Load(); text != nil {
		s.Trouble = *text
	}
	return s
}

// Close stores what was handed over, or leaves it on disk, and ends the log.
func (w *Writer) Close() {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	w.mu.Unlock()
	if !closed {
		close(w.end)
		w.stop()
	}
	w.wg.Wait()
	if w.cfg.Spool != nil && !closed {
		if err := w.cfg.Spool.Close(); err != nil {
			w.cfg.Log.Warn("the spool could not be closed", slog.String("error", err.Error()))
		}
	}
}

// settle has what was handed over stored, within bounds.
func (w *Writer) settle(ctx context.Context) {
	if w.down.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	done := make(chan struct{})
	select {
	case w.flush <- done:
	case <-w.end:
		return
	case <-ctx.Done():
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}
