package api

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mimus-dev/mimus/internal/definition"
	"github.com/mimus-dev/mimus/internal/document"
	"github.com/mimus-dev/mimus/internal/items"
	"github.com/mimus-dev/mimus/internal/store"
)

// finder is one search. It ends early, with what was found until then, when it
// takes too long or finds too much.
type finder struct {
	call  *call
	query *searchQuery

	until      time.Time
	workspaces map[string]store.Workspace // that the key reaches
	found      []hit
	partial    bool
}

// hit is something that was found; the lowest rank comes first.
type hit struct {
	rank int
	name string
	row  object
}

func (s *finder) begin(until time.Time) {
	s.until, s.workspaces, s.found, s.partial = until, map[string]store.Workspace{}, nil, false
}

// enough reports whether the search has to end.
func (s *finder) enough() bool {
	if len(s.found) >= maxSearchFound || s.call.api.cfg.Now().After(s.until) {
		s.partial = true
	}
	return s.partial
}

func (s *finder) find(t *store.Tx) error {
	all, err := t.Workspaces("", store.Page{})
	if err != nil {
		return err
	}
	for i := range all {
		if s.call.may(all[i].ID) == nil {
			s.workspaces[all[i].ID] = all[i]
		}
	}
	switch s.query.ElementType {
	case "workspaces":
		return s.findWorkspaces(t, all)
	case "collections":
		return s.findCollections(t)
	case "environments":
		return s.findEnvironments(t)
	case "specs":
		return s.findSpecs(t)
	case "mocks":
		return s.findMocks(t)
	case "requests":
		return s.findItems(t, items.Request)
	case "folders":
		return s.findItems(t, items.Folder)
	case "responses":
		return s.findItems(t, items.Response)
	}
	return nil // of flows and documents there are none
}

// element is something that may be found.
type element struct {
	id, name, description string
	address               string // of a request: searched too
	workspace             string
	owner                 int64
	path                  string // in the API
	traits                traits
	more                  object // of its row
}

// consider takes an element that the query is about.
func (s *finder) consider(e *element) {
	rank, ok := s.query.rank(e)
	if !ok {
		return
	}
	w, ok := s.workspaces[e.workspace]
	if !ok {
		return
	}
	if e.traits == nil {
		e.traits = traits{}
	}
	visibility := "internal"
	if w.Type == "public" || w.Type == "partner" {
		visibility = w.Type
	}
	for field, value := range map[string]string{
		"privateNetwork": "false", "publisherIsVerified": "false", "isGitConnected": "false", "visibility": visibility,
		"workspaceId": w.ID, "createdBy": strconv.FormatInt(e.owner, 10), "organizationId": teamID, "teamId": teamID,
	} {
		e.traits[field] = []string{value}
	}
	if !s.query.pass(e.traits) {
		return
	}
	row := object{
		"id": e.id, "name": e.name, "description": e.description, "createdBy": strconv.FormatInt(e.owner, 10),
		"workspace": object{"id": w.ID, "name": w.Name}, "isPrivateNetworkEntity": false, "isGitConnected": false,
		"organization": object{"id": teamID, "name": teamName, "isVerified": false}, "team": object{"id": teamID, "name": teamName},
		"links": object{"self": object{"href": s.call.selfURL(e.path)}},
	}
	for name, value := range e.more {
		row[name] = value
	}
	s.found = append(s.found, hit{rank, e.name, row})
}

// teamName is the name of the one team.
const teamName = "Mimus"

// selfURL is the address of a path of the API, as the caller reaches it.
func (c *call) selfURL(path string) string {
	u := url.URL{Scheme: "http", Host: c.Host}
	if c.TLS != nil {
		u.Scheme = "https"
	}
	asked, _, _ := strings.Cut(c.RequestURI, "?")
	prefix, ok := strings.CutSuffix(asked, c.URL.EscapedPath())
	if !ok {
		prefix = ""
	}
	return u.String() + prefix + path
}

// rank is how near an element is to the text; false where a word is missing.
func (q *searchQuery) rank(e *element) (int, bool) {
	if len(q.words) == 0 {
		return 0, true
	}
	name := strings.ToLower(e.name)
	text := name + "\n" + strings.ToLower(e.description) + "\n" + strings.ToLower(e.address)
	inName := true
	for _, word := range q.words {
		if !strings.Contains(text, word) {
			return 0, false
		}
		inName = inName && strings.Contains(name, word)
	}
	phrase := strings.Join(q.words, " ")
	switch {
	case name == phrase:
		return 0, true
	case strings.HasPrefix(name, phrase):
		return 1, true
	case inName:
		return 2, true
	}
	return 3, true
}

func (s *finder) findWorkspaces(t *store.Tx, all []store.Workspace) error {
	for i := range all {
		if s.enough() {
			return nil
		}
		w := &all[i]
		tags, err := t.Tags("workspace", w.ID)
		if err != nil {
			return err
		}
		s.consider(&element{
			id: w.ID, name: w.Name, description: w.Description, workspace: w.ID, owner: w.Owner, path: "/workspaces/" + w.ID,
			traits: traits{"tags": tags}, more: object{"summary": w.About, "tags": noNil(tags)},
		})
	}
	return nil
}

func noNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (s *finder) findEnvironments(t *store.Tx) error {
	list, err := t.Environments(store.ElementFilter{})
	for _, e := range list {
		if s.enough() {
			break
		}
		full := uid(e.Owner, e.ID)
		s.consider(&element{
			id: full, name: e.Name, workspace: e.Workspace, owner: e.Owner, path: "/environments/" + full, traits: traits{"environmentId": {e.ID}},
		})
	}
	return err
}

