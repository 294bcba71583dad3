package settings

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/near"
)

// Problem is what is wrong with one member.
type Problem struct {
	Path    string // "config.delay.duration"
	Message string
	Value   *definition.Value // where it stands
}

func (p Problem) Error() string { return p.Path + ": " + p.Message }

// Parse reads the JSON of settings. The error joins all problems.
func Parse(data []byte) (Settings, error) { return Patch(Default(), data) }

// Patch lays the JSON of settings over others: what is absent is unchanged,
// null is the default.
func Patch(old Settings, data []byte) (Settings, error) {
	v, err := document.ParseJSON(string(data), 0, document.Limits{})
	if err != nil {
		return old, fmt.Errorf("config is not valid JSON: %w", err)
	}
	s, problems := Lay(old, &v)
	if len(problems) == 0 {
		return s, nil
	}
	errs := make([]error, len(problems))
	for i := range problems {
		errs[i] = problems[i]
	}
	return old, errors.Join(errs...)
}

// FromValue reads settings of a tree.
func FromValue(v *definition.Value) (Settings, []Problem) { return Lay(Default(), v) }

// Lay lays a tree of settings over others.
func Lay(old Settings, v *definition.Value) (Settings, []Problem) {
	r := &reader{}
	s := old
	if v.Is(definition.Null) {
		return Default(), nil
	}
	if !v.Is(definition.Object) {
		r.wrong("config", v, "an object")
		return old, r.problems
	}
	standard := Default()
	for i := range v.Kids {
		k := &v.Kids[i]
		r.member(&s, &standard, k)
	}
	if len(r.problems) > 0 {
		return old, r.problems
	}
	return s, nil
}

// The bounds of settings.
const (
	maxList     = 1000
	maxText     = 4096
	maxOverlay  = 10 << 20
	maxMillis   = 5 * 60 * 1000
	maxBody     = 1 << 30
	maxRequests = 1_000_000_000
)

// The bounds of what lives.
const (
	MaxWorld  = 1_000_000 // of "world"
	MaxItems  = 1 << 30   // of "stateItems"
	MaxMemory = 1 << 36   // of "stateMemory", in bytes
)

type reader struct{ problems []Problem }

func (r *reader) say(path string, v *definition.Value, format string, args ...any) {
	r.problems = append(r.problems, Problem{path, fmt.Sprintf(format, args...), v})
}

func (r *reader) wrong(path string, v *definition.Value, want string) {
	r.say(path, v, "it has to be %s", want)
}

var members = []string{
	"headers", "matchBody", "matchHeader", "matchQueryParams", "matchWildcards", "delay", "serverResponseId",
	"matchFuzzy", "seed", "validation", "dynamic", "errors", "cors", "ignoreExamples", "basePath", "bodyLimit", "contract", "state", "sessions",
	"stateless", "world", "epoch", "stateItems", "stateMemory",
	"pins", "faults", "rateLimit", "upstream", "keepCalls", "keepBodies", "redact", "overlay",
}

// member reads one member; null is the default.
func (r *reader) member(s, standard *Settings, v *definition.Value) {
	path := "config." + v.Key
	flags := map[string][2]*bool{
		"matchBody": {&s.MatchBody, &standard.MatchBody}, "matchHeader": {&s.MatchHeader, &standard.MatchHeader},
		"matchQueryParams": {&s.MatchQueryParams, &standard.MatchQueryParams}, "matchWildcards": {&s.MatchWildcards, &standard.MatchWildcards},
		"matchFuzzy": {&s.MatchFuzzy, &standard.MatchFuzzy}, "dynamic": {&s.Dynamic, &standard.Dynamic}, "errors": {&s.Errors, &standard.Errors},
		"cors": {&s.CORS, &standard.CORS}, "ignoreExamples": {&s.IgnoreExamples, &standard.IgnoreExamples},
		"contract": {&s.Contract, &standard.Contract}, "keepBodies": {&s.KeepBodies, &standard.KeepBodies},
		"keepCalls": {&s.KeepCalls, &standard.KeepCalls},
	}
	if f, ok := flags[v.Key]; ok {
		if v.Is(definition.Null) {
			*f[0] = *f[1]
			return
		}
		r.boolean(path, v, f[0])
		return
	}
	words := map[string]struct {
		to       *string
		standard string
		among    []string
	}{
		"seed": {&s.Seed, "", nil}, "validation": {&s.Validation, "strict", []string{"strict", "warn", "off"}},
		"state": {&s.State, "", []string{"on", "off"}}, "sessions": {&s.Sessions, "", []string{"on", "off"}},
		"serverResponseId": {&s.ServerResponseID, "", nil}, "basePath": {&s.BasePath, "", nil}, "upstream": {&s.Upstream, "", nil},
		"epoch": {&s.Epoch, "", nil},
	}
	if w, ok := words[v.Key]; ok {
		if v.Is(definition.Null) {
			*w.to = w.standard
			return
		}
		r.text(path, v, w.to, w.among...)
		r.checkText(path, v)
		return
	}
	switch v.Key {
	case "headers":
		s.Headers = r.names(path, v)
	case "redact":
		s.Redact = r.names(path, v)
	case "delay":
		s.Delay = r.delay(path, v)
	case "bodyLimit":
		n := 0
		if r.number(path, v, &n, 1, maxBody) || v.Is(definition.Null) {
			s.BodyLimit = int64(n)
		}
	case "stateless":
		s.Stateless = r.names(path, v)
	case "world":
		n := 0
		if s.World = nil; !v.Is(definition.Null) && r.number(path, v, &n, 0, MaxWorld) {
			s.World = &n
		}
	case "stateItems":
		n := 0
		if r.number(path, v, &n, 1, MaxItems) || v.Is(definition.Null) {
			s.StateItems = n
		}
	case "stateMemory":
		n := 0
		if r.number(path, v, &n, 1, MaxMemory) || v.Is(definition.Null) {
			s.StateMemory = int64(n)
		}
	case "pins":
		s.Pins = list(r, path, v, r.pin)
	case "faults":
		s.Faults = list(r, path, v, r.fault)
	case "rateLimit":
		s.RateLimit = r.rateLimit(path, v)
	case "overlay":
		s.Overlay = r.overlay(path, v)
	default:
		hint := ""
		if close := nearest(v.Key, members); close != "" {
			hint = "; " + close + " is meant, perhaps"
		}
		r.say(path, v, "there is no such setting%s", hint)
	}
}

