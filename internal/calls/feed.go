package calls

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// feedLen is how many calls wait for who follows; more are left out, and
// counted.
const feedLen = 1024

// Feed has the calls that come. Who reads it must Close it.
type Feed struct {
	C <-chan *Entry // full entries, in the order in which they came

	raw    chan feedCall
	left   atomic.Int64
	looked atomic.Bool // calls of other nodes were looked for
	from   *feeds
	filter Filter
	node   string
	ended  chan struct{}
	once   sync.Once
	wg     sync.WaitGroup
}

// feedCall is a compact record, with the log that it is of.
type feedCall struct {
	compact []byte
	node    string
}

// entry reads a call; nil where what another node stored is damaged.
func (c feedCall) entry() (e *Entry) {
	defer func() {
		if p := recover(); p != nil { // an index out of range
			e = nil
		}
	}()
	return readCompact(c.compact).entry(c.node)
}

// Left is the number of calls that were left out because they came faster than
// they were read.
func (f *Feed) Left() int64 { return f.left.Load() }

// Close ends a feed.
func (f *Feed) Close() {
	f.once.Do(func() {
		f.from.remove(f)
		close(f.ended)
	})
	f.wg.Wait()
}

// feeds are those of a log.
type feeds struct {
	n    atomic.Int64
	mu   sync.Mutex
	list []*Feed
}

func (s *feeds) add(filter Filter, node string) *Feed {
	c := make(chan *Entry)
	f := &Feed{C: c, raw: make(chan feedCall, feedLen), from: s, filter: filter, node: node, ended: make(chan struct{})}
	s.mu.Lock()
	s.list = append(s.list, f)
	s.n.Store(int64(len(s.list)))
	s.mu.Unlock()
	f.wg.Go(func() { f.run(c) })
	return f
}

func (s *feeds) remove(f *Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(o *Feed) bool { return o == f })
	s.n.Store(int64(len(s.list)))
}

// offer shows a compact record to those who follow. It never waits.
func (s *feeds) offer(compact []byte) {
	if s.n.Load() == 0 {
		return
	}
	own := slices.Clone(compact)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.list {
		select {
		case f.raw <- feedCall{own, f.node}:
		default:
			f.left.Add(1)
		}
	}
}

// run passes on what the filter takes.
func (f *Feed) run(c chan<- *Entry) {
	needle := strings.ToLower(f.filter.Text)
	for {
		select {
		case <-f.ended:
			return
		case raw := <-f.raw:
			e := raw.entry()
			if e == nil || !f.filter.takes(e) || needle != "" && !e.has(needle) {
				continue
			}
			select {
			case c <- e:
			case <-f.ended:
				return
			}
		}
	}
}
