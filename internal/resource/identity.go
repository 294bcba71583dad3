package resource

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// IDKind tells how ids are made.
type IDKind uint8

// The kinds of ids.
const (
	Integer  IDKind = iota // 1, 2, 3 …
	Digits                 // a text of digits
	Prefixed               // "cus_" with letters and digits, as the examples show
	Made                   // by the schema: a UUID, a ULID, a text of a pattern
	Chosen                 // a name that the client chooses
)

// identity is the property that the parameter of an item's path is.
type identity struct {
	path    []string // of the property in the item; nil: no property tells it
	kind    IDKind
	schema  *schema.Schema // of the property
	param   *schema.Schema // of the parameter
	prefix  string
	letters string   // that follow the prefix
	length  int      // of what follows the prefix, or of the digits
	aliases []string // other properties that items may be found by
	shown   []value  // ids that the document shows
}

func itoa(n int) string { return strconv.Itoa(n) }

// words splits a name where its case changes and at separators, in lower case.
func words(name string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, strings.ToLower(b.String()))
			b.Reset()
		}
	}
	var last rune
	for _, c := range name {
		switch {
		case c == '_' || c == '-' || c == '.' || c == ' ' || c == '[' || c == ']':
			flush()
		case unicode.IsUpper(c) && (unicode.IsLower(last) || unicode.IsDigit(last)):
			flush()
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
		last = c
	}
	flush()
	return out
}

// identityNames are the names, without case and separators, of the property
// that a path's parameter may be, the likeliest first.
func identityNames(parameter, noun string) []string {
	var out []string
	add := func(list ...string) {
		for _, s := range list {
			known := s == ""
			for _, x := range out {
				known = known || x == s
			}
			if !known {
				out = append(out, s)
			}
		}
	}
	p, n := bare(parameter), bare(noun)
	add(p)
	if rest, ok := strings.CutPrefix(p, n); ok {
		add(rest)
	}
	w := words(parameter)
	for i := 1; i < len(w); i++ {
		add(strings.Join(w[i:], ""))
	}
	add("id", "uuid", "guid", "gid", "sid", "uid", "identifier", n+"id", n+"uuid")
	for _, w := range words(noun) { // /payment-intents/{intent}: intentId
		add(w + "id")
	}
	if strings.Contains(p, "user") || strings.Contains(p, "login") {
		add("login", "username", "handle")
	}
	add("name", "slug", "key", "code", "number", "login", "username", "handle", "email", n+"name", n+"key", n+"number", n+"code", "sha", "ref", "path", "address", "hash", "oid", "digest")
	return out
}

// findIdentity finds the property that the parameter is. Where types differ,
// one whose type is the parameter's is preferred, but not to one that is
// called an id.
func findIdentity(item, param *schema.Schema, parameter string, names []string) (path []string, at *schema.Schema) {
	type candidate struct {
		path []string
		s    *schema.Schema
		rank int
	}
	var best, loose candidate
	look := func(s *schema.Schema, before []string, penalty int) {
		for _, name := range s.Members() {
			b := bare(name)
			for rank, n := range names {
				if b != n {
					continue
				}
				m := s.Member(name)
				if m == nil || !isScalar(m) || m.Hidden(schema.Response) {
					break
				}
				c := candidate{append(before[:len(before):len(before)], name), m, rank + penalty + 1}
				if compatible(m, param) || strings.HasSuffix(n, "id") && strings.HasSuffix(bare(parameter), "id") {
					if best.rank == 0 || c.rank < best.rank {
						best = c
					}
				} else if loose.rank == 0 || c.rank < loose.rank {
					loose = c
				}
				break
			}
		}
	}
	look(item, nil, 0)
	if best.rank == 0 && loose.rank == 0 {
		for _, inner := range item.Members() {
			b := bare(inner)
			if b != "metadata" && b != "meta" && b != "info" && b != "attributes" && b != "properties" && b != "spec" && b != "execution" &&
				!strings.HasSuffix(b, "info") && !strings.HasSuffix(b, "details") && !strings.HasSuffix(b, "spec") {
				continue
			}
			if m := item.Member(inner); m != nil && isObject(m) {
				look(m, []string{inner}, 100)
			}
		}
	}
	if best.rank != 0 {
		return best.path, best.s
	}
	return loose.path, loose.s
}

// compatible reports whether a property's values can be written as the
// parameter.
func compatible(property, param *schema.Schema) bool {
	if param == nil || param.IsAny() {
		return true
	}
	number := schema.TypeInteger | schema.TypeNumber
	have, want := property.Possible(), param.Possible()
	if want&schema.TypeString == 0 && want&number != 0 {
		return have&number != 0
	}
	if want&number == 0 && have&schema.TypeString == 0 {
		return false
	}
	return true
}