func (r *reader) checkText(path string, v *definition.Value) {
	text := v.Str()
	if text == "" {
		return
	}
	switch v.Key {
	case "epoch":
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			r.wrong(path, v, "a time such as 2025-01-01T00:00:00Z")
		}
	case "basePath":
		if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, "?# ") {
			r.wrong(path, v, "a path such as /v1")
		}
	case "upstream":
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			r.wrong(path, v, "a URL such as https://api.example.com")
		}
	}
}

func (r *reader) boolean(path string, v *definition.Value, to *bool) {
	if !v.Is(definition.Bool) {
		r.wrong(path, v, "true or false")
		return
	}
	*to = v.True()
}

func (r *reader) text(path string, v *definition.Value, to *string, among ...string) {
	switch {
	case !v.Is(definition.String):
		r.wrong(path, v, "a text")
	case len(v.Str()) > maxText:
		r.say(path, v, "it is longer than %d bytes", maxText)
	case among != nil && !slices.Contains(among, v.Str()):
		r.wrong(path, v, strings.Join(among, " or "))
	default:
		*to = v.Str()
	}
}

func (r *reader) number(path string, v *definition.Value, to *int, low, high int) bool {
	if v.Is(definition.Null) {
		return false
	}
	n, ok := v.Int()
	if !v.Is(definition.Number) || !ok || n < low || n > high {
		r.say(path, v, "it has to be a whole number from %d to %d", low, high)
		return false
	}
	*to = n
	return true
}

func (r *reader) names(path string, v *definition.Value) []string {
	return list(r, path, v, func(path string, v *definition.Value) (name string) {
		r.text(path, v, &name)
		return name
	})
}

// list reads a list; null is none.
func list[T any](r *reader, path string, v *definition.Value, one func(string, *definition.Value) T) []T {
	if v.Is(definition.Null) {
		return nil
	}
	if !v.Is(definition.Array) || len(v.Kids) > maxList {
		r.say(path, v, "it has to be a list of at most %d entries", maxList)
		return nil
	}
	var out []T
	for i := range v.Kids {
		out = append(out, one(fmt.Sprintf("%s[%d]", path, i), &v.Kids[i]))
	}
	return out
}

// fields reads the members of an object; what is not known is a problem.
func (r *reader) fields(path string, v *definition.Value, known map[string]func(string, *definition.Value)) bool {
	if !v.Is(definition.Object) {
		r.wrong(path, v, "an object")
		return false
	}
	for i := range v.Kids {
		k := &v.Kids[i]
		read, ok := known[k.Key]
		if !ok {
			var names []string
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			r.say(path+"."+k.Key, k, "there is no such member; there are %s", strings.Join(names, ", "))
			continue
		}
		read(path+"."+k.Key, k)
	}
	return true
}

func (r *reader) millis(to *int) func(string, *definition.Value) {
	return func(path string, v *definition.Value) { r.number(path, v, to, 0, maxMillis) }
}

