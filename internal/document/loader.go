package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mimus-dev/mimus/internal/definition"
)

// Config tells a [Loader] where it may read.
type Config struct {
	// Root is the folder that local references must stay inside of, symbolic
	// links resolved. Empty means: the nearest folder from the entry file
	// upwards that holds .git or mimus.yaml, else the parent of the entry
	// file's folder; never "/" or the home folder, instead of which it is the
	// entry file's own folder.
	Root string

	// AllowRemote permits references to URLs from local files and to URLs of
	// other origins than those that were opened.
	AllowRemote bool

	// Client fetches URLs. Nil means one with a timeout of 10 s that refuses
	// to connect to loopback, private and link-local addresses but for the
	// hosts of URLs that were opened. A client given here does its own check
	// of addresses.
	Client *http.Client

	// Files, if not nil, is all there is: locations are its keys, slash
	// separated paths, and neither disk nor network is read.
	Files map[string][]byte

	// Stdin is read for the location "-".
	Stdin io.Reader

	Limits Limits
}

// maxFiles is how many files one document may have.
const maxFiles = 1000

// Loader reads documents and the files that they refer to. Each file is read
// once. It may be used from several goroutines, which read one after another.
type Loader struct {
	cfg    Config
	client *http.Client
	typed  *origins // of the URLs that were opened

	loading sync.Mutex // held while reading
	byKey   map[string]*File
	failed  map[string]error

	mu    sync.RWMutex // guards files
	files []*File
}

// reading is what the files of one document share: the entry and those that it
// refers to.
type reading struct {
	root  string // folder, symbolic links resolved; "" unless the entry is local
	bytes int64  // left
	nodes int    // left
	files int    // left
}

// NewLoader makes a loader that has read nothing yet.
func NewLoader(cfg Config) *Loader {
	cfg.Limits = cfg.Limits.withDefaults()
	l := &Loader{
		cfg:    cfg,
		typed:  &origins{},
		byKey:  make(map[string]*File),
		failed: make(map[string]error),
	}
	l.client = newClient(cfg.Client, l)
	return l
}

// Open reads an entry: a path, an http or https URL, "-" for standard input,
// or a key of Config.Files. The error is a *[FileError].
func (l *Loader) Open(ctx context.Context, location string) (*File, error) {
	l.loading.Lock()
	defer l.loading.Unlock()
	doc := &reading{bytes: l.cfg.Limits.Bytes, nodes: l.cfg.Limits.Nodes, files: maxFiles}
	switch {
	case l.cfg.Files != nil:
		key := memoryKey(location)
		return l.load(ctx, source{key: key, name: location, doc: doc})
	case location == "-":
		return l.openStdin(ctx, doc)
	case isURL(location):
		u, err := parseURL(location)
		if err != nil {
			return nil, fileError(location, "reference-invalid", "the URL can't be read: "+err.Error(), "", err)
		}
		l.typed.add(u)
		return l.load(ctx, source{key: u.String(), name: location, doc: doc, url: u})
	}
	return l.openPath(ctx, location, doc)
}

func (l *Loader) openStdin(ctx context.Context, doc *reading) (*File, error) {
	if l.cfg.Stdin == nil {
		return nil, fileError("-", "file-missing", "there is no standard input", "give a file or URL", nil)
	}
	folder, err := filepath.Abs(".")
	if err != nil {
		return nil, fileError("-", "file-unreadable", "the working folder is unknown: "+err.Error(), "", err)
	}
	if doc.root, err = l.root(folder); err != nil {
		return nil, err
	}
	return l.load(ctx, source{key: "-", name: "-", doc: doc, stdin: true})
}

func (l *Loader) openPath(ctx context.Context, location string, doc *reading) (*File, error) {
	abs, err := filepath.Abs(location)
	if err != nil {
		return nil, fileError(location, "file-unreadable", "the working folder is unknown: "+err.Error(), "", err)
	}
	if doc.root, err = l.root(filepath.Dir(abs)); err != nil {
		return nil, err
	}
	return l.load(ctx, source{key: abs, name: location, doc: doc, entry: true})
}

// Follow reads the file that a URI reference without its fragment names,
// resolved against the base of from (RFC 3986, 5.1). The empty reference names
// from itself. The error is a *[FileError] that names the file which could not
// be read, or from where the reference itself is at fault.
func (l *Loader) Follow(ctx context.Context, from *File, ref string) (*File, error) {
	if ref == "" {
		return from, nil
	}
	l.loading.Lock()
	defer l.loading.Unlock()
	src, known, err := l.resolve(from, ref)
	if err != nil || known != nil {
		return known, err
	}
	return l.load(ctx, src)
}

