package har

import (
	"math"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
)

// members reads an object's members one by one and keeps what nobody took: a
// member of zero value or of another type than asked for stays.
type members struct {
	r      *reader
	object *definition.Value
	taken  []bool
}

func (r *reader) members(object *definition.Value) *members {
	return &members{r: r, object: object, taken: make([]bool, len(object.Kids))}
}

func (m *members) find(key string) (v *definition.Value, place int) {
	for i := range m.object.Kids {
		if m.object.Kids[i].Key == key {
			return &m.object.Kids[i], i
		}
	}
	return nil, -1
}

// text reads a text; numbers and booleans are read as one.
func (m *members) text(key string) string {
	v, i := m.find(key)
	if v == nil || v.Kind == definition.Null {
		return ""
	}
	if v.Kind == definition.Object || v.Kind == definition.Array {
		m.r.wrongType(v, key, "a string")
		return ""
	}
	m.taken[i] = v.Kind == definition.String && v.Text != ""
	return v.Text
}

// number reads a number, or a text that is one.
func (m *members) number(key string) float64 {
	v, i := m.find(key)
	if v == nil || v.Kind == definition.Null {
		return 0
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	if v.Kind != definition.Number && v.Kind != definition.String || err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		m.r.wrongType(v, key, "a number")
		return 0
	}
	m.taken[i] = v.Kind == definition.Number && f != 0 && definition.CompareNumbers(v.Text, floatText(f)) == 0
	return f
}

// integer reads a number without a fraction.
func (m *members) integer(key string) int {
	f := m.number(key)
	v, i := m.find(key)
	if f == 0 || v == nil {
		return 0
	}
	if f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		m.taken[i] = false
		m.r.wrongType(v, key, "a whole number")
		return 0
	}
	return int(f)
}

func (m *members) yes(key string) bool {
	v, i := m.find(key)
	if v == nil {
		return false
	}
	m.taken[i] = v.True()
	return v.True()
}

// kind takes a member of one kind, nil where there is none.
func (m *members) kind(key string, k definition.Kind) *definition.Value {
	v, i := m.find(key)
	if v == nil || v.Kind == definition.Null {
		return nil
	}
	if v.Kind != k {
		m.r.wrongType(v, key, article(k))
		return nil
	}
	m.taken[i] = true
	return v
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

func article(k definition.Kind) string {
	switch k {
	case definition.Array, definition.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

func floatText(f float64) string {
	v := definition.NewFloat(f)
	return v.Text
}
