package har

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// Definition makes an exchange of each entry that can be answered, in order.
// Of requests it leaves out credentials, whether or not they were stripped, and
// what belongs to the connection; answers are as they were recorded, so that
// an archive is stripped before where they may hold secrets. Entries that can't be
// answered are counted in the diagnostics, one for each reason, at the place of
// the first.
func (a *Archive) Definition() (*definition.Definition, []document.Diagnostic) {
	d := &definer{def: &definition.Definition{Title: a.title(), Format: a.Format()}}
	d.look(a.Entries)
	for i, e := range a.Entries {
		number := e.number
		if number == 0 {
			number = i + 1
		}
		d.entry(number, e)
	}
	if len(d.def.Exchanges) == 0 {
		d.warn(a.Pos, document.Warning, "no-exchanges", "the recording has no answer that can be served, so that every call gets 404", "record again with the network panel open, and save as HAR with content")
	}
	return d.def, append(d.diags, d.counted()...)
}

// Format is what the archive is, for people: "HAR 1.2".
func (a *Archive) Format() string {
	if a.Version == "" {
		return "HAR " + formatVersion
	}
	return "HAR " + short(a.Version)
}

// title is the name of the file, else that of what made the recording.
func (a *Archive) title() string {
	name := a.Pos.File[strings.LastIndexAny(a.Pos.File, `/\`)+1:]
	if ext := strings.ToLower(name); strings.HasSuffix(ext, ".har") {
		name = name[:len(name)-4]
	}
	switch {
	case name != "" && name != "-":
		return name
	case a.Creator != nil && a.Creator.Name != "":
		return "Recording of " + a.Creator.Name
	}
	return "Recording"
}

// leftOut is a reason for which entries are left out or incomplete.
type leftOut uint8

const (
	aborted leftOut = iota
	unanswered
	requestless
	informational
	badStatus
	connects
	foreign
	preflight
	unmodified
	bodiless
	reasons
)

// reasonTexts say each reason of one entry, of several, and what to do.
var reasonTexts = [reasons]struct {
	severity        document.Severity
	code, one, many string
	hint            string
}{
	aborted:       {document.Info, "entry-aborted", "entry was aborted or blocked, it is left out", "entries were aborted or blocked, they are left out", ""},
	unanswered:    {document.Warning, "entry-response", "entry has no response, it is left out", "entries have no response, they are left out", "a mock answers what was answered only"},
	requestless:   {document.Warning, "entry-request", "entry has no request with method and URL, it is left out", "entries have no request with method and URL, they are left out", ""},
	informational: {document.Info, "entry-upgraded", "entry was answered with a status below 200, as that of a WebSocket, and is left out", "entries were answered with a status below 200, as that of a WebSocket, and are left out", "only final answers can be served"},
	badStatus:     {document.Warning, "entry-status", "entry has a status beyond 599, it is left out", "entries have a status beyond 599, they are left out", "give it a status from 200 to 599"},
	connects:      {document.Info, "entry-connect", "entry opened a tunnel with CONNECT, it is left out", "entries opened a tunnel with CONNECT, they are left out", ""},
	foreign:       {document.Info, "entry-scheme", "entry is not of HTTP, as data: and blob:, and is left out", "entries are not of HTTP, as data: and blob:, and are left out", ""},
	preflight:     {document.Info, "entry-preflight", "CORS preflight is left out", "CORS preflights are left out", "a mock answers preflights by itself"},
	unmodified:    {document.Info, "entry-unmodified", "answer 304 is left out, the same URL has an answer 200", "answers 304 are left out, the same URLs have answers 200", ""},
	bodiless:      {document.Warning, "entry-body", "answer was saved without its body, it is served empty", "answers were saved without their body, they are served empty", "save as HAR with content, or switch off the clearing of the log when the page changes"},
}

// definer makes a definition of an archive.
type definer struct {
	def   *definition.Definition
	diags []document.Diagnostic
	count [reasons]int
	first [reasons]definition.Position

	statuses map[string]int  // by method and path, -1 for several
	full     map[string]bool // method and URL of what was answered with 200
}

// look notes what is needed before the entries are gone through.
func (d *definer) look(entries []*Entry) {
	d.statuses, d.full = map[string]int{}, map[string]bool{}
	for _, e := range entries {
		if e.Request == nil || e.Response == nil {
			continue
		}
		if e.Response.Status == http.StatusOK {
			d.full[e.Request.Method+" "+e.Request.URL] = true
		}
	}
	for _, e := range entries {
		if e.Request == nil || e.Response == nil {
			continue
		}
		t, ok := e.Request.target()
		if _, out := d.unfit(e, t); out || !ok {
			continue
		}
		name := callName(e.Request, t)
		if first, again := d.statuses[name]; !again {
			d.statuses[name] = e.Response.Status
		} else if first != e.Response.Status {
			d.statuses[name] = -1
		}
	}
}

func (d *definer) warn(at definition.Position, sev document.Severity, code, message, hint string) {
	if len(d.diags) < maxListed {
		d.diags = append(d.diags, document.Diagnostic{Severity: sev, Code: code, File: at.File, Line: at.Line, Col: at.Col, Message: message, Hint: hint})
	}
}

func (d *definer) leave(why leftOut, e *Entry) {
	if d.count[why]++; d.count[why] == 1 {
		d.first[why] = e.Pos
	}
}

func (d *definer) counted() []document.Diagnostic {
	var out []document.Diagnostic
	for why, n := range d.count {
		if n == 0 {
			continue
		}
		t, at := &reasonTexts[why], d.first[why]
		message := "1 " + t.one
		if n > 1 {
			message = strconv.Itoa(n) + " " + t.many + "; this is the first"
		}
		out = append(out, document.Diagnostic{Severity: t.severity, Code: t.code, File: at.File, Line: at.Line, Col: at.Col, Message: message, Hint: t.hint})
	}
	return out
}

func (d *definer) entry(number int, e *Entry) {
	req, res := e.Request, e.Response
	if req == nil || req.Method == "" || req.URL == "" {
		d.leave(requestless, e)
		return
	}
	t, ok := req.target()
	if !ok {
		at := req.pos
		if at.File == "" {
			at = e.Pos
		}
		d.warn(at, document.Warning, "entry-url", fmt.Sprintf("entry %d: the URL can't be read: %q; the entry is left out", number, short(req.URL)), "write it as https://host/path")
		return
	}
	if why, out := d.unfit(e, t); out {
		d.leave(why, e)
		return
	}
	if res.Content.missing(req.Method, res.Status) {
		d.leave(bodiless, e)
	}
	x := &definition.Exchange{Place: "entry " + strconv.Itoa(number), Scope: -1, Pos: e.Pos}
	x.Request = definition.SavedRequest{
		Method: strings.ToUpper(req.Method), Base: t.base, Path: t.path,
		Query: req.queryPairs(t), Header: req.kept(), Body: req.Post.saved(),
	}
	x.Response = res.saved()
	if x.Name = callName(req, t); d.statuses[x.Name] < 0 {
		x.Name += " " + strconv.Itoa(res.Status)
	}
	d.def.Exchanges = append(d.def.Exchanges, x)
}

// callName is method and path.
func callName(r *Request, t target) string { return strings.ToUpper(r.Method) + " " + t.path }

// unfit gives the reason why an entry can't be answered.
func (d *definer) unfit(e *Entry, t target) (leftOut, bool) {
	req, res := e.Request, e.Response
	switch {
	case !t.web():
		return foreign, true
	case strings.EqualFold(req.Method, http.MethodConnect):
		return connects, true
	case res == nil:
		return unanswered, true
	case res.Status <= 0:
		return aborted, true
	case res.Status < 200:
		return informational, true
	case res.Status > 599:
		return badStatus, true
	case req.preflight():
		return preflight, true
	case res.Status == http.StatusNotModified && d.full[req.Method+" "+req.URL]:
		return unmodified, true
	}
	return 0, false
}

// preflight finds what a browser asks before a request (Fetch, 4.8).
func (r *Request) preflight() bool {
	if !strings.EqualFold(r.Method, http.MethodOptions) {
		return false
	}
	for _, h := range r.Header {
		if strings.EqualFold(h.Name, "Access-Control-Request-Method") {
			return true
		}
	}
	return false
}

// missing reports whether an answer had a body that was not saved.
func (c *Content) missing(method string, status int) bool {
	return c != nil && c.Text == "" && c.Size > 0 && method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}

// kept gives the header fields of a request without those of the connection
// and credentials.
func (r *Request) kept() []definition.Pair {
	var out []definition.Pair
	for _, h := range r.Header {
		if h.Name == "" || ofConnection(strings.ToLower(h.Name)) || Credential(h.Name) || secretValue(h.Value) {
			continue
		}
		if strings.EqualFold(h.Name, "Referer") {
			h.Value = stripURL(h.Value)
		}
		out = append(out, definition.Pair{Name: h.Name, Value: h.Value})
	}
	return out
}

// ofConnection reports whether a header field, in lower case, belongs to the
// connection or to the form in which a message was sent over it (RFC 9110,
// 7.6.1; RFC 9113, 8.3).
func ofConnection(lower string) bool {
	switch lower {
	case "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
		"host", "expect", "content-length", "accept-encoding", "content-encoding", "proxy-authenticate", "proxy-authorization":
		return true
	}
	return strings.HasPrefix(lower, ":")
}

// ofServer reports whether a header field of an answer speaks for the server
// that was recorded rather than for the answer. "status" is how an older Chrome
// writes ":status".
func ofServer(lower string) bool {
	switch lower {
	case "date", "alt-svc", "strict-transport-security", "status", "version", "public-key-pins", "expect-ct":
		return true
	}
	return false
}

// saved gives the response as it is served.
func (r *Response) saved() definition.SavedResponse {
	body, _ := r.Content.Bytes()
	out := definition.SavedResponse{Status: r.Status, Reason: r.Reason, Body: string(body), Literal: true}
	decoded := !r.Content.encoded() && !ascii(out.Body)
	for _, h := range r.Header {
		lower := strings.ToLower(h.Name)
		if h.Name == "" || ofConnection(lower) || ofServer(lower) {
			continue
		}
		if lower == "content-type" && decoded {
			h.Value = inUTF8(h.Value)
		}
		// Chrome writes fields of one name as one, with line feeds.
		for line := range strings.SplitSeq(h.Value, "\n") {
			if line = strings.TrimRight(line, "\r"); line != "" || !strings.Contains(h.Value, "\n") {
				out.Header = append(out.Header, definition.Pair{Name: h.Name, Value: line})
			}
		}
	}
	if r.Content != nil && strings.Contains(r.Content.MimeType, "/") { // Chrome says "x-unknown"
		out.Media = r.Content.MimeType
		if decoded {
			out.Media = inUTF8(out.Media)
		}
	}
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// saved gives the body of a request, nil for none, without the credentials of
// its fields.
func (p *PostData) saved() *definition.SavedBody {
	if p == nil {
		return nil
	}
	own := PostData{MimeType: p.MimeType, Text: p.Text, Params: append([]Param(nil), p.Params...), Extra: p.Extra}
	own.strip()
	b := &definition.SavedBody{Media: own.MimeType}
	media := plainMedia(own.MimeType)
	text := string(own.Bytes())
	switch {
	case strings.Contains(media, "x-www-form-urlencoded") && text != "":
		b.Mode, b.Fields = definition.BodyURLEncoded, formFields(text)
	case media == "multipart/form-data" && text != "":
		b.Mode, b.Fields = definition.BodyForm, multipartFields(text, boundaryOf(own.MimeType))
	}
	if len(b.Fields) > 0 {
		return b
	}
	if text != "" {
		b.Mode, b.Text = definition.BodyRaw, text
		return b
	}
	if len(own.Params) == 0 {
		return nil
	}
	if b.Mode = definition.BodyURLEncoded; strings.HasPrefix(media, "multipart/") {
		b.Mode = definition.BodyForm
	}
	for _, f := range own.Params {
		part := definition.SavedPart{Name: f.Name, Value: f.Value}
		if f.FileName != "" {
			part.Value, part.File = f.FileName, true
		}
		b.Fields = append(b.Fields, part)
	}
	return b
}

func formFields(text string) []definition.SavedPart {
	var out []definition.SavedPart
	for p := range strings.SplitSeq(text, "&") {
		if p != "" {
			name, value, _ := strings.Cut(p, "=")
			out = append(out, definition.SavedPart{Name: unescape(name), Value: unescape(value)})
		}
	}
	return out
}

// maxParts bounds the parts of a form.
const maxParts = 10_000

func multipartFields(text, boundary string) []definition.SavedPart {
	if boundary == "" {
		return nil
	}
	var out []definition.SavedPart
	r := multipart.NewReader(strings.NewReader(text), boundary)
	for len(out) < maxParts {
		part, err := r.NextPart()
		if err != nil {
			return out
		}
		f := definition.SavedPart{Name: part.FormName(), Value: part.FileName(), File: part.FileName() != ""}
		if !f.File {
			var b strings.Builder
			if _, err := io.Copy(&b, part); err != nil {
				return out
			}
			f.Value = b.String()
		}
		out = append(out, f)
	}
	return out
}
