package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// memory is what a link keeps of the last generation or synchronisation: which
// items of the collection came of the spec, so that what its user added is
// told from them.
type memory struct {
	Options   json.RawMessage   `json:"options,omitempty"`   // of the generation
	Items     []string          `json:"items,omitempty"`     // ids of folders, requests and saved responses
	Variables map[string]string `json:"variables,omitempty"` // JSON of their values
}

// generatedFrom remembers all of a collection.
func generatedFrom(doc *definition.Value) *memory {
	m := &memory{Variables: variableValues(doc)}
	items.Walk(doc, func(_ items.Kind, id, _ string, _ *definition.Value, _ []string) bool {
		m.Items = append(m.Items, id)
		return true
	})
	return m
}

// addRequests remembers that requests which the user added are in the spec now.
func (m *memory) addRequests(doc *definition.Value) {
	items.Walk(doc, func(kind items.Kind, id, _ string, _ *definition.Value, _ []string) bool {
		if kind == items.Request && !slices.Contains(m.Items, id) {
			m.Items = append(m.Items, id)
		}
		return true
	})
}

func variableValues(doc *definition.Value) map[string]string {
	values := map[string]string{}
	list := doc.Get("variable")
	for i := range list.Len() {
		v := &list.Kids[i]
		if value := v.Get("value"); value != nil {
			values[v.Get("key").Str()] = string(value.AppendJSON(nil))
		}
	}
	return values
}

// memory reads what the link keeps.
func (p *pair) memory() *memory {
	m := &memory{}
	if json.Unmarshal(p.link.Options, m) != nil {
		return &memory{}
	}
	return m
}

// putLink stores that the two are in step.
func (p *pair) putLink(t *store.Tx, m *memory) (err error) {
	if p.link.Options, err = marshal(m); err != nil {
		return err
	}
	p.link.Digest = stateOf(p.files, p.collection.Body)
	return t.PutSpecLink(&p.link)
}

// stateOf is one text for a state of a spec and a collection.
func stateOf(files []store.SpecFile, body []byte) string {
	sum := sha256.Sum256(body)
	return store.Digest(files) + ":" + hex.EncodeToString(sum[:])
}

// syncOptions say what a synchronisation does.
type syncOptions struct {
	SyncExamples           bool `json:"syncExamples"`
	DeleteOrphanedRequests bool `json:"deleteOrphanedRequests"`
}

func (p *pair) syncOptions() syncOptions {
	o := syncOptions{true, true}
	if p.link.Sync != nil && json.Unmarshal(p.link.Sync, &o) != nil {
		return syncOptions{true, true}
	}
	return o
}

// patchSyncOptions changes what a synchronisation does; what isn't sent stays.
func (g *generations) patchSyncOptions(c *call) error {
	body, err := c.specBody()
	if err != nil {
		var f *Failure
		if errors.As(err, &f) && f.Status == http.StatusBadRequest {
			return badSpec("syncOptions should be there in the request body.")
		}
		return err
	}
	given := body.Get("syncOptions")
	if !given.Is(definition.Object) {
		return badSpec("syncOptions should be there in the request body.")
	}
	var options syncOptions
	err = c.update(func(t *store.Tx) error {
		p, err := c.pair(t, c.id("specId"), c.id("collectionId"))
		if err != nil {
			return err
		}
		options = p.syncOptions()
		r := optionReader{v: given}
		options.SyncExamples = r.flag("syncExamples", options.SyncExamples)
		options.DeleteOrphanedRequests = r.flag("deleteOrphanedRequests", options.DeleteOrphanedRequests)
		if r.err != nil {
			return r.err
		}
		if p.link.Sync, err = marshal(options); err != nil {
			return err
		}
		return t.PutSpecLink(&p.link)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"syncOptions": options})
}
