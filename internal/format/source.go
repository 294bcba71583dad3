package format

import "math/bits"

// source draws from random bits. The same bits give the same draws everywhere.
type source struct{ bits interface{ Uint64() uint64 } }

// below returns a number from 0 to n-1.
func (s source) below(n int) int {
	high, _ := bits.Mul64(s.bits.Uint64(), uint64(n))
	return int(high)
}

func (s source) between(low, high int) int { return low + s.below(high-low+1) }

func (s source) oneOf(of ...string) string { return of[s.below(len(of))] }

// text draws length characters of an ASCII alphabet.
func (s source) text(alphabet string, length int) string {
	b := make([]byte, length)
	for i := range b {
		b[i] = alphabet[s.below(len(alphabet))]
	}
	return string(b)
}

const (
	lowerHex  = "0123456789abcdef"
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	decimals  = "0123456789"
)

func (s source) word() string {
	return s.oneOf("amber", "bridge", "cedar", "delta", "ember", "field", "garden", "harbor",
		"island", "juniper", "lantern", "meadow", "north", "orchid", "pebble", "river")
}

func (s source) thing() string {
	return s.oneOf("articles", "books", "customers", "events", "invoices", "orders", "photos", "products", "users")
}

func (s source) firstName() string {
	return s.oneOf("ada", "alan", "barbara", "dennis", "edsger", "frances", "grace", "hedy", "ken", "margaret", "radia", "tim")
}

func (s source) domain() string { return s.oneOf("example.com", "example.net", "example.org") } // RFC 2606, 3
