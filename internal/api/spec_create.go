package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

// createSpec stores a spec with its files. One that follows a URL may come
// without files: they are fetched.
func (a *API) createSpec(c *call) error {
	body, err := c.specBody()
	if err != nil {
		return err
	}
	s, files, err := a.newSpec(c, body)
	if err != nil {
		return err
	}
	err = c.update(func(t *store.Tx) (err error) {
		if s.Workspace, err = c.workspaceID(t, "workspaceId"); err == nil {
			err = c.may(s.Workspace)
		}
		if errors.Is(err, store.ErrNotFound) {
			const detail = "We could not find the workspace you are looking for"
			return plainProblem(http.StatusNotFound, "instanceNotFoundError", detail, detail+".")
		}
		if err != nil {
			return err
		}
		return storeSpec(t, s, files)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusCreated, specRow(s))
}

// storeSpec stores a new spec with its files.
func storeSpec(t *store.Tx, s *store.Spec, files []store.SpecFile) error {
	if err := t.CreateSpec(s); err != nil {
		return err
	}
	for i := range files {
		files[i].Spec = s.ID
		if err := t.CreateSpecFile(&files[i]); err != nil {
			return err
		}
	}
	return nil
}

// newSpec reads a spec of a body.
func (a *API) newSpec(c *call, body *definition.Value) (*store.Spec, []store.SpecFile, error) {
	s := &store.Spec{ID: store.NewID(), Owner: c.who.User}
	for _, member := range [...]string{"name", "type"} {
		if v := body.Get(member); v == nil || v.Is(definition.Null) {
			return nil, nil, badSpec("Required property `" + member + "` is missing from the request.")
		}
	}
	var err error
	if s.Name, _, err = specName(body); err != nil {
		return nil, nil, err
	}
	if s.Type, _, err = specText(body, "type"); err != nil || !slices.Contains(specTypes, s.Type) {
		return nil, nil, wrongSpecProperty("type", "Should be one of: "+strings.Join(specTypes, ", "))
	}
	if f := body.Get("follow"); f != nil {
		if err := readFollow(s, f); err != nil {
			return nil, nil, err
		}
	}
	list := body.Get("files")
	if s.Follow != "" && (list == nil || list.Is(definition.Null)) {
		files, err := a.fetchFirst(c, s)
		return s, files, err
	}
	files, err := newFiles(list, s.Type)
	return s, files, err
}

func newFiles(list *definition.Value, specType string) (files []store.SpecFile, err error) {
	if !list.Is(definition.Array) || list.Len() == 0 {
		return nil, badSpec("Required body parameter files is missing")
	}
	if list.Len() > maxSpecFiles {
		return nil, checkFiles(make([]store.SpecFile, maxSpecFiles+1))
	}
	for i := range list.Kids {
		f, err := specFile(&list.Kids[i], specType)
		if err != nil {
			return nil, err
		}
		kind, there, err := specText(&list.Kids[i], "type")
		switch {
		case err != nil:
			return nil, err
		case !there:
			f.Root = list.Len() == 1 // a single file needs no type
		case kind != "ROOT" && kind != "DEFAULT":
			return nil, wrongSpecProperty("type", "Should be one of: DEFAULT, ROOT")
		default:
			f.Root = kind == "ROOT"
		}
		files = append(files, f)
	}
	return files, checkFiles(files)
}

// patchSpec changes the name of a spec, and what it follows; what isn't sent
// stays.
func (a *API) patchSpec(c *call) error {
	body, err := c.specBody()
	if err != nil {
		return err
	}
	name, named, err := specName(body)
	if err != nil {
		return err
	}
	follow := body.Get("follow")
	if !named && follow == nil {
		return missingSpecParameter("name")
	}
	var s store.Spec
	err = c.changeSpec(&s, func(*store.Tx) error {
		if named {
			s.Name = name
		}
		if follow != nil {
			return readFollow(&s, follow)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, specRow(&s))
}
