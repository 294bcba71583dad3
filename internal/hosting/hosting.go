// Package hosting serves the mock servers of a store: it finds them by their
// addresses, and compiles them when they are called.
package hosting

// This file is on the hot path.

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/store"
)

// Config is what mocks are served with.
type Config struct {
	Store *store.Store
	Keys  *access.Keys
	Calls calls.Log
	Log   *slog.Logger
	Now   func() time.Time
	// Domain has each mock at <id or slug>.<domain>; "" none.
	Domain string
	// Mounted are the ids of mocks that something else serves at their prefix.
	Mounted   map[string]bool
	AdminHost string // the host of the management; "" none of its own
	// Base is the URL of the server, without a slash at its end, and what links
	// are made of; never what a Host header says.
	Base func() string
	// Idle is how long a mock stays compiled that is not called; 0: 15 minutes.
	Idle time.Duration
	// Client calls upstreams, within the rules for calls to the outside.
	Client *http.Client
	// Clear is told of keys; may be nil.
	Clear *access.Clear
	// Callbacks takes the callbacks of an answer; may be nil.
	Callbacks func([]engine.Callback)
	// NoCalls keeps no calls of any mock; Redact are names whose values are not
	// kept of any, beside those of its settings.
	NoCalls bool
	Redact  []string
	// Count is told of each answer, whether the call is kept or not, and how long
	// it took; may be nil.
	Count func(res *engine.Response, took time.Duration)
	// Answered is told of each answer of a mock, before it is written; may be
	// nil. Nothing of it must be kept.
	Answered func(ctx context.Context, mock string, req *engine.Request, res *engine.Response)
}

// Mocks are the mock servers of a store. It is safe for concurrent use.
type Mocks struct {
	cfg    Config
	domain string // with a dot before it

	byID   sync.Map // id → *entry
	bySlug sync.Map // slug → *entry
	byHost sync.Map // host → *entry
	prefix atomic.Pointer[map[string]*entry]

	following   sync.Mutex // held while changes are read, so that the later reading stays
	mu          sync.Mutex // held while addresses change
	live        map[*entry]struct{}
	behind      map[*entry]struct{} // those that answer as they did before a change
	fellBehind  chan struct{}
	definitions definitions
}

// entry is a mock at its addresses. What it answers with is compiled on the
// first call.
type entry struct {
	addr  store.MockAddress
	owner *Mocks

	used  atomic.Int64 // seconds since 1970
	built atomic.Pointer[built]
	stale atomic.Pointer[built] // answers while the store is out of reach; nil: nothing does

	building sync.Mutex   // held while it is built; the mutex of the mocks comes after it
	gen      atomic.Int64 // rises with each drop
	// What the last one left, guarded by the mutex of the mocks: its counters,
	// and itself for when what it is made of can't be read after a change.
	old, good *built
}

// New reads the addresses of all mocks.
func New(ctx context.Context, cfg Config) (*Mocks, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Idle == 0 {
		cfg.Idle = 15 * time.Minute
	}
	m := &Mocks{cfg: cfg, live: map[*entry]struct{}{}, behind: map[*entry]struct{}{}, fellBehind: make(chan struct{}, 1)}
	m.definitions.byKey = map[string]*shared{}
	if cfg.Domain != "" {
		m.domain = "." + strings.ToLower(cfg.Domain)
	}
	m.prefix.Store(&map[string]*entry{})
	if err := m.Resync(ctx); err != nil {
		return nil, err
	}
	return m, nil
}

// URL is where a mock is reached.
func (m *Mocks) URL(row *store.Mock) string {
	base := m.cfg.Base()
	switch {
	case row.Prefix == "/":
		return base
	case row.Prefix != "":
		return base + row.Prefix
	}
	if m.domain == "" {
		return base + "/m/" + row.ID
	}
	scheme, rest, _ := strings.Cut(base, "://")
	port := ""
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.Contains(rest[i:], "]") {
		port = rest[i:]
	}
	host := row.ID + m.domain
	if row.Host != "" {
		host = row.Host
	}
	return scheme + "://" + host + port
}

// Serve answers a call where it is one to a mock; false: it is not. With
// others, a path below /m that is no mock's may be theirs.
func (m *Mocks) Serve(w http.ResponseWriter, r *http.Request, path string, others bool) bool {
	e, prefix, ours := m.find(r.Host, path)
	if e == nil {
		if !ours || others && prefix != "" {
			return false
		}
		access.Take(r.Header)
		unknown(w)
		return true
	}
	e.serve(w, r, prefix)
	return true
}

// Has reports whether a host is a mock's.
func (m *Mocks) Has(host string) bool {
	name := hostOf(host)
	if m.domain != "" && strings.HasSuffix(name, m.domain) {
		return true
	}
	_, ok := m.byHost.Load(name)
	return ok
}

// find gives the mock of an address, and the part of the path that is its
// mount. Ours is an address that only a mock could have.
func (m *Mocks) find(host, path string) (e *entry, prefix string, ours bool) {
	name := hostOf(host)
	if m.domain != "" && strings.HasSuffix(name, m.domain) {
		l := name[:len(name)-len(m.domain)]
		return m.named(l), "", true
	}
	if found, ok := m.byHost.Load(name); ok {
		return found.(*entry), "", true
	}
	if strings.HasPrefix(path, "/m/") {
		rest := path[len("/m/"):]
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		return m.named(rest[:end]), path[:len("/m/")+end], true
	}
	prefixes := *m.prefix.Load()
	if len(prefixes) == 0 {
		return nil, "", false
	}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '/') {
		if found := prefixes[path[:end]]; found != nil && end > 1 {
			return found, path[:end], true
		}
	}
	if found := prefixes["/"]; found != nil {
		return found, "", true
	}
	return nil, "", false
}

// named finds a mock by its id, uid or slug.
func (m *Mocks) named(name string) *entry {
	if found, ok := m.bySlug.Load(name); ok {
		return found.(*entry)
	}
	if found, ok := m.byID.Load(name); ok {
		return found.(*entry)
	}
	if digits, id, ok := strings.Cut(name, "-"); ok && len(id) == 36 && strings.Trim(digits, "0123456789") == "" {
		if found, ok := m.byID.Load(id); ok {
			return found.(*entry)
		}
	}
	return nil
}

// serve answers a call to a mock.
func (e *entry) serve(w http.ResponseWriter, r *http.Request, prefix string) {
	now := e.owner.cfg.Now()
	if s := now.Unix(); e.used.Load() != s {
		e.used.Store(s)
	}
	b := e.built.Load()
	if b == nil {
		b = e.stale.Load()
	}
	if b == nil {
		var err error
		if b, err = e.build(r.Context()); err != nil {
			access.Take(r.Header)
			e.owner.unavailable(w, err)
			return
		}
	}
	b.serve(w, r, prefix, now)
}
