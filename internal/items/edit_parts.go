package items

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// description puts a description in. Of one that is an object, with its media
// type, the text is replaced.
func (g *given) description(o *definition.Value) {
	d := g.changed("description")
	switch {
	case d == nil:
	case d.Kind == definition.String && o.Get("description").Is(definition.Object):
		set(o.Get("description"), "content", d.Clone())
	case d.Kind == definition.String && d.Text == "" && !o.Has("description"):
	default:
		setOrDrop(o, "description", d)
	}
}

// auth gives the changed auth as an object or null, nil where it isn't changed.
// The contract's example of updating a request has it as a text, under the name
// "oauth".
func (g *given) auth() *definition.Value {
	a := g.changed("auth")
	if g.body["auth"] == nil && g.body["oauth"].Is(definition.String) {
		a = g.body["oauth"]
	}
	if !a.Is(definition.String) {
		return a
	}
	if a.Text == "" {
		return nil
	}
	o := definition.NewObject(definition.NewString(a.Text).With("type"))
	if a.Text == "noauth" {
		set(&o, "noauth", definition.NewArray())
	}
	return &o
}

// events puts scripts in: a list of them, or the text of one.
func (g *given) events(item *definition.Value) {
	list := g.changed("events")
	if list == nil {
		list = g.changed("event")
	}
	if list != nil {
		setOrDrop(item, "event", list)
		if list.Kind == definition.Array {
			return
		}
	}
	if g.kind != Request {
		return
	}
	for _, s := range [...]struct{ key, listen string }{{"preRequestScript", "prerequest"}, {"tests", "test"}} {
		switch text := g.changed(s.key); {
		case text == nil:
		case text.Kind == definition.Null:
			dropScript(item, s.listen)
		case text.Text != "" || g.now != nil:
			setScript(item, s.listen, text.Text)
		}
	}
}

// setScript gives an item's first script for an event the text.
func setScript(item *definition.Value, listen, text string) {
	list := child(item, "event", definition.Array)
	var event *definition.Value
	for i := range list.Kids {
		if list.Kids[i].Get("listen").Str() == listen {
			event = &list.Kids[i]
			break
		}
	}
	lines := definition.NewArray()
	for s := range strings.SplitSeq(text, "\n") {
		lines.Kids = append(lines.Kids, definition.NewString(s))
	}
	if event == nil {
		script := definition.NewObject(definition.NewString("text/javascript").With("type"), lines.With("exec"))
		list.Kids = append(slices.Clip(list.Kids), definition.NewObject(definition.NewString(listen).With("listen"), script.With("script")))
		return
	}
	if event.Get("script").Is(definition.String) {
		set(event, "script", definition.NewString(text))
		return
	}
	script := child(event, "script", definition.Object)
	if script.Get("exec").Is(definition.String) {
		lines = definition.NewString(text)
	}
	set(script, "exec", lines)
}

func dropScript(item *definition.Value, listen string) {
	list := item.Get("event")
	if !list.Is(definition.Array) {
		return
	}
	kept := make([]definition.Value, 0, len(list.Kids))
	for _, e := range list.Kids {
		if e.Get("listen").Str() != listen {
			kept = append(kept, e)
		}
	}
	if list.Kids = kept; len(kept) == 0 {
		drop(item, "event")
	}
}

func (g *given) variables(item *definition.Value) {
	list := g.changed("variables")
	if list == nil {
		list = g.changed("variable")
	}
	if list != nil {
		setOrDrop(item, "variable", list)
	}
}

// call puts method, URL, headers and body into a request object.
func (g *given) call(req *definition.Value) {
	if m := g.changed("method"); m.Is(definition.String) {
		set(req, "method", m.Clone())
	}
	g.headers(req)
	g.url(req)
	g.bodyParts(req)
}

// headers puts headers in, of which a body may have three forms: headerData,
// the document's header, and headers, a list or text. One that says something
// comes before one that is empty.
func (g *given) headers(req *definition.Value) {
	data, header, headers := g.changed("headerData"), g.changed("header"), g.changed("headers")
	switch {
	case !isEmpty(data):
		set(req, "header", unflatList(req.Get("header"), data, false))
	case !isNull(header):
		set(req, "header", header.Clone())
	case !isEmpty(headers):
		list := definition.NewArray()
		for _, h := range fieldsOf(headers) {
			list.Kids = append(list.Kids, h.With(""))
		}
		set(req, "header", unflatList(req.Get("header"), &list, false))
	case data != nil:
		set(req, "header", definition.NewArray())
	}
}

