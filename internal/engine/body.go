package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

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
			parsed, _, err := document.ParseYAML(string(body), 0, document.Limits{})
			if err != nil {
				return bad("yaml", "must be YAML: "+err.Error())
			}
			v = parsed
			break
		}
		parsed, err := document.ParseJSON(string(body), 0, document.Limits{})
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
		return found
	}
	if f == formXML && m.schema.Possible()&(schema.TypeObject|schema.TypeArray) == 0 && v.Kind == definition.Object {
		return found
	}
	for _, w := range m.schema.Validate(&v, requestDirection, 50) {
		found = append(found, Violation{Side: "request", Location: append([]string{"body"}, w.Path...), Severity: "Error", Code: w.Keyword, Message: w.Message})
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
		v, err := document.ParseJSON(string(line), 0, document.Limits{})
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

// decodeForm reads application/x-www-form-urlencoded by the schema and the
// encodings of the media type.
func (m *media) decodeForm(body string) (value, []Violation) {
	pairs := parsePairs(body)
	out := definition.NewObject()
	var found []Violation
	for i := range pairs {
		if !validEscapes(pairs[i].raw) {
			found = append(found, Violation{Side: "request", Location: []string{"body", pairs[i].name}, Severity: "Error", Code: "encoding", Message: "must be percent-encoded correctly"})
		}
	}
	if m.schema != nil {
		for _, name := range m.schema.Members() {
			p := parameter{def: m.formParameter(name), schema: m.schema.Member(name)}
			e := m.encoding[name]
			if e != nil && e.ForbidReserved && reservedIn(pairs, name) {
				found = append(found, reservedUsed(name))
			}
			if e != nil && formOf(plainType(e.ContentType)) == formJSON && e.ContentType != "" {
				for i := range pairs {
					if pairs[i].name != name {
						continue
					}
					if v, err := document.ParseJSON(pairs[i].value, 0, document.Limits{}); err == nil {
						out.Kids = append(out.Kids, v.With(name))
					} else {
						out.Kids = append(out.Kids, definition.NewString(pairs[i].value).With(name))
					}
					break
				}
				continue
			}
			raw := p.fromForm(pairs)
			if raw.fault != "" {
				found = append(found, Violation{Side: "request", Location: []string{"body", name}, Severity: "Error", Code: raw.code, Message: raw.fault})
				continue
			}
			if raw.present {
				out.Kids = append(out.Kids, raw.value.With(name))
			}
		}
	}
	m.undescribed(&out, pairs)
	return out, found
}

// fromForm reads one property of a form. An object may also come as
// name[key]=value, as most clients write it, or as JSON.
func (p *parameter) fromForm(pairs []pair) rawParameter {
	kind := shapeOf(p.schema)
	deep := false
	for i := range pairs {
		if strings.HasPrefix(pairs[i].name, p.def.Name+"[") && pairs[i].name != p.def.Name+"[]" {
			deep = true
		}
	}
	if deep {
		return p.deepForm(pairs)
	}
	if kind == schema.TypeObject || p.schema.Possible()&schema.TypeObject != 0 {
		for i := range pairs {
			if pairs[i].name == p.def.Name && strings.HasPrefix(strings.TrimSpace(pairs[i].value), "{") {
				if v, err := document.ParseJSON(pairs[i].value, 0, document.Limits{}); err == nil {
					return rawParameter{present: true, value: v}
				}
			}
		}
	}
	if kind == schema.TypeArray {
		for i := range pairs {
			if pairs[i].name == p.def.Name && strings.HasPrefix(strings.TrimSpace(pairs[i].value), "[") {
				if v, err := document.ParseJSON(pairs[i].value, 0, document.Limits{}); err == nil && v.Kind == definition.Array {
					return rawParameter{present: true, value: v}
				}
			}
		}
	}
	return p.fromQuery(pairs)
}

// deepForm reads name[a][b]=c and name[0][a]=b.
func (p *parameter) deepForm(pairs []pair) rawParameter {
	root := definition.NewObject()
	for i := range pairs {
		rest, ok := strings.CutPrefix(pairs[i].name, p.def.Name)
		if ok && strings.HasPrefix(rest, "[") {
			if !putDeep(&root, p.schema, rest, pairs[i].value, 0) {
				return rawParameter{present: true, fault: "must be written as name[property]=value", code: "style"}
			}
		}
	}
	fixLists(&root, p.schema, 0)
	return rawParameter{present: true, value: root}
}

// undescribed adds the fields that the schema doesn't name.
func (m *media) undescribed(out *value, pairs []pair) {
	for i := range pairs {
		name := pairs[i].name
		top, _, _ := strings.Cut(name, "[")
		if m.schema != nil && (m.schema.HasMember(name) || m.schema.HasMember(top) || m.isInner(name)) {
			continue
		}
		if old := out.Get(name); old != nil {
			if old.Kind != definition.Array {
				first := *old
				*old = definition.NewArray(first.With("")).With(name)
			}
			old.Kids = append(old.Kids, definition.NewString(pairs[i].value))
			continue
		}
		out.Kids = append(out.Kids, m.schema.Member(name).FromText(pairs[i].value).With(name))
	}
}

// isInner reports whether a field is a property of an object that is written
// exploded.
func (m *media) isInner(name string) bool {
	for _, outer := range m.schema.Members() {
		s := m.schema.Member(outer)
		if shapeOf(s) == schema.TypeObject && s.HasMember(name) {
			return true
		}
	}
	return false
}

// formParameter is the parameter as which a form's property is read.
func (m *media) formParameter(name string) *definition.Parameter {
	d := &definition.Parameter{Name: name, In: definition.InQuery, Style: "form", Explode: true}
	if e := m.encoding[name]; e != nil && e.Style != "" {
		d.Style, d.Explode = e.Style, e.Explode
	} else if e != nil && e.ContentType == "" {
		d.Explode = e.Explode
	}
	return d
}

const reservedCharacters = ":/?#[]@!$&'()*+,;="

func reservedIn(pairs []pair, name string) bool {
	for i := range pairs {
		if pairs[i].name == name && strings.ContainsAny(pairs[i].raw, reservedCharacters) {
			return true
		}
	}
	return false
}

func reservedUsed(name string) Violation {
	return Violation{Side: "request", Location: []string{"body", name}, Severity: "Error", Message: "Reserved characters used in request body", whole: true}
}

// decodeMultipart reads a multipart body by the schema and the encodings.
func (m *media) decodeMultipart(body []byte, contentType string) (value, []Violation, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return value{}, nil, err
	}
	boundary := params["boundary"]
	if boundary == "" {
		return value{}, nil, errors.New("the Content-Type has no boundary")
	}
	out := definition.NewObject()
	var found []Violation
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	parts := 0
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return value{}, nil, err
		}
		if parts++; parts > 10_000 {
			return value{}, nil, errors.New("it has more than 10,000 parts")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return value{}, nil, err
		}
		name := part.FormName()
		if name == "" {
			name = strconv.Itoa(parts - 1)
		}
		name = strings.TrimSuffix(name, "[]")
		e := m.encoding[name]
		if e != nil && e.ForbidReserved && part.FileName() == "" && strings.ContainsAny(string(data), reservedCharacters) {
			found = append(found, reservedUsed(name))
		}
		m.addPart(&out, name, data, part.Header.Get("Content-Type"), part.FileName() != "")
	}
	if parts == 0 {
		return value{}, nil, errors.New("it has no parts")
	}
	if strings.HasPrefix(m.typ, "multipart/") && m.typ != "multipart/form-data" && m.schema != nil && shapeOf(m.schema) == schema.TypeArray {
		out.Kind = definition.Array
		for i := range out.Kids {
			out.Kids[i].Key = ""
		}
	}
	return out, found, nil
}

