package document

import "github.com/mimus-dev/mimus/internal/definition"

// slab hands out slices of values that are cut from larger allocations. A cut
// has no spare capacity, so that appending to it copies.
type slab struct {
	free []definition.Value
	size int // of the next allocation, in values
}

// maxSlab is 64 KiB of values.
const maxSlab = 1024

// keep copies values into memory of its own.
func (s *slab) keep(values []definition.Value) []definition.Value {
	kept := s.cut(len(values))
	copy(kept, values)
	return kept
}

// cut gives n zero values, nil for none.
func (s *slab) cut(n int) []definition.Value {
	if n == 0 {
		return nil
	}
	if n > len(s.free) {
		if n*4 >= s.size {
			return make([]definition.Value, n)
		}
		s.free = make([]definition.Value, s.size)
	}
	cut := s.free[:n:n]
	s.free = s.free[n:]
	return cut
}
