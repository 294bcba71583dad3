package main

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

type value = definition.Value

// pointed finds what a JSON Pointer leads to; nil where nothing is there.
func pointed(root *value, pointer string) *value {
	v, ok := document.Pointer(root, pointer)
	if !ok {
		return nil
	}
	return v
}

// at finds what a dotted path leads to inside an item; "" is the item. A name
// that holds a dot itself is found, too.
func at(item *value, path string) *value {
	if path == "" || item == nil {
		return item
	}
	if v := item.Get(path); v != nil {
		return v
	}
	name, rest, ok := strings.Cut(path, ".")
	if !ok {
		return nil
	}
	return at(item.Get(name), rest)
}

// allAt is [at] for paths that lead through arrays: it gives the values of all
// their elements.
func allAt(item *value, path string) []*value {
	switch {
	case item == nil:
		return nil
	case item.Kind == definition.Array:
		var all []*value
		for i := range item.Kids {
			all = append(all, allAt(&item.Kids[i], path)...)
		}
		return all
	case path == "":
		return []*value{item}
	case item.Has(path):
		return allAt(item.Get(path), "")
	}
	name, rest, ok := strings.Cut(path, ".")
	if !ok {
		return nil
	}
	return allAt(item.Get(strings.TrimSuffix(name, "[]")), rest)
}

// isScalar tells whether v is a text, a number or a boolean.
func isScalar(v *value) bool {
	return v.Is(definition.String) || v.Is(definition.Number) || v.Is(definition.Bool)
}

// sameScalar compares two scalars, numbers by value. A number and a text that
// reads the same are the same: a list and an item may declare one property
// differently.
func sameScalar(a, b *value) bool {
	return a.Text == b.Text || a.Is(definition.Number) && b.Is(definition.Number) && definition.CompareNumbers(a.Text, b.Text) == 0
}

// sameMoment compares two times, one of which counts seconds or milliseconds
// since 1970.
func sameMoment(a, b *value) bool {
	ta, _, okA := momentOf(a)
	tb, _, okB := momentOf(b)
	return okA && okB && a.Kind != b.Kind && ta.Unix() == tb.Unix()
}

// difference is where two values part.
type difference struct {
	path string
	a, b *value
}

// differ compares two views of one item in the members that both have, and so
// on inside of them. Where one view has an item and the other its id, they
// agree when the item has that value.
func differ(a, b *value, path string) *difference {
	switch {
	case a.Is(definition.Object) && b.Is(definition.Object):
		for i := range a.Kids {
			k := &a.Kids[i]
			other := b.Get(k.Key)
			if other == nil {
				continue
			}
			if d := differ(k, other, join(path, k.Key)); d != nil {
				return d
			}
		}
		return nil
	case a.Is(definition.Array) && b.Is(definition.Array):
		if len(a.Kids) != len(b.Kids) {
			return &difference{path, a, b}
		}
		for i := range a.Kids {
			if d := differ(&a.Kids[i], &b.Kids[i], join(path, strconv.Itoa(i))); d != nil {
				return d
			}
		}
		return nil
	case isScalar(a) && isScalar(b) && (sameScalar(a, b) || sameMoment(a, b)), a.Is(definition.Null) && b.Is(definition.Null):
		return nil
	case isScalar(a) && holds(b, a), isScalar(b) && holds(a, b):
		return nil
	}
	return &difference{path, a, b}
}

// holds tells whether an object has a member of the value.
func holds(object, v *value) bool {
	if !object.Is(definition.Object) {
		return false
	}
	for i := range object.Kids {
		if isScalar(&object.Kids[i]) && sameScalar(&object.Kids[i], v) {
			return true
		}
	}
	return false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// show is a value for people, shortened.
func show(v *value) string {
	if v == nil {
		return "nothing"
	}
	return clip(string(v.AppendJSON(nil)))
}

// clip shortens a text for a line of the report.
func clip(s string) string {
	const most = 120
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// firstLine is the first line of an output.
func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return clip(line)
}
