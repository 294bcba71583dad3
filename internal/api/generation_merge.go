package api

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Synchronising a collection with its spec. The description of the operation
// says no more than that it is synchronised, its options that examples are, and
// that requests which no longer exist in the spec are deleted. What is done:
//
//   - The collection keeps its id, name, scripts and what mimus doesn't know.
//   - A request of an operation (method and path) that is still there keeps its
//     id, its scripts and its credentials; the rest is the spec's. So do folders
//     by their names.
//   - A request that was generated, and whose operation is gone, is deleted, or
//     stays where deleteOrphanedRequests is false.
//   - What the user added, folders, requests and saved responses, never existed
//     in the spec and stays, in the folders where it was.
//   - Saved responses that were generated become those of the spec; where
//     syncExamples is false, those of requests that are there stay as they are.
//   - Variables that the user gave another value keep it.

// merging is one synchronisation of a collection.
type merging struct {
	old       *definition.Value
	generated map[string]bool // ids of what came of the spec
	before    *memory
	after     *memory
	options   syncOptions
	byKey     map[string][]*definition.Value // requests of the old collection
	used      map[string]bool                // ids of the old collection that are in the new one
}

func newMerging(old *definition.Value, before *memory, options syncOptions) *merging {
	m := &merging{
		old: old, before: before, options: options, generated: map[string]bool{}, byKey: map[string][]*definition.Value{}, used: map[string]bool{},
		after: &memory{Options: before.Options},
	}
	for _, id := range before.Items {
		m.generated[id] = true
	}
	m.index(old)
	return m
}

// index finds the requests of a folder and of those below.
func (m *merging) index(folder *definition.Value) {
	list := folder.Get("item")
	for i := range list.Len() {
		item := &list.Kids[i]
		if item.Has("request") {
			key := requestKey(item)
			m.byKey[key] = append(m.byKey[key], item)
		} else {
			m.index(item)
		}
	}
}

// requestKey is method and path; names of path variables don't count.
func requestKey(item *definition.Value) string {
	request := item.Get("request")
	method, at := request.Get("method").Str(), request.Get("url")
	if request.Is(definition.String) {
		at = request
	}
	if method == "" {
		method = "GET"
	}
	parts := []string{strings.ToUpper(method)}
	if list := at.Get("path"); list.Is(definition.Array) {
		for i := range list.Kids {
			s := list.Kids[i].Str()
			if list.Kids[i].Is(definition.Object) {
				s = list.Kids[i].Get("value").Str()
			}
			parts = append(parts, pathPart(s))
		}
		return strings.Join(parts, "/")
	}
	raw := at.Str()
	if raw == "" {
		raw = at.Get("raw").Str()
	}
	raw, _, _ = strings.Cut(raw, "?")
	if _, rest, ok := strings.Cut(raw, "://"); ok {
		raw = rest
	}
	_, raw, _ = strings.Cut(raw, "/")
	for s := range strings.SplitSeq(raw, "/") {
		parts = append(parts, pathPart(s))
	}
	return strings.Join(parts, "/")
}

func pathPart(s string) string {
	if strings.HasPrefix(s, ":") {
		return ":"
	}
	return s
}

// merge gives the old collection with what the new one has.
func (m *merging) merge(fresh *definition.Value) *definition.Value {
	out := m.old.Clone()
	if d := fresh.Get("info").Get("description"); d != nil && out.Get("info").Is(definition.Object) {
		setMember(out.Get("info"), "description", d.Clone())
	}
	m.variables(&out, fresh)
	mergeAuth(&out, fresh)
	list := m.children(m.old, fresh)
	m.leftovers(m.old, &list)
	setMember(&out, "item", list)
	return &out
}

// children merges what is in a folder of the new collection with the one of the
// same names in the old collection, nil where there is none.
func (m *merging) children(old, fresh *definition.Value) definition.Value {
	out := definition.NewArray()
	list := fresh.Get("item")
	for i := range list.Len() {
		item := &list.Kids[i]
		if item.Has("request") {
			out.Kids = append(out.Kids, m.request(item))
			continue
		}
		was := m.folder(old, item.Get("name").Str())
		below := m.children(was, item)
		folder := item.Clone()
		if was != nil {
			folder = was.Clone()
			if d := item.Get("description"); d != nil {
				setMember(&folder, "description", d.Clone())
			}
		}
		setMember(&folder, "item", below)
		out.Kids = append(out.Kids, m.keep(folder))
	}
	return out
}

// folder finds a folder of a name that isn't in the new collection yet.
func (m *merging) folder(parent *definition.Value, name string) *definition.Value {
	list := parent.Get("item")
	for i := range list.Len() {
		item := &list.Kids[i]
		if !item.Has("request") && item.Get("name").Str() == name && !m.used[item.Get("id").Str()] {
			m.used[item.Get("id").Str()] = true
			return item
		}
	}
	return nil
}

// keep notes that an item is of the spec.
func (m *merging) keep(item definition.Value) definition.Value {
	m.after.Items = append(m.after.Items, item.Get("id").Str())
	return item
}

// request gives a request of the new collection what the old one has of it.
func (m *merging) request(fresh *definition.Value) definition.Value {
	was := m.match(requestKey(fresh))
	if was == nil {
		list := fresh.Get("response")
		for i := range list.Len() {
			m.keep(list.Kids[i])
		}
		return m.keep(fresh.Clone())
	}
	out := was.Clone()
	for i := range fresh.Kids {
		switch member := &fresh.Kids[i]; member.Key {
		case "id", "event", "response":
		default:
			setMember(&out, member.Key, member.Clone())
		}
	}
	if was.Get("request").Is(definition.Object) {
		keepCredentials(out.Get("request"), was.Get("request"))
	}
	setMember(&out, "response", m.responses(was.Get("response"), fresh.Get("response")))
	return m.keep(out)
}

