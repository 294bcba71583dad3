package engine

import (
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

// rendered is a body ready to be sent.
type rendered struct {
	body        []byte
	items       [][]byte
	contentType []string
	etag        []string
	length      []string // of a body that is kept
	found       []Violation
}

// example writes the example of that index. It is rendered once.
func (x *exchange) example(m *media, i int, typ, why string) bool {
	x.answer("contract", why)
	x.shown = &m.def.Examples[i]
	x.res.Example = x.shown.Name
	if !m.wildcard {
		r := m.static[i].Load()
		if r == nil {
			r = m.renderExample(&m.def.Examples[i], typ)
			m.static[i].Store(r)
		}
		x.write(r)
		return true
	}
	key := strconv.Itoa(i) + " " + typ
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.others[key]
	if r == nil {
		r = m.renderExample(&m.def.Examples[i], typ)
		if m.others == nil {
			m.others = map[string]*rendered{}
		}
		if len(m.others) < maxOthers {
			m.others[key] = r
		}
	}
	x.write(r)
	return true
}

// maxOthers bounds the renderings that are kept of a range of media types.
const maxOthers = 64

func (x *exchange) write(r *rendered) {
	res := x.res
	if r.contentType != nil {
		res.Set("Content-Type", r.contentType)
	}
	res.Body, res.Items, res.Length = r.body, r.items, r.length
	if r.etag != nil {
		res.Set("Etag", r.etag)
	}
	if r.found != nil {
		res.Found = append(res.Found, r.found...)
	}
}

// renderExample writes an example as the document has it.
func (m *media) renderExample(e *definition.Example, typ string) *rendered {
	r := &rendered{contentType: []string{typ}}
	f := formOf(strings.ToLower(plainType(typ)))
	if e.Serialized != nil {
		r.body = []byte(*e.Serialized)
		if f == formEvents || f == formJSONLines || f == formJSONSeq {
			r.items, r.body = splitStream(f, *e.Serialized), nil
		}
		r.keep()
		return r
	}
	v := e.Value
	if v.Kind == definition.String && m.schema != nil && m.schema.Accepts()&schema.TypeString == 0 && f == formJSON {
		// a JSON text where a JSON value belongs
		if parsed, err := document.ParseJSON(v.Text, 0, document.Limits{}); err == nil && m.schema.Valid(&parsed, schema.Response) {
			v = &parsed
			r.body = []byte(e.Value.Text)
		}
	}
	if f == formJSON && m.schema != nil {
		r.found = responseViolations(m.schema.Validate(v, schema.Response, 50))
	}
	if r.body == nil {
		m.render(r, v, f)
	}
	r.keep()
	return r
}

// keep computes what stays the same for every answer with this body.
func (r *rendered) keep() {
	r.etag = etagOf(r)
	r.length = []string{strconv.Itoa(len(r.body))}
}

func plainType(t string) string {
	t, _, _ = strings.Cut(t, ";")
	return strings.TrimSpace(t)
}

// etagOf makes a strong validator (RFC 9110, 8.8.3) of a static body.
func etagOf(r *rendered) []string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.contentType[0]))
	_, _ = h.Write(r.body)
	for _, i := range r.items {
		_, _ = h.Write(i)
	}
	return []string{`"` + strconv.FormatUint(h.Sum64(), 36) + `"`}
}

// render writes a value in a form.
func (m *media) render(r *rendered, v *value, f form) {
	switch f {
	case formJSON:
		r.body = v.AppendJSON(r.body[:0])
	case formXML:
		if v.Kind == definition.String {
			r.body = []byte(v.Text)
			return
		}
		r.body = appendXML(r.body[:0], v, m.schema)
	case formURLEncoded:
		if v.Kind == definition.String {
			r.body = []byte(v.Text)
			return
		}
		r.body = m.appendForm(r.body[:0], v)
	case formMultipart:
		if v.Kind == definition.String {
			r.body = []byte(v.Text)
			return
		}
		m.multipart(r, v)
	case formCSV:
		r.body = appendCSV(r.body[:0], v)
	case formEvents, formJSONLines, formJSONSeq:
		r.stream(v, f)
	case formBinary:
		r.body = m.bytes(v)
	default:
		r.body = appendText(r.body[:0], v)
	}
}

// appendText writes a scalar as it is, and anything else as JSON: an object has
// no other text.
func appendText(dst []byte, v *value) []byte {
	if v.Kind == definition.String {
		return append(dst, v.Text...)
	}
	return v.AppendJSON(dst)
}

