package transfer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

// ImportConfig says how files are imported.
type ImportConfig struct {
	// Workspace is the id of the one that everything goes to. Empty means that
	// of what was imported before, and the first one for what is new.
	Workspace string

	Root        string // references stay inside; "" is found from the file
	AllowRemote bool   // references to other origins are followed when operations are counted

	// Sources gives the documents that a configuration file serves; nil: its
	// sources are not looked at.
	Sources func(file string) ([]SourceMock, error)

	Report   func(Result)          // what became of each item
	Progress func(done, total int) // of the files; nil: nobody asks
}

// SourceMock is a document that a configuration file serves.
type SourceMock struct {
	File        string
	Prefix      string // "" none of its own
	Environment string // a file; "" none
	Examples    []string
	Settings    []byte // JSON of settings
}

// Result is what became of one item.
type Result struct {
	Outcome Outcome
	Kind    string // spec, collection, environment, globals, mock; "" unknown
	Path    string
	Name    string
	ID      string
	Detail  string // "19 operations"
	Reason  string // why it was skipped, or failed
}

// Import brings files into a store, and folders of them: specs with the files
// that they refer to, collections, environments, globals, recordings and
// configuration files. What was imported from the same path before is updated;
// what a file owned is taken over. Each item is stored as a whole or not at
// all. What is wrong with one is told in its Result and doesn't stop the
// others; the error is that of the store, or of ctx.
func Import(ctx context.Context, s *store.Store, cfg ImportConfig, paths []string) error {
	im := &importer{ctx: ctx, store: s, cfg: cfg, done: map[string]*element{}, failed: map[string]bool{}, parts: map[string]bool{}, listed: map[string]bool{}}
	im.place = place{workspace: cfg.Workspace, moves: cfg.Workspace != ""}
	if cfg.Workspace == "" {
		err := s.Update(ctx, actor(), func(t *store.Tx) error {
			w, err := t.EnsureWorkspace()
			im.place.workspace = w.ID
			return err
		})
		if err != nil {
			return err
		}
	}
	return im.run(find(paths))
}

// importer is one import.
type importer struct {
	ctx    context.Context
	store  *store.Store
	cfg    ImportConfig
	place  place
	done   map[string]*element // by absolute path
	failed map[string]bool
	parts  map[string]bool // files that are part of a document
	listed map[string]bool // files that a configuration lists as those of a spec
	steps  int
	total  int
}

// run imports in an order in which everything is there before it is named:
// documents, then what refers to them.
func (im *importer) run(all []candidate) error {
	im.total = len(all)
	configs := map[string]*configuration{}
	for _, c := range all {
		if c.kind != foundConfig {
			continue
		}
		cfg, err := readConfiguration(im.ctx, c.path)
		if err != nil {
			im.fail("mock", c.path, err)
			continue
		}
		configs[c.path] = cfg
		for i := range cfg.specs {
			im.manifest(&cfg.specs[i])
		}
	}
	for _, c := range all {
		if c.kind == foundNothing && !c.named || c.kind == foundConfig {
			continue
		}
		im.candidate(c)
		im.step()
		if im.ctx.Err() != nil {
			return im.ctx.Err()
		}
	}
	for _, c := range all {
		switch {
		case c.kind == foundNothing && !c.named:
			im.unknown(c.path)
		case configs[c.path] != nil:
			im.configuration(c.path, configs[c.path])
		case c.kind != foundConfig:
			continue
		}
		im.step()
	}
	return im.ctx.Err()
}

func (im *importer) step() {
	im.steps++
	if im.cfg.Progress != nil {
		im.cfg.Progress(im.steps, im.total)
	}
}

func (im *importer) report(r Result) {
	if im.cfg.Report != nil {
		im.cfg.Report(r)
	}
}

func (im *importer) fail(kind, file string, err error) {
	im.failed[absolute(file)] = true
	im.report(Result{Outcome: Failed, Kind: kind, Path: file, Reason: reason(err)})
}

