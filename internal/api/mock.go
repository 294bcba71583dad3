package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) mockRoutes() []route {
	const view, edit = access.View, access.Edit
	return []route{
		{method: "GET", path: "/mocks", scope: view, handle: a.mocks},
		{method: "POST", path: "/mocks", scope: edit, handle: a.createMock},
		{method: "GET", path: "/mocks/{mockId}", scope: view, handle: a.mock, jsonErrors: "404"},
		{method: "PUT", path: "/mocks/{mockId}", scope: edit, handle: a.updateMock, jsonErrors: "400 404"},
		{method: "DELETE", path: "/mocks/{mockId}", scope: edit, handle: a.deleteMock, jsonErrors: "404"},
		{method: "POST", path: "/mocks/{mockId}/publish", scope: edit, handle: a.publishMock, jsonErrors: "400 404"},
		{method: "DELETE", path: "/mocks/{mockId}/unpublish", scope: edit, handle: a.unpublishMock, jsonErrors: "400 404"},
		{method: "GET", path: "/mocks/{mockId}/diagnostics", scope: view, handle: a.mockDiagnostics, jsonErrors: "404"},
		{method: "GET", path: "/mocks/{mockId}/server-responses", scope: view, handle: a.serverResponses, jsonErrors: "404"},
		{method: "POST", path: "/mocks/{mockId}/server-responses", scope: edit, handle: a.createServerResponse, jsonErrors: "404"},
		{method: "GET", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: view, handle: a.serverResponse, jsonErrors: "404"},
		{method: "PUT", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: edit, handle: a.updateServerResponse, jsonErrors: "404"},
		{method: "DELETE", path: "/mocks/{mockId}/server-responses/{serverResponseId}", scope: edit, handle: a.deleteServerResponse, jsonErrors: "404"},
	}
}

