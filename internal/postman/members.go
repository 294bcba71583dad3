package postman

import "github.com/mimus-dev/mimus/internal/definition"

// members reads an object's members one by one and keeps what nobody took.
type members struct {
	object *definition.Value
	taken  []bool
}

func membersOf(v *definition.Value) members {
	if !v.Is(definition.Object) {
		return members{object: &definition.Value{}}
	}
	return members{object: v, taken: make([]bool, len(v.Kids))}
}

// find gives the first member of a name and its place, nil where there is none.
func (m *members) find(key string) (v *definition.Value, place int) {
	for i := range m.object.Kids {
		if m.object.Kids[i].Key == key && !m.taken[i] {
			return &m.object.Kids[i], i
		}
	}
	return nil, -1
}

// kind takes a member of one kind, nil where there is none.
func (m *members) kind(key string, k definition.Kind) *definition.Value {
	v, i := m.find(key)
	if v == nil || v.Kind != k {
		return nil
	}
	m.taken[i] = true
	return v
}

// text takes a text that isn't empty. An empty one stays with the rest, and
// so is told from a missing one.
func (m *members) text(key string) string {
	v, i := m.find(key)
	if v == nil || v.Kind != definition.String || v.Text == "" {
		return ""
	}
	m.taken[i] = true
	return v.Text
}

// scalar reads a text, a number or a boolean as text, and leaves what is no
// text with the rest, from where a writer takes it as it was.
func (m *members) scalar(key string) string {
	if s := m.text(key); s != "" {
		return s
	}
	v, _ := m.find(key)
	if v == nil || v.Kind == definition.Object || v.Kind == definition.Array {
		return ""
	}
	return scalar(v)
}

// yes takes a boolean that is true.
func (m *members) yes(key string) bool {
	v, i := m.find(key)
	if !v.True() {
		return false
	}
	m.taken[i] = true
	return true
}

// any takes a member of any kind but null, a copy that owns its memory.
func (m *members) any(key string) *definition.Value {
	v, i := m.find(key)
	if v == nil || v.Kind == definition.Null {
		return nil
	}
	m.taken[i] = true
	return v
}

// untake leaves a member that was taken with the rest.
func (m *members) untake(v *definition.Value) {
	for i := range m.object.Kids {
		if &m.object.Kids[i] == v {
			m.taken[i] = false
		}
	}
}

// rest gives the members that nobody took.
func (m *members) rest() []definition.Value {
	var out []definition.Value
	for i := range m.taken {
		if !m.taken[i] {
			out = append(out, m.object.Kids[i])
		}
	}
	return out
}

// object builds a JSON object from typed members and extra ones.
type object struct {
	kids  []definition.Value
	extra []definition.Value
}

// build gives the object: what was put, then the extra members of other names.
func (o *object) build() definition.Value {
	for i := range o.extra {
		if !o.has(o.extra[i].Key) {
			o.kids = append(o.kids, o.extra[i])
		}
	}
	return definition.NewObject(o.kids...)
}

func (o *object) has(key string) bool {
	for i := range o.kids {
		if o.kids[i].Key == key {
			return true
		}
	}
	return false
}

func (o *object) put(key string, v definition.Value) { o.kids = append(o.kids, v.With(key)) }

func (o *object) value(key string, v *definition.Value) {
	if v != nil {
		o.put(key, *v)
	}
}

// text puts a text unless it is empty or the extra member of that name says
// the same in another shape.
func (o *object) text(key, s string) {
	if s != "" && !o.extraSays(key, s) {
		o.put(key, definition.NewString(s))
	}
}

// extraSays tells whether an extra member says a text in whatever shape.
func (o *object) extraSays(key, s string) bool {
	for i := range o.extra {
		if o.extra[i].Key == key && scalar(&o.extra[i]) == s {
			return true
		}
	}
	return false
}

func (o *object) yes(key string, b bool) {
	if b {
		o.put(key, definition.NewBool(true))
	}
}
