package mimus

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/engine"
)

// Call is one exchange: a request and its answer.
type Call struct {
	Method string
	Path   string // as it was sent, percent-encoded
	Query  url.Values
	Header http.Header
	Body   []byte

	Status         int
	ResponseHeader http.Header
	ResponseBody   []byte

	Operation  string // the operationId, else "GET /path"; "" when no operation took the call
	Route      string // the path template of that operation
	Violations []Violation
	Trace      []string // what each step of answering said: "contract: the first example"
}

// Violation is one way in which a call broke the contract.
type Violation struct {
	Side     string   // "request" or "response"
	Location []string // "body", "query", "header" …, then the parameter or the place inside the body
	Severity string   // "Error" or "Warning"
	Code     string   // the keyword of JSON Schema that was broken, else a word; may be empty
	Message  string
}

// Broken lists the violations of the request that are errors.
func (c Call) Broken() []Violation {
	var out []Violation
	for _, v := range c.Violations {
		if v.Side == "request" && v.Severity == "Error" {
			out = append(out, v)
		}
	}
	return out
}

// callOf copies what an observer may keep.
func callOf(r *http.Request, req *engine.Request, res *engine.Response) Call {
	c := Call{
		Method: req.Method, Path: req.Path, Header: r.Header.Clone(), Status: res.Status,
		ResponseHeader: http.Header{}, ResponseBody: append([]byte(nil), res.Body...),
		Operation: res.Operation, Route: res.Route,
	}
	c.Query, _ = url.ParseQuery(req.RawQuery) // what can be read of it
	if data, ok := r.Context().Value(bodyKey{}).([]byte); ok {
		c.Body = data
	}
	for _, f := range res.Fields {
		c.ResponseHeader[f.Name] = append([]string(nil), f.Values...)
	}
	for _, item := range res.Items {
		c.ResponseBody = append(c.ResponseBody, item...)
	}
	for i := range res.Found {
		v := &res.Found[i]
		c.Violations = append(c.Violations, Violation{v.Side, v.Location, v.Severity, v.Code, v.Message})
	}
	for _, t := range res.Trace {
		c.Trace = append(c.Trace, strings.TrimSpace(t.Responder+": "+t.Why))
	}
	return c
}
