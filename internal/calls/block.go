package calls

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/s2"

	"github.com/mimus-dev/mimus/internal/store"
)

// A block has calls of one mock, in the order of their ids. Its records are the
// compact records in chunks that are packed one by one, so that few of them can
// be read alone. Its head has what filters look at and lists show, column by
// column: a search reads the heads only.

// The measures of a block.
const (
	blockCalls = 512
	blockBytes = 512 << 10 // before packing
	chunkCalls = 16
	chunkBytes = 64 << 10
	maxChunk   = 64 << 20 // of one call with very many header fields
)

// blockVersion is the first byte of a head.
const blockVersion = 1

// The columns of texts, in their order.
const (
	colNode = iota
	colSession
	colMethod
	colPath
	colQuery
	colType
	colName
	colOperation
	colCount
)

// raw is a compact record with what it is sorted by.
type raw struct {
	at   int64 // microseconds since 1970
	seq  uint64
	node string
	b    []byte
}

func compareRaw(a, b raw) int {
	switch {
	case a.at != b.at:
		return int(min(max(a.at-b.at, -1), 1))
	case a.seq != b.seq:
		if a.seq < b.seq {
			return -1
		}
		return 1
	}
	return strings.Compare(a.node, b.node)
}

// packer makes blocks. It can be used again after each.
type packer struct {
	yield bool // let others run in between
	mock  string
	n     int
	first raw
	last  raw
	bytes int

	ats, seqs, statuses, tooks []byte
	lastAt, lastSeq            int64
	columns                    [colCount]column
	chunks                     []byte
	chunk                      []byte // not packed yet
	inChunk                    int
	records                    []byte
	packed                     []byte
}

// column is one of texts: the different ones, and which each call has.
type column struct {
	words  []string
	places map[string]uint64
	last   uint64
	which  []byte
}

func (c *column) add(word []byte) {
	if len(c.words) > 0 && c.words[c.last] == string(word) {
		c.which = binary.AppendUvarint(c.which, c.last)
		return
	}
	at, ok := c.places[string(word)]
	if !ok {
		at = uint64(len(c.words))
		w := string(word)
		c.words = append(c.words, w)
		if c.places == nil {
			c.places = map[string]uint64{}
		}
		c.places[w] = at
	}
	c.last = at
	c.which = binary.AppendUvarint(c.which, at)
}

func (c *column) reset() {
	c.words, c.last, c.which = c.words[:0], 0, c.which[:0]
	clear(c.places)
}

// pack makes blocks of records of one mock, which it sorts.
func (p *packer) pack(mock string, list []raw, out []store.CallBlock) []store.CallBlock {
	if !slices.IsSortedFunc(list, compareRaw) {
		slices.SortFunc(list, compareRaw)
	}
	p.mock = mock
	for _, r := range list {
		if p.n == blockCalls || p.n > 0 && p.bytes+len(r.b) > blockBytes {
			out = append(out, p.block())
		}
		p.add(r)
		if p.yield && p.n%chunkCalls == 0 {
			runtime.Gosched()
		}
	}
	if p.n > 0 {
		out = append(out, p.block())
	}
	return out
}

func (p *packer) add(r raw) {
	c := compactReader{r.b}
	seq, at := c.number(), c.number()
	_ = c.number() // the size of the request's body
	status := c.number()
	_ = c.number() // that of the response's
	took := c.number()
	if p.n == 0 {
		p.first = r
	}
	p.last = r
	p.n++
	p.bytes += len(r.b)
	p.ats = binary.AppendVarint(p.ats, at-p.lastAt)
	p.seqs = binary.AppendVarint(p.seqs, seq-p.lastSeq)
	p.lastAt, p.lastSeq = at, seq
	p.statuses = binary.AppendVarint(p.statuses, status)
	p.tooks = binary.AppendVarint(p.tooks, took/int64(time.Microsecond))
	_ = c.bytes() // the mock
	p.columns[colNode].add([]byte(r.node))
	for _, i := range [...]int{colSession, colMethod, colPath, colQuery, colType, colName, colOperation} {
		p.columns[i].add(c.bytes())
	}
	p.chunk = binary.AppendUvarint(p.chunk, uint64(len(r.b)))
	p.chunk = append(p.chunk, r.b...)
	if p.inChunk++; p.inChunk == chunkCalls || len(p.chunk) >= chunkBytes {
		p.endChunk()
	}
}

