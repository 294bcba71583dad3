package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/tracing"
)

type serveCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Files (also .gz), folders, globs or URLs of OpenAPI documents and Postman collections; - reads standard input. Without any, mimus.yaml is read; without that, a server for a team keeps its data in ./mimus-data."`

	Port    portNumber `short:"p" default:"4010" env:"PORT" group:"Where it listens:" help:"Port; 0 picks a free one."`
	Host    string     `short:"h" default:"127.0.0.1" placeholder:"127.0.0.1" group:"Where it listens:" help:"Address; 0.0.0.0 lets other machines call."`
	TLSCert string     `name:"tls-cert" placeholder:"FILE" group:"Where it listens:" help:"Certificate for HTTPS (PEM)."`
	TLSKey  string     `name:"tls-key" placeholder:"FILE" group:"Where it listens:" help:"Key of the certificate (PEM)."`

	Drain time.Duration `placeholder:"TIME" group:"Where it listens:" help:"How long it answers on, but is not ready, when it is told to stop (0s)."`

	Mount    []string `sep:"none" placeholder:"FILE=/PREFIX" group:"What it serves:" help:"Serve a document under a prefix of your choice; may be repeated. One document is otherwise at /, several are at /<file name>."`
	BasePath string   `placeholder:"PATH" group:"What it serves:" help:"Base path of all operations, in place of those of the document's servers."`
	Watch    bool     `default:"true" negatable:"" group:"What it serves:" help:"Reload when a file of a document changes (on)."`
	Config   string   `placeholder:"FILE" group:"What it serves:" help:"Read settings from this file (mimus.yaml, where no source is given)."`

	Examples    []string `sep:"none" placeholder:"FILE" group:"What it serves:" help:"Collection whose saved examples answer before the document's contract; may be repeated."`
	Environment string   `placeholder:"FILE" group:"What it serves:" help:"Postman environment for the variables of a collection."`
	Contract    bool     `group:"What it serves:" help:"Serve a collection by the contract that is inferred from it: validated, negotiated and generated like a document."`

	MatchBody        bool     `aliases:"matchBody" group:"How saved examples match:" help:"Request bodies must be equal."`
	MatchHeader      bool     `aliases:"matchHeader" group:"How saved examples match:" help:"The headers that --headers names must be equal."`
	Headers          []string `placeholder:"NAME,…" group:"How saved examples match:" help:"Headers that --match-header compares."`
	MatchQueryParams bool     `aliases:"matchQueryParams" default:"true" negatable:"" group:"How saved examples match:" help:"Query parameters count (on)."`
	MatchWildcards   bool     `aliases:"matchWildcards" default:"true" negatable:"" group:"How saved examples match:" help:"Unresolved variables and :name in a path match any segment (on)."`
	MatchFuzzy       bool     `aliases:"matchFuzzy" default:"true" negatable:"" group:"How saved examples match:" help:"A path that is close by edit distance matches (on)."`

	Dynamic        bool      `short:"d" group:"How it answers:" help:"Generate answers instead of sending the document's examples."`
	IgnoreExamples bool      `name:"ignoreExamples" aliases:"ignore-examples" group:"How it answers:" help:"Leave examples out, without --dynamic too."`
	FillProperties bool      `name:"json-schema-faker-fillProperties" default:"true" negatable:"" group:"How it answers:" help:"Make up properties where a schema allows undeclared ones (on)."`
	Seed           string    `default:"mimus" placeholder:"TEXT" group:"How it answers:" help:"What generated values come from: the same seed, the same values (mimus)."`
	Delay          delayTime `placeholder:"TIME" group:"How it answers:" help:"Hold each answer back: 200ms, 100ms..400ms, 2g or 3g."`
	CORS           bool      `name:"cors" default:"true" negatable:"" group:"How it answers:" help:"Let web pages of any origin call (on)."`
	Callbacks      string    `enum:"local,any,off" default:"local" placeholder:"local|any|off" group:"How it answers:" help:"Where callbacks may go: this machine (local), also public addresses, nowhere."`

	State       string    `enum:"on,off,auto" default:"auto" placeholder:"on|off" group:"What lives:" help:"Keep what is written, so that it can be read back (on for a document alone; off with --examples and --contract)."`
	World       int       `default:"25" placeholder:"N" group:"What lives:" help:"Items of each resource that are there at the start; 0 for none (25)."`
	Epoch       epochTime `placeholder:"TIME" group:"What lives:" help:"When the world at the start was, as 2025-01-01T00:00:00Z."`
	Stateless   []string  `placeholder:"NAME,…" group:"What lives:" help:"Operations that keep no state, by operationId or as GET /path."`
	StateItems  int       `default:"100000" placeholder:"N" group:"What lives:" help:"Most items of one resource (100000)."`
	StateMemory int64     `default:"268435456" placeholder:"BYTES" group:"What lives:" help:"Most memory for the items of one document (268435456)."`

	Validate        string `enum:"strict,warn,off" default:"strict" placeholder:"strict|warn|off" group:"What it checks:" help:"Requests that break the contract get the declared error (strict), a normal answer with a report in sl-violations, or are not looked at."`
	Errors          bool   `group:"What it checks:" help:"Answer 500 where the mock's own answer breaks the contract."`
	BodyLimit       int64  `default:"10485760" placeholder:"BYTES" group:"What it checks:" help:"Largest request body, also after decompression (10485760)."`
	StrictDocument  bool   `group:"What it checks:" help:"Refuse a document that has any error."`
	Root            string `placeholder:"DIR" group:"What it checks:" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool   `group:"What it checks:" help:"Follow references to URLs of other origins."`

	platformFlags

	KeepCalls bool     `default:"true" negatable:"" group:"What it keeps:" help:"Keep calls in the log that mimus calls reads (on)."`
	Redact    []string `placeholder:"NAME,…" group:"What it keeps:" help:"Headers and query parameters whose values are not kept, beside authorization, cookie and the like."`

	Log          string `enum:"text,json" default:"text" placeholder:"text|json" group:"What it prints:" help:"Form of the output (text)."`
	VerboseLevel string `short:"v" name:"verboseLevel" aliases:"verbose-level" enum:"silent,fatal,error,warn,info,debug,trace" default:"info" placeholder:"LEVEL" group:"What it prints:" help:"silent, fatal, error, warn, info, debug or trace (info); from warn up, nothing but problems."`
	Multiprocess bool   `short:"m" hidden:"" help:"Accepted for compatibility with Prism; one process uses all cores."`

	entries []sourceEntry   // of the configuration file
	given   map[string]bool // the flags that were given
	from    configFile
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, k *kong.Context, s streams) error {
	c.given = givenFlags(k)
	if err := c.configure(c.given); err != nil {
		return exitCode{exitUnreadable, err}
	}
	log := newLog(c.Log, c.VerboseLevel, s.out, s.err)
	defer log.close()
	return log.ended(c.serve(ctx, s, log))
}

func (c *serveCmd) serve(ctx context.Context, s streams, log *logger) error {
	if err := c.checkFlags(); err != nil {
		return exitCode{exitUnreadable, err}
	}
	// Documents are large and short-lived: a calmer collector starts faster.
	debug.SetGCPercent(400)
	tracer, err := tracing.Open(ctx, tracing.Config{Version: version, Console: s.err, Log: log.Logger})
	if err != nil {
		log.Warn("calls are not traced", slog.String("error", err.Error()))
	}
	defer tracer.Close()
	mounts, err := c.load(ctx, s, log)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p, err := c.newPlatform(ctx, mounts, log)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	cfg := server.Config{
		Addr: net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		Callbacks: callbackPolicy(c.Callbacks), Log: log.Logger, Calls: log.calls(),
		Hosted: p, Manage: p, AdminAddr: c.AdminAddr, AdminHost: c.AdminHost, Observe: p.observe, Reloaded: p.reloaded,
		Body: p.capture,
	}
	if tracer != nil {
		p.cfg.Tracer, cfg.Wrap, log.traceID = tracer, tracer.Handler, tracing.ID
	}
	srv := server.New(cfg, mounts)
	if err := srv.Listen(); err != nil {
		return err
	}
	defer p.close() // after the last call
	if err := p.start(c, srv); err != nil {
		return errors.Join(err, srv.Shutdown(ctx))
	}
	if err := srv.Serve(); err != nil {
		return err
	}
	if c.Watch { // before it is ready: a change right after that counts
		if w, err := srv.Watch(); err != nil {
			log.Warn("files can't be watched", slog.String("error", err.Error()))
		} else {
			wg.Go(func() { w.Run(ctx) })
		}
	}
	url := srv.URL()
	for _, m := range mounts {
		log.mounted(m, url)
		for _, p := range m.Mock().CheckSettings() {
			log.Warn("a setting has no effect", slog.String("problem", p.Message), slog.String("hint", p.Hint))
		}
	}
	p.tell(c, srv)
	log.ready(url, len(mounts))
	calmCollector()
	wg.Go(func() {
		debug.FreeOSMemory()
		c.checkExamples(ctx, mounts, log)
		debug.FreeOSMemory()
	})
	ended := make(chan error, 1)
	go func() { ended <- srv.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	p.ending()
	if c.Drain > 0 {
		log.Info("stopping", slog.String("after", c.Drain.String()))
		select { // who sends calls here hears of it, and sends no more
		case err := <-ended:
			return err
		case <-time.After(c.Drain):
		}
	}
	stopping, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := srv.Shutdown(stopping); err != nil {
		log.Warn("calls were cut off", slog.String("reason", err.Error()))
	}
	return nil
}

// load reads what is served of files; nothing where the platform is served alone.
func (c *serveCmd) load(ctx context.Context, s streams, log *logger) ([]*server.Mount, error) {
	if len(c.Sources) == 0 && len(c.Mount) == 0 && len(c.entries) == 0 {
		if !c.stores() {
			c.Data = defaultData
		}
		return nil, nil
	}
	mounts, err := c.mounts(s.in)
	if err != nil {
		return nil, err
	}
	if mounts, err = loadAll(ctx, mounts, log); err != nil {
		return nil, err
	}
	c.tellUnused(mounts, log)
	return mounts, nil
}

// calmCollector lets the heap grow by at least headroom between collections: a
// small document would otherwise be collected many times a second under load.
// After each collection it is set anew: what lives grows.
func calmCollector() {
	const headroom = 32 << 20
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetGCPercent(int(min(max(100, headroom*100/max(m.HeapAlloc, 1<<20)), 800)))
	type sentinel struct{ _ [64]byte }
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) { calmCollector() })
}

// loadAll reads the documents, several at a time. One of many that were found
// in a folder is left out when it can't be read; one that was named is not.
func loadAll(ctx context.Context, mounts []*server.Mount, log *logger) ([]*server.Mount, error) {
	errs := make([]error, len(mounts))
	var wg sync.WaitGroup
	gate := make(chan struct{}, 4)
	for i, m := range mounts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- struct{}{}
			_, errs[i] = m.Load(ctx)
			<-gate
		}()
	}
	wg.Wait()
	var sound []*server.Mount
	for i, m := range mounts {
		switch {
		case errs[i] == nil:
			sound = append(sound, m)
		case !m.Found:
			return nil, errs[i]
		default:
			log.Error("a document is left out", slog.String("source", m.Source.Location), slog.String("error", errs[i].Error()))
		}
	}
	if len(sound) == 0 {
		return nil, errs[0]
	}
	return sound, nil
}

// tellUnused tells of flags for collections where there is none.
func (c *serveCmd) tellUnused(mounts []*server.Mount, log *logger) {
	for _, m := range mounts {
		if m.Loaded().FromCollection || len(m.Source.Examples) > 0 && !c.given["contract"] {
			return
		}
	}
	for _, name := range []string{"contract", "environment"} {
		if c.given[name] {
			log.noEffect("--"+name, "no source is a Postman collection")
		}
	}
}

func callbackPolicy(s string) server.CallbackPolicy {
	switch s {
	case "any":
		return server.CallbacksAny
	case "off":
		return server.CallbacksOff
	}
	return server.CallbacksLocal
}

// checkFlags finds what no single flag can tell.
func (c *serveCmd) checkFlags() error {
	if err := c.platformFlags.check(); err != nil {
		return err
	}
	switch {
	case c.Drain < 0:
		return errors.New("--drain takes a time such as 10s")
	case c.TLSCert == "" && c.TLSKey != "":
		return errors.New("--tls-key needs --tls-cert, the certificate of the key")
	case c.TLSKey == "" && c.TLSCert != "":
		return errors.New("--tls-cert needs --tls-key, the key of the certificate")
	case c.MatchHeader && len(c.Headers) == 0:
		return errors.New("--match-header compares nothing without --headers NAME,…")
	case len(c.Headers) > 0 && !c.MatchHeader && c.given["headers"]:
		return errors.New("--headers has an effect only with --match-header")
	case c.BodyLimit <= 0:
		return fmt.Errorf("--body-limit %d: write a number of bytes above 0", c.BodyLimit)
	case c.World < 0 || c.World > settings.MaxWorld:
		return fmt.Errorf("--world %d: write a number of items from 0 to %d", c.World, settings.MaxWorld)
	case c.StateItems < 1 || c.StateItems > settings.MaxItems:
		return fmt.Errorf("--state-items %d: write a number of items from 1 to %d", c.StateItems, settings.MaxItems)
	case c.StateMemory < 1 || c.StateMemory > settings.MaxMemory:
		return fmt.Errorf("--state-memory %d: write a number of bytes from 1 to %d", c.StateMemory, settings.MaxMemory)
	}
	return nil
}

// checkExamples checks the documents' own examples behind the start, and tells
// what it finds.
func (c *serveCmd) checkExamples(ctx context.Context, mounts []*server.Mount, log *logger) {
	for _, m := range mounts {
		if found := m.Mock().CheckExamples(ctx); len(found) > 0 {
			log.badExamples(m.Source.Location, len(found))
		}
		for _, d := range server.CheckSaved(ctx, m.Mock()) {
			log.diagnostic(d)
		}
	}
}
