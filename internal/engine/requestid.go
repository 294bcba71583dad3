package engine

import (
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/format"
	"github.com/mimus-dev/mimus/internal/schema"
)

// idField is a header field that tells the id of a call.
type idField struct {
	*header
	like   string // a shape of ids; "" where the document shows none
	echoes bool   // the caller's own is sent back
}

// maxEchoed is how long an id may be that is sent back, in bytes.
const maxEchoed = 255

// idFields finds the fields that tell the id of a call.
func idFields(headers []*header) []idField {
	var out []idField
	for _, h := range headers {
		name := plainName(h.name)
		if !strings.HasSuffix(name, "requestid") && !strings.HasSuffix(name, "correlationid") && !strings.HasSuffix(name, "traceid") {
			continue
		}
		f := idField{header: h, like: h.shown()}
		switch name {
		case "xrequestid", "xcorrelationid", "correlationid", "clientrequestid", "xclientrequestid", "xmsclientrequestid":
			f.echoes = true
		}
		out = append(out, f)
	}
	return out
}

// echo sends the caller's own id back; false where it sent none that the field
// takes.
func (f *idField) echo(x *exchange) bool {
	sent := x.req.Header[f.name]
	return f.echoes && len(sent) > 0 && len(sent[0]) <= maxEchoed && x.retell(f.header, fieldValue(sent[0]))
}

// tell makes the id of the call of that number in its session: like the one
// that the document shows, else a UUID, else a number, else by the schema.
func (f *idField) tell(x *exchange, session string, n uint64) {
	m := x.mock
	seed := m.bits("request id "+f.name+" "+session, 0, n)
	src := idSource(seed)
	if x.retell(f.header, likeID(f.like, &src)) || x.retell(f.header, src.uuid()) {
		return
	}
	const least, most = 100_000_000, 900_000_000 // of nine digits, which 32 bits hold
	if first := least + (m.seed^hashText(session))%(most-least); x.retell(f.header, strconv.FormatUint(first+n, 10)) {
		return
	}
	v, ok, err := f.schema.Generate(m.set, schema.Options{Direction: schema.Response, Dynamic: true, Seed: seed, Name: f.def.Name, Faker: m.faker})
	if ok && err == nil {
		x.retell(f.header, headerText(f.name, &v, f.def.Explode)[0])
	}
}

// idSource draws numbers.
type idSource uint64

func (s *idSource) next() uint64 {
	*s = idSource(scatter(uint64(*s)))
	return uint64(*s)
}

func (s *idSource) Uint64() uint64 { return s.next() }

func (s *idSource) uuid() string {
	id, _ := format.Make("uuid", s)
	return id
}

// leastDrawn is how many characters of an id have to be drawn for no two to be
// the same.
const leastDrawn = 12

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz"
)

// likeID makes an id of the shape of another: "req_" and as many characters of
// the same kind. It is "" for a text without a digit, which is a word, and for
// one that is too short to tell calls apart.
func likeID(shown string, src *idSource) string {
	if !strings.ContainsAny(shown, digits) {
		return ""
	}
	if format.Check("uuid", shown) {
		id := src.uuid()
		if strings.ToUpper(shown) == shown {
			id = strings.ToUpper(id)
		}
		return id
	}
	prefix, rest := shown[:strings.LastIndexByte(shown, '_')+1], shown[strings.LastIndexByte(shown, '_')+1:]
	alphabet := alphabetOf(rest)
	drawn := 0
	id := []byte(prefix)
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if isAlphanumeric(c) {
			from := alphabet
			if drawn == 0 && len(alphabet) == len(digits) {
				from = digits[1:] // a number begins with none
			}
			c = from[src.next()%uint64(len(from))]
			drawn++
		}
		id = append(id, c)
	}
	if drawn < leastDrawn {
		return ""
	}
	return string(id)
}

// alphabetOf is the least of the usual alphabets that a text is written in.
func alphabetOf(s string) string {
	for _, alphabet := range [...]string{digits, digits + letters[:6], digits + strings.ToUpper(letters[:6]), digits + letters, digits + strings.ToUpper(letters)} {
		whole := true
		for i := 0; i < len(s) && whole; i++ {
			whole = !isAlphanumeric(s[i]) || strings.IndexByte(alphabet, s[i]) >= 0
		}
		if whole {
			return alphabet
		}
	}
	return digits + letters + strings.ToUpper(letters)
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
