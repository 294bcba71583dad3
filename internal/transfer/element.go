package transfer

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/har"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/server"
	"github.com/mimus-dev/mimus/internal/store"
)

// kindGlobals is the kind of a workspace's global variables, which have no row
// of their own.
const kindGlobals = "globals"

// element is a document as the store keeps it.
type element struct {
	kind   string // of the store, or kindGlobals
	id     string
	file   string // absolute, with slashes
	name   string
	detail string // what it holds, for people: "19 operations"

	specType string           // of a spec
	files    []store.SpecFile // of a spec, the root first
	body     []byte           // of all else

	parts []string // the local files that it was read from
}

// maxDocument bounds what is read of one document, in bytes, as reading does.
const maxDocument = 100_000_000

// maxDepth bounds the nesting of a collection: a folder takes two levels.
const maxDepth = 10_000

// readSpec makes the spec of a document that was loaded.
func readSpec(file string, loaded *server.Loaded) (*element, error) {
	e := &element{kind: store.KindSpec, id: ID(store.KindSpec, file), file: absolute(file)}
	e.name = loaded.Definition.Title
	if e.name == "" {
		e.name = server.Stem(file)
	}
	e.specType = specType(loaded.Definition.Format)
	e.detail = plural(len(loaded.Definition.Operations), "operation")
	if n := faults(loaded.Diagnostics); n > 0 {
		e.detail += ", " + plural(n, "error") + " (mimus check tells them)"
	}
	for _, f := range loaded.Files {
		if absolute(f) == e.file || !isBeside(f) {
			e.parts = append(e.parts, f)
		}
	}
	if err := e.readFiles(commonFolder(e.parts), e.parts, file); err != nil {
		return nil, err
	}
	return e, nil
}

