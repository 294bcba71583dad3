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

// bodyError is a body that can't be taken, and what answers it.
type bodyError struct {
	status int
	name   string
	title  string
	detail string
}

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
	r, bad := x.plainBody()
	if bad != nil {
		x.bodyErr = bad
		return nil, bad
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

// maxEncodings bounds how many times a body may be encoded.
const maxEncodings = 4

// plainBody undoes the encodings of the body, the last one first
// (RFC 9110, 8.4).
func (x *exchange) plainBody() (io.Reader, *bodyError) {
	header := x.req.Header["Content-Encoding"]
	if len(header) == 0 {
		return x.req.Body, nil
	}
	list := strings.Split(strings.ToLower(strings.Join(header, ",")), ",")
	r, count := x.req.Body, 0
	for i := len(list) - 1; i >= 0; i-- {
		enc := strings.TrimSpace(list[i])
		var err error
		switch enc {
		case "", "identity":
			continue
		case "gzip", "x-gzip":
			r, err = gzip.NewReader(r)
		case "deflate":
			r, err = zlib.NewReader(r)
		default:
			return nil, &bodyError{415, "INVALID_CONTENT_ENCODING", "Content encoding is not supported", "The body's Content-Encoding " + strconv.Quote(clip(enc)) + " is not supported; send gzip, deflate or none."}
		}
		if err != nil {
			return nil, &bodyError{400, "BAD_BODY", "The body could not be read", "The body is not the " + enc + " that its Content-Encoding says: " + err.Error() + "."}
		}
		if count++; count > maxEncodings {
			return nil, &bodyError{415, "INVALID_CONTENT_ENCODING", "Content encoding is not supported", "The body is encoded more than " + itoa(maxEncodings) + " times."}
		}
	}
	return r, nil
}

func tooLarge(limit int64) *bodyError {
	return &bodyError{413, "BODY_TOO_LARGE", "The body is too large", "The body is larger than the limit of " + strconv.FormatInt(limit, 10) + " bytes (setting body-limit), before or after decompression."}
}

// bodyProblem answers a body that can't be taken, with the operation's own
// response for that status where it has one.
func (x *exchange) bodyProblem() bool {
	e := x.bodyErr
	for _, r := range x.op.responses {
		if r.def.Status == strconv.Itoa(e.status) {
			x.pass("validation", e.detail)
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
	contentType := x.req.Header.Get("Content-Type")
	m, ok := op.bodyMedia(contentType)
	if !ok && x.req.Length > 0 { // that much is known without reading it
		return append(found, op.wrongType(contentType)), true
	}
	body, bad := x.readBody()
	switch {
	case bad != nil:
		return append(found, Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: "body", Message: bad.detail, whole: true}), bad.status == 415
	case len(body) == 0 && op.def.Body != nil && op.def.Body.Required:
		return append(found, missingBody()), false
	case len(body) == 0 || ok && m == nil:
		return found, false
	case !ok:
		return append(found, op.wrongType(contentType)), true
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

// wrongType is the violation of a body of a type that the operation doesn't
// take.
func (op *operation) wrongType(got string) Violation {
	types := make([]string, len(op.bodies))
	for i, m := range op.bodies {
		types[i] = m.def.Type
	}
	message := "Supported content types: " + strings.Join(types, ",")
	if len(types) == 0 {
		message = "The operation takes no body; got " + clip(got)
	}
	return Violation{Side: "request", Location: []string{"body"}, Severity: "Error", Code: "content-type", Message: message, whole: true}
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
		text := string(body)
		if broken := checkPairs("body", text, nil); broken != nil {
			return append(found, broken...)
		}
		form, more := m.decodeForm(text)
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
		separator := byte('\n')
		if f == formJSONSeq && bytes.IndexByte(body, 0x1e) >= 0 { // RFC 7464, 2.2: a text may have line ends
			separator = 0x1e
		}
		return x.checkLines(m, body, separator, found)
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
	before := len(found)
	for i := 0; i < len(v.Kids) && len(found)-before < maxFound; i++ {
		for _, w := range m.item.Validate(&v.Kids[i], requestDirection, 20) {
			found = append(found, Violation{Side: "request", Location: append([]string{"body", strconv.Itoa(i)}, w.Path...), Severity: "Error", Code: w.Keyword, Message: w.Message})
		}
	}
	return found
}

// maxFound bounds the violations that are told of one body.
const maxFound = 50

// checkLines checks a stream of JSON texts, each against the item's schema.
func (x *exchange) checkLines(m *media, body []byte, separator byte, found []Violation) []Violation {
	s := m.item
	if s == nil && m.schema != nil {
		s = m.schema.ItemSchema()
	}
	list := definition.NewArray()
	x.bodyValue = &list
	bad := func(path []string, code, message string) {
		found = append(found, Violation{Side: "request", Location: append([]string{"body", itoa(len(list.Kids))}, path...), Severity: "Error", Code: code, Message: message})
	}
	before, limits := len(found), bodyLimits
	for len(body) > 0 && len(found)-before < maxFound {
		line := body
		if end := bytes.IndexByte(body, separator); end >= 0 {
			line, body = body[:end], body[end+1:]
		} else {
			body = nil
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		v, err := document.ParseJSON(string(line), 0, limits)
		if err != nil {
			bad(nil, "json", "must be JSON: "+err.Error())
			return found
		}
		if limits.Nodes -= nodes(&v); limits.Nodes <= 0 {
			bad(nil, "size", "must not have more values in all than "+itoa(bodyLimits.Nodes))
			return found
		}
		if s != nil {
			for _, w := range s.Validate(&v, requestDirection, 20) {
				bad(w.Path, w.Keyword, w.Message)
			}
		}
		list.Kids = append(list.Kids, v)
	}
	return found
}

// nodes counts the values of a tree.
func nodes(v *value) int {
	n := 1
	for i := range v.Kids {
		n += nodes(&v.Kids[i])
	}
	return n
}
