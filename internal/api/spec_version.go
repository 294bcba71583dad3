package api

import (
	"errors"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/store"
)

// getSpecVersions lists the version tags of a spec, the last one first.
func (a *API) getSpecVersions(c *call) error {
	limit, err := c.limit("limit", specRows, maxSpecRows)
	if err != nil {
		return err
	}
	after, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	var all []store.SpecVersion
	err = c.view(func(t *store.Tx) error {
		s, err := c.spec(t)
		if err != nil {
			return err
		}
		all, err = t.SpecVersions(s.ID)
		return err
	})
	if err != nil {
		return err
	}
	if after.ID != "" {
		at := slices.IndexFunc(all, func(v store.SpecVersion) bool { return v.ID == after.ID })
		all = all[at+1:] // a cursor of something else begins again
	}
	var next any
	if len(all) > limit {
		all = all[:limit]
		next = cursorText(store.Place(all[limit-1].Created, all[limit-1].ID))
	}
	rows := []object{}
	for _, v := range all {
		rows = append(rows, object{"id": v.ID, "name": v.Name})
	}
	return c.json(http.StatusOK, object{"meta": object{"nextCursor": next}, "data": rows})
}

// createSpecVersion keeps a spec as it is now under a name. There is one tag for
// each state.
func (a *API) createSpecVersion(c *call) error {
	body, err := c.specBody()
	if err != nil {
		return err
	}
	name, there, err := specName(body)
	if err != nil {
		return err
	}
	if !there {
		return missingSpecParameter("name")
	}
	v := store.SpecVersion{ID: store.NewID(), Name: name}
	err = c.update(func(t *store.Tx) error {
		s, err := c.spec(t)
		if err != nil {
			return err
		}
		if err := c.match(s.Revision); err != nil {
			return err
		}
		v.Spec = s.ID
		all, err := t.SpecVersions(s.ID)
		if err != nil {
			return err
		}
		if err := t.CreateSpecVersion(&v); err != nil {
			return err
		}
		if len(all) > 0 && all[0].Digest == v.Digest {
			return plainProblem(http.StatusConflict, "conflictError", "Conflict",
				"A version tag already exists for the current changelog group. Make new changes to the spec to create a version tag.")
		}
		if len(all) >= maxSpecRows {
			return badSpec("A specification can't have more than 1000 version tags.")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusCreated, object{"data": object{"id": v.ID, "name": v.Name}})
}

// getSpecVersionFiles shows the files and folders of a spec as a tag has them.
func (a *API) getSpecVersionFiles(c *call) error {
	var v store.SpecVersion
	err := c.view(func(t *store.Tx) error {
		s, err := c.spec(t)
		if err != nil {
			return err
		}
		v, err = t.SpecVersion(s.ID, c.id("tagId"))
		if errors.Is(err, store.ErrNotFound) {
			return plainProblem(http.StatusNotFound, "instanceNotFoundError", "Version not found", "The version tag you are trying to access does not exist on this specification.")
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"data": versionTree(&v)})
}

// versionTree lists folders before what is in them. Times and users are those
// of the tag: what it keeps doesn't change.
func versionTree(v *store.SpecVersion) []object {
	slices.SortFunc(v.Files, func(a, b store.VersionFile) int {
		return slices.Compare(strings.Split(a.Path, "/"), strings.Split(b.Path, "/"))
	})
	rows := []object{}
	owner, at := strconv.FormatInt(v.Owner, 10), isoTime(v.Created)
	folderID := func(dir string) string { return stableID("spec-folder", v.Spec+"/"+dir) }
	add := func(id, p string, more object) {
		row := object{"id": id, "path": p, "name": path.Base(p), "createdBy": owner, "updatedBy": owner, "createdAt": at, "updatedAt": at}
		if dir := path.Dir(p); dir != "." {
			row["parentId"] = folderID(dir)
		}
		for k, m := range more {
			row[k] = m
		}
		rows = append(rows, row)
	}
	shown := map[string]bool{}
	for _, f := range v.Files {
		for i, b := range f.Path {
			if dir := f.Path[:i]; b == '/' && !shown[dir] {
				shown[dir] = true
				add(folderID(dir), dir, object{"type": "FOLDER"})
			}
		}
		add(f.ID, f.Path, object{"type": "FILE", "fileType": fileType(f.Root), "content": string(f.Content)})
	}
	return rows
}
