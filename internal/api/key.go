package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) keyRoutes() []route {
	return []route{
		{method: "GET", path: "/keys", scope: access.Admin, handle: a.keys},
		{method: "POST", path: "/keys", scope: access.Admin, handle: a.createKey},
		{method: "DELETE", path: "/keys/{keyId}", scope: access.Admin, handle: a.revokeKey},
		{method: "POST", path: "/keys/{keyId}/renew", scope: access.Admin, handle: a.renewKey},
	}
}

func showKey(k *store.Key) object {
	v := object{"id": k.ID, "name": k.Name, "hint": k.Hint, "scope": k.Scope, "userId": k.Owner, "createdAt": isoTime(k.Created)}
	for name, text := range map[string]string{"workspace": k.Workspace, "mock": k.Mock} {
		if text != "" {
			v[name] = text
		}
	}
	for name, at := range map[string]time.Time{"expiresAt": k.Expires, "revokedAt": k.Revoked, "lastUsedAt": k.Used} {
		if v[name] = nil; !at.IsZero() {
			v[name] = isoTime(at)
		}
	}
	return v
}

func (a *API) keys(c *call) error {
	limit, err := c.limit("limit", 100, 1000)
	if err != nil {
		return err
	}
	after, err := c.cursor("cursor")
	if err != nil {
		return err
	}
	if err := a.cfg.Keys.Flush(c.Context()); err != nil {
		return err
	}
	views, next := []object{}, any(nil)
	err = c.view(func(t *store.Tx) error {
		list, err := t.Keys(store.Page{Limit: limit + 1, After: after})
		for i := range list[:min(len(list), limit)] {
			k := &list[i]
			if c.who.Workspace == "" || k.Workspace == c.who.Workspace {
				views = append(views, showKey(k))
			}
			if i == limit-1 && len(list) > limit {
				next = cursorText(store.Place(k.Created, k.ID))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.json(http.StatusOK, object{"keys": views, "meta": object{"nextCursor": next}})
}

// createKey makes a key; it is shown in this answer and never again.
func (a *API) createKey(c *call) error {
	var body struct {
		Key *struct {
			Name      string `json:"name"`
			Scope     string `json:"scope"`
			Workspace string `json:"workspace"`
			Mock      string `json:"mock"`
			ExpiresAt string `json:"expiresAt"`
		} `json:"key"`
	}
	if err := c.decode(&body); err != nil {
		return err
	}
	if body.Key == nil {
		return missing("key")
	}
	b := body.Key
	if b.Name == "" || len(b.Name) > maxName {
		return invalid("name", fmt.Sprintf("The name has to have 1 to %d bytes.", maxName))
	}
	scope, err := access.ParseScope(b.Scope)
	if err != nil {
		return invalid("scope", err.Error())
	}
	k := store.Key{ID: store.NewID(), Name: b.Name, Scope: scope.String(), Workspace: plainID(b.Workspace), Mock: plainID(b.Mock)}
	if b.ExpiresAt != "" {
		if k.Expires, err = parseTime(b.ExpiresAt); err != nil || !k.Expires.After(c.api.cfg.Now()) {
			return invalid("expiresAt", "Write a time to come, such as 2030-01-31T12:00:00Z.")
		}
	}
	return a.putKey(c, &k, "")
}

// putKey stores a new key, in place of an old one where there is one.
func (a *API) putKey(c *call, k *store.Key, old string) error {
	secret := access.NewKey()
	k.Hash, k.Hint = access.Hash(secret), access.Hint(secret)
	err := c.update(func(t *store.Tx) error {
		if k.Workspace != "" {
			if _, err := t.Workspace(k.Workspace); err != nil {
				return notThere(err, "workspace")
			}
		}
		if c.who.Workspace != "" && k.Workspace != c.who.Workspace {
			return problem(http.StatusForbidden, "forbidden", "Forbidden", "A key for one workspace makes keys for that workspace only.")
		}
		if k.Mock != "" {
			m, err := t.Mock(k.Mock)
			if err == nil && k.Workspace != "" && m.Workspace != k.Workspace {
				err = store.ErrNotFound
			}
			if err != nil {
				return notThere(err, "mock")
			}
		}
		if old != "" {
			if err := t.RevokeKey(old); err != nil {
				return err
			}
		}
		return t.CreateKey(k)
	})
	if err != nil {
		return err
	}
	v := showKey(k)
	v["key"] = secret
	return c.json(http.StatusCreated, object{"key": v})
}

func (c *call) readKey(t *store.Tx) (store.Key, error) {
	k, err := t.Key(c.param("keyId"))
	if err == nil && c.who.Workspace != "" && k.Workspace != c.who.Workspace {
		err = store.ErrNotFound
	}
	return k, err
}

func (a *API) revokeKey(c *call) error {
	err := c.update(func(t *store.Tx) error {
		k, err := c.readKey(t)
		if err != nil {
			return err
		}
		return t.RevokeKey(k.ID)
	})
	if err != nil {
		return err
	}
	return c.empty(http.StatusNoContent)
}

// renewKey puts a new key in place of an old one, for the same user.
func (a *API) renewKey(c *call) error {
	var k store.Key
	err := c.view(func(t *store.Tx) (err error) {
		k, err = c.readKey(t)
		return err
	})
	if err != nil {
		return err
	}
	if !k.Revoked.IsZero() {
		return named(http.StatusConflict, "keyRevokedError", "This key was revoked; make a new one.", nil)
	}
	if !k.Expires.IsZero() && !k.Expires.After(a.cfg.Now()) {
		return named(http.StatusConflict, "keyExpiredError", "This key has expired; make a new one.", nil)
	}
	old := k.ID
	k.ID, k.Revoked, k.Used = store.NewID(), time.Time{}, time.Time{}
	return a.putKey(c, &k, old)
}
