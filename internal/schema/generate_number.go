package schema

import (
	"math"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/format"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// numberOf writes a plausible number for the type: whole for an integer.
func numberOf(f float64, t Types) (value, bool) {
	if t == TypeInteger {
		return definition.NewInt(int64(f)), f == math.Trunc(f)
	}
	return definition.NewFloat(f), true
}

func (g *generator) numberValue(s *shape, at place, t Types, hint *value, try int) (value, bool) {
	if hint.Is(definition.Number) && (t == TypeNumber || hint.IsInteger()) && s.inRange(hint) {
		return hint.With(""), true
	}
	if s.meaning != plausible.None && try < 3 {
		if f, _, ok := at.subject.Number(s.meaning, at.salt+uint64(try)); ok {
			if v, ok := numberOf(f, t); ok && s.inRange(&v) {
				return v, true
			}
		}
	}
	r := rng(at.stream ^ 0x9d)
	first := try
	if g.opt.Dynamic {
		first++
	}
	for tries := range 8 {
		v := s.anyNumber(&r, t, first+tries)
		if s.inRange(&v) {
			return v, true
		}
	}
	return s.anyNumber(&r, t, 0), false
}

// inRange checks the rules of numbers.
func (s *shape) inRange(v *value) bool {
	if s.min != nil || s.max != nil || s.exMin != nil || s.exMax != nil {
		f, _ := v.Float()
		if s.min != nil && s.min.compare(f, v) < 0 || s.max != nil && s.max.compare(f, v) > 0 ||
			s.exMin != nil && s.exMin.compare(f, v) <= 0 || s.exMax != nil && s.exMax.compare(f, v) >= 0 {
			return false
		}
	}
	if s.multipleOf != nil && !isMultiple(v, s.multipleOf) {
		return false
	}
	return s.numFormat == "" || format.CheckNumber(s.numFormat, v.Text)
}

// anyNumber makes a number of the shape's range: near its lower end where it
// has one, else small and positive. The first try, which static answers begin
// with, makes a plain whole number where nothing is asked of it.
func (s *shape) anyNumber(r *rng, t Types, tries int) value {
	lo, hi := math.Inf(-1), math.Inf(1)
	if s.min != nil {
		lo = s.min.f
	}
	if s.exMin != nil && s.exMin.f >= lo {
		lo = s.exMin.f
	}
	if s.max != nil {
		hi = s.max.f
	}
	if s.exMax != nil && s.exMax.f <= hi {
		hi = s.exMax.f
	}
	if l, h, ok := formatRange(s.numFormat); ok {
		lo, hi = math.Max(lo, l), math.Min(hi, h)
		if math.IsInf(lo, 0) || lo == l {
			lo = math.Max(lo, math.Min(0, hi))
		}
	}
	const span = 1000
	switch {
	case math.IsInf(lo, 0) && math.IsInf(hi, 0):
		lo, hi = 1, span
	case math.IsInf(lo, 0):
		lo = hi - span
		if hi > 0 {
			lo = math.Min(1, hi)
		}
	case math.IsInf(hi, 0):
		hi = lo + span
	case hi-lo > span*span && lo <= 1 && hi >= span:
		lo, hi = 1, span
	}
	if s.multipleOf != nil {
		return s.multiple(r, lo, hi, t)
	}
	bare := s.meaning == plausible.None && s.min == nil && s.max == nil && s.exMin == nil && s.exMax == nil && s.format == ""
	if t == TypeInteger || (hi-lo >= 2 && tries > 3) || bare && tries == 0 {
		a, b := math.Ceil(lo), math.Floor(hi)
		if s.exMin != nil && a == s.exMin.f {
			a++
		}
		if s.exMax != nil && b == s.exMax.f {
			b--
		}
		width := b - a
		if width < 0 {
			return definition.NewFloat(a)
		}
		width = math.Min(width, 1<<40)
		return definition.NewFloat(a + float64(r.next()%(uint64(width)+1)))
	}
	if hi-lo >= 0.1 { // two decimals
		a, b := math.Ceil(float64(lo*100)), math.Floor(float64(hi*100))
		k := a + float64(r.next()%(uint64(math.Min(b-a, 1<<40))+1))
		return definition.NewFloat(k / 100)
	}
	const parts = 16
	step := float64((hi - lo) / parts)
	return definition.NewFloat(lo + float64(step*float64(1+r.below(parts-1))))
}

// formatRange is the range of a format of whole numbers.
func formatRange(name string) (lo, hi float64, ok bool) {
	switch name {
	case "int32":
		return math.MinInt32, math.MaxInt32, true
	case "int16":
		return math.MinInt16, math.MaxInt16, true
	case "int8":
		return math.MinInt8, math.MaxInt8, true
	case "uint8":
		return 0, math.MaxUint8, true
	case "uint16":
		return 0, math.MaxUint16, true
	case "uint32":
		return 0, math.MaxUint32, true
	}
	return 0, 0, false
}

// multiple makes a multiple of multipleOf: written from whole numbers, so that
// decimal steps stay exact.
func (s *shape) multiple(r *rng, lo, hi float64, t Types) value {
	m := s.multipleOf.f
	a, b := math.Ceil(lo/m), math.Floor(hi/m)
	if b < a {
		b = a
	}
	k := a + float64(r.next()%(uint64(math.Min(b-a, 1000))+1))
	if s.exMin != nil && k*m <= s.exMin.f {
		k++
	}
	if m == math.Trunc(m) {
		return definition.NewFloat(k * m)
	}
	if t == TypeInteger { // a whole multiple of a fraction
		for range 1000 {
			if v := decimal(k, s.multipleOf.text); v.IsInteger() {
				return v
			}
			k++
		}
	}
	return decimal(k, s.multipleOf.text)
}

// decimal multiplies a whole number with a decimal literal exactly.
func decimal(k float64, literal string) value {
	digits, places, neg := uint64(0), -1, false
	for i := 0; i < len(literal); i++ {
		switch c := literal[i]; {
		case c == '-':
			neg = true
		case c == '.':
			places = 0
		case c >= '0' && c <= '9':
			digits = digits*10 + uint64(c-'0')
			if places >= 0 {
				places++
			}
		default: // an exponent: as good as floats are
			f := definition.NewString(literal)
			f.Kind = definition.Number
			x, _ := f.Float()
			return definition.NewFloat(k * x)
		}
	}
	if neg {
		k = -k
	}
	n := k * float64(digits)
	for range max(places, 0) {
		n /= 10
	}
	v := definition.NewFloat(n)
	if places > 0 { // cut what division left behind
		v.Text = roundText(n, places)
	}
	return v
}

// roundText writes f with at most that many decimals and no trailing zeros.
func roundText(f float64, places int) string {
	t := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Contains(t, ".") {
		t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	}
	return t
}
