package template

import "math/bits"

// This file is on the hot path: nothing here allocates.

const gamma = 0x9e3779b97f4a7c15

// mix is the output step of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += gamma
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hash goes on with an FNV-1a hash over s and its length, so that the texts
// "ab", "c" and "a", "bc" differ.
func hash(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return mix(h ^ uint64(len(s)))
}

// draws is a row of random numbers.
type draws struct{ state uint64 }

func (d *draws) next() uint64 {
	d.state += gamma
	return mix(d.state)
}

// below is one of 0..n-1, evenly.
func (d *draws) below(n int) int {
	hi, _ := bits.Mul64(d.next(), uint64(n))
	return int(hi)
}

// between is one of lo..hi, both included.
func (d *draws) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

func (d *draws) pick(list []string) string { return list[d.below(len(list))] }

// from appends n characters of the alphabet.
func (d *draws) from(dst []byte, alphabet string, n int) []byte {
	for range n {
		dst = append(dst, alphabet[d.below(len(alphabet))])
	}
	return dst
}

// pattern fills a pattern: # is a digit, ? a capital letter, * a hexadecimal
// digit, anything else itself.
func (d *draws) pattern(dst []byte, pattern string) []byte {
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '#':
			dst = d.from(dst, digits, 1)
		case '?':
			dst = d.from(dst, capitals, 1)
		case '*':
			dst = d.from(dst, hexDigits, 1)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	smalls   = "abcdefghijklmnopqrstuvwxyz"
)
