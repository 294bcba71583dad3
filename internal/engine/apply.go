package engine

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/saved"
)

// Apply makes the request that changes make of another one. body is its body,
// decoded: what comes back has no Content-Encoding. The request is not changed.
func Apply(req *Request, body []byte, changes []Change) (*Request, []byte, error) {
	out := *req
	out.Header = req.Header.Clone()
	out.Header.Del("Content-Encoding")
	var inBody []Change
	for i := range changes {
		c := &changes[i]
		if c.Op != saved.Remove && (c.Op != saved.Set || c.Want == nil) {
			return nil, nil, fmt.Errorf("the change %d of %s has no value, or an unknown op %q", i, c.In, c.Op)
		}
		switch {
		case c.In == saved.InMethod && c.Op == saved.Set:
			out.Method = c.Want.Text
		case c.In == saved.InPath && c.Op == saved.Set:
			out.Path = c.Want.Text
		case c.In == saved.InQuery:
			out.RawQuery = saved.ApplyPairs(out.RawQuery, c)
		case c.In == saved.InHeader && c.Op == saved.Remove:
			out.Header.Del(c.Name)
		case c.In == saved.InHeader:
			out.Header.Set(c.Name, c.Want.Text)
		case c.In == saved.InBody:
			inBody = append(inBody, *c)
		default:
			return nil, nil, fmt.Errorf("the change %d can't %s the %s", i, c.Op, c.In)
		}
	}
	body, err := saved.ApplyBody(body, strings.Join(out.Header["Content-Type"], ", "), inBody)
	if err != nil {
		return nil, nil, fmt.Errorf("the body can't be changed: %w", err)
	}
	out.Body, out.Length = nil, int64(len(body))
	if len(body) > 0 {
		out.Body = bytes.NewReader(body)
	}
	return &out, body, nil
}
