package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/format"
	"github.com/mimus-dev/mimus/internal/plausible"
	"github.com/mimus-dev/mimus/internal/postman"
)

// part is one segment of a path. A literal one has only its text; of another
// the text is the template, such as "{id}" or "report.{format}".
type part struct {
	text    string
	param   bool   // the whole segment is one variable
	name    string // of it, "" where it is to be derived from what stands before
	named   bool   // the collection says the name
	value   string // what the collection has in its place, "" for nothing
	explain string // the variable's description
	inner   []string
}

// parts reads the segments of a path. ":name" and a {{variable}} without a
// value are parameters, and so are a variable that holds an id and a segment
// that is one: a number behind a name, a UUID.
func (s *scope) parts(segments []postman.Segment, params []*postman.Variable) []part {
	out := make([]part, 0, len(segments))
	for _, seg := range segments {
		out = append(out, s.segment(seg.Value, params, out)...)
	}
	for i := range out {
		if out[i].param && out[i].name == "" {
			out[i].name = derivedName(out[:i])
			out[i].text = "{" + out[i].name + "}"
		}
	}
	return out
}

func (s *scope) segment(text string, params []*postman.Variable, before []part) []part {
	if name, ok := strings.CutPrefix(text, ":"); ok && cleanName(name) != "" {
		p := named(cleanName(name))
		for _, v := range params {
			if v.Key == name && !v.Disabled {
				p.value, p.explain = known(s.resolve(v.Text())), v.Description.String()
			}
		}
		return []part{p}
	}
	if name, ok := wholeVariable(text); ok {
		value, resolved := s.lookup(name)
		value = s.resolve(value)
		if !resolved || strings.Contains(value, "{{") || namesID(name) || isID(value, before) {
			clean := cleanName(name)
			if strings.HasPrefix(name, "$") || clean == "" {
				return []part{{param: true}}
			}
			p := named(clean)
			p.value = known(value)
			return []part{p}
		}
		var out []part
		for piece := range strings.SplitSeq(strings.Trim(value, "/"), "/") {
			out = append(out, literal(piece, append(before, out...)))
		}
		return out
	}
	return []part{literal(s.resolve(text), before)}
}

func named(name string) part {
	return part{text: "{" + name + "}", param: true, named: true, name: name}
}

// known is a value that needs no more variables.
func known(value string) string {
	if strings.Contains(value, "{{") {
		return ""
	}
	return value
}

// cleanName makes a text usable as a parameter's name.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("{}/?#", r) || r < ' ' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// literal reads a segment that is no variable as a whole.
func literal(text string, before []part) part {
	if isID(text, before) {
		return part{param: true, value: text}
	}
	if name, ok := strings.CutPrefix(text, "{"); ok && strings.IndexByte(name, '}') == len(name)-1 && len(name) > 1 {
		return named(cleanName(name)) // written as in OpenAPI
	}
	var p part
	var b strings.Builder
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		before, rest := text[:open], strings.TrimLeft(text[open:], "{")
		end := strings.IndexByte(rest, '}')
		name := ""
		if end > 0 {
			name = cleanName(rest[:end])
		}
		b.WriteString(encodeBraces(before))
		if name == "" {
			b.WriteString("%7B")
			text = rest
			continue
		}
		b.WriteString("{" + name + "}")
		p.inner = append(p.inner, name)
		text = strings.TrimLeft(rest[end:], "}")
	}
	b.WriteString(encodeBraces(text))
	p.text = b.String()
	return p
}

func encodeBraces(s string) string { return literalEscapes.Replace(s) }

// literalEscapes keep what stands for itself apart from a template's syntax.
var literalEscapes = strings.NewReplacer("{", "%7B", "}", "%7D", " ", "%20", "?", "%3F", "#", "%23")

// namesID reports whether a variable's name says that it holds an id.
func namesID(name string) bool {
	lower := strings.ToLower(name)
	for _, w := range []string{"id", "uuid", "guid"} {
		if lower == w || strings.HasSuffix(lower, "_"+w) || strings.HasSuffix(lower, "-"+w) {
			return true
		}
	}
	return strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "Uuid") || strings.HasSuffix(name, "UUID")
}

