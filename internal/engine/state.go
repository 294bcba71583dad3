package engine

// This file is on the hot path: what is read again is not made again.

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/listing"
	"github.com/mimus-dev/mimus/internal/resource"
)

// answerState answers from what there is: living resources.
func (m *Mock) answerState(x *exchange) bool {
	role := m.model.Role(x.op.def)
	switch {
	case role == nil:
		return x.pass("state", "the operation belongs to no resource")
	case x.purpose == rehearsing:
		return false
	case x.op.stateless:
		return x.pass("state", "the operation is set to keep no state")
	case x.prefs.stateOff:
		return x.pass("state", "the call asks for no state")
	case x.prefs.code != 0 || x.prefs.hasExample || x.prefs.hasSeed || x.generates:
		return x.pass("state", "the call asks for another answer")
	}
	r, status := x.stateResponse(role, role.Kind == resource.Create)
	if r == nil || status >= 300 {
		return x.pass("state", "the operation declares no success")
	}
	md, _, acceptable := negotiate(acceptOf(x.req), r.content)
	if !acceptable {
		return x.pass("state", "the response has no media type that is asked for")
	}
	if md != nil && md.form != formJSON && md.form != formXML {
		return x.pass("state", "the answer is of a type that items aren't written in")
	}
	if role.Kind != resource.Read && role.Kind != resource.List && x.bodyValue == nil && x.op.def.Body != nil && x.req.Body != nil && x.req.Length != 0 && len(x.body) > 0 {
		return x.pass("state", "the body can't be read")
	}
	o := m.state.Do(x.stateCall(role))
	switch o.Result {
	case resource.Done:
		return x.stateDone(role, &o)
	case resource.Unserved:
		return x.pass("state", o.Why)
	case resource.Unchanged:
		x.res.Status = 304
		x.res.Set("Etag", []string{o.ETag})
		return x.answer("state", o.Why)
	case resource.Missing:
		return x.stateError(&o, []int{404, 410}, "NOT_FOUND", titleNotFound)
	case resource.Taken:
		return x.stateError(&o, []int{409, 422, 400}, "CONFLICT", "The resource exists already")
	case resource.Interrupted:
		return x.stateError(&o, []int{409, 422, 400}, "CONFLICT", "The resource is not in the state that was expected")
	case resource.Malformed:
		return x.stateError(&o, []int{422, 400}, "UNPROCESSABLE_ENTITY", "Invalid request")
	case resource.Unmet:
		return x.stateError(&o, []int{412}, "PRECONDITION_FAILED", "A precondition failed")
	}
	return x.stateFull(&o)
}

// stateFull answers that a limit is reached: with the error that is declared
// for that, else by 507 (RFC 4918, 11.5).
func (x *exchange) stateFull(o *resource.Outcome) bool {
	for _, code := range [...]int{507, 429, 413, 403} {
		for _, r := range x.op.responses {
			if r.def.Status == strconv.Itoa(code) {
				return x.stateError(o, []int{code}, "INSUFFICIENT_STORAGE", "Insufficient storage")
			}
		}
	}
	x.pass("state", o.Why)
	return x.problem(507, "INSUFFICIENT_STORAGE", "Insufficient storage", o.Detail)
}

// stateError answers with the error that the operation declares, else with a
// problem document.
func (x *exchange) stateError(o *resource.Outcome, codes []int, name, title string) bool {
	x.pass("state", o.Why)
	x.mistake = mistake{status: codes[0], name: name, title: title, detail: o.Detail}
	if o.Detail == "" {
		x.mistake.detail = title + "."
	}
	r, code := x.op.errorResponse(codes)
	if r != nil && r != x.op.usual {
		x.replyError(r, code, codes)
		x.mock.gateway.tell(x, r)
		return true
	}
	detail := o.Detail
	if detail == "" {
		detail = o.Why
	}
	return x.problem(codes[0], name, title, detail)
}

// stateResponse is the response that tells of success.
func (x *exchange) stateResponse(role *resource.Role, created bool) (*response, int) {
	exactly := func(status string) *response {
		for _, r := range x.op.responses {
			if r.def.Status == status {
				return r
			}
		}
		return nil
	}
	switch {
	case created:
		if r := exactly("201"); r != nil {
			return r, 201
		}
	case role.Kind == resource.Replace || role.Kind == resource.Update:
		for _, status := range [...]int{200, 204} {
			if r := exactly(strconv.Itoa(status)); r != nil {
				return r, status
			}
		}
	}
	return x.op.success()
}