// reason is an error for people.
func reason(err error) string {
	if errors.Is(err, openapi.ErrNotOpenAPI) {
		return err.Error() + "; mimus imports OpenAPI 2.0 to 3.2, Postman collections and environments, recordings (HAR) and mimus.yaml"
	}
	return err.Error()
}

// unknown tells of a file in a folder that is nothing that is known.
func (im *importer) unknown(file string) {
	if im.parts[absolute(file)] {
		return
	}
	im.report(Result{Outcome: Skipped, Path: file, Reason: "it is no API description, collection, environment or recording"})
}

// candidate imports what isn't there already.
func (im *importer) candidate(c candidate) {
	if c.kind == foundFault {
		im.fail("", c.path, c.fault)
		return
	}
	if key := absolute(c.path); im.done[key] == nil && !im.failed[key] && (c.named || !im.listed[key]) {
		im.document(c.path)
	}
}

// document imports a document, once.
func (im *importer) document(file string) *element {
	key := absolute(file)
	if e := im.done[key]; e != nil || im.failed[key] {
		return e
	}
	e, err := load(im.ctx, server.Source{Location: file, Root: im.cfg.Root, AllowRemote: im.cfg.AllowRemote})
	if err != nil {
		im.fail(kindOf(classify(file)), file, err)
		return nil
	}
	return im.element(file, e)
}

// kindOf is what a file seems to be, as results name it.
func kindOf(f found) string {
	switch f {
	case foundSpec:
		return store.KindSpec
	case foundCollection, foundRecording:
		return store.KindCollection
	case foundEnvironment:
		return store.KindEnvironment
	case foundConfig:
		return store.KindMock
	}
	return ""
}

// element stores what a file became, and takes over the mock that it was
// served by.
func (im *importer) element(file string, e *element) *element {
	var outcome Outcome
	err := im.store.Update(im.ctx, actor(), func(t *store.Tx) (err error) {
		if outcome, err = e.put(t, im.place); err != nil {
			return err
		}
		row, err := t.Mock(MockID(file))
		if errors.Is(err, store.ErrNotFound) || err == nil && row.File == "" {
			return nil
		}
		if err != nil {
			return err
		}
		row.File, row.Workspace = "", im.place.in(row.Workspace)
		return t.UpdateMock(&row)
	})
	if err != nil {
		im.fail(e.kind, file, err)
		return nil
	}
	im.done[e.file] = e
	for _, f := range e.parts {
		im.parts[absolute(f)] = true
	}
	im.report(Result{Outcome: outcome, Kind: e.kind, Path: file, Name: e.name, ID: e.id, Detail: e.detail})
	return e
}

// manifest imports a spec whose files are listed.
func (im *importer) manifest(m *specEntry) {
	e, err := m.element(im.ctx)
	if err != nil {
		im.fail(store.KindSpec, m.root, err)
		return
	}
	for _, f := range e.parts {
		im.listed[absolute(f)] = true
	}
	im.element(m.root, e)
}

// configuration imports the mocks that a configuration file describes, and
// those that its sources are served by.
func (im *importer) configuration(file string, cfg *configuration) {
	before := len(cfg.mocks)
	for i := range cfg.mocks {
		im.fileMock(file, &cfg.mocks[i])
	}
	if im.cfg.Sources == nil {
		return
	}
	sources, err := im.cfg.Sources(file)
	if err != nil {
		im.fail(store.KindMock, file, err)
		return
	}
	for i := range sources {
		im.source(file, &sources[i])
	}
	if before+len(sources)+len(cfg.specs) == 0 {
		im.report(Result{Outcome: Skipped, Kind: store.KindMock, Path: file, Reason: "it describes no mocks"})
	}
}

// fileMock imports a mock with what it is of.
func (im *importer) fileMock(file string, m *FileMock) {
	w := m.wanted()
	for _, f := range m.files() {
		e := im.document(f)
		if e == nil {
			im.fail(store.KindMock, file, fmt.Errorf("%s: %s could not be imported", m.at(), f))
			return
		}
		if err := m.check(f, e); err != nil {
			im.fail(store.KindMock, file, err)
			return
		}
		w.use(e)
	}
	w.nameAfter(w.elements)
	im.mock(file, &w)
}

