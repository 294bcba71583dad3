package engine

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// Streams are made item by item; the adapter writes and flushes each.

// streamItems is the number of items of a generated stream.
const streamItems = 3

func (x *exchange) streamItems(m *media, r *rendered, f form, opt schema.Options) error {
	r.body = nil
	for i := range streamItems {
		o := opt
		o.Seed += uint64(i) * 0x9e3779b97f4a7c15
		v, _, err := m.item.Generate(x.mock.set, o)
		if err != nil {
			return err
		}
		r.items = append(r.items, frame(&v, f))
	}
	return nil
}

// stream writes a value as a stream: a list item by item, a text as it is.
func (r *rendered) stream(v *value, f form) {
	r.body = nil
	switch v.Kind {
	case definition.Array:
		for i := range v.Kids {
			r.items = append(r.items, frame(&v.Kids[i], f))
		}
	case definition.String:
		if f == formEvents && !looksLikeEvents(v.Text) {
			r.items = [][]byte{frame(v, f)}
			return
		}
		r.items = splitStream(f, v.Text)
	default:
		r.items = [][]byte{frame(v, f)}
	}
}

func looksLikeEvents(t string) bool {
	for _, p := range [...]string{"data:", "event:", "id:", "retry:", ":"} {
		if strings.HasPrefix(t, p) || strings.Contains(t, "\n"+p) {
			return true
		}
	}
	return false
}

// frame writes one item in the stream's framing.
func frame(v *value, f form) []byte {
	switch f {
	case formJSONLines:
		return append(v.AppendJSON(nil), '\n')
	case formJSONSeq: // RFC 7464, 2.2
		return append(v.AppendJSON([]byte{0x1e}), '\n')
	}
	return appendEvent(nil, v)
}

// appendEvent writes a server-sent event (WHATWG HTML, 9.2). An object whose
// properties are the fields of an event is one; anything else is its data.
func appendEvent(dst []byte, v *value) []byte {
	if !isEvent(v) {
		return append(appendField(dst, "data", eventText(v)), '\n')
	}
	for _, name := range [...]string{"id", "event", "retry", "comment", "data"} {
		k := v.Get(name)
		if k == nil || k.Kind == definition.Null {
			continue
		}
		if name == "comment" {
			name = ""
		}
		dst = appendField(dst, name, eventText(k))
	}
	return append(dst, '\n')
}

// isEvent reports whether an object has the fields of an event: "data", and
// nothing but others of them.
func isEvent(v *value) bool {
	if v.Kind != definition.Object || v.Get("data") == nil {
		return false
	}
	for i := range v.Kids {
		switch v.Kids[i].Key {
		case "data", "event", "id", "retry", "comment":
		default:
			return false
		}
	}
	return true
}

func eventText(v *value) string {
	if v.Kind == definition.String {
		return v.Text
	}
	return string(v.AppendJSON(nil))
}

func appendField(dst []byte, name, text string) []byte {
	for _, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		dst = append(append(append(append(dst, name...), ": "...), line...), '\n')
	}
	return dst
}

// splitStream cuts a text into the items of its framing.
func splitStream(f form, text string) [][]byte {
	var out [][]byte
	switch f {
	case formEvents:
		for _, e := range strings.SplitAfter(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
			if strings.TrimSpace(e) != "" {
				out = append(out, []byte(strings.TrimRight(e, "\n")+"\n\n"))
			}
		}
	case formJSONSeq:
		for _, e := range strings.Split(text, "\x1e") {
			if strings.TrimSpace(e) != "" {
				out = append(out, []byte("\x1e"+strings.TrimRight(e, "\n")+"\n"))
			}
		}
	default:
		for _, e := range strings.Split(text, "\n") {
			if strings.TrimSpace(e) != "" {
				out = append(out, []byte(e+"\n"))
			}
		}
	}
	return out
}
