package mimustest

import (
	"fmt"
	"strings"

	"github.com/mimus-dev/mimus/internal/verify"
)

// Verify fails the test unless the calls so far are as each of the wants says.
// It looks at once, so that it comes after what makes the calls; what a test
// expects in advance is for [Server.Expect]. The failure shows how many calls
// were wanted and came, and of the nearest ones what differs.
//
// A call can count for several wants.
func (s *Server) Verify(want ...Want) {
	s.t.Helper()
	s.verify(verify.Verification{}, want)
}

// VerifyOrder fails the test unless the wanted calls came in the order of the
// wants; others may have come in between. A want counts the calls from its
// first one after those of the want before to the first one of the next.
// One that wants no call counts all, and has no place in the order.
func (s *Server) VerifyOrder(want ...Want) {
	s.t.Helper()
	s.verify(verify.Verification{Order: verify.Relative}, want)
}

// VerifyOnly is [Server.Verify], and fails the test if there was any other call.
// Without wants there must have been none at all.
func (s *Server) VerifyOnly(want ...Want) {
	s.t.Helper()
	s.verify(verify.Verification{Only: true}, want)
}

func (s *Server) verify(v verify.Verification, want []Want) {
	s.t.Helper()
	if len(want) == 0 && !v.Only {
		s.t.Errorf("mimustest: nothing is verified; say what is wanted: mimustest.Called(\"GET /pets\")")
	}
	for _, w := range want {
		if w.err != nil {
			s.t.Errorf("mimustest: %s can't be verified: %v", w.matcher.String(), w.err)
			return
		}
		s.known(w.matcher.Operation)
		v.Calls = append(v.Calls, w.matcher)
	}
	judge := verify.New(v)
	for _, c := range s.Calls() {
		judge.Add(judged(c))
	}
	result := judge.Result()
	for i := range result.Failures {
		s.t.Errorf("%s", s.failure(&result.Failures[i]))
	}
}

// judged is a call as it is judged.
func judged(c Call) *verify.Call {
	return &verify.Call{
		Method: c.Method, Path: c.Path, Query: c.RawQuery, Route: c.Route, Operation: c.Operation, Status: c.Status,
		Header: c.Header.Values, Body: string(c.Body), Cut: c.BodyCut,
	}
}

// failure tells what was wanted and what came.
func (s *Server) failure(f *verify.Failure) string {
	var b strings.Builder
	what := "calls to " + f.What
	if f.Call < 0 {
		what = f.What
	}
	if f.When != "" {
		what += " " + f.When
	}
	fmt.Fprintf(&b, "%s:\n  - want: %s\n  + got:  %d\n", what, f.Wanted, f.Got)
	if f.Remark != "" {
		fmt.Fprintf(&b, "%s\n", f.Remark)
	}
	for i := range f.Nearest {
		writeNear(&b, &f.Nearest[i])
	}
	fmt.Fprintf(&b, "all calls: %s", s.summary())
	return b.String()
}

func writeNear(b *strings.Builder, n *verify.Near) {
	if len(n.Differs) == 0 { // it is one too many, and among all calls
		return
	}
	fmt.Fprintf(b, "nearest: %s (%d)\n", n.Line(), n.Status)
	for _, d := range n.Differs {
		if d.Place == nil {
			fmt.Fprintf(b, "  %s\n", d.Got)
			continue
		}
		fmt.Fprintf(b, "  %s\n    - want: %s\n    + got:  %s\n", place(d.Place), orNothing("", d.Want, "nothing"), orNothing("", d.Got, "nothing"))
	}
}
