package plausible

// This file is on the hot path: nothing here allocates.

// order is the one sale a subject is about, in hundredths of the currency's
// unit: subtotal = price * quantity, total = subtotal + tax + shipping -
// discount, paid + due = total, net = total - fee.
type order struct {
	price, quantity, subtotal, tax, shipping, discount, total int
	paid, due, refunded, fee                                  int
	discountPercent                                           int
}

func (s *Subject) product() *product {
	return &products[below(s.draw(ProductName, 0), len(products))]
}

var priceEndings = [...]int{99, 50, 0, 95, 90}

func (s *Subject) price() int {
	p := s.product()
	r := s.draw(Price, 0)
	units := between(r, p.low/100, p.high/100)
	return units*100 + priceEndings[below(mix(r), len(priceEndings))]
}

func (s *Subject) quantity() int { return between(s.draw(Quantity, 0), 1, 5) }

var shippingCosts = [...]int{0, 495, 799, 1200}

func (s *Subject) order() order {
	o := order{price: s.price(), quantity: s.quantity()}
	r := s.draw(Total, 0)
	o.subtotal = o.price * o.quantity
	o.discountPercent = 5 * below(r, 4)
	o.discount = o.subtotal * o.discountPercent / 100
	o.tax = (o.subtotal - o.discount) * s.country().taxRate / 100
	r = mix(r)
	o.shipping = shippingCosts[below(r, len(shippingCosts))]
	o.total = o.subtotal + o.tax + o.shipping - o.discount
	r = mix(r)
	switch below(r, 3) {
	case 0:
		o.paid = o.total
	case 1:
		o.paid = o.total / 2
	}
	o.due = o.total - o.paid
	o.fee = o.total*3/100 + 25
	return o
}

// cents is the amount m stands for.
func (s *Subject) cents(m Meaning, salt uint64) int {
	r := s.draw(m, salt)
	switch m.base() {
	case Price:
		return s.price()
	case Balance:
		return between(r, 12050, 980000)
	case Salary:
		return between(r, 32000, 140000) / 500 * 500 * 100
	}
	o := s.order()
	switch m.base() {
	case Subtotal, LineTotal:
		return o.subtotal
	case Tax:
		return o.tax
	case Shipping:
		return o.shipping
	case Discount:
		return o.discount
	case AmountPaid:
		return o.paid
	case AmountDue:
		return o.due
	case AmountRefunded:
		return o.refunded
	case Fee:
		return o.fee
	case NetAmount:
		return o.total - o.fee
	}
	return o.total
}