func (r *reader) delay(path string, v *definition.Value) *Delay {
	if v.Is(definition.Null) {
		return nil
	}
	d := &Delay{}
	ok := r.fields(path, v, map[string]func(string, *definition.Value){
		"type": func(p string, v *definition.Value) { r.text(p, v, &d.Type, "fixed", "range", "normal") },
		"preset": func(p string, v *definition.Value) {
			if !v.Is(definition.Null) {
				r.text(p, v, &d.Preset, "1", "2")
			}
		},
		"duration": r.millis(&d.Duration), "min": r.millis(&d.Min), "max": r.millis(&d.Max), "mean": r.millis(&d.Mean), "deviation": r.millis(&d.Deviation),
	})
	if !ok {
		return nil
	}
	if d.Type == "" {
		d.Type = "fixed"
	}
	switch {
	case d.Type == "range" && d.Max < d.Min:
		r.say(path+".max", v, "it is below min")
	case d.Type == "fixed" && d.Preset == "1" && !v.Has("duration"):
		d.Duration = int(engine.Preset2G.Milliseconds())
	case d.Type == "fixed" && d.Preset == "2" && !v.Has("duration"):
		d.Duration = int(engine.Preset3G.Milliseconds())
	case d.Type == "fixed" && d.Preset == "" && !v.Has("duration"):
		r.say(path, v, "it needs a duration in milliseconds, or a preset: \"1\" for 2G, \"2\" for 3G")
	case d.Type == "normal" && d.Mean == 0:
		r.say(path, v, "it needs a mean in milliseconds")
	}
	return d
}

func (r *reader) step(s *Step) map[string]func(string, *definition.Value) {
	return map[string]func(string, *definition.Value){
		"status":  func(p string, v *definition.Value) { r.number(p, v, &s.Status, 100, 599) },
		"example": func(p string, v *definition.Value) { r.text(p, v, &s.Example) },
		"dynamic": func(p string, v *definition.Value) {
			var on bool
			r.boolean(p, v, &on)
			s.Dynamic = &on
		},
	}
}

func (r *reader) pin(path string, v *definition.Value) (p Pin) {
	known := r.step(&p.Step)
	known["operation"] = func(path string, v *definition.Value) { r.text(path, v, &p.Operation) }
	known["times"] = func(path string, v *definition.Value) { r.number(path, v, &p.Times, 1, math.MaxInt32) }
	known["sequence"] = func(path string, v *definition.Value) {
		p.Sequence = list(r, path, v, func(path string, v *definition.Value) (s Step) {
			if v.Is(definition.Number) {
				r.number(path, v, &s.Status, 100, 599)
				return s
			}
			if r.fields(path, v, r.step(&s)) && s == (Step{}) {
				r.say(path, v, "it needs a status, an example or dynamic")
			}
			return s
		})
	}
	if !r.fields(path, v, known) {
		return p
	}
	if p.Operation == "" {
		r.say(path, v, "it needs an operation, such as GET /pets or listPets")
	}
	if p.Step == (Step{}) && len(p.Sequence) == 0 {
		r.say(path, v, "it needs a status, an example, dynamic or a sequence")
	}
	return p
}

func (r *reader) fault(path string, v *definition.Value) (f Fault) {
	f.Share = 1
	ok := r.fields(path, v, map[string]func(string, *definition.Value){
		"operation": func(p string, v *definition.Value) { r.text(p, v, &f.Operation) },
		"kind": func(p string, v *definition.Value) {
			r.text(p, v, &f.Kind, "error", "timeout", "reset", "empty", "truncated")
		},
		"status":   func(p string, v *definition.Value) { r.number(p, v, &f.Status, 400, 599) },
		"duration": r.millis(&f.Duration),
		"share": func(p string, v *definition.Value) {
			share, ok := v.Float()
			if !v.Is(definition.Number) || !ok || share < 0 || share > 1 {
				r.wrong(p, v, "a number from 0 to 1")
				return
			}
			f.Share = share
		},
	})
	if ok && f.Kind == "" {
		r.say(path, v, "it needs a kind: error, timeout, reset, empty or truncated")
	}
	return f
}

func (r *reader) rateLimit(path string, v *definition.Value) *RateLimit {
	if v.Is(definition.Null) {
		return nil
	}
	l, per := &RateLimit{}, "second"
	ok := r.fields(path, v, map[string]func(string, *definition.Value){
		"requests": func(p string, v *definition.Value) { r.number(p, v, &l.Requests, 1, maxRequests) },
		"per":      func(p string, v *definition.Value) { r.text(p, v, &per, "second", "minute", "hour") },
		"burst":    func(p string, v *definition.Value) { r.number(p, v, &l.Burst, 1, maxRequests) },
	})
	if !ok {
		return nil
	}
	if l.Requests == 0 {
		r.say(path, v, "it needs requests, the number of calls that are taken")
	}
	l.Per = map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}[per]
	return l
}

// overlay reads an overlay: its text, or the document itself.
func (r *reader) overlay(path string, v *definition.Value) []byte {
	switch {
	case v.Is(definition.Null):
		return nil
	case v.Is(definition.String) && len(v.Str()) <= maxOverlay:
		if v.Str() == "" {
			return nil
		}
		return []byte(v.Str())
	case v.Is(definition.Object):
		return v.AppendJSON(nil)
	}
	r.wrong(path, v, "an OpenAPI Overlay document, or its text of at most 10 MB")
	return nil
}

// nearest finds the known name that a wrong one is close to.
func nearest(name string, known []string) string {
	best, at := "", len(name)/3+2
	for _, k := range known {
		if d := near.Distance(strings.ToLower(name), strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	return best
}
