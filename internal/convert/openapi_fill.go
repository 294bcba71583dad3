package convert

import (
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/template"
)

// answerText is the body of a sample's saved response, filled in once: with
// variables, with the saved values of the path, and with values that are drawn
// for this example. What nothing is known of stays as it is written.
func (s *sample) answerText() string {
	text := *s.example.Body
	if !strings.Contains(text, "{{") {
		return text
	}
	start := strings.TrimSpace(text)
	json := start != "" && (start[0] == '{' || start[0] == '[') && !strings.HasPrefix(start, "{{")
	t, _ := template.Parse(text, template.Options{JSON: json, Lookup: s.scope.lookup})
	if done, ok := t.Static(); ok {
		return done
	}
	in := template.Input{
		Seed: "mimus", Method: s.method, Path: s.name, Now: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		Captured: s.pathValue,
	}
	return string(t.Append(nil, &in))
}

// pathValue is the saved value of a path variable.
func (s *sample) pathValue(name string) (string, bool) {
	if s.url == nil {
		return "", false
	}
	for _, v := range s.url.Params {
		if v.Key == name && !v.Disabled {
			value := s.scope.resolve(v.Text())
			return value, value != "" && !strings.Contains(value, "{{")
		}
	}
	return "", false
}
