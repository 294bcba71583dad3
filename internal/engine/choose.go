package engine

import (
	"errors"
	"hash/fnv"
	"strconv"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/schema"
)

// byStatus finds the response for a status: the code itself, its range, the
// default.
func (op *operation) byStatus(code int) *response {
	want := strconv.Itoa(code)
	var ranged, fallback *response
	for _, r := range op.responses {
		switch s := r.def.Status; {
		case s == want:
			return r
		case s == "default":
			fallback = r
		case s[1:] == "XX" && s[0] == want[0]:
			ranged = r
		}
	}
	if ranged != nil {
		return ranged
	}
	return fallback
}

// success is the answer to a valid request and its status: the lowest 2xx,
// else the range 2XX, else the default as 200, else the first response.
func (op *operation) success() (*response, int) { return op.usual, op.status }

func (op *operation) findSuccess() (*response, int) {
	var best, ranged, fallback *response
	for _, r := range op.responses {
		switch s := r.def.Status; {
		case s == "default":
			fallback = r
		case s == "2XX":
			ranged = r
		case s[0] == '2' && (best == nil || s < best.def.Status):
			best = r
		}
	}
	switch {
	case best != nil:
		return best, codeOf(best.def.Status)
	case ranged != nil:
		return ranged, 200
	case fallback != nil:
		return fallback, 200
	case len(op.responses) > 0:
		return op.responses[0], codeOf(op.responses[0].def.Status)
	}
	return nil, 0
}

// codeOf is the code that a response is sent with: a range's first.
func codeOf(status string) int {
	if n, err := strconv.Atoi(status); err == nil {
		return n
	}
	if status != "default" && status[1:] == "XX" {
		return int(status[0]-'0') * 100
	}
	return 200
}

// answerContract answers a valid request from the contract.
func (m *Mock) answerContract(x *exchange) bool {
	op := x.op
	if x.prefs.code != 0 {
		r := op.byStatus(x.prefs.code)
		if r == nil {
			x.pass("contract", "the operation declares no response for the status "+strconv.Itoa(x.prefs.code))
			x.tellResponses(nil)
			return x.problem(404, "NOT_FOUND", titleNotFound, "Requested status code "+strconv.Itoa(x.prefs.code)+" is not defined in the document.")
		}
		return x.reply(r, x.prefs.code, false)
	}
	r, status := op.success()
	if r == nil {
		x.pass("contract", "the operation declares no responses")
		return x.problem(500, "NO_RESPONSE_RESPONSE_DEFINED", "No response defined for the selected operation", "The operation has no responses in the document.")
	}
	return x.reply(r, status, false)
}

// reply answers with a declared response. For an error that answers a broken
// request, lenient sends the first media type where none is acceptable.
func (x *exchange) reply(r *response, status int, lenient bool) bool {
	res := x.res
	res.Status = status
	if x.op.def.Deprecated {
		res.Set("Deprecation", valueTrue)
	}
	if len(x.prefs.applied) > 0 || x.asked {
		res.Set("Preference-Applied", []string{joinComma(x.applied())})
	}
	accept := acceptOf(x.req)
	m, typ, ok := negotiate(accept, r.content)
	if !ok {
		switch {
		case lenient:
			m, typ = r.content[0], concrete(r.content[0], "")
		case status == 204:
			m = nil
		default:
			x.pass("contract", "the response "+r.def.Status+" has no media type that is asked for")
			x.tellMedia(r, nil)
			return x.problem(406, "NOT_ACCEPTABLE", "The server cannot produce a representation for your accept header", "Unable to find content for "+accept)
		}
	}
	if m != nil && status >= 200 && status != 204 && status != 205 && status != 304 {
		if !x.chooseBody(m, typ, status, lenient) {
			return true
		}
	} else {
		x.answer("contract", "the response has no body")
	}
	if x.explains {
		x.tellChoice(r, m)
	}
	x.headers(r, status, typ)
	if x.mock.cfg.Errors {
		x.responseViolations()
	}
	return true
}

func acceptOf(req *Request) string {
	h := req.Header["Accept"]
	switch len(h) {
	case 0:
		return ""
	case 1:
		return h[0]
	}
	return joinComma(h)
}

// dynamic reports whether this answer is to be varied.
func (x *exchange) dynamic() bool {
	if x.prefs.dynamic != nil {
		return *x.prefs.dynamic
	}
	return x.mock.cfg.Dynamic
}

