// Package engine answers requests from a definition. It compiles one into an
// immutable Mock, whose chain of responders gives every answer and says why.
// It knows nothing of sockets: HTTP, tests and fuzzers are adapters around it.
package engine

import (
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/saved"
	"github.com/mimus-dev/mimus/internal/schema"
)

type value = definition.Value

// Validation tells what becomes of a request that breaks the contract.
type Validation uint8

// The ways of validation. Strict, the default, answers with the error that the
// contract declares; Warn answers normally and reports in the header
// "sl-violations"; Off checks nothing of a request.
const (
	Strict Validation = iota
	Warn
	Off
)

// Config are the settings of a mock. The zero value means the defaults.
type Config struct {
	Seed           string // "" is "mimus"
	Validation     Validation
	Dynamic        bool // generate instead of serving examples
	IgnoreExamples bool // generate static bodies as if there were no examples
	Errors         bool // an answer that breaks the contract becomes a 500
	NoCORS         bool
	Delay          Delay
	BasePath       string        // replaces the base paths of the servers, and is required
	Faker          *schema.Faker // overrides the document's settings
	BodyLimit      int64         // of a request, also after decompression; 0: 10 MB
	Callbacks      bool          // callbacks are made

	// Of living resources:
	State     Living
	Stateless []string // operations that keep no state, by id or by method and path
	Resources resource.Config
	Carry     *resource.State // what there was before the mock was compiled again; nil: nothing

	// Of saved examples:
	Matching    saved.Config
	Environment []definition.Variable // stands over the variables of the definition
	Now         func() time.Time      // nil: time.Now

	// What is set over the definition:
	ServerResponse *Canned // answers every call
	Pins           []Pin
	Faults         []Fault
	Upstream       func(Forward) (Forwarded, error) // is asked where nothing answers
	Counters       *Counters                        // nil: the mock's own
}

const (
	defaultSeed      = "mimus"
	defaultBodyLimit = 10 << 20
	maxGenerated     = 1 << 20
)

// Mock answers requests. It is immutable and safe for concurrent use.
type Mock struct {
	def    *definition.Definition
	cfg    Config
	set    *schema.Set
	text   *schema.Schema // of any text
	routes *routes
	bases  []base
	ops    []*operation
	byID   map[string]*operation
	faker  *schema.Faker
	seed   uint64
	chain  []responder

	examples *examples // nil where there are none
	problems []Problem

	model   *resource.Model // nil: no resources live
	state   *resource.State
	gateway *gateway // nil: no resources live

	hasCallbacks bool

	pins     []Pin
	faults   []Fault
	steering []Problem // pins and faults that don't fit

	panics atomic.Int64
}

// responder is one link of the chain: it answers, or passes with a reason.
type responder struct {
	name   string
	answer func(*exchange) bool
}

// Compile makes a mock of a definition. What can't be served was left out, with
// a diagnostic, when the definition was read.
func Compile(def *definition.Definition, cfg Config) *Mock {
	if cfg.Seed == "" {
		cfg.Seed = defaultSeed
	}
	if cfg.BodyLimit <= 0 {
		cfg.BodyLimit = defaultBodyLimit
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(cfg.Seed))
	m := &Mock{
		def: def, cfg: cfg, set: schema.NewSet(def.Schemas),
		byID: map[string]*operation{}, seed: h.Sum64(),
		faker: fakerSettings(def.Faker, cfg.Faker),
	}
	m.text = m.set.Compile(&value{Kind: definition.Object, Kids: []value{definition.NewString("string").With("type")}})
	m.routes = newRoutes()
	for _, d := range def.Operations {
		op := newOperation(m, d)
		m.ops = append(m.ops, op)
		m.routes.add(d.Path, op)
		m.hasCallbacks = m.hasCallbacks || len(d.Callbacks) > 0
		if d.ID != "" && m.byID[d.ID] == nil {
			m.byID[d.ID] = op
		}
	}
	m.bases = basePaths(def, cfg.BasePath)
	m.examples, m.problems = compileExamples(def, &cfg)
	m.prepareSteering()
	m.live()
	m.chain = m.responders()
	return m
}

// responders is the chain. Without a contract, saved examples answer alone;
// what is not set costs nothing.
func (m *Mock) responders() []responder {
	chain := []responder{{"preflight", m.preflight}}
	add := func(set bool, name string, answer func(*exchange) bool) {
		if set {
			chain = append(chain, responder{name, answer})
		}
	}
	contract := len(m.ops) > 0 || m.examples == nil
	add(m.cfg.ServerResponse != nil, "server response", m.answerCanned)
	add(len(m.faults) > 0, "faults", m.applyFaults)
	add(contract, "route", m.route)
	add(contract, "overrides", m.overrides)
	add(contract, "validation", m.checkContract)
	add(len(m.pins) > 0, "pins", m.applyPins)
	add(m.examples != nil, "saved", m.answerSaved)
	if contract && m.state != nil {
		chain = append(chain, responder{"state", m.onceForEachKey(m.answerState, m.gateway)})
	}
	add(contract, "contract", m.answerContract)
	return chain
}

