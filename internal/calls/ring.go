package calls

// This file is on the hot path.

import (
	"context"
	"math"
	"sort"
	"strings"
	"sync"
)

// The bounds of a log in memory.
const (
	ringCalls = 10_000
	ringBytes = 64 << 20
)

// Ring keeps the last calls in memory: 10,000 of them, or 64 MiB.
type Ring struct {
	numbers *numbers
	feeds   feeds

	mu      sync.Mutex
	calls   [][]byte // a ring of compact records
	first   int
	n       int
	bytes   int
	added   int64
	scratch []byte
}

// NewRing makes a log in memory.
func NewRing() *Ring { return &Ring{numbers: newNumbers(), calls: make([][]byte, 256)} }

// Add keeps a call.
func (r *Ring) Add(c *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.numbers.next(c) // in the order of the ring: places in it are found by them
	r.scratch = appendCompact(r.scratch[:0], c)
	r.added++
	r.feeds.offer(r.scratch)
	size := len(r.scratch)
	for r.n > 0 && (r.n >= ringCalls || r.bytes+size > ringBytes) {
		r.bytes -= len(r.calls[r.first])
		if r.n < ringCalls || cap(r.calls[r.first]) < size { // else the place is used again below
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

// ringStep is how many calls are looked at while others wait to add theirs.
const ringStep = 200

// List finds calls, in the order in which they came. Those that come meanwhile
// may be among them or not.
func (r *Ring) List(_ context.Context, f Filter) (page Page, err error) {
	needle := strings.ToLower(f.Text)
	// A page goes on by the number of its last call: calls that come at once are
	// not in the order of their times.
	after, ok := r.numbers.of(f.After)
	switch {
	case ok:
		f.After = ""
	case !f.Ascending:
		after = math.MaxUint64
	}
	for more := true; more; {
		after, more = r.look(&f, needle, after, &page)
	}
	return page, nil
}

// look looks at some calls, those that come after a number, and tells where to
// go on.
func (r *Ring) look(f *Filter, needle string, after uint64, page *Page) (next uint64, more bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, step := sort.Search(r.n, func(i int) bool { return r.seqAt(i) > after }), 1
	if !f.Ascending {
		at, step = sort.Search(r.n, func(i int) bool { return r.seqAt(i) >= after })-1, -1
	}
	for range ringStep {
		if at < 0 || at >= r.n {
			return after, false
		}
		if e := r.entryAt(at, f, needle); e != nil {
			if len(page.Calls) == f.Limit {
				page.Next = page.Calls[f.Limit-1].ID
				return after, false
			}
			page.Calls = append(page.Calls, e)
		}
		after = r.seqAt(at)
		at += step
	}
	return after, true
}

// seqAt is the number of a call.
func (r *Ring) seqAt(i int) uint64 {
	c := compactReader{r.calls[(r.first+i)%len(r.calls)]}
	return uint64(c.number()) //nolint:gosec // written from a uint64
}

// entryAt reads a call that passes a filter; nil where it doesn't.
func (r *Ring) entryAt(i int, f *Filter, needle string) *Entry {
	c, rest := readCompactHead(r.calls[(r.first+i)%len(r.calls)])
	e := c.head(r.numbers.node)
	if !f.takes(e) {
		return nil
	}
	if f.Full || needle != "" {
		c.readMessages(rest)
		if e = c.entry(r.numbers.node); needle != "" && !e.has(needle) {
			return nil
		}
	}
	return e
}

// Get finds one call.
func (r *Ring) Get(_ context.Context, mock, id string) (*Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.n {
		if c, rest := readCompactHead(r.calls[(r.first+i)%len(r.calls)]); c.Mock == mock && callID(c.At, c.seq, r.numbers.node) == id {
			c.readMessages(rest)
			return c.entry(r.numbers.node), nil
		}
	}
	return nil, nil
}

// Follow gives the calls that come from now on.
func (r *Ring) Follow(f Filter) *Feed { return r.feeds.add(f, r.numbers.node) }

// Purge forgets the calls of a mock.
func (r *Ring) Purge(_ context.Context, mock string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := make([][]byte, len(r.calls))
	n, bytes := 0, 0
	for i := range r.n {
		c := r.calls[(r.first+i)%len(r.calls)]
		if head, _ := readCompactHead(c); head.Mock != mock {
			kept[n] = c
			n, bytes = n+1, bytes+len(c)
		}
	}
	r.calls, r.first, r.n, r.bytes = kept, 0, n, bytes
	return nil
}

// Stats tells how many calls there were. None is lost: a ring forgets the
// oldest, as it is meant to.
func (r *Ring) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Stats{Stored: r.added}
}
