package plausible

// This file is on the hot path: nothing here allocates.

func (s *Subject) company() string { return pick(s.draw(CompanyName, 0), companies) }

// appendDomain appends the company's domain, under .example (RFC 2606).
func (s *Subject) appendDomain(dst []byte) []byte {
	dst = appendSlug(dst, s.company(), '-')
	return append(dst, ".example"...)
}

func (s *Subject) appendVAT(dst []byte) []byte {
	r := s.draw(VATNumber, 0)
	dst = append(dst, s.country().alpha2...)
	return appendPattern(dst, r, "#########")
}
