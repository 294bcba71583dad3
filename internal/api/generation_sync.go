package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/store"
)

// syncSpec brings a spec up to its collection.
func (g *generations) syncSpec(c *call) error {
	collection := plainID(c.query("collectionUid"))
	if collection == "" {
		return missingSpecParameter("collectionUid")
	}
	spec := c.id("specId")
	done, ok := g.begin(spec)
	if !ok {
		return inProgress()
	}
	defer done()
	return repeated(func() error { return g.syncedSpec(c, spec, collection) })
}

func (g *generations) syncedSpec(c *call, spec, collection string) error {
	var p pair
	err := c.view(func(t *store.Tx) (err error) {
		p, err = c.pair(t, spec, collection)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.mayEditSpec(&p.spec); err != nil {
		return err
	}
	if err := servable(&p.spec); err != nil {
		return err
	}
	base := "/specs/" + p.spec.ID
	result := &taskResult{
		Model: "spec", Action: "sync", Spec: p.spec.ID, Collection: p.collection.ID,
		UID: uid(p.collection.Owner, p.collection.ID), Workspace: p.spec.Workspace,
	}
	content, err := p.mergedRoot(c.Context())
	if err == nil && len(content) > maxSpecFile {
		err = errors.New("it would be larger than 64 MB")
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		result.Problem = "Failed to sync specification with collection: " + err.Error()
		return c.failedTask(http.StatusAccepted, p.spec.ID, base, result)
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
		if err := replaceRoot(t, &now.spec, content); err != nil {
			return err
		}
		if now.files, err = t.SpecContents(now.spec.ID); err != nil {
			return err
		}
		memory := now.memory()
		if now.link.Origin == "spec" {
			memory.addRequests(now.doc)
		}
		if err := now.putLink(t, memory); err != nil {
			return err
		}
		task, err = c.putGeneration(t, now.spec.ID, result)
		return err
	})
	if err != nil {
		return err
	}
	return c.taskAnswer(http.StatusAccepted, base, task)
}

// mergedRoot is the root file of the spec as the collection wants it. It stays
// byte for byte where the collection has nothing new.
func (p *pair) mergedRoot(ctx context.Context) ([]byte, error) {
	root := rootOf(p.files)
	if root == nil {
		return nil, errors.New("the specification has no root file")
	}
	doc, _, err := document.Parse(string(root.Content), root.Path, 0, document.Limits{})
	if err != nil {
		return nil, err
	}
	wanted, err := openAPIOf(ctx, p.collection.Body, "", p.spec.Type)
	if err != nil {
		return nil, err
	}
	if p.link.Origin == "collection" {
		return p.inferredAgain(root, &doc, wanted)
	}
	fresh, err := p.fresh(ctx)
	if err != nil {
		return nil, err
	}
	given, err := openAPIOf(ctx, fresh.AppendJSON(nil), "", p.spec.Type)
	if err != nil {
		return nil, err
	}
	s := specMerging{doc: &doc, given: given, wanted: wanted, options: p.syncOptions()}
	if !s.merge() {
		return root.Content, nil
	}
	return written(&doc, root.Path)
}

// inferredAgain replaces a spec that was inferred from the collection. Its info
// was made by its author since.
func (p *pair) inferredAgain(root *store.SpecFile, doc, wanted *definition.Value) ([]byte, error) {
	if info := doc.Get("info"); info.Is(definition.Object) {
		setMember(wanted, "info", *info)
	}
	if definition.Equal(doc, wanted) {
		return root.Content, nil
	}
	return written(wanted, root.Path)
}
