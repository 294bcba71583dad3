package plausible

// This file is on the hot path: nothing here allocates but what the caller's
// buffer needs to grow.

// fixed is the value of m if it is a string of a table, else "".
func (s *Subject) fixed(m Meaning, salt uint64) string {
	b := m.base()
	if list := facts[b].list; list != nil {
		return pick(s.draw(b, s.ownSalt(b, salt)), list)
	}
	switch b {
	case MonthName:
		_, month, _ := civil(int(s.created() / day))
		return monthNames[month-1]
	case Weekday:
		return weekdays[(s.created()/day+3)%7] // 1970 began on a Thursday
	case FirstName:
		p := s.person()
		return p.first
	case LastName:
		p := s.person()
		return p.last
	case MiddleName:
		p := s.person()
		return p.middle()
	case Gender:
		if p := s.person(); p.female {
			return "female"
		}
		return "male"
	case Pronouns:
		if p := s.person(); p.female {
			return "she/her"
		}
		return "he/him"
	case Honorific:
		if p := s.person(); p.female {
			return "Ms."
		}
		return "Mr."
	case Bio:
		return pick(s.draw(Bio, 0), bios)
	case CompanyName:
		return s.company()
	case City:
		return s.city().name
	case Region:
		return s.city().region
	case RegionCode:
		return s.city().regionCode
	case TimeZone:
		return s.city().zone
	case StreetName:
		return s.streetName()
	case Country:
		return s.country().name
	case CountryCode:
		return s.country().alpha2
	case CountryCode3:
		return s.country().alpha3
	case Continent:
		return s.country().continent
	case Nationality:
		return s.country().nationality
	case Currency:
		return s.country().currency
	case CurrencyName:
		return s.country().currencyName
	case CurrencySymbol:
		return s.country().symbol
	case Language:
		return s.country().language
	case LanguageName:
		return s.country().languageName
	case Locale:
		return s.country().locale
	case ProductName:
		return s.product().name
	case Category:
		return s.product().category
	case Brand:
		return s.product().brand
	case ProductDescription:
		return pick(s.draw(b, 0), blurbs)
	case CardNumber:
		return testCards[s.card()].number
	case CardBrand:
		return testCards[s.card()].brand
	case CardCVC:
		return testCards[s.card()].cvc
	case CardLast4:
		n := testCards[s.card()].number
		return n[len(n)-4:]
	}
	return s.prose(b, salt)
}

// ownSalt drops the salt for meanings a subject has one value of.
func (s *Subject) ownSalt(b Meaning, salt uint64) uint64 {
	switch b {
	case RepoName, BankName, JobTitle, EmojiChar, EmojiName:
		return 0
	}
	return salt
}

// AppendText appends what Text gives.
func (s *Subject) AppendText(dst []byte, m Meaning, salt uint64) []byte {
	if v := s.fixed(m, salt); v != "" {
		return append(dst, v...)
	}
	switch facts[m.base()].kind {
	case kindTime:
		return appendTime(dst, m, s.unix(m, salt))
	case kindNumber, kindAmount:
		units, decimals, _ := s.Decimal(m, salt)
		return appendDecimal(dst, units, decimals)
	case kindBool:
		if s.Bool(m, salt) {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case kindProse:
		return s.appendProse(dst, m.base(), salt)
	case kindURL:
		return s.appendURL(dst, m.base(), salt)
	}
	return s.appendShort(dst, m.base(), salt)
}

func appendDecimal(dst []byte, units int64, decimals int) []byte {
	if units < 0 {
		dst = append(dst, '-')
		units = -units
	}
	scale := int64(1)
	for i := 0; i < decimals; i++ {
		scale *= 10
	}
	dst = appendPadded(dst, units/scale, 1)
	if decimals > 0 {
		dst = append(dst, '.')
		dst = appendPadded(dst, units%scale, decimals)
	}
	return dst
}

// appendShort appends the short strings that are put together: names of people
// and places, numbers of things, keys, digests.
func (s *Subject) appendShort(dst []byte, b Meaning, salt uint64) []byte {
	r := s.draw(b, salt)
	switch b {
	case FullName, DisplayName:
		p := s.person()
		return p.appendFullName(dst)
	case Username:
		p := s.person()
		return p.appendUsername(dst)
	case Email:
		p := s.person()
		return p.appendEmail(dst)
	case Initials:
		p := s.person()
		return append(dst, p.first[0], p.last[0])
	case Phone:
		return s.appendPhone(dst, salt)
	case LegalName:
		dst = append(dst, s.company()...)
		return append(dst, pick(s.draw(b, 0), legalForms)...)
	case Domain:
		return s.appendDomain(dst)
	case Address:
		return s.appendAddress(dst)
	case Street:
		return s.appendStreet(dst)
	case BuildingNumber:
		return s.appendBuilding(dst)
	case SecondaryAddress:
		return appendPattern(dst, r, "Apt. ##")
	case PostalCode:
		return s.appendPostalCode(dst)
	case PlaceName:
		dst = append(dst, s.city().name...)
		return append(dst, pick(r, venues)...)
	case Coordinates:
		dst = appendDegrees(dst, s.city().lat)
		dst = append(dst, ',')
		return appendDegrees(dst, s.city().lng)
	case DialCode:
		return append(append(dst, '+'), s.country().dial...)
	case ProductSlug:
		return appendSlug(dst, s.product().name, '-')
	case Slug:
		return appendSlug(dst, s.topic().title, '-')
	case Topic:
		return append(dst, s.topic().field...)
	case Tag:
		return append(dst, s.tag(salt)...)
	case Word:
		return append(dst, pick(r, nouns)...)
	case None:
		return s.appendWords(dst, 3, salt)
	}
	if b >= SKU && b <= EthereumAddress {
		return s.appendTrade(dst, b, r)
	}
	if b >= Hostname && b <= Cursor {
		return s.appendNet(dst, b, r)
	}
	return s.appendCode(dst, b, r)
}

var (
	legalForms = []string{" Ltd.", " Inc.", " LLC", " GmbH", " Group"}
	venues     = []string{" Central", " Conference Centre", " Old Town", " Market Hall", " City Park", " Harbour"}
)
