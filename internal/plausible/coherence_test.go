package plausible

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// each runs a property over 1,000 seeds, at the first level and inside a child.
func each(t *testing.T, check func(t *testing.T, s *Subject)) {
	t.Helper()
	t.Parallel()
	for seed := range uint64(1000) {
		s := NewSubject(seed)
		check(t, &s)
		child := s.Child("owner")
		check(t, &child)
		if t.Failed() {
			t.Fatalf("at seed %d", seed)
		}
	}
}

func TestSubject_Person_HasOneName(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		first, last := s.Text(FirstName, 1), s.Text(LastName, 2)
		if got := s.Text(FullName, 3); got != first+" "+last {
			t.Errorf("full name %q of %s and %s", got, first, last)
		}
		if got := s.Text(DisplayName, 4); got != first+" "+last {
			t.Errorf("display name %q of %s and %s", got, first, last)
		}
		if got := s.Text(Initials, 5); got != first[:1]+last[:1] {
			t.Errorf("initials %q of %s and %s", got, first, last)
		}
		for _, m := range []Meaning{Email, Username, AvatarURL} {
			if got := s.Text(m, 6); !strings.Contains(got, strings.ToLower(last)) {
				t.Errorf("%v %q does not have %s", m, got, last)
			}
			if s.Text(m, 6) != s.Text(m, 7) {
				t.Errorf("%v differs by salt", m)
			}
		}
		female := s.Text(Gender, 0) == "female"
		if (s.Text(Pronouns, 0) == "she/her") != female || (s.Text(Honorific, 0) == "Ms.") != female {
			t.Errorf("gender, pronouns and honorific differ")
		}
	})
}

func TestSubject_Age_FitsBirthDate(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		birth := s.Time(BirthDate, 9)
		age, _, _ := s.Number(Age, 9)
		if age < 18 || age >= 80 {
			t.Errorf("age %v", age)
		}
		if at := birth.AddDate(int(age), 0, 0); at.After(Epoch) || !birth.AddDate(int(age)+1, 0, 0).After(Epoch) {
			t.Errorf("age %v of one born at %v", age, birth)
		}
		if year, _, _ := s.Number(BirthYear, 1); int(year) != birth.Year() {
			t.Errorf("birth year %v of one born at %v", year, birth)
		}
	})
}

func TestSubject_Times_AreInOrder(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		for salt := range uint64(4) {
			before := s.Time(Created, salt)
			if before.Before(Epoch) {
				t.Errorf("created at %v, before the epoch", before)
			}
			for m := Issued; m <= Expires; m++ {
				at := s.Time(m, salt*7919)
				if !at.After(before) {
					t.Errorf("%v at %v, not after the stage before it at %v", m, at, before)
				}
				before = at
			}
			if moment := s.Time(Moment, salt); moment.Before(s.Time(Created, 0)) {
				t.Errorf("a moment at %v, before the creation", moment)
			}
		}
		for _, end := range []Meaning{Ends, Ended} {
			if !s.Time(end, 1).After(s.Time(Started, 2)) {
				t.Errorf("starts at %v, %v at %v", s.Time(Started, 2), end, s.Time(end, 1))
			}
			if s.Text(Started|formDate, 1) >= s.Text(end|formDate, 2) {
				t.Errorf("starts on %s, %v on %s", s.Text(Started|formDate, 1), end, s.Text(end|formDate, 2))
			}
		}
	})
}

func TestSubject_Forms_TellOneMoment(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		for _, m := range []Meaning{Created, Ended, BirthDate} {
			at := s.Time(m, 3)
			if got := s.Text(m, 3); got != at.Format(time.RFC3339) {
				t.Errorf("%v is %q, want %v", m, got, at)
			}
			if got := s.Text(m|formDate, 3); got != at.Format(time.DateOnly) {
				t.Errorf("%v is %q, want %v", m|formDate, got, at)
			}
			if got, _, _ := s.Number(m|formUnix, 3); int64(got) != at.Unix() {
				t.Errorf("%v is %v, want %v", m|formUnix, got, at.Unix())
			}
			if got, _, _ := s.Number(m|formMillis, 3); int64(got) != at.UnixMilli() {
				t.Errorf("%v is %v, want %v", m|formMillis, got, at.UnixMilli())
			}
		}
	})
}

