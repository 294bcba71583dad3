package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/schema"
	"github.com/mimus-dev/mimus/internal/server"
)

type serveCmd struct {
	Sources []string `arg:"" optional:"" name:"source" help:"Files, folders, globs or URLs of OpenAPI documents; - reads standard input."`

	Port    int    `short:"p" default:"${port}" help:"Port to listen on; 0 picks a free one (environment: PORT)."`
	Host    string `short:"h" default:"127.0.0.1" help:"Address to listen on."`
	TLSCert string `name:"tls-cert" placeholder:"FILE" help:"Certificate for HTTPS, PEM."`
	TLSKey  string `name:"tls-key" placeholder:"FILE" help:"Key of the certificate, PEM."`

	Validate  string `enum:"strict,warn,off" default:"strict" help:"What becomes of requests that break the contract: strict answers the declared error, warn answers normally and reports, off doesn't look."`
	Dynamic   bool   `short:"d" help:"Generate varied answers instead of serving examples."`
	Seed      string `help:"Text that all generated values come from." default:"mimus"`
	Errors    bool   `help:"Answer 500 where the mock's own answer breaks the contract."`
	Delay     string `placeholder:"TIME" help:"Hold each answer back: 200ms, 100ms..400ms, 2g or 3g."`
	CORS      bool   `name:"cors" default:"true" negatable:"" help:"Let web pages of any origin call the mock."`
	BasePath  string `placeholder:"PATH" help:"Base path of all operations, in place of those of the document's servers."`
	Callbacks string `enum:"local,any,off" default:"local" help:"Where callbacks may go: this machine, also public addresses, nowhere."`

	IgnoreExamples bool `name:"ignoreExamples" aliases:"ignore-examples" help:"Generate answers from schemas even where there are examples."`
	FillProperties bool `name:"json-schema-faker-fillProperties" default:"true" negatable:"" help:"Make up properties where a schema allows undeclared ones."`

	Mount           []string `placeholder:"FILE=/PREFIX" help:"Serve a document under a prefix of your choice."`
	Watch           bool     `default:"true" negatable:"" help:"Reload when a file of a document changes."`
	Root            string   `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool     `help:"Follow references to URLs of other origins."`
	StrictDocument  bool     `help:"Refuse a document that has any error."`
	BodyLimit       int64    `default:"10485760" placeholder:"BYTES" help:"Largest request body, also after decompression."`

	Config       string `placeholder:"FILE" help:"Read settings from a file (mimus.yaml)."`
	Log          string `enum:"text,json" default:"text" help:"Form of the output."`
	VerboseLevel string `short:"v" name:"verboseLevel" enum:"silent,fatal,error,warn,info,debug,trace" default:"info" help:"How much is printed; warn and above leave out the line per call."`
	Multiprocess bool   `short:"m" hidden:"" help:"Accepted for compatibility; one process uses all cores."`

	settings []sourceSettings // of the configuration file
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, s streams) error {
	// Documents are large and short-lived: a calmer collector starts faster.
	debug.SetGCPercent(400)
	log := newLog(c.Log, c.VerboseLevel, s.out, s.err)
	defer log.close()
	mounts, err := c.mounts(ctx, s)
	if err != nil {
		return err
	}
	if err := loadAll(ctx, mounts); err != nil {
		return err
	}
	srv := server.New(server.Config{
		Addr: net.JoinHostPort(c.Host, strconv.Itoa(c.Port)), TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		Callbacks: callbackPolicy(c.Callbacks), Log: log.Logger, Calls: log.calls(),
	}, mounts)
	if err := srv.Listen(); err != nil {
		return err
	}
	if err := srv.Serve(); err != nil {
		return err
	}
	url := srv.URL()
	for _, m := range mounts {
		log.mounted(m, url)
	}
	log.ready(url, len(mounts))
	debug.SetGCPercent(100)
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wg.Add(1)
	go func() {
		defer wg.Done()
		debug.FreeOSMemory()
		c.checkExamples(ctx, mounts, log)
		debug.FreeOSMemory()
	}()
	if c.Watch {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := srv.Watch(ctx); err != nil {
				log.Warn("files can't be watched", slog.String("error", err.Error()))
			}
		}()
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stopping, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := srv.Shutdown(stopping); err != nil {
		log.Warn("calls were cut off", slog.String("reason", err.Error()))
	}
	return nil
}

// loadAll reads the documents, several at a time.
func loadAll(ctx context.Context, mounts []*server.Mount) error {
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
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
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

// mounts makes the mounts of the sources: one at /, several at /<file stem>.
func (c *serveCmd) mounts(ctx context.Context, s streams) ([]*server.Mount, error) {
	given := c.Sources
	prefixes := map[string]string{}
	for _, m := range c.Mount {
		file, prefix, ok := strings.Cut(m, "=")
		if !ok || !strings.HasPrefix(prefix, "/") {
			return nil, fmt.Errorf("--mount %s: write it as file=/prefix", m)
		}
		prefixes[file] = strings.TrimRight(prefix, "/")
		if !contains(given, file) {
			given = append(given, file)
		}
	}
	for _, x := range c.settings {
		if !contains(given, x.File) {
			given = append(given, x.File)
		}
		if x.Mount != "" {
			prefixes[x.File] = strings.TrimRight(x.Mount, "/")
		}
	}
	if len(given) == 0 {
		return nil, exitCode{exitUnreadable, fmt.Errorf("serve needs a document: mimus serve openapi.yaml")}
	}
	locations, err := server.Expand(given)
	if err != nil {
		return nil, err
	}
	var mounts []*server.Mount
	taken := map[string]bool{}
	for _, loc := range locations {
		own := c.forSource(loc)
		cfg, err := own.engine()
		if err != nil {
			return nil, err
		}
		m := &server.Mount{Config: cfg, Source: server.Source{
			Location: loc, Root: own.Root, AllowRemote: own.AllowRemoteRefs, Strict: own.StrictDocument, Stdin: s.in,
		}}
		prefix, fixed := prefixes[loc]
		switch {
		case fixed:
			m.Prefix = prefix
		case len(locations) > 1:
			m.Prefix = "/" + server.Stem(loc)
			for n := 2; taken[m.Prefix]; n++ {
				m.Prefix = "/" + server.Stem(loc) + "-" + strconv.Itoa(n)
			}
		}
		if m.Prefix == "/_mimus" || strings.HasPrefix(m.Prefix, "/_mimus/") {
			return nil, fmt.Errorf("%s can't be mounted at %s: /_mimus is reserved; choose another prefix with --mount", loc, m.Prefix)
		}
		if taken[m.Prefix] {
			return nil, fmt.Errorf("two documents would be mounted at %s; choose another prefix with --mount", m.Prefix)
		}
		taken[m.Prefix] = true
		mounts = append(mounts, m)
	}
	_ = ctx
	return mounts, nil
}

// engine makes the engine's settings.
func (c *serveCmd) engine() (engine.Config, error) {
	delay, err := engine.ParseDelay(c.Delay)
	if err != nil {
		return engine.Config{}, err
	}
	cfg := engine.Config{
		Seed: c.Seed, Dynamic: c.Dynamic, IgnoreExamples: c.IgnoreExamples, Errors: c.Errors, NoCORS: !c.CORS,
		Delay: delay, BasePath: c.BasePath, BodyLimit: c.BodyLimit, Callbacks: c.Callbacks != "off",
	}
	switch c.Validate {
	case "warn":
		cfg.Validation = engine.Warn
	case "off":
		cfg.Validation = engine.Off
	}
	if !c.FillProperties {
		f := schema.DefaultFaker
		f.Fill = false
		cfg.Faker = &f
	}
	return cfg, nil
}

// checkExamples checks the documents' own examples behind the start, and tells
// what it finds.
func (c *serveCmd) checkExamples(ctx context.Context, mounts []*server.Mount, log *logger) {
	for _, m := range mounts {
		found := m.Mock().CheckExamples(ctx)
		if len(found) == 0 {
			continue
		}
		log.Info("examples that break their schema", slog.String("source", m.Source.Location), slog.Int("count", len(found)),
			slog.String("next", "mimus check "+m.Source.Location+" lists them"))
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// isTerminal reports whether w is a terminal: colours are for people.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
