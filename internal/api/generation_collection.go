package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/convert"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// generateCollection makes a collection of a spec, in the spec's workspace. What
// is wrong with the spec's document is told by the task.
func (g *generations) generateCollection(c *call) error {
	if err := c.elementType("collection"); err != nil {
		return err
	}
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
	options, err := postmanOptions(body.Get("options"))
	if err != nil {
		return err
	}
	done, ok := g.begin(c.id("specId"))
	if !ok {
		return inProgress()
	}
	defer done()
	return repeated(func() error { return g.generated(c, name, body.Get("options"), options) })
}

func (g *generations) generated(c *call, name string, given *definition.Value, options convert.PostmanOptions) error {
	var p pair
	err := c.view(func(t *store.Tx) (err error) {
		p.spec, p.files, err = c.specContents(t)
		return err
	})
	if err != nil {
		return err
	}
	if err := servable(&p.spec); err != nil {
		return err
	}
	base := "/specs/" + p.spec.ID
	result := &taskResult{Model: "collection", Action: "generation", Spec: p.spec.ID, Workspace: p.spec.Workspace}
	doc, err := collectionOf(c.Context(), p.files, name, options)
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		result.Problem = "Failed to generate collection from specification: " + err.Error()
		return c.failedTask(http.StatusAccepted, p.spec.ID, base, result)
	}
	var task store.Task
	err = c.update(func(t *store.Tx) error {
		now, err := c.spec(t)
		if err != nil {
			return err
		}
		if now.Revision != p.spec.Revision {
			return errChanged
		}
		p.spec = now
		if err := c.putGenerated(t, &p, doc, given); err != nil {
			return err
		}
		result.Collection, result.UID = p.collection.ID, uid(p.collection.Owner, p.collection.ID)
		task, err = c.putGeneration(t, p.spec.ID, result)
		return err
	})
	if err != nil {
		return err
	}
	return c.taskAnswer(http.StatusAccepted, base, task)
}

// servable refuses specs that nothing is generated from.
func servable(s *store.Spec) error {
	if mockable(s.Type) {
		return nil
	}
	return badSpec("Only OpenAPI 2.0, 3.0, 3.1 and 3.2 specifications are supported; this one is " + s.Type + ".")
}

// collectionOf makes the document of a new collection.
func collectionOf(ctx context.Context, files []store.SpecFile, name string, o convert.PostmanOptions) (*definition.Value, error) {
	loaded, err := loadSpec(ctx, files)
	if err != nil {
		return nil, err
	}
	made, _ := convert.ToPostman(loaded.Definition, o)
	if name != "" {
		made.Name = name
	}
	doc := made.JSON()
	if err := items.Normalize(&doc, store.NewID); err != nil {
		return nil, err
	}
	// Of the same spec there may be several collections: nothing has the id of
	// something in another one.
	items.Reidentify(&doc, store.NewID)
	return &doc, nil
}

// putGenerated stores a collection that was made of a spec, and that they
// belong together.
func (c *call) putGenerated(t *store.Tx, p *pair, doc, options *definition.Value) error {
	info := doc.Get("info")
	d := documented{store.Collection{ID: info.Get("_postman_id").Str(), Workspace: p.spec.Workspace, Owner: c.who.User, Name: info.Get("name").Str()}, doc}
	d.Body = doc.AppendJSON(nil)
	if len(d.Body) > maxBody {
		return problem(http.StatusRequestEntityTooLarge, "payload-too-large", "Payload Too Large", "The collection would be larger than 64 MB.")
	}
	if err := t.CreateCollection(&d.Collection); err != nil {
		return err
	}
	p.collection = d.Collection
	memory := generatedFrom(doc)
	if options != nil {
		memory.Options = options.AppendJSON(nil)
	}
	p.link = store.SpecLink{Spec: p.spec.ID, Collection: p.collection.ID, Origin: "spec"}
	return p.putLink(t, memory)
}

// syncCollection brings a collection up to its spec.
func (g *generations) syncCollection(c *call) error {
	spec := plainID(c.query("specId"))
	if spec == "" {
		return missingSpecParameter("specId")
	}
	collection := c.id("collectionUid")
	done, ok := g.begin(collection)
	if !ok {
		return inProgress()
	}
	defer done()
	return repeated(func() error { return g.syncedCollection(c, spec, collection) })
}

func (g *generations) syncedCollection(c *call, spec, collection string) error {
	var p pair
	err := c.view(func(t *store.Tx) (err error) {
		p, err = c.pair(t, spec, collection)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.mayEdit(&p.collection); err != nil {
		return err
	}
	if err := servable(&p.spec); err != nil {
		return err
	}
	id := uid(p.collection.Owner, p.collection.ID)
	base := "/collections/" + id
	result := &taskResult{Model: "collection", Action: "sync", Spec: p.spec.ID, Collection: p.collection.ID, UID: id, Workspace: p.collection.Workspace}
	merged, memory, err := p.merged(c.Context())
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		result.Problem = "Failed to sync collection with specification: " + err.Error()
		return c.failedTask(http.StatusAccepted, p.collection.ID, base, result)
	}
	var task store.Task
	err = c.update(func(t *store.Tx) error {
		now, err := c.pair(t, spec, collection)
		if err != nil {
			return err
		}
		if !now.sameAs(&p) {
			return errChanged
		}
		d := documented{now.collection, merged}
		if err := d.save(t); err != nil {
			return err
		}
		now.collection = d.Collection
		if err := now.putLink(t, memory); err != nil {
			return err
		}
		task, err = c.putGeneration(t, p.collection.ID, result)
		return err
	})
	if err != nil {
		return err
	}
	return c.taskAnswer(http.StatusAccepted, base, task)
}

// fresh is the collection that the spec would give now.
func (p *pair) fresh(ctx context.Context) (*definition.Value, error) {
	options, err := p.memory().postmanOptions()
	if err != nil {
		return nil, err
	}
	return collectionOf(ctx, p.files, p.doc.Get("info").Get("name").Str(), options)
}

func (p *pair) merged(ctx context.Context) (*definition.Value, *memory, error) {
	fresh, err := p.fresh(ctx)
	if err != nil {
		return nil, nil, err
	}
	m := newMerging(p.doc, p.memory(), p.syncOptions())
	out := m.merge(fresh)
	return out, m.after, nil
}

// postmanOptions are the options of the generation.
func (m *memory) postmanOptions() (convert.PostmanOptions, error) {
	if m.Options == nil {
		return convert.PostmanOptions{}, nil
	}
	v, err := document.ParseJSON(string(m.Options), 0, document.Limits{})
	if err != nil {
		return convert.PostmanOptions{}, err
	}
	return postmanOptions(&v)
}
