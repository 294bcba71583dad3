package items

import "github.com/mimus-dev/mimus/internal/definition"

// Reidentify makes a collection a copy of its own: it, its folders, requests,
// saved responses and scripts get new ids. Names stay.
func Reidentify(v *definition.Value, newID func() string) {
	if info := v.Get("info"); info.Is(definition.Object) {
		drop(info, "uid")
		setAfter(info, "", "_postman_id", definition.NewString(newID()))
	}
	renewScripts(v, newID)
	if list := v.Get("item"); list.Is(definition.Array) {
		for i := range list.Kids {
			reidentify(&list.Kids[i], newID)
		}
	}
}

// reidentify gives new ids to an item or a saved response with what is in it.
func reidentify(item *definition.Value, newID func() string) {
	n := identifier{seen: map[string]bool{}, newID: newID, fresh: true}
	n.item(item)
	renewScriptsBelow(item, newID)
}

func renewScriptsBelow(item *definition.Value, newID func() string) {
	renewScripts(item, newID)
	if list := item.Get("item"); list.Is(definition.Array) {
		for i := range list.Kids {
			renewScriptsBelow(&list.Kids[i], newID)
		}
	}
}

func renewScripts(o *definition.Value, newID func() string) {
	list := o.Get("event")
	if !list.Is(definition.Array) {
		return
	}
	for i := range list.Kids {
		for _, at := range [...]*definition.Value{&list.Kids[i], list.Kids[i].Get("script")} {
			if id := at.Get("id"); id.Is(definition.String) {
				id.Text = newID()
			}
		}
	}
}
