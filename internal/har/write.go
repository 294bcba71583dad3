package har

import (
	"io"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
)

// formatVersion is what an archive says that says nothing else.
const formatVersion = "1.2"

// JSON gives the archive as a document of HAR 1.2: known members in the order
// of the specification, then the others.
func (a *Archive) JSON() definition.Value {
	o := object{extra: a.Extra}
	o.text("version", a.Version)
	o.value("creator", toolJSON(a.Creator))
	o.value("browser", toolJSON(a.Browser))
	o.value("pages", listJSON(a.Pages, pageJSON))
	o.value("entries", listJSON(a.Entries, entryJSON))
	o.text("comment", a.Comment)
	outer := object{extra: a.Outer}
	log := o.build()
	outer.value("log", &log)
	return outer.build()
}

// AppendJSON appends the archive as a file, indented by two spaces, to dst.
// The same archive gives the same bytes.
func (a *Archive) AppendJSON(dst []byte) []byte {
	v := a.JSON()
	return append(v.AppendIndentedJSON(dst, "", "  "), '\n')
}

// Write writes what AppendJSON appends.
func (a *Archive) Write(w io.Writer) error {
	_, err := w.Write(a.AppendJSON(nil))
	return err
}

// Complete adds what HAR 1.2 asks for and the archive doesn't have: it is for
// archives that were made rather than read. Sizes that are not known are -1.
func (a *Archive) Complete() {
	if a.Version == "" {
		a.Version = formatVersion
	}
	if a.Creator == nil {
		a.Creator = &Tool{Name: "Mimus"}
	}
	if a.Entries == nil {
		a.Entries = []*Entry{}
	}
	for _, tool := range []*Tool{a.Creator, a.Browser} {
		if tool != nil {
			tool.Extra = asked(tool.Extra, empty("name", tool.Name), empty("version", tool.Version))
		}
	}
	for _, e := range a.Entries {
		e.complete()
	}
}

func (e *Entry) complete() {
	if e.Request == nil {
		e.Request = &Request{}
	}
	if e.Response == nil {
		e.Response = &Response{}
	}
	if e.Timings == nil {
		e.Timings = &Timings{}
	}
	t := e.Timings
	t.Extra = asked(t.Extra, zero("send", t.Send), zero("wait", t.Wait), zero("receive", t.Receive))
	e.Extra = asked(e.Extra, empty("startedDateTime", e.Started), zero("time", e.Time), definition.NewObject().With("cache"))
	e.Request.complete()
	e.Response.complete()
}

func (r *Request) complete() {
	r.Cookies, r.Header, r.Query = orEmpty(r.Cookies), orEmpty(r.Header), orEmpty(r.Query)
	completePairs(r.Header)
	completePairs(r.Query)
	completeCookies(r.Cookies)
	r.Extra = asked(r.Extra, empty("method", r.Method), empty("url", r.URL), empty("httpVersion", r.HTTPVersion),
		unknown("headersSize", r.HeadersSize), unknown("bodySize", r.BodySize))
	if r.Post != nil {
		r.Post.Extra = asked(r.Post.Extra, empty("mimeType", r.Post.MimeType))
		if r.Post.Params == nil {
			r.Post.Extra = asked(r.Post.Extra, empty("text", r.Post.Text))
		}
	}
}

func (r *Response) complete() {
	r.Cookies, r.Header = orEmpty(r.Cookies), orEmpty(r.Header)
	completePairs(r.Header)
	completeCookies(r.Cookies)
	if r.Content == nil {
		r.Content = &Content{}
	}
	c := r.Content
	c.Extra = asked(c.Extra, zero("size", float64(c.Size)), empty("mimeType", c.MimeType))
	r.Extra = asked(r.Extra, zero("status", float64(r.Status)), empty("statusText", r.Reason), empty("httpVersion", r.HTTPVersion),
		empty("redirectURL", r.RedirectURL), unknown("headersSize", r.HeadersSize), unknown("bodySize", r.BodySize))
}

