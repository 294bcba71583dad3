package items

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// authTypes are the types of auth that the contract has.
var authTypes = [...]string{"basic", "bearer", "apikey", "digest", "oauth1", "oauth2", "hawk", "awsv4", "ntlm", "edgegrid", "jwt", "asap", "noauth"}

// PatchCollection changes what PATCH /collections/{id} may change, by the whole
// body of the request: {"collection": {"info", "variable", "auth", "events"}}.
// Variables are changed or added by their key, scripts by their event. The error
// is BadRequest or ParamMissing, worded as the contract's examples are.
func PatchCollection(v, body *definition.Value) error {
	c := body.Get("collection")
	if !c.Is(definition.Object) {
		return &Error{Name: ParamMissing, Message: "The parameter 'collection' is missing.", Param: "collection"}
	}
	if len(c.Kids) == 0 {
		return &Error{Name: ParamMissing, Message: "'info' key is mandatory when 'collection' is empty.", Param: "info"}
	}
	if err := allowed("collection", c, "info", "variable", "auth", "events"); err != nil {
		return err
	}
	for _, check := range [...]func(*definition.Value) error{checkInfo, checkVariables, checkAuth, checkEvents} {
		if err := check(c); err != nil {
			return err
		}
	}
	if info := c.Get("info"); info != nil {
		patchInfo(child(v, "info", definition.Object), info)
	}
	if list := c.Get("variable"); list != nil {
		patchVariables(child(v, "variable", definition.Array), list)
	}
	if auth := c.Get("auth"); auth != nil {
		set(v, "auth", auth.Clone())
	}
	if list := c.Get("events"); list != nil {
		patchEvents(child(v, "event", definition.Array), list)
	}
	return nil
}

func badParams(key string, names ...string) error {
	return &Error{Name: BadRequest, Message: fmt.Sprintf("Invalid parameters: ('%s') for key: '%s'", strings.Join(names, "', '"), key)}
}

func required(key string, names ...string) error {
	return &Error{Name: BadRequest, Message: fmt.Sprintf("Parameters required: ('%s') for key: '%s'", strings.Join(names, "', '"), key)}
}

// allowed refuses members that have no place in an object.
func allowed(key string, o *definition.Value, names ...string) error {
	var bad []string
	for i := range o.Kids {
		if !slices.Contains(names, o.Kids[i].Key) && len(bad) < maxProblems {
			bad = append(bad, o.Kids[i].Key)
		}
	}
	if bad != nil {
		return badParams(key, bad...)
	}
	return nil
}

