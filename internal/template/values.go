package template

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/mimus-dev/mimus/internal/plausible"
)

// This file is on the hot path: nothing here allocates but what dst needs to
// grow.

func timestamp(dst []byte, _ draws, now time.Time) []byte {
	return strconv.AppendInt(dst, now.Unix(), 10)
}

// isoMillis is how JavaScript's toISOString writes a moment.
const isoMillis = "2006-01-02T15:04:05.000Z"

func isoTimestamp(dst []byte, _ draws, now time.Time) []byte {
	return now.UTC().AppendFormat(dst, isoMillis)
}

const (
	dayMillis  = 24 * 60 * 60 * 1000
	yearMillis = 365 * dayMillis
)

func datePast(dst []byte, d draws, now time.Time) []byte {
	return appendMoment(dst, now, -d.between(1, yearMillis))
}

func dateFuture(dst []byte, d draws, now time.Time) []byte {
	return appendMoment(dst, now, d.between(1, yearMillis))
}

func dateRecent(dst []byte, d draws, now time.Time) []byte {
	return appendMoment(dst, now, -d.between(1, dayMillis))
}

func appendMoment(dst []byte, now time.Time, millis int) []byte {
	return now.UTC().Add(time.Duration(millis)*time.Millisecond).AppendFormat(dst, isoMillis)
}

func integer(dst []byte, d draws, _ time.Time) []byte {
	return strconv.AppendInt(dst, int64(d.between(0, 1000)), 10)
}

// uuid is a random UUID (RFC 9562, 5.4).
func uuid(dst []byte, d draws, _ time.Time) []byte {
	dst = d.pattern(dst, "********-****-4***-")
	dst = append(dst, "89ab"[d.below(4)])
	return d.pattern(dst, "***-************")
}

func alphaNumeric(dst []byte, d draws, _ time.Time) []byte {
	return d.from(dst, digits+smalls, 1)
}

func password(dst []byte, d draws, _ time.Time) []byte {
	return d.from(dst, digits+smalls+capitals+"_", 15)
}

func hexColor(dst []byte, d draws, _ time.Time) []byte {
	return d.from(append(dst, '#'), hexDigits, 6)
}

func semver(dst []byte, d draws, _ time.Time) []byte {
	dst = d.from(dst, digits, 1)
	dst = d.from(append(dst, '.'), digits, 1)
	return d.from(append(dst, '.'), digits, 1)
}

func ipv4(dst []byte, d draws, _ time.Time) []byte {
	for i := range 4 {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = strconv.AppendInt(dst, int64(d.between(1, 254)), 10)
	}
	return dst
}

// degrees gives an angle between -limit and limit with four decimals.
func degrees(limit int) generator {
	return func(dst []byte, d draws, _ time.Time) []byte {
		n := d.between(-limit*10000, limit*10000)
		if n < 0 {
			dst = append(dst, '-')
			n = -n
		}
		return appendDecimals(dst, n, 4)
	}
}

func price(dst []byte, d draws, _ time.Time) []byte {
	return appendDecimals(dst, d.between(0, 100000), 2)
}

// appendDecimals appends n / 10^decimals.
func appendDecimals(dst []byte, n, decimals int) []byte {
	scale := 1
	for range decimals {
		scale *= 10
	}
	dst = append(strconv.AppendInt(dst, int64(n/scale), 10), '.')
	for scale /= 10; scale > 0; scale /= 10 {
		dst = append(dst, digits[n/scale%10])
	}
	return dst
}

// Telephone numbers end in 555-0100 to 555-0199, which North America keeps for
// fiction: none is anybody's.

func phoneNumber(dst []byte, d draws, _ time.Time) []byte {
	dst = d.from(dst, digits[2:], 1)
	return d.pattern(dst, "##-555-01##")
}

func phoneNumberExt(dst []byte, d draws, _ time.Time) []byte {
	dst = strconv.AppendInt(dst, int64(d.between(1, 99)), 10)
	dst = append(dst, '-')
	dst = d.from(dst, digits[2:], 1)
	return d.pattern(dst, "##-555-01##")
}

