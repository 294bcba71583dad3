package engine

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

// overrides reads what the caller asks for.
func (m *Mock) overrides(x *exchange) bool {
	x.op.ready()
	x.readPreferences()
	if x.prefs.bad != nil {
		x.pass("overrides", "what the call asks for can't be read")
		return x.problem(422, "UNPROCESSABLE_ENTITY", "Invalid request", "The request's preferences can't be read.",
			violationList([]Violation{*x.prefs.bad}, false, true).With("validation"))
	}
	if len(x.prefs.applied) == 0 {
		return x.pass("overrides", "the call asks for no other answer")
	}
	return x.pass("overrides", "the call asks for "+joinComma(x.prefs.applied))
}

// checkContract answers a request that breaks the contract with the error that
// the operation declares for it.
func (m *Mock) checkContract(x *exchange) bool {
	if m.cfg.Validation == Off {
		x.readBodyForExamples()
		return x.pass("validation", "it is off")
	}
	denied, found, wrongType, broken := x.check()
	if broken && len(x.op.twins) > 0 && x.takeTwin() {
		denied, found, wrongType, broken = x.check()
	}
	x.res.Found = append(x.res.Found, found...)
	if denied != nil {
		x.res.Found = append(x.res.Found, Violation{Side: "request", Severity: "Error", Code: "401", Message: titleSecurity, whole: true})
	}
	switch {
	case denied == nil && !broken:
		return x.pass("validation", "the request keeps the contract")
	case m.cfg.Validation == Warn:
		return x.pass("validation", "the request breaks the contract, which is only reported")
	case denied != nil:
		return x.answerDenied(denied)
	case x.bodyErr != nil:
		return x.bodyProblem()
	case wrongType:
		return x.answerBroken([]int{415, 422, 400}, found, 415)
	}
	return x.answerBroken([]int{422, 400}, found, 422)
}

// check checks the whole request against the operation.
func (x *exchange) check() (denied []string, found []Violation, wrongType, broken bool) {
	x.params = x.params[:0]
	x.bodyValue, x.bodyMedia = nil, nil
	denied = x.checkSecurity()
	found = x.checkParameters(nil)
	found, wrongType = x.checkBody(found)
	for i := range found {
		broken = broken || found[i].Severity == "Error"
	}
	return denied, found, wrongType, broken
}

// takeTwin looks for another operation at the same place whose contract the
// request keeps: /users/{id} beside /users/{name}.
func (x *exchange) takeTwin() bool {
	first := x.op
	for _, t := range first.twins {
		t.ready()
		x.op = t
		if denied, _, _, broken := x.check(); denied == nil && !broken {
			x.res.Operation, x.res.Route = t.label, t.def.Path
			x.pass("route", "the request breaks the contract of "+first.label+" and keeps that of "+t.label)
			return true
		}
	}
	x.op = first
	x.check()
	return false
}

// answerBroken answers a broken request: with the first of the codes that the
// operation declares, then the range 4XX, then the default, then a problem
// document.
func (x *exchange) answerBroken(codes []int, found []Violation, status int) bool {
	x.pass("validation", "the request breaks the contract: "+found[0].sentence())
	x.mistake = mistake{status: status, name: "INVALID_REQUEST", title: "Invalid request", detail: found[0].sentence(), found: found}
	if r, code := x.op.errorResponse(codes); r != nil {
		return x.replyError(r, code, codes)
	}
	if status == 415 {
		return x.problem(415, "INVALID_CONTENT_TYPE", "Invalid content type", found[0].Message, violationList(errorsOnly(found), false, true).With("validation"))
	}
	return x.problem(422, "UNPROCESSABLE_ENTITY", "Invalid request",
		"Your request is not valid and no HTTP validation response was found in the spec, so Prism is generating this error for you.",
		violationList(errorsOnly(found), false, true).With("validation"))
}

func errorsOnly(found []Violation) []Violation {
	var out []Violation
	for i := range found {
		if found[i].Severity == "Error" {
			out = append(out, found[i])
		}
	}
	return out
}

// replyError sends a declared error. An example that the caller named counts
// only where the code that was asked for is one of those that answer the fault.
func (x *exchange) replyError(r *response, code int, codes []int) bool {
	asked := x.prefs
	x.prefs.hasExample = false
	for _, c := range codes {
		if asked.code == c && asked.hasExample {
			x.prefs.hasExample = true
			code = c
			if own := x.op.byStatus(c); own != nil {
				r = own
			}
		}
	}
	x.prefs.code = code
	x.mistake.status = code
	return x.reply(r, code, true)
}

