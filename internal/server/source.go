package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/engine"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/postman"
)

// Source is where a document comes from.
type Source struct {
	Location    string // a path, an http or https URL, or "-" for Stdin
	Root        string // references stay inside; "" is found from the file
	AllowRemote bool   // references to URLs of other origins are followed
	Strict      bool   // a document with any error is refused
	Stdin       io.Reader
	Data        []byte // the document itself, Location being its name; nil: it is read

	// Files, if not nil, is all there is: Location is the key of the entry, and
	// nothing outside of it is read.
	Files map[string][]byte
	// EnvironmentData is an environment itself, in place of Environment.
	EnvironmentData []byte

	Environment string   // the file of a Postman environment, for a collection; "" is none
	Examples    []string // collections whose saved examples answer before the document's contract
	Contract    bool     // a collection is served by the contract that is inferred from it

	Overlay     []byte // an OpenAPI Overlay that is applied to the document; empty is none
	OverlayName string // of its file, for people
}

// Loaded is a document that was read.
type Loaded struct {
	Definition  *definition.Definition
	Diagnostics []document.Diagnostic
	Files       []string // the local files it is made of
	Name        string   // of the entry, for people
	// Locate tells where a value of the definition stands in its file.
	Locate func(*definition.Value) definition.Position
	// Environment stands over the variables of the definition.
	Environment []definition.Variable
	// FromCollection tells that the definition was made of a collection, and
	// Collection is that until a mock was compiled.
	FromCollection bool
	Collection     *postman.Collection
	// Recording is the same of a recording.
	Recording *har.Archive
}

// Compile makes a mock of what was loaded, and notes what is wrong with the
// saved examples.
func (l *Loaded) Compile(cfg engine.Config) *engine.Mock {
	cfg.Environment = l.Environment
	m := engine.Compile(l.Definition, cfg)
	l.Diagnostics = append(l.Diagnostics[:len(l.Diagnostics):len(l.Diagnostics)], diagnosticsOf(m.Problems())...)
	return m
}

// CheckSaved checks saved examples against the contract.
func CheckSaved(ctx context.Context, m *engine.Mock) []document.Diagnostic {
	return diagnosticsOf(m.CheckSaved(ctx))
}

func diagnosticsOf(problems []engine.Problem) []document.Diagnostic {
	var out []document.Diagnostic
	for _, p := range problems {
		out = append(out, document.Diagnostic{
			Severity: document.Warning, Code: p.Code, File: p.Pos.File, Line: p.Pos.Line, Col: p.Pos.Col, Message: p.Message, Hint: p.Hint,
		})
	}
	return out
}

// Serves reports whether there is anything to answer with.
func (l *Loaded) Serves() bool {
	return len(l.Definition.Operations) > 0 || len(l.Definition.Exchanges) > 0
}

// ErrNoOperations says that a document has nothing that could be served.
var ErrNoOperations = errors.New("the document has no operations")

// Load reads the document of a source.
func (s Source) Load(ctx context.Context) (loaded *Loaded, err error) {
	defer func() {
		if p := recover(); p != nil { // one document must not take down its neighbours
			loaded, err = nil, fmt.Errorf("%s: reading it made the reader fail, which is a fault of Mimus: %v", s.Location, p)
		}
	}()
	cfg := document.Config{Root: s.Root, AllowRemote: s.AllowRemote, Stdin: s.Stdin}
	switch {
	case s.Files != nil:
		cfg.Files = s.Files
	case s.Data != nil:
		cfg.Files = map[string][]byte{s.Location: s.Data}
	}
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	l := document.NewLoader(cfg)
	out, err := s.readAny(ctx, l)
	var tooDeep *document.FileError
	if errors.As(err, &tooDeep) && tooDeep.Code == "limit-depth" && s.Location != "-" {
		// A folder of a collection takes two levels.
		cfg.Limits.Depth = maxCollectionDepth
		deep := document.NewLoader(cfg)
		if other, again := s.readAny(ctx, deep); again == nil && other.Collection != nil {
			l, out, err = deep, other, nil
		}
	}
	if err != nil {
		return nil, err
	}
	out.Diagnostics = append(out.Diagnostics, s.overlayInVain(out)...)
	if err := s.layExamples(ctx, l, out); err != nil {
		return nil, err
	}
	for _, file := range l.Files() {
		if !strings.Contains(file.Location, "://") && s.Location != "-" && s.Data == nil && s.Files == nil {
			out.Files = append(out.Files, file.Location)
		}
	}
	if s.Strict {
		for _, d := range out.Diagnostics {
			if d.Severity == document.Error {
				return out, fmt.Errorf("%s is refused by strict-document: %s", s.Location, d)
			}
		}
	}
	return out, nil
}