// source imports a mock of a source of a configuration file.
func (im *importer) source(file string, s *SourceMock) {
	if !isLocal(s.File) {
		im.report(Result{Outcome: Skipped, Kind: store.KindMock, Path: file, Reason: s.File + " is no file; download it first"})
		return
	}
	w := wanted{stem: stemOf(s.File), source: file}
	config, err := storedConfig(s.Settings)
	if err != nil {
		im.fail(store.KindMock, file, fmt.Errorf("the settings of %s: %w", s.File, err))
		return
	}
	w.mock = store.Mock{ID: MockID(s.File), Config: config}
	if s.Prefix != "" {
		prefix, err := hosting.CleanPrefix(s.Prefix)
		if err != nil {
			im.fail(store.KindMock, file, fmt.Errorf("the mount %s of %s: %w", s.Prefix, s.File, err))
			return
		}
		w.mock.Prefix = prefix
	}
	files := []string{s.File}
	if s.Environment != "" {
		files = append(files, s.Environment)
	}
	for i, f := range append(files, s.Examples...) {
		e := im.document(f)
		if e == nil {
			im.fail(store.KindMock, file, fmt.Errorf("%s could not be imported", f))
			return
		}
		if i == 0 && e.kind != store.KindSpec && e.kind != store.KindCollection {
			im.fail(store.KindMock, file, fmt.Errorf("%s is no API that could be served", f))
			return
		}
		if e.kind == store.KindCollection && w.mock.Collection != "" {
			im.report(Result{Outcome: Skipped, Kind: store.KindCollection, Path: f, Reason: "a mock has one collection; it is imported, and not the mock's"})
			continue
		}
		w.use(e)
	}
	w.nameAfter(w.elements)
	im.mock(file, &w)
}

// nameAfter gives a mock without a name that of what it is of.
func (w *wanted) nameAfter(elements []*element) {
	if w.mock.Name == "" && len(elements) > 0 {
		w.mock.Name = elements[0].name
	}
	if w.stem == "" {
		w.stem = w.mock.Name
	}
}

// mock stores a mock.
func (im *importer) mock(file string, w *wanted) {
	var outcome Outcome
	var row store.Mock
	err := im.store.Update(im.ctx, actor(), func(t *store.Tx) (err error) {
		if outcome, err = w.put(t, im.place); err != nil {
			return err
		}
		row, err = t.Mock(w.mock.ID)
		return err
	})
	if err != nil {
		im.fail(store.KindMock, file, err)
		return
	}
	at := []string{"/m/" + row.Slug}
	if row.Prefix != "" {
		at = slices.Insert(at, 0, row.Prefix)
	}
	if row.Host != "" {
		at = slices.Insert(at, 0, row.Host)
	}
	im.report(Result{Outcome: outcome, Kind: store.KindMock, Path: file, Name: row.Name, ID: row.ID, Detail: "at " + strings.Join(at, ", ")})
}

// element reads the files of a spec as they are listed.
func (m *specEntry) element(ctx context.Context) (*element, error) {
	e := &element{kind: store.KindSpec, id: ID(store.KindSpec, m.root), file: absolute(m.root), name: m.name, specType: m.kind}
	root := filepath.FromSlash(absolute(m.root))
	e.parts = []string{root}
	for _, f := range m.files {
		e.parts = append(e.parts, filepath.FromSlash(absolute(f)))
	}
	if err := e.readFiles(filepath.FromSlash(absolute(m.folder)), e.parts, root); err != nil {
		return nil, err
	}
	e.detail = plural(len(e.files), "file")
	loaded, err := server.Source{Location: m.root, Root: m.folder}.Load(ctx)
	if err != nil || loaded.Definition.NoContract {
		return e, ctx.Err() // of a type that is kept and can't be mocked
	}
	e.detail = plural(len(loaded.Definition.Operations), "operation")
	if e.name == "" {
		e.name = loaded.Definition.Title
	}
	if e.specType == "" {
		e.specType = specType(loaded.Definition.Format)
	}
	return e, nil
}
