package postman

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
)

// The limits of a collection's folder.
const (
	folderMaxEntries = 100_000 // files and folders
	folderMaxDepth   = 1000
)

// ReadFolder reads a collection that is kept as a folder in format 3.0.0. What
// can't be read is left out with a diagnostic that names its file. The error
// is that of dir itself, or of the context.
func ReadFolder(ctx context.Context, l *document.Loader, dir string) (*Collection, []document.Diagnostic, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: the working folder is unknown: %w", dir, err)
	}
	root, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: the collection's folder can't be found: %w", dir, folderCause(err))
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, nil, fmt.Errorf("%s: this is no folder, give the folder of a collection", dir)
	}
	r := &folderReader{ctx: ctx, loader: l, dir: dir, root: root}
	c := &Collection{Version: V3, Name: filepath.Base(abs), Pos: definition.Position{File: dir}}
	found := false
	if v := r.definition(dir); v != nil {
		found, c.Pos = true, l.Locate(v)
		folderCollection(c, v)
	}
	c.Items = r.items(dir, []string{root})
	if err := ctx.Err(); err != nil {
		return nil, r.diags, fmt.Errorf("%s: reading the collection was stopped: %w", dir, err)
	}
	if !found && len(c.Items) == 0 && len(r.diags) == 0 {
		r.warn(dir, "folder-empty", "the folder holds no requests", "requests are files named *.request.yaml")
	}
	return c, r.diags, nil
}

// folderReader reads one collection's folder.
type folderReader struct {
	ctx     context.Context
	loader  *document.Loader
	dir     string // as given
	root    string // absolute, symbolic links resolved
	entries int
	stopped bool // a limit is reached
	diags   []document.Diagnostic
}

// folderPlaced is an item with what its place among others depends on.
type folderPlaced struct {
	item *Item
	stem string // its file's or folder's name
}

// items reads the folders and requests of a folder in their order. The chain
// is the real paths of the folders above, with its own as the last.
func (r *folderReader) items(dir string, chain []string) []*Item {
	var placed []folderPlaced
	for _, e := range r.list(dir) {
		if r.done() {
			break
		}
		path := filepath.Join(dir, e.Name())
		if stem, ok := folderStem(e.Name(), folderRequest); ok && !e.IsDir() {
			if it := r.request(path, stem); it != nil {
				placed = append(placed, folderPlaced{it, stem})
			}
			continue
		}
		if folderSkipped(e.Name()) || e.Type()&(fs.ModeDir|fs.ModeSymlink) == 0 {
			continue
		}
		if it := r.folder(path, e, chain); it != nil {
			placed = append(placed, folderPlaced{it, e.Name()})
		}
	}
	slices.SortStableFunc(placed, folderCompare)
	items := make([]*Item, 0, len(placed))
	for i := range placed {
		items = append(items, placed[i].item)
	}
	return items
}

// folderCompare orders by "order", those without one last, then by name,
// folders first.
func folderCompare(a, b folderPlaced) int {
	return cmp.Or(
		folderCompareOrder(a.item.Order, b.item.Order),
		cmp.Compare(a.stem, b.stem),
		folderRank(a.item)-folderRank(b.item),
	)
}

func folderCompareOrder(a, b *definition.Value) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return definition.CompareNumbers(a.Text, b.Text)
}

func folderRank(it *Item) int {
	if it.Folder {
		return 0
	}
	return 1
}

// folder reads a folder of requests, nil for one of other things.
func (r *folderReader) folder(path string, e fs.DirEntry, chain []string) *Item {
	real := filepath.Join(chain[len(chain)-1], e.Name())
	if e.Type()&fs.ModeSymlink != 0 {
		target, ok := r.resolve(path)
		if !ok || !folderIsDir(target) {
			return nil
		}
		if real = target; slices.Contains(chain, real) {
			r.warn(path, "folder-loop", "the link leads back to a folder above it, it is not followed", "remove the link")
			return nil
		}
	}
	if len(chain) > folderMaxDepth {
		r.fail(path, "limit-depth", fmt.Sprintf("folders nest deeper than %d, this one is left out", folderMaxDepth), "")
		return nil
	}
	it := &Item{Name: e.Name(), Folder: true, Pos: definition.Position{File: path}}
	v := r.definition(path)
	if v != nil {
		it.Pos = r.loader.Locate(v)
		folderSection(it, v)
	}
	it.Items = r.items(path, append(slices.Clip(chain), real))
	if v == nil && len(it.Items) == 0 {
		return nil
	}
	return it
}

// definition reads the file that says what a folder is, nil where there is
// none.
func (r *folderReader) definition(dir string) *definition.Value {
	for _, name := range []string{
		filepath.Join(folderResources, folderDefinition+".yaml"), filepath.Join(folderResources, folderDefinition+".yml"),
		folderDefinition + ".yaml", folderDefinition + ".yml",
	} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err != nil {
			continue
		}
		if v := r.open(path); v != nil {
			return v
		}
	}
	return nil
}

// request reads a request with its examples.
func (r *folderReader) request(path, stem string) *Item {
	v := r.open(path)
	if v == nil {
		return nil
	}
	it, examples := folderItem(v, stem)
	it.Pos = r.loader.Locate(v)
	if it.Request != nil {
		it.Request.Pos = it.Pos
	}
	if examples.Is(definition.Array) {
		for i := range examples.Kids {
			it.Examples = append(it.Examples, r.example(&examples.Kids[i], fmt.Sprintf("example %d", i+1)))
		}
		return it
	}
	if dir := r.examples(path, stem, examples); dir != "" {
		it.Examples = append(it.Examples, r.saved(dir)...)
	}
	return it
}

