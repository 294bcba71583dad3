package resource

// Adopt takes over the items of another state: those of resources that are
// found at the same paths. What is shown of them follows this state's model.
func (s *State) Adopt(old *State) {
	if s == old || old.version.Load() == 0 { // nobody wrote anything
		return
	}
	old.mu.RLock()
	defer old.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{State: s, write: true}
	was := map[string]*Resource{}
	for _, r := range old.model.Resources {
		was[r.Place.Item] = r
	}
	for _, r := range s.model.Resources {
		before := was[r.Place.Item]
		if before == nil || before.Singleton != r.Singleton || r.ready().why != "" {
			continue
		}
		for key, t := range old.tables[before] {
			n := &table{r: r, key: key, scope: t.scope, seed: t.seed, world: t.world, filled: t.filled, byID: map[string]int{}, draws: t.draws}
			if s.tables[r] == nil {
				s.tables[r] = map[string]*table{}
			}
			s.tables[r][key] = n
			for _, w := range t.rows {
				if w == nil {
					continue
				}
				v.insert(n, &row{
					id: w.id, value: w.value, seed: w.seed, version: w.version, modified: w.modified, links: w.links,
					tag: w.tag, born: w.born, conjured: w.conjured, shown: w.shown,
				})
			}
			n.next, n.serial, n.gone = t.next, max(t.serial, n.serial), t.gone
		}
	}
	s.version.Store(old.version.Load() + 1)
}
