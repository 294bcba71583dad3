package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

// bodyLimits bound what a body is read into: a value takes 64 bytes, however
// few it is written with.
var bodyLimits = document.Limits{Nodes: 1_000_000}

// bodyError is a body that can't be taken. status is what answers it; 0 leaves
// that to the contract.
type bodyError struct {
	status int
	name   string
	title  string
	detail string
}

func (e *bodyError) Error() string { return e.detail }

// readBody reads the body once, its Content-Encoding undone, up to the limit.
func (x *exchange) readBody() ([]byte, *bodyError) {
	if x.bodyRead {
		return x.body, x.bodyErr
	}
	x.bodyRead = true
	if x.req.Body == nil || x.req.Length == 0 {
		return nil, nil
	}
	limit := x.mock.cfg.BodyLimit
	if x.req.Length > limit {
		x.bodyErr = tooLarge(limit)
		return nil, x.bodyErr
	}
	r := x.req.Body
	for _, enc := range strings.Split(strings.Join(x.req.Header["Content-Encoding"], ","), ",") {
		switch enc = strings.ToLower(strings.TrimSpace(enc)); enc {
		case "", "identity":
		case "gzip", "x-gzip":
			z, err := gzip.NewReader(r)
			if err != nil {
				x.bodyErr = badEncoding(enc, err)
				return nil, x.bodyErr
			}
			r = z
		case "deflate":
			z, err := zlib.NewReader(r)
			if err != nil {
				x.bodyErr = badEncoding(enc, err)
				return nil, x.bodyErr
			}
			r = z
		default:
			x.bodyErr = &bodyError{415, "INVALID_CONTENT_ENCODING", "Content encoding is not supported", "The body's Content-Encoding " + strconv.Quote(enc) + " is not supported; send gzip, deflate or none."}
			return nil, x.bodyErr
		}
	}
	var b []byte
	var err error
	if n := x.req.Length; n > 0 && n < 1<<20 && r == x.req.Body {
		b = make([]byte, n)
		var got int
		got, err = io.ReadFull(r, b)
		b = b[:got]
	} else {
		b, err = io.ReadAll(io.LimitReader(r, limit+1))
	}
	switch {
	case int64(len(b)) > limit:
		x.bodyErr = tooLarge(limit)
		return nil, x.bodyErr
	case err != nil:
		x.bodyErr = &bodyError{400, "BAD_BODY", "The body could not be read", "The body could not be read: " + err.Error() + "."}
		return nil, x.bodyErr
	}
	x.body = b
	return b, nil
}

func tooLarge(limit int64) *bodyError {
	return &bodyError{413, "BODY_TOO_LARGE", "The body is too large", "The body is larger than the limit of " + strconv.FormatInt(limit, 10) + " bytes (setting body-limit), before or after decompression."}
}

func badEncoding(enc string, err error) *bodyError {
	return &bodyError{400, "BAD_BODY", "The body could not be read", "The body is not the " + enc + " that its Content-Encoding says: " + err.Error() + "."}
}

// bodyProblem answers a body that can't be taken, with the operation's own
// response for that status where it has one.
func (x *exchange) bodyProblem() bool {
	e := x.bodyErr
	for _, r := range x.op.responses {
		if r.def.Status == strconv.Itoa(e.status) {
			x.pass("contract", e.detail)
			return x.replyError(r, e.status, []int{e.status})
		}
	}
	return x.problem(e.status, e.name, e.title, e.detail)
}

// readBodyForExamples decodes the body, so that the example that belongs to it
// is found, without checking it.
func (x *exchange) readBodyForExamples() {
	if len(x.op.bodies) > 0 {
		_, _ = x.checkBody(nil)
	}
}

// checkBody decodes and checks the body. wrongType reports a media type that
// the operation doesn't take.
func (x *exchange) checkBody(found []Violation) (_ []Violation, wrongType bool) {
	op := x.op
	if x.req.Body == nil || x.req.Length == 0 {
		if op.def.Body != nil && op.def.Body.Required {
			found = append(found, missingBody())
		}
		return found, false
	}
	if op.def.Body == nil && !op.refusesTypes() {
		return found, false // what nobody declared is not looked at
	}
	body, bad := x.readBody()
	if bad != nil {
		return append(found, Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: "body", Message: bad.detail, whole: true}), bad.status == 415
	}
	if len(body) == 0 {
		if op.def.Body != nil && op.def.Body.Required {
			found = append(found, missingBody())
		}
		return found, false
	}
	contentType := x.req.Header.Get("Content-Type")
	m, ok := op.bodyMedia(contentType)
	if !ok {
		return append(found, Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: "content-type", Message: op.supported(contentType), whole: true}), true
	}
	if m == nil {
		return found, false
	}
	x.bodyMedia = m
	return x.checkMedia(m, body, contentType, found), false
}

// refusesTypes reports whether an operation that declares no body answers one
// all the same: by declaring the status for an unsupported media type.
func (op *operation) refusesTypes() bool {
	for _, r := range op.def.Responses {
		if r.Status == "415" {
			return true
		}
	}
	return false
}

func missingBody() Violation {
	return Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: "required", Message: "Body parameter is required", whole: true}
}