func TestSubject_Child_IsNotOlderThanItsParent(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		for _, name := range []string{"items", "owner", "address", "attributes"} {
			c := s.Child(name)
			if c.Time(Created, 0).Before(s.Time(Created, 0)) {
				t.Errorf("%s created before its parent", name)
			}
			item := c.Item(3)
			if item.Time(Created, 0).Before(c.Time(Created, 0)) {
				t.Errorf("item of %s created before it", name)
			}
		}
	})
}

func TestSubject_Child_KeepsWhatIsShared(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		profile, total, lines, address := s.Child("profile"), s.Child("total"), s.Child("lines"), s.Child("address")
		if profile.Text(Email, 0) != s.Text(Email, 0) {
			t.Errorf("profile is about another person")
		}
		if total.Text(Total, 0) != s.Text(Total, 0) || total.Text(Currency, 0) != s.Text(Currency, 0) {
			t.Errorf("total is of another order")
		}
		if lines.Text(Currency, 0) != s.Text(Currency, 0) {
			t.Errorf("lines have another currency")
		}
		if address.seed == s.seed || lines.seed == s.seed {
			t.Errorf("a nested object is the same subject")
		}
	})
}

func TestSubject_Order_AddsUp(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		v := func(m Meaning) int64 {
			units, decimals, ok := s.Decimal(m, 11)
			cents, whole, _ := s.Decimal(m|formCents, 12)
			if !ok || decimals != 2 || whole != 0 || units != cents {
				t.Errorf("%v is %d with %d decimals, %d in cents", m, units, decimals, cents)
			}
			return units
		}
		quantity, _, _ := s.Decimal(Quantity, 0)
		percent, _, _ := s.Decimal(DiscountPercent, 0)
		switch {
		case v(Price)*quantity != v(Subtotal):
			t.Errorf("%d * %d is not %d", v(Price), quantity, v(Subtotal))
		case v(Subtotal)+v(Tax)+v(Shipping)-v(Discount) != v(Total):
			t.Errorf("%d + %d + %d - %d is not %d", v(Subtotal), v(Tax), v(Shipping), v(Discount), v(Total))
		case v(AmountPaid)+v(AmountDue) != v(Total):
			t.Errorf("%d paid, %d due of %d", v(AmountPaid), v(AmountDue), v(Total))
		case v(NetAmount)+v(Fee) != v(Total):
			t.Errorf("%d net, %d fee of %d", v(NetAmount), v(Fee), v(Total))
		case v(Subtotal)*percent/100 != v(Discount):
			t.Errorf("%d is not %d%% of %d", v(Discount), percent, v(Subtotal))
		case v(Total) < v(Subtotal)-v(Discount), v(Total) <= 0, v(NetAmount) <= 0:
			t.Errorf("total %d of %d", v(Total), v(Subtotal))
		}
		p := s.product()
		if price := v(Price); price < int64(p.low/100*100) || price > int64(p.high/100*100+99) {
			t.Errorf("%s for %d", p.name, price)
		}
	})
}

func TestSubject_Place_IsOnePlace(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		c, n := s.city(), s.country()
		for m, want := range map[Meaning]string{
			City: c.name, Region: c.region, RegionCode: c.regionCode, TimeZone: c.zone, Country: n.name,
			CountryCode: n.alpha2, CountryCode3: n.alpha3, Currency: n.currency, CurrencySymbol: n.symbol,
			DialCode: "+" + n.dial, Language: n.language, Locale: n.locale, Continent: n.continent,
		} {
			if got := s.Text(m, 77); got != want {
				t.Errorf("%v is %q, want %q", m, got, want)
			}
		}
		if n.locale != n.language+"-"+n.alpha2 {
			t.Errorf("locale %s of %s in %s", n.locale, n.language, n.alpha2)
		}
		address := s.Text(Address, 1)
		for _, m := range []Meaning{Street, City, PostalCode, Country} {
			if !strings.Contains(address, s.Text(m, 2)) {
				t.Errorf("address %q without %v %q", address, m, s.Text(m, 2))
			}
		}
		lat, _, _ := s.Number(Latitude, 1)
		if got := strconv.FormatFloat(lat, 'f', 4, 64); !strings.HasPrefix(s.Text(Coordinates, 0), got+",") {
			t.Errorf("latitude %s of %s", got, s.Text(Coordinates, 0))
		}
	})
}

