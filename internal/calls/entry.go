package calls

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/store"
)

// Entry is a call as it is kept and shown: what is secret is left out.
type Entry struct {
	ID     string    `json:"-"`
	At     time.Time `json:"-"`
	Mock   string    `json:"-"`
	Method string    `json:"-"`
	Path   string    `json:"-"` // without the query
	Status int       `json:"-"`
	Type   string    `json:"-"`

	Query     string  `json:"query,omitempty"`
	Name      string  `json:"name,omitempty"`
	Client    string  `json:"client,omitempty"`
	Took      int64   `json:"took"` // microseconds
	Responder string  `json:"responder,omitempty"`
	Operation string  `json:"operation,omitempty"`
	Trace     []Step  `json:"trace,omitempty"`
	Request   Message `json:"request"`
	Response  Message `json:"response"`
}

// Step is what one responder did.
type Step struct {
	Responder string `json:"responder"`
	Why       string `json:"why"`
}

// Message is one side of an exchange.
type Message struct {
	Headers []Header `json:"headers"`
	Body    string   `json:"body,omitempty"`
	Size    int64    `json:"size"` // of the body, before it was cut
}

// Header is a header field.
type Header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// redacted stands for what is secret.
const redacted = "redacted"

func secretName(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-mimus-key":
		return true
	}
	return false
}

func hidden(name, value string) string {
	if secretName(name) || strings.Contains(value, "mimus_") && keyInside(value) {
		return redacted
	}
	return value
}

// keyInside reports whether a value is or has a key of ours.
func keyInside(value string) bool {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '=' || r == '"' }) {
		if strings.HasPrefix(word, "mimus_") {
			return true
		}
	}
	return false
}

// entry makes what is kept of a record.
func (r *Record) entry(n *numbers) *Entry {
	e := &Entry{
		ID: n.id(r), At: r.At, Mock: r.Mock, Method: r.Method, Path: r.Path, Status: r.Status, Type: r.Type,
		Query: hideQuery(r.Query), Name: r.Name, Client: r.Client, Took: r.Took.Microseconds(), Responder: r.Responder, Operation: r.Operation,
		Request:  Message{Headers: headers(r.RequestHeader), Body: text(r.RequestBody), Size: r.RequestSize},
		Response: Message{Headers: []Header{}, Body: text(r.ResponseBody), Size: r.ResponseSize},
	}
	for _, f := range r.ResponseHeader {
		for _, v := range f.Values {
			e.Response.Headers = append(e.Response.Headers, Header{strings.ToLower(f.Name), hidden(f.Name, v)})
		}
	}
	for _, l := range r.Trace {
		e.Trace = append(e.Trace, Step{l.Responder, l.Why})
	}
	return e
}

func headers(h http.Header) []Header {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	out := make([]Header, 0, len(h))
	for _, name := range names {
		for _, v := range h[name] {
			out = append(out, Header{strings.ToLower(name), hidden(name, v)})
		}
	}
	return out
}

// hideQuery takes the values of secret names out of a query.
func hideQuery(query string) string {
	if query == "" {
		return ""
	}
	parts := strings.Split(query, "&")
	for i, p := range parts {
		name, value, ok := strings.Cut(p, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if ok && (secretName(plain) || strings.HasPrefix(value, "mimus_")) {
			parts[i] = name + "=" + redacted
		}
	}
	return strings.Join(parts, "&")
}

// text is a body as JSON can hold it.
func text(body []byte) string {
	if utf8.Valid(body) {
		return string(body)
	}
	return strings.ToValidUTF8(string(body), "�")
}

// stored makes the row of an entry.
func (e *Entry) stored() (store.Call, error) {
	body, err := json.Marshal(kept{e, e.Path})
	return store.Call{
		Mock: e.Mock, ID: e.ID, At: e.At, Method: e.Method, Path: strings.ToLower(e.Path), Status: e.Status, Type: e.Type, Record: body,
	}, err
}

// kept is the form of a row beside what stands in columns; the path keeps its
// case here.
type kept struct {
	*Entry
	Exact string `json:"path"`
}

// entryOf reads a row.
func entryOf(c store.Call) (*Entry, error) {
	e := &Entry{}
	k := kept{Entry: e}
	if err := json.Unmarshal(c.Record, &k); err != nil {
		return nil, err
	}
	e.ID, e.At, e.Mock, e.Method, e.Path, e.Status, e.Type = c.ID, c.At, c.Mock, c.Method, k.Exact, c.Status, c.Type
	return e, nil
}
