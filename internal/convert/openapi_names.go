package convert

import (
	"strconv"
	"strings"
	"unicode"
)

// uniqueNames gives each name once: the second "a" is "a2", or "a 2" where it
// has spaces.
type uniqueNames map[string]int

func (u uniqueNames) has(name string) bool { return u[name] > 0 }

func (u uniqueNames) take(name string) string {
	sep := ""
	switch {
	case strings.ContainsRune(name, ' '):
		sep = " "
	case endsWithDigit(name):
		sep = "_"
	}
	got := name
	for u[got] > 0 {
		u[name]++
		got = name + sep + strconv.Itoa(u[name])
	}
	u[got] = 1
	return got
}

func endsWithDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// operationID makes an identifier of a request's name, of its method and path
// where the name is a URL or has no words.
func operationID(op *inferred) string {
	name := withoutNumber(op.samples[0].item.Name)
	if !strings.ContainsAny(name, "/{") {
		if id := camel(name); id != "" {
			return id
		}
	}
	words := strings.ToLower(op.method)
	for _, p := range op.path.parts {
		switch {
		case p.param && p.name != "":
			words += " by " + p.name
		default:
			words += " " + p.text
		}
	}
	return camel(words)
}

// withoutNumber leaves out the number that an item of a list begins with:
// "2. Create quote", "5a) Create transfer".
func withoutNumber(name string) string {
	rest := strings.TrimLeft(strings.TrimSpace(name), "0123456789")
	if len(rest) == len(name) {
		return name
	}
	if len(rest) > 1 && rest[0] >= 'a' && rest[0] <= 'z' && strings.IndexByte(".):", rest[1]) >= 0 {
		rest = rest[1:]
	}
	return strings.TrimLeft(rest, ".):- ")
}

// camel joins the words of a text: "List all pets" is "listAllPets". It is
// empty where the text has letters that are not ASCII, or none.
func camel(text string) string {
	const most = 80
	var b strings.Builder
	letters := false
	upper := false
	for _, r := range text {
		switch {
		case r > unicode.MaxASCII && unicode.IsLetter(r):
			return ""
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			if b.Len() >= most {
				return b.String()
			}
			letter := r > '9'
			switch {
			case upper && b.Len() > 0:
				r = unicode.ToUpper(r)
			case b.Len() == 0 && !letter:
				b.WriteByte('n') // no identifier begins with a digit
			}
			letters = letters || letter
			b.WriteRune(r)
			upper = false
		case r == '\'' || r == '’':
		default:
			upper = true
		}
	}
	if !letters {
		return ""
	}
	return lowerStart(b.String())
}

// lowerStart turns the capitals that a name begins with into small letters:
// "URLList" is "urlList".
func lowerStart(s string) string {
	n := 0
	for n < len(s) && s[n] >= 'A' && s[n] <= 'Z' {
		n++
	}
	if n > 1 && n < len(s) && s[n] >= 'a' && s[n] <= 'z' {
		n--
	}
	return strings.ToLower(s[:n]) + s[n:]
}