// settle finds how ids are made.
func (id *identity) settle(names []string, parameter string) {
	s := id.schema
	if s == nil {
		s = id.param
	}
	number := schema.TypeInteger | schema.TypeNumber
	switch {
	case s == nil:
		id.kind = Integer
		return
	case s.Possible()&number != 0 && s.Possible()&schema.TypeString == 0:
		id.kind = Integer
		return
	}
	if id.param != nil && id.param.Possible()&schema.TypeString == 0 && id.param.Possible()&number != 0 {
		id.kind = Integer
		return
	}
	id.kind = Made
	if len(id.path) > 0 && isNaming(bare(id.path[len(id.path)-1])) && s.Format() == "" {
		id.kind = Chosen
	}
	for i := range id.shown {
		if t := id.shown[i].Text; id.shown[i].Kind == definition.String {
			if prefix, n := prefixOf(t); prefix != "" && id.kind == Made {
				id.kind, id.prefix, id.length, id.letters = Prefixed, prefix, n, lettersOf(t[len(prefix):])
			} else if id.kind == Made && isDigits(t) {
				id.kind, id.length = Digits, len(t)
			}
			break
		}
	}
	if id.kind == Made && len(id.shown) == 0 && id.schema != nil {
		id.guess()
	}
}

// guess finds ids that are digits by the schema's pattern: longer ones are
// less likely to be those of something else.
func (id *identity) guess() {
	for _, n := range [...]int{18, 12, 8} {
		id.kind, id.length = Digits, n
		if id.schema.Format() == "" || id.schema.Format() == "snowflake" {
			digits, other := "123456789012345678"[:n], "x"+"12345678901234567"[:n-1]
			if id.allows(digits) && !id.allows(other) {
				return
			}
		}
	}
	id.kind, id.length = Made, 0
}

// isNaming reports whether a property is a name that people choose.
func isNaming(name string) bool {
	switch name {
	case "name", "slug", "key", "code", "login", "username", "handle", "email", "path", "title", "label":
		return true
	}
	return strings.HasSuffix(name, "name") || strings.HasSuffix(name, "slug")
}

// prefixOf finds the fixed beginning of an id such as "cus_NffrFeUfNV2Hib"; n
// is the length of what follows it.
func prefixOf(s string) (prefix string, n int) {
	i := strings.LastIndexAny(s, "_-")
	if i < 1 || i > 16 || len(s)-i-1 < 4 || strings.Count(s, "-") > 1 {
		i = 0
		for i < len(s) && s[i] >= 'A' && s[i] <= 'Z' && i < 2 {
			i++
		}
		if i == 2 && len(s) == 34 && isHex(s[2:]) { // AC and 32 hexadecimal digits
			return s[:2], 32
		}
		return "", 0
	}
	digit := false
	for _, c := range s[i+1:] {
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		default:
			return "", 0
		}
	}
	if !digit && len(s)-i-1 < 8 {
		return "", 0
	}
	return s[:i+1], len(s) - i - 1
}

// lettersOf are the letters and digits of the classes that a text has.
func lettersOf(s string) string {
	if isHex(s) && len(s) >= 8 && strings.ToLower(s) == s {
		return "0123456789abcdef"
	}
	out := ""
	for _, class := range [...]string{"0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} {
		if strings.ContainsAny(s, class) {
			out += class
		}
	}
	return out
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return s != ""
}

// of is the id of an item as text; ok is false where it has none.
func (id *identity) of(item *value) (string, bool) {
	if len(id.path) == 0 {
		return "", false
	}
	v := item
	for _, s := range id.path {
		v = v.Get(s)
	}
	return textOf(v)
}

// textOf is the text of a scalar that may be an id.
func textOf(v *value) (string, bool) {
	if v == nil || v.Kind != definition.String && v.Kind != definition.Number || v.Text == "" {
		return "", false
	}
	return v.Text, true
}

// value is the value that the identity's property has for an id.
func (id *identity) value(text string) value {
	if id.schema != nil && id.schema.Possible()&schema.TypeString == 0 {
		return value{Kind: definition.Number, Text: text}
	}
	return definition.NewString(text)
}

// set gives an item its id.
func (id *identity) set(item *value, text string) {
	if len(id.path) > 0 {
		setAt(item, id.path, id.value(text))
	}
}

// setAt sets a member inside of an object, which is copied where it is shared.
func setAt(v *value, path []string, to value) {
	if v.Kind != definition.Object {
		*v = value{Kind: definition.Object, Key: v.Key}
	}
	for i := range v.Kids {
		if v.Kids[i].Key != path[0] {
			continue
		}
		kids := append([]value(nil), v.Kids...)
		v.Kids = kids
		if len(path) == 1 {
			kids[i] = to.With(path[0])
			return
		}
		setAt(&kids[i], path[1:], to)
		return
	}
	kid := to.With(path[0])
	if len(path) > 1 {
		kid = value{Kind: definition.Object, Key: path[0]}
		setAt(&kid, path[1:], to)
	}
	v.Kids = append(v.Kids[:len(v.Kids):len(v.Kids)], kid)
}
