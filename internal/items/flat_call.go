package items

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// call is a request object, an item's or the original of a saved response, in
// the flat model.
type call struct {
	method, url              definition.Value
	headers, headerText      definition.Value // headerData; "Key: value" lines or null
	query                    definition.Value // queryParams
	variables, pathVariables definition.Value // pathVariableData; name to value
	body                     flatBody
}

type flatBody struct{ mode, data, raw, graphql, options, disabled definition.Value }

// flatCall flattens a request object, or the URL's text in its place.
func flatCall(req *definition.Value) call {
	c := call{method: definition.NewString("GET"), headers: definition.NewArray(), headerText: definition.NewNull()}
	if m := req.Get("method"); m.Is(definition.String) {
		c.method.Text = m.Text
	}
	var text strings.Builder
	for _, h := range fieldsOf(req.Get("header")) {
		c.headers.Kids = append(c.headers.Kids, flatField(h, false))
		if !h.Get("disabled").True() {
			text.WriteString(h.Get("key").Str() + ": " + plainText(h.Get("value")) + "\n")
		}
	}
	if text.Len() > 0 {
		c.headerText = definition.NewString(text.String())
	}
	u := urlOf(req)
	c.url = definition.NewString(urlText(u))
	c.query, c.variables, c.pathVariables = definition.NewArray(), definition.NewArray(), definition.NewObject()
	for _, q := range fieldsOf(queryOf(u)) {
		c.query.Kids = append(c.query.Kids, flatField(q, true))
	}
	seen := map[string]bool{}
	for _, p := range kids(u, "variable") {
		c.variables.Kids = append(c.variables.Kids, p.Clone())
		if key := variableKey(p); key != "" && !seen[key] {
			seen[key] = true
			c.pathVariables.Kids = append(c.pathVariables.Kids, orNull(p.Get("value")).With(key))
		}
	}
	c.body = bodyOf(req.Get("body"))
	return c
}

func variableKey(v *definition.Value) string {
	if key := v.Get("key").Str(); key != "" {
		return key
	}
	return v.Get("id").Str()
}

// urlOf gives the URL of a request: an object, a text or nil.
func urlOf(req *definition.Value) *definition.Value {
	if req.Is(definition.String) {
		return req
	}
	return req.Get("url")
}

// queryOf gives the list of a URL's parameters: its own, or what its text says.
func queryOf(u *definition.Value) *definition.Value {
	if list := u.Get("query"); list != nil {
		return list
	}
	text := u.Str()
	if text == "" {
		text = u.Get("raw").Str()
	}
	if !strings.Contains(text, "?") {
		return nil
	}
	list := parsedQuery(nil, postman.ParseURL(text).Query)
	return &list
}

// urlText gives a URL as text: as it is written, or made of its parts.
func urlText(u *definition.Value) string {
	if u.Is(definition.String) {
		return u.Text
	}
	if raw := u.Get("raw"); raw.Is(definition.String) {
		return raw.Text
	}
	var b strings.Builder
	if p := u.Get("protocol").Str(); p != "" {
		b.WriteString(strings.TrimSuffix(p, "://") + "://")
	}
	b.WriteString(joined(u.Get("host"), "."))
	if p := plainText(u.Get("port")); p != "" {
		b.WriteString(":" + p)
	}
	if p := strings.TrimPrefix(joined(u.Get("path"), "/"), "/"); p != "" {
		b.WriteString("/" + p)
	}
	if q := queryText(u.Get("query")); q != "" {
		b.WriteString("?" + q)
	}
	if h := u.Get("hash").Str(); h != "" {
		b.WriteString("#" + h)
	}
	return b.String()
}

// joined gives a text, or a list of texts and of objects with a value.
func joined(v *definition.Value, sep string) string {
	if !v.Is(definition.Array) {
		return v.Str()
	}
	parts := make([]string, len(v.Kids))
	for i := range v.Kids {
		if parts[i] = v.Kids[i].Str(); v.Kids[i].Kind == definition.Object {
			parts[i] = v.Kids[i].Get("value").Str()
		}
	}
	return strings.Join(parts, sep)
}

