// Package format checks and makes strings of the formats that JSON Schema
// (Validation 2020-12, 7.3) and the OpenAPI Format Registry name, and of some
// that documents use without a standard. A check accepts whatever the
// specification of the format calls valid; in doubt it accepts.
package format

// Known reports whether the package can make, and where that is unambiguous
// check, values of the format.
func Known(name string) bool {
	_, ok := rule(name)
	return ok
}

// Check reports whether s is of the format. It is true for names that are not
// known, for formats without a syntax of their own such as password, and for
// the formats of numbers, which say nothing of strings.
func Check(name, s string) bool {
	r, ok := rule(name)
	return !ok || r.check == nil || r.check(s)
}

// Make makes a realistic value of the format. It depends on what src gives and
// on nothing else; ok is false for names that are not known. Times lie within
// 90 days from 2025-01-01T00:00:00Z; hosts, addresses and telephone numbers
// are those set aside for documentation.
func Make(name string, src interface{ Uint64() uint64 }) (s string, ok bool) {
	r, ok := rule(name)
	if !ok {
		return "", false
	}
	return r.make(source{src}), true
}

// spec is what a format demands. A nil check accepts any string.
type spec struct {
	check func(string) bool
	make  func(source) string
}

// rule finds the spec of a name. It is a switch, and not a map, for speed.
func rule(name string) (spec, bool) {
	if s, ok := jsonSchema(name); ok {
		return s, true
	}
	if s, ok := registry(name); ok {
		return s, true
	}
	return everyday(name)
}

// jsonSchema has the formats of JSON Schema Validation 2020-12, 7.3, and the
// older names of draft 3.
func jsonSchema(name string) (spec, bool) {
	switch name {
	case "date-time":
		return spec{isDateTime, makeDateTime}, true
	case "date":
		return spec{isDate, makeDate}, true
	case "time":
		return spec{isTime, makeTime}, true
	case "duration":
		return spec{isDuration, makeDuration}, true
	case "email":
		return spec{isEmail, makeEmail}, true
	case "idn-email":
		return spec{isIDNEmail, makeIDNEmail}, true
	case "hostname", "host-name":
		return spec{isHostname, makeHostname}, true
	case "idn-hostname":
		return spec{isIDNHostname, makeIDNHostname}, true
	case "ipv4", "ip-address":
		return spec{isIPv4, makeIPv4}, true
	case "ipv6":
		return spec{isIPv6, makeIPv6}, true
	case "uri":
		return spec{isURI, makeURI}, true
	case "uri-reference", "uriref":
		return spec{isURIReference, makeURIReference}, true
	case "iri":
		return spec{isIRI, makeIRI}, true
	case "iri-reference":
		return spec{isIRIReference, makeIRIReference}, true
	case "uri-template":
		return spec{isURITemplate, makeURITemplate}, true
	case "uuid", "guid":
		return spec{isUUID, makeUUID}, true
	case "json-pointer":
		return spec{isJSONPointer, makeJSONPointer}, true
	case "relative-json-pointer":
		return spec{isRelativeJSONPointer, makeRelativeJSONPointer}, true
	case "json-pointer-uri-fragment":
		return spec{isPointerFragment, makePointerFragment}, true
	case "regex":
		return spec{isRegex, makeRegex}, true
	}
	return spec{}, false
}

// registry has the formats that the OpenAPI Format Registry adds.
func registry(name string) (spec, bool) {
	switch name {
	case "byte", "base64":
		return spec{isBase64, makeBase64}, true
	case "base64url":
		return spec{isBase64URL, makeBase64URL}, true
	case "binary":
		return spec{nil, makeSentence}, true
	case "char":
		return spec{isChar, makeChar}, true
	case "commonmark", "markdown":
		return spec{nil, makeCommonMark}, true
	case "html":
		return spec{nil, makeHTML}, true
	case "password":
		return spec{nil, makePassword}, true
	case "date-time-local":
		return spec{isDateTimeLocal, makeDateTimeLocal}, true
	case "time-local":
		return spec{isTimeLocal, makeTimeLocal}, true
	case "http-date":
		return spec{isHTTPDate, makeHTTPDate}, true
	case "media-range":
		return spec{isMediaRange, makeMediaRange}, true
	case "sf-string":
		return spec{isSFString, makeSFString}, true
	case "sf-token":
		return spec{isSFToken, makeSFToken}, true
	case "sf-binary":
		return spec{isSFBinary, makeSFBinary}, true
	case "sf-boolean":
		return spec{isSFBoolean, makeSFBoolean}, true
	case "sf-integer":
		return spec{isSFInteger, makeSFInteger}, true
	case "sf-decimal":
		return spec{isSFDecimal, makeSFDecimal}, true
	case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "double-int":
		return spec{nil, makeInteger}, true
	case "float", "double", "decimal", "decimal128":
		return spec{nil, makeDecimal}, true
	case "unixtime", "unix-time":
		return spec{nil, makeUnixTime}, true
	}
	return spec{}, false
}

// everyday has formats without a standard name. Where a name is used for
// different things, nothing is checked.
func everyday(name string) (spec, bool) {
	switch name {
	case "url":
		return spec{isURL, makeURI}, true
	case "ip":
		return spec{isIP, makeIPv4}, true
	case "datetime":
		return spec{nil, makeDateTime}, true
	case "iso-date-time":
		return spec{isISODateTime, makeDateTime}, true
	case "iso-time":
		return spec{isISOTime, makeTime}, true
	case "phone", "phone-number", "tel":
		return spec{nil, makePhone}, true
	case "e164":
		return spec{isE164, makeE164}, true
	case "mac", "mac-address":
		return spec{isMAC, makeMAC}, true
	case "slug":
		return spec{isSlug, makeSlug}, true
	case "ulid":
		return spec{isULID, makeULID}, true
	case "iso-country-code", "country-code":
		return spec{isCountryCode, makeCountryCode}, true
	case "country":
		return spec{nil, makeCountryCode}, true
	case "currency", "currency-code":
		return spec{nil, makeCurrency}, true
	case "iso-4217":
		return spec{isCurrencyCode, makeCurrency}, true
	case "bcp47":
		return spec{isBCP47, makeBCP47}, true
	case "locale", "language":
		return spec{nil, makeBCP47}, true
	case "timezone", "time-zone":
		return spec{nil, makeTimeZone}, true
	case "semver":
		return spec{isSemver, makeSemver}, true
	case "md5":
		return spec{isMD5, makeMD5}, true
	case "sha1":
		return spec{isSHA1, makeSHA1}, true
	case "sha256":
		return spec{isSHA256, makeSHA256}, true
	case "sha512":
		return spec{isSHA512, makeSHA512}, true
	case "hex":
		return spec{isHex, makeMD5}, true
	case "hex-color":
		return spec{isHexColor, makeColor}, true
	case "color":
		return spec{nil, makeColor}, true
	case "credit-card":
		return spec{nil, makeCreditCard}, true
	}
	return spec{}, false
}