func streetAddress(dst []byte, d draws, _ time.Time) []byte {
	dst = strconv.AppendInt(dst, int64(d.between(1, 99999)), 10)
	s := plausible.NewSubject(d.next())
	return s.AppendText(append(dst, ' '), plausible.StreetName, 0)
}

// Addresses lie under the domains that are reserved for examples (RFC 2606), so
// that no mail and no click reaches anybody.

func userName(dst []byte, d draws, _ time.Time) []byte {
	s := plausible.NewSubject(d.next())
	dst = appendWordOf(dst, s.Text(plausible.FirstName, 0))
	if d.below(2) == 0 {
		dst = append(dst, "._"[d.below(2)])
		dst = appendWordOf(dst, s.Text(plausible.LastName, 0))
	}
	return strconv.AppendInt(dst, int64(d.below(100)), 10)
}

// appendWordOf appends the ASCII letters of a name.
func appendWordOf(dst []byte, name string) []byte {
	for i := 0; i < len(name); i++ {
		if c := name[i] | 0x20; 'a' <= c && c <= 'z' {
			dst = append(dst, name[i])
		}
	}
	return dst
}

func email(dst []byte, d draws, now time.Time) []byte {
	dst = userName(dst, draws{state: d.next()}, now)
	dst = append(dst, "@example."...)
	return append(dst, d.pick(exampleSuffixes)...)
}

var exampleSuffixes = []string{"com", "net", "org"}

func domainWord(dst []byte, d draws, _ time.Time) []byte {
	s := plausible.NewSubject(d.next())
	start := len(dst)
	dst = appendWordOf(dst, s.Text(plausible.FirstName, 0))
	for i := start; i < len(dst); i++ {
		dst[i] |= 0x20
	}
	return dst
}

func domainName(dst []byte, d draws, now time.Time) []byte {
	dst = domainWord(dst, draws{state: d.next()}, now)
	dst = append(dst, ".example."...)
	return append(dst, d.pick(exampleSuffixes)...)
}

func address(dst []byte, d draws, now time.Time) []byte {
	dst = append(dst, "http"...)
	if d.below(2) == 0 {
		dst = append(dst, 's')
	}
	return domainName(append(dst, "://"...), draws{state: d.next()}, now)
}

