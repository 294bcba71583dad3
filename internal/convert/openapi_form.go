package convert

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
)

// formField is one field of a form that was seen.
type formField struct {
	name    string
	value   string
	explain string
	media   string
	file    bool
	off     bool
}

// formSamples are the forms of one media type.
type formSamples struct {
	forms  []namedForm
	known  map[string]bool // the forms that clients send
	fields []*fieldSamples
	byName map[string]*fieldSamples
}

type namedForm struct {
	name   string
	fields []formField
}

// fieldSamples is what is known of one field.
type fieldSamples struct {
	name    string
	explain string
	media   string
	file    bool
	asked   bool
	seen    int // forms that have it
	shape   textShape
}

// fieldsOf reads the fields of a form.
func fieldsOf(s *sample, list []*postman.Field) []formField {
	var out []formField
	for _, f := range list {
		name := s.scope.resolve(f.Key)
		if name == "" {
			continue
		}
		x := formField{
			name: name, value: s.scope.resolve(f.Value), explain: f.Description.String(),
			file: f.Type == "file", media: plainMedia(f.ContentType), off: f.Disabled,
		}
		if x.file && x.value == "" {
			x.value = f.Src.Str()
		}
		out = append(out, x)
	}
	return out
}

// formText reads the text of an urlencoded form.
func formText(text string) []formField {
	var out []formField
	for part := range strings.SplitSeq(strings.TrimSpace(text), "&") {
		name, value, _ := strings.Cut(part, "=")
		if name != "" {
			out = append(out, formField{name: decodeQuery(name), value: decodeQuery(value)})
		}
	}
	return out
}

// addForm adds a form; false where it has no field that is sent.
func (m *mediaSamples) addForm(name string, fields []formField) bool {
	if m.fields == nil {
		m.fields = &formSamples{known: map[string]bool{}, byName: map[string]*fieldSamples{}}
	}
	f := m.fields
	if m.sent && f.has(fields) {
		return sends(fields)
	}
	f.forms = append(f.forms, namedForm{name, fields})
	count := map[string]int{}
	for i := range fields {
		in := &fields[i]
		x := f.get(strings.TrimSuffix(in.name, "[]"))
		if rest, ok := strings.CutPrefix(in.explain, requiredMark); ok {
			in.explain, x.asked = rest, true
		}
		if x.explain == "" {
			x.explain = in.explain
		}
		x.file = x.file || in.file
		if x.media == "" {
			x.media = in.media
		}
		if !in.file {
			x.shape.add(in.value)
		}
		if in.off {
			continue
		}
		if count[x.name]++; count[x.name] == 1 {
			x.seen++
		}
		x.shape.list = x.shape.list || count[x.name] > 1 || strings.HasSuffix(in.name, "[]")
	}
	return len(count) > 0
}

func sends(fields []formField) bool {
	for i := range fields {
		if !fields[i].off {
			return true
		}
	}
	return false
}

// has reports whether the same form was added before.
func (f *formSamples) has(fields []formField) bool {
	var b strings.Builder
	for i := range fields {
		fmt.Fprintf(&b, "%+q", []string{fields[i].name, fields[i].value, fmt.Sprint(fields[i].file, fields[i].off)})
	}
	known := f.known[b.String()]
	f.known[b.String()] = true
	return known
}

func (f *formSamples) get(name string) *fieldSamples {
	if x := f.byName[name]; x != nil {
		return x
	}
	x := &fieldSamples{name: name}
	f.byName[name] = x
	f.fields = append(f.fields, x)
	return x
}

func (f *formSamples) schema() definition.Value {
	var properties tree
	required := definition.NewArray()
	for _, x := range f.fields {
		properties.put(x.name, x.schema())
		if x.seen == len(f.forms) && x.seen > 1 || x.asked {
			required.Kids = append(required.Kids, definition.NewString(x.name))
		}
	}
	var s tree
	s.text("type", "object")
	s.put("properties", properties.object())
	if len(required.Kids) > 0 {
		s.put("required", required)
	}
	return s.object()
}

func (x *fieldSamples) schema() definition.Value {
	if !x.file {
		s := x.shape.schema()
		if x.explain != "" {
			s.Kids = append(s.Kids, definition.NewString(x.explain).With("description"))
		}
		return s
	}
	var s tree
	s.text("type", "string")
	media := x.media
	if media == "" {
		media = mediaBytes
	}
	s.text("contentMediaType", media)
	if x.explain != "" {
		s.text("description", x.explain)
	}
	if !x.shape.list {
		return s.object()
	}
	var list tree
	list.text("type", "array")
	list.put("items", s.object())
	return list.object()
}

// examples writes each form as an object that the schema accepts.
func (f *formSamples) examples() []namedExample {
	var out []namedExample
	for _, form := range f.forms {
		var v tree
		lists := map[string]int{}
		for i := range form.fields {
			in := &form.fields[i]
			if in.off {
				continue
			}
			x := f.get(strings.TrimSuffix(in.name, "[]"))
			value := x.value(in)
			if !x.shape.list {
				v.put(x.name, value)
				continue
			}
			at, ok := lists[x.name]
			if !ok {
				at, lists[x.name] = len(v), len(v)
				v.put(x.name, definition.NewArray())
			}
			v[at].Kids = append(v[at].Kids, value)
		}
		if len(v) > 0 {
			out = append(out, namedExample{form.name, v.object()})
		}
	}
	return out
}

func (x *fieldSamples) value(in *formField) definition.Value {
	if in.file || x.file {
		return definition.NewString(in.value)
	}
	if kind := placeholderKind(in.value); kind != "" {
		if typ, _ := x.shape.kind(); typ != "string" || len(x.shape.texts) == 0 {
			if v := placeholderValue(kind); typ == jsonType(&v) {
				return v
			}
			if len(x.shape.texts) > 0 {
				return x.shape.value(x.shape.texts[0])
			}
		}
	}
	return x.shape.value(in.value)
}

func jsonType(v *definition.Value) string {
	if v.IsInteger() {
		return "integer"
	}
	return v.Kind.String()
}

func (t tree) find(key string) *definition.Value {
	for i := range t {
		if t[i].Key == key {
			return &t[i]
		}
	}
	return nil
}
