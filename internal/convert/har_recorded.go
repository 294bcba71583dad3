package convert

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/postman"
)

// Recorded is one exchange of a recording, its bodies decoded.
type Recorded struct {
	Method   string
	URL      string
	Template string // of the URL's path, "/pets/{petId}"; "" where it is to be inferred
	Request  RecordedMessage
	Response RecordedMessage
	Status   int // 0 where nothing was answered
	Reason   string
}

// RecordedMessage is a request or a response of a recording.
type RecordedMessage struct {
	Header []definition.Pair
	Media  string // the media type, with its parameters
	Body   []byte
	Fields []RecordedField // of a form, where the recording keeps them apart
}

// RecordedField is a field of a recorded form.
type RecordedField struct {
	Name  string
	Value string // of a file its name
	Media string
	File  bool
}

// recorded is an exchange with its URL read.
type recorded struct {
	*Recorded
	url      *url.URL
	template []part
}

// recordings makes a collection of exchanges.
type recordings struct {
	collection *postman.Collection
	bases      map[string]string // origin → name of its variable
	names      uniqueNames
	items      map[string]*recordedItem
	several    bool // origins
	folders    map[string]*postman.Item
	stripped   int
	skipped    int // preflights
	foreign    int // exchanges that are not of HTTP
}

// recordedItem is a request with the names of its examples.
type recordedItem struct {
	item  *postman.Item
	names uniqueNames
}

// RecordingToPostman makes a collection of exchanges: a request for each method
// and path template, the exchanges as its examples. Where there are several
// hosts each has a folder. Credentials are left out: variables without a value
// stand in their place. Exchanges that are not of HTTP are left out.
func RecordingToPostman(name string, list []Recorded) (*postman.Collection, []document.Diagnostic) {
	w := &recordings{
		collection: &postman.Collection{Version: postman.V21, Name: name, Items: []*postman.Item{}},
		bases:      map[string]string{}, names: uniqueNames{}, items: map[string]*recordedItem{}, folders: map[string]*postman.Item{},
	}
	read := w.read(list)
	for i := range read {
		w.several = w.several || originOf(read[i].url) != originOf(read[0].url)
	}
	for i := range read {
		w.add(&read[i])
	}
	identify(w.collection.Items, name)
	return w.collection, w.diagnostics()
}

// read reads the URLs and leaves out what is no request to an API.
func (w *recordings) read(list []Recorded) []recorded {
	out := make([]recorded, 0, len(list))
	for i := range list {
		r := recorded{Recorded: &list[i]}
		if isPreflight(r.Recorded) {
			w.skipped++
			continue
		}
		u, err := url.Parse(absolute(r.URL))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			w.foreign++
			continue
		}
		r.url = u
		r.template = templateOf(&list[i], u)
		out = append(out, r)
	}
	return out
}

// templateOf gives the template of a path with the values of its variables.
func templateOf(r *Recorded, u *url.URL) []part {
	segments := pathSegments(u.EscapedPath())
	named := pathSegments(r.Template)
	sc := newEnvironment(nil)
	if r.Template == "" || len(named) != len(segments) {
		return sc.parts(segments, nil)
	}
	out := sc.parts(named, nil)
	for i := range out {
		switch {
		case out[i].param && out[i].named:
			out[i].value = segments[i].Value
		case out[i].param: // an id that the template has as it is
			out[i] = part{text: segments[i].Value}
		}
	}
	return out
}

func pathSegments(path string) []postman.Segment {
	var out []postman.Segment
	for s := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if s != "" {
			out = append(out, postman.Segment{Value: s})
		}
	}
	return out
}

func (w *recordings) diagnostics() []document.Diagnostic {
	var out []document.Diagnostic
	if w.stripped > 0 {
		out = append(out, document.Diagnostic{
			Severity: document.Info, Code: "credentials-stripped",
			Message: fmt.Sprintf("%d credentials of the recording were left out", w.stripped), Hint: "set the collection's variables to send requests",
		})
	}
	if w.skipped > 0 {
		out = append(out, document.Diagnostic{
			Severity: document.Info, Code: "preflights-skipped",
			Message: fmt.Sprintf("%d CORS preflights of the recording were left out", w.skipped), Hint: "a mock answers preflights by itself",
		})
	}
	if w.foreign > 0 {
		out = append(out, document.Diagnostic{
			Severity: document.Info, Code: "exchanges-skipped",
			Message: fmt.Sprintf("%d exchanges of the recording have no http URL and were left out", w.foreign), Hint: "only HTTP can be mocked",
		})
	}
	return out
}

// absolute completes the URL of a recorder that leaves the host out.
func absolute(raw string) string {
	if strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//") {
		return "http://localhost" + raw
	}
	return raw
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// isPreflight finds what a browser asks before a request (Fetch, 4.8).
func isPreflight(r *Recorded) bool {
	if r.Method != http.MethodOptions {
		return false
	}
	for _, h := range r.Request.Header {
		if strings.EqualFold(h.Name, "Access-Control-Request-Method") {
			return true
		}
	}
	return false
}

