package engine

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Violation is one way in which a request or an answer breaks the contract.
type Violation struct {
	Side     string // "request" or "response"
	Location []string
	Severity string // "Error" or "Warning"
	Code     string // the keyword of JSON Schema, else a word of ours; may be ""
	Message  string // as a JSON Schema validator says it: "must be integer"
	whole    bool   // the message is a sentence of its own
}

// The words of Prism, which its users' tests compare.
const (
	errorsPage    = "https://stoplight.io/prism/errors#"
	titleNotFound = "The server cannot find the requested content"
)

var typeProblem = []string{"application/problem+json"}

// problem answers with a problem document (RFC 9457) of Prism's names. extra
// are further members.
func (x *exchange) problem(status int, name, title, detail string, extra ...value) bool {
	doc := definition.NewObject(
		definition.NewString(errorsPage+name).With("type"),
		definition.NewString(title).With("title"),
		definition.NewInt(int64(status)).With("status"),
		definition.NewString(detail).With("detail"),
	)
	doc.Kids = append(doc.Kids, extra...)
	res := x.res
	res.Status = status
	res.Body = doc.AppendJSON(nil)
	res.Items, res.Length = nil, nil
	res.Fields = keepFields(res.Fields)
	res.Set("Content-Type", typeProblem)
	res.Mistake, res.Example = detail, ""
	return x.answer("problem", name+": "+detail)
}

// keepFields drops the header fields of an answer that was begun, but for
// those that concern the exchange.
func keepFields(fields []Field) []Field {
	kept := fields[:0]
	for _, f := range fields {
		if strings.HasPrefix(f.Name, "Access-Control-") || f.Name == "Vary" || f.Name == "Allow" || f.Name == "Www-Authenticate" {
			kept = append(kept, f)
		}
	}
	return kept
}

// sentence is the message with its place: "Request body property id must be
// integer".
func (v *Violation) sentence() string {
	if v.whole || len(v.Location) == 0 {
		return v.Message
	}
	side := "Request "
	if v.Side == "response" {
		side = "Response "
	}
	noun := " parameter "
	if v.Location[0] == "body" {
		noun = " property "
	}
	if len(v.Location) == 1 {
		return side + v.Location[0] + " " + v.Message
	}
	return side + v.Location[0] + noun + strings.Join(v.Location[1:], ".") + " " + v.Message
}

// json writes the violation. withSide puts the side before the place; long
// takes the message as a sentence.
func (v *Violation) json(withSide, long bool) value {
	place := definition.NewArray()
	if withSide {
		place.Kids = append(place.Kids, definition.NewString(v.Side))
	}
	for _, l := range v.Location {
		place.Kids = append(place.Kids, definition.NewString(l))
	}
	message := v.Message
	if long {
		message = v.sentence()
	}
	out := definition.NewObject(place.With("location"), definition.NewString(v.Severity).With("severity"))
	if v.Code != "" {
		out.Kids = append(out.Kids, definition.NewString(v.Code).With("code"))
	}
	out.Kids = append(out.Kids, definition.NewString(message).With("message"))
	return out
}

func violationList(found []Violation, withSide, long bool) value {
	list := definition.NewArray()
	for i := range found {
		list.Kids = append(list.Kids, found[i].json(withSide, long))
	}
	return list
}

// maxViolationHeader bounds the header as Prism does.
const maxViolationHeader = 8 << 10

// violationsHeader sets "sl-violations": Prism's header with what either side
// broke, the response's side first.
func (x *exchange) violationsHeader() {
	found := x.res.Found
	if len(found) == 0 {
		return
	}
	ordered := make([]Violation, 0, len(found))
	for _, side := range [...]string{"response", "request"} {
		for i := range found {
			if found[i].Side == side {
				ordered = append(ordered, found[i])
			}
		}
	}
	list := violationList(ordered, true, false)
	text := asciiJSON(list.AppendJSON(nil))
	if len(text) > maxViolationHeader {
		list = violationList([]Violation{{Side: "response", Severity: "Error", Message: "Too many violations!"}}, true, false)
		text = asciiJSON(list.AppendJSON(nil))
	}
	x.res.Set("Sl-Violations", []string{text})
}

// asciiJSON escapes what is not ASCII, and what is no text: header fields can't
// carry it.
func asciiJSON(b []byte) string {
	plain := true
	for _, c := range b {
		if c >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return string(b)
	}
	var out strings.Builder
	for _, r := range string(b) {
		switch {
		case r < 0x7f:
			out.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			out.WriteString(`\u` + hex4(0xd800+r>>10) + `\u` + hex4(0xdc00+r&0x3ff))
		default:
			out.WriteString(`\u` + hex4(r))
		}
	}
	return out.String()
}

func hex4(r rune) string {
	s := strconv.FormatInt(int64(r), 16)
	return "0000"[len(s):] + s
}

func responseViolations(found []schema.Violation) []Violation {
	var out []Violation
	for _, f := range found {
		out = append(out, Violation{Side: "response", Location: append([]string{"body"}, f.Path...), Severity: "Error", Code: f.Keyword, Message: f.Message})
	}
	return out
}

// responseViolations turns an answer that breaks the contract into a 500.
func (x *exchange) responseViolations() {
	var broken []Violation
	for i := range x.res.Found {
		if v := &x.res.Found[i]; v.Side == "response" && v.Severity == "Error" {
			broken = append(broken, *v)
		}
	}
	if broken == nil {
		return
	}
	x.problem(500, "VIOLATIONS", "Request/Response not valid",
		"Your request/response is not valid and the --errors flag is set, so Prism is generating this error for you.",
		violationList(broken, true, true).With("validation"))
}

// finish completes every answer: CORS, violations, conditional requests, HEAD.
func (x *exchange) finish() {
	res := x.res
	x.violationsHeader()
	x.cors()
	if x.req.Method == http.MethodHead {
		res.NoBody = true
	}
	if res.Status == 200 && (x.req.Method == http.MethodGet || x.req.Method == http.MethodHead) {
		x.conditional()
	}
	if res.Break == BreakTruncated && res.Items != nil { // a stream, too, ends after half of its bytes
		res.Body, res.Items = slices.Concat(res.Body, joined(res.Items)), nil
	}
	if x.purpose == sending {
		x.delay()
		if x.op != nil && x.mock.cfg.Callbacks && len(x.op.def.Callbacks) > 0 && res.Fault == "" {
			x.callbacks()
		}
	}
	if x.asked {
		x.explainInField()
	}
}

// conditional answers If-None-Match (RFC 9110, 13.1.2).
func (x *exchange) conditional() {
	headers := x.req.Header["If-None-Match"]
	if len(headers) == 0 {
		return
	}
	etag := x.res.Get("Etag")
	if etag == "" {
		return
	}
	for _, h := range headers {
		for _, t := range strings.Split(h, ",") {
			t = strings.TrimSpace(t)
			if t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(etag, "W/") {
				x.res.Status = 304
				x.res.Body, x.res.Items, x.res.Length = nil, nil, nil
				x.pass("conditional", "the client has the current representation")
				return
			}
		}
	}
}
