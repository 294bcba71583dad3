package engine

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// policy is how many calls are allowed in which time.
type policy struct {
	limit  int64
	period time.Duration
}

// The policy where the document tells none.
const (
	usualLimit  = 5000
	usualPeriod = time.Hour
)

// quotaKind is what a header field tells of a limit.
type quotaKind uint8

const (
	notQuota quotaKind = iota
	quotaLimit
	quotaRemaining
	quotaUsed
	quotaReset
	quotaResetAfter // seconds left, whatever the schema shows
	quotaState      // RateLimit of the IETF's draft
	quotaPolicy     // RateLimit-Policy of the IETF's draft
)

// quotaField is a header field that tells of a limit.
type quotaField struct {
	*header
	kind   quotaKind
	policy policy
	form   string // of quotaReset: one of the forms below, or a layout of package time
	name   string // of quotaState and quotaPolicy: of the policy
	pairs  bool   // of the same: as in older drafts, limit=1, remaining=1, reset=1 and 1;w=1
}

// The forms that the end of a window is told in.
const (
	asUnix    = "unix"
	asMillis  = "milliseconds"
	asSeconds = "seconds left"
)

// quotaKindOf tells what a field of that name tells, and of which time where
// its name says so: "X-RateLimit-Limit-Minute".
func quotaKindOf(name string) (quotaKind, time.Duration) {
	before, after, ok := strings.Cut(plainName(name), "ratelimit")
	if !ok || before != "" && before[0] != 'x' {
		return notQuota, 0
	}
	after = strings.TrimSuffix(strings.TrimPrefix(after, "requests"), "requests")
	for _, word := range [...]string{"second", "minute", "hour", "day", "month"} {
		if rest, ok := strings.CutSuffix(after, word); ok {
			return quotaNamed(before, rest), unitOf(word)
		}
	}
	return quotaNamed(before, after), 0
}

func quotaNamed(before, what string) quotaKind {
	switch what {
	case "":
		if before == "" {
			return quotaState
		}
		return quotaLimit // X-Rate-Limit
	case "limit":
		return quotaLimit
	case "remaining":
		return quotaRemaining
	case "used":
		return quotaUsed
	case "reset":
		return quotaReset
	case "resetafter", "resetin":
		return quotaResetAfter
	case "policy":
		return quotaPolicy
	}
	return notQuota
}

// quotaFields finds the fields that tell of limits, those of one policy
// together.
func (m *Mock) quotaFields(headers []*header) []quotaField {
	var out []quotaField
	for _, period := range [...]time.Duration{0, time.Second, time.Minute, time.Hour, day, 30 * day} {
		var own []quotaField
		for _, h := range headers {
			kind, p := quotaKindOf(h.name)
			if kind == notQuota || p != period {
				continue
			}
			f := quotaField{header: h, kind: kind}
			switch kind {
			case quotaReset:
				f.form = m.resetForm(h)
			case quotaState, quotaPolicy:
				f.readDraft()
			}
			own = append(own, f)
		}
		if own == nil {
			continue
		}
		p := m.policyOf(own)
		if period > 0 {
			p.period = period
		}
		for i := range own {
			own[i].policy = p
		}
		out = append(out, own...)
	}
	slices.SortStableFunc(out, func(a, b quotaField) int {
		return cmp.Or(cmp.Compare(a.policy.period, b.policy.period), cmp.Compare(a.policy.limit, b.policy.limit))
	})
	return out
}

