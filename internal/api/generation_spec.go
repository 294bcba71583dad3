package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/postman"
	"github.com/mimus-dev/mimus/internal/store"
)

// generateSpec makes a spec of a collection, in the collection's workspace.
func (g *generations) generateSpec(c *call) error {
	if err := c.elementType("spec"); err != nil {
		return err
	}
	body, err := c.specBody()
	if err != nil {
		return err
	}
	s, yaml, err := readGeneration(body)
	if err != nil {
		return err
	}
	s.Owner = c.who.User
	collection := c.id("collectionUid")
	done, ok := g.begin(collection)
	if !ok {
		return inProgress()
	}
	defer done()
	return repeated(func() error { return g.generatedSpec(c, collection, s, yaml) })
}

// readGeneration reads what spec is asked for. Postman says nothing of a type or
// format that is not given: it is OpenAPI 3.0 in JSON.
func readGeneration(body *definition.Value) (s store.Spec, yaml bool, err error) {
	name, there, err := specName(body)
	if err != nil {
		return s, false, err
	}
	if !there {
		return s, false, missingSpecParameter("name")
	}
	kind, there, err := specText(body, "type")
	if !there {
		kind = "OPENAPI:3.0"
	}
	if err != nil || !mockable(kind) || !slices.Contains(specTypes, kind) {
		return s, false, wrongSpecProperty("type", "Should be one of: OPENAPI:2.0, OPENAPI:3.0, OPENAPI:3.1, OPENAPI:3.2")
	}
	format, there, err := specText(body, "format")
	if err != nil || there && format != "JSON" && format != "YAML" {
		return s, false, wrongSpecProperty("format", "Should be one of: JSON, YAML")
	}
	return store.Spec{Name: name, Type: kind}, format == "YAML", nil
}

func (g *generations) generatedSpec(c *call, collection string, s store.Spec, yaml bool) error {
	var p pair
	err := c.view(func(t *store.Tx) (err error) {
		p.collection, err = c.collectionByID(t, collection)
		return err
	})
	if err != nil {
		return err
	}
	id := uid(p.collection.Owner, p.collection.ID)
	result := &taskResult{Model: "spec", Action: "generation", Collection: p.collection.ID, UID: id, Workspace: p.collection.Workspace}
	made, err := openAPIOf(c.Context(), p.collection.Body, s.Name, s.Type)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return err
		}
		result.Problem = "Failed to generate specification from collection: " + err.Error()
		return c.failedTask(http.StatusOK, p.collection.ID, "/collections/"+id, result)
	}
	root := store.SpecFile{ID: store.NewID(), Path: "index.json", Root: true}
	if yaml {
		root.Path = "index.yaml"
	}
	if root.Content, err = written(made, root.Path); err != nil {
		return err
	}
	if len(root.Content) > maxSpecFile {
		return tooLargeSpec()
	}
	var task store.Task
	err = c.update(func(t *store.Tx) error {
		now, err := c.collectionByID(t, collection)
		if err != nil {
			return err
		}
		if now.Revision != p.collection.Revision {
			return errChanged
		}
		p.spec = s
		p.spec.ID, p.spec.Workspace = store.NewID(), now.Workspace
		p.files = []store.SpecFile{root}
		if err := storeSpec(t, &p.spec, p.files); err != nil {
			return err
		}
		p.link = store.SpecLink{Spec: p.spec.ID, Collection: now.ID, Origin: "collection"}
		if err := p.putLink(t, &memory{}); err != nil {
			return err
		}
		result.Spec = p.spec.ID
		task, err = c.putGeneration(t, now.ID, result)
		return err
	})
	if err != nil {
		return err
	}
	return c.taskAnswer(http.StatusOK, "/collections/"+id, task)
}

// openAPIOf makes an OpenAPI document of a collection, of the version of a type
// of specs.
func openAPIOf(ctx context.Context, body []byte, title, specType string) (*definition.Value, error) {
	l := document.NewLoader(document.Config{
		Files: map[string][]byte{"collection.json": body}, Limits: document.Limits{Depth: maxDepth},
	})
	f, err := l.Open(ctx, "collection.json")
	if err != nil {
		return nil, err
	}
	read, _, err := postman.Read(ctx, l, f)
	if err != nil {
		return nil, err
	}
	made, _ := convert.ToOpenAPI(read, convert.OpenAPIOptions{Title: title})
	asVersion(&made, specType)
	return &made, nil
}

// written is a document as a file of that name.
func written(v *definition.Value, file string) ([]byte, error) {
	if isYAML(file) {
		return document.AppendYAML(nil, v)
	}
	return append(v.AppendIndentedJSON(nil, "", "  "), '\n'), nil
}

// transformCollection shows the OpenAPI document that a collection gives, which
// is not stored. It is of version 3.0.3, as Postman's is.
func (g *generations) transformCollection(c *call) error {
	file := "index.json"
	switch strings.ToLower(c.query("format")) {
	case "", "json":
	case "yaml":
		file = "index.yaml"
	default:
		return problem(http.StatusBadRequest, "bad-request", "Bad Request", "format should be one of: json, yaml")
	}
	var e store.Collection
	err := c.view(func(t *store.Tx) (err error) {
		e, err = t.Collection(c.id("collectionId"))
		if err == nil {
			err = c.may(e.Workspace)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return problem(http.StatusNotFound, "not-found", "Not Found", "Not Found")
	}
	if err != nil {
		return err
	}
	made, err := openAPIOf(c.Context(), e.Body, "", "OPENAPI:3.0")
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return err
		}
		return problem(http.StatusBadRequest, "bad-request", "Bad Request", "The collection can't be transformed: "+err.Error())
	}
	text, err := written(made, file)
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"output": string(text)})
}
