package transfer

import (
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/settings"
)

// readConfig reads the settings of a mock as the store keeps them. The problems
// are those of the settings, and one of ours.
func readConfig(v *definition.Value) ([]byte, []settings.Problem) {
	s, problems := settings.FromValue(v)
	if s.ServerResponseID != "" {
		problems = append(problems, settings.Problem{
			Path: "config.serverResponseId", Message: "ids aren't known here; write active: true at one of the responses", Value: v.Get("serverResponseId"),
		})
	}
	return s.AppendJSON(nil), problems
}

// storedConfig is the JSON of settings as the store keeps it; that of none is {}.
func storedConfig(config []byte) ([]byte, error) {
	if len(config) == 0 {
		return []byte("{}"), nil
	}
	s, err := settings.Parse(config)
	if err != nil {
		return nil, err
	}
	s.ServerResponseID = "" // the row has it
	return s.AppendJSON(nil), nil
}

// writtenConfig is what of settings is not the default.
func writtenConfig(config []byte) (definition.Value, error) {
	s := settings.Default()
	if len(config) > 0 {
		var err error
		if s, err = settings.Parse(config); err != nil {
			return definition.Value{}, err
		}
	}
	s.ServerResponseID = "" // responses say which one is active
	standard := settings.Default()
	usual, out := standard.Value(), s.Value()
	out.Kids = slices.DeleteFunc(out.Kids, func(v definition.Value) bool {
		other := usual.Get(v.Key)
		return other != nil && definition.Equal(other, &v)
	})
	return out, nil
}
