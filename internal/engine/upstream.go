package engine

import (
	"net/http"
)

// Forward is a call that nothing of the mock answers.
type Forward struct {
	Method, Path, RawQuery string
	Header                 http.Header // its own, without the encoding and the length of the body
	Body                   []byte      // decoded
}

// Forwarded is what an upstream answers to it.
type Forwarded struct {
	Status int
	Header http.Header
	Body   []byte
}

// forward asks the upstream; false where there is none.
func (x *exchange) forward() bool {
	if x.mock.cfg.Upstream == nil {
		return false
	}
	x.res.Found = nil
	body, bad := x.readBody()
	if bad != nil {
		return x.problem(bad.status, bad.name, bad.title, bad.detail)
	}
	header := x.req.Header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	answer, err := x.mock.cfg.Upstream(Forward{x.req.Method, x.req.Path, x.req.RawQuery, header, body})
	if err != nil {
		detail := "Nothing of the mock answers this call, and its upstream can't be asked: " + err.Error()
		if len(x.mock.ops) == 0 {
			return x.savedError(http.StatusBadGateway, "upstreamError", "Upstream failed", detail, nil)
		}
		return x.problem(http.StatusBadGateway, "UPSTREAM", "Upstream failed", detail)
	}
	res := x.res
	res.Status, res.Body, res.Responder = answer.Status, answer.Body, "upstream"
	for name, values := range answer.Header {
		res.Set(name, values)
	}
	x.pass("upstream", "nothing of the mock answers; the upstream does")
	return true
}
