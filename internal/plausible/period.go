package plausible

import "time"

// This file is on the hot path: nothing here allocates.

// Epoch is where generated times count from.
var Epoch = time.Date(epochYear, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	epochYear = 2025
	epochUnix = 1735689600
	epochDay  = epochUnix / day

	minute  = 60
	quarter = 15 * minute
	hour    = 60 * minute
	day     = 24 * hour
)

// stages is how long after the stage before it each stage of a subject's life
// comes, in seconds: created, issued, started, updated and so on, in the order
// of the meanings. Every stage is later than the ones before it.
var stages = [...]struct{ least, most int }{
	0:                   {0, 0}, // Created itself
	Issued - Created:    {2 * minute, hour},
	Started - Created:   {2 * minute, 2 * day},
	Updated - Created:   {20 * minute, 20 * day},
	Published - Created: {10 * minute, 5 * day},
	Shipped - Created:   {hour, 2 * day},
	Delivered - Created: {day, 5 * day},
	Ended - Created:     {hour, 3 * day},
	LastSeen - Created:  {10 * minute, 10 * day},
	Archived - Created:  {day, 20 * day},
	Deleted - Created:   {day, 10 * day},
	Due - Created:       {day, 14 * day},
	Expires - Created:   {30 * day, 365 * day},
}

// Time is the moment m stands for, in UTC, to the second. All moments of one
// subject are in order: created, issued, started, updated, published, shipped,
// delivered, ended, last seen, archived, deleted, due, expires. What is planned
// to start and end does so on the quarter-hour, and ends some hours later, or
// some days if it is written as a date. A day of birth lies 18 to 79 years before Epoch. For a meaning that is no time it is some
// moment of the subject's life.
func (s *Subject) Time(m Meaning, salt uint64) time.Time {
	return time.Unix(s.unix(m, salt), 0).UTC()
}

func (s *Subject) created() int64 {
	r := s.draw(Created, 0)
	if s.from != 0 {
		return s.from + int64(below(r, day))
	}
	return epochUnix + int64(below(r, 150*day))
}

func (s *Subject) unix(m Meaning, salt uint64) int64 {
	t := s.created()
	switch b := m.base(); {
	case b == BirthDate:
		return int64(s.birth()) * day
	case b == Created:
		return t
	case b == Ends:
		r := s.draw(Ends, 0)
		if m.form() == formDate {
			return s.unix(Started, 0) + int64(between(r, 1, 10))*day
		}
		return s.unix(Started, 0) + int64(between(r, 2, 16))*quarter
	case b > Created && b <= Expires:
		r := s.draw(Created, 1)
		for stage := Issued; stage <= b; stage++ {
			r = mix(r)
			step := stages[stage-Created]
			t += int64(between(r, step.least, step.most))
		}
		switch b {
		case Updated, Ended:
		case Started:
			t = (t + quarter - 1) / quarter * quarter
		default:
			t += int64(below(mix(salt), minute)) // two properties of one stage, seconds apart
		}
		return t
	}
	return t + int64(below(s.draw(Moment, salt), 10*day))
}

// civil is the date of a day counted from 1970 (Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms"). Days before 1 March of year 0
// are not supported.
func civil(days int) (year, month, dayOfMonth int) {
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dayOfMonth = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}

func appendDate(dst []byte, unix int64) []byte {
	y, m, d := civil(int(floorDiv(unix, day)))
	dst = appendPadded(dst, y, 4)
	dst = append(dst, '-')
	dst = appendPadded(dst, m, 2)
	dst = append(dst, '-')
	return appendPadded(dst, d, 2)
}

func appendClock(dst []byte, unix int64) []byte {
	sec := int(unix - floorDiv(unix, day)*day)
	dst = appendPadded(dst, sec/hour, 2)
	dst = append(dst, ':')
	dst = appendPadded(dst, sec/minute%60, 2)
	dst = append(dst, ':')
	return appendPadded(dst, sec%60, 2)
}

// appendTime writes a moment in m's form.
func appendTime(dst []byte, m Meaning, unix int64) []byte {
	switch m.form() {
	case formDate:
		return appendDate(dst, unix)
	case formClock:
		return append(appendClock(dst, unix), 'Z')
	case formUnix:
		return appendPadded(dst, unix, 1)
	case formMillis:
		return appendPadded(dst, unix*1000, 1)
	}
	dst = appendDate(dst, unix)
	dst = append(dst, 'T')
	dst = appendClock(dst, unix)
	return append(dst, 'Z')
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
