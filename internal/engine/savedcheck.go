package engine

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/schema"
)

// checkedAnswer is what a saved answer breaks of an operation's contract.
type checkedAnswer struct {
	op    *operation
	found []Violation
}

// checkSaved reports what a saved answer breaks of the contract, where there is
// one. An answer with holes is not looked at.
func (x *exchange) checkSaved(a *savedAnswer) {
	if x.op == nil {
		return
	}
	c := a.checked.Load()
	if c == nil || c.op != x.op {
		c = &checkedAnswer{x.op, a.violations(x.op)}
		a.checked.Store(c)
	}
	if len(c.found) > 0 {
		x.res.Found = append(x.res.Found, c.found...)
		if x.mock.cfg.Errors {
			x.responseViolations()
		}
	}
}

// violations compares a saved answer with the contract of an operation.
func (a *savedAnswer) violations(op *operation) []Violation {
	status := a.x.Response.Status
	broken := func(location, message string) []Violation {
		return []Violation{{Side: "response", Location: []string{location}, Severity: "Error", Message: message, whole: true}}
	}
	op.ready()
	r := op.byStatus(status)
	if r == nil {
		return broken("status", fmt.Sprintf("The status %d is not declared.", status))
	}
	if a.body != nil || len(a.static) == 0 || len(r.content) == 0 {
		return nil
	}
	media := ""
	for i := range a.fields {
		if a.fields[i].Name == "Content-Type" {
			media = a.fields[i].Values[0]
		}
	}
	m, _, ok := negotiate(plainType(media), r.content)
	if !ok {
		return broken("headers", "The media type "+clip(plainType(media))+" is not declared for the status "+fmt.Sprint(status)+".")
	}
	if m.form != formJSON || m.schema == nil {
		return nil
	}
	v, err := document.ParseJSON(string(a.static), 1, document.Limits{})
	if err != nil {
		return broken("body", "The body is no JSON.")
	}
	return responseViolations(m.schema.Validate(&v, schema.Response, 10))
}

// CheckSaved checks the saved examples against the contract, until ctx ends:
// their requests and their responses. Without a contract, or without saved
// examples, there is nothing to check.
func (m *Mock) CheckSaved(ctx context.Context) []Problem {
	if m.examples == nil || len(m.ops) == 0 {
		return nil
	}
	var out []Problem
	for i, a := range m.examples.answers {
		if ctx.Err() != nil || len(out) >= maxProblems {
			break
		}
		out = append(out, m.checkExchange(i, a)...)
	}
	return out
}

func (m *Mock) checkExchange(i int, a *savedAnswer) []Problem {
	report := func(code, message, hint string) Problem {
		return Problem{Pos: a.x.Pos, Code: code, Message: a.x.Place + ": " + message, Hint: hint}
	}
	var res Response
	x := exchange{mock: m, req: m.requestOf(i, a.x), res: &res}
	if x.req.Path == "" || !m.routed(&x) {
		return []Problem{report("saved-request", "no operation of the contract has the saved request's method and path", "correct the request, or add the operation; in strict validation such a request is refused")}
	}
	var out []Problem
	x.op.ready()
	if found, wrong := x.savedRequestBreaks(a.x); wrong {
		out = append(out, report("saved-request", "the saved request breaks the contract of "+x.op.label+": "+found, "correct the saved request; in strict validation it is refused"))
	}
	if found := a.violations(x.op); len(found) > 0 {
		out = append(out, report("saved-response", "the saved response breaks the contract of "+x.op.label+": "+found[0].sentence(), "correct the saved response; it is served as it is"))
	}
	return out
}

// savedRequestBreaks tells the first fault of a saved request. Credentials are
// not looked at: they are rarely saved. Nor is what a wildcard stands in.
func (x *exchange) savedRequestBreaks(e *definition.Exchange) (string, bool) {
	open := map[string]bool{}
	open["path"] = strings.Contains(x.req.Path, "/:") || strings.Contains(x.req.Path, "%7B%7B")
	open["query"] = strings.Contains(x.req.RawQuery, "%7B%7B")
	for _, list := range x.req.Header {
		open["header"] = open["header"] || strings.Contains(strings.Join(list, " "), "{{")
	}
	open["cookie"] = open["header"]
	found := x.checkParameters(nil)
	if body, _ := savedBytes(e.Request.Body, x.mock.examples.resolver(e)); !strings.Contains(body, "{{") {
		found, _ = x.checkBody(found)
	}
	for i := range found {
		if f := &found[i]; f.Severity == "Error" && (len(f.Location) == 0 || !open[f.Location[0]]) {
			return f.sentence(), true
		}
	}
	return "", false
}

// SavedRequest is the request that the example of that number was saved with.
// Its body can be read once.
func (m *Mock) SavedRequest(i int) *Request { return m.requestOf(i, m.examples.answers[i].x) }

// requestOf makes a request of a saved one, its variables resolved as the
// index has them; an unresolved segment stands for itself.
func (m *Mock) requestOf(i int, x *definition.Exchange) *Request {
	q := m.examples.index.Saved(i)
	resolve := m.examples.resolver(x)
	req := &Request{Method: q.Method, Path: (&url.URL{Path: q.Path}).EscapedPath(), Header: http.Header{}}
	var query []string
	for _, p := range q.Query {
		query = append(query, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value))
	}
	req.RawQuery = strings.Join(query, "&")
	for _, p := range x.Request.Header {
		req.Header.Add(p.Name, resolve(p.Value))
	}
	body, media := savedBytes(x.Request.Body, resolve)
	if body != "" {
		req.Body, req.Length = strings.NewReader(body), int64(len(body))
		if req.Header.Get("Content-Type") == "" && media != "" {
			req.Header.Set("Content-Type", media)
		}
	}
	return req
}

// savedBytes writes a saved request's body, and its media type; of a form with
// files, and of a file, nothing is known.
func savedBytes(b *definition.SavedBody, resolve func(string) string) (body, media string) {
	if b == nil {
		return "", ""
	}
	switch b.Mode {
	case definition.BodyURLEncoded:
		form := url.Values{}
		for _, f := range b.Fields {
			form.Add(resolve(f.Name), resolve(f.Value))
		}
		return form.Encode(), "application/x-www-form-urlencoded"
	case definition.BodyGraphQL:
		doc := definition.NewObject(definition.NewString(resolve(b.Text)).With("query"))
		if v, err := document.ParseJSON(resolve(b.Variables), 1, document.Limits{}); err == nil {
			doc.Kids = append(doc.Kids, v.With("variables"))
		}
		return string(doc.AppendJSON(nil)), "application/json"
	case definition.BodyRaw:
		text := resolve(b.Text)
		media = b.Media
		if _, err := document.ParseJSON(text, 1, document.Limits{}); err == nil && media == "" {
			media = "application/json"
		}
		return text, media
	}
	return "", ""
}
