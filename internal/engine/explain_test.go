package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mimus-dev/mimus/internal/saved"
)

// shown is an explanation as a client reads it.
type shown struct {
	Status                        int
	Responder, Operation, Example string
	Steps                         []struct {
		Responder, Why string
		Answered       bool
		Candidates     []struct {
			Operation, Example, Response, Type, Why string
			Score                                   int
		}
	}
	Nearest []struct{ Method, Path, Name string }
	Cut     bool
}

func explained(t *testing.T, res *Response) *shown {
	t.Helper()
	text := res.Get(explanationField)
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			t.Fatalf("byte %#x at %d is not for a header field: %s", text[i], i, text)
		}
	}
	var e shown
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatalf("%v: %q", err, text)
	}
	return &e
}

// steps are the responders of an explanation, the one that answered in brackets.
func (e *shown) steps() string {
	var out []string
	for _, s := range e.Steps {
		name := s.Responder
		if s.Answered {
			name = "[" + name + "]"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

var explain = []string{"Prefer: explain"}

func TestPreferExplain_TellsTheStepsOfEveryResponder(t *testing.T) {
	t.Parallel()
	contract := func(cfg Config) *Mock { return mockOf(t, payments, cfg) }
	examples := func(cfg Config) *Mock { return collection(t, shop, cfg) }
	upstream := func(Forward) (Forwarded, error) { return Forwarded{Status: 203}, nil }
	down := func(Forward) (Forwarded, error) { return Forwarded{}, errors.New("refused") }
	for name, c := range map[string]struct {
		m      *Mock
		target string
		status int
		steps  string
	}{
		"a contract":            {contract(Config{}), "POST /payments", 201, "preflight route overrides validation state [contract]"},
		"a declared error":      {mockOf(t, guarded, Config{}), "GET /a", 401, "preflight route overrides validation [contract]"},
		"an undeclared error":   {mockOf(t, guarded, Config{}), "GET /b", 401, "preflight route overrides validation [problem]"},
		"a path that isn't":     {contract(Config{}), "GET /pay", 404, "preflight route [problem]"},
		"a method that isn't":   {contract(Config{}), "PUT /payments", 405, "preflight route [problem]"},
		"options":               {contract(Config{}), "OPTIONS /payments", 204, "preflight route [options]"},
		"a server response":     {contract(Config{ServerResponse: &Canned{Name: "down", Status: 503}}), "GET /x", 503, "preflight [server response]"},
		"a pin":                 {contract(Config{Pins: []Pin{{Operation: "pay", Step: Step{Status: 402}}}}), "POST /payments", 402, "preflight route overrides validation pins state [contract]"},
		"a pin for another":     {contract(Config{Pins: []Pin{{Operation: "GET /payments/{id}", Step: Step{Status: 200}}}}), "POST /payments", 201, "preflight route overrides validation pins state [contract]"},
		"a fault":               {contract(Config{Faults: []Fault{{Kind: FaultError, Share: 1}}}), "POST /payments", 503, "preflight [faults] contract"},
		"no fault":              {contract(Config{Faults: []Fault{{Kind: FaultError}}}), "POST /payments", 201, "preflight faults route overrides validation state [contract]"},
		"a fault on a miss":     {contract(Config{Faults: []Fault{{Kind: FaultError, Share: 1}}}), "POST /none", 500, "preflight [faults] problem"},
		"an upstream":           {contract(Config{Upstream: upstream}), "GET /none", 203, "preflight route [upstream]"},
		"an upstream down":      {contract(Config{Upstream: down}), "GET /none", 502, "preflight route upstream [problem]"},
		"a saved example":       {examples(Config{}), "GET /pets/7", 200, "preflight [saved]"},
		"no saved example":      {examples(Config{}), "DELETE /pets/7", 404, "preflight saved [problem]"},
		"a collection's fault":  {examples(Config{Faults: []Fault{{Kind: FaultError, Share: 1, Status: 404}}}), "GET /pets/7", 404, "preflight [faults]"},
		"a collection upstream": {examples(Config{Upstream: upstream}), "GET /none", 203, "preflight saved [upstream]"},
		"both":                  {both(t, petExample("/pets/1", "200", `"{}"`), Config{}), "GET /pets/2", 200, "preflight route overrides validation [saved]"},
		"both, of the contract": {both(t, petExample("/x/1", "200", `"{}"`), Config{}), "GET /pets/2", 200, "preflight route overrides validation saved [contract]"},
		"both, broken":          {both(t, petExample("/pets/1", "200", `"{\"id\": \"x\"}"`), Config{Errors: true}), "GET /pets/2", 500, "preflight route overrides validation saved [problem]"},
	} {
		plain := ask(c.m, sent{target: c.target})
		for _, f := range plain.Fields {
			if f.Name == explanationField || slices.Contains(f.Values, "*, "+explanationField) {
				t.Errorf("%s: explained without being asked: %v", name, f)
			}
		}
		res := ask(c.m, sent{target: c.target, header: explain})
		e := explained(t, res)
		if res.Status != c.status || e.Status != c.status || e.steps() != c.steps || string(res.Body) != string(plain.Body) {
			t.Errorf("%s: got %d %s, want %d %s", name, e.Status, e.steps(), c.status, c.steps)
		}
		if e.Responder != res.Responder {
			t.Errorf("%s: the responder is %q, and explained as %q", name, res.Responder, e.Responder)
		}
		for i, l := range res.Trace {
			if l.Why == "" || l.Answered && l.Responder != res.Responder {
				t.Errorf("%s: line %d is %+v", name, i, l)
			}
		}
		dry := c.m.Explain(requestOf(sent{target: c.target}))
		if !strings.Contains(c.steps, "upstream") && (dry.Status != c.status || dry.Responder != res.Responder) {
			t.Errorf("%s: a dry run gives %d by %s", name, dry.Status, dry.Responder)
		}
	}
}

const guarded = `{openapi: 3.0.0, components: {securitySchemes: {k: {type: apiKey, in: header, name: X-Key}}}, security: [{k: []}], paths: {
	/a: {get: {responses: {"200": {description: d}, "401": {description: d}}}},
	/b: {get: {responses: {"200": {description: d}}}}}}`

func TestPreferExplain_ChangesNothingElse(t *testing.T) {
	t.Parallel()
	doc := `{openapi: 3.0.0, paths: {/x: {get: {
		parameters: [{name: Prefer, in: header, schema: {type: string, enum: ["code=404"]}}],
		responses: {"200": {description: d, content: {application/json: {schema: ` + twenty() + `}}}, "404": {description: d}}}}}}`
	m := mockOf(t, doc, Config{Dynamic: true})
	for _, c := range []struct{ target, with, without, applied string }{
		{"/x", "explain", "", "explain"},
		{"/x", "code=404, explain", "code=404", "code=404, explain"},
		{"/x", "explain; code=404", "code=404", "code=404, explain"},
		{"/x", `EXPLAIN="true"`, "", "explain"},
		{"/x?__explain=true&q=1", "", "/x?q=1", "explain"},
		{"/x?q=1&__code=404&__explain", "", "/x?q=1&__code=404", "code=404, explain"},
		{"/x?__code=404", "explain", "", "code=404, explain"},
		{"/x", "explain=false, code=404", "code=404", "code=404"},
	} {
		asking := func(target, prefer string) *Response {
			if prefer == "" {
				return ask(m, sent{target: target})
			}
			return ask(m, sent{target: target, header: []string{"Prefer: " + prefer}})
		}
		res := asking(c.target, c.with)
		target, prefer := c.target, c.without
		if strings.HasPrefix(c.without, "/") {
			target, prefer = c.without, ""
		}
		plain := asking(target, prefer)
		if string(res.Body) != string(plain.Body) || res.Status != plain.Status || res.Get("Preference-Applied") != c.applied {
			t.Errorf("%s, Prefer %q: got %d %s with %q, without it %d %s", c.target, c.with, res.Status, res.Body, res.Get("Preference-Applied"), plain.Status, plain.Body)
		}
		if told := res.Get(explanationField) != ""; told == strings.Contains(c.with, "false") {
			t.Errorf("%s, Prefer %q: explained %v", c.target, c.with, told)
		}
	}
	res := ask(m, sent{target: "/x", header: explain})
	if got := res.Get("Access-Control-Expose-Headers"); got != "*, X-Mimus-Explanation" {
		t.Errorf("a page may read %q", got)
	}
	if res := ask(collection(t, shop, Config{}), sent{target: "/pets/7?__explain=true"}); res.Get(explanationField) != "" {
		t.Error("a collection's query is its own")
	}
	res = ask(m, sent{target: "OPTIONS /x?__explain=true", header: []string{"Origin: http://a", "Access-Control-Request-Method: GET"}})
	if res.Get(explanationField) != "" || res.Get("Access-Control-Expose-Headers") != "*" {
		t.Error("a preflight is explained")
	}
}

func TestPreferExplain_TellsWhatElseMightHaveAnswered(t *testing.T) {
	t.Parallel()
	m := mockOf(t, preferDocument, Config{})
	e := explained(t, ask(m, sent{target: "/x?p=2", header: explain}))
	last := e.Steps[len(e.Steps)-1]
	if last.Why != `response 201, application/json: example "two" belongs to this request` || e.Example != "two" {
		t.Errorf("it says %q of the example %q", last.Why, e.Example)
	}
	var got []string
	for _, c := range last.Candidates {
		got = append(got, c.Example+c.Response)
	}
	if want := []string{"one", "404", "5XX"}; !slices.Equal(got, want) {
		t.Errorf("candidates are %v, want %v", got, want)
	}
	e = explained(t, ask(m, sent{target: "/x", header: []string{"Prefer: explain, code=418"}}))
	if line := e.Steps[len(e.Steps)-2]; line.Responder != "contract" || line.Answered || len(line.Candidates) != 3 {
		t.Errorf("of a status that isn't there: %+v", line)
	}

	c := collection(t, shop, Config{})
	e = explained(t, ask(c, sent{target: "/pets/7", header: explain}))
	rivals := e.Steps[len(e.Steps)-1].Candidates
	if len(rivals) != 1 || rivals[0].Example != "None" || rivals[0].Score != 90 || rivals[0].Why != "it scores the same: a status of 2xx comes first" {
		t.Errorf("rivals are %+v", rivals)
	}
	c = collection(t, matched, Config{Matching: saved.Config{Body: true}})
	e = explained(t, ask(c, sent{target: "/pets?kind=dog", header: explain}))
	var why []string
	for _, r := range e.Steps[len(e.Steps)-1].Candidates {
		why = append(why, fmt.Sprint(r.Example, " ", r.Score, " ", r.Why))
	}
	if want := []string{"None 110 it scores the same: a status of 2xx comes first", "Cats 90 it scores less: the path is equal, the query differs"}; !slices.Equal(why, want) {
		t.Errorf("rivals are %q, want %q", why, want)
	}
}

func TestPreferExplain_IsCutToFitAHeaderField(t *testing.T) {
	t.Parallel()
	var names strings.Builder
	for i := range 12 {
		fmt.Fprintf(&names, `, "%s%d": {value: 1}`, strings.Repeat("grün", 150), i)
	}
	m := mockOf(t, `{openapi: 3.0.0, paths: {/x: {get: {responses: {"200": {description: d, content: {application/json: {examples: {first: {value: 1}`+names.String()+`}}}}}}}}}`, Config{})
	res := ask(m, sent{target: "/x", header: explain})
	if e := explained(t, res); !e.Cut || len(res.Get(explanationField)) > maxExplanation || e.steps() != "preflight route overrides validation [contract]" {
		t.Errorf("%d bytes, cut %v: %s", len(res.Get(explanationField)), e.Cut, e.steps())
	}
	e := Explanation{Operation: strings.Repeat("\x7f\"é", 9000)}
	for i := range 500 {
		e.Steps = append(e.Steps, ExplainedStep{TraceLine: TraceLine{Responder: "pins", Why: strings.Repeat("é", i)}})
	}
	if text := e.field(); len(text) > maxExplanation || !strings.HasSuffix(text, `,"cut":true}`) || strings.Contains(text, "\x7f") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	if len(e.Steps) != 500 || e.Steps[499].Why != strings.Repeat("é", 499) {
		t.Error("what is explained was changed")
	}
}

func TestExplain_MovesNothing(t *testing.T) {
	t.Parallel()
	asked := 0
	m := mockOf(t, payments, Config{
		Pins:     []Pin{{Operation: "pay", Sequence: []Step{{Status: 503}, {Status: 402}}, Times: 1}},
		Faults:   []Fault{{Operation: "GET /payments/{id}", Kind: FaultError, Share: 0.5}},
		Upstream: func(Forward) (Forwarded, error) { asked++; return Forwarded{Status: 200}, nil },
		Delay:    Delay{Mean: 5, Deviation: 2},
	})
	for range 3 {
		if e := m.Explain(requestOf(sent{target: "POST /payments"})); e.Status != 503 {
			t.Errorf("explained as %d, want the pin's first step", e.Status)
		}
		m.Explain(requestOf(sent{target: "GET /payments/1"}))
		if e := m.Explain(requestOf(sent{target: "GET /none"})); e.Status != 0 || e.Responder != "upstream" {
			t.Errorf("where an upstream would be asked: %+v", e)
		}
	}
	if c := m.cfg.Counters; asked != 0 || c.calls.Load() != 0 || c.delays.Load() != 0 {
		t.Errorf("the upstream was asked %d times, %d calls and %d delays were counted", asked, c.calls.Load(), c.delays.Load())
	}
	if got := statuses(m, "POST /payments", 3); !slices.Equal(got, []int{503, 402, 201}) {
		t.Errorf("after that the pin gives %v", got)
	}
	for range 30 { // what is explained is what comes
		want := m.Explain(requestOf(sent{target: "GET /payments/1"})).Status
		if got := ask(m, sent{target: "GET /payments/1"}).Status; got != want {
			t.Errorf("explained as %d, answered with %d", want, got)
		}
	}

	c := collection(t, shop, Config{})
	other := collection(t, shop, Config{})
	for range 3 {
		c.Explain(requestOf(sent{target: "/draw"}))
	}
	if a, b := ask(c, sent{target: "/draw"}), ask(other, sent{target: "/draw"}); string(a.Body)[:60] != string(b.Body)[:60] {
		t.Errorf("the template's counter moved: %s, %s", a.Body, b.Body)
	}
}

func TestExplain_AFault_IsContained(t *testing.T) {
	t.Parallel()
	m := mockOf(t, payments, Config{})
	m.chain = append(m.chain[:2:2], responder{"broken", func(*exchange) bool { panic("oh") }})
	if e := m.Explain(requestOf(sent{target: "POST /payments"})); e.Status != 500 || e.Responder != "problem" {
		t.Errorf("explained as %+v", e)
	}
	if res := ask(m, sent{target: "POST /payments", header: explain}); res.Status != 500 || explained(t, res).steps() != "[problem]" {
		t.Errorf("got %d %s", res.Status, res.Get(explanationField))
	}
}

// What explaining costs is paid by who asks for it.
func TestAnswer_WithoutExplain_DescribesNoCandidates(t *testing.T) {
	t.Parallel()
	for _, m := range []*Mock{mockOf(t, preferDocument, Config{}), collection(t, shop, Config{})} {
		for _, target := range []string{"/x", "/pets/1"} {
			if r := ask(m, sent{target: target}).x.rivals; r != nil {
				t.Errorf("%s: %+v", target, r)
			}
		}
	}
}