func (w *recordings) add(r *recorded) {
	it := w.item(r)
	req := w.request(r)
	if it.item.Request == nil {
		own := *req
		it.item.Request = &own
	}
	if r.Status == 0 {
		return
	}
	e := &postman.Example{Code: r.Status, Status: r.Reason, OriginalRequest: req}
	if e.Status == "" {
		e.Status = http.StatusText(r.Status)
	}
	e.Name = it.names.take(strings.TrimSpace(strconv.Itoa(r.Status) + " " + e.Status))
	w.answer(e, r)
	it.item.Examples = append(it.item.Examples, e)
}

// item finds or makes the request of an exchange.
func (w *recordings) item(r *recorded) *recordedItem {
	origin := originOf(r.url)
	key := r.Method + " " + origin + structure(r.template)
	if it := w.items[key]; it != nil {
		return it
	}
	it := &recordedItem{item: &postman.Item{Name: r.Method + " " + colonPath(r.template)}, names: uniqueNames{}}
	w.items[key] = it
	if !w.several {
		w.collection.Items = append(w.collection.Items, it.item)
		return it
	}
	f := w.folders[origin]
	if f == nil {
		f = &postman.Item{Folder: true, Name: r.url.Host, Items: []*postman.Item{}}
		w.folders[origin] = f
		w.collection.Items = append(w.collection.Items, f)
	}
	f.Items = append(f.Items, it.item)
	return it
}

