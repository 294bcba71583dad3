package items

import "github.com/mimus-dev/mimus/internal/definition"

// AddFolder adds a folder at the end of another, or of the collection, and
// returns its id. Where parentID is "" the body's "folder" says which. It comes with the requests and folders
// that the body has, in the flat model or as a document has them.
func AddFolder(v *definition.Value, parentID string, body *definition.Value, newID func() string) (string, error) {
	return add(v, parentID, Folder, body, newID)
}

// AddRequest adds a request, with the responses that its body has, at the end of
// a folder, or of the collection, and returns its id. Where folderID is "" the
// body's "folder" says which.
func AddRequest(v *definition.Value, folderID string, body *definition.Value, newID func() string) (string, error) {
	return add(v, folderID, Request, body, newID)
}

// AddResponse saves a response with a request and returns its id. Of what the
// body doesn't say about the request that it answers, a copy of the request is
// taken, and of its status, 200.
func AddResponse(v *definition.Value, requestID string, body *definition.Value, newID func() string) (string, error) {
	return add(v, requestID, Response, body, newID)
}

func add(v *definition.Value, parentID string, kind Kind, body *definition.Value, newID func() string) (string, error) {
	if !body.Is(definition.Object) {
		return "", malformed(string(kind), ": must be object")
	}
	if parentID == "" && kind != Response {
		parentID = body.Get("folder").Str()
	}
	parent, key := found{item: v, depth: 1}, "item"
	if kind == Response {
		key = "response"
	}
	if kind == Response || parentID != "" {
		within := Folder
		if kind == Response {
			within = Request
		}
		at, err := need(v, parentID, within)
		if err != nil {
			return "", err
		}
		parent = at
	}
	if id := BareID(body.Get("id").Str()); id != "" && find(v, id, "").item != nil {
		return "", exists(kind, id)
	}
	e := editor{newID: newID, ids: identifier{seen: allIDs(v), newID: newID}}
	item, err := e.make(kind, body, parent.item)
	if err != nil {
		return "", err
	}
	if parent.depth+1+height(&item) > MaxDepth {
		return "", invalid("the collection would be nested deeper than %d levels", MaxDepth)
	}
	e.ids.identify(kind, &item)
	list := child(parent.item, key, definition.Array)
	list.Kids = append(list.Kids[:len(list.Kids):len(list.Kids)], item)
	return item.Get("id").Str(), nil
}

// identify identifies an item of a kind with what is in it.
func (n *identifier) identify(kind Kind, item *definition.Value) {
	if kind == Response {
		n.response(item)
		return
	}
	n.item(item)
}

func allIDs(v *definition.Value) map[string]bool {
	ids := map[string]bool{}
	each(v, func(at found) bool {
		ids[at.item.Get("id").Str()] = true
		return true
	})
	return ids
}

// PutFolder changes of a folder what the body gives. Its order and
// folders_order put what is in it in order where they name just that.
func PutFolder(v *definition.Value, id string, body *definition.Value, newID func() string) error {
	return put(v, id, Folder, body, newID)
}

// PutRequest changes of a request what the body gives; it stays in its folder,
// and its scripts and saved responses stay where the body has none.
func PutRequest(v *definition.Value, id string, body *definition.Value, newID func() string) error {
	return put(v, id, Request, body, newID)
}

// PutResponse changes of a saved response what the body gives. One that names
// another request as its own gets NotFound.
func PutResponse(v *definition.Value, id string, body *definition.Value, newID func() string) error {
	return put(v, id, Response, body, newID)
}

func put(v *definition.Value, id string, kind Kind, body *definition.Value, newID func() string) error {
	at, err := need(v, id, kind)
	if err != nil {
		return err
	}
	if !body.Is(definition.Object) {
		return malformed(string(kind), ": must be object")
	}
	item := withoutKids(at.item)
	e := editor{newID: newID, ids: identifier{newID: newID}}
	if body.Has("response") && kind == Request {
		e.ids.seen = allIDs(v)
		for _, r := range kids(at.item, "response") {
			delete(e.ids.seen, r.Get("id").Str())
		}
	}
	if err := e.edit(kind, &item, body, at.parent); err != nil {
		return err
	}
	if at.depth-1+height(&item) > MaxDepth {
		return invalid("the collection would be nested deeper than %d levels", MaxDepth)
	}
	*at.item = item
	return nil
}

// withoutKids copies an item so that it can be edited, but for the items in it.
func withoutKids(item *definition.Value) definition.Value {
	out := *item
	out.Kids = make([]definition.Value, len(item.Kids))
	for i := range item.Kids {
		if out.Kids[i] = item.Kids[i]; item.Kids[i].Key != "item" {
			out.Kids[i] = item.Kids[i].Clone()
		}
	}
	return out
}

// Delete removes an item with all that is in it and returns its kind.
func Delete(v *definition.Value, id string) (Kind, error) {
	at := find(v, id, "")
	if at.item == nil {
		return "", notFound("item", id)
	}
	return at.kind, DeleteKind(v, id, at.kind)
}

// DeleteKind is Delete of an item that must be of the kind.
func DeleteKind(v *definition.Value, id string, kind Kind) error {
	at, err := need(v, id, kind)
	if err != nil {
		return err
	}
	key := "item"
	if kind == Response {
		key = "response"
	}
	list := at.parent.Get(key)
	kept := make([]definition.Value, 0, len(list.Kids)-1)
	for i := range list.Kids {
		if &list.Kids[i] != at.item {
			kept = append(kept, list.Kids[i])
		}
	}
	list.Kids = kept
	return nil
}
