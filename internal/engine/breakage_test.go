package engine

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// breakage makes a request that is a little wrong.
type breakage struct {
	name string
	do   func(r *rand.Rand, req *Request, body []byte) []byte
}

func onPath(f func(r *rand.Rand, segments []string) []string) func(*rand.Rand, *Request, []byte) []byte {
	return func(r *rand.Rand, req *Request, body []byte) []byte {
		req.Path = "/" + strings.Join(f(r, strings.Split(strings.TrimPrefix(req.Path, "/"), "/")), "/")
		return body
	}
}

var pathBreakages = []breakage{
	{"a typo", onPath(func(r *rand.Rand, s []string) []string {
		i := r.IntN(len(s))
		if n := len(s[i]); n > 0 && !strings.Contains(s[i], "%") {
			at := r.IntN(n)
			s[i] = s[i][:at] + string(rune('a'+r.IntN(26))) + s[i][at+1:]
		}
		return s
	})},
	{"a segment too many", onPath(func(r *rand.Rand, s []string) []string { return slices.Insert(s, r.IntN(len(s)+1), "extra") })},
	{"a segment too few", onPath(func(r *rand.Rand, s []string) []string {
		at := r.IntN(len(s))
		return slices.Delete(s, at, at+1)
	})},
	{"other case", onPath(func(r *rand.Rand, s []string) []string {
		i := r.IntN(len(s))
		if s[i] = strings.ToUpper(s[i]); strings.Contains(s[i], "%") {
			s[i] = "X"
		}
		return s
	})},
	{"a doubled slash", onPath(func(r *rand.Rand, s []string) []string { return slices.Insert(s, r.IntN(len(s)+1), "") })},
	{"a base path of its own", onPath(func(_ *rand.Rand, s []string) []string { return append([]string{"api", "v9"}, s...) })},
	{"a wrong method", func(r *rand.Rand, req *Request, body []byte) []byte {
		req.Method = [...]string{"GET", "PUT", "DELETE", "PATCH", "HEAD", "TRACE"}[r.IntN(6)]
		return body
	}},
}

// broken breaks a request once or twice.
func broken(r *rand.Rand, req *Request, body []byte, list []breakage) (*Request, []byte, string) {
	out := *req
	out.Header = req.Header.Clone()
	name := ""
	for range 1 + r.IntN(2) {
		b := list[r.IntN(len(list))]
		name += b.name + ", "
		body = b.do(r, &out, body)
	}
	out.Body, out.Length = strings.NewReader(string(body)), int64(len(body))
	return &out, body, name
}

var exampleBreakages = append([]breakage{
	{"a changed body", changedBody},
	{"a changed body", changedBody},
	{"another body", func(r *rand.Rand, _ *Request, _ []byte) []byte {
		return []byte([...]string{"", "text", `{"x":1}`, "[1,2]", "a=b&c=d"}[r.IntN(5)])
	}},
	{"changed headers", func(r *rand.Rand, req *Request, body []byte) []byte {
		for _, name := range comparedHeaders {
			if req.Header.Get(name) == "" {
				req.Header.Set(name, "text/other")
			} else if r.IntN(2) == 0 {
				req.Header.Del(name)
			}
		}
		return body
	}},
	{"no query", func(_ *rand.Rand, req *Request, body []byte) []byte { req.RawQuery = ""; return body }},
	{"more of the query", func(_ *rand.Rand, req *Request, body []byte) []byte { req.RawQuery += "&page=2&page=3"; return body }},
	{"a wrong code", func(r *rand.Rand, req *Request, body []byte) []byte {
		req.Header.Set("X-Mock-Response-Code", [...]string{"418", "many"}[r.IntN(2)])
		return body
	}},
	{"a wrong id", func(_ *rand.Rand, req *Request, body []byte) []byte {
		req.Header.Set("X-Mock-Response-Id", "none")
		return body
	}},
	{"a wrong name", func(_ *rand.Rand, req *Request, body []byte) []byte {
		req.Header.Set("X-Mock-Response-Name", "none")
		return body
	}},
}, pathBreakages...)

// changedBody changes a value of a JSON body, or a field of a form.
func changedBody(r *rand.Rand, req *Request, body []byte) []byte {
	v, err := document.ParseJSON(string(body), 1, document.Limits{})
	if err != nil || len(v.Kids) == 0 {
		if form, err := url.ParseQuery(string(body)); err == nil && req.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
			form.Set("extra", "1")
			return []byte(form.Encode())
		}
		return append(body, '!')
	}
	at := &v
	for len(at.Kids) > 0 && (at == &v || r.IntN(3) > 0) {
		at = &at.Kids[r.IntN(len(at.Kids))]
	}
	switch other := definition.NewString("changed").With(at.Key); r.IntN(3) {
	case 0:
		*at = other
	case 1:
		at.Kids = append(at.Kids, definition.NewBool(true).With("added"))
		if at.Kind != definition.Object && at.Kind != definition.Array {
			*at = other
		}
	default:
		v.Kids = v.Kids[1:]
	}
	return v.AppendJSON(nil)
}

// comparedHeaders are those that are compared in the corpus's tests.
var comparedHeaders = []string{"accept", "content-type", "x-request"}
