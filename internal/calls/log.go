package calls

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/store"
)

// Log takes calls and finds them again.
type Log interface {
	// Add hands a call over; nothing of it is used after the return. It may
	// block for a moment where the log can't follow.
	Add(*Record)
	// List gives calls, the last ones first unless the filter is ascending.
	List(context.Context, Filter) ([]*Entry, error)
	// Get gives one call of a mock; nil where there is none.
	Get(ctx context.Context, mock, id string) (*Entry, error)
	// Lost is the number of calls that could not be kept.
	Lost() int64
}

// The bounds of a log in memory.
const (
	ringCalls = 10_000
	ringBytes = 64 << 20
)

// Ring keeps the last calls in memory: 10,000 of them, or 64 MiB.
type Ring struct {
	numbers *numbers

	mu      sync.Mutex
	calls   [][]byte // a ring of compact records
	first   int
	n       int
	bytes   int
	scratch []byte
}

// NewRing makes a log in memory.
func NewRing() *Ring { return &Ring{numbers: newNumbers(), calls: make([][]byte, 256)} }

// Add keeps a call.
func (r *Ring) Add(c *Record) {
	r.numbers.next(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scratch = appendCompact(r.scratch[:0], c)
	size := len(r.scratch)
	for r.n > 0 && (r.n >= ringCalls || r.bytes+size > ringBytes) {
		r.bytes -= len(r.calls[r.first])
		if r.n >= ringCalls && cap(r.calls[r.first]) < size {
			r.calls[r.first] = nil
		}
		r.first = (r.first + 1) % len(r.calls)
		r.n--
	}
	if r.n == len(r.calls) {
		more := make([][]byte, min(2*len(r.calls), ringCalls))
		for i := range r.n {
			more[i] = r.calls[(r.first+i)%len(r.calls)]
		}
		r.calls, r.first = more, 0
	}
	at := (r.first + r.n) % len(r.calls)
	if old := r.calls[at]; cap(old) >= size && cap(old) < 2*size { // of a call that was forgotten
		r.calls[at] = append(old[:0], r.scratch...)
	} else {
		r.calls[at] = append(make([]byte, 0, size), r.scratch...)
	}
	r.n++
	r.bytes += size
	if cap(r.scratch) > maxScratch {
		r.scratch = nil
	}
}

// maxScratch bounds the memory that is kept for the next call, in bytes.
const maxScratch = 64 << 10

// List finds calls.
func (r *Ring) List(_ context.Context, f Filter) ([]*Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*Entry
	for i := range r.n {
		if !f.Ascending {
			i = r.n - 1 - i
		}
		c := readCompact(r.calls[(r.first+i)%len(r.calls)])
		e := &Entry{ID: r.numbers.id(c), At: c.At, Mock: c.Mock, Method: c.Method, Path: c.Path, Status: c.Status, Type: c.Type}
		if !f.takes(e) {
			continue
		}
		out = append(out, c.entry(r.numbers))
		if len(out) == f.Limit {
			break
		}
	}
	return out, nil
}

// Get finds one call.
func (r *Ring) Get(_ context.Context, mock, id string) (*Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.n {
		if c := readCompact(r.calls[(r.first+i)%len(r.calls)]); c.Mock == mock && r.numbers.id(c) == id {
			return c.entry(r.numbers), nil
		}
	}
	return nil, nil
}

// Lost is always 0: a ring forgets the oldest, as it is meant to.
func (r *Ring) Lost() int64 { return 0 }

// The measures of a Writer.
const (
	queueLen   = 8192
	batchLen   = 500
	batchEvery = 100 * time.Millisecond
	patience   = 50 * time.Millisecond // back-pressure of one call
	writeTime  = 10 * time.Second
)

// Writer keeps calls in a store, in batches behind the answers.
type Writer struct {
	store   *store.Store
	numbers *numbers
	log     *slog.Logger
	queue   chan []byte        // compact records
	flush   chan chan struct{} // who wants to read what was handed over
	lost    atomic.Int64
	wg      sync.WaitGroup

	mu     sync.RWMutex
	closed bool

	retain Retention
	now    func() time.Time
}

// Retention bounds the calls that are kept of each mock.
type Retention struct {
	Age   time.Duration // 0: 30 days
	Calls int           // 0: 100,000
}

// NewWriter makes a log in a store and starts it; Close ends it.
func NewWriter(s *store.Store, r Retention, log *slog.Logger, now func() time.Time) *Writer {
	if r.Age == 0 {
		r.Age = 30 * 24 * time.Hour
	}
	if r.Calls == 0 {
		r.Calls = 100_000
	}
	w := &Writer{store: s, log: log, numbers: newNumbers(), queue: make(chan []byte, queueLen), flush: make(chan chan struct{}), retain: r, now: now}
	w.wg.Go(w.run)
	return w
}

// Add hands a call over. Where the store can't follow, it waits for at most
// 50 ms; then the call is lost, and counted.
func (w *Writer) Add(c *Record) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		w.lost.Add(1)
		return
	}
	w.numbers.next(c)
	compact := appendCompact(nil, c)
	select {
	case w.queue <- compact:
		return
	default:
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case w.queue <- compact:
	case <-t.C:
		w.lost.Add(1)
	}
}