func (op *operation) supported(got string) string {
	types := make([]string, len(op.bodies))
	for i, m := range op.bodies {
		types[i] = m.def.Type
	}
	if len(types) == 0 {
		return "The operation takes no body; got " + got
	}
	return "Supported content types: " + strings.Join(types, ",")
}

// bodyMedia finds the declared media type of a request's body: the type
// itself, then ranges, then the type of the same syntax.
func (op *operation) bodyMedia(contentType string) (*media, bool) {
	if len(op.bodies) == 0 {
		return nil, op.def.Body != nil || contentType == ""
	}
	if contentType == "" {
		return op.bodies[0], true
	}
	typ, params := splitType(contentType)
	for _, m := range op.bodies {
		if m.typ == typ && m.params == params {
			return m, true
		}
	}
	for _, m := range op.bodies {
		if m.typ == typ {
			return m, true
		}
	}
	for _, m := range op.bodies {
		if m.wildcard && (m.typ == "*/*" || strings.HasPrefix(typ, strings.TrimSuffix(m.typ, "*"))) {
			return m, true
		}
	}
	if f := formOf(typ); f == formJSON && strings.HasSuffix(typ, "json") {
		for _, m := range op.bodies { // application/vnd.x+json is JSON
			if m.form == f && strings.HasSuffix(m.typ, "json") && (strings.Contains(typ, "+") || strings.Contains(m.typ, "+")) && m.typ != "application/merge-patch+json" && m.typ != "application/json-patch+json" && typ != "application/merge-patch+json" && typ != "application/json-patch+json" {
				return m, true
			}
		}
	}
	return nil, false
}

func (x *exchange) checkMedia(m *media, body []byte, contentType string, found []Violation) []Violation {
	bad := func(code, message string) []Violation {
		return append(found, Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: code, Message: message})
	}
	f := m.form
	if m.wildcard {
		if typ, _ := splitType(contentType); typ != "" {
			f = formOf(typ)
		}
	}
	var v value
	switch f {
	case formJSON:
		if strings.Contains(contentType, "yaml") {
			parsed, _, err := document.ParseYAML(string(body), 0, bodyLimits)
			if err != nil {
				return bad("yaml", "must be YAML: "+err.Error())
			}
			v = parsed
			break
		}
		parsed, err := document.ParseJSON(string(body), 0, bodyLimits)
		if err != nil {
			return bad("json", "must be JSON: "+err.Error())
		}
		v = parsed
	case formURLEncoded:
		if !utf8.Valid(body) {
			return bad("encoding", "must be text in UTF-8")
		}
		form, more := m.decodeForm(string(body))
		found = append(found, more...)
		v = form
	case formMultipart:
		form, more, err := m.decodeMultipart(body, contentType)
		if err != nil {
			return bad("multipart", "must be "+m.typ+": "+err.Error())
		}
		found = append(found, more...)
		v = form
	case formXML:
		parsed, err := parseXML(body, m.schema)
		if err != nil {
			return bad("xml", "must be XML: "+err.Error())
		}
		v = parsed
	case formJSONLines, formJSONSeq:
		return x.checkLines(m, body, found)
	case formText, formCSV, formEvents:
		if !utf8.Valid(body) {
			return bad("encoding", "must be text in UTF-8")
		}
		v = m.schema.FromText(string(body))
	default: // bytes: their contents are not described by a schema
		return found
	}
	x.bodyValue = &v
	if m.schema == nil {
		return checkItems(m, &v, found)
	}
	if f == formXML && m.schema.Possible()&(schema.TypeObject|schema.TypeArray) == 0 && v.Kind == definition.Object {
		return found
	}
	for _, w := range m.schema.Validate(&v, requestDirection, 50) {
		found = append(found, Violation{Side: "request", Location: append([]string{"body"}, w.Path...), Severity: "Error", Code: w.Keyword, Message: w.Message})
	}
	return found
}

// checkItems checks the parts of a body that only "itemSchema" describes.
func checkItems(m *media, v *value, found []Violation) []Violation {
	if m.item == nil {
		return found
	}
	for i := range v.Kids {
		for _, w := range m.item.Validate(&v.Kids[i], requestDirection, 20) {
			found = append(found, Violation{Side: "request", Location: append([]string{"body", strconv.Itoa(i)}, w.Path...), Severity: "Error", Code: w.Keyword, Message: w.Message})
		}
	}
	return found
}

// checkLines checks a stream of JSON texts, each against the item's schema.
func (x *exchange) checkLines(m *media, body []byte, found []Violation) []Violation {
	s := m.item
	if s == nil && m.schema != nil {
		s = m.schema.ItemSchema()
	}
	list := definition.NewArray()
	for i, line := range bytes.FieldsFunc(body, func(r rune) bool { return r == '\n' || r == 0x1e }) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		v, err := document.ParseJSON(string(line), 0, bodyLimits)
		if err != nil {
			return append(found, Violation{Side: "request", Location: []string{"body", strconv.Itoa(i)}, Severity: "Error", Code: "json", Message: "must be JSON: " + err.Error()})
		}
		if s != nil {
			for _, w := range s.Validate(&v, requestDirection, 20) {
				found = append(found, Violation{Side: "request", Location: append([]string{"body", strconv.Itoa(i)}, w.Path...), Severity: "Error", Code: w.Keyword, Message: w.Message})
			}
		}
		list.Kids = append(list.Kids, v)
	}
	x.bodyValue = &list
	return found
}
