package template

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	anUUID     = `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`
	aMoment    = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
	someWords  = `[\p{L}\d'.,/&-]+( [\p{L}\d'.,/&-]+)*`
	aSentence  = `[A-Z][a-z]*( [a-z]+)*\.`
	aDomain    = `[a-z]+\.example\.(com|net|org)`
	aMail      = `[A-Za-z]+([._][A-Za-z]+)?\d{1,2}@example\.(com|net|org)`
	aFile      = `[a-z_]+\.[a-z0-9]+`
	aDirectory = `(/[A-Za-z]+)+`
)

// shapes are what each dynamic variable's values look like, whole.
var shapes = map[string]string{
	"$guid": anUUID, "$randomUUID": anUUID,
	"$timestamp": `1795435200`, "$isoTimestamp": `2026-11-23T12:00:00\.570Z`,
	"$randomInt":         `\d|[1-9]\d{1,2}|1000`,
	"$randomPhoneNumber": `\d{3}-\d{3}-\d{4}`, "$randomPhoneNumberExt": `\d{1,3}-\d{3}-\d{3}-\d{4}`,
	"$randomLocale": `[a-z]{2}`, "$randomWords": `[a-z-]+( [a-z-]+)+`,
	"$randomFilePath": aDirectory + "/" + aFile, "$randomDirectoryPath": aDirectory,
	"$randomCity": someWords, "$randomStreetName": `\p{L}+( \p{L}+)+`, "$randomStreetAddress": `[1-9]\d{0,4}( \p{L}+)+`,
	"$randomCountry": someWords, "$randomCountryCode": `[A-Z]{2}`,
	"$randomLatitude": `-?([0-8]?\d\.\d{4}|90\.0000)`, "$randomLongitude": `-?(\d\d?\.\d{4}|1[0-7]\d\.\d{4}|180\.0000)`,
	"$randomColor": `[a-z]+( [a-z]+)?`, "$randomDepartment": `[A-Z][a-z]+`,
	"$randomProductName": `[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+`, "$randomProductAdjective": `[A-Z][a-z]+`,
	"$randomProductMaterial": `[A-Z][a-z]+`, "$randomProduct": `[A-Z][a-z]+`,
	"$randomCompanyName": someWords, "$randomCompanySuffix": `Inc|LLC|Group|and Sons`,
	"$randomCatchPhrase": `[A-Z][a-z-]+( [a-z-]+){2,}`, "$randomBs": `[a-z]+( [a-z-]+){2,}`,
	"$randomCatchPhraseAdjective": `[A-Z][a-z-]+`, "$randomCatchPhraseDescriptor": `[a-z-]+( [a-z]+)?`, "$randomCatchPhraseNoun": `[a-z-]+( [a-z]+)?`,
	"$randomBsAdjective": `[a-z-]+`, "$randomBsBuzz": `[a-z]+`, "$randomBsNoun": `[a-z]+( [a-z]+)?`,
	"$randomDatabaseColumn": `[a-zA-Z]+`, "$randomDatabaseType": `[a-z]+`, "$randomDatabaseCollation": `[a-z0-9]+_[a-z0-9_]+`, "$randomDatabaseEngine": `[A-Za-z]+`,
	"$randomDatePast": aMoment, "$randomDateFuture": aMoment, "$randomDateRecent": aMoment,
	"$randomMonth":       `January|February|March|April|May|June|July|August|September|October|November|December`,
	"$randomWeekday":     `(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day`,
	"$randomBankAccount": `\d{8}`, "$randomBankAccountName": `[A-Z][a-z]+( [A-Z][a-z]+)? Account`, "$randomCreditCardMask": `\d{4}`,
	"$randomPrice": `(0|[1-9]\d{0,3})\.\d\d`, "$randomTransactionType": `deposit|invoice|payment|withdrawal`,
	"$randomCurrencyCode": `[A-Z]{3}`, "$randomCurrencyName": `[A-Z][A-Za-z]+( [A-Z][a-z]+)*`, "$randomCurrencySymbol": `\S{1,4}`,
	"$randomBitcoin": `1[1-9A-HJ-NP-Za-km-z]{25,33}`, "$randomBankAccountIban": `[A-Z]{2}\d{2}[A-Z0-9]{11,30}`,
	"$randomBankAccountBic": `[A-Z]{6}[A-Z2-9][A-Z2-9]([A-Z0-9]{3})?`,
	"$randomAbbreviation":   `[A-Z]{2,4}`, "$randomAdjective": `[a-z-]+( [a-z]+)?`, "$randomNoun": `[a-z]+( [a-z]+)?`,
	"$randomVerb": `[a-z]+( [a-z]+)?`, "$randomIngverb": `[a-z]+ing( [a-z]+)?`, "$randomPhrase": `[A-Z][^%]{15,}[.!]`,
	"$randomAvatarImage": `https://cloudflare-ipfs\.com/ipfs/\w+/avatar/\d{1,4}\.jpg`,
	"$randomImageUrl":    `http://placeimg\.com/640/480`,
	"$randomImageDataUri": `data:image/svg\+xml;charset=UTF-8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww\.w3\.org%2F2000%2Fsvg%22` +
		`[A-Za-z0-9%-]+%3C%2Fsvg%3E`,
	"$randomEmail": aMail, "$randomExampleEmail": aMail, "$randomUserName": `[A-Za-z]+([._][A-Za-z]+)?\d{1,2}`,
	"$randomProtocol": `https?`, "$randomUrl": `https?://` + aDomain, "$randomDomainName": aDomain,
	"$randomDomainSuffix": `com|net|org|info|biz|name`, "$randomDomainWord": `[a-z]+`,
	"$randomIP": `((25[0-4]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}`, "$randomIPV6": `([0-9a-f]{4}:){7}[0-9a-f]{4}`,
	"$randomUserAgent": `Mozilla/5\.0 \([^()]+\) [A-Za-z]+/[\d.]+ .*(Firefox|Safari)/[\d.]+`,
	"$randomHexColor":  `#[0-9a-f]{6}`, "$randomMACAddress": `([0-9a-f]{2}:){5}[0-9a-f]{2}`, "$randomPassword": `\w{15}`,
	"$randomLoremWord": `[a-z]+`, "$randomLoremWords": `[a-z]+( [a-z]+){2}`, "$randomLoremSentence": aSentence,
	"$randomLoremSlug": `[a-z]+(-[a-z]+){2}`, "$randomLoremSentences": aSentence + `( ` + aSentence + `)+`,
	"$randomLoremParagraph": aSentence + `( ` + aSentence + `){2,}`, "$randomLoremText": `[A-Z][A-Za-z .]+`,
	"$randomLoremParagraphs": `(` + aSentence + `[ \n]?){9,}`, "$randomLoremLines": aSentence + `(\n` + aSentence + `)+`,
	"$randomFirstName": `\p{Lu}[\p{L}'-]+`, "$randomLastName": `\p{Lu}[\p{L} '-]+`, "$randomFullName": `\p{Lu}[\p{L}'-]+( [\p{L}'-]+)+`,
	"$randomJobTitle": `[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+`, "$randomNamePrefix": `Dr\.|Mrs?\.|Ms\.|Miss`, "$randomNameSuffix": `[A-Z][A-Za-z]*\.?`,
	"$randomJobDescriptor": `[A-Z][a-z]+`, "$randomJobArea": `[A-Z][a-z]+`, "$randomJobType": `[A-Z][a-z]+`,
	"$randomBoolean": `true|false`, "$randomWord": `[a-z-]+( [a-z]+)?`, "$randomAlphaNumeric": `[a-z0-9]`,
	"$randomFileName": aFile, "$randomCommonFileName": aFile, "$randomMimeType": `[a-z]+/[a-z0-9.+-]+`,
	"$randomCommonFileType": `[a-z]+`, "$randomCommonFileExt": `[a-z0-9]{3,5}`, "$randomFileType": `[a-z]+`, "$randomFileExt": `[a-z0-9]{2,5}`,
	"$randomSemver": `\d+\.\d+\.\d+`,
}

