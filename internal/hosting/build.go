package hosting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
)

// built is a mock that is ready to answer. It is immutable.
type built struct {
	owner    *Mocks
	row      store.Mock
	settings settings.Settings
	kept     bool // its calls are kept
	keep     calls.Keep
	shared   *shared
	mock     *engine.Mock
	handler  server.Handler
	limiter  *rate.Limiter // nil: none
	counters *engine.Counters
	state    *resource.State // what there was when it was built last
	gone     string          // what it was made of and is no more; such a mock is deactivated

	diagnostics []document.Diagnostic
}

// uses reports whether a mock is made of something.
func (b *built) uses(id string) bool {
	return b.row.Collection == id || b.row.Spec == id || b.row.Environment == id || b.row.Workspace == id
}

// remains is what goes on when a mock is built again.
func (b *built) remains() *built {
	r := &built{row: store.Mock{Config: b.row.Config, Spec: b.row.Spec}, counters: b.counters, limiter: b.limiter, state: b.state}
	if b.mock != nil {
		r.state = b.mock.State()
	}
	return r
}

// material is what a mock is made of, as it is stored.
type material struct {
	row         store.Mock
	environment store.Environment
	response    *store.ServerResponse
	gone        string

	collection store.Collection // one of the two
	spec       store.Spec
	files      []store.SpecFile // only where the definition isn't there yet
}

// build compiles a mock, once for all calls that wait for it. While the store is
// out of reach, what answered before a change goes on.
func (e *entry) build(ctx context.Context) (*built, error) {
	e.building.Lock()
	defer e.building.Unlock()
	if _, err := e.owner.cfg.Store.Healthy(); err != nil && e.built.Load() == nil {
		if stale := e.fallBehind(); stale != nil {
			return stale, nil // nobody waits for a store that is known to be away
		}
	}
	b, err := e.buildNow(ctx)
	if errors.Is(err, store.ErrUnavailable) {
		if stale := e.fallBehind(); stale != nil {
			return stale, nil
		}
	}
	return b, err
}

// buildNow compiles a mock as it is stored. The mutex of building is held.
func (e *entry) buildNow(ctx context.Context) (*built, error) {
	for {
		if b := e.built.Load(); b != nil {
			return b, nil
		}
		gen := e.gen.Load()
		b, err := e.owner.compile(ctx, e)
		if err != nil {
			return nil, err
		}
		if e.put(b, gen) {
			return b, nil
		}
	}
}

// put has a mock answer, unless what it is made of changed meanwhile.
func (e *entry) put(b *built, gen int64) bool {
	m := e.owner
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.gen.Load() != gen {
		return false
	}
	e.built.Store(b)
	m.live[e] = struct{}{}
	e.catchUp()
	return true
}