// examples finds the folder of a request's examples, "" where there is none.
func (r *folderReader) examples(path, stem string, named *definition.Value) string {
	dir := filepath.Dir(path)
	if name := named.Str(); name != "" {
		at := filepath.Join(dir, filepath.FromSlash(name))
		rel, err := filepath.Rel(r.dir, at)
		if filepath.IsAbs(name) || err != nil || !filepath.IsLocal(rel) {
			r.diags = append(r.diags, r.loader.Diagnose(named, document.Warning, "folder-outside",
				fmt.Sprintf("the examples' folder %q lies outside of the collection, it is not read", name), "keep examples inside of the collection's folder"))
		} else if _, err := os.Stat(at); err == nil {
			return r.inside(at)
		}
	}
	for _, at := range []string{
		filepath.Join(dir, folderResources, stem+folderResources, "examples"),
		filepath.Join(dir, stem+folderResources, "examples"),
	} {
		if _, err := os.Stat(at); err == nil {
			return r.inside(at)
		}
	}
	if named.Str() != "" && !r.told(path) {
		r.diags = append(r.diags, r.loader.Diagnose(named, document.Warning, "folder-examples",
			fmt.Sprintf("the examples' folder %q does not exist", named.Str()), "correct the path, which begins at the request's own folder"))
	}
	return ""
}

// told reports whether the last diagnostic is about a file already.
func (r *folderReader) told(path string) bool {
	return len(r.diags) > 0 && r.diags[len(r.diags)-1].File == path
}

// inside gives the path where it stays inside of the collection, else "".
func (r *folderReader) inside(path string) string {
	if _, ok := r.resolve(path); !ok {
		return ""
	}
	return path
}

// saved reads the examples in a folder in their order.
func (r *folderReader) saved(dir string) []*Example {
	type placed struct {
		example *Example
		stem    string
	}
	var all []placed
	for _, e := range r.list(dir) {
		stem, ok := folderStem(e.Name(), folderExample)
		if !ok || e.IsDir() || r.done() {
			continue
		}
		if v := r.open(filepath.Join(dir, e.Name())); v != nil {
			all = append(all, placed{r.example(v, stem), stem})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(folderCompareOrder(a.example.Order, b.example.Order), cmp.Compare(a.stem, b.stem))
	})
	examples := make([]*Example, 0, len(all))
	for i := range all {
		examples = append(examples, all[i].example)
	}
	return examples
}

func (r *folderReader) example(v *definition.Value, stem string) *Example {
	e := folderSaved(v, stem)
	e.Pos = r.loader.Locate(v)
	if e.OriginalRequest != nil {
		e.OriginalRequest.Pos = e.Pos
	}
	return e
}

// list gives what a folder has, in the order of the names.
func (r *folderReader) list(dir string) []fs.DirEntry {
	if r.done() {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		r.fail(dir, "folder-unreadable", "the folder can't be read: "+folderCause(err).Error(), "")
		return nil
	}
	if r.entries += len(entries); r.entries > folderMaxEntries {
		r.fail(dir, "limit-files", fmt.Sprintf("the collection has more than %d files, the rest is left out", folderMaxEntries), "split the collection")
		r.stopped = true
		return nil
	}
	return entries
}

// open reads a file, nil where that's not possible or it is no mapping.
func (r *folderReader) open(path string) *definition.Value {
	real, ok := r.resolve(path)
	if !ok || r.done() {
		return nil
	}
	if info, err := os.Stat(real); err != nil || !info.Mode().IsRegular() {
		r.fail(path, "file-irregular", "this is no regular file, it is not read", "")
		return nil
	}
	f, err := r.loader.Open(r.ctx, path)
	if err != nil {
		var broken *document.FileError
		if r.ctx.Err() == nil && errors.As(err, &broken) {
			r.diags = append(r.diags, broken.Diagnostic)
			r.stopped = broken.Code == "limit-files"
		}
		return nil
	}
	r.diags = append(r.diags, f.Warnings...)
	if f.Root.Kind != definition.Object {
		r.diags = append(r.diags, r.loader.Diagnose(&f.Root, document.Error, "folder-shape",
			"the file holds a value of type "+f.Root.Kind.String()+" in place of a mapping, it is left out", "compare it with a file that Postman wrote"))
		return nil
	}
	return &f.Root
}

// resolve gives the real path, with a diagnostic where it leads out of the
// collection's folder or to nothing.
func (r *folderReader) resolve(path string) (real string, ok bool) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		r.fail(path, "file-unreadable", "the file can't be read: "+folderCause(err).Error(), "")
		return "", false
	}
	if !folderInside(r.root, real) {
		r.warn(path, "folder-outside", "the link leads out of the collection's folder, it is not followed", "copy what it leads to into the collection's folder")
		return "", false
	}
	return real, true
}

// done reports whether reading has to end.
func (r *folderReader) done() bool { return r.stopped || r.ctx.Err() != nil }

func (r *folderReader) fail(path, code, message, hint string) {
	r.diags = append(r.diags, document.Diagnostic{Severity: document.Error, Code: code, File: path, Message: message, Hint: hint})
}

func (r *folderReader) warn(path, code, message, hint string) {
	r.diags = append(r.diags, document.Diagnostic{Severity: document.Warning, Code: code, File: path, Message: message, Hint: hint})
}

// folderCause is a file system's error without the path, which a message has
// said.
func folderCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
