package items

import (
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// url puts a URL in, of its text and of lists of its parameters. Text and
// parameters are kept as they are given, even where they differ: the list is
// what counts. An empty list beside a new text means what the text says.
func (g *given) url(req *definition.Value) {
	u, query, vars, values := g.changed("url"), g.changed("queryParams"), g.changed("pathVariableData"), g.changed("pathVariables")
	if u == nil && query == nil && vars == nil && values == nil {
		return
	}
	var old definition.Value
	if before := req.Get("url"); before != nil {
		old = before.Clone()
	}
	switch {
	case u == nil:
	case u.Kind == definition.Null && g.now != nil:
		drop(req, "url")
	case u.Kind == definition.Object:
		set(req, "url", u.Clone())
	case u.Kind == definition.String:
		set(req, "url", parsedURL(&old, u.Text))
	}
	if query != nil && (u == nil || !isEmpty(query)) {
		if url := urlObject(req, !isEmpty(query)); url != nil {
			setQuery(url, queryOf(&old), query, g.body["url"] == nil)
		}
	}
	if vars != nil {
		if url := urlObject(req, !isEmpty(vars)); url != nil && isEmpty(vars) {
			drop(url, "variable")
		} else if url != nil {
			set(url, "variable", vars.Clone())
		}
	} else if values.Is(definition.Object) {
		if url := urlObject(req, len(values.Kids) > 0); url != nil {
			setValues(url, values)
		}
	}
}

// urlObject gives a URL as an object to edit, nil where there is none and none
// is wanted.
func urlObject(req *definition.Value, wanted bool) *definition.Value {
	u := req.Get("url")
	switch {
	case u.Is(definition.Object):
		return u
	case u.Is(definition.String):
		set(req, "url", parsedURL(nil, u.Text))
		return req.Get("url")
	case !wanted:
		return nil
	}
	return child(req, "url", definition.Object)
}

// setQuery puts the list of parameters in. With follow a text that had just the
// parameters of the list before gets those of the new one.
func setQuery(url, old, query *definition.Value, follow bool) {
	before := queryText(old)
	list := definition.NewArray()
	if query.Is(definition.Array) {
		list = unflatList(old, query, true)
	}
	set(url, "query", list) // an empty one too: none in the text counts then
	raw := url.Get("raw")
	if !follow || !raw.Is(definition.String) {
		return
	}
	text, hash, hasHash := strings.Cut(raw.Text, "#")
	base, was, _ := strings.Cut(text, "?")
	if was != before {
		return
	}
	if now := queryText(url.Get("query")); now != "" {
		base += "?" + now
	}
	if hasHash {
		base += "#" + hash
	}
	raw.Text = base
}

// setValues gives the URL's variables their values by name.
func setValues(url, values *definition.Value) {
	list := child(url, "variable", definition.Array)
	at := map[string]int{}
	kept := list.Kids[:0:0]
	wanted := byKey(values)
	for _, v := range list.Kids {
		if key := variableKey(&v); wanted[key] != nil {
			at[key] = len(kept)
			kept = append(kept, v)
		}
	}
	for i := range values.Kids {
		v := &values.Kids[i]
		if n, ok := at[v.Key]; ok {
			set(&kept[n], "value", v.Clone())
			continue
		}
		kept = append(kept, definition.NewObject(definition.NewString(v.Key).With("key"), v.Clone().With("value")))
	}
	list.Kids = kept
	if len(kept) == 0 {
		drop(url, "variable")
	}
}

// parsedURL makes a URL's object of its text. What the text doesn't say is taken
// from the old one: the values of path variables, descriptions, parameters that
// are off, unknown members.
func parsedURL(old *definition.Value, text string) definition.Value {
	out := definition.NewObject()
	if old.Is(definition.Object) {
		out = old.Clone().With("")
	}
	p := postman.ParseURL(text)
	setAfter(&out, "", "raw", definition.NewString(text))
	for _, part := range [...]struct{ key, text string }{{"protocol", p.Protocol}, {"host", ""}, {"port", p.Port}, {"path", ""}, {"hash", p.Hash}} {
		switch {
		case part.key == "host" && p.Host != nil:
			set(&out, "host", textList(p.Host))
		case part.key == "path" && p.Path != nil:
			path := make([]string, len(p.Path))
			for i := range p.Path {
				path[i] = p.Path[i].Value
			}
			set(&out, "path", textList(path))
		case part.text != "":
			set(&out, part.key, definition.NewString(part.text))
		default:
			drop(&out, part.key)
		}
	}
	query := parsedQuery(out.Get("query"), p.Query)
	if len(query.Kids) == 0 {
		drop(&out, "query")
	} else {
		set(&out, "query", query)
	}
	return out
}

func textList(texts []string) definition.Value {
	list := definition.NewArray()
	for _, s := range texts {
		list.Kids = append(list.Kids, definition.NewString(s))
	}
	return list
}

// parsedQuery makes the list of parameters that a text has, each the old one of
// that name where there is one. Old ones that are off stay, at the end.
func parsedQuery(old *definition.Value, fields []*postman.Field) definition.Value {
	named := map[string][]*definition.Value{}
	out := definition.NewArray()
	var off []definition.Value
	for _, q := range fieldsOf(old) {
		if q.Get("disabled").True() {
			off = append(off, q.Clone())
			continue
		}
		key := q.Get("key").Str()
		named[key] = append(named[key], q)
	}
	for _, f := range fields {
		value := definition.NewString(f.Value)
		if f.Literal != nil {
			value = *f.Literal
		}
		q := definition.NewObject(definition.NewString(f.Key).With("key"))
		if was := named[f.Key]; len(was) > 0 {
			n := max(0, slices.IndexFunc(was, func(q *definition.Value) bool { return plainText(q.Get("value")) == f.Value }))
			q = was[n].Clone().With("")
			was[n] = was[0]
			named[f.Key] = was[1:]
			if isNull(q.Get("value")) && f.Literal != nil || q.Has("value") && !isNull(q.Get("value")) && plainText(q.Get("value")) == f.Value {
				out.Kids = append(out.Kids, q)
				continue
			}
		}
		set(&q, "value", value)
		out.Kids = append(out.Kids, q)
	}
	out.Kids = append(out.Kids, off...)
	return out
}