// stateCall is the request as a resource sees it.
func (x *exchange) stateCall(role *resource.Role) *resource.Call {
	c := &resource.Call{Role: role, Header: x.req.Header, RawQuery: x.req.RawQuery, Body: x.bodyValue, Dry: x.purpose != sending}
	pathValues(x.op.def.Path, x.path, func(_, raw string) {
		if d, err := url.PathUnescape(raw); err == nil {
			raw = d
		}
		c.Values = append(c.Values, raw)
	})
	c.Base, c.Path, c.Relative = x.req.Base, x.req.Path, x.path
	if x.bodyMedia != nil {
		c.Media = x.bodyMedia.def
		c.Type, _ = splitType(x.req.Header.Get("Content-Type"))
	}
	if role.Kind == resource.List {
		c.Query = x.arguments()
	}
	return c
}

// arguments are the parameters of the query: decoded, or as they were sent
// where the contract isn't checked.
func (x *exchange) arguments() []listing.Argument {
	var out []listing.Argument
	for i := range x.params {
		if p := &x.params[i]; p.param.In == definition.InQuery {
			out = append(out, listing.Argument{Name: p.param.Name, Value: &p.value})
		}
	}
	if x.mock.cfg.Validation != Off {
		return out
	}
	for _, p := range x.queryPairs() {
		v := definition.NewString(p.value)
		out = append(out, listing.Argument{Name: p.name, Value: &v})
	}
	return out
}

// stateDone answers with what a call came to.
func (x *exchange) stateDone(role *resource.Role, o *resource.Outcome) bool {
	r, status := x.stateResponse(role, o.Created)
	res := x.res
	md, typ, _ := negotiate(acceptOf(x.req), r.content)
	if md == nil || status == 204 || status == 205 {
		res.Status = status
		x.answer("state", o.Why)
		x.stateHeaders(r, status, typ, o)
		return true
	}
	made := x.stateBody(md, typ, o)
	if made == nil {
		if role.Kind == resource.Read || role.Kind == resource.List {
			return x.pass("state", "the answer has no place for "+role.Resource.Plural)
		}
		x.pass("state", o.Why+"; the answer has no place for it")
		x.reply(r, status, false)
		x.stateHeaders(r, status, typ, o)
		return true
	}
	res.Status = status
	x.answer("state", o.Why)
	x.write(made)
	x.stateHeaders(r, status, typ, o)
	if x.op.def.Deprecated {
		res.Set("Deprecation", valueTrue)
	}
	if len(x.prefs.applied) > 0 || x.asked {
		res.Set("Preference-Applied", []string{joinComma(x.applied())})
	}
	return true
}

// stateBody writes the body, or finds it as it was written before; nil where
// the media type has no place for it.
func (x *exchange) stateBody(md *media, typ string, o *resource.Outcome) *rendered {
	if kept, ok := o.Rendered(md).(*rendered); ok && kept.contentType[0] == typ {
		return kept
	}
	body, ok := x.mock.state.Body(o, md.def)
	if !ok {
		return nil
	}
	r := &rendered{contentType: []string{typ}}
	md.render(r, &body, formOf(plainType(strings.ToLower(typ))))
	if o.ETag != "" {
		r.etag = []string{o.ETag}
	} else {
		r.etag = etagOf(r)
	}
	r.length = []string{strconv.Itoa(len(r.body))}
	o.Keep(md, r)
	return r
}

// stateHeaders sets the header fields that tell of items.
func (x *exchange) stateHeaders(r *response, status int, typ string, o *resource.Outcome) {
	x.headers(r, status, typ)
	x.mock.gateway.tell(x, r)
	res := x.res
	if o.ETag != "" {
		res.Set("Etag", []string{o.ETag})
	}
	if o.Created && o.Location != "" && (status == 201 || r.declares("Location")) {
		res.Set("Location", []string{o.Location})
	}
	if r.declares("Link") {
		res.unset("Link")
		if o.Link != "" {
			res.Set("Link", []string{o.Link})
		}
	}
	if r.declares("Last-Modified") && !o.Modified.IsZero() {
		res.Set("Last-Modified", []string{o.Modified.Format("Mon, 02 Jan 2006 15:04:05 GMT")})
	}
	if total, ok := o.Total(); ok {
		for _, h := range r.headers {
			if n := strings.ReplaceAll(strings.ToLower(h.name), "-", ""); n == "xtotalcount" || n == "xtotal" || n == "totalcount" || n == "xtotalitems" {
				res.Set(h.name, []string{strconv.Itoa(total)})
			}
		}
	}
}

// declares reports whether a response declares a header field.
func (r *response) declares(name string) bool {
	for _, h := range r.headers {
		if h.name == name {
			return true
		}
	}
	return false
}

// unset takes a header field out.
func (res *Response) unset(name string) {
	for i := range res.Fields {
		if res.Fields[i].Name == name {
			res.Fields = append(res.Fields[:i:i], res.Fields[i+1:]...)
			return
		}
	}
}
