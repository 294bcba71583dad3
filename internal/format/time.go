package format

import (
	"fmt"
	"strings"
	"time"
)

// isDateTime checks an RFC 3339, 5.6 date-time. A space may stand for the T
// (as the RFC's note allows), and an offset may be +hh or +hhmm.
func isDateTime(s string) bool { return splitDateTime(s, isTime) }

func isDateTimeLocal(s string) bool { return splitDateTime(s, isTimeLocal) }

// isISODateTime is a date-time whose offset may be missing.
func isISODateTime(s string) bool { return splitDateTime(s, isISOTime) }

func splitDateTime(s string, clock func(string) bool) bool {
	if len(s) < len("2006-01-02T15:04:05") {
		return false
	}
	switch s[10] {
	case 'T', 't', ' ':
		return isDate(s[:10]) && clock(s[11:])
	}
	return false
}

// isDate checks an RFC 3339, 5.6 full-date.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	century, ok1 := twoDigits(s)
	year, ok2 := twoDigits(s[2:])
	month, ok3 := twoDigits(s[5:])
	day, ok4 := twoDigits(s[8:])
	if !(ok1 && ok2 && ok3 && ok4) || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= daysIn(century*100+year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func twoDigits(s string) (int, bool) {
	if len(s) < 2 || !isDigit(s[0]) || !isDigit(s[1]) {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// isTime checks an RFC 3339, 5.6 full-time.
func isTime(s string) bool {
	minute, leap, rest, ok := partialTime(s)
	if !ok {
		return false
	}
	offset, ok := timeOffset(rest)
	return ok && (!leap || isLastMinute(minute-offset))
}

func isTimeLocal(s string) bool {
	minute, leap, rest, ok := partialTime(s)
	return ok && rest == "" && (!leap || isLastMinute(minute))
}

func isISOTime(s string) bool { return isTimeLocal(s) || isTime(s) }

// isLastMinute reports whether a minute of the day, in UTC, is the one in
// which there may be a leap second (RFC 3339, 5.7).
func isLastMinute(minute int) bool {
	const day = 24 * 60
	return (minute+2*day)%day == day-1
}

// partialTime reads hh:mm:ss and a fraction, and leaves the rest.
func partialTime(s string) (minute int, leap bool, rest string, ok bool) {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return 0, false, "", false
	}
	hours, ok1 := twoDigits(s)
	minutes, ok2 := twoDigits(s[3:])
	seconds, ok3 := twoDigits(s[6:])
	if !(ok1 && ok2 && ok3) || hours > 23 || minutes > 59 || seconds > 60 {
		return 0, false, "", false
	}
	end := 8
	if end < len(s) && s[end] == '.' {
		if end = digitsFrom(s, 9); end == 9 {
			return 0, false, "", false
		}
	}
	return hours*60 + minutes, seconds == 60, s[end:], true
}

// timeOffset reads Z, +hh:mm, +hhmm or +hh, in minutes.
func timeOffset(s string) (minutes int, ok bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, ok := twoDigits(s[1:])
	if !ok || hours > 23 {
		return 0, false
	}
	if rest := strings.TrimPrefix(s[3:], ":"); len(s) > 3 {
		if minutes, ok = twoDigits(rest); !ok || len(rest) != 2 || minutes > 59 {
			return 0, false
		}
	}
	minutes += hours * 60
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
}

// isDuration checks an RFC 3339, appendix A duration. As in ISO 8601, units
// may be left out between others, and seconds may have a fraction.
func isDuration(s string) bool {
	if len(s) < 3 || s[0] != 'P' {
		return false
	}
	if s[len(s)-1] == 'W' {
		return digitsFrom(s, 1) == len(s)-1 && len(s) > 2
	}
	date, clock, hasClock := strings.Cut(s[1:], "T")
	if hasClock && clock == "" {
		return false
	}
	return hasUnits(date, "YMD") && hasUnits(clock, "HMS")
}

// hasUnits reads numbers followed by units, in their order.
func hasUnits(s, units string) bool {
	for s != "" {
		end := digitsFrom(s, 0)
		fraction := false
		if end > 0 && end < len(s) && (s[end] == '.' || s[end] == ',') {
			after := digitsFrom(s, end+1)
			if after == end+1 {
				return false
			}
			fraction, end = true, after
		}
		if end == 0 || end == len(s) {
			return false
		}
		at := strings.IndexByte(units, s[end])
		if at < 0 || fraction && s[end] != 'S' {
			return false
		}
		units, s = units[at+1:], s[end+1:]
	}
	return true
}

const imfDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// isHTTPDate checks an RFC 9110, 5.6.7 HTTP-date, the two obsolete forms
// included.
func isHTTPDate(s string) bool {
	if strings.ContainsRune(s, '.') { // time.Parse would take a fraction
		return false
	}
	for _, layout := range []string{imfDate, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// moment draws a time from the 90 days after 2025-01-01, on a whole second.
func (s source) moment() time.Time {
	return time.Unix(1735689600+int64(s.below(90*24*60*60)), 0).UTC()
}

func makeDateTime(s source) string      { return s.moment().Format("2006-01-02T15:04:05Z") }
func makeDate(s source) string          { return s.moment().Format(time.DateOnly) }
func makeTime(s source) string          { return s.moment().Format("15:04:05Z") }
func makeDateTimeLocal(s source) string { return s.moment().Format("2006-01-02T15:04:05") }
func makeTimeLocal(s source) string     { return s.moment().Format(time.TimeOnly) }
func makeHTTPDate(s source) string      { return s.moment().Format(imfDate) }
func makeUnixTime(s source) string      { return fmt.Sprint(s.moment().Unix()) }

func makeDuration(s source) string {
	switch s.below(4) {
	case 0:
		return fmt.Sprintf("P%dD", s.between(1, 30))
	case 1:
		return fmt.Sprintf("PT%dM", s.between(1, 59))
	case 2:
		return fmt.Sprintf("P%dDT%dH", s.between(1, 9), s.between(1, 23))
	}
	return fmt.Sprintf("PT%dH%dM", s.between(1, 12), s.between(1, 59))
}

func makeTimeZone(s source) string {
	return s.oneOf("America/New_York", "Asia/Tokyo", "Australia/Sydney", "Europe/Berlin", "Europe/London", "UTC")
}
