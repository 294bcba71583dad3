package engine

import (
	"context"
	"net/http"
)

// Forward is a call that nothing of the mock answers.
type Forward struct {
	Context                context.Context // of the call; never nil
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
	if x.mock.cfg.Upstream == nil || x.purpose == rehearsing {
		return false
	}
	if x.purpose == explaining {
		return x.answer("upstream", "nothing of the mock answers: the upstream would be asked")
	}
	x.res.Found = nil
	body, bad := x.readBody()
	if bad != nil {
		return x.problem(bad.status, bad.name, bad.title, bad.detail)
	}
	header := x.req.Header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	ctx := x.req.Context
	if ctx == nil {
		ctx = context.Background()
	}
	answer, err := x.mock.cfg.Upstream(Forward{ctx, x.req.Method, x.req.Path, x.req.RawQuery, header, body})
	if err != nil {
		x.pass("upstream", "nothing of the mock answers, and the upstream can't be asked")
		detail := "Nothing of the mock answers this call, and its upstream can't be asked: " + err.Error()
		if len(x.mock.ops) == 0 {
			return x.savedError(http.StatusBadGateway, "upstreamError", "Upstream failed", detail, nil)
		}
		return x.problem(http.StatusBadGateway, "UPSTREAM", "Upstream failed", detail)
	}
	res := x.res
	res.Status, res.Body = answer.Status, answer.Body
	for name, values := range answer.Header {
		res.Set(name, values)
	}
	return x.answer("upstream", "nothing of the mock answers; the upstream does")
}
