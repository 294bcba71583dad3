package schema

import (
	"github.com/mimus-dev/mimus/internal/definition"
)

// length chooses how many items an array has.
func (g *generator) length(s *shape, at place) int {
	r := rng(at.stream ^ 0xa77)
	lo, hi := 1, 3
	if g.opt.Dynamic {
		hi = 5
	}
	switch { // what lies deep is kept small
	case g.lean:
		hi = 1
	case at.arrays >= 3:
		hi = 1
	case at.arrays >= 1:
		hi = 2
	}
	if f := g.opt.Faker; f.MinItems > 0 || f.MaxItems > 0 {
		lo = max(f.MinItems, 0)
		hi = max(lo, hi)
		if f.MaxItems > 0 {
			hi = max(lo, f.MaxItems)
		}
	}
	n := lo + r.below(hi-lo+1)
	n = max(n, len(s.prefix))
	if s.maxItems >= 0 {
		n = min(n, s.maxItems)
	}
	if s.closedItems && s.items == nil {
		n = min(n, max(len(s.prefix), s.minContains))
	}
	return max(n, s.minItems)
}

func (g *generator) arrayValue(n *node, s *shape, at place, hint *value, try int) (value, bool) {
	want := g.length(s, at)
	if want > maxRequired || s.minContains > maxRequired {
		g.err = ErrTooComplex
		return value{}, false
	}
	if hint.Is(definition.Array) && len(hint.Kids) > 0 && len(hint.Kids) <= 20 {
		want = max(len(hint.Kids), s.minItems)
	} else {
		hint = nil
	}
	if g.spent() || at.depth >= hardDepth {
		want = max(s.minItems, 0)
	}
	if s.itemNode.Load() == nil {
		s.itemNode.CompareAndSwap(nil, g.set.nodeOf(s.items, n.name, n.parent))
	}
	items := s.itemNode.Load()
	choices := len(items.shape(0).enum) // a list of choices names each once
	if choices > 0 && hint == nil {
		want = max(min(want, choices), s.minItems)
	}
	out := value{Kind: definition.Array, Kids: make([]value, 0, want)}
	var contains *node
	if s.contains != nil {
		contains = g.set.nodeOf(append(append([]*Schema(nil), s.items...), s.contains...), n.name, n.parent)
		want = max(want, len(s.prefix)+s.minContains)
	}
	made := 0
	valid := true
	for tries := 0; len(out.Kids) < want && tries < want*3+10; tries++ {
		i := len(out.Kids)
		here := at
		here.depth++
		here.arrays++
		here.turn, here.draw = 0, 0
		if s.unique || choices > 0 {
			here.turn, here.draw = tries, at.stream|1
		}
		here.stream = mix(at.stream + uint64(tries+1)*0x9e3779b97f4a7c15)
		here.salt = at.salt + uint64(tries)*0x2545f4914f6cdd1d
		subject := at.subject.Child(itemNames[min(tries, len(itemNames)-1)])
		if tries >= len(itemNames) {
			subject = at.subject.Child(itoa(tries))
		}
		here.subject = &subject
		var kid *value
		if hint != nil && i < len(hint.Kids) && tries == i {
			kid = &hint.Kids[i]
		}
		place := items
		switch {
		case i < len(s.prefix):
			place = g.set.nodeOf(s.prefix[i], n.name, n.parent)
		case contains != nil && made < s.minContains:
			place = contains
			made++
		}
		v, ok := g.value(place, here, kid)
		if g.err != nil {
			return out, false
		}
		if s.unique && contained(out.Kids, &v) {
			continue
		}
		if !ok && len(out.Kids) >= s.minItems && place == items {
			break
		}
		valid = valid && ok
		out.Kids = append(out.Kids, v)
	}
	if len(out.Kids) < s.minItems {
		valid = false
	}
	return out, valid
}

var itemNames = [...]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

func contained(list []value, v *value) bool {
	for i := range list {
		if definition.Equal(&list[i], v) {
			return true
		}
	}
	return false
}
