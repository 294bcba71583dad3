package document

// This file is on the hot path: request bodies are read by it. Strings are
// substrings of the input, children are copied once into slices of their exact
// size, and a small input makes small slabs only.

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// ParseJSON reads one JSON text as RFC 8259 defines it, without a byte order
// mark. Strings without escapes share the memory of text. Of members with the
// same name the last value wins, at the place of the first. Bytes that are no
// UTF-8 and lone surrogates become U+FFFD. The error is a *[SyntaxError].
func ParseJSON(text string, file uint16, lim Limits) (definition.Value, error) {
	return parseJSON(context.Background(), text, file, lim.withDefaults(), nil)
}

// parseJSON is ParseJSON that also tells duplicate names, when asked to.
func parseJSON(ctx context.Context, text string, file uint16, lim Limits, dups *duplicates) (definition.Value, error) {
	if int64(len(text)) > lim.Bytes {
		return definition.Value{}, errTooLarge(lim)
	}
	p := jsonParser{
		text: text, file: file, depth: lim.Depth, nodes: lim.Nodes, dups: dups,
		clock: newClock(ctx, lim.Time),
		slab:  slab{size: min(max(len(text)/32, 4), maxSlab)},
	}
	p.stack = make([]definition.Value, 0, min(len(text)/16+2, 32))
	v, ok := p.document()
	if !ok {
		return definition.Value{}, p.err
	}
	return v, nil
}

func errTooLarge(lim Limits) *SyntaxError {
	return &SyntaxError{Code: codeLimitBytes, Line: 1, Col: 1,
		Message: fmt.Sprintf("the document is larger than %d bytes", lim.Bytes),
		Hint:    "raise the limit of the document's size"}
}

type jsonParser struct {
	text  string
	pos   int
	file  uint16
	depth int // levels left
	nodes int // values left
	stack []definition.Value
	slab  slab
	seen  map[string]int // for objects with many members
	dups  *duplicates
	clock clock
	err   *SyntaxError
}

func (p *jsonParser) document() (v definition.Value, ok bool) {
	p.space()
	if p.pos == len(p.text) {
		p.fail(p.pos, "the text is empty where a JSON value is expected", "")
		return v, false
	}
	if !p.value(&v) {
		return v, false
	}
	p.space()
	if p.pos < len(p.text) {
		p.fail(p.pos, "unexpected "+p.here()+" after the end of the JSON value", "")
		return v, false
	}
	return v, true
}

// value reads the value at pos into v, whose Key it leaves alone.
func (p *jsonParser) value(v *definition.Value) bool {
	v.Pos, v.File = uint32(p.pos), p.file
	p.nodes--
	if p.nodes < 0 {
		return p.failLimit(codeLimitNodes, "the document has too many values", "raise the limit of nodes")
	}
	if p.clock.expired() {
		return p.failLimit(codeLimitTime, "reading the document takes too long", "raise the limit of time")
	}
	if p.pos >= len(p.text) {
		return p.failEnd("where a value is expected")
	}
	switch c := p.text[p.pos]; c {
	case '"':
		v.Kind = definition.String
		return p.str(&v.Text)
	case '{':
		v.Kind = definition.Object
		return p.nested(v)
	case '[':
		v.Kind = definition.Array
		return p.nested(v)
	case 't':
		v.Kind = definition.Bool
		return p.word("true", &v.Text)
	case 'f':
		v.Kind = definition.Bool
		return p.word("false", &v.Text)
	case 'n':
		v.Kind = definition.Null
		return p.word("null", nil)
	default:
		if c == '-' || c-'0' <= 9 {
			v.Kind = definition.Number
			return p.number(&v.Text)
		}
	}
	return p.fail(p.pos, "unexpected "+p.here()+" where a value is expected", "")
}

func (p *jsonParser) nested(v *definition.Value) bool {
	p.depth--
	if p.depth < 0 {
		return p.failLimit(codeLimitDepth, "arrays and objects nest too deep", "nest less deep: 1,000 levels are read")
	}
	p.pos++
	base := len(p.stack)
	ok := false
	if v.Kind == definition.Object {
		ok = p.members(base)
	} else {
		ok = p.elements()
	}
	if !ok {
		return false
	}
	p.depth++
	v.Kids = p.slab.keep(p.stack[base:])
	clear(p.stack[base:])
	p.stack = p.stack[:base]
	return true
}

