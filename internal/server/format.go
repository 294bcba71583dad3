package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/openapi"
	"github.com/mimus-dev/mimus/internal/overlay"
	"github.com/mimus-dev/mimus/internal/postman"
)

// rootKeys are the names of a document's root members.
func rootKeys(f *document.File) []string {
	var keys []string
	for i := range f.Root.Kids {
		keys = append(keys, f.Root.Kids[i].Key)
	}
	return keys
}

// detect tells whether a document's root members are those of a format that can
// be served.
func detect(keys []string) bool {
	return openapi.Detect(keys) || postman.Detect(keys)
}

// recording makes what is served of a recording, without its credentials.
func recording(ctx context.Context, l *document.Loader, f *document.File) (*Loaded, error) {
	a, diags, err := har.Read(ctx, l, f)
	if err != nil {
		return nil, err
	}
	out := &Loaded{Diagnostics: diags, Name: f.Name, Locate: l.Locate, Recording: a}
	clean, _, err := har.Read(ctx, l, f) // stripping changes the archive
	if err != nil {
		return nil, err
	}
	clean.Strip()
	out.Definition, diags = clean.Definition()
	out.Definition.NoContract = true
	if out.Definition.Title == "" {
		out.Definition.Title = strings.TrimSuffix(filepath.Base(f.Name), ".har")
	}
	out.Diagnostics = append(out.Diagnostics, diags...)
	return out, nil
}

// readAny reads the source, whatever its format is.
func (s *Source) readAny(ctx context.Context, l *document.Loader) (*Loaded, error) {
	if s.isFolder() {
		c, diags, err := postman.ReadFolder(ctx, l, s.Location)
		if err != nil {
			return nil, err
		}
		return s.collection(ctx, l, c, diags, s.Location)
	}
	f, err := l.Open(ctx, s.Location)
	if err != nil {
		return nil, err
	}
	if har.Detect(rootKeys(f)) {
		return recording(ctx, l, f)
	}
	if !postman.Detect(rootKeys(f)) && !postman.Named(&f.Root) {
		overlaid := s.applyOverlay(ctx, f)
		def, diags, err := openapi.Read(ctx, l, f)
		if errors.Is(err, openapi.ErrNotOpenAPI) && postman.DetectEnvironment(rootKeys(f)) {
			return nil, fmt.Errorf("%s %w: give it with --environment, beside the collection", f.Name, ErrEnvironment)
		}
		return &Loaded{Definition: def, Diagnostics: append(overlaid, diags...), Name: f.Name, Locate: l.Locate}, err
	}
	c, diags, err := postman.Read(ctx, l, f)
	if err != nil {
		return nil, err
	}
	return s.collection(ctx, l, c, diags, f.Name)
}

// applyOverlay applies the source's overlay to an OpenAPI document. What of an
// overlay can't be read or applied is told, and the document is read without.
func (s *Source) applyOverlay(ctx context.Context, f *document.File) []document.Diagnostic {
	if len(s.Overlay) == 0 || !openapi.Detect(rootKeys(f)) {
		return nil
	}
	name := cmp.Or(s.OverlayName, "overlay")
	const key = "overlay"
	over, err := document.NewLoader(document.Config{Files: map[string][]byte{key: s.Overlay}}).Open(ctx, key)
	if err != nil {
		d := document.Diagnostic{Severity: document.Error, Code: "overlay-invalid", Message: err.Error()}
		var broken *document.FileError
		if errors.As(err, &broken) {
			d = broken.Diagnostic
		}
		d.File = name
		return []document.Diagnostic{d}
	}
	over.Name = name
	for i := range over.Warnings {
		over.Warnings[i].File = name
	}
	o, diags := overlay.Read(over)
	root, more := o.Apply(&f.Root)
	f.Root = *root
	return append(diags, more...)
}

// overlayInVain tells of an overlay for what is no OpenAPI document.
func (s *Source) overlayInVain(out *Loaded) []document.Diagnostic {
	kind := ""
	switch {
	case len(s.Overlay) == 0:
	case out.FromCollection:
		kind = "collection"
	case out.Recording != nil:
		kind = "recording"
	}
	if kind == "" {
		return nil
	}
	return []document.Diagnostic{{
		Severity: document.Warning, Code: "overlay-unused", File: cmp.Or(s.OverlayName, "overlay"),
		Message: "an overlay applies to OpenAPI documents; this is a " + kind, Hint: "remove the overlay, or convert the " + kind + " to OpenAPI",
	}}
}