// postalCodes are the shapes of some countries' codes.
var postalCodes = map[string]string{
	"US": `^\d{5}$`, "GB": `^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$`, "DE": `^\d{5}$`, "FR": `^\d{5}$`, "ES": `^\d{5}$`,
	"IT": `^\d{5}$`, "NL": `^\d{4} [A-Z]{2}$`, "PT": `^\d{4}-\d{3}$`, "AT": `^\d{4}$`, "IE": `^[A-Z]\d{2} [A-Z\d]{4}$`,
	"FI": `^\d{5}$`, "BE": `^\d{4}$`, "CH": `^\d{4}$`, "SE": `^\d{3} \d{2}$`, "NO": `^\d{4}$`, "DK": `^\d{4}$`,
	"PL": `^\d{2}-\d{3}$`, "CA": `^[A-Z]\d[A-Z] \d[A-Z]\d$`, "MX": `^\d{5}$`, "BR": `^\d{5}-\d{3}$`, "AU": `^\d{4}$`,
	"NZ": `^\d{4}$`, "IN": `^\d{6}$`, "SG": `^\d{6}$`, "ZA": `^\d{4}$`,
}

func TestSubject_PostalCode_FitsCountry(t *testing.T) {
	shapes := map[string]*regexp.Regexp{}
	for code, shape := range postalCodes {
		shapes[code] = regexp.MustCompile(shape)
	}
	each(t, func(t *testing.T, s *Subject) {
		code := s.Text(CountryCode, 0)
		if got := s.Text(PostalCode, 0); shapes[code] == nil || !shapes[code].MatchString(got) {
			t.Errorf("postal code %q in %s", got, code)
		}
	})
}

func TestSubject_Texts_FitTheTopic(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		title := s.Text(Title, 1)
		slug := s.Text(Slug, 2)
		if slug != string(appendSlug(nil, title, '-')) {
			t.Errorf("slug %q of %q", slug, title)
		}
		if got := s.Text(URL, 3); !strings.HasSuffix(got, "/"+slug) {
			t.Errorf("URL %q of %q", got, slug)
		}
		name, ext := s.Text(FileName, 4), s.Text(Extension, 5)
		if name != slug+"."+ext {
			t.Errorf("file %q of %q with %q", name, slug, ext)
		}
		for _, f := range fileTypes {
			if f.ext == ext && f.mime != s.Text(MIMEType, 6) {
				t.Errorf("%s of a .%s", s.Text(MIMEType, 6), ext)
			}
		}
		if got := string(appendSlug(nil, s.Text(ProductName, 1), '-')); s.Text(ProductSlug, 0) != got {
			t.Errorf("product slug %q, want %q", s.Text(ProductSlug, 0), got)
		}
		domain := s.Text(Domain, 1)
		if string(appendSlug(nil, s.Text(CompanyName, 0), '-'))+".example" != domain || s.Text(Website, 1) != "https://www."+domain {
			t.Errorf("company %q, domain %q, website %q", s.Text(CompanyName, 0), domain, s.Text(Website, 1))
		}
		if full := s.Text(RepoFullName, 1); !strings.HasSuffix(full, "/"+s.Text(RepoName, 5)) {
			t.Errorf("repository %q is %q", s.Text(RepoName, 5), full)
		}
	})
}

func TestSubject_CheckDigits_AreValid(t *testing.T) {
	each(t, func(t *testing.T, s *Subject) {
		if iban := s.Text(IBAN, 1); ibanRest(iban) != 1 {
			t.Errorf("IBAN %s", iban)
		}
		for _, m := range []Meaning{CardNumber, IMEI} {
			n := s.Text(m, 1)
			if got := string(appendLuhn([]byte(n[:len(n)-1]), 0)); got != n {
				t.Errorf("%v %s, want %s", m, n, got)
			}
		}
		for _, m := range []Meaning{Barcode, ISBN} {
			sum := 0
			for i, c := range s.Text(m, 1) {
				sum += int(c-'0') * (1 + 2*(i%2))
			}
			if sum%10 != 0 {
				t.Errorf("%v %s", m, s.Text(m, 1))
			}
		}
		card := s.Text(CardNumber, 5)
		if !strings.HasSuffix(card, s.Text(CardLast4, 6)) {
			t.Errorf("card %s ends with %s", card, s.Text(CardLast4, 6))
		}
		vin, sum := s.Text(VIN, 1), 0
		for i := range vin {
			sum += vinWeights[i] * vinValue(vin[i])
		}
		if vin[8] != "0123456789X"[sum%11] {
			t.Errorf("VIN %s", vin)
		}
	})
}

func ibanRest(iban string) int {
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}
