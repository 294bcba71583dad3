package listing

// This file is on the hot path: see select.go.

import "slices"

// window gives the rows that stand from one place to another in a stretch when
// it is in order.
func (o *order) window(left stretch, from, to int) []int {
	if from >= to {
		return []int{}
	}
	if o.straight() && left.list == nil {
		rows := make([]int, 0, to-from)
		for pos := left.lo + from; pos < left.lo+to; pos++ {
			rows = append(rows, int(o.row(int32(pos))))
		}
		return rows
	}
	positions := left.positions()
	n := len(positions)
	var sorted []int32
	switch {
	case o.newest:
		sorted = positions[n-to : n-from]
		slices.Reverse(sorted)
	case to <= n/64:
		sorted = smallest(positions, to, o.comparePositions)[from:]
	default:
		sorted = between(positions, from, to, o.comparePositions)
	}
	rows := make([]int, len(sorted))
	for i, pos := range sorted {
		rows[i] = int(o.row(pos))
	}
	return rows
}

// smallest gives the k smallest elements in order: of a heap whose root is the
// greatest that is kept.
func smallest(list []int32, k int, compare func(a, b int32) int) []int32 {
	heap := slices.Clone(list[:k])
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= k {
				return
			}
			if child+1 < k && compare(heap[child+1], heap[child]) > 0 {
				child++
			}
			if compare(heap[i], heap[child]) >= 0 {
				return
			}
			heap[i], heap[child] = heap[child], heap[i]
			i = child
		}
	}
	for i := k/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for _, x := range list[k:] {
		if compare(x, heap[0]) < 0 {
			heap[0] = x
			sink(0)
		}
	}
	slices.SortFunc(heap, compare)
	return heap
}

// between gives the elements that stand from one place to another in order. It
// parts the list around pivots until little more than these is left to sort;
// no two elements are equal, so that the choice of pivots shows in nothing.
func between(list []int32, from, to int, compare func(a, b int32) int) []int32 {
	lo, hi := 0, len(list)
	for rounds := 64; rounds > 0 && hi-lo > 2*(to-from)+64; rounds-- {
		m := part(list[lo:hi], compare) + lo
		switch {
		case to <= m:
			hi = m
		case from > m:
			lo = m + 1
		default:
			rounds = 0
		}
	}
	slices.SortFunc(list[lo:hi], compare)
	return list[from:to]
}

// part moves what is less than a pivot before it, and gives the pivot's index.
func part(list []int32, compare func(a, b int32) int) int {
	last := len(list) - 1
	middle := last / 2
	if compare(list[middle], list[0]) < 0 {
		list[middle], list[0] = list[0], list[middle]
	}
	if compare(list[last], list[0]) < 0 {
		list[last], list[0] = list[0], list[last]
	}
	if compare(list[middle], list[last]) < 0 {
		list[middle], list[last] = list[last], list[middle]
	}
	m := 0
	for i := range last {
		if compare(list[i], list[last]) < 0 {
			list[i], list[m] = list[m], list[i]
			m++
		}
	}
	list[m], list[last] = list[last], list[m]
	return m
}