// match finds the request of an operation, one that was generated before others
// that the user made of it.
func (m *merging) match(key string) *definition.Value {
	var found *definition.Value
	for _, item := range m.byKey[key] {
		id := item.Get("id").Str()
		if !m.used[id] && (found == nil || m.generated[id] && !m.generated[found.Get("id").Str()]) {
			found = item
		}
	}
	if found != nil {
		m.used[found.Get("id").Str()] = true
	}
	return found
}

// responses merges saved responses: those of the spec with the ids that they
// had, then those that the user saved.
func (m *merging) responses(old, fresh *definition.Value) definition.Value {
	out := definition.NewArray()
	if !m.options.SyncExamples {
		for i := range old.Len() {
			if m.generated[old.Kids[i].Get("id").Str()] {
				m.keep(old.Kids[i])
			}
			out.Kids = append(out.Kids, old.Kids[i].Clone())
		}
		return out
	}
	for i := range fresh.Len() {
		r := fresh.Kids[i].Clone()
		for j := range old.Len() {
			was := &old.Kids[j]
			id := was.Get("id").Str()
			if m.generated[id] && !m.used[id] && was.Get("name").Str() == r.Get("name").Str() && responseCode(was) == responseCode(&r) {
				m.used[id] = true
				setMember(&r, "id", definition.NewString(id))
				break
			}
		}
		out.Kids = append(out.Kids, m.keep(r))
	}
	for i := range old.Len() {
		if !m.generated[old.Kids[i].Get("id").Str()] {
			out.Kids = append(out.Kids, old.Kids[i].Clone())
		}
	}
	return out
}

// leftovers adds what of an old folder has no counterpart in the new
// collection and stays, to the list of what is in the folder now.
func (m *merging) leftovers(old *definition.Value, list *definition.Value) {
	from := old.Get("item")
	for i := range from.Len() {
		item := &from.Kids[i]
		id := item.Get("id").Str()
		switch {
		case item.Has("request"):
			m.leftover(item, list)
		case m.used[id]:
			if now := itemByID(list, id); now != nil {
				m.leftovers(item, now.Get("item"))
			}
		default:
			folder := item.Clone()
			setMember(&folder, "item", definition.NewArray())
			m.leftovers(item, folder.Get("item"))
			if folder.Get("item").Len() > 0 || !m.generated[id] {
				if m.generated[id] {
					m.keep(folder)
				}
				list.Kids = append(list.Kids, folder)
			}
		}
	}
}

// leftover adds a request that no operation has.
func (m *merging) leftover(item, list *definition.Value) {
	id := item.Get("id").Str()
	switch {
	case m.used[id], m.generated[id] && m.options.DeleteOrphanedRequests:
		return
	case m.generated[id]:
		m.keep(*item)
		saved := item.Get("response")
		for i := range saved.Len() {
			if m.generated[saved.Kids[i].Get("id").Str()] {
				m.keep(saved.Kids[i])
			}
		}
	}
	list.Kids = append(list.Kids, item.Clone())
}

func itemByID(list *definition.Value, id string) *definition.Value {
	for i := range list.Len() {
		if list.Kids[i].Get("id").Str() == id {
			return &list.Kids[i]
		}
	}
	return nil
}

// variables gives the collection the variables of the spec, but for the values
// that the user changed.
func (m *merging) variables(out, fresh *definition.Value) {
	m.after.Variables = variableValues(fresh)
	list := fresh.Get("variable")
	if list.Len() == 0 {
		return
	}
	if !out.Get("variable").Is(definition.Array) {
		setMember(out, "variable", definition.NewArray())
	}
	now := out.Get("variable")
	for i := range list.Len() {
		v := &list.Kids[i]
		key := v.Get("key").Str()
		was := variable(now, key)
		if was == nil {
			now.Kids = append(now.Kids, v.Clone())
			continue
		}
		value := was.Get("value")
		if generated, ok := m.before.Variables[key]; ok && value != nil && string(value.AppendJSON(nil)) == generated && v.Has("value") {
			setMember(was, "value", v.Get("value").Clone())
		}
	}
}

func variable(list *definition.Value, key string) *definition.Value {
	for i := range list.Len() {
		if list.Kids[i].Get("key").Str() == key {
			return &list.Kids[i]
		}
	}
	return nil
}

// mergeAuth takes the spec's kind of auth; of the same kind the credentials
// that the collection has stay.
func mergeAuth(out, fresh *definition.Value) {
	was, now := out.Get("auth"), fresh.Get("auth")
	if now == nil || was.Get("type").Str() == now.Get("type").Str() {
		return
	}
	setMember(out, "auth", now.Clone())
}

// keepCredentials puts the auth that a request had into the new one, where both
// are of a kind.
func keepCredentials(out, was *definition.Value) {
	now, then := out.Get("auth"), was.Get("auth")
	if now.Is(definition.Object) && then.Is(definition.Object) && now.Get("type").Str() == then.Get("type").Str() {
		setMember(out, "auth", then.Clone())
	}
}

func responseCode(saved *definition.Value) string {
	if code := saved.Get("code"); code != nil {
		return code.Text
	}
	return ""
}