// addPart adds one part: JSON where its type or the schema says so, else text.
func (m *media) addPart(out *value, name string, data []byte, contentType string, file bool) {
	s := m.schema.Member(name)
	list := shapeOf(s) == schema.TypeArray
	item := s
	if list {
		item = s.Item(0)
	}
	var v value
	text := string(data)
	trimmed := strings.TrimSpace(text)
	jsonType := contentType != "" && formOf(strings.ToLower(plainType(contentType))) == formJSON
	looks := strings.HasPrefix(trimmed, "{") && item.Possible()&schema.TypeObject != 0 || strings.HasPrefix(trimmed, "[") && item.Possible()&schema.TypeArray != 0
	switch parsed, err := document.ParseJSON(text, 0, document.Limits{}); {
	case !file && (jsonType || looks) && err == nil && (s != nil || jsonType):
		v = parsed
		if list && v.Kind == definition.Array {
			out.Kids = append(out.Kids, v.With(name))
			return
		}
	case !utf8.ValidString(text): // what bytes a text schema gets to see
		v = definition.NewString(strings.ToValidUTF8(text, "\uFFFD"))
	case file:
		v = definition.NewString(text)
	case list && strings.HasPrefix(trimmed, "["):
		if parsed.Kind == definition.Array {
			out.Kids = append(out.Kids, parsed.With(name))
			return
		}
		v = item.FromText(text)
	case list && m.encoding[name] != nil && m.encoding[name].Style != "" && !m.encoding[name].Explode:
		arr := definition.NewArray()
		for _, p := range splitStyle(m.encoding[name].Style, text) {
			arr.Kids = append(arr.Kids, item.FromText(p))
		}
		out.Kids = append(out.Kids, arr.With(name))
		return
	default:
		v = item.FromText(text)
	}
	if old := out.Get(name); old != nil {
		if old.Kind != definition.Array || !list {
			first := *old
			*old = definition.NewArray(first.With("")).With(name)
		}
		old.Kids = append(old.Kids, v)
		return
	}
	if list {
		v = definition.NewArray(v)
	}
	out.Kids = append(out.Kids, v.With(name))
}
