package api

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/store"
)

// newKey stores a key and gives its secret.
func (c *client) newKey(k store.Key) string {
	c.t.Helper()
	secret := access.NewKey()
	k.ID, k.Hash, k.Hint = store.NewID(), access.Hash(secret), access.Hint(secret)
	if k.Name == "" {
		k.Name = k.Scope
	}
	if err := c.store.Update(c.t.Context(), store.Actor{User: 1}, func(t *store.Tx) error { return t.CreateKey(&k) }); err != nil {
		c.t.Fatal(err)
	}
	if err := c.keys.Sync(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	return secret
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// Every operation against a key of every scope: what a scope does not reach is
// refused, and says which it needs.
func TestAccess_EachOperationAgainstEachScope(t *testing.T) {
	t.Parallel()
	c := start(t)
	ended := make(chan struct{})
	close(ended)
	c.api.cfg.Ending = ended // streams end at once
	scopes := []access.Scope{access.Call, access.View, access.Edit, access.Admin}
	secrets := map[access.Scope]string{}
	for _, s := range scopes {
		secrets[s] = c.newKey(store.Key{Scope: s.String()})
	}
	oneMock := c.newKey(store.Key{Scope: "admin", Name: "one mock", Mock: store.NewID()})
	n := 0
	for _, r := range New(Config{}).routes.routes {
		path := pathParameter.ReplaceAllString(r.path, "11111111-2222-4333-8444-555555555555")
		for _, s := range scopes {
			c.key = secrets[s]
			n++
			a := c.do(r.method, path, nil)
			refused := a.status == 403 && strings.Contains(string(a.body), "needs a key with the scope")
			if refused != (s < r.scope) {
				t.Errorf("%s %s with a key of the scope %s: %d %s; it needs %s", r.method, r.path, s, a.status, a.body, r.scope)
			}
		}
		if r.scope > access.Call {
			c.key = oneMock
			if a := c.do(r.method, path, nil); a.status != 403 {
				t.Errorf("%s %s with a key for one mock: %d", r.method, r.path, a.status)
			}
		}
	}
	if n < 400 {
		t.Errorf("only %d were tried", n)
	}
}

func TestAccess_AKeyThatDoesNotCount_Is401(t *testing.T) {
	t.Parallel()
	c := start(t)
	revoked := c.newKey(store.Key{Scope: "admin", Revoked: time.Now()})
	expired := c.newKey(store.Key{Scope: "admin", Expires: time.Now().Add(-time.Minute)})
	for name, key := range map[string]string{"unknown": access.NewKey(), "mistyped": "mimus_x", "revoked": revoked, "expired": expired} {
		c.key = key
		if got := c.do("GET", "/me", nil).want(401).text("error", "name"); got != "AuthenticationError" {
			t.Errorf("%s: the error is %s", name, got)
		}
	}
}

func TestAccess_AnAdminKey_EndsTheTimeWithoutKeys(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.newKey(store.Key{Scope: "call"})
	c.newKey(store.Key{Scope: "edit"})
	c.newKey(store.Key{Scope: "admin", Workspace: store.NewID()})
	c.do("GET", "/me", nil).want(200)
	c.do("GET", "/me", nil, "X-Api-Key", "PMAK-of-somebody").want(200)
	secret := c.newKey(store.Key{Scope: "admin"})
	c.do("GET", "/me", nil).want(401)
	c.do("GET", "/me", nil, "X-Api-Key", "PMAK-of-somebody").want(401)
	c.do("GET", "/me", nil, "X-Api-Key", secret).want(200)
}

func TestAccess_AKeyForAWorkspace_SeesNothingElse(t *testing.T) {
	t.Parallel()
	c := start(t)
	mine := c.do("POST", "/workspaces", object{"workspace": object{"name": "Mine", "type": "team"}}).want(200).text("workspace", "id")
	collection := object{"collection": object{"info": object{"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []any{}}}
	theirs := c.do("POST", "/collections", collection).want(200).text("collection", "uid")
	mock := c.do("POST", "/mocks", object{"mock": object{"collection": theirs}}).want(200).text("mock", "id")
	c.key = c.newKey(store.Key{Scope: "edit", Workspace: mine})
	for _, path := range []string{"/collections/" + theirs, "/mocks/" + mock, "/mocks/" + mock + "/call-logs", "/mocks/" + mock + "/server-responses"} {
		if a := c.do("GET", path, nil); a.status != 404 && a.status != 400 {
			t.Errorf("GET %s: %d %s", path, a.status, a.body)
		}
	}
	for path, list := range map[string]string{"/mocks": "mocks", "/collections": "collections", "/environments": "environments"} {
		if found := c.do("GET", path, nil).want(200).at(list); len(found.([]any)) != 0 {
			t.Errorf("GET %s shows %v", path, found)
		}
	}
	if a := c.do("POST", "/mocks?workspace="+mine, object{"mock": object{"collection": theirs}}); a.status != 400 {
		t.Errorf("a mock of another workspace's collection: %d %s", a.status, a.body)
	}
	if a := c.do("DELETE", "/mocks/"+mock, nil); a.status != 404 {
		t.Errorf("DELETE of another workspace's mock: %d", a.status)
	}
}

func TestAccess_WithoutKeys_OthersAreRefused(t *testing.T) {
	t.Parallel()
	c := start(t)
	for name, header := range map[string][]string{
		"a page of another site": {"Origin", "https://evil.example.com"},
		"a proxy":                {"X-Forwarded-For", "203.0.113.7"},
		"a form":                 {"Content-Type", "text/plain"},
	} {
		a := c.do("POST", "/workspaces", `{"workspace":{"name":"x","type":"team"}}`, header...)
		if a.status != 403 && a.status != 415 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	r := httptest.NewRequest("GET", "/me", nil)
	r.Host = "rebound.example.com"
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("another host: %d", w.Code)
	}
}

func TestKeys_AreShownOnce_RenewedForTheSameUser_AndRevoked(t *testing.T) {
	t.Parallel()
	c := start(t)
	made := c.do("POST", "/keys", object{"key": object{"name": "CI", "scope": "edit"}}).want(201)
	secret, id, user := made.text("key", "key"), made.text("key", "id"), made.at("key", "userId")
	if !access.WellFormed(secret) {
		t.Errorf("the key is %s", secret)
	}
	list := c.do("GET", "/keys", nil).want(200)
	if strings.Contains(string(list.body), secret) {
		t.Error("the list shows the key")
	}
	renewed := c.do("POST", "/keys/"+id+"/renew", nil).want(201)
	if renewed.at("key", "userId") != user || renewed.text("key", "key") == secret {
		t.Errorf("renewed: %s", renewed.body)
	}
	c.key = secret
	c.do("GET", "/me", nil).want(401)
	c.key = renewed.text("key", "key")
	if got := c.do("GET", "/me", nil).want(200).at("user", "id"); got != user {
		t.Errorf("the user is %v, want %v", got, user)
	}
	c.do("GET", "/keys", nil).want(403)
	c.key = ""
	c.do("DELETE", "/keys/"+renewed.text("key", "id"), nil).want(204)
	c.do("POST", "/keys/"+renewed.text("key", "id")+"/renew", nil).want(409)
	c.key = renewed.text("key", "key")
	c.do("GET", "/me", nil).want(401)
	c.key = ""
	for name, body := range map[string]object{
		"no scope": {"key": object{"name": "x"}}, "no such scope": {"key": object{"name": "x", "scope": "root"}}, "no name": {"key": object{"scope": "edit"}},
		"no such workspace": {"key": object{"name": "x", "scope": "edit", "workspace": store.NewID()}}, "a time that is over": {"key": object{"name": "x", "scope": "edit", "expiresAt": "2020-01-01"}},
	} {
		if a := c.do("POST", "/keys", body); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestMocks_AHostOrRootPrefix_TakesAnAdmin(t *testing.T) {
	t.Parallel()
	c := start(t)
	collection := object{"collection": object{"info": object{"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []any{}}}
	id := c.do("POST", "/collections", collection).want(200).text("collection", "uid")
	mock := c.do("POST", "/mocks", object{"mock": object{"collection": id, "slug": "one"}}).want(200).text("mock", "id")
	edit := c.newKey(store.Key{Scope: "edit"})
	first := c.do("GET", "/workspaces", nil).want(200).text("workspaces", 0, "id")
	some := c.newKey(store.Key{Scope: "admin", Workspace: first})
	for _, s := range []struct {
		name, key string
		set       object
		want      int
	}{
		{"a host with edit", edit, object{"host": "pets.example.com"}, 403},
		{"the root with edit", edit, object{"prefix": "/"}, 403},
		{"a host with an admin of one workspace", some, object{"host": "pets.example.com"}, 403},
		{"the root with an admin of one workspace", some, object{"prefix": "/"}, 403},
		{"a prefix with edit", edit, object{"prefix": "/pets"}, 200},
		{"a host", "", object{"host": "pets.example.com"}, 200},
		{"the root", "", object{"prefix": "/"}, 200},
		{"what is reserved", "", object{"prefix": "/_mimus"}, 400},
		{"below what is reserved", "", object{"prefix": "/m/x"}, 400},
		{"a path trick", "", object{"prefix": "/a/../_mimus"}, 400},
		{"loopback", "", object{"host": "127.0.0.1"}, 400},
		{"a slug like an id", "", object{"slug": store.NewID()}, 400},
		{"a slug that is no label", "", object{"slug": "A.b"}, 400},
	} {
		c.key = s.key
		if a := c.do("PUT", "/mocks/"+mock, object{"mock": s.set}); a.status != s.want {
			t.Errorf("%s: %d %s, want %d", s.name, a.status, a.body, s.want)
		}
	}
	c.key = ""
	for name, set := range map[string]object{"slug": {"slug": "one"}, "host": {"host": "PETS.example.com"}, "prefix": {"prefix": "/"}} {
		set["collection"] = id
		if a := c.do("POST", "/mocks", object{"mock": set}); a.status != 400 || !strings.Contains(string(a.body), "another mock's") {
			t.Errorf("a %s that is another's: %d %s", name, a.status, a.body)
		}
	}
}
