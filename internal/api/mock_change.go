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

// mockable reports whether specs of a type can be mocked.
func mockable(kind string) bool { return strings.HasPrefix(kind, "OPENAPI:") }
