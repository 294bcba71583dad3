package plausible

// This file is on the hot path: nothing here allocates.

// Number is a value for m and how many decimals it is written with. Amounts are
// in the currency's unit with two decimals, or in cents with none if the meaning
// was found for an integer; times are Unix seconds, or milliseconds if the
// property says so. Values are decimal fractions of integers, so that they come
// out the same on every machine. ok is false if m is not written as a number.
func (s *Subject) Number(m Meaning, salt uint64) (value float64, decimals int, ok bool) {
	v, decimals, ok := s.Decimal(m, salt)
	switch decimals {
	case 0:
		return float64(v), 0, ok
	case 1:
		return float64(v) / 10, 1, ok
	case 2:
		return float64(v) / 100, 2, ok
	}
	return float64(v) / 10000, 4, ok
}

// Decimal is Number as an integer: the value is units / 10^decimals.
func (s *Subject) Decimal(m Meaning, salt uint64) (units int64, decimals int, ok bool) {
	switch facts[m.base()].kind {
	case kindTime:
		t := s.unix(m, salt)
		if m.form() == formMillis {
			t *= 1000
		}
		return t, 0, true
	case kindAmount:
		if m.form() == formCents {
			return int64(s.cents(m, salt)), 0, true
		}
		return int64(s.cents(m, salt)), 2, true
	case kindNumber:
		v, d := s.measure(m, salt)
		if m.form() == formWhole {
			v, d = whole(m, v, d), 0
		}
		return int64(v), d, true
	}
	if !facts[m.base()].digits {
		return 0, 0, false
	}
	switch m.base() {
	case PostalCode, BuildingNumber:
		return int64(between(s.draw(m, salt), 10, 299)), 0, true
	case DialCode:
		return atoi(s.country().dial), 0, true
	case OneTimeCode, Code:
		return int64(between(s.draw(m, salt), 100000, 999999)), 0, true
	case CardLast4, CardCVC:
		return int64(between(s.draw(m, salt), 1000, 9999)), 0, true
	case Phone, IMEI, Barcode, ISBN, AccountNumber, RoutingNumber, CardNumber:
		var buf [48]byte
		return atoi(string(s.AppendText(buf[:0], m, salt))), 0, true
	}
	return int64(numericID(s.draw(m, salt))), 0, true
}

// whole rounds a measure down, but at least to one; a share of one becomes a
// percentage.
func whole(m Meaning, v, decimals int) int {
	if b := m.base(); b == Ratio || b == Probability {
		return v
	}
	for ; decimals > 0; decimals-- {
		v /= 10
	}
	if v == 0 {
		return 1
	}
	return v
}

// atoi reads the digits of text and skips the rest.
func atoi(text string) int64 {
	v := int64(0)
	for i := 0; i < len(text); i++ {
		if c := text[i] - '0'; c <= 9 {
			v = v*10 + int64(c)
		}
	}
	return v
}

var (
	widths  = [...]int{800, 1024, 1280, 1600, 1920, 640}
	heights = [...]int{600, 768, 720, 900, 1080, 480}
	ports   = [...]int{8080, 443, 3000, 5432, 8443, 80}
)

// measure is the value of a kindNumber meaning as an integer with decimals.
func (s *Subject) measure(m Meaning, salt uint64) (v, decimals int) {
	r := s.draw(m, salt)
	switch m.base() {
	case Age:
		return s.age(), 0
	case BirthYear:
		y, _, _ := civil(s.birth())
		return y, 0
	case Latitude:
		return int(s.city().lat), 4
	case Longitude:
		return int(s.city().lng), 4
	case UTCOffset:
		return int(s.city().offset), 0
	case Quantity:
		return s.quantity(), 0
	case TaxRate:
		return s.country().taxRate, 0
	case DiscountPercent:
		o := s.order()
		return o.discountPercent, 0
	case ExchangeRate:
		return between(r, 8000, 14000), 4
	case CardMonth:
		return s.cardMonth(), 0
	case CardYear:
		return s.cardYear(), 0
	case Year, Month, DayOfMonth, Quarter:
		y, mo, d := civil(int(s.created() / day))
		switch m.base() {
		case Year:
			return y, 0
		case Month:
			return mo, 0
		case DayOfMonth:
			return d, 0
		}
		return (mo + 2) / 3, 0
	case DayOfWeek:
		return below(r, 7), 0
	case Hour:
		return between(r, 8, 19), 0
	case Minute:
		return 5 * below(r, 12), 0
	case Duration:
		return 30 * between(r, 1, 120), 0
	case DurationMillis:
		return between(r, 12, 4800), 0
	case DurationMinutes:
		return 5 * between(r, 1, 24), 0
	case DurationHours:
		return between(r, 1, 12), 0
	case DurationDays:
		return between(r, 1, 30), 0
	case Port:
		return ports[below(r, len(ports))], 0
	case HTTPStatus:
		return 200, 0
	case FileSize, Bytes:
		return between(r, 2048, 4<<20), 0
	case Width:
		return widths[below(s.draw(Width, 0), len(widths))], 0
	case Height:
		return heights[below(s.draw(Width, 0), len(heights))], 0
	case Percent:
		return between(r, 1, 100), 0
	case Ratio:
		return between(r, 10, 100), 2
	case Probability:
		return between(r, 55, 99), 2
	case Score:
		return between(r, 40, 98), 0
	case Rating:
		return between(r, 30, 50), 1
	case Rank, Level, PriorityNumber:
		return between(r, 1, 5), 0
	case VersionNumber:
		return between(r, 1, 9), 0
	case Index:
		return below(r, 10), 0
	case Temperature:
		return between(r, 40, 265), 1
	case Weight:
		return between(r, 20, 1500), 2
	case Length, Depth, Measure:
		return between(r, 50, 1800), 1
	case Distance:
		return between(r, 8, 420), 1
	case Speed:
		return between(r, 50, 1200), 1
	case BodyHeight: // cm
		return between(r, 1520, 1990), 1
	case BodyWeight: // kg
		return between(r, 480, 1050), 1
	case Humidity:
		return between(r, 30, 85), 0
	case Pressure:
		return between(r, 9950, 10300), 1
	case Altitude:
		return between(r, 5, 1800), 0
	case ColorNumber:
		return below(r, 1<<24), 0
	case Seed:
		return between(r, 1, 99999), 0
	case Tokens:
		return between(r, 20, 1800), 0
	case TotalCount:
		return between(r, 10, 250), 0
	case Page, One, PageCount:
		return 1, 0
	case PageSize, Limit:
		return 10 * between(r, 1, 10), 0
	case Offset, Zero:
		return 0, 0
	case SmallNumber:
		return between(r, 1, 12), 0
	}
	return between(r, 1, 60), 0 // Count
}

func (s *Subject) cardMonth() int { return between(s.draw(CardExpiry, 0), 1, 12) }
func (s *Subject) cardYear() int  { return epochYear + between(mix(s.draw(CardExpiry, 1)), 2, 6) }
