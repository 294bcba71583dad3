package calls

import (
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is a call as it is kept and shown: what is secret is left out. A list
// has Client, Responder, Trace, Request and Response only where the filter asks
// for all of a call.
type Entry struct {
	ID        string
	At        time.Time // to the millisecond
	Mock      string
	Session   string
	Method    string
	Path      string // without the query
	Query     string
	Status    int
	Type      string
	Name      string // of the example or operation that answered, or the error's message
	Operation string
	Took      time.Duration // to the microsecond, delays included

	Client    string
	Responder string
	Trace     []Step
	Request   Message
	Response  Message
}

// Step is what one responder did.
type Step struct {
	Responder string `json:"responder"`
	Answered  bool   `json:"answered,omitempty"`
	Why       string `json:"why"`
}

// Message is one side of an exchange.
type Message struct {
	Headers []Header
	Body    string
	Size    int64 // of the body, before it was cut
}

// Header is a header field, its name in lower case.
type Header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// get is the first value of a field.
func (m *Message) get(name string) string {
	for _, h := range m.Headers {
		if h.Key == name {
			return h.Value
		}
	}
	return ""
}

// entry makes the entry of a record that was kept.
func (r *Record) entry(node string) *Entry {
	e := &Entry{
		ID: callID(r.At, r.seq, node), At: r.At, Mock: r.Mock, Session: r.Session, Method: r.Method, Path: r.Path, Query: r.Query,
		Status: r.Status, Type: r.Type, Name: r.Name, Operation: r.Operation, Took: r.Took.Truncate(time.Microsecond), Client: r.Client, Responder: r.Responder,
		Request:  Message{Headers: []Header{}, Body: text(r.RequestBody), Size: r.RequestSize},
		Response: Message{Headers: []Header{}, Body: text(r.ResponseBody), Size: r.ResponseSize},
	}
	for name, values := range r.RequestHeader {
		for _, v := range values {
			e.Request.Headers = append(e.Request.Headers, Header{strings.ToLower(name), v})
		}
	}
	sort.SliceStable(e.Request.Headers, func(i, j int) bool { return e.Request.Headers[i].Key < e.Request.Headers[j].Key })
	for _, f := range r.ResponseHeader {
		for _, v := range f.Values {
			e.Response.Headers = append(e.Response.Headers, Header{strings.ToLower(f.Name), v})
		}
	}
	for _, l := range r.Trace {
		e.Trace = append(e.Trace, Step{Responder: l.Responder, Why: l.Why, Answered: l.Answered})
	}
	return e
}

// text is a body as JSON can hold it.
func text(body []byte) string {
	if utf8.Valid(body) {
		return string(body)
	}
	return strings.ToValidUTF8(string(body), "\uFFFD")
}