// mockView is a mock as the API shows it.
type mockView struct {
	ID          string          `json:"id"`
	Owner       string          `json:"owner"`
	UID         string          `json:"uid"`
	Collection  string          `json:"collection,omitempty"`
	Spec        string          `json:"spec,omitempty"`
	MockURL     string          `json:"mockUrl"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Slug        string          `json:"slug"`
	Host        string          `json:"host,omitempty"`
	Prefix      string          `json:"prefix,omitempty"`
	Workspace   string          `json:"workspace"`
	File        string          `json:"file,omitempty"`
	Config      json.RawMessage `json:"config"`
	CreatedAt   string          `json:"createdAt"`
	UpdatedAt   string          `json:"updatedAt"`
	IsPublic    bool            `json:"isPublic"`
	Deactivated bool            `json:"deactivated"`
	Environment string          `json:"environment,omitempty"`
}

// owners gives the owners of what mocks are made of, and so their uids.
type owners struct {
	collections, environments map[string]int64
	specs                     map[string]bool
}

func readOwners(t *store.Tx, rows ...store.Mock) (owners, error) {
	o := owners{map[string]int64{}, map[string]int64{}, map[string]bool{}}
	if len(rows) > 4 { // else each by itself is less to read
		collections, err := t.Collections(store.ElementFilter{})
		if err != nil {
			return o, err
		}
		for _, c := range collections {
			o.collections[c.ID] = c.Owner
		}
		environments, err := t.Environments(store.ElementFilter{})
		if err != nil {
			return o, err
		}
		for _, e := range environments {
			o.environments[e.ID] = e.Owner
		}
		specs, err := t.Specs(store.ElementFilter{})
		for _, s := range specs {
			o.specs[s.ID] = true
		}
		return o, err
	}
	for _, m := range rows {
		c, err := t.CollectionHead(m.Collection)
		if err == nil {
			o.collections[c.ID] = c.Owner
		} else if !errors.Is(err, store.ErrNotFound) {
			return o, err
		}
		e, err := t.Environment(m.Environment)
		if err == nil {
			o.environments[e.ID] = e.Owner
		} else if !errors.Is(err, store.ErrNotFound) {
			return o, err
		}
		s, err := t.Spec(m.Spec)
		if err == nil {
			o.specs[s.ID] = true
		} else if !errors.Is(err, store.ErrNotFound) {
			return o, err
		}
	}
	return o, nil
}

// showMock makes the view of a mock. In a list, an active server response that
// there isn't is left out.
func (a *API) showMock(m *store.Mock, o owners, inList bool) (mockView, error) {
	set, err := settings.Parse(m.Config)
	if err != nil {
		return mockView{}, err
	}
	set.ServerResponseID = m.ResponseID
	v := mockView{
		ID: m.ID, Owner: strconv.FormatInt(m.Owner, 10), UID: uid(m.Owner, m.ID), Spec: m.Spec, MockURL: a.cfg.Mocks.URL(m),
		Name: m.Name, Description: m.Description, Slug: m.Slug, Host: m.Host, Prefix: m.Prefix, Workspace: m.Workspace, File: m.File,
		Config: set.AppendJSON(nil), CreatedAt: isoTime(m.Created), UpdatedAt: isoTime(m.Updated), IsPublic: !m.Private,
	}
	if inList && m.ResponseID == "" {
		v.Config = withoutNullResponse(v.Config)
	}
	if m.Collection != "" {
		owner, there := o.collections[m.Collection]
		v.Collection, v.Deactivated = uid(owner, m.Collection), !there
		if !there {
			v.Collection = uid(m.Owner, m.Collection)
		}
	}
	if m.Spec != "" && m.Collection == "" {
		v.Deactivated = !o.specs[m.Spec]
	}
	if m.Environment != "" {
		owner, there := o.environments[m.Environment]
		if !there {
			owner, v.Deactivated = m.Owner, true
		}
		v.Environment = uid(owner, m.Environment)
	}
	return v, nil
}

func withoutNullResponse(config []byte) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(config, &members) != nil {
		return config
	}
	delete(members, "serverResponseId")
	out, err := json.Marshal(members)
	if err != nil {
		return config
	}
	return out
}

// mocks lists all of them: there is no cursor.
func (a *API) mocks(c *call) error {
	var views = []mockView{}
	err := c.view(func(t *store.Tx) error {
		filter := store.MockFilter{Workspace: plainID(c.query("workspace"))}
		if c.who.Workspace != "" {
			if filter.Workspace != "" && filter.Workspace != c.who.Workspace {
				return nil
			}
			filter.Workspace = c.who.Workspace
		}
		if team := c.query("teamId"); team != "" && team != "1" && filter.Workspace == "" {
			return nil
		}
		rows, err := t.Mocks(filter)
		if err != nil {
			return err
		}
		o, err := readOwners(t, rows...)
		for i := range rows {
			if err != nil {
				return err
			}
			var v mockView
			v, err = a.showMock(&rows[i], o, true)
			views = append(views, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mocks": views})
}

// readMock reads the mock of a call's path.
func (c *call) readMock(t *store.Tx) (store.Mock, error) {
	m, err := t.Mock(c.id("mockId"))
	if errors.Is(err, store.ErrNotFound) {
		var rows []store.Mock
		if rows, err = t.Mocks(store.MockFilter{Slug: c.param("mockId")}); err == nil && len(rows) == 0 {
			err = store.ErrNotFound
		}
		if err == nil {
			m = rows[0]
		}
	}
	if err == nil {
		err = c.may(m.Workspace)
	}
	if errors.Is(err, store.ErrNotFound) {
		return m, named(http.StatusNotFound, "instanceNotFoundError", "The specified mock does not exist.", object{})
	}
	return m, err
}

func (a *API) mock(c *call) error {
	var v mockView
	err := c.view(func(t *store.Tx) error {
		m, err := c.readMock(t)
		if err != nil {
			return err
		}
		c.w.Header().Set("ETag", etag(m.Revision))
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

// mockBody is what creates and changes a mock; what is absent is nil.
type mockBody struct {
	Name        *string         `json:"name"`
	Description *string         `json:"description"`
	Collection  *string         `json:"collection"`
	Spec        *string         `json:"spec"`
	Environment *string         `json:"environment"`
	Private     *bool           `json:"private"`
	Slug        *string         `json:"slug"`
	Host        *string         `json:"host"`
	Prefix      *string         `json:"prefix"`
	Config      json.RawMessage `json:"config"`
	VersionTag  *string         `json:"versionTag"` // of an API; there is none here
}

// empty reports whether a body has nothing that could be changed.
func (b *mockBody) empty() bool {
	return b.Name == nil && b.Description == nil && b.Collection == nil && b.Spec == nil && b.Environment == nil && b.Private == nil &&
		b.Slug == nil && b.Host == nil && b.Prefix == nil && b.Config == nil && b.VersionTag == nil
}

func (c *call) mockBody() (*mockBody, error) {
	var body struct {
		Mock *mockBody `json:"mock"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.Mock == nil {
		return nil, missing("mock")
	}
	return body.Mock, nil
}

