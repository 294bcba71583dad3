package api

import (
	"fmt"
	"net/http"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

func (a *API) userRoutes() []route {
	return []route{{method: "GET", path: "/me", scope: access.Call, handle: a.me}}
}

// me tells who a key is. There is one team; each key's user has a number of
// its own.
func (a *API) me(c *call) error {
	name := "local"
	var mocks, collections int
	err := c.view(func(t *store.Tx) error {
		if c.who.Key != "" {
			k, err := t.Key(c.who.Key)
			if err != nil {
				return err
			}
			name = k.Name
		}
		all, err := t.MockAddresses()
		if err != nil {
			return err
		}
		mocks = len(all)
		list, err := t.Collections(store.ElementFilter{Workspace: c.who.Workspace})
		collections = len(list)
		return err
	})
	if err != nil {
		return err
	}
	username := fmt.Sprintf("user-%d", c.who.User)
	usage := func(name string, n int) object {
		return object{"name": name, "limit": 99999999, "usage": n, "overage": 0}
	}
	return c.json(http.StatusOK, object{
		"user": object{
			"id": c.who.User, "sub": stableID("user", username), "username": username, "email": username + "@mimus.local",
			"fullName": name, "avatar": "", "isPublic": false, "emailVerified": true, "teamId": 1, "teamName": "Mimus", "teamDomain": "mimus",
			"roles": []string{"user"}, "scope": c.who.Scope.String(),
		},
		"operations": []object{usage("mock_usage", mocks), usage("collection_usage", collections)},
	})
}
