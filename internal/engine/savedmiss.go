package engine

import (
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/saved"
)

const (
	maxNearestExamples = 3
	mockNotFound       = "mockRequestNotFoundError"
)

// missSaved answers for a collection without a contract that no example
// matches, or passes.
func (x *exchange) missSaved(req *saved.Request) bool {
	named := req.ID != "" || x.req.Header.Get("X-Mock-Response-Name") != ""
	if len(x.mock.ops) > 0 && !named && req.Code != noStatus {
		x.prefs.code = req.Code // of the contract, then
		return x.pass("saved", "no saved example matches")
	}
	if x.op == nil && !x.asks() && x.forward() { // what was asked for of the mock is the mock's to answer
		return true
	}
	miss := x.mock.examples.index.Explain(req, maxNearestExamples)
	list := definition.NewArray()
	for _, c := range miss.Nearest {
		e := x.mock.examples.answers[c.Index].x
		one := definition.NewObject(definition.NewString(e.Name).With("name"))
		if e.ID != "" {
			one.Kids = append(one.Kids, definition.NewString(e.ID).With("id"))
		}
		one.Kids = append(one.Kids,
			definition.NewString(e.Place).With("example"),
			definition.NewString(e.Request.Method).With("method"),
			definition.NewString(orSlash(e.Request.Path)).With("path"),
			definition.NewInt(int64(e.Response.Status)).With("status"),
			definition.NewInt(int64(c.Score)).With("score"),
			definition.NewString(c.Failed).With("failed"),
		)
		list.Kids = append(list.Kids, one)
	}
	details := definition.NewObject()
	if req.Code == noStatus {
		miss.Reason = "x-mock-response-code is " + strconv.Quote(clip(x.req.Header.Get("X-Mock-Response-Code"))) + ", which is no status from 100 to 599"
	}
	if miss.Reason != "" {
		details.Kids = append(details.Kids, definition.NewString(miss.Reason).With("reason"))
	}
	details.Kids = append(details.Kids, list.With("nearest"))
	return x.savedError(404, mockNotFound, "No matching requests", "Double check your method and the request path and try again.", &details)
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

var typeJSON = []string{"application/json; charset=utf-8"}

// savedError answers with an error of Postman's shape.
func (x *exchange) savedError(status int, name, header, message string, details *definition.Value) bool {
	inner := definition.NewObject(
		definition.NewString(name).With("name"),
		definition.NewString(header).With("header"),
		definition.NewString(message).With("message"),
	)
	if details != nil {
		inner.Kids = append(inner.Kids, details.With("details"))
	}
	doc := definition.NewObject(inner.With("error"))
	res := x.res
	res.Status, res.Responder, res.Mistake = status, "problem", message
	res.Body = doc.AppendJSON(nil)
	res.Fields = keepFields(res.Fields)
	res.Set("Content-Type", typeJSON)
	x.pass("problem", name+": "+header)
	return true
}