// Files gives all files that were read, in order.
func (l *Loader) Files() []*File {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return append([]*File(nil), l.files...)
}

// File gives a file by its number, nil for 0 and unknown numbers.
func (l *Loader) File(n uint16) *File {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if n == 0 || int(n) > len(l.files) {
		return nil
	}
	return l.files[n-1]
}

// Locate gives the place of a value for people, the zero Position where it
// comes from no file.
func (l *Loader) Locate(v *definition.Value) definition.Position {
	if v == nil {
		return definition.Position{}
	}
	f := l.File(v.File)
	if f == nil {
		return definition.Position{}
	}
	line, col := f.Position(v.Pos)
	return definition.Position{File: f.Name, Line: line, Col: col}
}

// Diagnose makes a diagnostic with the place of a value.
func (l *Loader) Diagnose(v *definition.Value, sev Severity, code, message, hint string) Diagnostic {
	at := l.Locate(v)
	return Diagnostic{Severity: sev, Code: code, File: at.File, Line: at.Line, Col: at.Col, Message: message, Hint: hint}
}

// load reads a source, or gives what reading it gave before.
func (l *Loader) load(ctx context.Context, src source) (*File, error) {
	if f := l.byKey[src.key]; f != nil {
		return f, nil
	}
	if err := l.failed[src.key]; err != nil {
		return nil, err
	}
	f, err := l.read(ctx, src)
	if err != nil {
		if ctx.Err() == nil {
			l.failed[src.key] = err
		}
		return nil, err
	}
	l.byKey[src.key] = f
	return f, nil
}

func (l *Loader) read(ctx context.Context, src source) (*File, error) {
	if err := ctx.Err(); err != nil {
		return nil, fileError(src.name, "file-unreadable", "reading was stopped: "+err.Error(), "", err)
	}
	doc := src.doc
	if doc.files--; doc.files < 0 {
		return nil, fileError(src.name, "limit-files", fmt.Sprintf("the document refers to more than %d files", maxFiles), "bundle it into fewer files", nil)
	}
	if len(l.files) == math.MaxUint16 {
		return nil, fileError(src.name, "limit-files", "too many files were read", "", nil)
	}
	got, err := l.fetch(ctx, src)
	if err != nil {
		return nil, err
	}
	if f := l.byKey[got.location]; f != nil { // a redirect to a file that is known
		return f, nil
	}
	text, err := decodeText(got.text)
	if err != nil {
		code := "file-binary"
		if errors.Is(err, errEmpty) {
			code = "file-empty"
		}
		return nil, fileError(src.name, code, err.Error(), "give a document in JSON or YAML", nil)
	}
	lim := l.cfg.Limits
	lim.Nodes = doc.nodes
	number := uint16(len(l.files) + 1)
	root, warnings, err := parse(ctx, text, src.name, number, lim)
	if err != nil {
		return nil, syntaxFileError(ctx, src.name, err)
	}
	doc.bytes -= int64(len(text))
	doc.nodes -= countValues(&root)
	f := &File{Number: number, Location: got.location, Name: src.name, Text: text, Root: root, Warnings: warnings, document: doc}
	l.byKey[f.Location] = f
	l.mu.Lock()
	l.files = append(l.files, f)
	l.mu.Unlock()
	return f, nil
}

func countValues(v *definition.Value) int {
	n := 1
	for i := range v.Kids {
		n += countValues(&v.Kids[i])
	}
	return n
}

func fileError(file, code, message, hint string, cause error) *FileError {
	return &FileError{cause: cause, Diagnostic: Diagnostic{Severity: Error, Code: code, File: file, Message: message, Hint: hint}}
}

func syntaxFileError(ctx context.Context, name string, err error) error {
	if stopped := ctx.Err(); stopped != nil {
		return fileError(name, "file-unreadable", "reading was stopped: "+stopped.Error(), "", stopped)
	}
	var broken *SyntaxError
	if !errors.As(err, &broken) {
		return fileError(name, "file-unreadable", err.Error(), "", err)
	}
	fe := fileError(name, broken.Code, broken.Message, broken.Hint, broken)
	fe.Line, fe.Col = broken.Line, broken.Col
	return fe
}

// memoryKey is the form of a key of Config.Files.
func memoryKey(location string) string {
	return strings.TrimPrefix(path.Clean("/"+location), "/")
}