// bytes are the contents of a binary body: what an example's text stands for.
func (m *media) bytes(v *value) []byte {
	if v.Kind != definition.String {
		return v.AppendJSON(nil)
	}
	if b, ok := strings.CutPrefix(v.Text, "data:"); ok {
		if _, data, ok := strings.Cut(b, ";base64,"); ok {
			if raw, err := base64.StdEncoding.DecodeString(data); err == nil {
				return raw
			}
		}
	}
	if len(v.Text) >= 16 && !strings.ContainsAny(v.Text, " \n") {
		if raw, err := base64.StdEncoding.DecodeString(v.Text); err == nil {
			return raw
		}
	}
	return []byte(v.Text)
}

// generated makes a body from the schema.
func (x *exchange) generated(m *media, typ string, seed uint64) (*rendered, error) {
	r := &rendered{contentType: m.values, body: x.res.buf[:0]}
	plain, f := m.typ, m.form
	if m.wildcard {
		r.contentType = []string{typ}
		plain = strings.ToLower(plainType(typ))
		f = formOf(plain)
	}
	opt := schema.Options{Direction: schema.Response, Dynamic: x.dynamic(), Seed: seed, Name: x.op.noun, Faker: x.mock.faker}
	if f == formBinary || f == formText && !strings.HasPrefix(plain, "text/plain") {
		if raw, ok := schema.SampleBytes(plain); ok && (m.schema == nil || m.schema.Accepts()&schema.TypeString != 0) {
			r.body = raw
			return r, nil
		}
	}
	stream := f == formEvents || f == formJSONLines || f == formJSONSeq
	switch {
	case stream && m.item != nil:
		if err := x.streamItems(m, r, f, opt); err != nil {
			return nil, err
		}
		return r, nil
	case m.schema == nil && m.item != nil: // itemSchema of a type that is no stream: a list
		return x.itemList(m, r, f, opt)
	case m.schema == nil:
		r.body = emptyBody(r.body, f, plain)
		return r, nil
	}
	opt.Known = x.known(m.schema)
	v, ok, err := m.schema.Generate(x.mock.set, opt)
	if err != nil {
		return nil, err
	}
	if !ok && f == formJSON {
		r.found = responseViolations(m.schema.Validate(&v, schema.Response, 50))
	}
	if x.erring != nil && ok {
		v = x.erring.told(x, m.schema, v)
	}
	m.render(r, &v, f)
	if len(r.body) > maxGenerated {
		return nil, schema.ErrTooComplex
	}
	if f == formJSON || f == formText {
		x.res.buf = r.body
	}
	return r, nil
}

// known is the identity that the path names: /pets/7 is answered with the pet
// 7. It is that of the path's last variable, where the path ends with it.
func (x *exchange) known(s *schema.Schema) *value {
	path, _ := splitTemplate(x.op.def.Path)
	if !strings.HasSuffix(path, "}") || x.res.Status >= 300 {
		return nil
	}
	open := strings.LastIndexByte(path, '/')
	if open < 0 || !strings.HasPrefix(path[open:], "/{") || strings.Count(path[open:], "{") != 1 {
		return nil
	}
	name := path[open+2 : len(path)-1]
	raw := x.path[strings.LastIndexByte(x.path, '/')+1:]
	text, ok := decodePart(raw)
	if !ok || text == "" {
		return nil
	}
	if !s.HasMember(name) {
		lower := strings.ToLower(name)
		if !strings.HasSuffix(lower, "id") || !s.HasMember("id") {
			return nil
		}
		name = "id"
	}
	v := s.Member(name).FromText(text).With(name)
	return &v
}

// emptyBody is what is sent of a media type of which the document says nothing
// more.
func emptyBody(dst []byte, f form, plain string) []byte {
	switch f {
	case formJSON:
		return append(dst, "{}"...)
	case formXML:
		return append(dst, "<xml/>"...)
	case formBinary:
		if raw, ok := schema.SampleBytes(plain); ok {
			return raw
		}
	}
	return dst
}

func (x *exchange) itemList(m *media, r *rendered, f form, opt schema.Options) (*rendered, error) {
	list := definition.NewArray()
	for i := range 3 {
		o := opt
		o.Seed += uint64(i) * 0x9e3779b97f4a7c15
		v, _, err := m.item.Generate(x.mock.set, o)
		if err != nil {
			return nil, err
		}
		list.Kids = append(list.Kids, v)
	}
	m.render(r, &list, f)
	return r, nil
}
