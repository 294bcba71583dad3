// Package node is one running server of the platform: its store, keys, mocks
// and management API, kept in step with the other nodes on the same store.
package node

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/api"
	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/outbound"
	"github.com/mimus-dev/mimus/internal/store"
	"github.com/mimus-dev/mimus/internal/tracing"
)

// Config is what a node is started with.
type Config struct {
	// Location is a folder, a postgres:// URL, or "" for memory.
	Location string
	Domain   string
	// AdminHost is the host of the management; "" none of its own.
	AdminHost string
	// Base is the URL of the server that links are made of.
	Base    func() string
	NeedKey bool
	// Mounted are the ids of mocks that something else serves at their prefix.
	Mounted   map[string]bool
	Outbound  *outbound.Caller
	Callbacks func([]engine.Callback)
	// Spool is the folder where calls wait while the store is slow or out of
	// reach, of at most SpoolLimit bytes; "": they are lost then.
	Spool      string
	SpoolLimit int64
	Retain     calls.Retention
	// NoCalls keeps no calls; Redact are names whose values are not kept.
	NoCalls bool
	Redact  []string
	// Explain tells how a mock that something else serves would answer; nil: none
	// is.
	Explain func(mock string, req *engine.Request) (engine.Explanation, bool)
	// Calls takes the place of the log in the store; nil: the store's.
	Calls   calls.Log
	Version string
	// Tracer makes the spans of calls and of what they ask upstreams; nil: none.
	Tracer *tracing.Tracer
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now
}

// Node is a running server of the platform.
type Node struct {
	cfg    Config
	store  *store.Store
	keys   *access.Keys
	mocks  *hosting.Mocks
	calls  calls.Log
	writer *calls.Writer // nil where the log is not in the store
	api    *api.API
	meter  *meter
	writes prometheus.Histogram

	storeUp         question
	started, ending atomic.Bool

	wg     sync.WaitGroup
	cancel context.CancelFunc

	mu  sync.Mutex
	own map[int64]bool // changes of this node that the watch has not seen yet

	behind behind
}

// Open opens the store and what works on it. Streams end with the context.
func Open(ctx context.Context, cfg Config) (*Node, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	n := &Node{cfg: cfg, calls: cfg.Calls, cancel: func() {}, own: map[int64]bool{}, behind: behind{fell: make(chan struct{}, 1)}, writes: newWriteMeter()}
	var err error
	if n.store, err = store.Open(ctx, store.Config{Location: cfg.Location, Now: cfg.Now}); err != nil {
		return nil, err
	}
	if err := n.open(ctx); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *Node) open(ctx context.Context) (err error) {
	cfg := n.cfg
	err = n.store.Update(ctx, store.Actor{User: 1}, func(t *store.Tx) error {
		_, err := t.EnsureWorkspace()
		return err
	})
	if err != nil {
		return err
	}
	if n.keys, err = access.NewKeys(ctx, n.store, cfg.Now); err != nil {
		return err
	}
	if n.calls == nil {
		if n.writer, err = n.openLog(ctx); err != nil {
			return err
		}
		n.calls = n.writer
	}
	n.storeUp.ask = func(ctx context.Context) error {
		_, err := n.store.Seq(ctx)
		return err
	}
	n.meter = newMeter(n)
	inClear := &access.Clear{Log: cfg.Log, TLS: strings.HasPrefix(cfg.Base(), "https://")}
	hosted := hosting.Config{
		Store: n.store, Keys: n.keys, Calls: n.calls, Count: n.meter.count, NoCalls: cfg.NoCalls, Redact: cfg.Redact, Log: cfg.Log, Now: cfg.Now, Domain: cfg.Domain, AdminHost: cfg.AdminHost, Mounted: cfg.Mounted, Base: cfg.Base,
		Client: cfg.Outbound.Client(30 * time.Second), Callbacks: cfg.Callbacks, Clear: inClear,
	}
	if cfg.Tracer != nil {
		hosted.Answered, hosted.Client.Transport = tracing.Answered, cfg.Tracer.Transport(hosted.Client.Transport)
	}
	if n.mocks, err = hosting.New(ctx, hosted); err != nil {
		return err
	}
	n.api = api.New(api.Config{
		Store: n.store, Keys: n.keys, Mocks: n.mocks, Calls: n.calls, NeedKey: cfg.NeedKey, Version: cfg.Version, Clear: inClear, Log: cfg.Log, Now: cfg.Now, CallsAge: cfg.Retain.Age, NoCalls: cfg.NoCalls, Explain: cfg.Explain, Ending: ctx.Done(),
		Observe: n.meter.management.observe,
		Fetch:   func(ctx context.Context, url string) ([]byte, error) { return cfg.Outbound.Fetch(ctx, url, 64<<20) },
	})
	n.store.OnChange(func(ctx context.Context, changes []store.Change) {
		if n.cfg.Location != "" { // in memory nobody watches
			n.mu.Lock()
			n.own[changes[0].Seq] = true
			n.mu.Unlock()
		}
		// Who wrote may go away; what came of it must be seen all the same.
		n.changed(context.WithoutCancel(ctx), changes, false)
	})
	return nil
}

