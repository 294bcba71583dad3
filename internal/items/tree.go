package items

import (
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
)

// set gives an object the member, in the place of one of that name or at the
// end. Pointers to members are no longer good after it.
func set(o *definition.Value, key string, v definition.Value) {
	if old := o.Get(key); old != nil {
		*old = v.With(key)
		return
	}
	o.Kids = append(slices.Clip(o.Kids), v.With(key))
}

// setAfter is set, but a new member is put after the one of the name first, or
// at the beginning.
func setAfter(o *definition.Value, first, key string, v definition.Value) {
	if o.Has(key) {
		set(o, key, v)
		return
	}
	at := 0
	if i := slices.IndexFunc(o.Kids, func(k definition.Value) bool { return k.Key == first }); i >= 0 {
		at = i + 1
	}
	o.Kids = insert(o.Kids, at, v.With(key))
}

// insert is slices.Insert that leaves the memory of the old slice alone.
func insert(list []definition.Value, at int, more ...definition.Value) []definition.Value {
	out := make([]definition.Value, 0, len(list)+len(more))
	out = append(out, list[:at]...)
	out = append(out, more...)
	return append(out, list[at:]...)
}

func drop(o *definition.Value, keys ...string) {
	if o == nil || !slices.ContainsFunc(o.Kids, func(k definition.Value) bool { return slices.Contains(keys, k.Key) }) {
		return
	}
	kept := make([]definition.Value, 0, len(o.Kids))
	for _, k := range o.Kids {
		if !slices.Contains(keys, k.Key) {
			kept = append(kept, k)
		}
	}
	o.Kids = kept
}

// merge sets many members.
func merge(o *definition.Value, members []*definition.Value) {
	at := make(map[string]int, len(o.Kids)+len(members))
	for i := range o.Kids {
		at[o.Kids[i].Key] = i
	}
	o.Kids = slices.Clip(o.Kids)
	for _, m := range members {
		if i, ok := at[m.Key]; ok {
			o.Kids[i] = m.Clone()
			continue
		}
		at[m.Key] = len(o.Kids)
		o.Kids = append(o.Kids, m.Clone())
	}
}

// setOrDrop sets a member, or removes it where the value is null.
func setOrDrop(o *definition.Value, key string, v *definition.Value) {
	if v.Is(definition.Null) {
		drop(o, key)
		return
	}
	set(o, key, v.Clone())
}

// child gives the member that is of a kind, made where there is none.
func child(o *definition.Value, key string, kind definition.Kind) *definition.Value {
	if m := o.Get(key); m.Is(kind) {
		return m
	}
	set(o, key, definition.Value{Kind: kind})
	return o.Get(key)
}

// height is how deep a value nests: 0 for a scalar.
func height(v *definition.Value) int {
	if v.Kind != definition.Array && v.Kind != definition.Object {
		return 0
	}
	most := 0
	for i := range v.Kids {
		most = max(most, height(&v.Kids[i]))
	}
	return most + 1
}

// orNull gives a copy of what may be absent, null for nothing.
func orNull(v *definition.Value) definition.Value {
	if v == nil {
		return definition.NewNull()
	}
	return v.Clone().With("")
}

func isNull(v *definition.Value) bool { return v == nil || v.Kind == definition.Null }

// isEmpty reports whether a value says nothing: absent, null, "", [] or {}.
func isEmpty(v *definition.Value) bool {
	return isNull(v) || v.Kind == definition.String && v.Text == "" ||
		(v.Kind == definition.Array || v.Kind == definition.Object) && len(v.Kids) == 0
}

// object makes an object member by member.
type object struct{ definition.Value }

func newObject(size int) object {
	return object{definition.Value{Kind: definition.Object, Kids: make([]definition.Value, 0, size)}}
}

func (o *object) put(key string, v definition.Value) { o.Kids = append(o.Kids, v.With(key)) }

func (o *object) text(key, s string) { o.put(key, definition.NewString(s)) }
