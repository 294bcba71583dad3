package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/settings"
	"github.com/mimus-dev/mimus/internal/store"
)

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
