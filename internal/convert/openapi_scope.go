package convert

import (
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/template"
)

// scope is the variables that a request may name: an environment's, then the
// innermost folder's, then those around it.
type scope struct {
	env    *scope // nil of an environment
	parent *scope
	values map[string]variable
	budget *int // bytes that may still be put in, of the whole conversion
}

// variable is what a name stands for. A secret has no value: it belongs in no
// document. Neither has an empty one: it waits to be filled in.
type variable struct {
	value string
	known bool
}

// maxResolved bounds what the variables of one conversion are replaced with.
const maxResolved = 64 << 20

// newEnvironment is the outermost scope.
func newEnvironment(list []definition.Variable) *scope {
	budget := maxResolved
	s := &scope{budget: &budget, values: map[string]variable{}}
	for i := range list {
		s.put(list[i].Name, list[i].Value, list[i].Disabled, list[i].Secret)
	}
	return s
}

// newScope is a level of variables inside of another.
func newScope(parent *scope, list []*postman.Variable) *scope {
	if len(list) == 0 {
		return parent
	}
	s := &scope{parent: parent, env: parent.env, budget: parent.budget, values: map[string]variable{}}
	if parent.env == nil {
		s.env, s.parent = parent, nil
	}
	for _, v := range list {
		name := v.Key
		if name == "" {
			name = v.ID
		}
		if name == "" {
			name = v.Name
		}
		s.put(name, v.Text(), v.Disabled, v.Type == "secret")
	}
	return s
}

// put sets a variable. Postman: the last one wins.
func (s *scope) put(name, value string, disabled, secret bool) {
	if !disabled {
		s.values[name] = variable{value: value, known: value != "" && !secret}
	}
}

// lookup gives a variable's value as it is written.
func (s *scope) lookup(name string) (string, bool) {
	if s.env != nil {
		if v, ok := s.env.lookup(name); ok {
			return v, true
		}
	}
	for at := s; at != nil; at = at.parent {
		if v, ok := at.values[name]; ok {
			return v.value, v.known
		}
	}
	return "", false
}

// resolve puts the values of variables in; what has none stays as it is, and so
// does everything once the conversion has put in what it may.
func (s *scope) resolve(text string) string {
	if !strings.Contains(text, "{{") || *s.budget <= 0 {
		return text
	}
	out, _ := template.Resolve(text, s.lookup)
	*s.budget -= len(out)
	return out
}

// cutVariable finds the first {{name}} of a text.
func cutVariable(s string) (before, name, after string, ok bool) {
	open := strings.Index(s, "{{")
	if open < 0 {
		return s, "", "", false
	}
	length := strings.Index(s[open+2:], "}}")
	if length < 0 {
		return s, "", "", false
	}
	return s[:open], s[open+2 : open+2+length], s[open+2+length+2:], true
}

// wholeVariable gives the name where a text is one {{name}} and nothing else.
func wholeVariable(s string) (name string, ok bool) {
	before, name, after, ok := cutVariable(s)
	return strings.TrimSpace(name), ok && before == "" && after == ""
}
