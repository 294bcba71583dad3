package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// maxPatch bounds the operations of one patch.
const maxPatch = 5_000

// patchStep is an operation of a JSON Patch (RFC 6902).
type patchStep struct {
	op    string
	path  []string // the tokens of the pointer
	value *definition.Value
}

// patchEnvironment applies a JSON Patch: all of its operations, or none.
func (a *API) patchEnvironment(c *call) error {
	steps, err := c.patchSteps()
	if err != nil {
		return err
	}
	var e store.Environment
	var doc *definition.Value
	public := false
	err = c.update(func(t *store.Tx) (err error) {
		if e, doc, err = c.environment(t); err != nil {
			return err
		}
		if err := c.mayChange(&e); err != nil {
			return err
		}
		patched := environmentPatch{name: definition.NewString(e.Name), values: slices.Clone(valuesOf(doc).Kids)}
		for i := range steps {
			if err := patched.apply(&steps[i]); err != nil {
				return err.at(c)
			}
		}
		e.Name = patched.name.Text
		next := definition.NewObject(append([]definition.Value{patched.name.With("name")}, withoutMember(doc, "name")...)...)
		e.Body = environmentDocument(&next, e.ID, definition.NewArray(patched.values...))
		if doc, err = environmentTree(&e); err != nil {
			return err
		}
		w, err := t.Workspace(e.Workspace)
		if err != nil {
			return err
		}
		public = w.Type == "public"
		return t.UpdateEnvironment(&e)
	})
	if errors.Is(err, store.ErrNotFound) {
		if !uuidForm.MatchString(c.id("environmentId")) {
			return patchError{"Invalid Environment ID"}.at(c)
		}
		return noEnvironment(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(e.Revision))
	return c.json(http.StatusOK, object{"environment": environmentDetail(&e, doc, public)})
}

func withoutMember(o *definition.Value, name string) []definition.Value {
	return slices.DeleteFunc(slices.Clone(o.Kids), func(k definition.Value) bool { return k.Key == name })
}

// patchError is what is wrong with a patch: a text, or a list of them.
type patchError struct{ detail any }

func (e patchError) Error() string { return fmt.Sprint(e.detail) }

// at makes the API's error of it.
func (e patchError) at(c *call) *Failure {
	return &Failure{http.StatusBadRequest, object{
		"type": "https://api.postman.com/problems/bad-request", "status": http.StatusBadRequest, "title": "Bad Request",
		"detail": e.detail, "instance": c.URL.Path,
	}}
}

// patchSteps reads the body.
func (c *call) patchSteps() ([]patchStep, error) {
	data, err := c.body()
	if err != nil {
		return nil, err
	}
	steps, fault := readPatch(data)
	if fault != nil {
		return nil, fault.at(c)
	}
	return steps, nil
}

// readPatch reads a JSON Patch whose operations go together: none but additions
// with removals may be mixed.
func readPatch(data []byte) ([]patchStep, *patchError) {
	list, err := document.ParseJSON(string(data), 0, document.Limits{Depth: maxDepth})
	if err != nil || !list.Is(definition.Array) || list.Len() == 0 {
		return nil, &patchError{"Patch sequence must be an array"}
	}
	if list.Len() > maxPatch {
		return nil, &patchError{fmt.Sprintf("Patch sequence must not have more than %d operations", maxPatch)}
	}
	steps := make([]patchStep, list.Len())
	ops := map[string]bool{}
	for i := range list.Kids {
		if fault := steps[i].read(&list.Kids[i]); fault != nil {
			return nil, fault
		}
		ops[steps[i].op] = true
	}
	if ops["replace"] && len(ops) > 1 {
		return nil, &patchError{"Only one type of operation can be performed at a time"}
	}
	return steps, nil
}

func (s *patchStep) read(v *definition.Value) *patchError {
	s.op, s.value = v.Get("op").Str(), v.Get("value")
	if s.op != "add" && s.op != "replace" && s.op != "remove" {
		return &patchError{"op must be one of: add, replace, remove"}
	}
	path := v.Get("path").Str()
	if !strings.HasPrefix(path, "/") {
		return &patchError{"Invalid path in JSON Patch operation"}
	}
	for token := range strings.SplitSeq(path[1:], "/") {
		s.path = append(s.path, strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	empty := s.value == nil || s.value.Kind == definition.Null || s.value.Kind == definition.String && s.value.Text == ""
	if s.op != "remove" && empty {
		return &patchError{"Patch operations with empty value are not supported"}
	}
	return nil
}

// environmentPatch is an environment while it is patched.
type environmentPatch struct {
	name   definition.Value
	values []definition.Value
}

func (p *environmentPatch) apply(s *patchStep) *patchError {
	switch {
	case len(s.path) == 1 && s.path[0] == "name" && s.op != "remove":
		if !s.value.Is(definition.String) {
			return &patchError{[]string{"/name: must be a string"}}
		}
		if f := usableName("name", s.value.Text); f != nil {
			return &patchError{[]string{"/name: must be a usable name"}}
		}
		p.name = definition.NewString(s.value.Text)
		return nil
	case len(s.path) == 2 && s.path[0] == "values":
		return p.entry(s)
	case len(s.path) == 3 && s.path[0] == "values":
		return p.member(s)
	}
	return &patchError{"Invalid path in JSON Patch operation"}
}

// index reads the number of a variable (RFC 6901, 4: no leading zeros). One
// behind the last is allowed where an entry is added.
func (p *environmentPatch) index(token string, most int) (int, *patchError) {
	n, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(n) != token || n < 0 {
		return 0, &patchError{"Invalid path in JSON Patch operation"}
	}
	if n > most {
		return 0, &patchError{"Cannot perform the operation at a path that does not exist"}
	}
	return n, nil
}

// entry adds, replaces or removes a variable.
func (p *environmentPatch) entry(s *patchStep) *patchError {
	most, token := len(p.values)-1, s.path[1]
	if s.op == "add" {
		most = len(p.values)
		if token == "-" {
			token = strconv.Itoa(most)
		}
	}
	i, fault := p.index(token, most)
	if fault != nil {
		return fault
	}
	if s.op == "remove" {
		p.values = slices.Delete(p.values, i, i+1)
		return nil
	}
	if fault := checkEntry(s.value, fmt.Sprintf("/values/%d", i)); fault != nil {
		return fault
	}
	switch {
	case s.op == "replace":
		p.values[i] = s.value.With("")
	case len(p.values) == maxVariables:
		return &patchError{fmt.Sprintf("An environment has at most %d variables", maxVariables)}
	default:
		p.values = slices.Insert(p.values, i, s.value.With(""))
	}
	return nil
}

func checkEntry(v *definition.Value, at string) *patchError {
	if !v.Is(definition.Object) {
		return &patchError{[]string{at + ": must be an object"}}
	}
	if v.Len() == 0 {
		return &patchError{"Patch operations with empty value are not supported"}
	}
	var faults []string
	for i := range v.Kids {
		if fault := checkMember(&v.Kids[i]); fault != "" {
			faults = append(faults, at+"/"+v.Kids[i].Key+": "+fault)
		}
	}
	if len(faults) > 0 {
		return &patchError{faults}
	}
	return nil
}

// checkMember says what is wrong with a member of a variable.
func checkMember(m *definition.Value) string {
	if want := memberKind(m.Key); want != definition.Invalid && m.Kind != want {
		return "must be " + map[definition.Kind]string{
			definition.String: "a string", definition.Bool: "a boolean", definition.Object: "an object",
		}[want]
	}
	return memberFault(m)
}

// member adds, replaces or removes what a variable has.
func (p *environmentPatch) member(s *patchStep) *patchError {
	i, fault := p.index(s.path[1], len(p.values)-1)
	if fault != nil {
		return fault
	}
	name := s.path[2]
	if name == "enable" { // as the contract writes it once
		name = "enabled"
	}
	variable := p.values[i]
	at := slices.IndexFunc(variable.Kids, func(k definition.Value) bool { return k.Key == name })
	switch {
	case at < 0 && memberKind(name) == definition.Invalid:
		return &patchError{"Invalid path in JSON Patch operation"}
	case at < 0 && (s.op == "remove" || s.op == "replace" && !hasDefault(name)):
		return &patchError{"Cannot perform the operation at a path that does not exist"}
	}
	variable.Kids = slices.Clone(variable.Kids)
	if s.op == "remove" {
		variable.Kids = slices.Delete(variable.Kids, at, at+1)
	} else {
		value := s.value.With(name)
		if fault := checkMember(&value); fault != "" {
			return &patchError{[]string{fmt.Sprintf("/values/%d/%s: %s", i, name, fault)}}
		}
		if at < 0 {
			variable.Kids = append(variable.Kids, value)
		} else {
			variable.Kids[at] = value
		}
	}
	p.values[i] = variable
	return nil
}

// hasDefault reports whether a variable has a member when it isn't written.
func hasDefault(name string) bool {
	return name == "key" || name == "value" || name == "type" || name == "enabled"
}