// Store is the store of a node.
func (n *Node) Store() *store.Store { return n.store }

// Calls is the log of a node.
func (n *Node) Calls() calls.Log { return n.calls }

// Count counts an answer of a mock that something else serves.
func (n *Node) Count(res *engine.Response, took time.Duration) { n.meter.count(res, took) }

// Mocks are the mocks of a node.
func (n *Node) Mocks() *hosting.Mocks { return n.mocks }

// FirstKey makes the first key of a server that needs keys and has none; ""
// where there are some.
func (n *Node) FirstKey(ctx context.Context) (secret string, err error) {
	if !n.cfg.NeedKey {
		return "", nil
	}
	err = n.store.Update(ctx, store.Actor{User: 1}, func(t *store.Tx) error {
		secret = ""
		done, err := t.Value("first-key")
		if err != nil || done != "" {
			return err
		}
		keys, err := t.Keys(store.Page{})
		if err != nil || len(keys) > 0 {
			return err
		}
		secret = access.NewKey()
		k := store.Key{ID: store.NewID(), Name: "first key", Hash: access.Hash(secret), Hint: access.Hint(secret), Scope: access.Admin.String(), Owner: 1}
		if err := t.CreateKey(&k); err != nil {
			return err
		}
		return t.SetValue("first-key", k.ID)
	})
	return secret, err
}

// The rhythm of what a node does by itself.
const (
	flushEvery  = time.Minute
	followEvery = 20 * time.Second
	followTime  = time.Minute
	taskAge     = 24 * time.Hour
)

// Start has a node follow other nodes, and do what is due from time to time.
func (n *Node) Start(ctx context.Context) {
	ctx, n.cancel = context.WithCancel(ctx)
	n.wg.Go(func() { n.mocks.Run(ctx) })
	n.wg.Go(func() { n.watch(ctx) })
	n.wg.Go(func() { n.catchUp(ctx) })
	n.wg.Go(func() { n.every(ctx, flushEvery, n.flush) })
	n.wg.Go(func() { n.every(ctx, followEvery, n.follow) })
	n.started.Store(true)
}

func (n *Node) every(ctx context.Context, d time.Duration, f func(context.Context) error) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// That the store is out of reach was told already.
			if err := f(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrUnavailable) {
				n.cfg.Log.Warn("something that is due could not be done", slog.String("error", err.Error()))
			}
		}
	}
}

// flush stores when keys were used, and forgets old tasks.
func (n *Node) flush(ctx context.Context) error {
	return errors.Join(n.keys.Flush(ctx), n.store.Update(ctx, store.Actor{}, func(t *store.Tx) error {
		return t.ForgetTasks(n.cfg.Now().Add(-taskAge))
	}))
}

// follow fetches the specs that follow a URL and are due.
func (n *Node) follow(ctx context.Context) error {
	var specs []store.Spec
	err := n.store.View(ctx, func(t *store.Tx) (err error) {
		specs, err = t.FollowingSpecs()
		return err
	})
	for _, s := range specs {
		if n.cfg.Now().Before(s.Followed.Add(s.FollowEvery)) {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, followTime)
		err = errors.Join(err, n.api.Follow(ctx, s))
		cancel()
	}
	return err
}

// Close stores what was handed over, and ends the node.
func (n *Node) Close() error {
	n.End()
	n.cancel()
	n.wg.Wait()
	n.storeUp.close()
	if n.writer != nil {
		n.writer.Close()
	}
	if n.keys != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := n.keys.Flush(ctx); err != nil {
			n.cfg.Log.Warn("when keys were last used could not be stored", slog.String("error", err.Error()))
		}
	}
	return n.store.Close()
}

// Prefixes of the management.
const (
	prefix    = "/_mimus"
	apiPrefix = prefix + "/api"
)

// ServeHTTP answers below /_mimus.
func (n *Node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	switch {
	case path == apiPrefix || strings.HasPrefix(path, apiPrefix+"/"):
		http.StripPrefix(apiPrefix, n.api).ServeHTTP(w, r)
	case path == prefix+"/ready":
		n.ready(w, r)
	case path == prefix+"/metrics":
		n.api.Guard(access.View, n.meter.handler).ServeHTTP(w, r)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"error":{"name":"notFound","message":"There is nothing at this address; /_mimus/api is the management API, /_mimus/health, /_mimus/ready and /_mimus/metrics tell how the server is."}}` + "\n"))
	}
}
