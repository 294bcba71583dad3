package main

import (
	"encoding/json"
	"fmt"

	"github.com/mimus-dev/mimus/internal/definition"
)

// inference is what "mimus resources --format json" prints.
type inference struct {
	Resources []*resource `json:"resources"`
	Left      []struct {
		Operation string `json:"operation"`
		Why       string `json:"why"`
	} `json:"left"`
}

// resource is one inferred resource. What isn't exported is found in the
// document.
type resource struct {
	Name             string      `json:"name"`
	Collection       string      `json:"collection"`
	Item             string      `json:"item"`
	AlsoAt           []otherPath `json:"alsoAt"`
	Parent           string      `json:"parent"`
	ParentParameters []string    `json:"parentParameters"`
	Singleton        bool        `json:"singleton"`
	Identity         struct {
		Property  string `json:"property"`
		Parameter string `json:"parameter"`
		Kind      string `json:"kind"`
	} `json:"identity"`
	First      text `json:"first"`
	Operations struct {
		List string `json:"list"`
		Read string `json:"read"`
	} `json:"operations"`
	Payload struct {
		Read string `json:"read"`
		List string `json:"list"`
	} `json:"payload"`
	List       listShape   `json:"list"`
	References []reference `json:"references"`
	Counts     []reference `json:"counts"`

	list, read       *definition.Operation // nil where there is none that is a GET
	collection, item template
}

// otherPath is a second place of a resource.
type otherPath struct {
	Collection string `json:"collection"`
	Item       string `json:"item"`
}

// reference is a property that names another resource.
type reference struct {
	Property string `json:"property"`
	Resource string `json:"resource"`
}

// listShape tells how a list is paged, filtered and sorted.
type listShape struct {
	Items       string   `json:"items"`
	Style       string   `json:"style"`
	Page        string   `json:"page"`
	Size        string   `json:"size"`
	Offset      string   `json:"offset"`
	After       string   `json:"after"`
	Before      string   `json:"before"`
	Token       string   `json:"token"`
	First       int      `json:"first"`
	DefaultSize int      `json:"defaultSize"`
	MaxSize     int      `json:"maxSize"`
	Total       string   `json:"total"`
	More        string   `json:"more"`
	Next        string   `json:"next"`
	Filters     []filter `json:"filters"`
	Sort        struct {
		Parameter string   `json:"parameter"`
		Order     string   `json:"order"`
		Values    []string `json:"values"`
	} `json:"sort"`
	Fields string `json:"fields"`
}

// filter is a parameter that selects items by a property.
type filter struct {
	Parameter string `json:"parameter"`
	Property  string `json:"property"`
	Operator  string `json:"operator"`
}

// text is a JSON text or number.
type text string

// UnmarshalJSON takes a text for what it says and anything else as written.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) != nil {
		s = string(data)
	}
	*t = text(s)
	return nil
}

// maxResources bounds what is judged of one document.
const maxResources = 200

// readInference reads what mimus printed, and ties it to the document.
func readInference(data []byte, requests *requests) (*inference, error) {
	var found inference
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, fmt.Errorf("mimus resources --format json: %w", err)
	}
	found.Resources = found.Resources[:min(len(found.Resources), maxResources)]
	for _, r := range found.Resources {
		r.list, r.read = requests.get(r.Operations.List), requests.get(r.Operations.Read)
		r.collection, r.item = newTemplate(r.Collection), newTemplate(r.Item)
		if r.list != nil {
			r.collection = newTemplate(r.list.Path)
		}
		if r.read != nil {
			r.item = newTemplate(r.read.Path)
		}
	}
	return &found, nil
}

// rows is where the array is in the answer of a list.
func (r *resource) rows() string {
	if r.List.Items != "" {
		return r.List.Items
	}
	return r.Payload.List
}

// idOf is the id of an item as a path takes it; "" where it has none.
func (r *resource) idOf(item *value) string {
	if r.Identity.Property == "" && !isScalar(item) {
		return ""
	}
	id := at(item, r.Identity.Property)
	if !isScalar(id) {
		return ""
	}
	return id.Text
}

// keyOf tells items of one list apart: by their id, or by all that they are.
func (r *resource) keyOf(item *value) string {
	if id := r.idOf(item); id != "" {
		return id
	}
	return string(item.AppendJSON(nil))
}

// globalIDs tells whether ids of the resource are unique beyond one parent.
func (r *resource) globalIDs() bool {
	switch r.Identity.Kind {
	case "uuid", "ulid", "prefixed", "made":
		return true
	}
	return false
}

// referencesTo are the properties that name a resource.
func (r *resource) referencesTo(name string) (properties []string) {
	for _, ref := range r.References {
		if ref.Resource == name {
			properties = append(properties, ref.Property)
		}
	}
	return properties
}

// referenceTo is the first property that names a resource; "" where there is
// none.
func (r *resource) referenceTo(name string) string {
	if all := r.referencesTo(name); all != nil {
		return all[0]
	}
	return ""
}