func shapeOf(name string) string {
	if kind, ok := strings.CutPrefix(strings.ToLower(name), "$random"); ok && strings.HasSuffix(kind, "image") && shapes[name] == "" {
		return `http://placeimg\.com/640/480/` + strings.TrimSuffix(kind, "image")
	}
	return shapes[name]
}

func names() []string {
	all := []string{"$timestamp", "$isoTimestamp"}
	for name := range generators {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// occurrences gives values of one variable, as many as there are holes.
func occurrences(t *testing.T, name string, holes int, count uint64) []string {
	t.Helper()
	tmpl, problems := Parse(strings.Repeat("{{"+name+"}}\x00", holes), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := input()
	in.Count = count
	values := strings.Split(string(tmpl.Append(nil, in)), "\x00")
	return values[:holes]
}

func TestDynamic_EveryVariable_HasItsShape(t *testing.T) {
	t.Parallel()
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shape := shapeOf(name)
			if shape == "" {
				t.Fatal("the test has no shape for it")
			}
			re := regexp.MustCompile(`^(?:` + shape + `)$`)
			for _, value := range occurrences(t, name, 500, 1) {
				if !re.MatchString(value) {
					t.Fatalf("%q does not match %s", value, shape)
				}
			}
		})
	}
}

func TestDynamic_EveryVariable_DiffersByOccurrenceAndCountAndRepeats(t *testing.T) {
	t.Parallel()
	for _, name := range names() {
		first := occurrences(t, name, 40, 1)
		if !slices.Equal(first, occurrences(t, name, 40, 1)) {
			t.Errorf("%s: the same input gave other values", name)
		}
		if strings.HasPrefix(shapeOf(name), `http://placeimg`) || strings.HasSuffix(strings.ToLower(name), "timestamp") {
			continue // they have no random part
		}
		if len(slices.Compact(slices.Clone(first))) < 2 {
			t.Errorf("%s: 40 occurrences gave one value", name)
		}
		if slices.Equal(first, occurrences(t, name, 40, 2)) {
			t.Errorf("%s: another count gave the same values", name)
		}
	}
}