func colonPath(parts []part) string {
	var b strings.Builder
	for i := range parts {
		b.WriteByte('/')
		if parts[i].param {
			b.WriteString(":" + parts[i].name)
		} else {
			b.WriteString(parts[i].text)
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// base names the variable of an origin.
func (w *recordings) base(origin string) string {
	if name, ok := w.bases[origin]; ok {
		return name
	}
	name := w.names.take("baseUrl")
	w.bases[origin] = name
	w.collection.Variables = append(w.collection.Variables, postman.NewVariable(name, origin, "string"))
	return name
}

// secret leaves a credential to a variable.
func (w *recordings) secret(name string) string {
	w.stripped++
	if !w.names.has(name) {
		w.names.take(name)
		w.collection.Variables = append(w.collection.Variables, postman.NewVariable(name, "", "secret"))
	}
	return "{{" + name + "}}"
}

// request writes a request without its credentials.
func (w *recordings) request(r *recorded) *postman.Request {
	base := "{{" + w.base(originOf(r.url)) + "}}"
	u := &postman.URL{Host: []string{base}, Path: []postman.Segment{}}
	raw := base
	for i := range r.template {
		p := &r.template[i]
		text := p.text
		if p.param {
			text = ":" + p.name
			u.Params = append(u.Params, postman.NewVariable(p.name, decodePath(p.value), ""))
		}
		raw += "/" + text
		u.Path = append(u.Path, postman.Segment{Value: text})
	}
	if strings.HasSuffix(r.url.Path, "/") || len(r.template) == 0 {
		u.Path = append(u.Path, postman.Segment{})
		raw += "/"
	}
	req := &postman.Request{Method: r.Method, URL: u}
	raw += w.query(req, r.url.RawQuery)
	u.Raw = raw
	w.header(req, r.Request.Header)
	w.body(req, &r.Request)
	if r.url.User != nil && req.Auth == nil {
		req.Auth = w.basic()
	}
	return req
}

func (w *recordings) query(req *postman.Request, query string) string {
	if query == "" {
		return ""
	}
	sep := byte('?')
	var raw strings.Builder
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name == "" {
			continue
		}
		if har.Credential(decodeQuery(name)) && value != "" {
			value = w.secret(variableName(decodeQuery(name)))
		}
		req.URL.Query = append(req.URL.Query, &postman.Field{Key: name, Value: value})
		raw.WriteByte(sep)
		raw.WriteString(name + "=" + value)
		sep = '&'
	}
	return raw.String()
}

// header writes the headers that a client program chose. An Authorization
// becomes the request's auth, a cookie jar is not part of a request.
func (w *recordings) header(req *postman.Request, list []definition.Pair) {
	for _, h := range list {
		lower := strings.ToLower(h.Name)
		switch {
		case lower == "authorization":
			req.Auth = w.authorization(h.Value)
		case lower == "cookie", lower == "proxy-authorization":
			w.stripped++
		case lower == "accept", lower == "content-type":
			req.Header = append(req.Header, &postman.Field{Key: h.Name, Value: h.Value})
		case carriesRequest(lower):
		case har.Credential(lower):
			if req.Auth == nil && strings.Contains(lower, "key") {
				req.Auth = authWith("apikey", "key", h.Name, "value", w.secret(variableName(lower)), "in", "header")
				continue
			}
			req.Header = append(req.Header, &postman.Field{Key: h.Name, Value: w.secret(variableName(lower))})
		default:
			req.Header = append(req.Header, &postman.Field{Key: h.Name, Value: h.Value})
		}
	}
}

func (w *recordings) basic() *postman.Auth {
	return authWith("basic", "username", w.secret("username"), "password", w.secret("password"))
}

func (w *recordings) authorization(value string) *postman.Auth {
	scheme, _, _ := strings.Cut(strings.TrimSpace(value), " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		return authWith("bearer", "token", w.secret("token"))
	case "basic":
		return w.basic()
	case "digest":
		return authWith("digest", "username", w.secret("username"), "password", w.secret("password"))
	}
	return authWith("apikey", "key", "Authorization", "value", w.secret("authorization"), "in", "header")
}

// variableName makes the name of a variable of a header's or parameter's name:
// "apiKey" of "X-Api-Key".
func variableName(name string) string {
	words := strings.TrimPrefix(strings.ToLower(name), "x-")
	if v := camel(strings.ReplaceAll(words, "_", " ")); v != "" {
		return v
	}
	return "secret"
}

// body writes the body of a request.
func (w *recordings) body(req *postman.Request, m *RecordedMessage) {
	media := plainMedia(m.Media)
	fields := m.Fields
	if len(fields) == 0 && media == mediaForm {
		for _, f := range formText(string(m.Body)) {
			fields = append(fields, RecordedField{Name: f.name, Value: f.value})
		}
	}
	switch {
	case len(fields) > 0:
		list := make([]*postman.Field, 0, len(fields))
		for _, f := range fields {
			x := &postman.Field{Key: f.Name, Value: f.Value, ContentType: f.Media, Type: "text"}
			if f.File {
				src := definition.NewString(f.Value)
				x.Type, x.Value, x.Src = "file", "", &src
			} else if har.Credential(f.Name) && f.Value != "" {
				x.Value = w.secret(variableName(f.Name))
			}
			list = append(list, x)
		}
		if strings.HasPrefix(media, "multipart/") {
			req.Body = &postman.Body{Mode: "formdata", Form: list}
			req.Header = withoutHeader(req.Header, "Content-Type") // its boundary was that of one message
		} else {
			req.Body = &postman.Body{Mode: "urlencoded", URLEncoded: list}
		}
	case len(m.Body) == 0:
	case utf8.Valid(m.Body):
		req.Body = &postman.Body{Mode: "raw", Raw: w.text(media, string(m.Body))}
		if isJSON(media) {
			options, _ := document.ParseJSON(`{"raw":{"language":"json"}}`, 0, document.Limits{})
			req.Body.Options = &options
		}
	default:
		file := definition.NewObject()
		req.Body = &postman.Body{Mode: "file", File: &file}
	}
}

func withoutHeader(list []*postman.Field, name string) []*postman.Field {
	out := list[:0]
	for _, f := range list {
		if !strings.EqualFold(f.Key, name) {
			out = append(out, f)
		}
	}
	return out
}

// answer writes the response of an exchange.
func (w *recordings) answer(e *postman.Example, r *recorded) {
	media := plainMedia(r.Response.Media)
	typed := false
	for _, h := range r.Response.Header {
		lower := strings.ToLower(h.Name)
		switch {
		case lower == "content-type":
			typed = true
			e.Header = append(e.Header, &postman.Field{Key: h.Name, Value: h.Value})
		case lower == "set-cookie", har.Credential(lower):
			w.stripped++
		case carriesResponse(lower):
		default:
			e.Header = append(e.Header, &postman.Field{Key: h.Name, Value: h.Value})
		}
	}
	if !typed && media != "" && len(r.Response.Body) > 0 {
		e.Header = append(e.Header, &postman.Field{Key: "Content-Type", Value: r.Response.Media})
	}
	switch body := r.Response.Body; {
	case len(body) == 0:
	case utf8.Valid(body):
		text := w.text(media, string(body))
		e.Body = &text
	default:
		stream := definition.NewString(base64.StdEncoding.EncodeToString(body))
		e.Stream = &stream
	}
	switch {
	case isJSON(media):
		e.PreviewLanguage = "json"
	case strings.Contains(media, "xml"):
		e.PreviewLanguage = "xml"
	case strings.HasPrefix(media, "text/html"):
		e.PreviewLanguage = "html"
	}
}

// text leaves the credentials out of a body of JSON.
func (w *recordings) text(media, text string) string {
	if !isJSON(media) {
		return text
	}
	v, err := document.ParseJSON(text, 0, document.Limits{})
	if err != nil {
		return text
	}
	before := w.stripped
	w.strip(&v)
	if w.stripped == before {
		return text
	}
	return string(v.AppendJSON(nil))
}

func (w *recordings) strip(v *definition.Value) {
	for i := range v.Kids {
		kid := &v.Kids[i]
		if kid.Kind == definition.String && kid.Text != "" && v.Kind == definition.Object && har.Credential(kid.Key) {
			kid.Text = "***"
			w.stripped++
			continue
		}
		w.strip(kid)
	}
}
