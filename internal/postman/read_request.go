package postman

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// request reads a request, which may be its URL's text. It gives nil for what
// is no request.
func (r *reader) request(v *definition.Value) *Request {
	switch v.Kind {
	case definition.String:
		return &Request{Text: true, URL: &URL{Raw: v.Text, Text: true}, Pos: r.loader.Locate(v)}
	case definition.Object:
	default:
		r.warn(v, "request-shape", "the request is a "+v.Kind.String()+", it is not served", "a request is an object, or the text of its URL")
		return nil
	}
	m := membersOf(v)
	req := &Request{Method: m.text("method"), Pos: r.loader.Locate(v)}
	req.Description = r.description(&m, "description")
	if u, at := m.find("url"); u != nil {
		if req.URL = r.url(u); req.URL != nil {
			m.taken[at] = true
		}
	}
	req.Header, req.HeaderText = r.headers(&m)
	req.Body = r.body(&m)
	req.Auth = r.auth(&m)
	req.Extra = m.rest()
	return req
}

// url reads a URL as text or as object, nil where it is neither.
func (r *reader) url(v *definition.Value) *URL {
	switch v.Kind {
	case definition.String:
		return &URL{Raw: v.Text, Text: true}
	case definition.Object:
	default:
		if v.Kind != definition.Null {
			r.warn(v, "url-shape", "the URL is a "+v.Kind.String()+", it is left out", "a URL is a text or an object with \"raw\", \"host\" and \"path\"")
		}
		return nil
	}
	m := membersOf(v)
	u := &URL{Raw: m.text("raw"), Protocol: m.text("protocol"), Port: m.scalar("port"), Hash: m.text("hash")}
	if host := m.text("host"); host != "" {
		u.Host, u.HostText = []string{host}, true
	} else if list := m.kind("host", definition.Array); list != nil {
		u.Host = make([]string, 0, len(list.Kids))
		for i := range list.Kids {
			u.Host = append(u.Host, scalar(&list.Kids[i]))
		}
	}
	if path := m.text("path"); path != "" {
		u.PathText = true
		for s := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
			u.Path = append(u.Path, Segment{Value: s})
		}
	} else if list := m.kind("path", definition.Array); list != nil {
		u.Path = make([]Segment, 0, len(list.Kids))
		for i := range list.Kids {
			u.Path = append(u.Path, segment(&list.Kids[i]))
		}
	}
	u.Query = r.fields(&m, "query")
	u.Params = r.variables(&m, "variable", "")
	u.Extra = m.rest()
	return u
}

func segment(v *definition.Value) Segment {
	if v.Kind == definition.Object {
		return Segment{Value: scalar(v.Get("value")), Object: v}
	}
	return Segment{Value: scalar(v)}
}

// headers reads the headers as a list or as one text.
func (r *reader) headers(m *members) ([]*Field, *string) {
	if v := m.kind("header", definition.String); v != nil {
		text := v.Text
		return headerLines(text), &text
	}
	return r.fields(m, "header"), nil
}

// headerLines reads lines of "Name: value".
func headerLines(text string) []*Field {
	var out []*Field
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			continue
		}
		f := &Field{Key: name, Value: strings.TrimSpace(value)}
		if rest, off := strings.CutPrefix(name, "//"); off { // how Postman's bulk editor writes a disabled one
			f.Key, f.Disabled = strings.TrimSpace(rest), true
		}
		out = append(out, f)
	}
	return out
}

// fields reads a list of {key, value}, nil where there is none.
func (r *reader) fields(m *members, key string) []*Field {
	list := m.kind(key, definition.Array)
	if list == nil {
		return nil
	}
	out := make([]*Field, 0, len(list.Kids))
	for i := range list.Kids {
		kid := &list.Kids[i]
		switch kid.Kind {
		case definition.Object:
			out = append(out, r.field(kid))
		case definition.String: // "Name: value" of a header, "name=value" of a query
			f := &Field{Literal: kid}
			var ok bool
			if f.Key, f.Value, ok = strings.Cut(kid.Text, ":"); !ok {
				f.Key, f.Value, _ = strings.Cut(kid.Text, "=")
			}
			f.Value = strings.TrimSpace(f.Value)
			f.Literal = nil
			out = append(out, f)
		default:
			r.warn(kid, "field-shape", fmt.Sprintf("entry %d of %q is a %s, it is left out", i+1, key, kid.Kind), "an entry is {\"key\": …, \"value\": …}")
		}
	}
	return out
}

func (r *reader) field(v *definition.Value) *Field {
	m := membersOf(v)
	f := &Field{Key: m.text("key"), Type: m.text("type"), Disabled: m.yes("disabled"), ContentType: m.text("contentType")}
	if val, at := m.find("value"); val != nil {
		switch val.Kind {
		case definition.String:
			f.Value = m.text("value")
		default:
			f.Value, f.Literal = scalar(val), val
			m.taken[at] = true
		}
	}
	if src, at := m.find("src"); src != nil {
		f.Src = src
		m.taken[at] = true
	}
	f.Description = r.description(&m, "description")
	f.Extra = m.rest()
	for i := range f.Extra {
		switch on := &f.Extra[i]; on.Key {
		case "enabled": // as format 1.0.0 and some converters have it
			if on.Kind == definition.Bool && !on.True() {
				f.Disabled = true
			}
		case "name": // the same
			if f.Key == "" && on.Kind == definition.String {
				f.Key = on.Text
			}
		}
	}
	return f
}

// body reads a request's body, nil where there is none.
func (r *reader) body(m *members) *Body {
	v := m.kind("body", definition.Object)
	if v == nil {
		if text := m.text("body"); text != "" {
			return &Body{Mode: "raw", Raw: text}
		}
		return nil
	}
	in := membersOf(v)
	b := &Body{Mode: in.text("mode"), Raw: in.text("raw"), Disabled: in.yes("disabled")}
	b.URLEncoded = r.fields(&in, "urlencoded")
	b.Form = r.fields(&in, "formdata")
	b.GraphQL = in.any("graphql")
	b.File = in.any("file")
	b.Options = in.kind("options", definition.Object)
	b.Extra = in.rest()
	switch b.Mode {
	case "raw", "urlencoded", "formdata", "file", "graphql", "none", "":
	default:
		r.warn(v.Get("mode"), "body-mode", fmt.Sprintf("the body mode %q is not known; the body is kept, and never matched", b.Mode), "use raw, urlencoded, formdata, file or graphql")
	}
	return b
}
