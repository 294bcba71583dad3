package engine

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/template"
)

// This file answers from the saved examples of collections and recordings.

// examples are a definition's exchanges, compiled.
type examples struct {
	index   *saved.Index
	answers []*savedAnswer
	seed    string
	now     func() time.Time
	scopes  *variables
	counts  counter
}

// resolver fills an exchange's variables in.
func (e *examples) resolver(x *definition.Exchange) func(string) string {
	return func(text string) string {
		out, _ := template.Resolve(text, e.scopes.lookup(x.Scope))
		return out
	}
}

// savedAnswer is the answer of one exchange.
type savedAnswer struct {
	x       *definition.Exchange
	label   string
	route   string
	fields  []Field // those without holes
	filled  []filledField
	body    *template.Template // nil where it has no holes
	static  []byte
	length  []string
	draws   int  // of the header fields
	dynamic bool // draws on the seed

	checked atomic.Pointer[checkedAnswer] // against a contract
}

// filledField is a header field with holes.
type filledField struct {
	name  string
	value *template.Template
	first int
}

// compileExamples compiles the exchanges of a definition with an environment.
// What is wrong with their templates is reported.
func compileExamples(def *definition.Definition, cfg *Config) (*examples, []Problem) {
	if len(def.Exchanges) == 0 && !def.NoContract {
		return nil, nil
	}
	e := &examples{answers: make([]*savedAnswer, len(def.Exchanges)), seed: cfg.Seed, now: cfg.Now}
	if e.now == nil {
		e.now = time.Now
	}
	scopes := newVariables(def.Scopes, cfg.Environment)
	e.scopes = scopes
	c := exampleCompiler{scopes: scopes, seen: map[string]bool{}}
	for i, x := range def.Exchanges {
		e.answers[i] = c.answer(x)
	}
	e.index = saved.Compile(def.Exchanges, cfg.Matching, func(x *definition.Exchange, text string) string {
		if !strings.Contains(text, "{{") {
			return text
		}
		out, problems := template.Resolve(text, scopes.lookup(x.Scope))
		c.report(x, problems)
		return out
	})
	return e, c.problems
}

// Problem is something in a saved example that can't be filled in as its author
// meant.
type Problem struct {
	Pos     definition.Position
	Code    string
	Message string
	Hint    string
}

const maxProblems = 1000

// exampleCompiler compiles exchanges and collects problems.
type exampleCompiler struct {
	scopes   *variables
	problems []Problem
	seen     map[string]bool
}

func (c *exampleCompiler) report(x *definition.Exchange, found []template.Problem) {
	for _, p := range found {
		message := x.Place + ": " + p.Message
		if len(c.problems) >= maxProblems || c.seen[message] {
			continue
		}
		c.seen[message] = true
		c.problems = append(c.problems, Problem{Pos: x.Pos, Code: "template", Message: message, Hint: p.Hint})
	}
}

// answer compiles the response of an exchange.
func (c *exampleCompiler) answer(x *definition.Exchange) *savedAnswer {
	a := &savedAnswer{x: x, label: x.Name, route: x.Request.Path}
	if a.label == "" {
		a.label = x.Place
	}
	lookup := c.scopes.lookup(x.Scope)
	if names := pathNames(x.Request.Path); len(names) > 0 { // what they capture stands over variables
		outer := lookup
		lookup = func(name string) (string, bool) {
			if slices.Contains(names, name) {
				return "", false
			}
			return outer(name)
		}
	}
	parse := func(text string, json bool) *template.Template {
		t, problems := template.Parse(text, template.Options{JSON: json, Lookup: lookup})
		c.report(x, problems)
		return t
	}
	draws := 0
	typed := false
	for _, h := range x.Response.Header {
		written := h.Name
		if strings.Contains(written, "{{") && !x.Response.Literal {
			var problems []template.Problem
			written, problems = template.Resolve(written, lookup)
			c.report(x, problems)
		}
		name := http.CanonicalHeaderKey(strings.TrimSpace(written))
		if computed(name) || !validFieldName(name) {
			continue
		}
		typed = typed || name == "Content-Type"
		if x.Response.Literal || !strings.Contains(h.Value, "{{") {
			a.addField(name, fieldValue(h.Value))
			continue
		}
		t := parse(h.Value, false)
		if text, ok := t.Static(); ok {
			a.addField(name, fieldValue(text))
			continue
		}
		a.filled = append(a.filled, filledField{name: name, value: t, first: draws})
		draws += t.Draws()
		a.dynamic = a.dynamic || t.Dynamic()
	}
	body := x.Response.Body
	json := isJSONBody(x, body)
	if !typed && body != "" {
		a.addField("Content-Type", guessMedia(x.Response.Media, json))
	}
	a.static = []byte(body)
	if !x.Response.Literal && strings.Contains(body, "{{") {
		t := parse(body, json)
		if text, ok := t.Static(); ok {
			a.static = []byte(text)
		} else {
			a.body, a.static = t, nil
			a.dynamic = a.dynamic || t.Dynamic()
		}
	}
	if a.body == nil {
		a.length = []string{strconv.Itoa(len(a.static))}
	}
	a.draws = draws
	return a
}

