package items

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// The names of errors in Postman's API.
const (
	NotFound     = "instanceNotFoundError"
	Found        = "instanceFoundError"
	Malformed    = "malformedRequestError"
	Invalid      = "invalidParamsError"
	ParamMissing = "paramMissingError"
	BadRequest   = "badRequest"
)

// Error is the one type of error of this package. An edit that returns one has
// changed nothing.
type Error struct {
	Name     string
	Message  string
	Model    Kind     // of NotFound and Found: what was looked for
	ID       string   // of NotFound and Found: as it was given
	Param    string   // of ParamMissing
	Problems []string // of Malformed: "info: must have required property 'name'"
}

func (e *Error) Error() string {
	switch {
	case len(e.Problems) > 0:
		return e.Message + " " + strings.Join(e.Problems, "; ")
	case e.ID != "":
		return fmt.Sprintf("%s: %s", e.Message, e.ID)
	}
	return e.Message
}

// Details gives what the API's error object has as "details", an invalid value
// where it has none.
func (e *Error) Details(owner int64) definition.Value {
	switch {
	case e.Model != "":
		return definition.NewObject(
			definition.NewString(string(e.Model)).With("model"),
			definition.NewString(e.ID).With("model_id"),
			definition.NewString(strconv.FormatInt(owner, 10)).With("owner"),
		)
	case e.Param != "":
		return definition.NewObject(definition.NewString(e.Param).With("param"))
	case len(e.Problems) > 0:
		list := definition.NewArray()
		for _, p := range e.Problems {
			list.Kids = append(list.Kids, definition.NewString(p))
		}
		return list
	}
	return definition.Value{}
}

func notFound(model Kind, id string) *Error {
	return &Error{Name: NotFound, Message: fmt.Sprintf("We could not find the %s you are looking for", model), Model: model, ID: id}
}

func exists(model Kind, id string) *Error {
	return &Error{Name: Found, Message: fmt.Sprintf("This %s already exists in the database.", model), Model: model, ID: id}
}

func invalid(format string, args ...any) *Error {
	return &Error{Name: Invalid, Message: fmt.Sprintf(format, args...)}
}

func malformed(what string, problems ...string) *Error {
	noun := "errors"
	if len(problems) == 1 {
		noun = "error"
	}
	return &Error{Name: Malformed, Message: fmt.Sprintf("Found %d %s with the supplied %s.", len(problems), noun, what), Problems: problems}
}
