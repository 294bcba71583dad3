package items

import (
	"net/http"

	"github.com/mimus-dev/mimus/internal/definition"
)

// editor makes items of bodies.
type editor struct {
	newID func() string
	ids   identifier
}

// make makes an item, without ids of its own.
func (e *editor) make(kind Kind, body, parent *definition.Value) (definition.Value, error) {
	item := definition.NewObject(definition.NewString("").With("name"))
	if id := body.Get("id").Str(); id != "" {
		set(&item, "id", definition.NewString(BareID(id)))
	}
	switch kind {
	case Folder:
		set(&item, "item", definition.NewArray())
	case Request:
		set(&item, "request", definition.NewObject(definition.NewString("GET").With("method"), definition.NewArray().With("header")))
		set(&item, "response", definition.NewArray())
	case Response:
		if r := parent.Get("request"); !isNull(r) && isEmpty(body.Get("requestObject")) && !body.Get("request").Is(definition.Object) {
			set(&item, "originalRequest", r.Clone())
		}
		set(&item, "status", definition.NewString(http.StatusText(http.StatusOK)))
		set(&item, "code", definition.NewInt(http.StatusOK))
		set(&item, "header", definition.NewArray())
		set(&item, "cookie", definition.NewArray())
	}
	g := newGiven(kind, body, nil)
	if err := e.apply(&g, &item, parent); err != nil {
		return item, err
	}
	err := e.inside(kind, body, &item)
	return item, err
}

// inside adds the items that come with a new one.
func (e *editor) inside(kind Kind, body, item *definition.Value) error {
	type part struct {
		key, list string
		kind      Kind
	}
	var parts []part
	switch kind {
	case Folder:
		parts = []part{{"folders", "item", Folder}, {"requests", "item", Request}}
	case Request:
		parts = []part{{"responses", "response", Response}}
	}
	for _, p := range parts {
		for _, b := range kids(body, p.key) {
			made, err := e.make(p.kind, b, item)
			if err != nil {
				return err
			}
			list := child(item, p.list, definition.Array)
			list.Kids = append(list.Kids, made)
		}
	}
	return nil
}

// edit changes an item that is there.
func (e *editor) edit(kind Kind, item, body, parent *definition.Value) error {
	w := flattener{}
	var now definition.Value
	switch kind {
	case Folder:
		now = w.folder(item, nil)
	case Request:
		now = w.request(item, nil)
	default:
		if r := body.Get("request"); r.Is(definition.String) && !names(r.Text, parent.Get("id").Str()) {
			return notFound(Response, item.Get("id").Str())
		}
		now = w.response(item, parent)
		original := flatOriginal(item, parent)
		for _, key := range callKeys {
			if m := original.Get(key); m != nil && !now.Has(key) {
				now.Kids = append(now.Kids, *m)
			}
		}
	}
	g := newGiven(kind, body, &now)
	if err := e.apply(&g, item, parent); err != nil {
		return err
	}
	switch kind {
	case Folder:
		reorder(item.Get("item"), g.changed("order"), Request)
		reorder(item.Get("item"), g.changed("folders_order"), Folder)
	case Request:
		reorder(item.Get("response"), g.changed("responses_order"), Response)
	}
	return nil
}

// reorder puts the items of a kind in the order of their ids, at the places
// that they have in their list. An order that names others is passed over.
func reorder(list, order *definition.Value, kind Kind) {
	if !list.Is(definition.Array) || !order.Is(definition.Array) {
		return
	}
	var places []int
	at := map[string]int{}
	for i := range list.Kids {
		if k := &list.Kids[i]; kind == Response || kindOf(k) == kind {
			places = append(places, i)
			at[k.Get("id").Str()] = i
		}
	}
	if len(order.Kids) != len(places) || len(at) != len(places) {
		return
	}
	out := append([]definition.Value(nil), list.Kids...)
	for n := range order.Kids {
		id := order.Kids[n].Str()
		from, ok := at[id]
		if rest, short := withoutOwner(id); !ok && short {
			id = rest
			from, ok = at[id]
		}
		if !ok {
			return
		}
		delete(at, id)
		out[places[n]] = list.Kids[from]
	}
	list.Kids = out
}

func (e *editor) apply(g *given, item, parent *definition.Value) error {
	if err := g.check(); err != nil {
		return err
	}
	if n := g.changed("name"); n.Is(definition.String) {
		set(item, "name", definition.NewString(n.Text))
	} else if n != nil {
		set(item, "name", definition.NewString(""))
	}
	switch g.kind {
	case Folder:
		if err := e.folder(g, item); err != nil {
			return err
		}
	case Request:
		if err := e.request(g, item); err != nil {
			return err
		}
	default:
		if err := e.response(g, item, parent); err != nil {
			return err
		}
	}
	g.extras(item)
	return nil
}

func (e *editor) folder(g *given, item *definition.Value) error {
	if list := g.body["item"]; list.Is(definition.Array) && g.now == nil {
		c := checker{}
		if c.items("item", list); len(c.problems) > 0 {
			return malformed("folder", c.problems...)
		}
		set(item, "item", list.Clone())
	}
	g.description(item)
	if a := g.auth(); a != nil {
		setOrDrop(item, "auth", a)
	}
	g.events(item)
	g.variables(item)
	return nil
}

func (e *editor) request(g *given, item *definition.Value) error {
	switch r := g.body["request"]; {
	case r.Is(definition.Object):
		members := make([]*definition.Value, len(r.Kids))
		for i := range r.Kids {
			members[i] = &r.Kids[i]
		}
		merge(requestOf(item, "request"), members)
	case r.Is(definition.String):
		set(requestOf(item, "request"), "url", parsedURL(nil, r.Text))
	}
	if list := g.body["response"]; list.Is(definition.Array) {
		c := checker{}
		if c.responses("response", list); len(c.problems) > 0 {
			return malformed("request", c.problems...)
		}
		set(item, "response", list.Clone())
		if g.now != nil {
			for _, r := range kids(item, "response") {
				e.ids.response(r)
			}
		}
	}
	if g.any(callKeys...) || g.any("header", "headers", "body") {
		g.call(requestOf(item, "request"))
	}
	if a := g.auth(); a != nil {
		drop(item, "auth")
		setOrDrop(requestOf(item, "request"), "auth", a)
	}
	if g.changed("description") != nil {
		if item.Get("request").Is(definition.Object) && (item.Get("request").Has("description") || !item.Has("description")) {
			g.description(item.Get("request"))
		} else {
			g.description(item)
		}
	}
	g.events(item)
	g.variables(item)
	if p := g.changed("protocolProfileBehavior"); p != nil {
		setOrDrop(item, "protocolProfileBehavior", p)
	}
	return nil
}

// requestOf gives a request as an object to edit: a URL's text in its place
// becomes one.
func requestOf(item *definition.Value, key string) *definition.Value {
	if r := item.Get(key); r.Is(definition.String) {
		set(item, key, definition.NewObject(definition.NewString("GET").With("method"), definition.NewString(r.Text).With("url")))
	}
	return child(item, key, definition.Object)
}
