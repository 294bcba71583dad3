package har

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mimus-dev/mimus/internal/plausible"
)

func TestTemplate_OnePath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, want string }{
		{"/", "/"},
		{"/pets", "/pets"},
		{"/pets/", "/pets/"},
		{"/pets/7", "/pets/{petId}"},
		{"/pets/7/", "/pets/{petId}/"},
		{"/companies/7/people/8", "/companies/{companyId}/people/{personId}"},
		{"/statuses/1", "/statuses/{statusId}"},
		{"/series/1", "/series/{seriesId}"},
		{"/addresses/1/boxes/2/caches/3", "/addresses/{addressId}/boxes/{boxId}/caches/{cacheId}"},
		{"/order-items/12", "/order-items/{orderItemId}"},
		{"/orderItems/12", "/orderItems/{orderItemId}"},
		{"/v1/pets/7", "/v1/pets/{petId}"},
		{"/api/v2.1/pets/7", "/api/v2.1/pets/{petId}"},
		{"/v1beta1/pets", "/v1beta1/pets"},
		{"/rest/API/0.0.1/pets", "/rest/API/0.0.1/pets"},
		{"/v1/7", "/v1/{id}"},
		{"/7", "/{id}"},
		{"/pets/7/8", "/pets/{petId}/{petId2}"},
		{"/users/f47ac10b-58cc-4372-a567-0e02b2c3d479", "/users/{userId}"},
		{"/users/64c10bc25a36604b5a414077", "/users/{userId}"},
		{"/events/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/events/{eventId}"},
		{"/videos/dQw4w9WgXcQabcd12", "/videos/{videoId}"},
		{"/customers/cus_9s6XKzkNRiz8i3", "/customers/{customerId}"},
		{"/pets/pet1", "/pets/{petId}"},
		{"/orders/A-1001", "/orders/{orderId}"},
		{"/users/ann@example.com", "/users/{userId}"},
		{"/users/ann%40example.com", "/users/{userId}"},
		{"/reports/2026-01-31", "/reports/{date}"},
		{"/pets/rex", "/pets/rex"},
		{"/oauth2/token", "/oauth2/token"},
		{"/api/oauth2/token", "/api/oauth2/token"},
		{"/providers/oauth2", "/providers/oauth2"},
		{"/status/404", "/status/404"},
		{"/users/me", "/users/me"},
		{"/assets/app.3f2a91bc.js", "/assets/app.3f2a91bc.js"},
		{"/assets/3f2a91bc44/app.css", "/assets/3f2a91bc44/app.css"},
		{"/pets/{x}", "/pets/%7Bx%7D"},
		{"/pets/:x", "/pets/:x"},
		{"/ids/7", "/ids/{id}"},
	} {
		got := Template([]Call{{Method: "GET", Path: c.path, Literal: true}})
		if got[0].Path != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got[0].Path, c.want)
		}
		if len(got[0].Params) != len(got[0].Values) || len(got[0].Params) != strings.Count(got[0].Path, "{") {
			t.Errorf("%s: %v %v", c.path, got[0].Params, got[0].Values)
		}
	}
}