func (p *packer) endChunk() {
	if p.inChunk == 0 {
		return
	}
	p.packed = s2.Encode(p.packed[:cap(p.packed)], p.chunk)
	p.records = append(p.records, p.packed...)
	p.chunks = binary.AppendUvarint(p.chunks, uint64(p.inChunk)) //nolint:gosec // is not negative
	p.chunks = binary.AppendUvarint(p.chunks, uint64(len(p.packed)))
	p.inChunk, p.chunk = 0, p.chunk[:0]
}

// block ends a block, and begins another.
func (p *packer) block() store.CallBlock {
	p.endChunk()
	head := make([]byte, 0, 256+len(p.ats)+len(p.seqs)+len(p.statuses)+len(p.tooks)+4*p.n)
	head = append(head, blockVersion)
	head = binary.AppendUvarint(head, uint64(p.n)) //nolint:gosec // is not negative
	for _, part := range [...][]byte{p.ats, p.seqs, p.statuses, p.tooks, p.chunks} {
		head = appendPart(head, part)
	}
	for i := range p.columns {
		head = p.columns[i].append(head)
		p.columns[i].reset()
	}
	b := store.CallBlock{
		Mock: p.mock, ID: callID(time.UnixMicro(p.first.at), p.first.seq, p.first.node), First: time.UnixMicro(p.first.at).UTC(), Last: time.UnixMicro(p.last.at).UTC(),
		Calls: p.n, Head: head, Records: slices.Clone(p.records),
	}
	p.n, p.bytes, p.lastAt, p.lastSeq = 0, 0, 0, 0
	p.ats, p.seqs, p.statuses, p.tooks, p.chunks, p.records = p.ats[:0], p.seqs[:0], p.statuses[:0], p.tooks[:0], p.chunks[:0], p.records[:0]
	p.first, p.last = raw{}, raw{}
	return b
}

// append writes a column. Where all calls have the same text, it is there once.
func (c *column) append(b []byte) []byte {
	part := binary.AppendUvarint(nil, uint64(len(c.words)))
	for _, w := range c.words {
		part = appendText(part, w)
	}
	if len(c.words) > 1 {
		part = append(part, c.which...)
	}
	return appendPart(b, part)
}