// Living tells whether resources live: what is written can be read back.
type Living uint8

// LivingAuto, the default, has the resources of a document live that comes
// without saved examples.
const (
	LivingAuto Living = iota
	LivingOn
	LivingOff
)

// live infers the resources and makes their state.
func (m *Mock) live() {
	alone := len(m.def.Exchanges) == 0 && !m.def.NoContract
	if m.cfg.State == LivingOff || m.cfg.State == LivingAuto && !alone || len(m.ops) == 0 {
		return
	}
	cfg := m.cfg.Resources
	cfg.Seed = m.cfg.Seed
	if cfg.Now == nil {
		cfg.Now = m.cfg.Now
	}
	if model := resource.Infer(m.def, m.set, m.faker); len(model.Resources) > 0 {
		m.model, m.state = model, resource.NewState(model, cfg)
		m.gateway = newGateway(m)
		if m.cfg.Carry != nil {
			m.state.Adopt(m.cfg.Carry)
			m.cfg.Carry = nil
		}
	}
	for _, name := range m.cfg.Stateless {
		if t := m.target(name); t != nil && t.op != nil {
			t.op.stateless = true
		} else {
			m.unfit("stateless-no-operation", "The setting stateless names "+name+", which has no effect: there is no such operation.", m.someOperations())
		}
	}
}

// Resources tells which resources live, and how they were understood.
func (m *Mock) Resources() resource.Description {
	if m.state == nil {
		return resource.Infer(m.def, m.set, m.faker).Describe()
	}
	return m.state.Describe()
}

// State is what there is of living resources; nil where none live.
func (m *Mock) State() *resource.State { return m.state }

// Living lists paths of items that are there at the start, at most so many,
// with the credentials that reading them asks for, as curl takes them.
func (m *Mock) Living(most int) (paths, credentials []string) {
	if m.state == nil {
		return nil, nil
	}
	for _, first := range m.state.First(most) {
		option, query := curlCredentials(first.Read)
		paths, credentials = append(paths, first.Path+query), append(credentials, option)
	}
	return paths, credentials
}

// Problems are what can't be filled in of the saved examples.
func (m *Mock) Problems() []Problem { return m.problems }

// Examples is the number of saved examples that are served.
func (m *Mock) Examples() int {
	if m.examples == nil {
		return 0
	}
	return len(m.examples.answers)
}

// Operations is the number of operations that are served.
func (m *Mock) Operations() int { return len(m.ops) }

// Definition is what the mock was compiled from; it must not be changed.
func (m *Mock) Definition() *definition.Definition { return m.def }

// Panics counts the faults that were contained since the mock was compiled.
func (m *Mock) Panics() int64 { return m.panics.Load() }

// Answer answers one request into res, which must be new or reset. It never
// fails: what goes wrong is an answer, too.
func (m *Mock) Answer(req *Request, res *Response) { m.run(req, res, sending) }

// run has the chain answer.
func (m *Mock) run(req *Request, res *Response, purpose purpose) {
	x := &res.x
	query, vars, params := x.query[:0], x.vars[:0], x.params[:0]
	*x = exchange{}
	x.mock, x.req, x.res, x.query, x.vars, x.params = m, req, res, query, vars, params
	x.purpose, x.explains, x.prefer = purpose, purpose == explaining, req.Header["Prefer"]
	defer func() {
		if p := recover(); p != nil {
			m.contain(req, res, p)
		}
	}()
	res.Trace = res.trace[:0]
	if x.prefer != nil || req.RawQuery != "" {
		x.readExplain()
	}
	for i := range m.chain {
		if m.chain[i].answer(x) {
			if res.Responder == "" {
				res.Responder = m.chain[i].name
			}
			break
		}
	}
	if purpose != rehearsing {
		x.finish()
	}
}

// contain answers for a fault.
func (m *Mock) contain(req *Request, res *Response, fault any) {
	m.panics.Add(1)
	asked := res.x.asked
	res.Reset()
	x := &res.x
	*x = exchange{mock: m, req: req, res: res, asked: asked}
	res.Fault = fmt.Sprintf("%v\n%s", fault, debug.Stack())
	x.problem(500, "UNKNOWN", "Internal error of the mock server", "The mock server failed while it made this answer; the fault is contained and was logged.")
	x.cors()
	res.NoBody = req.Method == "HEAD"
	if asked {
		x.explainInField()
	}
}

// fakerSettings are a document's with the command line's laid over them.
func fakerSettings(doc *value, over *schema.Faker) *schema.Faker {
	f := schema.ReadFaker(doc)
	if over != nil {
		f.Fill = f.Fill && over.Fill
	}
	return &f
}

// NamesItself reports whether answers may hold the mock's own URL: those of
// items, of pages, and what callbacks are made of.
func (m *Mock) NamesItself() bool { return m.state != nil || m.MakesCallbacks() }

// MakesCallbacks reports whether any answer may be followed by callbacks.
func (m *Mock) MakesCallbacks() bool { return m.cfg.Callbacks && m.hasCallbacks }