// Lost is the number of calls that could not be kept.
func (w *Writer) Lost() int64 { return w.lost.Load() }

// Close stores what was handed over, and ends the log.
func (w *Writer) Close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	w.wg.Wait()
}

func (w *Writer) run() {
	tick := time.NewTicker(batchEvery)
	defer tick.Stop()
	b := batch{w: w, rows: make([]store.Call, 0, batchLen), since: map[string]int{}}
	for {
		select {
		case c, ok := <-w.queue:
			if !ok {
				b.write()
				return
			}
			b.add(c)
		case done := <-w.flush:
			for range len(w.queue) {
				if c, ok := <-w.queue; ok {
					b.add(c)
				}
			}
			b.write()
			close(done)
		case <-tick.C:
			b.write()
		}
	}
}

// batch are the calls that are stored next.
type batch struct {
	w     *Writer
	rows  []store.Call
	since map[string]int // calls of a mock since it was last trimmed
}

func (b *batch) add(compact []byte) {
	row, err := readCompact(compact).entry(b.w.numbers).stored()
	if err != nil {
		b.w.lost.Add(1)
		return
	}
	b.rows = append(b.rows, row)
	b.since[row.Mock]++
	if len(b.rows) == batchLen {
		b.write()
	}
}

func (b *batch) write() {
	if len(b.rows) == 0 {
		return
	}
	b.w.write(b.rows)
	b.rows = b.rows[:0]
	b.w.trim(b.since)
}

// write stores a batch; what the store refuses for long is lost, and counted.
func (w *Writer) write(batch []store.Call) {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	var err error
	for try := range 3 {
		if try > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(try) * 200 * time.Millisecond):
			}
		}
		if err = w.store.AddCalls(ctx, batch); err == nil {
			return
		}
	}
	w.lost.Add(int64(len(batch)))
	w.log.Error("calls could not be kept", slog.Int("calls", len(batch)), slog.String("error", err.Error()))
}

// trimEvery is how many calls of a mock come between two looks at its number.
const trimEvery = 1000

func (w *Writer) trim(since map[string]int) {
	for mock, n := range since {
		if n < min(trimEvery, w.retain.Calls) {
			continue
		}
		delete(since, mock)
		if err := w.store.TrimCalls(context.Background(), mock, w.retain.Calls, w.now().Add(-w.retain.Age)); err != nil {
			w.log.Warn("old calls could not be deleted", slog.String("error", err.Error()))
		}
	}
}

// settle has what was handed over stored, within bounds.
func (w *Writer) settle(ctx context.Context) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	done := make(chan struct{})
	select {
	case w.flush <- done:
	case <-ctx.Done():
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// List finds calls; what this node has answered is among them, what another
// has answered may come a tenth of a second later.
func (w *Writer) List(ctx context.Context, f Filter) ([]*Entry, error) {
	w.settle(ctx)
	var rows []store.Call
	err := w.store.View(ctx, func(t *store.Tx) (err error) {
		rows, err = t.Calls(store.CallFilter{
			Mock: f.Mock, Since: f.Since, Until: f.Until, Status: f.Status, Type: f.Type, Method: f.Method,
			Path: strings.ToLower(f.Path), Ascending: f.Ascending, After: f.After, Limit: f.Limit,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]*Entry, 0, len(rows))
	for _, row := range rows {
		e, err := entryOf(row)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Get finds one call.
func (w *Writer) Get(ctx context.Context, mock, id string) (*Entry, error) {
	w.settle(ctx)
	var row store.Call
	err := w.store.View(ctx, func(t *store.Tx) (err error) {
		row, err = t.Call(mock, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entryOf(row)
}