// isID reports whether a literal segment is an id rather than a name: a number
// or a long hexadecimal text behind a name, or a UUID.
func isID(s string, before []part) bool {
	if format.Check("uuid", s) {
		return true
	}
	if len(before) == 0 || !namesThings(&before[len(before)-1]) {
		return false
	}
	digits, letters := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f':
			letters++
		default:
			return false
		}
	}
	if letters == 0 {
		return digits > 0 && digits < 20
	}
	return digits > 0 && len(s) >= 16
}

// namesThings reports whether a segment names what has ids, rather than what is
// counted or listed: /status/404 is no status with the id 404.
func namesThings(p *part) bool {
	if p.param || !strings.ContainsFunc(p.text, isLetter) {
		return false
	}
	switch strings.ToLower(p.text) {
	case "status", "statuses", "code", "codes", "error", "errors", "delay", "version", "versions", "year", "years", "month", "day", "page", "pages":
		return false
	}
	return true
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 }

// derivedName names a parameter by the last name before it: "petId" behind
// "pets".
func derivedName(before []part) string {
	for i := len(before) - 1; i >= 0; i-- {
		if before[i].param || len(before[i].inner) > 0 {
			continue
		}
		if word := camel(plausible.Singular(before[i].text)); word != "" {
			return word + "Id"
		}
	}
	return "id"
}

// structure is the same for paths that differ in the names of their variables
// only.
func structure(parts []part) string {
	var b strings.Builder
	for i := range parts {
		b.WriteByte('/')
		switch {
		case parts[i].param:
			b.WriteString("{}")
		case len(parts[i].inner) > 0:
			text := parts[i].text
			for _, name := range parts[i].inner {
				text = strings.Replace(text, "{"+name+"}", "{}", 1)
			}
			b.WriteString(text)
		default:
			b.WriteString(parts[i].text)
		}
	}
	return b.String()
}

// adopt takes over the template of the item that an example belongs to, where
// the example's path is one of it: the item has /pets/:id, the example
// /pets/rex. The base of either may be written as part of the path.
func (s *sample) adopt(owner *sample) bool {
	of := owner.parts
	at := 0
	switch d := len(s.parts) - len(of); {
	case len(of) == 0:
		return false
	case d > 0:
		at = d
		for i := range d {
			if s.parts[i].param || len(s.parts[i].inner) > 0 {
				return false
			}
		}
		if owner.server != "" && s.server == owner.server {
			return false
		}
	case d < 0:
		return false
	}
	parts := make([]part, len(of))
	for i := range of {
		p, mine := of[i], s.parts[at+i]
		switch {
		case p.param:
			switch {
			case mine.param:
				p.value = mine.value
			case len(mine.inner) > 0 || mine.text == "":
				return false
			default:
				p.value = decodePath(mine.text)
			}
		case structure(of[i:i+1]) != structure(s.parts[at+i:at+i+1]):
			return false
		}
		parts[i] = p
	}
	s.parts = parts
	return true
}

// prefer takes the names that the collection says over those that were derived.
func (p *pathItem) prefer(parts []part) {
	for i := range p.parts {
		if p.parts[i].param && !p.parts[i].named && parts[i].named {
			changed := append([]part(nil), p.parts...)
			changed[i].name, changed[i].text, changed[i].named = parts[i].name, parts[i].text, true
			p.parts = changed
		}
	}
}

// distinct gives each variable of a path a name of its own.
func (p *pathItem) distinct() {
	parts := append([]part(nil), p.parts...)
	taken := uniqueNames{}
	for i := range parts {
		if parts[i].param {
			parts[i].name = taken.take(parts[i].name)
			parts[i].text = "{" + parts[i].name + "}"
			continue
		}
		inner := append([]string(nil), parts[i].inner...)
		var b strings.Builder
		rest := parts[i].text
		for k, name := range inner {
			before, after, _ := strings.Cut(rest, "{"+name+"}")
			inner[k] = taken.take(name)
			b.WriteString(before + "{" + inner[k] + "}")
			rest = after
		}
		parts[i].text, parts[i].inner = b.String()+rest, inner
	}
	p.parts = parts
}

// template is the path as OpenAPI writes it.
func (p *pathItem) template() string {
	if len(p.parts) == 0 {
		return "/"
	}
	var b strings.Builder
	for i := range p.parts {
		b.WriteString("/" + p.parts[i].text)
	}
	if p.slash {
		b.WriteByte('/')
	}
	return b.String()
}