// readDraft finds in which form of the draft a field is shown.
func (f *quotaField) readDraft() {
	f.name = "default"
	shown := f.shown()
	if s := strings.TrimSpace(shown); strings.HasPrefix(s, `"`) {
		if name, _, ok := strings.Cut(s[1:], `"`); ok && name != "" && !strings.Contains(name, `\`) {
			f.name = name
		}
		return
	}
	f.pairs = shown != ""
}

// policyOf is the policy that fields tell together: by what they show, by what
// their descriptions say, by what their schemas allow.
func (m *Mock) policyOf(fields []quotaField) policy {
	var p policy
	for _, kind := range [...]quotaKind{quotaLimit, quotaPolicy, quotaState} {
		for i := range fields {
			if fields[i].kind == kind {
				p.take(shownPolicy(fields[i].shown()))
			}
		}
	}
	for _, kind := range [...]quotaKind{quotaLimit, quotaPolicy, quotaState, quotaRemaining, quotaUsed} {
		for i := range fields {
			if fields[i].kind == kind {
				p.take(describedPolicy(fields[i].def.Description))
			}
		}
	}
	for _, kind := range [...]quotaKind{quotaLimit, quotaRemaining, quotaUsed} {
		for i := range fields {
			if most, ok := m.maximum(fields[i].header); ok && fields[i].kind == kind && most >= 1 && most <= maxLimit {
				p.take(policy{limit: int64(most)})
			}
		}
	}
	p.take(policy{usualLimit, usualPeriod})
	return p
}

// take takes over what is not known yet.
func (p *policy) take(other policy) {
	if p.limit == 0 {
		p.limit = other.limit
	}
	if p.period == 0 {
		p.period = other.period
	}
}

// A limit or a time above is not meant as one.
const (
	maxLimit  = 1_000_000_000
	maxPeriod = 366 * day
	day       = 24 * time.Hour
)

// maximum is the greatest number that a field's schema allows.
func (m *Mock) maximum(h *header) (float64, bool) {
	s := h.def.Schema
	for range 5 {
		name, ok := strings.CutPrefix(s.Get("$ref").Str(), "#/$defs/")
		if !ok {
			break
		}
		s = m.def.Schemas[name]
	}
	if !s.Is(definition.Object) {
		return 0, false
	}
	most, ok := s.Get("maximum").Float()
	return most, ok && most < math.MaxInt32
}

// shownPolicy reads "100", `"default";q=100;w=60`, "100;w=60", "100, 100;window=60"
// and "limit=100, remaining=50, reset=5".
func shownPolicy(s string) policy {
	var p policy
	for i, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' }) {
		name, text, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok && i > 0 {
			continue
		}
		if !ok {
			name, text = "q", name
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 || n > maxLimit {
			continue
		}
		switch strings.ToLower(name) {
		case "q", "limit":
			p.take(policy{limit: n})
		case "w", "window":
			p.take(policy{period: seconds(n)})
		}
	}
	return p
}

func seconds(n int64) time.Duration { return min(time.Duration(n)*time.Second, maxPeriod) }

// describedPolicy reads "at most 60 requests per minute", "calls per hour",
// "in a 15 minute window".
func describedPolicy(text string) policy {
	words := wordsOf(text)
	at := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return words[i]
	}
	for i, word := range words {
		unit := unitOf(strings.TrimSuffix(word, "s"))
		if unit == 0 {
			continue
		}
		count, before := int64(1), i-1
		if n, ok := numberOf(at(before)); ok {
			count, before = n, before-1
		}
		switch at(before) {
		case "per", "every", "each", "an", "a", "/", "current":
		default:
			if next := at(i + 1); before == i-1 || next != "window" && next != "period" && next != "interval" {
				continue
			}
		}
		if count > int64(maxPeriod/unit) {
			continue
		}
		p := policy{period: time.Duration(count) * unit}
		for j := before - 1; j >= before-5; j-- {
			if n, ok := numberOf(at(j)); ok {
				p.limit = n
				break
			}
		}
		return p
	}
	return policy{}
}

// maxDescription is how much is read of a description, in bytes.
const maxDescription = 2000

// wordsOf are the words and numbers, as 5,000, of a text in lower case; a slash
// is one.
func wordsOf(text string) []string {
	text = strings.ToLower(text[:min(len(text), maxDescription)])
	text = strings.ReplaceAll(text, "/", " / ")
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r != '/' && r != ',' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
	for i := range words {
		words[i] = strings.Trim(words[i], ",")
	}
	return words
}

func numberOf(word string) (int64, bool) {
	n, err := strconv.ParseInt(strings.ReplaceAll(word, ",", ""), 10, 64)
	return n, err == nil && n >= 1 && n <= maxLimit
}

func unitOf(word string) time.Duration {
	switch word {
	case "second", "sec":
		return time.Second
	case "minute", "min":
		return time.Minute
	case "hour", "hr":
		return time.Hour
	case "day":
		return day
	case "week":
		return 7 * day
	case "month":
		return 30 * day
	}
	return 0
}

// resetForm is the form in which a field tells the end of the window: as it is
// shown, else as its description says, else as fields of its name do.
func (m *Mock) resetForm(h *header) string {
	if h.schema.Format() == "date-time" {
		return time.RFC3339
	}
	if shown := h.shown(); shown != "" {
		if n, err := strconv.ParseFloat(shown, 64); err == nil {
			return formOfNumber(n)
		}
		for _, layout := range [...]string{time.RFC3339, "Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
			if _, err := time.Parse(layout, shown); err == nil {
				return layout
			}
		}
	}
	text := strings.Join(wordsOf(h.def.Description), " ")
	says := func(phrases ...string) bool {
		for _, p := range phrases {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	most, bounded := m.maximum(h)
	switch {
	case says("epoch", "unix", "timestamp") && says("millisecond"):
		return asMillis
	case says("epoch", "unix", "timestamp"):
		return asUnix
	case says("iso 8601", "rfc 3339", "rfc3339", "iso8601"):
		return time.RFC3339
	case says("seconds until", "seconds left", "seconds remaining", "seconds before", "seconds to ", "number of seconds", "many seconds", "in seconds", "remaining time", "time remaining", "time left"):
		return asSeconds
	case bounded && formOfNumber(most) == asSeconds:
		return asSeconds
	case !strings.HasPrefix(plainName(h.name), "x") && !says("time at which", "time when", "date"):
		return asSeconds // of the IETF's draft
	}
	return asUnix
}

// formOfNumber tells seconds that are left from moments.
func formOfNumber(n float64) string {
	switch {
	case n >= 1e11:
		return asMillis
	case n >= 1e8:
		return asUnix
	}
	return asSeconds
}

// text is what the field tells in a window; "" where it stays as it is.
func (f *quotaField) text(w *window, now time.Time) string {
	limit := f.policy.limit
	remaining := max(0, limit-w.calls)
	left := secondsUp(w.ends.Sub(now))
	switch f.kind {
	case quotaLimit:
		if p := f.shown(); p != "" && strings.Trim(p, digits) != "" {
			return "" // the policy was read from it
		}
		return strconv.FormatInt(limit, 10)
	case quotaRemaining:
		return strconv.FormatInt(remaining, 10)
	case quotaUsed:
		return strconv.FormatInt(min(w.calls, limit), 10)
	case quotaResetAfter:
		return strconv.FormatInt(left, 10)
	case quotaState:
		return f.state(remaining, left)
	case quotaPolicy:
		if f.shown() != "" {
			return ""
		}
		return strconv.Quote(f.name) + ";q=" + strconv.FormatInt(limit, 10) + ";w=" + strconv.FormatInt(secondsUp(f.policy.period), 10)
	}
	ends := w.ends.Add(time.Second - 1).Truncate(time.Second) // the same all the window long
	switch f.form {
	case asSeconds:
		return strconv.FormatInt(left, 10)
	case asUnix:
		return strconv.FormatInt(ends.Unix(), 10)
	case asMillis:
		return strconv.FormatInt(ends.UnixMilli(), 10)
	}
	return ends.UTC().Format(f.form)
}

// state is the field RateLimit of the draft, in the newer or the older form; a
// number where the schema takes no text.
func (f *quotaField) state(remaining, left int64) string {
	if f.schema.Possible()&schema.TypeString == 0 {
		return strconv.FormatInt(f.policy.limit, 10)
	}
	if f.pairs {
		return "limit=" + strconv.FormatInt(f.policy.limit, 10) + ", remaining=" + strconv.FormatInt(remaining, 10) + ", reset=" + strconv.FormatInt(left, 10)
	}
	return strconv.Quote(f.name) + ";r=" + strconv.FormatInt(remaining, 10) + ";t=" + strconv.FormatInt(left, 10)
}

// secondsUp rounds up to seconds.
func secondsUp(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
