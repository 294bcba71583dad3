package resource

// conjure makes an item that nobody made: the account that the caller's
// credential names, and any item of a resource whose ids can't be learned. One
// that is only read isn't kept.
func (v *view) conjure(t *table, p *Place, id string) *row {
	r := t.r
	if r.Singleton || id == "" {
		return nil
	}
	if _, deleted := t.gone[id]; deleted || (v.user == "" || v.user != id) && v.known(p) {
		return nil
	}
	sd := seedling{id: id, seed: mixed(t.seed ^ hash("conjured", id))}
	w := &row{id: id, seed: sd.seed, version: 1, conjured: true}
	if !v.write { // what it refers to may not be there yet
		v.cold = true
		return nil
	}
	keeps := v.keeps
	if !r.details.identity.allows(id) { // another name of something
		keeps = false
		sd.id = t.newID(sd.seed, func(s string) bool { return t.has(s) })
	}
	w.value = v.grow(t, &sd, 0)
	w.modified = v.cfg.worldTime(&w.value, &r.details)
	w.at, w.stays = -1, keeps
	return w
}

// known reports whether clients can learn which ids there are: by making one at
// the path that the item's lies under, or from the list there, where something
// changes them and the document declares what answers for others.
func (v *view) known(p *Place) bool {
	r := p.resource
	creates, changes := false, false
	for _, role := range r.Roles {
		creates = creates || role.Kind == Create
		changes = changes || role.Kind != Read && role.Kind != List && role.Kind != Action
	}
	if p.Item == "" || !p.regular && !(p.suffixed && v.strict) {
		return p.Item == ""
	}
	return creates || changes && v.strict && r.role(List) != nil
}
