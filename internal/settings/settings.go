// Package settings is what can be set for a mock server, as the API and a file
// write it.
package settings

import (
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/saved"
)

// Settings are those of one mock server. [Default] is what holds where nothing
// is said.
type Settings struct {
	// Postman's own:
	MatchBody        bool
	MatchHeader      bool
	Headers          []string // the names that MatchHeader compares
	MatchQueryParams bool
	MatchWildcards   bool
	Delay            *Delay
	ServerResponseID string // the active server response; "" none

	// Ours:
	MatchFuzzy     bool
	Seed           string
	Validation     string // strict, warn, off
	Dynamic        bool
	Errors         bool
	CORS           bool
	IgnoreExamples bool
	BasePath       string
	BodyLimit      int64
	Contract       bool
	State          string   // on, off, "": what the source says
	Sessions       string   // on, off
	Stateless      []string // operations that keep no state
	World          *int     // items of each resource at the start; nil: 25
	Epoch          string   // when that was; "": the usual
	StateItems     int      // most items of one resource; 0: 100,000
	StateMemory    int64    // most bytes for all items; 0: 256 MB
	Pins           []Pin
	Faults         []Fault
	RateLimit      *RateLimit
	Upstream       string
	KeepCalls      bool
	KeepBodies     bool
	Redact         []string // names of headers and query parameters whose values the log leaves out
	Overlay        []byte   // its text; nil: none
}

// Delay is how long answers are held back. Times are milliseconds.
type Delay struct {
	Type      string // fixed, range, normal
	Preset    string // of Postman, for fixed: "1" is 2G, "2" is 3G
	Duration  int
	Min, Max  int
	Mean      int
	Deviation int
}

// Pin decides how an operation answers.
type Pin struct {
	Operation string
	Step
	Sequence []Step
	Times    int
}

// Step is one answer of a pin.
type Step struct {
	Status  int
	Example string
	Dynamic *bool
}

// Fault has a share of the calls go wrong.
type Fault struct {
	Operation string
	Kind      string
	Share     float64
	Status    int
	Duration  int // milliseconds
}

// RateLimit bounds the calls in a time.
type RateLimit struct {
	Requests int
	Per      time.Duration // second, minute, hour
	Burst    int
}

// Default are the settings where nothing is said.
func Default() Settings {
	return Settings{MatchQueryParams: true, MatchWildcards: true, MatchFuzzy: true, CORS: true, KeepCalls: true, KeepBodies: true, Validation: "strict"}
}

// Engine are the settings as a mock is compiled with them; what comes from
// elsewhere (server response, upstream, environment) the caller adds.
func (s *Settings) Engine() engine.Config {
	cfg := engine.Config{
		Seed: s.Seed, Dynamic: s.Dynamic, IgnoreExamples: s.IgnoreExamples, Errors: s.Errors, NoCORS: !s.CORS,
		BasePath: strings.TrimRight(s.BasePath, "/"), BodyLimit: s.BodyLimit,
		Matching: saved.Config{
			Body: s.MatchBody, Header: s.MatchHeader, Headers: s.Headers,
			NoQuery: !s.MatchQueryParams, NoWildcards: !s.MatchWildcards, NoFuzzy: !s.MatchFuzzy,
		},
	}
	switch s.Validation {
	case "warn":
		cfg.Validation = engine.Warn
	case "off":
		cfg.Validation = engine.Off
	}
	if d := s.Delay; d != nil {
		switch d.Type {
		case "range":
			cfg.Delay = engine.Delay{Min: ms(d.Min), Max: ms(d.Max)}
		case "normal":
			cfg.Delay = engine.Delay{Mean: ms(d.Mean), Deviation: ms(d.Deviation)}
		default:
			cfg.Delay = engine.Delay{Min: ms(d.Duration), Max: ms(d.Duration)}
		}
	}
	switch {
	case s.State == "on":
		cfg.State = engine.LivingOn
	case s.State == "off", s.Contract:
		cfg.State = engine.LivingOff
	}
	cfg.Stateless = s.Stateless
	cfg.Resources = resource.Config{MaxItems: s.StateItems, MaxBytes: s.StateMemory}
	if s.World != nil {
		if cfg.Resources.World = *s.World; *s.World == 0 {
			cfg.Resources.World = -1
		}
	}
	cfg.Resources.Epoch, _ = time.Parse(time.RFC3339, s.Epoch)
	for _, p := range s.Pins {
		pin := engine.Pin{Operation: p.Operation, Step: engine.Step(p.Step), Times: p.Times}
		for _, step := range p.Sequence {
			pin.Sequence = append(pin.Sequence, engine.Step(step))
		}
		cfg.Pins = append(cfg.Pins, pin)
	}
	for _, f := range s.Faults {
		cfg.Faults = append(cfg.Faults, engine.Fault{
			Operation: f.Operation, Kind: engine.FaultKind(f.Kind), Share: f.Share, Status: f.Status, Duration: ms(f.Duration),
		})
	}
	return cfg
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// AppendJSON writes the settings: Postman's members always, ours where they
// are not the default.
func (s *Settings) AppendJSON(dst []byte) []byte {
	v := s.Value()
	return v.AppendJSON(dst)
}

// Value is the form of the settings in JSON and YAML.
func (s *Settings) Value() definition.Value {
	o := definition.NewObject()
	add := func(key string, v definition.Value) { o.Kids = append(o.Kids, v.With(key)) }
	add("headers", texts(s.Headers))
	add("matchBody", boolean(s.MatchBody))
	add("matchHeader", boolean(s.MatchHeader))
	add("matchQueryParams", boolean(s.MatchQueryParams))
	add("matchWildcards", boolean(s.MatchWildcards))
	add("delay", s.Delay.value())
	if s.ServerResponseID == "" {
		add("serverResponseId", null())
	} else {
		add("serverResponseId", definition.NewString(s.ServerResponseID))
	}
	text := func(key, v, standard string) {
		if v != standard {
			add(key, definition.NewString(v))
		}
	}
	flag := func(key string, v, standard bool) {
		if v != standard {
			add(key, boolean(v))
		}
	}
	flag("matchFuzzy", s.MatchFuzzy, true)
	text("seed", s.Seed, "")
	text("validation", s.Validation, "strict")
	flag("dynamic", s.Dynamic, false)
	flag("errors", s.Errors, false)
	flag("cors", s.CORS, true)
	flag("ignoreExamples", s.IgnoreExamples, false)
	text("basePath", s.BasePath, "")
	if s.BodyLimit != 0 {
		add("bodyLimit", definition.NewInt(s.BodyLimit))
	}
	flag("contract", s.Contract, false)
	text("state", s.State, "")
	text("sessions", s.Sessions, "")
	if len(s.Stateless) > 0 {
		add("stateless", texts(s.Stateless))
	}
	if s.World != nil {
		add("world", definition.NewInt(int64(*s.World)))
	}
	text("epoch", s.Epoch, "")
	if s.StateItems != 0 {
		add("stateItems", definition.NewInt(int64(s.StateItems)))
	}
	if s.StateMemory != 0 {
		add("stateMemory", definition.NewInt(s.StateMemory))
	}
	if len(s.Pins) > 0 {
		list := definition.NewArray()
		for i := range s.Pins {
			list.Kids = append(list.Kids, s.Pins[i].value())
		}
		add("pins", list)
	}
	if len(s.Faults) > 0 {
		list := definition.NewArray()
		for i := range s.Faults {
			list.Kids = append(list.Kids, s.Faults[i].value())
		}
		add("faults", list)
	}
	if l := s.RateLimit; l != nil {
		v := object("requests", definition.NewInt(int64(l.Requests)), "per", definition.NewString(perName(l.Per)))
		if l.Burst > 0 {
			v.Kids = append(v.Kids, definition.NewInt(int64(l.Burst)).With("burst"))
		}
		add("rateLimit", v)
	}
	text("upstream", s.Upstream, "")
	flag("keepCalls", s.KeepCalls, true)
	flag("keepBodies", s.KeepBodies, true)
	if len(s.Redact) > 0 {
		add("redact", texts(s.Redact))
	}
	text("overlay", string(s.Overlay), "")
	return o
}

func object(pairs ...any) definition.Value {
	o := definition.NewObject()
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Kids = append(o.Kids, pairs[i+1].(definition.Value).With(pairs[i].(string)))
	}
	return o
}

