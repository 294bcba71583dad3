package mimus

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/engine"
)

// Call is one exchange: a request and its answer. It shares no memory with the
// exchange, and may be kept.
type Call struct {
	Method   string
	Path     string // as it was sent, percent-encoded
	RawQuery string // as it was sent, without the question mark
	Query    url.Values
	Header   http.Header
	Body     []byte // as it was sent; cut off one byte after the body limit
	BodyCut  bool   // Body is not all that was sent

	Status         int
	ResponseHeader http.Header // without what the connection adds: Date, Content-Length, Content-Encoding
	ResponseBody   []byte      // uncompressed; nil where none is sent

	Operation  string // the operationId, else "GET /pets"; empty when no operation takes the call
	Route      string // the path template of the operation
	Violations []Violation
	Trace      []string // what each step of answering said: "contract: the first example"
	Fault      string   // what went wrong in the mock itself, which then answers 500; else empty
}

// Violation is one way in which a call breaks the contract.
type Violation struct {
	// Side is "request" or "response". A response breaks the contract where
	// the document's own example doesn't fit its schema.
	Side string

	// Location is "path", "query", "header", "cookie" or "body", followed by
	// the parameter's name or the place inside of the body. It is "security"
	// for missing credentials, and "method" for a method that a path doesn't
	// have.
	Location []string

	Severity Severity
	Code     string // the keyword of JSON Schema that is broken, else a word of ours
	Message  string // what must be: "must be integer"
}

// Broken lists the violations of the request that are errors, a path or a
// method that no operation has among them.
func (c Call) Broken() []Violation {
	var out []Violation
	for _, v := range c.Violations {
		if v.Side == "request" && v.Severity == SeverityError {
			out = append(out, v)
		}
	}
	return out
}

// callOf copies an exchange.
func (m *Mock) callOf(r *http.Request, req *engine.Request, res *engine.Response) Call {
	c := Call{
		Method: req.Method, Path: req.Path, RawQuery: req.RawQuery, Header: r.Header.Clone(),
		Status: res.Status, ResponseHeader: make(http.Header, len(res.Fields)),
		Operation: res.Operation, Route: res.Route, Fault: res.Fault,
	}
	c.Query, _ = url.ParseQuery(req.RawQuery) // what can be read of it
	if body, ok := r.Body.(*recordedBody); ok {
		c.Body, c.BodyCut = body.seen, body.cut
	}
	for _, f := range res.Fields {
		c.ResponseHeader[f.Name] = append([]string(nil), f.Values...)
	}
	if !res.NoBody && res.Status >= 200 && res.Status != http.StatusNoContent && res.Status != http.StatusNotModified {
		c.ResponseBody = append(bytes.Clone(res.Body), bytes.Join(res.Items, nil)...)
	}
	for i := range res.Found {
		c.Violations = append(c.Violations, m.violationOf(&res.Found[i], res))
	}
	if v, ok := unrouted(res); ok {
		c.Violations = append(c.Violations, v)
	}
	for _, t := range res.Trace {
		c.Trace = append(c.Trace, strings.TrimSpace(t.Responder+": "+t.Why))
	}
	return c
}

func (m *Mock) violationOf(v *engine.Violation, res *engine.Response) Violation {
	out := Violation{v.Side, append([]string(nil), v.Location...), Severity(strings.ToLower(v.Severity)), v.Code, v.Message}
	if v.Code == "401" {
		out.Location, out.Code, out.Message = []string{"security"}, "security", "must carry "+m.credentials(res)
	}
	return out
}

// unrouted is the violation of a call that no operation takes.
func unrouted(res *engine.Response) (Violation, bool) {
	if res.Operation != "" || res.Responder != "problem" || res.Fault != "" {
		return Violation{}, false
	}
	v := Violation{Side: "request", Location: []string{"path"}, Severity: SeverityError, Code: "path", Message: "must be a path of the document"}
	if res.Status == http.StatusMethodNotAllowed {
		v.Location, v.Code = []string{"method"}, "method"
		v.Message = "must be one of " + res.Get("Allow")
	}
	return v, true
}

// credentials says what the operation of an answer asks for: "HTTP basic
// credentials, or the header X-Key".
func (m *Mock) credentials(res *engine.Response) string {
	var ways []string
	for _, op := range m.loaded.Definition.Operations {
		if op.Path != res.Route || op.ID != res.Operation && op.Method+" "+op.Path != res.Operation {
			continue
		}
		for _, requirement := range op.Security {
			var all []string
			for _, s := range requirement {
				all = append(all, credential(s))
			}
			ways = append(ways, strings.Join(all, " and "))
		}
		break
	}
	if ways == nil {
		return "credentials"
	}
	return strings.Join(ways, ", or ")
}

func credential(s definition.RequiredScheme) string {
	switch {
	case s.Scheme == nil:
		return "the credentials " + s.Name
	case s.Scheme.Type == "apiKey" && s.Scheme.In == definition.InQuery:
		return "the query parameter " + s.Scheme.Name
	case s.Scheme.Type == "apiKey":
		return "the " + string(s.Scheme.In) + " " + s.Scheme.Name
	case s.Scheme.Type == "http" && s.Scheme.Scheme != "bearer":
		return "HTTP " + s.Scheme.Scheme + " credentials"
	}
	return "a bearer token"
}

// recordedBody is a request's body that was read ahead.
type recordedBody struct {
	io.Reader
	io.Closer
	seen []byte
	cut  bool // it went on, or broke off
}

// withRecordedBody reads the body, also where the answer doesn't need it. What
// is beyond the limit stays unread.
func withRecordedBody(r *http.Request, limit int64) *http.Request {
	if r.Body == nil || r.Body == http.NoBody {
		return r
	}
	seen, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failed{err}
	}
	recorded := *r
	recorded.Body = &recordedBody{io.MultiReader(bytes.NewReader(seen), rest), r.Body, seen, err != nil || int64(len(seen)) > limit}
	return &recorded
}

// failed repeats the error that reading a body ended with.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }
