package verify

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/near"
)

// Parse reads a verification in its JSON form, which docs/verification.md
// describes. The error is for people: a line for each problem, with the JSON
// path of what is wrong and what to do.
func Parse(data []byte) (Verification, error) {
	var v Verification
	root, err := document.ParseJSON(string(data), 0, document.Limits{Bytes: maxBytes, Depth: maxDepth})
	if err != nil {
		return v, fmt.Errorf("a verification has to be JSON: %w", err)
	}
	r := &reader{}
	v = r.verification(&root)
	if len(r.problems) > 0 {
		return Verification{}, errors.Join(r.problems...)
	}
	return v, nil
}

// The bounds of what is read.
const (
	maxBytes    = 8 << 20
	maxDepth    = 200
	maxProblems = 20
	maxPattern  = 4096 // bytes
)

// reader collects the problems of a verification.
type reader struct{ problems []error }

func (r *reader) say(path, format string, args ...any) {
	if len(r.problems) < maxProblems {
		message := fmt.Sprintf(format, args...)
		if path != "" {
			message = path + ": " + message
		}
		r.problems = append(r.problems, errors.New(message))
	}
}

// member is a member that an object may have.
type member struct {
	name string
	read func(path string, v *definition.Value)
}

// members reads those that are there; null is none.
func (r *reader) members(path string, v *definition.Value, known []member) bool {
	if !v.Is(definition.Object) {
		r.say(path, "it has to be an object")
		return false
	}
	for i := range v.Kids {
		k := &v.Kids[i]
		at := below(path, k.Key)
		found := false
		for _, m := range known {
			if m.name == k.Key {
				found = true
				if !k.Is(definition.Null) {
					m.read(at, k)
				}
			}
		}
		if !found {
			r.say(at, "there is no such member; %s", suggest(k.Key, known))
		}
	}
	return true
}

func below(path, name string) string {
	if path == "" {
		return Clip(name)
	}
	return path + "." + Clip(name)
}

// suggest names the member that is meant, or all that there are.
func suggest(name string, known []member) string {
	best, at := "", maxName
	var all []string
	for _, m := range known {
		if alike(name, m.name) {
			if d := near.Distance(strings.ToLower(name), strings.ToLower(m.name)); d < at {
				best, at = m.name, d
			}
		}
		all = append(all, m.name)
	}
	if best != "" {
		return best + " is meant, perhaps"
	}
	return "there are " + strings.Join(all, ", ")
}

func (r *reader) verification(root *definition.Value) (v Verification) {
	if root.Is(definition.Array) {
		r.say("", `a verification has to be an object; put the list under calls: {"calls": [...]}`)
		return v
	}
	r.members("", root, []member{
		{"calls", func(path string, list *definition.Value) { v.Calls = r.matchers(path, list) }},
		{"order", func(path string, order *definition.Value) { v.Order = r.order(path, order) }},
		{"only", func(path string, only *definition.Value) { v.Only = r.boolean(path, only) }},
		{"session", func(path string, name *definition.Value) { v.Session = r.text(path, name) }},
		{"since", func(path string, since *definition.Value) { v.Since, v.After = r.since(path, since) }},
	})
	if len(v.Calls) == 0 && !v.Only && len(r.problems) == 0 {
		r.say("calls", `there are none, so that nothing would be verified; say which calls are wanted: [{"method": "POST", "path": "/orders"}], or set only to true for no calls at all`)
	}
	return v
}

func (r *reader) order(path string, v *definition.Value) Order {
	switch v.Str() {
	case "any":
		return Any
	case "relative":
		return Relative
	case "strict":
		return Strict
	}
	r.say(path, `it has to be "any", "relative" (others may come in between) or "strict" (nothing comes in between)`)
	return Any
}

// idForm is how the id of a call begins.
var idForm = regexp.MustCompile(`^[0-9a-f]{13}-[0-9a-f]+`)

func (r *reader) since(path string, v *definition.Value) (at time.Time, id string) {
	if t, err := time.Parse(time.RFC3339Nano, v.Str()); err == nil {
		return t, ""
	}
	if idForm.MatchString(v.Str()) {
		return at, v.Str()
	}
	r.say(path, "it has to be a time such as 2026-01-31T12:00:00Z, or the id of the last call that is not looked at")
	return at, ""
}

func (r *reader) matchers(path string, v *definition.Value) []Matcher {
	if !v.Is(definition.Array) || len(v.Kids) > maxMatchers {
		r.say(path, "it has to be a list of at most %d calls", maxMatchers)
		return nil
	}
	out := make([]Matcher, len(v.Kids))
	for i := range v.Kids {
		out[i] = r.matcher(path+"["+strconv.Itoa(i)+"]", &v.Kids[i])
	}
	return out
}

func (r *reader) matcher(path string, v *definition.Value) (m Matcher) {
	r.members(path, v, []member{
		{"name", func(path string, v *definition.Value) { m.Name = Clip(r.text(path, v)) }},
		{"method", func(path string, v *definition.Value) { m.Method = strings.ToUpper(r.text(path, v)) }},
		{"path", func(path string, v *definition.Value) { m.Path = r.path(path, v) }},
		{"operation", func(path string, v *definition.Value) { m.Operation = r.text(path, v) }},
		{"status", func(path string, v *definition.Value) { m.Status = r.status(path, v) }},
		{"query", func(path string, v *definition.Value) { m.Query = r.fields(path, v) }},
		{"headers", func(path string, v *definition.Value) {
			m.Headers = r.fields(path, v)
			for i := range m.Headers {
				m.Headers[i].Name = strings.ToLower(m.Headers[i].Name)
			}
		}},
		{"body", func(path string, v *definition.Value) { m.Body = r.body(path, v) }},
		{"contract", func(path string, v *definition.Value) {
			m.Contract = Broken
			if r.boolean(path, v) {
				m.Contract = Kept
			}
		}},
		{"times", func(path string, v *definition.Value) { m.Times = r.times(path, v) }},
	})
	return m
}

func (r *reader) text(path string, v *definition.Value) string {
	if v.Str() == "" {
		r.say(path, "it has to be a text")
	}
	return v.Str()
}

func (r *reader) boolean(path string, v *definition.Value) bool {
	if !v.Is(definition.Bool) {
		r.say(path, "it has to be true or false")
	}
	return v.True()
}

func (r *reader) path(path string, v *definition.Value) (p Path) {
	if v.Is(definition.Object) {
		if e := r.onlyMatches(path, v); e != nil {
			return MatchingPath(e)
		}
		return p
	}
	text := v.Str()
	switch before, query, asked := strings.Cut(text, "?"); {
	case !strings.HasPrefix(text, "/"):
		r.say(path, `it has to be a path such as /orders, a template such as /orders/{id}, or {"matches": "a regular expression"}`)
	case asked:
		r.say(path, "it has no query; write %s here, and %s under query", Clip(before), Clip(query))
	default:
		return ExactPath(text)
	}
	return p
}

func (r *reader) status(path string, v *definition.Value) int {
	text := strings.ToLower(v.Str())
	if n, ok := v.Int(); ok {
		text = strconv.Itoa(n)
	}
	if len(text) == 3 && text[1:] == "xx" && text[0] >= '1' && text[0] <= '5' {
		return int(text[0] - '0')
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 100 && n <= 599 {
		return n
	}
	r.say(path, `it has to be a status such as 201, or "2xx" for 200 to 299`)
	return 0
}
