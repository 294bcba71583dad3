package api

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strings"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// specContents reads the spec of the path with its files.
func (c *call) specContents(t *store.Tx) (s store.Spec, files []store.SpecFile, err error) {
	if s, err = c.spec(t); err != nil {
		return s, nil, err
	}
	files, err = t.SpecContents(s.ID)
	return s, files, err
}

// getSpecDefinition answers with the whole document: a single file as it is,
// several files as one.
func (a *API) getSpecDefinition(c *call) error {
	var s store.Spec
	var files []store.SpecFile
	err := c.view(func(t *store.Tx) (err error) {
		s, files, err = c.specContents(t)
		return err
	})
	if err != nil {
		return err
	}
	root := rootOf(files)
	if root == nil {
		return badSpec("At least one file must have type ROOT")
	}
	if !mockable(s.Type) && specFamily(s.Type) != "ASYNCAPI" {
		return badSpec("Only OpenAPI and AsyncAPI specifications have a definition; the files of this " + specFamily(s.Type) + " specification are at /specs/" + s.ID + "/files/" + root.Path)
	}
	text, err := wholeDefinition(c.Context(), files, root)
	if err != nil {
		return unreadableSpec(err)
	}
	c.w.Header().Set("ETag", etag(s.Revision))
	media := "application/yaml; charset=utf-8"
	if _, err := document.ParseJSON(string(text), 0, document.Limits{}); err == nil {
		media = "application/json; charset=utf-8"
	}
	return c.bytes(http.StatusOK, media, text)
}

func unreadableSpec(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return malformedSpec("The spec you are trying to fetch has errors, the definition for the same can't be generated: " + err.Error())
}

// wholeDefinition is the root file, with what it refers to in other files put
// in where it is referred to.
func wholeDefinition(ctx context.Context, files []store.SpecFile, root *store.SpecFile) ([]byte, error) {
	l := document.NewLoader(document.Config{Files: contents(files)})
	f, err := l.Open(ctx, root.Path)
	if err != nil {
		return nil, err
	}
	if !f.Root.Is(definition.Object) {
		return nil, errors.New(root.Path + " is no object")
	}
	if len(files) == 1 {
		return root.Content, nil
	}
	b := inlining{ctx: ctx, loader: l, root: f, names: map[target]string{}, taken: map[string]bool{}}
	whole := b.inline(f, &f.Root)
	b.addNamed(&whole)
	switch {
	case b.err != nil:
		return nil, b.err
	case !b.changed:
		return root.Content, nil
	case isYAML(root.Path):
		return document.AppendYAML(nil, &whole)
	}
	return append(whole.AppendIndentedJSON(nil, "", "  "), '\n'), nil
}

func isYAML(file string) bool {
	ext := strings.ToLower(path.Ext(file))
	return ext == ".yaml" || ext == ".yml"
}

func contents(files []store.SpecFile) map[string][]byte {
	m := make(map[string][]byte, len(files))
	for i := range files {
		m[files[i].Path] = files[i].Content
	}
	return m
}
