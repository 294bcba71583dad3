package plausible

// This file is on the hot path: nothing here allocates.

// appendUUID appends a UUID of version 4 (RFC 9562).
func appendUUID(dst []byte, r uint64) []byte {
	dst = appendHex(dst, r, 8)
	dst = append(dst, '-')
	dst = appendHex(dst, r+1, 4)
	dst = append(dst, '-', '4')
	dst = appendHex(dst, r+2, 3)
	dst = append(dst, '-', "89ab"[r&3])
	dst = appendHex(dst, r+3, 3)
	dst = append(dst, '-')
	return appendHex(dst, r+4, 12)
}

// appendULID appends a ULID whose time part is the subject's creation.
func (s *Subject) appendULID(dst []byte, r uint64) []byte {
	ms := uint64(s.created()) * 1000
	for shift := 45; shift >= 0; shift -= 5 {
		dst = append(dst, base32[ms>>shift&31])
	}
	return appendFrom(dst, r, base32, 16)
}

// numericID is a whole number that fits 32 bits.
func numericID(r uint64) int { return between(r, 1000, 99999) }

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// appendBase64 appends the standard encoding of text, padded (RFC 4648).
func appendBase64(dst []byte, text string) []byte {
	for len(text) >= 3 {
		v := uint32(text[0])<<16 | uint32(text[1])<<8 | uint32(text[2])
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], base64Digits[v&63])
		text = text[3:]
	}
	switch len(text) {
	case 1:
		v := uint32(text[0]) << 16
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], '=', '=')
	case 2:
		v := uint32(text[0])<<16 | uint32(text[1])<<8
		dst = append(dst, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], '=')
	}
	return dst
}

// appendIBAN appends an IBAN of the German shape with valid check digits (ISO
// 13616), of a bank code that no bank has.
func appendIBAN(dst []byte, r uint64) []byte {
	start := len(dst)
	dst = append(dst, "DE0000000000"...)
	dst = appendPattern(dst, r, "##########")
	bban := dst[start+4:]
	rest := 0
	for _, c := range bban {
		rest = (rest*10 + int(c-'0')) % 97
	}
	for _, c := range "131400" { // D, E, 00
		rest = (rest*10 + int(c-'0')) % 97
	}
	check := 98 - rest
	dst[start+2] = byte('0' + check/10)
	dst[start+3] = byte('0' + check%10)
	return dst
}

// appendLuhn appends the check digit of the digits in dst[start:] (ISO/IEC
// 7812-1).
func appendLuhn(dst []byte, start int) []byte {
	sum := 0
	for i := len(dst) - 1; i >= start; i -= 2 {
		d := int(dst[i]-'0') * 2
		sum += d/10 + d%10
		if i > start {
			sum += int(dst[i-1] - '0')
		}
	}
	return append(dst, byte('0'+(10-sum%10)%10))
}

// appendEAN appends the check digit of the twelve digits in dst[start:] (GS1).
func appendEAN(dst []byte, start int) []byte {
	sum := 0
	for i, c := range dst[start:] {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += weight * int(c-'0')
	}
	return append(dst, byte('0'+(10-sum%10)%10))
}

// testCards are the numbers that payment providers publish for tests.
var testCards = [...]struct{ number, brand, cvc string }{
	{"4242424242424242", "Visa", "314"},
	{"4000056655665556", "Visa", "271"},
	{"5555555555554444", "Mastercard", "618"},
	{"5200828282828210", "Mastercard", "577"},
	{"378282246310005", "American Express", "1414"},
	{"6011111111111117", "Discover", "141"},
}

func (s *Subject) card() int { return below(s.draw(CardNumber, 0), len(testCards)) }

// vinWeights and vinValue are of ISO 3779 as North America checks it.
var vinWeights = [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}

func vinValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'H':
		return int(c-'A') + 1
	case 'J' <= c && c <= 'R':
		return int(c-'J') + 1
	}
	return int(c-'S') + 2
}

func appendVIN(dst []byte, r uint64) []byte {
	start := len(dst)
	dst = append(dst, "1M8"...)
	dst = appendFrom(dst, r, "ABCDEFGHJKLMNPRSTUVWXYZ", 5)
	dst = append(dst, '0')
	dst = appendFrom(dst, r+1, "ABCDEFGHJKLMNPRSTVWXY", 2)
	dst = appendFrom(dst, r+2, digits, 6)
	sum := 0
	for i, c := range dst[start:] {
		sum += vinWeights[i] * vinValue(c)
	}
	dst[start+8] = "0123456789X"[sum%11]
	return dst
}
