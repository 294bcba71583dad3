package plausible

import "strings"

// aboutOf is the beginning of a title and a description in lower case: what a
// thing is, is said first.
func aboutOf(description, title string) string {
	const enough = 200
	if len(description) > enough {
		description = description[:enough]
	}
	if len(title) > 60 {
		title = title[:60]
	}
	if title != "" {
		description = title + " " + description
	}
	return strings.ToLower(description)
}

// phrase tells what a description with these words means.
type phrase struct {
	text    string
	meaning Meaning
}

var stringPhrases = []phrase{
	{"e-mail address", Email}, {"email address", Email},
	{"phone number", Phone}, {"telephone number", Phone},
	{"alpha-3", CountryCode3}, {"three-letter country", CountryCode3}, {"three-letter iso country", CountryCode3},
	{"iso 3166", CountryCode}, {"country code", CountryCode}, {"alpha-2", CountryCode}, {"two-letter country", CountryCode},
	{"iso 4217", Currency}, {"currency code", Currency}, {"iso currency", Currency}, {"three-letter currency", Currency},
	{"iso 639", Language}, {"language code", Language}, {"bcp 47", Locale}, {"bcp-47", Locale}, {"locale", Locale},
	{"time zone", TimeZone}, {"timezone", TimeZone},
	{"mime type", MIMEType}, {"mime-type", MIMEType}, {"media type", MIMEType}, {"content type", MIMEType},
	{"iso 8601 duration", ISODuration},
	{"iso 8601", Moment}, {"iso8601", Moment}, {"rfc 3339", Moment}, {"rfc3339", Moment}, {"date and time", Moment},
	{"the date", Moment}, {"timestamp", Moment}, {"the time at", Moment}, {"the time when", Moment}, {"yyyy-mm-dd", Moment},
	{"webhook url", WebhookURL}, {"callback url", WebhookURL}, {"url of the image", ImageURL}, {"image url", ImageURL},
	{"the url", URL}, {"url to", URL}, {"url of", URL}, {"url for", URL}, {"link to", URL}, {"the uri", URL}, {"uri of", URL}, {"a url", URL},
	{"ipv6 address", IPv6}, {"ip address", IPv4}, {"ipv4", IPv4}, {"mac address", MAC}, {"host name", Hostname}, {"hostname", Hostname},
	{"uuid", UUID}, {"guid", UUID}, {"sha-256", SHA256}, {"sha256", SHA256}, {"sha-1", SHA1}, {"sha1", SHA1}, {"md5", MD5},
	{"hex color", HexColor}, {"hexadecimal color", HexColor}, {"hex code", HexColor}, {"base64", Base64}, {"markdown", MarkdownBody},
	{"first name", FirstName}, {"last name", LastName}, {"full name", FullName}, {"user name", Username}, {"username", Username},
	{"postal code", PostalCode}, {"zip code", PostalCode}, {"iban", IBAN}, {"cron expression", Cron},
	{"user agent", UserAgent}, {"file name", FileName}, {"filename", FileName}, {"path to", FilePath}, {"file path", FilePath},
	{"commit sha", CommitSHA}, {"semantic version", Version}, {"cursor", Cursor}, {"access token", Token}, {"api key", APIKey},
	{"unique identifier", Reference}, {"the id of", Reference}, {"identifier of", Reference}, {"identifier for", Reference},
	{"id of", Reference}, {"globally unique", Reference}, {"identifier", Reference},
	{"comma-separated list of field", FieldName}, {"title of", Title},
}

var numberPhrases = []phrase{
	{"unix timestamp", Moment}, {"unix time", Moment}, {"since the unix epoch", Moment}, {"unix epoch", Moment},
	{"seconds since", Moment}, {"milliseconds since", Moment}, {"epoch", Moment}, {"the timestamp", Moment}, {"timestamp of", Moment},
	{"in cents", Amount}, {"smallest currency unit", Amount}, {"minor unit", Amount}, {"in pence", Amount}, {"currency unit", Amount},
	{"http status", HTTPStatus}, {"percent", Percent}, {"port number", Port}, {"latitude", Latitude}, {"longitude", Longitude},
	{"total number of", TotalCount}, {"number of milliseconds", DurationMillis}, {"in milliseconds", DurationMillis},
	{"number of seconds", Duration}, {"in seconds", Duration}, {"in minutes", DurationMinutes}, {"in hours", DurationHours},
	{"number of days", DurationDays}, {"in bytes", FileSize}, {"number of bytes", FileSize}, {"in pixels", Width},
	{"number of tokens", Tokens}, {"maximum number", Limit}, {"number of", Count}, {"count of", Count}, {"how many", Count},
	{"temperature", Temperature}, {"zero-based", Index}, {"index of", Index}, {"position of", Index},
	{"identifier", NumericID}, {"id of", NumericID}, {"probability", Probability}, {"between 0 and 1", Ratio},
}

