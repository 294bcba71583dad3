package har

import (
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// redacted stands in the place of a credential that shapes what it is in.
const redacted = "redacted"

// Strip takes credentials out of the archive. What is one [Credential] tells;
// a JSON Web Token is one under any name. Header fields are removed, a
// Set-Cookie keeps the name and the attributes of its cookie. The value becomes
// the text "redacted" in queries, also those of Location, Referer and of URLs
// in further members, in user names of URLs, in fields of forms, in strings
// of JSON bodies, requests' and answers', and in the lists of cookies set. The
// list of cookies that were sent becomes empty, the messages of WebSockets are
// removed. All else stays byte by byte; what a body of another kind says, is
// not looked for.
func (a *Archive) Strip() {
	for _, p := range a.Pages {
		p.Title = stripURL(p.Title)
		stripExtra(p.Extra)
	}
	for _, e := range a.Entries {
		e.strip()
	}
}

func (e *Entry) strip() {
	kept := e.Extra[:0]
	for i := range e.Extra {
		if e.Extra[i].Key != "_webSocketMessages" {
			kept = append(kept, e.Extra[i])
		}
	}
	e.Extra = kept
	stripExtra(e.Extra)
	if e.Request != nil {
		e.Request.strip()
	}
	if e.Response != nil {
		e.Response.strip()
	}
}

func (r *Request) strip() {
	r.URL = stripURL(r.URL)
	r.Header = stripHeader(r.Header)
	for i := range r.Query {
		if q := &r.Query[i]; q.Value != "" && secretParameter(q.Name, q.Value) {
			q.Value = redacted
		}
	}
	if len(r.Cookies) > 0 {
		r.Cookies = []*Cookie{}
	}
	if r.Post != nil {
		r.Post.strip()
	}
	stripExtra(r.Extra)
}

func (p *PostData) strip() {
	for i := range p.Params {
		if f := &p.Params[i]; f.Value != "" && (Credential(f.Name) || secretValue(f.Value)) {
			f.Value = redacted
		}
	}
	if p.encoding() != "" {
		return
	}
	switch media := plainMedia(p.MimeType); {
	case strings.Contains(media, "x-www-form-urlencoded"):
		p.Text = stripQuery(p.Text)
	case media == "multipart/form-data":
		p.Text = stripMultipart(p.Text, p.MimeType)
	default:
		p.Text, _ = stripJSON(p.Text)
	}
}

func (r *Response) strip() {
	r.Header = stripHeader(r.Header)
	r.RedirectURL = stripURL(r.RedirectURL)
	for _, c := range r.Cookies {
		if c.Value != "" {
			c.Value = redacted
		}
	}
	if c := r.Content; c != nil && (jsonMedia(c.MimeType) || c.MimeType == "" || strings.HasPrefix(c.MimeType, "text/plain")) {
		if body, err := c.Bytes(); err == nil {
			if text, changed := stripJSON(string(body)); changed {
				c.set([]byte(text))
			}
		}
	}
	stripExtra(r.Extra)
}

func stripHeader(list []Pair) []Pair {
	if list == nil {
		return nil
	}
	kept := make([]Pair, 0, len(list))
	for _, h := range list {
		switch lower := strings.ToLower(h.Name); {
		case lower == "set-cookie":
			h.Value = stripSetCookie(h.Value)
		case lower == "location", lower == "content-location", lower == "referer", lower == "origin", lower == ":path":
			h.Value = stripURL(h.Value)
		case Credential(h.Name) || secretValue(h.Value):
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

// stripSetCookie blanks the values of cookies; a recording has several in one
// field with a line feed between them.
func stripSetCookie(value string) string {
	lines := strings.Split(value, "\n")
	for i, line := range lines {
		pair, attributes, more := strings.Cut(line, ";")
		name, value, ok := strings.Cut(pair, "=")
		if !ok || strings.TrimSpace(value) == "" {
			continue
		}
		lines[i] = name + "=" + redacted
		if more {
			lines[i] += ";" + attributes
		}
	}
	return strings.Join(lines, "\n")
}

// stripURL blanks the credentials of a URL's query, of a fragment that is
// written as one, and of its authority.
func stripURL(s string) string {
	if i := strings.Index(s, "://"); i >= 0 && !strings.ContainsAny(s[:i], "?#/ ") {
		head, rest := s[:i+3], s[i+3:]
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
			rest = redacted + rest[at:]
		}
		s = head + rest
	}
	before, fragment, hasFragment := strings.Cut(s, "#")
	path, query, hasQuery := strings.Cut(before, "?")
	if hasQuery {
		path += "?" + stripQuery(query)
	}
	if hasFragment {
		path += "#" + stripQuery(fragment)
	}
	return path
}

// stripQuery blanks the credentials of a query or a form, and keeps the rest as
// it is written.
func stripQuery(s string) string {
	if !strings.Contains(s, "=") {
		return s
	}
	pairs := strings.Split(s, "&")
	for i, p := range pairs {
		name, value, ok := strings.Cut(p, "=")
		if ok && value != "" && secretParameter(unescape(name), unescape(value)) {
			pairs[i] = name + "=" + redacted
		}
	}
	return strings.Join(pairs, "&")
}

func unescape(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

// maxStripped bounds the JSON that is looked into.
var maxStripped = document.Limits{Nodes: 1 << 20}

// stripJSON blanks the strings of a JSON text that are credentials, and keeps
// the rest as it is written. What is no JSON stays.
func stripJSON(text string) (out string, changed bool) {
	start := strings.TrimLeft(text, " \t\r\n")
	if start == "" || start[0] != '{' && start[0] != '[' {
		return text, false
	}
	v, err := document.ParseJSON(text, 1, maxStripped)
	if err != nil {
		return text, false
	}
	var b strings.Builder
	done := 0
	var walk func(v *definition.Value, secret bool)
	walk = func(v *definition.Value, secret bool) {
		if v.Kind == definition.String && v.Text != "" && (secret || secretValue(v.Text)) {
			at := int(v.Pos)
			if at < done { // a name that is there twice: not in the order of the text
				return
			}
			b.WriteString(text[done:at])
			b.WriteString(`"` + redacted + `"`)
			done = at + document.QuotedLen(text[at:])
			return
		}
		for i := range v.Kids {
			kid := &v.Kids[i]
			if v.Kind == definition.Object {
				secret = Credential(kid.Key)
			}
			walk(kid, secret && kid.Kind != definition.Object)
		}
	}
	walk(&v, false)
	if done == 0 {
		return text, false
	}
	b.WriteString(text[done:])
	return b.String(), true
}

// stripMultipart blanks the credentials of a multipart form as it was sent.
func stripMultipart(text, media string) string {
	boundary := boundaryOf(media)
	if boundary == "" {
		return text
	}
	parts := strings.Split(text, "--"+boundary)
	for i, part := range parts {
		end := strings.Index(part, "\r\n\r\n")
		if end < 0 {
			continue
		}
		name, file := disposition(part[:end])
		value := strings.TrimSuffix(part[end+4:], "\r\n")
		if file == "" && value != "" && (Credential(name) || secretValue(value)) {
			parts[i] = part[:end+4] + redacted + "\r\n"
		}
	}
	return strings.Join(parts, "--"+boundary)
}

// stripExtra blanks credentials in members that the format doesn't know. The
// values are changed where they are.
func stripExtra(list []definition.Value) {
	for i := range list {
		stripValue(&list[i], Credential(list[i].Key))
	}
}

func stripValue(v *definition.Value, secret bool) {
	if v.Kind == definition.String && v.Text != "" {
		switch {
		case secret || secretValue(v.Text):
			v.Text = redacted
		case strings.Contains(v.Text, "://"):
			v.Text = stripURL(v.Text)
		}
		return
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if v.Kind == definition.Object {
			secret = Credential(kid.Key)
		}
		stripValue(kid, secret && kid.Kind != definition.Object)
	}
}
