package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"github.com/mimus-dev/mimus/internal/resource"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
	"github.com/mimus-dev/mimus/internal/transfer"
)

// workspaceID finds a workspace by its id or its name; "" is "".
func workspaceID(ctx context.Context, s *store.Store, wanted string) (id string, err error) {
	if wanted == "" {
		return "", nil
	}
	err = s.View(ctx, func(t *store.Tx) error {
		id = ""
		list, err := t.Workspaces("", store.Page{})
		var names []string
		for _, w := range list {
			names = append(names, w.Name)
			switch {
			case w.ID == wanted:
				id = w.ID
				return nil
			case w.Name == wanted && id != "":
				return fmt.Errorf("--workspace: several are named %q; give the id", wanted)
			case w.Name == wanted:
				id = w.ID
			}
		}
		if err == nil && id == "" {
			err = fmt.Errorf("--workspace: there is none of the id or name %q; there are: %s", wanted, strings.Join(names, ", "))
		}
		return err
	})
	return id, err
}

type importCmd struct {
	Paths []string `arg:"" name:"path" help:"Files of OpenAPI documents, Postman collections, environments and globals, recordings (HAR), mimus.yaml; folders of collections; folders of all of these."`

	storeFlags
	Workspace       string `placeholder:"ID|NAME" help:"Workspace that everything goes to (the first one; what was imported before stays where it is)."`
	Root            string `placeholder:"DIR" help:"Folder that references must stay inside."`
	AllowRemoteRefs bool   `help:"Follow references to URLs of other origins."`
}