// pathNames are the names of a path's ":name" segments.
func pathNames(path string) []string {
	var out []string
	for s := range strings.SplitSeq(path, "/") {
		if len(s) > 1 && s[0] == ':' {
			out = append(out, s[1:])
		}
	}
	return out
}

// addField adds a value; a name may repeat, as Set-Cookie does.
func (a *savedAnswer) addField(name, value string) {
	for i := range a.fields {
		if a.fields[i].Name == name {
			a.fields[i].Values = append(a.fields[i].Values, value)
			return
		}
	}
	a.fields = append(a.fields, Field{Name: name, Values: []string{value}})
}

// computed are the header fields that belong to the message as it was sent
// when it was saved: they are computed anew.
func computed(name string) bool {
	switch name {
	case "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "Trailer", "Date":
		return true
	}
	return false
}

// isJSONBody tells whether holes of a body stand in JSON: by its media type, or
// because it is JSON whatever the media type says.
func isJSONBody(x *definition.Exchange, body string) bool {
	media := x.Response.Media
	for _, h := range x.Response.Header {
		if strings.EqualFold(h.Name, "Content-Type") {
			media = h.Value
		}
	}
	media = strings.ToLower(plainType(media))
	if media == "application/json" || media == "text/json" || strings.HasSuffix(media, "+json") {
		return true
	}
	start := strings.TrimSpace(body)
	if start == "" || start[0] != '{' && start[0] != '[' || strings.HasPrefix(start, "{{") {
		return false
	}
	_, err := document.ParseJSON(withoutHoles(start), 1, document.Limits{})
	return err == nil
}

// withoutHoles puts a number in the place of each hole.
func withoutHoles(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, after, ok := strings.Cut(rest, "}}")
		if !ok {
			b.WriteString("{{" + rest)
			return b.String()
		}
		b.WriteByte('0')
		text = after
	}
}

func guessMedia(media string, json bool) string {
	switch {
	case media != "":
		if strings.HasPrefix(media, "text/") && !strings.Contains(media, ";") {
			return media + "; charset=utf-8"
		}
		return media
	case json:
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// variables finds the variables of scopes, over which an environment stands.
type variables struct {
	scopes      []definition.Scope
	environment map[string]string
	levels      []map[string]string
	hidden      map[string]bool // the names of secret ones, in any scope; may be nil
}

func (v *variables) hide(list []definition.Variable) {
	for _, x := range list {
		if x.Secret && !x.Disabled {
			if v.hidden == nil {
				v.hidden = map[string]bool{}
			}
			v.hidden[x.Name] = true
		}
	}
}

func newVariables(scopes []definition.Scope, environment []definition.Variable) *variables {
	v := &variables{scopes: scopes, environment: values(environment)}
	for i := range scopes {
		v.levels = append(v.levels, values(scopes[i].Variables))
	}
	v.hide(environment)
	for i := range scopes {
		v.hide(scopes[i].Variables)
	}
	return v
}

// values are the variables that are on; of several of a name the last counts,
// as in Postman.
func values(list []definition.Variable) map[string]string {
	out := map[string]string{}
	for _, x := range list {
		if !x.Disabled {
			out[x.Name] = x.Value
		}
	}
	return out
}

// lookup gives the variables as an exchange of a scope sees them: the
// environment's, then the nearest.
func (v *variables) lookup(scope int) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := v.environment[name]; ok {
			return value, true
		}
		for at := scope; at >= 0 && at < len(v.levels); at = v.scopes[at].Parent {
			if value, ok := v.levels[at][name]; ok {
				return value, true
			}
		}
		return "", false
	}
}

// counter counts the calls of each method and path.
type counter struct {
	mu    sync.Mutex
	calls map[uint64]uint64
}

// maxCounted bounds the calls that are told apart. What comes after that
// shares one count.
const maxCounted = 1 << 16

// callsBefore is how often this call was made before.
func (x *exchange) callsBefore() uint64 {
	c := &x.mock.examples.counts
	if x.purpose == sending {
		return c.next(x.req.Method, x.req.Path)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := counted(x.req.Method, x.req.Path)
	if _, known := c.calls[key]; !known && len(c.calls) >= maxCounted {
		key = 0
	}
	return c.calls[key]
}

func counted(method, path string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(method + " " + path))
	return h.Sum64()
}

// next is how often a call was made before, and counts it.
func (c *counter) next(method, path string) uint64 {
	key := counted(method, path)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[uint64]uint64{}
	}
	n, known := c.calls[key]
	if !known && len(c.calls) >= maxCounted {
		key = 0
		n = c.calls[key]
	}
	c.calls[key] = n + 1
	return n
}
