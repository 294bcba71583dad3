package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mimus-dev/mimus/internal/calls"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/node"
	"github.com/mimus-dev/mimus/internal/outbound"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
	"github.com/mimus-dev/mimus/internal/tracing"
	"github.com/mimus-dev/mimus/internal/transfer"
)

// defaultData is the data folder of a server that is started without a source.
const defaultData = "mimus-data"

// platformFlags are the flags of a server for a team.
type platformFlags struct {
	Data          string   `placeholder:"DIR" group:"A server for a team:" help:"Keep collections, specs, mocks and calls in this folder (./mimus-data where no source is given)."`
	Database      string   `placeholder:"URL" group:"A server for a team:" help:"Keep them in PostgreSQL: postgres://user@host/name."`
	Domain        string   `placeholder:"HOST" group:"A server for a team:" help:"Serve each mock at <id or slug>.HOST, too."`
	PublicURL     string   `name:"public-url" placeholder:"URL" group:"A server for a team:" help:"URL that others reach the server at; links are made of it."`
	AdminAddr     string   `placeholder:"HOST:PORT" group:"A server for a team:" help:"Listener of its own for the management API."`
	AdminHost     string   `placeholder:"HOST" group:"A server for a team:" help:"The only host name that the management API answers to."`
	AllowOutbound []string `sep:"none" placeholder:"CIDR|HOST" group:"A server for a team:" help:"Let imports, followed specs and upstreams reach this private address or host; may be repeated."`

	CallsAge   time.Duration `default:"720h" placeholder:"TIME" group:"A server for a team:" help:"How long calls are kept (720h)."`
	CallsMost  int           `default:"100000" placeholder:"N" group:"A server for a team:" help:"How many calls are kept of each mock (100000)."`
	Spool      string        `placeholder:"DIR" group:"A server for a team:" help:"Folder where calls wait while the store is away (spool in the data folder; ./mimus-spool with --database)."`
	SpoolLimit int64         `default:"1073741824" placeholder:"BYTES" group:"A server for a team:" help:"What the spool may take; then the oldest calls are dropped (1073741824)."`
}

func (f *platformFlags) check() error {
	if f.Data != "" && f.Database != "" {
		return errors.New("--data and --database are two places for the same data; give one")
	}
	if f.Database != "" && !strings.HasPrefix(f.Database, "postgres://") && !strings.HasPrefix(f.Database, "postgresql://") {
		return errors.New("--database takes a URL such as postgres://user@host/mimus; a folder for SQLite goes with --data")
	}
	if f.PublicURL != "" {
		u, err := url.Parse(f.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("--public-url %s: write a URL such as https://mimus.example.com", f.PublicURL)
		}
	}
	switch {
	case f.CallsAge < time.Hour:
		return errors.New("--calls-age: calls are kept for an hour at least")
	case f.CallsMost < 1:
		return errors.New("--calls-most takes a number from 1")
	case f.SpoolLimit < 1<<20:
		return errors.New("--spool-limit takes a number of bytes from 1048576")
	}
	f.PublicURL = strings.TrimRight(f.PublicURL, "/")
	f.Domain = strings.ToLower(strings.Trim(f.Domain, "."))
	f.AdminHost = strings.ToLower(strings.Trim(f.AdminHost, "."))
	if f.Domain != "" && (f.AdminHost == f.Domain || strings.HasSuffix(f.AdminHost, "."+f.Domain)) {
		return fmt.Errorf("--admin-host %s is below --domain %s, where mocks are; give the management a host outside of it", f.AdminHost, f.Domain)
	}
	return nil
}

// stores reports whether the flags ask for data that stays.
func (f *platformFlags) stores() bool { return f.Data != "" || f.Database != "" }

// needKey reports whether the management takes nobody without a key: others
// than this machine may reach the server.
func (c *serveCmd) needKey() bool {
	host := c.Host
	if c.AdminAddr != "" {
		if h, _, err := net.SplitHostPort(c.AdminAddr); err == nil {
			host = h
		}
	}
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	return !local || c.Domain != "" || c.PublicURL != ""
}