// unflatList makes a document's list of headers, parameters or fields of the
// flat one. An element that is given as it was shown is taken as it was.
func unflatList(old, list *definition.Value, query bool) definition.Value {
	shown := map[string][]*definition.Value{}
	if old.Is(definition.Array) {
		for i := range old.Kids {
			for _, f := range fieldsOf(&definition.Value{Kind: definition.Array, Kids: old.Kids[i : i+1]}) {
				v := flatField(f, query)
				text := string(v.AppendJSON(nil))
				shown[text] = append(shown[text], &old.Kids[i])
			}
		}
	}
	out := definition.NewArray()
	for i := range list.Kids {
		f := &list.Kids[i]
		text := string(f.AppendJSON(nil))
		if was := shown[text]; len(was) > 0 {
			out.Kids = append(out.Kids, was[0].Clone())
			shown[text] = was[1:]
			continue
		}
		if f.Kind == definition.Object {
			out.Kids = append(out.Kids, unflatField(f, query))
		} else if f.Kind == definition.String {
			out.Kids = append(out.Kids, f.Clone())
		}
	}
	return out
}

func unflatField(f *definition.Value, query bool) definition.Value {
	o := newObject(len(f.Kids))
	for i := range f.Kids {
		switch m := &f.Kids[i]; {
		case m.Key == "enabled" && m.Kind == definition.Bool:
			if !m.True() && !f.Get("disabled").True() {
				o.put("disabled", definition.NewBool(true))
			}
		case m.Key == "equals" && query && m.Kind == definition.Bool && m.True() == !isNull(f.Get("value")):
		default:
			o.put(m.Key, m.Clone())
		}
	}
	return o.Value
}

// bodyParts puts a request's body in.
func (g *given) bodyParts(req *definition.Value) {
	if b := g.changed("body"); b != nil && g.kind == Request {
		setOrDrop(req, "body", b)
	}
	mode, data, raw := g.changed("dataMode"), g.changed("data"), g.changed("rawModeData")
	graphql, options, disabled := g.changed("graphqlModeData"), g.changed("dataOptions"), g.changed("dataDisabled")
	says := !isEmpty(data) || !isEmpty(raw) || !isEmpty(graphql)
	switch {
	case mode == nil && data == nil && raw == nil && graphql == nil && options == nil && disabled == nil:
		return
	case !req.Has("body") && !says && isEmpty(mode) && isEmpty(options) && !disabled.True():
		return
	case mode.Is(definition.Null) && !says:
		drop(req, "body")
		return
	}
	body := child(req, "body", definition.Object)
	old := body.Get("mode").Str()
	want := wantedMode(old, mode, raw, graphql, data)
	if want != old {
		setAfter(body, "", "mode", definition.NewString(want))
		data, raw = g.body["data"], g.body["rawModeData"]
	}
	setRaw(body, want, raw, data)
	setFields(body, want, data)
	if graphql != nil {
		if isEmpty(graphql) {
			drop(body, "graphql")
		} else {
			set(body, "graphql", graphql.Clone())
		}
	}
	if options.Is(definition.Object) {
		set(body, "options", renamed(options, bodyMode))
	} else if options != nil {
		drop(body, "options")
	}
	if disabled.True() {
		set(body, "disabled", definition.NewBool(true))
	} else if disabled != nil {
		drop(body, "disabled")
	}
}

func wantedMode(old string, mode, raw, graphql, data *definition.Value) string {
	switch {
	case mode.Str() != "":
		return bodyMode(mode.Text)
	case old != "":
		return old
	case !isEmpty(graphql):
		return "graphql"
	case data.Is(definition.Array) && isEmpty(raw):
		return "urlencoded"
	}
	return "raw"
}

// setRaw puts a body's text in, of a file its path. Format 1.0.0 had the text
// as data.
func setRaw(body *definition.Value, mode string, raw, data *definition.Value) {
	if isEmpty(raw) && data.Is(definition.String) {
		raw = data
	}
	switch {
	case raw == nil:
	case mode == "file" && raw.Kind == definition.String:
		set(child(body, "file", definition.Object), "src", raw.Clone())
	case mode == "file":
		if f := body.Get("file"); f.Is(definition.Object) {
			drop(f, "src")
		}
	default:
		setOrDrop(body, "raw", raw)
	}
}

func setFields(body *definition.Value, mode string, data *definition.Value) {
	key := listOf(mode)
	switch {
	case data == nil || data.Kind == definition.String:
	case data.Kind == definition.Null:
		drop(body, key)
	case len(data.Kids) == 0 && mode != key && !body.Has(key):
	default:
		set(body, key, unflatList(body.Get(key), data, false))
	}
}
