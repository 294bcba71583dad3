package plausible

// appendTrade appends numbers and codes of products, orders and payments.
func (s *Subject) appendTrade(dst []byte, b Meaning, r uint64) []byte {
	start := len(dst)
	switch b {
	case SKU:
		p := s.product()
		dst = append(append(dst, p.prefix...), '-')
		return appendPattern(dst, s.draw(SKU, 0), "####-##")
	case HexColor:
		return appendHex(append(dst, '#'), r, 6)
	case RGBColor:
		dst = append(dst, "rgb("...)
		dst = appendPadded(dst, below(r, 256), 1)
		dst = append(dst, ", "...)
		dst = appendPadded(dst, below(mix(r), 256), 1)
		dst = append(dst, ", "...)
		dst = appendPadded(dst, below(mix(mix(r)), 256), 1)
		return append(dst, ')')
	case Barcode:
		return appendEAN(appendPattern(append(dst, "200"...), s.draw(b, 0), "#########"), start)
	case ISBN:
		return appendEAN(appendPattern(append(dst, "978"...), s.draw(b, 0), "#########"), start)
	case OrderNumber:
		return appendPadded(append(dst, "ORD-"...), between(s.draw(b, 0), 10000, 99999), 5)
	case InvoiceNumber:
		return appendPadded(append(dst, "INV-2025-"...), between(s.draw(b, 0), 1, 9999), 4)
	case PurchaseOrder:
		return appendPadded(append(dst, "PO-"...), between(r, 10000, 99999), 5)
	case TransactionID:
		return appendFrom(append(dst, "TXN"...), r, base32, 12)
	case IBAN:
		return appendIBAN(dst, r)
	case BIC:
		return append(dst, "EXMPDEFFXXX"...)
	case AccountNumber:
		return appendPattern(append(dst, "00"...), r, "########")
	case RoutingNumber:
		return append(dst, "110000000"...) // the one that payment providers publish for tests
	case CardExpiry:
		dst = appendPadded(dst, s.cardMonth(), 2)
		dst = append(dst, '/')
		return appendPadded(dst, s.cardYear()%100, 2)
	case VATNumber:
		return s.appendVAT(dst)
	case TaxID:
		return appendPattern(append(dst, "00-"...), r, "#######")
	case BitcoinAddress:
		return appendFrom(append(dst, "bc1q"...), r, "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 38)
	case EthereumAddress:
		return appendHex(append(dst, "0x"...), r, 40)
	}
	return s.appendCode(dst, b, r)
}
