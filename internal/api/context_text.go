package api

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// workspace tells what a workspace has.
func (m *markdown) workspace(t *store.Tx, w *store.Workspace, level int) error {
	m.heading(level, w.Name)
	m.fact("id", backticked(w.ID))
	m.fact("type", w.Type)
	m.fact("about", oneLine(w.About))
	m.blank()
	m.text(w.Description)
	detail := object{}
	if err := workspaceElements(t, w.ID, true, detail); err != nil {
		return err
	}
	for _, name := range [...]string{"collections", "environments", "specs", "mocks"} {
		list, _ := detail[name].([]object)
		if len(list) == 0 {
			continue
		}
		m.heading(level+1, strings.ToUpper(name[:1])+name[1:])
		for _, e := range list {
			note := ""
			if e["deactivated"] == true {
				note = " (deactivated: what it answers from was deleted)"
			}
			m.line(fmt.Sprintf("- %v: %s%s", oneLine(fmt.Sprint(e["name"])), backticked(fmt.Sprint(e["uid"])), note))
		}
		m.blank()
	}
	return nil
}

// environment tells the variables of an environment that are enabled.
func (m *markdown) environment(e *variableSet, level int) {
	m.heading(level, e.Name)
	m.fact("id", backticked(uid(e.Owner, e.ID)))
	m.fact("updated", isoTime(e.Updated))
	m.blank()
	m.heading(level+1, "Variables")
	m.variables(e.doc.Get("values"), "")
}

// variables lists those that are enabled. What is secret isn't shown.
func (m *markdown) variables(list *definition.Value, source string) {
	found := false
	for i := range kidsOf(list) {
		v := &list.Kids[i]
		if v.Get("enabled").Is(definition.Bool) && !v.Get("enabled").True() || v.Get("disabled").True() {
			continue
		}
		kind, value := v.Get("type").Str(), backticked(valueText(v.Get("value")))
		if kind == "" {
			kind = "default"
		}
		if kind == "secret" || v.Get("secret").True() {
			kind, value = "secret", "(secret: not shown here)"
		}
		line := "- " + backticked(v.Get("key").Str()) + " = " + value + ", " + kind
		if d := oneLine(plainDescription(v.Get("description"))); d != "" {
			line += ": " + d
		}
		if source != "" {
			line += " [" + source + "]"
		}
		m.line(line)
		found = true
	}
	if !found && source == "" {
		m.line("There are none.")
	}
	m.blank()
}

// collection tells what a collection is and what is in it.
func (m *markdown) collection(d *documented) {
	m.heading(1, d.Name)
	m.fact("id", backticked(uid(d.Owner, d.ID)))
	m.fact("workspace", backticked(d.Workspace))
	m.fact("updated", isoTime(d.Updated))
	m.blank()
	m.text(plainDescription(d.doc.Get("info").Get("description")))
	m.auth(d.doc.Get("auth"), "none")
	m.heading(2, "Variables")
	m.variables(d.doc.Get("variable"), "")
	m.heading(2, "Folders and requests")
	m.tree(d, d.doc)
}

// tree lists what is in a collection or a folder, a level deeper in each folder.
func (m *markdown) tree(d *documented, top *definition.Value) {
	found := false
	items.Walk(top, func(kind items.Kind, id, name string, item *definition.Value, path []string) bool {
		found = true
		indent := strings.Repeat("  ", min(len(path), 50))
		switch kind {
		case items.Folder:
			m.line(indent + "- folder " + oneLine(name) + ": " + backticked(uid(d.Owner, id)))
		case items.Request:
			m.line(indent + "- " + oneLine(methodOf(item.Get("request"))+" "+name) + ": " + backticked(uid(d.Owner, id)))
		}
		return true
	})
	if !found {
		m.line("There are none.")
	}
	m.blank()
}

func (m *markdown) folder(d *documented, item *definition.Value) {
	m.heading(1, item.Get("name").Str())
	m.fact("id", backticked(uid(d.Owner, item.Get("id").Str())))
	m.inCollection(d)
	m.blank()
	m.text(plainDescription(item.Get("description")))
	m.auth(item.Get("auth"), "as what it is in")
	m.heading(2, "Folders and requests")
	m.tree(d, item)
}

