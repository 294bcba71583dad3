package convert

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
)

// answer is what saved responses show of one status.
type answer struct {
	status  string
	samples []*sample
	content content
	headers parameterTable
}

// responses writes the saved responses of an operation by their status. An
// operation without one answers 200 with no body.
func (w *inference) responses(op *inferred) definition.Value {
	var list []*answer
	for _, s := range op.samples {
		if s.example == nil {
			continue
		}
		code := s.example.StatusCode()
		if code == 0 {
			w.warn(s.example.Pos, document.Warning, "example-status", fmt.Sprintf("%s: the saved response %q has no status that can be sent; it is left out", itemName(s.item), s.example.Name), "give it a \"code\" from 200 to 599")
			continue
		}
		a := answerOf(&list, strconv.Itoa(code))
		a.samples = append(a.samples, s)
		w.addResponse(a, s)
	}
	var out tree
	if len(list) == 0 {
		var ok tree
		ok.text("description", "OK")
		out.put("200", ok.object())
	}
	for _, a := range list {
		out.put(a.status, a.value())
	}
	return out.object()
}

func answerOf(list *[]*answer, status string) *answer {
	for _, a := range *list {
		if a.status == status {
			return a
		}
	}
	a := &answer{status: status}
	*list = append(*list, a)
	return a
}

// addResponse adds the headers and the body of a saved response.
func (w *inference) addResponse(a *answer, s *sample) {
	a.addHeaders(s)
	e := s.example
	written := plainMedia(headerOf(e.Header, "Content-Type", s.scope))
	if e.Body == nil || *e.Body == "" {
		if e.Stream != nil {
			w.addBytes(a, s, orMedia(written, mediaBytes))
		}
		return
	}
	text := s.answerText()
	if !utf8.ValidString(text) {
		a.bytes(s, orMedia(written, mediaBytes), []byte(*e.Body))
		return
	}
	if written == "" {
		written = postman.LanguageMedia(e.PreviewLanguage)
	}
	if written == "" {
		written = sniff(text)
	}
	if !a.content.media(written).addText(s.name, text) {
		w.warn(e.Pos, document.Info, "example-not-json", fmt.Sprintf("%s: the saved response %q is no %s; it is kept as text, without a schema", itemName(s.item), e.Name, written), "correct the body of the saved response")
	}
}

// maxBytes bounds the binary bodies that are kept as examples.
const maxBytes = 1 << 20

// addBytes adds a binary body.
func (w *inference) addBytes(a *answer, s *sample, media string) {
	data, err := s.example.Binary()
	switch {
	case err != nil:
		w.warn(s.example.Pos, document.Warning, "example-stream", fmt.Sprintf("%s: %q: %v", itemName(s.item), s.name, err), "save the response again")
	case len(data) > maxBytes:
		w.warn(s.example.Pos, document.Info, "example-size", fmt.Sprintf("%s: the binary body of %q is over 1 MB and no example", itemName(s.item), s.name), "keep large files out of the document")
	case isJSON(media) && utf8.Valid(data):
		a.content.media(media).addText(s.name, string(data))
		return
	case utf8.Valid(data) && isTextual(media):
		a.content.media(media).addText(s.name, string(data))
		return
	default:
		a.bytes(s, media, data)
		return
	}
	a.content.media(media)
}

// bytes shows a binary body as a data URL, the one form of it that a document
// can hold and that says what it is.
func (a *answer) bytes(s *sample, media string, data []byte) {
	m := a.content.media(media)
	if len(data) > 0 {
		m.opaque = true
		plain, _, _ := strings.Cut(media, ";")
		m.example(s.name, definition.NewString("data:"+plain+";base64,"+base64.StdEncoding.EncodeToString(data)))
	}
}

func (a *answer) addHeaders(s *sample) {
	seen := map[string]bool{}
	for _, f := range fieldsOn(s.example.Header) {
		name := strings.TrimSpace(s.scope.resolve(f.Key))
		lower := strings.ToLower(name)
		if !isToken(strings.ToUpper(name)) || carriesResponse(lower) {
			continue
		}
		p := a.headers.get(definition.InHeader, name)
		p.shape.list = p.shape.list || lower == "set-cookie" && seen[lower]
		text := s.scope.resolve(f.Value)
		p.shape.add(text)
		p.describe(f)
		if p.seen == 0 || p.seen == 1 && seen[lower] {
			p.show = append(p.show, text)
		}
		if !seen[lower] {
			p.seen++
		}
		seen[lower] = true
	}
	if !seen["set-cookie"] {
		a.addCookies(s.example.Cookies)
	}
}

// addCookies adds what a saved response keeps of cookies beside the headers.
func (a *answer) addCookies(list *definition.Value) {
	first := true
	for i := range list.Len() {
		v := &list.Kids[i]
		name := v.Get("name").Str()
		if name == "" {
			name = v.Get("key").Str()
		}
		if name == "" {
			continue
		}
		text := name + "=" + v.Get("value").Str()
		for _, part := range [...]string{"path", "domain"} {
			if s := v.Get(part).Str(); s != "" {
				text += "; " + part + "=" + s
			}
		}
		for _, part := range [...]string{"secure", "httpOnly"} {
			if v.Get(part).True() {
				text += "; " + part
			}
		}
		p := a.headers.get(definition.InHeader, "Set-Cookie")
		p.shape.list = p.shape.list || !first
		p.shape.add(text)
		if p.seen == 0 || p.seen == 1 && !first {
			p.show = append(p.show, text)
		}
		if first {
			p.seen++
		}
		first = false
	}
}

// carriesResponse reports whether a response header belongs to the connection
// or to the server that sent it, and would be wrong when sent again.
func carriesResponse(lower string) bool {
	switch lower {
	case "content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive",
		"trailer", "upgrade", "te", "date", "age", "alt-svc", "server", "via",
		"proxy-authenticate", "proxy-connection", "access-control-allow-origin", "access-control-allow-credentials",
		"access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age":
		return true
	}
	return strings.HasPrefix(lower, ":")
}

func (a *answer) value() definition.Value {
	var v tree
	v.text("description", a.description())
	if len(a.headers.list) > 0 {
		var headers tree
		for _, p := range a.headers.list {
			headers.put(p.name, p.header(len(a.samples)))
		}
		v.put("headers", headers.object())
	}
	if len(a.content.types) > 0 {
		var media tree
		for _, m := range a.content.types {
			media.put(m.name, m.value())
		}
		v.put("content", media.object())
	}
	return v.object()
}

// description is the name of the only response of this status, else what the
// status means.
func (a *answer) description() string {
	if name := a.samples[0].example.Name; len(a.samples) == 1 && strings.ContainsFunc(name, unicode.IsLetter) {
		return name
	}
	for _, s := range a.samples {
		if text := strings.TrimSpace(strings.TrimPrefix(s.example.Status, a.status)); strings.ContainsFunc(text, unicode.IsLetter) {
			return text
		}
	}
	code, _ := strconv.Atoi(a.status)
	if text := http.StatusText(code); text != "" {
		return text
	}
	return "Status " + a.status
}

// header writes a response header.
func (p *parameter) header(samples int) definition.Value {
	var v tree
	if p.explain != "" {
		v.text("description", p.explain)
	}
	if p.seen == samples {
		v.put("required", definition.NewBool(true))
	}
	v.put("schema", p.shape.schema())
	if p.shape.list {
		all := definition.NewArray()
		for _, text := range p.show {
			all.Kids = append(all.Kids, p.shape.value(text))
		}
		v.put("example", all)
	} else if example, ok := p.shape.example(); ok {
		v.put("example", example)
	}
	return v.object()
}
