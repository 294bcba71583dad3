package api

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mimus-dev/mimus/internal/access"
	"github.com/mimus-dev/mimus/internal/hosting"
	"github.com/mimus-dev/mimus/internal/store"
)

// startFetching is a client of an API that fetches what a function gives.
func startFetching(t *testing.T, fetch func(url string) (string, error)) (*client, *API) {
	t.Helper()
	c := start(t)
	keys, err := access.NewKeys(t.Context(), c.store, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	api := New(Config{Store: c.store, Keys: keys, Mocks: &hosting.Mocks{}, Fetch: func(_ context.Context, url string) ([]byte, error) {
		text, err := fetch(url)
		return []byte(text), err
	}})
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c, api
}

func (c *client) stored(id string) (s store.Spec) {
	c.t.Helper()
	if err := c.store.View(c.t.Context(), func(t *store.Tx) (err error) { s, err = t.Spec(id); return err }); err != nil {
		c.t.Fatal(err)
	}
	return s
}

func TestFollow_ReplacesTheRootOnlyWhereItChanged(t *testing.T) {
	t.Parallel()
	text, trouble := petSpec, error(nil)
	c, api := startFetching(t, func(string) (string, error) { return text, trouble })
	made := c.do("POST", "/specs", object{"name": "F", "type": "OPENAPI:3.0", "follow": object{"url": "https://a.test/v1/pets.yaml", "every": "1h"}}).want(201)
	id := made.text("id")
	if made.text("follow", "every") != "1h" || made.text("follow", "url") != "https://a.test/v1/pets.yaml" {
		t.Errorf("the answer is %s", made.body)
	}
	content := func() string {
		return c.do("GET", "/specs/"+id+"/files/pets.yaml", nil).want(200).text("content")
	}
	follow := func() store.Spec {
		t.Helper()
		if err := api.Follow(t.Context(), c.stored(id)); err != nil {
			t.Fatal(err)
		}
		return c.stored(id)
	}
	if s := follow(); s.Revision != 1 || s.Followed.IsZero() || content() != petSpec {
		t.Errorf("without a change the revision is %d", s.Revision)
	}
	text = strings.Replace(petSpec, "Pets", "Cats", 1)
	if s := follow(); s.Revision != 2 || content() != text {
		t.Errorf("after a change the revision is %d", s.Revision)
	}
	kept := text
	for _, wrong := range []string{"<html>sorry</html>", "openapi: [", "a: 1"} {
		text = wrong
		if s := follow(); s.Revision != 2 || s.FollowError == "" || content() != kept {
			t.Errorf("%s: revision %d, error %q", wrong, s.Revision, s.FollowError)
		}
	}
	trouble = errors.New("no route")
	if s := follow(); !strings.Contains(s.FollowError, "no route") || content() != kept {
		t.Errorf("the error is %q", s.FollowError)
	}
	text, trouble = kept, nil
	if s := follow(); s.FollowError != "" || s.Revision != 2 {
		t.Errorf("the error stays: %q", s.FollowError)
	}
	gone := c.stored(id)
	c.do("DELETE", "/specs/"+id, nil).want(204)
	if err := api.Follow(t.Context(), gone); err != nil {
		t.Errorf("following a deleted spec: %v", err)
	}
}

func TestFollow_Settings_AreChecked(t *testing.T) {
	t.Parallel()
	c := start(t)
	one := "/specs/" + c.specOf(petSpec)
	for _, wrong := range []any{1, "x", object{}, object{"url": 1}, object{"url": ""}, object{"url": "ftp://a.test/x"}, object{"url": "file:///etc/passwd"}, object{"url": "https://"},
		object{"url": "https://a.test", "every": "59s"}, object{"url": "https://a.test", "every": "x"}, object{"url": "https://a.test", "every": 60}} {
		c.do("PATCH", one, object{"follow": wrong}).want(400)
	}
	if got := c.do("PATCH", one, object{"follow": object{"url": "https://a.test/x.yaml"}}).want(200).text("follow", "every"); got != "1h" {
		t.Errorf("the standard is %s", got)
	}
	if got := c.do("PATCH", one, object{"follow": object{"every": "90m"}}).want(200); got.text("follow", "every") != "1h30m" || got.text("follow", "url") != "https://a.test/x.yaml" {
		t.Errorf("after a change it is %s", got.body)
	}
	if got := c.do("PATCH", one, object{"name": "N"}).want(200); got.text("follow", "url") != "https://a.test/x.yaml" {
		t.Errorf("what wasn't sent changed: %s", got.body)
	}
	if got := c.do("PATCH", one, object{"follow": nil}).want(200); got.at("follow") != nil {
		t.Errorf("it still follows: %s", got.body)
	}
	c.do("POST", "/specs", object{"name": "F", "type": "OPENAPI:3.0", "follow": object{"url": "https://a.test/x.yaml"}}).want(400) // nothing is fetched here
}
