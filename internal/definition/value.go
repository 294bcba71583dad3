package definition

import (
	"math"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// Kind is the JSON type of a [Value]. A number has one kind: whether it is an
// integer is a question of its value (JSON Schema 2020-12, 6.1.1).
type Kind uint8

// The kinds of a value. Invalid is the kind of the zero Value.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String gives the JSON name of the kind.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "boolean"
	case Number:
		return "number"
	case String:
		return "string"
	case Array:
		return "array"
	case Object:
		return "object"
	}
	return "invalid"
}

// Value is a JSON value that keeps the order of its keys, the text of its
// numbers and the place it was read from. It is the one tree of the project:
// documents, schemas, examples and bodies are made of it. All methods accept a
// nil receiver and treat it as an absent value.
//
// Children lie in one slice, members of an object with their Key set; a
// pointer to a child stays good as long as nobody appends to Kids.
type Value struct {
	Key   string  // the member's name inside an object, else empty
	Text  string  // the contents of a string, the literal of a number, "true" or "false"
	Kids  []Value // the elements of an array or the members of an object
	Pos   uint32  // byte offset in the file it was read from
	File  uint16  // number of that file, 0 where it came from none
	Kind  Kind
	Flags Flags
}

// Flags are marks that a reader leaves on a value.
type Flags uint8

const (
	// Resolved marks a reference that was rewritten to name an entry of
	// [Definition.Schemas].
	Resolved Flags = 1 << iota
	// Normalised marks a schema whose keywords are those of 2020-12.
	Normalised
)

// Get returns the member of an object by its name, nil when v is no object or
// has no such member.
func (v *Value) Get(key string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for i := range v.Kids {
		if v.Kids[i].Key == key {
			return &v.Kids[i]
		}
	}
	return nil
}

// Has reports whether v is an object with the member.
func (v *Value) Has(key string) bool { return v.Get(key) != nil }

// Is reports whether v is there and of the kind.
func (v *Value) Is(k Kind) bool { return v != nil && v.Kind == k }

// Str returns the contents of a string, "" for anything else.
func (v *Value) Str() string {
	if v == nil || v.Kind != String {
		return ""
	}
	return v.Text
}

// True reports whether v is the boolean true.
func (v *Value) True() bool { return v != nil && v.Kind == Bool && v.Text == "true" }

// Float returns the number's value; ok is false for anything but a number.
// Numbers out of the range of a float64 come as ±Inf.
func (v *Value) Float() (f float64, ok bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// Int returns the value of a number that is an integer of the range of an int,
// written as 3, 3.0 or 3e0.
func (v *Value) Int() (n int, ok bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	if n, err := strconv.Atoi(v.Text); err == nil {
		return n, true
	}
	f, ok := v.Float()
	if !ok || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int(f), true
}

// IsInteger reports whether v is a number without a fractional part.
func (v *Value) IsInteger() bool {
	if v == nil || v.Kind != Number {
		return false
	}
	plain := true
	for i := 0; i < len(v.Text); i++ {
		if c := v.Text[i]; c == '.' || c == 'e' || c == 'E' {
			plain = false
			break
		}
	}
	if plain {
		return true
	}
	f, ok := v.Float()
	return ok && !math.IsInf(f, 0) && f == math.Trunc(f)
}

// Len is the number of elements of an array or members of an object.
func (v *Value) Len() int {
	if v == nil {
		return 0
	}
	return len(v.Kids)
}

// NewString makes a string value.
func NewString(s string) Value { return Value{Kind: String, Text: s} }

// NewBool makes a boolean value.
func NewBool(b bool) Value {
	if b {
		return Value{Kind: Bool, Text: "true"}
	}
	return Value{Kind: Bool, Text: "false"}
}

// NewInt makes a number value.
func NewInt(n int64) Value { return Value{Kind: Number, Text: strconv.FormatInt(n, 10)} }

// NewFloat makes a number value with the shortest text that reads back the
// same, never in exponent form below 1e21 (as JavaScript writes numbers).
func NewFloat(f float64) Value {
	if f == math.Trunc(f) && math.Abs(f) < 1e21 {
		return Value{Kind: Number, Text: strconv.FormatFloat(f, 'f', -1, 64)}
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return Value{Kind: Number, Text: strconv.FormatFloat(f, 'f', -1, 64)}
	}
	return Value{Kind: Number, Text: strconv.FormatFloat(f, 'g', -1, 64)}
}

// NewNull makes the null value.
func NewNull() Value { return Value{Kind: Null} }

// NewArray makes an array of the elements.
func NewArray(kids ...Value) Value { return Value{Kind: Array, Kids: kids} }

// NewObject makes an object of the members, whose Key must be set.
func NewObject(kids ...Value) Value { return Value{Kind: Object, Kids: kids} }

// With returns a copy of v that has the member name.
func (v Value) With(key string) Value { v.Key = key; return v }

// Clone copies v with all that is below it.
func (v *Value) Clone() Value {
	c := *v
	if v.Kids != nil {
		c.Kids = make([]Value, len(v.Kids))
		for i := range v.Kids {
			c.Kids[i] = v.Kids[i].Clone()
		}
	}
	return c
}

// Equal reports whether two values are equal as JSON Schema compares them:
// numbers by value, objects without regard to order (2020-12, 4.2.2).
func Equal(a, b *Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case Number:
		return a.Text == b.Text || CompareNumbers(a.Text, b.Text) == 0
	case Array:
		if len(a.Kids) != len(b.Kids) {
			return false
		}
		for i := range a.Kids {
			if !Equal(&a.Kids[i], &b.Kids[i]) {
				return false
			}
		}
		return true
	case Object:
		if len(a.Kids) != len(b.Kids) {
			return false
		}
		for i := range a.Kids {
			if !Equal(&a.Kids[i], b.Get(a.Kids[i].Key)) {
				return false
			}
		}
		return true
	}
	return a.Text == b.Text
}

// CompareNumbers compares two JSON number literals by value: -1, 0 or 1. It is
// exact for all but absurd exponents (beyond ±400), which compare as float64.
func CompareNumbers(a, b string) int {
	fa, _ := strconv.ParseFloat(a, 64)
	fb, _ := strconv.ParseFloat(b, 64)
	const exact = 1 << 53
	if fa != fb || (math.Abs(fa) < exact && len(a) <= 15 && len(b) <= 15) || math.IsInf(fa, 0) || fa == 0 {
		switch {
		case fa < fb:
			return -1
		case fa > fb:
			return 1
		}
		return 0
	}
	ra, okA := new(big.Rat).SetString(a)
	rb, okB := new(big.Rat).SetString(b)
	if !okA || !okB {
		return 0
	}
	return ra.Cmp(rb)
}

// AppendJSON appends the value as compact JSON, members in their order.
// Invalid values are written as null.
func (v *Value) AppendJSON(dst []byte) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	switch v.Kind {
	case Bool, Number:
		return append(dst, v.Text...)
	case String:
		return AppendString(dst, v.Text)
	case Array:
		dst = append(dst, '[')
		for i := range v.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = v.Kids[i].AppendJSON(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range v.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, v.Kids[i].Key)
			dst = append(dst, ':')
			dst = v.Kids[i].AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// MarshalJSON writes the value as compact JSON.
func (v *Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string (RFC 8259, 7). Bytes that are no
// UTF-8 become U+FFFD; nothing is escaped for HTML.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				i++
				start = i
				continue
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
