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
		x.pass("saved", "no saved example matches")
		x.tellNearSaved(req)
		return false
	}
	x.pass("saved", "no saved example matches")
	if x.purpose == rehearsing {
		return true
	}
	if x.op == nil && !x.asks() && x.forward() { // what was asked for of the mock is the mock's to answer
		return true
	}
	miss := x.mock.examples.index.Explain(req, maxNearestExamples)
	near := make([]Near, len(miss.Nearest))
	suggest := x.suggestSaved(req)
	for i := range miss.Nearest {
		c := &miss.Nearest[i]
		e := x.mock.examples.answers[c.Index].x
		near[i] = Near{
			Example: true, Name: e.Name, ID: e.ID, Place: e.Place, Method: e.Request.Method, Path: orSlash(e.Request.Path),
			Status: e.Response.Status, Score: c.Score, Failed: c.Failed, Changes: suggest.changes(c),
		}
	}
	details := definition.NewObject()
	if req.Code == noStatus {
		miss.Reason = "x-mock-response-code is " + strconv.Quote(clip(x.req.Header.Get("X-Mock-Response-Code"))) + ", which is no status from 100 to 599"
	}
	if miss.Reason != "" {
		details.Kids = append(details.Kids, definition.NewString(miss.Reason).With("reason"))
	}
	details.Kids = append(details.Kids, x.nearestMember(near))
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
	res.Status, res.Mistake = status, message
	res.Body = doc.AppendJSON(nil)
	res.Fields = keepFields(res.Fields)
	res.Set("Content-Type", typeJSON)
	return x.answer("problem", name+": "+header)
}
