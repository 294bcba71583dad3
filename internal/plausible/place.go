package plausible

// This file is on the hot path: nothing here allocates.

func (s *Subject) city() *city {
	return &cities[below(mix(s.place), len(cities))]
}

func (s *Subject) country() *country { return &countries[s.city().country] }

func (s *Subject) appendPostalCode(dst []byte) []byte {
	return appendPattern(dst, s.draw(PostalCode, 0), s.city().postal)
}

func (s *Subject) streetName() string { return pick(s.draw(StreetName, 0), streetNames) }

func (s *Subject) appendBuilding(dst []byte) []byte {
	return appendPadded(dst, between(s.draw(BuildingNumber, 0), 1, 299), 1)
}

func (s *Subject) appendStreet(dst []byte) []byte {
	dst = s.appendBuilding(dst)
	dst = append(dst, ' ')
	return append(dst, s.streetName()...)
}

// appendAddress appends street, city, postal code and country in one line.
func (s *Subject) appendAddress(dst []byte) []byte {
	dst = s.appendStreet(dst)
	dst = append(dst, ", "...)
	dst = append(dst, s.city().name...)
	dst = append(dst, ' ')
	dst = s.appendPostalCode(dst)
	dst = append(dst, ", "...)
	return append(dst, s.country().name...)
}

func appendDegrees(dst []byte, v int32) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	dst = appendPadded(dst, int(v/10000), 1)
	dst = append(dst, '.')
	return appendPadded(dst, int(v%10000), 4)
}