// isFolder tells whether the source is a collection's folder.
func (s *Source) isFolder() bool {
	if s.Data != nil || s.Files != nil || s.Location == "-" || strings.Contains(s.Location, "://") {
		return false
	}
	info, err := os.Stat(s.Location)
	return err == nil && info.IsDir()
}

// collection makes what is served of a collection: its saved examples, or the
// contract that is inferred from it.
func (s *Source) collection(ctx context.Context, l *document.Loader, c *postman.Collection, diags []document.Diagnostic, name string) (*Loaded, error) {
	out := &Loaded{Diagnostics: diags, Name: name, Locate: l.Locate, Collection: c, FromCollection: true}
	var err error
	if out.Environment, diags, err = s.environment(ctx, l); err != nil {
		return nil, err
	}
	out.Diagnostics = append(out.Diagnostics, diags...)
	if !s.Contract {
		out.Definition, diags = c.Definition()
		out.Diagnostics = append(out.Diagnostics, diags...)
		return out, nil
	}
	root, diags := convert.ToOpenAPI(c, convert.OpenAPIOptions{Variables: out.Environment})
	out.Diagnostics = append(out.Diagnostics, diags...)
	def, diags, err := readInferred(ctx, &root)
	if err != nil {
		return nil, fmt.Errorf("%s: no contract can be inferred: %w", name, err)
	}
	out.Diagnostics = append(out.Diagnostics, diags...)
	def.Format = "Postman collection " + string(c.Version) + ", with a contract inferred from it"
	out.Definition = def
	out.Locate = func(*definition.Value) definition.Position { return definition.Position{} }
	return out, nil
}

// readInferred reads an OpenAPI document that was made. Its positions say
// nothing to anybody.
func readInferred(ctx context.Context, root *definition.Value) (*definition.Definition, []document.Diagnostic, error) {
	const name = "inferred.json"
	l := document.NewLoader(document.Config{Files: map[string][]byte{name: root.AppendJSON(nil)}})
	f, err := l.Open(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	def, diags, err := openapi.Read(ctx, l, f)
	for i := range diags {
		diags[i].File, diags[i].Line, diags[i].Col = "", 0, 0
	}
	return def, diags, err
}

// ErrEnvironment says that a source is no API but an environment.
var ErrEnvironment = errors.New("is a Postman environment")

// ReadEnvironment reads a source that is an environment or globals.
func (s Source) ReadEnvironment(ctx context.Context) (*postman.Environment, []document.Diagnostic, error) {
	l := document.NewLoader(document.Config{Root: s.Root, Stdin: s.Stdin})
	f, err := l.Open(ctx, s.Location)
	if err != nil {
		return nil, nil, err
	}
	return postman.ReadEnvironment(ctx, l, f)
}

// environment reads the source's environment, nil where there is none.
func (s *Source) environment(ctx context.Context, l *document.Loader) ([]definition.Variable, []document.Diagnostic, error) {
	if s.EnvironmentData != nil {
		l = document.NewLoader(document.Config{Files: map[string][]byte{"environment": s.EnvironmentData}})
		s = &Source{Environment: "environment"}
	}
	if s.Environment == "" {
		return nil, nil, nil
	}
	f, err := s.beside(l).Open(ctx, s.Environment)
	if err != nil {
		return nil, nil, err
	}
	e, diags, err := postman.ReadEnvironment(ctx, l, f)
	if err != nil {
		return nil, nil, err
	}
	return e.Definition(), diags, nil
}

// beside is what reads the files beside a document, which is not where the
// document itself is where that is in memory.
func (s *Source) beside(l *document.Loader) *document.Loader {
	if s.Data != nil {
		return document.NewLoader(document.Config{})
	}
	return l
}

// layExamples lays the saved examples of collections over a definition.
func (s *Source) layExamples(ctx context.Context, l *document.Loader, out *Loaded) error {
	for _, location := range s.Examples {
		over := Source{Location: location, Environment: s.Environment}
		more, err := over.readAny(ctx, s.beside(l))
		if err != nil {
			return err
		}
		if len(more.Definition.Operations) > 0 {
			return fmt.Errorf("%s is an OpenAPI document: --examples takes a collection, whose saved examples answer before the contract", location)
		}
		out.Diagnostics = append(out.Diagnostics, more.Diagnostics...)
		out.Definition.AddExchanges(more.Definition)
		out.Environment = more.Environment
	}
	return nil
}

// collectionFolders lists the collections' folders of a folder.
func collectionFolders(dir string) []string {
	if !postman.IsFolder(dir) {
		return nil
	}
	var out []string
	for _, f := range postman.Folders(dir) {
		out = append(out, filepath.Clean(f))
	}
	return out
}
