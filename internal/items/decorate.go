package items

import (
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Stamp is what the API tells of a collection and its items that isn't in the
// document. Times are written as they are given. An item's own "createdAt" and
// "updatedAt" come before it.
type Stamp struct {
	Owner         int64
	CreatedAt     string
	UpdatedAt     string
	LastUpdatedBy int64
	Revision      int64 // of the item, told as lastRevision
}

func (s *Stamp) owner() definition.Value {
	return definition.NewString(strconv.FormatInt(s.Owner, 10))
}

func (s *Stamp) updatedBy() definition.Value {
	return definition.NewString(strconv.FormatInt(s.LastUpdatedBy, 10))
}

// Touch notes in an item itself when it was made and changed; a folder that
// was added with what is in it is touched alone. It does nothing where there is
// no such item.
func Touch(v *definition.Value, id, now string) {
	item, _, _ := Find(v, id)
	if item == nil {
		return
	}
	if !item.Has("createdAt") {
		set(item, "createdAt", definition.NewString(now))
	}
	set(item, "updatedAt", definition.NewString(now))
}

// Decorate gives the collection as the API shows it: the document with uid and
// times in info and every item. The document itself is left alone; what is the
// same in both is shared.
func Decorate(v *definition.Value, s Stamp) definition.Value {
	out := *v
	out.Kids = append([]definition.Value(nil), v.Kids...)
	for i := range out.Kids {
		switch m := &out.Kids[i]; {
		case m.Key == "info" && m.Kind == definition.Object:
			*m = decorateInfo(m, s, true)
		case m.Key == "item" && m.Kind == definition.Array:
			*m = decorateList(m, s, decorateItem)
		}
	}
	return out
}

func decorateInfo(info *definition.Value, s Stamp, schema bool) definition.Value {
	out := *info
	out.Kids = append(make([]definition.Value, 0, len(info.Kids)+4), info.Kids...)
	if !schema {
		drop(&out, "schema")
	}
	set(&out, "updatedAt", definition.NewString(s.UpdatedAt))
	set(&out, "createdAt", definition.NewString(s.CreatedAt))
	set(&out, "lastUpdatedBy", s.updatedBy())
	set(&out, "uid", definition.NewString(UID(s.Owner, info.Get("_postman_id").Str())))
	return out
}

func decorateList(list *definition.Value, s Stamp, one func(*definition.Value, Stamp) definition.Value) definition.Value {
	out := *list
	out.Kids = make([]definition.Value, len(list.Kids))
	for i := range list.Kids {
		if list.Kids[i].Kind == definition.Object {
			out.Kids[i] = one(&list.Kids[i], s)
		} else {
			out.Kids[i] = list.Kids[i]
		}
	}
	return out
}

func decorateItem(item *definition.Value, s Stamp) definition.Value {
	out := *item
	out.Kids = append(make([]definition.Value, 0, len(item.Kids)+4), item.Kids...)
	for i := range out.Kids {
		switch m := &out.Kids[i]; {
		case m.Key == "item" && m.Kind == definition.Array:
			*m = decorateList(m, s, decorateItem)
		case m.Key == "response" && m.Kind == definition.Array:
			*m = decorateList(m, s, decorateResponse)
		}
	}
	if kindOf(item) == Request && !item.Get("response").Is(definition.Array) {
		set(&out, "response", definition.NewArray())
	}
	stampItem(&out, s)
	return out
}

func decorateResponse(r *definition.Value, s Stamp) definition.Value {
	out := *r
	out.Kids = append(make([]definition.Value, 0, len(r.Kids)+5), r.Kids...)
	for _, key := range [...]string{"cookie", "header"} {
		if isNull(r.Get(key)) {
			set(&out, key, definition.NewArray())
		}
	}
	if !r.Has("responseTime") {
		set(&out, "responseTime", definition.NewNull())
	}
	stampItem(&out, s)
	return out
}

func stampItem(item *definition.Value, s Stamp) {
	if !item.Has("createdAt") {
		set(item, "createdAt", definition.NewString(s.CreatedAt))
	}
	if !item.Has("updatedAt") {
		set(item, "updatedAt", definition.NewString(s.UpdatedAt))
	}
	set(item, "uid", definition.NewString(UID(s.Owner, item.Get("id").Str())))
}

// Minimal gives the collection without its items, but for the uids of those in
// no folder: the form of ?model=minimal.
func Minimal(v *definition.Value, s Stamp) definition.Value {
	out := newObject(6)
	if info := v.Get("info"); info.Is(definition.Object) {
		out.put("info", decorateInfo(info, s, false))
	}
	out.put("variable", listOr(v.Get("variable")))
	if auth := v.Get("auth"); !isNull(auth) {
		out.put("auth", *auth)
	}
	out.put("events", listOr(v.Get("event")))
	requests, folders := definition.NewArray(), definition.NewArray()
	if list := v.Get("item"); list.Is(definition.Array) {
		for i := range list.Kids {
			item := &list.Kids[i]
			uid := definition.NewString(UID(s.Owner, item.Get("id").Str()))
			if kindOf(item) == Folder {
				folders.Kids = append(folders.Kids, uid)
			} else {
				requests.Kids = append(requests.Kids, uid)
			}
		}
	}
	out.put("rootLevelRequests", requests)
	out.put("rootLevelFolders", folders)
	return out.Value
}

func listOr(v *definition.Value) definition.Value {
	if v.Is(definition.Array) {
		return *v
	}
	return definition.NewArray()
}