// readFiles reads the files of a spec, whose paths are kept as they are below
// a folder.
func (e *element) readFiles(folder string, files []string, root string) error {
	left := int64(maxDocument)
	for _, f := range files {
		rel, err := filepath.Rel(folder, f)
		if err != nil || !filepath.IsLocal(rel) {
			return fmt.Errorf("%s lies outside of %s, the folder of the spec", f, folder)
		}
		data, err := readFile(f, left)
		if err != nil {
			return err
		}
		left -= int64(len(data))
		name := strings.TrimSuffix(filepath.ToSlash(rel), ".gz")
		e.files = append(e.files, store.SpecFile{
			ID: idOf(e.id, name), Spec: e.id, Path: name, Root: absolute(f) == absolute(root), Content: data,
		})
	}
	slices.SortFunc(e.files, func(a, b store.SpecFile) int {
		if a.Root != b.Root {
			if a.Root {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	return nil
}

// readFile reads a file, decompressed where it is gzip.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(data)); err == nil {
			data, err = io.ReadAll(io.LimitReader(z, limit+1))
		}
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("%s: the document is larger than %d bytes", name, maxDocument)
	}
	return data, nil
}

// commonFolder is the folder that files have in common.
func commonFolder(files []string) string {
	folder := ""
	for i, f := range files {
		dir := filepath.Dir(f)
		if i == 0 {
			folder = dir
		}
		for !isBelow(folder, dir) {
			folder = filepath.Dir(folder)
		}
	}
	return folder
}

// isBelow reports whether a path is a folder, or below it.
func isBelow(folder, name string) bool {
	rel, err := filepath.Rel(folder, name)
	return err == nil && filepath.IsLocal(rel) || folder == filepath.Dir(folder)
}

// specType names the type of a spec as the API does: OPENAPI:3.0.
func specType(format string) string {
	version := strings.TrimPrefix(format, "OpenAPI ")
	if parts := strings.SplitN(version, ".", 3); len(parts) >= 2 {
		version = parts[0] + "." + parts[1]
	}
	return "OPENAPI:" + version
}

// readCollection reads a collection of any format, or the recording that one
// is made of. Only of a document of v2.1.0 everything stays as it is written.
func readCollection(ctx context.Context, file string) (*element, error) {
	e := &element{kind: store.KindCollection, id: ID(store.KindCollection, file), file: absolute(file)}
	l := document.NewLoader(document.Config{Limits: document.Limits{Depth: maxDepth}})
	doc, diags, err := collectionDocument(ctx, l, file)
	if err != nil {
		return nil, err
	}
	for _, f := range l.Files() {
		e.parts = append(e.parts, f.Location)
	}
	identifyItems(doc, e.id)
	setID(doc.Get("info"), "_postman_id", e.id)
	next := 0
	err = items.Normalize(doc, func() string { // only of an id that stands twice
		next++
		return idOf(e.id, "again", fmt.Sprint(next))
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	e.name = doc.Get("info").Get("name").Str()
	e.body = doc.AppendJSON(nil)
	requests, examples := countItems(doc)
	e.detail = plural(requests, "request") + ", " + plural(examples, "saved example")
	if n := faults(diags); n > 0 {
		e.detail += ", " + plural(n, "error") + " (mimus check tells them)"
	}
	return e, nil
}

// collectionDocument reads a collection as a document of v2.1.0.
func collectionDocument(ctx context.Context, l *document.Loader, file string) (*definition.Value, []document.Diagnostic, error) {
	written := func(c *postman.Collection, diags []document.Diagnostic, err error) (*definition.Value, []document.Diagnostic, error) {
		if err != nil {
			return nil, nil, err
		}
		v := c.JSON()
		return &v, diags, nil
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return written(postman.ReadFolder(ctx, l, file))
	}
	f, err := l.Open(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	if har.Detect(rootKeys(&f.Root)) {
		a, diags, err := har.Read(ctx, l, f)
		if err != nil {
			return nil, nil, err
		}
		c, more := convert.RecordingToPostman(recordingName(a, file), convert.Recording(a))
		return written(c, append(diags, more...), nil)
	}
	if strings.Contains(f.Root.Get("info").Get("schema").Str(), "v2.1.0") {
		as := f.Root.Clone()
		if items.Normalize(&as, store.NewID) == nil {
			return &f.Root, f.Warnings, nil
		}
	}
	return written(postman.Read(ctx, l, f))
}

func recordingName(a *har.Archive, file string) string {
	if def, _ := a.Definition(); def.Title != "" {
		return def.Title
	}
	return strings.TrimSuffix(filepath.Base(strings.TrimSuffix(file, ".gz")), ".har")
}

// identifyItems gives an id to each item and saved response that has none. It
// is made of where the item stands by name, so that it outlives changes around
// it.
func identifyItems(v *definition.Value, parent string) {
	for _, key := range [...]string{"item", "response"} {
		list := v.Get(key)
		if !list.Is(definition.Array) {
			continue
		}
		seen := map[string]int{}
		for i := range list.Kids {
			it := &list.Kids[i]
			if it.Kind != definition.Object {
				continue
			}
			name := it.Get("name").Str()
			seen[name]++
			id := it.Get("id").Str()
			if id == "" && it.Get("_postman_id").Str() == "" {
				id = idOf(parent, key, name, fmt.Sprint(seen[name]))
				setID(it, "id", id)
			}
			identifyItems(it, idOf(parent, key, name, fmt.Sprint(seen[name])))
		}
	}
}

// setID sets a member to a text, where it stands or as the first one.
func setID(o *definition.Value, key, id string) {
	if o == nil || o.Kind != definition.Object {
		return
	}
	if old := o.Get(key); old != nil {
		*old = definition.NewString(id).With(key)
		return
	}
	o.Kids = slices.Insert(slices.Clone(o.Kids), 0, definition.NewString(id).With(key))
}

func countItems(v *definition.Value) (requests, examples int) {
	list := v.Get("item")
	if !list.Is(definition.Array) {
		return 0, 0
	}
	for i := range list.Kids {
		it := &list.Kids[i]
		if it.Has("item") {
			r, x := countItems(it)
			requests, examples = requests+r, examples+x
			continue
		}
		requests++
		if saved := it.Get("response"); saved.Is(definition.Array) {
			examples += saved.Len()
		}
	}
	return requests, examples
}

// readEnvironment reads an environment or globals.
func readEnvironment(ctx context.Context, file string) (*element, error) {
	l := document.NewLoader(document.Config{})
	f, err := l.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	given, diags, err := postman.ReadEnvironment(ctx, l, f)
	if err != nil {
		return nil, err
	}
	e := &element{kind: store.KindEnvironment, id: ID(store.KindEnvironment, file), file: absolute(file), name: given.Name, parts: []string{f.Location}}
	e.detail = plural(len(given.Variables), "variable")
	if n := faults(diags); n > 0 {
		e.detail += ", " + plural(n, "error")
	}
	doc, err := environmentDocument(&f.Root, given)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if given.Globals {
		e.kind, e.id = kindGlobals, ""
		if e.name == "" {
			e.name = "globals"
		}
		values := definition.NewArray(doc.Get("values").Kids...)
		e.body = values.AppendJSON(nil)
		return e, nil
	}
	e.body = storedEnvironment(doc, e.id, e.name)
	return e, nil
}

// environmentDocument is the environment as Postman exports it: as it is
// written, where it is written so.
func environmentDocument(root *definition.Value, e *postman.Environment) (*definition.Value, error) {
	if list := root.Get("values"); list.Is(definition.Array) && !slices.ContainsFunc(list.Kids, func(v definition.Value) bool {
		return v.Kind != definition.Object || v.Get("key").Str() == ""
	}) && !root.Has("$kind") {
		return root, nil
	}
	doc, err := document.ParseJSON(string(e.AppendJSON(nil)), 0, document.Limits{})
	return &doc, err
}

// storedEnvironment is an environment's document in the order that the API
// keeps: id, name and values, then the rest.
func storedEnvironment(doc *definition.Value, id, name string) []byte {
	out := definition.NewObject(
		definition.NewString(id).With("id"), definition.NewString(name).With("name"),
		definition.NewArray(doc.Get("values").Kids...).With("values"))
	for i := range doc.Kids {
		switch doc.Kids[i].Key {
		case "id", "name", "values", "owner", "uid", "createdAt", "updatedAt", "isPublic":
		default:
			out.Kids = append(out.Kids, doc.Kids[i])
		}
	}
	return out.AppendJSON(nil)
}

// load reads a document that is named or was found, and what it becomes.
func load(ctx context.Context, source server.Source) (*element, error) {
	if k := classify(source.Location); k == foundEnvironment {
		return readEnvironment(ctx, source.Location)
	}
	loaded, err := source.Load(ctx)
	switch {
	case errors.Is(err, server.ErrEnvironment):
		return readEnvironment(ctx, source.Location)
	case err != nil:
		return nil, err
	}
	return fromLoaded(ctx, source.Location, loaded)
}

// fromLoaded makes the element of a document that is served.
func fromLoaded(ctx context.Context, file string, loaded *server.Loaded) (*element, error) {
	if loaded.Definition.NoContract || loaded.FromCollection || loaded.Recording != nil {
		return readCollection(ctx, file)
	}
	return readSpec(file, loaded)
}

func faults(diags []document.Diagnostic) (n int) {
	for _, d := range diags {
		if d.Severity == document.Error {
			n++
		}
	}
	return n
}

func rootKeys(v *definition.Value) []string {
	var keys []string
	for i := range v.Kids {
		keys = append(keys, v.Kids[i].Key)
	}
	return keys
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// stemOf is the base of a slug.
func stemOf(file string) string { return path.Base(server.Stem(file)) }
