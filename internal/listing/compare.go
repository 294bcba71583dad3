package listing

// This file is on the hot path: filters and orders read each item's text by it.

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// parseNumber reads a number; short ones without the way through strconv: a
// quotient of integers that a float64 holds exactly is rounded once, as
// strconv does it.
func parseNumber(text string) (float64, bool) {
	if n := len(text); n > 0 && n <= 16 {
		i, negative := 0, text[0] == '-'
		if negative {
			i = 1
		}
		begin := i
		var v int64
		for ; i < n && text[i] >= '0' && text[i] <= '9'; i++ {
			v = v*10 + int64(text[i]-'0')
		}
		scale := 1.0
		if i > begin && i+1 < n && text[i] == '.' {
			for i++; i < n && text[i] >= '0' && text[i] <= '9'; i++ {
				v = v*10 + int64(text[i]-'0')
				scale *= 10
			}
		}
		if i == n && i > begin && v < 1<<53 {
			if negative {
				v = -v
			}
			return float64(v) / scale, true
		}
	}
	if text == "" || text[0] != '-' && text[0] != '.' && (text[0] < '0' || text[0] > '9') || strings.ContainsAny(text, "xX_pP") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, (err == nil || math.IsInf(f, 0)) && !math.IsNaN(f)
}

func compareNumbers(a, b string) int { return definition.CompareNumbers(a, b) }

// span is a stretch of time in microseconds since 1970, without its end.
type span struct{ from, to int64 }

const day = 24 * 60 * 60 * 1_000_000

// parseSpan reads a moment, or a date as all of its day.
func parseSpan(text string) (span, bool) {
	t, ok := parseTime(text)
	if !ok {
		return span{}, false
	}
	if len(text) == len("2006-01-02") && text[4] == '-' {
		return span{t, t + day}, true
	}
	return span{t, t + 1}, true
}

// maxSeconds tells seconds since 1970 from milliseconds: it is the year 5138.
const maxSeconds = 1e11

// parseTime reads a time as microseconds since 1970: RFC 3339, a date, RFC
// 5322, or a number of seconds or milliseconds since 1970.
func parseTime(text string) (int64, bool) {
	if t, ok := parseRFC3339(text); ok {
		return t, true
	}
	if n, ok := parseNumber(text); ok && !strings.ContainsAny(text, "-T") || ok && strings.HasPrefix(text, "-") {
		if math.Abs(n) < maxSeconds {
			return int64(math.Round(n * 1e6)), true
		}
		if math.Abs(n) < maxSeconds*1e3 {
			return int64(math.Round(n * 1e3)), true
		}
		return 0, false
	}
	if len(text) < 7 || len(text) > 40 {
		return 0, false
	}
	if ms, ok := strings.CutPrefix(text, "/Date("); ok { // of JSON in .NET: "/Date(1553558400000+0000)/"
		end := strings.IndexAny(ms, "+)")
		if end < 1 {
			return 0, false
		}
		n, err := strconv.ParseInt(ms[:end], 10, 64)
		return n * 1000, err == nil && n < maxSeconds*1e3
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02T15:04:05Z0700", time.RFC1123Z, time.RFC1123, "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMicro(), true
		}
	}
	return 0, false
}

// parseRFC3339 reads dates and the times that end with Z or an offset.
func parseRFC3339(text string) (int64, bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	year, ok1 := digits(text[0:4])
	month, ok2 := digits(text[5:7])
	date, ok3 := digits(text[8:10])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || date < 1 || date > 31 {
		return 0, false
	}
	t := daysSince1970(year, month, date) * day
	if len(text) == 10 {
		return t, true
	}
	if len(text) < 20 || text[10] != 'T' && text[10] != 't' && text[10] != ' ' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	hour, ok1 := digits(text[11:13])
	minute, ok2 := digits(text[14:16])
	second, ok3 := digits(text[17:19])
	if !ok1 || !ok2 || !ok3 || hour > 24 || minute > 59 || second > 60 {
		return 0, false
	}
	t += (hour*3600 + minute*60 + second) * 1_000_000
	rest := text[19:]
	if rest[0] == '.' {
		unit := int64(100_000)
		i := 1
		for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
			t += int64(rest[i]-'0') * unit
			unit /= 10
		}
		rest = rest[i:]
	}
	if rest == "Z" || rest == "z" {
		return t, true
	}
	if len(rest) != 6 || rest[3] != ':' || rest[0] != '+' && rest[0] != '-' {
		return 0, false
	}
	hour, ok1 = digits(rest[1:3])
	minute, ok2 = digits(rest[4:6])
	if !ok1 || !ok2 {
		return 0, false
	}
	offset := (hour*3600 + minute*60) * 1_000_000
	if rest[0] == '+' {
		return t - offset, true
	}
	return t + offset, true
}

func digits(text string) (int64, bool) {
	var n int64
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(text[i]-'0')
	}
	return n, true
}

// daysSince1970 counts days of the proleptic Gregorian calendar, years from
// March so that the leap day is the last.
func daysSince1970(year, month, date int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year
	if era < 0 {
		era -= 399
	}
	era /= 400
	of := year - era*400
	inYear := (153*(month-3)+2)/5 + date - 1
	return era*146097 + of*365 + of/4 - of/100 + inYear - 719468
}

// containsFold reports whether a text has a part in it, without regard to
// case.
func containsFold(text, part string) bool {
	if part == "" {
		return true
	}
	for i := 0; i+len(part) <= len(text); i++ {
		if asciiLower(text[i]) == asciiLower(part[0]) && strings.EqualFold(text[i:i+len(part)], part) {
			return true
		}
	}
	if isASCII(text) && isASCII(part) {
		return false
	}
	return strings.Contains(strings.Map(unicode.ToLower, text), strings.Map(unicode.ToLower, part))
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

func asciiLower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
