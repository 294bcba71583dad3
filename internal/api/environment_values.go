package api

import (
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/mimus-dev/mimus/internal/definition"
)

const (
	maxVariables           = 20_000
	maxVariableDescription = 512 // characters
	maxVariableDepth       = 100 // of members that aren't known
)

// checkVariables checks the variables of an environment or of globals; at is
// where they stand. What isn't known of a variable is let through.
func checkVariables(list *definition.Value, at string) *Failure {
	if !list.Is(definition.Array) {
		return wrongType(list, "array", at)
	}
	if list.Len() > maxVariables {
		return malformed(fmt.Sprintf("There are more than %d variables at %s", maxVariables, at))
	}
	for i := range list.Kids {
		place := fmt.Sprintf("%s.%d", at, i)
		v := &list.Kids[i]
		if !v.Is(definition.Object) {
			return wrongType(v, "object", place)
		}
		for j := range v.Kids {
			m := &v.Kids[j]
			if want := memberKind(m.Key); want != definition.Invalid && m.Kind != want {
				return wrongType(m, want.String(), place+"."+m.Key)
			}
			if fault := memberFault(m); fault != "" {
				return malformedEnvironment(place + "." + m.Key + ": " + fault)
			}
		}
	}
	return nil
}

// memberKind is the kind of a variable's member, Invalid for one that isn't
// known.
func memberKind(name string) definition.Kind {
	switch name {
	case "key", "value", "type", "description":
		return definition.String
	case "enabled", "secret":
		return definition.Bool
	case "source":
		return definition.Object
	}
	return definition.Invalid
}

// memberFault says what is wrong with a member of the right kind.
func memberFault(m *definition.Value) string {
	switch {
	case m.Key == "type" && m.Text != "default" && m.Text != "secret":
		return "must be one of: secret, default"
	case m.Key == "description" && utf8.RuneCountInString(m.Text) > maxVariableDescription:
		return fmt.Sprintf("must NOT have more than %d characters", maxVariableDescription)
	case deeperThan(m, maxVariableDepth):
		return fmt.Sprintf("must NOT nest deeper than %d levels", maxVariableDepth)
	}
	return ""
}

// deeperThan reports whether a value nests deeper than some levels.
func deeperThan(v *definition.Value, levels int) bool {
	if len(v.Kids) == 0 {
		return false
	}
	if levels == 0 {
		return true
	}
	for i := range v.Kids {
		if deeperThan(&v.Kids[i], levels-1) {
			return true
		}
	}
	return false
}

func wrongType(v *definition.Value, want, at string) *Failure {
	return malformed(fmt.Sprintf("Invalid type: %s (expected %s) at %s", v.Kind, want, at))
}

// malformedEnvironment is the error of an environment that lacks something.
func malformedEnvironment(details ...string) *Failure {
	return named(http.StatusBadRequest, "malformedRequestError",
		fmt.Sprintf("Found %d errors with the supplied environment.", len(details)), details)
}