func (p *jsonParser) elements() bool {
	p.space()
	if p.at(']') {
		p.pos++
		return true
	}
	for {
		var v definition.Value
		if !p.value(&v) {
			return false
		}
		p.stack = append(p.stack, v)
		p.space()
		switch {
		case p.at(','):
			p.pos++
			p.space()
		case p.at(']'):
			p.pos++
			return true
		case p.pos >= len(p.text):
			return p.failEnd("inside of an array")
		default:
			return p.fail(p.pos, "unexpected "+p.here()+" where ',' or ']' is expected", "")
		}
	}
}

func (p *jsonParser) members(base int) bool {
	p.space()
	if p.at('}') {
		p.pos++
		return true
	}
	for {
		if !p.at('"') {
			if p.pos >= len(p.text) {
				return p.failEnd("inside of an object")
			}
			return p.fail(p.pos, "unexpected "+p.here()+" where a member's name in double quotes is expected", "")
		}
		var v definition.Value
		if !p.str(&v.Key) {
			return false
		}
		p.space()
		if !p.at(':') {
			if p.pos >= len(p.text) {
				return p.failEnd("after a member's name")
			}
			return p.fail(p.pos, "unexpected "+p.here()+" where ':' is expected", "")
		}
		p.pos++
		p.space()
		if !p.value(&v) {
			return false
		}
		p.stack = append(p.stack, v)
		p.space()
		switch {
		case p.at(','):
			p.pos++
			p.space()
		case p.at('}'):
			p.pos++
			members := p.stack[base:]
			p.stack = p.stack[:base+len(p.unique(members))]
			return true
		case p.pos >= len(p.text):
			return p.failEnd("inside of an object")
		default:
			return p.fail(p.pos, "unexpected "+p.here()+" where ',' or '}' is expected", "")
		}
	}
}

func (p *jsonParser) unique(members []definition.Value) []definition.Value {
	if len(members) <= fewMembers {
		return uniqueFew(members, p.dups)
	}
	if p.seen == nil {
		p.seen = make(map[string]int, len(members))
	}
	return uniqueMany(members, p.seen, p.dups)
}

func (p *jsonParser) at(c byte) bool { return p.pos < len(p.text) && p.text[p.pos] == c }

func (p *jsonParser) space() {
	i, s := p.pos, p.text
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\r' || s[i] == '\t') {
		i++
	}
	p.pos = i
}

func (p *jsonParser) word(w string, text *string) bool {
	if !strings.HasPrefix(p.text[p.pos:], w) {
		if strings.HasPrefix(w, p.text[p.pos:]) {
			p.pos = len(p.text)
			return p.failEnd("inside of " + w)
		}
		return p.fail(p.pos, "unexpected "+p.here()+" where a value is expected", "")
	}
	if text != nil {
		*text = w
	}
	p.pos += len(w)
	return true
}

// number reads a number literal (RFC 8259, 6).
func (p *jsonParser) number(text *string) bool {
	s, i := p.text, p.pos
	if s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
		if i < len(s) && s[i]-'0' <= 9 {
			return p.fail(i, "a number must not begin with 0", "")
		}
	default:
		n := digits(s, i)
		if n == i {
			return p.failDigit(i)
		}
		i = n
	}
	if i < len(s) && s[i] == '.' {
		n := digits(s, i+1)
		if n == i+1 {
			return p.failDigit(n)
		}
		i = n
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		n := digits(s, i)
		if n == i {
			return p.failDigit(i)
		}
		i = n
	}
	*text = s[p.pos:i]
	p.pos = i
	return true
}

// digits gives the end of the run of digits that begins at i.
func digits(s string, i int) int {
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return i
}

// fail and its like record the error and return false.

func (p *jsonParser) fail(at int, message, hint string) bool {
	p.err = newSyntaxError(p.text, at, codeJSON, message, hint)
	return false
}

func (p *jsonParser) failLimit(code, message, hint string) bool {
	p.err = newSyntaxError(p.text, p.pos, code, message, hint)
	return false
}

func (p *jsonParser) failEnd(where string) bool {
	return p.fail(len(p.text), "the text ends "+where, "look for a missing bracket or a file cut short")
}

func (p *jsonParser) failDigit(at int) bool {
	p.pos = at
	if at >= len(p.text) {
		return p.failEnd("inside of a number")
	}
	return p.fail(at, "unexpected "+p.here()+" where a digit is expected", "")
}

// here names the character at pos for people.
func (p *jsonParser) here() string {
	r, size := utf8.DecodeRuneInString(p.text[p.pos:])
	switch {
	case size == 0:
		return "end of the text"
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("byte 0x%02x", p.text[p.pos])
	}
	return strconv.QuoteRune(r)
}
