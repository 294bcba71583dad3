package apitest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Base is where the management API is mounted.
const Base = "/_mimus/api"

// bodyLimit bounds what is read of one answer.
const bodyLimit = 64 << 20

// Exchange is one request with its answer, judged.
type Exchange struct {
	Method     string
	Path       string // below the base, with its query
	Operation  string // the id, "" where the contract has none
	Status     int
	Violations []Violation
}

// Recorder is an [http.RoundTripper] that judges each exchange with the
// management API. Other exchanges pass. It is safe for concurrent use.
type Recorder struct {
	Contract *Contract
	Next     http.RoundTripper // nil: http.DefaultTransport
	Base     string            // "": Base

	mu        sync.Mutex
	exchanges []Exchange
}

// RoundTrip sends the request on and judges what comes back. An answer's body
// is read whole.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	next := r.Next
	if next == nil {
		next = http.DefaultTransport
	}
	res, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	base := r.Base
	if base == "" {
		base = Base
	}
	path, ours := strings.CutPrefix(req.URL.EscapedPath(), base)
	if !ours || path != "" && path[0] != '/' {
		return res, nil
	}
	body, err := readBody(res)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	e := Exchange{Method: req.Method, Path: path, Operation: r.Contract.OperationID(req.Method, path), Status: res.StatusCode}
	if req.URL.RawQuery != "" {
		e.Path += "?" + req.URL.RawQuery
	}
	e.Violations = r.Contract.Check(req.Method, e.Path, res.StatusCode, res.Header, body)
	r.mu.Lock()
	r.exchanges = append(r.exchanges, e)
	r.mu.Unlock()
	return res, nil
}

// readBody reads an answer's body and puts it back.
func readBody(res *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyLimit+1))
	if closeErr := res.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > bodyLimit {
		return nil, fmt.Errorf("the answer is longer than %d bytes", bodyLimit)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// Exchanges gives what was recorded, in order.
func (r *Recorder) Exchanges() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.exchanges)
}

// Violations gives the exchanges that break the contract, in order.
func (r *Recorder) Violations() []Exchange {
	return slices.DeleteFunc(r.Exchanges(), func(e Exchange) bool { return len(e.Violations) == 0 })
}

// Coverage gives the statuses that each operation was seen to answer with, by
// the operation's id, in order and each once.
func (r *Recorder) Coverage() map[string][]int {
	seen := map[string][]int{}
	for _, e := range r.Exchanges() {
		if e.Operation != "" && !slices.Contains(seen[e.Operation], e.Status) {
			seen[e.Operation] = append(seen[e.Operation], e.Status)
		}
	}
	for _, statuses := range seen {
		slices.Sort(statuses)
	}
	return seen
}

// NotExercised gives the ids of the operations below one of the prefixes that
// never answered with success, in the order of the description; without
// prefixes those of all.
func (r *Recorder) NotExercised(prefixes ...string) []string {
	seen := r.Coverage()
	var out []string
	for _, op := range r.Contract.operations {
		below := len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
			return op.Path == p || strings.HasPrefix(op.Path, p+"/")
		})
		if below && !slices.ContainsFunc(seen[op.ID], func(s int) bool { return s < 400 }) {
			out = append(out, op.ID)
		}
	}
	return out
}
