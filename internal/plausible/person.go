package plausible

// This file is on the hot path: nothing here allocates.

// person is the one person a subject is about.
type person struct {
	first, last string
	female      bool
	style       uint8  // how user name and e-mail are made of the name
	number      uint8  // 10..99, for user names
	draw        uint64 // for what is left
}

func (s *Subject) person() person {
	r := s.draw(FullName, 0)
	p := person{female: r&1 == 0, style: uint8(r >> 8 % 4), number: uint8(10 + r>>16%90)}
	r = mix(r)
	if p.female {
		p.first = pick(r, womensNames)
	} else {
		p.first = pick(r, mensNames)
	}
	r = mix(r)
	p.last = pick(r, lastNames)
	p.draw = mix(r)
	return p
}

func (p *person) middle() string {
	if p.female {
		return pick(p.draw, womensNames)
	}
	return pick(p.draw, mensNames)
}

func (p *person) appendFullName(dst []byte) []byte {
	dst = append(dst, p.first...)
	dst = append(dst, ' ')
	return append(dst, p.last...)
}

// appendHandle appends the part of an e-mail address before the @.
func (p *person) appendHandle(dst []byte, sep byte) []byte {
	switch p.style {
	case 0:
		dst = append(dst, p.first[0]|0x20)
	case 1:
		dst = appendSlug(dst, p.first, sep)
	default:
		dst = appendSlug(dst, p.first, sep)
		if sep != 0 {
			dst = append(dst, sep)
		}
	}
	return appendSlug(dst, p.last, sep)
}

func (p *person) appendUsername(dst []byte) []byte {
	dst = p.appendHandle(dst, '_')
	return appendPadded(dst, int(p.number), 2)
}

// mailDomains are reserved for examples (RFC 2606).
var mailDomains = []string{"example.com", "example.org", "example.net"}

func (p *person) appendEmail(dst []byte) []byte {
	dst = p.appendHandle(dst, '.')
	dst = append(dst, '@')
	return append(dst, mailDomains[p.draw%3]...)
}

// birth is the day of birth in days since 1970: 18 to 79 years before Epoch.
func (s *Subject) birth() int {
	return epochDay - between(s.draw(BirthDate, 0), 18*366, 80*365)
}

// age is in full years, at Epoch.
func (s *Subject) age() int {
	y, m, d := civil(s.birth())
	if m == 1 && d == 1 {
		return epochYear - y
	}
	return epochYear - y - 1
}

// areaCodes are codes of the North American plan; 555-0100 to 555-0199 is kept
// for fiction in each of them.
var areaCodes = []string{"202", "212", "303", "312", "404", "415", "503", "512", "617", "206", "305", "612"}

func (s *Subject) appendPhone(dst []byte, salt uint64) []byte {
	r := s.draw(Phone, salt)
	if s.country().alpha2 == "GB" { // Ofcom's range for drama
		return appendPadded(append(dst, "+442079460"...), below(r, 1000), 3)
	}
	dst = append(dst, "+1"...)
	dst = append(dst, pick(r, areaCodes)...)
	dst = append(dst, "55501"...)
	return appendPadded(dst, below(mix(r), 100), 2)
}
