package plausible

// This file is on the hot path: nothing here allocates.

// Subject is what one generated object is about. It is a few words of state:
// all its values are derived from them when asked for. The zero Subject is that
// of seed 0.
type Subject struct {
	seed  uint64 // person, company, product, order, texts
	place uint64 // where it is, and so the currency and language
	from  int64  // Unix seconds before which nothing happened; 0: not bounded
}

// NewSubject is the subject of a seed.
func NewSubject(seed uint64) Subject {
	return Subject{seed: mix(seed), place: mix(seed ^ 0x706c616365)}
}

// Child is the subject of a nested object. An object that only groups its
// parent's own properties ("attributes", "profile", an amount with its
// currency) is about the same subject. Any other has values of its own, keeps
// the parent's currency unless it is a place itself, and was created at the
// parent's creation or later.
func (s *Subject) Child(name string) Subject {
	switch roleOf(name) {
	case roleFacet:
		return *s
	case rolePlace:
		h := mix(s.seed ^ mix(Salt(name)))
		return Subject{seed: h, place: mix(h), from: s.created()}
	}
	return Subject{seed: mix(s.seed ^ mix(Salt(name))), place: s.place, from: s.created()}
}

// Item is the subject of one item of a list, by its place in it.
func (s *Subject) Item(i int) Subject {
	return Subject{seed: mix(s.seed + uint64(i+1)*gamma), place: s.place, from: s.created()}
}

type role uint8

const (
	roleOther role = iota
	roleFacet
	rolePlace
)

func roleOf(name string) role {
	switch name {
	case "attributes", "Attributes", "profile", "Profile", "data", "Data", "properties", "details", "Details",
		"info", "Info", "fields", "result", "links", "_links", "meta", "metadata", "timestamps", "audit", "dates",
		"name", "contact", "contactInfo", "contact_info", "personal", "personalInfo", "personal_info", "attributes_data",
		"price", "Price", "amount", "Amount", "total", "Total", "subtotal", "subTotal", "sub_total", "Subtotal",
		"tax", "Tax", "taxes", "shipping_cost", "shippingCost", "discount", "Discount", "totals", "amounts",
		"money", "pricing", "prices", "summary", "totalPrice", "total_price", "totalAmount", "total_amount",
		"unitPrice", "unit_price", "payment", "balance", "fee", "period", "dateRange", "date_range", "schedule",
		"geo", "coordinates", "geometry", "position", "latLng", "gps":
		return roleFacet
	case "address", "Address", "location", "Location", "place", "country", "Country", "city", "venue",
		"billingAddress", "billing_address", "BillingAddress", "shippingAddress", "shipping_address", "ShippingAddress",
		"homeAddress", "home_address", "workAddress", "work_address", "deliveryAddress", "delivery_address",
		"origin", "destination", "from", "to", "departure", "arrival", "hometown", "region", "currency":
		return rolePlace
	}
	return roleOther
}

// draw is the subject's number for a meaning and a salt.
func (s *Subject) draw(m Meaning, salt uint64) uint64 {
	return mix(s.seed ^ mix(uint64(m.base())*gamma+salt))
}

// Text is a value for m in the form a string has: RFC 3339 for a time, a decimal
// number for an amount. For None it is a few plain words.
func (s *Subject) Text(m Meaning, salt uint64) string {
	if v := s.fixed(m, salt); v != "" {
		return v
	}
	var buf [256]byte
	return string(s.AppendText(buf[:0], m, salt))
}

// Bool is yes or no: mostly yes for what is usually so ("active"), mostly no for
// what is usually not ("deleted").
func (s *Subject) Bool(m Meaning, salt uint64) bool {
	r := below(s.draw(m, salt), 100)
	switch m.base() {
	case Yes:
		return r < 90
	case No:
		return r < 8
	}
	return r < 50
}

// Words is n lower-case English words, for strings nothing is known about.
func (s *Subject) Words(n int, salt uint64) string {
	var buf [256]byte
	return string(s.appendWords(buf[:0], n, salt))
}

func (s *Subject) appendWords(dst []byte, n int, salt uint64) []byte {
	r := s.draw(Words, salt)
	for i := 0; i < n; i++ {
		if i > 0 {
			dst = append(dst, ' ')
		}
		r = mix(r)
		switch (n - 1 - i) % 3 { // the last is a noun
		case 0:
			dst = append(dst, pick(r, nouns)...)
		case 1:
			dst = append(dst, pick(r, adjectives)...)
		case 2:
			dst = append(dst, pick(r, verbs)...)
		}
	}
	return dst
}