// maxCollectionDepth bounds the nesting of a collection's JSON.
const maxCollectionDepth = 10_000

// Expand turns the sources of a command line into documents: folders and globs
// into the API documents that they hold.
func Expand(locations []string) ([]string, error) {
	var out []string
	for _, loc := range locations {
		if loc == "-" || strings.HasPrefix(loc, "http://") || strings.HasPrefix(loc, "https://") {
			out = append(out, loc)
			continue
		}
		info, err := os.Stat(loc)
		switch {
		case err == nil && info.IsDir():
			found, err := documentsIn(loc)
			if err != nil {
				return nil, err
			}
			found = append(found, collectionFolders(loc)...)
			if len(found) == 0 {
				return nil, fmt.Errorf("%s: the folder has neither an OpenAPI document nor a Postman collection; name the file", loc)
			}
			out = append(out, found...)
		case err == nil:
			out = append(out, loc)
		case strings.ContainsAny(loc, "*?["):
			found, err := filepath.Glob(loc)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", loc, err)
			}
			var docs []string
			for _, f := range found {
				if isDocument(f) {
					docs = append(docs, f)
				}
			}
			if len(docs) == 0 {
				return nil, fmt.Errorf("%s: neither an OpenAPI document nor a Postman collection matches", loc)
			}
			out = append(out, docs...)
		default:
			return nil, missing(loc)
		}
	}
	return out, nil
}

// missing is the error of a file that is not there, with the files that it may
// have been meant for.
func missing(loc string) error {
	dir := filepath.Dir(loc)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s: there is no such file, nor the folder %s", loc, dir)
	}
	var near []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".yaml", ".yml", ".json", ".har":
			if len(near) < 5 {
				near = append(near, filepath.Join(dir, e.Name()))
			}
		}
	}
	if near == nil {
		return fmt.Errorf("%s: there is no such file", loc)
	}
	return fmt.Errorf("%s: there is no such file; there are %s", loc, strings.Join(near, ", "))
}

const maxFolder = 2000

// documentsIn lists the API documents of a folder, those of folders below
// included, hidden ones and dependencies left out.
func documentsIn(dir string) ([]string, error) {
	var out []string
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != dir && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "vendor") {
				return filepath.SkipDir
			}
			return nil
		}
		if seen++; seen > maxFolder {
			return fmt.Errorf("%s has more than %d files; name the document", dir, maxFolder)
		}
		if d.Type().IsRegular() && isDocument(path) {
			out = append(out, path)
		}
		return nil
	})
	sort.Strings(out)
	return out, err
}

func isDocument(path string) bool {
	name := strings.ToLower(path)
	gz := strings.HasSuffix(name, ".gz")
	switch filepath.Ext(strings.TrimSuffix(name, ".gz")) {
	case ".yaml", ".yml", ".json":
	default:
		return false
	}
	if gz {
		return true
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	return detect(document.Sniff(string(head[:n])))
}

// Stem is the name a document is mounted under: the file's without its
// endings, or the folder's where the file's says nothing.
func Stem(location string) string {
	base := location
	if i := strings.IndexAny(base, "?#"); i >= 0 && strings.Contains(base, "://") {
		base = base[:i]
	}
	base = strings.TrimRight(filepath.ToSlash(base), "/")
	name := base[strings.LastIndexByte(base, '/')+1:]
	name = strings.TrimSuffix(name, ".gz")
	for _, ext := range []string{".yaml", ".yml", ".json", ".har", ".postman_collection"} {
		name = strings.TrimSuffix(name, ext)
	}
	if name == "openapi" || name == "swagger" || name == "index" {
		abs := base
		if !strings.Contains(base, "://") {
			if a, err := filepath.Abs(base); err == nil {
				abs = filepath.ToSlash(a)
			}
		}
		parts := strings.Split(abs, "/")
		if len(parts) >= 2 && parts[len(parts)-2] != "" {
			name = parts[len(parts)-2]
		}
	}
	if name == "-" || name == "" {
		name = "api"
	}
	return slug(name)
}

// slug keeps what can stand in a path without being encoded.
func slug(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			b.WriteRune(r)
		default:
			b.WriteByte('-')
		}
	}
	return b.String()
}
