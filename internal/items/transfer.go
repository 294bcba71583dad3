package items

import (
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Mode is whether a transfer leaves the items where they are, too.
type Mode string

// The modes of a transfer.
const (
	Copy Mode = "copy"
	Move Mode = "move"
)

// Position is where transferred items are put.
type Position string

// The positions of transferred items: in the target, or beside an item in it.
const (
	Start  Position = "start"
	End    Position = "end"
	Before Position = "before"
	After  Position = "after"
)

// Transfer is what is moved or copied where.
type Transfer struct {
	Kind     Kind     // of the items: Folder, Request or Response
	IDs      []string // in the order that they will have
	Mode     Mode
	Target   Place
	Location Location
}

// Place is a collection, a folder or a request that items are put into. The id
// of a collection may be empty.
type Place struct {
	Model Kind
	ID    string
}

// Location is a place in the target. The model and id are those of the item
// that Before and After mean. An empty position is End.
type Location struct {
	Position Position
	Model    Kind
	ID       string
}

// maxTransfer bounds the items of one transfer.
const maxTransfer = 100_000

// ReadTransfer reads the body of one of the operations that transfer items of a
// kind. The error is ParamMissing or Invalid.
func ReadTransfer(kind Kind, body *definition.Value) (Transfer, error) {
	t := Transfer{Kind: kind, Mode: Mode(body.Get("mode").Str())}
	if !body.Is(definition.Object) {
		return t, malformed("transfer", ": must be object")
	}
	for _, key := range [...]string{"ids", "target", "location", "mode"} {
		if isNull(body.Get(key)) {
			return t, &Error{Name: ParamMissing, Message: "The parameter '" + key + "' is missing.", Param: key}
		}
	}
	list := body.Get("ids")
	if list.Kind != definition.Array || len(list.Kids) > maxTransfer {
		return t, invalid("ids must be an array of at most %d uids", maxTransfer)
	}
	for i := range list.Kids {
		if list.Kids[i].Str() == "" {
			return t, invalid("ids[%d] must be a uid", i)
		}
		t.IDs = append(t.IDs, list.Kids[i].Text)
	}
	target, location := body.Get("target"), body.Get("location")
	t.Target = Place{Model: Kind(target.Get("model").Str()), ID: target.Get("id").Str()}
	t.Location = Location{Position: Position(location.Get("position").Str()), Model: Kind(location.Get("model").Str()), ID: location.Get("id").Str()}
	if t.Target.ID == "" {
		return t, &Error{Name: ParamMissing, Message: "The parameter 'target.id' is missing.", Param: "target.id"}
	}
	err := t.check()
	return t, err
}

// check tells what can't be, wherever the items are.
func (t *Transfer) check() error {
	if len(t.IDs) == 0 {
		return invalid("ids must name at least one %s", t.Kind)
	}
	if t.Mode != Copy && t.Mode != Move {
		return invalid("mode must be copy or move")
	}
	if (t.Kind == Response) != (t.Target.Model == Request) || t.Target.Model != Request && t.Target.Model != Collection && t.Target.Model != Folder {
		return invalid("Cannot transfer %s to target model type %s", t.Kind, t.Target.Model)
	}
	switch t.Location.Position {
	case "", Start, End:
	case Before, After:
		if t.Location.ID == "" {
			return &Error{Name: ParamMissing, Message: "The parameter 'location.id' is missing.", Param: "location.id"}
		}
		if m := t.Location.Model; m != "" && (t.Kind == Response) != (m == Response) {
			return invalid("Cannot position %s by location model type %s", t.Kind, m)
		}
	default:
		return invalid("location.position must be one of start, end, before and after")
	}
	return nil
}

// Run copies or moves items of src into dst, which may be the same collection,
// and returns their ids: those that they had, but for copies, and where dst has
// the id already. All is checked before anything changes: that everything is
// there, and that nothing would go into itself or what is in it.
func (t Transfer) Run(src, dst *definition.Value, newID func() string) ([]string, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	r := transfer{Transfer: t, src: src, dst: dst, newID: newID}
	if err := r.find(); err != nil {
		return nil, err
	}
	moved := make([]definition.Value, len(r.from))
	if t.Mode == Copy {
		for i, at := range r.from {
			moved[i] = at.item.Clone()
			r.fresh(&moved[i])
		}
	} else {
		r.takeOut(moved)
	}
	ids := make([]string, len(moved))
	taken := r.taken()
	for i := range moved {
		n := identifier{seen: taken, newID: newID}
		n.identify(t.Kind, &moved[i])
		ids[i] = moved[i].Get("id").Str()
	}
	r.putIn(moved)
	return ids, nil
}

// transfer is one run.
type transfer struct {
	Transfer
	src, dst *definition.Value
	newID    func() string
	from     []found
	target   found
	beside   string // the id of the item that Location means
}

// find finds everything that is named, and refuses what can't be done.
func (r *transfer) find() error {
	at := map[string]found{}
	each(r.src, func(f found) bool {
		id := f.item.Get("id").Str()
		if _, doubled := at[id]; f.kind == r.Kind && !doubled {
			at[id] = f
		}
		return true
	})
	chosen := map[*definition.Value]bool{}
	most := 0
	for _, id := range r.IDs {
		f, ok := at[id]
		if rest, short := withoutOwner(id); !ok && short {
			f, ok = at[rest]
		}
		if !ok {
			return notFound(r.Kind, id)
		}
		if !chosen[f.item] {
			chosen[f.item] = true
			r.from = append(r.from, f)
			most = max(most, height(f.item))
		}
	}
	if err := r.findTarget(); err != nil {
		return err
	}
	if err := r.findBeside(chosen); err != nil {
		return err
	}
	if within(chosen, r.target.item, r.src) {
		return invalid("Cannot transfer a folder into itself or a folder in it")
	}
	if r.target.depth+1+most > MaxDepth {
		return invalid("the collection would be nested deeper than %d levels", MaxDepth)
	}
	return nil
}

func (r *transfer) findTarget() error {
	if r.Target.Model != Collection {
		at, err := need(r.dst, r.Target.ID, r.Target.Model)
		if err != nil {
			return err
		}
		r.target = at
		return nil
	}
	own := r.dst.Get("info").Get("_postman_id").Str()
	if id := r.Target.ID; id != "" && own != "" && !names(id, own) {
		return notFound(Collection, id)
	}
	r.target = found{item: r.dst, depth: 1}
	return nil
}

// findBeside finds the item that others are put before or after.
func (r *transfer) findBeside(chosen map[*definition.Value]bool) error {
	if r.Location.Position != Before && r.Location.Position != After {
		return nil
	}
	for _, kid := range kids(r.target.item, r.list()) {
		id := kid.Get("id").Str()
		kind := Response
		if r.Kind != Response {
			kind = kindOf(kid)
		}
		if !names(r.Location.ID, id) || r.Location.Model != "" && kind != r.Location.Model {
			continue
		}
		if chosen[kid] && r.Mode == Move {
			return invalid("Cannot position a %s by itself", r.Kind)
		}
		r.beside = id
		return nil
	}
	model := r.Location.Model
	if model == "" {
		model = r.Kind
	}
	return notFound(model, r.Location.ID)
}

// list names the list that the items stand in.
func (r *transfer) list() string {
	if r.Kind == Response {
		return "response"
	}
	return "item"
}

// within reports whether an item is a chosen folder or stands in one.
func within(chosen map[*definition.Value]bool, item, v *definition.Value) bool {
	inside, limit := false, 0
	each(v, func(f found) bool {
		if limit > 0 && f.depth <= limit {
			limit = 0 // left the chosen folder
		}
		if limit == 0 && f.kind == Folder && chosen[f.item] {
			limit = f.depth
		}
		inside = limit > 0 && f.item == item
		return !inside
	})
	return inside
}

// fresh gives a copy ids of its own.
func (r *transfer) fresh(item *definition.Value) {
	if r.Kind == Response {
		n := identifier{seen: map[string]bool{}, newID: r.newID, fresh: true}
		n.response(item)
		return
	}
	reidentify(item, r.newID)
}

// taken gives the ids that items put into dst must not have.
func (r *transfer) taken() map[string]bool {
	if r.Mode == Copy || r.src == r.dst {
		return map[string]bool{} // new ones, or those that they had
	}
	return allIDs(r.dst)
}

// takeOut takes the items out of src, those that stand in others first, and
// leaves every list in its place that has none of them.
func (r *transfer) takeOut(moved []definition.Value) {
	place := make(map[*definition.Value]int, len(r.from))
	for i, at := range r.from {
		place[at.item] = i
	}
	var prune func(o *definition.Value, key string)
	prune = func(o *definition.Value, key string) {
		list := o.Get(key)
		if !list.Is(definition.Array) {
			return
		}
		found := false
		for i := range list.Kids {
			kid := &list.Kids[i]
			if kid.Kind == definition.Object && key == "item" {
				if kindOf(kid) == Folder {
					prune(kid, "item")
				} else if r.Kind == Response {
					prune(kid, "response")
				}
			}
			if n, ok := place[kid]; ok {
				moved[n], found = *kid, true
			}
		}
		if !found {
			return
		}
		kept := make([]definition.Value, 0, len(list.Kids))
		for i := range list.Kids {
			if _, ok := place[&list.Kids[i]]; !ok {
				kept = append(kept, list.Kids[i])
			}
		}
		list.Kids = kept
	}
	prune(r.src, "item")
}

// putIn puts the items where they belong. The target is looked for again, since
// lists of src may have moved.
func (r *transfer) putIn(moved []definition.Value) {
	target := r.dst
	if r.Target.Model != Collection {
		target = find(r.dst, r.Target.ID, r.Target.Model).item
	}
	list := child(target, r.list(), definition.Array)
	at := len(list.Kids)
	switch r.Location.Position {
	case Start:
		at = 0
	case Before, After:
		at = slices.IndexFunc(list.Kids, func(k definition.Value) bool { return k.Get("id").Str() == r.beside })
		if r.Location.Position == After {
			at++
		}
	}
	list.Kids = insert(list.Kids, at, moved...)
}