func (m *markdown) inCollection(d *documented) {
	m.fact("collection", oneLine(d.Name)+", "+backticked(uid(d.Owner, d.ID)))
}

// request tells a request, without its responses.
func (m *markdown) request(d *documented, item *definition.Value) {
	id := item.Get("id").Str()
	m.heading(1, item.Get("name").Str())
	m.fact("id", backticked(uid(d.Owner, id)))
	m.inCollection(d)
	if path := pathOf(d.doc, item); len(path) > 0 {
		m.fact("folders", oneLine(strings.Join(path, " > ")))
	}
	updated := item.Get("updatedAt").Str()
	if updated == "" {
		updated = isoTime(d.Updated)
	}
	m.fact("modified", updated)
	m.blank()
	m.text(plainDescription(item.Get("description")))
	m.text(plainDescription(item.Get("request").Get("description")))
	m.call(item.Get("request"))
	auth := item.Get("request").Get("auth")
	if auth == nil {
		auth = item.Get("auth")
	}
	m.auth(auth, "as what it is in")
}

// pathOf are the names of the folders that an item is in.
func pathOf(doc, wanted *definition.Value) (path []string) {
	items.Walk(doc, func(_ items.Kind, _, _ string, item *definition.Value, in []string) bool {
		if item == wanted {
			path = append([]string(nil), in...)
			return false
		}
		return true
	})
	return path
}

// folderNotes tells what the folders around a request and the collection say.
func (m *markdown) folderNotes(d *documented, item *definition.Value) {
	var around []*definition.Value
	for at := item; at != d.doc; {
		_, parent, _ := items.Find(d.doc, at.Get("id").Str())
		if parent == nil || len(around) > maxAround {
			break
		}
		around, at = append(around, parent), parent
	}
	for i := len(around) - 1; i >= 0; i-- {
		a := around[i]
		name, description := a.Get("name").Str(), plainDescription(a.Get("description"))
		if a == d.doc {
			name, description = d.Name, plainDescription(a.Get("info").Get("description"))
		}
		if description == "" && a.Get("auth") == nil {
			continue
		}
		m.heading(2, "From "+name)
		m.text(description)
		m.auth(a.Get("auth"), "")
	}
}

// maxAround bounds the folders that are told of.
const maxAround = 50

// responseList names the saved responses of a request.
func (m *markdown) responseList(d *documented, item *definition.Value) {
	m.heading(2, "Example responses")
	list := item.Get("response")
	for i := range kidsOf(list) {
		r := &list.Kids[i]
		m.line(fmt.Sprintf("- %s: %s, %s", oneLine(r.Get("name").Str()), statusText(r), backticked(uid(d.Owner, r.Get("id").Str()))))
	}
	if list.Len() == 0 {
		m.line("There are none.")
	}
	m.blank()
}

func (m *markdown) responses(d *documented, item *definition.Value) {
	list := item.Get("response")
	for i := range kidsOf(list) {
		m.response(d, &list.Kids[i], 2)
	}
}

func (m *markdown) response(d *documented, r *definition.Value, level int) {
	m.heading(level, "Example response: "+r.Get("name").Str())
	m.fact("id", backticked(uid(d.Owner, r.Get("id").Str())))
	m.fact("status", statusText(r))
	m.blank()
	m.fields("Headers", r.Get("header"))
	if body := r.Get("body").Str(); body != "" {
		m.line("Body:")
		m.fence(r.Get("_postman_previewlanguage").Str(), body)
	}
}

func statusText(r *definition.Value) string {
	code, ok := r.Get("code").Int()
	if !ok {
		return "no status"
	}
	return oneLine(strings.TrimSpace(fmt.Sprintf("%d %s", code, r.Get("status").Str())))
}

// mergedVariables lists the variables of the collection and of all environments
// with where each comes from.
func (m *markdown) mergedVariables(d *documented, environments []variableSet) {
	m.heading(2, "Variables")
	m.line("An environment's variable comes before the collection's of the same name.")
	m.blank()
	m.variables(d.doc.Get("variable"), "collection")
	for i := range environments {
		m.variables(environments[i].doc.Get("values"), "environment "+oneLine(environments[i].Name))
	}
}