func (s *finder) findSpecs(t *store.Tx) error {
	list, err := t.Specs(store.ElementFilter{})
	for _, e := range list {
		if s.enough() {
			break
		}
		s.consider(&element{
			id: e.ID, name: e.Name, workspace: e.Workspace, owner: e.Owner, path: "/specs/" + e.ID, traits: traits{"specificationId": {e.ID}},
			more: object{"specificationId": e.ID, "specificationType": e.Type, "specificationName": e.Name},
		})
	}
	return err
}

func (s *finder) findMocks(t *store.Tx) error {
	list, err := t.Mocks(store.MockFilter{})
	for _, e := range list {
		if s.enough() {
			break
		}
		full := uid(e.Owner, e.ID)
		s.consider(&element{
			id: full, name: e.Name, description: e.Description, workspace: e.Workspace, owner: e.Owner, path: "/mocks/" + full,
			traits: traits{"collectionId": {e.Collection}, "environmentId": {e.Environment}, "specificationId": {e.Spec}},
		})
	}
	return err
}

func (s *finder) findCollections(t *store.Tx) error {
	return s.eachCollection(t, func(e *store.Collection, doc *definition.Value) error {
		tags, err := t.Tags("collection", e.ID)
		full, text := uid(e.Owner, e.ID), plainDescription(doc.Get("info").Get("description"))
		s.consider(&element{
			id: full, name: e.Name, description: text, workspace: e.Workspace, owner: e.Owner, path: "/collections/" + full,
			traits: traits{"collectionId": {e.ID}, "tags": tags}, more: object{"summary": "", "tags": noNil(tags)},
		})
		return err
	})
}

// findItems finds requests, folders or saved responses in all collections.
func (s *finder) findItems(t *store.Tx, wanted items.Kind) error {
	return s.eachCollection(t, func(e *store.Collection, doc *definition.Value) error {
		collection := uid(e.Owner, e.ID)
		items.Walk(doc, func(kind items.Kind, id, name string, item *definition.Value, _ []string) bool {
			if kind != wanted {
				return true
			}
			full := uid(e.Owner, id)
			found := &element{
				id: full, name: name, description: plainDescription(item.Get("description")), workspace: e.Workspace, owner: e.Owner,
				path:   "/collections/" + collection + "/" + string(kind) + "s/" + full,
				traits: traits{"collectionId": {e.ID}},
				more:   object{"collection": object{"id": collection, "name": e.Name}},
			}
			if kind == items.Request {
				found.ofRequest(id, item, doc.Get("variable"))
			}
			s.consider(found)
			return !s.enough()
		})
		return nil
	})
}

// ofRequest notes what only requests have. The address is told with the
// collection's variables filled in.
func (e *element) ofRequest(id string, item, variables *definition.Value) {
	request := item.Get("request")
	method := request.Get("method").Str()
	if method == "" {
		method = "GET"
	}
	if e.description == "" {
		e.description = plainDescription(request.Get("description"))
	}
	written := requestAddress(request)
	address := filledIn(written, variables)
	e.address = written + "\n" + address
	e.traits["method"], e.traits["requestId"], e.traits["type"] = []string{method}, []string{id}, []string{"http"}
	e.more["method"], e.more["url"], e.more["type"] = method, address, "http"
}

// eachCollection calls a function for each collection that the key reaches and
// that may have what is searched for, with its document.
func (s *finder) eachCollection(t *store.Tx, f func(*store.Collection, *definition.Value) error) error {
	list, err := t.Collections(store.ElementFilter{})
	if err != nil {
		return err
	}
	for i := range list {
		if s.enough() {
			return nil
		}
		if _, ok := s.workspaces[list[i].Workspace]; !ok {
			continue
		}
		e, err := t.Collection(list[i].ID)
		if err != nil {
			return err
		}
		if !s.query.mayBeIn(e.Body) {
			continue
		}
		doc, err := document.ParseJSON(string(e.Body), 0, document.Limits{Depth: maxDepth})
		if err != nil {
			continue // what can't be read has nothing to find
		}
		if err := f(&e, &doc); err != nil {
			return err
		}
	}
	return nil
}

// mayBeIn reports whether a document may have all words: those of letters and
// digits stand in it as they are.
func (q *searchQuery) mayBeIn(body []byte) bool {
	var lower []byte
	for _, word := range q.words {
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			continue
		}
		if lower == nil {
			lower = bytes.ToLower(body)
		}
		if !bytes.Contains(lower, []byte(word)) {
			return false
		}
	}
	return true
}

// plainDescription is the text of a description, which may be an object.
func plainDescription(v *definition.Value) string {
	if v.Is(definition.Object) {
		return v.Get("content").Str()
	}
	return v.Str()
}

// requestAddress is the URL of a request as it is written.
func requestAddress(request *definition.Value) string {
	if request.Is(definition.String) {
		return request.Text
	}
	u := request.Get("url")
	if u.Is(definition.Object) {
		return u.Get("raw").Str()
	}
	return u.Str()
}

const (
	maxFilledIn = 8 << 10 // bytes of an address with its variables
	maxFillings = 4       // variables within variables
)

// filledIn is an address with the variables that are known; as it is written
// where that would be too long.
func filledIn(written string, variables *definition.Value) string {
	address := written
	for range maxFillings {
		if !strings.Contains(address, "{{") {
			break
		}
		for i := range kidsOf(variables) {
			v := &variables.Kids[i]
			name := "{{" + v.Get("key").Str() + "}}"
			value := valueText(v.Get("value"))
			if len(address)+strings.Count(address, name)*len(value) > maxFilledIn {
				return written
			}
			address = strings.ReplaceAll(address, name, value)
		}
	}
	return address
}