func appendPart(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

// errBlock says that a block can't be read.
var errBlock = errors.New("a block of calls is damaged")

// blockHead is a head that is read.
type blockHead struct {
	mock string
	id   string
	n    int

	ats, seqs, statuses, tooks []int64
	columns                    [colCount]headColumn
	chunks                     []chunkAt
}

type headColumn struct {
	words []string
	which []uint32 // nil: all have the only one
}

// chunkAt is where a chunk of the records is.
type chunkAt struct{ calls, start, end int }

func (c *headColumn) at(i int) string {
	if c.which == nil {
		if len(c.words) == 0 {
			return ""
		}
		return c.words[0]
	}
	return c.words[c.which[i]]
}

// readHead reads a head. What others may have written is checked.
func readHead(b *store.CallBlock) (h *blockHead, err error) {
	defer func() {
		if p := recover(); p != nil { // an index out of range
			h, err = nil, fmt.Errorf("%w: %s", errBlock, b.ID)
		}
	}()
	if len(b.Head) == 0 || b.Head[0] != blockVersion {
		return nil, fmt.Errorf("%w: %s is of an unknown version", errBlock, b.ID)
	}
	c := compactReader{b.Head[1:]}
	h = &blockHead{mock: b.Mock, id: b.ID, n: c.count()}
	if h.n != b.Calls {
		return nil, fmt.Errorf("%w: %s", errBlock, b.ID)
	}
	h.ats, h.seqs = sums(c.bytes(), h.n), sums(c.bytes(), h.n)
	h.statuses, h.tooks = numbersOf(c.bytes(), h.n), numbersOf(c.bytes(), h.n)
	chunks := compactReader{c.bytes()}
	for start := 0; len(chunks.b) > 0; {
		at := chunkAt{calls: chunks.count(), start: start}
		start += chunks.count()
		at.end = start
		h.chunks = append(h.chunks, at)
	}
	for i := range h.columns {
		h.columns[i] = readColumn(c.bytes(), h.n)
	}
	return h, nil
}

func numbersOf(b []byte, n int) []int64 {
	c := compactReader{b}
	_ = b[:n] // each takes a byte at least
	out := make([]int64, n)
	for i := range out {
		out[i] = c.number()
	}
	return out
}

// sums are numbers that are written as differences.
func sums(b []byte, n int) []int64 {
	out := numbersOf(b, n)
	for i := 1; i < n; i++ {
		out[i] += out[i-1]
	}
	return out
}

func readColumn(b []byte, n int) headColumn {
	c := compactReader{b}
	count := c.count()
	_ = c.b[:count] // each takes a byte at least
	words := make([]string, count)
	for i := range words {
		words[i] = c.text()
	}
	if len(words) < 2 {
		return headColumn{words: words}
	}
	_ = c.b[:n]
	which := make([]uint32, n)
	for i := range which {
		which[i] = uint32(c.count()) //nolint:gosec // an index
		_ = words[which[i]]
	}
	return headColumn{words, which}
}

// entry is what a list has of a call.
func (h *blockHead) entry(i int) *Entry {
	at := time.UnixMicro(h.ats[i]).UTC()
	col := func(c int) string { return h.columns[c].at(i) }
	return &Entry{
		ID: callID(at, uint64(h.seqs[i]), col(colNode)), At: at, Mock: h.mock, Session: col(colSession), Method: col(colMethod), //nolint:gosec // written from a uint64
		Path: col(colPath), Query: col(colQuery), Status: int(h.statuses[i]), Type: col(colType), Name: col(colName), Operation: col(colOperation),
		Took: time.Duration(h.tooks[i]) * time.Microsecond,
	}
}

// span is the part of the records that has the wanted ones, which are numbers
// of calls in rising order.
func (h *blockHead) span(wanted []int) (from, to int) {
	first := 0
	from = -1
	for _, at := range h.chunks {
		if from < 0 && wanted[0] < first+at.calls {
			from = at.start
		}
		if first += at.calls; wanted[len(wanted)-1] < first {
			return max(from, 0), at.end
		}
	}
	return 0, 0
}

// load reads the records of the wanted calls: f is called with each of them.
func (h *blockHead) load(t *store.Tx, wanted []int, f func(i int, compact []byte)) error {
	from, to := h.span(wanted)
	packed, err := t.CallRecords(h.mock, h.id, from, to)
	if err != nil {
		return err
	}
	return h.records(packed, from, wanted, f)
}

// records reads compact records from a part of the packed ones.
func (h *blockHead) records(packed []byte, from int, wanted []int, f func(i int, compact []byte)) (err error) {
	defer func() {
		if p := recover(); p != nil { // an index out of range
			err = fmt.Errorf("%w: %s", errBlock, h.id)
		}
	}()
	first := 0
	var plain []byte
	for _, at := range h.chunks {
		if len(wanted) == 0 {
			return nil
		}
		if wanted[0] < first+at.calls {
			if n, err := s2.DecodedLen(packed[at.start-from : at.end-from]); err != nil || n > maxChunk {
				return fmt.Errorf("%w: %s", errBlock, h.id)
			}
			if plain, err = s2.Decode(plain[:cap(plain)], packed[at.start-from:at.end-from]); err != nil {
				return fmt.Errorf("%w: %s: %w", errBlock, h.id, err)
			}
			c := compactReader{bytes.Clone(plain)} // bodies share its memory
			for i := first; i < first+at.calls && len(wanted) > 0; i++ {
				compact := c.bytes()
				if i == wanted[0] {
					f(i, compact)
					wanted = wanted[1:]
				}
			}
		}
		first += at.calls
	}
	return nil
}

// raws are all records of a block.
func (h *blockHead) raws(t *store.Tx) ([]raw, error) {
	wanted := make([]int, h.n)
	for i := range wanted {
		wanted[i] = i
	}
	out := make([]raw, 0, h.n)
	err := h.load(t, wanted, func(i int, compact []byte) {
		out = append(out, raw{h.ats[i], uint64(h.seqs[i]), h.columns[colNode].at(i), compact}) //nolint:gosec // written from a uint64
	})
	if err == nil && len(out) != h.n {
		err = fmt.Errorf("%w: %s", errBlock, h.id)
	}
	return out, err
}
