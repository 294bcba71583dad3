package engine

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// appendForm writes application/x-www-form-urlencoded by the encodings.
func (m *media) appendForm(dst []byte, v *value) []byte {
	if v.Kind != definition.Object {
		return append(dst, url.QueryEscape(scalarText(v))...)
	}
	add := func(k, t string) {
		if len(dst) > 0 {
			dst = append(dst, '&')
		}
		dst = append(append(append(dst, url.QueryEscape(k)...), '='), url.QueryEscape(t)...)
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		e := m.encoding[kid.Key]
		switch {
		case kid.Kind == definition.Array && (e == nil || e.Explode):
			for j := range kid.Kids {
				add(kid.Key, scalarText(&kid.Kids[j]))
			}
		case kid.Kind == definition.Array:
			sep := map[string]string{"spaceDelimited": " ", "pipeDelimited": "|"}[e.Style]
			if sep == "" {
				sep = ","
			}
			parts := make([]string, len(kid.Kids))
			for j := range kid.Kids {
				parts[j] = scalarText(&kid.Kids[j])
			}
			add(kid.Key, strings.Join(parts, sep))
		case kid.Kind == definition.Object && e != nil && e.Style == "deepObject":
			for j := range kid.Kids {
				add(kid.Key+"["+kid.Kids[j].Key+"]", scalarText(&kid.Kids[j]))
			}
		default:
			add(kid.Key, scalarText(kid))
		}
	}
	return dst
}

// multipartBoundary separates parts; generated values don't hold it.
const multipartBoundary = "mimus-boundary-7MA4YWxk"

// multipart writes a multipart body: a property or item is a part.
func (m *media) multipart(r *rendered, v *value) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(multipartBoundary)
	for i := range v.Kids {
		kid := &v.Kids[i]
		var s *schema.Schema
		var e *definition.Encoding
		if v.Kind == definition.Array {
			s = m.schema.Item(i)
			if m.schema == nil {
				s = m.item
			}
			e = m.def.Each
			if i < len(m.def.Prefix) {
				e = &m.def.Prefix[i]
			}
		} else {
			s, e = m.schema.Member(kid.Key), m.encoding[kid.Key]
		}
		parts := []*value{kid}
		if kid.Kind == definition.Array && v.Kind == definition.Object {
			parts = nil
			for j := range kid.Kids {
				parts = append(parts, &kid.Kids[j])
			}
		}
		for _, p := range parts {
			m.part(w, kid.Key, p, s, e)
		}
	}
	_ = w.Close() // a buffer takes everything
	r.body = b.Bytes()
	typ := r.contentType[0]
	if !strings.Contains(typ, "boundary=") {
		typ = strings.TrimRight(typ, "; ") + "; boundary=" + multipartBoundary
	}
	r.contentType = []string{typ}
}

func (m *media) part(w *multipart.Writer, name string, v *value, s *schema.Schema, e *definition.Encoding) {
	h := textproto.MIMEHeader{}
	typ := ""
	if e != nil {
		typ, _, _ = strings.Cut(e.ContentType, ",")
		typ = strings.TrimSpace(typ)
	}
	if typ == "" || strings.Contains(typ, "*") {
		switch v.Kind {
		case definition.Object, definition.Array:
			typ = "application/json"
		default:
			typ = "text/plain"
			if s.Format() == "binary" {
				typ = "application/octet-stream"
			}
		}
	}
	if name != "" && strings.HasPrefix(m.typ, "multipart/form-data") {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(name)
		d := `form-data; name="` + quoted + `"`
		if typ == "application/octet-stream" || strings.HasPrefix(typ, "image/") {
			d += `; filename="` + quoted + `"`
		}
		h.Set("Content-Disposition", d)
	}
	h.Set("Content-Type", typ)
	if e != nil {
		for _, x := range e.Headers {
			for i := range x.Examples {
				if x.Examples[i].Value != nil {
					h.Set(x.Name, fieldValue(scalarText(x.Examples[i].Value)))
					break
				}
			}
		}
	}
	p, err := w.CreatePart(h)
	if err != nil {
		return
	}
	if raw, ok := schema.SampleBytes(typ); ok && v.Kind == definition.String {
		_, _ = p.Write(raw)
		return
	}
	_, _ = p.Write(appendText(nil, v))
}

// appendCSV writes a list of objects as rows under a header, lists as rows, and
// a text as it is.
func appendCSV(dst []byte, v *value) []byte {
	if v.Kind == definition.String {
		return append(dst, v.Text...)
	}
	rows := v.Kids
	if v.Kind == definition.Object {
		rows = []value{*v}
		for i := range v.Kids { // an envelope around the rows
			if k := &v.Kids[i]; k.Kind == definition.Array && len(v.Kids) == 1 {
				rows = k.Kids
			}
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var columns []string
	for i := range rows {
		for j := range rows[i].Kids {
			if k := rows[i].Kids[j].Key; k != "" && !contains(columns, k) {
				columns = append(columns, k)
			}
		}
	}
	if columns != nil {
		_ = w.Write(columns)
	}
	for i := range rows {
		var row []string
		switch {
		case columns != nil:
			for _, c := range columns {
				row = append(row, textOrEmpty(rows[i].Get(c)))
			}
		case rows[i].Kind == definition.Array:
			for j := range rows[i].Kids {
				row = append(row, scalarText(&rows[i].Kids[j]))
			}
		default:
			row = []string{scalarText(&rows[i])}
		}
		_ = w.Write(row)
	}
	w.Flush()
	return append(dst, b.Bytes()...)
}

func textOrEmpty(v *value) string {
	if v == nil {
		return ""
	}
	return scalarText(v)
}