// errorResponse finds the declared answer to a broken request.
func (op *operation) errorResponse(codes []int) (*response, int) {
	var ranged, fallback *response
	for _, code := range codes {
		for _, r := range op.responses {
			switch s := r.def.Status; {
			case s == "default":
				fallback = r
			case s == "4XX":
				ranged = r
			case codeOf(s) == code && s[1:] != "XX":
				return r, code
			}
		}
	}
	if ranged != nil {
		return ranged, codes[0]
	}
	return fallback, codes[0]
}

// checkParameters decodes and checks all parameters.
func (x *exchange) checkParameters(found []Violation) []Violation {
	op := x.op
	if len(op.params) == 0 {
		return found
	}
	broken, found := x.checkQuery(found)
	vars := x.vars[:0]
	pathValues(op.def.Path, x.path, func(name, raw string) { vars = append(vars, pair{name: strings.TrimRight(name, "*+"), raw: raw}) })
	x.vars = vars
	for _, p := range op.params {
		raw := rawParameter{}
		switch p.def.In {
		case definition.InPath:
			for i := range vars {
				if vars[i].name == p.def.Name {
					raw = p.fromPath(vars[i].raw)
				}
			}
			if !raw.present && !strings.Contains(op.def.Path, "{"+p.def.Name+"}") {
				continue // declared, but not in the template
			}
		case definition.InQuery:
			if broken {
				continue
			}
			raw = p.fromQuery(x.queryPairs())
		case definition.InQuerystring:
			if broken {
				continue
			}
			raw = p.fromQuerystring(x.req.RawQuery, x.queryPairs())
		case definition.InHeader:
			raw = p.fromHeader(x.req.Header)
		case definition.InCookie:
			raw = p.fromCookie(x.req.Header)
		}
		found = x.checkParameter(p, raw, found)
	}
	return found
}

// checkQuery finds what can't be decoded in the query; no parameter is read of
// such a query.
func (x *exchange) checkQuery(found []Violation) (broken bool, _ []Violation) {
	if x.req.RawQuery == "" {
		return false, found
	}
	before := len(found)
	found = checkPairs("query", x.req.RawQuery, found)
	return len(found) > before, found
}

// checkPairs finds names and values that are not percent-encoded UTF-8.
func checkPairs(place, raw string, found []Violation) []Violation {
	bad := func(name, code, message string) {
		found = append(found, Violation{Side: "request", Location: []string{place, strings.ToValidUTF8(clip(name), "\uFFFD")}, Severity: "Error", Code: code, Message: message})
	}
	if len(raw) > maxPairs && strings.Count(raw, "&") >= maxPairs {
		return append(found, Violation{Side: "request", Location: []string{place}, Severity: "Error", Code: "size", Message: "must not have more than " + itoa(maxPairs) + " names and values"})
	}
	if wellFormed(raw) {
		return found
	}
	before := len(found)
	for raw != "" && len(found)-before < maxFound {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		name, text, _ := strings.Cut(part, "=")
		switch {
		case !wellFormed(name):
			bad(name, "encoding", "must have a name that is percent-encoded UTF-8")
		case !wellFormed(text):
			bad(unescape(name), "encoding", mustEncode+clip(text))
		}
	}
	return found
}

// wellFormed reports whether a piece of a query or a form can be decoded.
func wellFormed(s string) bool {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] != '%' && s[i] < utf8.RuneSelf
	}
	if plain {
		return true
	}
	d, err := url.QueryUnescape(s)
	return err == nil && utf8.ValidString(d)
}

func (x *exchange) checkParameter(p *parameter, raw rawParameter, found []Violation) []Violation {
	d := p.def
	name := d.Name
	if d.In == definition.InHeader {
		name = strings.ToLower(name)
	}
	if !raw.present {
		if d.Required {
			found = append(found, Violation{Side: "request", Location: []string{string(d.In)}, Severity: "Error", Code: "required", Message: "must have required property '" + name + "'"})
		}
		return found
	}
	if d.Deprecated {
		found = append(found, Violation{Side: "request", Location: []string{string(d.In), name}, Severity: "Warning", Code: "deprecated", Message: title(string(d.In)) + " param " + name + " is deprecated", whole: true})
	}
	if raw.fault != "" {
		return append(found, Violation{Side: "request", Location: []string{string(d.In), name}, Severity: "Error", Code: raw.code, Message: raw.fault})
	}
	x.params = append(x.params, paramValue{d, raw.value})
	s := p.schema
	if p.media != nil {
		s = p.media.schema
	}
	if s == nil || (raw.empty && d.AllowEmpty) {
		return found
	}
	for _, f := range s.Validate(&raw.value, requestDirection, 20) {
		found = append(found, Violation{Side: "request", Location: append([]string{string(d.In), name}, f.Path...), Severity: "Error", Code: f.Keyword, Message: f.Message})
	}
	return found
}

func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
