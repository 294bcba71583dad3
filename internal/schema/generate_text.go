package schema

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/format"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// maxText is the length that a schema may demand of a text.
const maxText = 1 << 20

func (g *generator) textValue(s *shape, at place, hint *value, try int) (value, bool) {
	if s.minLen > maxText {
		g.err = ErrTooComplex
		return value{}, false
	}
	if hint.Is(definition.String) && s.fits(hint.Text) && (hint.Text != "" || !g.opt.Dynamic) {
		return hint.With(""), true
	}
	if s.mediaType != "" || s.encoding != "" {
		if t, ok := s.encoded(at); ok && s.fits(t) {
			return definition.NewString(t), true
		}
	}
	for step := range 5 {
		t, ok := g.candidate(s, at, step, try)
		if !ok {
			continue
		}
		if f := g.opt.Faker; (f.MinLength > 0 || f.MaxLength > 0) && s.format == "" && s.patterns == nil {
			t = cut(t, max(s.minLen, f.MinLength), lowest(s.maxLen, noLimit(f.MaxLength)), at)
		}
		if !s.fits(t) {
			if t = cut(t, s.minLen, s.maxLen, at); !s.fits(t) {
				continue
			}
		}
		return definition.NewString(t), true
	}
	// A format that only annotates gives way to the rules that are checked.
	t := cut(s.fill(at), s.minLen, s.maxLen, at)
	return definition.NewString(t), s.follows(t)
}

// candidate proposes a text; the steps go from the most telling source to the
// least.
func (g *generator) candidate(s *shape, at place, step, try int) (string, bool) {
	g.src = rng(at.stream ^ uint64(step)<<8)
	r := &g.src
	salt := at.salt + uint64(try)*7919
	switch step {
	case 0: // what the name says, in the form that the format asks for
		if s.meaning == plausible.None {
			return "", false
		}
		if plausible.IsTime(s.meaning) {
			return timeText(s, at, salt)
		}
		if len(s.patterns) > 0 && try > 0 {
			return "", false
		}
		return at.subject.Text(s.meaning, salt), true
	case 1:
		if s.format == "" {
			return "", false
		}
		switch s.format {
		case "int64", "uint64", "int32", "uint32", "integer":
			return itoa(1 + r.below(100000)), true
		case "date-time", "date", "time":
			return timeText(s, at, salt)
		}
		return format.Make(s.format, r)
	case 2:
		if len(s.patterns) == 0 {
			return "", false
		}
		for _, p := range s.patterns {
			if t, ok := p.Generate(r, max(s.minLen, 0), s.maxLen); ok && s.fits(t) {
				return t, true
			}
		}
		return "", false
	case 3:
		n := 2
		if s.maxLen >= 0 && s.maxLen < 16 {
			n = 1
		}
		return at.subject.Words(n, salt), true
	}
	return s.fill(at), s.maxLen != 0
}

func timeText(s *shape, at place, salt uint64) (string, bool) {
	m := s.meaning
	t := at.subject.Time(m, salt)
	switch s.format {
	case "date-time", "datetime":
		return t.Format("2006-01-02T15:04:05Z"), true
	case "date", "full-date":
		return t.Format("2006-01-02"), true
	case "time":
		return t.Format("15:04:05Z"), true
	case "date-time-rfc-2822", "rfc2822", "rfc-2822", "date-time-rfc-1123", "rfc1123": // in use, though nobody defines them
		return t.Format("Mon, 02 Jan 2006 15:04:05 +0000"), true
	}
	if m == plausible.None || s.format != "" {
		return "", false
	}
	return at.subject.Text(m, salt), true
}

// fits checks the rules of texts, the format included.
func (s *shape) fits(t string) bool {
	return s.follows(t) && (s.format == "" || format.Check(s.format, t))
}

// follows checks the rules that a validator checks.
func (s *shape) follows(t string) bool {
	if s.minLen > 0 || s.maxLen >= 0 {
		n := utf8.RuneCountInString(t)
		if n < s.minLen || s.maxLen >= 0 && n > s.maxLen {
			return false
		}
	}
	if asserted(s.format) && !format.Check(s.format, t) {
		return false
	}
	for _, p := range s.patterns {
		if !p.Match(t) {
			return false
		}
	}
	return true
}