func TestDynamic_EveryVariable_StaysJSONWithAndWithoutQuotes(t *testing.T) {
	t.Parallel()
	for _, name := range names() {
		tmpl, _ := Parse(`{"in":"{{`+name+`}}","out":{{`+name+`}},"{{`+name+`}}":[{{`+name+`}}],"glued":1{{`+name+`}}}`, Options{JSON: true})
		for count := range uint64(50) {
			in := input()
			in.Count = count
			if got := tmpl.Append(nil, in); !json.Valid(got) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// The list of all dynamic variables, with the type of each, lies outside of the
// repository.
func TestDynamic_EveryVariableOfPostman_IsThereWithItsType(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("MIMUS_SHARED")
	if shared == "" {
		t.Skip("MIMUS_SHARED is not set: the list of Postman's dynamic variables is not there")
	}
	list, err := os.ReadFile(filepath.Join(shared, "reference", "dynamic-variables.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")[1:]
	for _, line := range lines {
		fields := strings.Split(line, "\t")
		name, kind := fields[0], fields[1]
		if value, _ := generatorOf(name); value == nil || shapeOf(name) == "" {
			t.Errorf("%s is missing", name)
			continue
		}
		tmpl, _ := Parse("{{"+name+"}}", Options{JSON: true})
		var v any
		if err := json.Unmarshal(tmpl.Append(nil, input()), &v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, isNumber := v.(float64)
		_, isBool := v.(bool)
		if kind == "number" && !isNumber || kind == "boolean" && !isBool || kind == "object" && (isNumber || isBool) {
			t.Errorf("%s is %v, want a %s", name, v, kind)
		}
	}
	if len(lines) != len(names()) {
		t.Errorf("the list has %d variables, the package %d", len(lines), len(names()))
	}
}

func TestDynamic_Dates_LieWhereTheirNamesSay(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, bounds := range map[string][2]time.Duration{
		"$randomDatePast":   {-365 * day, 0},
		"$randomDateFuture": {0, 365 * day},
		"$randomDateRecent": {-day, 0},
	} {
		for _, value := range occurrences(t, name, 500, 1) {
			at, err := time.Parse(time.RFC3339Nano, value)
			if err != nil {
				t.Fatal(err)
			}
			if away := at.Sub(noon); away < bounds[0] || away > bounds[1] {
				t.Errorf("%s is %v from now", name, away)
			}
		}
	}
}

func TestDynamic_IBANs_HaveTheLengthAndCheckDigitsOfTheirCountry(t *testing.T) {
	t.Parallel()
	lengths := map[string]int{
		"AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "HU": 28,
		"IE": 22, "IL": 23, "IT": 27, "LT": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
	}
	for _, value := range append(occurrences(t, "$randomBankAccountIban", 500, 1), "GB82WEST12345698765432") {
		if lengths[value[:2]] != len(value) {
			t.Errorf("%s has %d characters, want %d", value, len(value), lengths[value[:2]])
		}
		var text strings.Builder
		for _, c := range value[4:] + value[:4] {
			n, _ := strconv.ParseInt(string(c), 36, 64)
			text.WriteString(strconv.FormatInt(n, 10))
		}
		number, _ := new(big.Int).SetString(text.String(), 10)
		if number.Mod(number, big.NewInt(97)).Int64() != 1 {
			t.Errorf("%s has wrong check digits", value)
		}
	}
}

func TestDynamic_BitcoinAddresses_HaveTheirChecksum(t *testing.T) {
	t.Parallel()
	for _, value := range occurrences(t, "$randomBitcoin", 500, 1) {
		number := new(big.Int)
		for _, c := range value {
			number.Mul(number, big.NewInt(58)).Add(number, big.NewInt(int64(strings.IndexRune(base58, c))))
		}
		raw := number.FillBytes(make([]byte, 25))
		sum := sha256.Sum256(raw[:21])
		sum = sha256.Sum256(sum[:])
		if !bytes.Equal(sum[:4], raw[21:]) {
			t.Errorf("%s has a wrong checksum", value)
		}
	}
}

func TestDynamic_Tables_HaveNoEntryTwice(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]string{
		"colors": colors, "abbreviations": abbreviations, "locales": locales, "countries": countries, "countryCodes": countryCodes,
		"nouns": nouns, "verbs": verbs, "ingVerbs": ingVerbs, "adjectives": adjectives, "lorem": lorem, "mimeTypes": mimeTypes,
		"fileExts": fileExts, "products": products, "jobTypes": jobTypes, "phraseNouns": phraseNouns, "bsNouns": bsNouns,
	} {
		sorted := slices.Sorted(slices.Values(list))
		if n := len(slices.Compact(sorted)); n != len(list) {
			t.Errorf("%s has %d entries, %d of them different", name, len(list), n)
		}
	}
}
