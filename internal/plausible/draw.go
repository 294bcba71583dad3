package plausible

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

// below maps r onto 0..n-1 evenly.
func below(r uint64, n int) int {
	hi, _ := bits.Mul64(r, uint64(n))
	return int(hi)
}

// between maps r onto lo..hi, both included.
func between(r uint64, lo, hi int) int { return lo + below(r, hi-lo+1) }

func pick(r uint64, list []string) string { return list[below(r, len(list))] }

// Salt hashes a property's name (FNV-1a). It tells apart two properties of one
// meaning within one subject.
func Salt(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h
}

const (
	digits   = "0123456789"
	hexDigit = "0123456789abcdef"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alnum    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base32   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford, as ULID has it
)

// appendFrom appends n characters of the alphabet.
func appendFrom(dst []byte, r uint64, alphabet string, n int) []byte {
	for i := 0; i < n; i++ {
		r = mix(r)
		dst = append(dst, alphabet[below(r, len(alphabet))])
	}
	return dst
}

// appendHex appends n hexadecimal digits, sixteen to a draw.
func appendHex(dst []byte, r uint64, n int) []byte {
	for n > 0 {
		r = mix(r)
		v := r
		for i := 0; i < 16 && n > 0; i++ {
			dst = append(dst, hexDigit[v&15])
			v >>= 4
			n--
		}
	}
	return dst
}

// appendPattern fills a pattern: # is a digit, ? a capital letter, * a letter or
// digit, anything else itself.
func appendPattern(dst []byte, r uint64, pattern string) []byte {
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '#':
			r = mix(r)
			dst = append(dst, digits[below(r, 10)])
		case '?':
			r = mix(r)
			dst = append(dst, upper[below(r, 26)])
		case '*':
			r = mix(r)
			dst = append(dst, alnum[below(r, len(alnum))])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// appendPadded appends v in decimal, at least width digits wide.
func appendPadded[T int | int64](dst []byte, v T, width int) []byte {
	var buf [20]byte
	i := len(buf)
	for v > 0 || width > 0 {
		i--
		buf[i] = '0' + byte(v%10)
		v /= 10
		width--
	}
	return append(dst, buf[i:]...)
}

// appendSlug appends text as lower-case ASCII words joined by sep.
func appendSlug(dst []byte, text string, sep byte) []byte {
	gap := false
	start := len(dst)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == '\'' || c >= 0x80:
			continue
		default:
			gap = true
			continue
		}
		if gap && len(dst) > start {
			dst = append(dst, sep)
		}
		gap = false
		dst = append(dst, c)
	}
	return dst
}
