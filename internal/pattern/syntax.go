package pattern

// kind says what a node of the syntax tree stands for.
type kind uint8

const (
	kindEmpty      kind = iota
	kindSet             // one code point of set
	kindConcat          // subs, one after another
	kindAlternate       // one of subs
	kindRepeat          // subs[0], low to high times
	kindGroup           // subs[0], captured as index
	kindAtomic          // subs[0], without going back into it
	kindBegin           // ^ and \A
	kindEnd             // $ and \z
	kindEndLine         // \Z: the end, or before a last line feed
	kindLineBegin       // ^ with the m flag
	kindLineEnd         // $ with the m flag
	kindBoundary        // \b
	kindNoBoundary      // \B
	kindAhead           // (?=…)
	kindNotAhead        // (?!…)
	kindBehind          // (?<=…)
	kindNotBehind       // (?<!…)
	kindReference       // \1 and \k<name>, to the groups in refs
)

// unbounded is the high of a repetition without an upper limit, and the length
// of what has none. Sums and products of lengths stop there.
const unbounded = 1 << 29

// node is a part of an expression. Nodes are not changed after Compile.
type node struct {
	kind kind
	lazy bool // kindRepeat: as few as possible
	fold bool // kindReference: without regard to case
	set  runeSet
	subs []*node
	low  int // kindRepeat
	high int // kindRepeat
	// index is the number of the captured group, from 1 on.
	index int
	refs  []int

	// shortest and longest are the lengths, in code points, between which lies
	// all that the node matches.
	shortest, longest int
	// weight is the number of sets once all repetitions are written out: the
	// states an automaton would have.
	weight int
	// after is, for each of subs of a kindConcat, the longest of those after it.
	after []int
	// plain and wide are what Generate draws from; see alphabet.go.
	plain, wide []rune
}

// measure fills shortest, longest, after and weight, from the leaves up.
func (n *node) measure(groups []*node) {
	for _, sub := range n.subs {
		sub.measure(groups)
		n.weight = addLength(n.weight, sub.weight)
	}
	switch n.kind {
	case kindSet:
		n.shortest, n.longest, n.weight = 1, 1, 1
	case kindConcat:
		n.after = make([]int, len(n.subs))
		for i := len(n.subs) - 1; i >= 0; i-- {
			n.after[i] = n.longest
			n.shortest = addLength(n.shortest, n.subs[i].shortest)
			n.longest = addLength(n.longest, n.subs[i].longest)
		}
	case kindAlternate:
		n.shortest = unbounded
		for _, sub := range n.subs {
			n.shortest = min(n.shortest, sub.shortest)
			n.longest = max(n.longest, sub.longest)
		}
	case kindRepeat:
		n.shortest = mulLength(n.subs[0].shortest, n.low)
		n.longest = mulLength(n.subs[0].longest, n.high)
		times := n.high
		if times == unbounded {
			times = n.low
		}
		n.weight = mulLength(n.weight, max(times, 1))
	case kindGroup, kindAtomic:
		n.shortest, n.longest = n.subs[0].shortest, n.subs[0].longest
	case kindReference:
		for _, ref := range n.refs {
			if g := groups[ref]; g != nil {
				n.longest = max(n.longest, g.longest)
			}
		}
	}
}

func addLength(a, b int) int { return min(a+b, unbounded) }

func mulLength(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a > unbounded/b {
		return unbounded
	}
	return a * b
}

// walk calls f for every node, parents first.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, sub := range n.subs {
		sub.walk(f)
	}
}
