package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// mock is a mock server that is called. All but one in four are of one
// collection, the rest of one spec.
type mock struct {
	id, slug string
	ofSpec   bool
}

// world is what was made through the API.
type world struct {
	collection string // its uid
	mocks      []mock
}

// mostCalls is how many calls a mock may get: a log forgets the oldest ones
// above 100,000.
const mostCalls = 90_000

// makeWorld makes a collection, a spec, and mocks of both.
func makeWorld(ctx context.Context, n *node, mocks int) (*world, error) {
	var made struct {
		Collection struct{ UID string }
		ID         string
		Mock       struct{ ID string }
	}
	if _, err := n.manage(ctx, management, http.MethodPost, "/collections", collection(1), &made); err != nil {
		return nil, err
	}
	w := &world{collection: made.Collection.UID}
	spec := map[string]any{"name": "Orders", "type": "OPENAPI:3.0", "files": []any{map[string]any{"path": "openapi.yaml", "content": orders, "type": "ROOT"}}}
	if _, err := n.manage(ctx, management, http.MethodPost, "/specs", spec, &made); err != nil {
		return nil, err
	}
	for i := range mocks {
		m := mock{slug: "chaos-" + strconv.Itoa(i), ofSpec: i%4 == 3}
		settings := map[string]any{"name": m.slug, "slug": m.slug}
		if m.ofSpec {
			settings["spec"] = made.ID
		} else {
			settings["collection"] = w.collection
		}
		if _, err := n.manage(ctx, management, http.MethodPost, "/mocks", map[string]any{"mock": settings}, &made); err != nil {
			return nil, err
		}
		m.id = made.Mock.ID
		w.mocks = append(w.mocks, m)
	}
	return w, nil
}

// mockOf is which mock the call of a number goes to.
func (w *world) mockOf(number int) int { return number % len(w.mocks) }

// path is what the call of a number asks its mock for; no two are the same.
func (w *world) path(number int) string {
	kind := "items"
	switch {
	case w.mocks[w.mockOf(number)].ofSpec:
		kind = "orders"
	case number/len(w.mocks)%2 == 1:
		kind = "twins"
	}
	return "/" + kind + "/" + strconv.Itoa(number)
}

// answer is the body of a saved example: its version is at both ends.
type answer struct {
	Version int    `json:"v"`
	Number  string `json:"n"`
	End     int    `json:"end"`
}

// read reads the body that the call of a number was answered with: its version,
// 0 where it is of the spec, and what is wrong with it.
func (w *world) read(number int, body []byte) (version int, torn bool, fault string) {
	if w.mocks[w.mockOf(number)].ofSpec {
		if string(body) != order {
			return 0, false, fmt.Sprintf("the body is %.100q, not the example of the contract", body)
		}
		return 0, false, ""
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return 0, false, fmt.Sprintf("the body is %.100q: %v", body, err)
	}
	if a.Number != strconv.Itoa(number) {
		return 0, false, fmt.Sprintf("the body is for %q", a.Number)
	}
	return a.Version, a.Version != a.End, ""
}

// collection is the collection in a version: two requests whose examples both
// tell it, so that half a change shows.
func collection(version int) any {
	v := strconv.Itoa(version)
	body := `{"v": ` + v + `, "n": "{{n}}", "end": ` + v + `}`
	return map[string]any{"collection": map[string]any{
		"info": map[string]any{"name": "Chaos", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"item": []any{saved("items", body), saved("twins", body)},
	}}
}

// saved is a request with a saved example.
func saved(name, body string) any {
	url := map[string]any{"raw": "{{baseUrl}}/" + name + "/:n", "host": []string{"{{baseUrl}}"}, "path": []string{name, ":n"}}
	request := map[string]any{"method": http.MethodGet, "header": []any{}, "url": url}
	return map[string]any{"name": name, "request": request, "response": []any{map[string]any{
		"name": name, "originalRequest": request, "status": "OK", "code": http.StatusOK, "body": body,
		"header": []any{map[string]any{"key": "Content-Type", "value": "application/json"}},
	}}}
}

// stored reads the version of the collection back from the API; torn tells that
// its parts are of different ones.
func stored(ctx context.Context, n *node, uid string) (version int, torn bool, err error) {
	var read struct {
		Collection struct {
			Item []struct{ Response []struct{ Body string } }
		}
	}
	if _, err := n.manage(ctx, management, http.MethodGet, "/collections/"+uid, nil, &read); err != nil {
		return 0, false, err
	}
	var versions []int
	for _, item := range read.Collection.Item {
		for _, r := range item.Response {
			var a answer
			if err := json.Unmarshal([]byte(r.Body), &a); err != nil {
				return 0, true, nil //nolint:nilerr // a broken body is what is looked for
			}
			versions = append(versions, a.Version, a.End)
		}
	}
	if len(versions) != 4 {
		return 0, true, nil
	}
	for _, v := range versions {
		torn = torn || v != versions[0]
	}
	return versions[0], torn, nil
}

// order is the answer of the contract.
const order = `{"kind":"order","total":42}`

var orders = strings.TrimSpace(`
openapi: 3.0.3
info: {title: Orders, version: "1"}
paths:
  /orders/{n}:
    get:
      parameters:
        - {name: n, in: path, required: true, schema: {type: integer}}
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {type: object, required: [kind, total], properties: {kind: {type: string}, total: {type: integer}}}
              example: {kind: order, total: 42}
`)