// queryText gives the parameters that are on as a raw query.
func queryText(list *definition.Value) string {
	var b strings.Builder
	for _, q := range fieldsOf(list) {
		if q.Get("disabled").True() {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(q.Get("key").Str())
		if v := q.Get("value"); !isNull(v) {
			b.WriteString("=" + plainText(v))
		}
	}
	return b.String()
}

// plainText gives a text as it is, null as nothing, anything else as JSON.
func plainText(v *definition.Value) string {
	switch {
	case isNull(v):
		return ""
	case v.Kind == definition.String:
		return v.Text
	}
	return string(v.AppendJSON(nil))
}

// fieldsOf gives a list of headers, parameters or fields as objects: of a list,
// of texts in it, or of one text with a header a line.
func fieldsOf(v *definition.Value) []*definition.Value {
	var out []*definition.Value
	line := func(s string) {
		if key, value, _ := strings.Cut(s, ":"); strings.TrimSpace(key) != "" {
			f := definition.NewObject(definition.NewString(strings.TrimSpace(key)).With("key"), definition.NewString(strings.TrimSpace(value)).With("value"))
			out = append(out, &f)
		}
	}
	switch {
	case v.Is(definition.String):
		for s := range strings.Lines(v.Text) {
			line(s)
		}
	case v.Is(definition.Array):
		for i := range v.Kids {
			switch kid := &v.Kids[i]; kid.Kind {
			case definition.Object:
				out = append(out, kid)
			case definition.String:
				line(kid.Text)
			}
		}
	}
	return out
}

// flatField shows a field: it says that it is on, where the document says that
// it is off, and of a parameter whether it has an equals sign.
func flatField(f *definition.Value, query bool) definition.Value {
	o := newObject(len(f.Kids) + 2)
	for i := range f.Kids {
		switch m := &f.Kids[i]; {
		case m.Key == "disabled" && (m.Kind == definition.Bool || m.Kind == definition.Null):
		case m.Key == "description":
			if m.Kind == definition.Object {
				o.text("description", textOf(m))
			} else {
				o.put("description", *m)
			}
		default:
			o.put(m.Key, m.Clone())
		}
	}
	if query && !f.Has("equals") {
		o.put("equals", definition.NewBool(!isNull(f.Get("value"))))
	}
	if !f.Has("enabled") {
		o.put("enabled", definition.NewBool(!f.Get("disabled").True()))
	}
	return o.Value
}

func bodyOf(body *definition.Value) flatBody {
	b := flatBody{
		mode: definition.NewNull(), data: definition.NewNull(), raw: definition.NewNull(),
		graphql: definition.NewNull(), options: definition.NewNull(), disabled: definition.NewBool(body.Get("disabled").True()),
	}
	mode := body.Get("mode").Str()
	if mode != "" {
		b.mode = definition.NewString(flatMode(mode))
	}
	// The empty list that is left of another mode says nothing.
	if list := body.Get(listOf(mode)); list.Is(definition.Array) && (len(list.Kids) > 0 || mode == listOf(mode)) {
		b.data = definition.NewArray()
		for _, f := range fieldsOf(list) {
			b.data.Kids = append(b.data.Kids, flatField(f, false))
		}
	}
	if mode == "file" {
		b.raw = textOrNull(body.Get("file").Get("src"))
		if body.Get("file").Is(definition.String) {
			b.raw = definition.NewString(body.Get("file").Text)
		}
	} else {
		b.raw = textOrNull(body.Get("raw"))
	}
	if g := body.Get("graphql"); !isNull(g) {
		b.graphql = g.Clone().With("")
	}
	if o := body.Get("options"); o.Is(definition.Object) {
		b.options = renamed(o, flatOption)
	}
	return b
}

// listOf names the list of a body's fields.
func listOf(mode string) string {
	if mode == "formdata" {
		return "formdata"
	}
	return "urlencoded"
}

// flatMode and bodyMode translate the names of modes. A form is "formdata" as in
// the contract; "params", its name in format 1.0.0, is accepted, and the
// contract's name for its options.
func flatMode(mode string) string {
	if mode == "file" {
		return "binary"
	}
	return mode
}

func flatOption(mode string) string {
	if mode == "formdata" {
		return "params"
	}
	return flatMode(mode)
}

func bodyMode(mode string) string {
	switch mode {
	case "binary":
		return "file"
	case "params":
		return "formdata"
	}
	return mode
}

// renamed copies an object with its members' names translated.
func renamed(o *definition.Value, name func(string) string) definition.Value {
	out := newObject(len(o.Kids))
	for i := range o.Kids {
		key := name(o.Kids[i].Key)
		if key != o.Kids[i].Key && o.Has(key) {
			key = o.Kids[i].Key
		}
		out.put(key, o.Kids[i].Clone())
	}
	return out.Value
}
