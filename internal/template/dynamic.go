package template

import (
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/near"
	"github.com/mimus-dev/mimus/internal/plausible"
)

// generator appends one value of a dynamic variable. It allocates nothing but
// what dst needs to grow.
type generator func(dst []byte, d draws, now time.Time) []byte

// generatorOf is the generator of a dynamic variable, nil if there is none of
// this name, and whether it draws on the seed.
func generatorOf(name string) (value generator, seeded bool) {
	switch name {
	case "$timestamp":
		return timestamp, false
	case "$isoTimestamp":
		return isoTimestamp, false
	}
	return generators[name], true
}

// generators are Postman's dynamic variables, as its documentation lists them,
// apart from the two that only read the clock.
var generators = map[string]generator{
	// common
	"$guid":               uuid,
	"$randomUUID":         uuid,
	"$randomInt":          integer,
	"$randomBoolean":      oneOf([]string{"false", "true"}),
	"$randomAlphaNumeric": alphaNumeric,
	"$randomColor":        oneOf(colors),
	"$randomHexColor":     hexColor,
	"$randomAbbreviation": oneOf(abbreviations),

	// internet
	"$randomIP":           ipv4,
	"$randomIPV6":         pattern("****:****:****:****:****:****:****:****"),
	"$randomMACAddress":   pattern("**:**:**:**:**:**"),
	"$randomPassword":     password,
	"$randomLocale":       oneOf(locales),
	"$randomUserAgent":    userAgent,
	"$randomProtocol":     oneOf([]string{"http", "https"}),
	"$randomSemver":       semver,
	"$randomEmail":        email,
	"$randomExampleEmail": email,
	"$randomUserName":     userName,
	"$randomUrl":          address,
	"$randomDomainName":   domainName,
	"$randomDomainSuffix": oneOf(domainSuffixes),
	"$randomDomainWord":   domainWord,

	// people
	"$randomFirstName":     about(plausible.FirstName),
	"$randomLastName":      about(plausible.LastName),
	"$randomFullName":      about(plausible.FullName),
	"$randomNamePrefix":    oneOf([]string{"Dr.", "Miss", "Mr.", "Mrs.", "Ms."}),
	"$randomNameSuffix":    oneOf([]string{"DDS", "DVM", "I", "II", "III", "IV", "Jr.", "MD", "PhD", "Sr.", "V"}),
	"$randomJobArea":       oneOf(jobAreas),
	"$randomJobDescriptor": oneOf(jobDescriptors),
	"$randomJobTitle":      words(jobDescriptors, jobAreas, jobTypes),
	"$randomJobType":       oneOf(jobTypes),

	// places and telephones
	"$randomPhoneNumber":    phoneNumber,
	"$randomPhoneNumberExt": phoneNumberExt,
	"$randomCity":           about(plausible.City),
	"$randomStreetName":     about(plausible.StreetName),
	"$randomStreetAddress":  streetAddress,
	"$randomCountry":        oneOf(countries),
	"$randomCountryCode":    oneOf(countryCodes),
	"$randomLatitude":       degrees(90),
	"$randomLongitude":      degrees(180),

	// pictures: the very addresses that Postman gives, which have no random part
	"$randomAvatarImage":    avatar,
	"$randomImageUrl":       picture(""),
	"$randomAbstractImage":  picture("/abstract"),
	"$randomAnimalsImage":   picture("/animals"),
	"$randomBusinessImage":  picture("/business"),
	"$randomCatsImage":      picture("/cats"),
	"$randomCityImage":      picture("/city"),
	"$randomFoodImage":      picture("/food"),
	"$randomNightlifeImage": picture("/nightlife"),
	"$randomFashionImage":   picture("/fashion"),
	"$randomPeopleImage":    picture("/people"),
	"$randomNatureImage":    picture("/nature"),
	"$randomSportsImage":    picture("/sports"),
	"$randomTransportImage": picture("/transport"),
	"$randomImageDataUri":   imageDataURI,

	// money
	"$randomBankAccount":     pattern("########"),
	"$randomBankAccountName": words(accountKinds, []string{"Account"}),
	"$randomCreditCardMask":  pattern("####"),
	"$randomBankAccountBic":  bic,
	"$randomBankAccountIban": iban,
	"$randomTransactionType": oneOf([]string{"deposit", "invoice", "payment", "withdrawal"}),
	"$randomCurrencyCode":    currencyPart(func(c currency) string { return c.code }),
	"$randomCurrencyName":    currencyPart(func(c currency) string { return c.name }),
	"$randomCurrencySymbol":  currencyPart(func(c currency) string { return c.symbol }),
	"$randomBitcoin":         bitcoin,
	"$randomPrice":           price,

	// companies and products
	"$randomCompanyName":           about(plausible.CompanyName),
	"$randomCompanySuffix":         oneOf([]string{"Group", "Inc", "LLC", "and Sons"}),
	"$randomBs":                    words(bsVerbs, bsAdjectives, bsNouns),
	"$randomBsAdjective":           oneOf(bsAdjectives),
	"$randomBsBuzz":                oneOf(bsVerbs),
	"$randomBsNoun":                oneOf(bsNouns),
	"$randomCatchPhrase":           words(phraseAdjectives, phraseDescriptors, phraseNouns),
	"$randomCatchPhraseAdjective":  oneOf(phraseAdjectives),
	"$randomCatchPhraseDescriptor": oneOf(phraseDescriptors),
	"$randomCatchPhraseNoun":       oneOf(phraseNouns),
	"$randomDepartment":            oneOf(departments),
	"$randomProduct":               oneOf(products),
	"$randomProductAdjective":      oneOf(productAdjectives),
	"$randomProductMaterial":       oneOf(productMaterials),
	"$randomProductName":           words(productAdjectives, productMaterials, products),

	// databases
	"$randomDatabaseColumn":    oneOf(columns),
	"$randomDatabaseType":      oneOf(columnTypes),
	"$randomDatabaseCollation": oneOf(collations),
	"$randomDatabaseEngine":    oneOf(engines),

	// dates
	"$randomDateFuture": dateFuture,
	"$randomDatePast":   datePast,
	"$randomDateRecent": dateRecent,
	"$randomMonth":      oneOf(months),
	"$randomWeekday":    oneOf(weekdays),

	// words
	"$randomNoun":      oneOf(nouns),
	"$randomVerb":      oneOf(verbs),
	"$randomIngverb":   oneOf(ingVerbs),
	"$randomAdjective": oneOf(adjectives),
	"$randomWord":      word,
	"$randomWords":     severalWords,
	"$randomPhrase":    phrase,

	// lorem ipsum
	"$randomLoremWord":       oneOf(lorem),
	"$randomLoremWords":      words(lorem, lorem, lorem),
	"$randomLoremSentence":   loremSentence,
	"$randomLoremSlug":       loremSlug,
	"$randomLoremSentences":  loremSentences,
	"$randomLoremParagraph":  loremParagraph,
	"$randomLoremParagraphs": loremParagraphs,
	"$randomLoremText":       loremSentences,
	"$randomLoremLines":      loremLines,

	// files
	"$randomFileName":       fileName,
	"$randomFileType":       oneOf(fileTypes),
	"$randomFileExt":        oneOf(fileExts),
	"$randomCommonFileName": commonFileName,
	"$randomCommonFileType": oneOf(commonFileTypes),
	"$randomCommonFileExt":  oneOf(commonFileExts),
	"$randomFilePath":       filePath,
	"$randomDirectoryPath":  oneOf(directories),
	"$randomMimeType":       oneOf(mimeTypes),
}

