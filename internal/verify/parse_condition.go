package verify

import (
	"regexp"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
)

// fields reads what is wanted of query parameters or headers.
func (r *reader) fields(path string, v *definition.Value) []Field {
	if !v.Is(definition.Object) {
		r.say(path, `it has to be an object such as {"name": "value"}`)
		return nil
	}
	var out []Field
	for i := range v.Kids {
		k, at := &v.Kids[i], below(path, v.Kids[i].Key)
		f := Field{Name: k.Key}
		switch k.Kind {
		case definition.Null:
			f.Absent = true
		case definition.String, definition.Number, definition.Bool:
			f.Text = k.Text
		case definition.Object:
			if f.Matches = r.onlyMatches(at, k); f.Matches == nil {
				continue
			}
		default:
			r.say(at, `it has to be a text, {"matches": "a regular expression"}, or null for none`)
			continue
		}
		out = append(out, f)
	}
	return out
}

// onlyMatches reads {"matches": …}.
func (r *reader) onlyMatches(path string, v *definition.Value) (e *regexp.Regexp) {
	before := len(r.problems)
	r.members(path, v, []member{{"matches", func(path string, v *definition.Value) { e = r.pattern(path, v) }}})
	if e == nil && len(r.problems) == before {
		r.say(path, `it needs matches: {"matches": "a regular expression"}`)
	}
	return e
}

func (r *reader) pattern(path string, v *definition.Value) *regexp.Regexp {
	text := r.text(path, v)
	if text == "" {
		return nil
	}
	if len(text) > maxPattern {
		r.say(path, "it is longer than %d bytes", maxPattern)
		return nil
	}
	e, err := regexp.Compile(text)
	if err != nil {
		r.say(path, "it has to be a regular expression of RE2, which knows no lookaround and no backreferences: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	return e
}

func (r *reader) body(path string, v *definition.Value) (b Body) {
	if !v.Is(definition.Object) {
		r.say(path, `it has to be an object such as {"contains": {"total": 4}}; there are equals, contains, schema, text, matches`)
		return b
	}
	before := len(r.problems)
	if e := v.Get("equals"); e.Is(definition.Null) { // which is a value here
		b.Equals = e
	}
	if c := v.Get("contains"); c.Is(definition.Null) {
		b.Contains = c
	}
	r.members(path, v, []member{
		{"equals", func(_ string, v *definition.Value) { b.Equals = v }},
		{"contains", func(path string, v *definition.Value) {
			if v.Is(definition.String) {
				r.say(path, "it has to be JSON that is a part of the body; a text is looked for with text")
				return
			}
			b.Contains = v
		}},
		{"schema", func(path string, v *definition.Value) { b.Schema = r.schema(path, v) }},
		{"text", func(path string, v *definition.Value) { b.Text = r.text(path, v) }},
		{"matches", func(path string, v *definition.Value) { b.Matches = r.pattern(path, v) }},
	})
	if b.any() && len(r.problems) == before {
		r.say(path, "it is empty; there are equals, contains, schema, text, matches")
	}
	return b
}

func (r *reader) times(path string, v *definition.Value) (t Times) {
	if v.Is(definition.Number) {
		return Exactly(r.count(path, v))
	}
	if !v.Is(definition.Object) {
		r.say(path, `it has to be a number of calls, or {"atLeast": 1, "atMost": 3}; 0 is never`)
		return t
	}
	least, most := 0, unlimited
	ok := false
	r.members(path, v, []member{
		{"atLeast", func(path string, v *definition.Value) { least, ok = r.count(path, v), true }},
		{"atMost", func(path string, v *definition.Value) { most, ok = r.count(path, v), true }},
	})
	switch {
	case !ok:
		r.say(path, "it needs atLeast, atMost or both")
	case most < least:
		r.say(path, "atMost is below atLeast")
	}
	return Between(least, most)
}

func (r *reader) count(path string, v *definition.Value) int {
	n, ok := v.Int()
	if !ok || n < 0 || n > maxTimes {
		r.say(path, "it has to be a whole number from 0 to %d", maxTimes)
		return 0
	}
	return n
}