// noLimit turns a setting of 0 into no limit.
func noLimit(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

// cut brings a text to a length between least and most; -1 is no limit.
func cut(t string, least, most int, at place) string {
	runes := []rune(t)
	if most >= 0 && len(runes) > most {
		short := strings.TrimRight(string(runes[:most]), " ,.-_")
		if utf8.RuneCountInString(short) >= least {
			return short
		}
		return string(runes[:most])
	}
	if least <= len(runes) || least > maxText {
		return t
	}
	if t != "" && !strings.Contains(t, " ") { // of the same characters
		return string([]rune(strings.Repeat(t, least/len(runes)+1))[:least])
	}
	var b strings.Builder
	b.WriteString(t)
	have := len(runes)
	for salt := at.salt; have < least; salt++ {
		w := at.subject.Words(1, salt+1)
		if strings.Contains(t, " ") {
			b.WriteByte(' ')
			have++
		}
		b.WriteString(w)
		have += utf8.RuneCountInString(w)
	}
	return string([]rune(b.String())[:least])
}

// fill makes a text of letters that has the length and nothing else.
func (s *shape) fill(at place) string {
	n := max(s.minLen, min(8, max(s.maxLen, 1)))
	if s.maxLen >= 0 {
		n = min(n, s.maxLen)
	}
	n = min(n, 1<<20)
	r := rng(at.stream ^ 0xf1)
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.below(26))
	}
	return string(b)
}

// encoded makes the text of contentMediaType and contentEncoding.
func (s *shape) encoded(at place) (string, bool) {
	content := at.subject.Words(3, at.salt)
	if strings.Contains(s.mediaType, "json") {
		content = `{"text":"` + content + `"}`
	} else if b, ok := SampleBytes(s.mediaType); ok {
		content = string(b)
	}
	switch s.encoding {
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(content)), true
	case "base64url":
		return base64.RawURLEncoding.EncodeToString([]byte(content)), true
	}
	return content, s.mediaType != "" && utf8.ValidString(content)
}

// faked makes the value that "x-faker" names: a method of faker.js, alone or as
// {"method": arguments}.
func (g *generator) faked(s *shape, at place, t Types) (value, bool) {
	name := s.faker.Str()
	var args *value
	if s.faker.Is(definition.Object) && len(s.faker.Kids) > 0 {
		name, args = s.faker.Kids[0].Key, &s.faker.Kids[0]
	}
	m, ok := plausible.Faker(name)
	if !ok {
		return value{}, false
	}
	switch t {
	case TypeString:
		v := definition.NewString(at.subject.Text(m, at.salt))
		if plausible.IsTime(m) {
			if x, ok := timeText(&shape{meaning: m, format: s.format}, at, at.salt); ok {
				v = definition.NewString(x)
			}
		}
		return v, s.fits(v.Text)
	case TypeBoolean:
		return definition.NewBool(at.subject.Bool(m, at.salt)), true
	case TypeNumber, TypeInteger:
		lo, hi := fakerRange(args)
		if hi > lo {
			r := rng(at.stream)
			return definition.NewInt(int64(lo) + int64(r.below(int(hi-lo)+1))), true
		}
		if f, _, ok := at.subject.Number(m, at.salt); ok {
			return numberOf(f, t)
		}
	}
	return value{}, false
}

// fakerRange reads {"min": a, "max": b} or [a, b].
func fakerRange(args *value) (lo, hi float64) {
	switch {
	case args.Is(definition.Object):
		lo, _ = args.Get("min").Float()
		hi, _ = args.Get("max").Float()
	case args.Is(definition.Array) && len(args.Kids) >= 2:
		lo, _ = args.Kids[0].Float()
		hi, _ = args.Kids[1].Float()
	}
	if hi-lo > 1<<40 {
		hi = lo + 1<<40
	}
	return lo, hi
}
