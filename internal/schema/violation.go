package schema

import (
	"sort"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Violation is one way in which a value breaks its schema.
type Violation struct {
	Path    []string // the place inside the value: property names and indexes
	Keyword string   // of JSON Schema; "false schema" for the schema false
	Message string   // what must be, in the words that JSON Schema validators use
}

// Pointer gives the place as a JSON pointer (RFC 6901).
func (v Violation) Pointer() string {
	var b strings.Builder
	for _, p := range v.Path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(p, "~", "~0"), "/", "~1"))
	}
	return b.String()
}

func itoa(n int) string { return strconv.Itoa(n) }

// enumText lists the members of an enum, the first 20 of them.
func enumText(enum []value) string {
	var b []byte
	for i := range enum {
		if i > 0 {
			b = append(b, ", "...)
		}
		if i == 20 {
			return string(append(b, "…"...))
		}
		if enum[i].Kind == definition.String {
			b = append(b, enum[i].Text...)
		} else {
			b = enum[i].AppendJSON(b)
		}
	}
	return string(b)
}

// canonical appends a text that is the same for equal values.
func canonical(dst []byte, v *value) []byte {
	switch v.Kind {
	case definition.Number:
		if f, ok := v.Float(); ok && f > -1<<53 && f < 1<<53 {
			return strconv.AppendFloat(dst, f, 'g', -1, 64)
		}
		return append(dst, v.Text...)
	case definition.Array:
		dst = append(dst, '[')
		for i := range v.Kids {
			dst = append(canonical(dst, &v.Kids[i]), ',')
		}
		return append(dst, ']')
	case definition.Object:
		order := make([]int, len(v.Kids))
		for i := range order {
			order[i] = i
		}
		sort.Slice(order, func(a, b int) bool { return v.Kids[order[a]].Key < v.Kids[order[b]].Key })
		dst = append(dst, '{')
		for _, i := range order {
			dst = definition.AppendString(dst, v.Kids[i].Key)
			dst = append(canonical(append(dst, ':'), &v.Kids[i]), ',')
		}
		return append(dst, '}')
	}
	return v.AppendJSON(dst)
}
