package api

import (
	"errors"
	"net/http"
	"sync"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/store"
)

// generations make collections of specs and specs of collections, and keep the
// two in step. One works on an element at a time.
type generations struct {
	*API
	mu      sync.Mutex
	running map[string]bool
}

func (a *API) generationRoutes() []route {
	g := &generations{API: a, running: map[string]bool{}}
	return []route{
		{method: "POST", path: "/specs/{specId}/generations/{elementType}", scope: access.Edit, handle: g.generateCollection, jsonErrors: specErrors},
		{method: "GET", path: "/specs/{specId}/generations/{elementType}", scope: access.View, handle: g.getSpecCollections, jsonErrors: specErrors},
		{method: "PUT", path: "/specs/{specId}/synchronizations", scope: access.Edit, handle: g.syncSpec, jsonErrors: specErrors},
		{method: "PATCH", path: "/specs/{specId}/collections/{collectionId}/sync-options", scope: access.Edit, handle: g.patchSyncOptions, jsonErrors: specErrors + " 401"},
		{method: "POST", path: "/collections/{collectionUid}/generations/{elementType}", scope: access.Edit, handle: g.generateSpec, jsonErrors: specErrors},
		{method: "GET", path: "/collections/{collectionUid}/generations/{elementType}", scope: access.View, handle: g.getCollectionSpecs, jsonErrors: specErrors},
		{method: "PUT", path: "/collections/{collectionUid}/synchronizations", scope: access.Edit, handle: g.syncCollection, jsonErrors: "400 404 423"},
		{method: "GET", path: "/{elementType}/{elementId}/tasks/{taskId}", scope: access.View, handle: g.getTask, jsonErrors: specErrors},
		{method: "GET", path: "/collections/{collectionId}/transformations", scope: access.View, handle: g.transformCollection},
	}
}

// begin has nobody else work on an element until done is called; false means
// that somebody does.
func (g *generations) begin(element string) (done func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running[element] {
		return nil, false
	}
	g.running[element] = true
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.running, element)
	}, true
}

func inProgress() *Failure {
	return plainProblem(http.StatusLocked, "actionLockedError", "Collection generation in progress", "Collection generation is already in progress for the spec.")
}

// pair is a spec with its files and a collection that was generated from it, or
// that it was generated from.
type pair struct {
	spec       store.Spec
	files      []store.SpecFile
	collection store.Collection
	doc        *definition.Value // of the collection
	link       store.SpecLink
}

// sameAs reports whether nothing was changed since another reading.
func (p *pair) sameAs(other *pair) bool {
	return p.spec.Revision == other.spec.Revision && p.collection.Revision == other.collection.Revision
}

// collectionByID reads a collection with its body, where the key reaches it.
func (c *call) collectionByID(t *store.Tx, id string) (store.Collection, error) {
	e, err := t.Collection(plainID(id))
	if err == nil {
		err = c.may(e.Workspace)
	}
	if errors.Is(err, store.ErrNotFound) {
		return e, noInstance("Entity that you are trying to access does not exist.")
	}
	return e, err
}

func noInstance(detail string) *Failure {
	return plainProblem(http.StatusNotFound, "instanceNotFoundError", "Instance not found", detail)
}

// pair reads a spec and a collection that belong together.
func (c *call) pair(t *store.Tx, spec, collection string) (p pair, err error) {
	if p.spec, err = c.specByID(t, spec); err != nil {
		return p, err
	}
	if p.collection, err = c.collectionByID(t, collection); err != nil {
		return p, err
	}
	links, err := t.SpecLinks(p.spec.ID, p.collection.ID)
	if err != nil {
		return p, err
	}
	if len(links) == 0 {
		return p, noInstance("The collection and the specification were not generated from each other.")
	}
	p.link = links[0]
	if p.files, err = t.SpecContents(p.spec.ID); err != nil {
		return p, err
	}
	read, err := withDocument(p.collection)
	if err != nil {
		return p, err
	}
	p.doc = read.doc
	return p, nil
}

// attempts is how often work is begun anew because what it works on was
// changed meanwhile.
const attempts = 3

// errChanged says that what a work was done on is not what is there now.
var errChanged = errors.New("it was changed meanwhile")

// repeated does work until nothing was changed meanwhile.
func repeated(work func() error) error {
	for range attempts {
		if err := work(); !errors.Is(err, errChanged) {
			return err
		}
	}
	return inProgress()
}

// elementType checks the last part of the path.
func (c *call) elementType(only string) error {
	if c.param("elementType") != only {
		return plainProblem(http.StatusBadRequest, "invalidParamsError", "The specified parameter is in an invalid format", "Parameter, elementType has to be "+only+".")
	}
	return nil
}
