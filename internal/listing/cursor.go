package listing

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/pattern"
)

// form is what the document demands of a cursor's text.
type form struct {
	number  bool // an integer: how many items come before
	key     bool // a UUID, say: the item's id
	longest int  // in characters, 0 for no bound
	match   *pattern.Pattern
}

func (f *form) read(s shapes, schema *definition.Value) {
	t := s.types(schema)
	f.number = t&typeNumber != 0 && t&typeString == 0 || numeric(s, schema)
	f.key = s.text(schema, "format") == "uuid"
	if n, ok := s.integer(schema, "maxLength"); ok {
		f.longest = n
	}
	if text := s.text(schema, "pattern"); text != "" {
		if m, err := pattern.Compile(text); err == nil {
			f.match = m
		}
	}
}

func (f *form) takes(text string) bool {
	return (f.longest == 0 || utf8.RuneCountInString(text) <= f.longest) && (f.match == nil || f.match.Match(text))
}

// mark is a place between items, as a cursor keeps it: an item with what it is
// found by when it is gone meanwhile.
type mark struct {
	back   bool     // the page ends before the item
	serial uint64   // of the item, 0 where items have none
	index  int      // of the item when the cursor was made
	key    string   // of the item
	next   string   // the key of the item created after it
	prev   string   // the key of the item created before it
	values []string // what the item was sorted by
	bare   bool     // only the key, or the offset, is known
	offset int      // of a bare mark without a key: how many items come before
}

// write gives the text of a cursor in the form that the document demands.
// offset is the number of items of the selection up to the place.
func (f *form) write(m *mark, offset int) string {
	if f.number {
		return strconv.Itoa(offset)
	}
	if f.key {
		return m.key
	}
	plain := m.encode()
	text := base64.RawURLEncoding.EncodeToString([]byte(plain))
	for _, other := range []string{text, hex.EncodeToString([]byte(plain)), m.key, strconv.Itoa(offset)} {
		if f.takes(other) {
			return other
		}
	}
	return text
}

// maxCursor bounds the cursors that are read, in bytes.
const maxCursor = 8192

var errCursor = errors.New("is no cursor that this operation gave")

// parse reads a cursor. Where keyed is true any text will do, as the id of an
// item.
func (f *form) parse(text string, keyed bool) (mark, error) {
	if len(text) > maxCursor {
		return mark{}, errCursor
	}
	if f.number && !keyed {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return mark{}, errCursor
		}
		return mark{bare: true, offset: n}, nil
	}
	if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil {
		if m, ok := decodeMark(string(raw)); ok {
			return m, nil
		}
	}
	if raw, err := hex.DecodeString(text); err == nil {
		if m, ok := decodeMark(string(raw)); ok {
			return m, nil
		}
	}
	if keyed || f.key || f.longest == 0 && f.match == nil {
		return mark{bare: true, key: text}, nil // the id of an item; whether there is one is told later
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return mark{bare: true, offset: n, key: text}, nil
	}
	return mark{bare: true, key: text}, nil
}

// encode writes the mark in a few characters of ASCII whose base64 is the same
// in both alphabets (RFC 4648, 4 and 5) and needs no padding, so that it suits
// a schema of either.
func (m *mark) encode() string {
	direction := "a"
	if m.back {
		direction = "b"
	}
	fields := append([]string{
		"1" + direction, strconv.FormatUint(m.serial, 36), strconv.Itoa(m.index), m.key, m.next, m.prev,
	}, m.values...)
	var b strings.Builder
	for i, field := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		for j := 0; j < len(field); j++ {
			if c := field[j]; c > ' ' && c < 0x7e && !strings.ContainsRune(",%>?", rune(c)) {
				b.WriteByte(c)
			} else {
				const digits = "0123456789ABCDEF"
				b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			}
		}
	}
	for b.Len()%3 != 0 {
		b.WriteByte(' ')
	}
	return b.String()
}

func decodeMark(text string) (mark, bool) {
	fields := strings.Split(strings.TrimRight(text, " "), ",")
	if len(fields) < 6 || len(fields) > 6+maxTerms || fields[0] != "1a" && fields[0] != "1b" {
		return mark{}, false
	}
	for i := range fields {
		field, ok := unescape(fields[i])
		if !ok {
			return mark{}, false
		}
		fields[i] = field
	}
	serial, err1 := strconv.ParseUint(fields[1], 36, 64)
	index, err2 := strconv.Atoi(fields[2])
	if err1 != nil || err2 != nil || index < 0 {
		return mark{}, false
	}
	return mark{
		back: fields[0] == "1b", serial: serial, index: index,
		key: fields[3], next: fields[4], prev: fields[5], values: fields[6:],
	}, true
}

func unescape(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i+2 >= len(text) {
			return "", false
		}
		c, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(c))
		i += 2
	}
	return b.String(), true
}
