package calls

import (
	"testing"

	"github.com/mimus-dev/mimus/internal/store"
)

// What a store has may be damaged: reading it gives an error, or something.
func FuzzReadBlock(f *testing.F) {
	var p packer
	var list []raw
	for i := range 40 {
		c := call(i)
		c.seq = uint64(i) //nolint:gosec // is small
		list = append(list, raw{c.At.UnixMicro(), c.seq, "0123456789ab", appendCompact(nil, c)})
	}
	for _, b := range p.pack("m", list, nil) {
		f.Add(b.Head, b.Records, b.Calls)
		f.Add(appendBlocks(nil, []store.CallBlock{b}), []byte{}, 0)
	}
	f.Fuzz(func(_ *testing.T, head, records []byte, calls int) {
		_, _ = readBlocks(head)
		h, err := readHead(&store.CallBlock{Mock: "m", ID: "x", Calls: calls, Head: head})
		if err != nil {
			return
		}
		for i := range h.n {
			_ = h.entry(i)
		}
		_ = h.match(&Filter{Method: "GET", Path: "/pets/1"})
		if h.n > 0 && h.n < 1000 {
			_ = h.records(records, 0, []int{0, h.n - 1}, func(int, []byte) {})
			_, _ = h.span([]int{0, h.n - 1})
		}
	})
}

// What another node stored may be damaged: who follows must not fall over it.
func TestFeedCall_ThatIsDamaged_IsNone(t *testing.T) {
	t.Parallel()
	whole := appendCompact(nil, call(0))
	for n := range whole {
		if e := (feedCall{whole[:n], "n"}).entry(); e != nil {
			t.Fatalf("%d of %d bytes are a call: %v", n, len(whole), e)
		}
	}
}
