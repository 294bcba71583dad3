package plausible

// formats tells what a string of a format is.
var formats = map[string]Meaning{
	"email": Email, "idn-email": Email, "e-mail": Email,
	"uri": URL, "url": URL, "iri": URL, "uri-reference": URL, "iri-reference": URL, "uri-template": URL, "uriref": URL,
	"uuid": UUID, "guid": UUID, "uuid4": UUID, "uuidv4": UUID,
	"date-time": Moment, "datetime": Moment, "timestamp": Moment, "iso8601": Moment, "iso-8601": Moment,
	"date": Moment | formDate, "full-date": Moment | formDate, "time": Moment | formClock, "partial-time": Moment | formClock,
	"unix-time": Moment | formUnix, "unixtime": Moment | formUnix,
	"duration": ISODuration, "ipv4": IPv4, "ip": IPv4, "ip-address": IPv4, "ipv6": IPv6,
	"hostname": Hostname, "idn-hostname": Hostname, "domain": Domain, "cidr": CIDR, "mac": MAC, "mac-address": MAC,
	"byte": Base64, "base64": Base64, "base64url": Base64, "password": Password, "phone": Phone, "phone-number": Phone, "e164": Phone,
	"currency": Currency, "iso-4217": Currency, "country": CountryCode, "country-code": CountryCode, "iso-3166": CountryCode,
	"color": HexColor, "hex-color": HexColor, "ulid": ULID, "objectid": ObjectID, "object-id": ObjectID, "mongo-id": ObjectID,
	"cron": Cron, "semver": Version, "locale": Locale, "language": Language, "timezone": TimeZone, "time-zone": TimeZone,
	"iban": IBAN, "bic": BIC, "isbn": ISBN, "slug": Slug, "markdown": MarkdownBody, "html": HTMLBody, "jwt": JWT,
	"sha256": SHA256, "sha1": SHA1, "md5": MD5, "credit-card": CardNumber, "creditcard": CardNumber, "decimal": Amount,
	"json": JSONText, "zip": PostalCode, "zip-code": PostalCode, "postal-code": PostalCode, "vin": VIN, "ean": Barcode,
	"image": ImageURL, "username": Username, "mime-type": MIMEType, "permalink": URL,
}

// withFormat reconciles a meaning with the format of its string: the meaning
// stays if it is written that way, else the format decides.
func withFormat(m Meaning, format string) Meaning {
	f, ok := formats[format]
	if !ok {
		return m
	}
	switch {
	case f.base() == Moment:
		if IsTime(m) {
			return m.base() | f.form()
		}
		return f
	case f == URL && IsURL(m), f == UUID && (IsID(m) || m == Reference || m == RequestID):
		if m == ULID || m == ObjectID || m == NodeID {
			return UUID
		}
		return m
	case f == Hostname && m == Domain, f == Base64 && m == PublicKey, f == Amount && IsNumber(m):
		return m
	case f == Password && (m == Secret || m == Token || m == APIKey || m == OneTimeCode):
		return m
	case f == Base64 && m == Signature:
		return m
	}
	return f
}

// inForm chooses how a meaning is written: a time as date-time, date or Unix
// time, an amount in units or in cents.
func inForm(m Meaning, p Property, name *key, about string) Meaning {
	if m.form() != 0 {
		return m
	}
	switch facts[m].kind {
	case kindAmount:
		if p.Type == Integer {
			return m | formCents
		}
	case kindNumber:
		if p.Type == Integer && hasDecimals(m) {
			return m | formWhole
		}
	case kindTime:
		return m | timeForm(m, p, name, about)
	}
	return m
}

func hasDecimals(m Meaning) bool {
	switch m {
	case Latitude, Longitude, ExchangeRate, Ratio, Probability, Rating, Temperature, Weight, Length, Depth, Measure,
		Distance, Speed, Pressure, BodyHeight, BodyWeight:
		return true
	}
	return false
}

func timeForm(m Meaning, p Property, name *key, about string) Meaning {
	last := string(name.last())
	if p.Type != String {
		if last == "ms" || last == "millis" || last == "msec" || last == "milliseconds" || says(about, "millisecond", "in ms") {
			return formMillis
		}
		return formUnix
	}
	if p.Format == "date-time" || p.Format == "datetime" {
		return 0
	}
	switch {
	case says(about, "unix time", "unix epoch", "seconds since"):
		return formUnix
	case says(about, "milliseconds since"):
		return formMillis
	case says(about, "date-time", "datetime", "date and time", "rfc 3339", "rfc3339", "timestamp"):
		return 0
	case m == BirthDate, says(about, "yyyy-mm-dd") && !says(about, "yyyy-mm-ddt", "hh:mm"):
		return formDate
	case last == "date", last == "day", last == "dob", last == "birthday":
		return formDate
	case last == "on" && name.words > 1:
		return formDate
	}
	return 0
}