// demanded refuses an object that lacks members.
func demanded(key string, o *definition.Value, names ...string) error {
	var missing []string
	for _, name := range names {
		if isNull(o.Get(name)) {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return required(key, missing...)
	}
	return nil
}

func checkInfo(c *definition.Value) error {
	info := c.Get("info")
	if info == nil {
		return nil
	}
	if info.Kind != definition.Object {
		return badParams("collection", "info")
	}
	if err := allowed("collection.info", info, "name", "description"); err != nil {
		return err
	}
	if name := info.Get("name"); name != nil && strings.TrimSpace(name.Str()) == "" {
		return badParams("collection.info", "name")
	}
	if d := info.Get("description"); !isNull(d) && d.Kind != definition.String {
		return badParams("collection.info", "description")
	}
	return nil
}

func checkVariables(c *definition.Value) error {
	list := c.Get("variable")
	if list == nil {
		return nil
	}
	if list.Kind != definition.Array {
		return badParams("collection", "variable")
	}
	const key = "collection.variables"
	for i := range list.Kids {
		v := &list.Kids[i]
		if v.Kind != definition.Object {
			return badParams("collection", "variable")
		}
		if err := allowed(key, v, "key", "value", "type", "disabled", "enabled", "description", "secret", "source"); err != nil {
			return err
		}
		needed := []string{"key", "value"}
		if v.Has("source") {
			needed = needed[:1] // the value is kept elsewhere
		}
		for _, name := range needed {
			if !v.Has(name) {
				return required(key, name)
			}
		}
		if v.Get("key").Str() == "" {
			return badParams(key, "key")
		}
		if k := v.Get("value"); k != nil && (k.Kind == definition.Object || k.Kind == definition.Array) {
			return badParams(key, "value")
		}
		for _, name := range [...]string{"disabled", "enabled"} {
			if b := v.Get(name); b != nil && b.Kind != definition.Bool {
				return badParams(key, name)
			}
		}
	}
	return nil
}

func checkAuth(c *definition.Value) error {
	auth := c.Get("auth")
	if auth == nil {
		return nil
	}
	if auth.Kind != definition.Object {
		return badParams("collection", "auth")
	}
	kind := auth.Get("type")
	if kind == nil {
		return required("collection.auth", "type")
	}
	if !slices.Contains(authTypes[:], kind.Str()) {
		return badParams("collection.auth.type", plainText(kind))
	}
	if own := auth.Get(kind.Text); kind.Text != "noauth" && own == nil {
		return &Error{Name: ParamMissing, Param: kind.Text, Message: fmt.Sprintf("The key '%s' must be present in 'collection.auth' when 'type' is '%[1]s'.", kind.Text)}
	}
	for i := range auth.Kids {
		m := &auth.Kids[i]
		if m.Key == "type" {
			continue
		}
		if !slices.Contains(authTypes[:], m.Key) {
			return badParams("collection.auth", m.Key)
		}
		if m.Kind != definition.Array {
			return badParams("collection.auth", m.Key)
		}
		for j := range m.Kids {
			if m.Kids[j].Get("key").Str() == "" {
				return required("collection.auth."+m.Key, "key")
			}
		}
	}
	return nil
}

func checkEvents(c *definition.Value) error {
	list := c.Get("events")
	if list == nil {
		return nil
	}
	if list.Kind != definition.Array {
		return badParams("collection", "events")
	}
	const key = "collection.events"
	for i := range list.Kids {
		e := &list.Kids[i]
		if e.Kind != definition.Object {
			return badParams("collection", "events")
		}
		if err := allowed(key, e, "listen", "script", "disabled"); err != nil {
			return err
		}
		if err := demanded(key, e, "listen", "script"); err != nil {
			return err
		}
		if l := e.Get("listen").Str(); l != "test" && l != "prerequest" {
			return badParams(key, "listen")
		}
		script := e.Get("script")
		if script.Kind != definition.Object {
			return badParams(key, "script")
		}
		if err := allowed(key+".script", script, "id", "type", "exec", "packages", "requests"); err != nil {
			return err
		}
		if err := demanded(key+".script", script, "id", "type", "exec"); err != nil {
			return err
		}
		if exec := script.Get("exec"); exec.Kind != definition.Array {
			return badParams(key+".script", "exec")
		}
	}
	return nil
}

func patchInfo(info, given *definition.Value) {
	if name := given.Get("name"); name != nil {
		set(info, "name", name.Clone())
	}
	switch d := given.Get("description"); {
	case d == nil:
	case d.Kind == definition.String && info.Get("description").Is(definition.Object):
		set(info.Get("description"), "content", d.Clone())
	default:
		setOrDrop(info, "description", d)
	}
}

// patchVariables changes or adds variables by their key: of several of one name
// the last, which is the one that counts.
func patchVariables(list, given *definition.Value) {
	at := make(map[string]int, len(list.Kids))
	for i := range list.Kids {
		at[variableKey(&list.Kids[i])] = i
	}
	list.Kids = slices.Clip(list.Kids)
	for i := range given.Kids {
		g := given.Kids[i].Clone()
		if e := g.Get("enabled"); e != nil {
			off := !e.True()
			drop(&g, "enabled")
			if !g.Has("disabled") {
				set(&g, "disabled", definition.NewBool(off))
			}
		}
		key := g.Get("key").Text
		n, ok := at[key]
		if !ok {
			at[key] = len(list.Kids)
			list.Kids = append(list.Kids, g)
			continue
		}
		for j := range g.Kids {
			set(&list.Kids[n], g.Kids[j].Key, g.Kids[j])
		}
	}
}

// patchEvents puts each script in the place of the one with its id, or else of
// the first for its event.
func patchEvents(list, given *definition.Value) {
	list.Kids = slices.Clip(list.Kids)
	for i := range given.Kids {
		e := given.Kids[i].Clone()
		id, listen := e.Get("script").Get("id").Str(), e.Get("listen").Str()
		n := slices.IndexFunc(list.Kids, func(k definition.Value) bool { return id != "" && k.Get("script").Get("id").Str() == id })
		if n < 0 {
			n = slices.IndexFunc(list.Kids, func(k definition.Value) bool { return k.Get("listen").Str() == listen })
		}
		if n < 0 {
			list.Kids = append(list.Kids, e)
			continue
		}
		list.Kids[n] = e
	}
}
