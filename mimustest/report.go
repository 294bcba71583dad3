package mimustest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus"
	"github.com/mimus-dev/mimus/internal/verify"
)

// report tells how a call broke the contract: at each place what was wanted and
// what was sent.
func (s *Server) report(c Call, broken []mimus.Violation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s broke the contract of %s and was answered with %d:\n", line(c), s.contract(c), c.Status)
	for _, v := range broken {
		fmt.Fprintf(&b, "  %s\n    - want: %s\n    + got:  %s\n", place(v.Location), want(c, v), verify.Clip(got(c, v)))
	}
	name := c.Operation
	if name == "" {
		name = c.Method + " " + c.Path
	}
	fmt.Fprintf(&b, "If the test means it: mimustest.AllowBroken(%q)", name)
	return b.String()
}

// line is the request line, without the version.
func line(c Call) string {
	return (&verify.Call{Method: c.Method, Path: c.Path, Query: c.RawQuery}).Line()
}

// contract names the operation of a call with its place in the document.
func (s *Server) contract(c Call) string {
	if c.Operation == "" {
		return s.title()
	}
	for _, op := range s.mock.Operations() {
		if op.Path == c.Route && (op.ID == c.Operation || op.Method+" "+op.Path == c.Operation) {
			return c.Operation + " (" + op.Position + ")"
		}
	}
	return c.Operation
}

func (s *Server) title() string {
	if t := s.mock.Title(); t != "" {
		return t
	}
	return "the document"
}

// place writes a location: "query limit", "body owner.name".
func place(location []string) string {
	if len(location) < 2 {
		return strings.Join(location, "")
	}
	return location[0] + " " + strings.Join(location[1:], ".")
}

// want is what the contract says at the place of a violation.
func want(c Call, v mimus.Violation) string {
	if v.Code != "path" {
		return v.Message
	}
	var answer struct {
		Nearest []struct{ Method, Path, Differs string }
	}
	if json.Unmarshal(c.ResponseBody, &answer) != nil || len(answer.Nearest) == 0 {
		return v.Message
	}
	n := answer.Nearest[0]
	return n.Method + " " + n.Path + " is nearest: " + n.Differs
}

func (s *Server) summary() string {
	var lines []string
	for _, c := range s.Calls() {
		lines = append(lines, line(c)+" ("+strconv.Itoa(c.Status)+")")
	}
	if lines == nil {
		return "none"
	}
	return verify.List(lines, 20)
}