// platform is the management with its mocks. For a server that keeps nothing
// it is opened when it is first asked for, and costs nothing before.
type platform struct {
	cfg    node.Config
	mounts []*server.Mount
	keep   map[*server.Mount]calls.Keep // of those whose calls are kept
	// described are the mocks of the configuration.
	described []transfer.FileMock
	lazy      bool
	ring      *calls.Ring
	log       *logger

	once sync.Once
	node atomic.Pointer[node.Node]
	err  error
	ctx  context.Context
}

// newPlatform makes the platform of a command line.
func (c *serveCmd) newPlatform(ctx context.Context, mounts []*server.Mount, log *logger) (*platform, error) {
	out, err := outbound.New(outbound.Rules{Allow: c.AllowOutbound}, log.Logger)
	if err != nil {
		return nil, fmt.Errorf("--allow-outbound: %w", err)
	}
	p := &platform{mounts: mounts, log: log, lazy: !c.stores(), ctx: ctx}
	p.cfg = node.Config{
		Domain: c.Domain, NeedKey: c.needKey(), Outbound: out, Version: version, Log: log.Logger, Now: time.Now,
		Location: c.Data, Spool: c.Spool, SpoolLimit: c.SpoolLimit, Retain: calls.Retention{Age: c.CallsAge, Calls: c.CallsMost}, NoCalls: !c.KeepCalls, Redact: c.Redact,
	}
	if c.Database != "" {
		p.cfg.Location = c.Database
	}
	if c.Spool == "" {
		p.cfg.Spool = filepath.Join(c.Data, "spool")
		if c.Database != "" {
			p.cfg.Spool = "mimus-spool"
		}
	}
	p.cfg.Mounted = map[string]bool{}
	for _, m := range mounts {
		p.cfg.Mounted[m.ID] = true
	}
	p.cfg.Explain = p.explain
	if p.keep, err = kept(mounts); err != nil {
		return nil, err
	}
	log.redact = slices.Clone(c.Redact)
	for _, k := range p.keep {
		log.redact = append(log.redact, k.Redact...)
	}
	if c.from.mocks {
		if p.described, err = transfer.ReadMocks(c.from.name); err != nil {
			return nil, err
		}
	}
	if p.lazy {
		p.ring = calls.NewRing()
		p.cfg.Calls = p.ring
	}
	return p, nil
}

// start tells the platform of the listeners, and opens it where it keeps data.
func (p *platform) start(c *serveCmd, srv *server.Server) error {
	for _, a := range srv.Listeners() {
		p.cfg.Outbound.Own(a)
	}
	base := srv.URL()
	if c.PublicURL != "" {
		base = c.PublicURL
	}
	p.cfg.Base, p.cfg.AdminHost = func() string { return base }, c.AdminHost
	if p.lazy && !p.cfg.NeedKey && len(p.described) == 0 {
		return nil
	}
	_, err := p.open()
	return err
}

// tell prints where the management is, and the first key.
func (p *platform) tell(c *serveCmd, srv *server.Server) {
	n := p.node.Load()
	if n == nil {
		return
	}
	secret, err := n.FirstKey(p.ctx)
	if err != nil {
		p.log.Error("no first key could be made", slog.String("error", err.Error()))
	}
	p.log.managed(srv.AdminURL()+"/_mimus/api", p.cfg.Location, secret)
	if secret != "" && c.TLSCert == "" && !strings.HasPrefix(c.PublicURL, "https://") && p.cfg.NeedKey {
		p.log.Warn("keys are sent in clear: serve with --tls-cert and --tls-key, or behind a proxy that does, named by --public-url https://…")
	}
}