func (m *Mocks) compile(ctx context.Context, e *entry) (*built, error) {
	var in material
	err := m.cfg.Store.View(ctx, func(t *store.Tx) (err error) {
		in, err = m.read(t, e.addr.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	b := &built{owner: m, row: in.row, gone: in.gone}
	if b.settings, err = settings.Parse(in.row.Config); err != nil {
		return nil, fmt.Errorf("the settings of the mock can't be read: %w", err)
	}
	b.kept = b.settings.KeepCalls && !m.cfg.NoCalls
	b.keep = calls.Keep{Bodies: b.settings.KeepBodies, Redact: slices.Concat(m.cfg.Redact, b.settings.Redact)}
	m.mu.Lock()
	old := e.old
	m.mu.Unlock()
	if old != nil && bytes.Equal(old.row.Config, in.row.Config) {
		b.counters, b.limiter = old.counters, old.limiter
	} else {
		b.counters, b.limiter = engine.NewCounters(), limiter(b.settings.RateLimit)
	}
	if in.gone != "" {
		return b, nil
	}
	if b.shared, err = m.definition(ctx, &in, &b.settings); err != nil {
		if kept := e.kept(in.row); kept != nil {
			return kept.despite(err), nil
		}
		return nil, err
	}
	cfg := b.settings.Engine()
	cfg.Counters, cfg.Callbacks, cfg.Now = b.counters, m.cfg.Callbacks != nil, m.cfg.Now
	if old != nil && old.row.Spec == in.row.Spec {
		cfg.Carry = old.state
	}
	if in.environment.ID != "" {
		if cfg.Environment, err = variables(ctx, in.environment.Body); err != nil {
			return nil, fmt.Errorf("the environment %s: %w", in.environment.Name, err)
		}
	}
	if in.response != nil {
		cfg.ServerResponse = canned(in.response)
	}
	if b.settings.Upstream != "" {
		cfg.Upstream = m.upstream(b.settings.Upstream)
	}
	b.mock = engine.Compile(b.shared.definition, cfg)
	b.diagnostics = append(b.diagnostics, b.shared.diagnostics...)
	for _, p := range append(b.mock.Problems(), b.mock.CheckSettings()...) {
		b.diagnostics = append(b.diagnostics, document.Diagnostic{
			Severity: document.Warning, Code: p.Code, File: p.Pos.File, Line: p.Pos.Line, Col: p.Pos.Col, Message: p.Message, Hint: p.Hint,
		})
	}
	mock := b.mock
	b.handler = server.Handler{
		Mock: func() *engine.Mock { return mock }, LowerCase: true, Callbacks: m.cfg.Callbacks, Base: m.URL(&b.row), Sandbox: server.SandboxAll, Before: b.before,
	}
	return b, nil
}

// kept is what the mock answered with before, where it is made of the same; nil
// where there is none.
func (e *entry) kept(row store.Mock) *built {
	e.owner.mu.Lock()
	defer e.owner.mu.Unlock()
	g := e.good
	if g == nil || g.mock == nil || g.row.Collection != row.Collection || g.row.Spec != row.Spec {
		return nil
	}
	return g
}

// despite goes on with what there was, and tells why.
func (b *built) despite(err error) *built {
	goesOn := *b
	goesOn.diagnostics = append([]document.Diagnostic{{
		Severity: document.Error, Code: "unreadable", Message: "the mock answers as it did before the last change: " + err.Error(), Hint: "mend what it is made of",
	}}, b.shared.diagnostics...)
	goesOn.handler.Before = goesOn.before
	return &goesOn
}

// read reads what a mock is made of.
func (m *Mocks) read(t *store.Tx, id string) (in material, err error) {
	if in.row, err = t.Mock(id); err != nil {
		return in, err
	}
	gone := func(kind string, err error) error {
		if errors.Is(err, store.ErrNotFound) {
			in.gone = kind
			return nil
		}
		return err
	}
	switch {
	case in.row.Collection != "":
		if in.collection, err = t.Collection(in.row.Collection); err != nil {
			return in, gone("collection", err)
		}
	default:
		if in.spec, err = t.Spec(in.row.Spec); err != nil {
			return in, gone("spec", err)
		}
		if in.files, err = t.SpecContents(in.spec.ID); err != nil {
			return in, err
		}
	}
	if in.row.Environment != "" {
		if in.environment, err = t.Environment(in.row.Environment); err != nil {
			return in, gone("environment", err)
		}
	}
	if in.row.ResponseID != "" {
		r, err := t.ServerResponse(id, in.row.ResponseID)
		if err == nil {
			in.response = &r
		} else if !errors.Is(err, store.ErrNotFound) {
			return in, err
		}
	}
	return in, nil
}

// shared is a definition that several mocks may be compiled from.
type shared struct {
	id string

	reading     sync.Mutex // held while it is read; what follows is set once
	definition  *definition.Definition
	diagnostics []document.Diagnostic
}

// definitions are those that were read.
type definitions struct {
	mu    sync.Mutex
	byKey map[string]*shared
}

// entry is the place of a definition that is read, or is to be.
func (d *definitions) entry(key, id string) *shared {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.byKey[key]
	if s == nil {
		s = &shared{id: id}
		d.byKey[key] = s
	}
	return s
}

func (d *definitions) forget(which func(*shared) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, s := range d.byKey {
		if which(s) {
			delete(d.byKey, key)
		}
	}
}

// definition reads what a mock is made of, once for all mocks that are made of
// the same.
func (m *Mocks) definition(ctx context.Context, in *material, set *settings.Settings) (*shared, error) {
	id, revision := in.spec.ID, in.spec.Revision
	if in.row.Collection != "" {
		id, revision = in.collection.ID, in.collection.Revision
	}
	key := id + ":" + strconv.FormatInt(revision, 10)
	if len(set.Overlay) > 0 {
		sum := sha256.Sum256(set.Overlay)
		key += ":" + hex.EncodeToString(sum[:])
	}
	if set.Contract {
		key += ":contract:" + in.environment.ID + ":" + strconv.FormatInt(in.environment.Revision, 10)
	}
	s := m.definitions.entry(key, id)
	s.reading.Lock() // others wait for this one only
	defer s.reading.Unlock()
	if s.definition != nil {
		return s, nil
	}
	src := server.Source{Overlay: set.Overlay, OverlayName: "overlay", Contract: set.Contract}
	if in.row.Collection != "" {
		src.Location, src.Data = in.collection.Name+".json", in.collection.Body
		if set.Contract {
			src.EnvironmentData = in.environment.Body
		}
	} else {
		src.Files = make(map[string][]byte, len(in.files))
		for _, f := range in.files {
			src.Files[f.Path] = f.Content
			if f.Root || src.Location == "" {
				src.Location = f.Path
			}
		}
	}
	loaded, err := src.Load(ctx)
	if err != nil {
		return nil, &UnusableError{err}
	}
	s.definition, s.diagnostics = loaded.Definition, loaded.Diagnostics
	return s, nil
}

// UnusableError says why a mock can't be made of its spec or collection.
type UnusableError struct{ Err error }

func (e *UnusableError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *UnusableError) Unwrap() error { return e.Err }

// variables reads a stored environment.
func variables(ctx context.Context, body []byte) ([]definition.Variable, error) {
	const name = "environment.json"
	l := document.NewLoader(document.Config{Files: map[string][]byte{name: body}})
	f, err := l.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	e, _, err := postman.ReadEnvironment(ctx, l, f)
	if err != nil {
		return nil, err
	}
	return e.Definition(), nil
}

// canned is what an active server response answers.
func canned(r *store.ServerResponse) *engine.Canned {
	c := &engine.Canned{Name: r.Name, ID: r.ID, Status: r.Status, Body: r.Body, Language: r.Language}
	var headers []struct{ Key, Value string }
	if json.Unmarshal(r.Headers, &headers) == nil {
		for _, h := range headers {
			c.Header = append(c.Header, engine.HeaderValue{Name: http.CanonicalHeaderKey(h.Key), Value: h.Value})
		}
	}
	return c
}

func limiter(l *settings.RateLimit) *rate.Limiter {
	if l == nil {
		return nil
	}
	return rate.NewLimiter(rate.Limit(float64(l.Requests)/l.Per.Seconds()), max(l.Burst, l.Requests))
}

// Diagnostics are what of a mock does not fit what it is made of; the mock is
// compiled for it.
func (m *Mocks) Diagnostics(ctx context.Context, id string) ([]document.Diagnostic, error) {
	found, ok := m.byID.Load(id)
	if !ok {
		return nil, store.ErrNotFound
	}
	b, err := found.(*entry).build(ctx)
	if err != nil {
		return nil, err
	}
	if b.gone != "" {
		return []document.Diagnostic{{
			Severity: document.Error, Code: "deactivated", Message: "the " + b.gone + " of the mock was deleted", Hint: "give it another one",
		}}, nil
	}
	return b.diagnostics, nil
}