func TestTemplate_OfCollection_KeepsItsNames(t *testing.T) {
	t.Parallel()
	got := Template([]Call{{Path: "/pets/:id/{{toy}}/{part}"}, {Path: "/pets/7/ball/3"}, {Path: "/a/:x/b/:x"}})
	want := []Templated{
		{Path: "/pets/{id}/{toy}/{part}", Params: []string{"id", "toy", "part"}, Values: []string{"", "", ""}},
		{Path: "/pets/{petId}/ball/{ballId}", Params: []string{"petId", "ballId"}, Values: []string{"7", "3"}},
		{Path: "/a/{x}/b/{x2}", Params: []string{"x", "x2"}, Values: []string{"", ""}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func entryOf(method, url, media, body string) *Entry {
	return &Entry{Request: &Request{Method: method, URL: url}, Response: &Response{Status: 200, Content: &Content{MimeType: media, Text: body}}}
}

func summary(groups []Group) (out []string) {
	for _, g := range groups {
		out = append(out, fmt.Sprintf("%s %s%s %d %v", g.Method, g.Base, g.Path, len(g.Entries), g.Values))
	}
	return out
}

func TestGroups_ManyAlike_BecomeOneOperation(t *testing.T) {
	t.Parallel()
	var entries []*Entry
	add := func(method, path, body string) {
		entries = append(entries, entryOf(method, "https://a.test"+path, "application/json", body))
	}
	add("GET", "/users", `[{"name":"ann"}]`)
	for _, name := range []string{"ann", "bob", "cy%20d", "dan"} {
		add("GET", "/users/"+name, `{"name":"x","address":{"city":"y"}}`)
	}
	add("GET", "/users/ann/repos", `[{"id":1}]`)
	add("GET", "/users/bob/repos", `[]`)
	add("GET", "/users/me", `{"name":"x","address":{"city":"y"}}`)
	add("GET", "/users/report", `{"total":1}`)
	add("DELETE", "/users/dan", ``)
	want := []string{
		"GET https://a.test/users 1 [[]]",
		"GET https://a.test/users/{userId} 4 [[ann] [bob] [cy d] [dan]]",
		"GET https://a.test/users/{userId}/repos 2 [[ann] [bob]]",
		"GET https://a.test/users/me 1 [[]]",
		"GET https://a.test/users/report 1 [[]]",
		"DELETE https://a.test/users/{userId} 1 [[dan]]",
	}
	if diff := cmp.Diff(want, summary(Groups(entries))); diff != "" {
		t.Error(diff)
	}
}

func TestGroups_WhatDiffers_StaysApart(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][4]*Entry{
		"assets": {
			entryOf("GET", "https://a.test/images/a.png", "image/png", "x"), entryOf("GET", "https://a.test/images/b.png", "image/png", "x"),
			entryOf("GET", "https://a.test/images/c.png", "image/png", "x"), entryOf("GET", "https://a.test/images/d.png", "image/png", "x"),
		},
		"lists": {
			entryOf("GET", "https://a.test/lists/a", "application/json", `[{"a":1}]`), entryOf("GET", "https://a.test/lists/b", "application/json", `[{"a":1}]`),
			entryOf("GET", "https://a.test/lists/c", "application/json", `[{"a":1}]`), entryOf("GET", "https://a.test/lists/d", "application/json", `[{"a":1}]`),
		},
		"not behind a plural": {
			entryOf("GET", "https://a.test/api/a", "application/json", `{"a":1}`), entryOf("GET", "https://a.test/api/b", "application/json", `{"a":1}`),
			entryOf("GET", "https://a.test/api/c", "application/json", `{"a":1}`), entryOf("GET", "https://a.test/api/d", "application/json", `{"a":1}`),
		},
		"three of a kind": {
			entryOf("GET", "https://a.test/pets/a", "application/json", `{"a":1}`), entryOf("GET", "https://a.test/pets/b", "application/json", `{"a":1}`),
			entryOf("GET", "https://a.test/pets/c", "application/json", `{"a":1}`), entryOf("GET", "https://a.test/pets/d", "application/json", `{"b":1}`),
		},
		"of several hosts": {
			entryOf("GET", "https://a.test/pets/a", "application/json", `{"a":1}`), entryOf("GET", "https://b.test/pets/b", "application/json", `{"a":1}`),
			entryOf("GET", "https://c.test/pets/c", "application/json", `{"a":1}`), entryOf("GET", "https://d.test/pets/d", "application/json", `{"a":1}`),
		},
	} {
		if got := Groups(list[:]); len(got) != 4 {
			t.Errorf("%s: got %v", name, summary(got))
		}
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for plural, want := range map[string]string{
		"pets": "pet", "companies": "company", "statuses": "status", "series": "series", "status": "status", "boxes": "box", "taxes": "tax", "axes": "axe",
		"classes": "class", "branches": "branch", "caches": "cache", "movies": "movie", "people": "person", "children": "child", "heroes": "hero", "photos": "photo",
		"houses": "house", "causes": "cause", "uses": "use", "viruses": "virus", "menus": "menu", "buses": "bus", "bus": "bus", "aliases": "alias", "databases": "database",
		"quizzes": "quiz", "analyses": "analysis", "indices": "index", "news": "news", "ids": "id", "data": "data", "keys": "key", "ties": "tie", "addresses": "address",
		"responses": "response", "leaves": "leaf", "knives": "knife", "women": "woman", "as": "as", "s": "s", "": "",
	} {
		if got := plausible.Singular(plural); got != want {
			t.Errorf("%s: got %s, want %s", plural, got, want)
		}
	}
}

func TestShape_TellsKindsApart(t *testing.T) {
	t.Parallel()
	same := [][2]string{{`{"a":1,"b":{"c":[]}}`, `{"b":{"c":[]},"a":"x"}`}}
	other := [][2]string{{`{"a":1}`, `{"b":1}`}, {`{"a":{"b":1}}`, `{"a":{"c":1}}`}, {`[{"a":1}]`, `{"a":1}`}, {`{"a.b":1}`, `{"a":{"b":1}}`}}
	for _, p := range same {
		if Shape([]byte(p[0])) != Shape([]byte(p[1])) {
			t.Errorf("%s and %s differ", p[0], p[1])
		}
	}
	for _, p := range other {
		if Shape([]byte(p[0])) == Shape([]byte(p[1])) {
			t.Errorf("%s and %s are the same", p[0], p[1])
		}
	}
	if got := Shape([]byte("no json")); got != "" {
		t.Errorf("got %q", got)
	}
}