// seed makes the number that all random choices of this answer come from: a
// function of the seed, method, concrete path, query, status and media type.
func (x *exchange) seed(status int, typ string) uint64 {
	h := fnv.New64a()
	var b [256]byte
	buf := b[:0]
	base := x.mock.seed
	if x.prefs.hasSeed {
		buf = append(buf, x.prefs.seed...)
		buf = append(buf, 0)
		base = 0
	}
	buf = strconv.AppendUint(buf, base, 36)
	method, path := x.req.Method, x.req.Path
	if x.op != nil {
		method, path = x.op.def.Method, x.path
	}
	buf = append(append(append(buf, ' '), method...), ' ')
	buf = append(append(append(buf, path...), '?'), x.req.RawQuery...)
	buf = strconv.AppendInt(append(buf, ' '), int64(status), 10)
	buf = append(append(buf, ' '), typ...)
	_, _ = h.Write(buf)
	return h.Sum64()
}

// chooseBody chooses and writes the body; false when an answer was given instead.
func (x *exchange) chooseBody(m *media, typ string, status int, lenient bool) bool {
	if x.prefs.hasExample && (!lenient || x.prefs.code == status) {
		i := exampleNamed(m, x.prefs.example)
		if i < 0 {
			x.pass("contract", "the response has no example of the name that is asked for")
			x.tellExamples(m)
			x.problem(404, "NOT_FOUND", titleNotFound, "Response for contentType: "+m.def.Type+" and exampleKey: "+x.prefs.example+" does not exist.")
			return false
		}
		return x.example(m, i, typ, "example "+strconv.Quote(x.prefs.example)+" was asked for")
	}
	if (lenient || !x.dynamic()) && !x.mock.cfg.IgnoreExamples { // an error is shown as it is declared
		if i, why := x.chooseExample(m); i >= 0 {
			return x.example(m, i, typ, why)
		}
	}
	x.erring = nil
	if lenient && x.mistake.detail != "" {
		x.erring = &x.mistake
	}
	return x.generate(m, typ, x.seed(status, typ))
}

func exampleNamed(m *media, name string) int {
	for i := range m.def.Examples {
		if m.def.Examples[i].Name == name && m.def.Examples[i].External == "" {
			return i
		}
	}
	return -1
}

// chooseExample finds the example whose parameters or body equal the
// request's: an example of the same name on both sides. Else it is the first.
func (x *exchange) chooseExample(m *media) (int, string) {
	first, named := -1, 0
	for i := range m.def.Examples {
		e := &m.def.Examples[i]
		if e.Value == nil && e.Serialized == nil {
			continue
		}
		if first < 0 {
			first = i
		}
		if e.Name != "" {
			named++
		}
	}
	if named > 1 {
		for i := range m.def.Examples {
			if e := &m.def.Examples[i]; e.Name != "" && (e.Value != nil || e.Serialized != nil) && x.requestMatches(e.Name) {
				return i, "example " + strconv.Quote(e.Name) + " belongs to this request"
			}
		}
	}
	if first < 0 {
		return -1, ""
	}
	return first, "the first example"
}

// requestMatches reports whether the request's body or one of its parameters
// has the value of the example of that name, and none has another.
func (x *exchange) requestMatches(name string) bool {
	hit := false
	if x.bodyMedia != nil && x.bodyValue != nil {
		for i := range x.bodyMedia.def.Examples {
			e := &x.bodyMedia.def.Examples[i]
			if e.Name == name && e.Value != nil {
				if !definition.Equal(e.Value, x.bodyValue) {
					return false
				}
				hit = true
			}
		}
	}
	for i := range x.params {
		p := &x.params[i]
		for j := range p.param.Examples {
			e := &p.param.Examples[j]
			if e.Name == name && e.Value != nil {
				if !definition.Equal(e.Value, &p.value) && (len(p.value.Kids) > 0 || len(e.Value.Kids) > 0 || e.Value.Text != p.value.Text) {
					return false
				}
				hit = true
			}
		}
	}
	return hit
}

// generate writes a body made from the schema.
func (x *exchange) generate(m *media, typ string, seed uint64) bool {
	r, err := x.generated(m, typ, seed)
	switch {
	case errors.Is(err, schema.ErrTooComplex):
		x.pass("contract", "the schema is too complex to make a value of it")
		return !x.problem(500, "SCHEMA_TOO_COMPLEX", "Schema too complex", "Unable to generate body for response. The schema is too complex to generate.")
	case err != nil:
		x.pass("contract", "no value can be made from the schema")
		return !x.problem(500, "UNKNOWN", "No body could be made", err.Error())
	}
	why := "generated from the schema"
	if m.schema == nil && m.item == nil {
		why = "the media type has neither schema nor example"
	}
	x.answer("contract", why)
	x.write(r)
	return true
}