// open opens the node, once.
func (p *platform) open() (*node.Node, error) {
	p.once.Do(func() {
		n, err := node.Open(p.ctx, p.cfg)
		if err == nil {
			err = p.own(n.Store())
		}
		if err != nil {
			p.err = err
			if n != nil {
				p.err = errors.Join(err, n.Close())
			}
			return
		}
		n.Start(context.WithoutCancel(p.ctx)) // until it is closed: it answers on when it is told to stop
		p.node.Store(n)
	})
	return p.node.Load(), p.err
}

// own has the API show what is mounted, and keeps the mocks that the
// configuration describes.
func (p *platform) own(s *store.Store) error {
	var owned []transfer.Owned
	for _, m := range p.mounts {
		owned = append(owned, transfer.Owned{ID: m.ID, Prefix: m.Prefix, File: m.Source.Location, Loaded: m.Loaded(), Settings: m.Settings})
	}
	if err := transfer.Own(p.ctx, s, owned); err != nil {
		return err
	}
	return transfer.OwnMocks(p.ctx, s, p.described)
}

// reloaded has the API show a document as it is now.
func (p *platform) reloaded() {
	n := p.node.Load()
	if n == nil {
		return
	}
	if err := p.own(n.Store()); err != nil {
		p.log.Error("the management shows a document as it was before", slog.String("error", err.Error()))
	}
}

// ServeHTTP answers below /_mimus.
func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := p.open()
	if err != nil {
		p.log.Error("the management could not be started", slog.String("error", err.Error()))
		http.Error(w, `{"error":{"name":"serverError","message":"The management could not be started; the log says why."}}`, http.StatusInternalServerError)
		return
	}
	n.ServeHTTP(w, r)
}

// Serve answers for mocks that the API made.
func (p *platform) Serve(w http.ResponseWriter, r *http.Request, path string, others bool) bool {
	n := p.node.Load()
	return n != nil && n.Mocks().Serve(w, r, path, others)
}

// Has reports whether a host is a mock's.
func (p *platform) Has(host string) bool {
	n := p.node.Load()
	return n != nil && n.Mocks().Has(host)
}

// explain tells how a mount would answer.
func (p *platform) explain(mock string, req *engine.Request) (engine.Explanation, bool) {
	for _, m := range p.mounts {
		if m.ID == mock {
			return m.Mock().Explain(req), true
		}
	}
	return engine.Explanation{}, false
}

// kept is what is kept of the calls of mounts.
func kept(mounts []*server.Mount) (map[*server.Mount]calls.Keep, error) {
	keep := map[*server.Mount]calls.Keep{}
	for _, m := range mounts {
		s := settings.Default()
		if len(m.Settings) > 0 {
			var err error
			if s, err = settings.Parse(m.Settings); err != nil {
				return nil, err
			}
		}
		if s.KeepCalls {
			keep[m] = calls.Keep{Bodies: s.KeepBodies, Redact: s.Redact}
		}
	}
	return keep, nil
}

// capture keeps a request's body, where the mount's calls are kept.
func (p *platform) capture(m *server.Mount, r *http.Request) {
	if keep, ok := p.keep[m]; ok {
		calls.CaptureBody(r, keep.Bodies)
	}
}

// observe keeps the calls of mounts.
func (p *platform) observe(m *server.Mount, r *http.Request, req *engine.Request, res *engine.Response, took time.Duration) {
	n := p.node.Load()
	if n != nil {
		n.Count(res, took)
	}
	if keep, ok := p.keep[m]; ok {
		c := calls.Of(m.ID, keep, r, req, res, took, time.Now())
		if n != nil {
			n.Calls().Add(c)
		} else if p.ring != nil {
			p.ring.Add(c)
		}
	}
	if p.cfg.Tracer != nil {
		tracing.Answered(r.Context(), m.ID, req, res)
	}
}

// ending has the node say that it is not ready any more.
func (p *platform) ending() {
	if n := p.node.Load(); n != nil {
		n.End()
	}
}

func (p *platform) close() {
	if n := p.node.Load(); n != nil {
		if err := n.Close(); err != nil {
			p.log.Warn("the data could not be closed", slog.String("error", err.Error()))
		}
	}
}
