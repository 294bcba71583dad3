package transfer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// exportHead begins the configuration file of an export. It is also how one is
// told from a file that a person wrote.
const exportHead = "# Written by mimus export. mimus import brings it into a store.\n"

// The folders of an export.
const (
	specsFolder        = "specs"
	collectionsFolder  = "collections"
	environmentsFolder = "environments"
)

// Exported is what became of an export.
type Exported struct {
	Mocks, Specs, Collections, Environments int

	LeftOut []string // what could not be written, each with the reason
	Foreign []string // files in the folders of the export that are not of it
}

// ErrNotEmpty says that the folder of an export has other files.
var ErrNotEmpty = errors.New("the folder has files that are no export; name another, or an empty one")

// Export writes what a store has as files below a folder: mimus.yaml with all
// mocks, and beside it specs, collections, environments and globals. An empty
// workspace id is all workspaces. The same content gives the same bytes,
// whatever its ids are. An export that is there already is written over; files
// of it that are no part of the new one stay, and are told of.
func Export(ctx context.Context, s *store.Store, workspace, dir string) (*Exported, error) {
	if err := mayExportTo(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	var x *exporter
	err = s.View(ctx, func(t *store.Tx) error {
		x = &exporter{tx: t, root: root, workspace: workspace, written: map[string]bool{}, at: map[string]string{}}
		return x.run()
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return &x.out, x.foreign()
}

// mayExportTo refuses a folder with files of others.
func mayExportTo(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if !strings.HasPrefix(head(filepath.Join(dir, ConfigName)), exportHead) {
		return fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	return nil
}

// exporter is one export.
type exporter struct {
	tx        *store.Tx
	root      *os.Root
	workspace string
	mocks     []store.Mock
	written   map[string]bool   // paths
	at        map[string]string // ids → the files that mocks name
	out       Exported
}

func (x *exporter) run() (err error) {
	if x.mocks, err = x.tx.Mocks(store.MockFilter{Workspace: x.workspace}); err != nil {
		return err
	}
	slices.SortFunc(x.mocks, func(a, b store.Mock) int { return cmp.Compare(a.Slug, b.Slug) })
	if err := x.collections(); err != nil {
		return err
	}
	if err := x.environments(); err != nil {
		return err
	}
	specs, err := x.specs()
	if err != nil {
		return err
	}
	if err := x.globals(); err != nil {
		return err
	}
	return x.configuration(specs)
}

// row is something that becomes files.
type row struct {
	id, name string
	sum      string // of what it holds, whatever its id is
	users    string // the slugs of its mocks: what tells two equal ones apart
	slug     string // of its files
}

// place sorts rows by what they hold, and names their files.
func (x *exporter) place(rows []row) {
	for i := range rows {
		for _, m := range x.mocks {
			if id := rows[i].id; m.Spec == id || m.Collection == id || m.Environment == id {
				rows[i].users += m.Slug + " "
			}
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.sum, b.sum), cmp.Compare(a.users, b.users), cmp.Compare(a.id, b.id))
	})
	taken := map[string]bool{}
	for i := range rows {
		base := hosting.Slug(rows[i].name)
		slug := base
		for n := 2; taken[slug]; n++ {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		taken[slug] = true
		rows[i].slug = slug
	}
}

func (x *exporter) collections() error {
	list, err := x.tx.Collections(store.ElementFilter{Workspace: x.workspace})
	if err != nil {
		return err
	}
	var rows []row
	for _, c := range list {
		text, err := x.collection(c.ID)
		if err != nil {
			x.leaveOut("the collection "+c.Name, err)
			continue
		}
		rows = append(rows, row{id: c.ID, name: c.Name, sum: sum(text)})
	}
	x.place(rows)
	for _, r := range rows {
		text, err := x.collection(r.id)
		if err != nil {
			return err
		}
		name := path.Join(collectionsFolder, r.slug+".postman_collection.json")
		x.at[r.id] = name
		x.out.Collections++
		if err := x.write(name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// collection is the file of a collection: as it is kept, without the id that it
// has in this store.
func (x *exporter) collection(id string) ([]byte, error) {
	c, err := x.tx.Collection(id)
	if err != nil {
		return nil, err
	}
	doc, err := document.ParseJSON(string(c.Body), 0, document.Limits{Depth: maxDepth})
	if err != nil {
		return nil, err
	}
	if info := doc.Get("info"); info.Is(definition.Object) {
		info.Kids = slices.DeleteFunc(info.Kids, func(v definition.Value) bool { return v.Key == "_postman_id" })
	}
	return append(doc.AppendIndentedJSON(nil, "", "\t"), '\n'), nil
}

func (x *exporter) environments() error {
	list, err := x.tx.Environments(store.ElementFilter{Workspace: x.workspace})
	if err != nil {
		return err
	}
	var rows []row
	texts := map[string][]byte{}
	for _, head := range list {
		e, err := x.tx.Environment(head.ID)
		if err != nil {
			return err
		}
		doc, err := document.ParseJSON(string(e.Body), 0, document.Limits{})
		if err != nil {
			x.leaveOut("the environment "+e.Name, err)
			continue
		}
		texts[e.ID] = environmentFile(&doc, "environment")
		rows = append(rows, row{id: e.ID, name: e.Name, sum: sum(texts[e.ID])})
	}
	x.place(rows)
	for _, r := range rows {
		name := path.Join(environmentsFolder, r.slug+".postman_environment.json")
		x.at[r.id] = name
		x.out.Environments++
		if err := x.write(name, texts[r.id], 0o600); err != nil { // it may hold secrets
			return err
		}
	}
	return nil
}

// environmentFile is an environment as Postman exports it, without its id.
func environmentFile(doc *definition.Value, scope string) []byte {
	out := definition.NewObject()
	for _, kid := range doc.Kids {
		if kid.Key != "id" && kid.Key != "_postman_variable_scope" {
			out.Kids = append(out.Kids, kid)
		}
	}
	out.Kids = append(out.Kids, definition.NewString(scope).With("_postman_variable_scope"))
	return append(out.AppendIndentedJSON(nil, "", "\t"), '\n')
}

// globals writes the global variables of the workspaces.
func (x *exporter) globals() error {
	list, err := x.tx.Workspaces("", store.Page{})
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, w := range list {
		if len(w.Globals) == 0 || x.workspace != "" && w.ID != x.workspace {
			continue
		}
		values, err := document.ParseJSON(string(w.Globals), 0, document.Limits{})
		if err != nil {
			x.leaveOut("the globals of "+w.Name, err)
			continue
		}
		if values.Len() == 0 {
			continue
		}
		name := "workspace.postman_globals.json"
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("workspace-%d.postman_globals.json", n)
		}
		taken[name] = true
		doc := definition.NewObject(values.With("values"))
		if err := x.write(name, environmentFile(&doc, kindGlobals), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// specs writes the files of specs, and gives the entries that list them.
func (x *exporter) specs() ([]definition.Value, error) {
	list, err := x.tx.Specs(store.ElementFilter{Workspace: x.workspace})
	if err != nil {
		return nil, err
	}
	var rows []row
	byID := map[string]store.Spec{}
	for _, s := range list {
		files, err := x.tx.SpecContents(s.ID)
		if err != nil {
			return nil, err
		}
		if err := checkFiles(files); err != nil {
			x.leaveOut("the spec "+s.Name, err)
			continue
		}
		byID[s.ID] = s
		rows = append(rows, row{id: s.ID, name: s.Name, sum: s.Type + " " + digest(files)})
	}
	x.place(rows)
	var entries []definition.Value
	for _, r := range rows {
		files, err := x.tx.SpecContents(r.id)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(files, func(a, b store.SpecFile) int { return cmp.Compare(a.Path, b.Path) })
		folder := path.Join(specsFolder, r.slug)
		root := slices.IndexFunc(files, func(f store.SpecFile) bool { return f.Root })
		others := definition.NewArray()
		for i, f := range files {
			if i != root {
				others.Kids = append(others.Kids, definition.NewString(f.Path))
			}
			if err := x.write(path.Join(folder, f.Path), f.Content, 0o644); err != nil {
				return nil, err
			}
		}
		x.at[r.id] = path.Join(folder, files[root].Path)
		x.out.Specs++
		entry := object{}
		entry.text("folder", folder)
		entry.text("name", r.name)
		entry.text("type", byID[r.id].Type)
		entry.text("root", files[root].Path)
		if others.Len() > 0 {
			entry.put("files", others)
		}
		entries = append(entries, entry.value())
	}
	return entries, nil
}

// checkFiles says why the files of a spec can't be written.
func checkFiles(files []store.SpecFile) error {
	roots := 0
	for _, f := range files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return fmt.Errorf("the path %q leads out of its folder", f.Path)
		}
		if f.Root {
			roots++
		}
	}
	if roots != 1 {
		return errors.New("none of its files is the root")
	}
	return nil
}

// write writes a file as a whole or not at all.
func (x *exporter) write(name string, text []byte, mode fs.FileMode) error {
	file := filepath.FromSlash(name)
	if err := x.root.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(file), ".mimus-writing-"+filepath.Base(file))
	f, err := x.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = x.root.Rename(temporary, file)
	}
	if err != nil {
		_ = x.root.Remove(temporary)
		return err
	}
	x.written[name] = true
	return nil
}

// foreign finds the files that an export before left behind, or a person made.
func (x *exporter) foreign() error {
	return fs.WalkDir(x.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !x.written[name] && hasEnding(name) {
			x.out.Foreign = append(x.out.Foreign, name)
		}
		return nil
	})
}

func (x *exporter) leaveOut(what string, err error) {
	x.out.LeftOut = append(x.out.LeftOut, what+": "+err.Error())
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// object is an object that is being made.
type object struct{ kids []definition.Value }

func (o *object) put(key string, v definition.Value) { o.kids = append(o.kids, v.With(key)) }

// text puts a text where there is one.
func (o *object) text(key, s string) {
	if s != "" {
		o.put(key, definition.NewString(s))
	}
}

func (o *object) value() definition.Value { return definition.NewObject(o.kids...) }