func completePairs(list []Pair) {
	for i := range list {
		list[i].Extra = asked(list[i].Extra, empty("name", list[i].Name), empty("value", list[i].Value))
	}
}

func completeCookies(list []*Cookie) {
	for _, c := range list {
		c.Extra = asked(c.Extra, empty("name", c.Name), empty("value", c.Value))
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// asked adds the members that are not there; invalid ones are not missing.
func asked(extra []definition.Value, wanted ...definition.Value) []definition.Value {
	for _, w := range wanted {
		if w.Kind != definition.Invalid && memberOf(extra, w.Key) == nil {
			extra = append(extra, w)
		}
	}
	return extra
}

func empty(key, typed string) definition.Value {
	if typed != "" {
		return definition.Value{}
	}
	return definition.NewString("").With(key)
}

func zero(key string, typed float64) definition.Value {
	if typed != 0 {
		return definition.Value{}
	}
	return definition.NewInt(0).With(key)
}

func unknown(key string, typed int) definition.Value {
	if typed != 0 {
		return definition.Value{}
	}
	return definition.NewInt(-1).With(key)
}

func memberOf(extra []definition.Value, key string) *definition.Value {
	for i := range extra {
		if extra[i].Key == key {
			return &extra[i]
		}
	}
	return nil
}

func toolJSON(t *Tool) *definition.Value {
	if t == nil {
		return nil
	}
	o := object{extra: t.Extra}
	o.text("name", t.Name)
	o.text("version", t.Version)
	return o.pointer()
}

func pageJSON(p *Page) definition.Value {
	o := object{extra: p.Extra}
	o.text("startedDateTime", p.Started)
	o.text("id", p.ID)
	o.text("title", p.Title)
	o.known("pageTimings")
	return o.build()
}

func entryJSON(e *Entry) definition.Value {
	o := object{extra: e.Extra}
	o.text("pageref", e.Page)
	o.text("startedDateTime", e.Started)
	o.number("time", e.Time)
	o.value("request", requestJSON(e.Request))
	o.value("response", responseJSON(e.Response))
	o.known("cache")
	o.value("timings", timingsJSON(e.Timings))
	o.text("serverIPAddress", e.ServerIP)
	o.text("connection", e.Connection)
	o.known("comment")
	return o.build()
}

func timingsJSON(t *Timings) *definition.Value {
	if t == nil {
		return nil
	}
	o := object{extra: t.Extra}
	o.number("blocked", t.Blocked)
	o.number("dns", t.DNS)
	o.number("connect", t.Connect)
	o.number("send", t.Send)
	o.number("wait", t.Wait)
	o.number("receive", t.Receive)
	o.number("ssl", t.SSL)
	return o.pointer()
}

func requestJSON(r *Request) *definition.Value {
	if r == nil {
		return nil
	}
	o := object{extra: r.Extra}
	o.text("method", r.Method)
	o.text("url", r.URL)
	o.text("httpVersion", r.HTTPVersion)
	o.value("cookies", listJSON(r.Cookies, cookieJSON))
	o.value("headers", listJSON(r.Header, pairJSON))
	o.value("queryString", listJSON(r.Query, pairJSON))
	o.value("postData", postJSON(r.Post))
	o.number("headersSize", float64(r.HeadersSize))
	o.number("bodySize", float64(r.BodySize))
	return o.pointer()
}

func postJSON(p *PostData) *definition.Value {
	if p == nil {
		return nil
	}
	o := object{extra: p.Extra}
	o.text("mimeType", p.MimeType)
	o.value("params", listJSON(p.Params, paramJSON))
	o.text("text", p.Text)
	return o.pointer()
}

func paramJSON(p Param) definition.Value {
	o := object{extra: p.Extra}
	o.text("name", p.Name)
	o.text("value", p.Value)
	o.text("fileName", p.FileName)
	o.text("contentType", p.ContentType)
	return o.build()
}

func responseJSON(r *Response) *definition.Value {
	if r == nil {
		return nil
	}
	o := object{extra: r.Extra}
	o.number("status", float64(r.Status))
	o.text("statusText", r.Reason)
	o.text("httpVersion", r.HTTPVersion)
	o.value("cookies", listJSON(r.Cookies, cookieJSON))
	o.value("headers", listJSON(r.Header, pairJSON))
	o.value("content", contentJSON(r.Content))
	o.text("redirectURL", r.RedirectURL)
	o.number("headersSize", float64(r.HeadersSize))
	o.number("bodySize", float64(r.BodySize))
	return o.pointer()
}

func contentJSON(c *Content) *definition.Value {
	if c == nil {
		return nil
	}
	o := object{extra: c.Extra}
	o.number("size", float64(c.Size))
	o.known("compression")
	o.text("mimeType", c.MimeType)
	o.text("text", c.Text)
	o.text("encoding", c.Encoding)
	return o.pointer()
}

func pairJSON(p Pair) definition.Value {
	o := object{extra: p.Extra}
	o.text("name", p.Name)
	o.text("value", p.Value)
	return o.build()
}

func cookieJSON(c *Cookie) definition.Value {
	o := object{extra: c.Extra}
	o.text("name", c.Name)
	o.text("value", c.Value)
	o.text("path", c.Path)
	o.text("domain", c.Domain)
	o.text("expires", c.Expires)
	o.yes("httpOnly", c.HTTPOnly)
	o.yes("secure", c.Secure)
	return o.build()
}

func listJSON[T any](list []T, write func(T) definition.Value) *definition.Value {
	if list == nil {
		return nil
	}
	v := definition.NewArray()
	v.Kids = make([]definition.Value, 0, len(list))
	for _, e := range list {
		v.Kids = append(v.Kids, write(e))
	}
	return &v
}

// object builds a JSON object from typed members and extra ones. A typed
// member of zero value is written as the extra one of its name, if any.
type object struct {
	kids  []definition.Value
	extra []definition.Value
}

// build gives the object: what was put, then the extra members of other names.
func (o *object) build() definition.Value {
	put := len(o.kids)
	for i := range o.extra {
		if memberOf(o.kids[:put], o.extra[i].Key) == nil {
			o.kids = append(o.kids, o.extra[i])
		}
	}
	return definition.NewObject(o.kids...)
}

func (o *object) pointer() *definition.Value {
	v := o.build()
	return &v
}

// known puts the extra member of a name.
func (o *object) known(key string) {
	if v := memberOf(o.extra, key); v != nil {
		o.kids = append(o.kids, *v)
	}
}

func (o *object) value(key string, v *definition.Value) {
	if v == nil {
		o.known(key)
		return
	}
	o.kids = append(o.kids, v.With(key))
}

// text puts a text, as the extra member of the name where that says the same
// in another type.
func (o *object) text(key, s string) {
	if x := memberOf(o.extra, key); s == "" || x != nil && x.Text == s {
		o.known(key)
		return
	}
	o.kids = append(o.kids, definition.NewString(s).With(key))
}

// number does so for a number.
func (o *object) number(key string, f float64) {
	if x := memberOf(o.extra, key); f == 0 || x != nil && sameNumber(x, f) {
		o.known(key)
		return
	}
	o.kids = append(o.kids, definition.NewFloat(f).With(key))
}

// sameNumber reports whether a member was read as the number.
func sameNumber(v *definition.Value, f float64) bool {
	if v.Kind != definition.Number && v.Kind != definition.String {
		return false
	}
	read, err := strconv.ParseFloat(v.Text, 64)
	return err == nil && read == f
}

func (o *object) yes(key string, b bool) {
	if !b {
		o.known(key)
		return
	}
	o.kids = append(o.kids, definition.NewBool(true).With(key))
}
