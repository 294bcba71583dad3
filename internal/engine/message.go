package engine

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Request is what a mock answers. The adapter has taken the mock's mount off
// the path.
type Request struct {
	Context  context.Context // of the call; nil: none
	Method   string
	Path     string // as it was sent, percent-encoded, from the mock's root
	RawQuery string
	Header   http.Header
	Body     io.Reader // nil: none
	Length   int64     // of the body; -1: not known
	Base     string    // scheme and host and mount, as the client sees them: "http://localhost:4010/pets"
}

// Field is one header field of an answer. Name is in canonical form. The
// values are shared: they must not be changed.
type Field struct {
	Name   string
	Values []string
}

// Response is an answer. It can be reused after Reset. Body and field values
// may be shared with other answers: they must not be changed.
type Response struct {
	Status    int
	Fields    []Field
	Body      []byte
	Items     [][]byte // of a stream: written and flushed one by one after Body
	NoBody    bool     // HEAD: the length is told, the body is not sent
	Delay     time.Duration
	Callbacks []Callback
	Break     Breakage // what is done to the connection, after the delay

	Responder string      // which responder gave the answer
	Example   string      // the name of the example that it is; "" none
	Mistake   string      // of the mock's own errors: what it says; "" where something declared answered
	Operation string      // its id, else method and path template
	Route     string      // the path template
	Trace     []TraceLine // one or more of each responder that was reached, in order
	Fault     string      // of a contained panic: what happened, for the log
	Found     []Violation // violations on either side

	// Length is the text of the body's length where it is known beforehand.
	Length []string

	// What follows is kept from one answer to the next.
	buf   []byte // scratch for generated bodies
	trace [maxLines]TraceLine
	store [16]Field
	x     exchange
}

// maxLines is how many lines most traces have at most.
const maxLines = 12

// TraceLine says what one responder did.
type TraceLine struct {
	Responder string
	Why       string // why it passed, or what it answered with
	Answered  bool   // it gave the answer; of at most one line
}

// Reset makes res ready for another answer, its buffers kept.
func (res *Response) Reset() {
	if cap(res.buf) > maxKept {
		res.buf = nil
	}
	res.Status, res.Fields, res.Body, res.Items, res.NoBody, res.Length = 0, nil, nil, nil, false, nil
	res.Delay, res.Callbacks, res.Responder, res.Operation, res.Route = 0, nil, "", "", ""
	res.Trace, res.Fault, res.Found = nil, "", nil
	res.Break, res.Example, res.Mistake = Whole, "", ""
	if cap(res.x.query) > maxKeptPairs {
		res.x.query = nil
	}
	x := &res.x // nothing of the last request is held on to
	x.mock, x.req, x.op, x.body, x.bodyValue, x.bodyMedia = nil, nil, nil, nil, nil, nil
	x.prefer, x.rivals, x.nearest, x.shown = nil, nil, nil, nil
	clear(x.query)
	clear(x.vars)
	clear(x.params)
}

// What a pooled response holds on to, in bytes and in pairs of a query.
const (
	maxKept      = 1 << 16
	maxKeptPairs = 64
)

// Set sets a header field, replacing one of that name.
func (res *Response) Set(name string, values []string) {
	for i := range res.Fields {
		if res.Fields[i].Name == name {
			res.Fields[i].Values = values
			return
		}
	}
	if res.Fields == nil {
		res.Fields = res.store[:0]
	}
	res.Fields = append(res.Fields, Field{name, values})
}

// add adds a value to a header field.
func (res *Response) add(name, value string) {
	for i := range res.Fields {
		if res.Fields[i].Name == name {
			res.Fields[i].Values = append(res.Fields[i].Values[:len(res.Fields[i].Values):len(res.Fields[i].Values)], value)
			return
		}
	}
	res.Set(name, []string{value})
}

// Get returns the first value of a header field, "" when there is none.
func (res *Response) Get(name string) string {
	for i := range res.Fields {
		if res.Fields[i].Name == name && len(res.Fields[i].Values) > 0 {
			return res.Fields[i].Values[0]
		}
	}
	return ""
}

// Callback is a request that the API makes after an answer.
type Callback struct {
	Name   string
	Method string
	URL    string
	Header http.Header
	Body   []byte
}
