package main

import (
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// pair is one name=value of a query. The value is escaped already, because
// what separates the items of a list is not.
type pair struct{ name, escaped string }

func newPair(name, v string) pair { return pair{name: name, escaped: escape(v)} }

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// encode is the query with its question mark; "" for none.
func encode(pairs []pair) string {
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = escape(p.name) + "=" + p.escaped
	}
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

// decode takes a query apart, without its question mark.
func decode(query string) (pairs []pair) {
	for part := range strings.SplitSeq(query, "&") {
		name, v, _ := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		pairs = append(pairs, pair{name: name, escaped: v})
	}
	return pairs
}

// over gives the pairs of both, without those of below that over replaces.
func over(above, below []pair) []pair {
	all := append([]pair{}, above...)
	for _, p := range below {
		if !given(above, p.name) {
			all = append(all, p)
		}
	}
	return all
}

// pairsOf writes a value of a parameter of the query in the parameter's style
// (OpenAPI 3.2, 4.12.6).
func pairsOf(p *definition.Parameter, v *value) []pair {
	if p.Content != nil {
		return []pair{newPair(p.Name, string(v.AppendJSON(nil)))}
	}
	var items []string
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Object && !(p.Explode || p.Style == "deepObject") {
			items = append(items, escape(kid.Key))
		}
		items = append(items, escape(flat(kid)))
	}
	switch {
	case v.Kind != definition.Array && v.Kind != definition.Object:
		return []pair{newPair(p.Name, flat(v))}
	case v.Kind == definition.Array && !p.Explode, v.Kind == definition.Object && !(p.Explode || p.Style == "deepObject"):
		return []pair{{name: p.Name, escaped: strings.Join(items, separator(p.Style))}}
	}
	var pairs []pair
	for i, item := range items {
		name := p.Name
		switch {
		case v.Kind == definition.Object && p.Style == "deepObject":
			name += "[" + v.Kids[i].Key + "]"
		case v.Kind == definition.Object:
			name = v.Kids[i].Key
		}
		pairs = append(pairs, pair{name: name, escaped: item})
	}
	return pairs
}

func separator(style string) string {
	switch style {
	case "spaceDelimited":
		return "%20"
	case "pipeDelimited":
		return "%7C"
	case "tabDelimited":
		return "%09"
	}
	return ","
}

// flat is a value as one text, as paths and headers have it.
func flat(v *value) string {
	switch v.Kind {
	case definition.Null, definition.Invalid:
		return ""
	case definition.Array:
		parts := make([]string, len(v.Kids))
		for i := range v.Kids {
			parts[i] = flat(&v.Kids[i])
		}
		return strings.Join(parts, ",")
	case definition.Object:
		var parts []string
		for i := range v.Kids {
			parts = append(parts, v.Kids[i].Key, flat(&v.Kids[i]))
		}
		return strings.Join(parts, ",")
	}
	return v.Text
}
