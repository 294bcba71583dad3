package transfer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// Outcome is what became of a file.
type Outcome string

// The outcomes.
const (
	Imported  Outcome = "imported"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Skipped   Outcome = "skipped"
	Failed    Outcome = "failed"
)

// place says where rows go and whose they are.
type place struct {
	workspace string
	moves     bool // rows that are elsewhere come along
	owned     bool // by the file that they come from
}

// file is the owner of a row.
func (p place) file(name string) string {
	if p.owned {
		return name
	}
	return ""
}

// in is the workspace of a row that is in another maybe.
func (p place) in(workspace string) string {
	if p.moves {
		return p.workspace
	}
	return workspace
}

// leaves reports whether a row is not the file's any more.
func (p place) leaves(owner string) bool { return p.owned && owner == "" }

func ownerOf(t *store.Tx) int64 { return max(t.By().User, 1) }

// put stores an element where it is new or has changed.
func (e *element) put(t *store.Tx, p place) (Outcome, error) {
	switch e.kind {
	case store.KindSpec:
		return e.putSpec(t, p)
	case store.KindCollection:
		return e.putCollection(t, p)
	case store.KindEnvironment:
		return e.putEnvironment(t, p)
	}
	return e.putGlobals(t, p)
}

func (e *element) putSpec(t *store.Tx, p place) (Outcome, error) {
	row, err := t.Spec(e.id)
	if errors.Is(err, store.ErrNotFound) {
		row = store.Spec{ID: e.id, Workspace: p.workspace, Owner: ownerOf(t), Name: e.name, Type: e.specType, File: p.file(e.file)}
		if err := t.CreateSpec(&row); err != nil {
			return "", err
		}
		for i := range e.files {
			f := e.files[i]
			if err := t.CreateSpecFile(&f); err != nil {
				return "", err
			}
		}
		return Imported, nil
	}
	if err != nil || p.leaves(row.File) {
		return Unchanged, err
	}
	has, err := t.SpecContents(e.id)
	if err != nil {
		return "", err
	}
	next := row
	next.Name, next.Type, next.File, next.Workspace = e.name, e.specType, p.file(e.file), p.in(row.Workspace)
	if next == row && digest(has) == digest(e.files) {
		return Unchanged, nil
	}
	if err := e.putSpecFiles(t, has); err != nil {
		return "", err
	}
	return Updated, t.UpdateSpec(&next)
}

// putSpecFiles makes the files of a spec those of the element.
func (e *element) putSpecFiles(t *store.Tx, has []store.SpecFile) error {
	old, stays := map[string]*store.SpecFile{}, map[string]bool{}
	for i := range e.files {
		stays[e.files[i].Path] = true
	}
	for i := range has { // first: a file that was renamed has the id of the new one
		old[has[i].Path] = &has[i]
		if stays[has[i].Path] {
			continue
		}
		if err := t.DeleteSpecFile(e.id, has[i].Path); err != nil {
			return err
		}
	}
	for i := range e.files {
		f := e.files[i]
		was := old[f.Path]
		var err error
		switch {
		case was == nil:
			err = t.CreateSpecFile(&f)
		case was.Root != f.Root || !bytes.Equal(was.Content, f.Content):
			was.Root, was.Content = f.Root, f.Content
			err = t.UpdateSpecFile(was)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// digest is one text for files in any order.
func digest(files []store.SpecFile) string {
	sorted := slices.Clone(files)
	slices.SortFunc(sorted, func(a, b store.SpecFile) int { return cmp.Compare(a.Path, b.Path) })
	return store.Digest(sorted)
}

func (e *element) putCollection(t *store.Tx, p place) (Outcome, error) {
	row, err := t.Collection(e.id)
	if errors.Is(err, store.ErrNotFound) {
		row = store.Collection{ID: e.id, Workspace: p.workspace, Owner: ownerOf(t), Name: e.name, Body: e.body, File: p.file(e.file)}
		return Imported, t.CreateCollection(&row)
	}
	if err != nil || p.leaves(row.File) {
		return Unchanged, err
	}
	file, workspace := p.file(e.file), p.in(row.Workspace)
	if row.Name == e.name && row.File == file && row.Workspace == workspace && bytes.Equal(row.Body, e.body) {
		return Unchanged, nil
	}
	row.Name, row.Body, row.File, row.Workspace = e.name, e.body, file, workspace
	return Updated, t.UpdateCollection(&row)
}

func (e *element) putEnvironment(t *store.Tx, p place) (Outcome, error) {
	row, err := t.Environment(e.id)
	if errors.Is(err, store.ErrNotFound) {
		row = store.Environment{ID: e.id, Workspace: p.workspace, Owner: ownerOf(t), Name: e.name, Body: e.body, File: p.file(e.file)}
		return Imported, t.CreateEnvironment(&row)
	}
	if err != nil || p.leaves(row.File) {
		return Unchanged, err
	}
	file, workspace := p.file(e.file), p.in(row.Workspace)
	if row.Name == e.name && row.File == file && row.Workspace == workspace && bytes.Equal(row.Body, e.body) {
		return Unchanged, nil
	}
	row.Name, row.Body, row.File, row.Workspace = e.name, e.body, file, workspace
	return Updated, t.UpdateEnvironment(&row)
}

// putGlobals adds global variables to those of the workspace; one of the same
// key is replaced.
func (e *element) putGlobals(t *store.Tx, p place) (Outcome, error) {
	w, err := t.Workspace(p.workspace)
	if err != nil {
		return "", err
	}
	given, err := document.ParseJSON(string(e.body), 0, document.Limits{})
	if err != nil {
		return "", err
	}
	has := definition.NewArray()
	if len(w.Globals) > 0 {
		if has, err = document.ParseJSON(string(w.Globals), 0, document.Limits{}); err != nil {
			return "", fmt.Errorf("the globals as they are stored: %w", err)
		}
	}
	keys := map[string]bool{}
	for i := range given.Kids {
		keys[given.Kids[i].Get("key").Str()] = true
	}
	kept := slices.DeleteFunc(slices.Clone(has.Kids), func(v definition.Value) bool { return keys[v.Get("key").Str()] })
	next := definition.NewArray(append(kept, given.Kids...)...)
	outcome := Updated
	if len(w.Globals) == 0 {
		outcome = Imported
	}
	body := next.AppendJSON(nil)
	if bytes.Equal(body, w.Globals) || len(next.Kids) == 0 && len(has.Kids) == 0 {
		return Unchanged, nil
	}
	w.Globals = body
	return outcome, t.UpdateWorkspace(&w)
}