// oneOf gives an entry of a list.
func oneOf(list []string) generator {
	return func(dst []byte, d draws, _ time.Time) []byte { return append(dst, d.pick(list)...) }
}

// words gives an entry of each list, with spaces between.
func words(lists ...[]string) generator {
	return func(dst []byte, d draws, _ time.Time) []byte {
		for i, list := range lists {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(dst, d.pick(list)...)
		}
		return dst
	}
}

// pattern gives what draws.pattern makes of p.
func pattern(p string) generator {
	return func(dst []byte, d draws, _ time.Time) []byte { return d.pattern(dst, p) }
}

// about gives one meaning of a subject of its own.
func about(m plausible.Meaning) generator {
	return func(dst []byte, d draws, _ time.Time) []byte {
		s := plausible.NewSubject(d.next())
		return s.AppendText(dst, m, 0)
	}
}

// suggestion is the hint for a name that is not known: the nearest that is.
func suggestion(name string) string {
	best, distance, alike := "", min(5, 1+len(name)/3), 0
	try := func(known string) {
		n := near.Distance(strings.ToLower(name), strings.ToLower(known))
		if n > distance || n == distance && best == "" {
			return
		}
		prefix := commonPrefix(name, known)
		if n < distance || prefix > alike || prefix == alike && known < best {
			best, distance, alike = known, n, prefix
		}
	}
	for known := range generators {
		try(known)
	}
	for _, known := range []string{"$timestamp", "$isoTimestamp", "$body", "$queryParams", "$pathSegments", "$headers"} {
		try(known)
	}
	if best == "" {
		return "see the list of dynamic variables in the documentation"
	}
	return "did you mean {{" + best + "}}?"
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
