package items

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Kind is what an item is, by the API's name of its model.
type Kind string

// The kinds of items, and the collection that they stand in.
const (
	Collection Kind = "collection"
	Folder     Kind = "folder"
	Request    Kind = "request"
	Response   Kind = "response"
)

// MaxDepth is how deep the arrays and objects of a collection may nest, as deep
// as its text can be read again (document.Limits). An edit that would make a
// collection deeper is refused.
const MaxDepth = 1000

// Find finds a folder, a request or a saved response by its id or uid. The
// parent of an item in no folder is the collection. The item is nil where there
// is none. Both stay good until the collection is edited.
func Find(v *definition.Value, id string) (item, parent *definition.Value, kind Kind) {
	f := find(v, id, "")
	return f.item, f.parent, f.kind
}

// UID is how the API names an item of an owner from outside of a collection.
func UID(owner int64, id string) string { return strconv.FormatInt(owner, 10) + "-" + id }

// BareID gives the id of "<digits>-<uuid>", and anything else as it is.
func BareID(id string) string {
	if rest, ok := withoutOwner(id); ok && looksLikeUUID(rest) {
		return rest
	}
	return id
}

// names reports whether what is asked for is an id, or the uid of it.
func names(asked, id string) bool {
	rest, short := withoutOwner(asked)
	return id != "" && (asked == id || short && rest == id)
}

func withoutOwner(id string) (string, bool) {
	owner, rest, ok := strings.Cut(id, "-")
	return rest, ok && rest != "" && owner != "" && strings.Trim(owner, "0123456789") == ""
}

func looksLikeUUID(s string) bool {
	return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' && strings.Count(s, "-") == 4
}

// found is an item in its place.
type found struct {
	item, parent *definition.Value
	kind         Kind
	folder       *definition.Value // that a request or folder stands in, nil for none
	depth        int               // of the item's own object, 1 for the collection
}

// find finds an item of a kind, "" for any. An item whose id is just what is
// asked for comes before one that is asked for by its uid.
func find(v *definition.Value, id string, kind Kind) (f found) {
	rest, short := withoutOwner(id)
	each(v, func(at found) bool {
		if kind != "" && at.kind != kind {
			return true
		}
		switch at.item.Get("id").Str() {
		case "":
		case id:
			f = at
			return false
		case rest:
			if short && f.item == nil {
				f = at
			}
		}
		return true
	})
	return f
}

// need is find with an error where there is no such item.
func need(v *definition.Value, id string, kind Kind) (found, *Error) {
	f := find(v, id, kind)
	if f.item == nil {
		return f, notFound(kind, id)
	}
	return f, nil
}

// each calls fn for every item, folders before what is in them, until it
// returns false.
func each(v *definition.Value, fn func(found) bool) bool {
	return eachIn(v, found{parent: v, depth: 1}, fn)
}

func eachIn(v *definition.Value, from found, fn func(found) bool) bool {
	list := v.Get("item")
	if !list.Is(definition.Array) || from.depth+2 > MaxDepth {
		return true
	}
	for i := range list.Kids {
		item := &list.Kids[i]
		if item.Kind != definition.Object {
			continue
		}
		at := found{item: item, parent: v, kind: kindOf(item), folder: from.folder, depth: from.depth + 2}
		if !fn(at) {
			return false
		}
		more := false
		if at.kind == Folder {
			more = eachIn(item, found{folder: item, depth: at.depth}, fn)
		} else {
			more = eachResponse(item, at, fn)
		}
		if !more {
			return false
		}
	}
	return true
}

func eachResponse(request *definition.Value, at found, fn func(found) bool) bool {
	list := request.Get("response")
	if !list.Is(definition.Array) {
		return true
	}
	for i := range list.Kids {
		r := &list.Kids[i]
		if r.Kind == definition.Object && !fn(found{item: r, parent: request, kind: Response, depth: at.depth + 2}) {
			return false
		}
	}
	return true
}

func kindOf(item *definition.Value) Kind {
	if item.Get("item").Is(definition.Array) {
		return Folder
	}
	return Request
}

// Walk calls fn for every folder, request and saved response in the order of
// the document, until it returns false. The path is the names of the folders
// and, for a response, of the request that it stands in; it is good only during
// the call.
func Walk(v *definition.Value, fn func(kind Kind, id, name string, item *definition.Value, path []string) bool) {
	var path []string
	depth := make([]int, 0, 16) // of the items that the path names
	each(v, func(at found) bool {
		for len(depth) > 0 && depth[len(depth)-1] >= at.depth {
			depth, path = depth[:len(depth)-1], path[:len(path)-1]
		}
		name := at.item.Get("name").Str()
		if !fn(at.kind, at.item.Get("id").Str(), name, at.item, path) {
			return false
		}
		if at.kind != Response {
			depth, path = append(depth, at.depth), append(path, name)
		}
		return true
	})
}
