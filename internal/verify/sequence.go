package verify

// sequence finds the runs of an order in the calls as they come. It is in all
// places of the order at once that the calls so far allow, so that it need not
// guess which of two matchers a call is meant for.
type sequence struct {
	steps  []step
	order  Order
	closed bool // no call comes before, between or after

	alive map[place]bool
	inRun bool // the call before was one of the first step
	done  bool

	furthest stop
}

// step is one run: the calls of one matcher.
type step struct {
	matcher     int
	least, most int
}

// place is a number of calls of a step. With more than the most it is no way to
// the end; it goes on to count.
type place struct{ step, count int }

// stop is where the order was broken.
type stop struct {
	place
	set  bool
	line string // of the call that came instead; "" none came
}

func newSequence(v *Verification) *sequence {
	s := &sequence{order: v.Order, closed: v.Only, alive: map[place]bool{}}
	for i := range v.Calls {
		if t := v.Calls[i].Times; !t.never() {
			least, most := t.Bounds()
			s.steps = append(s.steps, step{i, least, most})
		}
	}
	if s.closed || s.order == Relative {
		s.alive[place{}] = true
	}
	s.done = len(s.steps) == 0 && !s.closed
	return s
}

// add goes on with a call; matches tells which matchers take it.
func (s *sequence) add(matches []bool, line string) {
	if s.done {
		return
	}
	if s.mayBegin() {
		s.alive[place{}] = true
	}
	s.inRun = len(s.steps) > 0 && matches[s.steps[0].matcher]
	next := map[place]bool{}
	for p := range s.alive {
		s.advance(p, matches, line, next)
	}
	s.alive = next
}

// mayBegin reports whether a strict order can begin with the next call: not
// within a run that began before and whose number matters.
func (s *sequence) mayBegin() bool {
	return s.order == Strict && !s.closed && len(s.steps) > 0 && (!s.inRun || s.steps[0].most == unlimited)
}

// advance finds where a call leads from a place.
func (s *sequence) advance(p place, matches []bool, line string, next map[place]bool) {
	if p.step == len(s.steps) { // there are no steps
		s.stopped(p, line)
		return
	}
	at := s.steps[p.step]
	own := matches[at.matcher]
	on := s.following(p, matches)
	if own && p.count < at.most {
		next[place{p.step, at.counted(p.count + 1)}] = true
	}
	if p.count <= at.most {
		for _, k := range on {
			next[place{k, 1}] = true
		}
	}
	switch {
	case own && p.count < at.most, len(on) > 0 && p.count <= at.most:
	case own: // one more than wanted
		next[place{p.step, p.count + 1}] = true
	case s.order == Relative && !s.closed && len(on) == 0:
		next[p] = true
	case s.order == Strict && !s.closed && s.complete(p):
		s.done = true
	default:
		s.stopped(p, line)
	}
}

// following are the steps after a place that a call can begin.
func (s *sequence) following(p place, matches []bool) []int {
	if p.count < s.steps[p.step].least {
		return nil
	}
	var out []int
	for k := p.step + 1; k < len(s.steps); k++ {
		if matches[s.steps[k].matcher] {
			out = append(out, k)
		}
		if s.steps[k].least > 0 {
			break
		}
	}
	return out
}

// counted bounds the places of a step without a most: beyond the least there is
// nothing to count.
func (t step) counted(n int) int {
	if t.most == unlimited {
		return min(n, max(t.least, 1))
	}
	return n
}

// complete reports whether the order may end at a place.
func (s *sequence) complete(p place) bool {
	if p.step == len(s.steps) {
		return true
	}
	if p.count < s.steps[p.step].least || p.count > s.steps[p.step].most {
		return false
	}
	for _, t := range s.steps[p.step+1:] {
		if t.least > 0 {
			return false
		}
	}
	return true
}

func (s *sequence) stopped(p place, line string) {
	f := &s.furthest
	if !f.set || p.step > f.step || p.step == f.step && p.count > f.count {
		*f = stop{p, true, line}
	}
}

// end reports whether the order was found; else furthest tells where it ended.
func (s *sequence) end() bool {
	if s.done {
		return true
	}
	if s.mayBegin() {
		s.alive[place{}] = true
	}
	for p := range s.alive {
		if s.complete(p) {
			return true
		}
	}
	for p := range s.alive {
		f := &s.furthest
		if !f.set || p.step > f.step || p.step == f.step && p.count >= f.count {
			*f = stop{p, true, ""}
		}
	}
	return false
}