func userAgent(dst []byte, d draws, _ time.Time) []byte {
	system := d.pick(systems)
	dst = append(append(dst, "Mozilla/5.0 ("...), system...)
	switch d.below(3) {
	case 0:
		version := int64(d.between(90, 140))
		dst = strconv.AppendInt(append(dst, "; rv:"...), version, 10)
		dst = strconv.AppendInt(append(dst, ".0) Gecko/20100101 Firefox/"...), version, 10)
		return append(dst, ".0"...)
	case 1:
		dst = append(dst, ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"...)
		dst = strconv.AppendInt(dst, int64(d.between(90, 140)), 10)
		return append(dst, ".0.0.0 Safari/537.36"...)
	}
	dst = append(dst, ") AppleWebKit/605.1.15 (KHTML, like Gecko) Version/"...)
	dst = strconv.AppendInt(dst, int64(d.between(13, 18)), 10)
	dst = strconv.AppendInt(append(dst, '.'), int64(d.below(7)), 10)
	return append(dst, " Safari/605.1.15"...)
}

func avatar(dst []byte, d draws, _ time.Time) []byte {
	dst = append(dst, "https://cloudflare-ipfs.com/ipfs/Qmd3W5DuhgHirLHGVixi6V76LhCkZUz6pnFt5AJBiyvHye/avatar/"...)
	dst = strconv.AppendInt(dst, int64(d.below(1250)), 10)
	return append(dst, ".jpg"...)
}

func picture(path string) generator {
	return func(dst []byte, _ draws, _ time.Time) []byte {
		return append(append(dst, "http://placeimg.com/640/480"...), path...)
	}
}

// imageDataURI is a grey box of a random size that shows its size.
func imageDataURI(dst []byte, d draws, _ time.Time) []byte {
	w, h := int64(d.between(16, 1024)), int64(d.between(16, 1024))
	size := func(dst []byte, between string) []byte {
		dst = strconv.AppendInt(dst, w, 10)
		return strconv.AppendInt(append(dst, between...), h, 10)
	}
	dst = append(dst, "data:image/svg+xml;charset=UTF-8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%20width%3D%22"...)
	dst = size(dst, "%22%20height%3D%22")
	dst = append(dst, "%22%3E%3Crect%20width%3D%22100%25%22%20height%3D%22100%25%22%20fill%3D%22grey%22%2F%3E%3Ctext%20x%3D%2250%25%22%20y%3D%2250%25%22%20text-anchor%3D%22middle%22%3E"...)
	dst = size(dst, "x")
	return append(dst, "%3C%2Ftext%3E%3C%2Fsvg%3E"...)
}

// bic is a business identifier code (ISO 9362): bank, country, place and, in one
// of two, branch.
func bic(dst []byte, d draws, _ time.Time) []byte {
	dst = d.pattern(dst, "????")
	dst = append(dst, d.pick(ibans)[:2]...)
	dst = d.from(dst, capitals, 1)
	dst = d.from(dst, capitals+digits[2:], 1)
	if d.below(2) == 0 {
		dst = d.from(dst, capitals+digits, 3)
	}
	return dst
}

// iban is an account number with its check digits (ISO 13616).
func iban(dst []byte, d draws, _ time.Time) []byte {
	form := d.pick(ibans)
	start := len(dst)
	dst = append(append(dst, form[:2]...), "00"...)
	dst = d.pattern(dst, form[2:])
	check := 98 - ibanRemainder(dst[start:])
	dst[start+2], dst[start+3] = digits[check/10], digits[check%10]
	return dst
}

// ibanRemainder is the number that an IBAN stands for, modulo 97 (ISO 7064).
func ibanRemainder(account []byte) int {
	n := 0
	for i := range account {
		switch c := account[(i+4)%len(account)]; {
		case c <= '9':
			n = (n*10 + int(c-'0')) % 97
		default:
			n = (n*100 + int(c-'A') + 10) % 97
		}
	}
	return n
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// bitcoin is an address of the oldest form, pay to public key hash, with its
// checksum.
func bitcoin(dst []byte, d draws, _ time.Time) []byte {
	var raw [25]byte // the version, which is 0, a hash and the checksum
	binary.BigEndian.PutUint64(raw[1:], d.next()|1<<63)
	binary.BigEndian.PutUint64(raw[9:], d.next())
	binary.BigEndian.PutUint32(raw[17:], uint32(d.next()>>32))
	sum := sha256.Sum256(raw[:21])
	sum = sha256.Sum256(sum[:])
	copy(raw[21:], sum[:4])

	var text [40]byte
	at := len(text)
	for number := raw[1:]; len(number) > 0; {
		rest := 0
		for i, b := range number {
			rest = rest<<8 | int(b)
			number[i] = byte(rest / 58)
			rest %= 58
		}
		at--
		text[at] = base58[rest]
		for len(number) > 0 && number[0] == 0 {
			number = number[1:]
		}
	}
	return append(append(dst, '1'), text[at:]...)
}

func currencyPart(part func(currency) string) generator {
	return func(dst []byte, d draws, _ time.Time) []byte {
		return append(dst, part(currencies[d.below(len(currencies))])...)
	}
}

func fileName(dst []byte, d draws, now time.Time) []byte {
	dst = appendFileWord(dst, &d, now)
	return append(append(dst, '.'), d.pick(fileExts)...)
}

func commonFileName(dst []byte, d draws, now time.Time) []byte {
	dst = appendFileWord(dst, &d, now)
	return append(append(dst, '.'), d.pick(commonFileExts)...)
}

// appendFileWord appends one to three words joined by underscores.
func appendFileWord(dst []byte, d *draws, now time.Time) []byte {
	for i := range d.between(1, 3) {
		if i > 0 {
			dst = append(dst, '_')
		}
		start := len(dst)
		dst = word(dst, draws{state: d.next()}, now)
		for j := start; j < len(dst); j++ {
			if dst[j] == ' ' || dst[j] == '-' {
				dst[j] = '_'
			}
		}
	}
	return dst
}

func filePath(dst []byte, d draws, now time.Time) []byte {
	dst = append(append(dst, d.pick(directories)...), '/')
	return fileName(dst, draws{state: d.next()}, now)
}