// Run imports the files.
func (c *importCmd) Run(ctx context.Context, s streams) error {
	data, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = data.Close() }()
	workspace, err := workspaceID(ctx, data, c.Workspace)
	if err != nil {
		return exitCode{exitUnreadable, err}
	}
	bar := newProgress(s.err)
	defer bar.close()
	count := map[transfer.Outcome]int{}
	err = transfer.Import(ctx, data, transfer.ImportConfig{
		Workspace: workspace, Root: c.Root, AllowRemote: c.AllowRemoteRefs,
		Sources: configuredSources, Progress: bar.set,
		Report: func(r transfer.Result) {
			count[r.Outcome]++
			bar.hidden(func() { printResult(s, r) })
		},
	}, c.Paths)
	bar.close()
	if err != nil {
		return err
	}
	var parts []string
	for _, o := range []transfer.Outcome{transfer.Imported, transfer.Updated, transfer.Unchanged, transfer.Skipped, transfer.Failed} {
		if count[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	fmt.Fprintln(s.out, strings.Join(parts, ", "))
	if count[transfer.Failed] > 0 {
		return exitCode{code: exitError}
	}
	return nil
}

// printResult prints what became of one item; what failed is a problem.
func printResult(s streams, r transfer.Result) {
	w, kind := s.out, ""
	if r.Kind != "" {
		kind = "  " + r.Kind
	}
	if r.Outcome == transfer.Failed {
		w = s.err
	}
	if r.Reason != "" {
		text := r.Reason
		if !strings.HasPrefix(text, r.Path+":") {
			text = r.Path + ": " + text
		}
		fmt.Fprintf(w, "%s%s  %s\n", r.Outcome, kind, strings.ReplaceAll(text, "\n", "\n  "))
		return
	}
	id := ""
	if len(r.ID) > 8 {
		id = " (" + r.ID[:8] + "…)"
	}
	fmt.Fprintf(w, "%s%s  %s → %s%s, %s\n", r.Outcome, kind, r.Path, appendPlain(nil, r.Name), id, r.Detail)
}

// configuredSources are the documents that a configuration file serves, with
// their settings.
func configuredSources(file string) ([]transfer.SourceMock, error) {
	c, err := configuredServe(file)
	if err != nil {
		return nil, err
	}
	var out []transfer.SourceMock
	for _, e := range c.entries {
		found, err := c.expand(e)
		if err != nil {
			return nil, err
		}
		for _, l := range found {
			own := l.settings
			config, err := own.mockSettings()
			if err != nil {
				return nil, err
			}
			m := transfer.SourceMock{File: l.location, Environment: own.Environment, Examples: own.Examples, Settings: config}
			if l.fixed {
				m.Prefix = orSlash(l.prefix)
			}
			out = append(out, m)
		}
	}
	return out, nil
}

// configuredServe is the command serve as a configuration file sets it up.
func configuredServe(file string) (*serveCmd, error) {
	var c serveCmd
	app, err := kong.New(&c, kong.NoDefaultHelp())
	if err != nil {
		return nil, err
	}
	k, err := app.Parse([]string{"--config", file})
	if err != nil {
		return nil, err
	}
	return &c, c.configure(givenFlags(k))
}

// mockSettings are the settings of a source as those of a mock; nil where all
// of them are the default.
func (c *serveCmd) mockSettings() ([]byte, error) {
	s := settings.Default()
	s.MatchBody, s.MatchHeader, s.Headers = c.MatchBody, c.MatchHeader, c.Headers
	s.MatchQueryParams, s.MatchWildcards, s.MatchFuzzy = c.MatchQueryParams, c.MatchWildcards, c.MatchFuzzy
	s.Validation, s.Dynamic, s.Errors, s.CORS = c.Validate, c.Dynamic, c.Errors, c.CORS
	s.IgnoreExamples, s.BasePath, s.Contract = c.IgnoreExamples, basePath(c.BasePath), c.Contract
	s.KeepCalls, s.Redact = c.KeepCalls, c.Redact
	s.Stateless = c.Stateless
	if c.State != "auto" {
		s.State = c.State
	}
	if c.World != resource.DefaultWorld {
		s.World = &c.World
	}
	if !c.Epoch.IsZero() {
		s.Epoch = c.Epoch.Format(time.RFC3339)
	}
	if c.StateItems != resource.DefaultMaxItems {
		s.StateItems = c.StateItems
	}
	if c.StateMemory != resource.DefaultMaxBytes {
		s.StateMemory = c.StateMemory
	}
	if c.Seed != defaultSeed {
		s.Seed = c.Seed
	}
	if c.BodyLimit != defaultBodyLimit {
		s.BodyLimit = c.BodyLimit
	}
	switch d := c.Delay.Delay; {
	case d.Mean > 0:
		s.Delay = &settings.Delay{Type: "normal", Mean: int(d.Mean.Milliseconds()), Deviation: int(d.Deviation.Milliseconds())}
	case d.Max > d.Min:
		s.Delay = &settings.Delay{Type: "range", Min: int(d.Min.Milliseconds()), Max: int(d.Max.Milliseconds())}
	case d.Max > 0:
		s.Delay = &settings.Delay{Type: "fixed", Duration: int(d.Max.Milliseconds())}
	}
	out, usual := s.AppendJSON(nil), settings.Default()
	if string(out) == string(usual.AppendJSON(nil)) {
		return nil, nil
	}
	if _, err := settings.Parse(out); err != nil {
		return nil, err
	}
	return out, nil
}

// The defaults of serve that settings have no word for.
const (
	defaultSeed      = "mimus"
	defaultBodyLimit = 10 << 20
)

// progress is a bar on a terminal, from a second on; nothing elsewhere.
type progress struct {
	w     io.Writer
	stop  chan struct{}
	ended sync.WaitGroup
	once  sync.Once

	mu          sync.Mutex
	done, total int
	shown       bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, stop: make(chan struct{})}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		p.ended.Go(p.run)
	}
	return p
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb" && filepath.Clean(f.Name()) != os.DevNull
}

func (p *progress) run() {
	const patience, every = time.Second, 200 * time.Millisecond
	t := time.NewTimer(patience)
	defer t.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-t.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
			t.Reset(every)
		}
	}
}

// draw draws the bar over itself.
func (p *progress) draw() {
	if p.total == 0 {
		return
	}
	const width = 30
	full := width * p.done / p.total
	fmt.Fprintf(p.w, "\r[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat(" ", width-full), p.done, p.total)
	p.shown = true
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

func (p *progress) set(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
}

// hidden runs a function that prints, with the bar out of its way.
func (p *progress) hidden(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := p.shown
	p.clear()
	f()
	if again {
		p.draw()
	}
}

// close removes the bar.
func (p *progress) close() {
	p.once.Do(func() {
		close(p.stop)
		p.ended.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clear()
	})
}
