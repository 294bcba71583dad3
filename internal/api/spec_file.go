package api

import (
	"errors"
	"net/http"
	"path"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

// getSpecFiles lists the files of a spec, all of them.
func (a *API) getSpecFiles(c *call) error {
	var files []store.SpecFile
	err := c.view(func(t *store.Tx) error {
		s, err := c.spec(t)
		if err != nil {
			return err
		}
		files, err = t.SpecFiles(s.ID)
		return err
	})
	if err != nil {
		return err
	}
	rows := []object{}
	for i := range files {
		rows = append(rows, fileRow(&files[i]))
	}
	return c.json(http.StatusOK, object{"files": rows, "meta": object{"nextCursor": nil}})
}

func fileRow(f *store.SpecFile) object {
	return object{
		"id": f.ID, "path": f.Path, "name": path.Base(f.Path), "type": fileType(f.Root), "createdBy": f.CreatedBy, "updatedBy": f.UpdatedBy,
		"createdAt": isoTime(f.Created), "updatedAt": isoTime(f.Updated),
	}
}

func fileType(root bool) string {
	if root {
		return "ROOT"
	}
	return "DEFAULT"
}

func (a *API) getSpecFile(c *call) error {
	if wrong := c.checkFilePath(); wrong != nil {
		return wrong
	}
	var s store.Spec
	var f store.SpecFile
	err := c.view(func(t *store.Tx) (err error) {
		if s, err = c.spec(t); err != nil {
			return err
		}
		f, err = c.specFile(t, s.ID)
		return err
	})
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(s.Revision))
	row := fileRow(&f)
	row["content"] = string(f.Content)
	return c.json(http.StatusOK, row)
}

// checkFilePath refuses a path of the URL that can be no file's.
func (c *call) checkFilePath() error {
	if checkPath(c.param("filePath")) != nil {
		return badSpec("The path parameter /filePath is invalid.")
	}
	return nil
}

// specFile reads the file that the path names.
func (c *call) specFile(t *store.Tx, spec string) (store.SpecFile, error) {
	f, err := t.SpecFile(spec, c.param("filePath"))
	if errors.Is(err, store.ErrNotFound) {
		return f, noSpecPart()
	}
	return f, err
}

// createSpecFile adds a file, which is not the root.
func (a *API) createSpecFile(c *call) error {
	body, err := c.specBody()
	if err != nil {
		return err
	}
	var s store.Spec
	var f store.SpecFile
	err = c.changeSpec(&s, func(t *store.Tx) (err error) {
		if f, err = specFile(body, s.Type); err != nil {
			return err
		}
		files, err := t.SpecContents(s.ID)
		if err != nil {
			return err
		}
		if err := checkFiles(append(files, f)); err != nil {
			return err
		}
		f.Spec = s.ID
		return t.CreateSpecFile(&f)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusCreated, fileRow(&f))
}

// patchSpecFile changes one of a file's content, type and name.
func (a *API) patchSpecFile(c *call) error {
	if wrong := c.checkFilePath(); wrong != nil {
		return wrong
	}
	body, err := c.specBody()
	if err != nil {
		return err
	}
	change, err := readFileChange(body)
	if err != nil {
		return err
	}
	var s store.Spec
	var f store.SpecFile
	err = c.changeSpec(&s, func(t *store.Tx) (err error) {
		if f, err = c.specFile(t, s.ID); err != nil {
			return err
		}
		files, err := t.SpecContents(s.ID)
		if err != nil {
			return err
		}
		return change.apply(t, &f, files, s.Type)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, fileRow(&f))
}

// fileChange is the one member that is changed, and what it is after.
type fileChange struct{ member, value string }

func readFileChange(body *definition.Value) (change fileChange, err error) {
	for _, member := range [...]string{"content", "type", "name"} {
		value, there, err := specText(body, member)
		switch {
		case err != nil:
			return change, err
		case there && change.member != "":
			return change, badSpec("Only one of 'content', 'type', or 'name' should be provided.")
		case there:
			change = fileChange{member, value}
		}
	}
	if change.member == "" {
		return change, badSpec("The required body parameter is missing from the request.")
	}
	if change.member == "type" && change.value != "ROOT" && change.value != "DEFAULT" {
		return change, wrongSpecProperty("type", "Should be one of: DEFAULT, ROOT")
	}
	if change.member == "name" && strings.Contains(change.value, "/") {
		return change, wrongSpecProperty("name", "It should be a name without folders.")
	}
	return change, nil
}

// apply changes the file, and where it becomes the root, the one that was.
func (ch fileChange) apply(t *store.Tx, f *store.SpecFile, files []store.SpecFile, specType string) error {
	root := rootOf(files)
	switch ch.member {
	case "content":
		f.Content = []byte(ch.value)
	case "name":
		f.Path = path.Join(path.Dir(f.Path), ch.value)
		if wrong := checkPath(ch.value); wrong != nil {
			return wrong
		}
	case "type":
		f.Root = ch.value == "ROOT"
	}
	if err := checkFile(f, specType); err != nil {
		return err
	}
	if f.Root && root != nil && root.ID != f.ID {
		root.Root = false
		if err := t.UpdateSpecFile(root); err != nil {
			return err
		}
	}
	for i := range files {
		if files[i].ID == f.ID {
			files[i] = *f
		}
	}
	if err := checkFiles(files); err != nil {
		return err
	}
	return t.UpdateSpecFile(f)
}

// deleteSpecFile deletes a file; the root stays.
func (a *API) deleteSpecFile(c *call) error {
	if wrong := c.checkFilePath(); wrong != nil {
		return wrong
	}
	var s store.Spec
	err := c.changeSpec(&s, func(t *store.Tx) error {
		f, err := c.specFile(t, s.ID)
		if err != nil {
			return err
		}
		if f.Root {
			return badSpec("At least one file must have type ROOT")
		}
		return t.DeleteSpecFile(s.ID, f.Path)
	})
	if err != nil {
		return err
	}
	return c.empty(http.StatusNoContent)
}
