package engine

import (
	"bytes"
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

// decodeForm reads application/x-www-form-urlencoded by the schema and the
// encodings of the media type.
func (m *media) decodeForm(body string) (value, []Violation) {
	out := definition.NewObject()
	var found []Violation
	pairs := appendPairs(nil, body)
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
					if v, err := document.ParseJSON(pairs[i].value, 0, bodyLimits); err == nil {
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
				if v, err := document.ParseJSON(pairs[i].value, 0, bodyLimits); err == nil {
					return rawParameter{present: true, value: v}
				}
			}
		}
	}
	if kind == schema.TypeArray {
		for i := range pairs {
			if pairs[i].name == p.def.Name && strings.HasPrefix(strings.TrimSpace(pairs[i].value), "[") {
				if v, err := document.ParseJSON(pairs[i].value, 0, bodyLimits); err == nil && v.Kind == definition.Array {
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
	described := map[string]bool{}
	for _, name := range m.schema.Members() {
		described[name] = true
		if s := m.schema.Member(name); shapeOf(s) == schema.TypeObject { // it may be written exploded
			for _, inner := range s.Members() {
				described[inner] = true
			}
		}
	}
	at := map[string]int{} // where each name is in out
	for i := range pairs {
		name := pairs[i].name
		if top, _, _ := strings.Cut(name, "["); described[name] || described[top] {
			continue
		}
		if at[name] == 0 {
			out.Kids = append(out.Kids, m.schema.Member(name).FromText(pairs[i].value).With(name))
			at[name] = len(out.Kids)
			continue
		}
		old := &out.Kids[at[name]-1]
		if old.Kind != definition.Array {
			first := *old
			*old = definition.NewArray(first.With("")).With(name)
		}
		old.Kids = append(old.Kids, definition.NewString(pairs[i].value))
	}
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
	switch parsed, err := document.ParseJSON(text, 0, bodyLimits); {
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