func (a *API) createMock(c *call) error {
	b, err := c.mockBody()
	if err != nil {
		return err
	}
	if (b.Collection == nil || *b.Collection == "") && (b.Spec == nil || *b.Spec == "") {
		return missing("collection")
	}
	var v mockView
	err = c.update(func(t *store.Tx) error {
		workspace, err := c.workspaceID(t, "workspace")
		if errors.Is(err, store.ErrNotFound) {
			return invalid("workspace", "The specified workspace does not exist.")
		}
		if err == nil {
			err = c.may(workspace)
		}
		if err != nil {
			return err
		}
		m := store.Mock{ID: store.NewID(), Workspace: workspace, Owner: c.who.User, Config: []byte("{}")}
		if err := a.apply(c, t, &m, b); err != nil {
			return err
		}
		if m.Slug == "" {
			if m.Slug, err = freeSlug(t, m.Name); err != nil {
				return err
			}
		}
		if err := t.CreateMock(&m); err != nil {
			return c.addressTaken(err)
		}
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

// apply puts what a body says into a mock; what is absent is left as it is.
func (a *API) apply(c *call, t *store.Tx, m *store.Mock, b *mockBody) error {
	if err := c.applySource(t, m, b); err != nil {
		return err
	}
	if b.Environment != nil {
		m.Environment = plainID(*b.Environment)
		if m.Environment != "" {
			e, err := t.Environment(m.Environment)
			if err == nil {
				err = c.may(e.Workspace)
			}
			if err != nil {
				return notThere(err, "environment")
			}
		}
	}
	if b.Name != nil {
		if *b.Name == "" || len(*b.Name) > maxName {
			return invalid("name", fmt.Sprintf("The name has to have 1 to %d bytes.", maxName))
		}
		m.Name = *b.Name
	}
	if b.Description != nil {
		if len(*b.Description) > maxDescription {
			return invalid("description", "The description is longer than 64 KB.")
		}
		m.Description = *b.Description
	}
	if b.Private != nil {
		m.Private = *b.Private
	}
	if b.Slug != nil {
		if err := hosting.CheckSlug(*b.Slug); err != nil {
			return invalid("slug", fmt.Sprintf("The slug %q can't be used: %v.", *b.Slug, err))
		}
		m.Slug = *b.Slug
	}
	if err := a.applyAddress(c, m, b); err != nil {
		return err
	}
	if b.Config != nil {
		return applyConfig(t, m, b.Config)
	}
	return nil
}

// applySource sets what a mock is made of.
func (c *call) applySource(t *store.Tx, m *store.Mock, b *mockBody) error {
	if b.Collection != nil && *b.Collection != "" {
		col, err := t.CollectionHead(plainID(*b.Collection))
		if err == nil {
			err = c.may(col.Workspace)
		}
		if err != nil {
			return notThere(err, "collection")
		}
		m.Collection = col.ID
		if b.Spec == nil {
			m.Spec = ""
		}
		if m.Name == "" {
			m.Name = col.Name
		}
	}
	if b.Spec != nil && *b.Spec != "" {
		s, err := t.Spec(plainID(*b.Spec))
		if err == nil {
			err = c.may(s.Workspace)
		}
		if err != nil {
			return notThere(err, "spec")
		}
		if !mockable(s.Type) {
			return invalid("spec", "A spec of the type "+s.Type+" can be stored, but not mocked; OpenAPI 2.0 to 3.2 can.")
		}
		m.Spec = s.ID
		if b.Collection == nil {
			m.Collection = ""
		}
		if m.Name == "" {
			m.Name = s.Name
		}
	}
	return nil
}

func notThere(err error, kind string) error {
	if errors.Is(err, store.ErrNotFound) {
		return named(http.StatusBadRequest, "instanceNotFoundError", "We could not find the "+kind+" you are looking for", object{"param": kind})
	}
	return err
}

// applyAddress sets a host or prefix of its own, which takes more than the
// right to edit where it could stand in others' way.
func (a *API) applyAddress(c *call, m *store.Mock, b *mockBody) error {
	if b.Host != nil && *b.Host != m.Host {
		if !c.who.May(access.Admin, "") {
			return problem(http.StatusForbidden, "forbidden", "Forbidden", "Setting a host needs a key with the scope admin for all workspaces.")
		}
		if m.Host = ""; *b.Host != "" {
			host, err := a.cfg.Mocks.CheckHost(*b.Host)
			if err != nil {
				return invalid("host", fmt.Sprintf("The host %.300q can't be used: %v.", *b.Host, err))
			}
			m.Host = host
		}
	}
	if b.Prefix != nil && *b.Prefix != m.Prefix {
		if m.Prefix = ""; *b.Prefix == "" {
			return nil
		}
		prefix, err := hosting.CleanPrefix(*b.Prefix)
		if err != nil {
			return invalid("prefix", fmt.Sprintf("The prefix %.300q can't be used: %v.", *b.Prefix, err))
		}
		if prefix == "/" && !c.who.May(access.Admin, "") {
			return problem(http.StatusForbidden, "forbidden", "Forbidden", "Setting the root prefix needs a key with the scope admin for all workspaces.")
		}
		m.Prefix = prefix
	}
	return nil
}

// applyConfig lays settings over those that there are.
func applyConfig(t *store.Tx, m *store.Mock, config []byte) error {
	old, err := settings.Parse(m.Config)
	if err != nil {
		return err
	}
	old.ServerResponseID = m.ResponseID
	set, err := settings.Patch(old, config)
	if err != nil {
		return invalid("config", err.Error())
	}
	if id := plainID(set.ServerResponseID); id != m.ResponseID {
		if id != "" {
			if _, err := t.ServerResponse(m.ID, id); err != nil {
				if errors.Is(err, store.ErrNotFound) {
					return invalid("config.serverResponseId", "This mock has no server response of that id.")
				}
				return err
			}
		}
		m.ResponseID = id
	}
	set.ServerResponseID = ""
	m.Config = set.AppendJSON(nil)
	return nil
}

// addressTaken says which address is another mock's; a key for one workspace is
// not told whose.
func (c *call) addressTaken(err error) error {
	var taken *store.TakenError
	if !errors.As(err, &taken) {
		return err
	}
	details := object{"param": taken.Field}
	if c.who.Workspace == "" {
		details["mock"] = taken.Mock
	}
	return named(http.StatusBadRequest, "instanceFoundError", "The "+taken.Field+" "+taken.Value+" is another mock's.", details)
}

// freeSlug makes a slug of a name that no mock has.
func freeSlug(t *store.Tx, name string) (string, error) {
	slug := hosting.Slug(name)
	for i := 2; ; i++ {
		rows, err := t.Mocks(store.MockFilter{Slug: slug, Page: store.Page{Limit: 1}})
		if err != nil || len(rows) == 0 {
			return slug, err
		}
		slug = hosting.Slug(name) + "-" + strconv.Itoa(i)
		if i > 20 { // a name that very many mocks have
			slug = hosting.Slug(name) + "-" + store.NewID()[:8]
		}
	}
}

func (a *API) updateMock(c *call) error {
	b, err := c.mockBody()
	if err != nil {
		return err
	}
	if b.empty() {
		return named(http.StatusBadRequest, "paramMissingError", "At least one parameter must be provided.",
			object{"param": "environment, private, name, config, collection"})
	}
	return a.changeMock(c, func(t *store.Tx, m *store.Mock) error { return a.apply(c, t, m, b) })
}

// changeMock changes a mock and answers with it.
func (a *API) changeMock(c *call, change func(*store.Tx, *store.Mock) error) error {
	var v mockView
	err := c.update(func(t *store.Tx) error {
		m, err := c.readMock(t)
		if err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		if err := change(t, &m); err != nil {
			return err
		}
		if err := t.UpdateMock(&m); err != nil {
			return c.addressTaken(err)
		}
		o, err := readOwners(t, m)
		if err != nil {
			return err
		}
		v, err = a.showMock(&m, o, false)
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": v})
}

func (a *API) deleteMock(c *call) error {
	var m store.Mock
	err := c.update(func(t *store.Tx) (err error) {
		if m, err = c.readMock(t); err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		return t.DeleteMock(m.ID)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": object{"id": m.ID, "uid": uid(m.Owner, m.ID)}})
}

func (a *API) publishMock(c *call) error {
	return a.setPrivate(c, false, named(http.StatusBadRequest, "mockAlreadyPublishedError", "This mock is already public.", nil))
}

func (a *API) unpublishMock(c *call) error {
	return a.setPrivate(c, true, named(http.StatusBadRequest, "mockAlreadyUnpublishedError", "This mock is already private.", nil))
}

func (a *API) setPrivate(c *call, private bool, already error) error {
	var m store.Mock
	err := c.update(func(t *store.Tx) (err error) {
		if m, err = c.readMock(t); err != nil {
			return err
		}
		if err := owned(m.File); err != nil {
			return err
		}
		if err := c.match(m.Revision); err != nil {
			return err
		}
		if m.Private == private {
			return already
		}
		m.Private = private
		return t.UpdateMock(&m)
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"mock": object{"id": m.ID}})
}

// mockDiagnostics tells what of a mock does not fit what it is made of.
func (a *API) mockDiagnostics(c *call) error {
	var m store.Mock
	err := c.view(func(t *store.Tx) (err error) {
		m, err = c.readMock(t)
		return err
	})
	if err != nil {
		return err
	}
	found, err := a.cfg.Mocks.Diagnostics(c.Context(), m.ID)
	var unusable *hosting.UnusableError
	if errors.As(err, &unusable) {
		return c.json(http.StatusOK, object{"diagnostics": []object{{"severity": "error", "code": "unusable", "message": err.Error()}}})
	}
	if err != nil {
		return err
	}
	list := []object{}
	for _, d := range found {
		list = append(list, object{
			"severity": d.Severity.String(), "code": d.Code, "file": d.File, "line": d.Line, "column": d.Col, "message": d.Message, "hint": d.Hint,
		})
	}
	return c.json(http.StatusOK, object{"diagnostics": list})
}

// mockable reports whether specs of a type can be mocked.
func mockable(kind string) bool { return strings.HasPrefix(kind, "OPENAPI:") }