// byDescription is the meaning of the first phrase that the description has.
func byDescription(about string, t Type) Meaning {
	if about == "" {
		return None
	}
	phrases := stringPhrases
	if t != String {
		phrases = numberPhrases
	}
	found, first := None, len(about)
	for _, p := range phrases {
		i := strings.Index(about[:min(len(about), first+len(p.text))], p.text)
		if i >= 0 && i < first {
			found, first = p.meaning, i
		}
	}
	return found
}

func says(about string, phrases ...string) bool {
	for _, p := range phrases {
		if strings.Contains(about, p) {
			return true
		}
	}
	return false
}

// refine tells apart what one name can mean, by the description and the
// surroundings.
func refine(m Meaning, p Property, name, parent *key, about string) Meaning {
	switch m {
	case Country:
		switch {
		case says(about, "alpha-3", "alpha3", "three-letter", "three letter", "3-letter"):
			return CountryCode3
		case says(about, "3166", "alpha-2", "alpha2", "two-letter", "two letter", "2-letter", "country code", "2-character", "two-character", "iso code"),
			p.Format == "country-code", p.Format == "iso-3166":
			return CountryCode
		}
	case CountryCode:
		if says(about, "alpha-3", "alpha3", "three-letter", "three letter", "3-letter") {
			return CountryCode3
		}
	case Language:
		switch {
		case says(about, "programming language"):
			return ProgrammingLanguage
		case says(about, "locale", "bcp 47", "bcp-47", "ietf"):
			return Locale
		}
	case Region:
		if says(about, "aws", "azure", "data center", "datacenter", "cloud region", "hosting", "server") {
			return CloudRegion
		}
		if says(about, "two-letter", "state code", "abbreviation", "iso 3166-2", "2-letter") {
			return RegionCode
		}
	case StateWord:
		if isAddress(parent) || says(about, "province", "state of the address", "address", "county", "region") {
			return Region
		}
	case ColorName:
		if says(about, "hex", "rgb", "#") {
			return HexColor
		}
	case Total:
		if p.Type != String && says(about, "number of", "count") {
			return TotalCount
		}
	case TotalCount:
		if moneyParent(parent) || p.Type == Number || says(about, "amount", "price", "cost", "cents", "currency", "total of the") {
			if string(name.from(0)) == "total" && !says(about, "number of", "count") {
				return Total
			}
		}
		if p.Type == String {
			return Total
		}
	case ID, Reference, NumericID:
		switch {
		case says(about, "uuid", "guid"):
			return UUID
		case p.Type == String && says(about, "ulid"):
			return ULID
		case p.Type == String && says(about, "sha256", "sha-256"):
			return SHA256
		}
	case IPv4:
		if says(about, "ipv6 address") {
			return IPv6
		}
	case SHA256, Fingerprint, Digest, CommitSHA:
		switch {
		case says(about, "sha-512", "sha512"):
			return SHA512
		case says(about, "md5"):
			return MD5
		case m == SHA256 && says(about, "sha1", "sha-1"):
			return SHA1
		}
	case Duration:
		switch {
		case p.Type == String:
			return m
		case says(about, "millisecond"):
			return DurationMillis
		case says(about, "minutes"):
			return DurationMinutes
		case says(about, "in hours", "number of hours"):
			return DurationHours
		case says(about, "in days", "number of days"):
			return DurationDays
		}
	case Started, Ends, Ended, Created, Updated, Moment, Delivered, Due:
		if p.Type != String && name.words > 1 && says(about, "number of seconds", "duration", "how long") && !says(about, "since", "epoch", "unix") {
			return Duration
		}
	}
	return m
}

func isAddress(parent *key) bool {
	switch classOf(parent.last()) {
	case "@address", "@location", "@place":
		return true
	}
	switch string(parent.last()) {
	case "billing", "shipping", "locality":
		return true
	}
	return false
}

// moneyParent reports whether what is inside parent is about money.
func moneyParent(parent *key) bool {
	for i := 0; i < parent.words; i++ {
		switch classOf(parent.word(i)) {
		case "@order", "@cart", "@checkout", "@invoice", "@bill", "@receipt", "@quote", "@booking", "@payment",
			"@price", "@amount", "@item", "@line item", "@reservation", "@balance", "@money":
			return string(parent.last()) != "list" && string(parent.last()) != "meta"
		}
	}
	return false
}