func texts(list []string) definition.Value {
	out := definition.NewArray()
	for _, s := range list {
		out.Kids = append(out.Kids, definition.NewString(s))
	}
	return out
}

func boolean(b bool) definition.Value {
	return definition.Value{Kind: definition.Bool, Text: strconv.FormatBool(b)}
}

func null() definition.Value { return definition.Value{Kind: definition.Null} }

func (d *Delay) value() definition.Value {
	if d == nil {
		return null()
	}
	number := func(n int) definition.Value { return definition.NewInt(int64(n)) }
	o := object("type", definition.NewString(d.Type))
	switch d.Type {
	case "range":
		o.Kids = append(o.Kids, number(d.Min).With("min"), number(d.Max).With("max"))
	case "normal":
		o.Kids = append(o.Kids, number(d.Mean).With("mean"), number(d.Deviation).With("deviation"))
	default:
		if d.Preset != "" {
			o.Kids = append(o.Kids, definition.NewString(d.Preset).With("preset"))
		}
		o.Kids = append(o.Kids, number(d.Duration).With("duration"))
	}
	return o
}

func (s *Step) members(o *definition.Value) {
	if s.Status != 0 {
		o.Kids = append(o.Kids, definition.NewInt(int64(s.Status)).With("status"))
	}
	if s.Example != "" {
		o.Kids = append(o.Kids, definition.NewString(s.Example).With("example"))
	}
	if s.Dynamic != nil {
		o.Kids = append(o.Kids, boolean(*s.Dynamic).With("dynamic"))
	}
}

func (p *Pin) value() definition.Value {
	o := object("operation", definition.NewString(p.Operation))
	p.members(&o)
	if len(p.Sequence) > 0 {
		list := definition.NewArray()
		for i := range p.Sequence {
			step := definition.NewObject()
			p.Sequence[i].members(&step)
			if s := p.Sequence[i]; s.Example == "" && s.Dynamic == nil {
				step = definition.NewInt(int64(s.Status))
			}
			list.Kids = append(list.Kids, step)
		}
		o.Kids = append(o.Kids, list.With("sequence"))
	}
	if p.Times > 0 {
		o.Kids = append(o.Kids, definition.NewInt(int64(p.Times)).With("times"))
	}
	return o
}

func (f *Fault) value() definition.Value {
	o := definition.NewObject()
	if f.Operation != "" {
		o.Kids = append(o.Kids, definition.NewString(f.Operation).With("operation"))
	}
	o.Kids = append(o.Kids, definition.NewString(f.Kind).With("kind"),
		definition.Value{Kind: definition.Number, Text: strconv.FormatFloat(f.Share, 'g', -1, 64)}.With("share"))
	if f.Status != 0 {
		o.Kids = append(o.Kids, definition.NewInt(int64(f.Status)).With("status"))
	}
	if f.Duration != 0 {
		o.Kids = append(o.Kids, definition.NewInt(int64(f.Duration)).With("duration"))
	}
	return o
}

func perName(d time.Duration) string {
	switch d {
	case time.Minute:
		return "minute"
	case time.Hour:
		return "hour"
	}
	return "second"
}
